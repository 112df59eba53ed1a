"""A cluster on loopback gives what one machine gives, also if workers die; what is wrong with it is told in one line."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.errors import EngineError, ExitCode
from communique.ingest import cluster
from communique.ingest.engine import SHARE, engine, in_order
from communique.ingest.pipeline import Progress, Report, ingest
from communique.iris import Iris
from communique.model import Document, Refusal
from communique.ontology.reasoner import closer
from communique.store import open_store
from tests.ingest import clusters

IRIS = Iris()
COPIES = 2


@pytest.fixture(scope="module")
def texts(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples several times over, so that there are many more shares than may wait."""
    folder = tmp_path_factory.mktemp("texts")
    for path in (root / "ingest" / "samples").rglob("*.txt"):
        text = path.read_text(encoding="utf-8")
        for number in range(COPIES):
            (folder / f"{path.stem}-{number}.txt").write_text(f"{text}\n\nNote {number}.\n", encoding="utf-8")
    assert len(list(folder.iterdir())) > 6 * SHARE
    return folder


@pytest.fixture(scope="module")
def alone(texts: Path) -> list[str]:
    """What one process makes of them."""
    with open_store("memory:") as store:
        ingest([texts], store, IRIS, close=closer(store, IRIS))
        return sorted(store.dump())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clusters.Local]:
    with clusters.local(tmp_path_factory.mktemp("scheduler")) as made:
        yield made


@pytest.fixture
def cluster_(running: clusters.Local) -> Iterator[clusters.Local]:
    """A scheduler, with the workers that earlier tests have left in good health."""
    yield running
    running.settle()


def spread(texts: Path, place: str, store: str, progress: Progress | None = None, again: bool = False) -> Report:
    with open_store(store) as opened:
        return ingest([texts], opened, IRIS, engine=engine(place), close=closer(opened, IRIS), progress=progress, again=again)


def held(store: str) -> list[str]:
    with open_store(store, read_only=True) as opened:
        return sorted(opened.dump())


class At:
    """Does something once so many documents have come."""

    def __init__(self, number: int, what: object) -> None:
        self.number, self.what = number, what

    def __call__(self, _: Document | Refusal) -> None:
        self.number -= 1
        if self.number == 0:
            self.what()  # type: ignore[operator]


def test_the_store_is_the_same_when_a_worker_is_killed_midway(
    cluster_: clusters.Local, texts: Path, alone: list[str], tmp_path: Path
) -> None:
    cluster_.have(2)
    place = str(tmp_path / "store")
    report = spread(texts, cluster_.place, place, At(17, cluster_.workers[0].kill))
    assert cluster_.workers[0].wait() < 0
    assert cluster_.workers[1].poll() is None
    assert held(place) == alone
    assert report.documents == len(list(texts.iterdir()))
    assert report.seconds > 0
    assert spread(texts, cluster_.place, place).skipped == report.readouts + len(report.set_aside)


def test_all_workers_may_die_if_another_comes(cluster_: clusters.Local, texts: Path, alone: list[str], tmp_path: Path) -> None:
    cluster_.have(2)

    def replace() -> None:
        for worker in cluster_.workers:
            worker.kill()
        cluster_.leave()
        cluster_.join()

    place = str(tmp_path / "store")
    spread(texts, cluster_.place, place, At(17, replace))
    assert held(place) == alone


def test_the_command_reads_on_a_cluster(
    cluster_: clusters.Local, root: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    cluster_.have(1)
    few = list(map(str, (root / "ingest" / "samples").rglob("*2024-04*.txt")))
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    assert run(["ingest", *few, "--store", one]) == run(["ingest", *few, "--store", two, "--engine", cluster_.place]) == 0
    assert held(one) == held(two)
    assert not capfdbinary.readouterr().err
    assert run(["extract", *few]) == 0
    here = capfdbinary.readouterr()
    assert here.out
    assert run(["extract", *few, "--engine", cluster_.place]) == 0
    assert capfdbinary.readouterr() == here


def test_items_are_taken_only_as_they_are_needed(cluster_: clusters.Local) -> None:
    cluster_.have(1)
    taken = 0

    def endless() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    done = in_order(divmod, endless(), engine(cluster_.place), 100)
    assert next(done) == (1, (100, 0))
    done.close()
    assert taken < 6 * SHARE


def test_an_error_of_the_work_is_the_error_of_the_run(cluster_: clusters.Local) -> None:
    cluster_.have(1)
    for items, error in (([4, 0], ZeroDivisionError), ([4, "2"], TypeError)):
        with pytest.raises(error):
            list(in_order(divmod, items, engine(cluster_.place), 100))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (clusters.LACKING, "cannot help: communique is not installed there, or another version of it; install the same communique on"),
        (clusters.OLDER, "cannot help: communique is 0.0.1 there and "),
        (clusters.OTHER_TABLES, "cannot help: communique has other tables there than here"),
        (clusters.OTHER_RULES, "cannot help: communique has other rules there than here"),
    ],
)
def test_a_worker_that_would_read_otherwise_is_named(
    cluster_: clusters.Local, texts: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], changed: str, said: str
) -> None:
    cluster_.have(1)
    cluster_.join(changed)
    assert run(["ingest", str(texts), "--store", str(tmp_path / "store"), "--engine", cluster_.place]) == ExitCode.FAILED
    (line,) = capfd.readouterr().err.splitlines()
    assert "the worker at tcp://127.0.0.1:" in line
    assert said in line


def test_so_is_one_that_joins_late(cluster_: clusters.Local, texts: Path, alone: list[str], tmp_path: Path) -> None:
    cluster_.have(1)
    place = str(tmp_path / "store")
    with pytest.raises(EngineError) as told:
        spread(texts, cluster_.place, place, At(1, lambda: cluster_.join(clusters.OTHER_TABLES)))
    assert "cannot help: communique has other tables there than here" in str(told.value)
    assert "\n" not in str(told.value)
    assert set(held(place)) < set(alone)
    cluster_.leave()
    cluster_.join()
    assert spread(texts, cluster_.place, place).skipped > 0
    assert held(place) == alone


def test_one_that_joins_late_and_cannot_read_what_it_is_sent_does_no_harm(
    cluster_: clusters.Local, texts: Path, alone: list[str], tmp_path: Path
) -> None:
    cluster_.have(1)
    place = str(tmp_path / "store")
    spread(texts, cluster_.place, place, At(1, lambda: cluster_.join(clusters.LACKING)))
    assert held(place) == alone


def test_an_engine_without_workers_is_told(cluster_: clusters.Local, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cluster.PATIENCE, "workers", 1)
    cluster_.leave()
    with pytest.raises(EngineError, match="the engine has no workers; start some"):
        spread(texts, cluster_.place, "memory:")
    cluster_.join()
    place = str(tmp_path / "store")
    with pytest.raises(EngineError, match="the engine has no workers any more; run the command again"):
        spread(texts, cluster_.place, place, At(1, cluster_.leave))
    assert held(place)


def test_documents_that_end_every_worker_are_told(cluster_: clusters.Local) -> None:
    cluster_.have(4)
    with pytest.raises(EngineError) as told:
        list(in_order(ends, [1], engine(cluster_.place), None))
    assert "worker after worker ended at the same documents" in str(told.value)
    assert "\n" not in str(told.value)


def ends(_: object, code: int) -> None:
    os._exit(code)


def test_a_scheduler_that_goes_away_loses_nothing(texts: Path, alone: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    place = str(tmp_path / "store")
    with clusters.local(tmp_path, workers=1) as going, pytest.raises(EngineError) as told:
        spread(texts, going.place, place, At(17, going.scheduler.kill))
    assert "the engine went away before its work was done; run the command again" in str(told.value)
    assert not capfd.readouterr().err
    assert set(held(place)) < set(alone)
    with open_store(place) as store:
        assert ingest([texts], store, IRIS, close=closer(store, IRIS)).skipped >= 17
    assert held(place) == alone


def greet(port: socket.socket) -> None:
    """What another server says first."""
    line, _ = port.accept()
    with line, suppress(OSError):
        line.sendall(b"220 mail.example.org ESMTP\r\n")
        line.recv(1)  # until the other side hangs up


@pytest.mark.parametrize("what", ["nobody", "silence", "another"])
def test_an_engine_that_cannot_be_reached_is_one_line(
    texts: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], what: str
) -> None:
    monkeypatch.setitem(cluster.PATIENCE, "scheduler", 0.3)
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        if what != "nobody":
            port.listen()
        if what == "another":
            threading.Thread(target=greet, args=(port,), daemon=True).start()
        place = f"dask://127.0.0.1:{port.getsockname()[1]}"
        assert run(["ingest", str(texts), "--store", "memory:", "--engine", place]) == ExitCode.FAILED
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"communique: {place}: ")
    assert ("no scheduler of Dask answers" if what == "another" else "the engine cannot be reached; check the address") in line


def test_second_opinions_stay_here(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", "-", "--opinion", "--engine", "dask://127.0.0.1:1"]) == ExitCode.USAGE
    (line,) = capfd.readouterr().err.splitlines()
    assert "leave out --opinion or --engine" in line
