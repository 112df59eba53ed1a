"""Workers where no process can be forked, forced here: they answer as the others do, are killed at the deadline, and leave nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from communique.config import Settings
from communique.errors import Broken, Busy, OverBudget, QueryError, QuerySyntaxError, ServerError, StoreError, TimedOut
from communique.server import create_app, running
from communique.server.engine import InProcess, Record
from communique.server.meter import Limits
from communique.server.workers import alone
from communique.server.workers.alone import Task
from communique.server.workers.pool import Pool
from communique.server.workers.spawned import Spawned
from communique.store import Dataset, Store, open_store
from tests.server.workers import EVERYTHING, FOREVER, alive, until

ROWS = "SELECT ?s ?o { ?s <https://w3id.org/communique/ns#quote> ?o } ORDER BY ?s ?o"
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH <http://example.org/g> { ?s ?p ?o } }"


def spawned(place: Path, limits: Limits | None = None, **more: float) -> closing[Pool]:
    limits = limits or Limits(seconds=30)
    return closing(Pool(Spawned(Task(str(place), limits), **more), limits))  # type: ignore[arg-type]


def full(pool: Pool) -> bool:
    return len(pool.status().workers) == 3


@pytest.fixture(scope="module")
def pool(directory: Path) -> Iterator[Pool]:
    with spawned(directory, Limits(seconds=3.0, rows=100_000), budget=0.1) as made:
        yield made


def test_they_answer_as_the_store_does(pool: Pool, few: Store) -> None:
    here = InProcess(few)
    assert pool.select(ROWS) == here.select(ROWS)
    for syntax in ("json", "xml", "csv", "tsv"):
        assert pool.stream(ROWS, syntax).read() == here.stream(ROWS, syntax).read()
    assert (pool.ask("ASK { ?s ?p ?o }"), pool.ask("ASK { <x:a> ?p ?o }")) == (True, False)
    assert pool.graphs() == here.graphs()
    one = Dataset(default=(pool.graphs()[0],))
    assert set(pool.construct("CONSTRUCT WHERE { ?s ?p ?o }", one)) == set(here.construct("CONSTRUCT WHERE { ?s ?p ?o }", one))
    assert pool.version() == here.version() == pool.status().version
    assert (pool.isolated, pool.status().isolation) == (False, "spawned")
    with pytest.raises(QuerySyntaxError):
        pool.select("SELECT * {\n  ?s ?p }")
    with pytest.raises(QueryError, match="SERVICE"):
        pool.stream("SELECT * { SERVICE <http://127.0.0.1:1/> {} }", "json")


def test_a_query_is_killed_at_its_deadline_and_others_go_on(pool: Pool) -> None:
    until(lambda: full(pool), 60)
    before = set(pool.status().workers)
    with ThreadPoolExecutor(1) as others:
        started = time.monotonic()
        heavy = others.submit(pool.stream, FOREVER, "json")
        while not heavy.done():
            assert pool.ask("ASK { ?s ?p ?o }")
        assert isinstance(heavy.exception(), TimedOut)
        assert 3.0 <= time.monotonic() - started < 6.0
    assert pool.status().ends["timeout"] == 1
    until(lambda: full(pool) and len(before - set(pool.status().workers)) == 1, 60)
    assert not any(map(alive, before - set(pool.status().workers)))


def test_who_does_not_read_on_or_is_too_slow_loses_the_worker(pool: Pool) -> None:
    until(lambda: full(pool), 60)
    pool.stream(EVERYTHING, "csv").close()
    assert pool.status().ends["client left"] == 1
    slow = pool.stream(EVERYTHING, "csv")
    next(slow.chunks)
    time.sleep(3.2)
    with pytest.raises(TimedOut):
        slow.read()
    assert pool.ask("ASK {}")


def test_a_client_has_a_budget_of_time(pool: Pool) -> None:
    mine = Pool(pool._lender, pool.limits, lambda: Record(client="192.0.2.1"))
    with pytest.raises(TimedOut):
        mine.ask(f"ASK {{ {{ {FOREVER} }} FILTER(?n < 0) }}")
    with pytest.raises(OverBudget):
        mine.ask("ASK {}")


def test_more_queries_than_may_wait_are_refused(directory: Path) -> None:
    with spawned(directory, workers=1, queue=1, patience=0.5) as pool:
        until(lambda: len(pool.status().workers) == 2, 60)
        slow = pool.stream(EVERYTHING, "csv")
        with ThreadPoolExecutor(4) as many:
            told = [error for future in [many.submit(pool.ask, "ASK {}") for _ in range(4)] if (error := future.exception())]
        assert {str(error) for error in told} == {
            "no worker was free for 0.5 seconds; ask again in a moment",
            "all workers are busy, and enough queries wait; ask again in a moment",
        }
        assert all(isinstance(error, Busy) for error in told)
        slow.close()
        assert pool.ask("ASK {}")


def change(place: Path, size: int) -> None:
    with open_store(str(place)) as opened:
        opened.put_graph("http://example.org/g", [f'<x:s{i}> <x:p> "{i}" <http://example.org/g> .' for i in range(size)])


def counted(pool: Pool) -> int:
    return int(str(pool.select(COUNT).rows[0][0]).split('"')[1])


@pytest.mark.parametrize("few", [0, 1000], ids=["on disk", "in memory"])
def test_new_data_shows_and_what_was_killed_comes_back(tmp_path: Path, few: int) -> None:
    place = tmp_path / "store"
    change(place, 200)
    with closing(Pool(Spawned(Task(str(place), few=few)), Limits())) as pool:
        first = pool.version()
        running_on = pool.stream("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 100000", "csv")
        change(place, 10)
        pool.refresh()
        assert counted(pool) == 10
        assert pool.version() != first
        change(place, 20)  # without a word
        until(lambda: counted(pool) == 20, 60)
        assert running_on.read().count(b"\n") == 100_001
        until(lambda: full(pool), 60)
        below = set(pool.status().workers)
        os.kill(min(below), signal.SIGKILL)
        until(lambda: full(pool) and min(below) not in pool.status().workers, 60)
        until(lambda: counted(pool) == 20)
        below |= set(pool.status().workers)
    assert not any(map(alive, below))


def test_a_worker_ends_with_its_server_also_while_it_computes(directory: Path) -> None:
    program = [sys.executable, "-m", alone.__name__, Task(str(directory)).written()]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        from communique.server.workers import frames

        reader = frames.Frames(alone.Pipes(process.stdout.fileno(), 0))
        assert reader.next()
        process.stdin.write(frames.told(frames.QUERY, {"do": "stream", "query": FOREVER, "syntax": "csv"}))
        process.stdin.flush()
        time.sleep(0.3)
        process.stdin.close()
        assert process.wait(20) == 0


def test_a_store_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Spawned(Task(str(tmp_path / "none")))


def test_the_server_takes_them_where_nothing_can_be_forked(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FORKS", False)
    settings = Settings(store=str(directory), timeout=2.0)
    with running.running(settings) as (engine, writer):
        assert writer is None
        client = create_app(settings, engine).test_client()
        assert client.get("/ready").json["isolation"] == "spawned"  # type: ignore[index]
        assert client.get("/sparql", query_string={"query": "ASK {}"}).json["boolean"] is True  # type: ignore[index]
        answer = client.get("/sparql", query_string={"query": FOREVER})
        assert (answer.status_code, answer.json["limit"]) == (503, "timeout")  # type: ignore[index]
    with pytest.raises(ServerError, match="other machines"), running.running(Settings(store=str(directory), host="0.0.0.0")):
        pass


def test_an_update_shows_in_its_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FORKS", False)
    settings = Settings(store=str(tmp_path / "store"))
    with running.running(settings, allow_update=True) as (engine, writer):
        assert writer is not None
        writer.update("INSERT DATA { <x:s> <x:p> <x:o> }", "")
        assert engine.ask("ASK { <x:s> <x:p> <x:o> }")


def test_what_goes_wrong_in_a_worker_is_told(pool: Pool) -> None:
    until(lambda: full(pool), 60)
    answer = pool.stream(EVERYTHING, "csv")
    next(answer.chunks)
    killed = set(pool.status().workers)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(Broken):
        answer.read()
    until(lambda: full(pool) and not killed & set(pool.status().workers), 60)
    assert pool.ask("ASK {}")


def test_a_worker_that_ended_while_it_was_idle_is_not_lent(pool: Pool) -> None:
    for _ in range(5):
        until(lambda: full(pool), 60)
        pid = pool.status().workers[0]
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert pool.ask("ASK {}")


def opened() -> int:
    """How many descriptors this process has open, where that can be known."""
    return len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0


def test_whoever_reads_from_a_worker_ends_before_it_is_closed(directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", failed.append)
    (tmp_path / "file").write_bytes(bytes(1 << 17))
    before = opened()
    with spawned(directory, workers=1) as pool:
        answer = pool.stream(EVERYTHING, "csv")
        next(answer.chunks)
        until(lambda: len(pool.status().workers) == 2, 60)
        read = alone.Pipes.recv

        def late(pipes: alone.Pipes, size: int, flags: int = 0) -> bytes:
            time.sleep(0.5)
            return read(pipes, size, flags)

        monkeypatch.setattr(alone.Pipes, "recv", late)
        os.kill(pool.status().workers[0], signal.SIGKILL)  # another one is started
        until(lambda: pool._lender.status()["forks"] == 3, 60)
    others = [os.open(tmp_path / "file", os.O_RDONLY) for _ in range(8)]  # they get the numbers that have become free
    monkeypatch.setattr(alone.Pipes, "recv", read)
    with pytest.raises(Broken, match="the server stops"):
        answer.read()
    assert [os.lseek(other, 0, os.SEEK_CUR) for other in others] == [0] * 8
    for other in others:
        os.close(other)
    assert not failed
    assert opened() == before
