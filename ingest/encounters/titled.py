"""Encounters that the title of a page tells where no clause of its text does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from communique.ingest.encounters.circumstances import encounter_date, told_by
from communique.ingest.encounters.gatherings import held
from communique.ingest.encounters.page import Page
from communique.ingest.encounters.participants import distinct, participant, same_person, title_participant
from communique.ingest.people.appositions import bare_names, who_of
from communique.ingest.people.names import fold
from communique.ingest.people.parses import Parse, grammar
from communique.model import Encounter, Participant


def untold(page: Page, encounters: Sequence[Encounter]) -> list[Encounter]:
    """The encounters of a title in the plural (``Meetings with A and B``) that no clause tells, though the text names the other side."""
    if not encounters or not grammar().patterns["several_titled"].search(page.title.text):
        return []
    main = encounters[0]
    own = [x for x in main.participants if x.party == page.source.party]
    others = [w for w in page.title.objects if w.name and not any(same_person(w, x) for e in encounters for x in e.participants)]
    made = [title_participant(page, w, main.span, subject=False) for w in others if own]
    abroad = [t for t in page.title.parties if t != page.source.party]
    made = [x if x.party or len(abroad) != 1 else replace(x, party=abroad[0]) for x in made]
    return [replace(main, participants=(*own, x), rule="encounter.title", confidence=0.6) for x in made if x.party and x.span != main.span]


def in_full(page: Page, first: Parse, x: Participant) -> Participant:
    """A person of the title with the name and offices that the first sentence gives him: ``Minister X congratulated Name Name today``."""
    told = [*(who_of(first, q) for q in first.persons), *bare_names(first, 0, len(first.text))]
    w = next((w for w in told if x.family and w.name and fold(x.family) in fold(w.name).split()), None)
    if w is None or len(w.name or "") <= len(x.name or ""):
        return x
    full = participant(page, first, replace(w, party=w.party or x.party), subject=False)
    offices = full.offices if len(w.offices) >= len(x.offices) else x.offices
    return replace(full, offices=offices, party=x.party, rule=x.rule, confidence=x.confidence)


def from_title(page: Page, body: Sequence[Parse]) -> Iterator[Encounter]:
    """The encounter that only the title tells, when it names both sides."""
    title = page.title
    if title.type is None or not body or len(title.persons) + len(set(title.parties) - {w.party for w in title.persons}) < 2:
        return
    first = next((p for p in body if p.text.strip()), None)
    if first is None:
        return
    span = first.sentence.span
    people = [
        in_full(page, first, title_participant(page, w, span, subject=w in title.subjects))
        for w in title.persons
        if w.name or w.party or w in title.subjects
    ]
    have = {x.party for x in people}
    people += [Participant(None, None, (), t, span, "party.title", 0.6) for t in title.parties if t not in have]
    people = distinct(people)
    if len(people) < 2:
        return
    if told := next((t for p in body[:1] if (t := held(p))), None):
        base = told_by(page, told)
        yield replace(base, type=title.type, participants=tuple(people), rule="encounter.title", confidence=0.6)
        return
    hit = encounter_date(
        page, [p.text[:60] for p in body[:1]] + [m[0] for p in body[:1] for m in re.finditer(r"\b(?:today|yesterday)\b", p.text)]
    )
    yield Encounter("e1", title.type, hit, tuple(people), span, "encounter.title", confidence=0.6)
