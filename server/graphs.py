"""``/graphs``: whole graphs, read and written by the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from flask import Blueprint, Response, request

from communique.server import graph_store
from communique.server.graph_store import METHODS, READS, Target
from communique.server.negotiate import TRIPLES, choose
from communique.server.problems import Problem
from communique.server.site import Site, site
from communique.server.sparql import body, data, negotiated, not_acceptable, writes

blueprint = Blueprint("graphs", __name__)


@blueprint.route("/graphs", methods=METHODS, provide_automatic_options=False)
def indirect() -> Response:
    """A graph that a parameter names."""
    return _answer(direct=False)


@blueprint.route("/graphs/<path:_name>", methods=METHODS, provide_automatic_options=False)
def direct(_name: str) -> Response:
    """A graph whose name is what is asked for."""
    return _answer(direct=True)


def _answer(*, direct: bool) -> Response:
    if request.method == "OPTIONS":
        return Response(status=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(METHODS)})
    here = site()
    if request.method not in READS:
        writes(here)
    url = request.root_url.rstrip("/") + _raw_path() if direct else request.base_url
    graph = graph_store.target(request.method, url, direct, request.query_string)
    if request.method in READS:
        return _read(here, graph)
    return _deleted(here, graph) if request.method == "DELETE" else _put(here, graph)


def _raw_path() -> str:
    """The path as it was sent: what is written with % in it belongs to the name of the graph."""
    raw = str(request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or "")
    path = raw.partition("?")[0]
    return path if path.startswith("/graphs/") else request.path


def _read(here: Site, graph: str | Target) -> Response:
    choice = choose(request.headers.get("Accept"), TRIPLES, request.args.get("format"))
    if choice is None:
        raise not_acceptable(TRIPLES)
    _found(here, graph)
    dataset = here.whole if isinstance(graph, Target) else graph_store.dataset(graph)
    return negotiated(data(graph_store.EVERY_TRIPLE, dataset, choice))


def _put(here: Site, graph: str | Target) -> Response:
    """PUT makes what is sent the whole graph, POST adds it."""
    made = graph is Target.NEW
    if made:
        graph = f"{request.base_url}/{uuid.uuid4()}"
    new = not isinstance(graph, Target) and not here.engine.has(graph)
    base = request.base_url if isinstance(graph, Target) else graph
    triples = graph_store.triples(request.content_type, body(), base)
    here.write(triples.put(graph) if request.method == "PUT" else triples.add(graph), base)
    headers = {"Location": graph} if made else {}
    return Response(status=HTTPStatus.CREATED if new else HTTPStatus.NO_CONTENT, headers=headers)


def _deleted(here: Site, graph: str | Target) -> Response:
    _found(here, graph)
    here.write(graph_store.drop(graph), request.base_url)
    return Response(status=HTTPStatus.NO_CONTENT)


def _found(here: Site, graph: str | Target) -> None:
    if not isinstance(graph, Target) and not here.engine.has(graph):
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no graph <{graph}>")
