"""The SPARQL 1.1 Protocol as a pure function: method, query string, media type and body in, a question out."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from communique.server.problems import Problem
from communique.store import EVERYTHING, Dataset

MAX_QUERY: Final = 100_000  # characters; the longest query of the catalogue has some 3,000
_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_GRAPHS: Final = ("default-graph-uri", "named-graph-uri")


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the graphs it is asked of, and the format wished for by name (``?format=``)."""

    query: str
    dataset: Dataset
    format: str | None


def question(method: str, query_string: bytes, content_type: str | None, body: bytes) -> Question | None:
    """The question that a request asks; ``None`` for a request that asks nothing (a bare GET).

    Raises ``Problem``: 400 for what cannot be read, is missing or is there twice, 403 for an update, 413 and 414 for a query that is
    too long, 415 for a body of an unknown type.
    """
    pairs = _pairs(query_string, "the query string")
    asked_in_url = {name for name, _ in pairs} & {"query", "update"}
    if method == "POST":
        media_type, _, parameters = (content_type or "").partition(";")
        match media_type.strip().lower():
            case "application/x-www-form-urlencoded":
                pairs += _pairs(body, "the form")
            case "application/sparql-query" if not asked_in_url:
                pairs.append(("query", _text(body, "the query")))
            case "application/sparql-update":
                raise Problem(HTTPStatus.FORBIDDEN, "updates are refused: this endpoint is read-only")
            case "application/sparql-query":
                raise Problem(HTTPStatus.BAD_REQUEST, "a query stands in the body and another in the URL; send one")
            case other:
                was = f"'{other}' cannot be read" if other else "the body has no type"
                raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"{was}; send {_QUERY} or {_FORM}")
        charset = parameters.partition("charset=")[2].strip(' "').lower()
        if charset not in ("", "utf-8", "utf8"):
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the charset '{charset}' cannot be read; send UTF-8")
    return _asked(method, pairs)


def _asked(method: str, pairs: list[tuple[str, str]]) -> Question | None:
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if "update" in given:
        status = HTTPStatus.FORBIDDEN if method == "POST" else HTTPStatus.BAD_REQUEST
        raise Problem(status, "updates are refused: this endpoint is read-only")
    if len(given.get("query", ())) > 1:
        raise Problem(HTTPStatus.BAD_REQUEST, f"'query' is given {len(given['query'])} times; give it once")
    if "query" not in given:
        if method != "POST" and not set(_GRAPHS) & given.keys():
            return None
        raise Problem(HTTPStatus.BAD_REQUEST, "the query is missing; send it as the parameter 'query' or as the body")
    query = given["query"][0]
    if len(query) > MAX_QUERY:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if method == "POST" else HTTPStatus.REQUEST_URI_TOO_LONG
        raise Problem(status, f"the query has {len(query):,} characters; at most {MAX_QUERY:,} are read")
    default, named = (tuple(given[name]) if name in given else None for name in _GRAPHS)
    dataset = EVERYTHING if default is None and named is None else Dataset(default or (), named or ())
    return Question(query, dataset, given.get("format", [None])[0])


def _pairs(raw: bytes, what: str) -> list[tuple[str, str]]:
    """The parameters of a query string or form, decoded once and strictly."""
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{what} is not UTF-8") from None
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{what} has more than 1,000 parameters") from None


def _text(raw: bytes, what: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{what} is not UTF-8 (byte {error.start})") from None
