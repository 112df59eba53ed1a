"""Who issued a page, and when, by its own words: the country code of its host, its letterhead, the place and day that open its account.

For pages of publishers that no source file knows.  Whatever is said in two ways stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from communique.ingest.grammar import table
from communique.ingest.lexicon import lexicon

_PARTIES, _PLACES = frozenset(("state", "organization")), frozenset(("place",))
_HEAD, _TAIL, _LINES, _LAST, _LONGEST = 1500, 400, 20, 6, 170
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
_DAY = re.compile(
    r"\b(?P<y1>\d{4})-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})\b"
    r"|\b(?P<d2>\d{1,2})(?P<mark>[./-])(?P<m2>\d{1,2})(?P=mark)(?P<y2>\d{4})\b"
    rf"|\b(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m3>{_MONTH})\.?,? (?P<y3>\d{{4}})\b"
    rf"|\b(?P<m4>{_MONTH})\.? (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y4>\d{{4}})\b",
    re.IGNORECASE,
)
_OF = re.compile(r" of (?:the )?")
_OFFICE = r"(?:[Cc]ounterpart|[Cc]olleague|[Mm]inister|[Pp]resident|[Ss]ecretary|[Pp]remier|[Cc]hancellor|[Aa]mbassador)"


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of ``letterhead.toml``."""

    government: frozenset[str]
    other: dict[str, str]
    names: dict[str, str]
    agencies: dict[str, str]
    patterns: dict[str, re.Pattern[str]]
    seats: frozenset[str]


@cache
def _words() -> _Words:
    data = table("letterhead.toml")
    names = {name.lower(): party for name, party in data["names"].items()}
    patterns = {name: re.compile(p) for name, p in data["patterns"].items()}
    return _Words(
        frozenset(data["hosts"]["government"]),
        data["hosts"]["other"],
        names,
        data["agencies"],
        patterns,
        frozenset(data["places"]["seats"]),
    )


@cache
def party_of_host(host: str) -> str | None:
    """The state whose country code a government's host ends with: ``mfa.go.ke`` is Kenya's."""
    *labels, code = host.lower().split(".")
    if not any(piece in _words().government for label in labels for piece in label.split("-")):
        return None
    return _words().other.get(code) or _by_code().get(code.upper())


@cache
def _by_code() -> dict[str, str]:
    words = lexicon.load()
    return {code: id_ for id_ in words.ids("state") if (code := words.fact("state", id_, "iso2"))}


def party_of_name(name: str) -> str | None:
    """The one state or organisation that an institution's name contains, or whose name it is in its own language."""
    name = name.replace("’", "'").replace("\u00a0", " ")
    low = name.lower()
    known = {party for own, party in _words().names.items() if own in low}
    known |= {_words().agencies[w] for w in re.findall(r"\b[A-Z]{3,6}\b", name) if w in _words().agencies}
    mission = _words().patterns["mission"].search(name)
    hits = lexicon.load().longest(_plain(mission[1] if mission else name), _PARTIES)
    parties = {lexicon.load().fact(h.label.kind, h.label.id, "partyCode") or h.label.id for h in hits}
    if state := state_of_name(name):
        return state
    if len(known) == 1:
        return known.pop()  # "Ministry of Foreign Affairs, European Union and Cooperation": the union is a portfolio of it
    return parties.pop() if len(parties) == 1 else None


def state_of_name(name: str) -> str | None:
    """The state at the end of a ministry's name: ``Ministry for Europe and Foreign Affairs of X``."""
    if not _words().patterns["ministry"].match(name):
        return None
    plain = _plain(re.sub(r" \([^)]*\)$", "", name))
    for m in _OF.finditer(plain):
        hit = next(iter(lexicon.load().longest(plain[m.end() :], frozenset(("state",)))), None)
        if hit is not None and hit.start == 0 and hit.end == len(plain) - m.end():
            return hit.label.id
    return None


def party_of_text(text: str) -> str | None:
    """The party whose letterhead stands above or below the account; else the state from whose capital it is dated."""
    lines = list(_short_lines(text))
    told = {party for n, line in enumerate(lines) if _is_institution(line) and (party := _of_letterhead(lines, n))}
    if told:
        return told.pop() if len(told) == 1 else None
    return _of_dateline(text)


def day_of_text(text: str, party: str | None) -> str | None:
    """The day of publication: one that stands on a line with nothing but labels and names, or opens the account."""
    for line in _short_lines(text):
        found = list(_DAY.finditer(line))
        days = {_iso(m, party) for m in found}
        if len(days) != 1 or _words().patterns["span"].search(line):
            continue
        if (day := days.pop()) and _is_bare(_DAY.sub(" ", line)):
            return day
    for line in _head_lines(text):
        m = _words().patterns["dateline"].match(line)
        if m and m["day"] and (stated := _DAY.search(line, 0, m.end())):
            return _iso(stated, party)
    for line in _short_lines(text):
        found = list(_DAY.finditer(line))
        if len(found) == 1 and not _words().patterns["span"].search(line) and _closes(line, found[0]):
            return _iso(found[0], party)
    return None


def _closes(line: str, day: re.Match[str]) -> bool:
    """Whether a day closes a title: ``Meeting with the Minister, 14 November 2023``, ``... (Athens, 7 June 2023)``."""
    before, after = line[: day.start()].rstrip(), line[day.end() :].strip()
    bracket = before.rfind("(") > before.rfind(")") and after == ")"
    return bracket or (before.endswith((",", "-", "–", "|")) and not after)


def _is_bare(rest: str) -> bool:
    """Whether what stands beside a day tells nothing: labels, an institution, a place."""
    if _words().patterns["title"].search(_words().patterns["label"].sub(" ", rest)):
        return False
    words = _words().patterns["label"].sub(" ", rest)
    left = [w for w in re.findall(r"[^\W\d_]+", words) if len(w) > 1]
    return len(left) <= 5 and all(w[0].isupper() for w in left) or bool(_words().patterns["institution"].search(rest))


def _iso(m: re.Match[str], party: str | None) -> str | None:
    """The day of a match; ``05/04/2024`` tells one only where it is known who writes."""
    group = next(n for n in "1234" if m[f"y{n}"])
    month = m[f"m{group}"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    day = int(m[f"d{group}"])
    if m["mark"] == "/" and party in (None, "USA"):
        if day <= 12 and number <= 12 and day != number and party is None:
            return None
        if number > 12 or party == "USA":
            day, number = number, day
    try:
        return date(int(m[f"y{group}"]), number, day).isoformat()
    except ValueError:
        return None


def _short_lines(text: str) -> Iterator[str]:
    """The lines above the account and below it that are no sentences."""
    head = _head_lines(text)
    first = next((n for n, line in enumerate(head) if _is_prose(line)), len(head))
    yield from (line for line in head[:first] if len(line) <= _LONGEST)
    tail = [" ".join(line.split()) for line in text[-_TAIL:].splitlines()[1:]] if len(text) > _TAIL else head[first:]
    yield from (line for line in tail[-_LAST:] if line and len(line) <= _LONGEST and not _is_prose(line))


def _head_lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text[:_HEAD].splitlines()[:_LINES] if line.strip()]


def _is_prose(line: str) -> bool:
    return len(line) > _LONGEST or (line.endswith((".", '."', ".”")) and line.count(" ") > 7)


def _is_institution(line: str) -> bool:
    patterns = _words().patterns
    named = any(name in line.lower() for name in _words().names)
    return (named or patterns["institution"].search(line) is not None) and not patterns["title"].search(
        patterns["label"].sub(" ", patterns["institution"].sub(" ", _before_mission(line)))
    )


def _before_mission(line: str) -> str:
    m = _words().patterns["mission"].search(line)
    return line[: m.start()] + (m[1] if m else "") if m else line


def _of_letterhead(lines: list[str], n: int) -> str | None:
    """The party of an institution's line: named in it, or by the capital on it or on the next line."""
    if party := party_of_name(lines[n]):
        return party
    near = [lines[n], *lines[n + 1 : n + 3]]
    for line in near:
        if line is not lines[n] and _words().patterns["title"].search(line):
            break
        capitals = _capitals(line)
        states = {h.label.id for h in lexicon.load().longest(_plain(line), frozenset(("state",)))}
        if len(found := capitals | states) == 1:
            return found.pop()
    return None


def _capitals(line: str) -> set[str]:
    words = lexicon.load()
    hits = words.longest(_plain(line), _PLACES)
    return {state for h in hits if (state := words.fact("place", h.label.id, "metonymOf"))}


def _of_dateline(text: str) -> str | None:
    """The state from whose capital a page is dated, unless it is a seat of organisations or the other side's."""
    patterns, words = _words().patterns, lexicon.load()
    opening = text[:_HEAD]
    if patterns["away"].search(opening):
        return None
    for line in _head_lines(text):
        m = patterns["dateline"].match(line) or patterns["after_day"].match(line)
        written = m["place"].strip() if m else ""
        hits = words.longest(written.title() if written.isupper() else _plain(written), _PLACES)
        place = next((h for h in hits if h.start == 0 and h.end == len(written)), None) if m else None
        state = words.fact("place", place.label.id, "metonymOf") if place else None
        if state and place and place.label.id not in _words().seats:
            return None if _is_counterpart(opening, state) else state
    return None


def _is_counterpart(opening: str, state: str) -> bool:
    """Whether an office-holder of that state is named as such: the other side, or the publisher's own who then tells it himself."""
    for h in lexicon.load().longest(opening, frozenset(("state",))):
        if h.label.id != state:
            continue
        if re.search(rf"\b{_OFFICE}\b[\w ,]{{0,60}}\b(?:of|from) (?:the )?(?:[A-Z]\w+ (?:of )?){{0,3}}$", opening[: h.start]):
            return True
        if re.match(rf"(?:'s)?\s(?:[A-Z]\w+\s){{0,2}}{_OFFICE}", opening[h.end :]):
            return True
    return False


def _plain(words: str) -> str:
    """Words in capitals as names are written."""
    return re.sub(r"\b[A-Z]{5,}\b", lambda m: m[0].title(), words)
