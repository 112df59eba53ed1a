"""The ontology as a page: each term with its definition, its axioms, what leads from and to it, terms of others, and use in the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from flask import Blueprint, Response

from communique.iris import CQ
from communique.ontology.terms import RDF, alignments
from communique.queries.exports import PREFIXES
from communique.server.pages import asking, counting
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Rail, Source, page
from communique.server.site import site

blueprint = Blueprint("ontology", __name__)

_KINDS: Final = {
    "classes": "Class",
    "properties that lead to things": "ObjectProperty",
    "properties that lead to values": "DatatypeProperty",
}
_HEAD: Final = "SELECT DISTINCT ?version { ?it a owl:Ontology ; owl:versionInfo ?version }"
_TERMS: Final = """SELECT DISTINCT ?term ?kind ?label ?definition ?example ?above ?domain ?range {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty }
  ?term a ?kind ; rdfs:label ?label FILTER(STRSTARTS(STR(?term), STR(cq:)))
  OPTIONAL { ?term skos:definition ?definition } OPTIONAL { ?term skos:example ?example }
  OPTIONAL { GRAPH %s { ?term rdfs:subClassOf|rdfs:subPropertyOf ?above } }
  OPTIONAL { GRAPH %s { ?term rdfs:domain ?domain } } OPTIONAL { GRAPH %s { ?term rdfs:range ?range } }
} ORDER BY ?term ?above"""
_AXIOMS: Final = """SELECT DISTINCT ?term ?says ?other {
  GRAPH %s {
    { ?term owl:inverseOf|^owl:inverseOf ?other BIND("the inverse of" AS ?says) }
    UNION { ?term owl:disjointWith|^owl:disjointWith ?other BIND("never also a" AS ?says) }
    UNION { ?term owl:propertyDisjointWith|^owl:propertyDisjointWith ?other BIND("never beside" AS ?says) }
    UNION { VALUES ?other { owl:FunctionalProperty owl:InverseFunctionalProperty owl:TransitiveProperty owl:SymmetricProperty
                            owl:AsymmetricProperty owl:IrreflexiveProperty } ?term a ?other BIND("a" AS ?says) }
  } FILTER(STRSTARTS(STR(?term), STR(cq:)))
} ORDER BY ?term ?says ?other"""
# A step of a chain is the earlier, the more of the list is still to come.
_CHAINS: Final = """SELECT ?term ?list ?step (COUNT(?after) AS ?left) {
  GRAPH %s { ?term owl:propertyChainAxiom ?list . ?list rdf:rest* ?node . ?node rdf:first ?step ; rdf:rest* ?after }
} GROUP BY ?term ?list ?node ?step ORDER BY ?term ?list DESC(?left)"""
_USED: Final = "SELECT ?term (COUNT(DISTINCT ?x) AS ?n) (SAMPLE(?x) AS ?one) { ?x a ?term } GROUP BY ?term"
# The same from the register.
_USES: Final = "SELECT iri AS term, n, example AS one FROM class"
_OTHERS: Final = {
    "schema": "https://schema.org/",
    "org": "http://www.w3.org/ns/org#",
    "oa": "http://www.w3.org/ns/oa#",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "time": "http://www.w3.org/2006/time#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}


@blueprint.get("/ontology")
def ontology() -> Response:
    """The classes and properties."""
    graph = asking.node_of(site().iris.graph("ontology"))
    query = _TERMS % (graph, graph, graph)
    terms: dict[str, Found] = {}
    above: dict[str, list[str]] = {}
    for row in rows(query, keep=True):
        terms.setdefault(row["term"], row)
        if row.get("above", "").startswith(CQ) and row["above"] not in above.setdefault(row["term"], []):
            above[row["term"]].append(row["above"])
    axioms = [row for row in rows(_AXIOMS % graph, keep=True) if row["other"] != row["term"]]
    used = {row["term"]: row for row in counting.rows(_USES) if row["term"] in terms}
    grouped = {head: [t for t, row in terms.items() if row["kind"].endswith(f"#{kind}")] for head, kind in _KINDS.items()}
    return page(
        "ontology.html",
        Rail(
            "Ontology", [Source("the terms", query), Source("their axioms", _AXIOMS % graph), Source("how often classes are used", _USED)]
        ),
        head=next(iter(rows(_HEAD, keep=True)), {}),
        terms=terms,
        above=above,
        below=_reversed((term, some) for term, some in above.items()),
        leading=_reversed((term, [row["domain"]]) for term, row in terms.items() if "domain" in row),
        led_to=_reversed((term, [row["range"]]) for term, row in terms.items() if "range" in row),
        axioms=_grouped(axioms),
        chains=_chains(rows(_CHAINS % graph, keep=True)),
        elsewhere=_elsewhere(),
        groups=grouped,
        roots=[t for t in grouped["classes"] if not above.get(t)],
        used=used,
        names=asking.names(row["one"] for row in used.values() if "one" in row),
        namespace=CQ,
    )


def _reversed(pairs: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for one, others in pairs:
        for other in others:
            out.setdefault(other, []).append(one)
    return out


def _grouped(found: Iterable[Found]) -> dict[str, dict[str, list[str]]]:
    """By term, what is said of it, and of which others."""
    out: dict[str, dict[str, list[str]]] = {}
    for row in found:
        out.setdefault(row["term"], {}).setdefault(row["says"], []).append(row["other"])
    return out


def _chains(found: Iterable[Found]) -> dict[str, list[list[str]]]:
    """By property, the chains of properties from which it follows."""
    steps: dict[tuple[str, str], list[str]] = {}
    for row in found:
        if "step" in row:
            steps.setdefault((row["term"], row["list"]), []).append(row["step"])
    out: dict[str, list[list[str]]] = {}
    for (term, _), chain in steps.items():
        out.setdefault(term, []).append(chain)
    return out


def _elsewhere() -> Mapping[str, Sequence[tuple[str, str]]]:
    """By term, the terms of other vocabularies that it is aligned with: name and address."""
    known = {**PREFIXES, **_OTHERS}
    out: dict[str, list[tuple[str, str]]] = {}
    for s, p, o in alignments():
        term, other = s[1:-1], o[1:-1]
        if term.startswith(CQ) and o.startswith("<") and p != f"<{RDF}type>" and not other.startswith(CQ):
            name = next((f"{prefix}:{other.removeprefix(space)}" for prefix, space in known.items() if other.startswith(space)), other)
            out.setdefault(term, []).append((name, other))
    return {term: sorted(set(some)) for term, some in out.items()}
