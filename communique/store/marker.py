"""The file that makes a directory a store: it tells the number of the format, and which directory in it holds the quads.

It is replaced as one file, so that other quads and another format come into force at once or not at all::

    communique store, format 2
    quads.7
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from communique.errors import StoreError, StoreForeign
from communique.store.engine import explain

FORMAT: Final = 2
DRAFT: Final = ".unfinished"
"""How names of files and directories end that are not in force yet; whoever writes to the store next removes them."""
_NAME = "communique-store"
_LINE = "communique store, format "
_QUADS = re.compile(r"quads(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Marker:
    """The number of the format, and the name of the directory of quads."""

    format: int
    quads: str


def read(path: Path) -> Marker | None:
    """The marker of a store, or ``None`` if nothing, or an empty directory, is at ``path``.

    Raises ``StoreForeign`` for anything else, also for the store of a newer version, which is left as it is.
    """
    try:
        if not path.exists() or (path.is_dir() and all(entry.name.endswith(DRAFT) for entry in path.iterdir())):
            return None
        file = path / _NAME
        text = file.read_text(encoding="ascii", errors="replace") if path.is_dir() and file.is_file() else ""
    except OSError as error:
        raise explain(error, path) from error
    first, _, rest = text.partition("\n")
    if not first.startswith(_LINE):
        what = "this directory holds other things than a store" if path.is_dir() else "this is a file, and a store is a directory"
        raise StoreForeign(what, where=path, todo="name an empty or a new directory")
    number, quads = first.removeprefix(_LINE).strip(), rest.strip()
    if number == "1":  # before there was a second line
        return Marker(1, "quads")
    if number != str(FORMAT):
        todo = "use the version of communique that wrote it; nothing was changed"
        raise StoreForeign(f"the store has format {number}, and this version knows formats up to {FORMAT}", where=path, todo=todo)
    if not _QUADS.fullmatch(quads):
        todo = "restore a backup with 'communique store restore FILE --force'"
        raise StoreError(f"the file {_NAME} is damaged: it names no directory of quads", where=path, todo=todo)
    return Marker(FORMAT, quads)


def stands(path: Path) -> bool:
    """Whether there is a marker, be it damaged."""
    return (path / _NAME).is_file()


def write(path: Path, marker: Marker) -> None:
    """Put a marker in force, with all that it names.  Raises ``OSError``."""
    draft = path / f"{_NAME}.{os.getpid()}{DRAFT}"
    lines = [f"{_LINE}{marker.format}"] + ([marker.quads] if marker.format > 1 else [])
    with draft.open("w", encoding="ascii", newline="\n") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path / _NAME)
