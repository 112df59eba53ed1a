"""``/sparql``: queries in, answers out in the form that the client reads; a bare GET describes the service."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, g, render_template, request

from communique.errors import QueryError, Unanswered
from communique.server import answering, description, problems, tables
from communique.server.answering import Asking
from communique.server.engine import Answer
from communique.server.front import FAILED
from communique.server.negotiate import HTML, ROWS, TRIPLES, Choice, Offer, choose, varies
from communique.server.problems import Problem
from communique.server.protocol import Change, Question, asked, media_type
from communique.server.site import Site, site
from communique.store import Dataset
from communique.store.updates import over

blueprint = Blueprint("sparql", __name__)

_METHODS: Final = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")
_MAX_WRITE: Final = 100_000_000
_SHOWN: Final = 500  # rows on a page; the downloads below it have all of them


@blueprint.route("/sparql", methods=_METHODS, provide_automatic_options=False)
def sparql() -> Response:
    """The endpoint."""
    if request.method == "OPTIONS":
        return Response(status=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(_METHODS)})
    if failed := request.environ.get(FAILED):
        raise failed
    if request.method == "POST" and media_type(request.content_type) == "application/sparql-update":
        writes(site())  # before the body is read, which may be longer than a query
    wanted = asked(request.method, request.query_string, request.content_type, body())
    if wanted is None:
        return _service()
    if isinstance(wanted, Change):
        return _changed(wanted)
    if not wanted.query.strip():
        raise Problem(HTTPStatus.BAD_REQUEST, "the query is empty")
    try:
        form, offers, choice = answering.chosen(site(), wanted, request.headers.get("Accept"))
    except QueryError as error:
        return _failed(wanted, error)
    if choice is None:
        raise not_acceptable(offers)
    if choice.offer is HTML:
        return negotiated(_page(wanted, form))
    return negotiated(data(wanted.query, answering.seen(site(), wanted), choice))


def _changed(wanted: Change) -> Response:
    """An update, done."""
    here = site()
    writes(here)
    here.write(over(wanted.update, wanted.default, wanted.named), request.base_url)
    return Response(status=HTTPStatus.NO_CONTENT)


def writes(here: Site) -> None:
    """Raise ``Problem`` if this request may not write; what it is told is for no page of another site."""
    g.writes = True
    here.writing.check(dict(request.headers))
    request.max_content_length = _MAX_WRITE


def body() -> bytes:
    """The body of the request, as it came.  Raises ``Problem`` (415) for one that is packed."""
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding != "identity":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"a body in '{coding}' cannot be read; send it unpacked")
    return request.get_data(cache=False)


def data(query: str, dataset: Dataset, choice: Choice) -> Response:
    """The answer of a query as it comes; an error before its first byte has its true status, one after it breaks the transfer off."""
    known, protocol = request.headers.get("If-None-Match"), request.environ.get("SERVER_PROTOCOL")
    told = answering.reply(site(), query, dataset, choice, Asking(request.method, request.base_url, known, protocol))
    response = sent(told.found) if told.found else Response(mimetype=choice.media_type)
    response.status_code = told.status
    response.headers.update(told.headers)
    return response


def sent(found: Answer) -> Response:
    """An answer as a response, which ends the query when it is closed."""
    if answering.at_once(found, request.environ.get("SERVER_PROTOCOL")):
        return Response(found.read())
    response = Response(found.chunks)
    if found.length is not None:
        response.content_length = found.length
    response.call_on_close(found.close)
    return response


def _page(asked: Question, form: str | None) -> Response:
    """The answer as a page: the query again, a table, and links to the same answer as data."""
    here = site()
    dataset = answering.seen(here, asked)
    started = time.perf_counter()
    try:
        if form in ("CONSTRUCT", "DESCRIBE"):
            table = tables.of_triples(here, here.engine.construct(asked.query, dataset, limit=_SHOWN + 1), _SHOWN)
        elif form == "ASK":
            table = tables.of_truth(here.engine.ask(asked.query, dataset))
        else:
            rows = here.engine.select(asked.query, dataset, limit=_SHOWN + 1)
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
    varies(response, "Accept")
    return response


def not_acceptable(offers: tuple[Offer, ...]) -> Problem:
    """406: none of what the client accepts exists, and here is what does."""
    existing = [offer.media_type for offer in offers]
    detail = f"nothing of what is accepted exists here; there is {', '.join(existing)} (or ?format={'|'.join(o.name for o in offers)})"
    return Problem(HTTPStatus.NOT_ACCEPTABLE, detail, {"available": existing})
