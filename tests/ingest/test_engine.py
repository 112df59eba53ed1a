"""Several processes give what one gives, in the same order; one that dies is told in a line and loses nothing."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.errors import EngineError, UsageError
from communique.ingest.engine import Engine, engine, in_order
from communique.ingest.pipeline import ingest
from communique.iris import Iris
from communique.ontology.reasoner import closer
from communique.store import open_store

IRIS = Iris()


ONE, TWO = engine(jobs=1), engine(jobs=2)


def root_of(base: int, number: int) -> int:
    return base + math.isqrt(number)


def ends(_: object, code: int) -> None:
    os._exit(code)


@pytest.mark.parametrize("where", [ONE, TWO])
def test_results_come_in_the_order_of_the_items(where: Engine) -> None:
    assert list(in_order(root_of, range(100), where, 7)) == [(n, 7 + math.isqrt(n)) for n in range(100)]


@pytest.mark.parametrize("where", [ONE, TWO])
def test_what_is_not_wanted_stays_here(where: Engine) -> None:
    found = list(in_order(root_of, range(-50, 50), where, 0, lambda n: n >= 0))
    assert found == [(n, math.isqrt(n) if n >= 0 else None) for n in range(-50, 50)]


def test_items_are_taken_only_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    for where, most in ((ONE, 2), (TWO, 100)):
        taken = 0
        done = in_order(root_of, endless(), where, 0)
        assert next(done) == (1, 1)
        done.close()
        assert taken < most


def test_an_error_in_a_worker_is_the_error_of_the_run() -> None:
    with pytest.raises(ValueError, match="nonnegative"):
        list(in_order(root_of, [4, -1], TWO, 0))


def test_a_worker_that_dies_is_told_in_one_line() -> None:
    with pytest.raises(EngineError) as told:
        list(in_order(ends, [1], TWO, None))
    assert "run the command again" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("spark://127.0.0.1:7077", "'spark' is no kind of engine; write it as dask://HOST:PORT"),
        ("127.0.0.1:8786", "'127.0.0.1:8786' is no kind of engine"),
        ("dask://", "the address of the engine is none"),
        ("dask://127.0.0.1", "the address of the engine is none"),
        ("dask://127.0.0.1:70000", "the address of the engine is none"),
        ("dask://ann@127.0.0.1:8786", "the address of the engine is none"),
    ],
)
def test_addresses_that_are_none(place: str, said: str) -> None:
    with pytest.raises(UsageError) as told:
        engine(place)
    assert said in str(told.value)


def test_an_engine_has_its_own_number_of_workers() -> None:
    with pytest.raises(UsageError, match="leave out --jobs or --engine"):
        engine("dask://127.0.0.1:8786", 2)


def test_without_dask_the_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "communique.ingest.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError) as told:
        engine("dask://127.0.0.1:8786")
    assert "pip install 'communique[cluster]'" in str(told.value)


def test_the_store_is_the_same_for_any_number_of_jobs(root: Path) -> None:
    samples = root / "ingest" / "samples"
    with open_store("memory:") as one, open_store("memory:") as two:
        first = ingest([samples], one, IRIS, close=closer(one, IRIS))
        second = ingest([samples], two, IRIS, engine=TWO, close=closer(two, IRIS))
        assert sorted(one.dump()) == sorted(two.dump())
        assert any(graph.endswith("/inferred") for graph in two.graphs())
        assert first.written == second.written
        assert list(first.table())[:-1] == list(second.table())[:-1]
        assert second.seconds > 0


KILLED = """
import os, signal, sys
from functools import partial
from multiprocessing import active_children
from communique.cli.main import run
from communique.ingest import engine, pipeline

def killing(*arguments):
    for n, pair in enumerate(engine.in_order(*arguments)):
        if n == int(sys.argv[3]):
            os.kill(active_children()[0].pid if sys.argv[4] == "worker" else os.getpid(), getattr(signal, sys.argv[5]))
        yield pair

if __name__ == "__main__":
    pipeline.in_order = killing
    engine._Pool = partial(engine._Pool, share=4)  # so that not all is handed out, and perhaps read, before the first document comes back
    sys.exit(run(["ingest", sys.argv[1], "--store", sys.argv[2], "--jobs", "2"]))
"""


@pytest.mark.parametrize(
    ("whom", "sign", "code", "words"), [("worker", "SIGKILL", 1, "worker process"), ("all", "SIGINT", 130, "interrupted")]
)
def test_what_was_read_before_the_end_is_kept(root: Path, tmp_path: Path, whom: str, sign: str, code: int, words: str) -> None:
    script, place = tmp_path / "killed.py", tmp_path / "store"
    script.write_text(KILLED, encoding="utf-8")
    samples = str(root / "ingest" / "samples")
    run = subprocess.run([sys.executable, str(script), samples, str(place), "1", whom, sign], check=False, capture_output=True, text=True)
    assert run.returncode == code, run.stderr
    (line,) = run.stderr.splitlines()
    assert words in line
    with open_store(str(place)) as store:
        assert ingest([samples], store, IRIS).skipped >= 1
