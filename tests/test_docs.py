"""The documentation says what is there: generated pages are current, links lead somewhere, nothing has been left out."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from communique.ingest.evaluation.interchange import to_json
from communique.ingest.extract import extract
from communique.ingest.pages.documents import read
from communique.model import Document
from communique.queries.exports import COLUMNS
from communique.queries.release.columns import TABLES


@pytest.fixture(scope="module")
def generate(root: Path) -> ModuleType:
    path = root / "docs" / "reference" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name", ["cli.md", "settings.md", "queries.md", "ontology.md", "rules.md", "checks.md", "conformance.md", "codebook.md"]
)
def test_the_generated_page_is_current(root: Path, generate: ModuleType, name: str) -> None:
    """If this fails: ``make reference``, read the difference, commit it."""
    committed = (root / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert committed == generate.PAGES[name]().rstrip("\n") + "\n"


def test_every_generated_page_is_compared(generate: ModuleType) -> None:
    (mark,) = (m for m in test_the_generated_page_is_current.pytestmark if m.name == "parametrize")  # type: ignore[attr-defined]
    assert sorted(mark.args[1]) == sorted(generate.PAGES)


def test_links_between_pages_lead_somewhere(root: Path, tracked: tuple[Path, ...]) -> None:
    link = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
    pages = [p for p in tracked if p.suffix == ".md" and not {"samples", "data"} & set(p.parts)]
    targets = ((page, target) for page in pages for target in link.findall(page.read_text(encoding="utf-8")))
    dead = [f"{page.relative_to(root)}: {target}" for page, target in targets if not (page.parent / target).exists()]
    assert not dead


def test_every_column_of_the_tables_is_explained(root: Path) -> None:
    page = (root / "docs" / "reference" / "codebook.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [column.name for table in TABLES.values() for column in table.columns]
    assert [column.name for column in TABLES["acts"].columns] == list(COLUMNS)


def test_every_field_of_an_extraction_is_explained(root: Path) -> None:
    """The fields are taken from what is printed for the samples, at every depth."""
    page = (root / "docs" / "reference" / "interchange.md").read_text(encoding="utf-8")
    told = set(re.findall(r"[`\"](\w+)[`\"]", page))

    def fields(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            yield from value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from fields(inner)

    for item in read(sorted((root / "ingest" / "samples").glob("mofa-2023-*.txt"))):
        assert isinstance(item, Document)
        assert not set(fields(to_json(extract(item)))) - told


def test_every_folder_at_the_root_is_introduced(root: Path, tracked: tuple[Path, ...]) -> None:
    told = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = {p.relative_to(root).parts[0] for p in tracked if len(p.relative_to(root).parts) > 1} - {".ci"}
    assert not [f for f in sorted(folders) if f"`{f}/`" not in told]


def test_the_changelog_has_this_version(root: Path) -> None:
    (version,) = re.findall(r'^version = "(.+)"', (root / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"## {version}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
