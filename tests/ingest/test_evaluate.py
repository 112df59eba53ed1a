"""Evaluation: the measures are those of the annotators' scorer, and a fall below the stored figures is not overlooked."""

from __future__ import annotations

import gc
import importlib.util
import json
import random
import warnings
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from communique.cli.main import run
from communique.errors import ExitCode, InputError
from communique.ingest.evaluation import evaluate
from communique.ingest.evaluation.evaluate import Annotated
from communique.ingest.evaluation.interchange import to_json
from communique.ingest.evaluation.measures import Parties, compare, matched
from communique.ingest.extract import extract
from communique.ingest.lexicon import lexicon
from communique.ingest.pages.documents import read
from communique.model import Document, Refusal

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT.parent / "shared" / "gold"
BASELINE = ROOT / "tests" / "data" / "baseline.json"
SAMPLES = ROOT / "ingest" / "samples"
Json = dict[str, Any]
with_gold = pytest.mark.skipif(not GOLD.exists(), reason="the annotated texts of ../shared/gold are not here")


# The same figures as the annotators' scorer.


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", GOLD / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        # the scorer leaves closing its table of issues to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        spec.loader.exec_module(module)
        gc.collect()
    return module


@pytest.fixture(scope="module")
def texts() -> list[Annotated]:
    found = list(evaluate.annotated(GOLD / "dev"))
    assert not [item for item in found if isinstance(item, Refusal)]
    return [item for item in found if isinstance(item, Annotated)]


@pytest.fixture(scope="module")
def predictions(texts: list[Annotated]) -> dict[str, Json]:
    return {t.gold["id"]: to_json(extract(t.document)) for t in texts}


def _missing(found: dict[str, Json], chance: random.Random) -> dict[str, Json]:
    return {id_: one for id_, one in found.items() if chance.random() < 0.7}


def _dropped(found: dict[str, Json], chance: random.Random) -> dict[str, Json]:
    for one in found.values():
        for part in ("acts", "references", "encounters", "coverage"):
            one[part] = [item for item in one[part] if chance.random() < 0.7]
    return found


def _shifted(found: dict[str, Json], chance: random.Random) -> dict[str, Json]:
    for one in found.values():
        spans = [a["trigger"] for a in one["acts"]] + [r["span"] for r in one["references"]]
        for span in spans:
            by = chance.randint(-25, 25)
            span["start"], span["end"] = span["start"] + by, span["end"] + by
    return found


def _changed(found: dict[str, Json], chance: random.Random) -> dict[str, Json]:
    """Other types, actors, addressees, issues, stances, people, offices and dates; some fields left out."""
    for one in found.values():
        for act in one["acts"]:
            field = chance.choice(("type", "actors", "addressees", "issues", "stance", "joint", "nothing"))
            if isinstance(act.get(field), list):
                act[field] = chance.choice(([], act[field][::-1], ["JPN", "USA"], act[field][:1] * 2, ["security", "bilateral-relations"]))
            elif field in act and chance.random() < 0.5:
                del act[field]
            elif field in act:
                act[field] = "State"
        for encounter in one["encounters"]:
            encounter["date"] = chance.choice((encounter["date"], None))
            for person in encounter["participants"]:
                person["family"] = chance.choice((person["family"], (person["family"] or "x").upper(), None))
                person["office"] = chance.choice((person["office"], person["office"] * 2, None))
                person["party"] = chance.choice((person["party"], person["party"], None))
    return found


def _empty(found: dict[str, Json], _chance: random.Random) -> dict[str, Json]:
    return {}


def _bare(found: dict[str, Json], _chance: random.Random) -> dict[str, Json]:
    return {id_: {"id": id_} for id_ in found}


def _as_read(found: dict[str, Json], _chance: random.Random) -> dict[str, Json]:
    return found


@with_gold
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("spoil", [_as_read, _missing, _dropped, _shifted, _changed, _empty, _bare])
def test_the_measures_are_those_of_the_scorer(
    spoil: Callable[[dict[str, Json], random.Random], dict[str, Json]],
    seed: int,
    scorer: ModuleType,
    texts: list[Annotated],
    predictions: dict[str, Json],
) -> None:
    found = spoil(deepcopy(predictions), random.Random(seed))
    ancestors = partial(evaluate.issue_line, lexicon.load())
    for text in texts:
        theirs, _ = scorer.score_document(text.gold, found.get(text.gold["id"]))
        ours = compare(text.gold, found.get(text.gold["id"]) or {}, ancestors)
        assert {m: (c.right, c.found, c.wanted) for m, c in ours.items()} == theirs, text.gold["id"]


@with_gold
def test_the_printed_figures_are_those_of_the_scorer(
    scorer: ModuleType,
    texts: list[Annotated],
    predictions: dict[str, Json],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = _dropped(deepcopy(predictions), random.Random(3))
    file = tmp_path / "predictions.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in found.values()), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["score.py", str(GOLD / "dev"), str(file), "--json"])
    with warnings.catch_warnings():
        # it leaves its file of predictions to the collector too
        warnings.simplefilter("ignore", ResourceWarning)
        scorer.main()
        gc.collect()
    theirs = json.loads(capsys.readouterr().out)
    ours = evaluate.as_json(evaluate.score(texts, found, lexicon.load()))
    assert ours["measures"] == theirs["measures"]
    assert ours["documents"] == theirs["documents"]


@with_gold
def test_nothing_has_fallen_below_the_baseline(texts: list[Annotated], predictions: dict[str, Json]) -> None:
    """If a fall is wanted: ``communique evaluate ../shared/gold/dev --write-baseline tests/data/baseline.json``, and say why."""
    stored = evaluate.baseline(BASELINE)
    found = evaluate.score(texts, predictions, lexicon.load())
    assert list(evaluate.fallen(found, stored["measures"])) == []
    assert stored["texts"] == found.texts


def test_the_baseline_holds_figures_only() -> None:
    stored = json.loads(BASELINE.read_text(encoding="utf-8"))
    assert stored.keys() == {"documents", "texts", "measures"}
    assert all(isinstance(figure, int | float) for measure in stored["measures"].values() for figure in measure.values())


# On composed samples, annotated by the extractor itself: everything is right until something is spoilt.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three samples, each with what is read from it as its annotation."""
    names = ("fcdo-2023-02-20*.txt", "mofa-2023-02-20*.txt", "state-2024-11-20*.txt")
    for path in (path for name in names for path in SAMPLES.glob(name)):
        sidecar = path.with_name(f"{path.stem}.meta.json")
        for file in (path, sidecar):
            (tmp_path / file.name).write_bytes(file.read_bytes())
        (document,) = (d for d in read([path]) if isinstance(d, Document))
        (tmp_path / f"{path.stem}.gold.json").write_text(json.dumps(to_json(extract(document))), encoding="utf-8")
    return tmp_path


def spoilt(folder: Path, change: Callable[[Json], None]) -> Path:
    """The folder with one annotation changed."""
    path = min(folder.glob("*.gold.json"))
    gold = json.loads(path.read_text(encoding="utf-8"))
    change(gold)
    path.write_text(json.dumps(gold), encoding="utf-8")
    return path


def test_what_is_read_right_scores_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(folder), "--errors", "--json", str(folder / "out.json")]) == ExitCode.DONE
    assert "3 texts" in capsys.readouterr().out
    out = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert {m["f1"] for m in out["measures"].values()} == {1.0}
    assert out["acts by type"]["macro"] == 1.0
    assert out["errors"] == []
    assert len(out["publishers"]) == 3
    assert all(rule["right"] == rule["seen"] for kind in out["rules"].values() for rule in kind.values())
    assert out["rules"].keys() == {"encounter", "participant", "reference", "act"} - ({"reference"} - out["rules"].keys())


def test_json_on_stdout_stands_alone(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["evaluate", str(folder), "--json", "-"]) == ExitCode.DONE
    assert json.loads(capsysbinary.readouterr().out)["documents"] == 3


def test_each_miss_has_its_rule_and_its_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def other(gold: Json) -> None:
        gold["acts"][0]["type"] = "Protest" if gold["acts"][0]["type"] != "Protest" else "Thank"
        gold["encounters"][0]["participants"][0]["family"] = "Nobody"

    gold = json.loads(spoilt(folder, other).read_text(encoding="utf-8"))
    assert run(["evaluate", str(folder), "--errors"]) == ExitCode.DONE
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(gold["id"])]
    act = gold["acts"][0]
    assert any(
        " ".join(act["trigger"]["text"].split()) in li and f"type: {act['type']}" in li and act["rule"].split(":")[0] in li for li in lines
    )
    assert any("participant" in line and "missed: nobody" in line for line in lines)
    assert any("participant" in line and "not in the annotation" in line for line in lines)


def test_a_fall_below_the_baseline_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored = str(folder / "stored.json")
    assert run(["evaluate", str(folder), "--write-baseline", stored]) == ExitCode.DONE
    assert run(["evaluate", str(folder), "--baseline", stored]) == ExitCode.DONE
    capsys.readouterr()
    spoilt(folder, lambda gold: gold["acts"][0].update(type="Protest" if gold["acts"][0]["type"] != "Protest" else "Thank"))
    before = Path(stored).read_bytes()
    assert run(["evaluate", str(folder), "--baseline", stored, "--write-baseline", stored]) == ExitCode.FAILED
    said = capsys.readouterr().err.splitlines()
    assert sum(line.startswith("act types: fell from 1.000 to 0.") for line in said) == 1
    assert any("other texts or annotations" in line for line in said)
    assert "fell below the baseline" in said[-1]
    assert Path(stored).read_bytes() == before


def test_a_measure_that_is_gone_counts_as_fallen(folder: Path) -> None:
    found = evaluate.evaluate(t for t in evaluate.annotated(folder) if isinstance(t, Annotated))
    assert list(evaluate.fallen(found, {"act types": 1.004})) == []
    assert len(list(evaluate.fallen(found, {"act types": 1.01, "gone": 0.5}))) == 2


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: path.write_text("{", encoding="utf-8"), "not valid JSON"),
        (lambda path: path.write_text("[]", encoding="utf-8"), "not an annotation"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "not valid JSON"),
        (lambda path: path.write_text('{"id": "x", "encounters": [], "acts": [{}]}', encoding="utf-8"), "item 1 of its acts lacks type"),
        (lambda path: path.write_text('{"id": "x", "encounters": 1, "acts": []}', encoding="utf-8"), "no list of encounters"),
        (lambda path: path.with_name(path.name.replace(".gold.json", ".txt")).unlink(), "its text is missing"),
        (lambda path: path.with_name(path.name.replace(".gold.json", ".txt")).write_text("Other words."), "the hashes differ"),
        (lambda path: path.with_name(path.name.replace(".gold.json", ".txt")).write_text(""), "its text cannot be read"),
    ],
)
def test_an_annotation_that_cannot_be_used_is_one_plain_line(
    folder: Path, capsys: pytest.CaptureFixture[str], harm: Callable[[Path], object], words: str
) -> None:
    path = min(folder.glob("*.gold.json"))
    harm(path)
    assert run(["evaluate", str(folder)]) == ExitCode.FAILED
    said = capsys.readouterr()
    first, last = said.err.splitlines()
    assert said.out == ""
    assert first.startswith(f"{path}: ")
    assert words in first
    assert "1 of 3 annotations cannot be used" in last


def test_other_bad_input_is_one_plain_line(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.json"
    empty = tmp_path / "empty"
    empty.mkdir()
    for content, words in (("{", "not valid JSON"), ("{}", "no baseline"), ('{"measures": {"x": 1}}', "no baseline")):
        bad.write_text(content, encoding="utf-8")
        assert run(["evaluate", str(folder), "--baseline", str(bad)]) == ExitCode.FAILED
        assert words in capsys.readouterr().err
    for arguments, words in (
        ([str(empty)], "no annotations in it"),
        ([str(tmp_path / "absent")], "no such folder"),
        ([str(folder), "--baseline", str(tmp_path / "absent.json")], "cannot be read"),
    ):
        assert run(["evaluate", *arguments]) == ExitCode.FAILED
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1
    with pytest.raises(InputError):
        list(evaluate.annotated(empty))


# The rules of matching, one by one.


def test_a_party_may_stand_for_its_delegation_but_no_person_for_another() -> None:
    parties = Parties({"orsini": "fra", "petit": "fra", "whitcombe": "usa"})
    assert parties.same(["FRA"], ["Orsini"])
    assert parties.same(["orsini "], ["Orsini"])
    assert not parties.same(["Petit"], ["Orsini"])
    assert not parties.same(["USA"], ["Orsini"])
    assert not parties.same([], ["Orsini"])
    assert parties.same([], None)


def test_the_largest_overlap_is_matched_first_and_each_item_once() -> None:
    wanted = [{"span": {"start": 0, "end": 10}}, {"span": {"start": 8, "end": 20}}]
    found: list[Json] = [{"span": {"start": 5, "end": 20}}, {"span": {"start": 30, "end": 40}}, {"span": None}]
    assert matched(wanted, found, "span") == [(wanted[1], found[0])]


def test_the_page_on_accuracy_tells_the_figures_of_the_baseline() -> None:
    stored = json.loads(BASELINE.read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    rows = [f"| {name} | {measure['f1']:.3f} | {measure['gold']} |" for name, measure in stored["measures"].items()]
    assert [row for row in rows if row not in page] == []
