"""Readouts that a benchmark composes are read as they are meant, and a store that is filled stage by stage is what one run makes."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from communique.ingest import pipeline
from communique.iris import Iris
from communique.ontology import reasoner
from communique.store import open_store
from tests.thorough import times

IRIS = Iris()
COUNT = times(60, 150)
_TOLD = """PREFIX cq: <https://w3id.org/communique/ns#>
SELECT (COUNT(DISTINCT ?e) AS ?es) (COUNT(DISTINCT ?pair) AS ?pairs) (COUNT(DISTINCT ?part) AS ?parts) (COUNT(DISTINCT ?act) AS ?acts) {
  ?e cq:hasParticipation ?part OPTIONAL { ?e cq:hasSpeechAct ?act } OPTIONAL { ?e cq:pairedWith ?pair }
}"""


def test_composed_readouts_are_read_as_meant(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(root / "benchmarks")
    composed = importlib.import_module("composed")
    texts = tmp_path / "texts.jsonl"
    composed.write(texts, composed.Composed(7)(COUNT))
    assert texts.read_text(encoding="utf-8").count("\n") == COUNT
    assert list(composed.Composed(7)(COUNT)) == list(composed.Composed(7)(COUNT)) != list(composed.Composed(8)(COUNT))

    composed.fill(tmp_path / "store", composed.Composed(7)(COUNT), 1)
    with open_store(str(tmp_path / "store")) as store:
        made = {graph: sorted(store.dump(graph)) for graph in store.graphs()}
    with open_store("memory:") as store:
        read = pipeline.ingest([texts], store, IRIS)
        reasoner.reason(store, IRIS)
        unlike = [graph for graph in {*store.graphs(), *made} if sorted(store.dump(graph)) != made.get(graph)]
        (told,) = store.select(_TOLD)
    encounters, pairs, parts, acts = (int(number.value) for number in told)  # type: ignore[union-attr]  # literals, by the query
    assert read.readouts == read.encounters == encounters == COUNT
    assert pairs >= COUNT / 10
    assert parts > 2 * COUNT
    assert COUNT < acts < 3 * COUNT
    assert {IRIS.graph("unchecked")}.issuperset(unlike)  # a list of what is to do
