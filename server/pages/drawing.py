"""Small pictures that need no script: where each bar of a drawing stands.  Each has its table beside it on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

_WIDTH: Final = 720
_HEIGHT: Final = 120
_MONTHS: Final = 84  # columns that can be told apart


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle, in the units of the drawing: what it stands for, where it leads, and which series it is of."""

    x: float
    y: float
    width: float
    height: float
    label: str
    series: int = 0
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A word on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars and ticks; ``series`` are named in a legend.

    ``rows`` is the same as a table: ``heads`` stand above it, ``hrefs`` tell by row and column where a number leads.
    """

    width: int
    height: int
    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    series: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]
    most: int = 0
    hrefs: Mapping[tuple[int, int], str] = field(default_factory=dict)


def columns(
    counts: Mapping[tuple[str, str], int],
    categories: Sequence[str],
    series: Sequence[str],
    head: str,
    href: Callable[[str, str], str | None] = lambda _category, _series: None,
) -> Drawing:
    """Stacked columns: a category (a month, a year) on the axis, the series one on the other."""
    totals = {c: sum(counts.get((c, s), 0) for s in series) for c in categories}
    most = max(totals.values(), default=0) or 1
    step = _WIDTH / max(1, len(categories))
    wide = min(step * 0.82, 34)
    bars = []
    for place, category in enumerate(categories):
        top = float(_HEIGHT)
        for number, name in enumerate(series):
            count = counts.get((category, name), 0)
            if count:
                tall = count / most * _HEIGHT
                top -= tall
                x = place * step + (step - wide) / 2
                bars.append(Bar(_r(x), _r(top), _r(wide), _r(tall), f"{category}, {name}: {count:,}", number % 8, href(category, name)))
    every = max(1, -(-len(categories) // 12))
    # A year is told once, where it begins.
    shown = [(i, c) for i, c in enumerate(categories) if (i == 0 or c.endswith("-01") if len(c) == 7 else i % every == 0)]
    if len(shown) > 1 and len(shown[0][1]) == 7 and shown[1][0] * step < 40:
        shown = shown[1:]  # two years side by side would overlap
    # Half a label is about 18 wide: none is cut at an end.
    ticks = [Tick(_r(min(max(i * step + step / 2, 18), _WIDTH - 18)), c) for i, c in shown]
    ticks = [Tick(t.at, t.text[:4] if len(t.text) == 7 else t.text) for t in ticks]
    told = [c for c in categories if totals[c]]
    rows = [[c, *(counts.get((c, s), 0) for s in series), totals[c]] for c in told]
    hrefs = {
        (row, column): where
        for row, c in enumerate(told)
        for column, s in enumerate(series, 1)
        if counts.get((c, s)) and (where := href(c, s))
    }
    heads = [head, *series, "all"] if len(series) > 1 else [head, *series]
    return Drawing(_WIDTH, _HEIGHT, bars, ticks, series, heads, [r if len(series) > 1 else r[:2] for r in rows], most, hrefs)


def over_time(counts: Mapping[tuple[str, str], int], series: Sequence[str], href: Callable[[dict[str, str], str], str | None]) -> Drawing:
    """Stacked columns of months (``2023-01``), or of years if there would be too many; ``href`` gets the filter of a column (``month`` or
    ``year``) and the series."""
    told = [month for month, _ in counts]
    every = months(min(told), max(told)) if told else []
    if len(every) <= _MONTHS:
        return columns(counts, every, series, "month", lambda month, name: href({"month": month}, name))
    by_year: Counter[tuple[str, str]] = Counter()
    for (month, name), n in counts.items():
        by_year[month[:4], name] += n
    years = [f"{year:04d}" for year in range(int(every[0][:4]), int(every[-1][:4]) + 1)]
    return columns(by_year, years, series, "year", lambda year, name: href({"year": year}, name))


def lanes(spans: Sequence[tuple[str, str, str, str]], head: str = "lane") -> Drawing:
    """Spans of time, one lane each: name, first day, last day, and what is told of it."""
    days = [date.fromisoformat(day[:10]) for _, start, end, _ in spans for day in (start, end) if _is_day(day)]
    if not days:
        return Drawing(_WIDTH, 0, (), (), (), (head, "from", "until"), ())
    begin, end = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)
    scale = _WIDTH / (end - begin).days

    def at(day: str) -> float:
        return (date.fromisoformat(day[:10]) - begin).days * scale

    tall = 26
    bars = [
        Bar(_r(at(start)), number * tall + 4, _r(max(4.0, at(end_) - at(start))), tall - 8, f"{name}: {told}", 0)
        for number, (name, start, end_, told) in enumerate(spans)
        if _is_day(start) and _is_day(end_)
    ]
    ticks = [Tick(_r((date(year, 1, 1) - begin).days * scale), str(year)) for year in range(begin.year, end.year)]
    return Drawing(_WIDTH, tall * len(spans), bars, ticks, (), (head, "from", "until"), [s[:3] for s in spans])


def months(first: str, last: str) -> list[str]:
    """All months from the first to the last (``2023-01``)."""
    if not (_is_day(f"{first}-01") and _is_day(f"{last}-01")):
        return []
    day, end = date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01")
    out: list[str] = []
    while day <= end and len(out) < 1200:
        out.append(day.isoformat()[:7])
        day = (day + timedelta(days=31)).replace(day=1)
    return out


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _r(number: float) -> float:
    return round(number, 2)
