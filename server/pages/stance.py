"""The stance of a party on an issue over time, each point with the words behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, request

from communique.iris import CQ
from communique.server.pages import asking, wording
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Choice, Rail, Source, links, missing, page

blueprint = Blueprint("stance", __name__)

_OFFERED: Final = 200
_SHOWN: Final = 300
_PARTIES: Final = """SELECT ?v (COUNT(DISTINCT ?act) AS ?n) { ?act cq:actorState ?v ; cq:aboutIssue ?issue }
GROUP BY ?v ORDER BY DESC(?n) ?v"""
# What is narrower counts as the issue, so what is broader is offered with it.
_ISSUES: Final = """SELECT ?v (COUNT(DISTINCT ?act) AS ?n) { ?act cq:actorState %s ; cq:aboutIssue ?issue . ?issue skos:broader* ?v }
GROUP BY ?v ORDER BY DESC(?n) ?v"""
_MOST: Final = "SELECT ?v { ?act cq:actorState %s ; cq:aboutIssue ?v } GROUP BY ?v ORDER BY DESC(COUNT(DISTINCT ?act)) ?v LIMIT 1"
_SAID: Final = """SELECT DISTINCT ?date ?act ?type ?polarity ?words ?teller {
  { SELECT DISTINCT ?within { ?within skos:broader* %s } }
  ?act cq:aboutIssue ?within ; cq:actorState %s ; cq:actType ?type .
  ?encounter cq:hasSpeechAct ?act ; cq:date ?date
  OPTIONAL { ?act cq:quote ?words } OPTIONAL { ?act cq:polarity ?polarity } OPTIONAL { ?encounter cq:toldFrom ?teller }
} ORDER BY ?date ?act"""
_STANCES: Final = {"positive": "for", "mixed": "mixed", "none": "no position reported", "negative": "against"}


@blueprint.get("/stance")
def stance() -> Response:
    """A party and an issue: by default the party that is told to have said most, on what it said most about."""
    url = links()
    parties = [row for row in rows(_PARTIES, keep=True) if "v" in row]
    party = _asked("state") or next((row["v"] for row in parties), "")
    issues = [row for row in rows(_ISSUES % asking.node_of(party), keep=True) if "v" in row] if party else []
    issue = _asked("issue") or next((row["v"] for row in (rows(_MOST % asking.node_of(party), keep=True) if party else ())), "")
    query = _SAID % (asking.node_of(issue), asking.node_of(party)) if party and issue else ""
    every = [row for row in rows(query, keep=True) if row.get("date", "")[:4].isdigit()] if query else []
    said = every[-_SHOWN:]
    names = asking.names(
        [party, issue, *(row["v"] for row in (*parties, *issues)[: 2 * _OFFERED]), *(row.get("teller", "") for row in said)]
    )
    if (party and party not in names) or (issue and issue not in names):
        raise missing("no party or issue here has this name")
    counts = {key: sum(_stance(row) == key for row in every) for key in _STANCES}
    told = [
        {
            "date": row["date"],
            "stance": _stance(row),
            "type": wording.tellings(url.code(row["type"])),
            "words": row.get("words", ""),  # of facts only there are none
            "told": f"according to {wording.of(wording.article(names.get(row.get('teller', ''), 'its publisher')))} readout",
            "href": url.page(row["act"]),
        }
        for row in said
    ]
    title = f"{names.get(party, party)} on {names.get(issue, issue)}" if query else "Stances over time"
    return page(
        "stance.html",
        Rail(title, [Source("the statements", query)] if query else []),
        party=party,
        issue=issue,
        offered={"state": _choices(parties, party, names), "issue": _choices(issues, issue, names)},
        counts=counts,
        stances=_STANCES,
        told=told,
        total=len(every),
        names=names,
    )


def _asked(kind: str) -> str:
    """What the address asks for.  Another party than before may have said nothing on the issue that is still in it: that is told, too."""
    given = request.args.get(kind, "").strip()
    iri = links().coded(kind, given) if given else ""
    if given and not asking.node_of(iri):
        raise missing(f"no {kind} here has this name")
    return iri


def _choices(found: Sequence[Found], chosen: str, names: Found) -> list[Choice]:
    url = links()
    shown = [Choice(names.get(r["v"], url.code(r["v"])), url.code(r["v"]), int(r["n"]), r["v"] == chosen) for r in found[:_OFFERED]]
    if chosen and not any(choice.chosen for choice in shown):
        shown.append(Choice(names.get(chosen, url.code(chosen)), url.code(chosen), 0, chosen=True))
    return sorted(shown, key=lambda choice: choice.name)


def _stance(row: Found) -> str:
    stance = row.get("polarity", "").removeprefix(CQ)
    return stance if stance in _STANCES else "none"
