"""States and other parties: whom they meet, what they raise, who holds office, and what others say about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, Response

from communique.server.pages import acts, asking, counting, drawing
from communique.server.pages.asking import Found, first, rows
from communique.server.pages.frame import Rail, Source, links, missing, page

blueprint = Blueprint("parties", __name__)

_MOST: Final = 30
_ABOUT_IT: Final = 10  # statements of others that are shown
_LIST: Final = """SELECT ?party (COUNT(DISTINCT ?encounter) AS ?n) (MAX(COALESCE(STR(?date), "")) AS ?last) {
  ?encounter cq:involvesState ?party OPTIONAL { ?encounter cq:date ?date }
} GROUP BY ?party ORDER BY DESC(?n) ?party"""
# The same from the register, with the acts of each.
_EVERY: Final = """SELECT t.iri AS party, x.n, last, a.n AS acts
FROM attended x JOIN term t ON t.id = x.party LEFT JOIN acted a ON a.party = x.party ORDER BY x.rowid"""
_TARGETS: Final = "SELECT ?party (COUNT(DISTINCT ?act) AS ?n) { ?act cq:target ?party } GROUP BY ?party ORDER BY DESC(?n) ?party"
_HEAD: Final = """SELECT DISTINCT ?label ?iso2 ?iso3 ?cow ?region ?official {
  %s skos:prefLabel|rdfs:label ?label
  OPTIONAL { %s cq:iso2 ?iso2 } OPTIONAL { %s cq:iso3 ?iso3 } OPTIONAL { %s cq:cowNumber ?cow }
  OPTIONAL { %s cq:region ?region } OPTIONAL { %s cq:officialName ?official }
} LIMIT 1"""
_COUNTERPARTS: Final = """SELECT ?party (COUNT(DISTINCT ?encounter) AS ?n) (MAX(COALESCE(STR(?date), "")) AS ?last) {
  ?encounter cq:involvesState %s , ?party FILTER(?party != %s) OPTIONAL { ?encounter cq:date ?date }
} GROUP BY ?party ORDER BY DESC(?n) ?party"""
# The same from the register, and which issues the two have most.
_MET: Final = """SELECT t.iri AS party, n, last
FROM (SELECT other AS party, n, last FROM dyad WHERE one = :one UNION ALL SELECT one, n, last FROM dyad WHERE other = :one) x
JOIN term t ON t.id = x.party ORDER BY n DESC, t.iri"""
_WITH: Final = """SELECT t.iri AS party, i.iri AS issue, n FROM shared JOIN term t ON t.id = other JOIN term i ON i.id = issue
WHERE one = :one ORDER BY t.iri, n DESC, i.iri"""
# The counts are kept; counting the acts gives the same.
_ISSUES: Final = """SELECT ?issue ?n ?positive ?negative {
  ?set qb:structure cube:party-issues .
  GRAPH ?set { ?cell cq:countedParty %s ; cq:countedIssue ?issue ; cq:acts ?n ; cq:positiveActs ?positive ; cq:negativeActs ?negative }
} ORDER BY DESC(?n) ?issue"""
_DID: Final = "SELECT t.iri AS type, year, n FROM done JOIN term t ON t.id = type WHERE party = :one ORDER BY t.iri, year"
_OFFICES: Final = """SELECT DISTINCT ?office ?person ?from ?until {
  { SELECT DISTINCT ?office { ?office cq:officeOf %s } }
  ?incumbency cq:heldOffice ?office ; cq:holder ?person
  OPTIONAL { ?incumbency cq:attestedFrom ?from } OPTIONAL { ?incumbency cq:attestedUntil ?until }
} ORDER BY ?office ?from ?person"""
_ABOUT: Final = """SELECT DISTINCT ?act ?date {
  ?act cq:target %s . ?encounter cq:hasSpeechAct ?act OPTIONAL { ?encounter cq:date ?date } FILTER NOT EXISTS { ?act cq:actorState %s }
} ORDER BY DESC(?date) ?act"""
# The same from the register.
_TARGETED: Final = "FROM target JOIN act a ON a.id = act WHERE party = :one AND act NOT IN (SELECT act FROM actor WHERE party = :one)"
_HOW_MANY: Final = f"SELECT COUNT(*) AS n {_TARGETED}"
_NEWEST: Final = f"SELECT iri AS act {_TARGETED} ORDER BY a.id LIMIT :size"
_AIMED: Final = "SELECT t.iri AS party, COUNT(*) AS n FROM target JOIN term t ON t.id = party GROUP BY party ORDER BY n DESC, t.iri"
_MONTHS: Final = """SELECT substr(day, 1, 7) AS month, COUNT(*) AS n FROM party JOIN encounter e ON e.id = encounter
WHERE party.party = :one GROUP BY month ORDER BY month"""


@blueprint.get("/states")
def states() -> Response:
    """All parties that take part in encounters, and those that are only spoken about."""
    here = counting.rows(_EVERY)
    acted = {row["party"]: int(row["acts"]) for row in here if "acts" in row}
    targets = {row["party"]: int(row["n"]) for row in counting.rows(_AIMED)}
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
    met = counting.rows(_MET, one=iri)
    together: dict[str, list[str]] = {}
    shown = {row["party"] for row in met[:_MOST]}
    for row in (row for row in counting.rows(_WITH, one=iri) if row["party"] in shown):
        if len(some := together.setdefault(row["party"], [])) < 3:
            some.append(row["issue"])
    profile = rows(_ISSUES % node, keep=True)[:_MOST]
    offices = rows(_OFFICES % node, keep=True)
    about = int(counting.rows(_HOW_MANY, one=iri)[0]["n"])
    said = acts.load(row["act"] for row in counting.rows(_NEWEST, one=iri, size=_ABOUT_IT))
    months = {row["month"]: int(row["n"]) for row in counting.rows(_MONTHS, one=iri) if "month" in row}
    did = counting.rows(_DID, one=iri)
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
        about=about,
        did=_by_type(did),
        years=acts.by_year(acts.by_family(did)),
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


def _holders(found: Sequence[Found]) -> list[tuple[str, list[Found]]]:
    out: dict[str, list[Found]] = {}
    for row in found:
        out.setdefault(row["office"], []).append(row)
    return sorted(out.items(), key=lambda each: (-len(each[1]), each[0]))
