"""The authority file of a store: what is written, what the rules and queries make of it, and that nothing stays behind."""

from __future__ import annotations

import io
from collections.abc import Iterator
from hashlib import sha256

import pytest

from communique.ingest.extract import extract
from communique.ingest.quads import quads
from communique.iris import Iris
from communique.model import Document
from communique.ontology import reasoner
from communique.ontology.authority import decisions, graph
from communique.ontology.findings.upkeep import check
from communique.queries import catalogue
from communique.queries.tables import value
from communique.store import Store, open_store

IRIS = Iris("https://example.org/d/")
PREFIXES = "PREFIX cq: <https://w3id.org/communique/ns#> PREFIX owl: <http://www.w3.org/2002/07/owl#> "
PREFIXES += "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"

JAPAN = (
    "Japan-Viet Nam Foreign Ministers' Telephone Talk\n\n"
    "On 12 March 2024, Foreign Minister ASAKURA Nobuhiro of Japan held a telephone talk with Mr. LE Thanh Son, "
    "Minister of Foreign Affairs of Viet Nam.\n\n"
    "Minister Asakura requested cooperation toward the immediate resolution of the abductions issue, "
    "and Minister Son expressed his support.\n"
)
AMERICA = (
    "Secretary Whitcombe's Call with Vietnamese Foreign Minister Son\n\n"
    "Secretary of State Daniel J. Whitcombe spoke today with Vietnamese Foreign Minister Son. "
    "The Secretary and the Foreign Minister discussed maritime security.\n"
)
LATER = (
    "Secretary Whitcombe's Call with Vietnamese Foreign Minister Son\n\n"
    "Secretary of State Dan Whitcombe spoke today with Vietnamese Foreign Minister Le Thanh Son. "
    "The Secretary welcomed cooperation on climate change.\n"
)
TEXTS = ((JAPAN, "mofa", "2024-03-12"), (AMERICA, "state", "2024-09-02"), (LATER, "state", "2025-02-03"))


def document(text: str, source: str, date: str) -> Document:
    title = text.splitlines()[0]
    return Document(
        f"{source}-{date}", text, sha256(text.encode()).hexdigest(), "test", source=source, title=title, date=date, composed=True
    )


def fill(store: Store, texts: tuple[tuple[str, str, str], ...]) -> None:
    for text, source, date in texts:
        d = document(text, source, date)
        store.put_graph(IRIS.account(IRIS.readout(d)), quads(extract(d), IRIS))


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:") as opened:
        fill(opened, TEXTS)
        reasoner.reason(opened, IRIS)
        yield opened


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    return sorted(tuple(value(term) for term in row) for row in store.select(f"{PREFIXES} {query}"))


def test_the_minister_is_one_person_whatever_the_readouts_call_him(store: Store) -> None:
    found = rows(store, "SELECT DISTINCT ?name ?same { ?named owl:sameAs ?same ; rdfs:label ?name }")
    son = {same for name, same in found if name.endswith("Son")}
    assert {name for name, same in found if same in son} == {"LE Thanh Son", "Son", "Le Thanh Son"}
    assert len(son) == 1
    assert {name for name, same in found if "Whitcombe" in name} == {"Daniel J. Whitcombe", "Dan Whitcombe"}
    assert len({same for name, same in found if "Whitcombe" in name}) == 1


def test_the_office_is_held_across_the_readouts(store: Store) -> None:
    found = rows(store, "SELECT ?office ?from ?until { ?i cq:heldOffice ?office ; cq:attestedFrom ?from ; cq:attestedUntil ?until }")
    assert ("https://example.org/d/id/office/vnm/foreign-minister", "2024-03-12", "2025-02-03") in found
    assert ("https://example.org/d/id/office/usa/secretary-of-state", "2024-09-02", "2025-02-03") in found
    acts = rows(store, "SELECT DISTINCT ?office { ?act cq:inOfficeAtAct ?office ; cq:actor ?named . ?named owl:sameAs ?one }")
    assert ("https://example.org/d/id/office/vnm/foreign-minister",) in acts


def test_a_question_counts_one_person_once(store: Store) -> None:
    result = catalogue.run(store, "minister-pairs")
    found = [dict(zip(result.columns, map(value, row), strict=True)) for row in result]
    assert {(r["aLabel"], r["bLabel"], r["encounters"]) for r in found} == {
        ("Daniel J. Whitcombe", "Le Thanh Son", "2"),
        ("ASAKURA Nobuhiro", "Le Thanh Son", "1"),
    }
    by_family = catalogue.run(store, "office-at-act", {"person": "Asakura"})
    assert len(by_family) == 1


def test_each_identification_tells_rule_score_and_reason(store: Store) -> None:
    found = rows(
        store,
        "SELECT ?name ?rule ?reason { ?i a cq:Identification ; cq:writtenName ?name ; cq:derivedBy ?rule ; cq:score ?score ; "
        "cq:reason ?reason ; cq:identifiedAs ?person ; cq:identifies ?mention . ?mention owl:sameAs ?person }",
    )
    assert ("Son", "person.family", "same party (VNM), same office of one holder") in found
    assert [rule for name, rule, _ in found if "Whitcombe" in name] == ["person.nickname"]


def told(store: Store) -> list[str]:
    """All that the store tells, but for the journal of what is still to be checked."""
    return sorted(line for line in store.dump() if not line.endswith("/graph/unchecked> ."))


def test_a_decision_of_a_curator_is_done_and_undone(store: Store) -> None:
    before = told(store)
    line = 'different USA:"Dan Whitcombe" USA:"Daniel J. Whitcombe"  # father and son'
    report = reasoner.reason(store, IRIS, decisions=decisions.parse([line], "who.txt"))
    assert report.persons == 4
    assert told(store) != before
    assert reasoner.reason(store, IRIS).persons == 3
    assert told(store) == before


def test_the_order_of_reading_does_not_matter(store: Store) -> None:
    with open_store("memory:") as other:
        fill(other, TEXTS[::-1])
        reasoner.reason(other, IRIS)
        assert sorted(other.dump()) == sorted(store.dump())


def test_the_check_finds_the_conflicts_that_the_authority_file_has(store: Store) -> None:
    assert "incumbency-conflict" not in {f.code for f in check(store, IRIS)}
    clash = LATER.replace("Le Thanh Son", "Pham Quoc Huy").replace("Son", "Huy")
    fill(store, ((clash, "state", "2024-09-02"),))
    reasoner.reason(store, IRIS)
    found = [f for f in check(store, IRIS) if f.code == "incumbency-conflict"]
    (conflict,) = graph.build(store).conflicts
    assert conflict.days == ("2024-09-02", "2024-09-02")
    assert [f.severity for f in found] == ["warning"]
    assert len({e.readout for e in found[0].evidence}) > 1 and all(e.quote for e in found[0].evidence)
    assert found[0].about in {IRIS.incumbency(IRIS.person(i.person), i.office.iri, i.number) for i in (conflict.one, conflict.other)}


def test_the_graph_is_data_of_its_own(store: Store) -> None:
    """No decision stands in the graph of a readout, and the reference graph is whole by itself."""
    out = io.BytesIO()
    store.query(f"{PREFIXES} SELECT DISTINCT ?g {{ GRAPH ?g {{ ?a owl:sameAs ?b }} }}", "csv", out)
    assert out.getvalue().decode().split() == ["g", IRIS.graph("reference")]
    assert graph.lines(graph.build(store), IRIS) == sorted(store.dump(IRIS.graph("reference")))
