"""What is written down of each request: one line of JSON in the log, and the figures that a monitor collects.

The text of a query is never written, only a hash of its tokens: the same for the same query in other spacing or with other comments.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import random
import sys
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, g, request

from communique.server.engine import Engine, Record
from communique.store.syntax import tokens

if TYPE_CHECKING:
    from communique.server.metrics import Metrics

IDENTITY: Final = "X-Request-Id"
LIMITS: Final = "Communique-Limits"
VISIT: Final = "communique.visit"
"""The key of an environment under which the visit is that the request belongs to."""


@dataclass(frozen=True, slots=True)
class Journal:
    """Where records go: a file that lines are added to (``-``: standard error, empty: none), and figures; all are told the ``limits``."""

    place: str
    metrics: Metrics
    limits: str

    def written(self, line: Mapping[str, object]) -> None:
        """Add a line.  Several processes may write to one file: each line is one write, and the file is opened anew, so it may be moved."""
        if not self.place:
            return
        data = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
        if self.place == "-":
            sys.stderr.buffer.write(data)
            sys.stderr.buffer.flush()
            return
        descriptor = os.open(self.place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            os.write(descriptor, data)
        finally:
            os.close(descriptor)


_RECORD: ContextVar[Record | None] = ContextVar("record", default=None)


def present() -> Record:
    """The record of the request that is being answered, or of nothing."""
    return _RECORD.get() or Record()


@lru_cache(1 << 10)
def client(address: str | None) -> str:
    """Under whose name the time of queries is counted: an address, of IPv6 the network; this machine's own is not counted."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return ""
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def query_hash(query: str) -> str:
    """The hash of a query's tokens."""
    return hashlib.sha256("\n".join(token.group() for token in tokens(query)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Visit:
    """A request, from its first to its last byte; what it makes the engine do is written into its record from now on."""

    def __init__(self, journal: Journal, address: str | None, method: str) -> None:
        self._journal = journal
        self._who: dict[str, object] = {"client": address, "method": method}
        self._come = datetime.now(UTC)
        self._started = time.perf_counter()
        self.record = Record(client=client(address))
        self.identity = f"{random.getrandbits(64):016x}"
        _RECORD.set(self.record)

    def answered(self, route: str | None, status: int, type_: str | None, length: int | None) -> Callable[[], None]:
        """The answer is about to be sent; what is returned is called when that is over."""
        first = time.perf_counter() - self._started

        def closed() -> None:
            took = time.perf_counter() - self._started
            record = self.record
            self._journal.metrics.seen(str(route), status, took, first, record)
            if not self._journal.place:
                return
            line = {"time": self._come.isoformat(timespec="milliseconds"), "id": self.identity} | self._who
            line |= {"route": route, "status": status, "type": type_}
            asked = {"query": query_hash(record.query)} if record.query else {}
            times = {"queue_ms": record.queued, "run_ms": record.ran, "first_ms": first, "total_ms": took}
            counts = {"queries": record.queries, "rows": record.rows, "bytes": record.bytes or length}
            rounded = {name: round(seconds * 1000, 1) for name, seconds in times.items()}
            self._journal.written(line | asked | rounded | counts | {"end": record.end or "whole", "version": record.version})

        return closed


def install(app: Flask, engine: Engine, place: str) -> Journal:
    """Keep the journal of an application."""
    from communique.server.metrics import Metrics  # at the latest moment: it looks whether there are several processes when it is imported

    limits = engine.limits
    told = f"seconds={limits.seconds:g}, memory={limits.memory}, rows={limits.rows}, bytes={limits.size}"
    journal = Journal(place, Metrics(engine), told)
    app.extensions["communique.journal"] = journal

    @app.before_request
    def begin() -> None:
        # One that comes from the short way has begun there.
        g.visit = request.environ.get(VISIT) or Visit(journal, request.remote_addr, request.method)

    @app.after_request
    def end(response: Response) -> Response:
        visit: Visit = g.get("visit") or Visit(journal, request.remote_addr, request.method)
        if visit.record.queries:
            response.headers.setdefault(LIMITS, journal.limits)
        visit.identity = response.headers.setdefault(IDENTITY, visit.identity)
        route = request.url_rule.rule if request.url_rule else None
        response.call_on_close(visit.answered(route, response.status_code, response.mimetype, response.content_length))
        return response

    return journal
