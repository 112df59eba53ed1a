"""A writer killed at any moment leaves whole readouts only; a full disk loses nothing that was stored."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from communique.errors import StoreError
from communique.store import open_store

EX = "http://example.org/"

# Writes readouts of changing size, two graphs each, so many a change, and prints each when it is stored. One at a time they
# take one another's place; many at a time are new ones, which the engine writes in another way.
WRITER = """
import itertools, random, sys
from communique.store import open_store
EX, place, seed, batch = "http://example.org/", sys.argv[1], sys.argv[2], int(sys.argv[3])
chance = random.Random(seed)
store = open_store(place)
print("open", flush=True)
for change in itertools.count():
    sizes = {f"{seed}-{change}-{i}" if batch > 1 else f"{chance.randrange(40)}": chance.randrange(1, 120) for i in range(batch)}
    graphs = {
        g: [f'<{EX}s{i}> <{EX}size> "{size}" <{g}> .' for i in range(size)]
        for name, size in sizes.items() for g in (EX + name, f"{EX}{name}/inferred")
    }
    store.apply(graphs)
    print("".join(f"{name} {size}\\n" for name, size in sizes.items()), end="", flush=True)
"""


def whole(place: Path) -> dict[str, int]:
    """The size of each stored readout, all of whose quads are there; fails on a half one."""
    with open_store(str(place)) as store:
        counts, sizes = Counter[str](), dict[str, set[str]]()
        for g, size in store.select(f"SELECT ?g ?size {{ GRAPH ?g {{ ?s <{EX}size> ?size }} }}"):
            counts[g.value] += 1  # type: ignore[union-attr]
            sizes.setdefault(g.value, set()).add(size.value)  # type: ignore[union-attr]
    for graph, count in counts.items():
        assert sizes[graph] == {str(count)}, f"{graph} is a half readout"
        assert counts[graph.removesuffix("/inferred")] == counts[graph.removesuffix("/inferred") + "/inferred"]
    return {g.removeprefix(EX): n for g, n in counts.items() if not g.endswith("/inferred")}


@pytest.mark.parametrize("batch", [1, 120])
def test_a_killed_writer_leaves_whole_readouts_and_loses_none(tmp_path: Path, batch: int) -> None:
    chance = random.Random(20220317)
    acknowledged: dict[str, int] = {}
    for round_ in range(10 if batch == 1 else 4):
        argv = [sys.executable, "-c", WRITER, str(tmp_path / "store"), str(round_), str(batch)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, start_new_session=True) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "open\n"
            time.sleep(chance.uniform(0, 0.15 if batch == 1 else 1.5))
            os.kill(writer.pid, signal.SIGKILL)
            told = [line.split() for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
        for name, size in told:
            acknowledged[name] = int(size)
        found = whole(tmp_path / "store")
        # The last change may have been stored without having been told; everything that was told is there.
        assert sum(found.get(name) != size for name, size in acknowledged.items()) <= (1 if batch == 1 else 0)
        assert len(found) % batch == 0
        acknowledged = found
    assert acknowledged
    with open_store(str(tmp_path / "store"), read_only=True) as reader:
        assert reader.count() == 2 * sum(acknowledged.values())


def test_a_reader_after_a_killed_writer_sees_what_was_stored(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", WRITER, str(tmp_path), "1", "1"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, start_new_session=True) as writer:
        assert writer.stdout is not None
        for _ in range(4):
            writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
    with open_store(str(tmp_path), read_only=True) as reader:
        assert len(reader.graphs()) >= 2


@pytest.mark.parametrize("size", [200, 12_000])
def test_a_full_disk_loses_nothing(small_disk: Path, size: int) -> None:
    place = small_disk / "store"
    ballast = small_disk / "ballast"

    def lines(n: int) -> list[str]:
        chance = random.Random(n)
        return [f'<{EX}s{i}> <{EX}size> "{chance.randbytes(400 if size < 1000 else 40).hex()}" <{EX}{n}> .' for i in range(size)]

    stored: list[int] = []
    with pytest.raises(StoreError, match="the disk is full; free some space") as caught, open_store(str(place)) as store:  # noqa: PT012
        ballast.write_bytes(bytes(44_000_000))
        for n in range(1000):
            store.put_graph(f"{EX}{n}", lines(n))
            stored.append(n)
    assert "\n" not in str(caught.value)
    assert stored
    ballast.unlink()
    with open_store(str(place)) as store:
        assert set(store.graphs()) >= {f"{EX}{n}" for n in stored}
        for n in stored:
            assert sorted(store.dump(f"{EX}{n}")) == sorted(lines(n))
        store.put_graph(EX + "after", [f"<{EX}s> <{EX}p> <{EX}o> <{EX}after> ."])
        assert store.has(EX + "after")
