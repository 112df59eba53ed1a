"""The directory of a durable store: how it is told from other directories, its one writer, and snapshots for readers.

::

    DIR/communique-store   one line: the number of the format
    DIR/quads/             the quads (RocksDB, written by one process at a time)
    DIR/snapshots/N/       the quads as they were when a writer last let go; readers open these, never ``quads``
    DIR/unpublished        there while ``quads`` holds something that no snapshot holds
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox

from communique.errors import StoreBusy, StoreError, StoreForeign, StoreMissing

FORMAT = 1
_MARKER = "communique-store"
_LINE = "communique store, format "
_KEPT = 2  # a reader may still be opening the last snapshot but one


def explain(error: OSError, path: Path | None) -> StoreError:
    """What went wrong in the storage engine, as one plain line."""
    message = str(error)
    if "lock" in message.lower():
        return StoreBusy("another process is writing to this store", where=path, todo="wait until it has ended, or use another directory")
    if "No space left" in message or "quota" in message.lower():
        todo = "free some space and run the same command again: what is stored stays, and the rest is taken up"
        return StoreError("the disk is full", where=path, todo=todo)
    reason = error.strerror or message.removeprefix("IO error: ").split(": While")[0]
    return StoreError(f"the store cannot be read or written ({reason})", where=path, todo="check the directory and its permissions")


def open_writer(path: Path) -> ox.Store:
    """The quads of a store, for writing; the store is made if nothing, or an empty directory, is there.

    Raises ``StoreForeign`` if something else is there, ``StoreBusy`` if another process writes.
    """
    _check(path, missing_ok=True)
    try:
        path.mkdir(parents=True, exist_ok=True)
        if not (path / _MARKER).exists():
            (path / _MARKER).write_text(f"{_LINE}{FORMAT}\n", encoding="ascii")
        return ox.Store(str(path / "quads"))
    except OSError as error:
        raise explain(error, path) from error


def open_snapshot(path: Path) -> ox.Store:
    """The quads of a store as its last writer left them, read-only; a writer may work beside it.

    Raises ``StoreMissing`` if there is no store, ``StoreBusy`` if the first writer of a store has not ended yet.
    """
    _check(path, missing_ok=False)
    busy: StoreBusy | None = None
    if (path / "unpublished").exists() or not _snapshots(path):
        try:
            publish(open_writer(path), path)  # the last writer was killed: what it had applied is whole
        except StoreBusy as error:
            busy = error
        except StoreError:
            if not _snapshots(path):
                return _read_only(path / "quads", path)  # on a medium that cannot be written nobody writes
    kept = _snapshots(path)
    if not kept:
        raise busy or StoreError("the store has no snapshot to read", where=path)
    return _read_only(kept[-1], path)


def mark_unpublished(path: Path) -> None:
    """Note that the quads are about to differ from the last snapshot."""
    (path / "unpublished").touch()


def publish(store: ox.Store, path: Path) -> None:
    """Make a snapshot of the quads for readers and forget the older ones.  Raises ``StoreError`` if there is no room."""
    kept = _snapshots(path)
    number = int(kept[-1].name) + 1 if kept else 1
    unfinished = path / "snapshots" / f"{number}.unfinished"
    try:
        unfinished.parent.mkdir(exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        store.backup(str(unfinished))
        unfinished.rename(path / "snapshots" / str(number))
        (path / "unpublished").unlink(missing_ok=True)
    except OSError as error:
        raise explain(error, path) from error
    for old in kept[: 1 - _KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _check(path: Path, *, missing_ok: bool) -> None:
    """Raise unless ``path`` is a store of this format or, if ``missing_ok``, a place for one."""
    try:
        empty = not path.exists() or (path.is_dir() and not any(path.iterdir()))
        if empty and missing_ok:
            return
        if empty:
            raise StoreMissing("there is no store here", where=path, todo=f"fill one with 'communique ingest PATH --store {path}'")
        marker = path / _MARKER
        line = marker.read_text(encoding="ascii", errors="replace").strip() if path.is_dir() and marker.is_file() else ""
    except OSError as error:
        raise explain(error, path) from error
    if not line.startswith(_LINE):
        what = "this directory holds other things than a store" if path.is_dir() else "this is a file, and a store is a directory"
        raise StoreForeign(what, where=path, todo="name an empty or a new directory")
    if line != f"{_LINE}{FORMAT}":
        todo = "use the version of communique that wrote it, or ingest again into a new directory"
        raise StoreForeign(f"the store has format {line.removeprefix(_LINE)}, and this version reads {FORMAT}", where=path, todo=todo)


def _snapshots(path: Path) -> list[Path]:
    folder = path / "snapshots"
    return sorted((p for p in folder.iterdir() if p.name.isdigit()), key=lambda p: int(p.name)) if folder.is_dir() else []


def _read_only(quads: Path, path: Path) -> ox.Store:
    try:
        return ox.Store.read_only(str(quads))
    except OSError as error:
        raise explain(error, path) from error
