"""The keeper: a small process that sees to it that there is a zygote, and that it has the newest snapshot of the store.

In its private folder the link ``current`` names the zygote that answers, whose socket is there; its name holds the version and the state
of the store.  A new snapshot is read by a second zygote; once that answers a query, the link names it, and the first one ends with its
last lease.  A number in shared memory, the file ``turn``, grows with each change of the link, so that nobody has to look at the link for
each query.
"""

from __future__ import annotations

import json
import mmap
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from communique.errors import Busy, ServerError
from communique.server.workers import frames
from communique.server.workers.plan import Plan
from communique.store import directory, directory_of

CURRENT: Final = "current"
LONGEST: Final = 85
"""Bytes that the path of the folder may have: that of a socket may have 107, and its name has 22 at most."""
_TURN: Final = "turn"
_NUMBER: Final = struct.Struct("<Q")
_CONTROL: Final = "control"
_LOOK: Final = 1.0  # seconds between two looks at the store
_AGAIN: Final = 2.0  # seconds until a zygote that died is started again, the first time
_PATIENCE: Final = 600.0
# The data in pages of 2 MB, where the C library is one that can: a fork takes a third of the time, and looking things up less of it.  One
# arena for all threads: one more would take 64 MB of what a query may have.
_MEMORY: Final = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1"}
_PAUSE: Final = 0.2  # seconds until a keeper that died is started again


def current(folder: Path) -> str:
    """The name of the zygote that answers.  Raises ``OSError`` while there is none."""
    return os.readlink(folder / CURRENT)  # noqa: PTH115 - nothing but the name is wanted


class Turn:
    """The number of the changes of the link so far, in memory that all processes share."""

    def __init__(self, folder: Path) -> None:
        descriptor = os.open(folder / _TURN, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, _NUMBER.size)
            self._memory = mmap.mmap(descriptor, _NUMBER.size)
        finally:
            os.close(descriptor)

    def read(self) -> int:
        """The number."""
        return int(_NUMBER.unpack_from(self._memory)[0])

    def next(self) -> None:
        """The link has changed.  Only the keeper says so."""
        _NUMBER.pack_into(self._memory, 0, self.read() + 1)


def socket_of(folder: Path, name: str) -> str:
    """The socket of the zygote with this name.  Its path is short, since the system takes no more than some hundred letters."""
    return str(folder / f"{name.partition('.')[0]}.sock")


def version_of(name: str) -> str:
    """The version of the snapshot that the zygote with this name has."""
    return name.split(".")[1]


def state_of(name: str) -> str:
    """The state of the store that the zygote with this name has read, as ``directory.state`` names it; empty if it changed meanwhile."""
    return name.split(".")[2].replace("-", " ")


def refresh(folder: Path) -> None:
    """Make the keeper look at the store now, and wait until what it holds is answered from.  Raises ``Busy`` if that takes too long."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_PATIENCE)
        try:
            connection.connect(str(folder / _CONTROL))  # says enough
            done = connection.recv(16)
        except OSError:
            done = b""
    if done != b"done\n":
        raise Busy("the store was changed, and is still being read", todo="ask again in a moment")


@dataclass(slots=True, eq=False)
class _Zygote:
    process: subprocess.Popen[bytes]
    lifeline: socket.socket
    name: str
    state: str  # of the store when it was started
    started: float
    version: str = ""


class Keeper:
    """One zygote answers (``now``), another may be getting ready (``next``), older ones end with their last lease (``old``)."""

    def __init__(self, plan: Plan, folder: Path, lifeline: socket.socket) -> None:
        self._plan = plan
        self._folder = folder
        self._lifeline = lifeline
        self._place = directory_of(plan.store)
        for left in (*folder.glob("*.sock"), folder / _CONTROL):  # of a keeper that died, and its zygotes with it
            left.unlink(missing_ok=True)
        self._turn = Turn(folder)
        self._control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._control.bind(str(folder / _CONTROL))
        self._control.listen(64)
        self._asking: list[socket.socket] = []
        self._now: _Zygote | None = None
        self._next: _Zygote | None = None
        self._old: list[_Zygote] = []
        self._number = 0
        self._failures = 0
        self._due = 0.0  # the next look that may start a zygote of its own accord

    def run(self) -> None:
        """Keep until the lifeline is cut."""
        self._start()
        told = False
        while True:
            readable: list[socket.socket] = [self._lifeline, self._control]
            if self._next is not None:
                readable.append(self._next.lifeline)
            ready, _, _ = select.select(readable, [], [], _LOOK)
            if self._lifeline in ready and frames.silent(self._lifeline):
                break
            if self._control in ready:
                self._asked()
            if self._next is not None and self._next.lifeline in ready:
                self._risen(self._next)
                if not told and (self._now is not None or self._failures):
                    told = True
                    self._lifeline.sendall(b"ready\n" if self._now else b"failed\n")
            self._look()
        if self._next is not None:
            self._next.process.kill()  # while it reads, which may take minutes, it hears nothing; who hands it the quads ends with it
        for one in filter(None, (self._now, self._next, *self._old)):
            one.lifeline.close()
        for one in filter(None, (self._now, self._next, *self._old)):
            one.process.wait()

    def _state(self) -> str:
        return directory.state(self._place)

    def _start(self) -> None:
        self._number += 1
        ours, theirs = socket.socketpair()
        name = f"{os.getpid()}-{self._number}.sock"  # that of no other keeper, whose zygotes remove theirs when they end
        plan = replace(self._plan, socket=str(self._folder / name))
        program = [sys.executable, "-P", "-m", "communique.server.workers.zygote", plan.written()]
        state = self._state()
        with theirs:
            process = subprocess.Popen(program, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env={**os.environ, **_MEMORY})
        self._next = _Zygote(process, ours, name, state, time.monotonic())

    def _risen(self, one: _Zygote) -> None:
        """A zygote has read its snapshot, or has died of it."""
        said = one.lifeline.recv(4096)
        self._next = None
        if not said:
            one.process.wait()
            one.lifeline.close()
            self._failures += 1
            self._due = time.monotonic() + min(60.0, _AGAIN * 2**self._failures)
            self._answer(b"failed\n")
            return
        one.version = str(json.loads(said)["ready"])
        self._failures = 0
        unchanged = one.state == self._state()
        before, self._now = self._now, one
        self._switch(one, one.state if unchanged and one.state != directory.CHANGING else "")
        took = time.monotonic() - one.started
        self._due = time.monotonic() + 4 * took  # a store that changes all the time is not read all the time
        if before is not None:
            with suppress(OSError):
                before.lifeline.sendall(b"drain\n")
            self._old.append(before)
        if unchanged:
            self._answer(b"done\n")

    def _switch(self, one: _Zygote, state: str) -> None:
        """Let the link name a zygote: from one moment to the next, and never none."""
        draft = self._folder / "next"
        draft.unlink(missing_ok=True)
        draft.symlink_to(f"{one.name.removesuffix('.sock')}.{one.version}.{state.replace(' ', '-')}")
        draft.replace(self._folder / CURRENT)
        self._turn.next()

    def _look(self) -> None:
        for old in [old for old in self._old if old.process.poll() is not None]:
            old.lifeline.close()
            (self._folder / old.name).unlink(missing_ok=True)
            self._old.remove(old)
        if self._now is not None and self._now.process.poll() is not None:
            self._now.lifeline.close()
            self._now = None
            self._due = 0.0
        if self._next is not None:
            return
        stale = self._now is None or self._now.state != self._state()
        if stale and (self._asking or time.monotonic() >= self._due):
            self._start()
        elif not stale:
            self._answer(b"done\n")

    def _asked(self) -> None:
        connection, _ = self._control.accept()
        self._asking.append(connection)

    def _answer(self, what: bytes) -> None:
        for connection in self._asking:
            with connection, suppress(OSError):
                connection.sendall(what)
        self._asking.clear()


@contextmanager
def keeping(plan: Plan, folder: Path) -> Iterator[None]:
    """A keeper in ``folder`` whose first zygote answers; if it dies it is started again, and it ends with the block.

    Raises ``ServerError`` if the store cannot be read.
    """
    process, lifeline = _launched(plan, folder)
    if lifeline.recv(64) != b"ready\n":
        lifeline.close()
        process.wait()
        raise ServerError("the store could not be read into memory", where=plan.store, todo="see the line above")
    ending, turn = threading.Event(), threading.Lock()

    def watch() -> None:
        nonlocal process, lifeline
        while True:
            process.wait()
            if ending.wait(_PAUSE):
                return
            with turn:
                if ending.is_set():
                    return
                lifeline.close()
                process, lifeline = _launched(plan, folder)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        with turn:
            ending.set()
            lifeline.close()
        watching.join()


def _launched(plan: Plan, folder: Path) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A keeper, which ends when the socket is closed."""
    ours, theirs = socket.socketpair()
    program = [sys.executable, "-P", "-m", "communique.server.workers.keeper", plan.written(), str(folder)]
    with theirs:
        return subprocess.Popen(program, stdin=theirs.fileno(), stdout=subprocess.DEVNULL), ours


def main() -> None:
    """``python -m communique.server.workers.keeper PLAN FOLDER``, with the lifeline as standard input."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    Keeper(Plan.read(sys.argv[1]), Path(sys.argv[2]), socket.socket(fileno=os.dup(0))).run()


if __name__ == "__main__":
    main()
