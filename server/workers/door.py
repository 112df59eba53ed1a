"""The door of a web process to the zygote: through it come the workers that it borrows."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from communique.errors import Broken, Busy, CommuniqueError, Unanswered
from communique.server.engine import Record
from communique.server.workers import frames, keeper
from communique.server.workers.board import Board, Token, Tokens
from communique.server.workers.lease import Lease, enough, late
from communique.server.workers.zygote import GRACE

_ATTEMPTS: Final = 50


class Doors:
    """The door to the zygote that answers now; those to older ones are closed when their last query has ended."""

    isolation = "workers"
    shared = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._present: _Door | None = None
        self._turn = threading.Lock()
        self._changes = keeper.Turn(folder)
        self._name = (-1, "")

    def lease(self, record: Record) -> Lease:
        """A worker.  Raises ``Busy``, ``OverBudget``, ``Broken``."""
        try:
            for attempt in range(_ATTEMPTS):
                lease = None
                with suppress(OSError):  # between two zygotes, or while one is started again
                    lease = self._door().lease(record)
                if lease is not None:
                    return lease
                _pause(attempt)
            raise _reading()
        except Unanswered as error:
            record.failed(error)
            raise

    def version(self) -> str:
        """The version that is answered from.  Raises ``OSError`` while there is none."""
        return keeper.version_of(self._current())

    def state(self) -> str:
        """The state of the store that is answered from.  Raises ``OSError`` while there is none."""
        return keeper.state_of(self._current())

    def status(self) -> dict[str, object]:
        """How the zygote that answers is.  Raises ``Busy``."""
        for attempt in range(_ATTEMPTS):
            with suppress(OSError):
                return _asked(keeper.socket_of(self._folder, self._current()), frames.STATUS, {})[0]
            _pause(attempt)
        raise _reading()

    def refresh(self) -> None:
        """Lend workers over the newest snapshot, from the return of this call on."""
        keeper.refresh(self._folder)

    def close(self) -> None:
        """Close the door."""
        with self._turn:
            if self._present is not None:
                self._present.retire()
            self._present = None

    def _current(self) -> str:
        """The name of the zygote that answers."""
        number, name = self._name
        if (now := self._changes.read()) != number:
            name = keeper.current(self._folder)
            self._name = now, name
        return name

    def _door(self) -> _Door:
        name = self._current()
        found = self._present
        if found is not None and found.leads_to(name):
            return found
        with self._turn:
            if self._present is None or not self._present.leads_to(name):
                before, self._present = self._present, None
                if before is not None:
                    before.retire()
                self._present = _Door(keeper.socket_of(self._folder, name), name)
            return self._present


class _Door:
    """What one zygote gave: its board, its tokens, and the sockets of workers that were borrowed before.  Raises ``OSError``."""

    def __init__(self, path: str, name: str) -> None:
        self._name = name
        self._owner = os.getpid()
        self.version = keeper.version_of(name)
        self._path = path
        self._retired = False
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            told, (board, taking, giving) = _said(self._connection, path, frames.DOOR, {}, 3)
        except (OSError, ValueError) as error:
            self._connection.close()
            raise ConnectionError from error
        self._number, self._queue, self._patience = int(str(told["door"])), int(str(told["queue"])), float(str(told["patience"]))
        self._board = Board(board, float(str(told["budget"])))
        self._tokens = Tokens(socket.socket(fileno=taking), socket.socket(fileno=giving))
        self._sockets: dict[int, socket.socket] = {}  # of workers that this process knows and has not borrowed now, by ticket
        self._turn = threading.Lock()
        self._waiting = self._leases = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def leads_to(self, name: str) -> bool:
        """Whether this is still the door of this process to the zygote with that name: a forked process has none yet."""
        return self._name == name and not self._retired and self._owner == os.getpid()

    def lease(self, record: Record) -> Lease | None:
        """A worker; ``None`` if this zygote lends none any more.  Raises ``Busy``, ``OverBudget``."""
        came = time.monotonic()
        with self._turn:
            if self._retired:
                return None
            self._leases += 1
        lease = None
        try:
            if refused := self._board.budget.refusal(record.client, came):
                raise self._refused(refused)
            while lease is None and (token := self._token()) is not None:
                since = time.monotonic()
                if self._board.there(token):
                    self._board.lent(token, self._number, since)
                    if (worker := self._socket(token)) is not None:
                        lease = Lease(worker, _Terms(self, token, worker, record.client), record, since, self.version)
                        record.queued += since - came
        finally:
            if lease is None:
                self._ended()
        return lease

    def end(self, token: Token, worker: socket.socket, client: str, seconds: float, *, whole: bool, spent: bool) -> None:
        """A query has ended: its worker goes back if its answer came ``whole``, and is killed if it did not."""
        self._board.budget.spend(client, seconds, time.monotonic())
        if whole and not spent:
            with self._turn:
                self._sockets[token.ticket] = worker
            self._board.back(token)
            self._tokens.give(token)
        else:
            worker.close()
            if not whole:
                self._tell(frames.LEFT, {"ticket": token.ticket})
        self._ended()

    def why(self, token: Token) -> CommuniqueError:
        """Why a worker is gone: the zygote knows."""
        try:
            return frames.to_error(_asked(self._path, frames.WHY, {"ticket": token.ticket})[0])
        except OSError:
            self.retire()  # the zygote is gone, too
            return Broken("what answered the query is gone", todo="ask again in a moment")

    def retire(self) -> None:
        """Lend no more; when what was lent is back, close, once: a descriptor closed again is by then that of something else.

        The door of a process that forked this one is let alone.
        """
        if self._owner != os.getpid():
            return
        with self._turn:
            if self._retired:
                return
            self._retired = True
        self._ended(0)

    def _token(self) -> Token | None:
        """The newest token, or one waited for in the queue if there is none.  Raises ``Busy``."""
        with suppress(BlockingIOError):
            return self._tokens.newest()
        if self._board.waiting() >= self._queue:
            raise self._refused(enough())
        self._wait(1)
        try:
            return self._tokens.take(wait=True)
        except BlockingIOError:
            raise self._refused(late(self._patience)) from None
        finally:
            self._wait(-1)

    def _wait(self, more: int) -> None:
        with self._turn:
            self._waiting += more
            self._board.wait(self._number, self._waiting)

    def _socket(self, token: Token) -> socket.socket | None:
        """The socket of a worker; of one that is not known here the zygote is asked, and those that ended are forgotten."""
        with self._turn:
            found = self._sockets.pop(token.ticket, None)
            if found is None:
                there = {self._board.worker(place)[0] for place in range(self._board.places)}
                for ticket in self._sockets.keys() - there:
                    self._sockets.pop(ticket).close()
        if found is not None:
            return found
        _, descriptors = _asked(self._path, frames.SHOW, {"ticket": token.ticket}, 1)
        return socket.socket(fileno=descriptors[0]) if descriptors else None

    def _refused(self, error: Unanswered) -> Unanswered:
        self._tell(frames.REFUSED, {"limit": error.limit})
        return error

    def _tell(self, kind: bytes, what: Mapping[str, object]) -> None:
        with suppress(OSError), self._turn:
            self._connection.sendall(frames.told(kind, what))

    def _watch(self) -> None:
        """Nothing ever comes through the door but its end."""
        with suppress(OSError):
            self._connection.recv(1)
        if not self._retired:
            self._tokens.shut()  # the zygote is gone, and no worker comes back to anyone
            self.retire()

    def _ended(self, leases: int = 1) -> None:
        with self._turn:
            self._leases -= leases
            if not self._retired or self._leases:
                return
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)  # which ends the watch
            self._connection.close()
            self._tokens.close()
            for each in self._sockets.values():
                each.close()
            self._sockets.clear()
            self._board.close()


@dataclass(frozen=True, slots=True)
class _Terms:
    """What happens to a borrowed worker."""

    door: _Door
    token: Token
    worker: socket.socket
    client: str

    def ended(self, seconds: float, *, whole: bool, spent: bool) -> None:
        """The query has ended."""
        self.door.end(self.token, self.worker, self.client, seconds, whole=whole, spent=spent)

    def why(self) -> CommuniqueError:
        """Why the worker is gone."""
        return self.door.why(self.token)

    def soon(self, seconds: float, /) -> bool:
        """Whether something comes of it within this time."""
        readable = select.poll()
        readable.register(self.worker, select.POLLIN)
        return bool(readable.poll(seconds * 1000))


def _said(connection: socket.socket, path: str, kind: bytes, what: Mapping[str, object], most: int) -> tuple[dict[str, object], list[int]]:
    """What a zygote answers, and the descriptors that come with it.  Raises ``OSError``."""
    connection.settimeout(GRACE)
    connection.connect(path)
    connection.sendall(frames.told(kind, what))
    told, descriptors, _, _ = socket.recv_fds(connection, 4096, most)
    connection.settimeout(None)
    reader = frames.Frames(connection, told)
    frame = (reader.complete() or reader.next()) if told else None
    if frame is None:
        raise ConnectionError
    return frames.read(frame[1]), descriptors


def _asked(path: str, kind: bytes, what: Mapping[str, object], most: int = 0) -> tuple[dict[str, object], list[int]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        return _said(connection, path, kind, what, most)


def _pause(attempt: int) -> None:
    time.sleep(min(0.002 * 2**attempt, 0.1))


def _reading() -> Busy:
    return Busy("the store is being read", todo="ask again in a moment")
