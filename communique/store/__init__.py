"""The store: named graphs behind a few verbs, in memory or in a directory.

>>> with open_store("memory:") as store:
...     store.put_graph("http://example.org/g", ['<http://example.org/s> <http://example.org/p> "o" <http://example.org/g> .'])
...     store.ask("ASK { ?s ?p 'o' }")
True
"""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox

from communique.config import without_password
from communique.errors import UsageError
from communique.store import address, directory
from communique.store.embedded import EmbeddedStore, copied
from communique.store.protocol import EVERYTHING, OWN, Capabilities, Dataset, Edit, Kind, Match, Reader, Row, Rows, Store, Term

__all__ = [
    "EVERYTHING",
    "OWN",
    "Capabilities",
    "Dataset",
    "Edit",
    "EmbeddedStore",
    "Kind",
    "Match",
    "Reader",
    "Row",
    "Rows",
    "Store",
    "Term",
    "directory_of",
    "open_held",
    "open_here",
    "open_store",
]


def open_store(place: str, *, read_only: bool = False, in_memory: bool = False) -> Store:
    """The store at ``place``: ``memory:`` (empty, gone with the process), a directory, ``oxigraph:///directory``, or one on a server.

    A directory is opened for writing by one process at a time and made if it is not there; one of an older format is brought to
    today's.  ``read_only`` opens it as its last writer left it, also beside a writer; ``in_memory`` reads that state into memory, which
    answers several times faster.
    Close it, or use it in a ``with`` statement, so that readers see what was written.

    Raises ``UsageError`` for an address that cannot be a store, ``StoreMissing``, ``StoreForeign``, ``StoreBusy``, ``StoreError``.
    """
    if place.startswith(address.PREFIX):
        from communique.store.remote import RemoteStore  # what only a few need is not loaded for all

        remote = RemoteStore(address.parse(place, os.environ), read_only=read_only)
        return copied(remote) if in_memory else remote
    return open_here(place, read_only=read_only, in_memory=in_memory)


def open_here(place: str, *, read_only: bool = False, in_memory: bool = False) -> EmbeddedStore:
    """As ``open_store``, for a store in memory or in a directory only."""
    if place == "memory:":
        return EmbeddedStore(ox.Store(), writable=not read_only)
    path = directory_of(place)
    if not (read_only or in_memory):
        return EmbeddedStore(directory.open_writer(path), home=path)
    quads, held = directory.open_snapshot(path)
    snapshot = EmbeddedStore(quads, writable=False, place=path, held=held)
    if not in_memory:
        return snapshot
    with snapshot:
        return snapshot.in_memory()


def open_held(place: str) -> EmbeddedStore:
    """The quads of a durable store themselves, for reading, as they are: nobody can write to them meanwhile, and nothing is changed.

    Raises as ``open_store`` does, ``StoreBusy`` if another process writes.
    """
    path = directory_of(place)
    return EmbeddedStore(directory.open_held(path), writable=False, place=path)


def directory_of(place: str) -> Path:
    """The directory that the address of a durable store means.  Raises ``UsageError`` if it means none."""
    if place == "memory:":
        raise UsageError("a store in memory has no directory", where=place, todo="use a directory or 'oxigraph:///directory'")
    if place.startswith(address.PREFIX):
        todo = "a server has tools of its own for this; here use a directory or 'oxigraph:///directory'"
        raise UsageError("a store on a server has no directory", where="--store", todo=todo)
    scheme, colon, rest = place.partition("://")
    if colon and scheme != "oxigraph":
        raise UsageError(
            f"'{scheme}' is no kind of store", where=without_password(place), todo="use a directory, 'oxigraph:///directory' or 'memory:'"
        )
    name = rest if colon else place
    if not name.strip() or "\0" in name:
        raise UsageError("no store is named", where=place or "--store", todo="use a directory, 'oxigraph:///directory' or 'memory:'")
    return Path(name).expanduser()
