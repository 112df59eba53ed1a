"""How much time the queries of one client may take together: a bucket that fills with worker seconds, a share each second."""

from __future__ import annotations

import hashlib
import struct
import threading
from typing import Final

from communique.errors import OverBudget

_ENTRY: Final = struct.Struct("<Qdd")  # who, what it had spent, and when
_ENTRIES: Final = 8192
_NEAR: Final = 8
TABLE: Final = _ENTRIES * _ENTRY.size
"""The bytes of a table."""


class Budget:
    """``seconds`` a minute for each client, and twice as much at once for one that asked nothing before; 0: no limit.

    A client is whatever name the web process gives it; one without a name is not metered.  ``table`` may be shared by processes: two that
    write in the same moment may forget one query.  Of more clients than it holds, those that spent least are forgotten.
    """

    def __init__(self, seconds: float, table: memoryview | bytearray) -> None:
        self.seconds = seconds
        self._table = table
        self._turn = threading.Lock()

    def wait(self, client: str, now: float) -> float:
        """How many seconds the client must wait until it may ask; 0 for not at all."""
        if not self.seconds or not client:
            return 0.0
        debt, _ = self._found(_key(client), now)
        return max(0.0, (debt - 2 * self.seconds) * 60 / self.seconds)

    def refusal(self, client: str, now: float) -> OverBudget | None:
        """What the client is told that must wait."""
        if not (wait := self.wait(client, now)):
            return None
        after = int(wait) + 1
        what = f"your queries have taken more than {self.seconds:g} seconds a minute"
        return OverBudget(what, todo="wait a second" if after == 1 else f"wait {after} seconds", after=after)

    def spend(self, client: str, seconds: float, now: float) -> None:
        """A query of the client took so long."""
        if not self.seconds or not client:
            return
        key = _key(client)
        with self._turn:
            debt, place = self._found(key, now)
            _ENTRY.pack_into(self._table, place, key, debt + seconds, now)

    def close(self) -> None:
        """Let go of the table."""
        if isinstance(self._table, memoryview):
            self._table.release()

    def _found(self, key: int, now: float) -> tuple[float, int]:
        """What the client with this key still owes, and its place in the table, or the one that it may have."""
        least, free = float("inf"), 0
        for step in range(_NEAR):
            place = (key + step) % _ENTRIES * _ENTRY.size
            who, spent, then = _ENTRY.unpack_from(self._table, place)
            debt = max(0.0, spent - (now - then) * self.seconds / 60)
            if who == key:
                return debt, place
            if debt < least:
                least, free = debt, place
        return 0.0, free


def _key(client: str) -> int:
    return int.from_bytes(hashlib.blake2b(client.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
