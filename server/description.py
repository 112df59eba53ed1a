"""The service description (SPARQL 1.1 Service Description): what the endpoint speaks and which graphs it answers from."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from communique.iris import digest
from communique.queries.exports import PREFIXES
from communique.server.negotiate import ROWS, TRIPLES
from communique.server.site import Site
from communique.store import EVERYTHING

_MANY: Final = 100
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_A: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
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
    """The description of the service at ``endpoint`` in one of the syntaxes that are served."""
    return serialised(_triples(site, endpoint), syntax)


def _triples(site: Site, endpoint: str) -> Iterator[ox.Triple]:
    service, dataset, default = (ox.NamedNode(f"{endpoint}#{name}") for name in ("service", "dataset", "default-graph"))
    languages = ["SPARQL11Query"] + ["SPARQL11Update"] * site.writing.allowed
    features = ["EmptyGraphs"] + ["UnionDefaultGraph"] * (site.whole == EVERYTHING)
    yield ox.Triple(service, _A, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), ox.NamedNode(endpoint))
    yield from (ox.Triple(service, _sd("supportedLanguage"), _sd(name)) for name in languages)
    yield from (ox.Triple(service, _sd("feature"), _sd(name)) for name in features)
    yield from (ox.Triple(service, _sd("resultFormat"), ox.NamedNode(_FORMATS + _NAMES[o.name])) for o in (*ROWS, *TRIPLES))
    if site.writing.allowed:
        yield from (ox.Triple(service, _sd("inputFormat"), ox.NamedNode(_FORMATS + _NAMES[offer.name])) for offer in TRIPLES)
    # What follows from the data was added to it before; queries are answered from what is there.
    yield ox.Triple(service, _sd("defaultEntailmentRegime"), ox.NamedNode("http://www.w3.org/ns/entailment/Simple"))
    yield ox.Triple(service, _sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, _A, _sd("Dataset"))
    yield ox.Triple(dataset, _sd("defaultGraph"), default)
    yield ox.Triple(default, _A, _sd("Graph"))
    for graph in _listed(site):
        named = ox.NamedNode(f"{endpoint}#graph-{digest(graph)}")
        yield ox.Triple(dataset, _sd("namedGraph"), named)
        yield ox.Triple(named, _A, _sd("NamedGraph"))
        yield ox.Triple(named, _sd("name"), ox.NamedNode(graph))
    limits = site.engine.limits
    for name, value, unit in (
        ("timeout", limits.seconds, "seconds"),
        ("memory", limits.memory, "bytes"),
        ("rows", limits.rows, "rows"),
        ("answer", limits.size, "bytes"),
    ):
        limit = ox.NamedNode(f"{endpoint}#limit-{name}")
        yield ox.Triple(service, _schema("additionalProperty"), limit)
        yield ox.Triple(limit, _A, _schema("PropertyValue"))
        yield ox.Triple(limit, _schema("name"), ox.Literal(name))
        yield ox.Triple(limit, _schema("value"), ox.Literal(int(value) if float(value).is_integer() else float(value)))
        yield ox.Triple(limit, _schema("unitText"), ox.Literal(unit))
    for prefix, namespace in PREFIXES.items():
        declared = ox.NamedNode(f"{endpoint}#prefix-{prefix}")
        yield ox.Triple(service, _sh("declare"), declared)
        yield ox.Triple(declared, _A, _sh("PrefixDeclaration"))
        yield ox.Triple(declared, _sh("prefix"), ox.Literal(prefix))
        yield ox.Triple(declared, _sh("namespace"), ox.Literal(namespace, datatype=ox.NamedNode(f"{_XSD}anyURI")))


def _listed(site: Site) -> list[str]:
    """The graphs that are worth a list: all of a few, else those that readouts share; each readout has one of its own."""
    graphs = site.engine.graphs()
    return list(graphs) if len(graphs) <= _MANY else [graph for graph in graphs if graph.startswith(site.iris.graph(""))]


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)


def _schema(name: str) -> ox.NamedNode:
    return ox.NamedNode("https://schema.org/" + name)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode("http://www.w3.org/ns/shacl#" + name)


def serialised(triples: Iterable[ox.Triple] | Iterable[ox.Quad], syntax: str) -> bytes:
    """Triples, or quads, in one of the syntaxes that are served."""
    out = io.BytesIO()
    ox.serialize(triples, out, _SYNTAX[syntax], prefixes={**PREFIXES, "sd": _SD})
    return out.getvalue()
