"""The annotated readouts of ``tests/data/annotated``: their texts found again, their spans as the interchange form has them.

    python -m tests.ingest.annotated {composed,layouts-open,layouts-kept,corpus-open,corpus-kept} FOLDER

writes one of the sets as a folder that ``communique evaluate`` reads.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from communique.ingest.evaluation.evaluate import Annotated
from communique.ingest.evaluation.measures import Json
from communique.ingest.pages import documents
from communique.model import Document

HERE = Path(__file__).parents[1] / "data" / "annotated"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SETS = {
    "composed": (HERE / "composed.gold.jsonl", (HERE / "composed.jsonl",)),
    "layouts-open": (HERE / "layouts-open.gold.jsonl", (HERE / "layouts-open.jsonl",)),
    "layouts-kept": (HERE / "layouts-kept.gold.jsonl", (HERE / "layouts-kept.jsonl",)),
    "corpus-open": (HERE / "corpus-open.jsonl", (CORPUS / "state.jsonl.gz", CORPUS / "whitehouse.jsonl.gz")),
    "corpus-kept": (HERE / "corpus-kept.jsonl", (CORPUS / "state.jsonl.gz", CORPUS / "whitehouse.jsonl.gz")),
}


def annotated(name: str) -> Iterator[Annotated]:
    """The texts of a set with their annotation, in the order of the file.  Raises ``KeyError`` if a text is not to be found."""
    gold_file, paths = SETS[name]
    texts = {d.sha256: d for d in documents.read(paths) if isinstance(d, Document)}
    for line in gold_file.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        document = texts[gold["sha256"]]
        yield Annotated(document, {**_spelled(gold, document.text), "id": document.id})


def _spelled(node: Json, text: str) -> Json:
    """An annotation with its spans written out."""
    out: Json = {}
    for key, value in node.items():
        if key in ("span", "trigger", "content"):
            out[key] = value and {"start": value[0], "end": value[1], "text": text[value[0] : value[1]]}
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            out[key] = [_spelled(item, text) for item in value]
        else:
            out[key] = value
    return out


def main(name: str, folder: str) -> None:
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for one in annotated(name):
        d = one.document
        meta = {"id": d.id, "publisher": d.publisher, "title": d.title, "url": d.url, "date": d.date, "published": d.published}
        (place / f"{d.id}.txt").write_text(d.text, encoding="utf-8")
        (place / f"{d.id}.meta.json").write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
        (place / f"{d.id}.gold.json").write_text(json.dumps(one.gold, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
