"""Measures what a named-entity model would add as a vote on persons, beside the rules, on annotated texts.

Usage: python benchmarks/persons.py GOLD_DIR MODEL.  MODEL is the importable name or the path of a spaCy pipeline; spaCy is no
dependency of the project and has to be installed beside it.  A person is told by the family name.  The model votes with its PERSON
entities, first those of the title and the sentences that tell of the encounter, then those of the whole text.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from communique.ingest.extract import extract
from communique.ingest.pages.documents import read
from communique.model import BlockKind, Document, Extraction, Reading, Span

Words = frozenset[str]


def words(name: str) -> Words:
    return frozenset(word.removesuffix("'s") for word in name.casefold().replace("’", "'").split())


def lead(found: Extraction) -> list[Span]:
    """Where the text says who met: titles, and the sentences of the encounter."""
    titles = [b.span for b in found.blocks if b.kind is BlockKind.TITLE]
    told = [c.span for c in found.coverage if c.state is Reading.ENCOUNTER or any(e.span.overlaps(c.span) for e in found.encounters)]
    return titles + told


def votes(found: Extraction, entities: list[tuple[Span, str]], gold: set[str]) -> Counter[str]:
    """How the model's persons stand to the rules' participants and to the annotated ones."""
    rules = {p.family.casefold() for e in found.encounters for p in e.participants if p.family}
    persons = {words(name) for _, name in entities if words(name)}
    tally: Counter[str] = Counter()
    for family in rules:
        seen = any(words(family) <= person for person in persons)
        tally[f"rules {'right' if family in gold else 'wrong'}, {'seen' if seen else 'not seen'} by the model"] += 1
    for person in persons:
        if not any(words(family) & person for family in rules):
            tally["model alone, right" if any(words(family) <= person for family in gold - rules) else "model alone, wrong"] += 1
    tally["annotated"], tally["missed by the rules"] = len(gold), len(gold - rules)
    return tally


def main() -> None:
    import spacy

    folder, nlp = Path(sys.argv[1]), spacy.load(sys.argv[2], exclude=["lemmatizer", "tagger", "parser", "attribute_ruler"])
    table: dict[str, Counter[str]] = {"title and encounter": Counter(), "whole text": Counter()}
    spent, texts = 0.0, 0
    for document in read([folder]):
        path = folder / f"{getattr(document, 'id', '')}.gold.json"
        if not isinstance(document, Document) or not path.exists():
            continue
        gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        people = {p["family"].casefold() for e in gold["encounters"] for p in e["participants"] if p["family"]}
        found = extract(document)
        started = time.process_time()
        parsed = nlp(document.text.replace("\n", " "))
        spent, texts = spent + time.process_time() - started, texts + 1
        entities = [(Span(e.start_char, e.end_char), e.text) for e in parsed.ents if e.label_ == "PERSON"]
        spans = lead(found)
        table["title and encounter"] += votes(found, [(s, w) for s, w in entities if any(s.overlaps(o) for o in spans)], people)
        table["whole text"] += votes(found, entities, people)
    sys.stdout.write(f"{texts} texts, {texts / spent:.0f} a second of processor time by the model alone\n")
    for part, tally in table.items():
        sys.stdout.write(f"{part}: " + ", ".join(f"{name} {count}" for name, count in sorted(tally.items())) + "\n")


if __name__ == "__main__":
    main()
