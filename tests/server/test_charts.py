"""Charts as the server gives them: the data behind each picture is that of its table, and networks are files that others read."""

from __future__ import annotations

import io
import json
from typing import Any

import networkx as nx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from communique.server.pages import drawing
from tests.server.test_explorer import HTML, seen


@pytest.fixture
def client(explorer: Flask) -> FlaskClient:
    return explorer.test_client()


def chart(tree: HTMLParser, name: str) -> Any:
    """The data of a figure."""
    node = tree.css_first(f"#{name}")
    assert node is not None
    return json.loads(node.text())


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_the_network_is_a_file_that_networkx_reads(client: FlaskClient, form: str) -> None:
    drawn = chart(seen(client, "/network?least=4"), "network-data")
    answer = client.get(f"/network.{form}?least=4")
    assert answer.mimetype == f"application/{form}+xml"
    assert f".{form}" in answer.headers["Content-Disposition"]
    assert answer.data == client.get(f"/network.{form}?least=4").data
    read = getattr(nx, f"read_{form}")(io.BytesIO(answer.data))
    assert read.number_of_edges() == len(drawn["edges"])
    assert all(isinstance(told[key], float) for *_, told in read.edges(data=True) for key in ("weight", "lift"))
    assert all(isinstance(told["places"], int) for _, told in read.nodes(data=True))
    assert {told["label"] for _, told in read.nodes(data=True)} == {node["name"] for node in drawn["nodes"]}


def test_every_node_has_a_place_and_a_community_with_a_name(client: FlaskClient) -> None:
    drawn = chart(seen(client, "/network"), "network-data")
    assert all(0 <= float(str(node[axis])) <= 1 for node in drawn["nodes"] for axis in "xy")
    assert {node["group"] for node in drawn["nodes"]} == set(range(len(drawn["groups"])))
    assert all(str(drawn["groups"][int(str(node["group"]))]) for node in drawn["nodes"])


def test_the_files_of_a_network_are_offered_beside_it(client: FlaskClient) -> None:
    tree = seen(client, "/network?scope=sentence")
    for selector in (".rail a", ".tools a"):
        links = [node.attributes["href"] for node in tree.css(selector)]
        assert {"/network.graphml?scope=sentence", "/network.gexf?scope=sentence"} <= set(links)
    assert client.get("/network.exe", headers=HTML).status_code == 404


def test_a_span_of_months_holds_for_lanes_and_list(client: FlaskClient) -> None:
    whole, part = seen(client, "/timeline"), seen(client, "/timeline?from=2023-03&until=2023-05")
    days = [node.attributes["datetime"] or "" for node in part.css("main time")]
    assert days
    assert all("2023-03" <= day[:7] <= "2023-05" for day in days)
    assert chart(part, "timeline-data")["counts"] == chart(whole, "timeline-data")["counts"]  # the brush shows all months
    assert seen(client, "/timeline?from=x&until=2023-99").css_first(".lead") is not None
    counted = dict(zip(*(chart(whole, "timeline-data")[k] for k in ("months", "counts")), strict=True))
    assert {day[:7] for day in days} == {month for month, n in counted.items() if n and "2023-03" <= str(month) <= "2023-05"}


def test_the_matrix_of_dyads_has_its_parties_in_one_order(client: FlaskClient) -> None:
    table = seen(client, "/dyads?most=20").css_first("table.matrix")
    assert table is not None
    across = [head.text().strip() for head in table.css("thead th")][1:]
    down = [head.text().strip() for head in table.css("tbody th")]
    assert across == down
    cells = [[cell.text().strip() for cell in row.css("td")] for row in table.css("tbody tr")]
    assert all(cells[r][c] == cells[c][r] for r in range(len(down)) for c in range(r))


def test_a_stance_is_told_with_its_words(client: FlaskClient) -> None:
    tree = seen(client, "/stance?state=JPN&issue=north-korea")
    rows = [[cell.text().strip() for cell in row.css("td")] for row in tree.css("figure tbody tr")]
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), reverse=True)
    assert {row[1] for row in rows} <= {"positive", "mixed", "no position reported", "negative"}
    lead = tree.css_first(".lead")
    assert lead is not None
    assert f"{len(rows)} statements in which Japan is told" in lead.text()
    assert "No readout here tells that" in client.get("/stance?state=PRK&issue=haiti", headers=HTML).text
    assert client.get("/stance?state=XXX", headers=HTML).status_code == 404
    assert client.get("/stance?issue=%3C%3E", headers=HTML).status_code == 404


def test_parties_and_dyads_show_their_acts_by_year(client: FlaskClient) -> None:
    for path, caption in (("/state/JPN", "Its acts by year"), ("/dyad/GBR/JPN", "Acts in their encounters")):
        figures = [figure for figure in seen(client, path).css("figure[data-chart=columns]") if caption in figure.text()]
        assert len(figures) == 1
        assert len(figures[0].css("rect")) > 1
        assert figures[0].css(".tools a")


def test_a_network_of_too_many_is_not_drawn_but_listed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.server.pages.network._MOST", 10)
    tree = seen(client, "/network?least=1")
    assert "too many for a picture" in tree.css_first("p.note:not([role])").text()  # type: ignore[union-attr]
    assert tree.css_first("#network-data") is None
    assert len(tree.css("figure tbody tr")) == 200


def test_an_issue_is_drawn_with_what_comes_up_with_it(client: FlaskClient) -> None:
    tree = seen(client, "/issue/north-korea")
    drawn = chart(tree, "beside-data")
    listed = [node.text() for node in tree.css("figure.lesser tbody th")]
    assert {node["name"] for node in drawn["nodes"]} == {*listed, "North Korea"}
    own = next(number for number, node in enumerate(drawn["nodes"]) if node["name"] == "North Korea")
    assert sum(own in edge[:2] for edge in drawn["edges"]) == len(listed)
    assert len(drawn["edges"]) > len(listed)


def test_a_state_has_a_map_of_whom_it_meets(client: FlaskClient) -> None:
    tree = seen(client, "/state/JPN")
    states = chart(tree, "map-data")
    assert [state["iso3"] for state in states if state.get("own")] == ["JPN"]
    met = {state["href"]: str(state["n"]) for state in states if not state.get("own")}
    table = [(row.css_first("th a"), row.css_first("td.number")) for row in tree.css("[aria-label=Counterparts] tbody tr")]
    told = {link.attributes["href"]: cell.text() for link, cell in table if link and cell}
    assert met == {href: n for href, n in told.items() if "%3A" not in (href or "")}


def test_a_proof_is_drawn_as_it_is_listed(client: FlaskClient) -> None:
    page = "/readouts"
    for kind in ("/readout/", "/statement/", "/proof"):
        page = next(href for node in seen(client, page).css("main a") if kind in (href := node.attributes["href"] or ""))
    tree = seen(client, page)
    waiting, lines = [chart(tree, "proof-data")], []
    while waiting:
        step = waiting.pop()
        lines.append(" ".join(step["says"]))
        waiting += step["below"]
    assert sorted(lines) == sorted(" ".join(node.text().split()) for node in tree.css(".tree li > div"))
    assert len(lines) > 1


def test_columns_of_many_years_are_years() -> None:
    counts = {(f"{year}-{month:02d}", "encounters"): 1 for year in range(2000, 2010) for month in (1, 6)}
    drawn = drawing.over_time(counts, ["encounters"], lambda when, _: "&".join(f"{key}={value}" for key, value in when.items()))
    assert [list(row) for row in drawn.rows] == [[str(year), 2] for year in range(2000, 2010)]
    assert drawn.heads[0] == "year"
    assert drawn.bars[0].href == "year=2000"
    few = drawing.over_time({("2001-02", "encounters"): 3}, ["encounters"], lambda when, _: when.get("month"))
    assert (few.heads[0], few.bars[0].href, len(few.rows)) == ("month", "2001-02", 1)
