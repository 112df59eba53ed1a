"""The commands on real input: texts in, a store, answers and files out, an endpoint; and what each does with bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from SPARQLWrapper import JSON, SPARQLWrapper

from communique.cli.main import run
from communique.errors import ExitCode
from tests.vocabularies import some_vocabularies


@pytest.fixture(scope="module")
def texts(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A few samples, enough for every command and quick to read."""
    folder = tmp_path_factory.mktemp("texts")
    samples = sorted((root / "ingest" / "samples").iterdir())
    for path in samples:
        if "2024-04" in path.name or "2023-02" in path.name:
            shutil.copy(path, folder)
    assert len(list(folder.iterdir())) >= 6
    with some_vocabularies("acts", "encounter-kinds", "issues", "states"):
        yield folder


@pytest.fixture(scope="module")
def store(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    place = str(tmp_path_factory.mktemp("store") / "store")
    assert run(["ingest", str(texts), "--store", place]) == ExitCode.DONE
    assert run(["reason", "--store", place]) == ExitCode.DONE
    return place


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_extract_prints_an_object_a_line(texts: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["extract", str(texts)]) == ExitCode.DONE
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert len(lines) > 3
    assert all({"id", "encounters", "acts", "references", "coverage", "set_aside"} <= line.keys() for line in lines)


def test_extract_table_is_for_reading(texts: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["extract", str(texts), "--format", "table", "-o", "-"]) == ExitCode.DONE
    out = capfdbinary.readouterr().out.decode()
    assert "sentences: " in out
    assert "\x1b" not in out


def test_what_is_stored_is_passed_over(texts: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", str(texts), "--store", store, "--format", "json"]) == ExitCode.DONE
    report = json.loads(capsys.readouterr().out)
    assert report["readouts"] == 0
    assert report["skipped"] == report["documents"] > 0


def test_an_input_that_cannot_be_read_is_one_line_and_the_rest_goes_on(
    texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").touch()
    arguments = ["ingest", "empty.txt", "absent.txt", str(texts), "--store", "here"]
    assert run(arguments) == ExitCode.DONE
    said = capsys.readouterr()
    assert [line.partition(":")[0] for line in said.err.splitlines()] == ["empty.txt", "absent.txt"]
    assert "could not be read" in said.out
    assert run([*arguments, "--strict"]) == ExitCode.FINDINGS
    assert run(["ingest", "empty.txt", "--store", "here"]) == ExitCode.FAILED
    assert run(["extract", "empty.txt"]) == ExitCode.FAILED


def test_a_folder_that_is_no_store_is_left_alone(texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "diary").mkdir()
    (tmp_path / "diary" / "today.txt").write_text("dear diary", encoding="utf-8")
    assert run(["ingest", str(texts), "--store", "diary"]) == ExitCode.FAILED
    assert capsys.readouterr().err.count("\n") == 1
    assert [p.name for p in (tmp_path / "diary").iterdir()] == ["today.txt"]
    assert run(["query", "new-issues", "--store", "nowhere"]) == ExitCode.FAILED
    assert not (tmp_path / "nowhere").exists()


def test_check_finds_nothing_on_the_samples(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--store", store, "--strict", "--format", "json"]) == ExitCode.DONE
    assert [f for f in json.loads(capsys.readouterr().out) if f["severity"] == "error"] == []


def test_a_saved_query_in_every_form(store: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    ask = ["query", "issues-raised", "-p", "state=JPN", "--store", store, "--format"]
    answers = {}
    for form in ("table", "csv", "tsv", "json", "xml", "ttl"):
        assert run([*ask, form]) == ExitCode.DONE
        answers[form] = capfdbinary.readouterr().out.decode()
    rows = list(csv.DictReader(io.StringIO(answers["csv"])))
    assert rows
    assert len(json.loads(answers["json"])["results"]["bindings"]) == len(rows)
    assert len(answers["tsv"].splitlines()) == len(rows) + 1
    assert rows[0]["issueLabel"] in answers["table"]
    assert "https://" not in answers["table"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["no-such-query"], ExitCode.FAILED, "there is no such query"),
        (["issues-raised", "-p", "state=Atlantis"], ExitCode.USAGE, "Atlantis"),
        (["issues-raised", "-p", "state"], ExitCode.USAGE, "NAME=VALUE"),
        (["issues-raised", "-p", "colour=red"], ExitCode.USAGE, "colour"),
        ([], ExitCode.USAGE, "--list"),
        (["issues-raised", "--sparql", "-"], ExitCode.USAGE, "--list"),
        (["ASK { ?s ?p ?o }", "--sparql", "-"], ExitCode.USAGE, "--list"),
        (["ASK { ?s ?p ?o }", "-p", "state=JPN"], ExitCode.USAGE, "parameters belong to saved queries"),
    ],
)
def test_a_question_that_cannot_be_asked(
    store: str, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["query", *arguments, "--store", store]) == code
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "form", "answer"),
    [
        ("ASK { ?s ?p ?o }", None, b"yes\n"),
        ("ASK { ?s ?p 'nobody says this' }", "table", b"no\n"),
        ("SELECT (1 AS ?n) {}", "csv", b"n\r\n1\r\n"),
        ("CONSTRUCT { <http://x.example/> <http://x.example/p> 1 } {}", "nt", b"<http://x.example/> <http://x.example/p> "),
    ],
)
def test_sparql_of_ones_own(
    store: str, tmp_path: Path, text: str, form: str | None, answer: bytes, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "question.rq").write_text(text, encoding="utf-8")
    for asked in (["--sparql", "question.rq"], [text]):
        assert run(["query", *asked, "--store", store, *(["--format", form] if form else [])]) == ExitCode.DONE
        assert capfdbinary.readouterr().out.startswith(answer)


def test_a_long_table_is_cut_and_says_so(store: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "question.rq").write_text("SELECT (1 AS ?n) { ?s ?p ?o } LIMIT 300", encoding="utf-8")
    ask = ["query", "--sparql", "question.rq", "--store", store]
    assert run([*ask, "--rows", "5"]) == ExitCode.DONE
    said = capfd.readouterr()
    assert said.out.count("\n") == 5 + 4
    assert "5 of 300" in said.err
    assert run([*ask, "--rows", "0", "--format", "table"]) == ExitCode.DONE
    assert capfd.readouterr().out.count("\n") == 300 + 4


def test_sparql_that_is_none_is_told_with_its_place(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "question.rq").write_text("SELECT * {\n ?s ?p }", encoding="utf-8")
    assert run(["query", "--sparql", "question.rq", "--store", store]) == ExitCode.FAILED
    assert "line 2" in capsys.readouterr().err


def test_the_catalogue_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["query", "--list"]) == ExitCode.DONE
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert len(names) >= 24
    assert run(["query", "--list", names[0]]) == ExitCode.DONE
    assert "columns" in capsys.readouterr().out


def test_an_export_is_the_same_twice(store: str, tmp_path: Path) -> None:
    for form in ("nq", "csv"):
        for name in ("one", "two"):
            assert run(["export", "--store", store, "--format", form, "-o", name]) == ExitCode.DONE
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_tables_are_what_the_vocabularies_say(root: Path, tmp_path: Path) -> None:
    assert run(["--quiet", "lexicon", "build", "-o", str(tmp_path)]) == ExitCode.DONE
    for table in tmp_path.iterdir():
        assert table.read_bytes() == (root / "ingest" / "tables" / table.name).read_bytes()


def test_a_served_store_answers_until_it_is_told_to_stop(root: Path, store: str) -> None:
    command = [sys.executable, "-m", "communique.cli", "serve", "--store", store, "--port", "0"]
    environ = {**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environ, text=True) as server:
        assert server.stderr
        try:
            address = next(word for word in server.stderr.readline().split() if word.startswith("http://"))
            endpoint = SPARQLWrapper(f"{address}sparql", returnFormat=JSON)
            endpoint.setQuery("SELECT (COUNT(?e) AS ?n) { ?e a <https://w3id.org/communique/ns#Encounter> }")
            answer = endpoint.queryAndConvert()
            assert isinstance(answer, dict)
            (row,) = answer["results"]["bindings"]
            assert int(row["n"]["value"]) > 3
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
