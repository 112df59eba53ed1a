"""Content negotiation: which of the media types on offer a client wants (RFC 9110, section 12.5.1).  Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a token of HTTP, not a secret
_RANGE = re.compile(rf"\s*({_TOKEN})/({_TOKEN})\s*((?:;[^,]*)?)\s*")
_QUALITY = re.compile(r";\s*q\s*=\s*([^;\s]*)\s*(?=;|$)", re.IGNORECASE)
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be sent: its short name (as in ``?format=``), its media type and other names for the same."""

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()


# In the order of preference: the first is what a client gets that does not mind.
ROWS: Final = (
    Offer("json", "application/sparql-results+json", ("application/json",)),
    Offer("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Offer("csv", "text/csv"),
    Offer("tsv", "text/tab-separated-values"),
)
TRIPLES: Final = (
    Offer("ttl", "text/turtle", ("application/x-turtle", "application/turtle")),
    Offer("nt", "application/n-triples", ("text/plain",)),
    Offer("jsonld", "application/ld+json", ("application/json",)),
    Offer("rdf", "application/rdf+xml", ("application/xml", "text/xml")),
    Offer("trig", "application/trig", ("application/x-trig",)),
    Offer("nq", "application/n-quads", ("text/x-nquads",)),
)
HTML: Final = Offer("html", "text/html", ("application/xhtml+xml",))


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, and the media type to send it under: the name by which the client asked for it."""

    offer: Offer
    media_type: str


def choose(accept: str | None, offers: Sequence[Offer], named: str | None = None) -> Choice | None:
    """The offer that suits a client best; ``None`` if none is acceptable.

    ``named`` is an explicit ``?format=`` and goes before the header if it names an offer (clients also send names of their own, with
    a header that says the same); no header, or an empty one, takes anything.  Of offers that are wanted equally the earlier one is
    sent; a range that cannot be read is passed over.
    """
    by_name = next((offer for offer in offers if offer.name == named), None)
    if by_name:
        return Choice(by_name, by_name.media_type)
    if accept is None or not accept.strip():
        return Choice(offers[0], offers[0].media_type)
    ranges = _ranges(accept)
    best: Choice | None = None
    best_weight = 0.0
    for offer in offers:
        for media_type in (offer.media_type, *offer.aliases):
            weight = _weight(media_type, ranges, exactly=media_type != offer.media_type)
            if weight > best_weight:
                best, best_weight = Choice(offer, media_type), weight
    return best


def _ranges(accept: str) -> list[tuple[str, str, float]]:
    found = []
    for part in accept.split(","):
        match = _RANGE.fullmatch(part)
        if not match:
            continue
        quality = _QUALITY.search(match[3])
        if quality and not _WEIGHT.fullmatch(quality[1]):
            continue
        found.append((match[1].lower(), match[2].lower(), float(quality[1]) if quality else 1.0))
    return found


def _weight(media_type: str, ranges: Sequence[tuple[str, str, float]], *, exactly: bool) -> float:
    """How much a media type is wanted: the weight of the most specific range that covers it, 0 if none does.

    An alias must be asked for ``exactly``: ``text/*`` is no wish for XML under its old name.
    """
    main, sub = media_type.split("/")
    for wanted in ((main, sub),) if exactly else ((main, sub), (main, "*"), ("*", "*")):
        weights = [weight for *pattern, weight in ranges if tuple(pattern) == wanted]
        if weights:
            return max(weights)
    return 0.0


def gzip_wanted(accept_encoding: str | None) -> bool:
    """Whether an answer may be sent compressed: only who says so gets it so."""
    weights: dict[str, float] = {}
    for part in (accept_encoding or "").split(","):
        name, _, parameter = part.strip().partition(";")
        quality = re.fullmatch(r"\s*q\s*=\s*(\S+)\s*", parameter, re.IGNORECASE)
        usable = not parameter or (quality and _WEIGHT.fullmatch(quality[1]))
        if name.strip() and usable:
            weights[name.strip().lower()] = float(quality[1]) if quality else 1.0
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def varies(response: Response, name: str) -> None:
    """Say that a response depends on a header of the request."""
    before = response.headers.get("Vary", "")
    if name not in before.split(", "):
        response.headers["Vary"] = f"{before}, {name}" if before else name
