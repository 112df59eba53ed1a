"""Any number of realistic readouts: those of a few texts as they are extracted, multiplied.

Each copy is a text of its own, some days later, with the same people.  Copies are made one by one, so memory does not grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from communique.ingest.extract import extract
from communique.ingest.pages.documents import read
from communique.ingest.quads import quads
from communique.iris import Iris
from communique.model import Document
from communique.ontology import reasoner
from communique.store import directory, open_store

IRIS = Iris()
Account = tuple[str, list[str]]
"""The name of a graph, and its lines."""

_ROUND = 5  # days between two copies of a text
_DAY = re.compile(r'"(\d{4}-\d\d-\d\d)(?=["T])')


class Readouts:
    """Any number of accounts, made from those of ``paths`` (else of the shipped samples), of at most ``most`` statements."""

    def __init__(self, paths: list[Path], most: int | None = None) -> None:
        with as_file(files("communique.ingest").joinpath("samples")) as samples:
            found = paths or sorted(p for p in samples.iterdir() if p.suffix in (".txt", ".md", ".html"))
            read_ = (extract(d) for d in read(found) if isinstance(d, Document))
            every = [(IRIS.readout(x.document), list(quads(x, IRIS))) for x in read_ if x.set_aside is None]
        self.base = [(readout, "\n".join(lines)) for readout, lines in every if most is None or len(lines) <= most]
        self.size = sum(text.count("\n") + 1 for _, text in self.base) / len(self.base)

    def __call__(self, count: int, first: int = 0) -> Iterator[Account]:
        """The accounts from number ``first``."""
        for number in range(first, first + count):
            again, place = divmod(number, len(self.base))
            readout, text = self.base[place]
            if again:
                days = {day: str(date.fromisoformat(day) + timedelta(_ROUND * again)) for day in set(_DAY.findall(text))}
                text = _DAY.sub(lambda day: f'"{days[day[1]]}', text.replace(readout, f"{readout}-{again}"))  # noqa: B023
                readout = f"{readout}-{again}"
            yield IRIS.account(readout), text.splitlines()


def fill(path: Path, accounts: Iterator[Account], *, closed: bool = True) -> None:
    """Put accounts into a new store on disk, in one go, and leave the engine nothing to tidy up; with what follows from each by itself
    if they are to be ``closed`` (``reason`` does that anew once it is known who is who)."""
    with open_store(str(path)) as store:
        close = reasoner.closer(store, IRIS)
    parts = _closed(close, accounts) if closed else ("\n".join((*lines, "")).encode() for _, lines in accounts)
    bulk(path, parts)


def bulk(path: Path, parts: Iterator[bytes]) -> None:
    """Put lines into a store on disk, in one go, and leave the engine nothing to tidy up."""
    quads = directory.open_writer(path)
    quads.bulk_load(cast("IO[bytes]", _Lines(parts)), ox.RdfFormat.N_QUADS, lenient=True)  # what was written here needs no check
    quads.optimize()
    quads.flush()


def tidy(path: Path) -> None:
    """Let the engine do now what it would do beside the changes that are measured."""
    directory.open_writer(path).optimize()


def _closed(close: reasoner.Closer, accounts: Iterator[Account]) -> Iterator[bytes]:
    """Each account with what follows from it, as lines."""
    for graph, lines in accounts:
        yield "\n".join((*lines, *close(graph, lines)[1], "")).encode()


class _Lines:
    """A file that is made while it is read, so that no memory or disk holds it."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, ``size`` at most; none at the end."""
        part = self._rest or next(self._parts, b"")
        self._rest = b"" if size < 0 else part[size:]
        return part if size < 0 else part[:size]
