"""A store of the samples, read and reasoned over, which takes seven seconds of a processor: made once for all workers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import pyoxigraph as ox

from communique.ingest import pipeline
from communique.iris import Iris
from communique.ontology.reasoner import reason
from communique.store import open_here
from communique.store.embedded import EmbeddedStore
from tests.vocabularies import all_vocabularies


def made(folder: Path) -> Path:
    """The store in a folder that workers share; whoever comes first makes it, and nobody writes to it."""
    place = folder / "samples"
    with _one_at_a_time(folder / "samples.lock"), all_vocabularies():
        if not place.exists():
            new = folder / "samples.new"
            with open_here(str(new)) as opened, as_file(files("communique.ingest") / "samples") as texts, _quads(place).open("wb") as out:
                pipeline.ingest([texts], opened, Iris())
                reason(opened, Iris())
                opened.dump_to(out)
            new.rename(place)
    return place


def copied(place: Path, *, writable: bool = True) -> EmbeddedStore:
    """A copy in memory, of which a process may have several."""
    quads = ox.Store()
    quads.bulk_load(path=str(_quads(place)), format=ox.RdfFormat.N_QUADS)
    return EmbeddedStore(quads, writable=writable)


def _quads(place: Path) -> Path:
    return place.with_suffix(".nq")


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    if sys.platform == "win32":
        yield
    else:
        import fcntl

        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
