"""Reads clock times and durations, and turns them into a local date, an instant and the publisher's reading of it.

Never wrong is worth more than always there: a clock without a zone abroad, or without its half of the day, stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from communique.ingest.encounters.dates import find_dates
from communique.ingest.grammar import either, table

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class When:
    """What a lead says about the time of an encounter; see ``communique.model.Encounter`` for the fields."""

    start: str | None = None
    start_publisher: str | None = None
    date: str | None = None
    duration_min: int | None = None
    approximate: bool = False
    zone_evidence: str | None = None
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Clock:
    start: int
    end: int
    at: time
    day: date | None
    zone: str | None  # an IANA name, "local", or None


@dataclass(frozen=True, slots=True)
class _Grammar:
    numbers: dict[str, int]
    zones: dict[str, str]
    zone: re.Pattern[str]
    duration: re.Pattern[str]


_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2})(?:(?P<sep>[:.])(?P<m>[0-5]\d))?\s?(?P<half>[ap]\.?\s?m\b\.?)|(?<![\d:.])(?P<h2>\d{1,2})(?:[:.h]|(?=[0-5]\d\s?(?:hrs|hours)\b))(?P<m2>[0-5]\d)"
    r"(?P<hours>\s?(?:hrs|hours|o'clock|h)\b)?(?![\d:])|\b(?P<noon>noon)\b",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:to|until|till|-)\s*")
_APPROXIMATE = re.compile(
    r"\b(?:approximately|around|about|over|some|roughly|nearly|almost|more than|approx\.)\s+(?:an?\s+)?$", re.IGNORECASE
)


@cache
def _grammar() -> _Grammar:
    data = table("clock.toml")
    numbers = data["numbers"]
    number = rf"(?:\d+(?:\.\d)?|{either(numbers)})"
    duration = (
        rf"(?P<half>half an hour|a half hour|half-hour)|\b(?P<hm>{number})[\s-](?:and\sa\shalf\s)hours?"
        rf"|\b(?P<h>{number})[\s-]hours?(?:\s(?P<plus>and\sa\shalf)|\s(?:and\s)?(?P<hmin>{number})[\s-]minutes?)?|\b(?P<min>{number})[\s-]min(?:ute)?s?\b"
    )
    return _Grammar(
        numbers,
        data["zones"],
        re.compile(rf"(?<![A-Za-z])(?:{either(data['zones'])})(?![A-Za-z])"),
        re.compile(duration, re.IGNORECASE),
    )


def _minutes(text: str, g: _Grammar) -> tuple[int, bool, int] | None:
    """The first duration of a text: minutes, whether it is approximate, where it begins."""

    def number(words: str) -> float:
        return float(words) if words[0].isdigit() else float(g.numbers[words.lower()])

    for m in g.duration.finditer(text):
        v = m.groupdict()
        if v["half"]:
            total = 30.0
        elif v["hm"]:
            total = number(v["hm"]) * 60 + 30
        elif v["h"]:
            total = number(v["h"]) * 60 + (30 if v["plus"] else number(v["hmin"]) if v["hmin"] else 0)
        else:
            total = number(v["min"])
        if 0 < total <= 24 * 60:
            return int(total), bool(_APPROXIMATE.search(text[: m.start()])), m.start()
    return None


def _clocks(text: str, anchor: date | None, g: _Grammar) -> list[_Clock]:
    """The clocks of a lead in order, each with the date and the zone label that stand with it."""
    found: list[tuple[int, int, time]] = []
    for m in _CLOCK.finditer(text):
        at = _time_of(m)
        if at is not None:
            found.append((m.start(), m.end(), at))
    out = []
    for i, (start, end, at) in enumerate(found):
        limit = found[i + 1][0] if i + 1 < len(found) else min(len(text), end + 80)
        tail = text[end:limit]
        # The date and the zone belong to the clock only up to the end of its bracket or clause.
        bracket = text.rfind("(", 0, start) > text.rfind(")", 0, start)
        cut = tail.find(")") if bracket else -1
        tail = tail if cut < 0 else tail[:cut]
        labels = [g.zones[z[0]] for z in g.zone.finditer(tail)]
        before = text[text.rfind("(", 0, start) + 1 : start] if bracket else ""
        labels += [g.zones[z[0]] for z in g.zone.finditer(before)]
        named = [z for z in labels if z != "local"]
        # What a following bracket holds is the second clock's date.
        own = tail if bracket else tail.partition("(")[0]
        day = next((date.fromisoformat(d.iso) for d in find_dates(own, anchor) if d.how in ("full", "day", "relative")), None)
        if day is None and bracket:
            day = next((date.fromisoformat(d.iso) for d in find_dates(before, anchor) if d.how in ("full", "day")), None)
        out.append(_Clock(start, end, at, day, named[0] if named else "local" if labels else None))
    return out


def _time_of(m: re.Match[str]) -> time | None:
    if m["noon"]:
        return time(12)
    if m["h"] is not None:
        hour, minute, half = int(m["h"]), int(m["m"] or 0), m["half"][0].lower()
        if hour > 12:
            return time(hour, minute) if hour < 24 and half == "p" else None
        return time((hour % 12) + (12 if half == "p" else 0), minute)
    hour, minute = int(m["h2"]), int(m["m2"])
    # "9:35" does not tell its half of the day; "17:40" and "09:35 hrs" do.
    if hour < 24 and (hour >= 13 or m["hours"]):
        return time(hour, minute)
    return None


def _zone(name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError):
        return None


def _offset(local: datetime, known: datetime) -> timedelta | None:
    """The offset that makes a naive local time the same instant as ``known``, if the world has such an offset."""
    offset = local - known.astimezone(UTC).replace(tzinfo=None)
    plausible = timedelta(hours=-12) <= offset <= timedelta(hours=14) and offset.total_seconds() % 900 == 0
    return offset if plausible else None


def read_when(text: str, day: date | None, anchor: date | None, publisher_zone: str | None, place_zone: str | None, abroad: bool) -> When:
    """Start, duration and both clocks of a lead.

    ``day`` is the date the lead gives, ``anchor`` the day of publication; ``place_zone`` the IANA zone of the place if it is known;
    ``abroad`` tells that a visit or a foreign place is stated, so that the publisher's own zone must not be assumed.
    """
    g = _grammar()
    clocks = _clocks(text, anchor, g)
    length = _minutes(text, g)
    duration, about = (length[0], length[1]) if length else (None, False)
    if not clocks:
        return When(duration_min=duration, approximate=about)
    first, rest = clocks[0], clocks[1:]
    about = about or bool(_APPROXIMATE.search(text[: first.start]))
    if rest and _TO.fullmatch(text[first.end : rest[0].start]) and duration is None:
        span = (rest[0].at.hour * 60 + rest[0].at.minute) - (first.at.hour * 60 + first.at.minute)
        duration, rest = span % (24 * 60), rest[1:]
        first = _Clock(first.start, first.end, first.at, first.day, first.zone or clocks[1].zone)
    day = first.day or day
    if day is None:
        return When(duration_min=duration, approximate=about)
    return _both_clocks(first, rest, day, publisher_zone, place_zone, abroad, When(duration_min=duration, approximate=about))


def _both_clocks(
    first: _Clock, rest: Sequence[_Clock], day: date, publisher: str | None, place: str | None, abroad: bool, base: When
) -> When:
    """Combines the clocks: a clock with a named zone fixes the instant, a second clock gives the first its offset."""
    local = datetime.combine(day, first.at)

    def made(start: datetime, theirs: datetime | None, evidence: str, conflicts: tuple[str, ...] = ()) -> When:
        other_clock = theirs.isoformat() if theirs else None
        return When(start.isoformat(), other_clock, start.date().isoformat(), base.duration_min, base.approximate, evidence, conflicts)

    zone = _zone(first.zone) if first.zone and first.zone != "local" else None
    other = next((c for c in rest if (zone is None) == bool(_zone(c.zone if c.zone != "local" else None))), None)
    if zone is not None:
        known = local.replace(tzinfo=zone)
        if other is not None and other.zone == "local":
            for shift in (0, -1, 1):
                naive = datetime.combine(other.day or day + shift * _DAY, other.at)
                offset = _offset(naive, known)
                if offset is not None:
                    return made(naive.replace(tzinfo=timezone(offset)), known, "dual-clock", _conflict(naive, offset, place))
        return made(known, known if first.zone == publisher else None, "label")
    if other is not None and other.zone and other.zone != "local":
        found = []
        for candidate in [other.day] if other.day else [day, day + _DAY, day - _DAY]:
            known = datetime.combine(candidate, other.at, tzinfo=ZoneInfo(other.zone))
            offset = _offset(local, known)
            if offset is not None:
                found.append((offset, known))
        expected = _offset_at(local, place)
        chosen = next((f for f in found if f[0] == expected), found[0] if len(found) == 1 else None)
        if chosen:
            offset, known = chosen
            return made(local.replace(tzinfo=timezone(offset)), known, "dual-clock", _conflict(local, offset, place))
        return When(
            duration_min=base.duration_min,
            approximate=base.approximate,
            date=day.isoformat(),
            conflicts=("the two clocks cannot be one instant",),
        )
    here = _zone(place)
    if first.zone == "local" and here is not None:
        return made(local.replace(tzinfo=here), None, "place")
    home = _zone(publisher)
    if first.zone is None and not abroad and home is not None:
        start = local.replace(tzinfo=home)
        return made(start, start, "publisher")
    return When(duration_min=base.duration_min, approximate=base.approximate, date=day.isoformat())


def _offset_at(local: datetime, zone: str | None) -> timedelta | None:
    here = _zone(zone)
    return local.replace(tzinfo=here).utcoffset() if here else None


def _conflict(local: datetime, offset: timedelta, place: str | None) -> tuple[str, ...]:
    expected = _offset_at(local, place)
    if expected is None or expected == offset:
        return ()
    return (f"the clocks give UTC{_hours(offset)}, the place {place} has UTC{_hours(expected)}",)


def _hours(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
