"""Readouts that were withdrawn: gone with everything that was read from them, but for a word that they were here, and why they are not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from communique.iris import Iris
from communique.store import Store

TOMBSTONE: Final = "https://www.w3.org/ns/activitystreams#Tombstone"
COMMENT: Final = "http://www.w3.org/2000/01/rdf-schema#comment"
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
NAME: Final = "withdrawn"


def record(store: Store, iris: Iris, readouts: Iterable[str], why: str) -> None:
    """Note that readouts were withdrawn; who asks for one of them is told ``why``."""
    graph = iris.graph(NAME)
    told = set(store.dump(graph)) if store.has(graph) else set()
    for readout in readouts:
        told = {line for line in told if not line.startswith(f"<{readout}> ")}
        told.add(f"<{readout}> <{_TYPE}> <{TOMBSTONE}> <{graph}> .")
        told.add(f"<{readout}> <{COMMENT}> {ox.Literal(why)} <{graph}> .")
    store.put_graph(graph, sorted(told))


def settle(store: Store, iris: Iris) -> None:
    """Take back what was noted of readouts that were read again."""
    graph = iris.graph(NAME)
    if not store.has(graph):
        return
    told = list(store.dump(graph))
    left = [line for line in told if not store.has(iris.account(line[1 : line.index("> ")]))]
    if len(left) < len(told):
        store.apply({graph: left} if left else {}, drop=() if left else (graph,))
