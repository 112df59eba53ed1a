"""The short way of queries: what is answered as data goes out past Flask, which takes four times as long as all else for a small answer.

It takes a GET or POST of ``/sparql`` that is a query, and that is answered as data.  Everything else goes the long way, pages, updates and
what cannot be read as much as a query that fails: Flask tells errors.  What is said on both ways is made in one place each (``answering``,
``headers``, ``journal``), and tests compare the ways.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from werkzeug.wsgi import get_current_url

from communique.errors import CommuniqueError
from communique.server import answering, headers
from communique.server.answering import Asking, Reply
from communique.server.compress import SHORT, packed
from communique.server.engine import Answer
from communique.server.journal import IDENTITY, LIMITS, VISIT, Journal, Visit
from communique.server.negotiate import HTML, Choice, gzip_wanted
from communique.server.problems import Problem
from communique.server.protocol import FORM, QUERY, Question, asked, media_type
from communique.server.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FAILED: Final = "communique.failed"
"""The key of an environment under which the error is that a query failed with on the short way."""
_ROUTE: Final = "/sparql"
_VARY: Final = ("Vary", "Accept, Accept-Encoding")


class Front:
    """The application in front of another, which gets what is not for the short way; bodies are read up to ``most`` bytes."""

    def __init__(self, rest: WSGIApplication, here: Site, journal: Journal, most: int) -> None:
        self._rest = rest
        self._here = here
        self._journal = journal
        self._most = most

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        wanted = self._wanted(environ)
        if wanted is None:
            return self._rest(environ, start_response)
        question, choice = wanted
        visit = Visit(self._journal, environ.get("REMOTE_ADDR"), environ["REQUEST_METHOD"])
        address = _address(environ["wsgi.url_scheme"], environ.get("HTTP_HOST"), environ["SERVER_NAME"], environ["SERVER_PORT"])
        protocol = environ.get("SERVER_PROTOCOL")
        asking = Asking(environ["REQUEST_METHOD"], address, environ.get("HTTP_IF_NONE_MATCH"), protocol)
        try:
            told = answering.reply(self._here, question.query, answering.seen(self._here, question), choice, asking)
            whole = told.found.read() if told.found and answering.at_once(told.found, protocol) else None
        except Exception as error:
            environ[FAILED], environ[VISIT] = error, visit
            return self._rest(environ, start_response)
        return self._sent(told, whole, choice, visit, environ.get("HTTP_ACCEPT_ENCODING"), start_response)

    def _sent(
        self, told: Reply, whole: bytes | None, choice: Choice, visit: Visit, accept_encoding: str | None, start_response: StartResponse
    ) -> Iterable[bytes]:
        """The answer under all its headers."""
        size = len(whole) if whole is not None else told.found.length if told.found else 0
        said = [*told.headers, _VARY, *headers.OF_DATA, (IDENTITY, visit.identity)]
        if visit.record.queries:
            said.append((LIMITS, self._journal.limits))
        pieces: Iterable[bytes] | None = None if whole is not None or told.found is None else told.found.chunks
        if told.found and gzip_wanted(accept_encoding) and (size is None or size >= SHORT):
            said.append(("Content-Encoding", "gzip"))
            pieces = packed(pieces or (whole or b"",))
        elif told.found and size is not None:
            said.append(("Content-Length", str(size)))
        closed = visit.answered(_ROUTE, told.status.value, choice.media_type, size)
        start_response(f"{told.status.value} {told.status.phrase}", said)
        return _Body(pieces if pieces is not None else iter((whole,) if whole else ()), told.found, closed)

    def _wanted(self, environ: WSGIEnvironment) -> tuple[Question, Choice] | None:
        """What is asked and in which format it is answered; ``None`` for what is not for the short way."""
        method = environ["REQUEST_METHOD"]
        if environ.get("PATH_INFO") != _ROUTE or environ.get("SCRIPT_NAME") or method not in ("GET", "POST"):
            return None
        try:
            body = self._body(environ) if method == "POST" else b""
            if body is None:
                return None
            query_string = environ.get("QUERY_STRING", "").encode("latin-1")
            question = asked(method, query_string, environ.get("CONTENT_TYPE"), body)
            if not isinstance(question, Question) or not question.query.strip():
                return None
            _, _, choice = answering.chosen(self._here, question, environ.get("HTTP_ACCEPT"))
        except (Problem, CommuniqueError):
            return None  # it will be said there
        return (question, choice) if choice is not None and choice.offer is not HTML else None

    def _body(self, environ: WSGIEnvironment) -> bytes | None:
        """The body of a request, which may be read again; ``None`` for one that is no query, or too long, or packed."""
        length = environ.get("CONTENT_LENGTH", "")
        short = length.isascii() and length.isdigit() and int(length) <= self._most
        if not short or environ.get("HTTP_CONTENT_ENCODING") or media_type(environ.get("CONTENT_TYPE")) not in (FORM, QUERY):
            return None
        body: bytes = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(body)
        return body


@lru_cache(1 << 8)
def _address(scheme: str, host: str | None, name: str, port: str) -> str:
    """The address of the endpoint, as Flask would say it."""
    environ = {"wsgi.url_scheme": scheme, "SERVER_NAME": name, "SERVER_PORT": port, "PATH_INFO": _ROUTE}
    return get_current_url(environ | ({} if host is None else {"HTTP_HOST": host}), strip_querystring=True)


class _Body:
    """The bytes of an answer; when it is closed, the query is ended, and the visit is over."""

    def __init__(self, pieces: Iterable[bytes], found: Answer | None, closed: Callable[[], None]) -> None:
        self._pieces = iter(pieces)
        self._found = found
        self._closed = closed

    def __iter__(self) -> Generator[bytes, None, None]:
        yield from self._pieces

    def close(self) -> None:
        """End it."""
        try:
            if self._found is not None:
                self._found.close()
        finally:
            self._closed()
