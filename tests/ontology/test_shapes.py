"""The checks: nothing on clean data, every injected error found, and the audits agree with pyshacl."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from communique.errors import DataError
from communique.iris import CQ, VOCAB, Iris
from communique.ontology import reasoner, shapes, terms
from communique.ontology.findings.finding import Finding
from communique.ontology.findings.upkeep import check
from communique.store import Store, open_store

Lines = tuple[list[str], ...]
TYPE = terms.TYPE


def graph_of(lines: list[str]) -> str:
    return lines[0].rsplit("<", 1)[1][:-3]


@pytest.fixture(scope="module")
def closed(few_vocabularies: None, lines: Lines, iris: Iris) -> dict[str, list[str]]:
    """The graphs of a store that was reasoned over."""
    with open_store("memory:") as store:
        for graph in lines:
            store.put_graph(graph_of(graph), graph)
        reasoner.reason(store, iris)
        return {graph: list(store.dump(graph)) for graph in store.graphs()}


@pytest.fixture
def filled(closed: dict[str, list[str]]) -> Iterator[Store]:
    with open_store("memory:") as store:
        store.apply(closed)
        yield store


def errors(store: Store, iris: Iris) -> list[Finding]:
    return [f for f in check(store, iris) if f.severity == "error"]


def without(lines: list[str], *parts: str) -> list[str]:
    return [line for line in lines if not all(part in line for part in parts)]


def changed(lines: list[str], part: str, old: str, new: str) -> list[str]:
    out = [line.replace(old, new) if part in line and old in line else line for line in lines]
    assert out != lines
    return out


def test_clean_data_has_no_findings(filled: Store, iris: Iris) -> None:
    assert check(filled, iris) == ()


def node(lines: list[str], part: str) -> str:
    return next(s[1:-1] for s in (line.split(" ")[0] for line in lines) if part in s)


Change = Callable[[list[str]], list[str]]
INJECTED: dict[str, tuple[Change, str]] = {
    "an act without quote": (lambda g: without(g, "/act/a1>", f"<{CQ}quote>"), "claim-quote"),
    "a quote that is not in the text": (lambda g: changed(g, f"/act/a1> <{CQ}quote>", "ocean", "OCEAN"), "claim-words"),
    "an act outside any encounter": (lambda g: without(g, f"<{CQ}hasSpeechAct>", "/act/a2>"), "act-encounter"),
    "an end before its start": (lambda g: changed(g, f"/act/a3> <{CQ}end>", '> "', '> "-'), "claim-start"),
    "an unknown issue": (lambda g: changed(g, "/act/a1> ", "/issue/oceans-and-plastics>", "/issue/no-such-thing>"), "act-issue"),
    "a confidence above one": (lambda g: changed(g, f"/act/a1> <{CQ}confidence>", '"0.9"', '"1.9"'), "claim-confidence"),
    "two types for one act": (
        lambda g: [*g, f"<{node(g, '/act/a1>')}> <{CQ}actType> <{VOCAB}act/Offer> <{graph_of(g)}> ."],
        "act-type",
    ),
    "a person who is a state": (
        lambda g: [*g, f"<{node(g, '/person/')}> {TYPE} <{CQ}State> <{graph_of(g)}> ."],
        "disjoint-classes",
    ),
    "an act that answers itself": (
        lambda g: [*g, f"<{node(g, '/act/a1>')}> <{CQ}answers> <{node(g, '/act/a1>')}> <{graph_of(g)}> ."],
        "irreflexive",
    ),
    "requests that answer each other": (
        lambda g: [*g, f"<{node(g, '/act/a3>')}> <{CQ}answers> <{node(g, '/act/a4>')}> <{graph_of(g)}> ."],
        "asymmetric",
    ),
    "an act for and against one thing": (
        lambda g: [*g, f"<{node(g, '/act/a1>')}> <{CQ}opposes> <{VOCAB}issue/oceans-and-plastics> <{graph_of(g)}> ."],
        "disjoint-properties",
    ),
    "an office of two states": (
        lambda g: [*g, f"<{node(g, '/id/office/')}> <{CQ}officeOf> <{VOCAB}state/USA> <{graph_of(g)}> ."],
        "functional",
    ),
}


@pytest.mark.parametrize("name", INJECTED)
def test_an_injected_error_is_found_in_its_readout(filled: Store, lines: Lines, iris: Iris, name: str) -> None:
    change, code = INJECTED[name]
    account = graph_of(lines[0])
    filled.put_graph(account, change(lines[0]))
    reasoner.reason(filled, iris, changed=[account])
    found = errors(filled, iris)
    assert code in {f.code for f in found}
    assert iris.readout_of(account) in {f.readout for f in found if f.code == code}


def test_a_warning_tells_what_could_not_be_read(filled: Store, lines: Lines, iris: Iris) -> None:
    account = graph_of(lines[1])
    filled.put_graph(account, without(lines[1], "/encounter/e1>", f"<{CQ}date>"))
    reasoner.reason(filled, iris)
    assert {(f.severity, f.code) for f in check(filled, iris)} == {("warning", "encounter-date")}


@pytest.mark.parametrize(
    "name", [None, "a quote that is not in the text", "an act outside any encounter", "an end before its start", "two types for one act"]
)
def test_pyshacl_and_the_audits_agree(lines: Lines, iris: Iris, name: str | None) -> None:
    graph = INJECTED[name][0](lines[0]) if name else lines[0]
    account = graph_of(graph)
    with open_store("memory:") as store:
        store.put_graph(account, graph)
        reasoner.reason(store, iris)
        everything = [*store.dump(account), *store.dump(iris.inferred(account))]
        codes = {c.code for c in shapes.constraints()}
        ours = {(f.code, f.about) for f in check(store, iris, iris.readout_of(account)) if f.code in codes}
        assert ours == set(shapes.validate(everything, shapes.background(terms.vocabulary(), everything)))
        assert bool(ours) == bool(name)


def test_a_constraint_that_is_not_known_is_an_error() -> None:
    sh = shapes.SH
    shape, prop = "<http://example.org/s>", "<http://example.org/p>"
    triples = [
        (shape, f"<{sh}targetClass>", f"<{CQ}Person>"),
        (shape, f"<{sh}property>", prop),
        (prop, f"<{sh}path>", f"<{CQ}note>"),
        (prop, f"<{sh}uniqueLang>", '"true"'),
    ]
    with pytest.raises(DataError, match="uniqueLang"):
        list(shapes.compiled(triples))


def test_the_samples_have_no_errors_and_pairs_among_them(samples: Store) -> None:
    assert errors(samples, Iris()) == []
    pairings = samples.select(f"SELECT DISTINCT ?p {{ ?p a <{CQ}Pairing> }}")
    assert len(pairings) >= 8
