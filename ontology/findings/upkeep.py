"""Keeps findings up to date: a graph for each readout, which goes when the readout or what follows from it changes, and one across them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from communique.iris import CQ, Iris
from communique.ontology import ledger
from communique.ontology.findings.audit import Auditor
from communique.ontology.findings.finding import Finding, lines
from communique.store import Store

_BATCH = 100
Progress = Callable[[str], None]


def check(store: Store, iris: Iris, readout: str | None = None, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Every finding in a store, or those of one readout, with evidence and proof, sorted.

    Readouts that were looked at and found clean are passed over; ``progress`` is called with each other one.  The inferred graphs must
    be up to date (``reason``), since many constraints are on what follows.
    """
    auditor = Auditor(store, iris)
    if readout is not None:
        return tuple(auditor.readout(readout))
    found: list[Finding] = []
    clean = _clean(store)
    for one in _readouts(store, iris):
        if iris.findings_of(iris.account(one)) not in clean:
            found += auditor.readout(one)
            if progress:
                progress(one)
    return tuple(sorted({*found, *auditor.across(f.key for f in found)}))


def update(store: Store, iris: Iris, progress: Progress | None = None) -> Counter[str]:
    """Publish what is found: audit the readouts that have changed since they were looked at, and what joins readouts if anything has.

    Returns the numbers of all findings by severity.
    """
    present = set(store.graphs())
    wanted = {iris.findings_of(iris.account(readout)): readout for readout in _readouts(store, iris)}
    due = sorted(wanted.keys() - present)
    joined = iris.graph("findings")
    gone = [g for g in present if g.startswith(f"{joined}/") and g not in wanted]
    mark = _mark(store, iris)
    if due or gone or mark is None or mark not in store.dump(joined):
        auditor = Auditor(store, iris)
        for first in range(0, len(due), _BATCH):
            some = due[first : first + _BATCH]
            store.apply({graph: lines(auditor.readout(wanted[graph]), graph, iris) for graph in some})
            if progress:
                for graph in some:
                    progress(wanted[graph])
        new = lines(auditor.across(_known(store)), joined, iris)
        store.apply({joined: sorted({*new, mark} if mark else new)}, drop=gone)
    return counted(store)


def counted(store: Store) -> Counter[str]:
    """The numbers of all published findings by severity."""
    found = store.select(f"SELECT ?f ?severity {{ ?f a <{CQ}Finding> ; <{CQ}severity> ?severity }}")
    return Counter(severity.value for _, severity in found)  # type: ignore[union-attr]


def _mark(store: Store, iris: Iris) -> str | None:
    """What findings across readouts are made from: the state of the global graph, which depends on every readout and decision."""
    joined, graph = iris.graph("findings"), iris.graph("global")
    state = "\n".join(sorted(f"{p} {o}" for _, p, o, _ in store.match(f"<{graph}>", None, None, graph)))
    return f'<{joined}> <{CQ}closedFrom> "{ledger.digest([state])}" <{joined}> .' if state else None


def _readouts(store: Store, iris: Iris) -> Iterator[str]:
    for graph in store.graphs():
        readout = iris.readout_of(graph)
        if readout and graph == iris.account(readout):
            yield readout


def _clean(store: Store) -> set[str]:
    rows = store.select(f"SELECT ?g {{ GRAPH ?g {{ ?g <{CQ}numberOfFindings> 0 }} }}")
    return {str(graph)[1:-1] for (graph,) in rows}


def _known(store: Store) -> Iterator[tuple[str, str, str]]:
    """What was found in single readouts."""
    pattern = f"?f <{CQ}inReadout> ?r ; <{CQ}code> ?code ; <{CQ}about> ?about ; <{CQ}message> ?message"
    for code, about, message in store.select(f"SELECT ?code ?about ?message {{ {pattern} }}"):
        yield code.value, about.value, message.value  # type: ignore[union-attr]
