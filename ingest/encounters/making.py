"""Makes encounters of what a clause tells: a new one, a further one of the page, or one told again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from communique.ingest.encounters.asides import SUBJECT
from communique.ingest.encounters.circumstances import day_told, host_of, is_dated, near, sides_type, spoken_with, told_by
from communique.ingest.encounters.dates import find_dates
from communique.ingest.encounters.journeys import hosts, travellers
from communique.ingest.encounters.page import FRAME, Page, span_of
from communique.ingest.encounters.participants import (
    completed,
    covers,
    distinct,
    filled,
    known_before,
    other_titles,
    participant,
    same_participant,
    same_person,
    speaks,
    title_participant,
)
from communique.ingest.encounters.parties import complete_parties, refamily
from communique.ingest.encounters.sections import RULE as SECTION
from communique.ingest.encounters.sections import of_section, overview
from communique.ingest.encounters.sides import subjects_before
from communique.ingest.encounters.telling import GUEST, Telling
from communique.ingest.encounters.titled import in_full
from communique.ingest.people.parses import Who, grammar
from communique.model import BlockKind, Encounter, Participant

# A subject that is told of before.
_MAJESTY = r"(?:[Hh]is|[Hh]er|[Tt]heir) (?:[A-Z][a-z]+ )?(?:Majesty|Majesties|Highness|Excellency)"
_PRONOUN = re.compile(
    # "On Wednesday the journey went on to Lisbon, where Name Name was received by ..."
    r"(?:On|In|At|From|Later|Then|Afterwards|The (?:same|next|following) day|[Hh]e|[Ss]he|They|The [Dd]elegation)\b[^.;]{3,100}, where "
    r"(?:[Hh]e|[Ss]he|they|(?:the )?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3})\s"
    r"|(?:(?:(?:In|At|While in|Later in|On) (?:the )?[A-Z][^.;,]{0,40},?|(?:On|In|At|During|Before|After|Following|Prior to) [^.;,]{3,90},"
    r"|The (?:same|next|following) day(?: in [A-Z][\w-]+)?,?"
    r"|(?:Later|Earlier|Also|Then|Finally|Lastly|Afterwards|Subsequently)\b(?:[^.;,]{0,40},)?)\s)?"
    rf"(?:[Hh]e|[Ss]he|[Tt]hey|[Tt]he two|[Tt]he delegation|[Tt]he (?:two )?(?:parties|sides)"
    rf"|[Tt]he [A-Z]\w+ (?:diplomat|official|side|[Mm]inister)|{_MAJESTY})"
    r"(?:, accompanied by [^,]{0,80},)?\s(?:also\s)?"
)
_ALL = re.compile(r"(?:[^.;,]{0,50},?\s)?(?:[Tt]hey|[Tt]he delegation)\s")
# "In his conversation with B", where the overview told of calls.
_CONVERSED = re.compile(r"\b(?:conversations?|exchanges?|discussions?|talks?)\b")
# "In her meeting with B, discussions centred on": whose it was stands in its own words.
_HIS = re.compile(r"(?:In|During|At) (?:his|her|their) ")
# What tells one of several encounters of whom the overview names the subject: "In his talks with B, the two sides ...".
_OF_SEVERAL = frozenset({"encounter.led", SUBJECT, "encounter.programme"})
# What needs no subject: "The talks with B focused on", "The visit concluded with a meeting with B".
_BY_ITSELF = frozenset({SUBJECT, "encounter.programme"})
# What someone said; "that day" is none of it.
_THAT = re.compile(r"\bthat\b(?! (?:same )?(?:day|morning|afternoon|evening|night|week)\b)")


def further(telling: Telling) -> bool:
    """Whether a clause tells of one more encounter: ``also``, ``later``, ``on the same day``."""
    g, words = grammar().patterns, telling.parse.text[: telling.end]
    return bool(g["further"].search(words) or g["same_day"].search(words) or g["beside"].match(words))


def on_the_visit(telling: Telling) -> bool:
    """Whether a further encounter is told to have been on some day of a visit."""
    return grammar().search("on_visit", telling.parse.text[: telling.end + 60]) is not None


def with_title(page: Page, telling: Telling) -> Telling:
    """What the title adds to an encounter told without both sides: its type and its parties; the publisher's own is not told twice."""
    own, kind = page.source.party, page.title.type
    have = {w.party for w in (*telling.subjects, *telling.objects)}
    ours = own not in have and any(w.name and w.party is None for w in telling.subjects)
    listed = ours + sum(bool(page.lexicon.facts("state", party or "")) for party in have) > 2  # no forum beside its members
    added = tuple(
        Who(telling.start, telling.end, None, (), t, None, False, "delegation.title")
        for t in page.title.parties
        if t not in have and not (listed and not page.lexicon.facts("state", t))
    )
    objects = (*telling.objects, *added)
    if any(w.name and w.party is None for w in telling.subjects or telling.objects[:1]):
        objects = tuple(w for w in objects if w.party != own or w.name)
    better = kind == "video" or (kind == "dialogue" and telling.type in ("meeting", "multilateral-meeting"))
    return replace(telling, objects=objects, type=kind if kind and better else telling.type)


def encounters_of(page: Page, telling: Telling, so_far: Sequence[Encounter]) -> list[Encounter] | None:
    """The encounters of a telling; ``None`` if it only repeats one or speaks of another event."""
    subjects = [participant(page, telling.parse, w, subject=True) for w in telling.subjects]
    objects = [participant(page, telling.parse, w, subject=False) for w in telling.objects]
    # A journey is told before the meetings that it consists of.
    begun = any(e.type != "visit" for e in so_far)
    each = telling.rule.endswith(".each")
    if each:  # "met separately with each of the two leaders"
        objects = [x for e in so_far[-1:] for x in e.participants if x.party not in (None, page.source.party) and speaks(x)]
        if len(objects) < 2:
            return None
    if begun and not each and telling.rule != SECTION and not _is_new(page, telling, subjects, objects, so_far):
        return None
    if telling.rule == SECTION and any(same_participant(x, y) for e in so_far for y in e.participants for x in objects):
        return None
    if not subjects and telling.rule in ("encounter.passive", "encounter.held") and objects and objects[0].name and not objects[0].party:
        subjects, objects = objects[:1], objects[1:]  # "co-chaired by A, B of X, and C of Y": A needs no state at home
    if not subjects:
        subjects = _carried(page, telling, objects, so_far)
    objects = _of_host(telling, objects, so_far)
    subjects = [_head_told(page, x, so_far) for x in subjects]
    if telling.rule.endswith(".pronoun"):
        objects = _antecedent(page, telling, subjects)
    known = {x.label: x for e in so_far for x in e.participants}
    subjects, objects = [known_before(x, known) for x in subjects], [known_before(x, known) for x in objects]
    abroad = _abroad(page, so_far) if begun else None
    if objects and all(x.party == page.source.party for x in objects):
        subjects = _of_state(page, subjects, abroad)  # "The Minister of Trade, B, also received the Latvian Minister"
    subjects, objects = complete_parties(
        page, subjects, objects, one_side=telling.one_side, host=host_of(page, telling) or hosts(page, telling)
    )
    objects = _of_state(page, objects, abroad)
    everyone = distinct([*subjects, *objects])
    if not so_far:
        everyone = completed(page, telling, everyone)
    everyone = _own_side(page, everyone)
    if len(everyone) < 2 and begun:
        return None
    if not everyone:
        return None
    base = told_by(page, telling)
    base = replace(base, type=_as_announced(page, telling, sides_type(page, telling, base.type, everyone)))
    if so_far or telling.rule == SECTION:
        base = _on_its_day(page, telling, base, so_far)
    if not is_dated(page, telling):
        day = day_told(telling.parse.text[: telling.end], base.date, so_far[-1].date if so_far else None)
        base = replace(base, date=day)
    if so_far and base.type == "dialogue":
        base = replace(base, type=telling.type)  # what the title says is told already
    several = telling.separate or (telling.type in ("call", "video") and grammar().patterns["several_told"].search(page.title.text))
    ahead = None if so_far else overview(page.tellings)  # "A held two separate meetings. He met with B and C"
    ahead = ahead if ahead is not None and ahead.parse.sentence.index < telling.parse.sentence.index else None
    several = several or (ahead is not None and len({x.party for x in objects if x.party}) > 1)
    split = several and len(objects) > 1 and subjects
    sets = [distinct([*subjects, o]) for o in objects] if split else [everyone]
    if grammar().patterns["again"].search(telling.parse.text, telling.end):
        sets *= 2  # "spoke this morning and again in the afternoon"
    kind = "meeting" if (split and base.type == "multilateral-meeting") or _talked_aside(telling, so_far) else base.type
    return [replace(base, type=kind, participants=tuple(s)) for s in sets]


def _abroad(page: Page, so_far: Sequence[Encounter]) -> str | None:
    """The one foreign state of those met first: whoever else was met on the way is of the same."""
    parties = {x.party for x in so_far[0].participants} - {None, page.source.party}
    return parties.pop() if len(parties) == 1 else None


def _of_state(page: Page, people: list[Participant], state: str | None) -> list[Participant]:
    """Office-holders with a state, where nothing else tells theirs."""
    return [x if state is None or x.party or not x.offices else refamily(page, replace(x, party=state)) for x in people]


def _talked_aside(telling: Telling, so_far: Sequence[Encounter]) -> bool:
    """Whether a further talk was where all had met: ``On the sidelines, A talked with B``."""
    met = bool(so_far) and so_far[0].type not in ("call", "video")
    return met and telling.type == "call" and grammar().patterns["beside"].match(telling.parse.text) is not None


def _of_host(telling: Telling, objects: list[Participant], so_far: Sequence[Encounter]) -> list[Participant]:
    """Whom a guest met next is of the side of his host, where nothing else is told."""
    if not (telling.rule.endswith(GUEST) and so_far):
        return objects
    return [x if x.party else replace(x, party=so_far[-1].participants[0].party) for x in objects]


def _head_told(page: Page, x: Participant, so_far: Sequence[Encounter]) -> Participant:
    """``The head of Polish diplomacy also met ...``: the one of the publisher's own side who was told of before."""
    if x.name or not x.offices or not other_titles(x.offices[0]) or x.party not in (None, page.source.party):
        return x
    own = {y.label: y for e in so_far for y in e.participants if y.name and y.party == page.source.party}
    return next(iter(own.values())) if len(own) == 1 else x


def _as_announced(page: Page, telling: Telling, kind: str) -> str:
    """The type of one of several encounters, where its clause leaves it open: ``held a series of meetings ... Finally, she spoke with``."""
    lead = overview(page.tellings)
    if lead is None:
        return kind
    conversed = lead.type in ("call", "video") and _CONVERSED.search(telling.parse.text, telling.start, telling.end)
    return lead.type if conversed or (kind == "call" and spoken_with(telling)) else kind


def told_again(page: Page, telling: Telling, so_far: Sequence[Encounter], undated: set[int]) -> tuple[int, Encounter, bool] | None:
    """A clause that tells an encounter of the page again: which one, with what the first telling left out (day, names, place, occasion);
    and whether it names someone whom the first left unnamed, so that it cannot tell of a further one.

    Everyone must have been told of before and the day be the same, so that "Minister X met Minister Y in September" is not taken for it;
    a first telling without a day takes the day of the second, if that is near.
    """
    led = telling.rule == "encounter.led"
    if not telling.objects or not (telling.subjects or led):
        return None
    people = [participant(page, telling.parse, w, subject=True) for w in telling.subjects]
    people += [participant(page, telling.parse, w, subject=False) for w in telling.objects]
    matched = [{y.label: x for x in people for y in e.participants if same_participant(x, y)} for e in so_far]
    if all(len(fuller) != len(people) for fuller in matched):
        return None
    told = told_by(page, telling)
    for at, (e, fuller) in enumerate(zip(so_far, matched, strict=True)):
        recalled = led and not is_dated(page, telling)  # "During her conversation with A, B thanked ..."
        day = told.date == e.date or recalled or (at in undated and (e.date is None or near(told.date, e.date)))
        seen = (e.type, told.type) == ("call", "video")  # "spoke to B", above "held a video call with B"
        if (told.type == e.type or seen) and len(fuller) == len(people) and day:
            e = replace(e, type=told.type)
            if at in undated and is_dated(page, telling):
                e = replace(e, date=told.date)
            if e.start is None and told.date == e.date:
                e = replace(e, start=told.start, start_publisher=told.start_publisher, zone_evidence=told.zone_evidence)
                e = replace(e, duration_min=e.duration_min or told.duration_min, approximate=told.approximate)
            e = replace(e, participants=tuple(filled(y, fuller[y.label]) if y.label in fuller else y for y in e.participants))
            if e.place is None:
                e = replace(e, place=told.place, place_span=told.place_span)
            if e.occasion is None:
                e = replace(e, occasion=told.occasion, occasion_span=told.occasion_span)
            return at, e, any(x.family and not y.family for y in so_far[at].participants if (x := fuller.get(y.label)))
    return None


def _on_its_day(page: Page, telling: Telling, base: Encounter, so_far: Sequence[Encounter]) -> Encounter:
    """A further encounter on the day that the page gives it: the lead of a section, the clause itself, or what was told before."""
    if telling.rule == SECTION and (lead := overview(page.tellings)) is not None:
        return of_section(page, told_by(page, lead), base, telling, so_far)
    begun, before = any(e.type != "visit" for e in so_far), so_far[-1].date
    if is_dated(page, telling) or not (begun or _same_day(telling)):
        return base
    if begun and so_far[0].type != "visit" and "/" in (so_far[0].date or ""):
        base = replace(base, date=so_far[0].date)  # on the days of the first
    if before is not None and len(before) != len("2024-03-05"):
        return base
    if on_the_visit(telling):  # on some day of it; on one day what one sentence tells
        return replace(base, date=before if so_far[-1].span.start >= telling.parse.sentence.span.start else None)
    return replace(base, date=before or base.date)


def _same_day(telling: Telling) -> bool:
    """Whether a further encounter is told to have been on the day of the one before."""
    return any(grammar().patterns["same_day"].search(telling.parse.text, a, b) for a, b in telling.scope)


def _own_side(page: Page, people: list[Participant]) -> list[Participant]:
    """Two persons of one foreign party cannot be both sides: the one told first is the publisher's own."""
    own = page.source.party
    if own and len(people) == 2 and people[0].party == people[1].party not in (None, own):
        return [replace(people[0], party=own, rule=f"{people[0].rule}+own", confidence=0.7), people[1]]
    return people


def _is_new(page: Page, telling: Telling, subjects: list[Participant], objects: list[Participant], so_far: Sequence[Encounter]) -> bool:
    """Whether a later clause tells of a further encounter of the page and not of one already told, or of an earlier or coming one."""
    who = {x.label for x in (*subjects, *objects) if x.family}
    named = [w for w in (*telling.subjects, *telling.objects) if w.name and w.offices]
    if not objects or not who:
        return False
    told = any(who <= {x.label for x in e.participants} for e in so_far) and not any(_stranger(x, so_far) for x in objects)
    if told and not _apart(telling, subjects, objects, so_far[0]):
        return False
    if all(x.label in {y.label for e in so_far for y in e.participants} for x in objects) and not telling.subjects:
        return False
    text = telling.parse.text
    first = min((w.start for w in (*telling.subjects, *telling.objects)), default=telling.start)
    opening = text[: min(first, telling.start)] if telling.rule not in _BY_ITSELF and not telling.rule.endswith(GUEST) else ""
    carried = _PRONOUN.match(opening)
    opening = opening[carried.end() :] if carried else opening
    if not grammar().patterns["opening"].match(opening) or _THAT.search(text, 0, telling.start):
        return False
    behind = (
        text[telling.scope[-1][1] :].lstrip() if telling.rule == "encounter.led" else text
    )  # "In a call with B, also on Monday, he ..."
    owned = telling.rule == "encounter.led" and _HIS.match(text)
    if not telling.subjects and telling.rule not in _BY_ITSELF and not owned and not _PRONOUN.match(behind):
        return False
    marked = grammar().patterns["further"].search(text[: telling.end + 40]) or grammar().patterns["beside"].match(text)
    if not (marked or named) or telling.parse.sentence.block.kind is BlockKind.HEADING:
        return False
    main = so_far[0].date or (page.day.isoformat() if page.day else None)
    hits = [h for a, b in telling.scope for h in find_dates(text[a:b], page.day)]
    return all(near(h.iso, main) for h in hits)


def _stranger(x: Participant, so_far: Sequence[Encounter]) -> bool:
    """Whether an unnamed office-holder (``called on the Prime Minister``) is none of those who were told of."""
    known = [y for e in so_far for y in e.participants]
    mine = [o for o in x.offices if not any(covers(p, o) or covers(o, p) for y in known for p in y.offices)]
    return x.family is None and (x.rule.startswith("group") or bool(mine) and len(mine) == len(x.offices))


def _apart(telling: Telling, subjects: list[Participant], objects: list[Participant], main: Encounter) -> bool:
    """``A also held bilateral meetings with B and C``: a part of those who had met all together."""
    told = {x.label for x in (*subjects, *objects)}
    text, g = telling.parse.text, grammar()
    words = text[: max(w.end for w in telling.objects) + 30]
    return (
        len(main.participants) > 2
        and (telling.separate or len(told) < len(main.participants))
        and bool(g.patterns["apart"].search(words) and (g.patterns["further"].search(words) or g.patterns["beside"].match(words)))
    )


def _antecedent(page: Page, telling: Telling, subjects: list[Participant]) -> list[Participant]:
    """Whom a pronoun means (``held talks with him``): the person named last before the clause who is none of its subjects."""
    for p in reversed(page.parses[: page.parses.index(telling.parse)]):
        if p.sentence.block.kind in FRAME:
            continue
        for w in reversed(subjects_before(p, 0, len(p.text))):
            x = participant(page, p, w, subject=False)
            if x.family and not any(same_participant(x, y) for y in subjects):
                return [x]
    return []


def _carried(page: Page, telling: Telling, objects: list[Participant], so_far: Sequence[Encounter]) -> list[Participant]:
    """The subject that a clause leaves to a pronoun or to the title: the publisher's own side."""
    if so_far:
        own = [x for x in so_far[-1].participants if x.party == page.source.party] or list(so_far[-1].participants[:1])
        return own if _ALL.match(telling.parse.text) else own[:1]
    if telling.rule == SECTION and (lead := overview(page.tellings)) is not None:
        return [participant(page, lead.parse, w, subject=True) for w in lead.subjects]
    if people := travellers(page):
        return [x for x in people if not any(same_participant(x, y) for y in objects)]
    lead = overview(page.tellings)
    behind = lead is not None and lead.parse.sentence.index < telling.parse.sentence.index
    if lead is not None and behind and (telling.rule in _OF_SEVERAL or _PRONOUN.match(telling.parse.text)):
        return [participant(page, lead.parse, w, subject=True) for w in lead.subjects]  # "A held two separate meetings. He met with ..."
    span = span_of(telling.parse, telling.start, telling.end)
    named = [title_participant(page, w, span, subject=True) for w in page.title.subjects if not any(same_person(w, x) for x in objects)]
    before = next((p for p in page.parses if p.sentence.block.kind not in FRAME), telling.parse)
    return [in_full(page, before, x) for x in named]
