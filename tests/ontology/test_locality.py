"""Which rules see one readout at a time: computed, compared with what is meant, and held against the data."""

from __future__ import annotations

import pytest

from communique.errors import ReasoningError
from communique.iris import CQ, Iris
from communique.ontology import closure, layers, locality, reasoner
from communique.ontology.locality import Home, Places, Scope
from communique.ontology.rule import Rule
from communique.ontology.terms import SKOS, TYPE, Triple, ontology, short
from communique.store import open_store

DESCRIBED = {"cq:represents", "cq:perspective", "cq:touches", "skos:broaderTransitive"}
GLOBAL = {"cq:precedes", "cq:follows", "cq:pairedWith", "cq:repeats"}


def cq(name: str) -> str:
    return f"<{CQ}{name}>"


def rule(head: Triple, *body: Triple) -> Rule:
    return Rule("made", "for a test", head, body)


def test_every_rule_has_its_scope() -> None:
    shipped = closure.shipped()
    placed = locality.classify((*shipped.rules, *shipped.false))
    joins = {short(p.rule.head[1]): p.scope for p in placed if p.rule.head and len(p.rule.body) > 1 and p.rule.head[1] != TYPE}
    assert {name for name, scope in joins.items() if scope is Scope.DESCRIBED} == DESCRIBED
    assert {name for name, scope in joins.items() if scope is Scope.GLOBAL} == {"cq:precedes"}
    assert {"cq:actorState", "cq:involvesState", "cq:engagesIssue", "cq:heldInState", "cq:holdsOffice"} <= {
        name for name, scope in joins.items() if scope is Scope.LOCAL
    }
    across = {short(p.rule.head[1]) for p in placed if p.rule.head and p.scope is Scope.GLOBAL and p.rule.head[1] != TYPE}
    assert across == GLOBAL
    assert all(p.why for p in placed)


@pytest.mark.parametrize(
    ("made", "scope"),
    [
        # Two acts of one encounter; an actor and what the reference graph tells of the person; one pattern.
        (rule(("?a", cq("answers"), "?b"), ("?e", cq("hasSpeechAct"), "?a"), ("?e", cq("hasSpeechAct"), "?b")), Scope.LOCAL),
        (
            rule(("?a", cq("inOfficeAtAct"), "?o"), ("?a", cq("actor"), "?p"), ("?i", cq("holder"), "?p"), ("?i", cq("heldOffice"), "?o")),
            Scope.LOCAL,
        ),
        (rule(("?a", cq("target"), "?s"), ("?a", cq("addresseeState"), "?s")), Scope.LOCAL),
        (rule(("?p", cq("represents"), "?s"), ("?p", cq("inOffice"), "?o"), ("?o", cq("officeOf"), "?s")), Scope.DESCRIBED),
        (rule(("?a", cq("pairedWith"), "?c"), ("?a", cq("pairedWith"), "?b"), ("?b", cq("pairedWith"), "?c")), Scope.GLOBAL),
    ],
)
def test_a_rule_is_placed_by_what_its_joins_are_bound_to(made: Rule, scope: Scope) -> None:
    placed = locality.classify((*closure.shipped().rules, made))
    assert placed[-1].scope is scope


@pytest.mark.parametrize(
    ("made", "message"),
    [
        # Acts of one person in two readouts; encounters of one state; a pair and what its encounters tell.
        (rule(("?a", cq("answers"), "?b"), ("?a", cq("actor"), "?p"), ("?b", cq("actor"), "?p")), "joins readouts"),
        (rule(("?a", cq("precedes"), "?b"), ("?a", cq("involvesState"), "?s"), ("?b", cq("involvesState"), "?s")), "joins readouts"),
        (
            rule(("?p", cq("answers"), "?q"), ("?p", cq("inOffice"), "?o"), ("?o", cq("officeOf"), "?s"), ("?q", cq("inOffice"), "?o")),
            "joins",
        ),
        (rule(("?a", cq("involvesState"), "?s"), ("?a", cq("pairedWith"), "?b"), ("?b", cq("involvesState"), "?s")), "stands in readouts"),
    ],
)
def test_a_rule_that_joins_readouts_by_itself_is_an_error(made: Rule, message: str) -> None:
    with pytest.raises(ReasoningError, match=message) as caught:
        locality.classify((*closure.shipped().rules, made))
    assert "\n" not in str(caught.value)


def test_a_readout_speaks_of_its_own_nodes_and_of_what_may_be_described(lines: tuple[list[str], ...], iris: Iris) -> None:
    shipped = closure.shipped()
    places = Places(ontology(), locality.homes(), shipped.rules)
    for graph in lines:
        told = list(layers.triples(graph))
        own = iris.readout_of(graph[0].rsplit("<", 1)[1][:-3])
        kinds: dict[str, set[Home | None]] = {}
        for s, p, o in told:
            if p == TYPE:
                kinds.setdefault(s, set()).add(places.of_class(o))
        for s, p, _ in told:
            if p in shipped.predicates and p != TYPE:
                minted = iris.readout_of(s[1:-1])
                assert minted in (own, None)
                assert minted == own or kinds.get(s, {Home.DESCRIBED}) == {Home.DESCRIBED}, (s, p)
        for node, homes in kinds.items():
            if Home.READOUT in homes or Home.SHARED in homes:
                assert iris.readout_of(node[1:-1]) == own, node
            assert Home.REFERENCE not in homes and Home.GLOBAL not in homes


def test_whoever_names_a_described_node_describes_it(lines: tuple[list[str], ...]) -> None:
    """So the union of readouts gives no more than each by itself."""
    said: dict[tuple[str, str], set[frozenset[str]]] = {}
    for graph in lines:
        told = list(layers.triples(graph))
        named = {o for _, p, o in told if p in (cq("inOffice"), cq("accordingTo"), cq("aboutIssue"))}
        for node in named:
            for p in (cq("officeOf"), cq("speaksFor"), f"<{SKOS}broader>"):
                said.setdefault((node, p), set()).add(frozenset(o for s, q, o in told if (s, q) == (node, p)))
    assert all(len(ways) == 1 for ways in said.values())


def test_only_rules_across_readouts_tell_what_is_global(lines: tuple[list[str], ...], iris: Iris) -> None:
    places = Places(ontology(), locality.homes(), closure.shipped().rules)
    with open_store("memory:") as store:
        for graph in lines:
            store.put_graph(graph[0].rsplit("<", 1)[1][:-3], graph)
        reasoner.reason(store, iris)
        found = list(layers.triples(store.dump(iris.graph("global"))))
        accounts = [t for g in store.graphs() if iris.readout_of(g) for t in layers.triples(store.dump(g))]
    joined = {p for r in closure.shipped().rules if len(r.body) > 1 for _, p, _ in r.body}
    across = {p for _, p, _ in found if places.of_atom(("?s", p, "?o")) is Home.GLOBAL}
    assert {cq("pairedWith"), cq("refersTo"), cq("directlyPrecedes"), cq("pairs")} <= across
    assert not across.intersection(p for _, p, _ in accounts)
    # What else is told across readouts is joined by no rule.
    derived = {cq("precedes"), cq("follows"), TYPE}
    assert not {p for _, p, _ in found if p not in across | derived}.intersection(joined)
