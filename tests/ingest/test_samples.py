"""The composed samples: marked as what they are, in the layouts of seven publishers, and read as they were meant.

``samples.csv`` was checked against the texts by eye: what each of them tells at its head, or why it is no readout.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from communique.ingest.extract import extract
from communique.ingest.pages import documents
from communique.model import Document, Extraction

SAMPLES = Path(__file__).parents[2] / "ingest" / "samples"
with (Path(__file__).parent / "samples.csv").open(encoding="utf-8", newline="") as file:
    TOLD = list(csv.DictReader(file))
NAMES = sorted({row["sample"] for row in TOLD})


@pytest.fixture(scope="module")
def read() -> dict[str, Extraction]:
    found = list(documents.read([SAMPLES]))
    return {d.id: extract(d) for d in found if isinstance(d, Document)}


def test_nothing_is_refused_and_nothing_is_forgotten(read: dict[str, Extraction]) -> None:
    assert set(read) == {row["sample"] for row in TOLD}


def test_every_sample_says_that_it_is_composed(read: dict[str, Extraction]) -> None:
    for extraction in read.values():
        document = extraction.document
        assert document.composed
        assert document.publisher
        assert document.publisher.endswith("(composed)")
        assert document.licence == "composed for demonstration; not a real readout"
        assert document.url
        assert document.url.startswith("https://example.org/")


def test_every_text_has_a_sidecar_and_every_sidecar_a_text() -> None:
    texts = {p.name.removesuffix(p.suffix) for p in SAMPLES.iterdir() if p.suffix in {".txt", ".md", ".html"} and p.stem != "README"}
    sidecars = {p.name.removesuffix(".meta.json") for p in SAMPLES.glob("*.meta.json")}
    assert texts == sidecars
    for stem in sidecars:
        assert json.loads((SAMPLES / f"{stem}.meta.json").read_text(encoding="utf-8"))["id"] == stem


def test_there_are_enough_of_every_kind(read: dict[str, Extraction]) -> None:
    readouts = [x for x in read.values() if not x.set_aside]
    assert len(readouts) >= 30
    assert len({x.document.source for x in readouts}) >= 6
    assert {p.suffix for p in SAMPLES.iterdir()} >= {".txt", ".html", ".md", ".jsonl"}
    tellers = defaultdict(set)
    for row in TOLD:
        if row["date"]:
            tellers[frozenset(row["parties"].split()), row["date"]].add(row["sample"].split("-")[0])
    assert Counter(len(t) > 1 for t in tellers.values())[True] >= 8


@pytest.mark.parametrize("sample", NAMES)
def test_the_head_is_read_as_the_text_has_it(read: dict[str, Extraction], sample: str) -> None:
    extraction = read[sample]
    rows = [row for row in TOLD if row["sample"] == sample]
    if rows[0]["type"].startswith("set-aside:"):
        assert extraction.genre == rows[0]["type"].removeprefix("set-aside:")
        assert extraction.set_aside
        return
    seen = [
        {
            "sample": sample,
            "type": e.type,
            "date": e.date or "",
            "families": " ".join(p.family or "-" for p in e.participants),
            "parties": " ".join(e.parties),
            "place": e.place or "",
            "start": e.start or "",
            "minutes": str(e.duration_min or ""),
        }
        for e in extraction.encounters
    ]
    assert seen == rows


def test_every_sample_gives_acts(read: dict[str, Extraction]) -> None:
    assert [name for name, x in read.items() if not x.set_aside and not x.acts] == []


def test_spans_lie_in_the_text(read: dict[str, Extraction]) -> None:
    for extraction in read.values():
        size = len(extraction.document.text)
        spans = [a.trigger for a in extraction.acts] + [c.span for c in extraction.coverage]
        assert all(0 <= s.start < s.end <= size for s in spans)
