"""The tour of the README and the tutorial print what they say they print."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_every_output_is_real(root: Path, page: str) -> None:
    """If this fails because a rule reads better now: ``make reference``, read the difference, commit it."""
    spec = importlib.util.spec_from_file_location("outputs", root / "docs" / "outputs.py")
    assert spec
    assert spec.loader
    outputs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(outputs)
    committed = (root / page).read_text(encoding="utf-8")
    assert committed.count("```console\n$ ") >= 4
    assert outputs.refreshed(committed) == committed
