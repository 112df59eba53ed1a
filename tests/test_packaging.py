"""The wheel holds what the rooms hold, and what is installed from it works far from the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

NOT_SHIPPED = {"__pycache__"}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs a program in an environment that knows nothing of the repository."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COMMUNIQUE", "COV", "PYTEST"))}
    answer = subprocess.run([str(c) for c in command], cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer


@pytest.fixture(scope="module")
def wheel(root: Path, rooms: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree as a clone without symlinks has it."""
    copy = tmp_path_factory.mktemp("source") / "communique"
    copy.mkdir()
    for name in (*rooms, "pyproject.toml", "README.md", "LICENSE"):
        if (root / name).is_dir():
            shutil.copytree(root / name, copy / name, symlinks=True, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
        else:
            shutil.copy(root / name, copy / name)
    for link in (copy / "communique").iterdir():
        if link.is_symlink():
            link.unlink()
    out = copy.parent / "dist"
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, copy, cwd=copy.parent)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_rooms_and_nothing_else(root: Path, rooms: tuple[str, ...], wheel: Path) -> None:
    expected = set()
    for room in rooms:
        for path in (root / room).rglob("*"):
            inside = path.relative_to(root)
            if path.is_file() and not NOT_SHIPPED & set(inside.parts):
                expected.add(inside.as_posix() if room == "communique" else f"communique/{inside.as_posix()}")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name and not name.endswith("/")}
    assert held == expected


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment that holds the wheel; its dependencies are borrowed from the running one."""
    place = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(place, with_pip=False)
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    python = programs / ("python.exe" if os.name == "nt" else "python")
    library = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).stdout.strip()
    # A path in a .pth file is searched, but the .pth files in it are not: the editable install stays out of sight.
    (Path(library) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=place)
    return programs


def test_the_command_answers_far_from_the_repository(root: Path, installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import communique.cli.main as m; print(m.__file__)", cwd=tmp_path).stdout
    assert str(installed.parent) in where
    assert str(root) not in where
    assert "Usage: communique" in run(installed / "communique", "--help", cwd=tmp_path).stdout
    assert run(installed / "communique", "--version", cwd=tmp_path).stdout.startswith("communique 0.")


def test_the_demo_runs_far_from_the_repository(installed: Path, tmp_path: Path) -> None:
    said = run(installed / "communique", "demo", "--no-serve", cwd=tmp_path).stderr
    assert "could not be read" not in said
    assert "became readouts" in said
    assert (tmp_path / "data" / "demo").is_dir()
    answer = run(installed / "communique", "query", "requests-and-answers", "--store", "data/demo", "--format", "csv", cwd=tmp_path).stdout
    assert answer.count("\n") > 5
