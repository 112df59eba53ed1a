"""Every kind of store keeps graphs whole, answers in every syntax, and refuses what it must not do."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from communique.errors import QueryError, StoreError
from communique.ingest import pipeline
from communique.iris import Iris
from communique.ontology import reasoner
from communique.queries import catalogue
from communique.store import Dataset, Edit, Kind, Store, open_store, remote
from tests.store import backends

EX = "http://example.org/"
CHUNK = remote.CHUNK if os.environ.get("LARGE") else 500
"""Statements in one update, in these tests: Virtuoso takes half a millisecond to remove one.  LARGE=1 leaves it as it is."""


FEW = ("mofa-2023-0", "fcdo-2023-0", "state-2023-07")
"""Samples of which some tell of one encounter."""


def line(graph: str, n: int, text: str = "words") -> str:
    return f'<{EX}s{n}> <{EX}p> "{text} {n}" <{EX}{graph}> .'


@pytest.fixture(scope="module", params=backends.BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # A server that cuts answers cuts the largest one that is asked for.
    with backends.place(request.param, tmp_path_factory.mktemp(request.param), rows=2 * CHUNK) as made:
        yield made


@pytest.fixture
def store(place: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty one."""
    monkeypatch.setattr(remote, "CHUNK", CHUNK)
    with open_store(place) as opened:
        opened.apply({}, drop=opened.graphs())
        yield opened


def test_a_graph_is_replaced_whole(store: Store) -> None:
    store.apply({EX + "a": [line("a", 1), line("a", 2)], EX + "b": [line("b", 1)]})
    store.put_graph(EX + "a", [line("a", 3)])
    assert sorted(store.dump()) == [line("b", 1), line("a", 3)]
    assert list(store.dump(EX + "a")) == [line("a", 3)]
    assert (store.count(), store.count(EX + "a"), store.count(EX + "none")) == (2, 1, 0)


def test_graphs_are_put_and_dropped_in_one_change(store: Store) -> None:
    store.put_graph(EX + "old", [line("old", 1)])
    store.apply({EX + "new": [line("new", 1)]}, drop=[EX + "old", EX + "never"])
    assert store.graphs() == (EX + "new",)
    assert not store.has(EX + "old")
    store.delete_graph(EX + "new")
    assert store.count() == 0


def test_lines_of_a_graph_go_and_come(store: Store) -> None:
    store.apply({EX + "a": [line("a", 1), line("a", 2)], EX + "b": [line("b", 1)]})
    edit = {EX + "a": Edit([line("a", 1), line("a", 9)], [line("a", 2), line("a", 3)]), EX + "new": Edit([], [line("new", 1)])}
    for _ in range(2):  # a second time it changes nothing
        store.apply({EX + "c": [line("c", 1)]}, drop=[EX + "b"], edit=edit)
        assert sorted(store.dump()) == sorted([line("a", 2), line("a", 3), line("c", 1), line("new", 1)])
    many = [line("a", n) for n in range(10, CHUNK + 11)]
    store.apply({}, edit={EX + "a": Edit([line("a", 2)], many)})
    assert sorted(store.dump(EX + "a")) == sorted([line("a", 3), *many])
    store.apply({}, edit={EX + "a": Edit([line("a", 3), *many], [])})
    assert store.count(EX + "a") == 0


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    store.put_graph(EX + "a", [line("a", 1)])
    for broken in (f"<{EX}s> <not an iri> <{EX}o> <{EX}a> .", line("elsewhere", 1)):
        with pytest.raises(StoreError):
            store.apply({EX + "b": [line("b", 1)], EX + "a": [line("a", 2), broken]})
        with pytest.raises(StoreError):
            store.apply({EX + "b": [line("b", 1)]}, edit={EX + "a": Edit([line("a", 1)], [line("a", 2), broken])})
    assert list(store.dump()) == [line("a", 1)]


def test_the_default_graph_is_the_union_unless_graphs_are_named(store: Store) -> None:
    store.apply({EX + "a": [line("a", 1)], EX + "b": [line("b", 2)]})
    everything = "SELECT ?s { ?s ?p ?o }"
    assert len(store.select(everything)) == 2
    assert len(store.select(f"SELECT ?s FROM <{EX}a> {{ ?s ?p ?o }}")) == 1
    assert len(store.select(everything, Dataset(default=(EX + "b",)))) == 1
    assert len(store.select(f"SELECT ?s FROM <{EX}a> FROM <{EX}b> {{ ?s ?p ?o }}", Dataset(default=(EX + "b",)))) == 1
    assert len(store.select(everything, Dataset(named=(EX + "b",)))) == 0
    named = "SELECT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert len(store.select(named)) == 2
    assert [str(g) for (g,) in store.select(named, Dataset(named=(EX + "b",)))] == [f"<{EX}b>"]
    assert len(store.select(named, Dataset(default=(EX + "b",)))) == 0


@pytest.mark.parametrize(
    ("query", "syntax", "kind", "start"),
    [
        ("SELECT ?o { ?s ?p ?o }", "json", Kind.ROWS, b"{"),
        ("SELECT ?o { ?s ?p ?o }", "xml", Kind.ROWS, b"<?xml"),
        ("SELECT ?o { ?s ?p ?o }", "csv", Kind.ROWS, b"o\r\n"),
        ("SELECT ?o { ?s ?p ?o }", "tsv", Kind.ROWS, b"?o\n"),
        ("ASK { ?s ?p ?o }", "json", Kind.TRUTH, b"{"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "ttl", Kind.TRIPLES, b"<http"),
        (f"DESCRIBE <{EX}s1>", "nt", Kind.TRIPLES, b"<http"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "rdf", Kind.TRIPLES, b"<?xml"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "jsonld", Kind.TRIPLES, b"["),
    ],
)
def test_answers_are_written_in_each_syntax(store: Store, query: str, syntax: str, kind: Kind, start: bytes) -> None:
    store.put_graph(EX + "a", [line("a", 1)])
    out = io.BytesIO()
    assert store.query(query, syntax, out) is kind
    assert out.getvalue().startswith(start)


def test_each_verb_wants_its_own_form(store: Store) -> None:
    for verb, query in ((store.select, "ASK {}"), (store.ask, "SELECT * {}"), (store.construct, "ASK {}")):
        with pytest.raises(QueryError):
            verb(query)
    with pytest.raises(QueryError, match="choose json, xml, csv, tsv"):
        store.query("ASK {}", "ttl", io.BytesIO())


def test_quads_are_found_by_pattern(store: Store) -> None:
    store.apply({EX + "a": [line("a", 1), line("a", 2)], EX + "b": [line("b", 1)]})
    words, a, b = '"words 1"', EX + "a", EX + "b"
    one = (f"<{EX}s1>", f"<{EX}p>", words)
    assert sorted(store.match(f"<{EX}s1>", None, None)) == [(*one, a), (*one, b)]
    assert sorted(store.match(*one)) == sorted(store.match(None, None, words)) == [(*one, a), (*one, b)]
    assert list(store.match(*one, a)) == [(*one, a)]
    assert len(list(store.match(None, f"<{EX}p>", None))) == 3
    assert len(list(store.match(None, None, None, a))) == 2
    assert list(store.match(None, None, '"other"', b)) == list(store.match(*one, EX + "none")) == []


def test_only_so_many_rows_are_taken(store: Store) -> None:
    store.put_graph(EX + "a", [line("a", n) for n in range(9)])
    assert len(store.select("SELECT * { ?s ?p ?o }", limit=5)) == 5
    assert len(store.construct("CONSTRUCT WHERE { ?s ?p ?o }", limit=5)) == 5


def test_a_change_of_many_statements_comes_whole(store: Store) -> None:
    store.apply({EX + "a": [line("a", 0)], EX + "old": [line("old", 0)]})
    many = [line("a", n, "caf\u00e9 \\n") for n in range(2 * CHUNK + 1)]
    few = [line("b", n) for n in range(3)]
    store.apply({EX + "a": many, EX + "b": few}, drop=[EX + "old"])
    assert store.graphs() == (EX + "a", EX + "b")
    assert sorted(store.dump()) == sorted(many + few)
    assert store.count() == len(many) + 3
    store.put_graph(EX + "a", many[: CHUNK + 1])
    assert store.count(EX + "a") == CHUNK + 1
    store.apply({EX + "a": [], EX + "b": few})
    assert store.graphs() == (EX + "b",)


def test_triples_are_made_once(store: Store) -> None:
    store.apply({EX + "a": [line("a", 1)], EX + "b": [line("b", 1), line("b", 2)]})
    found = store.construct(f"PREFIX e: <{EX}> CONSTRUCT {{ ?s e:q ?o ; a e:T }} WHERE {{ ?s e:p ?o }}")
    assert len(found) == 4
    assert len(store.construct(f"CONSTRUCT {{ ?s ?p ?o }} FROM <{EX}a> WHERE {{ ?s ?p ?o }} ORDER BY ?o LIMIT 1")) == 1


@pytest.mark.parametrize("name", [name for name in backends.BACKENDS if name != "memory"])
def test_the_samples_are_the_same_in_every_store(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Each as it comes: updates as large as they are shipped, and as many rows as Virtuoso gives."""
    if name != "disk":  # to a server each statement of the vocabularies goes in a request
        request.getfixturevalue("short_vocabularies")
    iris = Iris("https://example.org/")
    slow = name == "virtuoso"
    # Without it each query across readouts names every graph, which Virtuoso takes minutes for.
    more = "&union=endpoint" if slow else ""
    with as_file(files("communique.ingest") / "samples") as samples:
        texts = tuple(sorted(p for p in samples.iterdir() if p.stem.startswith(FEW)))
        one = _in_memory(texts, iris, name == "disk")
        with backends.place(name, tmp_path) as place, open_store(place + more) as other:
            pipeline.ingest(texts, other, iris)
            reasoner.reason(other, iris)
            again = pipeline.ingest(texts, other, iris)
            assert again.readouts == 0
            assert again.skipped > 0
            # The vocabulary is long and was put there as it is.
            graphs = [g for g in one.graphs() if not slow or not g.startswith((iris.graph("vocabulary"), iris.graph("ontology")))]
            assert one.graphs() == other.graphs()
            kept = [sorted(line for g in graphs for line in each.dump(g) if not _of_this_run(line)) for each in (one, other)]
            assert len(kept[0]) > 1000
            assert kept[0] == kept[1]
            for query in ("issues-raised", "acts-compared", "told-twice"):
                values = {"state": "JPN"} if query == "issues-raised" else {}
                pairs = list(values.items())
                assert _rows(one, query, pairs) == _rows(other, query, pairs)


@cache
def _in_memory(texts: tuple[Path, ...], iris: Iris, _vocabularies: bool) -> Store:
    store = open_store("memory:")
    pipeline.ingest(texts, store, iris)
    reasoner.reason(store, iris)
    return store


def _rows(store: Store, query: str, pairs: list[tuple[str, str]]) -> list[tuple[object, ...]]:
    return [tuple(map(str, row)) for row in catalogue.run(store, query, pairs).rows]


def _of_this_run(line: str) -> bool:
    return "generatedAtTime" in line or "endedAtTime" in line or "startedAtTime" in line
