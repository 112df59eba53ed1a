"""Reads where an encounter took place, and on what occasion."""

from __future__ import annotations

import re
from dataclasses import dataclass

from communique.ingest.encounters.telling import Telling
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.people.line import Known
from communique.ingest.people.names import person_words
from communique.ingest.people.parses import grammar

_EDGE = re.compile(r"[,\s]+$|'s?$")
# "participation in the Munich Security Conference": no place, whatever its name begins with.
_EVENT_END = re.compile(r"\b(?:Summit|Conference|Forum|Assembly|Session|Dialogue|Ministerial)$")
_INITIALS = re.compile(r"\b(?:[A-Z]\.?){2,}$")


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
    p = grammar().patterns
    text = telling.parse.text
    for a, b in _in_order(telling):
        for m in p["place"].finditer(text, a, b):
            start = m.start("words")
            words = _trim(telling, m["words"], start)
            first = re.match(r"[\w.'-]+", words)
            if first is None or first[0].rstrip(".,") in person_words().openers:
                continue
            known = _known(telling, start, start + len(words))
            if m["how"] not in ("at", "to") and not known and not p["venue"].search(words):
                continue
            if p["event"].search(words) and (m["how"] == "at" or _EVENT_END.search(words)):
                continue
            if m["how"].startswith("visit") and len(known) == 1 and known[0].kind == "state":
                # "who is visiting Japan": a whole state is no place of a meeting.
                continue
            places = [k.id for k in known if k.kind == "place"]
            zone = next((z for i in places if (z := lexicon.fact("place", i, "zone"))), None)
            state = next((s for i in places if (s := lexicon.fact("place", i, "inState"))), None)
            state = state or next((k.id for k in known if k.kind == "state"), None)
            return Place(start, start + len(words), words, zone, state)
    return None


def _in_order(telling: Telling) -> list[tuple[int, int]]:
    """The clause's ranges, those behind the trigger first."""
    behind = [s for s in telling.scope if s[1] > telling.start]
    return [*behind, *(s for s in telling.scope if s[1] <= telling.start)]


def _trim(telling: Telling, words: str, start: int) -> str:
    """Cuts dates, the next clause and names that are no places off the end; ``D.C.`` keeps its full stop."""
    cut = grammar().patterns["place_end"].search(words)
    words = words[: cut.start()] if cut else words
    head, comma, rest = words.partition(", ")
    if comma and not _INITIALS.search(rest) and not _known(telling, start + len(head), start + len(words)):
        words = head
    words = _EDGE.sub("", words)
    return words if re.search(r"\b(?:[A-Z]\.)+$", words) else words.rstrip(".")


def _known(telling: Telling, start: int, end: int) -> list[Known]:
    """What the lexicon knows between two offsets of the view."""
    line = telling.parse.line
    return [k for _, k in sorted(line.known.items()) if line.words[k.first].start < end and line.words[k.last - 1].end > start]


def find_occasion(telling: Telling) -> tuple[int, int] | None:
    """The words that name what the encounter was on the margins of."""
    text = telling.parse.text
    for m in grammar().patterns["occasion"].finditer(text, 0, telling.scope[-1][1] + 80):
        if m.start() > telling.scope[-1][1]:
            break
        end = m.end("what")
        cut = re.search(r"\s(?:in|at|on|to|and|for)\s?(?=[A-Z]|$)", m["what"])
        if cut and cut[0].strip() in ("to", "in", "at", "on"):
            end = m.start("what") + cut.start()
        while end > m.start("what") and text[end - 1] in ".,":
            end -= 1
        return m.start("what"), end
    return None
