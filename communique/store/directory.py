"""The directory of a durable store: its one writer, its readers, and what a killed process left behind.

::

    DIR/communique-store   the format, and the name of the directory of quads
    DIR/quads.N/           the quads (RocksDB, written by one process at a time)
    DIR/snapshots/N/       the quads as they were when a writer last let go; readers open these, never ``quads.N``
    DIR/unpublished        there while the quads hold something that no snapshot holds
    DIR/before-format-N/   the store as it was before it was brought to format N
    DIR/*.unfinished       what is being made; left by a killed process, it is removed by the next writer
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from communique.errors import StoreBusy, StoreError, StoreMissing
from communique.store import engine, marker, migration, snapshots
from communique.store.marker import DRAFT, FORMAT, Marker
from communique.store.snapshots import Held

CHANGING = "changing"
"""The state of a store that is getting another one."""
_PATIENCE = 1.0  # seconds; a reader that makes the snapshot of a killed writer is done sooner


def open_writer(path: Path) -> ox.Store:
    """The quads of a store, for writing; the store is made if nothing, or an empty directory, is there, and brought to today's format.

    Raises ``StoreForeign`` if something else is there, ``StoreBusy`` if another process writes, ``StoreError``.
    """
    quads, present = _hold(path, patience=_PATIENCE)
    if present.format < FORMAT:
        quads, present = migration.migrate(quads, path, present)
    _sweep(path, present)
    return quads


def open_held(path: Path) -> ox.Store:
    """The quads of a store as they are, held against writers and changed in nothing; raises as ``open_writer`` does."""
    _existing(path)
    return _hold(path)[0]


def open_snapshot(path: Path) -> tuple[ox.Store, Held | None]:
    """The quads of a store as their last writer left them, read-only, and the hold on them; a writer may work beside it.

    Raises ``StoreMissing`` if there is no store, ``StoreBusy`` if the first writer of a store has not ended yet.
    """
    present = _existing(path)
    if snapshots.unpublished(path) or not snapshots.present(path):
        try:
            quads, _ = _hold(path)
            if snapshots.unpublished(path) or not snapshots.present(path):
                snapshots.publish(quads, path)  # the last writer was killed: what it had applied is whole
            del quads
        except StoreBusy:
            pass
        except StoreError:
            if not snapshots.present(path):
                return engine.read_quads(path / present.quads, path), None  # on a medium that cannot be written nobody writes
    found = snapshots.newest(path)
    if found is None:
        todo = "wait until it has ended; what it stores can be read then"
        raise StoreBusy("another process is filling this new store, and there is nothing to read yet", where=path, todo=todo)
    return found


def state(path: Path) -> str:
    """What changes whenever readers of the store would read something else; for those who hold a copy."""
    kept = snapshots.present(path)
    try:
        return f"{kept[-1].name} {kept[-1].stat().st_ino}" if kept else ""
    except FileNotFoundError:  # a writer has just published another
        return CHANGING


def exchange(path: Path, fill: Callable[[Path], ox.Store]) -> None:
    """Put other quads, which ``fill`` makes in a new directory, in the place of the present ones: all of them or, if it fails, none.

    The caller holds the present quads, unless they cannot be opened any more; then nobody else can write either.
    """
    following = Marker(FORMAT, migration.vacant(path))
    try:
        quads = fill(path / following.quads)
        snapshots.mark_unpublished(path)
        marker.write(path, following)
    except BaseException as error:
        shutil.rmtree(path / following.quads, ignore_errors=True)
        if isinstance(error, engine.Failure):
            raise engine.explain(error, path) from error
        raise
    _sweep(path, following)
    snapshots.publish(quads, path)


def compact(path: Path) -> None:
    """Write the quads anew and let go of what was replaced and removed, which the engine never forgets (the words of a literal, an IRI).

    Raises ``StoreError`` if there is no room for both; the store is then as it was.
    """
    _existing(path)
    quads = open_writer(path)

    def fill(fresh: Path) -> ox.Store:
        copy = ox.Store(str(fresh))
        copy.bulk_extend(quads)
        if len(copy) != len(quads):
            raise StoreError(f"of {len(quads):,} quads only {len(copy):,} could be copied; the store is as it was", where=path)
        copy.optimize()
        copy.flush()
        return copy

    exchange(path, fill)


def sizes(path: Path) -> dict[str, int]:
    """The bytes on disk of the quads, of what the snapshots hold beyond them, and of all the rest; shared files count once."""
    present = _existing(path)
    seen: set[tuple[int, int]] = set()
    out = {"quads": 0, "snapshots": 0, "other": 0}
    for part, folder in (("quads", path / present.quads), ("snapshots", path / "snapshots"), ("other", path)):
        for where, _, names in os.walk(folder):
            for name in names:
                try:
                    stat = os.stat(os.path.join(where, name))  # noqa: PTH116, PTH118 (many files)
                except FileNotFoundError:  # a writer is at work
                    continue
                if (stat.st_dev, stat.st_ino) not in seen:
                    seen.add((stat.st_dev, stat.st_ino))
                    out[part] += stat.st_size
    return out


def _hold(path: Path, patience: float = 0.0) -> tuple[ox.Store, Marker]:
    """The present quads, which no other process can then write to, and the marker that names them.

    ``patience`` is how many seconds to wait for another process to let go.
    """
    end = time.monotonic() + patience
    while True:
        present = marker.read(path) or _found(path)
        quads = path / present.quads
        # Of a directory that is gone the engine would make a new and empty one.
        gone = not (quads / "CURRENT").exists() and (snapshots.present(path) or snapshots.unpublished(path))
        try:
            store = None if gone else engine.open_quads(quads, path)
        except StoreBusy:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
            continue
        if marker.read(path) != present:
            continue  # a restore has just put others in their place
        if store is None:
            todo = "restore a backup with 'communique store restore FILE --force'"
            raise StoreError(f"the directory {present.quads} is damaged or gone", where=path, todo=todo)
        return store, present


def _found(path: Path) -> Marker:
    """Make an empty store."""
    first = Marker(FORMAT, "quads.1")
    try:
        path.mkdir(parents=True, exist_ok=True)
        marker.write(path, first)
    except FileNotFoundError:  # another process has just made it, and removed our draft
        pass
    except OSError as error:
        raise engine.explain(error, path) from error
    return first


def _existing(path: Path) -> Marker:
    present = marker.read(path)
    if present is None:
        raise StoreMissing("there is no store here", where=path, todo=f"fill one with 'communique ingest PATH --store {path}'")
    return present


def _sweep(path: Path, present: Marker) -> None:
    """Remove what is not in force; only the holder of the quads may."""
    drafts = (*path.glob(f"*{DRAFT}"), *(path / "snapshots").glob(f"*{DRAFT}"))
    logs = (path / present.quads).glob("LOG.old.*")  # the engine leaves one each time it is opened
    for left in (*drafts, *logs, path / "quads", *path.glob("quads.*")):
        if left.name != present.quads:
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
