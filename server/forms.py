"""What is known about a thing as data: its statements and those that point to it, in pages, with names, and where all of it is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import pyoxigraph as ox

from communique.ontology.withdrawn import COMMENT, TOMBSTONE
from communique.queries.exports import PREFIXES
from communique.server import description, tables
from communique.server.negotiate import TRIPLES, Offer
from communique.server.paging import Page
from communique.server.problems import Problem
from communique.server.site import Site
from communique.store import Dataset, Row, Term

# ``.json`` is JSON-LD for whoever asks for nothing but JSON.
JSON: Final = Offer("json", "application/json")
DATA: Final = (*TRIPLES, JSON)
SIZE: Final = 500  # statements of a thing, and as many that point to it, on one page of its data
_GRAPHS: Final = ("trig", "nq")
_FOAF: Final = "http://xmlns.com/foaf/0.1/"
_VOID: Final = "http://rdfs.org/ns/void#"
_LABEL: Final = ox.NamedNode(PREFIXES["rdfs"] + "label")
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")

Subject = ox.NamedNode | ox.BlankNode | ox.Triple


@dataclass(frozen=True, slots=True)
class Known:
    """What is said about a thing, with the graph that says it; ``more`` if there is another page."""

    outgoing: Sequence[Row]
    incoming: Sequence[Row]
    content: Sequence[Row]
    more: bool


def suffixed(path: str) -> tuple[str, str | None]:
    """A path without its suffix, and the form that the suffix names.

    >>> suffixed("id/person/x.ttl")
    ('id/person/x', 'ttl')
    """
    stem, dot, ending = path.rpartition(".")
    return (stem, ending) if dot and any(offer.name == ending for offer in DATA) else (path, None)


def known(here: Site, node: ox.NamedNode, page: Page) -> Known:
    """A page of what ``node`` says and of what points to it, in the same order always; a graph says on its first page all that is in it."""
    part = f"LIMIT {page.size + 1} OFFSET {page.offset}"
    outgoing = here.engine.select(f"SELECT ?p ?o ?g {{ GRAPH ?g {{ {node} ?p ?o }} }} ORDER BY ?p ?o ?g {part}").rows
    incoming = here.engine.select(f"SELECT ?s ?q ?g {{ GRAPH ?g {{ ?s ?q {node} }} }} ORDER BY ?q ?s ?g {part}").rows
    content: Sequence[Row] = ()
    if page.number == 1 and here.engine.has(node.value):
        content = here.engine.select("SELECT ?s ?p ?o { ?s ?p ?o }", Dataset(default=(node.value,))).rows
    more = max(len(outgoing), len(incoming)) > page.size
    return Known(outgoing[: page.size], incoming[: page.size], content, more)


def document(here: Site, node: ox.NamedNode, address: str, dataset: str, found: Known, form: str) -> bytes:
    """The data document at ``address`` about ``node``, in one of the forms of ``DATA``; same data, same bytes."""
    said = [
        *((node, p, o, g) for p, o, g in found.outgoing),
        *((s, q, node, g) for s, q, g in found.incoming),
        *((s, p, o, node) for s, p, o in found.content),
    ]
    quads = [quad(*row) for row in said]
    page = ox.NamedNode(address)
    about = [
        ox.Triple(page, _TYPE, ox.NamedNode(_FOAF + "Document")),
        ox.Triple(page, ox.NamedNode(_FOAF + "primaryTopic"), node),
        ox.Triple(page, ox.NamedNode(_VOID + "inDataset"), ox.NamedNode(dataset)),
        *(ox.Triple(page, ox.NamedNode(PREFIXES["prov"] + "wasDerivedFrom"), graph) for graph in _derived(here, quads)),
    ]
    terms: list[Term] = [term for q in quads if not found.content for term in (q.subject, q.predicate, q.object)]
    # A name that is said here already is not said again; the others come from the one query for names.
    named = {q.subject.value for q in quads if q.predicate == _LABEL and isinstance(q.subject, ox.NamedNode)}
    labels = tables.labels_of(here, terms)
    about += [ox.Triple(ox.NamedNode(iri), _LABEL, ox.Literal(label)) for iri, label in labels.items() if iri not in named]
    if form in _GRAPHS:
        return description.serialised(sorted({*quads, *(ox.Quad(t.subject, t.predicate, t.object) for t in about)}, key=str), form)
    return description.serialised(sorted({q.triple for q in quads}.union(about), key=str), "jsonld" if form == "json" else form)


def quad(s: Term | None, p: Term | None, o: Term | None, g: Term | None) -> ox.Quad:
    """A quad of terms that are bound."""
    assert isinstance(s, Subject)
    assert isinstance(p, ox.NamedNode)
    assert isinstance(g, ox.NamedNode)
    assert o is not None
    return ox.Quad(s, p, o, g)


def alternates(path: str, given: Iterable[tuple[str, str]] = ()) -> list[str]:
    """``Link`` values that lead from a document to the same in other forms."""
    values = [f'<{path}>; rel="alternate"; type="text/html"']
    values += [f'<{path}.{offer.name}>; rel="alternate"; type="{offer.media_type}"' for offer in DATA]
    return [*values, *(f'<{target}>; rel="{relation}"' for target, relation in given)]


def _derived(here: Site, quads: Iterable[ox.Quad]) -> list[ox.NamedNode]:
    """The graphs and readouts from which statements come."""
    graphs = {q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode)}
    readouts = {readout for graph in graphs if (readout := here.iris.readout_of(graph))}
    return [ox.NamedNode(iri) for iri in sorted(graphs | readouts)]


def gone(here: Site, iri: str) -> Problem | None:
    """410 with the reason, for a readout that was withdrawn and for what was in it; ``None`` for anything else."""
    try:
        node = ox.NamedNode(here.iris.readout_of(iri) or "")
    except ValueError:
        return None
    rows = here.engine.select(f"SELECT ?why {{ {node} a <{TOMBSTONE}> ; <{COMMENT}> ?why }}").rows
    return Problem(HTTPStatus.GONE, f"{node.value} was withdrawn: {tables.plain(rows[0][0])}") if rows else None
