"""The closure: equal to owlrl on the data, refuses what it does not support, and reasons across readouts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import owlrl
import pytest
from rdflib import Graph

from communique.errors import ReasoningError
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.quads import quads
from communique.iris import CQ, VOCAB, Iris
from communique.model import Extraction
from communique.ontology import closure, reasoner, terms
from communique.ontology.compiler import compile_rules
from communique.ontology.terms import OWL, RDFS, TYPE, Triple
from communique.store import open_store

PREFIXES = "".join(f"@prefix {p}: <{n}> .\n" for p, n in {**terms.PREFIXES, "": "http://example.org/"}.items())
DECLARED = """
:A a owl:Class . :B a owl:Class . :C a owl:Class . :p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .
:d a owl:DatatypeProperty . :e a owl:DatatypeProperty .
"""
ASK = f"PREFIX cq: <{CQ}> PREFIX issue: <{VOCAB}issue/> PREFIX state: <{VOCAB}state/> "


def read(turtle: str) -> list[Triple]:
    """Triples of a piece of Turtle with our prefixes."""
    graph = Graph().parse(data=PREFIXES + turtle, format="turtle")
    return [(s.n3(), p.n3(), o.n3()) for s, p, o in graph]


def background(data: Iterable[Triple]) -> list[Triple]:
    """What the vocabularies say about the concepts that are used, and about those above them."""
    of: dict[str, list[Triple]] = {}
    for t in terms.vocabulary():
        of.setdefault(t[0], []).append(t)
    todo = {term for t in data for term in t if term.startswith(f"<{VOCAB}")}
    seen: set[str] = set()
    out: list[Triple] = []
    while todo:
        concept = todo.pop()
        seen.add(concept)
        told = [t for t in of.get(concept, ()) if t[1] == TYPE or t[1].endswith(("#broader>", "#inState>"))]
        out += told
        todo |= {t[2] for t in told if t[1] != TYPE} - seen
    return out


def oracle(triples: Iterable[Triple]) -> set[Triple]:
    """What owlrl concludes about individuals, without its noise: identity, top classes, literals as subjects, nameless classes."""
    graph = Graph().parse(data="\n".join(f"{s} {p} {o} ." for s, p, o in triples), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    out = set()
    for s, p, o in graph:
        t = (s.n3(), p.n3(), o.n3())
        top = t[1] == TYPE and t[2].startswith((f"<{OWL}", f"<{RDFS}", f"<{terms.RDF}", f"<{terms.XSD}"))
        about_terms = t[0].startswith(
            (f"<{CQ[:-1]}", f"<{OWL}", f"<{RDFS}", f"<{terms.RDF}", f"<{terms.XSD}", f"<{terms.SKOS}", "<http://purl.org/dc")
        )
        if t[0][0] == "<" and t[2][0] != "_" and not top and not about_terms and not t[1].startswith((f"<{OWL}", f"<{RDFS}")):
            out.add(t)
    return out


def ours(triples: list[Triple], reference: list[Triple]) -> set[Triple]:
    engine = closure.shipped()
    layer = engine.layer(reference)
    return {t for t in {*triples, *reference, *layer.known, *engine.infer(triples, layer)} if not t[1].startswith(f"<{RDFS}")}


@pytest.mark.parametrize("which", [0, 1])
def test_closure_equals_owlrl_in_both_directions(lines: tuple[list[str], ...], which: int) -> None:
    data = list(reasoner.triples(lines[which]))
    reference = background(data)
    theirs = oracle([*terms.ontology(), *data, *reference])
    mine = {t for t in ours(data, reference) if not (t[0].startswith(f"<{CQ}") or t[2].startswith(f"<{OWL}"))}
    # A literal is one value to owlrl, whatever way it is written; only triples between things are compared.
    assert {t for t in theirs if t[2][0] == "<"} == {t for t in mine if t[2][0] == "<"}


def test_every_kind_of_rule_gives_what_owlrl_gives() -> None:
    ontology = read(
        """
        :A a owl:Class . :B a owl:Class . :C a owl:Class . :D a owl:Class . :E a owl:Class . :F a owl:Class . :G a owl:Class .
        :p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty . :t a owl:ObjectProperty, owl:TransitiveProperty .
        :s a owl:ObjectProperty, owl:SymmetricProperty . :u a owl:ObjectProperty . :v a owl:ObjectProperty .
        :A rdfs:subClassOf :B . :B owl:equivalentClass :C . :p rdfs:subPropertyOf :q . :q owl:equivalentProperty :r .
        :p rdfs:domain :D . :p rdfs:range :E . :u owl:inverseOf :v . :v owl:propertyChainAxiom ( :p :t :s ) .
        [ a owl:Class ; owl:unionOf ( :D [ a owl:Restriction ; owl:onProperty :t ; owl:someValuesFrom owl:Thing ] ) ] rdfs:subClassOf :F .
        :F rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :t ; owl:allValuesFrom :G ] .
        :G rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :u ; owl:hasValue :z ] .
        [ a owl:Class ; owl:intersectionOf ( :G [ a owl:Restriction ; owl:onProperty :s ; owl:someValuesFrom :A ] ) ] rdfs:subClassOf :E .
        """
    )
    data = read(":a a :A ; :p :b . :b :t :c . :c :t :d . :d :s :a . :e :t :e ; :s :e .")
    engine = closure.Closure(compile_rules(ontology))
    theirs = {t for t in oracle([*ontology, *data]) if t[2][0] == "<"} - set(ontology)
    assert {*data, *engine.infer(data)} == theirs
    # Split between a reference layer and a readout, the same follows.
    layer = engine.layer(data[:4])
    assert {*data, *layer.known, *engine.infer(data[4:], layer)} == theirs


@pytest.mark.parametrize(
    ("turtle", "name"),
    [
        (":A owl:hasSelf true .", "owl:hasSelf"),
        (":a owl:sameAs :b .", "owl:sameAs"),
        (":p a owl:ReflexiveProperty .", "owl:ReflexiveProperty"),
        (":d rdfs:range xsd:date .", "xsd:date"),
        (
            ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :d ; owl:maxQualifiedCardinality 1 ; owl:onDataRange xsd:string ] .",
            "Cardinality",
        ),
        (":p owl:propertyChainAxiom ( :q :p :r ) .", "is cyclic"),
        (":A rdfs:subClassOf [ a owl:Class ; owl:intersectionOf () ] .", "empty"),
        (":A owl:unionOf ( :B ) .", "owl:unionOf"),
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .", "owl:someValuesFrom"),
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ] .", "owl:minCardinality"),
    ],
)
def test_an_axiom_that_is_not_supported_is_an_error_with_its_name(turtle: str, name: str) -> None:
    with pytest.raises(ReasoningError, match=name) as caught:
        compile_rules(read(DECLARED + turtle))
    assert caught.value.where and "\n" not in str(caught.value)


def test_constraints_become_rules_without_head() -> None:
    false = {r.name.split("+")[0] for r in compile_rules(terms.ontology()) if r.head is None}
    assert false == {"cax-dw", "prp-irp", "prp-asyp", "prp-pdw", "prp-fp", "prp-rng", "eq-diff1", "cls-nothing2"}


@pytest.mark.parametrize(
    ("axiom", "wrong", "right"),
    [
        (":p a owl:FunctionalProperty .", ":a :p :b , :c .", ":a :p :b . :c :p :d ."),
        (":d a owl:FunctionalProperty .", ":a :d 1 , 2 .", ":a :d 1 , 1.0 ."),
        (":p a owl:InverseFunctionalProperty .", ":a :p :c . :b :p :c .", ":a :p :c . :b :p :d ."),
        (":A owl:hasKey ( :d ) .", ":a a :A ; :d 1 . :b a :A ; :d 1 .", ":a a :A ; :d 1 . :b a :A ; :d 2 . :c a :B ; :d 1 ."),
        (
            ":A owl:hasKey ( :p :d ) .",
            ":a a :A ; :d 1 ; :p :x . :b a :A ; :d 1 ; :p :x .",
            ":a a :A ; :d 1 ; :p :x . :b a :A ; :d 2 ; :p :x . :c a :A ; :d 1 ; :p :y .",
        ),
        ("[] a owl:AllDifferent ; owl:members ( :a :b :c ) .", ":c owl:differentFrom :c .", ":a :p :c . :b :p :c ."),
        ("[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .", ":a a :A , :C .", ":a a :A . :b a :B . :c a :C ."),
        ("[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) .", ":a :q :b ; :r :b .", ":a :q :b ; :r :c ."),
        (
            "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b .",
            ":a :p :b .",
            ":b :p :a .",
        ),
        (":A rdfs:subClassOf [ a owl:Class ; owl:complementOf :B ] .", ":a a :A , :B .", ":a a :A . :b a :B ."),
        (
            ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1 ] .",
            ":a a :A ; :p :b , :c .",
            ":a :p :b , :c . :d a :A ; :p :b .",
        ),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 0 ] .", ":a a :A ; :p :b .", ":a a :A . :b :p :a ."),
        (
            ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass :B ] .",
            ":a a :A ; :p :b , :c . :b a :B . :c a :B .",
            ":a a :A ; :p :b , :c . :b a :B .",
        ),
        (":d rdfs:range xsd:byte .", ":a :d 300 .", ':a :d 30 , 30.0 , "+030"^^xsd:long .'),
        (":A rdfs:subClassOf [ owl:onProperty :d ; owl:allValuesFrom xsd:string ] .", ":a a :A ; :d 1 .", ':a a :A ; :d "x" . :b :d 1 .'),
        (":A rdfs:subClassOf owl:Nothing .", ":a a :A .", ":a a :B ."),
        (
            ":A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf :p ] ; owl:allValuesFrom :B ] . :B owl:disjointWith :C .",
            ":x a :C ; :p :a . :a a :A .",
            ":a a :A ; :p :x . :x a :C .",
        ),
    ],
)
def test_a_constraint_finds_what_is_wrong_and_nothing_else(axiom: str, wrong: str, right: str) -> None:
    engine = closure.Closure(compile_rules(read(DECLARED + axiom)))

    def clashes(turtle: str) -> list[closure.Clash]:
        data = read(turtle)
        return engine.clashes([*data, *engine.layer(data).known])

    assert clashes(wrong) and clashes(right) == []
    assert all("\n" not in str(clash) for clash in clashes(wrong))


def test_members_of_an_enumeration_and_values_of_a_datatype_are_classified() -> None:
    axioms = """
        [ a owl:Class ; owl:oneOf ( :a :b ) ] rdfs:subClassOf :A .
        [ a owl:Restriction ; owl:onProperty :d ; owl:someValuesFrom xsd:positiveInteger ] rdfs:subClassOf :B .
        [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :A ] rdfs:subClassOf :C .
        """
    engine = closure.Closure(compile_rules(read(DECLARED + axioms)))
    found = set(engine.infer(read(":x :d 3 . :y :d -3 . :a :p :z . :z :p :y .")))
    assert found == set(read(":a a :A . :b a :A . :x a :B . :z a :C ."))


def test_a_person_who_is_decided_to_be_a_state_is_found() -> None:
    engine = closure.shipped()
    data = read(":one a cq:Person , cq:State .")
    assert "nothing is both cq:Person and cq:Party: x is <http://example.org/one>" in map(str, engine.clashes([*data, *engine.infer(data)]))


def test_clocks_that_tell_two_moments_do_not_agree() -> None:
    told = ':e cq:startLocal "2024-05-01T10:00:00Z"^^xsd:dateTime ; cq:startPublisher "2024-05-01T{}"^^xsd:dateTime .'
    agree = f"<{CQ}clocksAgree>"
    for clock, wanted in (("12:00:00+02:00", True), ("12:00:00+01:00", False), ("10:00:00", False)):
        assert any(p == agree for _, p, _ in closure.shipped().infer(read(told.format(clock)))) is wanted


def test_acts_for_and_against_make_a_mixed_stance_and_a_year_is_summed_up_apart(iris: Iris) -> None:
    graph = "https://example.org/data/graph/test"
    acts = read(
        """
        :e1 cq:hasSpeechAct :a1 , :a2 ; cq:date "2023-12-30"^^xsd:date ; cq:toldFrom :norway .
        :e2 cq:hasSpeechAct :a3 ; cq:date "2024-01-02"^^xsd:date ; cq:toldFrom :norway .
        :a1 cq:actorState :norway ; cq:supports :fishing . :a2 cq:actorState :norway ; cq:opposes :fishing .
        :a3 cq:actorState :norway ; cq:opposes :fishing .
        """
    )
    with open_store("memory:") as store:
        store.put_graph(graph, [f"{s} {p} {o} <{graph}> ." for s, p, o in acts])
        made = store.construct(f"BASE <{iris.base}>\n{reasoner.global_rules()['stance-by-year']}")
        found = {(str(t.subject), str(t.predicate).rsplit("#")[-1][:-1], str(t.object).rsplit("#")[-1].strip('<>"')) for t in made}
    years = {s: year for s, p, year in found if p == "inYear"}
    assert sorted((years[s], taken) for s, p, taken in found if p == "stanceTaken") == [("2023", "mixed"), ("2024", "negative")]
    assert sorted(years[s] for s, p, _ in found if p == "basedOn") == ["2023", "2023", "2024"]
    assert all(s.startswith(f"<{iris.base}id/stance/") for s in years)


def test_no_literal_becomes_a_subject() -> None:
    engine = closure.Closure(compile_rules(read(DECLARED + ":p rdfs:range :A . :p owl:inverseOf :q .")))
    assert all(s[0] == "<" for s, _, _ in engine.infer([("<http://example.org/a>", "<http://example.org/p>", '"words"')]))


def test_what_the_meeting_implies(lines: tuple[list[str], ...], iris: Iris) -> None:
    with open_store("memory:") as store:
        for graph in lines:
            store.put_graph(graph[0].rsplit("<", 1)[1][:-3], graph)
        report = reasoner.reason(store, iris)
        assert (report.closed, report.dropped) == (4, 0)
        assert report.inferred > 200
        for pattern in (
            "?e cq:involvesState state:NOR, state:CHL ; cq:heldInState state:USA ; cq:toldFrom state:NOR",
            "?e cq:touches issue:consular-matters",
            "state:NOR cq:engagesIssue issue:detained-nationals",
            "?r a cq:SupportedRequest, cq:Directive ; cq:answeredBy ?s . ?s cq:actorState state:CHL",
            "?c cq:binds state:NOR, state:CHL ; cq:concernsIssue issue:oceans-and-plastics",
            "?outer cq:reports ?inner . ?inner cq:actorState state:NOR ; cq:addresseeState state:PRK ; a cq:NegativeAct",
            "?act cq:inOfficeAtAct ?office . ?office cq:officeOf state:NOR",
            "?e cq:clocksAgree true ; cq:heldInState state:USA",
            "?s cq:stanceOf state:NOR ; cq:stanceTowards state:PRK ; cq:inYear '2023' ; cq:stanceTaken cq:negative",
            "?s cq:stanceTowards issue:oceans-and-plastics ; cq:basedOn ?now, ?then . ?e cq:hasSpeechAct ?then ; cq:kind 'call'",
        ):
            assert store.ask(ASK + f"ASK {{ {pattern} }}"), pattern
        assert not store.ask(ASK + "ASK { state:CHL cq:engagesIssue issue:north-korea-nuclear-missile }")


def test_accounts_are_joined(lines: tuple[list[str], ...], iris: Iris) -> None:
    with open_store("memory:") as store:
        for graph in lines:
            store.put_graph(graph[0].rsplit("<", 1)[1][:-3], graph)
        reasoner.reason(store, iris)
        pairs = store.select(
            ASK + "SELECT ?a ?b ?n ?score ?why { ?n cq:pairs ?a, ?b ; cq:score ?score ; cq:reason ?why . FILTER(STR(?a) < STR(?b)) }"
        )
        ((a, b, pairing, score, why),) = pairs
        assert pairing is not None and pairing.value == iris.pairing(str(a)[1:-1], str(b)[1:-1])  # type: ignore[union-attr]
        assert float(score.value) == 0.95 and why.value.startswith("same parties: CHL, NOR; same kind: meeting; same day")  # type: ignore[union-attr]
        assert store.ask(ASK + f"ASK {{ {a} cq:pairedWith {b} . {b} cq:pairedWith {a} }}")
        assert store.ask(ASK + 'ASK { ?r cq:kind "call" ; cq:refersTo ?first . ?first cq:precedes ?later . ?later cq:follows ?first }')
        assert store.ask(ASK + "ASK { ?now cq:strengthens ?then ; cq:repeats ?then . ?now cq:strength 6 }")


def paired(extractions: Iterable[Extraction], iris: Iris, lexicon: Lexicon) -> bool:
    with open_store("memory:") as store:
        store.apply({iris.account(iris.readout(x.document)): quads(x, iris, lexicon) for x in extractions})
        reasoner.reason(store, iris)
        return store.ask(ASK + "ASK { ?a cq:pairedWith ?b }")


def test_only_accounts_of_the_same_people_are_paired(extractions: tuple[Extraction, ...], iris: Iris, small_lexicon: Lexicon) -> None:
    norway, chile = extractions[:2]
    assert paired((norway, chile), iris, small_lexicon)
    same_publisher = replace(chile, document=replace(chile.document, source="norway"))
    assert not paired((norway, same_publisher), iris, small_lexicon)
    meeting = chile.encounters[0]
    colleague = replace(meeting.participants[1], name="Ola Berg", family="Berg", offices=("State Secretary",))
    other = replace(chile, encounters=(replace(meeting, participants=(meeting.participants[0], colleague)),))
    assert not paired((norway, other), iris, small_lexicon)
    unnamed = replace(meeting.participants[1], name=None, family=None)
    for offices, found in ((("Foreign Minister",), True), ((), False)):
        people = (meeting.participants[0], replace(unnamed, offices=offices))
        assert paired((norway, replace(chile, encounters=(replace(meeting, participants=people),))), iris, small_lexicon) is found


def test_a_new_version_of_a_page_tells_the_same_encounter(extractions: tuple[Extraction, ...], iris: Iris, small_lexicon: Lexicon) -> None:
    page = extractions[2].document
    newer = replace(page, id=f"{page.id}-2", text=f"{page.text[:3]} in other words", sha256="0" * 64)
    other, revised = (replace(extractions[2], document=replace(newer, revises=older)) for older in (None, (page.id, page.date)))
    assert not paired((extractions[2], other), iris, small_lexicon)
    assert paired((extractions[2], revised), iris, small_lexicon)


def test_reasoning_again_changes_nothing_and_drops_what_lost_its_account(lines: tuple[list[str], ...], iris: Iris) -> None:
    with open_store("memory:") as store:
        accounts = [graph[0].rsplit("<", 1)[1][:-3] for graph in lines]
        for account, graph in zip(accounts, lines, strict=True):
            store.put_graph(account, graph)
        reasoner.reason(store, iris)
        first = sorted(store.dump())
        reasoner.reason(store, iris)
        assert sorted(store.dump()) == first
        store.delete_graph(accounts[1])
        assert reasoner.reason(store, iris).dropped == 1
        assert not store.ask(ASK + "ASK { ?a cq:pairedWith ?b }")


def test_the_closed_ontology_is_up_to_date() -> None:
    assert list(reasoner.closed_ontology()) == closure.close_ontology(terms.ontology())
