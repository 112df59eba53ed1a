"""Samples that were read and checked word by word: what the extractor says of them stays as it was checked.

``tests/golden/<sample>.json`` holds the fields of the annotation format; rules, confidences and the finer concepts may change.
After checking a sample anew: ``python tests/ingest/test_golden.py SAMPLE...``, and read the difference before committing it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from communique.ingest.evaluation import interchange
from communique.ingest.extract import extract
from communique.ingest.pages import documents
from communique.model import Document

GOLDEN = Path(__file__).parents[1] / "golden"
SAMPLES = Path(__file__).parents[2] / "ingest" / "samples"
KEPT = {
    "encounters": ("id", "type", "date", "start", "duration_min", "place", "occasion", "participants"),
    "participants": ("name", "family", "office", "party", "span"),
    "references": ("kind", "date", "relation", "span"),
    "acts": (
        *("id", "encounter", "trigger", "content", "type", "actors", "addressees", "addressee_implicit", "target"),
        *("issues", "stance", "joint", "commitment", "answers", "embedded_in"),
    ),
}


def reading(sample: str) -> dict[str, Any]:
    """What the extractor says of a sample, in the fields that annotators write."""
    (path,) = (p for p in SAMPLES.glob(f"{sample}.*") if not p.name.endswith(".meta.json"))
    (document,) = (d for d in documents.read([path]) if isinstance(d, Document))
    said = interchange.to_json(extract(document))
    return {"id": said["id"], **{part: _kept(part, said[part]) for part in ("encounters", "references", "acts")}}


def _kept(part: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: _kept(key, item[key]) if key in KEPT else item[key] for key in KEPT[part]} for item in items]


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_a_checked_sample_is_read_as_it_was_checked(path: Path) -> None:
    assert reading(path.stem) == json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        text = json.dumps(reading(name), ensure_ascii=False, indent=1) + "\n"
        (GOLDEN / f"{name}.json").write_text(text, encoding="utf-8")
