"""``/sparql``: queries in, answers out in the form that the client reads; a bare GET describes the service."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, render_template, request

from communique.errors import QueryError, Unanswered
from communique.server import description, problems, tables
from communique.server.engine import Answer
from communique.server.negotiate import HTML, ROWS, TRIPLES, Offer, choose
from communique.server.problems import Problem
from communique.server.protocol import Change, Question, asked
from communique.server.site import site
from communique.store.syntax import shape

blueprint = Blueprint("sparql", __name__)

_METHODS: Final = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")
_IN_MEMORY: Final = 1 << 20
_SHOWN: Final = 500  # rows on a page; the downloads below it have all of them


@blueprint.route("/sparql", methods=_METHODS, provide_automatic_options=False)
def sparql() -> Response:
    """The endpoint."""
    if request.method == "OPTIONS":
        return Response(status=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(_METHODS)})
    wanted = asked(request.method, request.query_string, request.content_type, request.get_data(cache=False))
    if wanted is None:
        return _service()
    if isinstance(wanted, Change):
        raise Problem(HTTPStatus.FORBIDDEN, "updates are refused: this endpoint is read-only")
    try:
        form = shape(wanted.query).form
    except QueryError as error:
        return _failed(wanted, error)
    offers = (*(TRIPLES if form in ("CONSTRUCT", "DESCRIBE") else ROWS), HTML)
    choice = choose(request.headers.get("Accept"), offers, wanted.format)
    if choice is None:
        raise not_acceptable(offers)
    if choice.offer is HTML:
        return negotiated(_page(wanted, form))
    return negotiated(_data(wanted, choice.offer, choice.media_type))


def _data(asked: Question, offer: Offer, media_type: str) -> Response:
    """The answer as it comes; an error before its first byte has its true status, one after it breaks the transfer off."""
    found = site().engine.stream(asked.query, offer.name, asked.dataset, base=request.base_url)
    # SPARQL 1.1 Query Results CSV and TSV, section 2: CSV says whether there is a header line.
    text = {"csv": "; header=present; charset=utf-8", "tsv": "; charset=utf-8"}.get(offer.name, "")
    return sent(found, media_type + text)


def sent(found: Answer, content_type: str) -> Response:
    """An answer as a response."""
    if found.length is not None and found.length <= _IN_MEMORY:
        return Response(found.read(), content_type=content_type)
    response = Response(found.chunks, content_type=content_type)
    if found.length is not None:
        response.content_length = found.length
    response.call_on_close(found.close)
    return response


def _page(asked: Question, form: str | None) -> Response:
    """The answer as a page: the query again, a table, and links to the same answer as data."""
    here = site()
    started = time.perf_counter()
    try:
        if form in ("CONSTRUCT", "DESCRIBE"):
            table = tables.of_triples(here, here.engine.construct(asked.query, asked.dataset, limit=_SHOWN + 1), _SHOWN)
        elif form == "ASK":
            table = tables.of_truth(here.engine.ask(asked.query, asked.dataset))
        else:
            rows = here.engine.select(asked.query, asked.dataset, limit=_SHOWN + 1)
            table = tables.of_rows(here, rows.variables, rows.rows, _SHOWN)
    except (QueryError, Unanswered) as error:
        return _failed(asked, error)
    formats = TRIPLES if form in ("CONSTRUCT", "DESCRIBE") else ROWS
    took = f"{(time.perf_counter() - started) * 1000:.0f} ms"
    return Response(render_template("sparql.html", asked=asked, table=table, formats=formats, took=took), mimetype="text/html")


def _failed(asked: Question, error: QueryError | Unanswered) -> Response:
    """A query that is not answered: back in the editor for people, problem+json for programs."""
    problem = problems.of_query(error) if isinstance(error, QueryError) else problems.of_unanswered(error)
    choice = choose(request.headers.get("Accept"), (*ROWS, *TRIPLES, HTML), asked.format)
    if choice and choice.offer is HTML:
        return negotiated(
            Response(render_template("sparql.html", asked=asked, problem=problem), problem.status, problem.headers, mimetype="text/html")
        )
    raise problem


def _service() -> Response:
    """A bare GET: the query page for people, the service description for programs."""
    choice = choose(request.headers.get("Accept"), (*TRIPLES, HTML), request.args.get("format"))
    if choice is None:
        raise not_acceptable((*TRIPLES, HTML))
    if choice.offer is HTML:
        return negotiated(Response(render_template("sparql.html"), mimetype="text/html"))
    body = description.of(site(), request.base_url, choice.offer.name)
    return negotiated(Response(body, content_type=choice.media_type))


def negotiated(response: Response) -> Response:
    """The response, marked as depending on what the client accepts."""
    response.vary.add("Accept")
    return response


def not_acceptable(offers: tuple[Offer, ...]) -> Problem:
    """406: none of what the client accepts exists, and here is what does."""
    existing = [offer.media_type for offer in offers]
    detail = f"nothing of what is accepted exists here; there is {', '.join(existing)} (or ?format={'|'.join(o.name for o in offers)})"
    return Problem(HTTPStatus.NOT_ACCEPTABLE, detail, {"available": existing})
