"""The process that adds facts while the demo serves: it adds them, is stopped with the demo, and goes on the next time."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from communique.cli.main import run as command
from communique.cli.serving import adding_facts
from communique.cli.terminal import Run
from communique.ingest.withheld import collection
from communique.iris import CQ, Iris
from communique.ontology import graphs
from communique.queries import soundness
from communique.store import open_store

SAMPLES = Path(__file__).parents[1] / "ingest" / "samples"
IRIS = Iris()


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small collection."""
    file = tmp_path_factory.mktemp("collection") / "some.nq.gz"
    texts = sorted(p for p in SAMPLES.iterdir() if p.suffix == ".txt" and p.name != "README.md")[:6]
    assert command(["facts", "build", *map(str, texts), "-o", str(file)]) == 0
    return file


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that has the vocabularies and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    with open_store(str(folder / "store")) as store:
        graphs.load(store, IRIS)
    return folder / "store"


@pytest.fixture
def place(empty: Path, tmp_path: Path) -> str:
    return str(shutil.copytree(empty, tmp_path / "store"))


@pytest.fixture(scope="module")
def undisturbed(empty: Path, some: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What a store holds to which the collection was added in one go."""
    place = str(shutil.copytree(empty, tmp_path_factory.mktemp("undisturbed") / "store"))
    assert command(["facts", "add", str(some), "--store", place, "--quiet"]) == 0
    return contents(place)


def contents(place: str) -> dict[str, list[str]]:
    with open_store(place, read_only=True) as store:
        return {graph: sorted(store.dump(graph)) for graph in store.graphs()}


def there(place: str, file: Path) -> int:
    """How many readouts of the collection are in the store with what follows from them."""
    with open_store(place, read_only=True) as store:
        return sum(store.has(graph) and store.has(IRIS.inferred(graph)) for graph in collection.read(file, IRIS))


def test_facts_come_while_something_else_goes_on(place: str, some: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = len(collection.read(some, IRIS))
    said: set[str] = set()
    with adding_facts(Run(), place, some) as coming:
        assert "adding the facts of real readouts" in capsys.readouterr().err
        until = time.monotonic() + 120
        while not any("100 %" in words for words in said) and time.monotonic() < until:
            said.add(coming())
            time.sleep(0.05)
    assert any(f"The facts of {wanted} real readouts are being added: " in words for words in said)
    assert there(place, some) == wanted
    with open_store(place, read_only=True) as store:
        assert store.ask(f"ASK {{ ?readout <{CQ}factsOnly> true }}")
    with adding_facts(Run(), place, some):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("after", [0.0, 2.0])
def test_stopped_half_way_the_store_is_whole_and_the_next_time_goes_on(
    place: str, some: Path, undisturbed: dict[str, list[str]], after: float
) -> None:
    with adding_facts(Run(), place, some):
        time.sleep(after)
    assert not soundness.verify(place, IRIS).damage
    assert command(["facts", "add", str(some), "--store", place, "--quiet"]) == 0
    assert contents(place) == undisturbed
