"""Dyads: who meets whom, as a matrix, and two parties by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from communique.queries.networks import Network, Node, Tie, communities
from communique.server.pages import acts, asking, counting, drawing, events
from communique.server.pages.frame import Choice, Rail, Source, here, links, missing, page, paged
from communique.server.pages.ministers import by_year

blueprint = Blueprint("dyads", __name__)

_SIZES: Final = (12, 20, 30)
_PAIRS: Final = """SELECT ?a ?b (COUNT(DISTINCT ?encounter) AS ?n) (MAX(COALESCE(STR(?date), "")) AS ?last) {
  ?encounter cq:involvesState ?a , ?b FILTER(STR(?a) < STR(?b)) OPTIONAL { ?encounter cq:date ?date }
} GROUP BY ?a ?b ORDER BY DESC(?n) ?a ?b"""
_BETWEEN: Final = "?encounter cq:involvesState %s , %s ."
_MEET: Final = "{e}.id IN (SELECT encounter FROM party WHERE party = :a) AND {e}.id IN (SELECT encounter FROM party WHERE party = :b)"
_BOTH: Final = f"{_MEET} AND EXISTS (SELECT 1 FROM pair WHERE pair.one = {{e}}.id AND apart)"  # noqa: S608 - constants
_EVERY: Final = (
    """SELECT x.iri AS a, y.iri AS b, n, last FROM dyad d JOIN term x ON x.id = one JOIN term y ON y.id = other ORDER BY d.rowid"""
)
# What the page counts is asked of the register; the queries beside it have the same answers.
_MONTHS: Final = """SELECT substr(day, 1, 7) AS month, COUNT(*) AS n FROM meeting
WHERE one = :a AND other = :b AND NOT twin GROUP BY month ORDER BY month"""
_MIX: Final = """SELECT t.iri AS type, CASE
  WHEN first.act IS NOT NULL AND second.act IS NOT NULL THEN 'both' WHEN first.act IS NOT NULL THEN 'first'
  WHEN second.act IS NOT NULL THEN 'second' ELSE 'others' END AS who, COUNT(*) AS n
FROM meeting JOIN act a USING (encounter) JOIN term t ON t.id = type
LEFT JOIN actor first ON first.act = a.id AND first.party = :a LEFT JOIN actor second ON second.act = a.id AND second.party = :b
WHERE one = :a AND other = :b GROUP BY type, who ORDER BY t.iri, who"""
_ON: Final = """SELECT t.iri AS issue, substr(day, 1, 4) AS year, COUNT(*) AS n
FROM meeting JOIN act a USING (encounter) JOIN about b ON b.act = a.id JOIN term t ON t.id = issue
WHERE one = :a AND other = :b AND day <> '' GROUP BY issue, year ORDER BY t.iri, year"""
_YEARS: Final = """SELECT t.iri AS type, substr(day, 1, 4) AS year, COUNT(*) AS n
FROM meeting JOIN act a USING (encounter) JOIN term t ON t.id = type
WHERE one = :a AND other = :b AND day <> '' GROUP BY type, year"""
_LEFT: Final = """SELECT a.iri AS act FROM meeting JOIN act a USING (encounter)
WHERE one = :a AND other = :b AND type = :request AND NOT EXISTS (SELECT 1 FROM answer WHERE answer.act = a.id) ORDER BY a.id"""
_MADE: Final = """SELECT DISTINCT a.iri AS act FROM meeting JOIN act a USING (encounter) JOIN commitment c ON c.act = a.id
WHERE one = :a AND other = :b ORDER BY a.id"""
_REQUEST: Final = "https://w3id.org/communique/vocab/act/Request"
_TWICE: Final = 10
_DID: Final = """SELECT ?type ?who (COUNT(DISTINCT ?act) AS ?n) {
  ?encounter cq:involvesState %s , %s ; cq:hasSpeechAct ?act . ?act cq:actType ?type
  BIND(EXISTS { ?act cq:actorState %s } AS ?one) BIND(EXISTS { ?act cq:actorState %s } AS ?other)
  BIND(IF(?one && ?other, "both", IF(?one, "first", IF(?other, "second", "others"))) AS ?who)
} GROUP BY ?type ?who ORDER BY ?type ?who"""
_ISSUES: Final = """SELECT ?issue ?year (COUNT(DISTINCT ?act) AS ?n) {
  ?encounter cq:involvesState %s , %s ; cq:hasSpeechAct ?act ; cq:date ?date . ?act cq:aboutIssue ?issue
  BIND(SUBSTR(STR(?date), 1, 4) AS ?year)
} GROUP BY ?issue ?year ORDER BY ?issue ?year"""
_OPEN: Final = """SELECT DISTINCT ?act ?date ?encounter {
  ?encounter cq:involvesState %s , %s ; cq:hasSpeechAct ?act . ?act cq:actType <https://w3id.org/communique/vocab/act/Request>
  OPTIONAL { ?encounter cq:date ?date } FILTER NOT EXISTS { ?reply cq:answers ?act }
} ORDER BY DESC(?date) ?encounter ?act"""
_BOUND: Final = """SELECT DISTINCT ?act ?date ?encounter {
  ?encounter cq:involvesState %s , %s ; cq:hasSpeechAct ?act . ?act cq:makesCommitment ?commitment OPTIONAL { ?encounter cq:date ?date }
} ORDER BY DESC(?date) ?encounter ?act"""


@blueprint.get("/dyads")
def dyads() -> Response:
    """All pairs of parties that met; those who met most as a matrix."""
    pairs = counting.rows(_EVERY)
    totals: dict[str, int] = {}
    count: dict[tuple[str, str], int] = {}
    for row in pairs:
        for one, other in ((row["a"], row["b"]), (row["b"], row["a"])):
            totals[one] = totals.get(one, 0) + int(row["n"])
            count[one, other] = int(row["n"])
    given = request.args.get("most", "")
    most = int(given) if given.isdigit() and int(given) in _SIZES else _SIZES[0]
    top = _together(sorted(totals, key=lambda party: (-totals[party], party))[:most], count)
    pages = paged(len(pairs), 50)
    shown = pairs[pages.first : pages.until]
    names = asking.names([*top, *(row[key] for row in shown for key in ("a", "b"))])
    highest = max((count.get((a, b), 0) for a in top for b in top), default=0)
    # Five shades on a scale of roots: a few dyads have most of the encounters.
    shades = {pair: min(5, 1 + int(4.999 * (n / highest) ** 0.5)) for pair, n in count.items() if highest}
    return page(
        "dyads.html",
        Rail("Dyads", [Source("the dyads", _PAIRS)]),
        top=top,
        count=count,
        shades=shades,
        shown=shown,
        pages=pages,
        names=names,
        sizes=[Choice(f"{n} parties", here(most=n if n != _SIZES[0] else None), chosen=n == most) for n in _SIZES],
    )


def _together(parties: Sequence[str], count: Mapping[tuple[str, str], int]) -> list[str]:
    """Parties in an order in which those that meet each other stand together: by community, in each as they came."""
    met = [Tie(a, b, count[a, b]) for i, a in enumerate(parties) for b in parties[:i] if (a, b) in count]
    group = communities(Network("", [Node(party, "") for party in parties], met))
    return sorted(parties, key=lambda party: (group[party], parties.index(party)))


@blueprint.get("/dyad/<a>/<b>")
def dyad(a: str, b: str) -> Response | Answer:
    """Two parties."""
    url = links()
    one, other = url.coded("state", a), url.coded("state", b)
    nodes = (asking.node_of(one), asking.node_of(other))
    names = asking.names([one, other])
    if not all(nodes) or one == other or one not in names or other not in names:
        raise missing("no two parties here have this address")
    if url.dyad(one, other) != request.path:
        return redirect(url.dyad(one, other))
    both: dict[str, Any] = {"a": one, "b": other}
    shown, pages = events.part(_MEET, 20, **both)
    twice = events.newest(_BOTH, _TWICE, **both)
    open_, bound = counting.rows(_LEFT, request=_REQUEST, **both), counting.rows(_MADE, **both)
    said = {act.iri: act for act in acts.load(row["act"] for row in (*open_[:8], *bound[:8]))}
    years, table = by_year(counting.rows(_ON, **both))
    names |= asking.names([i for i, *_ in table] + events.terms((*shown, *twice)) + [t for act in said.values() for t in act.terms()])
    did = counting.rows(_MIX, **both)
    mix: dict[str, dict[str, int]] = {}
    for row in did:
        if "type" in row:
            mix.setdefault(row["type"].rsplit("/", 1)[1], {})[row["who"]] = int(row["n"])
    in_years = acts.BY_YEAR % (_BETWEEN % nodes)
    by_month = {row["month"]: int(row["n"]) for row in counting.rows(_MONTHS, **both) if "month" in row}
    strip = drawing.over_time(
        {(month, "encounters"): n for month, n in by_month.items()},
        ["encounters"],
        lambda when, _: url.to("/readouts", **when, state=[url.code(one), url.code(other)]),
    )
    return page(
        "dyad.html",
        Rail(
            f"{names[one]} and {names[other]}",
            [
                Source("the encounters", events.LISTED % (_BETWEEN % nodes)),
                Source("who did what", _DID % (*nodes, *nodes)),
                Source("issues by year", _ISSUES % nodes),
                Source("requests without an answer", _OPEN % nodes),
                Source("commitments", _BOUND % nodes),
                Source("acts by year", in_years),
            ],
            feed=url.to("/readouts.atom", state=[url.code(one), url.code(other)]),
        ),
        one=one,
        other=other,
        shown=shown,
        pages=pages,
        twice=twice,
        told_twice=events.count(_BOTH, **both) if twice else 0,
        open=[said[row["act"]] for row in open_[:8] if row["act"] in said],
        open_total=len(open_),
        bound=[said[row["act"]] for row in bound[:8] if row["act"] in said],
        bound_total=len(bound),
        mix=sorted(mix.items(), key=lambda each: (-sum(each[1].values()), each[0])),
        years=years,
        acts_by_year=acts.by_year(acts.by_family(counting.rows(_YEARS, **both))),
        table=table,
        strip=strip,
        names=names,
    )
