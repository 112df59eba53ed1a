"""The application factory: blueprints, headers that every answer carries, and errors as problems."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from communique.config import Settings
from communique.errors import CommuniqueError, QueryError, StoreError, Unanswered
from communique.iris import Iris
from communique.server import api, assets, dataset, graphs, headers, health, journal, pages, problems, search, sparql, things, version
from communique.server.access import Writing
from communique.server.compress import compressed
from communique.server.engine import Engine
from communique.server.front import Front
from communique.server.pages import counting, editor, frame, readouts
from communique.server.problems import Problem
from communique.server.site import Site
from communique.server.writer import Writer
from communique.store import EVERYTHING, OWN

T = TypeVar("T")
_READS: Final = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")  # POST asks, too
_EDITING: Final = headers.POLICY.replace("style-src 'self'", f"style-src 'self' {editor.STYLE}")
_PREFLIGHT: Final = (("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match"), ("Access-Control-Max-Age", "86400"))


class _App(Flask):
    def ensure_sync(self, func: Callable[..., T]) -> Callable[..., T]:
        """The function as it is: none here is a coroutine, which would be looked for at each step of each request."""
        return func


def create_app(
    settings: Settings, engine: Engine, writer: Writer | None = None, token: str | None = None, coming: Callable[[], str] = lambda: ""
) -> Flask:
    """The WSGI application that serves what ``engine`` answers from, under the base of ``settings``.

    With a ``writer`` it takes updates, from those who know the ``token``; without one, from this machine only.  ``coming`` tells in words
    what will be there soon, if anything.
    """
    app = _App("communique.server", static_folder="static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body * 1000
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    whole = OWN if settings.default_graph == "own" else EVERYTHING
    here = Site(engine, Iris(settings.base), whole, Writing(writer is not None, token), writer, frozenset(settings.federation.split()))
    app.extensions["communique.site"] = here
    version.install(settings, app.extensions, coming)
    search.install(app)
    dataset.install(app, settings)
    frame.install(app)
    readouts.install(app)
    counting.install(app)
    editor.install(app, settings)
    for blueprint in (*pages.BLUEPRINTS, api.blueprint, graphs.blueprint, sparql.blueprint, things.blueprint, health.blueprint):
        app.register_blueprint(blueprint)
    app.jinja_env.globals["coming"] = coming
    app.jinja_env.globals["path_of"] = here.path
    app.jinja_env.filters["words"] = words
    app.jinja_env.filters["coded"] = coded
    app.after_request(_headers)
    written = journal.install(app, engine, settings.access_log)
    app.wsgi_app = Front(app.wsgi_app, here, written, settings.max_body * 1000)  # type: ignore[method-assign]
    if settings.proxies:
        # Who a client is, and under which name it asked, is what the nearest proxies say; nobody else is believed.
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    app.register_error_handler(Problem, problems.answer)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(QueryError, lambda error: problems.answer(problems.of_query(error)))
    app.register_error_handler(Unanswered, lambda error: problems.answer(problems.of_unanswered(error)))
    app.register_error_handler(StoreError, _away)
    app.register_error_handler(CommuniqueError, _failed)
    return app


def words(name: str) -> str:
    """The name of a column as people write it: ``issueLabel`` -> ``issue``, ``actType`` -> ``act type``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", name.removesuffix("Label")).lower()


def coded(text: str) -> Markup:
    """Words in which names of parameters and the like stand in backticks, as markup."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _headers(response: Response) -> Response:
    told = {name.lower() for name, _ in response.headers}
    editing = request.path == "/sparql" and response.mimetype == "text/html"
    new = [*headers.EACH, ("Content-Security-Policy", _EDITING if editing else headers.POLICY)]
    if request.method in _READS and not g.get("writes"):
        new += headers.OPEN
    if request.method == "OPTIONS":
        allowed = [method for method in response.headers.get("Allow", "GET, HEAD, OPTIONS").split(", ") if method in _READS]
        new += (("Access-Control-Allow-Methods", ", ".join(allowed)), *_PREFLIGHT)
    if response.status_code == HTTPStatus.NO_CONTENT:
        response.headers.pop("Content-Type", None)
    response.headers.extend([(name, value) for name, value in new if name.lower() not in told])
    return compressed(assets.sent(response), request.headers.get("Accept-Encoding"))


def _http_error(error: HTTPException) -> Response:
    """What werkzeug refuses (404, 405, 413 ...), told as a problem."""
    status = HTTPStatus(error.code or 500)
    if status == HTTPStatus.NOT_FOUND and request.method in ("GET", "HEAD"):
        return problems.answer(frame.nowhere(f"there is nothing at {request.path}"))
    detail = {
        HTTPStatus.NOT_FOUND: f"there is nothing at {request.path}",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not possible at {request.path}",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"the body is longer than {current_app.config['MAX_CONTENT_LENGTH']:,} bytes",
    }.get(status, error.description or status.phrase)
    kept = {name: value for name, value in error.get_headers() if name.lower() in ("allow", "location", "retry-after")}
    if 300 <= status < 400 and error.response is not None:
        return Response(status=status, headers=kept)
    return problems.answer(Problem(status, detail, headers=kept))


def _away(error: StoreError) -> Response:
    """The store is held by another process, or is on a server that does not answer."""
    return problems.answer(Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers={"Retry-After": "5"}))


def _failed(error: CommuniqueError) -> Response:
    return problems.answer(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, str(error)))
