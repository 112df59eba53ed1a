"""What must not matter does not, and what must change changes alone: people, states, line breaks, quotes, days and bullets exchanged.

Each relation rewrites a text, says what its extraction must become, and compares the whole: encounters, references, acts, coverage,
diagnostics and the exact words of every span.  The texts are the composed samples, and the annotated ones where they are at hand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
import textwrap
from calendar import month_name
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communique.ingest import sources
from communique.ingest.evaluation.interchange import to_json
from communique.ingest.extract import extract
from communique.ingest.lexicon import lexicon
from communique.ingest.pages import documents
from communique.ingest.pages.layout import lay_out, words_start
from communique.model import BlockKind, Document
from tests.ingest.texts import acts

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "ingest" / "samples"
GOLD = ROOT.parent / "shared" / "gold" / "dev"
Json = dict[str, Any]
Words = Callable[[str], str]


@cache
def texts() -> tuple[Document, ...]:
    """Every text, each block on one line: a new word must not look like a new line.  What is set aside is to be set aside again."""
    folders = [SAMPLES, *([GOLD] if GOLD.exists() else [])]
    return tuple(wrapped(d, None) for d in documents.read(folders) if isinstance(d, Document))


def wrapped(document: Document, width: int | None) -> Document:
    """The document with every block wrapped anew, or on one line; what stands between blocks stays."""
    text, out, last = document.text, [], 0
    for block in lay_out(document, source(document)):
        words = " ".join(block.span.of(text).split())
        indent = text[text.rfind("\n", 0, block.span.start) + 1 : block.span.start]
        lines = [words] if width is None else textwrap.wrap(indent + words, width, break_long_words=False, break_on_hyphens=False)
        out += [text[last : block.span.start], "\n".join(lines).lstrip()]
        last = block.span.end
    return rewritten(document, "".join(out) + text[last:])


def source(document: Document) -> sources.Source:
    return sources.recognise(document.url, document.publisher, document.text, document.source)


def rewritten(document: Document, text: str, **fields: str | None) -> Document:
    return replace(document, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), **fields)  # type: ignore[arg-type]


ALL = pytest.mark.parametrize("document", texts(), ids=lambda document: document.id[:60])


def changed(document: Document, words: Words, **fields: str | None) -> Document:
    """The document with its text and title rewritten."""
    return rewritten(document, words(document.text), title=words(document.title) if document.title else None, **fields)


@cache
def reading(document: Document) -> Json:
    return to_json(extract(document))


def told(document: Document, words: Words = lambda words: words) -> Json:
    """What is read from a document, without places and hashes; every string on one line and rewritten by ``words``."""
    said = {key: value for key, value in reading(document).items() if key not in ("id", "sha256", "source")}
    # a sentence's range may begin with its bullet; what matters is how each one ended
    states = [covered["state"] for covered in said["coverage"]]
    # and into how many lines the frame is cut does not matter either
    said["coverage"] = [state for i, state in enumerate(states) if not (state == "boilerplate" and states[i - 1 : i] == [state])]

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if not (k in ("start", "end") and "end" in value)}
        if isinstance(value, list):
            return [plain(v) for v in value]
        return " ".join(words(value).split()) if isinstance(value, str) else value

    return plain(said)  # type: ignore[no-any-return]


def replacer(table: Mapping[str, str]) -> Words:
    """Exchanges whole words and phrases, the longest first, over line breaks too."""
    if not table:
        return lambda words: words
    longest = sorted(table, key=lambda old: (-len(old), old))
    pattern = re.compile(r"(?<![^\W_])(?:" + "|".join(re.escape(old).replace(r"\ ", r"\s+") for old in longest) + r")(?![^\W_])")
    return lambda words: pattern.sub(lambda m: table[" ".join(m[0].split())], words)


QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def straight(words: str) -> str:
    return words.translate(QUOTES)


# People.

FAMILIES = (
    "Ondrasek",
    "Falkenrath",
    "Quillfeather",
    "Marvolesi",
    "Tangerdahl",
    "Boswickham",
    "Yarrowby",
    "Kestrelmann",
    "Dunmorrow",
    "Velascor",
)
GIVEN = (
    "Ottoline",
    "Barnabus",
    "Leopolda",
    "Cornelio",
    "Zephyrine",
    "Thaddeo",
    "Isabeau",
    "Ignacy",
    "Marisela",
    "Alaric",
    "Wilhelma",
    "Osvaldo",
)


@ALL
def test_other_people(document: Document) -> None:
    """Consistently renamed people bear their new names everywhere, capitals included, and nothing else is read differently."""
    rename = renamed(document)
    assert told(changed(document, rename)) == told(document, rename)


def renamed(document: Document) -> Words:
    """New names for all participants, family names and given names each, in both ways of writing."""
    people = [p for e in extract(document).encounters for p in e.participants if p.name and p.family]
    families = sorted({p.family for p in people if p.family})
    inner = {part.casefold() for family in families for part in family.split()}
    given = sorted({t for p in people for t in (p.name or "").split() if len(t) > 2 and t.isalpha() and t.casefold() not in inner})
    table: dict[str, str] = {}
    for old, new in [*zip(families, FAMILIES * 3, strict=False), *zip(given, GIVEN * 3, strict=False)]:
        table |= {old: new, old.upper(): new.upper()}
    return replacer(table)


# States.


@cache
def peers() -> Mapping[frozenset[str], tuple[str, ...]]:
    """States that differ in name only: in the same region of the issue scheme, and not singled out by any concept, reading or note."""
    words = lexicon.load()
    kinds = {"issue", "reading"}
    singled = {
        v
        for label in words.labels
        if label.kind in kinds
        for k, vs in words.facts(label.kind, label.id).items()
        if k != "situationOf"
        for v in vs
    }
    regions: dict[frozenset[str], list[str]] = {}
    for state in words.ids("state"):
        facts = words.facts("state", state)
        if len(forms(state)) > 1 and state not in singled and "unStatus" in facts and not facts.keys() & {"notBefore", "notAfter"}:
            region = frozenset(i for i in words.ids("issue") if state in words.facts("issue", i).get("situationOf", ()))
            regions.setdefault(region, []).append(state)
    return {region: tuple(states) for region, states in regions.items() if len(states) > 1}


@cache
def elsewhere(state: str) -> re.Pattern[str]:
    """Labels of other things that have the state's name in them, such as gulfs and peace processes."""
    named = re.compile("|".join(map(re.escape, forms(state).values())))
    labels = {label.text for label in lexicon.load().labels if label.kind not in ("state", "membership") and named.search(label.text)}
    return re.compile("|".join(map(re.escape, sorted(labels))) or "(?!)")


@cache
def forms(state: str) -> dict[str, str]:
    """The name and the adjective of a state that has no other short names, and shares none."""
    labels = [label for label in lexicon.load().labels if label.kind == "state"]
    own = {label.form: label.text for label in labels if label.id == state and label.form != "officialName"}
    shared = any(label.text in own.values() and label.id != state for label in labels)
    several = sum(label.id == state and label.form != "officialName" for label in labels) != 2
    return {} if shared or several or own.keys() != {"prefLabel", "adjective"} else own


def exchanges() -> Iterator[tuple[Document, str, str]]:
    """Each text with a state that is in it, and a peer of that state that is not."""
    for document in texts():
        for states in peers().values():
            there = [s for s in states if re.search(rf"\b(?:{'|'.join(forms(s).values())})", document.text)]
            new = next((s for s in states if s not in there), None)
            yield from ((document, old, new) for old in there if new and not elsewhere(old).search(straight(document.text)))


@pytest.mark.parametrize(("document", "old", "new"), list(exchanges()), ids=lambda value: str(getattr(value, "id", value))[:60])
def test_other_states(document: Document, old: str, new: str) -> None:
    """Another state of the region in the same place: codes follow the name, and nothing else changes."""
    exchange = exchanger(old, new)
    assert told(changed(document, exchange)) == told(document, exchange)


def exchanger(old: str, new: str) -> Words:
    """Name for name, adjective for adjective, people for people, code for code."""
    (name, people), (name2, people2) = ((forms(state)["prefLabel"], forms(state)["adjective"]) for state in (old, new))
    return replacer({name: name2, people: people2, f"{people}s": f"{people2}s", old: new})


@pytest.mark.parametrize(("state", "code"), [("Nepal", "NPL"), ("Laos", "LAO"), ("the Philippines", "PHL"), ("the Netherlands", "NLD")])
def test_a_name_that_looks_like_a_plural_is_a_state(state: str, code: str) -> None:
    assert [act.target for act in acts(f"The Secretary expressed concern about the violence in {state}.")] == [code]


# Line breaks and quotes.


@ALL
@pytest.mark.parametrize("width", [40, 57, 72, 100])
def test_other_line_breaks(document: Document, width: int) -> None:
    assert told(wrapped(document, width)) == told(document)


def curly(words: str) -> str:
    """Quotes as typesetters set them: opening after white space or a bracket, closing elsewhere."""
    opened = re.sub(r"(?<![^\s(\[—–-])'(?=\w)", "‘", re.sub(r'(?<![^\s(\[—–-])"', "“", straight(words)))
    return opened.replace("'", "’").replace('"', "”")


@ALL
@pytest.mark.parametrize("style", [straight, curly])
def test_other_quotes(document: Document, style: Words) -> None:
    """Straight or typographic quotes and apostrophes: the same reading, in quotes as they stand."""
    assert told(changed(document, style), straight) == told(document, straight)


# Days.

MONTHS = list(month_name)[1:]
DAY = re.compile(
    rf"\b(?:(?P<month>{'|'.join(MONTHS)})\s+(?P<day>\d{{1,2}})|(?P<day2>\d{{1,2}})\s+(?P<month2>{'|'.join(MONTHS)}))\b(?!\d)(?P<year>,?\s+20\d\d\b)?"
)
RANGE = re.compile(rf"\b(?:{'|'.join(MONTHS)})\s+\d{{1,2}}\s?[-–]|\d\s?[-–]\s?\d{{1,2}}\s+(?:{'|'.join(MONTHS)})")
ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)(?!\d)")


def later(document: Document, days: int) -> Words:
    """Moves every day that is written out; one without a year belongs to the year in which it is nearest to the publication."""
    published = dt.date.fromisoformat(document.date or "2024-01-01")

    def moved(m: re.Match[str]) -> str:
        month, day = MONTHS.index(m["month"] or m["month2"]) + 1, int(m["day"] or m["day2"])
        stated = m["year"]
        years = [int(stated[-4:])] if stated else [published.year - 1, published.year, published.year + 1]
        new = min((dt.date(year, month, day) for year in years), key=lambda d: abs(d - published)) + dt.timedelta(days)
        name, number = MONTHS[new.month - 1], str(new.day)
        year = f"{stated[:-4]}{new.year}" if stated else ""
        return f"{name} {number}{year}" if m["month"] else f"{number} {name}{year}"

    def iso(m: re.Match[str]) -> str:
        return (dt.date.fromisoformat(m[0]) + dt.timedelta(days)).isoformat()

    return lambda words: ISO.sub(iso, DAY.sub(moved, words))


def timeless(said: Json) -> Json:
    """Without the hours between clocks, which summer time changes, and without whole months, which move with some days only."""
    for encounter in said["encounters"]:
        for key in ("start", "start_publisher"):
            encounter[key] = encounter[key] and encounter[key][:16]
    for reference in said["references"]:
        reference["date"] = None if re.fullmatch(r"\d{4}-\d\d", reference["date"] or "") else reference["date"]
    return said


@cache
def turns() -> frozenset[str]:
    """The days on which words begin or cease to mean something."""
    words = lexicon.load()
    readings = {label.id for label in words.labels if label.kind == "reading"}
    return frozenset(day for id_ in readings for key in ("since", "until") for day in words.facts("reading", id_).get(key, ()))


def moves() -> Iterator[tuple[Document, int]]:
    """Whole weeks, so that days of the week stay true; not over a day on which a reading changes; no ranges, which may cross a month."""
    for document in texts():
        for days in (-7, 7, 28):
            first, last = sorted((document.date or "", later(document, days)(document.date or "")))
            if not RANGE.search(document.text) and not any(first <= day <= last for day in turns()):
                yield document, days


@pytest.mark.parametrize(("document", "days"), list(moves()), ids=lambda value: str(getattr(value, "id", value))[:60])
def test_other_days(document: Document, days: int) -> None:
    """Every date moves by as many days, and nothing else does."""
    move = later(document, days)
    when = {"date": document.date and move(document.date), "published": document.published and move(document.published)}
    assert timeless(told(changed(document, move, **when))) == timeless(told(document, move))


# Bullets and numbers.

STYLES = ("• ", "- ", "({}) ", "{}. ", "* ")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "document", [d for d in texts() if any(b.kind is BlockKind.ITEM for b in lay_out(d, source(d)))], ids=lambda document: document.id[:60]
)
def test_other_bullets(document: Document, style: str) -> None:
    """Items with other numbers or with bullets are the same items."""
    text, out, last = document.text, [], 0
    items = [b for b in lay_out(document, source(document)) if b.kind is BlockKind.ITEM]
    for number, block in enumerate(items, 1):
        start = words_start(text, block)
        out += [text[last : block.span.start], style.format(number)]
        last = start
    assert told(rewritten(document, "".join(out) + text[last:])) == told(document)


# Any text at all.


def spans(value: Any) -> Iterator[Json]:
    """Every span with its words, at any depth."""
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from spans(inner)


def holds(document: Document) -> None:
    """What is true of every extraction: it exists, its spans quote the text, and the same text gives it again."""
    said = to_json(extract(document))
    assert all(document.text[s["start"] : s["end"]] == s["text"] for s in spans(said))
    assert all(0 <= c["start"] <= c["end"] <= len(document.text) for c in said["coverage"])
    assert json.dumps(to_json(extract(document))) == json.dumps(said)


PLAIN = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from([" ", "\n", "\n\n", "\u00a0", "“", "(", "1. ", "• ", ", ", ". ", "’s", "\u200b", "İ", "ß", "\U0001f91d", "e\u0301"]),
    st.sampled_from([word for d in texts()[:20] for word in d.text.split()]),
)


@PLAIN
@given(st.lists(PIECES, max_size=60))
def test_any_text_is_read_or_set_aside(pieces: list[str]) -> None:
    text = " ".join(pieces)
    holds(rewritten(texts()[0], text))
    holds(Document("any", text, hashlib.sha256(text.encode()).hexdigest(), "any"))


@PLAIN
@given(
    st.sampled_from(texts()),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 200), st.sampled_from(["", "\n\n", " and ", "“"])), max_size=5),
)
def test_damaged_readouts_are_read_or_set_aside(document: Document, cuts: list[tuple[int, int, str]]) -> None:
    """Pieces cut out of a readout, and others put in their place."""
    text = document.text
    for at, size, piece in cuts:
        text = text[:at] + piece + text[at + size :]
    holds(rewritten(document, text))


def test_every_process_reads_the_same() -> None:
    """Two processes whose sets and dictionaries are hashed differently print the same bytes."""
    command = [sys.executable, "-m", "communique.cli", "extract", str(SAMPLES)]
    told = [
        subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "4711")
    ]
    assert told[0]
    assert told[0] == told[1]
