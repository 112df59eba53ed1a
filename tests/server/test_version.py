"""What is made from the data is made once a version, whole or not at all, and goes with what made it."""

from __future__ import annotations

import gc
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from communique.config import Settings
from communique.queries.release import crate
from communique.server import create_app
from communique.server.engine import InProcess
from communique.server.running import running
from communique.server.site import Site
from communique.server.version import Dates, Kept, Workshop
from communique.store import Store, open_store


def served(version: str) -> Site:
    return cast(Site, SimpleNamespace(engine=SimpleNamespace(version=lambda: version)))


def test_something_is_made_once_for_each_version(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    kept = Kept(lambda here: made.append(here.engine.version()) or len(made))  # type: ignore[func-returns-value]
    assert [kept.get(served(v)) for v in ("a", "a", "b", "b", "a")] == [1, 1, 2, 2, 3]
    # A store that does not tell its version is looked at again after a while.
    assert kept.get(served("")) == kept.get(served("")) == 4
    monkeypatch.setattr("communique.server.version._UNKNOWN_SECONDS", -1.0)
    assert kept.get(served("")) == 5


def test_a_place_is_filled_once_and_others_are_removed() -> None:
    workshop = Workshop()
    first = workshop.place("words", "a", lambda draft: (draft / "x").write_text("a"))
    assert (first / "x").read_text() == "a"
    assert workshop.place("words", "a", lambda _: pytest.fail("it is there")) == first
    other = workshop.place("dumps", "a", lambda _: None)
    second = workshop.place("words", "b", lambda draft: (draft / "x").write_text("b"))
    third = workshop.place("words", "c", lambda draft: (draft / "x").write_text("c"))
    assert not first.exists()
    assert second.exists()  # who is late with old data does not take away what was made of new data
    assert third.exists()
    assert other.exists()


def test_what_fails_leaves_nothing() -> None:
    workshop = Workshop()

    def broken(draft: Path) -> None:
        (draft / "x").write_text("half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        workshop.place("words", "a", broken)
    assert list((workshop.root / "words").iterdir()) == []
    assert [path.name for path in workshop.root.iterdir()] == ["words"]


def test_another_process_may_be_quicker() -> None:
    workshop = Workshop()

    def late(draft: Path) -> None:
        (workshop.root / "words" / "a").mkdir()
        (workshop.root / "words" / "a" / "x").write_text("theirs")
        (draft / "x").write_text("ours")

    assert (workshop.place("words", "a", late) / "x").read_text() == "theirs"


def test_the_directory_goes_with_the_process_that_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, gone = Workshop(), Workshop()
    left, removed = kept.root, gone.root
    del gone
    gc.collect()
    assert not removed.exists()
    owner = os.getpid()
    monkeypatch.setattr("communique.server.version.os.getpid", lambda: owner + 1)  # as in a process that was forked
    del kept
    gc.collect()
    assert left.exists()
    left.rmdir()


def test_a_version_has_the_date_of_the_store(tmp_path: Path) -> None:
    place = tmp_path / "store"
    with open_store(str(place)) as store:
        store.put_graph(
            "http://example.org/g", ["<http://example.org/s> <http://example.org/p> <http://example.org/o> <http://example.org/g> ."]
        )
    when = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    (snapshot,) = (place / "snapshots").iterdir()
    os.utime(snapshot, (when.timestamp(), when.timestamp()))
    assert Dates(str(place)).of("a") == when
    for nowhere in ("memory:", str(tmp_path / "none"), "sparql+http://127.0.0.1:1/sparql"):
        dates: Any = Dates(nowhere)
        assert (datetime.now(UTC) - dates.of("a")).total_seconds() < 60
        assert dates.of("a") == dates.of("a")


def test_a_server_of_one_process_hashes_its_data_before_it_answers(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(Settings(store=str(directory), isolation="none")) as (engine, _):
        monkeypatch.setattr("communique.server.engine.fingerprint", lambda _: pytest.fail("hashed while someone waits"))
        assert engine.version()


MADE = {
    "words": "/search?q=exports",
    "facets": "/readouts",
    "register": "/commitments",
    "dumps": f"/dumps/{crate.SUMS}",
    "counts": "/.well-known/void",
}


@contextmanager
def no_room(_: Path) -> Iterator[None]:
    """Files may have a few bytes, no more, as on a disk that is full."""
    resource = pytest.importorskip("resource", reason="the size of files can be limited on Unix only")
    most, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))


@contextmanager
def in_the_way(home: Path) -> Iterator[None]:
    """What should be a folder is none."""
    home.touch()
    try:
        yield
    finally:
        home.unlink()


@pytest.mark.parametrize("refused", [no_room, in_the_way])
@pytest.mark.parametrize("kind", MADE)
def test_what_cannot_be_written_is_told_with_its_place_and_made_once_it_can(
    few: Store, kind: str, refused: Callable[[Path], AbstractContextManager[None]]
) -> None:
    app = create_app(Settings(), InProcess(few, known=("one", "")))
    client, home = app.test_client(), app.extensions["communique.workshop"].root / kind
    with refused(home):
        answer = client.get(MADE[kind])
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    told = answer.get_json()["detail"]
    assert told.startswith(f"{home}: what is made from the data cannot be written here (")
    assert "make room" in told
    assert "\n" not in told
    with client.get(MADE[kind], follow_redirects=True) as again:
        assert (again.status_code, bool(again.get_data())) == (200, True)


def test_what_is_not_known_is_told_also_where_there_is_no_room_for_an_index(few: Store) -> None:
    client = create_app(Settings(), InProcess(few, known=("one", ""))).test_client()
    with no_room(Path()):
        answers = [client.get(path) for path in ("/person/nobody", "/id/person/nobody")]
    assert [(answer.status_code, answer.get_json()["nearest"]) for answer in answers] == [(404, []), (404, [])]


def test_a_mistake_in_sql_is_not_taken_for_a_full_disk() -> None:
    def mistaken(draft: Path) -> None:
        with closing(sqlite3.connect(draft / "x")) as db:
            db.execute("SELECT x FROM nowhere")

    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        Workshop().place("words", "a", mistaken)


def test_what_several_want_at_once_is_made_once() -> None:
    shop, made = Workshop(), []

    def make(draft: Path) -> None:
        made.append(draft)
        time.sleep(0.2)
        (draft / "it").write_text("there", encoding="ascii")

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: shop.place("kind", "name", make), range(4)))
    assert len(made) == 1
    assert [(place / "it").read_text(encoding="ascii") for place in found] == ["there"]
