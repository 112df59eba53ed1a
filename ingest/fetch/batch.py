"""The run: listings to addresses, addresses to the cache, and an account of what became of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from communique.errors import FetchError
from communique.ingest import sources
from communique.ingest.fetch import address, archives, listing
from communique.ingest.fetch.archives import Archive
from communique.ingest.fetch.cache import Cache, Journal, Kept
from communique.ingest.fetch.client import Answer, Client
from communique.ingest.fetch.listing import Listed

Now = Callable[[], datetime]
_HEADERS = ("content-type", "content-language", "etag", "last-modified")
_PAGES = ("text/html", "application/xhtml+xml")
_TEXTS = {"text/plain": ".txt", "text/markdown": ".md"}
_UNSAID = ("", "application/octet-stream", "unknown/unknown")
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


class Outcome(StrEnum):
    """What became of an address."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An address, what became of it, where its newest version is, and what went wrong."""

    page: Listed
    outcome: Outcome
    path: Path | None = None
    error: FetchError | None = None


def _now() -> datetime:
    return datetime.now(UTC)


def fetch(
    pages: Iterable[Listed], cache: Cache, client: Client, *, again: bool = False, journal: Journal | None = None, now: Now = _now
) -> Iterator[Fetched]:
    """Brings every page into the cache, one after the other, each address once.

    A page that is in the cache is not asked for; with ``again`` the server is asked whether it has changed.  What ``journal``
    has is done with.  A page that cannot be fetched is told and the rest goes on.
    """
    seen: set[str] = set()
    for page in pages:
        try:
            url = address.normal(page.url)
            if url in seen:
                continue
            seen.add(url)
            kept = cache.newest(url)
            done = journal is not None and url in journal.done
            if kept and (done or not again):
                yield Fetched(page, Outcome.KEPT, kept.path)
            elif done:
                raise FetchError("failed for good before this run was interrupted", where=url, todo="see what was said then")
            else:
                yield _fetch_one(url, page, kept, cache, client, now)
        except FetchError as error:
            yield Fetched(page, Outcome.FAILED, None, _told(error, page.url))
            if not error.lasting:
                continue
        if journal is not None:
            journal.note(url)


def _fetch_one(url: str, page: Listed, kept: Kept | None, cache: Cache, client: Client, now: Now) -> Fetched:
    known = kept.meta.get("headers", {}) if kept else {}
    answer = client.get(url, etag=known.get("etag"), modified=known.get("last-modified"), inner=page.inner)
    meta = _sidecar(page, answer, now())
    if answer.body is None:
        assert kept is not None  # a server that says "not modified" was told of what
        return Fetched(page, Outcome.UNCHANGED, cache.confirm(kept, meta).path)
    suffix = _suffix(answer)
    if kept and not meta.get("published"):
        meta["published"] = kept.meta.get("published")
    found, new = cache.keep(url, answer.body, suffix, meta)
    return Fetched(page, (Outcome.CHANGED if kept else Outcome.NEW) if new else Outcome.UNCHANGED, found.path)


def _sidecar(page: Listed, answer: Answer, when: datetime) -> dict[str, Any]:
    """What is known of a page beside its bytes; ``ingest.documents`` reads url, publisher, source, licence, published and charset."""
    source = sources.recognise(answer.final_url, None, "")
    if source.id == "generic":
        source = sources.recognise(answer.url, None, "")
    charset = _CHARSET.search(answer.headers.get("content-type", ""))
    known = source.id != "generic"
    return {
        "url": answer.url,
        "final_url": answer.final_url,
        "source": source.id if known else None,
        "publisher": source.publisher if known else None,
        "licence": archives.licence(source.id),
        "published": page.published,
        "charset": charset[1].lower() if charset else None,
        "fetched": when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "status": answer.status,
        "headers": {name: answer.headers[name] for name in _HEADERS if name in answer.headers},
    }


def _suffix(answer: Answer) -> str:
    """The ending under which the page is kept; a ``FetchError`` for what is no page."""
    body, kind = answer.body or b"", answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body.strip():
        raise FetchError("the page is empty", where=answer.url, todo="look at it in a browser")
    if listing.is_feed(body):
        raise FetchError("this is a feed, not a page", where=answer.url, todo="give it with --feed", lasting=True)
    if kind in _PAGES or (kind in (*_TEXTS, *_UNSAID) and _MARKUP.match(body[:4096])):
        return ".html"
    if kind in _TEXTS:
        return _TEXTS[kind]
    raise FetchError(f"is {kind or 'of no known type'}, not a page or a text", where=answer.url, todo="leave it out", lasting=True)


def _told(error: FetchError, url: str) -> FetchError:
    """The error with the address that was asked for; where it arose on the way, that too."""
    if error.where == url:
        return error
    what = error.what if error.where is None or error.where.rstrip("/") == url.rstrip("/") else f"{error.what}, at {error.where}"
    return FetchError(what, where=url, todo=error.todo, lasting=error.lasting)


# Listings


def listed(
    where: Archive | str,
    since: date | None,
    until: date | None,
    cache: Cache,
    client: Client,
    journal: Journal | None = None,
    now: Now = _now,
) -> Iterator[Listed]:
    """The pages that a feed (its address) or a publisher's archive names for these days, each once.

    An archive of numbered pages is read until a page holds nothing new or only what is older than ``since``.
    Raises ``FetchError`` if a listing cannot be fetched or read, or has no entry at all.
    """
    if isinstance(where, str):
        url = address.normal(where)
        body, inner = _listing(url, cache, client, journal, now, None)
        yield from (page for page in listing.from_feed(body, url, inner) if page.within(since, until))
        return
    assert since is not None
    assert until is not None
    seen: set[str] = set()
    for addresses in where.addresses(since, until):
        for number, url in enumerate(addresses):
            try:
                found = _entries(where, address.normal(url), cache, client, journal, now)
            except FetchError as error:
                if number and error.lasting:  # after the last page there is no such page
                    break
                raise
            if not seen and not found:
                raise FetchError("the listing names no release", where=url, todo=f"compare the page with sources/{where.source}.toml")
            fresh = [page for page in found if page.url not in seen]
            seen.update(page.url for page in fresh)
            yield from (page for page in fresh if page.within(since, until))
            if not fresh or all(page.day is not None and page.day < since for page in fresh):
                break


def _entries(where: Archive, url: str, cache: Cache, client: Client, journal: Journal | None, now: Now) -> tuple[Listed, ...]:
    body, inner = _listing(url, cache, client, journal, now, None)
    if where.feed:
        return listing.from_feed(body, url, inner)
    return listing.from_page(body, url, links=where.links, keep=where.keep, day=where.day, inner=inner)


def _listing(url: str, cache: Cache, client: Client, journal: Journal | None, now: Now, inner: bool | None) -> tuple[bytes, bool]:
    """The bytes of a feed or listing page, and whether it is in the own network, so that its entries may be too."""
    kept = cache.listing(url)
    if kept and journal is not None and url in journal.done:
        return kept[0], bool(kept[1].get("inner"))
    known = kept[1].get("headers", {}) if kept else {}
    answer = client.get(url, etag=known.get("etag"), modified=known.get("last-modified"), inner=inner)
    body = answer.body if answer.body is not None else kept[0] if kept else b""
    if answer.body is not None:
        headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
        cache.keep_listing(url, body, {"headers": headers, "inner": answer.inner, "fetched": now().isoformat(timespec="seconds")})
    if journal is not None:
        journal.note(url)
    return body, answer.inner
