"""A change of several graphs as SPARQL updates that may be repeated, in an order in which nothing half passes for whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import TypeVar

import pyoxigraph as ox

from communique.errors import StoreError
from communique.store.answers import plain

_Item = TypeVar("_Item")
Step = tuple[str, tuple[str, ...]]
"""A graph and the triples that it shall have, as N-Triples lines; without any it shall not be there."""
WAITING = "#waiting"
"""Ends the name of a graph that is written and not yet in place."""


def checked(graph: str, lines: Iterable[str], where: object) -> tuple[str, ...]:
    """N-Quads lines as N-Triples lines, each once, values as ``answers.plain`` has them.

    Raises ``StoreError`` if one is none or belongs to another graph.
    """
    try:
        quads = list(ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS))
        name = ox.NamedNode(graph)
    except (SyntaxError, ValueError) as error:
        raise StoreError(f"not N-Quads: {error}", where=where) from error
    stray = next((quad for quad in quads if quad.graph_name != name), None)
    if stray is not None:
        raise StoreError(f"a line of graph <{graph}> belongs to another: {str(stray)[:120]}", where=where)
    return tuple(dict.fromkeys(f"{quad.subject} {quad.predicate} {plain(quad.object)} ." for quad in quads))


def steps(put: Mapping[str, tuple[str, ...]], drop: Iterable[str]) -> list[Step]:
    """The steps of a change.

    A graph whose name goes on from another's behind a ``/`` was inferred from it.  First graphs go, a graph before what was inferred
    from it; one that comes anew together with that goes too.  Then graphs come, what was inferred before what it was inferred from.
    """
    above = {graph[:i] for graph in put for i, sign in enumerate(graph) if sign == "/"}
    gone = {*(g for g in drop if not put.get(g)), *(g for g, lines in put.items() if g in above or not lines)}
    return [*((g, ()) for g in sorted(gone)), *((g, put[g]) for g in sorted(put, reverse=True) if put[g])]


def update(found: Iterable[Step], edits: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType({})) -> str:
    """The steps, and the lines that go from graphs before them and come after them, as one update request."""
    gone = [_data("DELETE", graph, lines) for graph, (lines, _) in edits.items() if lines]
    come = [_data("INSERT", graph, lines) for graph, (_, lines) in reversed([*edits.items()]) if lines]
    return " ;\n".join([*gone, *(chunk(graph, lines, first=True) for graph, lines in found), *come])


def chunk(graph: str, lines: Sequence[str], *, first: bool) -> str:
    """Put lines into a graph, which is emptied if they are its first ones."""
    insert = [_data("INSERT", graph, lines)] if lines else []
    return " ;\n".join([f"DROP SILENT GRAPH {ox.NamedNode(graph)}"] * first + insert)


def _data(verb: str, graph: str, lines: Sequence[str]) -> str:
    return f"{verb} DATA {{ GRAPH {ox.NamedNode(graph)} {{\n" + "\n".join(lines) + "\n} }"


def switch(found: Iterable[Step]) -> str:
    """Bring the waiting graphs into place: copied and not moved, so that it may be repeated."""
    return " ;\n".join(
        f"COPY {ox.NamedNode(graph + WAITING)} TO {ox.NamedNode(graph)}" if lines else f"DROP SILENT GRAPH {ox.NamedNode(graph)}"
        for graph, lines in found
    )


def batched(items: Iterable[_Item], size: int) -> Iterator[tuple[_Item, ...]]:
    """The items, so many at a time."""
    rest = iter(items)
    while some := tuple(islice(rest, size)):
        yield some
