"""What a query is answered with, whichever way the request came: which form it has, under which headers, and who has it already."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from werkzeug.http import parse_etags, quote_etag

from communique.server import version
from communique.server.engine import Answer
from communique.server.negotiate import HTML, ROWS, TRIPLES, Choice, Offer, choose
from communique.server.protocol import Question
from communique.server.site import Site
from communique.store import EVERYTHING, Dataset
from communique.store.syntax import lasting, normalised, shape

_IN_MEMORY: Final = 1 << 20
# SPARQL 1.1 Query Results CSV and TSV, section 2: CSV says whether there is a header line.
_CHARSET: Final = {"csv": "; header=present; charset=utf-8"} | dict.fromkeys(("tsv", "ttl", "trig"), "; charset=utf-8")
_NO_CHUNKS: Final = ("HTTP/1.0", "HTTP/1")


@dataclass(frozen=True, slots=True)
class Asking:
    """How something is asked: the method, the address without its parameters, the names of what the client has, the HTTP of the request."""

    method: str
    address: str
    known: str | None
    protocol: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its status and headers; ``found`` is missing where the client has it already."""

    status: HTTPStatus
    found: Answer | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)


def chosen(here: Site, asked: Question, accept: str | None) -> tuple[str | None, tuple[Offer, ...], Choice | None]:
    """The form of a query, the formats of its answers, and the one that the client wants best.  Raises ``QueryError``."""
    form = shape(asked.query, here.servers).form
    offers = (*(TRIPLES if form in ("CONSTRUCT", "DESCRIBE") else ROWS), HTML)
    return form, offers, choose(accept, offers, asked.format)


def seen(here: Site, asked: Question) -> Dataset:
    """The graphs that a query sees."""
    return here.whole if asked.dataset == EVERYTHING else asked.dataset


def reply(here: Site, query: str, dataset: Dataset, choice: Choice, asking: Asking) -> Reply:
    """The answer of a query in the format chosen, or 304 for who has it already.  Raises as ``Engine.stream`` does."""
    offer = choice.offer
    now = here.engine.version()
    tag = version.tag(now, normalised(query), repr(dataset), choice.media_type) if lasting(query) else None
    if tag and asking.known and asking.method in ("GET", "HEAD") and parse_etags(asking.known).contains_weak(tag):
        told = Reply(HTTPStatus.NOT_MODIFIED)
    else:
        found = here.engine.stream(query, offer.name, dataset, base=asking.address)
        told = Reply(HTTPStatus.OK, found, [("Content-Type", choice.media_type + _CHARSET.get(offer.name, ""))])
    if tag:
        told.headers.extend((("ETag", quote_etag(tag, weak=True)), (version.HEADER, now)))
    told.headers.append(("Cache-Control", "no-cache" if tag else "no-store"))
    return told


def at_once(found: Answer, protocol: str | None) -> bool:
    """Whether an answer is sent in one piece.

    HTTP/1.0 has no way to tell an answer that broke off from a whole one, so there it is read to its end first.
    """
    return (found.length is not None and found.length <= _IN_MEMORY) or protocol in _NO_CHUNKS
