"""Collections of readouts without their words: made from texts, shipped as a file, put into a store."""

from __future__ import annotations

import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import as_file, files
from itertools import groupby
from pathlib import Path

from communique.errors import InputError
from communique.ingest.engine import HERE, Engine, in_order
from communique.ingest.extract import extract
from communique.ingest.pages import documents
from communique.ingest.quads import quads
from communique.ingest.withheld.facts import facts_only
from communique.iris import BASE, CQ, Iris
from communique.model import Document, Refusal
from communique.ontology import ledger
from communique.store import Store

SHIPPED = "us-2021-2023.nq.gz"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a collection holds: readouts by publisher, the first and the last day, encounters, acts, statements."""

    publishers: Mapping[str, int]
    first: str
    last: str
    encounters: int
    acts: int
    statements: int

    @property
    def readouts(self) -> int:
        """How many readouts there are."""
        return sum(self.publishers.values())


def build(paths: Iterable[str | Path], iris: Iris, engine: Engine = HERE) -> tuple[dict[str, list[str]], list[Refusal]]:
    """The facts of every readout among the documents at ``paths``, by graph, sorted; and what could not be read."""
    found: dict[str, list[str]] = {}
    refused: list[Refusal] = []
    seen: set[str] = set()
    with closing(in_order(_facts, documents.read(paths), engine, iris, lambda item: isinstance(item, Document))) as done:
        for item, lines in done:
            if isinstance(item, Refusal):
                refused.append(item)
            elif lines and item.sha256 not in seen:
                found[iris.account(iris.readout(item))] = lines
                seen.add(item.sha256)
    return dict(sorted(found.items())), refused


def _facts(iris: Iris, item: Document | Refusal) -> list[str]:
    assert isinstance(item, Document)  # no refusal is wanted
    found = extract(item)
    return facts_only(quads(found, iris), iris) if found.set_aside is None else []


def packed(accounts: Mapping[str, Sequence[str]]) -> bytes:
    """A collection as a file: compressed N-Quads, the same for the same accounts."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0) as stream:
        for lines in accounts.values():
            stream.write("".join(f"{line}\n" for line in lines).encode())
    return out.getvalue()


def read(file: Path, iris: Iris) -> dict[str, list[str]]:
    """The accounts of a collection, by graph, under the base of ``iris``.

    Raises ``InputError`` for a file that is no collection.
    """
    try:
        whole = gzip.decompress(file.read_bytes()).decode()
        if "/account> .\n" not in whole:
            raise ValueError
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise InputError("is no collection of facts", where=file, todo="name a file that 'communique facts build' wrote") from error
    if iris.base != BASE:
        whole = whole.replace(f"<{BASE}id/", f"<{iris.base}id/")
    lines = whole.splitlines()
    return {graph[1:]: list(some) for graph, some in groupby(lines, key=lambda line: line.rsplit(" ", 2)[1][:-1])}


def shipped(iris: Iris) -> dict[str, list[str]]:
    """The collection that comes with the package."""
    with as_file(files("communique.ingest").joinpath("collections", SHIPPED)) as file:
        return read(file, iris)


def digest(file: Path | None) -> str:
    """The hash of a collection as a file, of the shipped one if none is named.  Raises ``InputError`` for a file that cannot be read."""
    if file is None:
        return sha256(files("communique.ingest").joinpath("collections", SHIPPED).read_bytes()).hexdigest()[:32]
    try:
        return sha256(file.read_bytes()).hexdigest()[:32]
    except OSError as error:
        raise InputError("cannot be read", where=file) from error


def whole(store: Store, iris: Iris, name: str) -> bool:
    """Whether a collection is in a store with all that follows from it under the present rules, so that nothing is left to do."""
    return any(True for _ in store.match(*_mark(iris, name), iris.graph("collections")))


def mark(store: Store, iris: Iris, name: str) -> None:
    """Note that it is.  What is forgotten later does not come back by itself."""
    graph = iris.graph("collections")
    kept = [line for line in store.dump(graph) if f'"{name} ' not in line]
    store.apply({graph: [*kept, f"{' '.join(_mark(iris, name))} <{graph}> ."]})


def _mark(iris: Iris, name: str) -> tuple[str, str, str]:
    return f"<{iris.graph('collections')}>", f"<{CQ}closedFrom>", f'"{name} {ledger.version()}"'


def add(store: Store, accounts: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Put accounts into a store, and tell which were not there; what follows from them is for ``reasoner.reason``.

    A readout that is there already stays as it is: with its text it holds more than here.
    """
    present = set(store.graphs())
    new = {graph: lines for graph, lines in accounts.items() if graph not in present}
    if new:
        store.apply(new)
    return new


def summary(accounts: Mapping[str, Sequence[str]]) -> Summary:
    """Figures of a collection."""
    labels: dict[str, str] = {}
    of: list[str] = []
    days: list[str] = []
    counts: Counter[str] = Counter()
    for line in (line for lines in accounts.values() for line in lines):
        s, p, o = line.split(" ", 2)
        counts[p] += 1
        if p == f"<{CQ}publisher>":
            of.append(o.split(" ")[0])
        elif p.endswith("rdf-schema#label>") and "/id/publisher/" in s:
            labels[s] = o.split('"')[1]
        elif p == f"<{CQ}date>" and "/" not in s.partition("/id/readout/")[2].split("/", 3)[-1]:
            days.append(o.split('"')[1])
    publishers = Counter(labels[node] for node in of)
    return Summary(
        dict(publishers.most_common()),
        min(days, default=""),
        max(days, default=""),
        counts[f"<{CQ}describesEncounter>"],
        counts[f"<{CQ}hasSpeechAct>"],
        counts.total(),
    )
