"""Figures that are no sums: the first and the last day, and an example.  If such a value goes, the next one is looked up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from communique.iris import CQ
from communique.ontology.aggregates.cells import Cell, Figure, bounds
from communique.ontology.aggregates.tally import Tally
from communique.ontology.terms import OWL, XSD
from communique.store import Store

_BEST: Final = {"firstDay": min, "lastDay": max, "exampleAct": min}
_HEAD: Final = f"PREFIX cq: <{CQ}> PREFIX owl: <{OWL}> PREFIX xsd: <{XSD}>"
# What accounts tell for a cell, beginning with what only few accounts have.
_TOLD: Final = {
    "person-pairs": """SELECT (MIN(?day) AS ?firstDay) (MAX(?day) AS ?lastDay) WHERE {{
      {{ SELECT DISTINCT ?encounter ?one WHERE {{
          ?p cq:participant/(owl:sameAs|^owl:sameAs)+ <{0}> ; cq:represents ?one . ?encounter cq:hasParticipation ?p }} }}
      {{ SELECT DISTINCT ?encounter ?other WHERE {{
          ?q cq:participant/(owl:sameAs|^owl:sameAs)+ <{1}> ; cq:represents ?other . ?encounter cq:hasParticipation ?q }} }}
      ?encounter cq:date ?day FILTER (?one != ?other && DATATYPE(?day) = xsd:date) }}""",
    "issues-raised": """SELECT (MIN(STR(?act)) AS ?exampleAct) WHERE {{
      ?act cq:aboutIssue <{2}> FILTER EXISTS {{ ?act cq:actType <{3}> ; cq:actorState <{0}> }}
      ?encounter cq:hasSpeechAct ?act ; cq:date ?day
      FILTER (DATATYPE(?day) = xsd:date && EXISTS {{ ?encounter cq:involvesState <{0}>, <{1}> }}) }}""",
}
Values = Mapping[Figure, Collection[str]]


def told(tallies: Iterable[Tally]) -> dict[Figure, set[str]]:
    """The values that some accounts have."""
    out: dict[Figure, set[str]] = defaultdict(set)
    for found in tallies:
        for figure, value in bounds(found):
            out[figure].add(value)
    return out


def best(found: Values) -> dict[Figure, str]:
    """The least or the greatest of each."""
    return {figure: _BEST[figure[1]](values) for figure, values in found.items()}


def renewed(store: Store, cell: Cell, names: Iterable[str], now: Mapping[str, str], gone: Values, come: Values) -> dict[str, str]:
    """The values of a cell: those that it has ``now``, after some have gone and others have come in the store."""
    out: dict[str, str] = {}
    rest: Mapping[str, str] | None = None
    for name in names:
        choose, old, new = _BEST[name], now.get(name), set(come.get((cell, name), ()))
        if old is not None and (old not in gone.get((cell, name), ()) or not new or choose(old, *new) not in new):
            if old in gone.get((cell, name), ()):
                rest = _rest(store, cell, names) if rest is None else rest
                old = rest.get(name)
            new.update([old] if old else [])
        out[name] = choose(new or {now[name]})
    return out


def _rest(store: Store, cell: Cell, names: Iterable[str]) -> dict[str, str]:
    """What all accounts together tell for a cell."""
    ((*values,),) = store.select(f"{_HEAD} {_TOLD[cell[0]].format(*cell[1:])}")
    return {name: value.value for name, value in zip(names, values, strict=True) if value is not None}  # type: ignore[union-attr]
