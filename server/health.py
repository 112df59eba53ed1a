"""Whether the server lives, whether it can answer, and its figures: for those who watch over it."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, current_app, request

from communique.errors import CommuniqueError
from communique.server.access import loopback
from communique.server.journal import Journal
from communique.server.problems import Problem
from communique.server.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health() -> Response:
    """The process lives; nothing is asked."""
    return _told({"status": "alive"}, HTTPStatus.OK)


@blueprint.get("/ready")
def ready() -> Response:
    """A query is answered; with what, and how queries are kept apart."""
    engine = site().engine
    started = time.perf_counter()
    try:
        status = engine.status()
        engine.ask("ASK {}")
    except CommuniqueError as error:
        return _told({"status": "not ready", "detail": str(error)}, HTTPStatus.SERVICE_UNAVAILABLE)
    told: dict[str, object] = {"status": "ready", "version": status.version, "triples": status.triples, "isolation": status.isolation}
    told |= {name: int(status.figures[name]) for name in ("idle", "busy", "waiting") if name in status.figures}
    return _told(told | {"probe_ms": round((time.perf_counter() - started) * 1000, 2)}, HTTPStatus.OK)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures in the text format of Prometheus, for this machine only."""
    if not loopback(request.remote_addr or ""):
        raise Problem(HTTPStatus.FORBIDDEN, "figures are told to this machine only")
    journal = cast(Journal, current_app.extensions["communique.journal"])
    return Response(journal.metrics.text(), content_type=journal.metrics.content_type)


def _told(what: dict[str, object], status: HTTPStatus) -> Response:
    response = Response(json.dumps(what) + "\n", status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
