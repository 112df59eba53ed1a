"""Exports are deterministic, whole, and read alike by another library."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib

from communique.errors import UsageError
from communique.queries.exports import COLUMNS, FORMATS, export
from communique.store import Store, open_store

EX = "http://example.org/"


@pytest.fixture
def store(root: Path) -> Iterator[Store]:
    graphs = defaultdict(list)
    for line in (root / "tests/data/two-accounts.nq").read_text(encoding="utf-8").splitlines():
        graphs[line.rsplit(" ", 2)[1][1:-1]].append(line)
    # What exports must not stumble over: a triple that two graphs state, and every character that needs care.
    for name in ("a", "b"):
        graphs[EX + name] = [
            f'<{EX}s> <{EX}p> "\\"quoted\\", tab\\t, line\\nend, \\\\, é, 日本, {{brace}}"@en <{EX}{name}> .',
            f'<{EX}s> <{EX}p> "2022-03-03"^^<http://www.w3.org/2001/XMLSchema#date> <{EX}{name}> .',
        ]
    with open_store("memory:") as opened:
        opened.apply(graphs)
        yield opened


def written(store: Store, form: str) -> bytes:
    out = io.BytesIO()
    export(store, form, out)
    assert not out.closed
    return out.getvalue()


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_store_gives_the_same_bytes(store: Store, form: str) -> None:
    first = written(store, form)
    graphs = {graph: sorted(store.dump(graph), reverse=True) for graph in reversed(store.graphs())}
    with open_store("memory:") as other:
        for graph, lines in graphs.items():
            other.put_graph(graph, lines)
        assert written(other, form) == first


# rdflib 7.6 warns about its own parsers' use of a name that it deprecates.
@pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")
@pytest.mark.parametrize(("form", "name"), [("trig", "trig"), ("nq", "nquads"), ("jsonld", "json-ld")])
def test_rdflib_reads_the_same_quads(store: Store, form: str, name: str) -> None:
    read = rdflib.Dataset()
    read.parse(data=written(store, form).decode(), format=name)
    expected = rdflib.Dataset()
    expected.parse(data="".join(f"{line}\n" for line in store.dump()), format="nquads")
    assert set(read.quads()) == set(expected.quads())
    assert len(set(read.quads())) == store.count()


def test_rdflib_reads_the_union_as_turtle(store: Store) -> None:
    read = rdflib.Graph().parse(data=written(store, "ttl").decode(), format="turtle")
    assert len(read) == len({line.rsplit(" ", 2)[0] for line in store.dump()}) == store.count() - 2 - shared(store)


def shared(store: Store) -> int:
    """How many triples of the two accounts are stated by both."""
    lines = [line.rsplit(" ", 2)[0] for line in store.dump() if f"<{EX}s>" not in line]
    return len(lines) - len(set(lines))


def test_n_quads_are_sorted_within_each_graph(store: Store) -> None:
    lines = written(store, "nq").decode().splitlines()
    assert lines == sorted(lines, key=lambda line: (line.rsplit(" ", 2)[1], line))


def test_the_table_has_one_row_an_act(store: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(written(store, "csv").decode())))
    assert [(r["publisher_label"], r["act_type_label"] or r["act_type"], r["stance"]) for r in rows[:1]] == [
        ("Ministry of Foreign Affairs of Japan", "Request", "none")
    ]
    request, condemnation, support, _ = rows
    assert (request["actors_labels"], request["actors_parties"], request["addressees_parties"]) == ("HARADA Kenji", "JPN", "USA")
    assert (condemnation["actors_parties"], condemnation["joint"], condemnation["stance"]) == ("JPN USA", "true", "negative")
    assert condemnation["target"].endswith("/state/PRK")
    assert (support["commitment"], support["issues"].rsplit("/", 1)[1]) == ("true", "abductions")
    assert all(row["composed"] == "true" and row["date"] == "2022-03-03" and row["quote"] for row in rows)


def test_an_empty_store_gives_an_empty_file() -> None:
    with open_store("memory:") as store:
        assert written(store, "nq") == written(store, "ttl") == b""
        assert written(store, "csv").decode() == ",".join(COLUMNS) + "\n"
        assert written(store, "jsonld") == b"[]"


def test_an_unknown_format_is_told_plainly(store: Store) -> None:
    with pytest.raises(UsageError, match="choose trig, nq, ttl, jsonld, csv"):
        written(store, "docx")
