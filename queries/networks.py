"""Networks: what is tied to what and how strongly, its communities and a picture's places, and the files that other programs open.

Everything is the same each time: communities and places begin from a fixed seed and are made with operations that give the same on
every machine, and files hold no clock.  GraphML: http://graphml.graphdrawing.org/; GEXF 1.2: https://gexf.net/.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

Value = str | int | float

_SEED: Final = 20210922
_STEPS: Final = 90
_PAIRS: Final = 3_000_000  # pushes in all; of large networks a rough picture is enough
_TYPES: Final = {int: ("int", "integer"), float: ("double", "double"), str: ("string", "string")}  # GraphML, GEXF


@dataclass(frozen=True, slots=True)
class Node:
    """Something in a network: its identifier (an IRI), its label, and what else is told of it."""

    id: str
    label: str
    told: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tie:
    """Two nodes by their identifiers, how strong their tie is, and what else is told of it; from which day to which, if that is known."""

    a: str
    b: str
    weight: float
    told: Mapping[str, Value] = field(default_factory=dict)
    first: str = ""
    last: str = ""

    @property
    def days(self) -> dict[str, Value]:
        """The days, as far as they are known."""
        return {name: day for name, day in (("first", self.first), ("last", self.last)) if day}


@dataclass(frozen=True, slots=True)
class Network:
    """A network without directions; ``name`` says what it is."""

    name: str
    nodes: Sequence[Node]
    ties: Sequence[Tie]


def communities(network: Network) -> dict[str, int]:
    """The number of the community of each node, the largest community first (Louvain's method, by weight)."""
    place = {node.id: number for number, node in enumerate(network.nodes)}
    graph = nx.Graph()  # of numbers: their order in sets is the same each time
    graph.add_nodes_from(place.values())
    graph.add_weighted_edges_from((place[tie.a], place[tie.b], tie.weight) for tie in network.ties)
    found = nx.community.louvain_communities(graph, seed=_SEED)
    ranked = sorted((sorted(group) for group in found), key=lambda group: (-len(group), group))
    return {network.nodes[member].id: number for number, group in enumerate(ranked) for member in group}


def places(network: Network, group: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """Where each node stands in a picture, between 0 and 1: what is tied stands together (Fruchterman and Reingold 1991).

    ``group`` is the community of each node, as ``communities`` tells it.

    Pure Python on purpose: additions, products and roots are the same on every machine, so the picture is, too.
    """
    count = len(network.nodes)
    # A beginning that has communities together already needs few steps.
    order = sorted(range(count), key=lambda n: (group[network.nodes[n].id], n))
    x, y = [0.0] * count, [0.0] * count
    for turn, number in enumerate(order):
        x[number], y[number] = _on_spiral(turn, count)
    place = {node.id: number for number, node in enumerate(network.nodes)}
    most = max((tie.weight for tie in network.ties), default=1.0) or 1.0
    ends = [(place[tie.a], place[tie.b], tie.weight) for tie in network.ties]
    degree = [0] * count
    for a, b, _ in ends:
        degree[a] += 1
        degree[b] += 1
    # Who is tied to many is drawn less by each, or all would stand in one heap around it.
    pulls = [(a, b, (0.4 + 0.6 * math.sqrt(w / most)) * 2 / math.sqrt(min(degree[a], degree[b]))) for a, b, w in ends]
    apart = 1.0 / math.sqrt(count or 1)
    steps = max(10, min(_STEPS, _PAIRS // (count * count or 1)))
    for step in range(steps):
        left = 1 - step / steps
        _moved(x, y, pulls, apart, 0.12 * left * left + 0.002)
    return dict(zip(place, _framed(x, y), strict=True))


def _on_spiral(turn: int, count: int) -> tuple[float, float]:
    """One of ``count`` places on a spiral of Fermat, without sine and cosine, which differ between machines."""
    a, b = -0.7373688780783197, 0.6754902942615238  # the golden angle
    cos, sin, power, left = 1.0, 0.0, (a, b), turn
    while left:
        if left & 1:
            cos, sin = cos * power[0] - sin * power[1], cos * power[1] + sin * power[0]
        power = (power[0] * power[0] - power[1] * power[1], 2 * power[0] * power[1])
        left >>= 1
    far = math.sqrt((turn + 0.5) / max(1, count)) / 2
    return far * cos, far * sin


def _moved(x: list[float], y: list[float], pulls: Sequence[tuple[int, int, float]], apart: float, most: float) -> None:
    """One step: all push each other away, ties pull, a little gravity keeps what is not tied; nobody goes further than ``most``."""
    count = len(x)
    dx, dy = [-0.6 * v for v in x], [-0.6 * v for v in y]
    square = apart * apart
    for i in range(count):
        xi, yi, pushed_x, pushed_y = x[i], y[i], 0.0, 0.0
        for j in range(i):
            ax, ay = xi - x[j], yi - y[j]
            push = square / (ax * ax + ay * ay + 1e-9)
            ax *= push
            ay *= push
            pushed_x += ax
            pushed_y += ay
            dx[j] -= ax
            dy[j] -= ay
        dx[i] += pushed_x
        dy[i] += pushed_y
    for a, b, strength in pulls:
        ax, ay = x[a] - x[b], y[a] - y[b]
        pull = strength * math.sqrt(ax * ax + ay * ay) / apart
        dx[a] -= ax * pull
        dy[a] -= ay * pull
        dx[b] += ax * pull
        dy[b] += ay * pull
    for i in range(count):
        far = math.sqrt(dx[i] * dx[i] + dy[i] * dy[i])
        share = min(1.0, most / far) if far else 0.0
        x[i] += dx[i] * share
        y[i] += dy[i] * share


def _framed(x: Sequence[float], y: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Places stretched to lie between 0 and 1, rounded to what an eye can tell."""
    yield from zip(_stretched(x), _stretched(y), strict=True)


def _stretched(values: Sequence[float]) -> list[float]:
    """Half by where each stands and half by its rank, so that the crowd in the middle gets room and outliers do not take it."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if high == low:
        return [0.5] * len(values)
    rank = {number: turn for turn, number in enumerate(sorted(range(len(values)), key=lambda n: (values[n], n)))}
    last = len(values) - 1
    return [round(((value - low) / (high - low) + rank[number] / last) / 2, 4) for number, value in enumerate(values)]


def graphml(network: Network) -> Iterator[str]:
    """The network as GraphML, in pieces."""
    of_nodes, of_ties = _keys([node.told for node in network.nodes]), _keys([{**tie.days, **tie.told} for tie in network.ties])
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for kind, keys in (("node", {"label": str} | of_nodes), ("edge", {"weight": float} | of_ties)):
        for key, type_ in keys.items():
            yield f'<key id="{kind}-{key}" for="{kind}" attr.name="{key}" attr.type="{_TYPES[type_][0]}"/>\n'
    yield f'<graph id={quoteattr(network.name)} edgedefault="undirected">\n'
    for node in network.nodes:
        data = "".join(_data("node", key, value) for key, value in ({"label": node.label} | dict(node.told)).items())
        yield f"<node id={quoteattr(node.id)}>{data}</node>\n"
    for tie in network.ties:
        data = "".join(_data("edge", key, value) for key, value in ({"weight": float(tie.weight)} | tie.days | dict(tie.told)).items())
        yield f"<edge source={quoteattr(tie.a)} target={quoteattr(tie.b)}>{data}</edge>\n"
    yield "</graph>\n</graphml>\n"


def gexf(network: Network) -> Iterator[str]:
    """The network as GEXF 1.2, in pieces; nodes have their places and their communities, so that Gephi shows the picture.

    GEXF 1.3 says no more of such a network, and networkx reads it from 3.6 on only; Gephi reads both.
    """
    group = communities(network)
    where = places(network, group)
    told = [dict(node.told) | {"community": group[node.id]} for node in network.nodes]
    of_nodes, of_ties = _keys(told), _keys([tie.told for tie in network.ties])
    # Gephi has a timeline of what has days.
    mode = 'mode="dynamic" timeformat="date"' if any(tie.days for tie in network.ties) else 'mode="static"'
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">\n'
    yield f'<meta><description>{escape(network.name)}</description></meta>\n<graph defaultedgetype="undirected" {mode}>\n'
    for kind, keys in (("node", of_nodes), ("edge", of_ties)):
        named = "".join(f'<attribute id="{key}" title="{key}" type="{_TYPES[type_][1]}"/>' for key, type_ in keys.items())
        yield f'<attributes class="{kind}" mode="static">{named}</attributes>\n'
    yield "<nodes>\n"
    for node, own in zip(network.nodes, told, strict=True):
        x, y = where[node.id]
        spot = f'<viz:position x="{round(x * 1000, 1)}" y="{round((1 - y) * 1000, 1)}" z="0.0"/>'
        yield f"<node id={quoteattr(node.id)} label={quoteattr(node.label)}>{_values(own)}{spot}</node>\n"
    yield "</nodes>\n<edges>\n"
    for number, tie in enumerate(network.ties):
        ends = f"source={quoteattr(tie.a)} target={quoteattr(tie.b)}"
        days = (f' start="{tie.first}"' if tie.first else "") + (f' end="{tie.last}"' if tie.last else "")
        yield f'<edge id="{number}" {ends} weight="{float(tie.weight)}"{days}>{_values(tie.told)}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _keys(some: Sequence[Mapping[str, Value]]) -> dict[str, type]:
    """The keys of what is told, with their types; some may be told of a few only."""
    return {key: type(value) for told in some for key, value in told.items()}


def _data(kind: str, key: str, value: Value) -> str:
    return f'<data key="{kind}-{key}">{escape(str(value))}</data>'


def _values(told: Mapping[str, Value]) -> str:
    inside = "".join(f'<attvalue for="{key}" value={quoteattr(str(value))}/>' for key, value in told.items())
    return f"<attvalues>{inside}</attvalues>"
