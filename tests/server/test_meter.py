"""The meter counts rows by the bytes between them, however they are cut and whatever stands in them."""

from __future__ import annotations

import io

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.errors import TimedOut, TooLong
from communique.server.meter import Fingerprint, Limits, Meter, fingerprint
from communique.server.workers import snapshot

P = ox.NamedNode("http://example.org/p")
FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
NASTY = ('"', "},{", '},{"', '},{"s":{"type"', "\n", "\r\n", "<result>", '"bindings":[{"', "a,b", "\t", "\\", "}},{")
literals = st.builds(ox.Literal, st.one_of(st.sampled_from(NASTY), st.text(max_size=8)))
tagged = st.builds(lambda text: ox.Literal(text, language="en"), st.sampled_from(NASTY))


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(literals, tagged), max_size=6, unique=True), st.sampled_from(sorted(FORMATS)), st.integers(1, 40))
def test_rows_are_counted(values: list[ox.Literal], syntax: str, cut: int) -> None:
    store = ox.Store()
    store.extend(ox.Quad(ox.NamedNode("http://example.org/s"), P, value) for value in values)
    rows = store.query("SELECT ?s ?none ?o { ?s ?p ?o }").serialize(format=FORMATS[syntax])  # type: ignore[arg-type]
    assert rows is not None
    out = io.BytesIO()
    meter = Meter(out.write, syntax, Limits(), float("inf"))
    for start in range(0, len(rows), cut):
        meter.write(rows[start : start + cut])
    assert (meter.rows, meter.bytes, out.getvalue()) == (len(store), len(rows), rows)


def test_a_row_without_any_value_is_not_counted_in_json_also_where_it_is_the_first() -> None:
    rows = b'{"head":{"vars":["a"]},"results":{"bindings":[{},{"a":{"type":"literal","value":"x"}},{},{"a":{"type":"uri","value":"x:y"}}]}}'
    meter = Meter(lambda _: None, "json", Limits(), float("inf"))
    meter.write(rows)
    assert meter.rows == 2


def test_it_stops_what_is_too_long_or_too_late() -> None:
    with pytest.raises(TooLong, match="10 bytes"):
        Meter(lambda _: None, "nt", Limits(size=10), float("inf")).write(b"x" * 11)
    with pytest.raises(TooLong, match="2 rows"):
        Meter(lambda _: None, "tsv", Limits(rows=2), float("inf")).write(b"?x\n1\n2\n3\n")
    with pytest.raises(TimedOut):
        Meter(lambda _: None, "tsv", Limits(), 0.0).write(b"?x\n")


def test_a_fingerprint_is_of_the_lines_and_not_of_their_order() -> None:
    assert fingerprint(["a", "b"]) == fingerprint(["b", "a"])
    assert len({fingerprint(lines) for lines in ([], ["a"], ["a", "a"], ["b"])}) == 4
    file = Fingerprint(io.BytesIO(b"a\nb\n"))
    while file.read(1):
        pass
    assert file.digest() == fingerprint(["b", "a"])


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b" ") + b"\n"), max_size=60), st.integers(1, 50))
def test_lines_in_sorted_runs_are_the_same_lines(lines: list[bytes], cut: int) -> None:
    out = io.BytesIO()
    runs = snapshot.Runs(out, most=100)
    text = b"".join(lines)
    for start in range(0, len(text), cut):
        runs.write(text[start : start + cut])
    runs.close()
    assert sorted(out.getvalue().split(b"\n")) == sorted(text.split(b"\n"))
