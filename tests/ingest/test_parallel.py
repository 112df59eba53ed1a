"""Several processes give what one gives, in the same order; one that dies is told in a line and loses nothing."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.errors import CommuniqueError
from communique.ingest.parallel import in_order
from communique.ingest.pipeline import ingest
from communique.iris import Iris
from communique.store import open_store

IRIS = Iris()


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    assert list(in_order(math.isqrt, range(100), jobs)) == [(n, math.isqrt(n)) for n in range(100)]


def test_items_are_taken_only_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    done = in_order(math.isqrt, endless(), 2)
    assert next(done) == (1, 1)
    done.close()
    assert taken < 100


def test_an_error_in_a_worker_is_the_error_of_the_run() -> None:
    with pytest.raises(ValueError, match="nonnegative"):
        list(in_order(math.isqrt, [4, -1], 2))


def test_a_worker_that_dies_is_told_in_one_line() -> None:
    with pytest.raises(CommuniqueError) as told:
        list(in_order(os._exit, [1], 2))
    assert "run the command again" in str(told.value)
    assert "\n" not in str(told.value)


def test_the_store_is_the_same_for_any_number_of_jobs(root: Path) -> None:
    samples = root / "ingest" / "samples"
    with open_store("memory:") as one, open_store("memory:") as two:
        first, second = ingest([samples], one, IRIS), ingest([samples], two, IRIS, jobs=2)
        assert sorted(one.dump()) == sorted(two.dump())
        assert first.written == second.written
        assert list(first.table())[:-1] == list(second.table())[:-1]
        assert second.seconds > 0


KILLED = """
import os, signal, sys
from multiprocessing import active_children
from communique.cli.main import run
from communique.ingest import parallel, pipeline

def killing(*arguments):
    for n, pair in enumerate(parallel.in_order(*arguments)):
        if n == int(sys.argv[3]):
            os.kill(active_children()[0].pid if sys.argv[4] == "worker" else os.getpid(), getattr(signal, sys.argv[5]))
        yield pair

if __name__ == "__main__":
    pipeline.in_order = killing
    sys.exit(run(["ingest", sys.argv[1], "--store", sys.argv[2], "--jobs", "2"]))
"""


@pytest.mark.parametrize(
    ("whom", "sign", "code", "words"), [("worker", "SIGKILL", 1, "worker process"), ("all", "SIGINT", 130, "interrupted")]
)
def test_what_was_read_before_the_end_is_kept(root: Path, tmp_path: Path, whom: str, sign: str, code: int, words: str) -> None:
    script, place = tmp_path / "killed.py", tmp_path / "store"
    script.write_text(KILLED, encoding="utf-8")
    samples = str(root / "ingest" / "samples")
    run = subprocess.run([sys.executable, str(script), samples, str(place), "4", whom, sign], check=False, capture_output=True, text=True)
    assert run.returncode == code, run.stderr
    (line,) = run.stderr.splitlines()
    assert words in line
    with open_store(str(place)) as store:
        assert ingest([samples], store, IRIS).skipped >= 4
