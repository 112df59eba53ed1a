"""What is written down of each request: one line of JSON in the log, and the figures that a monitor collects.

The text of a query is never written, only a hash of its tokens: the same for the same query in other spacing or with other comments.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, g, has_request_context, request

from communique.server.engine import Engine, Record
from communique.store.syntax import tokens

if TYPE_CHECKING:
    from communique.server.metrics import Metrics

_ID: Final = "X-Request-Id"
_LIMITS: Final = "Communique-Limits"


@dataclass(frozen=True, slots=True)
class Journal:
    """Where records go: a file that lines are added to (``-``: standard error, empty: none), and the figures."""

    place: str
    metrics: Metrics

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


def present() -> Record:
    """The record of the request that is being answered, or of nothing."""
    if not has_request_context():
        return Record()
    if "record" not in g:
        g.record = Record(client=client(request.remote_addr))
    record: Record = g.record
    return record


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


def install(app: Flask, engine: Engine, place: str) -> None:
    """Keep the journal of an application."""
    from communique.server.metrics import Metrics  # at the latest moment: it looks whether there are several processes when it is imported

    journal = Journal(place, Metrics(engine))
    app.extensions["communique.journal"] = journal

    limits = engine.limits
    told = f"seconds={limits.seconds:g}, memory={limits.memory}, rows={limits.rows}, bytes={limits.size}"

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        record, started = present(), g.get("started", time.perf_counter())
        if record.queries:
            response.headers.setdefault(_LIMITS, told)
        identity = response.headers.setdefault(_ID, secrets.token_hex(8))
        come = datetime.now(UTC)
        route = request.url_rule.rule if request.url_rule else None
        who: dict[str, object] = {"client": request.remote_addr, "method": request.method, "route": route}
        first = time.perf_counter() - started

        def closed() -> None:
            took = time.perf_counter() - started
            journal.metrics.seen(str(route), response.status_code, took, first, record)
            if not journal.place:
                return
            line = {"time": come.isoformat(timespec="milliseconds"), "id": identity} | who
            line |= {"status": response.status_code, "type": response.mimetype}
            asked = {"query": query_hash(record.query)} if record.query else {}
            times = {"queue_ms": record.queued, "run_ms": record.ran, "first_ms": first, "total_ms": took}
            counts = {"queries": record.queries, "rows": record.rows, "bytes": record.bytes or response.content_length}
            rounded = {name: round(seconds * 1000, 1) for name, seconds in times.items()}
            journal.written(line | asked | rounded | counts | {"end": record.end or "whole", "version": record.version})

        response.call_on_close(closed)
        return response
