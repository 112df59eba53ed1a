"""A process that keeps a store busy until it is killed: ingest, reason, backup, compact, restore, over and over.

It tells on stdout, one JSON object a line, what it is about to do and what is done, so that whoever kills it knows what must be there.
Run as ``python life.py STORE TEXTS BACKUPS SEED [bare]``; each ingest finds the texts changed, and a ``bare`` store has no vocabularies,
which are most of the quads of a small one.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from communique.ingest import pipeline
from communique.iris import Iris
from communique.ontology import graphs, reasoner
from communique.store import Edit, EmbeddedStore, backup, directory, open_here
from communique.store.protocol import NO_EDITS


def digest(lines: Iterable[str]) -> str:
    """The hash of a graph's lines."""
    return sha256("\n".join(sorted(set(lines))).encode()).hexdigest()


def tell(what: str, **more: object) -> None:
    print(json.dumps({"what": what, **more}), flush=True)


class Telling(EmbeddedStore):
    """A store that tells of each change before and after it."""

    def apply(self, put: Mapping[str, Iterable[str]], drop: Iterable[str] = (), edit: Mapping[str, Edit] = NO_EDITS) -> None:
        lines, gone = {graph: list(new) for graph, new in put.items()}, list(drop)
        edited = {graph: sorted({*self.dump(graph)}.difference(e.remove).union(e.add)) for graph, e in edit.items()}
        tell("change", put={graph: digest(new) if new else None for graph, new in (lines | edited).items()}, drop=gone)
        super().apply(lines, gone, edit)
        tell("changed")


def live(place: Path, texts: Path, backups: Path, seed: str) -> None:
    originals = {path: path.read_text(encoding="utf-8") for path in sorted(texts.glob("*.txt"))}
    for cycle in itertools.count():
        for number, (path, text) in enumerate(originals.items()):
            if (number + cycle) % 3:
                path.write_text(f"{text}\n\nNote {seed}-{cycle}.\n", encoding="utf-8")
        saved = backups / f"{cycle % 2}.nq.gz"
        tell("phase", name="ingest")
        with open_here(str(place)) as store:
            store.__class__ = Telling
            pipeline.ingest([texts], store, Iris(), close=reasoner.closer(store, Iris()))
        tell("published")
        tell("phase", name="reason")
        with open_here(str(place)) as store:
            store.__class__ = Telling
            reasoner.reason(store, Iris())
        tell("published")
        tell("phase", name="backup")
        with open_here(str(place), read_only=True) as store:
            tell("save", file=saved.name)
            backup.save(store, saved, force=True)
        tell("saved")
        tell("phase", name="compact")
        directory.compact(place)
        tell("published")
        earlier = backups / f"{(cycle + 1) % 2}.nq.gz"
        if earlier.exists():
            tell("phase", name="restore")
            tell("restore", file=earlier.name)
            backup.restore(earlier, place, force=True)
            tell("restored")


if __name__ == "__main__":
    pipeline._BATCH_DOCUMENTS = 2  # many changes a run
    reasoner._BATCH = 2
    if sys.argv[5:] == ["bare"]:
        graphs.load = lambda *_: False
    live(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
