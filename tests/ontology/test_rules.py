"""Each rule of OWL 2 RL apart: what it concludes, and what it must not conclude from nearly the same."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.errors import DataError
from communique.ontology import table, terms
from communique.ontology.closure import Closure
from communique.ontology.compiler import compile_rules
from communique.ontology.terms import Triple
from tests.ontology.standard import fixed, saturate

PREFIXES = "".join(f"PREFIX {p}: <{n}>\n" for p, n in {**terms.PREFIXES, "": "http://example.org/"}.items())
FALSE = "false"

CASES = Path(__file__).with_name("owl2rl.txt").read_text(encoding="utf-8")
ROWS = [tuple(part.strip() for part in line.split("|")) for line in CASES.splitlines() if not line.startswith("#")]


def read(turtle: str) -> list[Triple]:
    """Triples, also such as have a literal for a subject."""
    named = turtle.replace('"x"^^xsd:integer a', ":odd a").replace("7 a", ":seven a").replace("1 owl:", ":one owl:")
    put = {":odd": f'"x"^^<{terms.XSD}integer>', ":seven": f'"7"^^<{terms.XSD}integer>', ":one": f'"1"^^<{terms.XSD}integer>'}
    back = {f"<http://example.org/{name[1:]}>": literal for name, literal in put.items()}
    parsed = ox.parse(PREFIXES + named, format=ox.RdfFormat.TURTLE)
    return fixed((back.get(str(t.subject), str(t.subject)), str(t.predicate), str(t.object)) for t in parsed)


@pytest.mark.parametrize(("name", "premise", "conclusion", "_"), ROWS, ids=[row[0] for row in ROWS])
def test_a_rule_concludes_by_itself(name: str, premise: str, conclusion: str, _: str) -> None:
    graph = read(premise)
    alone = Closure([rule for rule in compile_rules(graph, standard=True) if rule.name == name], literals=True)
    if conclusion == FALSE:
        # Reflexivity of identity is another rule's.
        assert {c.rule.name for c in alone.clashes(graph)} == {name}
    else:
        assert set(read(conclusion + " .")) <= alone.layer(graph).known


@pytest.mark.parametrize(("name", "_", "conclusion", "premise"), ROWS, ids=[row[0] for row in ROWS])
def test_all_rules_together_do_not_conclude_it_from_less(name: str, _: str, conclusion: str, premise: str) -> None:
    graph, clashes = saturate(read(premise))
    assert clashes == []
    if conclusion != FALSE and not name.startswith(("prp-ap", "cls-thing", "cls-nothing1", "dt-type1")):
        assert not set(read(conclusion + " .")) & graph


def test_every_rule_of_the_specification_is_here() -> None:
    names = [entry.name for entry in table.owl2rl()] + ["dt-type1", "dt-type2", "dt-eq", "dt-diff", "dt-not-type"]
    assert sorted(row[0] for row in ROWS) == sorted(names)
    assert len(set(names)) == 78


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"if": "?x a cq:Act", "then": "?x a"}, r"\?x a is not three terms"),
        ({"when": "?x a ?y", "then": "false"}, "when is no key"),
        ({"if": "?x a ?y"}, "says nothing"),
        ({"then": "false", "house": "no such"}, "no reason"),
        ({"if": "?x foo:bar ?y", "then": "false"}, "prefix of foo:bar"),
    ],
)
def test_a_table_that_is_broken_is_an_error_with_the_name_of_the_rule(row: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        table.entries({"a-rule": row}, "some.toml")
    assert caught.value.where == "some.toml, a-rule"
