"""The network of issues that come up together: its edges as a table, and the same as data for a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

from flask import Blueprint, Response, request

from communique.queries.networks import Network, Node, Tie, communities, gexf, graphml, places
from communique.server.pages import asking
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Choice, Rail, Source, here, links, page, paged

blueprint = Blueprint("network", __name__)

_SIZE: Final = 50
_FILES: Final = {"graphml": graphml, "gexf": gexf}
_DRAWN: Final = 300  # edges that are shown if nobody says how strong they must be


@dataclass(frozen=True, slots=True)
class Scope:
    """What it means to come up together: patterns for two issues, for one, and for the day, of a ``?place``; and
    the same as the last two for all places, read at once."""

    words: str
    pair: str
    one: str
    day: str
    every: str


_SCOPES: Final = {
    "encounter": Scope(
        "the same encounter",
        "?place cq:discusses ?a , ?b .",
        "?place cq:discusses ?issue .",
        "?place cq:date ?date .",
        "{ SELECT DISTINCT ?place ?date { ?place cq:date ?date %s } } ?place cq:discusses ?issue .",
    ),
    "sentence": Scope(
        "the same sentence",
        "?one cq:evidence ?place ; cq:aboutIssue ?a . ?other cq:evidence ?place ; cq:aboutIssue ?b .",
        "?act cq:evidence ?place ; cq:aboutIssue ?issue .",
        "?encounter cq:hasSpeechAct ?said ; cq:date ?date . ?said cq:evidence ?place .",
        """{ SELECT DISTINCT ?place ?date {
      ?encounter cq:hasSpeechAct ?said ; cq:date ?date { SELECT ?said ?place { ?said cq:evidence ?place } } %s } }
  { SELECT ?place ?issue { ?act cq:aboutIssue ?issue { SELECT ?act ?place { ?act cq:evidence ?place } } } }""",
    ),
}
# What is asked; the pairs are made here, which takes a fifth of the time.
_EVERY: Final = """SELECT ?place ?date (GROUP_CONCAT(DISTINCT STR(?issue)) AS ?issues) {
  %s
} GROUP BY ?place ?date"""
# The same as edges and as nodes.  The days are looked up first, so that a narrower time asks less.
_EDGES: Final = """SELECT ?a ?b (COUNT(DISTINCT ?place) AS ?n) (MIN(?date) AS ?first) (MAX(?date) AS ?last) {
  { SELECT DISTINCT ?place ?date { %s %s } }
  %s FILTER(STR(?a) < STR(?b))
} GROUP BY ?a ?b ORDER BY DESC(?n) ?a ?b"""
_NODES: Final = """SELECT ?issue (COUNT(DISTINCT ?place) AS ?n) {
  { SELECT DISTINCT ?place { %s %s } }
  %s
} GROUP BY ?issue ORDER BY DESC(?n) ?issue"""
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and its answer: ``strong`` are the edges that are strong enough."""

    scope: str
    by: str
    first: str
    last: str
    span: Mapping[str, str]
    least: int
    heaviest: int
    strong: Sequence[Edge]
    size: Mapping[str, int]
    edges_query: str
    nodes_query: str


@blueprint.get("/network")
def network() -> Response:
    """Issues that come up together."""
    url = links()
    asked = _asked()
    pages = paged(len(asked.strong), _SIZE)
    ends, names = _ends(asked)
    where, group = drawn(tuple(ends), tuple((edge.a, edge.b, edge.weight) for edge in asked.strong))
    place = {iri: number for number, iri in enumerate(ends)}
    files = [(form, url.to(f"/network.{form}", **request.args), f"application/{form}+xml") for form in _FILES]
    return page(
        "network.html",
        Rail(
            "Issues that come up together",
            [Source("the edges", asked.edges_query), Source("the issues", asked.nodes_query)],
            files=files,
        ),
        asked=asked,
        edges=asked.strong[pages.first : pages.until],
        pages=pages,
        names=names,
        files=files,
        scopes=[
            Choice(each.words, here(scope=name if name != "encounter" else None, page=None, least=None), chosen=name == asked.scope)
            for name, each in _SCOPES.items()
        ],
        sorts=[Choice(name, here(by=name if name == "lift" else None, page=None), chosen=name == asked.by) for name in ("weight", "lift")],
        # Edges name their ends by number: the addresses of thousands of edges would be longer than the page.
        chart={
            "nodes": [
                {
                    "name": names.get(iri, url.code(iri)),
                    "code": url.code(iri),
                    "href": url.page(iri),
                    "size": asked.size[iri],
                    "group": group[iri],
                    "x": where[iri][0],
                    "y": where[iri][1],
                }
                for iri in ends
            ],
            "edges": [[place[e.a], place[e.b], e.weight, e.lift, e.first, e.last] for e in asked.strong],
            "groups": _named(group, asked.size, names),
            "by": asked.by,
            "readouts": "/readouts",
        },
    )


@blueprint.get(f"/network.<any({', '.join(_FILES)}):form>")
def file(form: str) -> Response:
    """The network of the same address as a file for Gephi, networkx and the like."""
    asked = _asked()
    ends, names = _ends(asked)
    response = Response(_FILES[form](_network(asked, ends, names)), mimetype=f"application/{form}+xml")
    response.headers["Content-Disposition"] = f'attachment; filename="issues-{asked.scope}-{asked.first}-{asked.last}.{form}"'
    return response


def _asked() -> Asked:
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
    places_ = _together(rows(_EVERY % (scope.every % time), keep=True))
    size = Counter(issue for issues, _, _ in places_ for issue in issues)
    days: dict[tuple[str, str], tuple[int, str, str]] = {}
    for issues, since, until in places_:
        for pair in combinations(issues, 2):
            n, start, end = days.get(pair, (0, since, until))
            days[pair] = n + 1, min(start, since), max(end, until)
    weights = [n for n, _, _ in days.values()]
    given = request.args.get("least", "")
    least = int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 7 else _least(weights)
    by = "lift" if request.args.get("by") == "lift" else "weight"
    strong = [
        Edge(a, b, n, round(n * len(places_) / (size[a] * size[b]), 2), start, end)
        for (a, b), (n, start, end) in days.items()
        if n >= least
    ]
    strong.sort(key=lambda e: (-getattr(e, by), -e.weight, e.a, e.b))
    edges_query, nodes_query = _EDGES % (scope.day, time, scope.pair), _NODES % (scope.day, time, scope.one)
    return Asked(key, by, first, last, span, least, max(weights, default=1), strong, size, edges_query, nodes_query)


def _together(found: Sequence[Found]) -> list[tuple[list[str], str, str]]:
    """Of each place its issues, sorted, and its first and last day."""
    out: dict[str, tuple[list[str], str, str]] = {}
    for row in found:
        if row.get("issues") and (day := row.get("date", "")):
            issues, start, end = out.get(row["place"], (sorted(row["issues"].split()), day, day))
            out[row["place"]] = issues, min(start, day), max(end, day)
    return list(out.values())


def _ends(asked: Asked) -> tuple[list[str], Mapping[str, str]]:
    """The issues at the ends of strong edges, and their names."""
    ends = sorted({end for edge in asked.strong for end in (edge.a, edge.b)})
    return ends, asking.names(ends)


def _network(asked: Asked, ends: Sequence[str], names: Mapping[str, str]) -> Network:
    url = links()
    nodes = [Node(iri, names.get(iri, url.code(iri)), {"places": asked.size[iri]}) for iri in ends]
    ties = [Tie(e.a, e.b, e.weight, {"lift": e.lift, "first": e.first, "last": e.last}) for e in asked.strong]
    return Network(f"Issues that come up together in the same {asked.scope}, {asked.first}-{asked.last}", nodes, ties)


@lru_cache(maxsize=64)
def drawn(ends: Sequence[str], ties: Sequence[tuple[str, str, float]]) -> tuple[Mapping[str, tuple[float, float]], Mapping[str, int]]:
    """Places and communities; the same network is drawn once."""
    network_ = Network("", [Node(iri, "") for iri in ends], [Tie(*tie) for tie in ties])
    return places(network_), communities(network_)


def _named(group: Mapping[str, int], size: Mapping[str, int], names: Mapping[str, str]) -> list[str]:
    """What each community is called: by the two issues in it that come up most."""
    inside: dict[int, list[str]] = {}
    for iri in sorted(group, key=lambda iri: (-size[iri], iri)):
        inside.setdefault(group[iri], []).append(names.get(iri, iri))
    return [", ".join(inside[number][:2]) for number in sorted(inside)]


def _least(weights: list[int]) -> int:
    """The weight from which on not too many edges are shown."""
    ranked = sorted(weights, reverse=True)
    return ranked[_DRAWN] + 1 if len(ranked) > _DRAWN else min(ranked, default=1)


def _year(given: str, first: str, last: str, otherwise: str) -> str:
    """A year within the time of the readouts."""
    return min(max(given, first), last) if given.isascii() and given.isdigit() and len(given) == 4 else otherwise
