"""The front door: exit codes, where data and words go, and one plain line for every failure."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.cli.terminal import output
from communique.errors import CommuniqueError, ExitCode


def all_subclasses(kind: type[CommuniqueError]) -> set[type[CommuniqueError]]:
    return {kind}.union(*(all_subclasses(k) for k in kind.__subclasses__()))


def shell(root: Path, line: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """One line of shell with ``communique`` as the command of this tree."""
    call = f"communique() {{ '{sys.executable}' -m communique.cli \"$@\"; }}; {line}"
    env = {**os.environ, "PYTHONPATH": str(root), **environ}
    return subprocess.run(["bash", "-c", call], capture_output=True, text=True, check=False, env=env)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], ExitCode.DONE),
        (["config"], ExitCode.DONE),
        ([], ExitCode.USAGE),
        (["no-such-command"], ExitCode.USAGE),
        (["config", "--no-such-option"], ExitCode.USAGE),
        (["config", "--port", "70000"], ExitCode.USAGE),
        (["config", "--config", "absent.toml"], ExitCode.USAGE),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert run(arguments) == code


def test_every_error_has_an_exit_code_that_the_documentation_knows() -> None:
    assert {error.exit_code for error in all_subclasses(CommuniqueError)} == {ExitCode.FAILED, ExitCode.USAGE, ExitCode.FINDINGS}


def test_an_error_is_one_line_without_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "--port", "x\ny"]) == ExitCode.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith("communique: --port: port is ")


def test_debug_shows_where(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--debug", "config", "--port", "x"])
    assert "Traceback" in capsys.readouterr().err


def test_a_setting_in_the_environment_counts_and_an_unknown_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMMUNIQUE_PORT", "4321")
    assert run(["config"]) == ExitCode.DONE
    assert "4321" in capsys.readouterr().out
    monkeypatch.setenv("COMMUNIQUE_PROT", "4321")
    assert run(["config"]) == ExitCode.USAGE
    assert "COMMUNIQUE_PROT" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_failure(root: Path) -> None:
    answer = shell(root, "set -o pipefail; communique config | true")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_help_answers_at_once(root: Path) -> None:
    """No heavy import stands between a person and the help text."""
    code = (
        "import sys, communique.cli.main; print([m for m in ('rdflib', 'pyoxigraph', 'flask', 'rich', 'ahocorasick') if m in sys.modules])"
    )
    environ = {**os.environ, "PYTHONPATH": str(root)}
    start = time.perf_counter()
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ)
    assert answer.stdout.strip() == "[]"
    assert time.perf_counter() - start < 5


def test_a_file_is_whole_or_absent(tmp_path: Path) -> None:
    target = tmp_path / "answer.csv"
    with pytest.raises(TypeError), output(str(target)) as out:
        out.writelines([b"half", "and a fault"])  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []
    with output(str(target)) as out:
        out.write(b"whole")
    assert target.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommuniqueError, match="cannot be written"), output(str(tmp_path / "absent" / "answer.csv")) as out:
        out.write(b"x")
