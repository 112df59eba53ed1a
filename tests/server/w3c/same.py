"""When two answers are the same: as datasets, whatever their blank nodes are called."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"
_WHOLE = {XSD + name for name in ("int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "negativeInteger")}
_DECIMALS = {XSD + "integer", XSD + "decimal", *_WHOLE}
_FLOATS = {XSD + name for name in ("double", "float")}
_RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Rows = list[dict[str, Term]]
Answer = bool | Rows | ox.Dataset


def answer(text: bytes, suffix: str, base: str) -> Answer:
    """A file of results, or an answer in its format."""
    if suffix == ".csv":
        return _csv(text.decode())
    if suffix in _RESULTS:
        found = ox.parse_query_results(text, format=_RESULTS[suffix])
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        assert isinstance(found, ox.QuerySolutions)
        names = [v.value for v in found.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in found]
    quads = ox.Dataset(ox.parse(text, format=ox.RdfFormat.from_extension(suffix[1:]), base_iri=base))
    return _result_set(quads) if any(True for _ in quads.quads_for_object(ox.NamedNode(RS + "ResultSet"))) else quads


def _csv(text: str) -> Rows:
    """CSV knows no terms: all is text but blank nodes, and what looks like a number."""
    lines = csv.reader(io.StringIO(text))
    names = next(lines)
    return [{name: _cell(value) for name, value in zip(names, row, strict=True)} for row in lines if row or len(names) == 1]


def _cell(value: str) -> Term:
    if value.startswith("_:"):
        return ox.BlankNode(value[2:])
    number = re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", value)
    return ox.Literal(value, datatype=ox.NamedNode(XSD + "double")) if number else ox.Literal(value)


def _result_set(quads: ox.Dataset) -> Answer:
    """Results written as RDF (the DAWG's result set vocabulary)."""

    def values(subject: ox.NamedNode | ox.BlankNode, name: str) -> list[Term]:
        return [q.object for q in quads.quads_for_subject(subject) if q.predicate.value == RS + name]

    (root,) = [q.subject for q in quads.quads_for_object(ox.NamedNode(RS + "ResultSet"))]
    assert not isinstance(root, ox.Triple)
    if truth := values(root, "boolean"):
        assert isinstance(truth[0], ox.Literal)
        return truth[0].value == "true"
    rows: Rows = []
    for solution in values(root, "solution"):
        assert isinstance(solution, (ox.NamedNode, ox.BlankNode))
        bindings = [b for b in values(solution, "binding") if isinstance(b, (ox.NamedNode, ox.BlankNode))]
        rows.append({_value(values(b, "variable")[0]): values(b, "value")[0] for b in bindings})
    return rows


def _value(term: Term) -> str:
    assert isinstance(term, ox.Literal)
    return term.value


def same(one: Answer, other: Answer, *, by_value: bool = False) -> bool:
    """Whether two answers say the same; ``by_value`` numbers and truth values may be written in another form."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) != isinstance(other, list) or len(one) != len(other):
        return False
    first, second = (_quads(found) if isinstance(found, list) else found for found in (one, other))
    return _canonical(first, by_value) == _canonical(second, by_value)


def _quads(rows: Rows) -> Iterable[ox.Quad]:
    """Each row as a node: then rows are the same if the graphs are."""
    for i, row in enumerate(rows):
        yield ox.Quad(ox.BlankNode(f"row{i}"), ox.NamedNode(RS + "solution"), ox.Literal(len(row)))
        for name, value in row.items():
            yield ox.Quad(ox.BlankNode(f"row{i}"), ox.NamedNode("urn:variable:" + name), value)


def _canonical(quads: Iterable[ox.Quad], by_value: bool) -> set[ox.Quad]:
    found = ox.Dataset(ox.Quad(q.subject, q.predicate, _number(q.object) if by_value else q.object, q.graph_name) for q in quads)
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return set(found)


def _number(term: Term) -> Term:
    if not isinstance(term, ox.Literal):
        return term
    kind = term.datatype.value
    try:
        if kind in _DECIMALS:
            named = XSD + "integer" if kind in _WHOLE else kind
            return ox.Literal(format(Decimal(term.value).normalize(), "f"), datatype=ox.NamedNode(named))
        if kind in _FLOATS:
            return ox.Literal(repr(float(term.value)), datatype=term.datatype)
    except (ArithmeticError, ValueError):
        return term
    if kind == XSD + "boolean":
        return ox.Literal({"1": "true", "0": "false"}.get(term.value, term.value), datatype=term.datatype)
    return term


def parsed(path: Path, base: str, graph: str | None = None) -> list[ox.Quad]:
    """A file of triples, in a graph."""
    form = ox.RdfFormat.from_extension(path.suffix[1:])
    place = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    return [ox.Quad(q.subject, q.predicate, q.object, place) for q in ox.parse(path.read_bytes(), format=form, base_iri=base)]
