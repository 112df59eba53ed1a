"""A store as RDF files, graph by graph: N-Quads and TriG of each part, and Turtle of the whole."""

from __future__ import annotations

import gzip
import heapq
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final, cast

import pyoxigraph as ox

from communique.iris import CQ, Iris
from communique.queries.exports import PREFIXES
from communique.queries.partitions import PARTS, part_of
from communique.store import Dataset, Reader

# Properties that say where something stands, how it was read and how sure it is, and nodes that are nothing else.
_EVIDENCE: Final = frozenset(
    f"<{CQ}{name}>"
    for name in (
        *("quote", "start", "end", "evidence", "derivedBy", "confidence", "text", "hasSegment", "blockKind", "reading"),
        *("content", "contentStart", "contentEnd", "trigger", "triggerStart", "triggerEnd"),
    )
)
_NODE: Final = re.compile(r"<[^>]*/(?:segment|diagnostic|extraction)(?:/[^>]*)?>")
_RUN: Final = 50_000  # lines that are sorted in memory


def parts(store: Reader, graphs: Iterable[str], iris: Iris, folder: Path) -> dict[str, int]:
    """Write the parts of ``store`` as N-Quads to ``folder``, sorted within each graph; the number of quads of each."""
    counts = dict.fromkeys(PARTS, 0)
    with ExitStack() as stack:
        out = {part: stack.enter_context(compressed(folder / f"{part}.nq.gz")) for part in PARTS}
        for graph in graphs:
            part = part_of(iris, graph)
            with TemporaryDirectory(dir=folder, prefix=".sorting-") as place:
                for line in distinct(_lines(store, graph), Path(place)):
                    name = "evidence" if part == "asserted" and _is_evidence(line) else part
                    out[name].write(line.encode())
                    counts[name] += 1
    return counts


def trig(folder: Path, part: str) -> None:
    """Write a part as TriG, from its N-Quads."""
    with _opened(folder / f"{part}.nq.gz") as quads, compressed(folder / f"{part}.trig.gz") as out:
        ox.serialize(ox.parse(quads, ox.RdfFormat.N_QUADS), out, ox.RdfFormat.TRIG, prefixes=dict(PREFIXES))


def turtle(folder: Path) -> int:
    """Write the union of all parts as Turtle, from their N-Quads; the number of triples, each counted once."""
    with TemporaryDirectory(dir=folder, prefix=".sorting-") as place:
        merged = Path(place) / "all.nt"
        count = 0
        with merged.open("w", encoding="utf-8", newline="\n") as out:
            for line in distinct(_triples(folder), Path(place)):
                out.write(line)
                count += 1
        with merged.open("rb") as triples, compressed(folder / "whole.ttl.gz") as packed:
            found = (quad.triple for quad in ox.parse(triples, ox.RdfFormat.N_TRIPLES))
            ox.serialize(found, packed, ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    return count


def distinct(lines: Iterable[str], place: Path, run: int = _RUN) -> Iterator[str]:
    """Lines in order, each once, however many there are: sorted runs in files of ``place``, merged; a single run stays in memory."""
    source = iter(lines)
    runs: list[Path] = []
    while some := sorted(set(islice(source, run))):
        if not runs and len(some) < run:
            ahead = list(islice(source, 1))
            if not ahead:
                yield from some
                return
            source = chain(ahead, source)
        path = place / f"run-{len(runs)}"
        path.write_text("".join(some), encoding="utf-8", newline="\n")
        runs.append(path)
    with ExitStack() as stack:
        opened = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in runs]
        yield from (line for line, _ in groupby(heapq.merge(*opened)))


def _lines(store: Reader, graph: str) -> Iterator[str]:
    """The quads of a graph as N-Quads lines: one by one from a store, all at once from an engine."""
    if dump := getattr(store, "dump", None):
        yield from (f"{line}\n" for line in dump(graph))
        return
    for triple in store.construct("CONSTRUCT WHERE { ?s ?p ?o }", Dataset(default=(graph,))):
        yield f"{triple} <{graph}> .\n"


def _triples(folder: Path) -> Iterator[str]:
    for part in PARTS:
        with gzip.open(folder / f"{part}.nq.gz", "rt", encoding="utf-8", newline="\n") as quads:
            for line in quads:
                yield f"{line.rsplit(' ', 2)[0]} .\n"


def _is_evidence(line: str) -> bool:
    subject, predicate, _ = line.split(" ", 2)
    return predicate in _EVIDENCE or _NODE.fullmatch(subject) is not None


@contextmanager
def compressed(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, without name and time in it."""
    with path.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as out:
        yield cast(IO[bytes], out)


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path))
