"""What pages count themselves, or take from counts that are kept, is what the queries that they show beside it answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from communique.iris import CQ
from communique.queries import facets
from communique.server.pages import acts, asking, events, issues, network, parties, readouts
from communique.server.pages.asking import rows
from communique.server.site import site
from communique.store import open_store

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


@pytest.mark.parametrize("sort", facets.SORTS)
@pytest.mark.parametrize(
    "choice",
    [
        "",
        "state=JPN",
        "state=JPN&state=GBR&issue=security",
        "act=Request&publisher=mofa",
        "year=2023&issue=north-korea",
        "month=2023-02&act=Urge&state=CHN",
        "state=nowhere",
    ],
)
def test_facets_count_what_their_queries_answer(explorer: Flask, choice: str, sort: str) -> None:
    with explorer.test_request_context(f"/readouts?{choice}"):
        wanted = readouts.chosen(readouts.links())
        known = readouts.counted(site())
        fit = known.fit(wanted, [facet.name for facet in readouts.FACETS])
        more = "OPTIONAL { ?readout cq:hasAccount/cq:describesEncounter ?any . ?any cq:hasSpeechAct ?said }"
        query = readouts._LISTED % (" (COUNT(DISTINCT ?said) AS ?statements)", readouts.where(wanted), more, readouts._SORTS[sort][1])
        every = [row["readout"] for row in rows(query) if "readout" in row]
        assert known.readouts(fit, sort, 0, 100) == every
        assert known.readouts(fit, sort, 3, 4) == every[3:7]
        assert fit.total == len(every)
        for facet in readouts.FACETS:
            answer = rows(readouts._counting(facet, wanted))
            assert [(row["v"], row["n"]) for row in answer if "v" in row] == [(v, str(n)) for v, n in fit.counts[facet.name]][: len(answer)]


def test_values_that_are_chosen_together_hold_of_one_encounter(tmp_path: Path) -> None:
    """And a readout of several encounters, of which none begins a list or ends it, counts once."""
    base, lines = "https://example.org/", []
    for name, day, told in (("a", "2023-01-03", [""]), ("b", "2023-01-02", ["x", "y", "z", "x"]), ("c", "2023-01-01", ["x"])):
        lines += [
            f'<{base}{name}> a <{CQ}Readout>; <{CQ}publisher> <{base}p>; <{CQ}date> "{day}" ; <{CQ}hasAccount> <{base}{name}/account> .'
        ]
        for number, state in enumerate(told):
            lines.append(f"<{base}{name}/account> <{CQ}describesEncounter> <{base}{name}/{number}> .")
            lines += [f"<{base}{name}/{number}> <{CQ}involvesState> <{base}{state}>, <{base}all> ."] if state else []
    with open_store("memory:") as store:
        store.update(f"INSERT DATA {{ {' '.join(lines)} }}")
        facets.build(store.select, tmp_path / "facets")
    known = facets.Facets(tmp_path / "facets")

    def found(*states: str) -> list[str]:
        return [readout.removeprefix(base) for readout in known.readouts(known.fit({"state": [base + state for state in states]}))]

    assert found() == ["a", "b", "c"]
    assert found("x") == ["b", "c"]
    assert found("x", "all") == ["b", "c"]
    assert found("y") == ["b"]
    assert found("x", "y") == []
    assert known.fit({}, ["state"]).counts["state"] == [(base + "all", 2), (base + "x", 2), (base + "y", 1), (base + "z", 1)]
