"""The zygote: reads a snapshot into memory, forks the workers that share it, lends them out, and ends those that take too long.

It has one thread, so that a fork copies all there is.  It alone forks, kills and reaps, so no number of a process can be another's.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from communique.errors import Broken, TimedOut, Unanswered
from communique.server.workers import frames, snapshot, worker
from communique.server.workers.board import DOORS, Board, Token, Tokens
from communique.server.workers.plan import Plan
from communique.store import EmbeddedStore

SPARE: Final = 1
"""Workers beyond those that answer at once: a fork of a large store takes a while, and nobody shall wait for it."""
GRACE: Final = 10.0
"""Seconds after its deadline in which a query must have been ended, whatever happens."""
_BACKLOG: Final = 512
_REMEMBERED: Final = 1000  # workers of which it is known why they ended
_SOON: Final = 0.05
_SURELY: Final = 1.0
"""Seconds after which whoever took a token must have said so, or is gone; to say so takes some ten microseconds."""
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True, eq=False)
class _Worker:
    pid: int
    exit: int  # a descriptor of the process: readable once it has ended
    connection: socket.socket  # what web processes get, to talk to it
    token: Token
    cause: Unanswered | None = None
    faults: int = 0  # when they were looked at last


@dataclass(slots=True, eq=False)
class _Caller:
    """A connection of a web process; ``door`` is its number on the board, if it opened one."""

    connection: socket.socket
    door: int = 0
    incoming: bytearray = field(default_factory=bytearray)


class Zygote:
    """The loop: ends of workers and of time are seen to, and web processes are told what they ask.

    It has no part in a query that comes to its end: who wants a worker takes a token, and the board tells since when.
    """

    def __init__(self, plan: Plan, store: EmbeddedStore, version: str, lifeline: socket.socket) -> None:
        self._plan = plan
        self._store = store
        self._version = version
        self._triples = store.count()
        self._board = Board.made(plan.workers + SPARE, plan.budget)
        self._tokens = Tokens.made(plan.patience)
        self._selector = selectors.DefaultSelector()
        self._lifeline = lifeline
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(plan.socket)
        self._listener.listen(_BACKLOG)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(lifeline, selectors.EVENT_READ, self._told)
        self._spare: deque[_Worker] = deque()
        self._out: dict[int, _Worker] = {}  # those whose tokens go round, by ticket
        self._dying: dict[int, _Worker] = {}
        self._causes: OrderedDict[int, Unanswered] = OrderedDict()
        self._asking: list[tuple[int, _Caller]] = []  # who wants to know why a worker has ended that has not ended yet
        self._doors: dict[int, _Caller] = {}
        self._lost: dict[Token, float] = {}  # tokens that nobody seems to have, and since when
        self._looked = time.monotonic()
        self._drained = 0.0
        self._ending = False
        self._forks = 0
        self._kills: dict[str, int] = {}

    def run(self) -> None:
        """Serve until the lifeline is cut, or, once told to drain, until the last query has ended."""
        # Objects that exist are not looked at by the collector any more, which would write to pages that are shared.
        gc.collect()
        gc.freeze()
        for _ in range(self._board.places):
            self._fork()
        self._say({"ready": self._version, "triples": self._triples})
        while not (self._ending or self._done()):
            for key, _ in self._selector.select(self._pause()):
                key.data(key.fileobj)
            self._keep_time()
        everyone = (*self._spare, *self._out.values(), *self._dying.values())
        for one in everyone:
            signal.pidfd_send_signal(one.exit, signal.SIGKILL)
        for one in everyone:
            os.waitpid(one.pid, 0)
        Path(self._plan.socket).unlink(missing_ok=True)

    def _fork(self) -> None:
        assert len(os.listdir("/proc/self/task")) == 1, "a zygote has one thread"  # noqa: PTH208
        ours, theirs = socket.socketpair()
        # As with tokens: no timeout of Python, which would be one for all who have this socket.
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(self._plan.limits.seconds + GRACE), 0))
        pid = os.fork()
        if pid == 0:
            worker.run(self._store.asking(self._plan.servers), theirs, self._plan.limits, locked=not self._plan.servers)
        theirs.close()
        self._forks += 1
        made = _Worker(pid, os.pidfd_open(pid), ours, Token(self._board.free(), self._forks))
        self._board.put(made.token.place, made.token.ticket)
        self._selector.register(made.exit, selectors.EVENT_READ, lambda _: self._reap(made))
        self._spare.append(made)
        self._send_out()

    def _send_out(self) -> None:
        """Let the tokens of as many workers go round as may answer at once."""
        while self._spare and len(self._out) < self._plan.workers:
            one = self._spare.popleft()
            self._out[one.token.ticket] = one
            self._tokens.give(one.token)

    def _reap(self, one: _Worker) -> None:
        """A worker has ended: killed by us, by its own limits, or by something else."""
        ticket = one.token.ticket
        lent = self._board.worker(one.token.place)[2]
        self._board.put(one.token.place, 0)  # from now on its token is worth nothing
        self._selector.unregister(one.exit)
        os.close(one.exit)
        one.connection.close()
        _, status = os.waitpid(one.pid, 0)
        spent = os.WIFEXITED(status) and os.WEXITSTATUS(status) == worker.SPENT
        # Without a cause of ours: an allocation that is refused ends in SIGABRT, a machine without memory in SIGKILL.
        memory = os.WIFEXITED(status) and os.WEXITSTATUS(status) == worker.OUT_OF_MEMORY
        memory |= os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGABRT, signal.SIGKILL)
        if one.cause is None:
            one.cause = worker.out_of_memory(self._plan.limits) if memory and lent else _gone()
            if lent and not spent:
                self._count(one.cause.limit or "lost")
        self._causes[ticket] = one.cause
        if len(self._causes) > _REMEMBERED:
            self._causes.popitem(last=False)
        for asked, caller in [pair for pair in self._asking if pair[0] == ticket]:
            self._asking.remove((asked, caller))
            self._send(caller, frames.told(frames.WHY, frames.of_error(self._causes[ticket])))
        if one in self._spare:
            self._spare.remove(one)
        self._out.pop(ticket, None)
        self._dying.pop(ticket, None)
        if not lent:
            self._recount()
        if not self._drained:
            self._fork()

    def _kill(self, one: _Worker, cause: Unanswered, counted: str) -> None:
        self._count(counted)
        self._end(one, cause)

    def _end(self, one: _Worker, cause: Unanswered) -> None:
        one.cause = cause
        self._out.pop(one.token.ticket, None)
        self._dying[one.token.ticket] = one
        signal.pidfd_send_signal(one.exit, signal.SIGKILL)
        # Who reads its answer need not wait until it is gone, which may take a while for one that yields to everybody.
        with suppress(OSError):
            one.connection.shutdown(socket.SHUT_RDWR)
        self._send_out()

    def _count(self, cause: str) -> None:
        self._kills[cause] = self._kills.get(cause, 0) + 1

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setblocking(False)
            caller = _Caller(connection)
            self._selector.register(connection, selectors.EVENT_READ, lambda _, caller=caller: self._hear(caller))
            self._hear(caller)  # what it wants has mostly come with it

    def _hear(self, caller: _Caller) -> None:
        try:
            data = caller.connection.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._left(caller)
            return
        caller.incoming += data
        reader = frames.Frames(caller.connection, bytes(caller.incoming))
        while (frame := reader.complete()) is not None:
            del caller.incoming[: frames.HEAD + len(frame[1])]
            self._asked(caller, frame[0], frames.read(frame[1]))

    def _asked(self, caller: _Caller, what: bytes, told: dict[str, object]) -> None:
        ticket = int(str(told.get("ticket", 0)))
        one = self._out.get(ticket)
        if what == frames.DOOR:
            self._open(caller)
        elif what == frames.SHOW:
            self._send(caller, frames.told(frames.SHOW, {"there": one is not None}), [one.connection.fileno()] if one else [])
        elif what == frames.WHY:
            dying = self._dying.get(ticket)
            if one:
                self._asking.append((ticket, caller))
            else:
                cause = dying.cause if dying else self._causes.get(ticket)
                self._send(caller, frames.told(frames.WHY, frames.of_error(cause or _gone())))
        elif what == frames.STATUS:
            self._send(caller, frames.told(frames.STATUS, self._status()))
        elif what == frames.REFUSED:
            self._count(f"refused {told['limit']}")
        elif what == frames.LEFT and one is not None:
            self._kill(one, Broken("the client left"), "client left")

    def _open(self, caller: _Caller) -> None:
        """From now on a web process is there: it gets the board, the tokens, and a door."""
        door = next((number for number in range(1, DOORS) if number not in self._doors), 0)
        if door:
            caller.door, self._doors[door] = door, caller
            told: dict[str, object] = {"door": door} | {name: getattr(self._plan, name) for name in ("queue", "patience", "budget")}
            self._send(caller, frames.told(frames.DOOR, told), [self._board.descriptor, *self._tokens.descriptors()])
        else:
            self._left(caller)

    def _left(self, caller: _Caller) -> None:
        """A web process closed the connection; if it was its door, it is gone itself, and what it had is ended."""
        self._asking = [pair for pair in self._asking if pair[1] is not caller]
        if caller.door:
            del self._doors[caller.door]
            self._board.wait(caller.door, 0)
            for one in list(self._out.values()):
                _, door, since = self._board.worker(one.token.place)
                if since and door == caller.door:
                    self._kill(one, Broken("the web process is gone"), "client left")
            self._recount()
        self._selector.unregister(caller.connection)
        caller.connection.close()

    def _recount(self) -> None:
        """Take out the tokens of workers that are gone, and find workers whose tokens are: for a while neither free nor lent.

        They went with a web process that ended between taking one and saying so.
        """
        free = self._taken()
        for token in free:
            if self._board.there(token):
                self._tokens.give(token)
        now = time.monotonic()
        missing = {one.token for one in self._out.values() if not self._board.worker(one.token.place)[2]} - set(free)
        self._lost = {token: self._lost.get(token, now) for token in missing}
        for token in [token for token, since in self._lost.items() if since <= now - _SURELY]:
            del self._lost[token]
            self._kill(self._out[token.ticket], _gone(), "lost")

    def _taken(self) -> list[Token]:
        """The tokens of all free workers, which nobody else can take meanwhile."""
        free: list[Token] = []
        with suppress(BlockingIOError):
            while (token := self._tokens.take(wait=False)) is not None:
                free.append(token)
        return free

    def _renew(self) -> None:
        """End the workers at rest that have copied much, so that others take their place, which share all pages with this process.

        The engine counts references in the quads, so a worker gets a copy of its own of all that it reads, in the end of the whole store.
        """
        self._looked = time.monotonic()
        grown = set()
        for one in self._out.values():
            before, one.faults = one.faults, _faults(one.pid)
            if one.faults == before and one.faults * _PAGE > self._plan.own:
                grown.add(one.token)
        for token in self._taken() if grown else ():
            if token in grown:
                self._end(self._out[token.ticket], _gone())
            else:
                self._tokens.give(token)

    def _send(self, caller: _Caller, data: bytes, descriptors: Sequence[int] = ()) -> None:
        with suppress(OSError):
            socket.send_fds(caller.connection, [data], list(descriptors))  # small, and read at once: it fits

    def _lent(self) -> list[tuple[float, _Worker]]:
        """The workers that somebody has, and since when."""
        return [(since, one) for one in self._out.values() if (since := self._board.worker(one.token.place)[2])]

    def _pause(self) -> float:
        """Until something may be due: nobody says when a query begins, but none that begins after this is due before a deadline's time."""
        now = time.monotonic()
        if self._drained or self._lost:
            return _SOON
        due = min([now, *(since for since, _ in self._lent())]) + self._plan.limits.seconds
        return max(0.0, min(due, self._looked + self._plan.rest) - now)

    def _keep_time(self) -> None:
        if self._lost and min(self._lost.values()) <= time.monotonic() - _SURELY:
            self._recount()
        late = time.monotonic() - self._plan.limits.seconds
        for since, one in self._lent():
            if since <= late:
                cause = TimedOut(f"the query took longer than {self._plan.limits.seconds:g} seconds", todo="ask for less")
                self._kill(one, cause, str(cause.limit))
        if time.monotonic() >= self._looked + self._plan.rest:
            self._renew()

    def _status(self) -> dict[str, object]:
        busy = len(self._lent())
        return {
            "version": self._version,
            "triples": self._triples,
            "idle": len(self._spare) + len(self._out) - busy,
            "busy": busy,
            "waiting": self._board.waiting(),
            "forks": self._forks,
            "ends": self._kills,
            "workers": [one.pid for one in (*self._spare, *self._out.values())],
        }

    def _done(self) -> bool:
        """Whether it was told to drain, and nobody has a worker any more, also nobody who took its token just before."""
        if not self._drained:
            return False
        if self._lent() or self._dying:
            self._drained = time.monotonic()
        return time.monotonic() > self._drained + 2 * _SOON

    def _say(self, what: dict[str, object]) -> None:
        self._lifeline.sendall(json.dumps(what).encode() + b"\n")

    def _told(self, lifeline: socket.socket) -> None:
        """A word of the keeper: to drain; silence for ever means to end."""
        if frames.silent(lifeline):
            self._ending = True
        elif not self._drained:
            self._drained = time.monotonic()
            self._tokens.shut()  # who waits for one asks the next zygote


def _gone() -> Broken:
    return Broken("what answered the query is gone", todo="ask again, or ask for less")


def _faults(pid: int) -> int:
    """How often a process has touched a page that it had not, or not for itself."""
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[7])


def main() -> None:
    """``python -m communique.server.workers.zygote PLAN``, with the lifeline as standard input."""
    plan = Plan.read(sys.argv[1])
    lifeline = socket.socket(fileno=os.dup(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which cuts the lifeline
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    store, version = snapshot.read(plan.store)
    Zygote(plan, store, version, lifeline).run()


if __name__ == "__main__":
    main()
