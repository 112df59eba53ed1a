"""Pages that a worker shares with the zygote, copied ahead of a query that is about to have all of them copied one by one.

The engine counts references in the data itself, so whoever reads a quad writes to its page, and a page that is shared is copied then: the
first answer of 100,000 rows of a new worker takes half as long again as its second.  Another thread copies the same pages in large pieces
where a processor has nothing else to do.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

Ranges = Sequence[tuple[int, int]]
"""Parts of the memory of this process: the first address of each, and how many bytes."""

_HEAP: Final = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) rw-p .*\[heap\]$", re.MULTILINE)
_PIECE: Final = 1 << 21
_COPY: Final = 23  # MADV_POPULATE_WRITE, since Linux 5.14


def heap() -> Ranges:
    """Where this process has what it keeps in many small pieces: the quads; tables, which are only looked up in, are elsewhere."""
    found = ((int(first, 16), int(end, 16)) for first, end in _HEAP.findall(Path("/proc/self/maps").read_text(encoding="ascii")))
    return tuple((first, end - first) for first, end in found)


def copy_ahead(shared: Ranges, goes_on: Callable[[], bool]) -> None:
    """Make all pages of ``shared`` this process's own, as long as it ``goes_on``; a system that cannot do so is let alone."""
    advise = ctypes.CDLL(None).madvise
    for first, size in shared:
        for start in range(first, first + size, _PIECE):
            piece = min(_PIECE, first + size - start)
            if not goes_on() or advise(ctypes.c_void_p(start), ctypes.c_size_t(piece), _COPY):
                return
