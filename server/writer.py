"""The one way in which the server changes its data: an update in one transaction, then answers from what it left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from communique.errors import Busy
from communique.server.engine import Engine
from communique.store import EmbeddedStore

_PATIENCE = 30.0


class Writer(Protocol):
    """What takes updates."""

    def update(self, text: str, base: str) -> None:
        """Run an update, all of it or nothing; answers show it from the return of this call on.

        Raises ``QueryError`` for what is no update or cannot be done, ``Busy`` if another update takes long.
        """


class StoreWriter:
    """Writes to a store of this process, one update after the other.

    ``opened`` gives the store to write to, for one update: a store in memory that is open anyway, or a directory, which other processes
    may write to between two updates.
    """

    def __init__(self, opened: Callable[[], AbstractContextManager[EmbeddedStore]], engine: Engine) -> None:
        self._opened = opened
        self._engine = engine
        self._turn = threading.Lock()

    def update(self, text: str, base: str) -> None:
        """Run an update."""
        if not self._turn.acquire(timeout=_PATIENCE):
            raise Busy("another update is being made", todo="send this one again in a moment")
        try:
            with self._opened() as store:
                store.update(text, base)
            self._engine.refresh()
        finally:
            self._turn.release()
