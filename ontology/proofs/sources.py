"""What proofs look up: quads by pattern, in one readout's layers or in the whole store, told apart from what was inferred.

A node that a readout mints stands in few graphs, so everything about it is read at once and kept; of a node that readouts share,
only what is asked for is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from communique.iris import CQ, Iris
from communique.ontology.proofs.proof import SAME
from communique.ontology.terms import Triple
from communique.store import Store

Found = list[tuple[str, str]]
Scope = tuple[str, ...]
"""Graphs to look in; none means all."""
_RECORD = f"<{CQ}derivedBy>"


class Sources:
    """The quads of one store as proofs see them, with what was looked up already."""

    def __init__(self, store: Store, iris: Iris) -> None:
        self.store = store
        self.iris = iris
        self._own = f"<{iris.base}id/readout/"
        self._ontology, self._global, *self._below = (iris.graph(name) for name in ("ontology", "global", "vocabulary", "reference"))
        self._about: dict[tuple[str, str], dict[str, Found]] = {}
        self._shared: dict[tuple[str, str, str, str], Found] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._told: dict[str, bool] = {}

    def scope(self, graph: str) -> Scope:
        """What the statements of a graph can rest on: an account and the layers below it, or everything."""
        base = graph.removesuffix("/inferred")
        if base == self._ontology:
            graphs = [base]
        elif base in self._below or self.iris.readout_of(base):
            graphs = list(dict.fromkeys([base, *self._below]))
        else:
            graphs = []
        return tuple(g for one in graphs for g in (one, self.iris.inferred(one)))

    def told(self, s: str, graph: str) -> bool:
        """Whether a statement about ``s`` is told: by an account, a vocabulary, the ontology, or as a recorded decision."""
        if graph not in self._told:
            self._told[graph] = not self.iris.is_inferred(graph) and (
                bool(self.iris.readout_of(graph)) or graph == self._ontology or graph in self._below
            )
        return self._told[graph] or (graph == self._global and bool(self.out(s, _RECORD, (graph,))))

    def graphs(self, triple: Triple, scope: Scope) -> tuple[str, ...]:
        """The graphs that hold a triple, sorted."""
        s, p, o = triple
        if s.startswith(self._own):
            return tuple(sorted({g for value, g in self.out(s, p, scope) if value == o}))
        return tuple(sorted({g for graph in scope or (None,) for *_, g in self.store.match(s, p, o, graph)}))

    def out(self, s: str, p: str, scope: Scope) -> Found:
        """The objects of a subject and a property, with the graphs that say so."""
        if s[0] == '"':
            return []
        return _within(self._of(s).get(p, []), scope) if s.startswith(self._own) else self._look(s, p, "", scope)

    def into(self, p: str, o: str, scope: Scope) -> Found:
        """The subjects of a property and an object, with the graphs that say so."""
        return _within(self._of(o, "o").get(p, []), scope) if o.startswith(self._own) else self._look("", p, o, scope)

    def about(self, s: str, scope: Scope) -> Iterator[tuple[str, str, str]]:
        """Everything that is said of a node: property, object and graph."""
        if s.startswith(self._own):
            yield from ((p, o, g) for p, found in self._of(s).items() for o, g in _within(found, scope))
        elif s[0] != '"':
            yield from ((p, o, g) for graph in scope or (None,) for _, p, o, g in self.store.match(s, None, None, graph))

    def names(self, term: str) -> tuple[str, ...]:
        """All names of a thing by the decisions of the reference graph, itself first."""
        if term[0] == '"':
            return (term,)
        if term not in self._names:
            scope = (self._below[1],)
            found, todo = {term: None}, [term]
            while todo:
                name = todo.pop()
                for other, _ in [*self.out(name, SAME, scope), *self.into(SAME, name, scope)]:
                    if other not in found:
                        found[other] = None
                        todo.append(other)
            self._names[term] = (term, *sorted(found.keys() - {term}))
        return self._names[term]

    def _of(self, node: str, end: str = "s") -> dict[str, Found]:
        if (node, end) not in self._about:
            quads = self.store.match(node, None, None) if end == "s" else self.store.match(None, None, node)
            self._about[node, end] = _by((p, o if end == "s" else s, g) for s, p, o, g in quads)
        return self._about[node, end]

    def _look(self, s: str, p: str, o: str, scope: Scope) -> Found:
        out: Found = []
        for graph in scope or ("",):
            key = (s, p, o, graph)
            if key not in self._shared:
                quads = self.store.match(s or None, p, o or None, graph or None)
                self._shared[key] = [(subject if o else value, g) for subject, _, value, g in quads]
            out += self._shared[key]
        return out


def _by(rows: Iterable[tuple[str, str, str]]) -> dict[str, Found]:
    found: dict[str, Found] = defaultdict(list)
    for p, other, graph in rows:
        found[p].append((other, graph))
    return dict(found)


def _within(found: Found, scope: Scope) -> Found:
    return [(term, graph) for term, graph in found if graph in scope] if scope else found
