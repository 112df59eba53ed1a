"""``communique store`` from the outside: what it prints, and one line for what cannot be done."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.errors import ExitCode


@pytest.fixture(scope="module")
def filled(few_vocabularies: None, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    text = next((root / "ingest" / "samples").glob("mofa-*.txt"))
    assert run(["ingest", str(text), "--store", str(folder / "kept"), "-q"]) == ExitCode.DONE
    return folder


@pytest.fixture
def place(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    return "kept"


def test_a_store_is_told_about_saved_and_brought_back(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["store", "stats", "--store", place]) == ExitCode.DONE
    table = {line[:30].strip(): line[30:] for line in capsys.readouterr().out.splitlines()}
    assert "ontology" in table
    assert run(["store", "backup", "b.nq.gz", "--store", place]) == ExitCode.DONE
    assert run(["store", "compact", "--store", place]) == ExitCode.DONE
    assert run(["store", "restore", "b.nq.gz", "--store", "other"]) == ExitCode.DONE
    said = capsys.readouterr()
    assert said.out == ""  # words go to stderr
    assert [line.split(":")[0] for line in said.err.splitlines()] == ["b.nq.gz", "kept", "other"]
    stats = []
    for name in (place, "other"):
        assert run(["store", "stats", "--store", name, "--format", "json"]) == ExitCode.DONE
        stats.append(json.loads(capsys.readouterr().out))
    assert stats[0].keys() == {"format", "quads", "graphs", "readouts", "read_with", "bytes"}
    assert {**stats[0], "bytes": 0} == {**stats[1], "bytes": 0}
    assert stats[0]["bytes"]["quads"] > 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["stats", "--store", "nowhere"], ExitCode.FAILED, "there is no store here"),
        (["verify", "--store", "nowhere"], ExitCode.FAILED, "there is no store here"),
        (["compact", "--store", "nowhere"], ExitCode.FAILED, "there is no store here"),
        (["backup", "b.nq.gz", "--store", "nowhere"], ExitCode.FAILED, "there is no store here"),
        (["backup", "no/such/folder/b.nq.gz", "--store", "kept"], ExitCode.FAILED, "No such file"),
        (["backup", "communique.toml", "--store", "kept"], ExitCode.USAGE, "--force"),
        (["restore", "nothing.nq.gz", "--store", "kept", "--force"], ExitCode.FAILED, "nothing.nq.gz: cannot be read"),
        (["restore", "communique.toml", "--store", "kept", "--force"], ExitCode.FAILED, "no backup of a store"),
        (["stats", "--store", "memory:"], ExitCode.USAGE, "memory"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    place: str, arguments: list[str], code: ExitCode, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("communique.toml").write_text('store = "kept"\n')
    assert run(["store", *arguments]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert says in said.err
