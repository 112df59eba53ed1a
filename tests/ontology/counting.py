"""Every cube as a plain SPARQL query over the acts: the truth that the kept counts are compared with."""

from __future__ import annotations

from collections.abc import Iterable

from communique.iris import CQ, Iris
from communique.ontology.aggregates import cubes
from communique.store import Row, Store

_HEAD = f"""PREFIX cq: <{CQ}>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
# The one of all paired encounters that stands for them.
_EVENT = """{ SELECT ?encounter (MIN(STR(?twin)) AS ?event) {
    { SELECT DISTINCT ?encounter { ?account cq:describesEncounter ?encounter } } ?encounter cq:pairedWith* ?twin
  } GROUP BY ?encounter }"""
_MONTH = "?encounter cq:date ?day . FILTER (DATATYPE(?day) = xsd:date) BIND (SUBSTR(STR(?day), 1, 7) AS ?month)"
_ORDERED = "FILTER (STR(?a) < STR(?b))"
_SENTENCE = "?act1 cq:aboutIssue ?a ; cq:evidence ?unit . ?act2 cq:aboutIssue ?b ; cq:evidence ?unit"
# A sentence may tell of two encounters; issues that stand in it together were not discussed together then.
_THEIRS = f"OPTIONAL {{ ?encounter cq:hasSpeechAct ?act1, ?act2 . {_EVENT} }}"
_TOWARDS = """{ ?act cq:addresseeState ?b } UNION { ?act cq:joint true . ?encounter cq:involvesState ?b }
  ?encounter cq:hasSpeechAct ?act . ?act cq:actorState ?a ; cq:actType ?type . FILTER (?a != ?b)
  OPTIONAL { ?encounter cq:toldFrom ?from } BIND (COALESCE(?from, cq:noParty) AS ?side)"""
_PARTY = "?encounter cq:hasSpeechAct ?act . ?act cq:actorState ?a ; cq:aboutIssue ?x"

_PERSONS = """?encounter cq:date ?day ; cq:hasParticipation ?p, ?q . FILTER (DATATYPE(?day) = xsd:date)
  ?p cq:participant/owl:sameAs ?a ; cq:represents ?one . ?q cq:participant/owl:sameAs ?b ; cq:represents ?other
  FILTER (?one != ?other && STR(?a) < STR(?b))"""
# In an encounter they meet on the first day that is told of it.
_FIRST = f"{{ SELECT ?a ?b ?event (MIN(?day) AS ?first) {{ {_PERSONS} {_EVENT} }} GROUP BY ?a ?b ?event }}"
_RAISED = """?encounter cq:date ?day ; cq:involvesState ?a, ?b ; cq:hasSpeechAct ?act . FILTER (DATATYPE(?day) = xsd:date && ?a != ?b)
  ?act cq:actorState ?a ; cq:aboutIssue ?x ; cq:actType ?type"""

# For each cube: its dimensions as variables, what they stand in, and what is a telling.
_CUBES = {
    "issues": ("?x", "?encounter cq:discusses ?x", "?encounter"),
    "issue-pairs": ("?a ?b", f"?encounter cq:discusses ?a, ?b . {_ORDERED}", "?encounter"),
    "sentence-issues": ("?x", "?encounter cq:hasSpeechAct ?act . ?act cq:aboutIssue ?x ; cq:evidence ?unit", "?unit"),
    "sentence-issue-pairs": ("?a ?b", f"{_SENTENCE} . {_ORDERED} {_THEIRS}", "?unit"),
    "dyads": ("?a ?b", f"?encounter cq:involvesState ?a, ?b . {_ORDERED}", "?encounter"),
    "encounters-by-month": ("?month", f"?account cq:describesEncounter ?encounter . {_MONTH}", "?encounter"),
    "issues-by-month": ("?x ?month", f"?encounter cq:discusses ?x . {_MONTH}", "?encounter"),
    "issue-pairs-by-month": ("?a ?b ?month", f"?encounter cq:discusses ?a, ?b . {_MONTH} {_ORDERED}", "?encounter"),
    "dyads-by-month": ("?a ?b ?month", f"?encounter cq:involvesState ?a, ?b . {_MONTH} {_ORDERED}", "?encounter"),
    "party-issues": ("?a ?x", _PARTY, "?encounter"),
    "party-issues-by-month": ("?a ?x ?month", f"{_PARTY} . {_MONTH}", "?encounter"),
    "positions-by-month": (
        "?a ?x ?family ?stance ?month",
        f"{_PARTY} ; cq:polarity ?stance ; cq:actType/cq:actFamily ?family . {_MONTH}",
        "?encounter",
    ),
    "person-pairs": ("?a ?b", _PERSONS, "?encounter"),
    "person-pairs-by-day": ("?a ?b ?day", f"{_PERSONS} {_EVENT} {_FIRST}", "?encounter"),
    "issues-raised": ("?a ?b ?x ?type", _RAISED, "?encounter"),
    "dyad-acts-by-month": ("?a ?b ?type ?side ?month", f"{_TOWARDS} {_MONTH}", "?encounter"),
}
Counts = dict[str, dict[tuple[str, ...], dict[str, int | str]]]


def plainly(store: Store) -> Counts:
    """All cubes counted by SPARQL over the acts."""
    out: Counts = {}
    for name, (dimensions, pattern, unit) in _CUBES.items():
        figures = {
            "tellings": f"COUNT(DISTINCT {unit})",
            "encounters": "COUNT(DISTINCT ?event)",
            "acts": "COUNT(DISTINCT ?act)",
            "positiveActs": "COUNT(DISTINCT IF(EXISTS { ?act cq:polarity cq:positive }, ?act, ?none))",
            "negativeActs": "COUNT(DISTINCT IF(EXISTS { ?act cq:polarity cq:negative }, ?act, ?none))",
            "firstDay": "MIN(?day)",
            "lastDay": "MAX(?day)",
            "exampleAct": "MIN(STR(?act))",
        }
        if _FIRST in pattern:
            figures["encounters"] = "COUNT(DISTINCT IF(?day = ?first, ?event, ?none))"
        measures = (*cubes()[name].measures, *cubes()[name].attributes)
        wanted = " ".join(f"({figures[m]} AS ?{m})" for m in measures)
        event = _EVENT if "encounters" in measures and _EVENT not in pattern else ""
        rows = store.select(f"{_HEAD}SELECT {dimensions} {wanted} {{ {pattern} {event} }} GROUP BY {dimensions}")
        size = len(dimensions.split())
        table = out[name] = _table(rows, size, measures)
        if name in ("issues", "sentence-issues"):
            one = store.select(f"{_HEAD}SELECT {wanted} {{ {pattern} . {event} }}")
            table |= _table(one, 0, measures)
    return out


def _table(rows: Iterable[Row], size: int, measures: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, int | str]]:
    """Dimensions and figures; a group of nothing has one row and is none."""
    out = {}
    for row in rows:
        values = [term.value for term in row if term is not None]  # type: ignore[union-attr]
        figures = {m: int(v) if v.isdigit() else v for m, v in zip(measures, values[-len(measures) :], strict=False)}
        if any(figures.values()):
            assert tuple(values[:size]) not in out
            out[tuple(values[:size])] = figures
    return out


def kept(store: Store, iris: Iris) -> Counts:
    """All cubes as their observations tell them."""
    out: Counts = {}
    for name, cube in cubes().items():
        wanted = (*cube.dimensions, *cube.measures, *cube.attributes)
        pattern = " ; ".join(f"cq:{p} ?{p}" for p in wanted)
        node = f"<{iris.cube(name)}>"
        rows = store.select(
            f"{_HEAD}PREFIX qb: <http://purl.org/linked-data/cube#>\nSELECT {' '.join(f'?{p}' for p in wanted)} "
            f"{{ GRAPH {node} {{ ?o a qb:Observation ; qb:dataSet {node} ; {pattern} }} }}"
        )
        out[name] = _table(rows, len(cube.dimensions), (*cube.measures, *cube.attributes))
        whole = store.select(f"{_HEAD}SELECT ?n ?m {{ GRAPH {node} {{ {node} cq:tellings ?n ; cq:encounters ?m }} }}")
        out[name] |= _table(whole, 0, ("tellings", "encounters"))
    return out
