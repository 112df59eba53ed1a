"""What was not read: a store tells the same as the texts, and every kind is grouped, counted and shown with an example."""

from __future__ import annotations

import json
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.errors import ExitCode
from communique.ingest import pipeline
from communique.ingest.issues.nearest import NearestConcept
from communique.ingest.lexicon import lexicon
from communique.iris import Iris
from communique.queries.gaps import KINDS, gaps
from communique.store import open_store
from tests.vocabularies import some_vocabularies

LEAD = "Secretary of State Daniel Whitcombe met today with French Foreign Minister Clara Orsini in Vienna."
TEXT = f"""{LEAD}

They discussed the colour of the curtains.  The two ministers refined the plan.  The mayors of both towns discussed the harbour.

The United States is building a new harbour.
"""


def read(*paths: Path, into: str = "memory:") -> None:
    with open_store(into) as store:
        pipeline.ingest(paths, store, Iris())


def written(folder: Path) -> Path:
    """A readout with something left open in every other sentence."""
    path = folder / "talks.txt"
    path.write_text(TEXT, encoding="utf-8")
    meta = {
        "publisher": "U.S. Department of State",
        "title": "Secretary Whitcombe's Meeting with French Foreign Minister Orsini",
        "date": "2024-03-04",
    }
    path.with_suffix(".meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return path


def test_what_is_left_open_is_grouped_by_kind(tmp_path: Path) -> None:
    with open_store("memory:") as store:
        pipeline.ingest([written(tmp_path)], store, Iris())
        found = gaps(store)
    told = {(g.kind, g.words) for g in found.gaps}
    assert {
        ("unlinked", "the colour of the curtains"),
        ("unknown-verb", "refined"),
        ("unattached-verb", "discussed"),
        ("background", "The United States is building a new harbour."),
    } <= told
    assert {g.kind for g in found.gaps} <= set(KINDS)
    (share,) = found.shares
    assert (share.readouts, share.sentences, share.states) == (1, 5, (1, 1, 1, 0, 2))
    assert found.total.states == share.states
    assert (found.acts, found.linked) == (1, 0)
    (verb,) = found.of("unknown-verb")
    assert "refined the plan" in verb.example


def test_texts_and_a_store_tell_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with as_file(files("communique.ingest") / "samples") as samples, some_vocabularies("states"):
        own = [written(tmp_path)]
        paths = [*sorted(samples.rglob("*.txt"))[::6], *own]
        read(*paths, into="store")
        read(*own, into="small")
        for command in (["coverage"], ["issues", "candidates"]):
            for form, store, texts in (("json", "store", paths), ("table", "small", own), ("csv", "small", own)):
                told = []
                for where in (["--store", store], [str(p) for p in texts]):
                    assert run([*command, *where, "--format", form]) == ExitCode.DONE
                    told.append(capsys.readouterr().out)
                assert told[0] == told[1]
                assert "curtains" in told[0]


def test_the_lists_can_be_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["coverage", str(written(tmp_path)), "--format", "json", "--limit", "1"]) == ExitCode.DONE
    lists = json.loads(capsys.readouterr().out)["open"]
    assert (lists["unread"]["count"], len(lists["unread"]["items"])) == (2, 1)
    assert run(["coverage", str(written(tmp_path)), "--limit", "1"]) == ExitCode.DONE
    assert "... and 1 more; --limit 0 shows all" in capsys.readouterr().out


def test_what_is_found_about_a_whole_document_has_no_words(tmp_path: Path) -> None:
    (tmp_path / "call.txt").write_text("The two ministers discussed climate change.\n", encoding="utf-8")
    meta = {
        "publisher": "U.S. Department of State",
        "title": "Secretary Whitcombe’s Call with French Foreign Minister Orsini",
        "date": "2024-03-04",
    }
    (tmp_path / "call.meta.json").write_text(json.dumps(meta), encoding="utf-8")
    with open_store("memory:") as store:
        pipeline.ingest([tmp_path / "call.txt"], store, Iris())
        assert [g.words for g in gaps(store).gaps] == ["the encounter is told by the title only"]


def test_texts_and_a_store_are_not_asked_at_once(tmp_path: Path) -> None:
    assert run(["coverage", str(tmp_path), "--store", "store"]) == ExitCode.USAGE


def test_the_nearest_concept() -> None:
    nearest = NearestConcept(lexicon.load())
    found = nearest("the annual dialogue on climate changes")
    assert found
    assert (found.concept, found.label.lower()) == ("climate-change", "climate change")
    assert nearest("qqqq zzzz") is None
