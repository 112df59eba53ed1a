"""What a store on another server answers: JSON results and Turtle, read whole or refused, and written in any format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message
from functools import lru_cache
from typing import BinaryIO, Final, TypeVar, cast

import pyoxigraph as ox

from communique.errors import StoreError
from communique.store.protocol import Row, Rows, Term

AnyTerm = TypeVar("AnyTerm", bound=Term | None)

ROWS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
TRIPLES: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}


_REWRITTEN: Final = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("boolean", "integer", "decimal", "double", "float", "dateTime", "duration")
)


def rows(body: bytes, where: object) -> Rows:
    """The rows of a JSON answer; ``typed-literal``, as old stores write it, is a literal, and values are as ``plain`` has them."""
    try:
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if isinstance(found, ox.QuerySolutions):
            return Rows(tuple(v.value for v in found.variables), tuple(tuple(map(plain, row)) for row in found))
    except (SyntaxError, ValueError, OSError) as error:
        raise _unreadable(body, where) from error
    raise _unreadable(body, where)


def truth(body: bytes, where: object) -> bool:
    """The truth value of a JSON answer; Virtuoso writes it as a row with the number 1 or 0."""
    try:
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        if isinstance(found, ox.QuerySolutions) and [v.value for v in found.variables] == ["__ASK_RETVAL"]:
            return any(isinstance(value, ox.Literal) and value.value != "0" for (value,) in found)
    except (SyntaxError, ValueError, OSError) as error:
        raise _unreadable(body, where) from error
    raise _unreadable(body, where)


def plain(term: AnyTerm) -> AnyTerm:
    """A value as the embedded engine writes it, whatever another makes of it: ``0.8`` for ``0.80``, ``true`` for ``"1"^^xsd:boolean``."""
    rewritten = isinstance(term, ox.Literal) and term.datatype.value in _REWRITTEN
    return cast(AnyTerm, _written(term)) if rewritten else term


@lru_cache(1 << 16)
def _written(literal: ox.Literal) -> ox.Literal:
    subject = ox.NamedNode("urn:x")
    store = ox.Store()
    store.add(ox.Quad(subject, subject, literal))
    (quad,) = store
    assert isinstance(quad.object, ox.Literal)
    return quad.object


def triples(body: bytes, where: object) -> list[ox.Triple]:
    """The triples of a Turtle answer."""
    try:
        found = [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.TURTLE)]
        return [ox.Triple(t.subject, t.predicate, plain(t.object)) for t in found]
    except (SyntaxError, ValueError) as error:
        raise _unreadable(body, where) from error


def told_cut(headers: Message, got: int) -> bool:
    """Whether the store says that there is more: Virtuoso's headers for a limit of rows and for an answer broken off by the clock."""
    most = headers.get("X-SPARQL-MaxRows", "")
    return "X-SQL-State" in headers or (most.isdigit() and got >= int(most))


def instances(prologue: str, template: str, names: Sequence[str], found: Iterable[Row]) -> Iterator[ox.Triple]:
    """The triples that a template makes of rows."""
    table = "\n".join(f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in found)
    listed = " ".join(f"?{name}" for name in names)
    made = ox.Store().query(f"{prologue} CONSTRUCT {template} WHERE {{ VALUES ({listed}) {{ {table} }} }}")
    assert isinstance(made, ox.QueryTriples)
    return iter(made)


def lines(found: Rows, graph: ox.NamedNode) -> list[str]:
    """Rows of subject, predicate and object as N-Quads lines."""
    quads = [ox.Quad(s, p, o, graph) for s, p, o in found]  # type: ignore[arg-type]  # by the query that they answer
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return [line.decode() for line in text.split(b"\n") if line]


def write_rows(found: Rows, syntax: str, out: BinaryIO) -> None:
    """Rows in one of the formats of ``ROWS``."""
    bindings = [{n: _json(t) for n, t in zip(found.variables, row, strict=True) if t is not None} for row in found]
    text = json.dumps({"head": {"vars": found.variables}, "results": {"bindings": bindings}})
    _write(text, syntax, out)


def write_truth(value: bool, syntax: str, out: BinaryIO) -> None:
    """A truth value in one of the formats of ``ROWS``."""
    _write(json.dumps({"head": {}, "boolean": value}), syntax, out)


def write_triples(found: Iterable[ox.Triple], syntax: str, out: BinaryIO) -> None:
    """Triples in one of the formats of ``TRIPLES``."""
    ox.serialize(found, out, format=TRIPLES[syntax])


def _write(text: str, syntax: str, out: BinaryIO) -> None:
    ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.JSON).serialize(out, format=ROWS[syntax])


def _json(term: Term) -> dict[str, object]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        more = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
        return {"type": "literal", "value": term.value, **more}
    return {"type": "triple", "value": {k: _json(getattr(term, k)) for k in ("subject", "predicate", "object")}}


def _unreadable(body: bytes, where: object) -> StoreError:
    start = body[:200].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        return StoreError("the store answers with a web page", where=where, todo="give the address of its SPARQL endpoint")
    return StoreError(
        "the answer of the store is cut off or no SPARQL result", where=where, todo="run the same command again, or check the address"
    )
