"""The shipped Turtle becomes two graphs without blank nodes, written once and again only when it changes."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from communique.errors import DataError
from communique.iris import CQ, Iris, concept
from communique.ontology.graphs import lines, load
from communique.store import open_store

IRIS = Iris()


def test_the_graphs_are_written_once() -> None:
    with open_store("memory:") as store:
        assert load(store, IRIS)
        first = sorted(store.dump())
        assert store.graphs() == (IRIS.graph("ontology"), IRIS.graph("vocabulary"))
        assert store.ask(f"ASK {{ GRAPH <{IRIS.graph('vocabulary')}> {{ <{concept('state', 'JPN')}> a <{CQ}State> }} }}")
        assert not load(store, IRIS)
        store.put_graph(IRIS.graph("ontology"), [f"<{CQ}a> <{CQ}b> <{CQ}c> <{IRIS.graph('ontology')}> ."])
        assert load(store, IRIS)
        assert sorted(store.dump()) == first
    assert not [line for line in first if "_:" in line.split('"')[0]]


def test_names_of_blank_nodes_come_from_what_they_say(tmp_path: Path) -> None:
    def read(turtle: str) -> list[str]:
        file: Traversable = tmp_path / "x.ttl"
        (tmp_path / "x.ttl").write_text(f"@prefix : <http://example.org/> . {turtle}", encoding="utf-8")
        return sorted(lines([file], "http://example.org/g"))

    assert read(":a :b [ :c :d ], ( 1 2 ) .") == read(":a :b _:x, ( 1 2 ) . _:x :c :d .")


def test_a_file_that_is_not_turtle_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("this is prose")
    with pytest.raises(DataError, match=r"broken\.ttl: is not Turtle"):
        list(lines([tmp_path / "broken.ttl"], "http://example.org/g"))
