"""The storage engine (pyoxigraph, which stores in RocksDB): opening its directories, and its errors as one plain line."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from communique.errors import StoreBusy, StoreError

Failure = (OSError, RuntimeError)
"""What the engine raises when it cannot read or write."""


def damaged(error: BaseException) -> bool:
    """Whether the engine says that what it reads is not what was written."""
    return "Corruption" in str(error)


def explain(error: OSError | RuntimeError, place: Path | None) -> StoreError:
    """What went wrong in the engine or on the disk."""
    message = str(error)
    if damaged(error):
        todo = "'communique store verify' tells what is left, 'communique store restore' brings a backup back"
        return StoreError(f"the store is damaged ({message.removeprefix('Corruption: ').split(' in ')[0]})", where=place, todo=todo)
    if "While lock file" in message or "lock hold by" in message:  # no more than that: a path may have such letters
        return StoreBusy("another process is writing to this store", where=place, todo="wait until it has ended, or use another directory")
    if "No space left" in message or "quota" in message.lower():
        todo = "free some space and run the same command again: what is stored stays, and the rest is taken up"
        return StoreError("the disk is full", where=place, todo=todo)
    reason = (error.strerror if isinstance(error, OSError) else None) or message.removeprefix("IO error: ").split(": While")[0]
    return StoreError(f"the store cannot be read or written ({reason})", where=place, todo="check the directory and its permissions")


def open_quads(quads: Path, place: Path) -> ox.Store:
    """A directory of quads for writing, made if it is not there; this process holds it until the store is let go of.

    Raises ``StoreBusy`` if another process writes, and ``StoreError``; ``place`` is the store that they name.
    """
    try:
        return ox.Store(str(quads))
    except Failure as error:
        raise explain(error, place) from error


def read_quads(quads: Path, place: Path) -> ox.Store:
    """A directory of quads that nobody writes to, for reading."""
    try:
        return ox.Store.read_only(str(quads))
    except Failure as error:
        raise explain(error, place) from error
