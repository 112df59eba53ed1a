"""A worker on loan, whichever kind it is."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final, Protocol

from communique.errors import Broken, Busy, CommuniqueError
from communique.server.engine import Record
from communique.server.workers import frames

_MERCY: Final = 0.05


class Connection(frames.Source, Protocol):
    """The way to a worker and back."""

    def sendall(self, data: bytes, /) -> None:
        """All of these bytes."""


class Terms(Protocol):
    """What happens to a worker on loan."""

    def ended(self, seconds: float, *, whole: bool, spent: bool) -> None:
        """The query has ended: the worker goes back if its answer came ``whole`` and it is not ``spent``, else it is killed."""

    def why(self) -> CommuniqueError:
        """Why the worker is gone."""

    def soon(self, seconds: float, /) -> bool:
        """Whether something comes of it within this time; false where that cannot be known."""


class Lender(Protocol):
    """Who lends workers; ``isolation`` says how queries are kept apart, ``shared`` whether other processes may borrow, too."""

    @property
    def isolation(self) -> str: ...

    @property
    def shared(self) -> bool: ...

    def lease(self, record: Record) -> Lease:
        """A worker.  Raises ``Busy``, ``OverBudget``, ``Broken``."""

    def version(self) -> str:
        """The version of the data that is answered from.  Raises ``OSError`` while there is none."""

    def state(self) -> str:
        """The state of the store that is answered from; empty if it is not known.  Raises ``OSError`` while there is none."""

    def status(self) -> dict[str, object]:
        """How it is: version, triples, workers, how many of them are idle or busy, untimely ends."""

    def refresh(self) -> None:
        """Lend workers over the newest snapshot, from the return of this call on."""

    def close(self) -> None:
        """Lend no more."""


class Lease:
    """A worker on loan: it goes back after the last frame of its answer, or is killed."""

    def __init__(self, worker: Connection, terms: Terms, record: Record, since: float, version: str) -> None:
        self._worker = worker
        self._terms = terms
        self._frames = frames.Frames(worker)
        self._record = record
        self._since = since
        self._open = True
        self.rows: int | None = None
        self.version = record.version = version

    def send(self, request: bytes) -> None:
        """Ask."""
        with suppress(OSError):  # it was killed in this moment; for what is read where its answer is read
            self._worker.sendall(request)

    def data(self) -> bytes | None:
        """The next bytes of the answer; ``None`` after the last.  Raises what the query failed with."""
        try:
            frame = self._frames.next()
        except BlockingIOError:  # it should have been killed long ago
            frame = None
        if frame is None:
            raise self._terms.why()
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

    def soon(self, seconds: float) -> bool:
        """Whether more of the answer is there within this time; false where that cannot be known."""
        return self.waiting() or self._terms.soon(max(0.0, seconds))

    def end(self, error: BaseException | None = None, *, spent: bool = False) -> None:
        """Give the worker back if its answer was read to its end; else it is killed."""
        if error is not None:
            self._record.failed(error)
        if not self._open:
            return
        self._open = False
        took = time.monotonic() - self._since
        self._record.ran += took
        self._terms.ended(took, whole=error is None, spent=spent)

    def left(self) -> None:
        """Nobody reads on.  An answer that is nearly at its end is read out, which costs less than another worker."""
        if not self._open:
            return
        gone = Broken("the client left")
        self._record.failed(gone)
        end = time.monotonic() + _MERCY
        while (rest := end - time.monotonic()) > 0 and self.soon(rest):
            if (frame := self._frames.next()) is None:
                break
            if frame[0] != frames.DATA:
                self.end(spent=bool(frames.read(frame[1]).get("spent")))
                return
        self.end(gone)


def enough() -> Busy:
    """What a query is told that may not even wait."""
    return Busy("all workers are busy, and enough queries wait", todo="ask again in a moment")


def late(patience: float) -> Busy:
    """What a query is told that waited in vain."""
    return Busy(f"no worker was free for {patience:g} seconds", todo="ask again in a moment")
