"""What a store holds, counted for its description: statements, things, classes and properties.

Statements are counted some graphs at a time, so that no query takes more than a server lets it.  What several graphs state is one
statement, as RDF has it, and so it is counted, with its subjects and objects, where there are no more than ``_WHOLE``.  Of more,
statements are counted in each graph that makes them, and subjects and objects are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from communique.iris import CQ, Iris
from communique.queries.tables import value
from communique.store import Reader, Rows

_WHOLE: Final = 1_000_000  # statements in graphs
_AT_ONCE: Final = 1000  # graphs
# One property after the other, and subjects and objects by themselves: a million statements remembered together take 400 MB.
_SUBJECTS: Final = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"
_OBJECTS: Final = "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"
_PROPERTY: Final = """SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) {
  { SELECT DISTINCT ?s ?o { ?s <%s> ?o } } }"""
_IN_GRAPHS: Final = "SELECT ?p (COUNT(*) AS ?n) { VALUES ?g { %s } GRAPH ?g { ?s ?p ?o } } GROUP BY ?p"
# Class by class: all at once, what there is of each would have to be remembered together.
_CLASSES: Final = "SELECT DISTINCT ?class { ?s a ?class }"
_OF_CLASS: Final = "SELECT (COUNT(DISTINCT ?s) AS ?n) (SAMPLE(?s) AS ?one) { ?s a <%s> }"
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
    """The statements with one property, and how many subjects and objects they have, if that is counted."""

    triples: int
    subjects: int | None = None
    objects: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The whole, its classes (instances) and properties by IRI, quads and graphs by kind of graph, and the terms of the texts.

    ``days`` are the first and the last day on which an encounter took place; empty if there is none.  ``whole`` and ``properties`` have no
    subjects and objects where a statement counts in each graph that makes it.
    """

    whole: Partition
    classes: Mapping[str, int]
    properties: Mapping[str, Partition]
    graphs: Mapping[str, tuple[int, int]]
    licences: Mapping[str, int]
    days: tuple[str, str]

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Counts:
        """The counts from what ``dataclasses.asdict`` made of them and JSON kept."""
        properties = {iri: Partition(**each) for iri, each in told["properties"].items()}
        graphs = {part: (number, quads) for part, (number, quads) in told["graphs"].items()}
        first, last = told["days"]
        return cls(Partition(**told["whole"]), told["classes"], properties, graphs, told["licences"], (first, last))


def count(store: Reader, graphs: Sequence[str], iris: Iris) -> Counts:
    """Count what ``store`` answers from, which are these graphs."""
    parts: dict[str, tuple[int, int]] = {}
    stated: Counter[str] = Counter()
    for part, some in _parts(iris, graphs):
        found = {value(p): int(value(n)) for p, n in store.select(_IN_GRAPHS % " ".join(f"<{graph}>" for graph in some)) if p is not None}
        number, before = parts.get(part, (0, 0))
        parts[part] = (number + len(some), before + sum(found.values()))
        stated.update(found)
    if stated.total() <= _WHOLE:
        properties = {iri: Partition(*_numbers(store, _PROPERTY % iri)) for iri in stated}
        triples = sum(each.triples for each in properties.values())
        whole = Partition(triples, *_numbers(store, _SUBJECTS), *_numbers(store, _OBJECTS))
    else:
        properties = {iri: Partition(n) for iri, n in stated.items()}
        whole = Partition(stated.total())
    ((first, last),) = store.select(_DAYS)
    return Counts(
        whole,
        {iri: n for iri, n, _ in classes(store.select)},
        dict(sorted(properties.items(), key=lambda each: (-each[1].triples, each[0]))),
        dict(sorted(parts.items())),
        {value(licence): int(value(n)) for licence, n in store.select(_LICENCES)},
        (value(first), value(last)),
    )


def _numbers(store: Reader, query: str) -> Iterator[int]:
    ((*numbers,),) = store.select(query)
    return (int(value(number)) for number in numbers)


def classes(select: Callable[[str], Rows]) -> list[tuple[str, int, str]]:
    """Each class, how many things it has, and any one of them; most first."""
    out = []
    for (iri,) in select(_CLASSES):
        ((n, one),) = select(_OF_CLASS % value(iri))
        out.append((value(iri), int(value(n)), value(one)))
    return sorted(out, key=lambda each: (-each[1], each[0]))


def _parts(iris: Iris, graphs: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Some graphs of one part at a time."""
    found: dict[str, list[str]] = {}
    for graph in graphs:
        found.setdefault(part_of(iris, graph), []).append(graph)
    for part, some in found.items():
        yield from ((part, some[n : n + _AT_ONCE]) for n in range(0, len(some), _AT_ONCE))


def part_of(iris: Iris, graph: str) -> str:
    """The part of ``PARTS`` that a graph belongs to; evidence stands in the graphs of ``asserted``, and is told from it by property."""
    if iris.is_inferred(graph) or graph.startswith(iris.cube("")):
        return "inferred"
    name = graph.removeprefix(iris.graph(""))
    # What joins readouts, counts them or judges them follows from them.
    return _SHARED.get(name, "inferred") if name != graph else "asserted"
