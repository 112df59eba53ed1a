"""Updates: which graphs they are asked of is written into them, and none reads from elsewhere."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import QueryError
from communique.store.updates import checked, over
from tests.store.test_syntax import reaching

G, H = "http://example.org/g", "http://example.org/h"
DATA = f"<{G}/s> <{G}/p> 1 <{G}> .\n<{H}/s> <{H}/p> 2 <{H}> .\n".replace(" 1 ", ' "1" ').replace(" 2 ", ' "2" ')


def after(update: str) -> set[str]:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.N_QUADS)
    store.update(update)
    return {f"{quad.subject.value} {quad.graph_name}" for quad in store}


@pytest.mark.parametrize(
    "update",
    [
        "INSERT { GRAPH <x:new> { ?s ?p ?o } } WHERE { ?s ?p ?o }",
        "INSERT{GRAPH<x:new>{?s ?p ?o}}WHERE{?s ?p ?o}",
        "insert { graph <x:new> { ?s ?p ?o } } where { ?s ?p ?o . FILTER(?o < 'WHERE }') }",
        "INSERT { GRAPH <x:new> { ?s ?p ?o } } # WHERE\n WHERE { { SELECT * WHERE { ?s ?p ?o } } }",
        "PREFIX where: <x:#> INSERT { GRAPH <x:new> { ?s ?p ?o } } WHERE { ?s ?p ?o . FILTER(?p != where:WHERE) }",
        "INSERT DATA { <x:a> <x:b> 'WHERE {' } ; INSERT { GRAPH <x:new> { ?s ?p ?o } } WHERE { ?s ?p ?o } ; DROP DEFAULT",
    ],
)
def test_a_pattern_sees_the_graphs_of_the_request_only(update: str) -> None:
    assert f"{G}/s <x:new>" in after(over(update, [G], []))
    assert f"{H}/s <x:new>" not in after(over(update, [G], []))


def test_a_pattern_sees_several_graphs_and_named_ones() -> None:
    update = "INSERT { GRAPH <x:new> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    assert {f"{G}/s <x:new>", f"{H}/s <x:new>"} <= after(over(update, [G, H], []))
    named = "INSERT { GRAPH <x:new> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert f"{H}/s <x:new>" in after(over(named, [], [H]))
    assert f"{G}/s <x:new>" not in after(over(named, [], [H]))


def test_the_short_form_is_written_out() -> None:
    short = f"DELETE WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} }}"
    assert after(over(short, [], [G])) == {f"{H}/s <{H}>"}
    assert len(after(over(short, [], [H]))) == 2  # <g> is no graph that the pattern sees
    assert after(over("DELETE WHERE{GRAPH ?g{?s ?p ?o}}", [], [H])) == {f"{G}/s <{G}>"}


@pytest.mark.parametrize("clause", [f"USING <{G}>", f"USING NAMED <{G}>", f"using <{G}>"])
def test_graphs_are_chosen_once(clause: str) -> None:
    with pytest.raises(QueryError, match="USING"):
        over(f"INSERT {{ ?s ?p ?o }} {clause} WHERE {{ ?s ?p ?o }}", [G], [])
    with pytest.raises(QueryError, match="WITH"):
        over(f"WITH <{G}> INSERT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", [], [G])
    assert over(f"INSERT {{ ?s ?p ?o }} {clause} WHERE {{ ?s ?p ?o }}", [], [])


def test_no_graph_becomes_text_of_the_update() -> None:
    for name in ("x> <y", "x:> WHERE {}", "relative", "", "x:{}", 'x:"', "x:a b"):
        with pytest.raises(QueryError, match="no IRI"):
            over("INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }", [name], [])


def test_what_cannot_be_told_is_not_rewritten() -> None:
    with pytest.raises(QueryError, match="less than"):
        over("INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?o<'x>') }", [G], [])


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <file:///etc/hostname>",
        "load silent <http://127.0.0.1:1/> into graph <x:g>",
        "CLEAR ALL;LOAD<http://127.0.0.1:1/>",
        "PREFIX x: <x:>LOAD x:a",
        "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?o<'x>') } ; LOAD <http://127.0.0.1:1/> #'\n",
    ],
)
def test_no_update_loads(update: str) -> None:
    with pytest.raises(QueryError, match="LOAD"):
        checked(update)


def test_no_update_asks_another_server() -> None:
    for query in reaching("<http://127.0.0.1:1/>"):
        pattern = query[query.index("{") :]
        with pytest.raises(QueryError, match="SERVICE"):
            checked(f"INSERT {{ <x:a> <x:b> 1 }} WHERE {pattern}")
    harmless = "INSERT DATA { <x:load> <x:LOAD> 'LOAD <x:SERVICE>' } # LOAD SERVICE"
    assert checked(harmless) == harmless


pieces = st.sampled_from(
    ["DELETE", "INSERT", "WHERE", "DATA", "{", "}", "?s", "<x:a>", "<", ";", "GRAPH", "USING", "'", '"', "#", "\n", "(", ")", "LOAD", ":a"]
)


@given(st.lists(pieces, max_size=20))
def test_no_text_breaks_the_rewriting(parts: list[str]) -> None:
    text = " ".join(parts)
    try:
        assert over(checked(text), [G], [H])
    except QueryError:
        pass
    except AssertionError:
        assert text == ""
