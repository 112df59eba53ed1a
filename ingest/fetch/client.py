"""A polite client: one address in, its bytes out; robots.txt, pace, retries, redirects and bounds are kept on the way.

``urllib3`` does the speaking.  Retries and redirects are followed here, not there, because every single request, a retry or a hop
as well, has to wait for its turn, ask robots.txt and be checked for where it leads, and because an answer that is cut off in its
body has to be tried again too.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    IncompleteRead,
    InvalidHeader,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from communique.errors import FetchError
from communique.ingest.fetch import address, robots
from communique.ingest.fetch.address import InnerAddress

_MOVED = (301, 302, 303, 307, 308)
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Manners:
    """How a client behaves; times in seconds, ``limit`` in bytes.

    ``pause`` lies between two requests to one host (more if its robots.txt asks for more), ``deadline`` bounds one answer as a whole,
    ``backoff`` doubles with each try, ``patience`` is the longest wait that a server may ask for, ``strikes`` the number of pages
    of one host that may fail in a row without an answer before the rest is left for another day.
    """

    agent: str = "communique (+https://w3id.org/communique/)"
    pause: float = 1.0
    timeout: float = 30.0
    deadline: float = 120.0
    tries: int = 5
    backoff: float = 1.0
    patience: float = 300.0
    redirects: int = 10
    limit: int = 10 * 1024 * 1024
    strikes: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server gave: ``body`` is ``None`` if the page has not changed; header names are in lower case."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes | None
    inner: bool


class _Again(Exception):
    """A try that failed in a way that may pass; ``wait`` is what the server asked for."""

    def __init__(self, what: str, wait: float | None = None, *, silent: bool = False) -> None:
        super().__init__(what)
        self.what, self.wait, self.silent = what, wait, silent


@dataclass(slots=True)
class Client:
    """Fetches addresses one after the other.  ``sleep``, ``clock`` and ``dice`` are the world; tests give their own."""

    manners: Manners = field(default_factory=Manners)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    dice: Callable[[], float] = random.random
    _pools: dict[bool, urllib3.PoolManager] = field(default_factory=dict)
    _turns: dict[str, float] = field(default_factory=dict)
    _rules: dict[str, robots.Rules] = field(default_factory=dict)
    _strikes: dict[str, int] = field(default_factory=dict)

    def get(self, url: str, *, etag: str | None = None, modified: str | None = None, inner: bool | None = None) -> Answer:
        """The answer for ``url``; with ``etag`` or ``modified`` of an earlier one the server may say that nothing changed.

        ``inner`` allows machines of the own network; by default it is allowed if ``url`` itself, given by a person, is one.
        Raises ``FetchError``; its ``lasting`` says that asking again in this run is of no use.
        """
        url = address.normal(url)
        if inner is None:
            inner = address.is_inner(url)
        asked = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
        here, seen = url, {url}
        for _ in range(self.manners.redirects + 1):
            self._ask_robots(here, inner, url)
            found = self._patiently(here, inner, asked)
            if found.status not in _MOVED:
                return self._judged(Answer(url, here, found.status, found.headers, found.body, inner), asked)
            target = found.headers.get("location")
            if not target:
                raise FetchError(f"answers {found.status} without saying where the page is", where=url, todo="look at it in a browser")
            here = self._hop(here, target, url)
            if here in seen:
                raise FetchError("redirects in a circle", where=url, todo="look at it in a browser", lasting=True)
            seen.add(here)
        raise FetchError(f"redirects more than {self.manners.redirects} times", where=url, todo="look at it in a browser", lasting=True)

    def _hop(self, here: str, target: str, start: str) -> str:
        try:
            return address.normal(urljoin(here, target))
        except (FetchError, ValueError) as error:
            raise FetchError(
                f"redirects to {target[:200]!r}, which is not fetched", where=start, todo="leave it out", lasting=True
            ) from error

    def _judged(self, answer: Answer, asked: Mapping[str, str]) -> Answer:
        """The answer if it holds a page; a ``FetchError`` for every other status."""
        if answer.status == 200 or (answer.status == 304 and asked):
            return answer
        what, todo = f"answers {answer.status}", "look at it in a browser"
        if answer.status in (404, 410):
            what, todo = f"there is no such page ({answer.status})", "check the address, or leave it out"
        elif answer.status in (401, 402, 403, 451):
            what, todo = f"the server does not give it ({answer.status})", "save it by hand if you may, and ingest the file"
        raise FetchError(what, where=answer.url, todo=todo, lasting=True)

    # robots.txt

    def _ask_robots(self, url: str, inner: bool, start: str) -> None:
        site = address.host(url)
        if site not in self._rules:
            self._rules[site] = self._read_robots(site, inner)
        rules = self._rules[site]
        if rules.unread:
            raise FetchError(f"robots.txt of its host could not be read ({rules.unread})", where=start, todo="run the command again later")
        if not rules.allow(url):
            raise FetchError("robots.txt of its host asks not to fetch it", where=start, todo="leave it out", lasting=True)

    def _read_robots(self, site: str, inner: bool) -> robots.Rules:
        here = f"{site}/robots.txt"
        try:
            for _ in range(6):
                found = self._patiently(here, inner, {}, limit=robots.LIMIT, cut=True)
                if found.status not in _MOVED or "location" not in found.headers:
                    break
                here = self._hop(here, found.headers["location"], here)
            if found.status == 200:
                return robots.read(found.body or b"", self.manners.agent)
            return robots.Rules()  # RFC 9309, 2.3.1.3: no rules, or not for us to read
        except FetchError as error:
            return robots.Rules(unread=error.what)  # 2.3.1.4: the host cannot say, so nothing is fetched

    # One request, and its retries

    def _patiently(self, url: str, inner: bool, asked: Mapping[str, str], *, limit: int | None = None, cut: bool = False) -> Answer:
        site = address.host(url)
        if self._strikes.get(site, 0) >= self.manners.strikes:
            raise FetchError("its host does not answer", where=url, todo="run the command again later")
        for tried in range(1, self.manners.tries + 1):
            self._wait_for_turn(site)
            try:
                found = self._once(url, inner, asked, limit or self.manners.limit, cut)
            except _Again as fault:
                self._strikes[site] = self._strikes.get(site, 0) + (fault.silent and tried == self.manners.tries)
                if tried == self.manners.tries:
                    tries = f" ({tried} tries)" if tried > 1 else ""
                    raise FetchError(f"{fault.what}{tries}", where=url, todo="run the command again later") from fault
                self._rest(fault, tried, url)
            else:
                self._strikes[site] = 0
                return found
        raise AssertionError("at least one try is made")

    def _rest(self, fault: _Again, tried: int, url: str) -> None:
        wait = self.manners.backoff * 2 ** (tried - 1) * (0.5 + self.dice())  # the dice keep two runs from meeting again and again
        if fault.wait is not None:
            if fault.wait > self.manners.patience:
                raise FetchError(f"{fault.what} and asks to wait {fault.wait:,.0f} s", where=url, todo="run the command again after that")
            wait = max(fault.wait, 0.0)
        self.sleep(wait)

    def _wait_for_turn(self, site: str) -> None:
        rules = self._rules.get(site)
        pause = max(self.manners.pause, rules.delay if rules else 0.0)
        now = self.clock()
        if (turn := self._turns.get(site, now - pause) + pause) > now:
            self.sleep(turn - now)
        self._turns[site] = self.clock()

    def _once(self, url: str, inner: bool, asked: Mapping[str, str], limit: int, cut: bool) -> Answer:
        """One request; what may pass is ``_Again``."""
        pools = self._pools.setdefault(inner, address.connections(guarded=not inner))
        headers = {"User-Agent": self.manners.agent, "Accept": "text/html,*/*;q=0.5", "Accept-Encoding": "gzip, deflate", **asked}
        try:
            response = pools.request(
                "GET",
                url,
                headers=headers,
                preload_content=False,
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(connect=self.manners.timeout, read=self.manners.timeout),
            )
            try:
                given = {name.lower(): value for name, value in response.headers.items()}
                if response.status == 429 or response.status >= 500:
                    raise _Again(_refused(response.status), _retry_after(given.get("retry-after")))
                body = self._body(response, url, limit, cut) if response.status == 200 else None
            finally:
                response.close()
        except InnerAddress as fault:
            raise FetchError("leads into the own network, which only an address you give may do", where=url, todo="leave it out") from fault
        except SSLError as fault:
            raise FetchError(
                f"its certificate cannot be trusted ({fault})",
                where=url,
                todo="check the address and the clock of this machine",
                lasting=True,
            ) from fault
        except NameResolutionError as fault:
            raise _Again("its host is not known", silent=True) from fault
        except (ConnectTimeoutError, NewConnectionError) as fault:
            raise _Again("its host does not answer", silent=True) from fault
        except ReadTimeoutError as fault:
            raise _Again(f"says nothing for {self.manners.timeout:g} s", silent=True) from fault
        except (IncompleteRead, ProtocolError, DecodeError) as fault:
            raise _Again("the answer was cut off or garbled") from fault
        except HTTPError as fault:
            raise _Again(f"cannot be fetched ({type(fault).__name__})") from fault
        return Answer(url, url, response.status, given, body, inner)

    def _body(self, response: urllib3.BaseHTTPResponse, url: str, limit: int, cut: bool) -> bytes:
        """The body as the page has it (transport compression undone), never more than ``limit``: cut there, or refused."""
        start, pieces, size = self.clock(), list[bytes](), 0
        while piece := response.read1(_PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                if cut:
                    break
                raise FetchError(f"is larger than {limit:,} bytes", where=url, todo="leave it out; readouts are small", lasting=True)
            if self.clock() - start > self.manners.deadline:
                raise _Again(f"takes longer than {self.manners.deadline:g} s", silent=True)
        return b"".join(pieces)[:limit]


def _refused(status: int) -> str:
    return "the server says that it is asked too often (429)" if status == 429 else f"the server has a fault ({status})"


def _retry_after(words: str | None) -> float | None:
    """Seconds to wait, from a number or a date; ``None`` if the header says neither."""
    if not words:
        return None
    try:
        return urllib3.Retry().parse_retry_after(words)
    except (InvalidHeader, ValueError, OverflowError):
        return None
