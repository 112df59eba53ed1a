"""The engine of a web process that has workers: it borrows one for each query."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Final

import pyoxigraph as ox

from communique.server.engine import Answer, Record, Status
from communique.server.meter import Limits
from communique.server.workers import frames
from communique.server.workers.kept import Kept
from communique.server.workers.lease import Lease, Lender
from communique.store import EVERYTHING, Dataset, Rows
from communique.store.syntax import lasting

_HOLD: Final = 1 << 16
_HOLD_SECONDS: Final = 1.0
"""An answer is held back until so many bytes of it are there, or so long, so that what fails early has its true status."""
_WHOLE: Final = 1 << 19
_WHOLE_SECONDS: Final = 0.05
"""One of up to so many bytes that comes so soon goes out in one piece, with its length: 280 KB in five took a sixth longer here."""


class Pool:
    """An engine over the workers of a ``lender``; ``record`` gives what is written down of the present request."""

    def __init__(self, lender: Lender, limits: Limits, record: Callable[[], Record] = Record) -> None:
        self._lender = lender
        self._limits = limits
        self._record = record
        self._kept = Kept()

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return self._limits

    @property
    def isolated(self) -> bool:
        """Each query runs in a process of its own, which any process of the server may borrow."""
        return self._lender.shared

    def select(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> Rows:
        """The rows of a SELECT query, the first ``limit`` only if one is given."""
        found = ox.parse_query_results(
            self._asked({"do": "select", "query": query, "limit": limit}, dataset).read(), format=ox.QueryResultsFormat.JSON
        )
        assert isinstance(found, ox.QuerySolutions)
        return Rows(tuple(v.value for v in found.variables), tuple(map(tuple, found)))

    def ask(self, query: str, dataset: Dataset = EVERYTHING) -> bool:
        """The truth value of an ASK query."""
        return self._asked({"do": "ask", "query": query}, dataset).read() == b"true"

    def construct(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> tuple[ox.Triple, ...]:
        """The triples of a CONSTRUCT or DESCRIBE query, the first ``limit`` only if one is given."""
        found = self._asked({"do": "construct", "query": query, "limit": limit}, dataset).read()
        return tuple(quad.triple for quad in ox.parse(found, format=ox.RdfFormat.N_TRIPLES))

    def stream(self, query: str, syntax: str, dataset: Dataset = EVERYTHING, base: str | None = None) -> Answer:
        """The answer as the worker writes it, or as it was given before from the same data."""
        if not lasting(query):
            return self._asked({"do": "stream", "query": query, "syntax": syntax, "base": base}, dataset)
        what = (query, syntax, repr(dataset), str(base))
        now = self.version()
        found = self._kept.get((now, *what))
        if found is not None:
            data, rows = found
            record = self._record()
            record.query, record.rows, record.version = query, rows, now
            record.queries += 1
            record.bytes += len(data)
            return Answer(_one(data), len(data), rows)
        answer = self._asked({"do": "stream", "query": query, "syntax": syntax, "base": base}, dataset)
        if answer.length is not None:
            data = answer.read()
            # Under the version of the worker that answered, which may be newer than the one that was looked for.
            self._kept.put((answer.version, *what), data, answer.rows)
            answer.chunks = _one(data)
        return answer

    def graphs(self) -> tuple[str, ...]:
        """The named graphs, sorted."""
        return tuple(json.loads(self._asked({"do": "graphs"}).read()))

    def has(self, graph: str) -> bool:
        """Whether there is such a graph."""
        return self._asked({"do": "has", "query": graph}).read() == b"true"

    def version(self) -> str:
        """The hash of the quads in the snapshot that is answered from; it is known before a query, and never newer than its answer."""
        with suppress(OSError):
            return self._lender.version()
        return ""

    def state(self) -> str:
        """The state of the store whose snapshot is answered from."""
        with suppress(OSError):
            return self._lender.state()
        return ""

    def status(self) -> Status:
        """How the workers are."""
        told = self._lender.status()
        figures = {name: float(value) for name, value in told.items() if isinstance(value, int)}
        ends = told["ends"] if isinstance(told["ends"], dict) else {}
        pids = told["workers"] if isinstance(told["workers"], list) else []
        counts = {str(cause): int(number) for cause, number in ends.items()}
        return Status(self._lender.isolation, str(told["version"]), int(figures["triples"]), figures, counts, tuple(pids))

    def refresh(self) -> None:
        """Answer from the newest snapshot, from the return of this call on."""
        self._lender.refresh()

    def close(self) -> None:
        """Borrow no more."""
        self._lender.close()

    def _asked(self, request: dict[str, object], dataset: Dataset = EVERYTHING) -> Answer:
        record = self._record()
        record.queries += 1
        if request["do"] == "stream":
            record.query = str(request["query"])
        request |= {"default": dataset.default, "named": dataset.named}
        lease = self._lender.lease(record)
        answer = Answer(_nothing())
        try:
            lease.send(frames.told(frames.QUERY, request))
            held: list[bytes] = []
            size, since = 0, time.monotonic()
            while _holding(lease, size, since):
                data = lease.data()
                if data is None:
                    answer.chunks, answer.length = _one(b"".join(held)), size
                    answer.rows, answer.version = lease.rows, lease.version
                    return answer
                held.append(data)
                size += len(data)
        except BaseException as error:
            lease.end(error)
            raise
        answer.chunks = _streamed(lease, b"".join(held), answer)
        answer.ended = lease.left
        return answer


def _holding(lease: Lease, size: int, since: float) -> bool:
    """Whether more of an answer is waited for before its first bytes are sent."""
    if size < _HOLD:
        return size == 0 or lease.waiting() or time.monotonic() < since + _HOLD_SECONDS
    return size < _WHOLE and lease.soon(since + _WHOLE_SECONDS - time.monotonic())


def _nothing() -> Generator[bytes, None, None]:
    """No bytes."""
    yield from ()


def _one(data: bytes) -> Generator[bytes, None, None]:
    yield data


def _streamed(lease: Lease, first: bytes, answer: Answer) -> Generator[bytes, None, None]:
    try:
        yield first
        while (data := lease.data()) is not None:
            yield data
        answer.rows = lease.rows
    except GeneratorExit:
        lease.left()
        raise
    except BaseException as error:
        lease.end(error)
        raise
