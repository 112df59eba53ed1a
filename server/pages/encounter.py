"""An encounter: all accounts of it side by side, what only one tells, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response

from communique.server.pages import acts, asking
from communique.server.pages.acts import Act
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Rail, Source, links, missing, page
from communique.server.pages.readout import ENCOUNTERS, PEOPLE, grouped

blueprint = Blueprint("encounter", __name__)

_ACCOUNTS: Final = """SELECT DISTINCT ?encounter ?readout ?title ?publisher ?teller ?published {
  { BIND(%s AS ?encounter) } UNION { %s cq:pairedWith ?encounter }
  ?account cq:describesEncounter ?encounter . ?readout cq:hasAccount ?account ; cq:publisher ?publisher
  OPTIONAL { ?readout rdfs:label ?title }
  OPTIONAL { ?readout cq:date ?published }
  OPTIONAL { ?encounter cq:toldFrom ?teller }
} ORDER BY ?teller ?encounter"""
_ACTS: Final = """SELECT DISTINCT ?act {
  VALUES ?encounter { %s } ?encounter cq:hasSpeechAct ?act OPTIONAL { ?act cq:order ?order }
} ORDER BY ?encounter ?order ?act"""
_PAIRINGS: Final = """SELECT DISTINCT ?first ?second ?reason ?score {
  VALUES ?first { %s } ?pairing cq:pairs ?first , ?second ; cq:reason ?reason OPTIONAL { ?pairing cq:score ?score }
  FILTER(STR(?first) < STR(?second))
} ORDER BY ?first ?second"""
_THREAD: Final = """SELECT DISTINCT ?way ?other ?label ?date {
  VALUES ?encounter { %s }
  { ?encounter cq:precedes ?other BIND("later" AS ?way) } UNION { ?other cq:precedes ?encounter BIND("earlier" AS ?way) }
  OPTIONAL { ?other rdfs:label ?label } OPTIONAL { ?other cq:date ?date }
} ORDER BY ?date ?other LIMIT 30"""
_FINDINGS: Final = """SELECT DISTINCT ?finding ?message ?severity {
  VALUES ?encounter { %s }
  { ?finding cq:about ?encounter } UNION { ?pairing cq:pairs ?encounter . ?finding cq:about ?pairing }
  ?finding a cq:Finding ; cq:message ?message OPTIONAL { ?finding cq:severity ?severity }
} ORDER BY ?message"""


@dataclass(frozen=True, slots=True)
class Aligned:
    """One issue in all accounts: the acts of each, and in what they differ."""

    issue: str
    acts: Sequence[Sequence[Act]]
    places: Sequence[int]
    marks: Sequence[str]


@blueprint.get("/encounter/<source>/<day>/<name>/<number>")
def encounter(source: str, day: str, name: str, number: str) -> Response:
    """One event as each of its accounts tells it."""
    url = links()
    iri = url.thing(f"/encounter/{source}/{day}/{name}/{number}")
    node = asking.node_of(iri)
    query = _ACCOUNTS % (node, node)
    accounts = list({row["encounter"]: row for row in rows(query)}.values()) if node else []
    if not accounts:
        raise missing("no encounter here has this address", iri)
    values = asking.iris(row["encounter"] for row in accounts)
    told = {row["encounter"]: row for row in reversed(rows(ENCOUNTERS % values))}
    people = rows(PEOPLE % values)
    said = acts.load(row["act"] for row in rows(_ACTS % values))
    pairings = rows(_PAIRINGS % values)
    thread = rows(_THREAD % values)
    terms = [v for row in (*accounts, *told.values(), *people) for v in row.values()] + [t for act in said for t in act.terms()]
    names = asking.names(terms)
    by_account = [[act for act in said if act.encounter == row["encounter"]] for row in accounts]
    aligned = _aligned(by_account, [_side(row, names) for row in accounts])
    mine = next(row for row in accounts if row["encounter"] == iri)
    label = told[iri].get("label") or mine.get("title", "An encounter")
    return page(
        "encounter.html",
        Rail(
            label,
            [Source("the accounts", query), Source("their acts", _ACTS % values)],
            iri,
            names.get(mine["publisher"], "") if len(accounts) == 1 else "",
            told[iri].get("date", ""),
        ),
        title=label,
        iri=iri,
        accounts=accounts,
        sides=[_side(row, names) for row in accounts],
        facts=_facts(accounts, told),
        people=grouped(people),
        told=told,
        by_account=by_account,
        aligned=aligned,
        silent=[[act for act in some if not act.mentions] for some in by_account],
        reported=_reported(accounts, by_account),
        pairings=pairings,
        findings=list({row["finding"]: row for row in rows(_FINDINGS % values)}.values()),
        thread={way: [row for row in thread if row["way"] == way and row["other"] not in told] for way in ("earlier", "later")},
        names=names,
    )


def _side(row: Found, names: Mapping[str, str]) -> str:
    return names.get(row.get("teller", ""), "") or names.get(row["publisher"], "one side")


def _facts(accounts: Sequence[Found], told: Mapping[str, Found]) -> list[tuple[str, list[str], bool]]:
    """When and where, as each account tells it, and whether those that tell it differ."""
    out = []
    for head, key in (
        ("day", "date"),
        ("place", "place"),
        ("begins, local time", "local"),
        ("minutes", "minutes"),
        ("on the margins of", "margins"),
    ):
        values = [told.get(row["encounter"], {}).get(key, "") for row in accounts]
        if key == "local":
            values = [value.replace("T", " ")[:16] for value in values]
        if any(values):
            out.append((head, values, len({v.casefold() for v in values if v}) > 1))
    return out


def _aligned(by_account: Sequence[Sequence[Act]], sides: Sequence[str]) -> list[Aligned]:
    """Issues in the order in which they come up, with the acts of each account and what differs."""
    orders = [list(dict.fromkeys(issue for act in some for issue in act.issues)) for some in by_account]
    shared = [issue for issue in orders[0] if all(issue in order for order in orders[1:])] if len(orders) > 1 else []
    everything = sorted({i for order in orders for i in order}, key=lambda i: (min(o.index(i) for o in orders if i in o), i))
    out = []
    for issue in everything:
        cells = [[act for act in some if issue in act.issues] for some in by_account]
        telling = [number for number, cell in enumerate(cells) if cell]
        marks = []
        if len(by_account) > 1 and len(telling) == 1:
            marks.append(f"only {sides[telling[0]]}")
        elif len(telling) > 1:
            if len({frozenset(act.type for act in cells[n]) for n in telling}) > 1:
                marks.append("other act")
            if len({frozenset(act.stance for act in cells[n] if act.stance not in ("", "none")) for n in telling}) > 1:
                marks.append("other stance")
            if issue in shared and len({[i for i in order if i in shared].index(issue) for order in orders}) > 1:
                marks.append("other order")
        places = [order.index(issue) + 1 if issue in order else 0 for order in orders]
        out.append(Aligned(issue, cells, places, marks))
    return out


def _reported(accounts: Sequence[Found], by_account: Sequence[Sequence[Act]]) -> list[tuple[Found, list[Act]]]:
    """What each account says that another party said: acts in which its own side has no part."""
    out = []
    for row, some in zip(accounts, by_account, strict=True):
        others = [act for act in some if act.actor_parties and row.get("teller") and row["teller"] not in act.actor_parties]
        if others:
            out.append((row, others))
    return out
