"""Journeys: what a page tells of one before its meetings, and when the meetings say all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from communique.ingest.encounters.page import Page
from communique.ingest.encounters.participants import distinct, participant, same_person
from communique.ingest.encounters.telling import Telling
from communique.ingest.people.parses import Parse, grammar
from communique.model import Encounter, Participant

_RULE = "encounter.travelled"
# The names behind "travelled to", up to the next word in small letters.
_NAMES = re.compile(r"\s(?:the\s)?[A-Z][\w.'-]*(?:(?:,?\sand\s|,\s|\s)(?:the\s|d'|of\s)?[A-Z][\w.'-]*)*")


def hosts(page: Page, telling: Telling) -> str | None:
    """The one foreign state that the opening, or the sentence before it tells of a meeting, tells a journey to."""
    own = page.source.party
    journeys = [t for t in page.opening if t.rule == _RULE]
    states = {w.party for t in journeys for w in t.objects if w.party and w.party != own}
    if not states:
        told = [*((t.parse, len(t.parse.text)) for t in journeys), (telling.parse, telling.start)]
        states = {state for p, end in told for state in _destinations(p, end) if state != own}
    return states.pop() if len(states) == 1 else None


def _destinations(p: Parse, end: int) -> Iterator[str]:
    """The states, and those of the towns, that a journey told before ``end`` went to."""
    journey = grammar().gatherings["travelled"].search(p.text, 0, end)
    names = _NAMES.match(p.text, journey.end(), end) if journey else None
    for k in p.line.known.values() if names else ():
        a, b = p.line.span(k.first, k.last)
        if names and names.start() <= a and b <= names.end():
            state = p.line.lexicon.fact("place", k.id, "inState") if k.kind == "place" else k.party if k.kind == "state" else None
            if state:
                yield state


def travellers(page: Page) -> list[Participant]:
    """Who travelled, as the opening names them, unless the title speaks of others: ``Minister A led a delegation to X.  They met ...``."""
    for telling in page.opening:
        if telling.rule == _RULE and (named := [w for w in telling.subjects if w.name]):
            people = [participant(page, telling.parse, w, subject=True) for w in named]
            told = any(same_person(w, x) for w in page.title.subjects for x in people)
            return people if told or not page.title.persons else []
    return []


def reduced(page: Page, encounters: Sequence[Encounter]) -> list[Encounter]:
    """The encounters of a page without a journey that its meetings tell: one that is told by whom it led to is none of its own.

    Where several travelled and only one meeting is told, with one of them, all of it was one visit.
    """
    first, *others = encounters
    if first.type != "visit" or first.rule != _RULE:
        return list(encounters)
    if len(others) == 1 and others[0].date is None and "/" in (first.date or ""):
        # On which of the days somebody was met is not said: what can be told is the visit.
        return [replace(first, participants=tuple(distinct([*first.participants, *others[0].participants])))]
    named = any(x.family and x.party not in (None, page.source.party) for e in others for x in e.participants)
    if not named and any(e.date is None for e in others):
        return list(encounters)
    own = {x.label for x in first.participants if x.party == page.source.party}
    if len(others) == 1 and not own <= {x.label for x in others[0].participants}:
        return [replace(first, participants=tuple(distinct([*first.participants, *others[0].participants])))]
    told = {x.label for e in others for x in e.participants}
    companions = [x for x in first.participants if x.party == page.source.party and x.label not in told]
    return [replace(e, participants=tuple(distinct([*e.participants, *companions]))) for e in others]
