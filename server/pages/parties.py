"""States and other parties: whom they meet, what they raise, who holds office, and what others say about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response

from communique.server.pages import acts, asking, drawing
from communique.server.pages.asking import Found, first, rows
from communique.server.pages.frame import Rail, Source, links, missing, page

blueprint = Blueprint("parties", __name__)

_MOST: Final = 30
_LIST: Final = """SELECT ?party (COUNT(DISTINCT ?encounter) AS ?n) (MAX(COALESCE(STR(?date), "")) AS ?last) {
  ?encounter cq:involvesState ?party OPTIONAL { ?encounter cq:date ?date }
} GROUP BY ?party ORDER BY DESC(?n) ?party"""
_ACTED: Final = "SELECT ?party (COUNT(DISTINCT ?act) AS ?n) { ?act cq:actorState ?party } GROUP BY ?party"
_TARGETS: Final = "SELECT ?party (COUNT(DISTINCT ?act) AS ?n) { ?act cq:target ?party } GROUP BY ?party ORDER BY DESC(?n) ?party"
_HEAD: Final = """SELECT DISTINCT ?label ?iso2 ?iso3 ?cow ?region ?official {
  %s skos:prefLabel|rdfs:label ?label
  OPTIONAL { %s cq:iso2 ?iso2 } OPTIONAL { %s cq:iso3 ?iso3 } OPTIONAL { %s cq:cowNumber ?cow }
  OPTIONAL { %s cq:region ?region } OPTIONAL { %s cq:officialName ?official }
} LIMIT 1"""
_COUNTERPARTS: Final = """SELECT ?party (COUNT(DISTINCT ?encounter) AS ?n) (MAX(COALESCE(STR(?date), "")) AS ?last) {
  ?encounter cq:involvesState %s , ?party FILTER(?party != %s) OPTIONAL { ?encounter cq:date ?date }
} GROUP BY ?party ORDER BY DESC(?n) ?party"""
_WITH: Final = """SELECT ?party ?issue (COUNT(DISTINCT ?encounter) AS ?n) {
  VALUES ?party { %s } ?encounter cq:involvesState %s , ?party ; cq:discusses ?issue
} GROUP BY ?party ?issue ORDER BY ?party DESC(?n) ?issue"""
_ISSUES: Final = """SELECT ?issue ?polarity (COUNT(DISTINCT ?act) AS ?n) {
  ?act cq:actorState %s ; cq:aboutIssue ?issue OPTIONAL { ?act cq:polarity ?polarity }
} GROUP BY ?issue ?polarity ORDER BY DESC(?n) ?issue"""
_DID: Final = (
    "SELECT ?type (COUNT(DISTINCT ?act) AS ?n) { ?act cq:actorState %s ; cq:actType ?type } GROUP BY ?type ORDER BY DESC(?n) ?type"
)
_OFFICES: Final = """SELECT DISTINCT ?office ?person ?from ?until {
  { SELECT DISTINCT ?office { ?office cq:officeOf %s } }
  ?incumbency cq:heldOffice ?office ; cq:holder ?person
  OPTIONAL { ?incumbency cq:attestedFrom ?from } OPTIONAL { ?incumbency cq:attestedUntil ?until }
} ORDER BY ?office ?from ?person"""
_ABOUT: Final = """SELECT DISTINCT ?act ?date {
  ?act cq:target %s . ?encounter cq:hasSpeechAct ?act OPTIONAL { ?encounter cq:date ?date } FILTER NOT EXISTS { ?act cq:actorState %s }
} ORDER BY DESC(?date) ?act"""
_MONTHS: Final = """SELECT ?month (COUNT(DISTINCT ?encounter) AS ?n) { ?encounter cq:involvesState %s ; cq:date ?date
  BIND(SUBSTR(STR(?date), 1, 7) AS ?month) } GROUP BY ?month ORDER BY ?month"""


@blueprint.get("/states")
def states() -> Response:
    """All parties that take part in encounters, and those that are only spoken about."""
    found = rows(_LIST, keep=True)
    acted = {row["party"]: int(row["n"]) for row in rows(_ACTED, keep=True) if "party" in row}
    targets = {row["party"]: int(row["n"]) for row in rows(_TARGETS, keep=True) if "party" in row}
    here = [row for row in found if "party" in row]
    absent = [party for party in targets if party not in {row["party"] for row in here}]
    names = asking.names([row["party"] for row in here] + list(targets))
    return page(
        "states.html",
        Rail("States and other parties", [Source("the parties", _LIST), Source("those spoken about", _TARGETS)]),
        found=here,
        acted=acted,
        targets=targets,
        absent=absent,
        names=names,
    )


@blueprint.get("/state/<name>")
@blueprint.get("/party/<any(organization, forum, other):kind>/<name>")
def party(name: str, kind: str = "") -> Response:
    """One party."""
    url = links()
    iri = url.thing(f"/party/{kind}/{name}" if kind else f"/state/{name}")
    node = asking.node_of(iri)
    head = first(_HEAD % ((node,) * 6)) if node else {}
    if not head:
        raise missing("no state or other party here has this address", iri)
    # There are only so many parties, so what is counted of each is remembered.
    met = rows(_COUNTERPARTS % (node, node), keep=True)
    together: dict[str, list[str]] = {}
    for row in rows(_WITH % (asking.iris(r["party"] for r in met[:_MOST]), node)) if met else ():
        if len(some := together.setdefault(row["party"], [])) < 3:
            some.append(row["issue"])
    profile = _profile(rows(_ISSUES % node, keep=True))
    offices = rows(_OFFICES % node)
    about = rows(_ABOUT % (node, node))
    said = acts.load(row["act"] for row in about[:10])
    months = {row["month"]: int(row["n"]) for row in rows(_MONTHS % node, keep=True) if "month" in row}
    did = rows(_DID % node, keep=True)
    terms = (
        [v for row in (*met, *offices) for v in row.values()] + [i for i, *_ in profile] + [i for some in together.values() for i in some]
    )
    names = asking.names([iri, *terms, *(t for act in said for t in act.terms())])
    by_year = acts.BY_YEAR % f"?act cq:actorState {node} ."
    strip = drawing.columns(
        {(month, "encounters"): n for month, n in months.items()},
        drawing.months(min(months), max(months)) if months else [],
        ["encounters"],
        "month",
        lambda month, _: url.to("/readouts", month=month, state=url.code(iri)),
    )
    return page(
        "party.html",
        Rail(
            names.get(iri, name),
            [
                Source("counterparts", _COUNTERPARTS % (node, node)),
                Source("issues and stances", _ISSUES % node),
                Source("offices and holders", _OFFICES % node),
                Source("what others say about it", _ABOUT % (node, node)),
                Source("acts by year", by_year),
            ],
            iri,
            feed=url.to("/readouts.atom", state=url.code(iri)),
        ),
        iri=iri,
        name=names.get(iri, name),
        head=head,
        met=met[:_MOST],
        more=len(met) - _MOST,
        together=together,
        profile=profile[:_MOST],
        offices=_holders(offices),
        said=said,
        about=len(about),
        did=did,
        years=acts.by_year(rows(by_year, keep=True)),
        strip=strip,
        names=names,
    )


def _profile(found: Sequence[Found]) -> list[tuple[str, dict[str, int], int]]:
    """Issues with the number of acts by stance, most first."""
    table: dict[str, dict[str, int]] = {}
    for row in found:
        if "issue" in row:
            stance = row.get("polarity", "").rsplit("#", 1)[-1] or "none"
            own = table.setdefault(row["issue"], {})
            own[stance] = own.get(stance, 0) + int(row["n"])
    return sorted(((i, c, sum(c.values())) for i, c in table.items()), key=lambda each: (-each[2], each[0]))


def _holders(found: Sequence[Found]) -> list[tuple[str, list[Found]]]:
    out: dict[str, list[Found]] = {}
    for row in found:
        out.setdefault(row["office"], []).append(row)
    return sorted(out.items(), key=lambda each: (-len(each[1]), each[0]))
