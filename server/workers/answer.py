"""One answer, as a worker of either kind writes it: frames of some size, and a last one that says how it ended."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Protocol

from communique.errors import CommuniqueError, QueryError
from communique.server.meter import Limits, Meter
from communique.server.workers import frames
from communique.store import Dataset, EmbeddedStore, Kind, answers


class Sink(Protocol):
    """Where frames go."""

    def sendall(self, data: bytes, /) -> None:
        """All of these bytes."""


class Out:
    """Where an answer goes: frames of some size, on the socket; whoever does not read them holds the worker up until it is killed."""

    def __init__(self, connection: Sink) -> None:
        self._connection = connection
        self._pending: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        self._pending.append(data)
        self._size += len(data)
        if self._size >= frames.PIECE - 8192:
            self.flush()

    def flush(self) -> None:
        if self._size:
            self._connection.sendall(b"".join((frames.head(frames.DATA, self._size), *self._pending)))
            self._pending, self._size = [], 0

    def end(self, told: dict[str, object]) -> None:
        """The last frame, together with what is left of the answer, unless that failed."""
        kind = frames.FAILED if "kind" in told else frames.END
        rest = (frames.head(frames.DATA, self._size), *self._pending) if self._size and kind == frames.END else ()
        self._connection.sendall(b"".join((*rest, frames.told(kind, told))))


def answered(store: EmbeddedStore, asked: dict[str, object], out: Out, limits: Limits) -> dict[str, object]:
    """Write one answer, and say how it ended."""
    try:
        started = time.perf_counter()
        what, query = str(asked["do"]), str(asked.get("query"))
        dataset = Dataset(_names(asked.get("default")), _names(asked.get("named")))
        most = asked.get("limit")
        limit = most if isinstance(most, int) else None
        syntax = {"stream": str(asked.get("syntax")), "select": "json"}.get(what, "nt")
        meter = Meter(out.write, syntax, limits if limit is None else replace(limits, rows=max(limits.rows, limit)), float("inf"))
        counted = True
        match what:
            case "stream":
                base = asked.get("base")
                kind = store.query(query, syntax, meter, dataset, None if base is None else str(base))  # type: ignore[arg-type]
                counted = kind is not Kind.TRUTH
            case "select" if limit is None:  # no row becomes an object of Python here, where pages are shared until they are written to
                if store.query(query, "json", meter, dataset) is not Kind.ROWS:  # type: ignore[arg-type]  # it is written to, no more
                    raise QueryError("this query has no rows", todo="ask with SELECT")
            case "select":
                answers.write_rows(store.select(query, dataset, limit), "json", meter)  # type: ignore[arg-type]
            case "construct":
                for triple in store.construct(query, dataset, limit):
                    meter.write(f"{triple} .\n".encode())
            case "ask":
                meter.write(b"true" if store.ask(query, dataset) else b"false")
            case "has":
                meter.write(b"true" if store.has(query) else b"false")
            case _:
                meter.write(json.dumps(store.graphs()).encode())
    except MemoryError:
        raise
    except CommuniqueError as error:
        return frames.of_error(error)
    return {"rows": meter.rows if counted else None, "bytes": meter.bytes, "seconds": time.perf_counter() - started}


def _names(graphs: object) -> tuple[str, ...] | None:
    return tuple(map(str, graphs)) if isinstance(graphs, list) else None
