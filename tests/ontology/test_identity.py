"""Decisions that two names are one: representatives in the rules, every name on request, and nothing left of what is taken back."""

from __future__ import annotations

from functools import cache

import pytest

from communique.errors import ReasoningError
from communique.iris import CQ, Iris, concept
from communique.ontology import closure, layers, ledger, reasoner
from communique.ontology.closure import Closure
from communique.ontology.identity import SAME, identity, refuse_mixtures
from communique.ontology.layers import Ground, Reference
from communique.ontology.naming import Names, under
from communique.ontology.rule import Rule
from communique.ontology.terms import TYPE, Triple
from communique.store import Store, open_store
from tests.ontology import generated
from tests.ontology.generated import Acting, Attending, Plan

IRIS = Iris("https://example.org/data/")
VIK = IRIS.person("nor-vik-ada")
FIRST = Plan(0, 0, 1, (Attending(0, 0, 0), Attending(2, 1, 1)), (Acting(0, 0, 0, 0, False, False), Acting(1, 1, 1, 0, True, True)))
SECOND = Plan(1, 1, 2, (Attending(1, 0, None), Attending(2, 1, 1)), (Acting(0, 2, 0, 0, False, False),))


def named(number: int, name: int) -> str:
    return f"<{generated.person(IRIS, number, name)}>"


def minted(name: str) -> bool:
    return IRIS.readout_of(name[1:-1]) is not None


def decided(*pairs: tuple[str, str]) -> list[str]:
    return [f"{a} {SAME} {b} <{IRIS.graph('reference')}> ." for a, b in pairs]


def held(person: str, office: str) -> list[str]:
    node = f"<{IRIS.incumbency(person, office)}>"
    told = ((node, "holder", person), (node, "heldOffice", office), (node, "attestedUntil", "2030"))
    return [f"{s} <{CQ}{p}> {f'<{o}>' if '/' in o else chr(34) + o + chr(34)} <{IRIS.graph('reference')}> ." for s, p, o in told]


def everything(store: Store) -> list[str]:
    return sorted(line for line in store.dump() if not ledger.is_mark(line))


@cache
def in_office() -> Ground:
    """The shipped rules and one that joins a readout with the reference graph through a person."""
    body = (("?act", f"<{CQ}actor>", "?who"), ("?held", f"<{CQ}holder>", "?who"), ("?held", f"<{CQ}heldOffice>", "?office"))
    rule = Rule("held", "an actor holds an office", ("?act", f"<{CQ}inOfficeAtAct>", "?office"), body)
    return Ground(layers.shipped().triples, Closure([*closure.shipped().rules, rule]))


def test_the_representative_is_a_concept_or_else_no_readouts_name() -> None:
    state = f"<{concept('state', 'NOR')}>"
    found = identity(
        [(named(0, 0), SAME, f"<{VIK}>"), (named(1, 1), SAME, named(0, 0)), ("<http://example.org/norway>", SAME, state)], minted
    )
    assert found.names == {
        f"<{VIK}>": tuple(sorted((f"<{VIK}>", named(0, 0), named(1, 1)))),
        state: tuple(sorted((state, "<http://example.org/norway>"))),
    }
    assert found.fold((named(1, 1), TYPE, state)) == (f"<{VIK}>", TYPE, state)
    assert len(list(found.expand((named(1, 1), "<x:p>", state)))) == 6


def test_the_order_of_decisions_does_not_matter() -> None:
    chain: list[Triple] = [(f"<x:{n}>", SAME, f"<x:{n + 1}>") for n in range(8)]
    assert identity(chain, minted) == identity(reversed(chain), minted)


@pytest.mark.parametrize("term", [f"<{CQ}Person>", f"<{CQ}actor>", '"words"'])
def test_a_term_of_the_ontology_and_words_are_one_with_nothing(term: str) -> None:
    with pytest.raises(ReasoningError, match="no thing that can be one with another") as caught:
        identity([(f"<{VIK}>", SAME, term)], minted)
    assert "\n" not in str(caught.value) and "remove the decision" in str(caught.value)


def test_a_person_and_a_state_are_not_one() -> None:
    state = concept("state", "CHL")
    with open_store("memory:") as store:
        for plan in (FIRST, SECOND):
            store.put_graph(*generated.account(IRIS, plan))
        reasoner.reason(store, IRIS)
        before = everything(store)
        with pytest.raises(ReasoningError, match="cannot be one: nothing is both cq:Person and cq:Party") as caught:
            reasoner.reason(store, IRIS, authority=decided((named(1, 1), f"<{VIK}>"), (f"<{VIK}>", f"<{state}>")))
        said = str(caught.value)
        assert state in said and generated.person(IRIS, 1, 1) in said and said.startswith("the reference graph: ") and "\n" not in said
        assert everything(store) == before


def test_who_is_of_two_kinds_anyway_is_a_finding_and_no_wrong_decision() -> None:
    both = frozenset({f"<{CQ}Person>", f"<{CQ}Party>"})
    person, party = (frozenset({f"<{CQ}{name}>"}) for name in ("Person", "Party"))
    found = identity([("<x:a>", SAME, "<x:b>"), ("<x:b>", SAME, "<x:c>")], minted)
    for kinds in ((both, both, both), (both, person, person), (both, party, both)):
        refuse_mixtures(found, dict(zip(("<x:a>", "<x:b>", "<x:c>"), kinds, strict=True)), closure.shipped().false)
    with pytest.raises(ReasoningError, match="<x:b> and <x:c> cannot be one"):
        refuse_mixtures(found, {"<x:a>": both, "<x:b>": person, "<x:c>": party}, closure.shipped().false)


def test_what_a_readout_says_keeps_its_names_and_only_what_a_decision_adds_is_told_of_the_representative() -> None:
    office = IRIS.office("NOR", "head-of-state")
    graph, lines = generated.account(IRIS, FIRST)
    told = list(layers.triples(lines))
    plain = Reference(in_office(), (), IRIS).close(told)
    known = Reference(in_office(), layers.triples([*decided((named(0, 0), f"<{VIK}>")), *held(VIK, office)]), IRIS).close(told)
    act = f"<{IRIS.part(generated.readout(IRIS, 0), 'act', 1)}>"
    assert set(known) - set(plain) == {(act, f"<{CQ}inOfficeAtAct>", f"<{office}>"), (f"<{office}>", TYPE, f"<{CQ}Office>")}
    assert set(plain) <= set(known)
    assert graph == IRIS.account(generated.readout(IRIS, 0))


def test_constants_of_rules_get_their_representative() -> None:
    polarity, other = f"<{CQ}positive>", "<http://example.org/in-favour>"
    axiom = Rule("cls-hv2", "in favour", ("?x", TYPE, f"<{CQ}PositiveAct>"), (("?x", f"<{CQ}polarity>", other),))
    issue, phrase = f"<{concept('issue', 'oceans-and-plastics')}>", f"<{generated.candidate(IRIS, 1)}>"
    about = Rule("cls-hv2", "on oceans", ("?x", TYPE, f"<{CQ}NegativeAct>"), (("?x", f"<{CQ}aboutIssue>", phrase),))
    heads = Rule("cls-hv1", "all acts", ("?x", f"<{CQ}target>", phrase), (("?x", TYPE, f"<{CQ}NegativeAct>"),))
    ground = Ground((), Closure([axiom, about, heads]))
    data: list[Triple] = [("<x:a>", f"<{CQ}aboutIssue>", issue), ("<x:b>", f"<{CQ}polarity>", polarity)]
    assert Reference(ground, (), IRIS).close(data) == []
    found = Reference(ground, [(phrase, SAME, issue)], IRIS).close(data)
    assert found == [("<x:a>", TYPE, f"<{CQ}NegativeAct>"), ("<x:a>", f"<{CQ}target>", issue)]


def test_a_wrong_merge_is_undone_and_leaves_nothing_behind() -> None:
    office = IRIS.office("NOR", "head-of-state")
    right = [*decided((named(0, 0), f"<{VIK}>")), *held(VIK, office)]
    wrong = [*right, *decided((named(1, 2), f"<{VIK}>"), (named(0, 2), named(1, 2)))]
    with open_store("memory:") as store:
        for plan in (FIRST, SECOND):
            store.put_graph(*generated.account(IRIS, plan))
        reasoner.reason(store, IRIS, authority=right, ground=in_office())
        before = everything(store)
        changed = reasoner.reason(store, IRIS, authority=wrong, ground=in_office())
        assert changed.closed == 0 and everything(store) != before
        assert store.ask(f"ASK {{ <{IRIS.part(generated.readout(IRIS, 0), 'act', 2)}> <{CQ}inOfficeAtAct> <{office}> }}")
        reasoner.reason(store, IRIS, authority=right, ground=in_office())
        assert everything(store) == before


def test_identity_that_a_readout_claims_for_itself_counts_for_nothing() -> None:
    graph, lines = generated.account(IRIS, FIRST)
    claim = f"{named(0, 0)} {SAME} {named(0, 2)} <{graph}> ."
    reference = Reference(layers.shipped(), (), IRIS)
    assert reference.close(layers.triples([*lines, claim])) == reference.close(layers.triples(lines))


@pytest.mark.parametrize("names", ["one", "all"])
def test_a_store_is_asked_under_one_name_or_under_all(names: str) -> None:
    with open_store("memory:") as store:
        for plan in (FIRST, SECOND):
            store.put_graph(*generated.account(IRIS, plan))
        reasoner.reason(store, IRIS, authority=decided((named(0, 0), f"<{VIK}>"), (named(1, 1), f"<{VIK}>")))
        asked = f"SELECT ?act {{ ?act <{CQ}actor> <{VIK}> }}"
        assert len(store.select(asked)) == 0
        told = under(store, IRIS, Names(names))
        assert len(told.select(asked)) == 2
        assert told.ask(f"ASK {{ ?act <{CQ}actor> {named(1, 1)} }}") is (names == "all")
        assert told.graphs() == store.graphs()
        reference = IRIS.graph("reference")
        assert sorted(told.dump(reference)) == sorted(store.dump(reference))
