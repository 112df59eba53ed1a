"""A worker: a forked process that answers one query at a time and can open nothing, neither a file nor a connection.

The order of its set-up matters.  Whatever is imported is imported before the fork; the limits come last; queries run in a thread that is
made after the fork, since the engine's random numbers are kept for each thread and are copied with it: two workers would give the same
``UUID()``.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import threading
from contextlib import suppress
from typing import Final

from communique.errors import TooMuchMemory
from communique.server.meter import Limits
from communique.server.workers import frames
from communique.server.workers.answer import Out, answered
from communique.store import EmbeddedStore

OUT_OF_MEMORY: Final = 3
"""The exit code of a worker that had no memory left."""
LOST: Final = 4
"""The exit code of a worker whose engine failed in a way that nobody foresaw."""
SPENT: Final = 5
"""The exit code of a worker that answered, and has grown too much, or was made to yield, so that another one answers the next query."""
_LONG: Final = 1.0
"""Seconds of processor time from which on a query yields to all that are shorter: more than an answer of 100,000 rows takes."""
_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def run(store: EmbeddedStore, connection: socket.socket, limits: Limits, *, locked: bool = True) -> None:
    """Answer queries until killed; called in the child of a fork, never returns.  If not ``locked`` it can open files and connections."""
    try:
        _alone(connection)
        yielding = threading.Event()
        thread = threading.Thread(target=_serve, args=(store, connection, limits, locked, yielding))
        signal.signal(signal.SIGPROF, lambda *_: _yield(thread, yielding))
        thread.start()
        thread.join()
    finally:
        os._exit(LOST)


def _alone(connection: socket.socket) -> None:
    """Let go of all that belongs to the zygote, and die with it."""
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
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


def _yield(thread: threading.Thread, yielding: threading.Event) -> None:
    """Let a thread that computes for long run only where nobody else of this server wants to.

    Otherwise whoever wakes up on its processor may wait until its turn ends, up to a tick of the clock (4 ms).  There is no way back from
    this without privileges, so the worker ends with its query.
    """
    with suppress(OSError):
        os.sched_setscheduler(int(thread.native_id or 0), os.SCHED_IDLE, os.sched_param(0))
        yielding.set()


def _serve(store: EmbeddedStore, connection: socket.socket, limits: Limits, locked: bool, yielding: threading.Event) -> None:
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})  # it is for the other thread, which has time
        size = os.open("/proc/self/statm", os.O_RDONLY)
        start = _size(size)
        bounds = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, start + limits.memory)]
        if locked:
            bounds.append((resource.RLIMIT_NOFILE, 0))  # the lock: from here on nothing can be opened
        for what, most in bounds:
            resource.setrlimit(what, (most, most))
        incoming = frames.Frames(connection)
        while (frame := incoming.next()) is not None:
            out = Out(connection)
            signal.setitimer(signal.ITIMER_PROF, _LONG)
            end = answered(store, frames.read(frame[1]), out, limits)
            # What the engine keeps of one query is not the next one's fault.
            end["spent"] = yielding.is_set() or _size(size) - start > limits.memory // 4
            out.end(end)
            if end["spent"]:
                os._exit(SPENT)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException:
        os._exit(LOST)
    os._exit(0)


def _size(statm: int) -> int:
    return int(os.pread(statm, 32, 0).split()[0]) * _PAGE


def out_of_memory(limits: Limits) -> TooMuchMemory:
    """What a query is told that needed more memory than it may take."""
    return TooMuchMemory(f"the query needed more than {limits.memory // 1_000_000:,} MB", todo="ask for less, or sort and group fewer rows")
