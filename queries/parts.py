"""The store in files: what is asserted, what it rests on, what follows, who is who, the vocabularies, and a table of all acts."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from communique.iris import CQ, Iris
from communique.queries import exports
from communique.queries.partitions import PARTS, part_of
from communique.store import Dataset, Reader

SUMS: Final = "SHA256SUMS"
_INDEX: Final = "index.json"
TABLE: Final = "acts.csv.gz"
# Properties that say where something stands, how it was read and how sure it is, and nodes that are nothing else.
_EVIDENCE: Final = frozenset(
    f"<{CQ}{name}>"
    for name in (
        *("quote", "start", "end", "evidence", "derivedBy", "confidence", "text", "hasSegment", "blockKind", "reading"),
        *("content", "contentStart", "contentEnd", "trigger", "triggerStart", "triggerEnd"),
    )
)
_NODE: Final = re.compile(r"<[^>]*/(?:segment|diagnostic|extraction)(?:/[^>]*)?>")


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name, what is in it, how many quads or rows, its size and its SHA-256."""

    name: str
    about: str
    items: int
    size: int
    sha256: str


def write(store: Reader, graphs: tuple[str, ...], iris: Iris, folder: Path) -> tuple[File, ...]:
    """Write the parts of ``store`` to ``folder``; the same store gives the same bytes."""
    counts = dict.fromkeys(PARTS, 0)
    with ExitStack() as stack:
        out = {part: stack.enter_context(_compressed(folder / f"{part}.nq.gz")) for part in PARTS}
        for graph in graphs:
            part = part_of(iris, graph)
            blocks: dict[str, list[str]] = {}
            for line in sorted(_lines(store, graph)):
                blocks.setdefault("evidence" if part == "asserted" and _is_evidence(line) else part, []).append(line)
            for name, lines in blocks.items():
                out[name].write("".join(lines).encode())
                counts[name] += len(lines)
    with _compressed(folder / TABLE) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        writer = csv.DictWriter(text, exports.COLUMNS, lineterminator="\n")
        writer.writeheader()
        rows = 0
        for row in exports.acts(store):
            writer.writerow(row)
            rows += 1
        text.flush()
        text.detach()
    files = [_file(folder / f"{part}.nq.gz", about, counts[part]) for part, about in PARTS.items()]
    files.append(_file(folder / TABLE, "one row an act: who, to whom, on what, in which words", rows))
    (folder / SUMS).write_text("".join(f"{file.sha256}  {file.name}\n" for file in files), encoding="ascii", newline="\n")
    (folder / _INDEX).write_text(json.dumps([asdict(file) for file in files]), encoding="utf-8")
    return tuple(files)


def read(folder: Path) -> tuple[File, ...]:
    """The files that were written to ``folder``."""
    return tuple(File(**each) for each in json.loads((folder / _INDEX).read_text(encoding="utf-8")))


def _lines(store: Reader, graph: str) -> Iterator[str]:
    """The quads of a graph as N-Quads lines."""
    for triple in store.construct("CONSTRUCT WHERE { ?s ?p ?o }", Dataset(default=(graph,))):
        yield f"{triple} <{graph}> .\n"


def _is_evidence(line: str) -> bool:
    subject, predicate, _ = line.split(" ", 2)
    return predicate in _EVIDENCE or _NODE.fullmatch(subject) is not None


@contextmanager
def _compressed(path: Path) -> Iterator[gzip.GzipFile]:
    """A file to write to, without name and time in it."""
    with path.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as out:
        yield out


def _file(path: Path, about: str, items: int) -> File:
    return File(path.name, about, items, path.stat().st_size, sha256(path.read_bytes()).hexdigest())
