"""The engine of a web process that has workers: it borrows one for each query, over a private Unix socket."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from communique.errors import Broken, Busy, CommuniqueError
from communique.server.engine import Answer, Record, Status
from communique.server.meter import Limits
from communique.server.workers import frames, keeper
from communique.server.workers.kept import Kept
from communique.store import EVERYTHING, Dataset, Rows, Term
from communique.store.syntax import lasting

_HOLD: Final = 1 << 16
_HOLD_SECONDS: Final = 1.0
"""An answer is held back until so many bytes of it are there, or so long, so that what fails early has its true status."""
_GRACE: Final = 10.0
_MERCY: Final = 0.05
_ATTEMPTS: Final = 50


class Pool:
    """An engine over the workers of the keeper in ``folder``; ``record`` gives what is written down of the present request."""

    def __init__(self, folder: Path, limits: Limits, patience: float = 10.0, record: Callable[[], Record] = Record) -> None:
        self._folder = folder
        self._limits = limits
        self._patience = patience
        self._record = record
        self._kept = Kept()

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return self._limits

    @property
    def isolated(self) -> bool:
        """Each query runs in a process of its own."""
        return True

    def select(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> Rows:
        """The rows of a SELECT query, the first ``limit`` only if one is given."""
        first, _, rest = self._asked({"do": "select", "query": query, "limit": limit}, dataset).read().partition(b"\n")
        rows: list[list[str | None]] = [json.loads(line) for line in rest.splitlines()]
        terms = iter(_terms([text for row in rows for text in row if text is not None]))
        return Rows(tuple(json.loads(first)), tuple(tuple(None if text is None else next(terms) for text in row) for row in rows))

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
        found = self._kept.get((self.version(), *what))
        if found is not None:
            data, rows = found
            record = self._record()
            record.query, record.rows, record.version = query, rows, self.version()
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
            return keeper.version_of(keeper.current(self._folder))
        return ""

    def status(self) -> Status:
        """How the zygote and its workers are."""
        connection, _ = self._connected(frames.told(frames.STATUS, {}))
        with connection:
            frame = frames.Frames(connection).next()
        if frame is None:
            raise Broken("the workers are gone", todo="look at the log of the server")
        told = frames.read(frame[1])
        figures = {name: float(value) for name, value in told.items() if isinstance(value, int)}
        ends = told["ends"] if isinstance(told["ends"], dict) else {}
        pids = told["workers"] if isinstance(told["workers"], list) else []
        return Status(
            "workers", str(told["version"]), int(figures["triples"]), figures, {str(k): int(v) for k, v in ends.items()}, tuple(pids)
        )

    def refresh(self) -> None:
        """Answer from the newest snapshot, from the return of this call on."""
        keeper.refresh(self._folder)

    def close(self) -> None:
        """The workers are the keeper's."""

    def _asked(self, request: dict[str, object], dataset: Dataset = EVERYTHING) -> Answer:
        request |= {"default": dataset.default, "named": dataset.named}
        lease = self._lease(str(request["query"]) if request["do"] == "stream" else "")
        answer = Answer(_nothing())
        try:
            lease.send(frames.told(frames.QUERY, request))
            held: list[bytes] = []
            size, until = 0, time.monotonic() + _HOLD_SECONDS
            while size < _HOLD and (size == 0 or time.monotonic() < until or lease.waiting()):
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

    def _lease(self, query: str = "") -> _Lease:
        record = self._record()
        record.queries += 1
        record.query = query or record.query
        connection, record.version = self._connected(frames.told(frames.LEASE, {"client": record.client}))
        try:
            connection.settimeout(self._patience + _GRACE)
            told, descriptors, _, _ = socket.recv_fds(connection, 4096, 1)
            reader = frames.Frames(connection, told)
            frame = reader.complete() or reader.next()
            if frame is None or frame[0] == frames.REFUSED:
                raise frames.to_error(frames.read(frame[1])) if frame else Broken("the workers are gone", todo="ask again in a moment")
        except OSError as error:
            connection.close()
            gone = Broken("the workers are gone", todo="ask again in a moment")
            record.failed(gone)
            raise gone from error
        except BaseException as error:
            connection.close()
            record.failed(error)
            raise
        record.queued += float(str(frames.read(frame[1])["waited"]))
        return _Lease(connection, reader, socket.socket(fileno=descriptors[0]), record, self._limits.seconds + _GRACE)

    def _connected(self, first: bytes) -> tuple[socket.socket, str]:
        """A connection to the present zygote, on which something was said, and the version that it has."""
        for attempt in range(_ATTEMPTS):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                name = keeper.current(self._folder)
                connection.connect(f"{self._folder}/{name}")
                connection.sendall(first)
                return connection, keeper.version_of(name)
            except OSError:  # between two zygotes, or while one is started again
                connection.close()
                time.sleep(min(0.002 * 2**attempt, 0.1))
        raise Busy("the store is being read", todo="ask again in a moment")


class _Lease:
    """A worker on loan: it goes back after the last frame of its answer, or is killed."""

    def __init__(self, connection: socket.socket, reader: frames.Frames, worker: socket.socket, record: Record, seconds: float) -> None:
        self._connection = connection
        self._reader = reader
        self._worker = worker
        self._frames = frames.Frames(worker)
        self._record = record
        self._started = time.monotonic()
        self._open = True
        worker.settimeout(seconds)
        self.rows: int | None = None
        self.version = record.version

    def send(self, request: bytes) -> None:
        with suppress(OSError):  # it was killed in this moment; for what is read where its answer is read
            self._worker.sendall(request)

    def data(self) -> bytes | None:
        """The next bytes of the answer; ``None`` after the last.  Raises what the query failed with."""
        try:
            frame = self._frames.next()
        except TimeoutError:
            frame = None
        if frame is None:
            raise self._why()
        kind, body = frame
        if kind == frames.DATA:
            return body
        told = frames.read(body)
        self.end(spent=bool(told.get("spent")))
        if kind == frames.FAILED:
            raise frames.to_error(told)
        self.rows = told["rows"] if isinstance(told["rows"], int) else None
        self._record.rows = self.rows
        self._record.bytes += int(str(told["bytes"]))
        return None

    def waiting(self) -> bool:
        """Whether more of the answer is there already."""
        return self._frames.waiting()

    def end(self, error: BaseException | None = None, *, spent: bool = False) -> None:
        """Give the worker back if its answer was read to its end; else it is killed."""
        if error is not None:
            self._record.failed(error)
        if not self._open:
            return
        self._open = False
        self._record.ran += time.monotonic() - self._started
        try:
            if error is None:
                self._connection.sendall(frames.packed(frames.RELEASE, b"spent" if spent else b""))
        except OSError:  # the zygote is gone, and its workers with it
            pass
        self._worker.close()
        self._connection.close()

    def left(self) -> None:
        """Nobody reads on.  An answer that is nearly at its end is read out, which costs less than another worker."""
        if not self._open:
            return
        gone = Broken("the client left")
        self._record.failed(gone)
        self._worker.settimeout(_MERCY)
        end = time.monotonic() + _MERCY
        with suppress(TimeoutError):
            while time.monotonic() < end and (frame := self._frames.next()) is not None:
                if frame[0] != frames.DATA:
                    self.end(spent=bool(frames.read(frame[1]).get("spent")))
                    return
        self.end(gone)

    def _why(self) -> CommuniqueError:
        """Why the worker is gone: the zygote knows."""
        self._connection.settimeout(_GRACE)
        try:
            frame = self._reader.complete() or self._reader.next()
        except TimeoutError:
            frame = None
        return frames.to_error(frames.read(frame[1])) if frame else Broken("what answered the query is gone", todo="ask again in a moment")


def _nothing() -> Generator[bytes, None, None]:
    """No bytes."""
    yield from ()


def _one(data: bytes) -> Generator[bytes, None, None]:
    yield data


def _streamed(lease: _Lease, first: bytes, answer: Answer) -> Generator[bytes, None, None]:
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


def _terms(texts: list[str]) -> list[Term]:
    """Terms in N-Triples syntax as terms: put into triples, which are read in one go."""
    lines = "\n".join(f"<x:s> <x:p> {text} ." for text in texts)
    found: list[Term] = []
    for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES):
        assert not isinstance(quad.object, ox.DefaultGraph)
        found.append(quad.object)
    return found
