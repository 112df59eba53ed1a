"""The service description (SPARQL 1.1 Service Description): what the endpoint speaks and which graphs it answers from."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from communique.queries.exports import PREFIXES
from communique.server.negotiate import ROWS, TRIPLES
from communique.server.site import Site

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
# https://www.w3.org/ns/formats/
_NAMES: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
_SYNTAX: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}


def of(site: Site, endpoint: str, syntax: str) -> bytes:
    """The description of the service at ``endpoint`` as ``ttl``, ``nt``, ``jsonld`` or ``rdf``; of the graphs, the shared ones by name."""
    service, dataset, union = (f"{endpoint}#{name}" for name in ("service", "dataset", "union"))
    a = PREFIXES["rdf"] + "type"
    triples = [
        (service, a, f"{_SD}Service"),
        (service, f"{_SD}endpoint", endpoint),
        (service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query"),
        (service, f"{_SD}feature", f"{_SD}UnionDefaultGraph"),
        *((service, f"{_SD}resultFormat", _FORMATS + _NAMES[offer.name]) for offer in (*ROWS, *TRIPLES)),
        (service, f"{_SD}defaultDataset", dataset),
        (dataset, a, f"{_SD}Dataset"),
        (dataset, f"{_SD}defaultGraph", union),
        (union, a, f"{_SD}Graph"),
    ]
    for graph in site.engine.graphs():
        if graph.startswith(site.iris.graph("")):
            named = f"{endpoint}#{graph.rsplit('/', 1)[1]}"
            triples += [(dataset, f"{_SD}namedGraph", named), (named, a, f"{_SD}NamedGraph"), (named, f"{_SD}name", graph)]
    return serialised((ox.Triple(*map(ox.NamedNode, triple)) for triple in triples), syntax)


def serialised(triples: Iterable[ox.Triple] | Iterable[ox.Quad], syntax: str) -> bytes:
    """Triples, or quads, in one of the syntaxes that are served."""
    out = io.BytesIO()
    ox.serialize(triples, out, _SYNTAX[syntax], prefixes={**PREFIXES, "sd": _SD})
    return out.getvalue()
