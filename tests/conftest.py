"""What all tests share: the tree they test, and an environment without this machine's settings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.store import Store

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("communique", "cli", "ingest", "ontology", "queries", "server")


def pytest_configure() -> None:
    """Bytecode is kept, also where the environment says not to: hundreds of processes are started, each would compile what it imports."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_this_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for name in list(os.environ):
            if name.startswith("COMMUNIQUE_"):
                patched.delenv(name)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the tree."""
    return ROOT


@pytest.fixture(scope="session")
def rooms() -> tuple[str, ...]:
    """The folders at the root that make up the package."""
    return ROOMS


@pytest.fixture(scope="session")
def tracked() -> tuple[Path, ...]:
    """Every file that is, or is about to be, part of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file() and not path.is_symlink())


@pytest.fixture(scope="session")
def modules() -> tuple[Path, ...]:
    """Every module of the rooms, each once (the symlinks in the hall lead to the same files)."""
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return tuple(sorted({path.resolve() for path in found}))


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the samples, read and reasoned over: one for all workers, and nobody writes to it."""
    from tests.sampled import made

    base = tmp_path_factory.getbasetemp()
    return made(base.parent if "PYTEST_XDIST_WORKER" in os.environ and sys.platform != "win32" else base)


@pytest.fixture(scope="module")
def few_vocabularies() -> Iterator[None]:
    """For a module whose stores are many, and whose assertions look at no more than acts, offices and states."""
    from tests.vocabularies import some_vocabularies

    with some_vocabularies("acts", "offices", "states"):
        yield


@pytest.fixture(scope="session")
def samples(sampled: Path) -> Iterator[Store]:
    """The same in memory, for reading."""
    from tests.sampled import copied

    with copied(sampled, writable=False) as opened:
        yield opened
