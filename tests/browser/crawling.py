"""Every kind of page, found as a reader finds it: by following links from the start page."""

from __future__ import annotations

from collections import deque
from typing import Final
from urllib.parse import urljoin, urlsplit

import urllib3
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

EACH: Final = 2
"""How many pages of each route are looked at."""
_WITHOUT: Final = ("cite=", "format=")
_FORMS: Final = ("/search?q=nuclear",)
"""Where a form leads, and no link does."""
_HOPS: Final = 5


def crawl(origin: str, routes: Map) -> dict[str, list[str]]:
    """The first pages of each endpoint that answers HTML, nearest to the start page first."""
    adapter = routes.bind(urlsplit(origin).netloc)
    found: dict[str, list[str]] = {}
    linked: dict[str, str] = {}
    seen, waiting = {"/"}, deque(["/", *_FORMS])

    def wanted(path: str) -> str | None:
        """The endpoint of a path, if more pages of it are looked for."""
        try:
            endpoint = str(adapter.match(urlsplit(path).path, "GET")[0])
        except HTTPException:
            endpoint = f"no such address: {path}"
        known = found.get(endpoint, [])
        return None if len(known) >= EACH or path in known else endpoint

    with urllib3.PoolManager(headers={"Accept": "text/html,*/*;q=0.8"}) as browser:
        while waiting:
            link = path = waiting.popleft()
            for _ in range(_HOPS):
                if (endpoint := wanted(path)) is None:
                    break
                answer = browser.request("GET", origin + path, redirect=False)
                if not (elsewhere := answer.get_redirect_location()):
                    break
                # Each thing is asked for its page; pages of a kind that is known well enough are not.
                path = urljoin(origin + path, elsewhere).partition("#")[0].removeprefix(origin)
            else:
                endpoint = f"no end to {link}"
            if endpoint is None:
                continue
            if answer.status >= 400:
                found.setdefault(f"dead link on {linked[link]}: {answer.status}", []).append(path)
                continue
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            found.setdefault(endpoint, []).append(path)
            for each in HTMLParser(answer.data.decode()).css("a[href]"):
                href = urljoin(origin + path, each.attributes["href"] or "").partition("#")[0]
                to = href.removeprefix(origin)
                if href.startswith(origin + "/") and to not in seen and not any(word in to for word in _WITHOUT):
                    seen.add(to)
                    linked[to] = path
                    waiting.append(to)
    return {endpoint: paths[:EACH] for endpoint, paths in sorted(found.items())}
