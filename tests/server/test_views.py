"""How answers are shown: the view of the header, others that the columns allow, and a table where columns are missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from communique.queries import catalogue
from communique.server.pages import views
from communique.server.tables import Cell, Table
from tests.server.test_explorer import seen

STATE = "https://w3id.org/communique/vocab/state/JPN"


@pytest.fixture
def client(explorer: Flask) -> FlaskClient:
    return explorer.test_client()


def table(*columns: str, rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(columns, tuple(tuple(Cell(text) for text in row) for row in rows))


def test_every_view_of_the_catalogue_can_be_drawn() -> None:
    for query in catalogue.load().values():
        if query.view != "table":
            assert set(views.NEEDS[query.view]) <= set(query.view_columns), query.name


def test_a_table_is_offered_in_any_case_and_others_where_columns_allow() -> None:
    query = replace(catalogue.get("dyad-matrix"))
    full = table("aLabel", "bLabel", "encounters", rows=(("Japan", "Kenya", "2"),))
    assert list(views.offered(query, full)) == ["matrix", "network", "table"]
    assert views.offered(query, full)["network"] == {"source": 0, "target": 1, "weight": 2}
    assert views.lacking(query, full) == ""
    part = table("aLabel", "encounters", rows=(("Japan", "2"),))
    assert list(views.offered(query, part)) == ["table"]
    assert "shown as a table" in views.lacking(query, part)


def test_bars_of_states_may_be_a_map() -> None:
    query = catalogue.get("third-party-targets")
    columns = tuple(query.view_columns.values())
    row = tuple(Cell("x", iri=STATE if key == "category" else None) for key in query.view_columns)
    assert "map" in views.offered(query, Table(columns, (row,)))


def test_a_tree_keeps_every_node_once_even_where_it_runs_in_a_circle() -> None:
    rows = (("a", "", "A"), ("b", "a", "B"), ("c", "b", "C"), ("x", "y", "X"), ("y", "x", "Y"), ("s", "s", "S"))
    grown = views.tree(table("node", "parent", "label", rows=rows), {"node": 0, "parent": 1, "label": 2})

    def told(branch: views.Branch) -> list[str]:
        return [branch.cell.text, *(text for below in branch.below for text in told(below))]

    assert told(grown[0]) == ["A", "B", "C"]
    assert sorted(text for branch in grown for text in told(branch)) == ["A", "B", "C", "S", "X", "Y"]


def test_words_are_shown_as_quotes_and_as_a_table(client: FlaskClient) -> None:
    tree = seen(client, "/query/requests-and-answers")
    query = catalogue.get("requests-and-answers")
    if query.view == "quotes":
        assert len(tree.css("figure blockquote")) == len(tree.css("figure tbody tr")) > 0
    chips = [chip.text() for chip in tree.css("main .row .chip")]
    assert chips[0] == query.view
    assert "table" in chips
    assert not seen(client, "/query/requests-and-answers?view=table").css("figure blockquote")


def test_why_is_a_tree_down_to_the_readout(client: FlaskClient) -> None:
    act = "https://w3id.org/communique/id/readout/mofa/2023-02-20/japan-uk-foreign-ministers-telephone-talk-40dba0/act/a1"
    tree = seen(client, f"/query/why?statement={act}")
    nodes = tree.css(".tree li")
    assert len(nodes) == len({row.text() for row in tree.css("figure tbody tr td:first-child")})
    assert tree.css(".tree li li")
    assert not tree.css("script[type=module]")
