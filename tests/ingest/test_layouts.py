"""Readouts in layouts of publishers that no source file knows, half without metadata: header and acts as somebody judged them right.

What annotators who had not seen the extractor say of such pages is in ``tests/data/annotated``.
``tests/data/layouts.jsonl``, one composed text a line, with invented people; ``null`` is what the text does not tell.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from communique.ingest.extract import extract
from communique.ingest.pages import documents
from communique.model import Document, Extraction

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parents[1] / "data" / "layouts.jsonl").read_text(encoding="utf-8").splitlines()
]


def read(case: dict[str, Any], folder: Path) -> Extraction:
    (folder / "page.txt").write_text(case["text"], encoding="utf-8")
    meta = {name: case[name] for name in ("publisher", "url", "date", "title") if name in case}
    (folder / "page.meta.json").write_text(json.dumps(meta), encoding="utf-8")
    document = next(documents.read([folder / "page.txt"]))
    assert isinstance(document, Document)
    return extract(document)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_a_layout_never_seen(case: dict[str, Any], tmp_path: Path) -> None:
    found = read(case, tmp_path)
    assert found.set_aside is None
    encounters = [
        f"{e.type} {e.date} | " + "; ".join(f"{p.name}/{' + '.join(p.offices)}/{p.party}" for p in e.participants) for e in found.encounters
    ]
    assert encounters == case["encounters"]
    assert [f"{a.type} {'+'.join(a.actors)} > {'+'.join(a.addressees)}" for a in found.acts] == case["acts"]
