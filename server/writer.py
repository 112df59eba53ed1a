"""The one way in which the server changes its data: an update in one transaction, then answers from what it left."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from communique.errors import Broken, Busy, TimedOut
from communique.server.engine import Engine
from communique.server.workers import frames
from communique.store import EmbeddedStore

_PATIENCE: Final = 30.0
_SECONDS: Final = 300.0


class Writer(Protocol):
    """What takes updates."""

    def update(self, text: str, base: str) -> None:
        """Run an update, all of it or nothing; answers show it from the return of this call on.

        Raises ``QueryError`` for what is no update or cannot be done, ``Busy`` if others write for too long, ``TimedOut``.
        """


class MemoryWriter:
    """Writes to a store of this process, one update after the other."""

    def __init__(self, store: EmbeddedStore, engine: Engine, patience: float = _PATIENCE) -> None:
        self._store = store
        self._engine = engine
        self._turn = threading.Lock()
        self._patience = patience

    def update(self, text: str, base: str) -> None:
        """Run an update."""
        with self._alone():
            self._store.update(text, base)
            self._engine.refresh()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._patience):
            raise Busy("another update is being made", todo="send this one again in a moment")
        try:
            yield
        finally:
            self._turn.release()


class DirectoryWriter:
    """Writes to a store in a directory, each update in a process of its own, which can be killed.

    That process waits for whoever holds the store: another update, or a command.  Nothing of the store is opened here: the engine has
    threads that do not survive a fork, and web processes are forked.
    """

    def __init__(self, place: str, engine: Engine, seconds: float = _SECONDS, patience: float = _PATIENCE) -> None:
        self._place = place
        self._engine = engine
        self._seconds = seconds
        self._patience = patience

    def update(self, text: str, base: str) -> None:
        """Run an update."""
        run(self._place, text, base, self._seconds, self._patience)
        self._engine.refresh()


def run(place: str, text: str, base: str, seconds: float = _SECONDS, patience: float = _PATIENCE) -> None:
    """Run an update on the store in a directory, which is made if it is not there; raises as ``Writer.update`` does."""
    told = json.dumps({"place": place, "text": text, "base": base, "patience": patience})
    program = [sys.executable, "-P", "-m", "communique.server.workers.update"]
    try:
        done = subprocess.run(program, input=told.encode(), stdout=subprocess.PIPE, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise TimedOut(f"the update took longer than {seconds:g} seconds, and nothing of it was done", todo="send less at once") from error
    if done.returncode:
        raise Broken("the update was broken off, and nothing of it was done", todo="look at the log of the server")
    if done.stdout:
        raise frames.to_error(json.loads(done.stdout))
