"""The stance of a party on an issue over time, each point with the words behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, request

from communique.iris import CQ
from communique.server.pages import asking, counting, wording
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Choice, Rail, Source, links, missing, page

blueprint = Blueprint("stance", __name__)

_OFFERED: Final = 200
_SHOWN: Final = 300
# From the counts that are kept.
_PARTIES: Final = """SELECT ?v (COUNT(?issue) AS ?n) (SUM(?acts) AS ?all) {
  ?set qb:structure cube:party-issues . GRAPH ?set { ?cell cq:countedParty ?v ; cq:countedIssue ?issue ; cq:acts ?acts } FILTER(?acts > 0)
} GROUP BY ?v ORDER BY DESC(?all) ?v"""
_ISSUES: Final = """SELECT ?v ?n {
  ?set qb:structure cube:party-issues . GRAPH ?set { ?cell cq:countedParty %s ; cq:countedIssue ?v ; cq:acts ?n } FILTER(?n > 0)
} ORDER BY DESC(?n) ?v"""
# What is narrower counts as the issue, so what is broader is offered with it.
_BROADER: Final = "SELECT DISTINCT ?v { VALUES ?issue { %s } ?issue skos:broader+ ?v } ORDER BY ?v"
_WITHIN: Final = "SELECT DISTINCT ?within { ?within skos:broader* %s } ORDER BY ?within"
# The acts are read at once and put beside those of the party; an act stands once, however many of its issues are within.
_ACTS: Final = """{ SELECT DISTINCT ?act ?date {
    { SELECT DISTINCT ?act { VALUES ?within { %s } ?act cq:aboutIssue ?within } }
    ?act cq:actorState %s . ?encounter cq:hasSpeechAct ?act ; cq:date ?date } }"""
# What is counted and the newest come from the register.
_OWN: Final = """FROM actor x JOIN act a ON a.id = x.act JOIN encounter e ON e.id = a.encounter
WHERE x.party = :party AND day <> '' AND a.id IN (SELECT act FROM about WHERE issue IN (SELECT value FROM json_each(:within)))"""
_COUNTS: Final = f"SELECT stance AS polarity, COUNT(*) AS n {_OWN} GROUP BY stance"
_LATEST: Final = f"SELECT a.iri AS act {_OWN} ORDER BY a.id LIMIT :size"
_SAID: Final = """SELECT DISTINCT ?date ?act ?type ?polarity ?words ?teller {
  %s
  ?act cq:actType ?type . ?encounter cq:hasSpeechAct ?act
  OPTIONAL { ?act cq:quote ?words } OPTIONAL { ?act cq:polarity ?polarity } OPTIONAL { ?encounter cq:toldFrom ?teller }
} ORDER BY ?date ?act"""
_STANCES: Final = {"positive": "positive", "mixed": "mixed", "none": "no position reported", "negative": "negative"}


@blueprint.get("/stance")
def stance() -> Response:
    """A party and an issue: by default the party that is told to have said most, on what it said most about."""
    url = links()
    parties = [row for row in rows(_PARTIES, keep=True) if "v" in row]
    party = _asked("state") or next((row["v"] for row in parties), "")
    node = asking.node_of(party)
    issues = [row for row in rows(_ISSUES % node, keep=True) if "v" in row] if party else []
    issue = _asked("issue") or next((row["v"] for row in issues), "")
    own = {row["v"] for row in issues}
    broader = [row for row in rows(_BROADER % asking.iris(own), keep=True) if "v" in row and row["v"] not in own] if own else []
    within = [issue, *(row["within"] for row in rows(_WITHIN % asking.node_of(issue), keep=True))] if issue else []
    asked = bool(party and issue)
    counts = dict.fromkeys(_STANCES, 0)
    for row in counting.rows(_COUNTS, party=party, within=within) if asked else ():
        counts[_stance(row)] += int(row["n"])
    latest = asking.iris(row["act"] for row in counting.rows(_LATEST, party=party, within=within, size=_SHOWN)) if asked else ""
    # Of parties and issues together there are many: what is remembered is only what is shown if nobody asks for any.
    these = f"VALUES ?act {{ {latest} }} ?encounter cq:hasSpeechAct ?act ; cq:date ?date ."
    said = rows(_SAID % these, keep=not request.args) if latest else []
    query = _SAID % (_ACTS % (asking.iris(within), node)) if asked else ""
    names = asking.names(
        [
            *(party, issue),
            *(row["v"] for some in (parties, issues, broader) for row in some[:_OFFERED]),
            *(row.get("teller", "") for row in said),
        ]
    )
    if (party and party not in names) or (issue and issue not in names):
        raise missing("no party or issue here has this name")
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
        offered={"state": _choices(parties, party, names), "issue": _choices([*issues, *broader], issue, names)},
        counts=counts,
        stances=_STANCES,
        told=told,
        total=sum(counts.values()),
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
    """The values by name; one that is only broader than others has no number."""
    url = links()
    some = found[:_OFFERED] if any(row["v"] == chosen for row in found[:_OFFERED]) or not chosen else [*found[:_OFFERED], {"v": chosen}]
    shown = [
        Choice(names.get(r["v"], url.code(r["v"])), url.code(r["v"]), int(r["n"]) if "n" in r else None, r["v"] == chosen) for r in some
    ]
    return sorted(shown, key=lambda choice: choice.name)


def _stance(row: Found) -> str:
    stance = row.get("polarity", "").removeprefix(CQ)
    return stance if stance in _STANCES else "none"
