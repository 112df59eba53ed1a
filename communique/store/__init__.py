"""The store: named graphs behind a few verbs, in memory or in a directory.

>>> with open_store("memory:") as store:
...     store.put_graph("http://example.org/g", ['<http://example.org/s> <http://example.org/p> "o" <http://example.org/g> .'])
...     store.ask("ASK { ?s ?p 'o' }")
True
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from communique.errors import UsageError
from communique.store import directory
from communique.store.embedded import EmbeddedStore
from communique.store.protocol import EVERYTHING, Capabilities, Dataset, Kind, Row, Rows, Store, Term

__all__ = ["EVERYTHING", "Capabilities", "Dataset", "EmbeddedStore", "Kind", "Row", "Rows", "Store", "Term", "open_store"]


def open_store(place: str, *, read_only: bool = False, in_memory: bool = False) -> EmbeddedStore:
    """The store at ``place``: ``memory:`` (empty, gone with the process), a directory, or ``oxigraph:///directory``.

    A directory is opened for writing by one process at a time and made if it is not there; ``read_only`` opens it as its
    last writer left it, also beside a writer; ``in_memory`` reads that state into memory, which answers several times faster.
    Close it, or use it in a ``with`` statement, so that readers see what was written.

    Raises ``UsageError`` for an address that cannot be a store, ``StoreMissing``, ``StoreForeign``, ``StoreBusy``, ``StoreError``.
    """
    if place == "memory:":
        return EmbeddedStore(ox.Store(), writable=not read_only)
    scheme, colon, rest = place.partition("://")
    if colon and scheme != "oxigraph":
        what = "a store on another server is not yet in this version" if scheme.startswith("sparql+") else f"'{scheme}' is no kind of store"
        raise UsageError(what, where=place, todo="use a directory, 'oxigraph:///directory' or 'memory:'")
    name = rest if colon else place
    if not name.strip() or "\0" in name:
        raise UsageError("no store is named", where=place or "--store", todo="use a directory, 'oxigraph:///directory' or 'memory:'")
    path = Path(name).expanduser()
    if not (read_only or in_memory):
        return EmbeddedStore(directory.open_writer(path), home=path)
    snapshot = EmbeddedStore(directory.open_snapshot(path), writable=False, place=path)
    return snapshot.in_memory() if in_memory else snapshot
