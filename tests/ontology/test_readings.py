"""The two readings of one ontology: on named things they conclude the same, but for what is the same as what."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from communique.errors import ReasoningError
from communique.ontology import terms
from communique.ontology.closure import Closure
from communique.ontology.compiler import compile_rules
from communique.ontology.terms import OWL, TYPE, Triple
from tests.ontology.standard import fixed, saturate
from tests.thorough import times

BASE = "http://example.org/"
PREFIXES = "".join(f"PREFIX {p}: <{n}>\n" for p, n in {**terms.PREFIXES, "": BASE}.items())
DECLARED = "".join(f":{c} a owl:Class ." for c in "ABCD") + "".join(f":{p} a owl:ObjectProperty ." for p in "pqr")
INVERSE = "[ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :A ] rdfs:subClassOf :D ."
AXIOMS = [
    ":A rdfs:subClassOf :B .",
    ":B rdfs:subClassOf :C .",
    ":C rdfs:subClassOf :A .",
    ":p rdfs:domain :A .",
    ":q rdfs:range :B .",
    ":p rdfs:subPropertyOf :q .",
    ":q owl:equivalentProperty :r .",
    ":r owl:inverseOf :p .",
    ":q a owl:SymmetricProperty .",
    ":r a owl:TransitiveProperty .",
    ":r owl:propertyChainAxiom ( :p :q ) .",
    ":A owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :c ] .",
    ":D owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :A [ a owl:Restriction ; owl:onProperty :q ; owl:hasValue :a ] ) ] .",
    "[ a owl:Class ; owl:unionOf ( :C [ a owl:Class ; owl:intersectionOf ( :A :B ) ] ) ] rdfs:subClassOf :D .",
    "[ a owl:Class ; owl:oneOf ( :a :d ) ] rdfs:subClassOf :B .",
    "[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom [ a owl:Class ; owl:unionOf ( :B :C ) ] ] rdfs:subClassOf :A .",
    "[ a owl:Restriction ; owl:onProperty :q ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :D .",
    INVERSE,
    ":B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom [ a owl:Class ; owl:intersectionOf ( :C :D ) ] ] .",
    ":A rdfs:subClassOf [ a owl:Class ; owl:complementOf [ a owl:Restriction ; owl:onProperty :q ; owl:someValuesFrom :D ] ] .",
    ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 0 ] .",
    ":B owl:disjointWith :D .",
    "[] a owl:AllDisjointClasses ; owl:members ( :A :C :D ) .",
    ":p a owl:IrreflexiveProperty , owl:AsymmetricProperty .",
    ":p owl:propertyDisjointWith :q .",
]
IDENTITY = [
    ":p a owl:FunctionalProperty .",
    ":q a owl:InverseFunctionalProperty .",
    ":A owl:hasKey ( :p :q ) .",
    ":B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] .",
    ":B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:maxQualifiedCardinality 1 ; owl:onClass :C ] .",
]
things = st.sampled_from([f"<{BASE}{n}>" for n in "abcd"])
facts = st.one_of(
    st.tuples(things, st.just(TYPE), st.sampled_from([f"<{BASE}{c}>" for c in "ABCD"])),
    st.tuples(things, st.sampled_from([f"<{BASE}{p}>" for p in "pqr"]), things),
)
data = st.lists(facts, max_size=8)


def read(turtle: str) -> list[Triple]:
    return [(str(t.subject), str(t.predicate), str(t.object)) for t in ox.parse(PREFIXES + DECLARED + turtle, format=ox.RdfFormat.TURTLE)]


def house(ontology: list[Triple], told: list[Triple]) -> tuple[set[Triple], bool]:
    """All that holds in the house reading, and whether it is inconsistent."""
    try:
        closure = Closure(compile_rules(ontology))
    except ReasoningError:
        assume(False)  # a number of axioms each inside the profile may leave it together
    known = closure.layer(told).known
    return known, bool(closure.clashes(known))


def about_things(triples: set[Triple]) -> set[Triple]:
    named = {f"<{BASE}{n}>" for n in "abcdABCD"}
    return {t for t in triples if t[0] in named and t[2] in named and (t[1] == TYPE or t[1].startswith(f"<{BASE}"))}


@settings(max_examples=times(30, 150), deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(AXIOMS), max_size=7, unique=True), data)
def test_both_readings_conclude_the_same_of_named_things(axioms: list[str], told: list[Triple]) -> None:
    ontology = read(" ".join(axioms))
    known, inconsistent = house(ontology, told)
    standard, clashes = saturate(fixed([*ontology, *told]))
    assert about_things(known | set(told)) == about_things(standard)
    assert inconsistent == bool(clashes)


@settings(max_examples=times(20, 100), deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(IDENTITY), min_size=1, max_size=2, unique=True), data)
def test_what_the_standard_makes_one_the_house_finds_to_differ(axioms: list[str], told: list[Triple]) -> None:
    ontology = read(" ".join(axioms))
    known, inconsistent = house(ontology, told)
    standard, _ = saturate(fixed([*ontology, *told]))
    merged = any(p == f"<{OWL}sameAs>" and s != o and {s, o} <= {f"<{BASE}{n}>" for n in "abcd"} for s, p, o in standard)
    assert inconsistent == merged
    assert known <= set(told)
