"""A store under other names: one name for each thing, or all of them, as the decisions of the reference graph have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from communique.iris import Iris
from communique.ontology.identity import Identity, identity
from communique.ontology.layers import triples
from communique.store import Store, open_store

_BATCH = 50_000


class Names(StrEnum):
    """Each readout's own names, one name a thing, or every name that a thing has."""

    OWN = "own"
    ONE = "one"
    ALL = "all"


def under(store: Store, iris: Iris, names: Names) -> Store:
    """A copy of a store in memory, in which every graph but the reference graph uses the names that are wanted.

    With ``ONE`` a question finds a person by the name of the authority file; with ``ALL`` it finds everything that follows from the
    decisions, under every name, which can be many times as much.
    """
    reference = iris.graph("reference")
    assert names is not Names.OWN  # that is the store itself
    found = identity(triples(store.dump(reference)), lambda name: iris.readout_of(name[1:-1]) is not None)
    copy = open_store("memory:")
    put: dict[str, list[str]] = {}
    size = 0
    for graph in store.graphs():
        lines = store.dump(graph)
        put[graph] = sorted(lines if graph == reference else set(_named(lines, graph, found, names)))
        size += len(put[graph])
        if size > _BATCH:
            copy.apply(put)
            put, size = {}, 0
    copy.apply(put)
    return copy


def _named(lines: Iterable[str], graph: str, found: Identity, names: Names) -> Iterator[str]:
    for triple in triples(lines):
        for s, p, o in (found.fold(triple),) if names is Names.ONE else found.expand(triple):
            yield f"{s} {p} {o} <{graph}> ."
