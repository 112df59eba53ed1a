"""An encounter that a page tells without naming anybody again: its first sentence names both sides and what one said of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.ingest.encounters.circumstances import told_by
from communique.ingest.encounters.making import encounters_of
from communique.ingest.encounters.page import Page
from communique.ingest.encounters.telling import Telling
from communique.ingest.people.appositions import joined
from communique.ingest.people.parses import Parse, Who, grammar
from communique.model import Encounter

RULE = "encounter.recalled"
# In how many sentences behind the first the encounter may be told.
_NEAR = 4


def recalled(page: Page, body: Sequence[Parse]) -> list[Encounter]:
    """``Minister A has lauded Ambassador B. She did so on Monday, when the diplomat paid a farewell call on her``."""
    two = _two(page, body[0]) if body else ()
    told = next((t for p in body[:_NEAR] if (t := _told(p)) is not None), None) if two else None
    if told is None:
        return []
    first = body[0]
    both = replace(
        told, parse=first, start=two[0].start, end=two[1].end, subjects=two[:1], objects=two[1:], scope=((two[0].start, two[1].end),)
    )
    made = encounters_of(page, both, ())
    said = told_by(page, told)
    return [replace(e, type=said.type, date=said.date, place=said.place, place_span=said.place_span) for e in made or ()]


def _two(page: Page, p: Parse) -> tuple[Who, ...]:
    """The two whom a sentence names, of two sides, and nobody else."""
    people = tuple(w for w in joined(p, [q for q in p.persons if not q.possessive]) if w.name)
    sides = {w.party or page.source.party for w in people}
    return people if len(people) == len(sides) == 2 else ()


def _told(p: Parse) -> Telling | None:
    """The words that tell of an encounter of those who were named before: ``when they met``, ``during their meeting``."""
    g = grammar()
    m = g.search("recalled", p.text)
    if m is None:
        return None
    noun = next((n for n in g.nouns.finditer(p.text, m.start(), min(len(p.text), m.end() + len(" a farewell courtesy call")))), None)
    kind = g.types.get(noun[0].lower(), "meeting") if noun else "call" if "spoke" in m[0] else "meeting"
    kind = "meeting" if kind == "dialogue" else kind
    return Telling(p, m.start(), m.end(), kind, (), (), False, ((0, len(p.text)),), RULE)
