"""Keeps findings up to date: a graph for each readout, which goes when the readout or what follows from it changes, and one across them.

In that one only what a change touches is looked at again (``touched``), and only lines that differ are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from communique.iris import CQ, Iris
from communique.ontology import ledger
from communique.ontology.findings import touched
from communique.ontology.findings.audit import Auditor, comparing, joining
from communique.ontology.findings.finding import LEADS, Finding, lines, numbered
from communique.ontology.findings.touched import Touched
from communique.ontology.layers import Reference
from communique.ontology.reasoner import NOTHING
from communique.ontology.terms import TYPE, Triple
from communique.store import Edit, Match, Store

_BATCH = 100
_FEW = 8  # to look at everything costs about as much as to look at this share of the readouts again
_ABOUT, _CODE, _MESSAGE, _SEVERITY = (f"<{CQ}{name}>" for name in ("about", "code", "message", "severity"))
_FROM, _UNDER, _NUMBER = (f"<{CQ}{name}>" for name in ("closedFrom", "closedUnder", "numberOfFindings"))
Progress = Callable[[str], None]


def check(store: Store, iris: Iris, readout: str | None = None, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Every finding in a store, or those of one readout, with evidence and proof, sorted.

    Readouts that were looked at and found clean are passed over, and so is what joins readouts and was found in order; ``progress`` is
    called with each other readout.  The inferred graphs must be up to date (``reason``), since many constraints are on what follows.
    """
    auditor = Auditor(store, iris)
    if readout is not None:
        return tuple(auditor.readout(readout))
    found: list[Finding] = []
    clean = _clean(store)
    present = set(store.graphs())
    due = []
    for one in _readouts(present, iris):
        graph = iris.findings_of(iris.account(one))
        if graph not in clean:
            found += auditor.readout(one)
            due += [one] if graph not in present else []
            if progress:
                progress(one)
    among = _touched(store, iris, due, len(present))
    if among:
        stored = frozenset(o for _, _, o, _ in store.match(None, _ABOUT, None, iris.graph("findings")))
        among = Touched(among.nodes | stored, among.firsts | stored)
    known = {f.key for f in found}
    return tuple(sorted({*found, *(f for f in auditor.across(among) if f.key not in known)}))


def update(
    store: Store,
    iris: Iris,
    progress: Progress | None = None,
    reference: Reference | None = None,
    at_hand: Mapping[str, Sequence[str]] = NOTHING,
) -> Counter[str]:
    """Publish what is found: audit the readouts that have changed since they were looked at, and what joins readouts where it has changed.

    ``reference`` is the reference layer as a run of ``reason`` has closed it, and ``at_hand`` are the lines of graphs that it had.
    Returns the numbers of all findings by severity.
    """
    present = set(store.graphs())
    wanted = {iris.findings_of(iris.account(readout)): readout for readout in _readouts(present, iris)}
    due = sorted(wanted.keys() - present)
    joined = iris.graph("findings")
    gone = [g for g in present if g.startswith(f"{joined}/") and g not in wanted]
    marks = _marks(store, iris)
    if due or gone or not marks or any(not list(store.match(*mark, joined)) for mark in marks):
        auditor = Auditor(store, iris, reference)
        for first in range(0, len(due), _BATCH):
            some = due[first : first + _BATCH]
            found = {graph: lines(auditor.readout(wanted[graph], at_hand), graph, iris) for graph in some}
            store.apply(found, edit=touched.readouts((wanted[graph] for graph in some), iris))
            if progress:
                for graph in some:
                    progress(wanted[graph])
        _across(store, iris, auditor, gone, marks, len(wanted))
    return counted(store)


def counted(store: Store) -> Counter[str]:
    """The numbers of all published findings by severity."""
    counts = store.select(f"SELECT ?severity (COUNT(?f) AS ?n) {{ ?f a <{CQ}Finding> ; {_SEVERITY} ?severity }} GROUP BY ?severity")
    return Counter({severity.value: int(n.value) for severity, n in counts})  # type: ignore[union-attr]


def _across(store: Store, iris: Iris, auditor: Auditor, gone: list[str], marks: Sequence[Triple], readouts: int) -> None:
    """Bring the findings across readouts up to date, with the entries of what was changed and the graphs that are ``gone``."""
    graph, journal = iris.graph("findings"), iris.graph("unchecked")
    among = _touched(store, iris, (), readouts)
    every = auditor.across(among)
    found = [f for f in every if not _known(store, f, graph)]
    # What is left out since a readout tells it is looked at again the next time: that readout may be gone then.
    left = touched.lines({(f"<{f.about}>", TYPE) for f in {*every}.difference(found)}, iris)
    new = {*lines(found, graph, iris), *(f"{s} {p} {o} <{graph}> ." for s, p, o in marks)}
    put = {journal: left} if left else {}
    if among is None:
        store.apply({graph: sorted(new), **put}, drop=[*gone, *([] if left else [journal])])
        return
    old = {f for about in among.nodes for f, *_ in store.match(None, _ABOUT, about, graph)}
    old.update(f for code in comparing() for f, *_ in store.match(None, _CODE, f'"{code}"', graph))
    there = _lines_of(store, graph, old)
    (number,) = (int(o.split('"')[1]) for *_, o, _ in store.match(f"<{graph}>", _NUMBER, None, graph))
    new.remove(numbered(len(found), graph))
    new.add(numbered(number - len(old) + len(found), graph))
    there.update(f"{s} {p} {o} <{graph}> ." for s, p, o, _ in store.match(f"<{graph}>", None, None, graph))
    edit = Edit(sorted(there - new), sorted(new - there))
    store.apply(put, [*gone, *([] if left else [journal])], {graph: edit})


def _touched(store: Store, iris: Iris, due: Iterable[str], readouts: int) -> Touched | None:
    """What must be looked at again across readouts, those that are ``due`` among them; ``None`` if that is everything: if another
    version has looked, or much has changed.  What is wrong is always looked at again: there is little of it, and it rests on much."""
    graph = iris.graph("findings")
    found = touched.entries(store, iris)
    if found is None or not list(store.match(f"<{graph}>", _UNDER, f'"{ledger.version()}"', graph)):
        return None
    found |= touched.of(due)
    if _FEW * touched.many(found) > readouts:
        return None
    among = touched.touched(store, iris, found, joining())
    wrong = {f for severity in ("error", "warning") for f, *_ in store.match(None, _SEVERITY, f'"{severity}"', graph)}
    abouts = {o for f in wrong for _, _, o, _ in store.match(f, _ABOUT, None, graph)}
    return Touched(among.nodes | abouts, among.firsts | abouts)


def _lines_of(store: Store, graph: str, findings: Iterable[str]) -> set[str]:
    """The lines about some findings in a graph, with those of words and proofs that belong to no other finding."""
    gone = set(findings)
    told: dict[str, list[Match]] = {}
    todo = list(gone)
    while todo:
        node = todo.pop()
        if node not in told:
            told[node] = list(store.match(node, None, None, graph))
            todo += [o for _, p, o, _ in told[node] if p in LEADS]
    kept = set()
    todo = [n for n in told if n not in gone and any(s not in told for p in LEADS for s, *_ in store.match(None, p, n, graph))]
    while todo:
        node = todo.pop()
        if node not in kept:
            kept.add(node)
            todo += [o for _, p, o, _ in told[node] if p in LEADS]
    return {f"{s} {p} {o} <{graph}> ." for node in told.keys() - kept for s, p, o, _ in told[node]}


def _known(store: Store, finding: Finding, graph: str) -> bool:
    """Whether the same was found in a single readout."""
    for f, _, _, place in store.match(None, _ABOUT, f"<{finding.about}>"):
        if place != graph and all(
            list(store.match(f, p, str(ox.Literal(value)), place)) for p, value in ((_CODE, finding.code), (_MESSAGE, finding.message))
        ):
            return True
    return False


def _marks(store: Store, iris: Iris) -> list[Triple]:
    """What findings across readouts are made from: the state of the global graph, which depends on every readout and decision, and by
    which version."""
    graph, node = iris.graph("global"), f"<{iris.graph('findings')}>"
    state = "\n".join(sorted(f"{p} {o}" for _, p, o, _ in store.match(f"<{graph}>", None, None, graph)))
    return [(node, _FROM, f'"{ledger.digest([state])}"'), (node, _UNDER, f'"{ledger.version()}"')] if state else []


def _readouts(graphs: Iterable[str], iris: Iris) -> Iterator[str]:
    for graph in graphs:
        readout = iris.readout_of(graph)
        if readout and graph == iris.account(readout):
            yield readout


def _clean(store: Store) -> set[str]:
    rows = store.select(f"SELECT ?g {{ GRAPH ?g {{ ?g {_NUMBER} 0 }} }}")
    return {str(graph)[1:-1] for (graph,) in rows}
