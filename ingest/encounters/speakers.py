"""Participants told by what they say: where the head of a text leaves a side without a name, whoever speaks for it in the account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from communique.ingest.encounters.circumstances import encounter_date
from communique.ingest.encounters.page import Page
from communique.ingest.encounters.participants import distinct, filled, participant
from communique.ingest.encounters.parties import refamily
from communique.ingest.encounters.sides import subjects_before
from communique.ingest.people.appositions import joined
from communique.ingest.people.author import RULE as AUTHOR
from communique.ingest.people.names import fold
from communique.ingest.people.parses import Parse, grammar, places
from communique.model import Encounter, Participant

# Whose party nothing tells, so that he is taken for one of the publisher's own.
_AT_HOME = "person.speaker+home"
# Who speaks for a ministry or tells it takes no part.
_TELLER = re.compile(r"\b[Ss]pokes(?:person|man|woman)|\b[Rr]eporter|\b[Cc]orrespondent")
# A name as the subject of a verb in the past, before it and behind it: "Minister X, for his part, also thanked".
_BEFORE = re.compile(r"(?:^|[,;:] |\b(?:that|and|while) )(?:[\w.'’-]+ ){0,9}?$")
_BEHIND = (
    r"(?: [A-Z][\w-]+)?(?: of [A-Z][\w ]+?)?(?:, [^,;.]{3,90},)?(?: and (?:[A-Z][\w.'’-]+ ?){1,5})?,? ?"
    r"(?:(?:also|further|then|again|\w+ly|in turn) )?(?:ha(?:s|ve|d) )?"
)
# Verbs of saying, and those that may as well tell of what somebody did there ("took the notes").
_SAID = r"\w+ed|said|told|undertook|sought|spoke"
_SAYING = re.compile(rf"{_BEHIND}(?:{_SAID})\b")
_ACTING = re.compile(rf"{_BEHIND}(?:{_SAID}|gave|took|put|made)\b")
_LED_BY = re.compile(r"(?:delegation|side|team) (?:was |were )?(?:led|headed|chaired|represented) by (?:the )?$")
# A text tells of talks at least so.
_MET = re.compile(r"\b(?:met|(?i:talks|meeting|call|conversation|consultations|dialogue|visit|discussed|counterparts?|summoned|hosted))\b")


def with_speakers(page: Page, body: Sequence[Parse], main: Encounter) -> Encounter:
    """The encounter with a name for each side that is told without one, and with the other side where only one is told.

    ``The foreign ministers of A and B met. ... Foreign Minister X of A said ...``: X is A's.
    """
    home = page.source.party or _home(body)
    taken = {x.party for x in main.participants}
    people = [replace(x, party=home) if x.party is None and home not in taken else x for x in main.participants]
    if len({x.party for x in people if x.name}) > 1 or len(people) > 3:
        return replace(main, participants=tuple(people))
    told = list(_speakers(page, body))
    for n, x in enumerate(people):
        if x.name is None and x.party is not None and not x.rule.startswith(AUTHOR):
            said = next((y for y in told if y.party == x.party and y.label not in {z.label for z in people}), None)
            people[n] = replace(filled(x, said), rule="person.speaker") if said else x
    if len({x.party for x in people}) < 2:
        people += [y for y in told if y.party and y.party not in {x.party for x in people}][:1]
    return replace(main, participants=tuple(distinct(people)))


def named_by_speakers(page: Page, body: Sequence[Parse], encounters: Sequence[Encounter]) -> list[Encounter]:
    """The encounters with names for those who were told as the counterparts from some states, each by who speaks for his state."""
    empty = [x for e in encounters for x in e.participants if x.name is None and x.party and x.rule.startswith("delegation")]
    told = list(_speakers(page, body)) if empty else []
    known = {x.label for e in encounters for x in e.participants if x.name}
    said: dict[str, Participant] = {}
    for x in told:
        if x.party and x.label not in known:
            said.setdefault(x.party, x)
    return [
        replace(
            e,
            participants=tuple(
                replace(filled(x, said[x.party]), rule="person.speaker") if x in empty and x.party in said else x for x in e.participants
            ),
        )
        for e in encounters
    ]


def met_too(page: Page, body: Sequence[Parse], encounters: Sequence[Encounter]) -> list[Encounter]:
    """Further encounters with those of other states who speak in the account, whom no clause tells as met, in whatever words it does.

    Where many sides met or a forum, he was one of them; else the account turns to him where he is named first.
    """
    known = {word for e in encounters for x in e.participants for word in fold(x.name or x.family or "").split()}
    told = [
        x
        for x in _speakers(page, body, _SAYING, known)
        if x.offices and x.party not in (None, page.source.party) and x.rule != _AT_HOME and known.isdisjoint(fold(x.name or "").split())
    ]
    out = list(encounters)
    for x in told:
        first = next(p for p in body if (x.family or x.name or "") in p.text)
        before = [n for n, e in enumerate(out) if e.span.start <= first.sentence.span.start]
        at = before[-1] if before else 0
        e = out[at]
        forum = any(y.name is None and not page.lexicon.facts("state", y.party or "") for y in e.participants)
        if forum or len({y.party for y in e.participants}) > 2:
            out[at] = replace(e, participants=(*e.participants, x))
            continue
        own = tuple(y for y in e.participants if y.party == page.source.party) or e.participants[:1]
        kind = "meeting" if e.type == "visit" else e.type
        made = Encounter("", kind, e.date, (*own, x), first.sentence.span, "encounter.speakers", confidence=0.5)
        out.append(replace(made, place=e.place, place_span=e.place_span))
    return out


def from_speakers(page: Page, body: Sequence[Parse]) -> Iterator[Encounter]:
    """The encounter that no clause tells with both sides, of those who speak in its account for different parties."""
    sides: dict[str, Participant] = {}
    for x in _speakers(page, body):
        if x.party:
            sides.setdefault(x.party, x)
    at = next((p for p in body if _MET.search(p.text)), None)
    if len(sides) < 2 or at is None:
        return
    kind = page.title.type or next((grammar().types[m[0].lower()] for p in body if (m := grammar().nouns.search(p.text))), "meeting")
    kind = "multilateral-meeting" if kind == "meeting" and len(sides) > 2 else kind
    date = encounter_date(page, [at.text])
    yield Encounter("e1", kind, date, tuple(sides.values()), at.sentence.span, "encounter.speakers", confidence=0.6)


def _speakers(page: Page, body: Sequence[Parse], verbs: re.Pattern[str] = _ACTING, known: Set[str] = frozenset()) -> Iterator[Participant]:
    """The persons with an office or a state who are somewhere the subject of a verb, each once, but for those ``known`` by their names."""
    home = page.source.party or _home(body)
    told: dict[str, Participant] = {}
    for p in body:
        for w in (*joined(p, [q for q in p.persons if not q.plural]), *subjects_before(p, 0, len(p.text))):
            if not w.name or not (w.offices or w.party) or any(map(_TELLER.search, w.offices)) or known & set(fold(w.name).split()):
                continue
            x = refamily(page, participant(page, p, w, subject=False))
            x = x if x.party else replace(x, party=_led(p, w.start))
            # "the Iranian Ambassador, Name Name, ... Ambassador Name pledged": the state that any of the mentions tells
            told[x.label] = filled(told[x.label], x) if x.label in told else x
    for x in told.values():
        if any(_says(q.text, x.family or x.name or "", verbs) for q in body):
            yield replace(x, party=x.party or home, rule="person.speaker" if x.party else _AT_HOME)


def _says(text: str, name: str, verbs: re.Pattern[str]) -> bool:
    """Whether a name is the subject of one of the verbs somewhere in a text."""
    return any(verbs.match(text, at + len(name)) and _BEFORE.search(text, 0, at) for at in places(text, name))


def _led(p: Parse, at: int) -> str | None:
    """The party whose delegation a person led: ``the Romanian delegation was headed by Name``."""
    m = _LED_BY.search(p.text, max(0, at - 60), at)
    known = [k for k in p.line.known.values() if m and k.party and p.line.words[k.last - 1].end < m.start() + len("the ")]
    return max(known, key=lambda k: k.first).party if known else None


def _home(body: Sequence[Parse]) -> str | None:
    """The state from whose capital an agency reports: ``KUWAIT, March 2 (KUNA) --``, ``Rabat - ...``."""
    for p in body[:1]:
        for known in p.line.known.values():
            start, end = p.line.span(known.first, known.last)
            if start == 0 and re.match(r"\s?(?:[-–—,(/])", p.text[end:]):
                return p.line.lexicon.fact("place", known.id, "metonymOf") if known.kind == "place" else known.party
    return None
