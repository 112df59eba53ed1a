"""Who else took part: the lists of those present, and who led a side or signed for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import takewhile

from communique.ingest.encounters.coordinated import THEN_MET
from communique.ingest.encounters.delegations import delegations, parties_named, party_at
from communique.ingest.encounters.page import Page
from communique.ingest.encounters.participants import ATTENDING, distinct, participant
from communique.ingest.encounters.parties import complete_parties, refamily
from communique.ingest.encounters.sides import objects_after, subjects_before
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.people.appositions import who_of
from communique.ingest.people.parses import Parse, Who, grammar
from communique.model import BlockKind, Encounter, Participant

_SESSION = re.compile(r" (?:for|at|during|in) (?:the|this) (?:[Dd]ialogue|[Cc]onsultations?|[Mm]eeting|[Ss]ession|[Tt]alks|[A-Z]+)\b")
_CHAIRED = re.compile(
    r"\b(?:co-)?(?:chaired|led|hosted|opened|headed) the (?:[\w-]+ ){0,3}(?:[Mm]eeting|[Dd]ialogue|[Cc]onsultations|[Tt]alks|[Ss]ession)\b"
)
# Types of encounters that have as many sides as come to them; who comes to a meeting or a call of two is there only.
_OF_MANY = frozenset({"video", "multilateral-meeting"})
# Whose side somebody was there on, told before him.
_ON_SIDE = re.compile(r"(?:On|From|For) the [A-Z][\w-]+(?: [A-Z][\w-]+)? (?:side|part|delegation),")
# How near the name of a side stands to the words that it was led by someone.
_SIDE = 40


def rostered(page: Page, body: Sequence[Parse], main: Encounter) -> tuple[Encounter, set[int]]:
    """Adds who a later sentence says took part: ``The meeting included: ...``, ``They were joined by ...``."""
    people = list(main.participants)
    read: set[int] = set()
    unnamed = all(x.family is None for x in people)
    met = {x.party for x in people if x.name}
    for n, p in enumerate(body):
        listed = _listed(page, p, people, here=p.sentence.span.start <= main.span.start < p.sentence.span.end)
        # Who attended is a side of its own where a forum met, or nobody else is told.
        forum = len({x.party for x in people}) < 2 or any(x.name is None and not page.lexicon.facts("state", x.party or "") for x in people)
        if (forum or main.type in _OF_MANY) and listed and grammar().search("roster", p.text):
            listed += _fellows(page, p, listed)
        aside = grammar().search("at_table", p.text)
        joined = [x for x in listed if (main.type in _OF_MANY or forum) and not aside and x.party not in (None, *met)]
        made = [*_present(p, [x for x in listed if x not in joined], met), *joined, *_leaders(page, p)]
        made += [participant(page, p, w, subject=False) for w in _third_sides(p, people) if main.type in _OF_MANY]
        each = list(_attendees(page, p, body[n + 1 :])) if grammar().search("attendance", p.text) else []
        each += _members(page, p, people)
        made += each
        told = {x.party for x in (*people, *made)}
        several = each or len({x.party for x in made if x.name}) > 2
        # who is told one by one is no longer told as a forum
        people = [x for x in people if x.name or page.lexicon.facts("state", x.party or "") or not (several or _all_told(page, x, told))]
        if not made and unnamed and (m := grammar().search("chaired", p.text)):
            made = _both(page, p, m.end())
        if not made and unnamed:
            made = _for_session(page, p, people) or _chairs(page, p, people)
        if made:
            people, read = distinct([*people, *made]), read | {p.sentence.index}
    named = {x.party for x in people if x.name}
    people = [x for x in people if x.name or x.offices or x.party not in named or not x.rule.startswith("delegation")]
    return replace(main, participants=tuple(people)), read


def accompanied(page: Page, body: Sequence[Parse], encounters: Sequence[Encounter]) -> list[Encounter]:
    """Several encounters with those who came along to all of them: ``The Minister was accompanied in the meetings by A and B``."""
    made: list[Participant] = []
    sides = [{x.party for x in e.participants if x.party} for e in encounters]
    own = page.source.party or next(iter(set.intersection(*sides)), None)  # an agency tells whose meetings they were
    last = max(e.span.start for e in encounters)
    for p in body:
        m = grammar().search("throughout", p.text)
        if m is None and p.sentence.block.span.start > last:
            m = grammar().search("accompanied", p.text)  # behind the last of them a paragraph of its own tells of all
        if m is not None:
            listed = [participant(page, p, w, subject=False) for w in objects_after(p, m.end()) if w.name or w.offices]
            made += [refamily(page, x if x.party else replace(x, party=own)) for x in listed]
    came = [replace(x, rule=x.rule + ATTENDING) for x in made if x.party == own]
    again = {x.label for x in came}
    return [replace(e, participants=tuple(distinct([*(x for x in e.participants if x.label not in again), *came]))) for e in encounters]


def attended(page: Page, encounters: Sequence[Encounter]) -> list[Encounter]:
    """Several encounters, each with those who a sentence behind it says were there: ``... Later the King received B.  Prime Minister C
    attended the meeting.``  The sentence that names the kind of it ("the summit") means the last of that kind."""
    first, *later = encounters
    own = [x for x in first.participants if x.rule.endswith(ATTENDING) and x.span.start > later[0].span.end]
    out = [list(e.participants) for e in encounters]
    for x in own:
        p = next(p for p in page.parses if p.sentence.span.start <= x.span.start < p.sentence.span.end)
        m = grammar().search("attended", p.text)
        noun = next((n[0].lower() for n in grammar().nouns.finditer(p.text, m.start(), m.end())), None) if m else None
        kind = grammar().types.get(noun or "")
        before = [n for n, e in enumerate(encounters) if e.span.start < x.span.start]
        at = next((n for n in reversed(before) if kind is None or encounters[n].type == kind), 0)
        out[0].remove(x)
        out[at].append(x)
    return [replace(e, participants=tuple(people)) for e, people in zip(encounters, out, strict=True)]


def _present(p: Parse, listed: list[Participant], met: set[str | None]) -> list[Participant]:
    """Those of a list who were there only: as it is said, or since both sides that met are told by name before."""
    only = len(met) > 1 or grammar().search("present", p.text) or grammar().search("at_table", p.text)
    return [replace(x, rule=x.rule + ATTENDING) for x in listed] if only else listed


def _third_sides(p: Parse, known: Sequence[Participant]) -> list[Who]:
    """Delegations without a name that came to what others held: ``Minister C and representatives of the Commission also attended``."""
    m = grammar().search("attended", p.text)
    told = delegations(p, 0, m.start(), subject=False) if m else ()
    return [w for w in told if w.party and w.name is None and w.party not in {x.party for x in known}]


def _listed(page: Page, p: Parse, known: Sequence[Participant], *, here: bool) -> list[Participant]:
    """The persons of a list of those who took part; a guest may be told by office and state alone.  ``here``: in the sentence that tells
    of the encounter."""
    rules = ("roster", "accompanied", "escorted") if here else ("roster", "accompanied")
    lists = next((found for rule in rules if (found := grammar().find_all(rule, p.text))), [])
    if lists and here and THEN_MET.search(p.text[: lists[0].start()]):
        lists = []  # "received A, who then met with B, accompanied by C"
    m = lists[0] if lists else None
    # "The talks were hosted by A and also attended by B"
    listed = tuple(w for at in lists for w in _behind(p, at.end()))
    if m is None and (joined := grammar().search("attended", p.text)):
        listed = subjects_before(p, 0, joined.start()) or _told_of(p, joined.start())
    made = [participant(page, p, w, subject=False) for w in listed if w.name or (m and w.offices and w.party)]
    before = p.low[: m.end()] if m else ""
    host = next((x.party for x in known if x.family and x.family.lower() in before), None)
    # "The Ghanaian minister was accompanied by", "On the Latvian side, A was present"
    said = m or _ON_SIDE.match(p.text)
    sides = {w.party for w in parties_named(p, 0, said.end())} if said else set()
    if m and m.groupdict().get("own") is not None:
        sides |= {q.party for q in p.persons if q.end <= m.end() and q.party}
    own = page.source.party
    groups = m.groupdict() if m else {}
    brought = groups.get("own") or groups.get("seen") or {x.party for x in made} == {None, own}
    shared = own if brought else sides.pop() if len(sides) == 1 else own if m is None or groups.get("own") is not None else host
    if m is not None and here and p.text.startswith(", ", m.start()):
        shared = _beside(page, p, m.start(), known, made) or shared
    # Who came along without a state is of the publisher's own side, which tells whom it sent.
    shared = shared or (own if any(x.party == own for x in known) else None)
    made = [x if x.party else refamily(page, replace(x, party=shared)) for x in made]
    if guest := grammar().search("guest", p.text):
        made += [participant(page, p, who_of(p, q), subject=False) for q in p.persons if q.name and q.end <= guest.start()][-1:]
    if not made and grammar().search("sent", p.text):
        made = [participant(page, p, w, subject=False) for w in delegations(p, 0, len(p.text), subject=True)]
    return made


def _beside(page: Page, p: Parse, at: int, known: Sequence[Participant], came: Sequence[Participant]) -> str | None:
    """Whose side somebody is of who came with the person told before him; a minister is of no organisation."""
    if not any(q.end == at for q in p.persons):
        return page.source.party  # "A met with B at the Palace, accompanied by C"
    near = max((x for x in known if x.family and x.family in p.text[:at]), key=lambda x: p.text.rfind(x.family or "", 0, at), default=None)
    if near is None or near.party is None:
        return None
    ministers = any("Minister" in office for x in came for office in x.offices)
    return page.source.party if ministers and not page.lexicon.facts("state", near.party) else near.party


def _behind(p: Parse, at: int) -> tuple[Who, ...]:
    """The persons of a list, also of a group whose members are named with their states: ``the foreign ministers of X, A, and Y, B``."""
    named = objects_after(p, at)
    members = tuple(w for w in delegations(p, at, len(p.text), subject=False) if w.rule == "person.member")
    return members if len(members) > len(named) else named


def _told_of(p: Parse, at: int) -> tuple[Who, ...]:
    """Whom a relative clause at ``at`` tells of: ``as well as with Secretary General A, who was also in attendance``."""
    return tuple(who_of(p, q) for q in p.persons if q.name and p.text[q.end : at] in (", who ", " who "))


def _members(page: Page, p: Parse, known: Sequence[Participant]) -> list[Participant]:
    """The states of the forum that met: ``The Friends of X include A, B, and C``."""
    m = grammar().search("members", p.text)
    forums = [x.party for x in known if x.name is None and not page.lexicon.facts("state", x.party or "")]
    if m is None or not any(k.party in forums for k in p.line.known.values() if p.line.words[k.first].start < m.end()):
        return []
    listed = list(parties_named(p, m.end(), len(p.text), ("state", "organization")))
    have = {x.party for x in known}
    return [participant(page, p, w, subject=False) for w in listed if w.party not in have] if len(listed) > 2 else []


def _fellows(page: Page, p: Parse, listed: Sequence[Participant]) -> list[Participant]:
    """The delegations without a name behind those named in a list: ``A of X and B of Y, as well as State Secretaries from V and W``."""
    end = max(x.span.end for x in listed) - p.sentence.span.start
    have = {x.party for x in listed}
    return [participant(page, p, w, subject=False) for w in delegations(p, end, len(p.text), subject=False) if w.party not in have]


def _all_told(page: Page, forum: Participant, told: set[str | None]) -> bool:
    """Whether somebody is told for each state that a forum consists of."""
    members = _memberships(page.lexicon).get(forum.party or "", frozenset())
    return bool(members) and members <= told


@cache
def _memberships(lexicon: Lexicon) -> Mapping[str, frozenset[str]]:
    """The states of each forum and organisation, whenever they joined."""
    found: dict[str, set[str]] = {}
    for id_ in lexicon.ids("membership"):
        facts = lexicon.facts("membership", id_)
        found.setdefault(facts["organization"][0], set()).update(facts["member"])
    return {body: frozenset(states) for body, states in found.items()}


def _attendees(page: Page, head: Parse, following: Sequence[Parse]) -> Iterator[Participant]:
    """The persons of a list with one a line: ``- President Name Name, Argentine Republic``; the words above it may say whose they are."""
    sides = {w.party for w in parties_named(head, 0, len(head.text))}
    side = sides.pop() if len(sides) == 1 else None
    for p in takewhile(_is_entry, following):
        q = next((q for q in p.persons if q.name), None)
        if q is not None:
            x = participant(page, p, who_of(p, q), subject=False)
            yield refamily(page, x if x.party else replace(x, party=next((w.party for w in party_at(p, q.end)), side)))


def _is_entry(p: Parse) -> bool:
    """Whether a line is one of a list: an item, or a short line that begins with a person and ends without a full stop."""
    if p.sentence.block.kind is BlockKind.ITEM:
        return True
    return len(p.text) < 160 and p.text[-1:] not in ".:" and bool(p.persons) and p.persons[0].start == 0


def _leaders(page: Page, p: Parse) -> Iterator[Participant]:
    """Who led a side or signed for it: ``A headed the Chilean delegation``, ``the Indian side was led by B``."""
    g = grammar()
    after = 0
    for rule in ("leads", "led_by", "signs"):
        for m in g.patterns[rule].finditer(p.text) if g.search(rule, p.text) else ():
            if rule == "led_by":
                who = objects_after(p, m.end())
                # "the Indian side was led by A, and the Omani side by B"
                before = list(parties_named(p, m.start() - _SIDE, m.start()))
                sides = iter([*parties_named(p, *m.span()), *reversed(before)])  # the nearest: "while the Argentine side was headed by"
            elif rule == "leads":
                who, sides = subjects_before(p, 0, m.start()), parties_named(p, *m.span(), ("state", "organization"))
            else:
                who = subjects_before(p, after, m.start()) or tuple(who_of(p, q) for q in p.persons if q.end <= m.start())[-1:]
                after = m.end()
                sides = party_at(p, m.end())
            made = [participant(page, p, w, subject=False) for w in who if w.name]
            if rule == "leads" and len(made) == 2 and m[0].endswith("s"):  # "A and B of X led their delegations"
                hosts, guests = complete_parties(page, made[:1], made[1:])
                yield from (*hosts, *guests)
                continue
            side = next((w.party for w in sides), None) or next((x.party for x in made if x.party), None)
            yield from (refamily(page, replace(x, party=side)) if side else x for x in made)


def _for_session(page: Page, p: Parse, known: Sequence[Participant]) -> list[Participant]:
    """``Minister A hosted Minister B for the dialogue``: by name who came to the session that was told of two states."""
    sides = {x.party for x in known}
    for t in page.tellings:
        behind = p.text[max((w.end for w in t.objects), default=t.end) :]
        if t.parse is p and t.objects and _SESSION.match(behind):
            hosts, guests = complete_parties(
                page, *([participant(page, p, w, subject=not n) for w in side] for n, side in enumerate((t.subjects, t.objects)))
            )
            if {x.party for x in (*hosts, *guests)} == sides and all(x.family for x in (*hosts, *guests)):
                return [*hosts, *guests]
    return []


def _chairs(page: Page, p: Parse, known: Sequence[Participant]) -> list[Participant]:
    """``Under Secretary A and Minister B chaired the meeting``: by name who led both sides."""
    m = _CHAIRED.search(p.text)
    told = subjects_before(p, 0, m.start()) if m else ()
    if len(told) < 2 or not all(w.name for w in told):
        return []
    hosts, guests = complete_parties(
        page, *([participant(page, p, w, subject=not n) for w in side] for n, side in enumerate((told[:1], told[1:])))
    )
    return [*hosts, *guests] if {x.party for x in (*hosts, *guests)} == {x.party for x in known} else []


def _both(page: Page, p: Parse, at: int) -> list[Participant]:
    """``The meeting was co-chaired by A and B``: both sides at once."""
    people = [participant(page, p, w, subject=False) for w in objects_after(p, at) if w.name]
    if len(people) < 2:
        return []
    hosts, guests = complete_parties(page, people[:1], people[1:])
    return [*hosts, *guests]
