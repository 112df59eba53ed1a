"""Readouts without words on every way out: no empty quotation marks, no fault, and where a quote would be, where the words are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from communique.cli.main import run
from communique.config import Settings
from communique.iris import CQ, Iris
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import Store, open_store
from tests.vocabularies import some_vocabularies

SAMPLES = Path(__file__).parents[1] / "ingest" / "samples"
IRIS = Iris()
ACTS = f"SELECT ?act ?issue {{ ?e <{CQ}hasSpeechAct> ?act . ?act <{CQ}aboutIssue> ?issue }} ORDER BY ?act ?issue"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("bare")
    texts = sorted(p for p in SAMPLES.iterdir() if p.suffix == ".txt" and p.name.startswith("mofa"))[:3]
    with some_vocabularies("acts", "issues", "states"):
        assert run(["facts", "build", *map(str, texts), "-o", str(folder / "facts.nq.gz")]) == 0
        assert run(["facts", "add", str(folder / "facts.nq.gz"), "--store", str(folder / "store"), "--quiet"]) == 0
        yield folder / "store"


@pytest.fixture(scope="module")
def opened(place: Path) -> Iterator[Store]:
    with open_store(str(place), read_only=True) as store:
        yield store


@pytest.fixture(scope="module")
def told(opened: Store) -> list[tuple[str, str]]:
    return [(act.value, issue.value) for act, issue in opened.select(ACTS)]  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def client(opened: Store) -> FlaskClient:
    return create_app(Settings(), InProcess(opened)).test_client()


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert run([*words, "--quiet"]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def hollow(text: str) -> list[str]:
    """Quotation marks around nothing."""
    return [mark for mark in ("“”", "“ ”", "&#8220;&#8221;", "&ldquo;&rdquo;") if mark in text]


def test_explain_tells_where_the_words_are(place: Path, told: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]) -> None:
    act, issue = told[0]
    said = asked(capsys, "explain", f"<{act}>", "cq:aboutIssue", f"<{issue}>", "--store", str(place))
    assert "in the text with SHA-256 " in said
    assert "read by " in said
    assert not hollow(said)
    proof: list[dict[str, Any]] = json.loads(
        asked(capsys, "explain", f"<{act}>", "cq:aboutIssue", f"<{issue}>", "--format", "json", "--store", str(place))
    )
    (words,) = proof[0]["evidence"]
    assert words["quote"] == ""
    assert 0 <= words["start"] < words["end"]
    assert words["address"].startswith("https://")
    assert len(words["sha256"]) == 64


def test_a_proof_without_words_is_checked_by_hash_and_place(
    place: Path, told: list[tuple[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    act, issue = told[0]
    proof = asked(capsys, "explain", f"<{act}>", "cq:aboutIssue", f"<{issue}>", "--format", "json", "--store", str(place))
    file = tmp_path / "proof.json"
    file.write_text(proof, encoding="utf-8")
    assert "1 proof holds" in asked(capsys, "explain", "--replay", str(file), "--store", str(place))
    hash_ = json.loads(proof)[0]["evidence"][0]["sha256"]
    file.write_text(proof.replace(hash_, hash_[::-1]), encoding="utf-8")
    assert run(["explain", "--replay", str(file), "--store", str(place)]) == 1
    assert "does not stand at" in capsys.readouterr().err


def test_explain_writes_no_quote_into_rdf(place: Path, told: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]) -> None:
    act, issue = told[0]
    said = asked(capsys, "explain", f"<{act}>", "cq:aboutIssue", f"<{issue}>", "--format", "ttl", "--store", str(place))
    assert f"<{CQ}start>" in said
    assert f"<{CQ}quote>" not in said


def test_a_store_without_words_is_whole(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, "store", "verify", "--store", str(place)).endswith("no damage\n")


def test_what_is_found_says_where_the_words_are(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(capsys, "check", "--store", str(place))
    assert not hollow(said)
    assert not [line for line in said.splitlines() if line.rstrip().endswith(">:")]


@pytest.mark.parametrize("form", ["nq", "trig", "ttl", "jsonld", "schema", "csv", "graphml", "gexf"])
def test_every_export_is_made(place: Path, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out"
    asked(capsys, "export", "--format", form, "-o", str(file), "--store", str(place))
    text = file.read_text(encoding="utf-8")
    assert text
    assert not hollow(text)


def test_every_page_says_where_the_words_are(client: FlaskClient, told: list[tuple[str, str]]) -> None:
    paths = {
        "/",
        "/readouts",
        "/readouts.atom",
        "/search?q=japan",
        "/requests",
        "/commitments",
        "/coverage",
        "/findings",
        "/data",
        "/issues",
    }
    acts = {act for act, _ in told}
    paths |= {f"/statement/{act.partition('/id/readout/')[2]}" for act in acts}
    paths |= {f"/readout/{(IRIS.readout_of(act) or '').partition('/id/readout/')[2]}" for act in acts}
    paths |= {f"/issue/{issue.rsplit('/', 1)[1]}" for _, issue in told if "/vocab/" in issue}
    proofs = set()
    for path in sorted(paths):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, path
        assert not hollow(answer.text), path
        if path.startswith(("/statement", "/readout/")):
            assert "communique fetch --texts https://" in answer.text, path
            proofs |= {part.split('"')[0].replace("&amp;", "&") for part in answer.text.split('href="') if part.startswith("/proof?")}
    assert proofs
    for path in sorted(proofs)[:12]:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, path
        assert not hollow(answer.text), path


def test_stances_are_told_without_words(client: FlaskClient) -> None:
    answer = client.get("/stance", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.text.count(">where the words are</a>") > 0
    assert not hollow(answer.text)
