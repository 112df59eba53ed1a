"""The SPARQL 1.1 Protocol as a pure function: method, query string, media type and body in, a question or an update out."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from communique.server.problems import Problem
from communique.store import EVERYTHING, Dataset

MAX_QUERY: Final = 100_000  # characters; the longest query of the catalogue has some 3,000
FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
_DIRECT: Final = {QUERY: "query", "application/sparql-update": "update"}
_GRAPHS: Final = ("default-graph-uri", "named-graph-uri")
_USING: Final = ("using-graph-uri", "using-named-graph-uri")


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the graphs it is asked of, and the format wished for by name (``?format=``)."""

    query: str
    dataset: Dataset
    format: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """An update, and the graphs that its patterns are matched against: merged ones, and ones that can be named."""

    update: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def asked(method: str, query_string: bytes, content_type: str | None, body: bytes) -> Question | Change | None:
    """What a request asks; ``None`` for a request that asks nothing (a bare GET).

    ``QUERY`` is a GET with a body: it asks and cannot change.  Raises ``Problem``: 400 for what cannot be read, is missing or is there
    twice, 413 and 414 for a query that is too long, 415 for a body of an unknown type.
    """
    pairs = pairs_of(query_string, "the query string")
    if method in ("POST", "QUERY"):
        type_ = media_type(content_type)
        if type_ == FORM:
            pairs += pairs_of(body, "the form")
        elif type_ in _DIRECT:
            pairs.append((_DIRECT[type_], text_of(body, f"the {_DIRECT[type_]}")))
        else:
            was = f"'{type_}' cannot be read" if type_ else "the body has no type"
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"{was}; send {', '.join(_DIRECT)} or {FORM}")
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    found = [name for name in ("query", "update") for _ in given.get(name, ())]
    if len(found) > 1:
        twice = f"'{found[0]}' is given {len(found)} times" if found[0] == found[-1] else "a query and an update are given"
        raise Problem(HTTPStatus.BAD_REQUEST, f"{twice}, in the URL and the body together; send one")
    if not found:
        if method in ("GET", "HEAD") and not given.keys() - {"format"}:
            return None
        raise Problem(HTTPStatus.BAD_REQUEST, "the query is missing; send it as the parameter 'query' or as the body")
    return _change(method, given) if found == ["update"] else _question(method, given)


def _question(method: str, given: dict[str, list[str]]) -> Question:
    _refuse(given, _USING, "an update")
    query = given["query"][0]
    if len(query) > MAX_QUERY:
        status = HTTPStatus.REQUEST_URI_TOO_LONG if method in ("GET", "HEAD") else HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        raise Problem(status, f"the query has {len(query):,} characters; at most {MAX_QUERY:,} are read")
    default, named = (tuple(given[name]) if name in given else None for name in _GRAPHS)
    dataset = EVERYTHING if default is None and named is None else Dataset(default or (), named or ())
    return Question(query, dataset, given.get("format", [None])[0])


def _change(method: str, given: dict[str, list[str]]) -> Change:
    if method != "POST":
        raise Problem(HTTPStatus.BAD_REQUEST, f"an update cannot be sent by {method}; send it by POST")
    _refuse(given, _GRAPHS, "a query")
    default, named = (tuple(given.get(name, ())) for name in _USING)
    return Change(given["update"][0], default, named)


def _refuse(given: dict[str, list[str]], names: tuple[str, ...], what: str) -> None:
    """No parameter is passed over that would have changed the answer."""
    for name in names:
        if name in given:
            raise Problem(HTTPStatus.BAD_REQUEST, f"'{name}' belongs to {what}; leave it out")


def media_type(content_type: str | None) -> str:
    """The media type of a body, in lower case.  Raises ``Problem`` (415) for a charset that is not UTF-8."""
    type_, _, parameters = (content_type or "").partition(";")
    charset = parameters.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    if charset not in ("", "utf-8", "utf8"):
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the charset '{charset}' cannot be read; send UTF-8")
    return type_.strip().lower()


def pairs_of(raw: bytes, what: str) -> list[tuple[str, str]]:
    """The parameters of a query string or form, decoded once and strictly."""
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{what} is not UTF-8") from None
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{what} has more than 1,000 parameters") from None


def text_of(raw: bytes, what: str) -> str:
    """A body as text.  Raises ``Problem`` (400) if it is not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{what} is not UTF-8 (byte {error.start})") from None
