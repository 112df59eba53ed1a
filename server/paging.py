"""Answers in pages: which page is asked for, and ``Link`` headers (RFC 8288) to the ones beside it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from flask import Response, request

from communique.server.problems import Problem

_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an answer; the first has number 1."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many items stand before it."""
        return (self.number - 1) * self.size


def asked(size: int, most: int) -> Page:
    """The page that the request asks for with ``page`` and ``limit``.

    Raises ``Problem``: 400 for what is no number from 1, or more than ``most``.
    """
    return Page(_number("page", 1, None), _number("limit", size, most))


def _number(name: str, default: int, most: int | None) -> int:
    given = request.args.getlist(name)
    if not given:
        return default
    text = given[0]
    good = len(given) == 1 and text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text) >= 1
    if not good or (most is not None and int(text) > most):
        wanted = f"a whole number from 1 to {most:,}" if most else "a whole number from 1"
        raise Problem(HTTPStatus.BAD_REQUEST, f"'{name}' must be given once, and be {wanted}")
    return int(text)


def beside(page: Page, *, more: bool) -> dict[str, str]:
    """The addresses of the first, the previous and the next page, as far as there are any."""
    found = {"first": 1}
    if page.number > 1:
        found["prev"] = page.number - 1
    if more:
        found["next"] = page.number + 1
    return {relation: address(page=number) for relation, number in found.items()}


def address(**changed: object) -> str:
    """The address of this request, decoded once and written anew, with some of its arguments changed or (``None``) left out."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in changed]
    query = urlencode([*kept, *((key, str(value)) for key, value in changed.items() if value is not None)])
    path = request.root_url.rstrip("/") + quote(request.path, safe="/:@!$&'()*+,;=~")
    return f"{path}?{query}" if query else path


def link(response: Response, relations: dict[str, str]) -> Response:
    """The response with a ``Link`` header for each relation."""
    for relation, target in relations.items():
        response.headers.add("Link", f'<{target}>; rel="{relation}"')
    return response
