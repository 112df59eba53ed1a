"""Answers that were given already: kept in a web process by the version of the data, so that new data makes all of them strangers."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

Key = tuple[str, ...]
_PLACE: Final = 400
"""Bytes that an answer takes besides those of its key and its own: many short ones must not take more room than there is."""


@dataclass(slots=True)
class Kept:
    """Up to ``room`` bytes of answers, those asked for last; none above ``largest``."""

    room: int = 32_000_000
    largest: int = 1 << 16
    _answers: OrderedDict[Key, tuple[bytes, int | None]] = field(default_factory=OrderedDict)
    _size: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Key) -> tuple[bytes, int | None] | None:
        """The bytes and the rows of an answer."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, key: Key, data: bytes, rows: int | None) -> None:
        """Keep a whole answer."""
        if len(data) > self.largest:
            return
        with self._lock:
            before = self._answers.pop(key, None)
            self._size += _size(key, data) - (_size(key, before[0]) if before else 0)
            self._answers[key] = data, rows
            while self._size > self.room:
                name, (oldest, _) = self._answers.popitem(last=False)
                self._size -= _size(name, oldest)


def _size(key: Key, data: bytes) -> int:
    return _PLACE + len(data) + sum(map(sys.getsizeof, key))
