"""A page as all rules of the header look at it, and who is named on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communique.ingest.encounters.telling import Telling
from communique.ingest.encounters.titles import TitleRead
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.people.appositions import joined, who_of
from communique.ingest.people.names import fold
from communique.ingest.people.parses import Parse, Who
from communique.ingest.sources import Source
from communique.model import BlockKind, Document, Span

FRAME = frozenset({BlockKind.NAV, BlockKind.DATELINE, BlockKind.TITLE, BlockKind.CAPTION, BlockKind.BOILERPLATE})


@dataclass(frozen=True, slots=True)
class Page:
    """What all rules of the header look at; ``opening``: what is told before a clause names both sides, a visit or a session."""

    document: Document
    source: Source
    parses: tuple[Parse, ...]
    title: TitleRead
    day: date | None
    forms: dict[str, list[tuple[str, str | None]]]
    lexicon: Lexicon
    tellings: tuple[Telling, ...] = ()
    opening: tuple[Telling, ...] = ()

    @property
    def order(self) -> str | None:
        """The publisher whose order of Japanese names counts: before 2020 all wrote the given name first."""
        return None if self.day is not None and self.day.year < 2020 else self.source.party

    def forms_of(self, name: str, party: str | None) -> list[str]:
        """How the page addresses whoever bears a word of this name; what it calls somebody of another state is none of his."""
        named = (form for word in fold(name).split() for form in self.forms.get(word, ()))
        return [form for form, theirs in named if party is None or theirs in (None, party)]


# Behind these a given name stands: "Sir Edmund" is no family name.
_KNIGHT = ("Sir ", "Dame ")


def address_forms(parses: Iterable[Parse], title: TitleRead) -> dict[str, list[tuple[str, str | None]]]:
    """The names that stand after an office or a form of address in the text or the title, under each folded word, with their states."""
    forms: dict[str, list[tuple[str, str | None]]] = {}
    names = [
        (q.name_in(p.text), q.party)
        for p in parses
        for q in p.persons
        if q.name and (q.offices or q.honorific) and (not q.offices or q.name[0] > p.line.words[q.offices[0].first].start)
        if not p.text.endswith(_KNIGHT, 0, q.name[0])
    ]
    for name, party in [*names, *((w.name, w.party) for w in title.persons if w.offices)]:
        if name:
            for word in fold(name).split():
                forms.setdefault(word, []).append((name, party))
    return forms


def span_of(p: Parse, start: int, end: int) -> Span:
    return p.sentence.view.span(start, end)


def holders(p: Parse) -> list[Who]:
    """The persons of a sentence, with the office that stands apart from a name: ``External Affairs Minister, Dr. Name Name``."""
    apart = any(q.offices and not q.name for q in p.persons)
    return joined(p, list(p.persons)) if apart else [who_of(p, q) for q in p.persons]
