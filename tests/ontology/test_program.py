"""The generated program: one run leaves nothing for the next, and neither order nor length matters."""

from __future__ import annotations

import random

from communique.ontology.closure import Closure
from communique.ontology.rule import Rule
from communique.ontology.terms import TYPE, Triple

_KNOWS, _MET, _A, _B = ("<urn:knows>", "<urn:met>", "<urn:A>", "<urn:B>")
_RULES = (
    Rule("prp-trp", "knows is transitive", ("?x", _KNOWS, "?z"), (("?x", _KNOWS, "?y"), ("?y", _KNOWS, "?z"))),
    Rule("prp-rng", "who is met is an A", ("?y", TYPE, _A), (("?x", _MET, "?y"),)),
    Rule("cax-sco", "each A is a B", ("?x", TYPE, _B), (("?x", TYPE, _A),)),
    Rule("made", "who met a B knows it", ("?x", _KNOWS, "?y"), (("?x", _MET, "?y"), ("?y", TYPE, _B))),
    Rule("cax-dw", "nobody knows oneself", None, (("?x", _KNOWS, "?x"),)),
)


def node(number: int) -> str:
    return f"<urn:n{number}>"


def test_a_long_chain_is_followed_to_its_end() -> None:
    chain = [(node(n), _KNOWS, node(n + 1)) for n in range(200)]
    assert len(Closure(_RULES).infer(chain)) == 200 * 199 // 2
    classes = [Rule("cax-sco", "", ("?x", TYPE, f"<urn:C{n + 1}>"), (("?x", TYPE, f"<urn:C{n}>"),)) for n in range(3000)]
    assert len(Closure(classes).infer([(node(0), TYPE, "<urn:C0>")])) == 3000


def test_one_run_leaves_nothing_for_the_next() -> None:
    engine = Closure(_RULES)
    layer = engine.layer([(node(0), _MET, node(1))])
    one, other = [(node(1), _MET, node(2))], [(node(5), _MET, node(6)), (node(6), TYPE, _A)]
    first = engine.infer(one, layer)
    assert (node(0), _KNOWS, node(2)) in first and (node(2), TYPE, _B) in first
    assert engine.infer(other, layer) == [(node(5), _KNOWS, node(6)), (node(6), TYPE, _B)]
    assert engine.infer(one, layer) == first
    assert [clash.values for clash in engine.clashes([(node(3), _KNOWS, node(3))], layer)] == [(node(3),)]
    assert engine.clashes([(node(3), _KNOWS, node(4))], layer) == []


def test_the_order_of_statements_does_not_matter() -> None:
    chance = random.Random(4)
    told: list[Triple] = [(node(chance.randrange(12)), chance.choice((_KNOWS, _MET)), node(chance.randrange(12))) for _ in range(25)]
    engine = Closure(_RULES)
    expected = engine.infer(told)
    assert expected and not set(expected) & set(told)
    for _ in range(20):
        chance.shuffle(told)
        assert engine.infer(told) == expected
        # What is told twice, or follows from what is told later, is told once.
        assert sorted(engine.follows([*told, *told], engine.layer([]))) == expected
