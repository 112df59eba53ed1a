"""What constraints look at: one readout in memory above the layers below it, or the nodes that join readouts, in the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox

from communique.iris import Iris
from communique.ontology.layers import Reference
from communique.ontology.shapes import Constraint, Row
from communique.ontology.terms import TYPE, Triple
from communique.store import Store


def joined(iris: Iris) -> tuple[str, ...]:
    """The graphs that join readouts."""
    return tuple(g for name in ("global", "reference") for g in (iris.graph(name), iris.inferred(iris.graph(name))))


class Below:
    """What ``constraints`` on readouts can ask of vocabularies and the reference graph: types, and what queries look at."""

    def __init__(self, reference: Reference, constraints: Iterable[Constraint]) -> None:
        some = tuple(constraints)
        self.asked = frozenset(p for c in some for p in c.predicates)
        self.back = frozenset({TYPE, *(p for c in some for p, back in c.path if back)})
        ground = reference.ground
        told = (*ground.triples, *reference.triples)
        self.about: dict[str, list[Triple]] = defaultdict(list)
        for triple in told:
            if triple[1] in self.asked and triple[1] != TYPE:
                self.about[triple[0]].append(triple)
        self.types = {(s, o) for s, p, o in (*told, *ground.rules.infer(ground.triples), *reference.own()) if p == TYPE}


class ReadoutView:
    """The statements of one readout, told and inferred."""

    def __init__(self, statements: Iterable[Triple], below: Below) -> None:
        self._below = below
        self.triples = list(statements)
        self._out: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._into: dict[tuple[str, str], list[str]] = defaultdict(list)
        back = below.back
        for s, p, o in self.triples:
            self._out[s, p].append(o)
            if p in back:
                self._into[p, o].append(s)

    def nodes(self, class_: str) -> Iterable[str]:
        """The nodes of a class."""
        return dict.fromkeys(self._into.get((TYPE, class_), ()))

    def few(self, _: str) -> None:
        """All nodes of a readout are looked at."""

    def out(self, s: str, p: str) -> Iterable[str]:
        """The objects of a subject and a property."""
        return self._out.get((s, p), ())

    def into(self, p: str, o: str) -> Iterable[str]:
        """The subjects of a property and an object."""
        return self._into.get((p, o), ())

    def is_a(self, term: str, class_: str) -> bool:
        """Whether a thing is of a class, here or below."""
        return class_ in self._out.get((term, TYPE), ()) or (term, class_) in self._below.types

    def ask(self, query: str) -> Iterator[Row]:
        """The rows of a query over what bears the properties that queries look at."""
        found = self._quads.query(query)
        assert isinstance(found, ox.QuerySolutions)
        names = [v.value for v in found.variables]
        for row in found:
            yield {name: str(term) for name, term in zip(names, row, strict=True) if term is not None}

    @cached_property
    def _quads(self) -> ox.Store:
        asked, about = self._below.asked, self._below.about
        some = {t for t in self.triples if t[1] in asked and (t[1] != TYPE or t[2] in asked)}
        some.update(t for _, _, o in tuple(some) for t in about.get(o, ()))
        quads = ox.Store()
        quads.load("\n".join(f"{s} {p} {o} ." for s, p, o in some).encode(), ox.RdfFormat.N_TRIPLES)
        return quads


class JoinedView:
    """The nodes of the graphs that join readouts, or those ``among`` some terms, with all that is said of them."""

    def __init__(self, store: Store, iris: Iris, among: Collection[str] | None = None) -> None:
        self._store = store
        self._graphs = joined(iris)
        self._among = among
        self._few: dict[str, tuple[str, ...]] = {}

    def nodes(self, class_: str) -> Iterable[str]:
        """The nodes of a class in the global and the reference graph."""
        few = self.few(class_)
        return few if few is not None else dict.fromkeys(s for g in self._graphs for s, *_ in self._store.match(None, TYPE, class_, g))

    def few(self, class_: str) -> tuple[str, ...] | None:
        """The nodes of a class among the terms, if not all are looked at."""
        if self._among is not None and class_ not in self._few:
            match = self._store.match
            self._few[class_] = tuple(n for n in self._among if any(True for g in self._graphs for _ in match(n, TYPE, class_, g)))
        return None if self._among is None else self._few[class_]

    def out(self, s: str, p: str) -> Iterable[str]:
        """The objects of a subject and a property."""
        return dict.fromkeys(o for _, _, o, _ in self._store.match(s, p, None))

    def into(self, p: str, o: str) -> Iterable[str]:
        """The subjects of a property and an object."""
        return dict.fromkeys(s for s, *_ in self._store.match(None, p, o))

    def is_a(self, term: str, class_: str) -> bool:
        """Whether a thing is of a class."""
        return any(True for _ in self._store.match(term, TYPE, class_))

    def ask(self, query: str) -> Iterator[Row]:
        """The rows of a query over the whole store."""
        found = self._store.select(query)
        for row in found:
            yield {name: str(term) for name, term in zip(found.variables, row, strict=True) if term is not None}
