"""A worker: a forked process that answers one query at a time and can open nothing, neither a file nor a connection.

The order of its set-up matters.  Whatever is imported is imported before the fork; the limits come last; queries run in a thread that is
made after the fork, since the engine's random numbers are kept for each thread and are copied with it: two workers would give the same
``UUID()``.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from communique.errors import TooMuchMemory
from communique.server import parent
from communique.server.meter import Limits
from communique.server.workers import frames
from communique.server.workers.answer import Out, answered
from communique.store import EmbeddedStore

OUT_OF_MEMORY: Final = 3
"""The exit code of a worker that had no memory left."""
LOST: Final = 4
"""The exit code of a worker whose engine failed in a way that nobody foresaw."""
SPENT: Final = 5
"""The exit code of a worker that answered, and has grown too much, so that another one answers the next query."""
_LONG: Final = 0.25
"""Seconds of processor time from which on a query yields to all that are shorter: more than what pages ask takes."""
_GENTLE: Final = 19  # as nice counts
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def run(store: EmbeddedStore, connection: socket.socket, limits: Limits, *, locked: bool = True) -> None:
    """Answer queries until killed; called in the child of a fork, never returns.  If not ``locked`` it can open files and connections."""
    try:
        _alone(connection)
        _Worker(store, connection, limits).run(locked=locked)
    finally:
        os._exit(LOST)


def _alone(connection: socket.socket) -> None:
    """Let go of all that belongs to the zygote, and die with it."""
    parent.ends_with(signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    kept = connection.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123 (no time for a Path)
            file.write("1000")  # if the machine runs out of memory, a worker goes first
    except OSError:
        pass
    os.setpgid(0, 0)  # Ctrl-C at the terminal is for the server


class _Worker:
    """A thread that answers, and one that only waits for that one to compute for long.

    One that does has to yield: otherwise whoever wakes up on its processor may wait until its turn ends, up to a tick of the clock (4 ms).
    There is no way back from this without privileges, so another thread answers the next query.
    """

    def __init__(self, store: EmbeddedStore, connection: socket.socket, limits: Limits) -> None:
        self._store = store
        self._connection = connection
        self._incoming = frames.Frames(connection)
        self._limits = limits
        self._statm = self._start = 0
        self._computing = self._yields = self._over = False

    def run(self, *, locked: bool) -> None:
        """Answer queries."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})  # it is waited for, here
        answer: Callable[[], None] = partial(self._first, locked)
        while True:
            self._yields = self._over = False
            thread = threading.Thread(target=self._answering, args=(answer,))
            thread.start()
            while not self._over:
                signal.sigwait({signal.SIGPROF})
                if self._computing:
                    self._tick(int(thread.native_id or 0))
            thread.join()
            answer = self._answer

    def _answering(self, answer: Callable[[], None]) -> None:
        """What a thread does that answers."""
        try:
            answer()
            self._over = True
            os.kill(os.getpid(), signal.SIGPROF)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except BaseException:
            os._exit(LOST)

    def _first(self, locked: bool) -> None:
        """Set the limits, in the thread whose own memory is part of what there is from the start; then answer."""
        self._statm = os.open("/proc/self/statm", os.O_RDONLY)
        self._start = _size(self._statm)
        bounds = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, self._start + self._limits.memory)]
        if locked:
            bounds.append((resource.RLIMIT_NOFILE, 0))  # the lock: from here on nothing can be opened
        for what, most in bounds:
            resource.setrlimit(what, (most, most))
        self._answer()

    def _answer(self) -> None:
        """Answer until a query has taken long."""
        while not self._yields:
            if (frame := self._incoming.next()) is None:
                os._exit(0)
            out = Out(self._connection)
            self._computing = True
            signal.setitimer(signal.ITIMER_PROF, _LONG)
            end = answered(self._store, frames.read(frame[1]), out, self._limits)
            self._computing = False
            # What the engine keeps of one query is not the next one's fault.
            end["spent"] = _size(self._statm) - self._start > self._limits.memory // 4
            out.end(end)
            if end["spent"]:
                os._exit(SPENT)

    def _tick(self, thread: int) -> None:
        """The present query has computed for long."""
        if not self._yields:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, thread, _GENTLE)
                self._yields = True


def _size(statm: int) -> int:
    return int(os.pread(statm, 32, 0).split()[0]) * _PAGE


def out_of_memory(limits: Limits) -> TooMuchMemory:
    """What a query is told that needed more memory than it may take."""
    return TooMuchMemory(f"the query needed more than {limits.memory // 1_000_000:,} MB", todo="ask for less, or sort and group fewer rows")
