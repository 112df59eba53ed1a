"""What goes wrong on the way from a request to an answer, as problem+json (RFC 9457) for programs and as a page for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Response, render_template, request

from communique.errors import OverBudget, QueryError, QuerySyntaxError, Unanswered
from communique.server.negotiate import HTML, Offer, choose, varies

_JSON = Offer("json", "application/problem+json", ("application/json",))


@dataclass
class Problem(Exception):
    """An answer that is an error: its status, one plain line, and what a program may want to know besides."""

    status: HTTPStatus
    detail: str
    extra: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def of_query(error: QueryError) -> Problem:
    """A query that cannot be answered: 400, for a syntax error with line, column and the place pointed at."""
    if not isinstance(error, QuerySyntaxError):
        return Problem(HTTPStatus.BAD_REQUEST, str(error))
    shown = error.text.replace("\t", " ")
    pointer = f"{shown}\n{' ' * (error.column - 1)}^"
    return Problem(HTTPStatus.BAD_REQUEST, str(error), {"line": error.line, "column": error.column, "pointer": pointer})


def of_unanswered(error: Unanswered) -> Problem:
    """A query that went over a limit: 429 if it is this client's share, else 503; a program is told which limit, and when to ask again."""
    status = HTTPStatus.TOO_MANY_REQUESTS if isinstance(error, OverBudget) else HTTPStatus.SERVICE_UNAVAILABLE
    return Problem(status, str(error), {"limit": error.limit} if error.limit else {}, {"Retry-After": str(error.after)})


def answer(problem: Problem) -> Response:
    """The problem in the form the client reads."""
    choice = choose(request.headers.get("Accept"), (_JSON, HTML))
    if choice and choice.offer is HTML:
        body = render_template("problem.html", problem=problem)
        response = Response(body, problem.status, mimetype="text/html")
    else:
        told = {"type": "about:blank", "title": problem.status.phrase, "status": problem.status.value, "detail": problem.detail}
        response = Response(json.dumps(told | dict(problem.extra), ensure_ascii=False) + "\n", problem.status, mimetype=_JSON.media_type)
    response.headers.update(problem.headers)
    varies(response, "Accept")
    return response
