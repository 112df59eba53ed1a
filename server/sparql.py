"""``/sparql``: queries in, answers out in the form that the client reads; a bare GET describes the service."""

from __future__ import annotations

import io
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.wsgi import FileWrapper

from communique.errors import QueryError
from communique.server import description, problems, tables
from communique.server.negotiate import HTML, ROWS, TRIPLES, Offer, choose
from communique.server.problems import Problem
from communique.server.protocol import Change, Question, asked
from communique.server.site import Site, site
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
    with _turn(site()):
        if choice.offer is HTML:
            return negotiated(_page(wanted, form))
        return negotiated(_data(wanted, choice.offer, choice.media_type))


def _data(asked: Question, offer: Offer, media_type: str) -> Response:
    """The whole answer, written before the first byte is sent: so an error has its true status."""
    here = site()
    out = _Answer(here.answer_bytes, here.seconds)
    try:
        here.store.query(asked.query, offer.name, out, asked.dataset, base=request.base_url)  # type: ignore[arg-type]  # it writes bytes
    except BaseException as error:
        out.file.close()
        raise problems.of_query(error) if isinstance(error, QueryError) else error from error
    length = out.file.tell()
    out.file.seek(0)
    # SPARQL 1.1 Query Results CSV and TSV, section 2: CSV says whether there is a header line.
    text = {"csv": "; header=present; charset=utf-8", "tsv": "; charset=utf-8"}.get(offer.name, "")
    if length <= _IN_MEMORY:
        with out.file as file:
            return Response(file.read(), content_type=media_type + text)
    response = Response(FileWrapper(out.file), content_type=media_type + text, direct_passthrough=True)
    response.content_length = length
    return response


def _page(asked: Question, form: str | None) -> Response:
    """The answer as a page: the query again, a table, and links to the same answer as data."""
    here = site()
    started = time.perf_counter()
    try:
        if form in ("CONSTRUCT", "DESCRIBE"):
            table = tables.of_triples(here, here.store.construct(asked.query, asked.dataset, limit=_SHOWN + 1), _SHOWN)
        elif form == "ASK":
            table = tables.of_truth(here.store.ask(asked.query, asked.dataset))
        else:
            rows = here.store.select(asked.query, asked.dataset, limit=_SHOWN + 1)
            table = tables.of_rows(here, rows.variables, rows.rows, _SHOWN)
    except QueryError as error:
        return _failed(asked, error)
    formats = TRIPLES if form in ("CONSTRUCT", "DESCRIBE") else ROWS
    took = f"{(time.perf_counter() - started) * 1000:.0f} ms"
    return Response(render_template("sparql.html", asked=asked, table=table, formats=formats, took=took), mimetype="text/html")


def _failed(asked: Question, error: QueryError) -> Response:
    """A query that cannot be answered: back in the editor for people, problem+json for programs."""
    problem = problems.of_query(error)
    choice = choose(request.headers.get("Accept"), (*ROWS, *TRIPLES, HTML), asked.format)
    if choice and choice.offer is HTML:
        return negotiated(Response(render_template("sparql.html", asked=asked, problem=problem), problem.status, mimetype="text/html"))
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


@contextmanager
def _turn(here: Site) -> Iterator[None]:
    """A place among the queries that run at once, so that some threads stay free for pages."""
    free: threading.Semaphore = current_app.extensions["communique.turns"]
    if not free.acquire(timeout=here.patience):
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "all workers are busy; ask again in a moment", headers={"Retry-After": "5"})
    try:
        yield
    finally:
        free.release()


class _Answer(io.RawIOBase):
    """Takes the bytes of an answer until there are too many of them or time is up; then the query ends with a ``Problem``.

    The engine can only be stopped where it writes: a query that sorts for an hour before its first row is not stopped here.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self.file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - who sends it closes it
        self.most = most
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the engine hands over bytes
        if self.file.tell() + len(data) > self.most:
            todo = "ask for less with LIMIT, or take the export of the whole store"
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"the answer is longer than {self.most:,} bytes; {todo}")
        if time.monotonic() > self.end:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"the answer took longer than {self.seconds:.0f} seconds; ask for less")
        return self.file.write(data)
