"""Evaluation: the extractor against a folder of annotated texts, over all of them, by publisher and by rule.

A folder holds ``<stem>.gold.json`` beside the text ``<stem>.txt`` (or ``.html``, ``.md``) and its sidecar ``<stem>.meta.json``.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from glob import escape
from hashlib import sha256
from pathlib import Path
from typing import Any

from communique.errors import InputError
from communique.ingest.evaluation.interchange import to_json
from communique.ingest.evaluation.measures import Count, Json, by_type, compare
from communique.ingest.evaluation.misses import Judged, Miss, review
from communique.ingest.extract import extract
from communique.ingest.lexicon import lexicon
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.pages import documents
from communique.model import Document, Extraction, Refusal

SAMPLES = 1000
TOLERANCE = 0.005
"""How far a measure may fall below the baseline: one or two acts of some hundred, so that mending one text may cost another a little."""

NEEDED = {
    "encounters": ("type", "date", "start", "duration_min", "participants"),
    "references": ("kind", "span"),
    "acts": ("type", "trigger", "actors", "addressees", "issues"),
}


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text and what its annotators say of it."""

    document: Document
    gold: Json


@dataclass(frozen=True, slots=True)
class Scored:
    """One text, compared."""

    id: str
    publisher: str
    counts: Mapping[str, Count]
    types: Mapping[str, Count]
    judged: tuple[Judged, ...]
    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over several texts, with the 95 % interval of its F1."""

    count: Count
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out; ``texts`` is a hash of the annotations, so that a baseline knows what it was measured on."""

    scored: tuple[Scored, ...]
    measures: Mapping[str, Figure]
    texts: str

    def by_publisher(self) -> dict[str, tuple[int, dict[str, Count]]]:
        """Publisher -> number of texts, and every measure over them."""
        groups: dict[str, list[Scored]] = {}
        for one in sorted(self.scored, key=lambda s: (s.publisher, s.id)):
            groups.setdefault(one.publisher, []).append(one)
        return {publisher: (len(group), total([one.counts for one in group])) for publisher, group in groups.items()}

    def by_type(self) -> dict[str, Count]:
        """Type of act -> its acts, found where annotators found them."""
        table: dict[str, Count] = {}
        for one in self.scored:
            for name, count in one.types.items():
                table[name] = table.get(name, Count()) + count
        return dict(sorted(table.items()))

    @property
    def macro(self) -> float:
        """The mean F1 of the types of act, each counting alike, however rare."""
        counts = self.by_type().values()
        return sum(c.f1 for c in counts) / len(counts) if counts else 1.0

    def by_rule(self) -> dict[str, dict[str, tuple[int, int]]]:
        """Kind of item -> rule -> how many of its items were right, and how many there were."""
        tally = Counter((j.kind, j.rule, j.right) for one in self.scored for j in one.judged)
        table: dict[str, dict[str, tuple[int, int]]] = {}
        for kind, rule in sorted({(kind, rule) for kind, rule, _ in tally}):
            right, wrong = tally[kind, rule, True], tally[kind, rule, False]
            table.setdefault(kind, {})[rule] = (right, right + wrong)
        return table


def annotated(folder: Path) -> Iterator[Annotated | Refusal]:
    """Every annotated text of a folder, by name; a ``Refusal`` for each that cannot be used.

    Raises ``InputError`` if the folder has no annotations.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", where=folder, todo="give a folder of annotated texts")
    paths = sorted(folder.glob("*.gold.json"))
    if not paths:
        raise InputError("no annotations in it", where=folder, todo="each text needs a <stem>.gold.json beside it")
    for path in paths:
        try:
            yield _annotated(path)
        except InputError as fault:
            yield Refusal(str(path), fault.what)


def _annotated(path: Path) -> Annotated:
    """One annotation with its text; raises ``InputError`` if one of them cannot be used."""
    gold = _checked(_json(path))
    stem = path.name.removesuffix(".gold.json")
    sides = {path.name, f"{stem}.meta.json"}
    texts = sorted(p for p in path.parent.glob(f"{escape(stem)}.*") if p.stem == stem and p.name not in sides)
    if not texts:
        raise InputError(f"its text is missing: there is no {stem}.txt beside it")
    document = next(documents.read(texts[:1]))
    if isinstance(document, Refusal):
        raise InputError(f"its text cannot be read: {document.reason}")
    if gold.get("sha256") not in (None, document.sha256):
        raise InputError(f"it was written for another text: {texts[0].name} has changed since (the hashes differ)")
    return Annotated(document, gold)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as fault:
        raise InputError(f"this is not valid JSON ({fault})", where=path, todo="mend it") from None
    except OSError as fault:
        raise InputError(f"cannot be read ({fault.strerror})", where=path) from None


def _checked(gold: Any) -> Json:
    """An annotation that has all that is compared."""
    if not isinstance(gold, dict) or not isinstance(gold.get("id"), str):
        raise InputError("this is not an annotation: it has no id")
    for part, fields in NEEDED.items():
        items = gold.setdefault(part, []) if part == "references" else gold.get(part)
        if not isinstance(items, list):
            raise InputError(f"this is not an annotation: it has no list of {part}")
        for number, item in enumerate(items, 1):
            lacking = [f for f in fields if not isinstance(item, dict) or f not in item]
            if lacking:
                raise InputError(f"item {number} of its {part} lacks {', '.join(lacking)}")
    return gold


def evaluate(texts: Iterable[Annotated], read: Callable[[Document], Extraction] = extract) -> Evaluation:
    """Reads every text, by the rules if ``read`` says nothing else, and compares."""
    texts = list(texts)
    return score(texts, {t.gold["id"]: to_json(read(t.document)) for t in texts}, lexicon.load())


def score(texts: Sequence[Annotated], found: Mapping[str, Json], words: Lexicon) -> Evaluation:
    """Compares ``found`` (by id of the annotation) with what annotators say; a text that is not in it counts as read without result."""
    ancestors = partial(issue_line, words)
    scored = []
    for text in texts:
        said = found.get(text.gold["id"]) or {}
        told = tuple(review(text.gold, said))
        judged = tuple(x for x in told if isinstance(x, Judged))
        misses = tuple(x for x in told if isinstance(x, Miss))
        publisher = text.document.publisher or "unknown publisher"
        counts, types = compare(text.gold, said, ancestors), by_type(text.gold, said)
        scored.append(Scored(text.gold["id"], publisher, counts, types, judged, misses))
    digest = sha256(json.dumps([t.gold for t in texts], sort_keys=True).encode()).hexdigest()
    return Evaluation(tuple(scored), figures([one.counts for one in scored]), digest)


def issue_line(words: Lexicon, issue: str) -> frozenset[str]:
    """An issue and all above it in the scheme."""
    line: list[str] = []
    step: str | None = issue
    while step and step not in line:
        line.append(step)
        step = words.fact("issue", step, "broader")
    return frozenset(line)


def total(counts: Sequence[Mapping[str, Count]]) -> dict[str, Count]:
    """Every measure over several texts."""
    return {measure: sum((one[measure] for one in counts), Count()) for measure in counts[0]}


def figures(counts: Sequence[Mapping[str, Count]]) -> dict[str, Figure]:
    """Every measure with its interval, from bootstrap samples of texts (always the same samples)."""
    if not counts:
        return {}
    chance = random.Random(0)  # noqa: S311 - sampling, no secret
    draws = [chance.choices(range(len(counts)), k=len(counts)) for _ in range(SAMPLES)]
    out = {}
    for measure, count in total(counts).items():
        rows = [(c.right, c.found, c.wanted) for c in (one[measure] for one in counts)]
        drawn = sorted(Count(*map(sum, zip(*(rows[i] for i in draw), strict=True))).f1 for draw in draws)
        out[measure] = Figure(count, drawn[SAMPLES * 25 // 1000], drawn[SAMPLES * 974 // 1000])
    return out


def as_json(evaluation: Evaluation, *, errors: bool = False) -> Json:
    """The evaluation as JSON: figures only, and with ``errors`` every miss with its words."""
    publishers = {
        name: {"documents": number, "measures": {m: _figures(c) for m, c in counts.items()}}
        for name, (number, counts) in evaluation.by_publisher().items()
    }
    rules = {kind: {rule: {"right": r, "seen": n} for rule, (r, n) in table.items()} for kind, table in evaluation.by_rule().items()}
    measures = {m: {**_figures(f.count), "low": round(f.low, 4), "high": round(f.high, 4)} for m, f in evaluation.measures.items()}
    told = {"errors": [{"id": one.id, **miss.as_json()} for one in evaluation.scored for miss in one.misses]} if errors else {}
    head = {"documents": len(evaluation.scored), "texts": evaluation.texts}
    types = {"macro": round(evaluation.macro, 4), "types": {name: _figures(c) for name, c in evaluation.by_type().items()}}
    return {**head, "measures": measures, "acts by type": types, "publishers": publishers, "rules": rules, **told}


def _figures(count: Count) -> Json:
    return {"p": round(count.precision, 4), "r": round(count.recall, 4), "f1": round(count.f1, 4), "gold": count.wanted}


def baseline(path: Path) -> Json:
    """A stored evaluation; raises ``InputError`` if the file does not hold one."""
    stored = _json(path)
    measures = stored.get("measures") if isinstance(stored, dict) else None
    if not isinstance(measures, dict) or not all(isinstance(m, dict) and isinstance(m.get("f1"), int | float) for m in measures.values()):
        raise InputError("this is no baseline: it has no measures", where=path, todo="write one with --write-baseline")
    return {"texts": stored.get("texts"), "measures": {name: float(m["f1"]) for name, m in measures.items()}}


def as_baseline(evaluation: Evaluation) -> Json:
    """What a baseline keeps: figures, and no word of any text."""
    measures = {m: {"f1": round(f.count.f1, 4), "gold": f.count.wanted} for m, f in evaluation.measures.items()}
    return {"documents": len(evaluation.scored), "texts": evaluation.texts, "measures": measures}


def fallen(evaluation: Evaluation, measures: Mapping[str, float]) -> Iterator[str]:
    """One line for each measure that has fallen below the baseline by more than ``TOLERANCE``, or that is no longer there."""
    for name, before in measures.items():
        figure = evaluation.measures.get(name)
        if figure is None:
            yield f"{name}: the baseline has {before:.3f}, and it is no longer measured"
        elif (now := round(figure.count.f1, 4)) < before - TOLERANCE:
            yield f"{name}: fell from {before:.3f} to {now:.3f}"
