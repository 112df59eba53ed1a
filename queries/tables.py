"""Answers as files: a table for people, and CSV, SPARQL results JSON and Turtle for programs; same answer, same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Final, TextIO

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize
from rich.console import Console
from rich.table import Table
from rich.text import Text

from communique.errors import UsageError
from communique.iris import Iris
from communique.queries.catalogue import Result
from communique.store import Term

FORMATS: Final = ("table", "csv", "json", "ttl")
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_LANG: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def write(result: Result, form: str, out: TextIO, iris: Iris | None = None) -> None:
    """Write ``result`` to ``out`` in one of ``FORMATS``.

    Raises ``UsageError`` for another format.
    """
    match form:
        case "table":
            Console(file=out).print(table(result))
        case "csv":
            out.write(to_csv(result))
        case "json":
            out.write(to_json(result))
        case "ttl":
            out.write(to_turtle(result, iris or Iris()))
        case _:
            raise UsageError(f"an answer cannot be written as '{form}'", where="--format", todo=f"choose {', '.join(FORMATS)}")


def table(result: Result) -> Table:
    """The answer for people: label columns in place of the IRIs they name, hard-wrapped quotes on one line, a word on an empty answer."""
    # A column of IRIs only would be cut to nothing; programs get them all.
    hidden = set(result.links.values()) | {name for i, name in enumerate(result.columns) if _only_iris([row[i] for row in result.rows])}
    shown = [i for i, name in enumerate(result.columns) if name not in hidden] or range(len(result.columns))
    caption = None if result.rows else result.query.empty
    drawn = Table(title=result.query.summary, caption=caption, title_justify="left", caption_justify="left")
    for i in shown:
        name = result.columns[i]
        numeric = bool(result.rows) and all(_is_number(row[i]) for row in result.rows)
        drawn.add_column(name.removesuffix("Label") if name in result.links else name, justify="right" if numeric else "left")
    for row in result.rows:
        drawn.add_row(*(Text(" ".join(value(row[i]).split())) for i in shown))
    return drawn


def to_csv(result: Result) -> str:
    """SPARQL 1.1 Query Results CSV: all columns, IRIs and labels; lines end with CR LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(result.columns)
    writer.writerows([value(term) for term in row] for row in result.rows)
    return out.getvalue()


def to_json(result: Result) -> str:
    """SPARQL 1.1 Query Results JSON."""
    bindings = [{c: _json(t) for c, t in zip(result.columns, row, strict=True) if t is not None} for row in result.rows]
    answer = {"head": {"vars": list(result.columns)}, "results": {"bindings": bindings}}
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def to_turtle(result: Result, iris: Iris) -> str:
    """The rows as RDF: a node a row, a property a column (the minimal mode of "Generating RDF from Tabular Data on the Web")."""
    base = iris.query(result.query.name)
    quads = [
        Quad(NamedNode(f"{base}#row-{n}"), NamedNode(f"{base}#{column}"), term)
        for n, row in enumerate(result.rows, 1)
        for column, term in zip(result.columns, row, strict=True)
        if isinstance(term, (NamedNode, Literal))
    ]
    written = serialize(quads, format=RdfFormat.TURTLE, prefixes={"column": f"{base}#", "xsd": "http://www.w3.org/2001/XMLSchema#"})
    assert written is not None
    return written.decode("utf-8")


def value(term: Term | None) -> str:
    """A term as a cell: the IRI, or the words of a literal."""
    if term is None:
        return ""
    return term.value if isinstance(term, (NamedNode, Literal)) else str(term)


def _json(term: Term) -> dict[str, str]:
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Triple():
            return {"type": "literal", "value": str(term)}
    out = {"type": "literal", "value": term.value}
    if term.language:
        out["xml:lang"] = term.language
    elif term.datatype.value not in (_STRING, _LANG):
        out["datatype"] = term.datatype.value
    return out


def _only_iris(terms: Sequence[Term | None]) -> bool:
    return any(terms) and all(term is None or isinstance(term, NamedNode) for term in terms)


def _is_number(term: Term | None) -> bool:
    return isinstance(term, Literal) and term.datatype.value.endswith(("#integer", "#decimal", "#double"))
