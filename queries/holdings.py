"""What a store holds: quads by kind of graph, readouts by publisher, and what the readouts were read with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from communique.iris import CQ, Iris
from communique.store import Store

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_PUBLISHERS = f"""
SELECT ?label (COUNT(DISTINCT ?readout) AS ?readouts) {{
  ?readout a <{CQ}Readout> ; <{CQ}publisher> ?publisher . ?publisher <{_LABEL}> ?label .
}} GROUP BY ?label ORDER BY DESC(?readouts) ?label"""
_READINGS = f"""
SELECT ?version ?tables (COUNT(DISTINCT ?reading) AS ?readings) {{
  ?reading <{CQ}softwareVersion> ?version ; <{CQ}lexiconHash> ?tables .
}} GROUP BY ?version ?tables ORDER BY DESC(?readings) ?version ?tables"""


@dataclass(frozen=True, slots=True)
class Holdings:
    """Quads by kind of graph, graphs by kind, readouts by publisher, readings by version and hash of the lexicon's tables."""

    quads: Mapping[str, int]
    graphs: Mapping[str, int]
    publishers: Mapping[str, int]
    readings: Mapping[tuple[str, str], int]


def holdings(store: Store, iris: Iris) -> Holdings:
    """Count what ``store`` holds."""
    quads, graphs = Counter[str](), Counter[str]()
    for graph, count in store.select("SELECT ?graph (COUNT(*) AS ?quads) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"):
        kind = _kind(iris, graph.value)  # type: ignore[union-attr]  # an IRI, by the query
        graphs[kind] += 1
        quads[kind] += int(count.value)  # type: ignore[union-attr]
    rows = [tuple(term.value for term in row) for row in store.select(_PUBLISHERS)]  # type: ignore[union-attr]  # literals, by the query
    readings = [tuple(term.value for term in row) for row in store.select(_READINGS)]  # type: ignore[union-attr]
    return Holdings(
        quads=dict(sorted(quads.items())),
        graphs=dict(sorted(graphs.items())),
        publishers={name: int(count) for name, count in rows},
        readings={(version, tables): int(count) for version, tables, count in readings},
    )


def _kind(iris: Iris, graph: str) -> str:
    """``accounts``, ``accounts, inferred``, or the name of a graph of the whole store."""
    if iris.readout_of(graph):
        return "accounts, inferred" if iris.is_inferred(graph) else "accounts"
    name = graph.removeprefix(iris.graph(""))
    return name.replace("/", ", ") if name != graph else "other"
