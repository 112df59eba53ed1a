"""The embedded store keeps graphs whole, answers in every syntax, and refuses what it must not do."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.errors import QueryError, QuerySyntaxError, StoreBusy, StoreError, StoreForeign, StoreMissing, UsageError
from communique.store import Dataset, EmbeddedStore, Kind, open_store

EX = "http://example.org/"


def line(graph: str, n: int, text: str = "words") -> str:
    return f'<{EX}s{n}> <{EX}p> "{text} {n}" <{EX}{graph}> .'


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmbeddedStore]:
    with open_store("memory:" if request.param == "memory" else str(tmp_path / "store")) as opened:
        yield opened


def test_a_graph_is_replaced_whole(store: EmbeddedStore) -> None:
    store.apply({EX + "a": [line("a", 1), line("a", 2)], EX + "b": [line("b", 1)]})
    store.put_graph(EX + "a", [line("a", 3)])
    assert sorted(store.dump()) == [line("b", 1), line("a", 3)]
    assert list(store.dump(EX + "a")) == [line("a", 3)]
    assert (store.count(), store.count(EX + "a"), store.count(EX + "none")) == (2, 1, 0)


def test_graphs_are_put_and_dropped_in_one_change(store: EmbeddedStore) -> None:
    store.put_graph(EX + "old", [line("old", 1)])
    store.apply({EX + "new": [line("new", 1)]}, drop=[EX + "old", EX + "never"])
    assert store.graphs() == (EX + "new",)
    assert not store.has(EX + "old")
    store.delete_graph(EX + "new")
    assert store.count() == 0


def test_a_change_that_fails_changes_nothing(store: EmbeddedStore) -> None:
    store.put_graph(EX + "a", [line("a", 1)])
    for broken in (f"<{EX}s> <not an iri> <{EX}o> <{EX}a> .", line("elsewhere", 1)):
        with pytest.raises(StoreError):
            store.apply({EX + "b": [line("b", 1)], EX + "a": [line("a", 2), broken]})
    assert list(store.dump()) == [line("a", 1)]


def test_the_default_graph_is_the_union_unless_graphs_are_named(store: EmbeddedStore) -> None:
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
def test_answers_are_written_in_each_syntax(store: EmbeddedStore, query: str, syntax: str, kind: Kind, start: bytes) -> None:
    store.put_graph(EX + "a", [line("a", 1)])
    out = io.BytesIO()
    assert store.query(query, syntax, out) is kind
    assert out.getvalue().startswith(start)


def test_each_verb_wants_its_own_form(store: EmbeddedStore) -> None:
    for verb, query in ((store.select, "ASK {}"), (store.ask, "SELECT * {}"), (store.construct, "ASK {}")):
        with pytest.raises(QueryError):
            verb(query)
    with pytest.raises(QueryError, match="choose json, xml, csv, tsv"):
        store.query("ASK {}", "ttl", io.BytesIO())


def test_only_so_many_rows_are_taken(store: EmbeddedStore) -> None:
    store.put_graph(EX + "a", [line("a", n) for n in range(9)])
    assert len(store.select("SELECT * { ?s ?p ?o }", limit=5)) == 5
    assert len(store.construct("CONSTRUCT WHERE { ?s ?p ?o }", limit=5)) == 5


def test_a_syntax_error_knows_its_place() -> None:
    with open_store("memory:") as store, pytest.raises(QuerySyntaxError) as caught:
        store.select("SELECT * {\n  ?s ?p }")
    assert (caught.value.line, caught.value.text) == (2, "  ?s ?p }")
    assert str(caught.value).startswith("query, line 2, column ")


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX a: <a:> DELETE WHERE { ?s ?p ?o }",
        "load <http://example.org/>",
        "DROP ALL",
    ],
)
def test_updates_are_refused(update: str) -> None:
    with open_store("memory:") as store, pytest.raises(QueryError, match="read-only"):
        store.select(update)


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    with open_store(place) as first:
        first.put_graph(EX + "a", [line("a", 1)])
    with open_store(place) as writer:
        writer.put_graph(EX + "b", [line("b", 1)])
        with pytest.raises(StoreBusy, match="another process is writing"):
            open_store(place)
        with open_store(place, read_only=True) as reader:
            assert reader.graphs() == (EX + "a",)
            with pytest.raises(StoreError, match="opened for reading"):
                reader.delete_graph(EX + "a")
        writer.put_graph(EX + "c", [line("c", 1)])
    with open_store(place, in_memory=True) as later:
        assert later.graphs() == (EX + "a", EX + "b", EX + "c")
        assert not later.capabilities.writable


def test_nothing_to_read_yet_while_the_first_writer_works(tmp_path: Path) -> None:
    with open_store(str(tmp_path)), pytest.raises(StoreBusy):
        open_store(str(tmp_path), read_only=True)


def test_old_snapshots_go(tmp_path: Path) -> None:
    for n in range(5):
        with open_store(f"oxigraph://{tmp_path}") as store:
            store.put_graph(EX + "a", [line("a", n)])
    assert len(list((tmp_path / "snapshots").iterdir())) == 1
    with open_store(str(tmp_path), read_only=True) as store:
        assert list(store.dump()) == [line("a", 4)]


def test_what_is_no_store_is_told_plainly_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("Dear reader")
    for place, error in (
        (other, StoreForeign),
        (other / "letter.txt", StoreForeign),
        (other / "letter.txt" / "below", StoreError),
    ):
        for read_only in (False, True):
            with pytest.raises(error) as caught:
                open_store(str(place), read_only=read_only)
            assert "\n" not in str(caught.value)
            assert str(place) in str(caught.value)
    assert [p.name for p in other.iterdir()] == ["letter.txt"]
    with pytest.raises(StoreMissing, match="communique ingest"):
        open_store(str(tmp_path / "nowhere"), read_only=True)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("place", ["sparql+https://example.org/query", "ftp://example.org/", "", "oxigraph://"])
def test_addresses_that_are_no_store(place: str) -> None:
    with pytest.raises(UsageError, match="use a directory"):
        open_store(place)


def test_the_whole_answer_comes_out_as_json() -> None:
    with open_store("memory:") as store:
        store.put_graph(EX + "a", [line("a", n, "“quoted” é \\n \\u0041") for n in range(1000)])
        out = io.BytesIO()
        store.query("SELECT * { ?s ?p ?o }", "json", out)
    assert len(json.loads(out.getvalue())["results"]["bindings"]) == 1000
