"""The competency questions answered from the samples.

Each ``expected/<name>.toml`` was written by reading the sample texts: ``rows`` is the whole answer, ``has`` and ``lacks`` are
rows that are or are not in it; ``pending`` tells what the extractor does not yet read right.  A parameter
``@<start of a sample's name>`` stands for the IRI of the encounter in that sample.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from communique.errors import CommuniqueError
from communique.queries import load, run, tables
from communique.store import Store, open_store

EXPECTED = sorted((Path(__file__).parent / "expected").glob("*.toml"))
CASES = [
    pytest.param(
        path.stem,
        case,
        id=f"{path.stem}-{number}",
        marks=[pytest.mark.xfail(reason=case["pending"], strict=True)] if "pending" in case else [],
    )
    for path in EXPECTED
    for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"], 1)
]


@pytest.fixture
def store(samples: Store) -> Store:
    """The samples, read and reasoned over."""
    return samples


def params_of(store: Store, case: dict[str, Any]) -> dict[str, str]:
    return {name: encounter(store, value[1:]) if value.startswith("@") else value for name, value in case.get("params", {}).items()}


def encounter(store: Store, sample: str) -> str:
    source, day = sample.split("-", 1)
    found = f'SELECT DISTINCT ?e WHERE {{ ?e a <https://w3id.org/communique/ns#Encounter> FILTER (CONTAINS(STR(?e), "/{source}/{day}/")) }}'
    ((iri,),) = store.select(found)
    return tables.value(iri)


def test_every_query_has_expected_answers() -> None:
    assert {path.stem for path in EXPECTED} | {"why"} == set(load())


@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_answer_is_what_the_samples_say(store: Store, name: str, case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(CommuniqueError) as refused:
            run(store, name, params_of(store, case))
        assert case["error"] in str(refused.value)
        return
    result = run(store, name, params_of(store, case))
    places = [result.columns.index(column) for column in case["columns"]]
    rows = [[tables.value(row[i]) for i in places] for row in result]
    if "rows" in case:
        order = sorted if case.get("any_order") else list
        assert order(rows) == order(case["rows"])
    assert [row for row in case.get("has", []) if row not in rows] == []
    assert [row for row in case.get("lacks", []) if row in rows] == []


@pytest.mark.parametrize("name", sorted(set(load()) - {"why"}))
def test_an_answer_takes_less_than_a_second_and_says_nothing_twice(store: Store, name: str) -> None:
    started = time.perf_counter()
    result = run(store, name)
    assert time.perf_counter() - started < 1
    assert len(set(result.rows)) == len(result)


@pytest.mark.parametrize(
    ("name", "params"), [("issues-raised", {"state": "JPN"}), ("issues-raised", {"state": "USA"}), ("minister-pairs", {})]
)
def test_what_is_kept_is_what_a_period_of_all_days_counts(store: Store, name: str, params: dict[str, str]) -> None:
    kept, counted = (run(store, name, {**params, **period}) for period in ({}, {"from": "1900-01-01", "to": "2100-12-31"}))
    example = len(kept.columns) if name == "minister-pairs" else kept.columns.index("example")
    assert len(kept) > 10
    assert [row[:example] for row in kept] == [row[:example] for row in counted]


def test_acts_compared_are_those_of_each_pair(store: Store) -> None:
    """All rows and their order, put together here from the acts of each encounter that is told twice."""
    names = {row[0]: row[1] for row in _words(store, "?x skos:prefLabel ?l", "?x ?l")}
    acts: dict[tuple[str, str], set[str]] = {}
    for told, issue, kind in _words(store, "?e cq:hasSpeechAct ?a . ?a cq:aboutIssue ?i ; cq:actType/skos:prefLabel ?t", "?e ?i ?t"):
        acts.setdefault((told, issue), set()).add(kind)
    expected = []
    pairs = "?e cq:pairedWith ?o ; cq:date ?day ; cq:toldFrom ?s . ?o cq:toldFrom ?t"
    for one, other, day, side, otherwise in _words(store, pairs, "?e ?o ?day ?s ?t"):
        for issue in {i for e, i in acts if e == one} & {i for e, i in acts if e == other}:
            if one < other and side != otherwise:
                kinds, others = (", ".join(sorted(acts[each, issue])) for each in (one, other))
                sides = side.rsplit("/", 1)[-1], otherwise.rsplit("/", 1)[-1]
                expected.append((day, one, issue, names[issue], sides[0], kinds, sides[1], others, str(int(kinds != others))))
    rows = [tuple(map(tables.value, row)) for row in run(store, "acts-compared")]
    assert len(rows) > 40
    assert rows == sorted(expected, key=lambda row: (row[0], row[1], row[6], row[3]))
    one = rows[0][1]
    assert [tuple(map(tables.value, row)) for row in run(store, "acts-compared", {"encounter": one})] == [r for r in rows if r[1] == one]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("acts-compared", 1),
        ("issue-order", 2),
        ("no-position", 1),
        ("events-and-protests", 2),
        ("instruments", 0),
        ("third-party-targets", 0),
        ("reported-of-other", 1),
        ("source-conflicts", 2),
    ],
)
def test_an_answer_costs_what_it_says(name: str, rows: int) -> None:
    """Eight times the encounters, all on one issue of which as much is inferred, beside as many days and names: 64 times the time if what
    an issue is called or the day of an event is looked up row by row, if all meet all others on their issue, or if each row goes
    through all that is told of a party or of who took part."""
    few, many = (_costs(name, count, count * rows or 1) for count in (300, 2400))
    assert many < 20 * few


def _costs(name: str, count: int, rows: int) -> float:
    """Seconds of processor time; the least of three, since other programs on the machine add to each."""
    took, store = [], _store_of(count)
    for _ in range(3):
        started = time.process_time()
        assert len(run(store, name)) == rows
        took.append(time.process_time() - started)
    return min(took)


@cache
def _store_of(count: int) -> Store:
    store = open_store("memory:")
    store.put_graph("http://example.org/g", _told_twice(count))
    return store


def _told_twice(count: int) -> Iterator[str]:
    """So many encounters that two sides tell of, each with one act on the same issue, its event, and what follows for the issue; with one
    act of the other side, and with somebody whom the other side does not name."""
    told, vocab, end = "http://example.org/told/", "https://w3id.org/communique/vocab/", "<http://example.org/g> ."
    cq, xsd, label = (
        "https://w3id.org/communique/ns#",
        "http://www.w3.org/2001/XMLSchema#",
        "<http://www.w3.org/2004/02/skos/core#prefLabel>",
    )
    issue, kind, words = f"<{vocab}issue/north-korea-nuclear-missile>", f"<{vocab}act/Condemn>", '"condemned the violation of the treaty"'
    yield f'{issue} {label} "an issue" {end}'
    yield f'{kind} {label} "condemn" {end}'
    for number in range(count):
        day = f'"2024-01-01"^^<{xsd}date>'
        for side, other in (("GBR", "JPN"), ("JPN", "GBR")):
            own = f"{told}{number}-{side}"
            node, act, event, mention = f"<{own}>", f"<{own}-act>", f"<{own}-event>", f"<{own}-mention>"
            of_node = {"pairedWith": f"<{told}{number}-{other}>", "toldFrom": f"<{vocab}state/{side}>", "date": day, "hasSpeechAct": act}
            of_node |= {"involvesState": f"<{vocab}state/GBR>", "discusses": issue}
            of_act = {"aboutIssue": issue, "actType": kind, "aboutEvent": event, "actorState": f"<{vocab}state/{side}>", "quote": words}
            theirs, party = f"<{own}-theirs>", f"<{vocab}state/{other}>"
            of_theirs = {"aboutIssue": issue, "actType": kind, "actorState": party, "joint": f'"false"^^<{xsd}boolean>'}
            there, named = f"<{own}-there>", f"<{own}-named>"
            of_there = {"participant": named, "represents": f"<{vocab}state/{side}>", "writtenName": f'"{side}"'}
            of_act |= {"hasIssueMention": mention, "joint": f'"true"^^<{xsd}boolean>', "polarity": f"<{cq}negative>", "target": issue}
            for what, told_of in (
                (node, of_node),
                (act, of_act),
                (event, {"relation": '"about"', "date": day, "quote": '"a launch"'}),
                (mention, {"mentionsIssue": issue, "start": f'"1"^^<{xsd}integer>'}),
                (issue, {"isIssueOf": act}),
                (node, {"hasSpeechAct": theirs, "hasParticipation": there}),
                (theirs, of_theirs),
                (there, of_there),
                (f"<{own}-account>", {"describesEncounter": node}),
                (f"<{own}-readout>", {"hasAccount": f"<{own}-account>"}),
            ):
                yield from (f"{what} <{cq}{name}> {value} {end}" for name, value in told_of.items())
            yield f'{node} <http://www.w3.org/2000/01/rdf-schema#label> "a call" {end}'
            yield f'<{own}-speaker> {label} "somebody" {end}'
            yield f"{named} <http://www.w3.org/2002/07/owl#sameAs> <{told}{side}> {end}"


def _words(store: Store, pattern: str, wanted: str) -> Iterator[tuple[str, ...]]:
    prefixes = "PREFIX cq: <https://w3id.org/communique/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
    return (tuple(map(tables.value, row)) for row in store.select(f"{prefixes} SELECT DISTINCT {wanted} {{ {pattern} }}"))


def test_why_leads_to_the_words(store: Store) -> None:
    requests = run(store, "requests-and-answers", {"a": "JPN", "b": "GBR"})
    request = tables.value(requests.rows[0][requests.columns.index("request")])
    why = run(store, "why", {"statement": request})
    roles = [tables.value(row[why.columns.index("role")]) for row in why]
    assert set(roles) >= {"claim", "actor", "addressee", "issue", "sentence", "readout"}
    words = {tables.value(row[why.columns.index("words")]) for row in why}
    assert "Japan-UK Foreign Ministers’ Telephone Talk" in words
    assert any(w.startswith("requested Minister Colborne’s understanding") for w in words)


def test_what_is_quoted_stands_in_the_text(store: Store) -> None:
    quotes = store.select(
        "PREFIX cq: <https://w3id.org/communique/ns#> SELECT ?text ?start ?end ?quote WHERE {"
        " GRAPH ?g { ?readout cq:text ?text . ?claim cq:quote ?quote ; cq:start ?start ; cq:end ?end } }"
    )
    assert len(quotes) > 1000
    for text, start, end, quote in quotes:
        assert tables.value(text)[int(tables.value(start)) : int(tables.value(end))] == tables.value(quote)
