"""Triples of an ontology with their indexes, and the names of the languages that it is written in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from communique.errors import ReasoningError
from communique.ontology import terms
from communique.ontology.terms import Triple, short


class Names:
    """The terms of a vocabulary by name: ``OWL.sameAs`` is ``<http://www.w3.org/2002/07/owl#sameAs>``."""

    def __init__(self, base: str) -> None:
        self._base = base

    def __getattr__(self, name: str) -> str:
        return f"<{self._base}{name}>"


OWL, RDF, RDFS, XSD = Names(terms.OWL), Names(terms.RDF), Names(terms.RDFS), Names(terms.XSD)
TYPE = terms.TYPE


class Facts:
    """Triples in the order in which they came, each once."""

    def __init__(self, triples: Iterable[Triple], standard: bool = False) -> None:
        self._standard = standard
        self.triples = tuple(dict.fromkeys(triples))
        self._known = frozenset(self.triples)
        self._out: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._into: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for s, p, o in self.triples:
            self._out[s].append((p, o))
            self._into[o].append((s, p))
            self._pairs[p].append((s, o))

    def __contains__(self, triple: Triple) -> bool:
        return triple in self._known

    def pairs(self, p: str) -> list[tuple[str, str]]:
        """Subjects and objects of a property."""
        return self._pairs.get(p, [])

    def about(self, s: str) -> list[tuple[str, str]]:
        """Properties and objects of a subject."""
        return self._out.get(s, [])

    def uses(self, o: str) -> list[tuple[str, str]]:
        """Subjects and properties of an object."""
        return self._into.get(o, [])

    def objects(self, s: str, p: str) -> list[str]:
        return [o for q, o in self.about(s) if q == p]

    def subjects(self, p: str, o: str) -> list[str]:
        return [s for s, q in self.uses(o) if q == p]

    def value(self, s: str, p: str) -> str | None:
        return next(iter(self.objects(s, p)), None)

    def members(self, head: str) -> list[str]:
        """The members of a list.  Raises ``ReasoningError`` if it is empty, or no list, or has a cell with more than one value.

        Cells of a ``standard`` reading may have several values, where some are the same: any one will do.
        """
        out: list[str] = []
        cells: set[str] = set()
        while head != RDF.nil:
            first, rest = self.objects(head, RDF.first), self.objects(head, RDF.rest)
            whole = first and rest if self._standard else len(first) == len(rest) == 1
            if not whole or head in cells:
                raise ReasoningError("a list of the ontology is broken", where=self.named(head), todo="give each of its cells one value")
            cells.add(head)
            out.append(min(first))
            head = min(rest)
        if not out:
            raise ReasoningError("a list of the ontology is empty", where=self.named(head), todo="name its members")
        return out

    def named(self, node: str) -> str:
        """What a person can find a node by: its name or, for a nameless one, the first name that it leads to or is used by."""
        seen: set[str] = set()
        todo = [node]
        while todo:
            here = todo.pop(0)
            if here[0] == "<" and here != RDF.nil and not here.startswith((f"<{terms.OWL}", f"<{terms.RDF}")):
                return short(here)
            if here not in seen and here.startswith("_:"):
                seen.add(here)
                todo += sorted((o for _, o in self.about(here)), key=lambda o: o.startswith("_:"))
                todo += [s for s, _ in self.uses(here)]
        return "(axiom)"

    def match(self, patterns: tuple[Triple, ...], bound: dict[str, str] | None = None) -> Iterator[tuple[dict[str, str], list[Triple]]]:
        """The ways to match patterns, as what their variables stand for and the triples used; properties are constant."""
        bound = bound or {}
        if not patterns:
            yield bound, []
            return
        s, p, o = (bound.get(t, t) for t in patterns[0])
        pairs = [(s, v) for v in self.objects(s, p)] if s[0] != "?" else self.pairs(p)
        for pair in pairs:
            more: dict[str, str] = {}
            if all(_fits(pattern, term, more) for pattern, term in zip((s, o), pair, strict=True)):
                for found, used in self.match(patterns[1:], bound | more):
                    yield found, [(pair[0], p, pair[1]), *used]


def _fits(pattern: str, term: str, bound: dict[str, str]) -> bool:
    """Whether a term fits; a bare number fits a literal with that number in any numeric type."""
    if pattern[0] == "?":
        return bound.setdefault(pattern, term) == term
    return term.strip('"').split('"')[0] == pattern if pattern.isdigit() and term[0] == '"' else term == pattern
