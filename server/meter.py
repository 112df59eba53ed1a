"""Limits of an answer, kept where it is written: time, rows and bytes, whoever writes it."""

from __future__ import annotations

import hashlib
import io
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Final

from communique.errors import TimedOut, TooLong

# What stands before each row.  In JSON that is the end of the row before, and the row must begin: a string that ends like a mark is
# followed by the end of its own term or by its language.
_MARKS: Final[Mapping[str, bytes]] = {"xml": b"<result>", "tsv": b"\n", "nt": b"\n", "nq": b"\n"}
_HEAD: Final = b'"bindings":['
_NEXT: Final = re.compile(rb'\},\{"[^,}]')
_OVERLAP: Final = 4  # bytes of JSON that may be the beginning of a mark
_HEADED: Final = ("csv", "tsv")  # their first line has the names of the columns


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take: ``seconds`` from its turn to its last byte, bytes of ``memory``, ``rows`` and bytes of its answer."""

    seconds: float = 30.0
    memory: int = 512_000_000
    rows: int = 1_000_000
    size: int = 200_000_000


class Meter:
    """A file that hands on what is written to it until the answer is too long or time is up.

    Rows are counted by what separates them in the bytes, since looking at each row would double the time of an answer; in the syntaxes
    of triples, N-Triples and N-Quads only.  A row of JSON without any value is not counted.
    """

    def __init__(self, out: Callable[[bytes], object], syntax: str, limits: Limits, end: float) -> None:
        self._out = out
        self._syntax = syntax
        self._limits = limits
        self._end = end
        self._tail = b""
        self._begun = False
        self._quoted = False
        self._seen = 0
        self.bytes = 0

    @property
    def rows(self) -> int:
        """The rows so far."""
        return max(0, self._seen - (self._syntax in _HEADED))

    def write(self, data: bytes) -> int:
        """Hand on some bytes; raises ``TooLong`` or ``TimedOut`` instead where they are too many or too late."""
        self.bytes += len(data)
        self._count(data)
        limits = self._limits
        if self.bytes > limits.size or self.rows > limits.rows:
            most = f"{limits.size:,} bytes" if self.bytes > limits.size else f"{limits.rows:,} rows"
            raise TooLong(f"the answer is longer than {most}", todo="ask for less with LIMIT, or take the export of the whole store")
        if time.monotonic() > self._end:
            raise TimedOut(f"the answer took longer than {limits.seconds:g} seconds", todo="ask for less")
        self._out(data)
        return len(data)

    def flush(self) -> None:
        """Everything has been handed on already."""

    def _count(self, data: bytes) -> None:
        if self._syntax == "csv":
            # Lines end within quotes too; a quote in a text is doubled, which changes nothing.
            for piece in data.split(b'"') if b'"' in data else (data,):
                self._seen += 0 if self._quoted else piece.count(b"\n")
                self._quoted = not self._quoted
            self._quoted = not self._quoted
            return
        if self._syntax == "json":
            text = self._tail + data
            if not self._begun:
                if (place := text.find(_HEAD)) < 0:
                    self._tail = text[1 - len(_HEAD) :]
                    return
                self._begun = True
                text = b"}," + text[place + len(_HEAD) :]  # as if there were a row before the first
            # One pass that finds the mark and what follows it; a mark is five bytes long, so none is found twice.
            self._seen += len(_NEXT.findall(text))
            self._tail = text[-_OVERLAP:]
        elif mark := _MARKS.get(self._syntax):
            text = (self._tail + data) if self._tail else data
            self._seen += text.count(mark)
            self._tail = text[1 - len(mark) :] if len(mark) > 1 else b""


class Fingerprint:
    """A file that is read through, and the hash of its lines, which is the same in whatever order they come."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._rest = b""
        self._total = self._lines = 0

    def read(self, size: int = -1) -> bytes:
        """Bytes of the file."""
        data = self._file.read(size)
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            self.add(line)
        return data

    def digest(self) -> str:
        """The hash of the lines that were read."""
        if self._rest:
            self.add(self._rest)
            self._rest = b""
        return hashlib.sha256(f"{self._lines} {self._total % (1 << 128):x}".encode()).hexdigest()[:16]

    def add(self, line: bytes) -> None:
        """One line more."""
        self._total += int.from_bytes(hashlib.blake2b(line, digest_size=16).digest())
        self._lines += 1


def fingerprint(lines: Iterable[str]) -> str:
    """The same hash of lines of text."""
    found = Fingerprint(io.BytesIO())
    for line in lines:
        found.add(line.encode())
    return found.digest()
