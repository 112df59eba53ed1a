"""The whole line stores each document once, takes up what was interrupted, and accounts for everything it was given."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from communique.ingest import pipeline
from communique.ingest.extract import extract
from communique.ingest.pipeline import Report, ingest, ingest_all
from communique.iris import CQ, Iris
from communique.model import Document, Extraction, Refusal
from communique.store import Store, open_store

IRIS = Iris()
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


@pytest.fixture(scope="module")
def samples(root: Path) -> Path:
    return root / "ingest" / "samples"


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:") as opened:
        yield opened


@pytest.fixture
def folder(samples: Path, tmp_path: Path) -> Path:
    """Six of the samples, one of them no readout."""
    texts = sorted(p for p in samples.iterdir() if p.suffix == ".txt")
    aside = next(p for p in texts if "sanctions" in p.name)
    place = tmp_path / "texts"
    place.mkdir()
    for text in [*[t for t in texts if t != aside][:5], aside]:
        for file in (text, text.with_name(f"{text.stem}.meta.json")):
            if file.exists():
                shutil.copy(file, place)
    return place


def readouts(store: Store) -> dict[str, str]:
    """The hash of the text of each readout and of each document set aside."""
    rows = store.select(f"SELECT ?d ?hash {{ VALUES ?kind {{ <{CQ}Readout> <{CQ}SetAside> }} ?d a ?kind ; <{CQ}sha256> ?hash }}")
    return {d.value: hash_.value for d, hash_ in rows}  # type: ignore[union-attr]


def test_every_document_is_stored_and_accounted_for(folder: Path, store: Store) -> None:
    seen: list[Document | Refusal] = []
    report = ingest([folder], store, IRIS, progress=seen.append)
    assert (report.documents, report.readouts, len(report.set_aside), report.skipped) == (6, 5, 1, 0)
    assert len(seen) == 6
    assert len(report.written) == len(readouts(store)) == 6
    assert report.encounters >= 5
    assert report.acts > report.encounters
    assert 0 <= report.unread < report.sentences
    (reason,) = report.reasons
    assert store.ask(f'ASK {{ ?d a <{CQ}SetAside> ; <{CQ}setAsideReason> "{reason}" }}')
    assert store.has(IRIS.graph("ontology"))
    assert store.has(IRIS.graph("vocabulary"))
    table = dict(report.table())
    assert (table["documents"], table["became readouts"], table["set aside"], table[f"  {reason}"]) == ("6", "5", "1", "1")
    assert "documents a second" in table["processor time"]


def test_a_second_run_changes_nothing(folder: Path, store: Store) -> None:
    ingest([folder], store, IRIS)
    before = sorted(store.dump())
    report = ingest([folder], store, IRIS)
    assert (report.skipped, report.readouts, report.written) == (6, 0, ())
    assert sorted(store.dump()) == before
    again = ingest([folder], store, IRIS, again=True)
    assert (again.skipped, len(again.written), again.replaced) == (0, 6, 6)
    # Nothing but the journal of what the counts must look at.
    assert [line for line in sorted(store.dump()) if not line.endswith("/graph/uncounted> .")] == before


def test_two_runs_give_the_same_quads(folder: Path, store: Store) -> None:
    ingest([folder], store, IRIS)
    with open_store("memory:") as other:
        ingest(sorted(folder.iterdir(), reverse=True), other, IRIS)
        assert sorted(other.dump()) == sorted(store.dump())


@pytest.mark.parametrize("with_url", [True, False])
def test_a_text_that_changed_takes_the_place_of_the_older(folder: Path, store: Store, with_url: bool) -> None:
    if not with_url:
        for meta in folder.glob("*.meta.json"):
            meta.unlink()
    ingest([folder], store, IRIS)
    before = readouts(store)
    changed = next(iter(sorted(folder.glob("*.txt"))))
    changed.write_text(changed.read_text(encoding="utf-8") + "\nThey agreed to stay in touch.\n", encoding="utf-8")
    (old,) = set(before.values()) - stored_again(folder, before)
    account = IRIS.account(next(d for d, hash_ in before.items() if hash_ == old))
    store.put_graph(IRIS.inferred(account), [f"<{CQ}x> <{CQ}y> <{CQ}z> <{IRIS.inferred(account)}> ."])
    report = ingest([folder], store, IRIS)
    assert (len(report.written), report.replaced, report.skipped) == (1, 1, 5)
    after = readouts(store)
    assert len(after) == 6
    assert old not in after.values()
    assert not store.has(IRIS.inferred(account))


def stored_again(folder: Path, before: dict[str, str]) -> set[str]:
    """The hashes of the texts in a folder that are stored."""
    from communique.ingest.pages import documents

    return {d.sha256 for d in documents.read([folder]) if isinstance(d, Document)} & set(before.values())


def test_what_cannot_be_read_is_listed_and_the_rest_goes_on(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(bytes(range(256)) * 20)

    def tripping(document: Document) -> Extraction:
        if "zz" in document.origin:
            raise KeyError(document.id)
        return extract(document)

    monkeypatch.setattr(pipeline, "extract", tripping)
    (folder / "zz.txt").write_text("Minister A met Minister B.\n\nThey talked.", encoding="utf-8")
    report = ingest([folder, folder / "not-there.txt"], store, IRIS)
    assert (report.readouts, len(report.set_aside)) == (5, 1)
    refused = {Path(r.origin).name: r.reason for r in report.refusals}
    assert set(refused) == {"empty.txt", "picture.txt", "zz.txt", "not-there.txt"}
    assert "please report it" in refused["zz.txt"]
    assert not any("\n" in reason for reason in refused.values())
    assert dict(report.table())["could not be read"] == "4"


def test_an_empty_report_can_be_shown() -> None:
    nothing = Report((), 0, 0, 0, 0, 0, 0, 0, 0, (), (), 0.0)
    assert dict(nothing.table())["documents"] == "0"


INGEST = """
import os, signal, sys
from communique.ingest import pipeline
from communique.iris import Iris
from communique.store import open_store
pipeline._BATCH_DOCUMENTS = 3
left = int(sys.argv[3])
def count(item):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
with open_store(sys.argv[2]) as store:
    pipeline.ingest([sys.argv[1]], store, Iris(), progress=count)
"""


def test_a_killed_run_is_taken_up(samples: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    stored = 0
    for left in (5, 25):
        run = subprocess.run([sys.executable, "-c", INGEST, str(samples), place, str(left)], check=False, env=os.environ)
        assert run.returncode == -signal.SIGKILL
        with open_store(place, read_only=True) as store:
            assert len(readouts(store)) >= max(stored, left - 3)
            stored = len(readouts(store))
    with open_store(place) as store, open_store("memory:") as whole:
        report = ingest([samples], store, IRIS)
        assert report.skipped >= stored
        ingest([samples], whole, IRIS)
        assert sorted(store.dump()) == sorted(whole.dump())


TALKS = (
    "CS Kamau Holds Talks with Norway's Foreign Minister\n\n"
    "Cabinet Secretary for Foreign Affairs Wanjiru Kamau held talks on 14 May 2024 with the Foreign Minister of Norway, Sigrid Lund.\n\n"
    "The two ministers discussed trade. Foreign Minister Lund expressed support for {}."
)


def told(text: str, url: str | None = None, publisher: str | None = None) -> Document:
    return Document(text[-9:], text, sha256(text.encode()).hexdigest(), "test", url=url, publisher=publisher)


def answers(store: Store, query: str) -> list[tuple[str, ...]]:
    """Rows as words, what is not bound as none."""
    return [tuple(t.value if isinstance(t, NamedNode | Literal) else "" for t in row) for row in store.select(query)]


def test_whose_a_text_is_stands_in_the_graph_though_nobody_names_the_publisher(store: Store) -> None:
    host = told(TALKS.format("the reform"), url="https://mfa.go.ke/talks")
    letterhead = told("MINISTRY OF FOREIGN AFFAIRS\nREPUBLIC OF KENYA\n\nPRESS RELEASE\n\n" + TALKS.format("the visit"))
    named = told(TALKS.format("the fund"), url="https://mfa.go.ke/fund", publisher="Ministry of Foreign Affairs")
    namesake = told(TALKS.format("the idea"), url="https://mfa.gov.gh/idea", publisher="Ministry of Foreign Affairs")
    unknown = told(TALKS.format("the hope"))
    report = ingest_all([host, letterhead, named, namesake, unknown], store, IRIS)
    assert (report.readouts, report.untold) == (5, 1)
    assert any(label.strip() == "side not known" and figure.startswith("1;") for label, figure in report.table())
    parties = f"OPTIONAL {{ ?p <{CQ}speaksFor> ?known }} BIND(REPLACE(STR(?known), '.*/', '') AS ?party)"
    rows = answers(store, f"SELECT DISTINCT ?d ?name ?party {{ ?d <{CQ}publisher> ?p . ?p <{RDFS}label> ?name {parties} }}")
    found = {readout: (name, party) for readout, name, party in rows}
    assert [found[IRIS.readout(d)] for d in (host, letterhead, named, namesake, unknown)] == [
        ("unnamed publisher (KEN)", "KEN"),
        ("unnamed publisher (KEN)", "KEN"),
        ("Ministry of Foreign Affairs (KEN)", "KEN"),
        ("Ministry of Foreign Affairs (GHA)", "GHA"),
        ("unnamed publisher", ""),
    ]
    assert len(rows) == 5  # one publisher and one party each


def test_a_text_without_a_title_is_called_by_its_heading(store: Store) -> None:
    text = told(TALKS.format("the reform"))
    ingest_all([text], store, IRIS)
    named = f"VALUES ?kind {{ <{CQ}Readout> <{CQ}Encounter> }} ?x a ?kind ; <{RDFS}label> ?name"
    names = {name for (name,) in answers(store, f"SELECT ?name {{ {named} }}")}
    assert names == {"CS Kamau Holds Talks with Norway's Foreign Minister"}
    assert not store.ask(f"ASK {{ ?x <{CQ}title> ?t }}")  # its publisher gave it none
