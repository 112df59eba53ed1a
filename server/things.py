"""Everything that is named dereferences: an IRI of ours leads (303) to a page about it, or to the same as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from communique.iris import CQ
from communique.queries.exports import PREFIXES
from communique.server import description, tables
from communique.server.negotiate import HTML, TRIPLES, choose
from communique.server.problems import Problem
from communique.server.site import Site, site
from communique.server.sparql import negotiated, not_acceptable
from communique.store import Dataset, Term

blueprint = Blueprint("things", __name__)

_OFFERS: Final = (HTML, *TRIPLES)
_SHOWN: Final = 30  # values of one property on a page; the data has all of them
_INCOMING: Final = 12  # things that point here, of each property
_TYPE: Final = PREFIXES["rdf"] + "type"
_SHOWN_ALREADY: Final = {PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel", CQ + "quote"}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who states something: a publisher, the vocabulary ...; ``inferred`` if it follows from what they state."""

    who: str
    href: str | None
    inferred: bool


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a thing with its values, each with who states it; ``total`` counts the values that are not shown too."""

    name: tables.Cell
    values: Sequence[tuple[tables.Cell, Sequence[Voice]]]
    total: int


@blueprint.get("/<any(id, vocab, graph, statement):room>/<path:rest>")
def thing(room: str, rest: str) -> Response:
    """A thing is not a page: the page about it is elsewhere."""
    suffix = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return negotiated(Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/about/{room}/{quote(rest)}{suffix}"}))


@blueprint.get("/about/<path:path>")
def about(path: str) -> Response:
    """What is known about a thing: a page, or the statements as data."""
    here = site()
    iri = here.iri(path)
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is nothing at /{path}") from None
    choice = choose(request.headers.get("Accept"), _OFFERS, request.args.get("format"))
    if not here.engine.ask(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} UNION {{ GRAPH {node} {{ ?a ?b ?c }} }} }}"):
        raise Problem(HTTPStatus.NOT_FOUND, f"nothing here is called {iri}")
    if choice is None:
        raise not_acceptable(_OFFERS)
    if choice.offer is HTML:
        return negotiated(_page(here, node))
    query = f"CONSTRUCT {{ {node} ?p ?o . ?s ?q {node} }} WHERE {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} }}"
    triples = here.engine.construct(query)
    if here.engine.has(iri):
        triples += here.engine.construct("CONSTRUCT WHERE { ?s ?p ?o }", Dataset(default=(iri,)))
    ordered = sorted(set(triples), key=str)
    return negotiated(Response(description.serialised(ordered, choice.offer.name), content_type=choice.media_type))


@blueprint.get("/ns")
def terms() -> Response:
    """The terms of the ontology: a page with their definitions, or the ontology as data."""
    here = site()
    choice = choose(request.headers.get("Accept"), _OFFERS, request.args.get("format"))
    if choice is None:
        raise not_acceptable(_OFFERS)
    ontology = Dataset(default=(here.iris.graph("ontology"),))
    if choice.offer is not HTML:
        triples = here.engine.construct("CONSTRUCT WHERE { ?s ?p ?o }", ontology)
        return negotiated(Response(description.serialised(sorted(triples, key=str), choice.offer.name), content_type=choice.media_type))
    query = f"""PREFIX skos: <{PREFIXES["skos"]}> PREFIX owl: <{PREFIXES["owl"]}>
        SELECT ?term (SAMPLE(?name) AS ?label) (SAMPLE(?text) AS ?definition) (SAMPLE(?kind) AS ?of) {{
          ?term a ?kind ; <{PREFIXES["rdfs"]}label> ?name FILTER(STRSTARTS(STR(?term), "{CQ}"))
          VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty owl:NamedIndividual }}
          OPTIONAL {{ ?term skos:definition ?text }}
        }} GROUP BY ?term ORDER BY ?term"""
    rows = [tuple(map(tables.plain, row)) for row in here.engine.select(query, ontology)]
    return negotiated(Response(render_template("terms.html", terms=rows, namespace=CQ), mimetype="text/html"))


def _page(here: Site, node: ox.NamedNode) -> Response:
    stated = here.engine.select(f"SELECT ?p ?o ?g {{ GRAPH ?g {{ {node} ?p ?o }} }} ORDER BY ?p ?o ?g").rows
    voices = _voices(here, [g for _, _, g in stated])
    # Where all that is asserted comes from one side, that is told once, above the table.
    sides = {voice.who: voice for voice in voices.values() if not voice.inferred}
    side = next(iter(sides.values())) if len(sides) == 1 else None
    values: dict[Term, dict[Term, list[Voice]]] = {}
    for p, o, g in stated:
        if p is not None and o is not None:
            values.setdefault(p, {}).setdefault(o, []).append(voices[tables.plain(g)])
    shown = {p: list(islice(by_value.items(), _SHOWN)) for p, by_value in values.items() if tables.plain(p) not in _SHOWN_ALREADY}
    counts = here.engine.select(f"SELECT ?q (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?q {node} }} GROUP BY ?q ORDER BY ?q").rows
    first = f"{node} }} ORDER BY ?s LIMIT {_INCOMING}"
    incoming = {q: here.engine.select(f"SELECT DISTINCT ?s {{ ?s {q} {first}").rows for q, _ in counts if q is not None}
    named = [node, *shown, *(o for some in shown.values() for o, _ in some), *incoming, *(s for some in incoming.values() for (s,) in some)]
    labels = tables.labels_of(here, named)

    def cell(term: Term) -> tables.Cell:
        return tables.cell(here, term, labels)

    about = [Property(cell(p), [(cell(o), _told(by, side)) for o, by in some], len(values[p])) for p, some in shown.items()]
    about.sort(key=lambda each: (each.name.iri != _TYPE, each.name.text.lower()))
    totals = {q: int(tables.plain(n)) for q, n in counts}
    pointing = [Property(cell(q), [(cell(s), ()) for (s,) in some if s is not None], totals[q]) for q, some in incoming.items()]
    page = render_template(
        "thing.html",
        iri=node.value,
        title=labels.get(node.value) or tables.short(node.value),
        quote=next((tables.plain(o) for p, o, _ in stated if tables.plain(p) == CQ + "quote"), None),
        side=side,
        about=about,
        pointing=pointing,
        formats=TRIPLES,
    )
    return Response(page, mimetype="text/html")


def _told(by: Sequence[Voice], side: Voice | None) -> Sequence[Voice]:
    """Who is named beside a value: each once, and who only implies it if nobody states it."""
    stated = [voice for voice in by if not voice.inferred]
    if stated and side:
        return ()
    return tuple({voice.who: voice for voice in stated or by}.values())


def _voices(here: Site, graphs: Sequence[Term | None]) -> dict[str, Voice]:
    """Who speaks in each graph."""
    iris = sorted({tables.plain(g) for g in graphs})
    accounts = " ".join(f"<{iri.removesuffix('/inferred')}>" for iri in iris if here.iris.readout_of(iri))
    query = f"SELECT ?account ?publisher {{ VALUES ?account {{ {accounts} }} ?account <{CQ}accordingTo> ?publisher }}"
    tellers = here.engine.select(query).rows if accounts else ()
    names = tables.labels_of(here, [publisher for _, publisher in tellers])
    publishers = {tables.plain(account): names.get(tables.plain(who)) or tables.short(tables.plain(who)) for account, who in tellers}
    voices = {}
    for iri in iris:
        asserted = iri.removesuffix("/inferred")
        who = f"according to {publishers[asserted]}" if asserted in publishers else f"from the graph {asserted.rsplit('/', 1)[1]}"
        inferred = here.iris.is_inferred(iri) or iri == here.iris.graph("global")
        voices[iri] = Voice(who, here.path(here.iris.readout_of(iri) or iri), inferred)
    return voices
