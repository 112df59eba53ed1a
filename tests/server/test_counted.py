"""What pages count themselves, or take from counts that are kept, is what the queries that they show beside it answer."""

from __future__ import annotations

import pytest
from flask import Flask

from communique.server.pages import acts, asking, events, issues, network, parties
from communique.server.pages.asking import rows

VOCAB = "<https://w3id.org/communique/vocab"


@pytest.mark.parametrize("time", ["", "&first=2023&last=2023"])
@pytest.mark.parametrize("scope", ["encounter", "sentence"])
def test_the_network_is_what_its_queries_answer(explorer: Flask, scope: str, time: str) -> None:
    with explorer.test_request_context(f"/network?least=1&scope={scope}{time}"):
        asked = network._asked()
        edges, nodes = rows(asked.edges_query), rows(asked.nodes_query)
    assert len(edges) > 50
    assert {(e.a, e.b, str(e.weight)) for e in asked.strong} == {(row["a"], row["b"], row["n"]) for row in edges}
    assert {issue: str(n) for issue, n in asked.size.items()} == {row["issue"]: row["n"] for row in nodes}


@pytest.mark.parametrize("issue", ["regional-situations", "north-korea"])
def test_the_months_of_an_issue_are_what_its_query_answers(explorer: Flask, issue: str) -> None:
    with explorer.test_request_context():
        below = [row["issue"] for row in rows(issues._BELOW % f"{VOCAB}/issue/{issue}>")]
        values = asking.iris([f"{VOCAB[1:]}/issue/{issue}", *below])
        counted, found = issues._times(rows(issues._TYPES % values)), rows(issues._TIMES % values)
    assert len(found) > 3
    assert {key: str(n) for key, n in counted.items()} == {(row["month"], row["family"]): row["n"] for row in found}


@pytest.mark.parametrize("state", ["JPN", "GBR"])
def test_what_a_party_does_is_what_the_acts_tell(explorer: Flask, state: str) -> None:
    node = f"{VOCAB}/state/{state}>"
    plain = f"""SELECT ?issue (COUNT(DISTINCT ?act) AS ?n) (COUNT(DISTINCT ?good) AS ?positive) (COUNT(DISTINCT ?bad) AS ?negative) {{
        ?act cq:actorState {node} ; cq:aboutIssue ?issue
        OPTIONAL {{ ?act cq:polarity cq:positive BIND(?act AS ?good) }} OPTIONAL {{ ?act cq:polarity cq:negative BIND(?act AS ?bad) }}
      }} GROUP BY ?issue ORDER BY DESC(?n) ?issue"""
    types = f"""SELECT ?type (COUNT(DISTINCT ?act) AS ?n) {{ ?act cq:actorState {node} ; cq:actType ?type }} GROUP BY ?type
      ORDER BY DESC(?n) ?type"""
    with explorer.test_request_context():
        did = rows(parties._DID % node)
        assert parties._by_type(did) == rows(types)
        assert parties._by_family(did) == rows(acts.BY_YEAR % f"?act cq:actorState {node} .")
        assert rows(parties._ISSUES % node) == rows(plain)
    assert len(did) > 5


@pytest.mark.parametrize(
    "pattern", ["?encounter a cq:Encounter .", f"?encounter cq:involvesState {VOCAB}/state/JPN> ; cq:discusses ?any ."]
)
def test_events_in_parts_are_the_events_of_the_whole(explorer: Flask, pattern: str) -> None:
    with explorer.test_request_context():
        every = events.events(pattern)
    assert any(len(event.accounts) > 1 for event in every)
    found = []
    for number in range(1, 2 - -len(every) // 10):
        with explorer.test_request_context(f"/timeline?page={number}"):
            shown, pages = events.part(pattern, 10)
            assert pages.total == len(every)
            found += shown if pages.number == number else []
    assert [event.iri for event in found] == [event.iri for event in every]
