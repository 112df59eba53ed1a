"""The SPARQL 1.1 Graph Store HTTP Protocol as pure functions: a request in, the graph that it means and what becomes of it out.

Writes are said as SPARQL updates, so that there is one way in which the store changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import pyoxigraph as ox

from communique.server.multipart import parts
from communique.server.problems import Problem
from communique.server.protocol import media_type, pairs_of, text_of
from communique.store import EVERYTHING, Dataset

EVERY_TRIPLE: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
READS: Final = ("GET", "HEAD")
METHODS: Final = (*READS, "PUT", "POST", "DELETE", "OPTIONS")
_FORMATS: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
_MULTIPART: Final = "multipart/form-data"
_IRI: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^<>\"{}|\\^`\x00-\x20]*")


class Target(StrEnum):
    """What is no graph with a name: the default graph, or a graph that is to be made and named."""

    DEFAULT = "default"
    NEW = "new"


def target(method: str, url: str, direct: bool, query_string: bytes) -> str | Target:
    """The graph that a request means: its IRI, or a ``Target``.

    ``url`` is what was asked without its parameters; ``direct`` tells that it is the name of the graph (section 4.1), else a parameter
    names it (4.2).  Raises ``Problem`` (400) if no graph is named, more than one, or none by an absolute IRI.
    """
    given = [(name, value) for name, value in pairs_of(query_string, "the query string") if name != "format"]
    if strange := [name for name, _ in given if name not in ("graph", "default")]:
        raise Problem(HTTPStatus.BAD_REQUEST, f"'{strange[0]}' is no parameter here; there are 'graph', 'default' and 'format'")
    if direct:
        if given:
            raise Problem(HTTPStatus.BAD_REQUEST, "the URL names a graph and a parameter another; send one")
        return _absolute(url)
    if not given and method == "POST":
        return Target.NEW
    if len(given) != 1:
        raise Problem(HTTPStatus.BAD_REQUEST, "name one graph: ?graph=IRI, or ?default")
    ((name, value),) = given
    if name == "graph":
        return _absolute(value)
    if value:
        raise Problem(HTTPStatus.BAD_REQUEST, "'default' takes no value")
    return Target.DEFAULT


def _absolute(iri: str) -> str:
    if not _IRI.fullmatch(iri):
        raise Problem(HTTPStatus.BAD_REQUEST, f"'{iri}' is no absolute IRI")
    return iri


def dataset(graph: str | Target) -> Dataset:
    """What ``EVERY_TRIPLE`` is asked of, to read a graph."""
    return EVERYTHING if isinstance(graph, Target) else Dataset((graph,), ())


@dataclass(frozen=True, slots=True)
class Triples:
    """The triples of a body as N-Triples, their blank nodes named apart from all others."""

    lines: str

    def put(self, graph: str | Target) -> str:
        """The update that makes them the whole graph."""
        return f"{drop(graph, silent=True)} ;\n{self.add(graph)}"

    def add(self, graph: str | Target) -> str:
        """The update that adds them to the graph, which is made if it is not there."""
        if isinstance(graph, Target):
            return f"INSERT DATA {{\n{self.lines}}}"
        return f"CREATE SILENT GRAPH <{graph}> ;\nINSERT DATA {{ GRAPH <{graph}> {{\n{self.lines}}} }}"


def drop(graph: str | Target, *, silent: bool = False) -> str:
    """The update that removes a graph."""
    quietly = "SILENT " if silent else ""
    return f"DROP {quietly}DEFAULT" if isinstance(graph, Target) else f"DROP {quietly}GRAPH <{graph}>"


def triples(content_type: str | None, body: bytes, base: str) -> Triples:
    """The triples that a request sends, all of them or none; of ``multipart/form-data``, those of all its parts.

    Raises ``Problem``: 400 for what cannot be read, with its place, or for a graph with a name of its own; 415 for an unknown type.
    """
    type_ = media_type(content_type)
    if type_ == _MULTIPART:
        return Triples("".join(_lines(part.content_type, part.body, base) for part in parts(content_type or "", body)))
    return Triples(_lines(content_type, body, base))


def _lines(content_type: str | None, body: bytes, base: str) -> str:
    type_ = media_type(content_type)
    syntax = _FORMATS.get(type_)
    if syntax is None:
        was = f"'{type_}' cannot be read" if type_ else "the graph has no media type"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"{was}; send {', '.join(_FORMATS)}")
    text = text_of(body, "the graph")
    if syntax is ox.RdfFormat.RDF_XML and ("<!ENTITY" in text or "\0" in text):
        # A few lines of entities made of entities are gigabytes when they are read.
        raise Problem(HTTPStatus.BAD_REQUEST, "entities are not read in RDF/XML; write the IRIs out")
    try:
        quads = list(ox.parse(text, format=syntax, base_iri=base, rename_blank_nodes=True))
    except (SyntaxError, ValueError, OSError) as error:
        place = {"line": error.lineno, "column": error.offset} if isinstance(error, SyntaxError) and error.lineno else {}
        raise Problem(HTTPStatus.BAD_REQUEST, f"the graph is no {syntax.name}: {' '.join(str(error).split())}", place) from error
    if any(quad.graph_name != ox.DefaultGraph() for quad in quads):
        raise Problem(HTTPStatus.BAD_REQUEST, "the body names graphs of its own; send the triples of one graph")
    return (ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b"").decode()
