"""Networks: places and communities that are the same each time, and files that another program reads."""

from __future__ import annotations

import io
import math
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest

from communique.queries.networks import Network, Node, Tie, communities, gexf, graphml, places


@pytest.fixture(scope="module")
def two_groups() -> Network:
    """Two groups of five, each tied within, and one weak tie between them; one node stands alone."""
    nodes = [Node(f"http://example.org/{n}", f"<{n}> & “ñ”", {"readouts": n}) for n in range(11)]
    inside = [pair for group in (range(5), range(5, 10)) for pair in combinations(group, 2)]
    ties = [Tie(nodes[a].id, nodes[b].id, 5 + a, {"lift": 1.25, "first": "2021-09-22"}) for a, b in inside]
    return Network("Issues & “others”", nodes, [*ties, Tie(nodes[0].id, nodes[9].id, 1, {"lift": 0.5, "first": "2022-01-01"})])


def test_what_is_tied_is_one_community(two_groups: Network) -> None:
    group = communities(two_groups)
    ids = [node.id for node in two_groups.nodes]
    assert [group[i] for i in ids] == [0] * 5 + [1] * 5 + [2]


def test_what_is_tied_stands_together(two_groups: Network) -> None:
    where = places(two_groups)
    assert all(0 <= v <= 1 for spot in where.values() for v in spot)

    def far(a: str, b: str) -> float:
        return math.dist(where[a], where[b])

    tied = [far(tie.a, tie.b) for tie in two_groups.ties[:-1]]
    between = [far(a.id, b.id) for a in two_groups.nodes[:5] for b in two_groups.nodes[5:10]]
    assert max(tied) < sum(between) / len(between)
    assert min(far(a.id, b.id) for a, b in combinations(two_groups.nodes, 2)) > 0.02  # nobody hides another


def test_the_picture_is_the_same_in_every_process(two_groups: Network) -> None:
    program = "from tests.queries.test_networks import two_groups as made, places, gexf\nn = made.__wrapped__()\nprint(places(n), *gexf(n))"
    env = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"}
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=env | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1] == f"{places(two_groups)} {' '.join(gexf(two_groups))}\n"


def test_networkx_reads_the_graphml(two_groups: Network) -> None:
    read = nx.read_graphml(io.BytesIO("".join(graphml(two_groups)).encode()))
    assert read.number_of_nodes() == 11
    assert read.nodes["http://example.org/3"] == {"label": "<3> & “ñ”", "readouts": 3}
    assert read.edges["http://example.org/0", "http://example.org/9"] == {"weight": 1.0, "lift": 0.5, "first": "2022-01-01"}
    assert read.number_of_edges() == len(two_groups.ties)


def test_networkx_reads_the_gexf(two_groups: Network) -> None:
    read = nx.read_gexf(io.BytesIO("".join(gexf(two_groups)).encode()))
    node = read.nodes["http://example.org/3"]
    assert (node["label"], node["readouts"], node["community"]) == ("<3> & “ñ”", 3, 0)
    assert 0 <= node["viz"]["position"]["x"] <= 1000
    assert read.edges["http://example.org/0", "http://example.org/9"]["weight"] == 1.0
    assert read.number_of_edges() == len(two_groups.ties)


def test_nothing_is_a_network_too() -> None:
    empty = Network("none", (), ())
    assert places(empty) == {}
    assert communities(empty) == {}
    assert nx.read_graphml(io.BytesIO("".join(graphml(empty)).encode())).number_of_nodes() == 0
    assert nx.read_gexf(io.BytesIO("".join(gexf(empty)).encode())).number_of_nodes() == 0
