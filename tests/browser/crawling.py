"""Every kind of page, found as a reader finds it: by following links from the start page."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections import deque
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser as HTMLParser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

EACH: Final = 2
"""How many pages of each route are looked at."""
_WITHOUT: Final = ("cite=", "format=")
_FORMS: Final = ("/search?q=nuclear",)
"""Where a form leads, and no link does."""


def crawl(origin: str, routes: Map) -> dict[str, list[str]]:
    """The first pages of each endpoint that answers HTML, nearest to the start page first."""
    adapter = routes.bind(urlsplit(origin).netloc)
    found: dict[str, list[str]] = {}
    linked: dict[str, str] = {}
    seen, waiting = {"/"}, deque(["/", *_FORMS])
    while waiting:
        path = waiting.popleft()
        try:
            endpoint = str(adapter.match(urlsplit(path).path, "GET")[0])
        except HTTPException:
            endpoint = f"no such address: {path}"
        if len(found.get(endpoint, ())) >= EACH:
            continue
        request = urllib.request.Request(origin + path, headers={"Accept": "text/html,*/*;q=0.8"})
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            found.setdefault(f"dead link on {linked[path]}: {error.code}", []).append(path)
            continue
        with answer:
            if answer.headers.get_content_type() != "text/html":
                continue
            where, text = answer.url, answer.read().decode()
        if where != origin + path:  # the page stands under another address
            path = where.removeprefix(origin)
            endpoint = str(adapter.match(urlsplit(path).path, "GET")[0])
            if path in found.get(endpoint, ()):
                continue
        found.setdefault(endpoint, []).append(path)
        for link in HTMLParser(text).css("a[href]"):
            href = urljoin(origin + path, link.attributes["href"] or "").partition("#")[0]
            to = href.removeprefix(origin)
            if href.startswith(origin + "/") and to not in seen and not any(word in to for word in _WITHOUT):
                seen.add(to)
                linked[to] = path
                waiting.append(to)
    return {endpoint: paths[:EACH] for endpoint, paths in sorted(found.items())}
