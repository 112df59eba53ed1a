"""From facts to words: `communique fetch --texts` against a server that plays the publisher's pages.  All texts are invented."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from communique.cli.main import run
from communique.config import Settings
from communique.ingest.fetch import Client
from communique.ingest.pages import documents
from communique.ingest.withheld import Bare, bare, collection, letters, recover
from communique.ingest.withheld.texts import named
from communique.iris import CQ, Iris
from communique.model import Document
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import open_store
from tests.ingest.playing import Says, Stage, page, playing

IRIS = Iris()
WORDS = (
    "On May 4, 2024, Foreign Minister Lund of Norway met Foreign Minister Aas of Iceland in Oslo. "
    "Minister Lund stressed the importance of fisheries cooperation. Minister Aas expressed concern about the situation in Ukraine."
)
TITLE = "Foreign Minister Lund meets Foreign Minister Aas"


class Play:
    """A store with the facts of one readout, and the site on which its text stands."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.folder = stage, folder
        self.url = stage.at("/news/talks.html")
        self.store, self.cache, self.texts = folder / "store", folder / "cache", folder / "texts"

    def fill(self) -> None:
        self.texts.mkdir()
        (self.texts / "lund-meets-aas.txt").write_text(WORDS, encoding="utf-8")
        about = {"url": self.url, "title": TITLE, "date": "2024-05-04", "publisher": "Ministry of Foreign Affairs of Norway"}
        (self.texts / "lund-meets-aas.meta.json").write_text(json.dumps(about), encoding="utf-8")
        file = self.folder / "facts.nq.gz"
        assert run(["facts", "build", str(self.texts), "-o", str(file)]) == 0
        assert run(["facts", "add", str(file), "--store", str(self.store), "--quiet"]) == 0

    @property
    def readout(self) -> str:
        (document,) = (d for d in documents.read([self.texts]) if isinstance(d, Document))
        return IRIS.readout(document)

    def fetch(self, *more: str) -> int:
        named = more if more and not more[0].startswith("-") else (self.url, *more)
        return run(["fetch", "--texts", *named, "--store", str(self.store), "--cache", str(self.cache), "--pause", "0"])

    def asked(self, query: str) -> list[str]:
        with open_store(str(self.store), read_only=True) as store:
            return sorted(str(row[0].value) for row in store.select(query))  # type: ignore[union-attr]

    @property
    def quotes(self) -> list[str]:
        return self.asked(f"SELECT DISTINCT ?q {{ ?e <{CQ}hasSpeechAct> ?a . ?a <{CQ}quote> ?q }}")

    @property
    def acts(self) -> list[str]:
        return self.asked(f"SELECT DISTINCT ?a {{ ?e <{CQ}hasSpeechAct> ?a }}")

    @property
    def facts_only(self) -> bool:
        return bool(self.asked(f"SELECT ?x {{ ?x <{CQ}factsOnly> true }}"))


@pytest.fixture(scope="module")
def site() -> Iterator[Stage]:
    with playing() as found:
        yield found


@pytest.fixture(scope="module")
def filled(few_vocabularies: None, site: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    Play(site, folder).fill()
    return folder


@pytest.fixture
def play(site: Stage, filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Play:
    site.routes.clear()
    site.asked.clear()
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    capsys.readouterr()
    return Play(site, tmp_path)


def test_the_words_come_to_the_facts(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    acts = play.acts
    assert len(acts) == 2
    assert not play.quotes
    play.stage.routes["/news/talks.html"] = Says(WORDS.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})
    assert play.fetch() == 0
    assert capsys.readouterr().out == "readouts with facts only  1\nwith their words now      1\n"
    assert not play.facts_only
    assert play.acts == acts
    assert len(play.quotes) == 2
    assert all(quote in WORDS for quote in play.quotes)


def test_the_quote_is_shown_on_the_pages_and_in_the_proof(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    act = play.acts[0]
    shown = [_path(play.readout), f"/statement{_path(act).removeprefix('/readout')}"]
    before = [_look(play, path) for path in shown]
    assert not any("fisheries cooperation" in text for text in before)
    assert all("communique fetch --texts" in text for text in before)
    play.stage.routes["/news/talks.html"] = page(WORDS, TITLE)
    assert play.fetch() == 0
    after = [_look(play, path) for path in shown]
    assert all("fisheries" in text and "communique fetch --texts" not in text for text in after)
    capsys.readouterr()
    statement = play.asked(f"SELECT ?i {{ <{act}> <{CQ}aboutIssue> ?i }}")[0]
    assert run(["explain", f"<{act}>", "cq:aboutIssue", f"<{statement}>", "--store", str(play.store)]) == 0
    assert "“fisheries cooperation”, read by" in capsys.readouterr().out


def test_a_page_with_more_on_it_is_known_by_its_letters(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    body = f"<html><body><h1>{TITLE}</h1><p>Office of Press</p><p>{WORDS.replace('. ', '.</p><p>')}</p><p>Share this page</p></body></html>"
    play.stage.routes["/news/talks.html"] = Says(body.encode())
    assert play.fetch() == 0
    assert "letter for letter  1" in capsys.readouterr().out
    (text,) = play.asked(f"SELECT ?t {{ ?x <{CQ}text> ?t }}")
    assert letters(text) == letters(WORDS)
    for quote, start, end in _places(play):
        assert text[start:end] == quote


def test_of_a_page_that_has_changed_the_facts_stay(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    acts = play.acts
    play.stage.routes["/news/talks.html"] = page(WORDS.replace("concern", "satisfaction"), TITLE)
    assert play.fetch() == 1
    told = capsys.readouterr()
    line = f"{play.readout} ({play.url}): the page has changed since it was read; the facts are kept, the text is not shown\n"
    assert line in told.err
    assert "page has changed, facts kept  1" in told.out
    assert (play.acts, play.facts_only, play.quotes) == (acts, True, [])


@pytest.mark.parametrize(
    "says",
    [
        Says(b"gone", 404),
        Says(b"<html><body><p>On May 4", length=5000),
        Says(b"", 200),
        Says(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}),
    ],
    ids=["404", "cut", "empty", "pdf"],
)
def test_without_the_page_the_facts_stay(
    play: Play, says: Says, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client, "_rest", lambda *_: None)
    acts = play.acts
    play.stage.routes["/news/talks.html"] = says
    assert play.fetch() == 1
    told = capsys.readouterr()
    assert "page could not be fetched, facts kept  1" in told.out
    assert len([line for line in told.err.splitlines() if play.url in line]) == 1
    assert (play.acts, play.facts_only) == (acts, True)


def test_it_is_taken_up_from_the_cache_and_done_once(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play.stage.routes["/news/talks.html"] = page(WORDS, TITLE)
    assert run(["fetch", play.url, "--cache", str(play.cache), "--pause", "0"]) == 0
    capsys.readouterr()
    assert run(["fetch", "--texts", "--dry-run", "--store", str(play.store)]) == 0
    assert capsys.readouterr().out == f"{play.url}\n"
    # Without a name all readouts are meant; their addresses come from the store, so no machine of the own network would be asked.
    assert run(["fetch", "--texts", "--store", str(play.store), "--cache", str(play.cache), "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert [(t["readout"], t["outcome"]) for t in found["texts"]] == [(play.readout, "same")]
    assert play.stage.hits["/news/talks.html"] == 1
    assert play.fetch() == 0
    told = capsys.readouterr()
    assert "its words are here already" in told.err
    assert play.stage.hits["/news/talks.html"] == 1


def test_an_address_in_the_store_does_not_lead_into_the_own_network(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play.stage.routes["/news/talks.html"] = page(WORDS, TITLE)
    assert play.fetch(play.readout) == 1
    assert "own network" in capsys.readouterr().err
    assert not play.stage.asked


def test_an_older_version_of_the_page_will_do(play: Play) -> None:
    play.stage.routes["/news/talks.html"] = [page(WORDS, TITLE), page("Another text altogether, on trade.", TITLE)]
    for more in ([], ["--again"]):
        assert run(["fetch", play.url, "--cache", str(play.cache), "--pause", "0", *more]) == 0
    assert play.fetch() == 0
    assert not play.facts_only


def test_a_readout_that_is_not_there_is_told(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    assert play.fetch("https://host.example/other") == 2
    assert "there is no such readout" in capsys.readouterr().err
    assert play.fetch(play.url, "--since", "2024-01-01") == 2


def test_with_strict_what_is_missing_is_code_3(play: Play, tmp_path: Path) -> None:
    listed = tmp_path / "addresses.txt"
    listed.write_text(f"# one address a line\n{play.url}\n", encoding="utf-8")
    play.stage.routes["/news/talks.html"] = page(WORDS, TITLE)
    assert play.fetch(str(listed), "--strict") == 0


def test_every_readout_that_is_shipped_can_be_named() -> None:
    """A text that is found gets the IRI of its facts."""
    words = "The Secretary met the Minister. They discussed trade."
    for graph, lines in collection.shipped(IRIS).items():
        readout = graph.removesuffix("/account")
        url = next(line.split('"')[1] for line in lines if line.startswith(f"<{readout}> <{CQ}url> "))
        wanted = Bare(readout, url, "", letters(words), None, "en", None, None)
        found = named(Document("x", words, "", ""), wanted, IRIS)
        assert found is not None, readout
        assert IRIS.readout(found) == readout


def test_a_text_that_is_no_readout_today_does_not_take_the_facts_away(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from communique.ingest.extract import extract
    from communique.ingest.withheld import texts

    monkeypatch.setattr(texts, "extract", lambda document: replace(extract(document), set_aside="speech"))
    with open_store(str(play.store), read_only=True) as store:
        (wanted,) = bare(store)
    found = recover(wanted, [play.folder / "texts" / "lund-meets-aas.txt"], IRIS)
    assert found.document is None
    assert "set the text aside (speech)" in found.reason


def _path(iri: str) -> str:
    found = IRIS.path(iri)
    assert found is not None
    return found.removeprefix("/id")


def _places(play: Play) -> list[tuple[str, int, int]]:
    with open_store(str(play.store), read_only=True) as store:
        found = store.select(f"SELECT ?q ?s ?e {{ ?x <{CQ}quote> ?q ; <{CQ}start> ?s ; <{CQ}end> ?e }}")
        return [(str(q.value), int(s.value), int(e.value)) for q, s, e in found]  # type: ignore[union-attr]


def _look(play: Play, path: str) -> str:
    with open_store(str(play.store), read_only=True) as store:
        answer = create_app(Settings(), InProcess(store)).test_client().get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text[-300:]
    return answer.text
