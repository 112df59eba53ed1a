"""``communique explain``: the tree, for programs, all proofs, replaying a file, and what is said about what cannot be explained."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import chdir
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.errors import ExitCode

TEXT = """Foreign Minister Asakura Speaks with Foreign Secretary Colborne

On 12 March 2024, Foreign Minister ASAKURA Nobuhiro of Japan held a telephone talk with Harriet Colborne, Foreign Secretary
of the United Kingdom.

Minister Asakura requested the United Kingdom's understanding toward the immediate resolution of the abductions issue.
"""
FACT = "state:JPN cq:engagesIssue issue:abductions"


@pytest.fixture(scope="module")
def filled(few_vocabularies: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a text, and a store of it in its usual place."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "call.txt").write_text(TEXT)
    (folder / "call.meta.json").write_text(json.dumps({"publisher": "Ministry of Foreign Affairs of Japan", "date": "2024-03-12"}))
    with chdir(folder):
        assert run(["ingest", "call.txt", "-q"]) == ExitCode.DONE
        assert run(["reason", "-q"]) == ExitCode.DONE
    return folder


@pytest.fixture(autouse=True)
def _store(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def test_the_tree_goes_down_to_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *FACT.split()]) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == FACT
    assert lines[1] == "  by prp-spo2: cq:engagesIssue <- cq:stateActedIn o cq:aboutIssue"
    assert "“abductions issue”" in lines[-1]
    start, end = map(int, lines[-1].split("[")[1].split(")")[0].split(","))
    assert TEXT[start:end] == "abductions issue"


def test_for_programs_and_back(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["explain", FACT, "--all", "--format", "json"]) == ExitCode.DONE
    printed = capsys.readouterr().out
    proofs = json.loads(printed)
    monkeypatch.setattr("sys.stdin", io.StringIO(printed))
    assert run(["explain", "--replay", "-"]) == ExitCode.DONE
    assert "hold" in capsys.readouterr().out
    proofs[0]["premises"] = []
    Path("bad.json").write_text(json.dumps(proofs))
    assert run(["explain", "--replay", "bad.json"]) == ExitCode.FAILED
    assert "no rule prp-spo2 gives it" in capsys.readouterr().err
    assert run(["explain", FACT, "--format", "ttl"]) == ExitCode.DONE
    assert "wasQuotedFrom" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["state:FRA", "cq:engagesIssue", "issue:abductions"], ExitCode.FAILED, "the graph does not say this"),
        (["state:FRA"], ExitCode.USAGE, "1 terms and not three"),
        ([], ExitCode.USAGE, "give a STATEMENT"),
        ([FACT, "--replay", "x"], ExitCode.USAGE, "give a STATEMENT"),
        (["--replay", "call.txt"], ExitCode.FAILED, "is not JSON"),
        (["--replay", "none.json"], ExitCode.FAILED, "none.json"),
    ],
)
def test_what_cannot_be_explained_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], code: ExitCode, said: str) -> None:
    assert run(["explain", *arguments]) == code
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
