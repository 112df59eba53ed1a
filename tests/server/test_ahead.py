"""What is made before anyone asks: it is found by all processes of a server, and forgotten with the data that it was made from."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from communique.config import Settings
from communique.errors import TimedOut
from communique.queries import catalogue
from communique.server import ahead, create_app, downloads, standing, version
from communique.server.engine import InProcess
from communique.server.pages import asking, kept, network
from communique.server.pages.kept import Answers
from communique.store import Store, directory, open_here, open_store

HTML = {"Accept": "text/html"}


class Listening(InProcess):
    """An engine that writes down what it is asked."""

    asked: list[str]

    def select(self, query: str, *rest: Any, **named: Any) -> Any:
        self.asked.append(query)
        return super().select(query, *rest, **named)

    def stream(self, query: str, *rest: Any, **named: Any) -> Any:
        self.asked.append(query)
        return super().stream(query, *rest, **named)


@pytest.fixture
def engine(samples: Store) -> Listening:
    engine = Listening(samples)
    engine.asked = []
    return engine


def test_what_was_made_ahead_is_not_asked_again(engine: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_WORTH", 0.0)
    app = create_app(Settings(), engine)
    ahead.make(app)
    made = set(engine.asked)
    folder = app.extensions["communique.workshop"].root / "kept"
    app.extensions["communique.kept"] = Answers(folder)  # as another process of the same server has it
    engine.asked.clear()
    for path in ("/", "/ontology", "/stance", "/timeline", "/search?q=nuclear"):
        assert app.test_client().get(path, headers=HTML).status_code == 200
    assert not [query for query in engine.asked if "COUNT(DISTINCT" in query]
    assert set(engine.asked) <= made


def test_the_first_page_of_each_process_of_a_server_asks_and_draws_nothing_that_was_made_ahead(
    engine: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_WORTH", 0.0)
    app = create_app(Settings(), engine)
    ahead.make(app)
    shown = {path: app.test_client().get(path, headers=HTML).data for path in ("/network", "/network?scope=sentence", "/stance")}
    assert b"network-data" in shown["/network"]
    app.extensions["communique.kept"] = Answers(app.extensions["communique.workshop"].root / "kept")
    app.extensions["communique.names"] = version.Kept(asking.known)
    monkeypatch.setattr(network, "drawn", lambda *_: pytest.fail("it was drawn once more"))
    engine.asked.clear()
    assert shown == {path: app.test_client().get(path, headers=HTML).data for path in shown}
    assert engine.asked == []


def test_saved_queries_as_they_stand_are_answered_from_what_was_made_ahead(engine: Listening) -> None:
    app = create_app(Settings(), engine)
    client = app.test_client()
    forms = [f".{form}?limit=3&page={page}" for form in ("json", "jsonld", "csv") for page in (1, 2)]

    def answers() -> dict[str, tuple[str | None, list[bytes]]]:
        found = {path: client.get(path) for name in catalogue.load() for path in [f"/api/{name}{form}" for form in (*forms, ".csv")]}
        # In the whole CSV rows that the query does not order may stand either way.
        return {
            path: (answer.content_type, sorted(lines) if path.endswith(".csv") else lines)
            for path, answer in found.items()
            if answer.status_code == 200
            for lines in [answer.data.splitlines()]
        }

    asked = answers()
    assert len(asked) > 200
    ahead.make(app)
    engine.asked.clear()
    assert answers() == asked
    assert engine.asked == []


def test_what_a_saved_query_is_asked_with_parameters_or_beyond_the_first_rows_is_asked_of_the_data(
    engine: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "FIRST", 4)
    app = create_app(Settings(), engine)
    client = app.test_client()
    paths = ("/api/issues-raised?state=JPN&limit=3", "/api/issues-raised?limit=3&page=2", "/api/issues-raised?limit=4")
    before = {path: client.get(path).data for path in paths}
    ahead.make(app)
    for path in paths:
        engine.asked.clear()
        assert client.get(path).data == before[path]
        assert engine.asked
    engine.asked.clear()
    assert client.get("/api/issues-raised?limit=3").status_code == 200
    assert not engine.asked


def test_it_is_made_again_for_new_data(engine: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(ahead, "make", lambda app: made.append(engine.version()))
    monkeypatch.setattr(ahead, "_LOOK", 0.01)
    end = ahead.start(create_app(Settings(), engine))
    until(lambda: made == [engine.version()])
    monkeypatch.setattr(engine, "version", lambda: "another")
    until(lambda: len(made) == 2)
    time.sleep(0.1)
    end.set()
    assert made[1:] == ["another"]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
@pytest.mark.filterwarnings("ignore:.*multi-threaded")
def test_no_process_that_answers_compiles_a_template(engine: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(), engine)
    monkeypatch.setattr(ahead, "make", lambda _: None)
    with ahead.apart(app):
        monkeypatch.setattr(app.jinja_env, "compile", lambda *_: pytest.fail("a template was compiled for a request"))
        for path in (*ahead.PAGES, "/search?q=nuclear", "/readouts.atom", "/sparql", "/queries", "/nothing/here"):
            assert app.test_client().get(path, headers=HTML).status_code in (200, 404)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
@pytest.mark.filterwarnings("ignore:.*multi-threaded")
def test_processes_for_each_version_make_it_in_turn_and_end(engine: Listening, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told, present = tmp_path / "told", tmp_path / "version"
    told.touch()
    present.write_text("one")
    monkeypatch.setattr(engine, "version", present.read_text)

    def make(_: object) -> None:
        with told.open("a") as file:
            file.write(f"{engine.version()} {os.getpid()}\n")

    monkeypatch.setattr(ahead, "make", make)
    monkeypatch.setattr(ahead, "_LOOK", 0.01)
    monkeypatch.setattr(downloads, "dumps", make)  # for which the memory of the first is free again
    with ahead.apart(create_app(Settings(), engine)):
        until(lambda: told.read_text().count("one ") == 2)
        present.write_text("another")
        until(lambda: told.read_text().count("another ") == 2)
        versions, makers = zip(*map(str.split, told.read_text().splitlines()), strict=True)
        assert versions == ("one", "one", "another", "another")
        assert len(set(makers)) == 4
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in makers))


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
@pytest.mark.filterwarnings("ignore:.*multi-threaded")
def test_it_is_made_from_the_snapshot_on_the_disk_and_takes_nothing_of_what_answers_requests(few: Store, tmp_path: Path) -> None:
    place = tmp_path / "store"
    with open_store(str(place)) as store:
        store.apply({graph: list(few.dump(graph)) for graph in few.graphs()})

    class Refusing(InProcess):
        def select(self, query: str, *rest: Any, **named: Any) -> Any:
            raise AssertionError("it was asked")

    with open_here(str(place), read_only=True) as found:
        engine = Refusing(found, known=("one", directory.state(place)))
        app = create_app(Settings(store=str(place)), engine)
        root = app.extensions["communique.workshop"].root
        with ahead.apart(app):
            until((root / "dumps" / "one").is_dir, 120)
    assert all((root / kind / "one").is_dir() for kind in ("facets", "register", "words"))


def until(true: Any, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.01)
    pytest.fail(f"it did not come true in {seconds:g} seconds")


def test_answers_of_other_versions_are_forgotten(tmp_path: Path) -> None:
    answers, others = Answers(tmp_path), Answers(tmp_path)
    answers.put("one", "SELECT", [{"n": "1"}], 1.0)
    answers.put("one", "quick", [{"n": "2"}], 0.0)
    assert others.get("one", "SELECT") == [{"n": "1"}]
    assert others.get("one", "quick") is None
    assert others.get("two", "SELECT") is None
    answers.put("two", "SELECT", [], 1.0)
    assert others.get("two", "SELECT") == []
    assert [place.name for place in tmp_path.iterdir()] == ["two"]


def test_a_page_that_lacks_something_is_not_kept_as_the_page_of_this_version(samples: Store) -> None:
    class Slow(InProcess):
        def select(self, query: str, *rest: Any, **named: Any) -> Any:
            if "cube:dyads" in query:
                raise TimedOut("it took too long")
            return super().select(query, *rest, **named)

    def get(app: Flask) -> Any:
        return app.test_client().get("/", headers=HTML)

    slow, quick = get(create_app(Settings(), Slow(samples))), get(create_app(Settings(), InProcess(samples)))
    assert slow.status_code == quick.status_code == 200
    assert "ETag" not in slow.headers
    assert "ETag" in quick.headers
