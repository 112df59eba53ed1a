"""Encounters in lists: what several accounts tell is one event, told by several sides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from communique.server.pages import asking
from communique.server.pages.asking import rows
from communique.server.pages.frame import Pages, paged

# Of the accounts of one event that fit the first in the list stands for all, so lists are counted and cut without being read whole.
# Pairs are few and looked up at once.
_FIRST: Final = """%s
  OPTIONAL { ?encounter cq:date ?date }
  MINUS { SELECT ?encounter {
    { SELECT ?encounter ?encounterTwin { ?encounter cq:pairedWith ?encounterTwin } } %s
    OPTIONAL { ?encounter cq:date ?own } OPTIONAL { ?encounterTwin cq:date ?other }
    BIND(COALESCE(STR(?own), "") AS ?day) BIND(COALESCE(STR(?other), "") AS ?later)
    FILTER(?later > ?day || (?later = ?day && STR(?encounterTwin) < STR(?encounter))) } }"""
_COUNTED: Final = "SELECT (COUNT(DISTINCT ?encounter) AS ?n) {\n  %s\n}"
_CUT: Final = "SELECT DISTINCT ?encounter ?date {\n  %s\n} ORDER BY DESC(?date) ?encounter LIMIT %d OFFSET %d"
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


def part(pattern: str, size: int, *, keep: bool = False) -> tuple[list[Event], Pages]:
    """The part of the events of a pattern that the address asks for, and where it is in all; ``keep`` remembers how many there are.

    The accounts of an event are shown together also where the pattern is about one of them only.
    """
    once = _once(pattern)
    pages = paged(count(pattern, keep=keep), size)
    return _cut(once, size, pages.first, keep=keep) if pages.total else [], pages


def newest(pattern: str, size: int, *, keep: bool = False) -> list[Event]:
    """The newest events of a pattern."""
    return _cut(_once(pattern), size, 0, keep=keep)


def count(pattern: str, *, keep: bool = False) -> int:
    """How many events a pattern has."""
    return int(rows(_COUNTED % _once(pattern), keep=keep)[0]["n"])


def _once(pattern: str) -> str:
    return _FIRST % (pattern, re.sub(r"\?(\w+)", r"?\1Twin", pattern))


def _cut(once: str, size: int, first: int, *, keep: bool) -> list[Event]:
    shown = asking.iris(row["encounter"] for row in rows(_CUT % (once, size, first), keep=keep))
    every = asking.iris(row["one"] for row in rows(_TOLD % shown)) if shown else ""
    return events(f"VALUES ?encounter {{ {every} }}") if every else []


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
