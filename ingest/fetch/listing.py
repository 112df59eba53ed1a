"""Feeds and listing pages: the addresses of releases they name, with what they say of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from selectolax.lexbor import LexborHTMLParser, LexborNode

from communique.errors import FetchError
from communique.ingest.fetch import address
from communique.ingest.pages.published import moment

_FEED = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<\?.*?\?>\s*|<!DOCTYPE[^>]*>\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL
)
_NEAR = 2  # links of one release: its title and its picture
_HEADING = 40  # letters of a line that is a day and little else


@dataclass(frozen=True, slots=True)
class Listed:
    """A page to fetch: its address, what a feed says of it, and whether a machine of the own network is allowed (``None``: if given so)."""

    url: str
    published: str | None = None
    title: str | None = None
    inner: bool | None = None

    @property
    def day(self) -> date | None:
        """The day of publication, if one is known."""
        found = moment(self.published)
        return found.date() if found else None

    def within(self, since: date | None, until: date | None) -> bool:
        """Whether it was published in these days, both included; a page of unknown day counts as published then."""
        day = self.day
        return day is None or ((since is None or day >= since) and (until is None or day <= until))


def is_feed(body: bytes) -> bool:
    """Whether the bytes begin as RSS or Atom."""
    return bool(_FEED.match(body[:4096]))


def from_feed(body: bytes, url: str, inner: bool | None = None) -> tuple[Listed, ...]:
    """The entries of an RSS 0.9 to 2.0 or Atom feed, in its order.  Raises ``FetchError`` if it is none."""
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as fault:
        raise FetchError(f"is no feed that can be read ({type(fault).__name__})", where=url, todo="give an RSS or Atom address") from fault
    if _name(root) not in ("rss", "feed", "RDF"):
        raise FetchError(f"is XML, but neither RSS nor Atom ({_name(root)})", where=url, todo="give an RSS or Atom address")
    entries = (node for node in root.iter() if _name(node) in ("item", "entry"))
    return _once(Listed(link, _published(e), _text(e, "title"), inner) for e in entries if (link := _absolute(url, _link(e))))


def from_page(
    body: bytes, url: str, *, links: str, keep: re.Pattern[str], day: re.Pattern[str] | None, inner: bool | None = None
) -> tuple[Listed, ...]:
    """The links of a listing page that ``links`` selects and whose address ``keep`` matches.

    ``day`` finds the day of publication in the address (its groups are year, month and day); else it is the date written in the
    link, around it, or in a heading of days above it.
    """

    def found() -> Iterator[Listed]:
        for node in LexborHTMLParser(body).css(links):
            link = _absolute(url, node.attributes.get("href"))
            if link and keep.search(link):
                match = day.search(link) if day else None
                yield Listed(link, "-".join(match.groups()) if match else _written_day(node), None, inner)

    return _once(found())


def _once(pages: Iterator[Listed]) -> tuple[Listed, ...]:
    seen: dict[str, Listed] = {}
    for page in pages:
        if page.url not in seen or (seen[page.url].published is None and page.published):
            seen[page.url] = page
    return tuple(seen.values())


def _absolute(base: str, link: str | None) -> str | None:
    """The address a link leads to; ``None`` for what is no page of the web (mail, script, a broken address)."""
    try:
        return address.normal(urljoin(base, link.strip())) if link and link.strip() else None
    except (FetchError, ValueError):
        return None


# Feeds


def _name(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _text(entry: Element, *names: str) -> str | None:
    texts = {_name(child): " ".join("".join(child.itertext()).split()) for child in reversed(entry)}
    return next((texts[name] for name in names if texts.get(name)), None)


def _link(entry: Element) -> str | None:
    for child in entry:
        if _name(child) == "link" and child.get("href") and child.get("rel", "alternate") == "alternate":
            return child.get("href")
    guids = (c for c in entry if _name(c) == "guid" and c.get("isPermaLink", "true") == "true")
    return _text(entry, "link") or next((c.text for c in guids if (c.text or "").strip().startswith("http")), None)


def _published(entry: Element) -> str | None:
    """The time of publication in ISO form, in the zone that the feed gives."""
    said = _text(entry, "published", "pubDate", "date", "issued", "updated")
    try:
        when = parsedate_to_datetime(said) if said else None
    except ValueError:
        return said if moment(said) else None
    if when is not None and when.tzinfo is None:
        when = when.replace(tzinfo=UTC)  # "-0000" is UTC of an unknown place
    return when.isoformat() if when else None


# Listing pages


def _written_day(node: LexborNode) -> str | None:
    """The day written in a link, close around it, or in the nearest heading of days above it, as an ISO day."""
    here: LexborNode | None = node
    while here is not None and here.tag not in ("body", "html"):
        alone = here is node or len({a.attributes.get("href") for a in here.css("a[href]")}) <= _NEAR
        if alone and (day := _day_in(here)):  # what holds more links is a list, and its first date may be another's
            return day
        above = here.prev
        while above is not None:
            if len(" ".join(above.text().split())) <= _HEADING and (day := _day_in(above)):
                return day
            above = above.prev
        here = here.parent
    return None


def _day_in(node: LexborNode) -> str | None:
    stamps = [t.attributes.get("datetime") for t in node.css("time[datetime]")] if node.tag != "-text" else []
    found = next((m for words in (*stamps, *node.text(separator="\n").splitlines()) if (m := moment(words and words.strip()))), None)
    return found.date().isoformat() if found else None
