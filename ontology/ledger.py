"""What each inferred graph was made from, as data beside the inferences: so a run knows what is left to do.

A mark tells the hash of the statements that a graph follows from, the version of all that was applied to them, and the numbers of
both.  A graph is written with its mark in one transaction, and goes with the graph that it follows from; so one that is not
there, or that bears another version, is due.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from communique.iris import CQ
from communique.ontology.terms import XSD
from communique.store import Store

_NAMES = ("closedFrom", "closedUnder", "statementsRead", "statementsInferred")
_PATTERN = " ".join(f"?graph <{CQ}{name}> ?{name} ." for name in _NAMES)
_MARKS = f"SELECT ?graph {' '.join(f'?{name}' for name in _NAMES)} {{ GRAPH ?graph {{ {_PATTERN} }} }}"


@dataclass(frozen=True, slots=True)
class Mark:
    """The hash of what a graph follows from, the version that closed it, and the numbers of statements read and inferred."""

    source: str
    version: str
    read: int
    inferred: int

    def lines(self, graph: str) -> list[str]:
        """The mark as lines of ``graph``."""
        values = (f'"{self.source}"', f'"{self.version}"', *(f'"{n}"^^<{XSD}integer>' for n in (self.read, self.inferred)))
        return [f"<{graph}> <{CQ}{name}> {value} <{graph}> ." for name, value in zip(_NAMES, values, strict=True)]


def marks(store: Store) -> dict[str, Mark]:
    """The marks of all graphs, by graph."""
    return {
        graph.value: Mark(source.value, version.value, int(read.value), int(inferred.value))  # type: ignore[union-attr]
        for graph, source, version, read, inferred in store.select(_MARKS)
    }


def is_mark(line: str) -> bool:
    """Whether a line of a graph tells about the graph: its mark, or the tally of what is counted of it."""
    return any(f"> <{CQ}{name}> " in line for name in (*_NAMES, "tally"))


def digest(lines: Iterable[str]) -> str:
    """The hash of statements, in whatever order they come."""
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()[:32]


@cache
def version() -> str:
    """The hash of everything that decides what follows: ontology, vocabularies, rules, and the code that applies them."""
    found = sha256()
    for path, file in sorted(_files(files("communique.ontology"), "")):
        found.update(f"{path}\0".encode())
        found.update(file)
    return found.hexdigest()[:32]


def _files(folder: Traversable, path: str) -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{path}/{entry.name}")
        elif entry.name.endswith((".py", ".ttl", ".toml", ".rq")):
            yield f"{path}/{entry.name}", entry.read_bytes()
