"""The network of issues that come up together: its edges as a table, and the same as data for a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request

from communique.server.pages import asking
from communique.server.pages.asking import rows
from communique.server.pages.frame import Choice, Rail, Source, here, links, page, paged

blueprint = Blueprint("network", __name__)

_SIZE: Final = 50
_DRAWN: Final = 300  # edges that are shown if nobody says how strong they must be


@dataclass(frozen=True, slots=True)
class Scope:
    """What it means to come up together: patterns for two issues, for one, and for the day, of a ``?place``."""

    words: str
    pair: str
    one: str
    day: str


_SCOPES: Final = {
    "encounter": Scope("the same encounter", "?place cq:discusses ?a , ?b .", "?place cq:discusses ?issue .", "?place cq:date ?date ."),
    "sentence": Scope(
        "the same sentence",
        "?one cq:evidence ?place ; cq:aboutIssue ?a . ?other cq:evidence ?place ; cq:aboutIssue ?b .",
        "?act cq:evidence ?place ; cq:aboutIssue ?issue .",
        "?encounter cq:hasSpeechAct ?said ; cq:date ?date . ?said cq:evidence ?place .",
    ),
}
# The days are looked up first, so that a narrower time asks less.
_EDGES: Final = """SELECT ?a ?b (COUNT(DISTINCT ?place) AS ?n) (MIN(?date) AS ?first) (MAX(?date) AS ?last) {
  { SELECT DISTINCT ?place ?date { %s %s } }
  %s FILTER(STR(?a) < STR(?b))
} GROUP BY ?a ?b ORDER BY DESC(?n) ?a ?b"""
_NODES: Final = """SELECT ?issue (COUNT(DISTINCT ?place) AS ?n) {
  { SELECT DISTINCT ?place { %s %s } }
  %s
} GROUP BY ?issue ORDER BY DESC(?n) ?issue"""
_PLACES: Final = "SELECT (COUNT(DISTINCT ?place) AS ?n) { %s %s %s }"
_YEARS: Final = """SELECT (MIN(?year) AS ?first) (MAX(?year) AS ?last) {
  ?encounter a cq:Encounter ; cq:date ?date BIND(SUBSTR(STR(?date), 1, 4) AS ?year)
}"""


@dataclass(frozen=True, slots=True)
class Edge:
    """Two issues, in how many places they come up together, and how many times more often than by chance."""

    a: str
    b: str
    weight: int
    lift: float
    first: str
    last: str


@blueprint.get("/network")
def network() -> Response:
    """Issues that come up together."""
    url = links()
    asked = request.args.get("scope", "encounter")
    key = asked if asked in _SCOPES else "encounter"
    scope = _SCOPES[key]
    span = next(iter(rows(_YEARS, keep=True)), {})
    first, last = (
        _year(request.args.get(end, ""), span.get("first", ""), span.get("last", ""), span.get(end, "")) for end in ("first", "last")
    )
    time = ""
    if (first, last) != (span.get("first", ""), span.get("last", "")):
        time = f"FILTER(STR(?date) >= {asking.literal(first)} && STR(?date) < {asking.literal(str(int(last) + 1))})"
    edges_query = _EDGES % (scope.day, time, scope.pair)
    nodes_query = _NODES % (scope.day, time, scope.one)
    size = {row["issue"]: int(row["n"]) for row in rows(nodes_query, keep=True) if "issue" in row}
    total = next((int(row["n"]) for row in rows(_PLACES % (scope.day, time, scope.one), keep=True)), 0)
    every = [
        Edge(row["a"], row["b"], n, round(n * total / (size[row["a"]] * size[row["b"]]), 2), row.get("first", ""), row.get("last", ""))
        for row in rows(edges_query, keep=True)
        if row.get("a") in size and row.get("b") in size and (n := int(row["n"]))
    ]
    given = request.args.get("least", "")
    least = int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 7 else _least([edge.weight for edge in every])
    by = "lift" if request.args.get("by") == "lift" else "weight"
    strong = sorted((e for e in every if e.weight >= least), key=lambda e: (-getattr(e, by), -e.weight, e.a, e.b))
    pages = paged(len(strong), _SIZE)
    ends = sorted({end for edge in strong for end in (edge.a, edge.b)})
    names = asking.names(ends)
    place = {iri: number for number, iri in enumerate(ends)}
    return page(
        "network.html",
        Rail("Issues that come up together", [Source("the edges", edges_query), Source("the issues", nodes_query)]),
        edges=strong[pages.first : pages.until],
        pages=pages,
        names=names,
        least=least,
        by=by,
        scope=key,
        first=first,
        last=last,
        span=span,
        scopes=[
            Choice(each.words, here(scope=name if name != "encounter" else None, page=None), chosen=name == key)
            for name, each in _SCOPES.items()
        ],
        sorts=[Choice(name, here(by=name if name == "lift" else None, page=None), chosen=name == by) for name in ("weight", "lift")],
        # Edges name their ends by number: the addresses of thousands of edges would be longer than the page.
        chart={
            "nodes": [
                {"name": names.get(iri, url.code(iri)), "code": url.code(iri), "href": url.page(iri), "size": size[iri]} for iri in ends
            ],
            "edges": [[place[e.a], place[e.b], e.weight, e.lift, e.first, e.last] for e in strong],
            "readouts": "/readouts",
        },
    )


def _least(weights: list[int]) -> int:
    """The weight from which on not too many edges are shown."""
    ranked = sorted(weights, reverse=True)
    return ranked[_DRAWN] + 1 if len(ranked) > _DRAWN else min(ranked, default=1)


def _year(given: str, first: str, last: str, otherwise: str) -> str:
    """A year within the time of the readouts."""
    return min(max(given, first), last) if given.isascii() and given.isdigit() and len(given) == 4 else otherwise
