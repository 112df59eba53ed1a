"""Where each publisher lists its releases: the ``[fetch]`` table of its file in ``ingest/sources``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from communique.errors import DataError

_PAGES_MOST = 500


@dataclass(frozen=True, slots=True)
class Archive:
    """The listing of one publisher.

    ``url`` is an address with ``{since}``, ``{until}``, ``{year}``, ``{month}`` or ``{page}`` in it, each with a format as Python has
    it (``{since:%Y%m%d}``, ``{month:02}``).  A ``feed`` needs no more; in a page ``links`` selects the links, ``keep`` tells
    releases by their address, and ``day`` finds year, month and day in it.  ``first`` numbers the first page.
    """

    source: str
    url: str
    feed: bool = False
    links: str = "a[href]"
    keep: re.Pattern[str] = re.compile("")
    day: re.Pattern[str] | None = None
    first: int = 1

    def addresses(self, since: date, until: date) -> Iterator[Iterator[str]]:
        """For each part of the listing (a month, a year, or all) the addresses of its pages, in order."""
        for year, month in self._parts(since, until):
            fields: dict[str, Any] = {"since": since, "until": until, "year": year, "month": month}
            yield self._pages(fields)

    def _parts(self, since: date, until: date) -> list[tuple[int, int]]:
        months = [divmod(n, 12) for n in range(since.year * 12 + since.month - 1, until.year * 12 + until.month)]
        if "{month" in self.url:
            return [(year, month + 1) for year, month in months]
        return [(year, 1) for year in range(since.year, until.year + 1)] if "{year" in self.url else [(until.year, until.month)]

    def _pages(self, fields: dict[str, Any]) -> Iterator[str]:
        for page in range(self.first, self.first + (_PAGES_MOST if "{page" in self.url else 1)):
            yield self.url.format(page=page, **fields)


def licence(source: str) -> str | None:
    """The terms under which a publisher gives its texts, where they are known."""
    found = _tables().get(source, {}).get("licence")
    return str(found) if found else None


def archive(source: str) -> Archive | None:
    """The listing of a publisher; ``None`` if none is known.  Raises ``DataError`` if its table is broken."""
    table = {k: v for k, v in _tables().get(source, {}).items() if k != "licence"}
    if "url" not in table:
        return None
    try:
        patterns: dict[str, Any] = {name: re.compile(table.pop(name)) for name in ("keep", "day") if name in table}
        found = Archive(source, **patterns, **table)
        next(next(found.addresses(date(2000, 1, 1), date(2000, 1, 1))))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, re.error) as fault:
        raise DataError(f"its [fetch] table is broken ({fault})", where=f"ingest/sources/{source}.toml", todo="mend it") from fault
    return found


def with_archive() -> tuple[str, ...]:
    """The publishers whose listing is known."""
    return tuple(id_ for id_, table in _tables().items() if "url" in table)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    folder = files("communique.ingest").joinpath("sources")
    raw = {f.name[:-5]: tomllib.loads(f.read_text(encoding="utf-8")) for f in folder.iterdir() if f.name.endswith(".toml")}
    return {id_: raw[id_]["fetch"] for id_ in sorted(raw) if "fetch" in raw[id_]}
