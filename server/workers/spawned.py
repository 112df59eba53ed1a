"""Workers where no process can be forked: each is started by itself and has its own copy of the data, and can be killed as the others can.

For a single process that serves, on this machine.  A query that takes too long loses its worker, and another one is started, which takes
as long as reading the store; one more worker than may answer at once is kept ready for that.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import Final

from communique.errors import Broken, Busy, CommuniqueError, TimedOut, Unanswered
from communique.server.engine import Record
from communique.server.workers import frames
from communique.server.workers.alone import Pipes, Task
from communique.server.workers.budget import TABLE, Budget
from communique.server.workers.lease import Lease, enough, late
from communique.store import directory_of
from communique.store.directory import state

_LOOK: Final = 1.0  # seconds between two looks at the store
_LOAD: Final = 600.0


class Worker:
    """A process that answers; it is started at once, and ready when it has said so."""

    def __init__(self, task: Task) -> None:
        program = [sys.executable, "-P", "-m", "communique.server.workers.alone", task.written()]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.connection = Pipes(self._process.stdout.fileno(), self._process.stdin.fileno())
        self.pid = self._process.pid
        self.state = self.version = ""
        self.triples = 0
        self.cause: Unanswered | None = None

    def wait(self) -> None:
        """Wait until it is ready.  Raises what it failed with."""
        frame = frames.Frames(self.connection).next()
        if frame is None:
            raise Broken("a worker could not be started", todo="look at the log of the server")
        told = frames.read(frame[1])
        if frame[0] == frames.FAILED:
            raise frames.to_error(told)
        self.state, self.version, self.triples = str(told["state"]), str(told["version"]), int(str(told["triples"]))

    def lives(self) -> bool:
        """Whether it has not ended by itself or been ended by others."""
        return self._process.poll() is None

    def kill(self, cause: Unanswered | None = None) -> None:
        """End it."""
        self.cause = self.cause or cause
        self._process.kill()

    def gone(self) -> None:
        """Wait until it has ended."""
        self._process.wait()

    def close(self) -> None:
        """End it, and leave nothing of it; for who reads from it, or when nobody does."""
        self._process.kill()
        self.gone()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


class Spawned:
    """Lends workers of this process: ``workers`` at once, ``queue`` more may wait, each for ``patience`` seconds.

    Raises what the first worker fails with.
    """

    isolation = "spawned"
    shared = False

    def __init__(self, task: Task, *, workers: int = 2, queue: int = 32, patience: float = 10.0, budget: float = 0.0) -> None:
        self._task = task
        self._place = directory_of(task.store)
        self._most = workers
        self._queue = queue
        self._patience = patience
        self._budget = Budget(budget, bytearray(TABLE))
        self._changed = threading.Condition()
        self._free: deque[Worker] = deque()
        self._busy: set[Worker] = set()
        self._starting: dict[Worker, threading.Thread] = {}
        self._waiting = 0
        self._ends: Counter[str] = Counter()
        self._forks = 1
        self._over = threading.Event()
        first = Worker(task)
        try:
            first.wait()
        except BaseException:
            first.close()
            raise
        self._present = first
        self._free.append(first)
        for _ in range(workers):
            self._start()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def lease(self, record: Record) -> Lease:
        """A worker."""
        came = time.monotonic()
        try:
            worker = self._taken(record.client, came)
        except Unanswered as error:
            record.failed(error)
            with self._changed:
                self._ends[f"refused {error.limit}"] += 1
            raise
        since = time.monotonic()
        record.queued += since - came
        seconds = self._task.limits.seconds
        too_long = TimedOut(f"the query took longer than {seconds:g} seconds", todo="ask for less")
        clock = threading.Timer(seconds, worker.kill, (too_long,))
        clock.daemon = True
        clock.start()
        return Lease(worker.connection, _Terms(self, worker, clock, record.client), record, since, worker.version)

    def ended(self, worker: Worker, client: str, seconds: float, *, whole: bool) -> None:
        """A query has ended."""
        self._budget.spend(client, seconds, time.monotonic())
        with self._changed:
            self._busy.discard(worker)
            stays = whole and worker.cause is None and worker.state == self._present.state and not self._over.is_set()
            if stays:
                self._free.append(worker)
            if not whole:
                self._ends[worker.cause.limit or "lost" if worker.cause else "client left"] += 1
            self._changed.notify()
        if not stays:
            worker.close()
            self._start()

    def version(self) -> str:
        """The version of the data that is answered from."""
        return self._present.version

    def state(self) -> str:
        """The state of the store that is answered from."""
        return self._present.state

    def status(self) -> dict[str, object]:
        """How it is."""
        with self._changed:
            everyone = [worker.pid for worker in (*self._free, *self._busy) if worker.lives()]
            told: dict[str, object] = {"version": self._present.version, "triples": self._present.triples, "forks": self._forks}
            told |= {"idle": len(self._free), "busy": len(self._busy), "waiting": self._waiting}
            return told | {"ends": dict(self._ends), "workers": everyone}

    def refresh(self) -> None:
        """Lend workers over the newest snapshot, from the return of this call on; those that answer from an older one end with it."""
        now = state(self._place)
        if now != self._present.state:
            self._start(renews=True)
        with self._changed:
            done = self._changed.wait_for(lambda: self._over.is_set() or _number(self._present.state) >= _number(now), _LOAD)
        if not done:
            raise Busy("the store was changed, and is still being read", todo="ask again in a moment")

    def close(self) -> None:
        """End all workers.  Whoever reads from one closes it, at its end: its descriptors may be others' as soon as they are closed."""
        with self._changed:
            self._over.set()
            idle, busy, starting = tuple(self._free), tuple(self._busy), dict(self._starting)
            self._free.clear()
            self._changed.notify_all()
        for worker in (*idle, *busy, *starting):
            worker.kill(Broken("the server stops"))
        self._watching.join()
        for thread in starting.values():
            thread.join()
        for worker in idle:
            worker.close()
        for worker in busy:
            worker.gone()

    def _taken(self, client: str, came: float) -> Worker:
        if refused := self._budget.refusal(client, came):
            raise refused
        with self._changed:
            if not self._ready() and self._waiting >= self._queue:
                raise enough()
            self._waiting += 1
            try:
                if not self._changed.wait_for(self._ready, self._patience):
                    raise late(self._patience)
            finally:
                self._waiting -= 1
            worker = next(filter(Worker.lives, self._free))
            self._free.remove(worker)
            self._busy.add(worker)
            return worker

    def _ready(self) -> bool:
        return len(self._busy) < self._most and any(map(Worker.lives, self._free))

    def _start(self, *, renews: bool = False) -> None:
        """Start a worker if there are not enough, or one that reads the store anew; elsewhere it is waited for."""
        with self._changed:
            enough = len(self._free) + len(self._busy) + len(self._starting) > self._most
            if self._over.is_set() or (enough and not renews):
                return
            worker = Worker(replace(self._task, state=self._present.state, version=self._present.version))
            self._starting[worker] = threading.Thread(target=self._started, args=(worker,), daemon=True)
            self._starting[worker].start()
            self._forks += 1

    def _started(self, worker: Worker) -> None:
        """Take a worker in once it is ready; the first one over a new snapshot takes the place of all others."""
        try:
            worker.wait()
            ready = True
        except CommuniqueError:
            ready = False
        old: list[Worker] = []
        with self._changed:
            del self._starting[worker]
            ready &= not self._over.is_set()
            if ready and worker.state != self._present.state and worker.state == state(self._place):
                old = list(self._free)
                self._free.clear()
                self._present = worker
            if ready and worker.state == self._present.state:
                self._free.append(worker)
            else:
                old.append(worker)
            self._changed.notify_all()
        for each in old:
            each.close()
        for _ in old if ready else ():
            self._start()

    def _watch(self) -> None:
        """Look for a new snapshot, and for workers that ended by themselves or could not start."""
        while not self._over.wait(_LOOK):
            with self._changed:
                gone = [worker for worker in self._free if not worker.lives()]
                for worker in gone:
                    self._free.remove(worker)
                stale = not self._starting and state(self._place) not in (self._present.state, "changing")
            for worker in gone:
                worker.close()
            self._start(renews=stale)


def _number(state: str) -> int:
    """The number of a snapshot."""
    return int(state.partition(" ")[0]) if state[:1].isdigit() else 0


@dataclass(frozen=True, slots=True)
class _Terms:
    """What happens to a borrowed worker."""

    lender: Spawned
    worker: Worker
    clock: threading.Timer
    client: str

    def ended(self, seconds: float, *, whole: bool, spent: bool) -> None:
        """The query has ended."""
        self.clock.cancel()
        self.lender.ended(self.worker, self.client, seconds, whole=whole and not spent)

    def why(self) -> CommuniqueError:
        """Why the worker is gone."""
        self.worker.cause = self.worker.cause or Broken("what answered the query is gone", todo="ask again, or ask for less")
        return self.worker.cause

    def soon(self, _seconds: float, /) -> bool:
        """A pipe cannot be looked into everywhere."""
        return False
