"""What is made from the data is made once a version, whole or not at all, and goes with what made it."""

from __future__ import annotations

import gc
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from communique.config import Settings
from communique.server.running import running
from communique.server.site import Site
from communique.server.version import Dates, Kept, Workshop
from communique.store import open_store


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
