"""What follows is kept exact while readouts and decisions come and go: always as if it had been made from scratch."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from communique.iris import CQ, VOCAB, Iris, concept
from communique.ontology import closure, graphs, layers, ledger, reasoner, terms
from communique.ontology.closure import Closure
from communique.ontology.identity import SAME
from communique.ontology.layers import Ground, Reference
from communique.ontology.rule import Rule
from communique.ontology.terms import OWL, TYPE, Triple
from communique.store import Store, open_store
from tests.ontology import generated
from tests.ontology.generated import ISSUES, KINDS, PEOPLE, STATES, Acting, Attending, Plan
from tests.ontology.test_closure import background, oracle
from tests.thorough import times

IRIS = Iris("https://example.org/data/")


def cq(name: str) -> str:
    return f"<{CQ}{name}>"


# A rule that joins a readout with what the reference graph tells, through somebody who has many names.
HELD = Rule(
    "office-at-act",
    "an actor holds an office on the day of the act",
    ("?act", cq("inOfficeAtAct"), "?office"),
    (
        ("?encounter", cq("hasSpeechAct"), "?act"),
        ("?encounter", cq("date"), "?on"),
        ("?act", cq("actor"), "?who"),
        ("?held", cq("holder"), "?who"),
        ("?held", cq("heldOffice"), "?office"),
    ),
)
# One whose constant can get another name.
FAVOURITE = Rule(
    "favourite", "acts on one issue", ("?act", TYPE, cq("PositiveAct")), (("?act", cq("aboutIssue"), f"<{VOCAB}issue/{ISSUES[2]}>"),)
)


@cache
def ground() -> Ground:
    return Ground(layers.shipped().triples, Closure([*closure.shipped().rules, HELD, FAVOURITE]))


def statement(s: str, p: str, o: str) -> str:
    return f"<{s}> {p} {o} <{IRIS.graph('reference')}> ."


def same(a: str, b: str) -> str:
    return statement(a, SAME, f"<{b}>")


def held(who: str, kind: int) -> list[str]:
    node = IRIS.incumbency(who, IRIS.office("NOR", KINDS[kind]))
    return [statement(node, cq("holder"), f"<{who}>"), statement(node, cq("heldOffice"), f"<{IRIS.office('NOR', KINDS[kind])}>")]


def decisions() -> st.SearchStrategy[list[str]]:
    """Reference graphs: names of a few readouts joined with persons and with each other, offices held, candidates that are known issues."""
    people = [IRIS.person(f"p{n}") for n in range(2)]
    named = st.builds(lambda number, name: generated.person(IRIS, number, name), st.integers(0, 2), st.integers(0, 2))
    issues = st.sampled_from([(generated.candidate(IRIS, i), concept("issue", ISSUES[j])) for i in (0, 1) for j in (0, 2)])
    lines = st.one_of(
        st.builds(lambda a, b: [same(a, b)], named, st.sampled_from(people)),
        st.builds(lambda a, b: [same(a, b)] if a != b else [], named, named),
        st.builds(held, st.sampled_from(people), st.integers(0, 1)),
        st.builds(lambda pair: [same(*pair)], issues),
        st.sampled_from([[statement(p, TYPE, cq("Person"))] for p in people]),
    )
    return st.lists(lines, max_size=8).map(lambda some: sorted({line for part in some for line in part}))


def plans(number: st.SearchStrategy[int]) -> st.SearchStrategy[Plan]:
    attending = st.builds(
        Attending, st.integers(0, len(PEOPLE) - 1), st.integers(0, len(STATES) - 1), st.none() | st.integers(0, len(KINDS) - 1)
    )
    acting = st.builds(Acting, *(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), st.booleans(), st.booleans())
    people = st.lists(attending, min_size=1, max_size=3, unique_by=lambda a: a.name).map(tuple)
    return st.builds(Plan, number, st.integers(0, 2), st.integers(1, 3), people, st.lists(acting, max_size=4).map(tuple))


class Upkeep(RuleBasedStateMachine):
    """Adds, replaces and removes readouts and changes the reference graph, at random."""

    @initialize()
    def begin(self) -> None:
        self.store, self.scratch = _stores()
        self.told: dict[str, list[str]] = {}
        self.reference: list[str] | None = None
        empty(self.store)
        self._reason()

    def follow(self, store: Store) -> None:
        """Bring up to date what follows in a store."""
        reasoner.reason(store, IRIS, authority=self.reference, ground=ground())

    def _reason(self) -> None:
        self.follow(self.store)

    @rule(plan=plans(st.integers(0, 2)))
    def put(self, plan: Plan) -> None:
        graph, lines = generated.account(IRIS, plan)
        self.told[graph] = lines
        # As ingest does it: what follows goes with what it follows from.
        self.store.apply({graph: lines}, drop=[IRIS.inferred(graph)])
        self._reason()

    @rule(number=st.integers(0, 2))
    def remove(self, number: int) -> None:
        readout = generated.readout(IRIS, number)
        if self.told.pop(IRIS.account(readout), None):
            reasoner.forget(self.store, IRIS, [readout])
            assert not any(IRIS.readout_of(graph) == readout for graph in self.store.graphs())
            self._reason()

    @rule(lines=decisions())
    def decide(self, lines: list[str]) -> None:
        self.reference = lines
        self._reason()

    @rule(lines=decisions(), fewer=st.integers(0, 3))
    def amend(self, lines: list[str], fewer: int) -> None:
        self.reference = sorted({*(self.reference or ())[fewer:], *lines[:2]})
        self._reason()

    @rule()
    def leave_it_to_the_names(self) -> None:
        self.reference = None
        self._reason()

    @invariant()
    def as_from_scratch(self) -> None:
        empty(self.scratch)
        self.scratch.apply(self.told)
        self.follow(self.scratch)
        assert content(self.store) == content(self.scratch)


@cache
def _stores() -> tuple[Store, Store]:
    stores = open_store("memory:"), open_store("memory:")
    for store in stores:
        graphs.load(store, IRIS)
    return stores


def empty(store: Store) -> None:
    """Leave what is shipped, which takes long to write."""
    store.apply({}, drop=[g for g in store.graphs() if g not in _shipped()])


def _shipped() -> tuple[str, str]:
    return IRIS.graph("ontology"), IRIS.graph("vocabulary")


def content(store: Store) -> dict[str, list[str]]:
    """Every graph but the shipped ones, which take long to read, and what waits for findings to be looked for."""
    return {g: sorted(store.dump(g)) for g in store.graphs() if not g.startswith(_shipped()) and g != IRIS.graph("unchecked")}


def test_any_sequence_of_changes_leaves_what_scratch_gives() -> None:
    run_state_machine_as_test(
        Upkeep,
        settings=settings(
            max_examples=times(4, 8), stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
        ),
    )


# Against owlrl


def everything(told: list[Triple], reference: Reference) -> set[Triple]:
    """What a readout, the reference graph and the vocabularies come to, under every name."""
    parts = (told, reference.close(told), reference.triples, reference.own(), reference.ground.triples, reference.ground.layer.known)
    return {named for part in parts for t in part for named in reference.identity.expand(t)}


@settings(max_examples=times(3, 6), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(plan=plans(st.integers(0, 2)), lines=decisions())
def test_a_readout_with_decisions_equals_owlrl_in_both_directions(plan: Plan, lines: list[str]) -> None:
    told, decided = (list(layers.triples(some)) for some in (generated.account(IRIS, plan)[1], lines))
    known = background([*told, *decided])
    mine = everything(told, Reference(Ground(known, closure.shipped()), decided, IRIS))
    theirs = oracle([*terms.ontology(), *told, *decided, *known])
    # A literal is one value to owlrl, whatever way it is written; only triples between things are compared.
    assert things(theirs) == {t for t in things(mine) if t[1] != SAME}


def things(found: Iterable[Triple]) -> set[Triple]:
    """The triples between things of the data."""
    return {t for t in found if t[2][0] == "<" and not t[2].startswith(f"<{OWL}") and not t[0].startswith(f"<{CQ}")}


@pytest.mark.parametrize("shared", [False, True])
def test_all_readouts_together_equal_owlrl(shared: bool) -> None:
    """Readouts closed one by one, and what joins them, are what owlrl makes of everything in one heap."""
    made = [
        Plan(0, 0, 1, (Attending(0, 0, 0), Attending(2, 1, None)), (Acting(0, 0, 0, 0, False, False), Acting(1, 1, 1, 0, True, True))),
        Plan(1, 1, 1, (Attending(0, 0, None), Attending(2, 1, 1)), (Acting(1, 2, 0, 0, False, False),)),
        Plan(2, 0, 2, (Attending(1, 0, 0), Attending(2, 1, 1)), (Acting(0, 2, 0, 0, False, False), Acting(0, 3, 2, 1, False, False))),
    ]
    with open_store("memory:") as store:
        for plan in made:
            store.put_graph(*generated.account(IRIS, plan))
        person = IRIS.person("vik")
        authority = [same(generated.person(IRIS, 0, 0), person), same(generated.person(IRIS, 2, 1), person)] if shared else []
        reasoner.reason(store, IRIS, authority=authority)
        own = [g for g in store.graphs() if IRIS.readout_of(g) or g.startswith((IRIS.graph("reference"), IRIS.graph("global")))]
        read = {g: list(layers.triples(line for line in store.dump(g) if not ledger.is_mark(line))) for g in own}
    mine = [t for found in read.values() for t in found]
    told = [t for g, found in read.items() if not IRIS.is_inferred(g) for t in found]
    known = background(mine)
    decided = Reference(Ground(known, closure.shipped()), layers.triples(authority), IRIS)
    mine += [*known, *decided.ground.layer.known]
    expanded = {named for t in mine for named in decided.identity.expand(t) if t[1] != SAME}
    assert any(t[1] == cq("pairedWith") for t in mine)
    assert things(oracle([*terms.ontology(), *told, *known])) == things(expanded)
