"""Texts that were annotated apart from the rules: what is read of them may not get worse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from communique.ingest.evaluation import evaluate
from tests.ingest.annotated import CORPUS, HERE, SETS, annotated

BASELINE: dict[str, dict[str, float]] = json.loads((HERE / "baseline.json").read_text(encoding="utf-8"))


def texts_of(name: str) -> list[evaluate.Annotated]:
    if not all(path.exists() for path in SETS[name][1]):
        pytest.skip(f"the texts of {name} are in {CORPUS.name}, which is not on this machine")
    return list(annotated(name))


@pytest.mark.parametrize("name", SETS)
def test_nothing_has_fallen_below_the_baseline(name: str) -> None:
    """If a fall is wanted: ``python -m tests.ingest.test_annotated``, and say why."""
    assert list(evaluate.fallen(evaluate.evaluate(texts_of(name)), BASELINE[name])) == []


@pytest.mark.parametrize("name", SETS)
def test_the_annotation_is_of_these_texts(name: str) -> None:
    for one in texts_of(name):
        labels = {p["family"] or p["party"] for e in one.gold["encounters"] for p in e["participants"]}
        parties = {p["party"] for e in one.gold["encounters"] for p in e["participants"]}
        for act in one.gold["acts"]:
            assert act["trigger"]["text"].strip()
            assert all(who in labels or who in parties or who.isupper() for who in (*act["actors"], *act["addressees"]))


def test_the_sets_hold_no_word_of_others() -> None:
    """What is annotated of real releases is spans, codes, names and offices."""
    for name in ("corpus-open", "corpus-kept"):
        for line in SETS[name][0].read_text(encoding="utf-8").splitlines():
            gold = json.loads(line)
            spans = [*(r["span"] for r in gold["references"]), *(a[k] for a in gold["acts"] for k in ("trigger", "content"))]
            assert all(span is None or [type(x) for x in span] == [int, int] for span in spans)
            assert "text" not in json.dumps(gold, ensure_ascii=False).split('"')


@pytest.mark.parametrize("name", SETS)
def test_the_table_tells_how_many_texts_there_are(name: str) -> None:
    (row,) = [line for line in (HERE / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}.jsonl`")]
    assert int(row.split("|")[2]) == len(SETS[name][0].read_text(encoding="utf-8").splitlines())


def write_baseline(path: Path = HERE / "baseline.json") -> None:
    """Stores the figures of the sets whose texts are here."""
    found = dict(BASELINE)
    for name in SETS:
        measures = evaluate.evaluate(list(annotated(name))).measures
        found[name] = {measure: round(figure.count.f1, 4) for measure, figure in measures.items()}
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_baseline()
