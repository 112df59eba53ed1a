"""Encounters that the sections of a page introduce: its lead tells of several at once, and each heading or paragraph tells of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from communique.ingest.encounters.circumstances import near
from communique.ingest.encounters.dates import find_dates
from communique.ingest.encounters.delegations import parties_named
from communique.ingest.encounters.page import Page
from communique.ingest.encounters.sides import objects_after
from communique.ingest.encounters.telling import Telling
from communique.ingest.people.parses import Parse, Who, grammar
from communique.model import BlockKind, Encounter

RULE = "encounter.section"
# What a heading may have beside the person: a number or a mark before, a colon or a day behind.
_MARGIN = 6
# A person in front of the subject of a paragraph: "With the Foreign Minister of A, B, the Minister discussed", "Kenya: With ...".
_WITH = re.compile(r"(?:\W{0,4}[A-Z][\w ]{2,40}: |\W{0,4})With (?=the |his |her |[A-Z])")
# Whom the subject of a paragraph spoke to: "Lastly, Name informed the Foreign Minister of A, B, of ...".
_TOLD = re.compile(
    r"(?:(?:Lastly|Finally|Then|Later|Also|In turn|Furthermore|In addition),? )?"
    r"(?:[A-Z][\w'-]+|(?:[Hh]e|[Ss]he)|[Tt]he (?:[Mm]inister|[Ss]ecretary))"
    r" (?:also |then |further )?(?:informed|told|thanked|congratulated|assured|briefed|expressed to|conveyed to) (?=the |[A-Z])"
)
# "The first was with the Foreign Minister of A, B."
_ORDINAL = re.compile(
    r"The (?:first|second|third|fourth|fifth|sixth|next|last|final)(?: (?:of (?:them|these)|one|meeting|call|conversation))?,?"
    r" (?:was|took place)(?: held)? with (?=the |his |her |[A-Z])"
)
# How far behind the first word of a paragraph its person may begin.
_OPENS = 12
# How far behind the words of an overview it may say that there were several.
_SEVERAL = 50
# Where in the first sentences of a section the day of its encounter stands.
_FIRST = 60


def overview(tellings: Sequence[Telling]) -> Telling | None:
    """The clause that tells of several encounters without saying with whom: ``held a number of bilateral meetings``."""
    told = (t for t in tellings if t.subjects and not any(w.name for w in t.objects))
    return next((t for t in told if grammar().patterns["many"].search(t.parse.text, t.start, t.end + _SEVERAL)), None)


def sectioned(tellings: Sequence[Telling], body: Sequence[Parse], own: str | None) -> list[Telling]:
    """The encounters that the sections behind an overview introduce, each by the first words of its block."""
    lead = overview(tellings)
    if lead is None:
        return []
    found: list[Telling] = []
    told = {t.parse.sentence.index for t in tellings if t.objects}
    for p in body:
        first = p.sentence.span.start - p.sentence.block.span.start < len("(1) ** ")
        if not first or p.sentence.index <= lead.parse.sentence.index or p.sentence.index in told:
            continue
        who = next(iter(_introduced(p, own)), None)
        if who is not None:
            found.append(Telling(p, who.start, who.end, lead.type, (), (who,), False, ((0, len(p.text)),), RULE))
    return found


def _introduced(p: Parse, own: str | None) -> Iterator[Who]:
    """Whom a section is about, by its heading or by the first words of its paragraph."""
    if p.sentence.block.kind is BlockKind.HEADING:
        people = objects_after(p, 0)
        if len(people) == 1 and people[0].start <= _MARGIN and len(p.text) - people[0].end <= _MARGIN and _foreign(people[0], own):
            yield people[0]
        return
    m = _WITH.match(p.text) or _TOLD.match(p.text) or _ORDINAL.match(p.text)
    people = objects_after(p, m.end() if m else 0)
    if not people or not people[0].name or not people[0].offices:
        return
    who = people[0]
    if m and who.start - m.end() < _MARGIN:
        label = next(parties_named(p, 0, m.end()), None)
        yield who if who.party or label is None else replace(who, party=label.party)
    elif not m and who.start <= _OPENS and _foreign(who, own):
        yield who


def _foreign(who: Who, own: str | None) -> bool:
    return bool(who.name and who.party and who.party != own)


def of_section(page: Page, lead: Encounter, base: Encounter, telling: Telling, so_far: Sequence[Encounter]) -> Encounter:
    """When and where an encounter was that a section tells of: as its first words say, else as the lead says of all."""
    p = telling.parse
    behind = next((q for q in page.parses if q.sentence.index == p.sentence.index + 1), p)
    words = (p.text[: telling.start], p.text[telling.end : telling.end + _FIRST], behind.text[:_FIRST])
    days = [h.iso for text in words for h in find_dates(text, page.day) if h.how in ("full", "day", "weekday")]
    again = so_far and any(grammar().patterns["same_day"].search(text) for text in words)
    day = so_far[-1].date if again else next((day for day in days if near(day, lead.date or day)), lead.date)
    base = replace(base, date=day, occasion=base.occasion or lead.occasion, occasion_span=base.occasion_span or lead.occasion_span)
    return base if base.place else replace(base, place=lead.place, place_span=lead.place_span)
