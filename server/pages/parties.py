"""States and other parties: whom they meet, what they raise, who holds office, and what others say about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
# The counts are kept; counting the acts gives the same.
_ISSUES: Final = """SELECT ?issue ?n ?positive ?negative {
  ?set qb:structure cube:party-issues .
  GRAPH ?set { ?cell cq:countedParty %s ; cq:countedIssue ?issue ; cq:acts ?n ; cq:positiveActs ?positive ; cq:negativeActs ?negative }
} ORDER BY DESC(?n) ?issue"""
# The types of all acts are read at once and put beside those of the party, which for one that acts everywhere takes half the time.
_DID: Final = """SELECT ?type ?year (COUNT(DISTINCT ?act) AS ?n) {
  ?act cq:actorState %s . ?encounter cq:hasSpeechAct ?act OPTIONAL { ?encounter cq:date ?date }
  BIND(SUBSTR(STR(?date), 1, 4) AS ?year)
  { SELECT ?act ?type { ?act cq:actType ?type } }
} GROUP BY ?type ?year ORDER BY ?type ?year"""
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
    for row in rows(_WITH % (asking.iris(r["party"] for r in met[:_MOST]), node), keep=True) if met else ():
        if len(some := together.setdefault(row["party"], [])) < 3:
            some.append(row["issue"])
    profile = rows(_ISSUES % node, keep=True)[:_MOST]
    offices = rows(_OFFICES % node, keep=True)
    about = rows(_ABOUT % (node, node), keep=True)
    said = acts.load(row["act"] for row in about[:10])
    months = {row["month"]: int(row["n"]) for row in rows(_MONTHS % node, keep=True) if "month" in row}
    did = rows(_DID % node, keep=True)
    terms = [row["party"] for row in met if "party" in row] + [v for row in offices for v in row.values()]
    terms += [row["issue"] for row in profile] + [i for some in together.values() for i in some]
    names = asking.names([iri, *terms, *(t for act in said for t in act.terms())])
    by_year = acts.BY_YEAR % f"?act cq:actorState {node} ."
    strip = drawing.over_time(
        {(month, "encounters"): n for month, n in months.items()},
        ["encounters"],
        lambda when, _: url.to("/readouts", **when, state=url.code(iri)),
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
        profile=[(row["issue"], *(int(row[each]) for each in ("positive", "negative", "n"))) for row in profile],
        offices=_holders(offices),
        said=said,
        about=len(about),
        did=_by_type(did),
        years=acts.by_year(_by_family(did)),
        strip=strip,
        names=names,
        chart=_map(iri, met, names),
    )


def _map(iri: str, met: Sequence[Found], names: Mapping[str, str]) -> list[dict[str, object]]:
    """The states that a party meets, as data for a map; a state that is met leads to the page of the two."""
    url = links()
    found = [(row["party"], int(row["n"])) for row in met if (url.page(row.get("party", "")) or "").startswith("/state/")]
    shown = [{"iso3": url.code(party), "name": names.get(party, ""), "n": n, "href": url.dyad(iri, party)} for party, n in found]
    own = {"iso3": url.code(iri), "name": names.get(iri, ""), "n": 0, "href": url.page(iri), "own": True}
    return [*shown, own] if len(shown) > 1 else []


def _by_type(did: Sequence[Found]) -> list[Found]:
    """The answer to ``_DID`` for all years together, most first."""
    total: Counter[str] = Counter()
    for row in did:
        total[row["type"]] += int(row["n"])
    return [{"type": type_, "n": str(n)} for type_, n in sorted(total.items(), key=lambda each: (-each[1], each[0]))]


def _by_family(did: Sequence[Found]) -> list[Found]:
    """The answer to ``_DID`` by family, of the acts that have a day: the same as that to ``acts.BY_YEAR``."""
    families = acts.families()
    total: Counter[tuple[str, str]] = Counter()
    for row in did:
        if "year" in row and row["type"] in families:
            total[row["year"], families[row["type"]]] += int(row["n"])
    return [{"year": year, "family": family, "n": str(n)} for (year, family), n in sorted(total.items())]


def _holders(found: Sequence[Found]) -> list[tuple[str, list[Found]]]:
    out: dict[str, list[Found]] = {}
    for row in found:
        out.setdefault(row["office"], []).append(row)
    return sorted(out.items(), key=lambda each: (-len(each[1]), each[0]))
