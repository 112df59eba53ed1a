"""The one way in which the server changes its data: an update in one transaction, then answers from what it left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Protocol

from communique.errors import Busy, StoreBusy
from communique.server.engine import Engine
from communique.store import EmbeddedStore

_PATIENCE: Final = 30.0
_AGAIN: Final = 0.1


class Writer(Protocol):
    """What takes updates."""

    def update(self, text: str, base: str) -> None:
        """Run an update, all of it or nothing; answers show it from the return of this call on.

        Raises ``QueryError`` for what is no update or cannot be done, ``Busy`` if others write for too long.
        """


class StoreWriter:
    """Writes to a store, one update after the other.

    ``opened`` gives the store to write to, for one update: a store in memory that is open anyway, or a directory, which other processes
    may write to between two updates; whoever holds it is waited for.
    """

    def __init__(self, opened: Callable[[], AbstractContextManager[EmbeddedStore]], engine: Engine, patience: float = _PATIENCE) -> None:
        self._opened = opened
        self._engine = engine
        self._turn = threading.Lock()
        self._patience = patience

    def update(self, text: str, base: str) -> None:
        """Run an update."""
        end = time.monotonic() + self._patience
        with self._alone():
            while True:
                try:
                    with self._opened() as store:
                        store.update(text, base)
                    break
                except StoreBusy as error:
                    if time.monotonic() > end:
                        raise Busy("another process is writing to the store", todo="send this update again in a moment") from error
                    time.sleep(_AGAIN)
            self._engine.refresh()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._patience):
            raise Busy("another update is being made", todo="send this one again in a moment")
        try:
            yield
        finally:
            self._turn.release()
