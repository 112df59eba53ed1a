"""Reads the dates of a text: days, months, years and intervals, in words or in numbers, seen from the day of publication."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

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
class _Grammar:
    dates: re.Pattern[str]
    months: dict[str, int]
    weekdays: dict[str, int]
    relative: dict[str, int]
    periods: dict[str, str]


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
    return _Grammar(re.compile(pattern), months, {d: i for i, d in enumerate(data["weekdays"])}, data["relative"], data["periods"])


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
