"""The notebook and the R script run against a live server and print what they say they print."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.server.conftest import serve


@pytest.fixture(scope="module")
def notebook(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebook", root / "docs" / "notebook.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def address(sampled: Path) -> Iterator[str]:
    yield from serve(sampled)


def test_the_notebook_prints_what_it_shows(notebook: ModuleType, address: str) -> None:
    """If this fails because a rule reads better now: ``make reference``, read the difference, commit it."""
    committed = notebook.NOTEBOOK.read_text(encoding="utf-8")
    cells = [cell for cell in json.loads(committed)["cells"] if cell["cell_type"] == "code"]
    assert sum(bool(cell["outputs"]) for cell in cells) >= 9
    assert notebook.refreshed(committed, address) == committed


@pytest.mark.skipif(not shutil.which("Rscript"), reason="Rscript is not installed (on Debian: apt-get install r-base-core)")
def test_the_script_prints_what_is_shown(notebook: ModuleType, address: str) -> None:
    assert notebook.printed(notebook.SCRIPT, address) == notebook.PRINTED.read_text(encoding="utf-8")
