"""A backup: the whole store as one compressed N-Quads file that proves itself whole, and back.

The file is plain gzip and plain N-Quads, sorted, so any tool reads it and the same store gives the same bytes.  Two comments make it
a backup; the last one is the proof, so a file that was cut off has none::

    # communique backup, form 1
    <...> <...> <...> <...> .
    # 31379 quads, sha256 5f0e...
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from communique.errors import InputError, StoreBusy, StoreError, StoreForeign, UsageError
from communique.store import directory, marker
from communique.store.embedded import EmbeddedStore
from communique.store.engine import explain
from communique.store.marker import DRAFT

_HEAD: Final = b"# communique backup, form "
_FORM: Final = b"1"
_PROOF = re.compile(rb"# (\d+) quads, sha256 ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Content:
    """What a backup holds: the number of quads, and the SHA-256 of their lines."""

    quads: int
    sha256: str


def save(store: EmbeddedStore, file: Path, *, force: bool = False) -> Content:
    """Write all graphs of ``store`` to ``file``, which appears whole under its name or not at all.

    Raises ``UsageError`` if there is such a file already and not ``force``, ``StoreError`` if it cannot be written.
    """
    if file.exists() and not force:
        raise UsageError("there is a file of this name", where=file, todo="name another one, or replace it with --force")
    draft = file.with_name(f"{file.name}.{os.getpid()}{DRAFT}")
    count, digest = 0, sha256()
    try:
        with draft.open("wb") as raw:
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as out:
                out.write(_HEAD + _FORM + b"\n")
                for graph in store.graphs():
                    lines = sorted(store.dump(graph))
                    block = "".join(f"{line}\n" for line in lines).encode()
                    digest.update(block)
                    out.write(block)
                    count += len(lines)
                if count != store.count():
                    raise StoreError("the store holds quads that are in none of its graphs; nothing was saved", where=file)
                out.write(b"# %d quads, sha256 %s\n" % (count, digest.hexdigest().encode()))
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(file)
    except OSError as error:
        raise explain(error, file) from error
    finally:
        draft.unlink(missing_ok=True)
    return Content(count, digest.hexdigest())


def check(file: Path) -> Content:
    """What a backup holds, once every line has been read and the proof found right.

    Raises ``InputError`` if it is no backup or is damaged.
    """
    count, digest, proof = 0, sha256(), None
    lines = _lines(file)
    head = next(lines, b"")
    if not head.startswith(_HEAD):
        raise _foreign(file)
    if head != _HEAD + _FORM + b"\n":
        raise InputError("this backup was made by a newer version", where=file, todo="use the version of communique that made it")
    for line in lines:
        if proof is not None:
            raise _damaged(file, "something follows its end")
        if line.startswith(b"#"):
            proof = _PROOF.fullmatch(line)
            if proof is None:
                raise _damaged(file, "its last line is broken")
            continue
        digest.update(line)
        count += 1
    if proof is None:
        raise _damaged(file, "its end is missing")
    found = Content(count, digest.hexdigest())
    if found != Content(int(proof[1]), proof[2].decode()):
        raise _damaged(file, "its SHA-256 is another than it says")
    return found


def restore(file: Path, path: Path, *, force: bool = False) -> Content:
    """Put what a backup holds in the place of all that the store at ``path`` holds, all at once; the store is made if it is not there.

    Raises ``InputError`` if the backup is damaged and ``UsageError`` if the store holds something, or cannot be read, and not
    ``force``; ``StoreBusy`` if another process writes to it, ``StoreForeign`` for what is no store, and ``StoreError`` if there is no
    room.  In each case the store is as it was.
    """
    content = check(file)
    held = _held(path, force=force)

    def fill(fresh: Path) -> ox.Store:
        quads = ox.Store(str(fresh))
        try:
            with gzip.open(file) as stream:
                quads.bulk_load(cast("IO[bytes]", stream), ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise _damaged(file, f"it is not N-Quads: {error}") from error
        if len(quads) != content.quads:
            raise _damaged(file, f"{content.quads - len(quads):,} quads in it are double")
        quads.optimize()
        quads.flush()
        return quads

    directory.exchange(path, fill)
    del held  # until now nobody else could write
    return content


def _held(path: Path, *, force: bool) -> ox.Store | None:
    """The present quads, if they can be opened, so that nobody writes to them meanwhile."""
    try:
        quads = directory.open_writer(path)
    except (StoreBusy, StoreForeign):
        raise
    except StoreError as error:
        if not marker.stands(path):
            raise
        if not force:
            what = f"there is a store here that cannot be read ({error.what})"
            raise UsageError(what, where=path, todo="replace it with --force") from error
        return None
    if len(quads) and not force:
        what = f"there is a store of {len(quads):,} quads here"
        raise UsageError(what, where=path, todo="name a new directory, or replace it with --force")
    return quads


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with gzip.open(file) as stream:
            yield from stream
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise (_foreign(file) if "Not a gzipped file" in str(error) else _damaged(file, str(error))) from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=file, todo="check the name and its permissions") from error


def _foreign(file: Path) -> InputError:
    return InputError("this is no backup of a store", where=file, todo="name a file that 'communique store backup' wrote")


def _damaged(file: Path, why: str) -> InputError:
    return InputError(f"the backup is damaged ({why}); the store was not touched", where=file, todo="use another copy of it")
