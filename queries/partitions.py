"""What a store holds, counted for its description: statements, things, classes and properties, each in one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from communique.iris import CQ, Iris
from communique.queries.tables import value
from communique.store import Reader

# A statement that several graphs make counts once, as RDF has it.
_ALL: Final = "{ SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
_TOTALS: Final = f"SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) {{ {_ALL} }}"
_PROPERTIES: Final = f"""SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) {{
  {_ALL} }} GROUP BY ?p ORDER BY DESC(?n) ?p"""
_CLASSES: Final = "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class ORDER BY DESC(?n) ?class"
_GRAPHS: Final = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_LICENCES: Final = f"""SELECT ?licence (COUNT(DISTINCT ?document) AS ?n) {{ ?document <{CQ}licence> ?licence }}
  GROUP BY ?licence ORDER BY DESC(?n) ?licence"""
_DAYS: Final = f"SELECT (MIN(?day) AS ?first) (MAX(?day) AS ?last) {{ ?account <{CQ}describesEncounter>/<{CQ}date> ?day }}"

PARTS: Final = {
    "asserted": "what the readouts say, in the graph of each account",
    "evidence": "where in which text each of that stands, by which rule it was read, and how sure it is; with the texts",
    "inferred": "what follows from it, in graphs of their own",
    "reference": "who is who: persons, offices, and why so",
    "vocabulary": "the ontology and the vocabularies",
}
_SHARED: Final = {"ontology": "vocabulary", "vocabulary": "vocabulary", "reference": "reference", "withdrawn": "asserted"}


@dataclass(frozen=True, slots=True)
class Partition:
    """The statements with one property, and how many subjects and objects they have."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The whole, its classes (instances) and properties by IRI, quads and graphs by kind of graph, and the terms of the texts.

    ``days`` are the first and the last day on which an encounter took place; empty if there is none.
    """

    whole: Partition
    classes: Mapping[str, int]
    properties: Mapping[str, Partition]
    graphs: Mapping[str, tuple[int, int]]
    licences: Mapping[str, int]
    days: tuple[str, str]


def count(store: Reader, iris: Iris) -> Counts:
    """Count what ``store`` answers from."""
    ((*whole,),) = store.select(_TOTALS)
    graphs: dict[str, tuple[int, int]] = {}
    for graph, quads in store.select(_GRAPHS):
        part = part_of(iris, value(graph))
        number, before = graphs.get(part, (0, 0))
        graphs[part] = (number + 1, before + int(value(quads)))
    ((first, last),) = store.select(_DAYS)
    return Counts(
        Partition(*(int(value(n)) for n in whole)),
        {value(iri): int(value(n)) for iri, n in store.select(_CLASSES)},
        {value(iri): Partition(*(int(value(n)) for n in row)) for iri, *row in store.select(_PROPERTIES)},
        dict(sorted(graphs.items())),
        {value(licence): int(value(n)) for licence, n in store.select(_LICENCES)},
        (value(first), value(last)),
    )


def part_of(iris: Iris, graph: str) -> str:
    """The part of ``PARTS`` that a graph belongs to; evidence stands in the graphs of ``asserted``, and is told from it by property."""
    if iris.is_inferred(graph) or graph.startswith(iris.cube("")):
        return "inferred"
    name = graph.removeprefix(iris.graph(""))
    # What joins readouts, counts them or judges them follows from them.
    return _SHARED.get(name, "inferred") if name != graph else "asserted"
