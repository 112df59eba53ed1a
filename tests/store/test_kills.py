"""Killed with SIGKILL at any moment of ingest, reasoning, backup, compaction, restoring or migration, a store is whole.

After each kill the store holds exactly what had been told as stored, or that and the one change that was under way; every backup that
had been told is there and can be brought back; and a reader beside the writer saw what had been published, never half a run.

``KILLS=200 pytest tests/store/test_kills.py -s`` kills so often and tells where; without it, a few times, and a store without vocabularies.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import Any

import pyoxigraph as ox
import pytest

from communique.errors import StoreBusy, StoreMissing
from communique.iris import Iris
from communique.queries.soundness import verify
from communique.store import EmbeddedStore, backup, open_here
from tests.store.life import digest

KILLS = int(os.environ.get("KILLS", "6"))
LIFE = Path(__file__).with_name("life.py")
BARE = KILLS < 100
# When to kill: so many lines after the phase began, at most, and so many seconds after that. The middle of a phase is what counts:
# many changes follow each other in the first two, the others do one thing that takes its time.
LINES = {"ingest": 10, "reason": 20, "backup": 1, "compact": 0, "restore": 1}
SECONDS = {"ingest": 0.1, "reason": 0.1, "backup": 0.2, "compact": 0.7, "restore": 0.6}
if not BARE:
    SECONDS |= {"backup": 1.2, "compact": 2.0, "restore": 2.0}
State = dict[str, str]


def state_of(store: EmbeddedStore) -> State:
    return {graph: digest(store.dump(graph)) for graph in store.graphs()}


@dataclass
class Model:
    """What must be in the store and in the backups, by what the process told."""

    now: State = field(default_factory=dict)
    pending: State | None = None
    published: list[State] = field(default_factory=list)
    backups: dict[str, State] = field(default_factory=dict)
    saving: str | None = None
    phase: str = "start"

    def hear(self, said: dict[str, Any]) -> None:
        match said["what"]:
            case "phase":
                self.phase = said["name"]
            case "change":
                new = {g: h for g, h in self.now.items() if g not in said["drop"] and g not in said["put"]}
                self.pending = new | {g: h for g, h in said["put"].items() if h}
            case "restore":
                self.pending = self.backups[said["file"]]
            case "changed":
                self._done()
            case "restored":
                self._done()
                self.published.append(self.now)
            case "published":
                self.published.append(self.now)
            case "save":
                self.saving = said["file"]
            case "saved":
                assert self.saving
                self.backups[self.saving], self.saving = self.now, None

    def _done(self) -> None:
        assert self.pending is not None
        self.now, self.pending = self.pending, None


class Life:
    """The busy process and what it says."""

    def __init__(self, place: Path, texts: Path, backups: Path, seed: str) -> None:
        argv = [sys.executable, str(LIFE), str(place), str(texts), str(backups), seed, *(["bare"] if BARE else [])]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.said: Queue[str | None] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self.said.put(line)
        self.said.put(None)

    def until(self, phase: str, lines: int, model: Model) -> None:
        """Hear what is said until a phase has begun and so many lines more."""
        left: int | None = None
        for said in self._heard():
            model.hear(said)
            if left is not None:
                left -= 1
            elif said == {"what": "phase", "name": phase}:
                left = lines
            if left == 0:
                return
        pytest.fail(f"the process ended by itself with {self.process.wait()}")

    def kill(self, model: Model) -> None:
        """Kill it, and hear what it had said."""
        assert self.process.poll() is None
        os.kill(self.process.pid, signal.SIGKILL)
        for said in self._heard():
            model.hear(said)
        self.process.wait()

    def _heard(self) -> Iterator[dict[str, Any]]:
        while (line := self.said.get()) is not None:
            if line.endswith("\n"):  # a line that was cut off says nothing
                yield json.loads(line)


@pytest.fixture
def texts(root: Path, tmp_path: Path) -> Path:
    """Eight sample texts, one of which is no readout."""
    place = tmp_path / "texts"
    place.mkdir()
    samples = sorted((root / "ingest" / "samples").glob("*.txt"))
    for text in [*samples[::8][:7], next(p for p in samples if "sanctions" in p.name)]:
        for file in (text, text.with_name(f"{text.stem}.meta.json")):
            if file.exists():
                shutil.copy(file, place)
    return place


def test_a_killed_process_leaves_what_it_had_told_and_nothing_by_halves(tmp_path: Path, texts: Path) -> None:
    chance = random.Random(20230318)
    place, backups = tmp_path / "store", tmp_path / "backups"
    backups.mkdir()
    pristine = {path: path.read_bytes() for path in texts.iterdir()}
    model, kills, readers = Model(), Counter[str](), 0
    for number in range(KILLS):
        for path, content in pristine.items():
            path.write_bytes(content)
        life = Life(place, texts, backups, str(number))
        model.published = model.published[-1:]
        phase = chance.choice(list(LINES))
        try:
            life.until(phase, chance.randint(0, LINES[phase]), model)
            seen = reading(place) if number % 2 == 0 else None
            time.sleep(chance.uniform(0, SECONDS[phase]))
        finally:
            life.kill(model)
        kills[model.phase] += 1
        with open_here(str(place), read_only=True) as reader:
            found = state_of(reader)
        assert found in (model.now, model.pending), f"kill {number}, in {model.phase}: neither before nor after the change under way"
        model.now, model.pending = found, None
        if seen is not None:
            readers += 1
            assert seen in (*model.published, found), f"kill {number}: a reader saw half a run"
        model.published.append(found)
        check_backups(model, backups, place)
        if number % 20 == 0:
            verdict = verify(str(place), Iris())
            assert (verdict.damage, verdict.accounts) == ([], sum(graph.endswith("/account") for graph in found))
    with open_here(str(place)) as store:
        assert state_of(store) == model.now
    assert not list(place.rglob("*.unfinished"))
    print(f"\n{sum(kills.values())} kills: {dict(sorted(kills.items()))}; {readers} readers beside the writer")


def reading(place: Path) -> State | None:
    """What a reader sees while the process works; nothing before the first run has ended."""
    try:
        with open_here(str(place), read_only=True) as reader:
            return state_of(reader)
    except (StoreBusy, StoreMissing):
        return None


def check_backups(model: Model, backups: Path, place: Path) -> None:
    """Each backup that was told is whole and holds what it held; the one under way is the old one, the new one, or not there."""
    for name in {path.name for path in backups.glob("*.gz")} | set(model.backups):
        backup.check(backups / name)
    if model.saving and (backups / model.saving).exists():
        elsewhere = place.with_name("brought-back")
        backup.restore(backups / model.saving, elsewhere, force=True)
        with open_here(str(elsewhere), read_only=True) as reader:
            found = state_of(reader)
        assert found in (model.now, model.backups.get(model.saving))
        model.backups[model.saving] = found
    model.saving = None


def test_a_killed_migration_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(20230319)
    lines = [f'<http://example.org/s{n}> <http://example.org/p> "{n}" <http://example.org/g{n % 7}> .' for n in range(3000)]
    script = "import sys; from communique.store import open_here; print('go', flush=True); open_here(sys.argv[1]).close()"
    formats = Counter[str]()
    for number in range(max(4, KILLS // 5)):
        place = tmp_path / str(number)
        place.mkdir()
        (place / "communique-store").write_text("communique store, format 1\n")
        ox.Store(str(place / "quads")).load("\n".join(lines).encode(), ox.RdfFormat.N_QUADS)
        with subprocess.Popen([sys.executable, "-c", script, str(place)], stdout=subprocess.PIPE) as process:
            assert process.stdout
            assert process.stdout.readline() == b"go\n"
            time.sleep(chance.uniform(0, 0.4))
            process.kill()
        formats[(place / "communique-store").read_text().split("\n")[0]] += 1
        with open_here(str(place), read_only=True) as reader:
            assert sorted(reader.dump()) == sorted(lines)
        with open_here(str(place)) as store:
            assert sorted(store.dump()) == sorted(lines)
        assert sorted(p.name for p in place.iterdir() if p.suffix == ".unfinished") == []
    print(f"\n{sum(formats.values())} kills, found as: {dict(formats)}")
