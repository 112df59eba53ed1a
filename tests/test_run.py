"""The one-command set-up: what it says where it cannot work, and when it works again."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def setup(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """``run.py`` at work in an empty folder, with commands recorded and not run."""
    spec = importlib.util.spec_from_file_location("run", root / "run.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    venv = tmp_path / ".venv"
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", venv / "communique.stamp")
    module.commands = []  # type: ignore[attr-defined]

    def record(command: list[str], check: bool) -> None:
        module.commands.append(command)
        module.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        module.PYTHON.touch()

    monkeypatch.setattr(module.subprocess, "run", record)
    return module


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    found = importlib.util.find_spec

    def find(name: str, package: str | None = None) -> importlib.machinery.ModuleSpec | None:
        return None if name in missing else found(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find)


def test_an_older_python_can_read_it_and_say_that_it_is_too_old(root: Path) -> None:
    ast.parse((root / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_set_up_happens_once(setup: ModuleType) -> None:
    setup.set_up()
    assert ["--require-hashes" in c for c in setup.commands] == [False, True, False]
    assert all("--no-deps" in c for c in setup.commands[1:])
    setup.set_up()
    assert len(setup.commands) == 3


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_set_up_happens_again_when_what_is_wanted_changes(setup: ModuleType, tmp_path: Path, name: str) -> None:
    setup.set_up()
    (tmp_path / name).write_text("another", encoding="utf-8")
    setup.set_up()
    assert len(setup.commands) == 6


def test_a_python_without_ensurepip_uses_the_pip_beside_it(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "ensurepip")
    setup.set_up()
    assert "--without-pip" in setup.commands[0]
    assert "--python" in setup.commands[1]


def test_a_python_without_ensurepip_and_pip_is_told_what_to_install(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "ensurepip", "pip")
    with pytest.raises(SystemExit, match="python3-venv") as stopped:
        setup.set_up()
    assert "\n" not in str(stopped.value)
    assert not setup.STAMP.exists()
