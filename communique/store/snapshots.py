"""Snapshots: the quads as they were when a writer last let go of them, which is what readers read.

A snapshot shares its files with the store (hard links), so it takes a moment and hardly any space.  A reader holds the one that it
reads; only the newest, and those that are held, are kept.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from communique.store import engine
from communique.store.marker import DRAFT

if sys.platform != "win32":
    import fcntl

_UNPUBLISHED = "unpublished"


class Held:
    """A hold on a snapshot, which is not removed before it is let go of (also by the end of the process).

    Where there are no such locks (Windows), open files cannot be removed, which comes to the same.  Raises ``BlockingIOError`` if it is
    being removed, or (``alone``) if someone holds it.
    """

    def __init__(self, snapshot: Path, *, alone: bool = False) -> None:
        self._descriptor: int | None = None
        if sys.platform != "win32":
            self._descriptor = os.open(snapshot, os.O_RDONLY)
            try:
                fcntl.flock(self._descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except BlockingIOError:
                self.release()
                raise
            except OSError:  # a file system without locks
                self.release()

    def release(self) -> None:
        """Let go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        self.release()


def present(path: Path) -> list[Path]:
    """The snapshots of a store, the newest last."""
    folder = path / "snapshots"
    return sorted((p for p in folder.iterdir() if p.name.isdigit()), key=lambda p: int(p.name)) if folder.is_dir() else []


def unpublished(path: Path) -> bool:
    """Whether the quads hold something that no snapshot holds."""
    return (path / _UNPUBLISHED).exists()


def mark_unpublished(path: Path) -> None:
    """Note that the quads are about to differ from the last snapshot."""
    (path / _UNPUBLISHED).touch()


def publish(quads: ox.Store, path: Path) -> None:
    """Make a snapshot of the quads for readers and forget the older ones.  Raises ``StoreError`` if there is no room."""
    kept = present(path)
    number = int(kept[-1].name) + 1 if kept else 1
    draft = path / "snapshots" / f"{number}{DRAFT}"
    try:
        draft.parent.mkdir(exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        quads.backup(str(draft))
        draft.rename(path / "snapshots" / str(number))
        (path / _UNPUBLISHED).unlink(missing_ok=True)
    except engine.Failure as error:
        raise engine.explain(error, path) from error
    for old in kept:
        _remove(old)


def newest(path: Path) -> tuple[ox.Store, Held] | None:
    """The newest snapshot, held, or ``None`` if there is none."""
    while kept := present(path):
        try:
            held = Held(kept[-1])
            if kept[-1].exists():
                return engine.read_quads(kept[-1], path), held
        except (FileNotFoundError, BlockingIOError):
            pass  # a writer has just published another one and removes this
        except OSError as error:
            raise engine.explain(error, path) from error
    return None


def _remove(snapshot: Path) -> None:
    """Remove a snapshot unless someone reads it; a later writer will try again."""
    with suppress(OSError):
        held = Held(snapshot, alone=True)
        gone = snapshot.with_name(snapshot.name + DRAFT)
        snapshot.rename(gone)
        held.release()
        shutil.rmtree(gone, ignore_errors=True)
