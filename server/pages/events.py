"""Encounters in lists: what several accounts tell is one event, told by several sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from communique.server.pages.asking import rows

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
