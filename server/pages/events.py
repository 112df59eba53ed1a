"""Encounters in lists: what several accounts tell is one event, told by several sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from communique.server.pages import asking, counting
from communique.server.pages.asking import rows
from communique.server.pages.counting import Given
from communique.server.pages.frame import Pages, paged

# Of the accounts of one event that fit the first in the list stands for all.
_ONCE: Final = """FROM encounter e WHERE {} AND NOT EXISTS (
  SELECT 1 FROM pair p JOIN encounter t ON t.id = p.other WHERE p.one = e.id AND p.other < e.id AND {})"""
_COUNTED: Final = f"SELECT COUNT(*) AS n {_ONCE}"
_CUT: Final = f"SELECT e.iri AS encounter {_ONCE} ORDER BY e.id LIMIT :size OFFSET :first"
_TOLD: Final = """SELECT DISTINCT ?one {
  VALUES ?encounter { %s } ?encounter cq:pairedWith* ?one
}"""
LISTED: Final = """SELECT DISTINCT ?encounter ?date ?label ?kind ?teller ?twin {
  %s
  OPTIONAL { ?encounter cq:date ?date }
  OPTIONAL { ?encounter rdfs:label ?label }
  OPTIONAL { ?encounter cq:kind ?kind }
  OPTIONAL { ?encounter cq:toldFrom ?teller }
  OPTIONAL { ?encounter cq:pairedWith ?twin }
} ORDER BY DESC(?date) ?encounter ?twin"""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its accounts (encounter and party that tells it), the day, a label and a kind as the first account has them."""

    date: str
    label: str
    kind: str
    accounts: tuple[tuple[str, str], ...]

    @property
    def iri(self) -> str:
        """The encounter by which the event is shown."""
        return self.accounts[0][0]


def events(pattern: str) -> list[Event]:
    """The events of a pattern that binds ``?encounter``, newest first."""
    found = rows(LISTED % pattern)
    twins: dict[str, set[str]] = {}
    once = {row["encounter"]: row for row in reversed(found)}
    for row in found:
        if "twin" in row:
            twins.setdefault(row["encounter"], set()).add(row["twin"])
    out, seen = [], set()
    for row in found:
        iri = row["encounter"]
        if iri in seen:
            continue
        group = _group(iri, twins)
        seen |= group
        told = tuple((each, once[each].get("teller", "")) for each in [iri, *sorted(group - {iri})] if each in once)
        out.append(Event(row.get("date", ""), row.get("label", "An encounter"), row.get("kind", ""), told))
    return out


def part(fits: str, size: int, **given: Given) -> tuple[list[Event], Pages]:
    """The part that the address asks for of the events that fit, and where it is in all; ``fits`` is a condition in the SQL of the
    register on an encounter ``{e}``, with the values that are ``given``.

    The accounts of an event are shown together also where only one of them fits.
    """
    pages = paged(count(fits, **given), size)
    return newest(fits, size, after=pages.first, **given) if pages.total else [], pages


def newest(fits: str, size: int, *, after: int = 0, **given: Given) -> list[Event]:
    """The newest events that fit, after so many."""
    shown = asking.iris(row["encounter"] for row in counting.rows(_once(_CUT, fits), size=size, first=after, **given))
    every = asking.iris(row["one"] for row in rows(_TOLD % shown)) if shown else ""
    return events(f"VALUES ?encounter {{ {every} }}") if every else []


def count(fits: str, **given: Given) -> int:
    """How many events fit."""
    return int(counting.rows(_once(_COUNTED, fits), **given)[0]["n"])


def _once(query: str, fits: str) -> str:
    return query.format(fits.format(e="e"), fits.format(e="t"))


def terms(some: Sequence[Event]) -> list[str]:
    """The IRIs that need a name where events are listed."""
    return [teller for event in some for _, teller in event.accounts if teller]


def _group(iri: str, twins: dict[str, set[str]]) -> set[str]:
    group, todo = {iri}, [iri]
    while todo:
        for twin in twins.get(todo.pop(), ()):
            if twin not in group:
                group.add(twin)
                todo.append(twin)
    return group
