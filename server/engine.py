"""The one way in which the server asks: an engine that answers as a store does, within limits, or as a stream of bytes.

Pages ask with ``select``, ``ask`` and ``construct``; ``/sparql`` and its like send on what ``stream`` gives.  Whether a pool of
workers answers, this process, or another server, is nobody else's business.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

import pyoxigraph as ox

from communique.errors import Busy, CommuniqueError
from communique.server.meter import Limits, Meter, fingerprint
from communique.store import EVERYTHING, Dataset, Kind, Reader, Rows, Store

_IN_MEMORY: Final = 1 << 20
_PIECE: Final = 1 << 16


def _nothing() -> None:
    pass


@dataclass(slots=True)
class Answer:
    """The bytes of an answer as they come; ``length`` if all of them are there before the first is sent, so that nothing can fail.

    ``chunks`` raises an ``Unanswered`` where the answer breaks off; what was sent until then must not be closed as if it were whole.
    Whoever has the answer reads it to its end or closes it, which ends the query.  ``rows`` is known at the end, if they were counted;
    ``version`` is that of the data, if it is known.
    """

    chunks: Generator[bytes, None, None]
    length: int | None = None
    rows: int | None = None
    version: str = ""
    ended: Callable[[], None] = _nothing

    def read(self) -> bytes:
        """The whole answer."""
        return b"".join(self.chunks)

    def close(self) -> None:
        """End the query, if it is not at its end."""
        self.chunks.close()
        self.ended()  # a generator that was never begun does not see that it is closed


@dataclass(slots=True)
class Record:
    """What is written down of one request: who asks, how long its queries waited and ran, how much came, and how it ended.

    ``client`` is under whose name the time of queries is counted; without one it is not.  ``query`` is the last that was streamed, ``end``
    what cut an answer off (empty: nothing).
    """

    client: str = ""
    queries: int = 0
    query: str = ""
    queued: float = 0.0
    ran: float = 0.0
    rows: int | None = None
    bytes: int = 0
    end: str = ""
    version: str = ""

    def failed(self, error: BaseException) -> None:
        """A query did not come to its end."""
        self.end = type(error).__name__


@dataclass(frozen=True, slots=True)
class Status:
    """How an engine is: ``version`` of what it answers from (empty: unknown), how its queries are kept apart, and its workers.

    ``isolation`` is ``workers`` (each query can be killed, and can reach nothing), ``spawned`` (it can be killed), ``process`` or
    ``remote``.  ``figures`` are the numbers of workers and of queries that wait, ``ends`` how many queries came to which untimely end,
    ``workers`` the processes.
    """

    isolation: str
    version: str = ""
    triples: int = 0
    figures: Mapping[str, float] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)
    workers: tuple[int, ...] = ()


class Engine(Reader, Protocol):
    """What answers queries.

    Every method raises ``QueryError`` for what cannot be answered and an ``Unanswered`` for what went over a limit: ``Busy``,
    ``OverBudget``, ``TimedOut``, ``TooMuchMemory``, ``TooLong``, ``Broken``.
    """

    @property
    def limits(self) -> Limits:
        """What one query may take."""

    @property
    def isolated(self) -> bool:
        """Whether queries run outside of this process, so that it may be one of several."""

    def stream(self, query: str, syntax: str, dataset: Dataset = EVERYTHING, base: str | None = None) -> Answer:
        """The answer in ``syntax`` (as ``Store.query`` has them); it begins once its first bytes are there, so errors come before."""

    def graphs(self) -> tuple[str, ...]:
        """The named graphs, sorted."""

    def has(self, graph: str) -> bool:
        """Whether there is such a graph."""

    def version(self) -> str:
        """What names the state of the data that is answered from; it changes with the data.  Empty if it cannot be known."""

    def state(self) -> str:
        """Which state of a store in a directory is answered from, as ``directory.state`` names it.  Empty if it cannot be known."""

    def status(self) -> Status:
        """How it is, for those who watch over the server."""

    def refresh(self) -> None:
        """Answer from what the store holds now, from the return of this call on."""

    def close(self) -> None:
        """Let go of everything; queries that run are ended."""


class InProcess:
    """An engine over any store, in this process: for stores on other servers, for tests, and where there are no workers.

    The limits of time and size act where an answer is written: a query that sorts for an hour before its first row is not stopped.
    Answers are written before the first byte is sent, so an error always has its true status.  ``at_once`` is how many queries run at
    once, ``patience`` how many seconds another one waits.  ``known`` are the version and the state of a store that does not change.
    """

    def __init__(
        self,
        store: Store,
        limits: Limits | None = None,
        *,
        at_once: int = 6,
        patience: float = 2.0,
        record: Callable[[], Record] = Record,
        known: tuple[str, str] = ("", ""),
    ) -> None:
        self._store = store
        self._record = record
        self._limits = limits or Limits()
        self._free = threading.BoundedSemaphore(at_once)
        self._patience = patience
        self._version, self._state = known

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return self._limits

    @property
    def isolated(self) -> bool:
        """The store is of this process, and what is written to it is seen by this one only."""
        return False

    def select(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> Rows:
        """The rows of a SELECT query, the first ``limit`` only if one is given."""
        with self._turn():
            return self._store.select(query, dataset, limit)

    def ask(self, query: str, dataset: Dataset = EVERYTHING) -> bool:
        """The truth value of an ASK query."""
        with self._turn():
            return self._store.ask(query, dataset)

    def construct(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> tuple[ox.Triple, ...]:
        """The triples of a CONSTRUCT or DESCRIBE query, the first ``limit`` only if one is given."""
        with self._turn():
            return self._store.construct(query, dataset, limit)

    def stream(self, query: str, syntax: str, dataset: Dataset = EVERYTHING, base: str | None = None) -> Answer:
        """The whole answer, written to memory or a temporary file."""
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - who reads the answer closes it
        record = self._record()
        record.query = query
        try:
            with self._turn():
                meter = Meter(file.write, syntax, self._limits, time.monotonic() + self._limits.seconds)
                kind = self._store.query(query, syntax, meter, dataset, base)  # type: ignore[arg-type]  # it is written to, no more
        except BaseException:
            file.close()
            raise
        file.seek(0)
        record.rows = meter.rows if kind is Kind.ROWS else None
        record.bytes += meter.bytes
        return Answer(_pieces(file), meter.bytes, record.rows)

    def graphs(self) -> tuple[str, ...]:
        """The named graphs, sorted."""
        return self._store.graphs()

    def has(self, graph: str) -> bool:
        """Whether there is such a graph."""
        return self._store.has(graph)

    def version(self) -> str:
        """The hash of the quads; of a store on another server, which others change, none."""
        if self._store.capabilities.remote:
            return ""
        if not self._version:
            self._version = fingerprint(self._store.dump())
        return self._version

    def state(self) -> str:
        """What was said when it was made."""
        return self._state

    def status(self) -> Status:
        """How it is; a store on another server is not counted each time."""
        if self._store.capabilities.remote:
            return Status("remote")
        return Status("process", self.version(), self._store.count())

    def refresh(self) -> None:
        """The store is asked itself; only its version is another."""
        self._version = self._state = ""

    def close(self) -> None:
        """The store is not the engine's."""

    @contextmanager
    def _turn(self) -> Iterator[None]:
        record = self._record()
        record.queries += 1
        came = time.monotonic()
        if not self._free.acquire(timeout=self._patience):
            record.end = Busy.__name__
            raise Busy("all workers are busy", todo="ask again in a moment")
        began = time.monotonic()
        record.queued += began - came
        try:
            yield
        except CommuniqueError as error:
            record.failed(error)
            raise
        finally:
            record.ran += time.monotonic() - began
            self._free.release()


def _pieces(file: tempfile.SpooledTemporaryFile[bytes]) -> Generator[bytes, None, None]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
