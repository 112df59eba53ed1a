"""The embedded store keeps graphs whole, answers in every syntax, and refuses what it must not do."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from communique.errors import QueryError, QuerySyntaxError, StoreBusy, StoreError, StoreForeign, StoreMissing, UsageError
from communique.store import open_store

EX = "http://example.org/"


def line(graph: str, n: int, text: str = "words") -> str:
    return f'<{EX}s{n}> <{EX}p> "{text} {n}" <{EX}{graph}> .'


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


@pytest.mark.parametrize("place", ["sparql+ftp://example.org/query", "ftp://example.org/", "", "oxigraph://"])
def test_addresses_that_are_no_store(place: str) -> None:
    with pytest.raises(UsageError, match=r"use a directory|write it as"):
        open_store(place)


def test_the_whole_answer_comes_out_as_json() -> None:
    with open_store("memory:") as store:
        store.put_graph(EX + "a", [line("a", n, "“quoted” é \\n \\u0041") for n in range(1000)])
        out = io.BytesIO()
        store.query("SELECT * { ?s ?p ?o }", "json", out)
    assert len(json.loads(out.getvalue())["results"]["bindings"]) == 1000
