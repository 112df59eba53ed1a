"""The saved queries as an API: each is ``/api/NAME?param=...``, with typed parameters that are bound as terms, in pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, request

from communique.errors import ParameterError, QueryError
from communique.queries import catalogue
from communique.queries.catalogue import Query
from communique.queries.exports import PREFIXES
from communique.server import openapi, paging, standing, version
from communique.server.negotiate import Choice, Offer, choose
from communique.server.problems import Problem
from communique.server.site import Site, site
from communique.server.sparql import negotiated, not_acceptable, sent
from communique.store import Row, Term

blueprint = Blueprint("api", __name__)
version.keyed(blueprint)

SIZE: Final = 1000  # rows of a page, if nobody says how many; CSV then has all of them
MOST: Final = 10_000
RESERVED: Final = ("format", "limit", "page")  # no query may declare a parameter of this name
OFFERS: Final = (Offer("json", "application/json"), Offer("csv", "text/csv"), Offer("jsonld", "application/ld+json"))
_CSV: Final = "text/csv; header=present; charset=utf-8"
_XSD: Final = PREFIXES["xsd"]
_WHOLE: Final = {_XSD + name for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long")}
_BROKEN: Final = {_XSD + name for name in ("decimal", "double", "float")}


@blueprint.get("/openapi.json")
def description() -> Response:
    """The API, described in OpenAPI 3.1."""
    told = openapi.document(request.url_root.rstrip("/"), catalogue.load().values(), size=SIZE, most=MOST)
    return Response(json.dumps(told, ensure_ascii=False, indent=1) + "\n", content_type="application/json")


@blueprint.get("/api")
def queries() -> Response:
    """All saved queries, with their parameters and where they are answered."""
    root = request.url_root.rstrip("/")
    told = [
        {
            "name": query.name,
            "summary": query.summary,
            "tags": query.tags,
            "parameters": {p.name: {"type": p.type, "default": p.default, "required": p.required} for p in query.params},
            "url": f"{root}/api/{query.name}",
            "page": f"{root}/query/{query.name}",
        }
        for query in catalogue.load().values()
    ]
    body = json.dumps({"queries": told, "openapi": f"{root}/openapi.json"}, ensure_ascii=False, indent=1)
    response = Response(body + "\n", content_type="application/json")
    return paging.link(response, {"service-desc": f"{root}/openapi.json"})


@blueprint.get("/api/<name>")
def answer(name: str) -> Response:
    """The answer to a saved query, a page of it unless it is CSV and nobody asks for pages."""
    here = site()
    saved, choice = _asked(name)
    text = _bound(here, saved)
    links = {"service-desc": f"{request.url_root}openapi.json", "describedby": f"{request.url_root}query/{saved.name}"}
    if choice.offer.name == "csv" and not {"limit", "page"} & request.args.keys():
        whole = standing.csv(here, saved, text)
        return negotiated(paging.link(_csv(here, text) if whole is None else Response(whole, content_type=_CSV), links))
    page = paging.asked(SIZE, MOST)
    # One more than the page holds tells whether there is another page.
    rows = standing.rows(here, saved, text, page.size + 1, page.offset).rows
    links |= paging.beside(page, more=len(rows) > page.size)
    match choice.offer.name:
        case "csv":
            known = standing.csv(here, saved, text, page.size, page.offset)
            paged = catalogue.paged(saved, text, page.size, page.offset)
            response = _csv(here, paged) if known is None else Response(known, content_type=_CSV)
        case "jsonld":
            base = f"{here.iris.query(saved.name)}#"
            response = Response(_jsonld(base, tuple(saved.columns), rows[: page.size], page.offset), content_type=choice.media_type)
        case _:
            response = Response(_json(saved, rows[: page.size], links), content_type=choice.media_type)
    return negotiated(paging.link(response, links))


def _asked(name: str) -> tuple[Query, Choice]:
    """The query and the form that a request asks for.  Raises ``Problem``: 404, 406."""
    stem, dot, suffix = name.rpartition(".")
    if not dot or suffix not in {offer.name for offer in OFFERS}:
        stem, suffix = name, request.args.get("format", "")
    try:
        saved = catalogue.get(stem)
    except QueryError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from error
    choice = choose(request.headers.get("Accept"), OFFERS, suffix)
    # A page in a browser accepts anything, and so does who says nothing.
    if choice is None:
        raise not_acceptable(OFFERS)
    return saved, choice


def _bound(here: Site, saved: Query) -> str:
    """The query with the parameters of the request.

    Raises ``Problem``: 400 for one that is not declared, missing, there twice or not of its type.
    """
    given = [(key, value) for key, value in request.args.items(multi=True) if key not in RESERVED]
    try:
        return saved.bind(given, here.engine)
    except ParameterError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error), {"parameter": error.where}) from error


def _csv(here: Site, text: str) -> Response:
    response = sent(here.engine.stream(text, "csv"))
    response.content_type = _CSV
    return response


def _json(saved: Query, rows: Sequence[Row], links: Mapping[str, str]) -> str:
    """Rows as objects of plain values: what a program wants that knows nothing of RDF."""
    columns = tuple(saved.columns)
    told = {
        "query": saved.name,
        "summary": saved.summary,
        "columns": saved.columns,
        "rows": [dict(zip(columns, map(_plain, row), strict=True)) for row in rows],
        **{name: links[name] for name in ("prev", "next") if name in links},
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _plain(term: Term | None) -> object:
    if not isinstance(term, ox.Literal):
        return None if term is None else getattr(term, "value", str(term))
    kind = term.datatype.value
    if kind == _XSD + "boolean":
        return term.value in ("true", "1")
    if kind in _WHOLE:
        return int(term.value)
    if kind in _BROKEN:
        number = float(term.value)
        return number if abs(number) < float("inf") else term.value  # JSON knows neither infinity nor what is no number
    return term.value


def _jsonld(base: str, columns: Sequence[str], rows: Sequence[Row], offset: int) -> str:
    """The rows as RDF: a node a row, a property a column (the minimal mode of "Generating RDF from Tabular Data on the Web")."""
    graph = [
        {"@id": f"{base}row-{offset + n}", **{c: _value(term) for c, term in zip(columns, row, strict=True) if term is not None}}
        for n, row in enumerate(rows, 1)
    ]
    context = {"@vocab": base, "xsd": _XSD}
    return json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _value(term: Term) -> object:
    if not isinstance(term, ox.Literal):
        return {"@id": getattr(term, "value", str(term))}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _XSD + "string":
        return term.value
    return {"@value": term.value, "@type": term.datatype.value}
