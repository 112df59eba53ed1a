"""Counts how often each rule is right on annotated texts and writes ``ingest/grammar/confidence.toml``.

Usage: python benchmarks/confidence.py GOLD_DIR.  A rule's act is right if type and actors are; a participant if family name and
party are; a reference if its kind is; an encounter if type and date are.  Matching is by overlap of spans.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from communique.ingest.evaluation.interchange import to_json
from communique.ingest.extract import extract
from communique.ingest.pages.documents import read
from communique.model import Document

Json = dict[str, Any]
TARGET = Path(__file__).parent.parent / "ingest" / "grammar" / "confidence.toml"


def overlap(a: Json | None, b: Json | None) -> bool:
    return bool(a and b and a["start"] < b["end"] and b["start"] < a["end"])


def names(values: Iterable[str | None]) -> frozenset[str]:
    return frozenset((v or "").casefold() for v in values)


def count(gold_dir: Path) -> dict[str, dict[str, list[int]]]:
    """kind -> rule -> [right, seen]."""
    table: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))

    def add(kind: str, rule: str, right: bool) -> None:
        table[kind][rule][0] += right
        table[kind][rule][1] += 1

    for document in read([gold_dir]):
        path = gold_dir / f"{getattr(document, 'id', '')}.gold.json"
        if not isinstance(document, Document) or not path.exists():
            continue
        gold, found = json.loads(path.read_text(encoding="utf-8")), to_json(extract(document))
        people = {((p["family"] or "").casefold(), p["party"]) for e in gold["encounters"] for p in e["participants"]}
        days = {(e["type"], e["date"]) for e in gold["encounters"]}
        sides = {(p["family"] or "").casefold(): (p["party"] or "").casefold() for e in gold["encounters"] for p in e["participants"]}
        for e in found["encounters"]:
            add("encounter", e["rule"], (e["type"], e["date"]) in days)
            for p in e["participants"]:
                add("participant", p["rule"], ((p["family"] or "").casefold(), p["party"]) in people)
        for r in found["references"]:
            add("reference", r["rule"], any(overlap(r["span"], g["span"]) and r["kind"] == g["kind"] for g in gold["references"]))
        for a in found["acts"]:
            who = names(a["actors"])
            hits = [g for g in gold["acts"] if overlap(a["trigger"], g["trigger"])]
            same = any(
                g["type"] == a["type"]
                and (names(g["actors"]) == who or {sides.get(x, x) for x in names(g["actors"])} == {sides.get(x, x) for x in who})
                for g in hits
            )
            add("act", a["rule"].split(":")[0], same)
    return table


def main() -> None:
    table = count(Path(sys.argv[1]))
    lines = ["# Written by benchmarks/confidence.py from the development gold: rule = [right, seen]; ingest/acts/confidence.py smooths it."]
    for kind in sorted(table):
        lines += ["", f"[{kind}]", *(f'"{rule}" = {counts}' for rule, counts in sorted(table[kind].items()))]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {sum(len(r) for r in table.values())} rules\n")


if __name__ == "__main__":
    main()
