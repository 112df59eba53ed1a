"""Networks: places and communities that are the same each time, and files that another program reads."""

from __future__ import annotations

import io
import math
import subprocess
import sys
from datetime import date
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

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
    where = places(two_groups, communities(two_groups))
    assert all(0 <= v <= 1 for spot in where.values() for v in spot)

    def far(a: str, b: str) -> float:
        return math.dist(where[a], where[b])

    tied = [far(tie.a, tie.b) for tie in two_groups.ties[:-1]]
    between = [far(a.id, b.id) for a in two_groups.nodes[:5] for b in two_groups.nodes[5:10]]
    assert max(tied) < sum(between) / len(between)
    assert min(far(a.id, b.id) for a, b in combinations(two_groups.nodes, 2)) > 0.02  # nobody hides another


def test_the_picture_is_the_same_in_every_process(two_groups: Network) -> None:
    program = """from tests.queries.test_networks import two_groups as made, communities, places, gexf
n = made.__wrapped__()
print(places(n, communities(n)), *gexf(n))"""
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
    assert said[0] == said[1] == f"{places(two_groups, communities(two_groups))} {' '.join(gexf(two_groups))}\n"


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


@pytest.fixture(scope="module")
def of_days() -> Network:
    """Three parties: not everything is told of each, and one tie has no days."""
    nodes = [
        Node("http://example.org/a", "A & “a”", {"code": "AAA", "cow": 2}),
        Node("http://example.org/b", "B", {"code": "BBB", "share": 0.5}),
        Node("http://example.org/c", "C"),
    ]
    ties = [
        Tie(nodes[0].id, nodes[1].id, 3, {"tellings": 4, "lift": 1.25}, "2021-09-01", "2023-02-28"),
        Tie(nodes[1].id, nodes[2].id, 1, {"tellings": 1}),
    ]
    return Network("Parties", nodes, ties)


def test_the_gexf_is_as_its_schema_wants_it(of_days: Network, two_groups: Network) -> None:
    """What gexf.xsd and its parts (GEXF 1.2) say of all that we write: names, order, types, and that what is referred to is declared."""
    gexf_, viz = "{http://www.gexf.net/1.2draft}", "{http://www.gexf.net/1.2draft/viz}"
    read = {"integer": int, "double": float, "string": str}
    for network, mode in ((of_days, "dynamic"), (two_groups, "static"), (Network("none", (), ()), "static")):
        root = ET.fromstring("".join(gexf(network)))
        assert (root.tag, root.get("version")) == (f"{gexf_}gexf", "1.2")
        assert [part.tag for part in root] == [f"{gexf_}meta", f"{gexf_}graph"]
        assert [part.tag for part in root[0]] == [f"{gexf_}description"]
        graph = root[1]
        timed = {"timeformat": "date"} if mode == "dynamic" else {}
        assert dict(graph.attrib) == {"defaultedgetype": "undirected", "mode": mode, **timed}
        assert [part.tag.removeprefix(gexf_) for part in graph] == ["attributes", "attributes", "nodes", "edges"]
        of_nodes, of_edges, nodes, edges = graph
        assert [(part.get("class"), part.get("mode")) for part in (of_nodes, of_edges)] == [("node", "static"), ("edge", "static")]
        for declared, things in ((of_nodes, nodes), (of_edges, edges)):
            assert {frozenset(each.attrib) for each in declared} <= {frozenset(("id", "title", "type"))}
            types = {each.get("id"): read[each.get("type", "")] for each in declared}
            assert len(types) == len(declared)
            ids = [thing.get("id") for thing in things]
            assert len(set(ids)) == len(ids)
            for thing in things:
                assert thing[0].tag == f"{gexf_}attvalues"
                for told in thing[0]:
                    assert set(told.attrib) == {"for", "value"}
                    types[told.get("for")](told.get("value", ""))
        for node in nodes:
            assert set(node.attrib) == {"id", "label"}
            assert [part.tag for part in node[1:]] == [f"{viz}position"]
            assert sorted(node[1].attrib) == ["x", "y", "z"]
            assert all(float(at) >= 0 for at in node[1].attrib.values())
        known = {node.get("id") for node in nodes}
        for edge in edges:
            days = [date.fromisoformat(edge.attrib[end]) for end in ("start", "end") if end in edge.attrib]
            assert days == sorted(days)
            assert set(edge.attrib) - {"start", "end"} == {"id", "source", "target", "weight"}
            assert {edge.get("source"), edge.get("target")} <= known
            assert float(edge.get("weight", "")) > 0
            assert len(edge) == 1


def test_networkx_reads_all_that_is_told(of_days: Network) -> None:
    for form, read_ in ((gexf, nx.read_gexf), (graphml, nx.read_graphml)):
        read = read_(io.BytesIO("".join(form(of_days)).encode()))
        assert [read.nodes[node.id]["label"] for node in of_days.nodes] == [node.label for node in of_days.nodes]
        for node in of_days.nodes:
            assert dict(node.told).items() <= read.nodes[node.id].items()
        for tie in of_days.ties:
            assert {"weight": tie.weight, **tie.told}.items() <= read.edges[tie.a, tie.b].items()
        first = read.edges[of_days.ties[0].a, of_days.ties[0].b]
        days = ("start", "end") if form is gexf else ("first", "last")
        assert [first[name] for name in days] == ["2021-09-01", "2023-02-28"]


def test_nothing_is_a_network_too() -> None:
    empty = Network("none", (), ())
    assert places(empty, {}) == {}
    assert communities(empty) == {}
    assert nx.read_graphml(io.BytesIO("".join(graphml(empty)).encode())).number_of_nodes() == 0
    assert nx.read_gexf(io.BytesIO("".join(gexf(empty)).encode())).number_of_nodes() == 0
