"""Reads where an encounter took place, and on what occasion."""

from __future__ import annotations

import re
from dataclasses import dataclass

from communique.ingest.encounters import Telling
from communique.ingest.lexicon import Lexicon
from communique.ingest.names import person_words
from communique.ingest.parses import grammar

_TRAIL = re.compile(r"[,\s]+$|'s?$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place as written at ``[start, end)`` of the view, with its IANA zone and its state where they are known."""

    start: int
    end: int
    text: str
    zone: str | None
    state: str | None


def find_place(telling: Telling, lexicon: Lexicon) -> Place | None:
    """The place of an encounter: behind "in", "at" or "visiting" in the clause that tells of it."""
    text = telling.parse.text
    for a, b in _in_order(telling):
        for m in grammar().patterns["place"].finditer(text, a, b):
            start, end = m.start("words"), m.end("words")
            words = text[start:end]
            trimmed = _trim(words)
            first = re.match(r"[\w.'-]+", trimmed)
            if not trimmed or (first and first[0].rstrip(".,") in person_words().openers):
                continue
            zone, state, known = _facts(telling, lexicon, start, start + len(trimmed))
            if (
                m["how"] not in ("at", "to")
                and not known
                and not re.search(
                    r"\b(?:Department|Ministry|House|Office|Palace|Residence|Hotel|Embassy|Room|Center|Centre|Building|Headquarters|Hall|Castle|Airport)\b",
                    trimmed,
                )
            ):
                continue
            if m["how"] == "at" and re.search(
                r"\b(?:Summit|Conference|Meeting|Forum|Assembly|Request|Session|Dialogue|Ministerial)\b|^(?:AM|PM|UNGA|COP)", trimmed
            ):
                continue
            if m["how"].startswith("visit") and any(
                k.kind == "state"
                and k.form in ("prefLabel", "altLabel")
                and len(trimmed) <= len(text[slice(*telling.parse.line.span(k.first, k.last))])
                for k in telling.parse.line.known.values()
                if telling.parse.line.words[k.first].start == start
            ):
                # "who is visiting Japan": a whole state is no place of a meeting.
                continue
            return Place(start, start + len(trimmed), trimmed, zone, state)
    return None


def _in_order(telling: Telling) -> list[tuple[int, int]]:
    """The clause's ranges, those behind the trigger first."""
    behind = [s for s in telling.scope if s[1] > telling.start]
    return [*behind, *(s for s in telling.scope if s[1] <= telling.start)]


def _trim(words: str) -> str:
    """Cuts dates and clause rests off the end; ``D.C.`` keeps its full stop."""
    cut = re.search(
        r",?\s(?:on|and)?\s?\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Today|He|She|They|The)\b",
        words,
    )
    words = words[: cut.start()] if cut else words
    words = _TRAIL.sub("", words)
    # "D.C." keeps its full stop, "DC." at the end of a sentence does not.
    return words if re.search(r"\b(?:[A-Z]\.)+$", words) else words.rstrip(".")


def _facts(telling: Telling, lexicon: Lexicon, start: int, end: int) -> tuple[str | None, str | None, bool]:
    """Zone, state, and whether the lexicon knows the place."""
    zone = state = None
    known = False
    for k in telling.parse.line.known.values():
        a = telling.parse.line.words[k.first].start
        if not start <= a < end:
            continue
        known = True
        if k.kind == "place":
            zone = zone or lexicon.fact("place", k.id, "zone")
            state = state or lexicon.fact("place", k.id, "inState")
        elif k.kind == "state" and state is None:
            state = k.id
    return zone, state, known


def find_occasion(telling: Telling) -> tuple[int, int] | None:
    """The words that name what the encounter was on the margins of."""
    text = telling.parse.text
    for m in grammar().patterns["occasion"].finditer(text):
        end = m.end("what")
        cut = re.search(r"\s(?:in|at|on|to|and|for)\s?(?=[A-Z]|$)", m["what"])
        if cut and cut[0].strip() in ("to", "in", "at", "on"):
            end = m.start("what") + cut.start()
        while end > m.start("what") and text[end - 1] in ".,":
            end -= 1
        return m.start("what"), end
    return None
