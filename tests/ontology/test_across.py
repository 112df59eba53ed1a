"""Rules across readouts that are found by keys conclude what their queries say."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communique.iris import CQ, Iris
from communique.ontology import reasoner
from communique.ontology.terms import XSD, Triple
from communique.store import Store, open_store
from tests.thorough import times

IRIS = Iris("https://example.org/data/")
GRAPH = IRIS.graph("made")
DAYS = ("2023-05-01", "2023-05-02", "2024-05-02", "2023-05", "2024-05")
PARTIES = ("A B", "A C")
NAMES = st.sampled_from(("A", "B", "C"))
# An encounter: its day, its parties, who tells it; and its acts: who acts, towards what in which way, and a commitment with issues, who is
# bound, and its strength.
COMMITMENTS = st.tuples(st.sets(st.sampled_from(("fish", "gas")), max_size=2), st.sets(NAMES, max_size=2), st.none() | st.integers(1, 3))
ACTS = st.tuples(st.sets(NAMES, max_size=2), st.sets(st.tuples(st.sampled_from(("supports", "opposes")), NAMES), max_size=2), COMMITMENTS)
ENCOUNTERS = st.lists(
    st.tuples(st.sampled_from(DAYS), st.sampled_from(PARTIES), NAMES, st.lists(ACTS, max_size=3)),
    max_size=8,
)


def lines(encounters: list) -> list[str]:  # type: ignore[type-arg]
    out: list[str] = []

    def say(s: str, name: str, value: str) -> None:
        out.append(f"<x:{s}> <{CQ}{name}> {value if value[0] == chr(34) else f'<x:{value}>'} <{GRAPH}> .")

    for e, (day, parties, teller, acts) in enumerate(encounters):
        say(f"e{e}", "date", f'"{day}"^^<{XSD}{"date" if len(day) > 7 else "gYearMonth"}>')
        say(f"e{e}", "partyKey", f'"{parties}"')
        say(f"e{e}", "toldFrom", teller)
        for a, (actors, ways, (issues, bound, strength)) in enumerate(acts):
            act, commitment = f"e{e}a{a}", f"e{e}c{a}"
            for s, p, o in ((f"e{e}", "hasSpeechAct", act), (act, "performedIn", f"e{e}"), (act, "makesCommitment", commitment)):
                say(s, p, o)
            say(commitment, "madeIn", act)
            out.append(f"<x:{commitment}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{CQ}Commitment> <{GRAPH}> .")
            for name, values in (("concernsIssue", issues), ("binds", bound)):
                for value in sorted(values):
                    say(commitment, name, value)
            for actor in sorted(actors):
                say(act, "actorState", actor)
            for way, towards in sorted(ways):
                say(act, way, towards)
            if strength:
                say(commitment, "strength", f'"{strength}"^^<{XSD}integer>')
    return out


def asked(store: Store, name: str) -> set[Triple]:
    """What the query of a rule says."""
    found = store.construct(f"BASE <{IRIS.base}>\n{reasoner.global_rules()[name]}")
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in found}


@settings(max_examples=times(60, 400), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(encounters=ENCOUNTERS)
def test_what_is_found_by_keys_is_what_the_queries_say(encounters: list) -> None:  # type: ignore[type-arg]
    with open_store("memory:") as store:
        store.put_graph(GRAPH, lines(encounters))
        for name in reasoner.global_rules():
            assert set(reasoner.concluded(store, IRIS, name)) == asked(store, name)


@pytest.mark.parametrize(("strength", "how"), [(3, "strengthens"), (2, "repeats"), (1, "weakens")])
def test_a_commitment_is_compared_with_the_last_day_before(strength: int, how: str) -> None:
    def said(day: str, step: int) -> tuple[object, ...]:
        return day, "A B", "A", [({"A"}, set(), ({"fish"}, {"A"}, step))]

    with open_store("memory:") as store:
        store.put_graph(GRAPH, lines([said("2023-05-01", 1), said("2023-05-02", 2), said("2024-05-02", strength)]))
        found = set(reasoner.concluded(store, IRIS, "repeated-commitment"))
    assert found == {("<x:e1c0>", f"<{CQ}strengthens>", "<x:e0c0>"), ("<x:e2c0>", f"<{CQ}{how}>", "<x:e1c0>")}
