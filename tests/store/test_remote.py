"""A store on a server that fails: sent again, one plain line, nothing lost, nothing cut unnoticed, no password told."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.errors import StoreError, UsageError
from communique.ingest import pipeline
from communique.iris import Iris
from communique.ontology import reasoner
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
    running.old, running.password = False, ""
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


@pytest.mark.parametrize("fault", ["500", "cut", "hang", "html", "elsewhere", "lost"])
def test_a_change_that_meets_a_lasting_fault_is_one_plain_line_and_can_be_repeated(server: backends.Faulty, fault: str) -> None:
    store = at(server)
    store.put_graph(EX + "a", [line("a", 1)])
    server.faults = [fault] * 6
    with pytest.raises(StoreError) as caught:
        store.apply({EX + "a": [line("a", 2)], EX + "b": [line("b", 1)]})
    assert "\n" not in str(caught.value)
    server.faults = []
    # What was done and could not be told is done; all else is as it was.
    assert sorted(store.dump()) in ([line("a", 1)], [line("b", 1), line("a", 2)])
    store.apply({EX + "a": [line("a", 2)], EX + "b": [line("b", 1)]})
    assert sorted(store.dump()) == [line("b", 1), line("a", 2)]


@pytest.mark.usefixtures("short_vocabularies")
@pytest.mark.parametrize("fault", ["500", "hang"])  # the others come to the command as the same error
def test_the_command_says_it_in_one_line_and_goes_on_the_next_time(
    server: backends.Faulty, root: Path, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    text = str(next((root / "ingest" / "samples").glob("*.txt")))
    place = f"sparql+{server.url}/query?update=/update&gsp=/store"
    server.faults = ["", "", *[fault] * 40]
    assert run(["ingest", text, "--store", place]) == 1
    (told,) = capfd.readouterr().err.splitlines()
    assert told.startswith("communique: http://127.0.0.1:")
    server.faults = []
    assert run(["ingest", text, "--store", place]) == 0
    with at(server) as there, open_store("memory:") as here:
        assert run(["ingest", text, "--store", place, "--again"]) == 0
        pipeline.ingest([text], here, Iris(), close=reasoner.closer(here, Iris()))
        account = next(graph for graph in here.graphs() if graph.endswith("/account"))
        assert sorted(there.dump(account)) == sorted(here.dump(account))


def test_what_a_killed_writer_left_waiting_goes_with_the_next_change(server: backends.Faulty) -> None:
    left = EX + "a" + changes.WAITING
    with open_store(f"sparql+{server.url}/query?gsp=/store") as killed:
        killed.put_graph(left, [line("a" + changes.WAITING, 1)])
    store = at(server)
    assert store.graphs() == ()
    store.put_graph(EX + "b", [line("b", 1)])
    assert store.graphs() == (EX + "b",)
    assert not store.has(left)


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


def test_a_description_that_was_cut_is_paged_too(server: backends.Faulty) -> None:
    store = at(server)
    store.put_graph(EX + "a", [f'<{EX}s> <{EX}p> "{n}" <{EX}a> .' for n in range(1234)] + [line("a", 5)])
    server.most, server.tells = 500, False
    for query in (f"DESCRIBE <{EX}s>", f"PREFIX e: <{EX}> DESCRIBE ?s # {{\n e:none FROM e:a WHERE {{ ?s e:p '7' }} ORDER BY ?s LIMIT 9"):
        found = store.construct(query)
        assert len(found) == len(set(found)) == 1234
    assert [str(t.object) for t in store.construct("DESCRIBE * { ?s ?p '5' FILTER(STRENDS(STR(?s), 's5')) }")] == ['"5"']


def test_an_answer_that_breaks_off_within_itself_is_none(server: backends.Faulty) -> None:
    store = at(server)
    store.put_graph(EX + "a", [line("a", 1)])
    for query in (ALL, f"CONSTRUCT {{ <{EX}s> <{EX}p> <{EX}o> }} WHERE {{ ?s ?p ?o }}", f"DESCRIBE <{EX}s1>"):
        server.faults = ["", "chopped"]
        with pytest.raises(StoreError, match="cut off or no SPARQL result"):
            (store.construct if query != ALL else store.select)(query)


def test_values_are_the_same_whatever_the_store_makes_of_them(server: backends.Faulty) -> None:
    written = [("true", "boolean"), ("1", "boolean"), ("7", "integer"), ("0.80", "decimal"), ("1500", "double"), ("2024-03-12", "date")]
    lines = [f'<{EX}s{n}> <{EX}p> "{value}"^^<{backends.XSD}{kind}> <{EX}a> .' for n, (value, kind) in enumerate(written)]
    store = at(server)
    with open_store("memory:") as here:
        for each in (here, store):
            each.put_graph(EX + "a", [*lines, line("a", 9)])
        server.old = True
        assert sorted(store.dump()) == sorted(here.dump())
        assert '"0.8"^^' in "".join(store.dump())
        assert sorted(map(str, store.construct("CONSTRUCT WHERE { ?s ?p ?o }"))) == sorted(
            map(str, here.construct("CONSTRUCT WHERE { ?s ?p ?o }"))
        )
        assert set(store.select(ALL)) == set(here.select(ALL))
    assert store.has(EX + "a")
    assert not store.has(EX + "b")


def test_a_store_that_keeps_less_than_it_was_given_is_noticed(server: backends.Faulty) -> None:
    store = at(server)
    server.faults = ["", "swallow"]  # after the look for waiting graphs
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


def test_digest_authentication(server: backends.Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_STORE_USER", "ann")
    monkeypatch.setenv("COMMUNIQUE_STORE_PASSWORD", "s3cret")
    server.password = "s3cret"
    store = at(server, "&gsp=/store&auth=digest")
    many = [line("a", n) for n in range(4 * CHUNK)]
    store.put_graph(EX + "a", many)
    assert store.count() == len(many)
    refused = [entry for entry in server.seen if entry.endswith("refused")]
    assert len(refused) == 2  # of the address of queries and of that of graphs, each asked once what it wants
    server.nonce += 1  # what it wanted is too old now
    store.put_graph(EX + "b", [line("b", 1)])
    assert store.graphs() == (EX + "a", EX + "b")
    assert not any("s3cret" in entry for entry in server.seen)
    server.password = "another"
    with pytest.raises(StoreError, match=r"wants another user or password \(401\)"):
        store.graphs()
    with pytest.raises(StoreError, match=r"wants another user or password \(401\)"):
        at(server).graphs()


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
