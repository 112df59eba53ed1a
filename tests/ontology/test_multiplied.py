"""Readouts that benchmarks multiply are what the reasoner would have closed, graph by graph."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from communique.iris import CQ, Iris
from communique.ontology import reasoner
from communique.store import open_store

IRIS = Iris()
_MOVED = """SELECT ?act {
  ?act <ns#quote> ?quote ; <ns#start> ?start ; <ns#end> ?end ; <ns#evidence>/^<ns#hasSegment> ?readout . ?readout <ns#text> ?text
  FILTER(SUBSTR(?text, ?start + 1, ?end - ?start) != ?quote)
}"""


def test_multiplied_readouts_are_closed_as_the_reasoner_closes_them(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(root / "benchmarks")
    multiplied = importlib.import_module("multiplied")
    multiplied.fill(tmp_path / "store", 300)  # six rounds: in the last some persons have other names
    with open_store(str(tmp_path / "store")) as store:
        made = {graph: sorted(store.dump(graph)) for graph in store.graphs()}
    told = {graph: lines for graph, lines in made.items() if IRIS.readout_of(graph) and not IRIS.is_inferred(graph)}
    with open_store("memory:") as store:
        store.apply(told)
        closed = reasoner.reason(store, IRIS, authority=made[IRIS.graph("reference")])
        unlike = [graph for graph in store.graphs() if sorted(store.dump(graph)) != made[graph]]
        moved = store.select(f"BASE <{CQ}> {_MOVED}")
        persons = reasoner.reason(store, IRIS).persons  # as the authority file that is made from the readouts has them
    assert closed.texts == closed.closed == len(told) == 330
    assert unlike == [IRIS.graph("unchecked")]  # a list of what is to do
    assert not moved
    assert closed.persons == persons > 25
