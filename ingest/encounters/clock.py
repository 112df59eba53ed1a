"""Reads dates, clock times and durations, and turns them into a local date, an instant and the publisher's reading of it.

Never wrong is worth more than always there: a clock without a zone abroad, or without its half of the day, stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from communique.ingest.grammar import either, table

_BRACKETED = 10  # days between publication and a day in brackets
_YEAR_REACH = 180
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DateHit:
    """A date in a view at ``[start, end)``: ISO date, reduced date (``2022-06``, ``2022``) or interval; ``how`` it was said.

    ``how``: ``full``, ``day`` (year supplied), ``relative``, ``weekday``, ``month``, ``interval``, ``week``, ``period``, ``year``,
    ``bare-month``.
    """

    start: int
    end: int
    iso: str
    how: str


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
    dates: re.Pattern[str]
    months: dict[str, int]
    weekdays: dict[str, int]
    relative: dict[str, int]
    periods: dict[str, str]
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
    months = {m.lower(): i for i, m in enumerate(data["months"], 1)} | {m.lower(): i for m, i in data["short_months"].items()}
    month = rf"(?:{either(data['months'])}|(?:{either(data['short_months'])})\b\.?)"
    day = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
    dash = r"\s?(?:-|to|and|until|through)\s?"
    year = r"(?:19|20)\d{2}(?!\d)"
    # What a date can begin with stands once more at the front: most words are none of it, and the rest is not tried there.
    said = [re.split(r"\W", words)[0] for words in (*data["relative"], *data["periods"])]
    begin = either([*said, "on", "in", "since", "last", "this", "next", "early", "late", "mid", "for", "of", "by", "the"])
    pattern = (
        rf"\b(?=[A-Z\d]|{begin}(?![a-z]))(?:\b(?P<iso>{year}-\d{{2}}-\d{{2}})\b"
        rf"|\b(?P<dmy>\d{{1,2}}(?P<mark>[./])\d{{1,2}}(?P=mark){year})\b"
        rf"|(?<=\()(?P<dm>\d{{1,2}}/\d{{1,2}})(?=\))"
        rf"|\b[Oo]n\sthe\s(?P<dom>\d{{1,2}}(?:st|nd|rd|th))(?=[,.;]|\s(?!(?:and|to|of|anniversary|round|session|floor)\b)[a-z])"
        rf"|\b(?P<m1>{month})\s(?P<d1>{day})(?!\s?[:.]\d\d)(?:{dash}(?:(?P<m1b>{month})\s)?(?P<d1b>{day})(?!\s?[:.]\d\d|\s?[ap]\.?m|-[a-z]))?(?:,?\s(?P<y1>{year}))?"
        rf"|\b(?P<d2>{day})(?:{dash}(?P<d2b>{day}))?\s(?:of\s)?(?P<m2>{month})(?:,?\s(?P<y2>{year}))?"
        rf"(?:{dash}(?P<d2c>{day})\s(?P<m2c>{month})(?:,?\s(?P<y2c>{year}))?)?"
        rf"|\b(?P<m3>{month}),?\s(?P<y3>{year})"
        rf"|\b(?P<rel>(?i:{either(data['relative'])}))\b|\b(?P<period>{either(data['periods'])})\b"
        rf"|\b(?:on\s)?(?<!Good )(?P<wd>{either(data['weekdays'])})\b(?!,?\s(?:\d|{month}))"
        rf"|\b(?:[Ii]n|[Ss]ince|[Ll]ast|[Tt]his|[Nn]ext|early|late|mid-)\s?(?P<m4>{month})\b(?!,?\s{year})"
        rf"|\b(?:[Ii]n|for|of|by|early|late|the)\s(?P<y5>{year})\b(?!\s?-)"
        rf"|\b(?P<y6>{year})(?=\s[A-Za-z])"
        rf"|\b(?P<m5>{either(m for m in data['months'] if m != 'May')})\b(?!,?\s\d))"
    )
    numbers = data["numbers"]
    number = rf"(?:\d+(?:\.\d)?|{either(numbers)})"
    duration = (
        rf"(?P<half>half an hour|a half hour|half-hour)|\b(?P<hm>{number})[\s-](?:and\sa\shalf\s)hours?"
        rf"|\b(?P<h>{number})[\s-]hours?(?:\s(?P<plus>and\sa\shalf)|\s(?:and\s)?(?P<hmin>{number})[\s-]minutes?)?|\b(?P<min>{number})[\s-]min(?:ute)?s?\b"
    )
    return _Grammar(
        re.compile(pattern),
        months,
        {d: i for i, d in enumerate(data["weekdays"])},
        data["relative"],
        data["periods"],
        numbers,
        data["zones"],
        re.compile(rf"(?<![A-Za-z])(?:{either(data['zones'])})(?![A-Za-z])"),
        re.compile(duration, re.IGNORECASE),
    )


def _near(anchor: date | None, month: int, day: int, year: str | None) -> date | None:
    """The date of that month and day; without a year the one within 180 days of the anchor."""
    years = [int(year)] if year else [anchor.year, anchor.year - 1, anchor.year + 1] if anchor else []
    for y in years:
        try:
            found = date(y, month, day)
        except ValueError:
            continue
        if year or anchor is None or abs((found - anchor).days) <= _YEAR_REACH + 3:
            return found
    return None


def _month_near(anchor: date, month: int, word: str) -> str:
    """The month ``word`` (last, next, this, in) means, seen from the anchor."""
    year = anchor.year
    if month - anchor.month > 6:
        year -= 1
    elif anchor.month - month > 6:
        year += 1
    if word == "last" and (year, month) >= (anchor.year, anchor.month):
        year -= 1
    if word == "next" and (year, month) <= (anchor.year, anchor.month):
        year += 1
    return f"{year:04d}-{month:02d}"


def _shift_month(anchor: date, by: int) -> str:
    index = anchor.year * 12 + anchor.month - 1 + by
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def _number(day: str) -> int:
    return int(re.match(r"\d+", day)[0])  # type: ignore[index]


@lru_cache(maxsize=64)  # several rules ask for the dates of one clause, and all of them for the title's
def find_dates(text: str, anchor: date | None) -> tuple[DateHit, ...]:
    """Every date in a view, years supplied from the day of publication (``anchor``), in the order of the text."""
    g = _grammar()
    return tuple(hit for m in g.dates.finditer(text) if (hit := _read_date(m, anchor, g)))


def _read_date(m: re.Match[str], anchor: date | None, g: _Grammar) -> DateHit | None:
    v = m.groupdict()

    def make(iso: str, how: str) -> DateHit:
        return DateHit(m.start(), m.end(), iso, how)

    if v["iso"] or v["dmy"] or v["dom"] or v["dm"]:
        told = _in_numbers(v, anchor)
        return make(*told) if told else None
    month = v["m1"] or v["m2"]
    if month:
        first, year = v["d1"] or v["d2"], v["y1"] or v["y2"] or v["y2c"]
        begin = _near(anchor, g.months[month.rstrip(".").lower()], _number(first), year)
        if begin is None:
            return None
        last_day, last_month = (v["d1b"], v["m1b"] or month) if v["d1b"] else (v["d2b"], month) if v["d2b"] else (v["d2c"], v["m2c"])
        if last_day and last_month:
            end = _near(begin, g.months[last_month.rstrip(".").lower()], _number(last_day), None)
            if end and end > begin:
                return make(f"{begin}/{end}", "interval")
        if m.string.endswith("week of ", 0, m.start()):
            return make(f"{begin}/{begin + 6 * _DAY}", "week")
        return make(begin.isoformat(), "full" if year else "day")
    if v["m3"]:
        return make(f"{v['y3']}-{g.months[v['m3'].rstrip('.').lower()]:02d}", "month")
    if v["y5"] or v["y6"]:
        return make(v["y5"] or v["y6"], "year")
    if anchor is None:
        return None
    try:
        if v["rel"]:
            return make((anchor + g.relative[v["rel"].lower()] * _DAY).isoformat(), "relative")
        if v["wd"]:
            return make((anchor - ((anchor.weekday() - g.weekdays[v["wd"]]) % 7) * _DAY).isoformat(), "weekday")
    except OverflowError:
        return None
    iso = _reduced(v, anchor, g, m[0].split()[0].lower())
    return make(*iso) if iso else None


def _in_numbers(v: dict[str, str], anchor: date | None) -> tuple[str, str] | None:
    """A day told in numbers alone, and how."""
    if v["iso"]:
        try:
            return date.fromisoformat(v["iso"]).isoformat(), "full"
        except ValueError:
            return None
    if v["dmy"]:
        found, how = _numbered(v["dmy"]), "full"
    else:
        found, how = (_of_days(v["dm"], anchor) if v["dm"] else _last(anchor, _number(v["dom"]))) if anchor else None, "day"
    return (found, how) if found else None


def _numbered(words: str) -> str | None:
    """A day in numbers: ``14.03.2024``; with strokes only where it can be read in one way."""
    day, month, year = map(int, re.split(r"[./]", words))
    if "/" in words and day <= 12 and day != month:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _of_days(words: str, anchor: date) -> str | None:
    """A day and a month in brackets, ``(20/9)``, if they can be read as one day only that is near the anchor."""
    one, other = map(int, words.split("/"))
    read = {
        x for day, month in ((one, other), (other, one)) if (x := _near(anchor, month, day, None)) and abs((x - anchor).days) <= _BRACKETED
    }
    return read.pop().isoformat() if len(read) == 1 else None


def _last(anchor: date, day: int) -> str | None:
    """The last such day of a month that is not after the anchor: ``on the 14th``."""
    year, month = (anchor.year, anchor.month) if day <= anchor.day else (anchor.year - (anchor.month == 1), (anchor.month - 2) % 12 + 1)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _reduced(v: dict[str, str], anchor: date, g: _Grammar, word: str) -> tuple[str, str] | None:
    """A month or a year that a word tells from the day of publication, and how."""
    if v["period"]:
        unit, _, by = re.match(r"(month|year)(([+-]\d)?)", g.periods[v["period"]]).groups()  # type: ignore[union-attr]
        step = int(by or 0)
        return (_shift_month(anchor, step) if unit == "month" else f"{anchor.year + step:04d}"), "period"
    if v["m4"]:
        return _month_near(anchor, g.months[v["m4"].rstrip(".").lower()], word), "month"
    if v["m5"]:
        return _month_near(anchor, g.months[v["m5"].lower()], "in"), "bare-month"
    return None


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
