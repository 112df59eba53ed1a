"""The start page: what this is, how much is here, where to begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response

from communique.errors import CommuniqueError
from communique.queries import catalogue
from communique.server.negotiate import TRIPLES
from communique.server.pages import acts, asking, counting, drawing, readouts
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Rail, Source, links, page
from communique.server.site import site

blueprint = Blueprint("home", __name__)

_APART: Final = 7  # publishers with a colour of their own
_DATASET: Final = ("ttl", "jsonld")  # who asks the root for RDF is told what the data is
_OTHERS: Final = "other publishers"
# One question of each kind, answered without anything to fill in.
_FIRST: Final = ("requests-and-answers", "stance-over-time", "acts-compared", "commitment-history", "third-party-targets")
_READOUTS: Final = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a cq:Readout }"
_INFERRED: Final = "SELECT (SUM(?some) AS ?n) { ?graph cq:statementsInferred ?some }"
# From the register.
_COUNTS: Final = """SELECT (SELECT COUNT(*) FROM encounter WHERE NOT twin) AS encounters, (SELECT COUNT(*) FROM act) AS statements,
  (SELECT COUNT(*) FROM raised) AS issues, (SELECT n FROM people) AS people"""
_WHERE: Final = {"readouts": "/readouts", "encounters": "/timeline", "statements": "/issues", "issues": "/issues", "people": "/ministers"}
# Each side is read at once and put together: looked up readout by readout it takes ten times as long.
_COMPOSED: Final = """SELECT (COUNT(DISTINCT ?x) AS ?n) {
  { SELECT DISTINCT ?x { ?x cq:composed true } } { SELECT DISTINCT ?x { ?x a cq:Readout } } }"""
_BARE: Final = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x cq:factsOnly true }"
_ASIDE: Final = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a cq:SetAside }"
# Names are looked up apart: every account repeats its publisher's, and a join would multiply them.
_MONTHS: Final = """SELECT ?month ?publisher (COUNT(DISTINCT ?readout) AS ?n) {
  ?readout a cq:Readout ; cq:publisher ?publisher ; cq:date ?date
  BIND(SUBSTR(STR(?date), 1, 7) AS ?month)
} GROUP BY ?month ?publisher ORDER BY ?month ?publisher"""
# The same from the facets.
_BY_MONTH: Final = """SELECT substr(date, 1, 7) AS month, publisher, COUNT(*) AS n FROM readout WHERE date <> ''
GROUP BY month, publisher ORDER BY month, publisher"""
# What is composed comes after what is real.
_LATEST: Final = "SELECT iri AS readout, date, title, publisher, composed FROM readout ORDER BY composed, number LIMIT 5"
# From the counts that are kept.
_TALKED: Final = """SELECT ?v ?n {
  { SELECT ?set ?cell ?n {
      ?set qb:structure cube:issues . GRAPH ?set { ?cell a qb:Observation ; cq:encounters ?n } } ORDER BY DESC(?n) ?cell LIMIT 8 }
  GRAPH ?set { ?cell cq:countedIssue ?v }
} ORDER BY DESC(?n) ?v"""
_MEET: Final = """SELECT ?v ?w ?n {
  { SELECT ?set ?cell ?n {
      ?set qb:structure cube:dyads . GRAPH ?set { ?cell a qb:Observation ; cq:encounters ?n } } ORDER BY DESC(?n) ?cell LIMIT 8 }
  GRAPH ?set { ?cell cq:countedParty ?v ; cq:andParty ?w }
} ORDER BY DESC(?n) ?v"""
_ISSUES: Final = """SELECT ?readout ?issue (MIN(?place) AS ?first) {
  VALUES ?readout { %s }
  ?readout cq:hasAccount ?account . ?account cq:describesEncounter ?encounter .
  ?encounter cq:hasSpeechAct ?act . ?act cq:order ?place ; cq:aboutIssue ?issue
} GROUP BY ?readout ?issue ORDER BY ?readout ?first ?issue"""

# Of the latest encounters that two sides tell of, the first issue on which they tell of different acts.
_TWICE: Final = """SELECT ?issue ?a ?b {
  { SELECT DISTINCT ?one ?two ?date {
      ?one cq:pairedWith ?two ; cq:date ?date FILTER(STR(?one) < STR(?two))
    } ORDER BY DESC(?date) ?one LIMIT 10 }
  ?one cq:hasSpeechAct ?a . ?a cq:aboutIssue ?issue ; cq:actType ?did ; cq:quote ?said .
  ?two cq:hasSpeechAct ?b . ?b cq:aboutIssue ?issue ; cq:actType ?other ; cq:quote ?told FILTER(?did != ?other)
} ORDER BY DESC(?date) DESC(STRLEN(?said) + STRLEN(?told)) ?a ?b LIMIT 1"""


def count(query: str) -> int:
    """The number that a query answers with, remembered."""
    return next((int(row["n"]) for row in rows(query, keep=True) if "n" in row), 0)


@blueprint.app_context_processor
def _frame() -> dict[str, object]:
    """What the frame of every page says: how much of what is shown is composed, and how much is facts only."""
    try:
        return {"composed": count(_COMPOSED), "readouts_here": count(_READOUTS), "bare_here": count(_BARE)}
    except CommuniqueError:  # the page that says so needs a frame too
        return {"composed": 0, "readouts_here": 0, "bare_here": 0}


@blueprint.get("/")
def home() -> Response:
    """The start page."""
    url = links()
    known = readouts.counted(site())
    by_month, latest = known.rows(_BY_MONTH), known.rows(_LATEST)
    counted = counting.rows(_COUNTS)[0]
    issues: dict[str, list[str]] = {}
    for row in rows(_ISSUES % asking.iris(r["readout"] for r in latest)):
        if len(some := issues.setdefault(row["readout"], [])) < 4:
            some.append(row["issue"])
    told = [(row["issue"], acts.load((row["a"], row["b"]))) for row in asking.tried(_TWICE, keep=True) or ()]
    talked, meet = (asking.tried(query, keep=True) or () for query in (_TALKED, _MEET))
    named = [r["publisher"] for r in (*by_month, *latest)] + [i for some in issues.values() for i in some]
    named += [row[key] for row in (*talked, *meet) for key in ("v", "w") if key in row]
    names = asking.names([*named, *(term for _, both in told for act in both for term in act.terms())])
    publishers = _ranked(by_month)
    few = list(publishers)[: _APART if len(publishers) > _APART + 1 else None]
    series = {iri: names.get(iri, url.code(iri)) if iri in few else _OTHERS for iri in publishers}
    monthly: Counter[tuple[str, str]] = Counter()
    for row in by_month:
        monthly[row["month"], series[row["publisher"]]] += int(row["n"])
    code = {name: url.code(iri) for iri, name in series.items() if name != _OTHERS}
    strip = drawing.over_time(
        monthly, list(dict.fromkeys(series.values())), lambda when, name: url.to("/readouts", **when, publisher=code.get(name))
    )
    asked = catalogue.load()
    return page(
        "home.html",
        Rail(
            "Communique: who said what to whom, according to their own readouts",
            [Source("readouts by month", _MONTHS)],
            files=[(offer.name, f"/dataset.{offer.name}", offer.media_type) for offer in TRIPLES if offer.name in _DATASET],
        ),
        counts={"readouts": count(_READOUTS), **{name: int(n) for name, n in counted.items()}, "inferred facts": count(_INFERRED)},
        where=_WHERE,
        aside=count(_ASIDE),
        publishers=[(iri, names.get(iri, url.code(iri)), n) for iri, n in publishers.items()],
        strip=strip,
        latest=latest,
        talked=talked,
        meet=meet,
        told=told,
        issues=issues,
        names=names,
        first=[asked[name] for name in _FIRST if name in asked],
        all=len(asked),
    )


def _ranked(by_month: Sequence[Found]) -> dict[str, int]:
    """The publishers with their readouts, most first."""
    totals: dict[str, int] = {}
    for row in by_month:
        totals[row["publisher"]] = totals.get(row["publisher"], 0) + int(row["n"])
    return dict(sorted(totals.items(), key=lambda each: (-each[1], each[0])))
