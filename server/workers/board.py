"""The board: memory that zygote and web processes share, and the tokens of the workers that are free.

A token in a socket that all of them read from is a worker that nobody has.  Who takes it has the worker, writes so on the board, and puts
the token back afterwards; the zygote need not be asked, and the kernel wakes those who wait in the order in which they came.
"""

from __future__ import annotations

import mmap
import os
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from communique.server.workers.budget import TABLE, Budget

DOORS: Final = 64
"""The most web processes of one zygote."""
_WORKER: Final = struct.Struct("<QQd")  # its ticket, the door of who has it, since when
_LOAN: Final = struct.Struct("<Qd")
_NUMBER: Final = struct.Struct("<Q")
_ALL: Final = struct.Struct(f"<{DOORS}Q")
_TOKEN: Final = struct.Struct("<QQ")


@dataclass(frozen=True, slots=True)
class Token:
    """A worker: its ``place`` on the board, and its ``ticket``, a number that no other worker of this zygote ever has."""

    place: int
    ticket: int


class Board:
    """Places for workers (who has them since when), doors (how many wait there), and what clients have spent.

    Every number is written by one process at a time: the ticket by the zygote, the loan by who holds the token, the number of those who
    wait by the process behind the door.
    """

    def __init__(self, descriptor: int, budget: float) -> None:
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, 0)
        self._memory.madvise(mmap.MADV_DONTFORK)  # it is nothing for workers
        self._doors = TABLE
        self._workers = TABLE + DOORS * _NUMBER.size
        self.places = (len(self._memory) - self._workers) // _WORKER.size
        self.budget = Budget(budget, memoryview(self._memory)[:TABLE])

    @classmethod
    def made(cls, places: int, budget: float) -> Board:
        """An empty board."""
        descriptor = os.memfd_create("board")
        os.ftruncate(descriptor, TABLE + DOORS * _NUMBER.size + places * _WORKER.size)
        return cls(descriptor, budget)

    def put(self, place: int, ticket: int) -> None:
        """A worker that nobody has is at this place; with 0, none."""
        _WORKER.pack_into(self._memory, self._at(place), ticket, 0, 0.0)

    def free(self) -> int:
        """A place without a worker."""
        return next(place for place in range(self.places) if not self.worker(place)[0])

    def worker(self, place: int) -> tuple[int, int, float]:
        """The ticket at a place, the door of who has this worker, and since when: 0 if nobody has it."""
        found: tuple[int, int, float] = _WORKER.unpack_from(self._memory, self._at(place))
        return found

    def there(self, token: Token) -> bool:
        """Whether the worker of a token has not ended yet."""
        return self.worker(token.place)[0] == token.ticket

    def lent(self, token: Token, door: int, since: float) -> None:
        """Someone has the worker now."""
        _LOAN.pack_into(self._memory, self._at(token.place) + _NUMBER.size, door, since)

    def back(self, token: Token) -> None:
        """Nobody has it any more."""
        if self.there(token):
            _LOAN.pack_into(self._memory, self._at(token.place) + _NUMBER.size, 0, 0.0)

    def wait(self, door: int, number: int) -> None:
        """So many wait at a door."""
        _NUMBER.pack_into(self._memory, self._doors + door * _NUMBER.size, number)

    def waiting(self) -> int:
        """How many wait at all doors together."""
        return sum(_ALL.unpack_from(self._memory, self._doors))

    def close(self) -> None:
        """Let go of it, here."""
        self.budget.close()
        self._memory.close()
        os.close(self.descriptor)

    def _at(self, place: int) -> int:
        return self._workers + place * _WORKER.size


class Tokens:
    """The tokens of free workers; ``None`` is taken from them when they were closed, which is for all who have them."""

    def __init__(self, taking: socket.socket, giving: socket.socket) -> None:
        self._taking = taking
        self._giving = giving

    @classmethod
    def made(cls, patience: float) -> Tokens:
        """No tokens; who takes one waits for ``patience`` seconds at most."""
        taking, giving = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The kernel keeps this time for all who have the socket; a timeout of Python would make it one that never waits, for all of them.
        whole = int(patience)
        taking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", whole, int((patience - whole) * 1_000_000)))
        return cls(taking, giving)

    def descriptors(self) -> list[int]:
        """What another process needs to have them, too."""
        return [self._taking.fileno(), self._giving.fileno()]

    def take(self, *, wait: bool) -> Token | None:
        """The oldest token.  Raises ``BlockingIOError`` if there is none, or if none came."""
        data = self._taking.recv(_TOKEN.size, 0 if wait else socket.MSG_DONTWAIT)
        return Token(*_TOKEN.unpack(data)) if data else None

    def newest(self) -> Token | None:
        """The token that was given last: its worker has more of what it reads in pages of its own than any that has rested for longer.

        The socket gives the oldest, so all are taken and the others given back.  Raises ``BlockingIOError`` if there is none.
        """
        found = self.take(wait=False)
        older = []
        with suppress(BlockingIOError):
            while found is not None and (newer := self.take(wait=False)) is not None:
                older.append(found)
                found = newer
        for token in older:
            self.give(token)
        return found

    def give(self, token: Token) -> None:
        """Put a token to the others, unless they are closed."""
        with suppress(BrokenPipeError):
            self._giving.send(_TOKEN.pack(token.place, token.ticket))

    def shut(self) -> None:
        """Close them, for all: who waits is woken."""
        with suppress(OSError):  # closed already
            self._taking.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of them, here."""
        self._taking.close()
        self._giving.close()
