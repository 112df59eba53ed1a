"""Keeps the cubes in step with the readouts: what has been counted is known, so a change of few readouts changes few figures.

Each inferred graph has the tally of its account.  ``graph/tallies`` has the tallies that are counted in the cubes, and these change in one
transaction with ``graph/global``, whose pairs tell which accounts are of one encounter.  So a figure is always the sum over the tallies
that are counted, with the pairs that are stored; and what has to be done is what differs between the tallies.  Whoever writes or drops an
inferred graph enters it in the journal, ``graph/uncounted``, in the same transaction, so only these are compared.  Each cube is a graph;
``graph/aggregates`` describes them, and its mark says that they are whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pyoxigraph as ox

from communique.iris import CQ, Iris
from communique.ontology import ledger
from communique.ontology.aggregates import extremes
from communique.ontology.aggregates.cells import Cell, Figure, held, told
from communique.ontology.aggregates.structure import Value, cubes, declared, figure
from communique.ontology.aggregates.tally import Heard, Tally, read, tally, write
from communique.ontology.terms import OWL, XSD, Triple
from communique.store import Edit, Store

_PAIRED = f"<{CQ}pairedWith>"
_TALLY = f"<{CQ}tally>"
_UNCOUNTED = f"<{CQ}uncounted>"
_AT_ONCE = 500
_CELLS = 50_000
_FEW = 8  # to count everything anew costs about as much as to change this share of it
_Thing = TypeVar("_Thing")
Pairs = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting changes: graphs that are written whole, and lines of graphs."""

    put: Mapping[str, Sequence[str]]
    edit: Mapping[str, Edit]


def tally_of(graph: str, triples: Iterable[Triple], who: Mapping[str, str], iris: Iris) -> Iterator[Triple]:
    """What of an account is counted, from its triples and what follows from them: a triple about its inferred graph, or none.

    ``who`` gives the representative of a name that is not its own.
    """
    if found := tally(triples, who, iris):
        yield f"<{graph}>", _TALLY, str(ox.Literal(write(found, iris)))


def journal(graphs: Iterable[str], iris: Iris) -> dict[str, Edit]:
    """The entries for inferred graphs that are written or dropped; they belong into the same transaction."""
    lines = [_entry(graph, iris) for graph in graphs if iris.readout_of(graph) and iris.is_inferred(graph)]
    return {iris.graph("uncounted"): Edit([], lines)} if lines else {}


def count(store: Store, iris: Iris, joined: Sequence[str], again: bool = False) -> Counted:
    """How tallies and cubes change so that they count what the inferred graphs tell, with the pairs in ``joined``, the lines that
    ``graph/global`` will have; all this must be written in one transaction.

    Only what is in the journal is looked at, and tallies of graphs that are gone; all of them ``again``, or on a server, where a journal
    may have been broken off.  If much has changed, or another version has counted, the cubes are written here, and what is left to
    write says that they are whole.
    """
    tallies, mark, uncounted = (iris.graph(name) for name in ("tallies", "aggregates", "uncounted"))
    entries = [subject[1:-1] for subject, *_ in store.match(None, _UNCOUNTED, None, uncounted)]
    old, new = _changed(store, iris) if again or store.capabilities.remote else _listed(store, iris, entries)
    if not _current(store, mark) or _FEW * max(len(old), len(new)) > store.count(tallies):
        anew = _anew(store, iris, joined)
        return Counted({**anew.put, uncounted: ()}, {}) if entries else anew
    before, after = ({graph: read(text, iris) for graph, text in some.items()} for some in (old, new))
    gone, come = (extremes.told(some.values()) for some in (before, after))
    edit = _edits(store, iris, _difference(store, iris, before, after, _pairs(joined)), gone, come)
    edit[tallies] = Edit(*([_line(g, text, iris) for g, text in some.items()] for some in (old, new)))
    edit[uncounted] = Edit([_entry(graph, iris) for graph in entries], [])
    edit = {graph: e for graph, e in edit.items() if e.remove or e.add}
    if edit and store.capabilities.remote:
        # Not every server does all or nothing.  The mark goes first and comes last, so what was broken off is counted anew.
        edit = {mark: Edit([_mark(mark)], [_mark(mark)]), **edit}
    return Counted({}, edit)


def _anew(store: Store, iris: Iris, joined: Sequence[str]) -> Counted:
    """Count everything from nothing."""
    mark, tallies = iris.graph("aggregates"), iris.graph("tallies")
    names = [iris.cube(name) for name in cubes()]
    store.apply({}, drop=[mark, *names])
    found = _tallies(store)
    total: Counter[Figure] = Counter()
    encounters: dict[str, Heard] = {}
    outer: dict[Figure, str] = {}
    for text in found.values():
        heard = read(text, iris)
        total.update(told(heard))
        new = extremes.told([heard])
        outer.update(extremes.best({key: {*values, outer[key]} if key in outer else values for key, values in new.items()}))
        encounters.update((h.encounter, h) for h in heard)
    for group in _groups(encounters, _pairs(joined)):
        total.update(held(encounters[e] for e in group if e in encounters))
    whole: dict[Figure, Value] = {**total, **outer}
    cells = list(_by_cell(whole).items())
    # A server takes a few thousand lines at a time.
    for part in _parts(cells, _AT_ONCE if store.capabilities.remote else _CELLS):
        some: dict[str, list[str]] = defaultdict(list)
        for cell, figures in part:
            graph = iris.cube(cell[0])
            some[graph] += _lines(cubes()[cell[0]].observation(cell, figures, iris), graph)
        store.apply({}, edit={graph: Edit([], lines) for graph, lines in some.items()})
    headings = (t for cube in cubes().values() for t in cube.heading(iris))
    heading = [_mark(mark), *_lines((*declared().triples, *headings), mark)]
    return Counted({tallies: [_line(graph, text, iris) for graph, text in found.items()], mark: heading}, {})


def _difference(store: Store, iris: Iris, old: Mapping[str, Tally], new: Mapping[str, Tally], after: Pairs) -> Counter[Figure]:
    """By how much each figure grows, if tallies of accounts and pairs of encounters change; what stays is not in it."""
    before = _stored_pairs(store, iris)
    sides = [{heard.encounter: heard for found in some.values() for heard in found} for some in (old, new)]
    touched = {e for side in sides for e in side}
    touched.update(e for e in before.keys() | after.keys() if before.get(e) != after.get(e))
    # Whoever is in a group with them, before or after, is touched too.
    while more := {x for pairs in (before, after) for group in _groups(touched, pairs) for x in group} - touched:
        touched |= more
    others = touched - {e for side in sides for e in side}
    graphs = {iris.inferred(iris.account(r)) for e in others if (r := iris.readout_of(e))} - old.keys() - new.keys()
    kept = {h.encounter: h for text in _counted(store, iris, sorted(graphs)).values() for h in read(text, iris)}
    out: Counter[Figure] = Counter()
    for sign, some, side, pairs in ((-1, old, sides[0], before), (1, new, sides[1], after)):
        known = kept | side
        added = [*map(told, some.values()), *(held(known[e] for e in group if e in known) for group in _groups(touched, pairs))]
        for figures in added:
            for key, n in figures.items():
                out[key] += sign * n
    return Counter({key: n for key, n in out.items() if n})


def _edits(store: Store, iris: Iris, difference: Counter[Figure], left: extremes.Values, new: extremes.Values) -> dict[str, Edit]:
    """The lines of observations that go and that come, by cube."""
    gone: dict[str, list[str]] = defaultdict(list)
    come: dict[str, list[str]] = defaultdict(list)
    growth = _by_cell(difference)
    cells = dict.fromkeys((*growth, *(cell for cell, _ in (*left, *new))))
    now = _now(store, iris, cells)
    for cell in cells:
        cube, name, graph = cubes()[cell[0]], iris.observation(*cell), iris.cube(cell[0])
        sums, outer = now.get(name, ({}, {}))
        total = {m: sums.get(m, 0) + growth.get(cell, {}).get(m, 0) for m in cube.measures}
        before: Mapping[str, Value] = {**sums, **outer}
        if not any(total.values()):
            gone[graph] += _lines(cube.observation(cell, before, iris), graph) if before else []
            continue
        after: Mapping[str, Value] = {**total, **extremes.renewed(store, cell, cube.attributes, outer, left, new)}
        if not before:
            come[graph] += _lines(cube.observation(cell, after, iris), graph)
            continue
        changed = [m for m in after if after[m] != before[m]]
        gone[graph] += _lines((figure(f"<{name}>", m, before[m]) for m in changed), graph)
        come[graph] += _lines((figure(f"<{name}>", m, after[m]) for m in changed), graph)
    return {graph: Edit(gone[graph], come[graph]) for graph in sorted({*gone, *come})}


def _now(store: Store, iris: Iris, cells: Iterable[Cell]) -> dict[str, tuple[dict[str, int], dict[str, str]]]:
    """The measures and the attributes that stand in the store, by observation."""
    out: dict[str, tuple[dict[str, int], dict[str, str]]] = {}
    by_cube: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        by_cube[cell[0]].append(f"<{iris.observation(*cell)}>")
    for name, nodes in by_cube.items():
        measures, attributes = cubes()[name].measures, cubes()[name].attributes
        both = (*measures, *attributes)
        wanted, figures = " ".join(f"?{m}" for m in both), " ; ".join(f"<{CQ}{m}> ?{m}" for m in both)
        for some in _parts(nodes):
            place = f"VALUES ?o {{ {' '.join(some)} }} GRAPH <{iris.cube(name)}> {{ ?o {figures} }}"
            for o, *found in store.select(f"SELECT ?o {wanted} {{ {place} }}"):
                values = [value.value for value in found]  # type: ignore[union-attr]
                sums = dict(zip(measures, map(int, values), strict=False))
                out[o.value] = sums, dict(zip(attributes, values[len(measures) :], strict=True))  # type: ignore[union-attr]
    return out


def _by_cell(figures: Mapping[Figure, _Thing]) -> dict[Cell, dict[str, _Thing]]:
    out: dict[Cell, dict[str, _Thing]] = defaultdict(dict)
    for (cell, measure), value in figures.items():
        out[cell][measure] = value
    return out


def _groups(encounters: Iterable[str], pairs: Pairs) -> Iterator[set[str]]:
    """Encounters with all those that pairs join them with: each group is one event."""
    seen: set[str] = set()
    for encounter in encounters:
        if encounter in seen:
            continue
        group, todo = {encounter}, [encounter]
        while todo:
            more = set(pairs.get(todo.pop(), ())) - group
            group |= more
            todo += more
        seen |= group
        yield group


def _changed(store: Store, iris: Iris) -> tuple[dict[str, str], dict[str, str]]:
    """The tallies of inferred graphs as they are counted and as they are told now, where they differ."""
    counted = f"GRAPH <{iris.graph('tallies')}> {{ ?a {_TALLY} ?t }}"
    now = f"GRAPH ?a {{ ?a {_TALLY} ?t }}"
    sides = ((counted, now), (now, counted))
    old, new = (dict(_rows(store, f"SELECT ?a ?t {{ {here} FILTER NOT EXISTS {{ {there} }} }}")) for here, there in sides)
    return old, new


def _listed(store: Store, iris: Iris, entries: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """As ``_changed``, for some graphs, and those that are counted and gone."""
    counted = (a.value for (a,) in store.select(f"SELECT ?a {{ GRAPH <{iris.graph('tallies')}> {{ ?a {_TALLY} ?t }} }}"))  # type: ignore[union-attr]
    some = sorted({*entries, *set(counted).difference(store.graphs())})
    old = _counted(store, iris, some)
    new = {a: value for graph in some for a, value in _rows(store, f"SELECT ?a ?t {{ GRAPH <{graph}> {{ ?a {_TALLY} ?t }} }}")}
    both = {a for a in old.keys() & new.keys() if old[a] == new[a]}
    return tuple({a: text for a, text in side.items() if a not in both} for side in (old, new))  # type: ignore[return-value]


def _tallies(store: Store) -> dict[str, str]:
    """The tallies in the inferred graphs, by graph."""
    return dict(_rows(store, f"SELECT ?a ?t {{ GRAPH ?a {{ ?a {_TALLY} ?t }} }}"))


def _counted(store: Store, iris: Iris, graphs: Sequence[str]) -> dict[str, str]:
    """The tallies of inferred graphs that are counted."""
    out: dict[str, str] = {}
    for some in _parts([f"<{a}>" for a in graphs]):
        place = f"VALUES ?a {{ {' '.join(some)} }} GRAPH <{iris.graph('tallies')}> {{ ?a {_TALLY} ?t }}"
        out.update(_rows(store, f"SELECT ?a ?t {{ {place} }}"))
    return out


def _stored_pairs(store: Store, iris: Iris) -> Pairs:
    return _partners(_rows(store, f"SELECT ?a ?b {{ GRAPH <{iris.graph('global')}> {{ ?a {_PAIRED} ?b }} }}"))


def _rows(store: Store, query: str) -> Iterator[tuple[str, str]]:
    """The rows of a query for two IRIs, or an IRI and a text."""
    return ((one.value, other.value) for one, other in store.select(query))  # type: ignore[union-attr]


def _pairs(lines: Iterable[str]) -> Pairs:
    found = (line.split(" ", 3) for line in lines if f" {_PAIRED} " in line)
    return _partners((subject[1:-1], value[1:-1]) for subject, _, value, _ in found)


def _partners(pairs: Iterable[tuple[str, str]]) -> Pairs:
    out: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        out[a].add(b)
    return dict(out)


def _lines(triples: Iterable[Triple], graph: str) -> list[str]:
    return [f"{s} {p} {o} <{graph}> ." for s, p, o in triples]


def _entry(graph: str, iris: Iris) -> str:
    return f'<{graph}> {_UNCOUNTED} "true"^^<{XSD}boolean> <{iris.graph("uncounted")}> .'


def _line(graph: str, text: str, iris: Iris) -> str:
    return f"<{graph}> {_TALLY} {ox.Literal(text)} <{iris.graph('tallies')}> ."


def _current(store: Store, graph: str) -> bool:
    """Whether this version has made a graph."""
    return store.ask(f'ASK {{ GRAPH <{graph}> {{ <{graph}> <{OWL}versionInfo> "{ledger.version()}" }} }}')


def _mark(graph: str) -> str:
    return f'<{graph}> <{OWL}versionInfo> "{ledger.version()}" <{graph}> .'


def _parts(things: Sequence[_Thing], size: int = _AT_ONCE) -> Iterator[Sequence[_Thing]]:
    return (things[i : i + size] for i in range(0, len(things), size))
