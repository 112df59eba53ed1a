"""The writer of a readout's graph: terms in canonical N-Quads, and the look-ups that every node needs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from communique.ingest.lexicon.lexicon import Lexicon
from communique.iris import CQ, Iris, concept
from communique.model import Extraction, Span

RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_UNSAFE = re.compile(r'[\x00-\x1f"\\\x7f]')
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f"}


def literal(value: str | int | float | bool, datatype: str | None = None) -> str:
    """A literal in canonical N-Quads: strings plain, truth values, integers and decimals typed."""
    if isinstance(value, str):
        text = _UNSAFE.sub(lambda m: _SHORT.get(m[0]) or f"\\u{ord(m[0]):04X}", value)
        return f'"{text}"^^<{_XSD}{datatype}>' if datatype else f'"{text}"'
    if isinstance(value, bool):
        return f'"{str(value).lower()}"^^<{_XSD}boolean>'
    if isinstance(value, int):
        return f'"{value}"^^<{_XSD}integer>'
    return f'"{f"{value:.4f}".rstrip("0").rstrip(".")}"^^<{_XSD}decimal>'


def day(value: str) -> str:
    """A date as far as it is known: day, month or year; anything else stays the string it is."""
    for datatype, pattern in (("date", r"\d{4}-\d\d-\d\d"), ("gYearMonth", r"\d{4}-\d\d"), ("gYear", r"\d{4}")):
        if re.fullmatch(pattern, value):
            try:
                date.fromisoformat(value + "-01-01"[len(value) - 4 :])
            except ValueError:
                break
            return literal(value, datatype)
    return literal(value)


def moment(value: str) -> datetime | None:
    """A time with its offset, or ``None`` if it is none."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else None


def clock(value: datetime) -> str:
    """A time with its offset as a literal."""
    return literal(value.isoformat().replace("+00:00", "Z"), "dateTime")


@dataclass(slots=True)
class Writer:
    """One graph in the making: the extraction, what is minted under it, and the lines so far."""

    x: Extraction
    iris: Iris
    lexicon: Lexicon
    readout: str = ""
    account: str = ""
    out: set[str] = field(default_factory=set)
    participations: dict[tuple[str | None, str], list[tuple[str, str]]] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    quoted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.readout = self.iris.readout(self.x.document)
        self.account = self.iris.account(self.readout)
        self.starts = [c.span.start for c in self.x.coverage]

    def part(self, kind: str, id_: object) -> str:
        return self.iris.part(self.readout, kind, id_)

    def add(self, s: str, p: str, term: str) -> None:
        """One quad; ``p`` is a term of the ontology, or an IRI in brackets."""
        self.out.add(f"<{s}> {p if p[0] == '<' else f'<{CQ}{p}>'} {term} <{self.account}> .")

    def say(self, s: str, p: str, value: str | int | float | bool | None, datatype: str | None = None) -> None:
        """A literal; nothing for ``None`` and for an empty string."""
        if value is not None and value != "":
            self.add(s, p, literal(value, datatype))

    def link(self, s: str, p: str, o: str) -> None:
        self.add(s, p, f"<{o}>")

    def type(self, s: str, *names: str) -> None:
        for name in names:
            self.link(s, RDF_TYPE, CQ + name)

    def span(self, s: str, span: Span) -> None:
        self.say(s, "start", span.start)
        self.say(s, "end", span.end)
        self.say(s, "quote", span.of(self.x.document.text))

    def claim(self, s: str, span: Span, rule: str, confidence: float) -> None:
        """What every claim has: offsets, quote, rule, confidence, and the sentence it stands in."""
        self.span(s, span)
        self.say(s, "derivedBy", rule)
        self.say(s, "confidence", float(confidence))
        if (sentence := self.sentence(span.start)) is not None:
            self.quoted.add(sentence)
            self.link(s, "evidence", self.part("segment", sentence))

    def sentence(self, offset: int) -> int | None:
        """The number of the sentence that stands at ``offset``."""
        i = bisect_right(self.starts, offset) - 1
        return i + 1 if i >= 0 and offset < self.x.coverage[i].span.end else None

    def party(self, code: str) -> str:
        """The concept of a party code, or a node of its own for a party that no vocabulary knows."""
        for kind in ("state", "organization", "forum"):
            if self.lexicon.facts(kind, code):
                return concept(kind, code)
        iri = self.iris.party(code)
        self.type(iri, "NonStateActor")
        self.say(iri, LABEL, code)
        return iri

    def known(self, kinds: Iterable[str], text: str, whole: bool) -> str | None:
        """The concept that ``text`` names (``whole``), or the first that it contains."""
        straight = text.replace("’", "'")
        for hit in self.lexicon.longest(straight, frozenset(kinds)):
            if not whole or (hit.start, hit.end) == (0, len(straight)):
                return concept(hit.label.kind, hit.label.id)
        return None

    def lines(self) -> list[str]:
        return sorted(self.out)
