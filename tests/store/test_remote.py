"""A store on a server that fails: sent again, one plain line, nothing lost, nothing cut unnoticed, no password told."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest

from communique.cli.main import run
from communique.errors import StoreError, UsageError
from communique.store import Store, changes, open_store, wire
from communique.store.address import parse
from communique.store.remote import CHUNK
from tests.store import backends

EX = "http://example.org/"
ALL = "SELECT ?s ?o { ?s ?p ?o }"


def line(graph: str, n: int) -> str:
    return f'<{EX}s{n}> <{EX}p> "{n}" <{EX}{graph}> .'


@pytest.fixture(scope="module")
def running() -> Iterator[backends.Faulty]:
    with backends.faulty() as server:
        yield server


@pytest.fixture
def server(running: backends.Faulty, monkeypatch: pytest.MonkeyPatch) -> backends.Faulty:
    monkeypatch.setattr(wire, "PAUSES", [0.0, 0.0])
    running.faults, running.seen, running.most, running.tells = [], [], None, True
    with open_store(f"sparql+{running.url}/query?update=/update") as opened:
        opened.apply({}, drop=opened.graphs())
    running.seen = []
    return running


def at(server: backends.Faulty, more: str = "&gsp=/store&timeout=1") -> Store:
    return open_store(f"sparql+{server.url}/query?update=/update{more}")


@pytest.mark.parametrize("fault", ["500", "cut", "lost", "hang"])
def test_what_passes_is_tried_again(server: backends.Faulty, fault: str) -> None:
    store = at(server)
    store.put_graph(EX + "a", [line("a", 1)])
    server.faults = [fault]
    store.apply({EX + "a": [line("a", 2)], EX + "b": [line("b", 1)]})
    server.faults = [fault]
    assert sorted(store.dump()) == [line("b", 1), line("a", 2)]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("500", "answers with an error (500"),
        ("cut", "the answer was cut off after"),
        ("hang", "the store cannot be reached|no whole answer within 1 seconds"),
        ("trickle", "no whole answer within 1 seconds"),
        ("html", "answers with a web page"),
        ("elsewhere", "sends elsewhere (302)"),
    ],
)
def test_what_lasts_is_one_plain_line_and_nothing_is_lost(server: backends.Faulty, fault: str, said: str) -> None:
    store = at(server)
    store.put_graph(EX + "a", [line("a", 1)])
    server.faults = [fault] * 3
    with pytest.raises(StoreError) as caught:
        store.select(ALL)
    assert any(part in str(caught.value) for part in said.split("|"))
    assert "\n" not in str(caught.value)
    server.faults = []
    assert list(store.dump()) == [line("a", 1)]


@pytest.mark.parametrize("gsp", ["", "&gsp=/store"])
@pytest.mark.parametrize("after", range(4))
def test_a_large_change_that_fails_changes_nothing(server: backends.Faulty, gsp: str, after: int) -> None:
    store = at(server, gsp)
    old = [line("a", 1), line("b", 1)]
    store.apply({EX + "a": old[:1], EX + "b": old[1:]})
    server.faults = [""] * after + ["500"] * 3
    many = {EX + g: [line(g, n) for n in range(CHUNK)] for g in "ab"}
    with pytest.raises(StoreError, match="answers with an error"):
        store.apply(many)
    assert sorted(store.dump()) == old
    store.apply(many)
    assert (store.count(), store.graphs()) == (2 * CHUNK, (EX + "a", EX + "b"))


@pytest.mark.parametrize("tells", [True, False])
def test_an_answer_that_was_cut_is_paged_or_refused(server: backends.Faulty, tells: bool) -> None:
    store = at(server)
    lines = [line("a", n) for n in range(1234)]
    store.put_graph(EX + "a", lines)
    server.most, server.tells = 500, tells
    assert len(set(store.select(ALL))) == 1234
    assert len(set(store.select(f"PREFIX e: <{EX}> SELECT ?s ?o FROM e:a {{ ?s e:p ?o }} # all of it"))) == 1234
    assert sorted(store.dump()) == sorted(lines)
    assert len(store.construct("CONSTRUCT WHERE { ?s ?p ?o }")) == 1234
    assert len(store.select(ALL, limit=7)) == 7
    with pytest.raises(StoreError, match="cuts answers at 500 rows, and this one has 1,234"):
        store.select(ALL + " ORDER BY ?o")


def test_a_store_that_keeps_less_than_it_was_given_is_noticed(server: backends.Faulty) -> None:
    store = at(server)
    server.faults = ["swallow"]
    with pytest.raises(StoreError, match="the store has 0 of 1 statements of graph"):
        store.put_graph(EX + "a", [line("a", 1)])


def test_the_union_of_the_endpoint_must_be_one(server: backends.Faulty) -> None:
    at(server).put_graph(EX + "a", [line("a", 1)])
    with pytest.raises(StoreError, match="is not the union"):
        at(server, "&union=endpoint").select(ALL)
    assert len(at(server, "&union=endpoint&union-default-graph=").select(ALL)) == 1


def test_an_account_goes_first_and_comes_last() -> None:
    new = {"e:a": ("x",), "e:a/inferred": ("y",), "e:b": ()}
    order = ["e:a", "e:b", "e:c", "e:c/inferred", "e:a/inferred", "e:a"]
    assert [graph for graph, _ in changes.steps(new, ["e:c/inferred", "e:c", "e:a"])] == order
    assert changes.steps({"e:a": ("x",)}, ["e:a/inferred"]) == [("e:a/inferred", ()), ("e:a", ("x",))]


def test_without_an_address_for_changes_it_is_read_only(server: backends.Faulty) -> None:
    with open_store(f"sparql+{server.url}/query") as store:
        assert not store.capabilities.writable
        with pytest.raises(StoreError, match="opened for reading"):
            store.delete_graph(EX + "a")
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store("sparql+http://127.0.0.1:1/query").graphs()


def test_user_and_password_are_sent_and_never_told(
    server: backends.Faulty, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = f"sparql+{server.url.replace('//', '//ann:s3cret@')}/query?update=/update"
    store = open_store(place)
    server.faults = ["elsewhere"]
    with pytest.raises(StoreError) as caught:
        store.graphs()
    assert "s3cret" not in str(caught.value)
    assert server.seen[-1].endswith("Basic YW5uOnMzY3JldA==")
    monkeypatch.setenv("COMMUNIQUE_STORE", place)
    assert run(["config"]) == 0
    shown = capsys.readouterr().out
    assert "s3cret" not in shown
    assert f"sparql+{server.url}/query" in shown
    known = parse("sparql+https://example.org/q", {"COMMUNIQUE_STORE_USER": "ann", "COMMUNIQUE_STORE_PASSWORD": "s3cret"})
    assert (known.user, known.password) == ("ann", "s3cret")
    assert "s3cret" not in repr(known)
    assert "COMMUNIQUE_STORE_PASSWORD" not in os.environ


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("sparql+https://", "write it as sparql+https://host/query"),
        ("sparql+http://example.org:x/query", "write it as"),
        ("sparql+http://example.org/q?update=ftp://example.org/", "update is no http"),
        ("sparql+http://example.org/q?union=yes", "it must be 'named' or 'endpoint'"),
        ("sparql+http://example.org/q?auth=none", "it must be 'basic' or 'digest'"),
        ("sparql+http://example.org/q?timeout=0", "whole number of seconds"),
    ],
)
def test_addresses_that_are_none(place: str, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        open_store(place)
