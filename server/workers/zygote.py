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
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from communique.errors import Broken, Busy, OverBudget, TimedOut, Unanswered
from communique.server.meter import Fingerprint, Limits
from communique.server.workers import frames, worker
from communique.server.workers.budget import Budget
from communique.store import EmbeddedStore

SPARE: Final = 1
"""Workers beyond those that answer at once: a fork of a large store takes a while, and nobody shall wait for it."""
_BACKLOG: Final = 512


@dataclass(frozen=True, slots=True)
class Plan:
    """What a zygote is to do: the ``store`` to read, the ``socket`` to listen on, and what queries may take.

    ``workers`` answer at once, ``queue`` more queries may wait, each for ``patience`` seconds; ``budget`` is the worker seconds a minute of
    one client; ``servers`` are those that queries may ask, for which workers must be able to open connections.
    """

    store: str
    socket: str
    workers: int = 2
    queue: int = 64
    patience: float = 10.0
    budget: float = 0.0
    limits: Limits = field(default_factory=Limits)
    servers: tuple[str, ...] = ()

    def written(self) -> str:
        """The plan as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Plan:
        """The plan that ``written`` wrote."""
        told = json.loads(text)
        return cls(**{**told, "limits": Limits(**told["limits"]), "servers": tuple(told["servers"])})


@dataclass(slots=True, eq=False)
class _Worker:
    pid: int
    exit: int  # a descriptor of the process: readable once it has ended
    connection: socket.socket
    lease: _Lease | None = None


@dataclass(slots=True, eq=False)
class _Lease:
    """A connection of a web process: it waits for a worker, has one, or has come too late."""

    connection: socket.socket
    since: float
    client: str = ""
    worker: _Worker | None = None
    cause: Unanswered | None = None
    incoming: bytearray = field(default_factory=bytearray)


class Zygote:
    """The loop: leases come in, workers go out, ends of workers and of time are seen to."""

    def __init__(self, plan: Plan, store: EmbeddedStore, version: str, lifeline: socket.socket) -> None:
        self._plan = plan
        self._store = store
        self._version = version
        self._triples = store.count()
        self._budget = Budget(plan.budget)
        self._selector = selectors.DefaultSelector()
        self._lifeline = lifeline
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(plan.socket)
        self._listener.listen(_BACKLOG)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(lifeline, selectors.EVENT_READ, self._told)
        self._idle: deque[_Worker] = deque()
        self._busy: set[_Worker] = set()
        self._dying: set[_Worker] = set()
        self._waiting: deque[_Lease] = deque()
        self._draining = self._ending = False
        self._forks = 0
        self._kills: dict[str, int] = {}

    def run(self) -> None:
        """Serve until the lifeline is cut, or, once told to drain, until the last lease has ended."""
        # Objects that exist are not looked at by the collector any more, which would write to pages that are shared.
        gc.collect()
        gc.freeze()
        for _ in range(self._plan.workers + SPARE):
            self._fork()
        self._say({"ready": self._version, "triples": self._triples})
        while not self._ending and not (self._draining and not (self._busy or self._dying or self._waiting)):
            for key, _ in self._selector.select(self._pause()):
                key.data(key.fileobj)
            self._keep_time()
            self._lend()
        for one in (*self._idle, *self._busy, *self._dying):
            signal.pidfd_send_signal(one.exit, signal.SIGKILL)
        for one in (*self._idle, *self._busy, *self._dying):
            os.waitpid(one.pid, 0)
        Path(self._plan.socket).unlink(missing_ok=True)

    def _fork(self) -> None:
        assert len(os.listdir("/proc/self/task")) == 1, "a zygote has one thread"  # noqa: PTH208
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            worker.run(self._store.asking(self._plan.servers), theirs, self._plan.limits, locked=not self._plan.servers)
        theirs.close()
        made = _Worker(pid, os.pidfd_open(pid), ours)
        self._selector.register(made.exit, selectors.EVENT_READ, lambda _: self._reap(made))
        self._idle.append(made)
        self._forks += 1

    def _reap(self, one: _Worker) -> None:
        """A worker has ended: killed by us, by its own limits, or by something else."""
        self._selector.unregister(one.exit)
        os.close(one.exit)
        one.connection.close()
        _, status = os.waitpid(one.pid, 0)
        if one.lease is not None:
            # Without a cause of ours: an allocation that is refused ends in SIGABRT, a machine without memory in SIGKILL.
            memory = os.WIFEXITED(status) and os.WEXITSTATUS(status) == worker.OUT_OF_MEMORY
            memory |= os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGABRT, signal.SIGKILL)
            lost = Broken("what answered the query is gone", todo="ask again, or ask for less")
            one.lease.cause = one.lease.cause or (worker.out_of_memory(self._plan.limits) if memory else lost)
            self._count(one.lease.cause.limit or "lost")
            self._ended(one.lease, frames.told(frames.KILLED, frames.of_error(one.lease.cause)))
        if one in self._idle:
            self._idle.remove(one)
        self._busy.discard(one)
        self._dying.discard(one)
        if not self._draining:
            self._fork()

    def _kill(self, one: _Worker) -> None:
        self._busy.discard(one)
        self._dying.add(one)
        signal.pidfd_send_signal(one.exit, signal.SIGKILL)

    def _count(self, cause: str) -> None:
        self._kills[cause] = self._kills.get(cause, 0) + 1

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setblocking(False)
            lease = _Lease(connection, time.monotonic())
            self._selector.register(connection, selectors.EVENT_READ, lambda _, lease=lease: self._hear(lease))
            self._hear(lease)  # what it wants has mostly come with it

    def _hear(self, lease: _Lease) -> None:
        if lease.connection.fileno() < 0:  # it ended with its worker, of which was heard in the same moment
            return
        try:
            data = lease.connection.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._left(lease)
            return
        lease.incoming += data
        reader = frames.Frames(lease.connection, bytes(lease.incoming))
        while (frame := reader.complete()) is not None:
            del lease.incoming[: frames.HEAD + len(frame[1])]
            if frame[0] == frames.LEASE:
                self._wanted(lease, str(frames.read(frame[1])["client"]))
            elif frame[0] == frames.STATUS:
                self._send(lease, frames.told(frames.STATUS, self._status()))
            elif frame[0] == frames.RELEASE and lease.worker is not None:
                self._back(lease, spent=bool(frame[1]))
                return

    def _wanted(self, lease: _Lease, client: str) -> None:
        lease.client = client
        refused: Unanswered | None = None
        wait = self._budget.wait(client, lease.since)
        if wait > 0:
            what = f"your queries have taken more than {self._plan.budget:g} seconds a minute"
            after = int(wait) + 1
            refused = OverBudget(what, todo="wait a second" if after == 1 else f"wait {after} seconds", after=after)
        elif len(self._waiting) >= self._plan.queue and not self._ready():
            refused = Busy("all workers are busy, and enough queries wait", todo="ask again in a moment")
        if refused is None:
            self._waiting.append(lease)
            return
        self._count(f"refused {refused.limit}")
        self._ended(lease, frames.told(frames.REFUSED, frames.of_error(refused)))

    def _ready(self) -> bool:
        return bool(self._idle) and len(self._busy) < self._plan.workers

    def _lend(self) -> None:
        """Give idle workers to those who wait, the oldest first."""
        while self._waiting and self._ready():
            lease = self._waiting.popleft()
            one = self._idle.popleft()
            now = time.monotonic()
            granted = frames.told(frames.GRANTED, {"waited": now - lease.since})
            try:
                socket.send_fds(lease.connection, [granted], [one.connection.fileno()])
            except OSError:  # it has left
                self._idle.appendleft(one)
                self._close(lease)
                continue
            lease.since, lease.worker, one.lease = now, one, lease
            self._busy.add(one)

    def _back(self, lease: _Lease, *, spent: bool) -> None:
        """A query has come to its end and was read to its end."""
        one = lease.worker
        assert one is not None
        self._spend(lease)
        one.lease = lease.worker = None
        self._close(lease)
        if spent:
            self._kill(one)
        elif one in self._busy:
            self._busy.discard(one)
            self._idle.append(one)

    def _left(self, lease: _Lease) -> None:
        """A web process closed the connection: the client has gone, or it itself has."""
        if lease in self._waiting:
            self._waiting.remove(lease)
        if lease.worker is not None:
            self._count("client left")
            self._spend(lease)
            one, lease.worker = lease.worker, None
            one.lease = None
            self._kill(one)
        self._close(lease)

    def _spend(self, lease: _Lease) -> None:
        now = time.monotonic()
        self._budget.spend(lease.client, now - lease.since, now)

    def _ended(self, lease: _Lease, last: bytes) -> None:
        """Tell a lease why it ends."""
        if lease.worker is not None:
            self._spend(lease)
            lease.worker.lease = None
            lease.worker = None
        self._send(lease, last)
        self._close(lease)

    def _send(self, lease: _Lease, data: bytes) -> None:
        with suppress(OSError):
            lease.connection.send(data)  # small, and the first on this connection: it fits

    def _close(self, lease: _Lease) -> None:
        self._selector.unregister(lease.connection)
        lease.connection.close()

    def _pause(self) -> float | None:
        """Until something is due."""
        times = [one.lease.since + self._plan.limits.seconds for one in self._busy if one.lease]
        if self._waiting:
            times.append(self._waiting[0].since + self._plan.patience)
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _keep_time(self) -> None:
        now = time.monotonic()
        for one in [one for one in self._busy if one.lease and now >= one.lease.since + self._plan.limits.seconds]:
            assert one.lease is not None
            one.lease.cause = TimedOut(f"the query took longer than {self._plan.limits.seconds:g} seconds", todo="ask for less")
            self._kill(one)
        while self._waiting and now >= self._waiting[0].since + self._plan.patience:
            self._count("refused queue")
            late = Busy(f"no worker was free for {self._plan.patience:g} seconds", todo="ask again in a moment")
            self._ended(self._waiting.popleft(), frames.told(frames.REFUSED, frames.of_error(late)))

    def _status(self) -> dict[str, object]:
        return {
            "version": self._version,
            "triples": self._triples,
            "idle": len(self._idle),
            "busy": len(self._busy),
            "waiting": len(self._waiting),
            "forks": self._forks,
            "ends": self._kills,
            "workers": [one.pid for one in (*self._idle, *self._busy)],
        }

    def _say(self, what: dict[str, object]) -> None:
        self._lifeline.sendall(json.dumps(what).encode() + b"\n")

    def _told(self, lifeline: socket.socket) -> None:
        """A word of the keeper: to drain; silence for ever means to end."""
        if frames.silent(lifeline):
            self._ending = True
            return
        if not self._draining:
            self._draining = True
            self._accept(self._listener)  # those that came before the switch
            self._selector.unregister(self._listener)
            self._listener.close()


def load(place: str) -> tuple[EmbeddedStore, str]:
    """The newest snapshot of the store at ``place`` in memory, and the hash of its quads.

    Another process reads it: the engine starts threads for files, and a fork would not copy them.
    """
    quads = ox.Store()
    program = [sys.executable, "-P", "-m", "communique.server.workers.snapshot", place]
    with subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        passed = Fingerprint(reader.stdout)
        quads.bulk_load(passed, ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]  # it is read from, no more
    if reader.returncode:
        raise SystemExit(reader.returncode)
    return EmbeddedStore(quads, writable=False), passed.digest()


def main() -> None:
    """``python -m communique.server.workers.zygote PLAN``, with the lifeline as standard input."""
    plan = Plan.read(sys.argv[1])
    lifeline = socket.socket(fileno=os.dup(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which cuts the lifeline
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    store, version = load(plan.store)
    Zygote(plan, store, version, lifeline).run()


if __name__ == "__main__":
    main()
