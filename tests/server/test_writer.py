"""Updates come one after the other, wait for other writers, and are seen when they are answered."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from communique.errors import Busy, QueryError, QuerySyntaxError, StoreError, TimedOut
from communique.server.engine import InProcess
from communique.server.meter import Limits
from communique.server.writer import DirectoryWriter, MemoryWriter
from communique.store import open_here
from tests.server.test_graphs import writable

BASE = "http://localhost/sparql"


def insert(i: int) -> str:
    return f"INSERT DATA {{ GRAPH <x:g> {{ <x:s{i}> <x:p> {i} }} }}"


def test_updates_of_many_are_all_made(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    with open_here("memory:") as nothing:
        writer = DirectoryWriter(place, InProcess(nothing))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda i: writer.update(insert(i), BASE), range(6)))
    with open_here(place, read_only=True) as store:
        assert store.count("x:g") == 6


def test_who_holds_the_store_is_waited_for(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    with open_here("memory:") as nothing:
        engine = InProcess(nothing)
        holder = open_here(place)
        with pytest.raises(Busy):
            DirectoryWriter(place, engine, patience=0.2).update(insert(1), BASE)
        timer = threading.Timer(1.0, holder.close)
        timer.start()
        DirectoryWriter(place, engine).update(insert(1), BASE)
        timer.join()
    with open_here(place, read_only=True) as store:
        assert store.count() == 1


def test_an_update_that_fails_changes_nothing() -> None:
    with open_here("memory:") as store:
        writer = MemoryWriter(store, InProcess(store))
        for update in (f"{insert(1)} ; DROP GRAPH <x:none>", f"{insert(1)} ; nonsense", f"{insert(1)} ; LOAD <x:y>", "SELECT * {}"):
            with pytest.raises(QueryError):
                writer.update(update, BASE)
        assert store.count() == 0
        answer = writable(store).test_client().post("/sparql", data={"update": f"{insert(1)} ;\n DROP GRAPH <x:none>"})
        assert (answer.status_code, "does not exist" in answer.text) == (400, True)


def test_an_update_of_a_directory_is_refused_in_the_same_words(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    with open_here("memory:") as nothing:
        writer = DirectoryWriter(place, InProcess(nothing))
        with pytest.raises(QuerySyntaxError, match="line 2"):
            writer.update("INSERT DATA {\n nonsense", BASE)
        with pytest.raises(QueryError, match="LOAD"):
            writer.update("LOAD <x:y>", BASE)
        with pytest.raises(TimedOut, match="nothing of it"):
            DirectoryWriter(place, InProcess(nothing), seconds=0.01).update(insert(1), BASE)
        (tmp_path / "file").write_text("no store")
        with pytest.raises(StoreError):
            DirectoryWriter(str(tmp_path / "file"), InProcess(nothing)).update(insert(1), BASE)
    with open_here(place) as store:
        assert store.count() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_a_pool_answers_from_what_was_written(tmp_path: Path) -> None:
    from tests.server.workers import pool_over

    place = tmp_path / "store"
    with open_here(str(place)) as store:
        store.update(insert(0), BASE)
    with pool_over(place, tmp_path / "run", Limits(), budget=0) as pool:
        writer = DirectoryWriter(str(place), pool)
        before = pool.version()
        writer.update(insert(1), BASE)
        assert pool.ask("ASK { <x:s1> ?p 1 }")
        assert pool.has("x:g")
        assert pool.version() != before
