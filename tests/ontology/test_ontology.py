"""The ontology: documented, inside OWL 2 RL, consistent, and in use; violations that are put in are found."""

from __future__ import annotations

import re
from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, RDF, Graph, URIRef

from communique.iris import CQ, Iris
from communique.ontology import profile, reasoner, terms
from communique.ontology.facts import Facts
from communique.store import open_store

TTL = ("communique.ttl", "align.ttl", "shapes.ttl")
HEAD = "".join(f"@prefix {p}: <{n}> .\n" for p, n in {**terms.PREFIXES, "": "http://example.org/"}.items()) + (
    ":A a owl:Class . :B a owl:Class . :p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .\n"
    ":d a owl:DatatypeProperty .\n"
)


def facts(turtle: str) -> Facts:
    graph = Graph().parse(data=HEAD + turtle, format="turtle")
    return Facts((s.n3(), p.n3(), o.n3()) for s, p, o in graph)


@pytest.fixture(scope="session")
def graph(root: Path) -> Graph:
    return Graph().parse(root / "ontology" / "communique.ttl", format="turtle")


def test_every_term_is_documented() -> None:
    incomplete = [t.name for t in terms.terms() if not (t.label and t.definition and t.example)]
    assert incomplete == []
    assert len({t.name for t in terms.terms()}) > 250


def test_every_term_that_data_uses_is_defined(root: Path) -> None:
    defined = {t.name for t in terms.terms()}
    sources = [*(root / "ontology").rglob("*.ttl"), *(root / "ontology" / "rules").glob("*.rq"), *(root / "queries").glob("*.rq")]
    for path in sources:
        used = set(re.findall(r"(?<![\w-])cq:([A-Za-z]\w*)", re.sub(r"(?m)^\s*#.*$", "", path.read_text(encoding="utf-8"))))
        assert used <= defined, path.name


def test_every_term_is_used(root: Path, lines: tuple[list[str], ...], iris: Iris) -> None:
    """Each term stands in data that is written or inferred, in a vocabulary, a rule or a shape, or is an act type of the vocabulary."""
    with open_store("memory:") as store:
        store.apply({graph[0].rsplit("<", 1)[1][:-3]: graph for graph in lines})
        reasoner.reason(store, iris)
        data = "\n".join(line for name in store.graphs() if "/graph/ontology" not in name for line in store.dump(name))
    files = [
        root / "ontology" / "shapes.ttl",
        root / "ontology" / "findings" / "finding.py",
        *(root / "ontology" / "vocab").glob("*.ttl"),
        *(root / "ontology" / "rules").glob("*.rq"),
        *(root / "ontology" / "aggregates").glob("*.py"),
    ]
    words = "\n".join(f.read_text(encoding="utf-8") for f in files)
    used = set(re.findall(rf"<{CQ}(\w+)>", data))
    for module in (root / "ingest" / "quads.py", root / "ingest" / "withheld" / "facts.py", root / "ontology" / "findings" / "finding.py"):
        used |= set(re.findall(r'"(\w+)"', module.read_text(encoding="utf-8")))
    used |= {s[len(CQ) + 1 : -1] for s, p, _ in terms.ontology() if p.endswith("#altLabel>")}
    used |= {name for found in re.findall(r"\b(?:cq|act):(\w+)|CQ\}(\w+)", words) for name in found}
    assert sorted({t.name for t in terms.terms()} - used) == []


def test_the_ontology_is_inside_owl_2_rl() -> None:
    assert profile.check(Facts(terms.ontology())) == ()


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (
            ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
            "owl:someValuesFrom is not allowed in a super",
        ),
        (":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :A :B ) ] .", "owl:unionOf is not allowed in a super"),
        (
            "[ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] rdfs:subClassOf :A .",
            "owl:allValuesFrom is not allowed in a sub",
        ),
        ("[ a owl:Class ; owl:complementOf :B ] rdfs:subClassOf :A .", "owl:complementOf is not allowed in a sub"),
        (":A owl:equivalentClass [ a owl:Class ; owl:unionOf ( :A :B ) ] .", "owl:unionOf is not allowed in a equivalent"),
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 2 ] .", "maximum cardinality of 2"),
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ] .", "owl:minCardinality is not allowed"),
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ] .", "owl:hasSelf is not allowed"),
        ("owl:Thing rdfs:subClassOf :A .", "owl:Thing is not allowed"),
        (":A rdfs:subClassOf :C .", "used as a class and not declared"),
        (":A owl:disjointUnionOf ( :B ) .", "owl:disjointUnionOf"),
        (":p a owl:ReflexiveProperty .", "owl:ReflexiveProperty is not part"),
        (":d a owl:TransitiveProperty .", "a data property cannot be"),
        (":d rdfs:range xsd:date .", "is not a datatype of OWL 2 RL"),
        (":p rdfs:subPropertyOf :d .", "not the same kind of property"),
        (":p a owl:DatatypeProperty .", "two kinds of property"),
        (":p a owl:TransitiveProperty, owl:AsymmetricProperty .", "cannot be owl:AsymmetricProperty"),
        (":p owl:propertyChainAxiom ( :q :r ) . :p a owl:FunctionalProperty .", "cannot be owl:FunctionalProperty"),
        (":p owl:propertyChainAxiom ( :q :r ) . :q owl:propertyChainAxiom ( :p :r ) .", "is cyclic"),
        (":p owl:propertyChainAxiom ( :q :p :r ) .", "is cyclic"),
        (":p owl:propertyChainAxiom ( :q :undeclared ) .", "not declared as an object property"),
        (":A owl:unionOf ( :B ) .", "a class with a name cannot be owl:unionOf itself"),
        (":a :unknown :b .", "neither declared nor part"),
        (':a :p "words" .', "wrong kind"),
    ],
)
def test_a_violation_of_the_profile_is_found(turtle: str, message: str) -> None:
    violations = profile.check(facts(turtle))
    assert any(message in str(v) for v in violations), violations


def test_what_the_profile_allows_is_no_violation() -> None:
    turtle = """
        [ a owl:Class ; owl:unionOf ( :A [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom owl:Thing ] ) ] rdfs:subClassOf :B .
        :B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :A ] .
        :B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:maxCardinality 1 ] .
        :B rdfs:subClassOf [ a owl:Class ; owl:complementOf :A ] .
        :A owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :x ] .
        :p owl:propertyChainAxiom ( :p :q ) . :q a owl:FunctionalProperty . :r a owl:TransitiveProperty . :d rdfs:range xsd:dateTime .
        [] a owl:NegativePropertyAssertion ; owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetIndividual :y .
        [] a owl:AllDifferent ; owl:members ( :x :y ) .
        [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :A ] rdfs:subClassOf :B .
        :A owl:hasKey ( :q :d ) . [] a owl:AllDisjointClasses ; owl:members ( :A :B ) .
        """
    assert profile.check(facts(turtle)) == ()


def test_the_ontology_is_consistent(graph: Graph) -> None:
    closed = Graph()
    closed += graph
    # One individual of each class: a class that cannot have any would make the ontology useless.
    for number, name in enumerate(sorted(graph.subjects(RDF.type, OWL.Class), key=str)):
        if isinstance(name, URIRef):
            closed.add((URIRef(f"http://example.org/{number}"), RDF.type, name))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    errors = list(closed.objects(None, URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")))
    assert errors == []
    assert (None, RDF.type, OWL.Nothing) not in closed


def test_alignments_say_something_about_our_terms_and_stay_out_of_the_closure(graph: Graph) -> None:
    defined = {f"<{t.iri}>" for t in terms.terms()}
    told = {s for s, p, _ in terms.alignments() if s.startswith(f"<{CQ}")}
    assert told <= defined
    assert len(told) > 40
    assert not any(s in str(graph.serialize(format="nt")) for s in ("semanticweb.cs.vu.nl", "schema.org"))
