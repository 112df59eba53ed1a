"""The network of issues that come up together: its edges as a table, and the same as data for a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask import Blueprint, Response, request

from communique.queries.networks import Network, Node, Tie, communities, gexf, graphml, places
from communique.server.pages import asking, counting, together
from communique.server.pages.frame import Choice, Rail, Source, here, links, page, paged

blueprint = Blueprint("network", __name__)

_FILES: Final = {"graphml": graphml, "gexf": gexf}
_DRAWN: Final = 200  # edges that are shown if nobody says how strong they must be; as many are a page of the table
_MOST: Final = 2000  # nodes, and edges, of which a picture is still one


_YEARS: Final = "SELECT substr(MIN(day), 1, 4) AS first, substr(MAX(day), 1, 4) AS last FROM encounter WHERE day <> ''"


@dataclass(frozen=True, slots=True)
class Edge:
    """Two issues, in how many places they come up together, and how many times more often than by chance."""

    a: str
    b: str
    weight: int
    lift: float


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
    pages = paged(len(asked.strong), _DRAWN)
    ends, names = _ends(asked)
    few = max(len(ends), len(asked.strong)) <= _MOST
    edges = asked.strong[pages.first : pages.until]
    files = [(form, url.to(f"/network.{form}", **request.args), f"application/{form}+xml") for form in _FILES]
    return page(
        "network.html",
        Rail(
            "Issues that come up together",
            [Source("the edges", asked.edges_query), Source("the issues", asked.nodes_query)],
            files=files,
        ),
        asked=asked,
        edges=edges,
        most=_MOST,
        issues=len(ends),
        fewer=here(least=None, page=None),
        pages=pages,
        names=names,
        files=files,
        scopes=[
            Choice(each.words, here(scope=name if name != "encounter" else None, page=None, least=None), chosen=name == asked.scope)
            for name, each in together.SCOPES.items()
        ],
        sorts=[Choice(name, here(by=name if name == "lift" else None, page=None), chosen=name == asked.by) for name in ("weight", "lift")],
        chart=picture(asked.strong, asked.size, names, asked.by) if few else None,
    )


def picture(edges: Sequence[Edge], size: Mapping[str, int], names: Mapping[str, str], by: str = "weight") -> dict[str, object]:
    """A network as data for a picture.  Edges name their ends by number: the addresses of all would be longer than the page."""
    url = links()
    ends = sorted({end for edge in edges for end in (edge.a, edge.b)})
    ties = sorted((edge.a, edge.b, edge.weight) for edge in edges)
    where, group = asking.remembered(f"drawing of {ends} {ties}", lambda: drawn(tuple(ends), tuple(ties)))
    place = {iri: number for number, iri in enumerate(ends)}
    return {
        "nodes": [
            {
                "name": names.get(iri, url.code(iri)),
                "code": url.code(iri),
                "href": url.page(iri),
                "size": size[iri],
                "group": group[iri],
                "x": where[iri][0],
                "y": where[iri][1],
            }
            for iri in ends
        ],
        "edges": [[place[e.a], place[e.b], e.weight, e.lift] for e in edges],
        "groups": _named(group, size, names),
        "by": by,
        "readouts": "/readouts",
    }


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
    scope = asked if asked in together.SCOPES else "encounter"
    span = next(iter(counting.rows(_YEARS)), {})
    first, last = (
        _year(request.args.get(end, ""), span.get("first", ""), span.get("last", ""), span.get(end, "")) for end in ("first", "last")
    )
    given = request.args.get("least", "")
    least = int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 7 else None
    every = (first, last) == (span.get("first", ""), span.get("last", ""))
    counts = together.whole(scope, least, _DRAWN + 1) if every else together.within(scope, first, last)
    least = _least(list(counts.pairs.values())) if least is None else least
    by = "lift" if request.args.get("by") == "lift" else "weight"
    size = counts.single
    strong = [
        Edge(a, b, n, round(n * counts.total / (size[a] * size[b]), 2))
        for (a, b), n in counts.pairs.items()
        if n >= least and a in size and b in size
    ]
    strong.sort(key=lambda e: (-getattr(e, by), -e.weight, e.a, e.b))
    return Asked(scope, by, first, last, span, least, counts.heaviest, strong, size, counts.pairs_query, counts.single_query)


def _ends(asked: Asked) -> tuple[list[str], Mapping[str, str]]:
    """The issues at the ends of strong edges, and their names."""
    ends = sorted({end for edge in asked.strong for end in (edge.a, edge.b)})
    return ends, asking.names(ends)


def _network(asked: Asked, ends: Sequence[str], names: Mapping[str, str]) -> Network:
    url = links()
    nodes = [Node(iri, names.get(iri, url.code(iri)), {"places": asked.size[iri]}) for iri in ends]
    months = together.spans() if asked.scope == "encounter" else {}
    ties = [
        Tie(e.a, e.b, e.weight, {"lift": e.lift, **dict(zip(("firstMonth", "lastMonth"), months.get((e.a, e.b), ()), strict=False))})
        for e in asked.strong
    ]
    return Network(f"Issues that come up together in the same {asked.scope}, {asked.first}-{asked.last}", nodes, ties)


@lru_cache(maxsize=64)
def drawn(ends: Sequence[str], ties: Sequence[tuple[str, str, float]]) -> tuple[Mapping[str, tuple[float, float]], Mapping[str, int]]:
    """Places and communities; the same network is drawn once."""
    network_ = Network("", [Node(iri, "") for iri in ends], [Tie(*tie) for tie in ties])
    group = communities(network_)
    return places(network_, group), group


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
