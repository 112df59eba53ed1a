"""Whether every quad can be read: the engine keeps each in six orders, in files of their own, and all must hold the same.

A damaged file shows only when a question needs its order, so each order is read here from end to end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from communique.store.engine import Failure

_PLACES: Final = ("subject", "predicate", "object")


def faults(quads: ox.Store) -> Iterator[str]:
    """A line for each order that cannot be read, or that holds other quads than the order by graph."""
    terms: tuple[set[ox.NamedNode], ...] = (set(), set(), set())
    total = 0
    within = [0, 0, 0]
    broken: set[str] = set()
    try:
        graphs = sorted(quads.named_graphs(), key=str)
        for graph in graphs:
            own = list(quads.quads_for_pattern(None, None, None, graph))
            total += len(own)
            for i, place in enumerate(_PLACES):
                found = {getattr(quad, place) for quad in own}
                terms[i].update(found)
                try:
                    within[i] += _count(quads, i, found, graph)
                except Failure as error:
                    if place not in broken:
                        yield f"the order by graph and {place} cannot be read ({error})"
                    broken.add(place)
    except Failure as error:
        yield f"the order by graph cannot be read ({error})"
        return
    for i, place in enumerate(_PLACES):
        if place not in broken and within[i] != total:
            yield f"the order by graph and {place} holds {within[i]:,} quads of {total:,}"
        try:
            if (count := _count(quads, i, terms[i], None)) != total:
                yield f"the order by {place} holds {count:,} quads of {total:,}"
        except Failure as error:
            yield f"the order by {place} cannot be read ({error})"


def _count(quads: ox.Store, i: int, terms: Iterable[ox.NamedNode], graph: ox.NamedNode | ox.BlankNode | None) -> int:
    """The number of quads with one of the terms at place ``i``.

    Each answer is compared with what was asked: for numbers whose lowest byte is 255 the engine adds quads of other numbers.
    """
    count = 0
    for term in terms:
        asked = (term if i == 0 else None, term if i == 1 else None, term if i == 2 else None)
        count += sum(1 for quad in quads.quads_for_pattern(*asked, graph) if getattr(quad, _PLACES[i]) == term)
    return count
