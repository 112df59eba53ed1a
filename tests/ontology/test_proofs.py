"""Proofs: every inferred statement has one, the checker accepts it and refuses any other; circles end; names of one thing count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from communique.errors import InputError, UsageError
from communique.iris import CQ, VOCAB, Iris
from communique.ontology import reasoner
from communique.ontology.proofs import known, show
from communique.ontology.proofs.proof import TOLD, Proof
from communique.ontology.proofs.replay import Checker
from communique.ontology.proofs.search import Prover
from communique.ontology.terms import SKOS, TYPE, Triple
from communique.store import Store, open_store
from tests.sampled import copied

Lines = tuple[list[str], ...]


def graph_of(lines: list[str]) -> str:
    return lines[0].rsplit("<", 1)[1][:-3]


@pytest.fixture(scope="module")
def samples(sampled: Path) -> Iterator[tuple[Store, Iris]]:
    with copied(sampled) as store:
        yield store, Iris()


@pytest.fixture(scope="module")
def small(lines: Lines, iris: Iris) -> Iterator[Store]:
    with open_store("memory:") as store:
        for graph in lines:
            store.put_graph(graph_of(graph), graph)
        reasoner.reason(store, iris)
        yield store


def inferred(store: Store, iris: Iris) -> Iterator[tuple[Triple, str]]:
    """What follows, graph by graph; what a graph says of itself is no inference."""
    for graph in store.graphs():
        if iris.is_inferred(graph) or graph == iris.graph("global"):
            yield from (((s, p, o), graph) for s, p, o, _ in store.match(None, None, None, graph) if s != f"<{graph}>")


@pytest.fixture(scope="module")
def proved(samples: tuple[Store, Iris]) -> dict[tuple[Triple, str], Proof | None]:
    """Everything that follows from the samples, with its proof."""
    prover = Prover(*samples)
    return {(triple, graph): prover.prove(triple, graph) for triple, graph in inferred(*samples)}


def test_every_inferred_statement_of_the_samples_is_proved_and_replayed(
    samples: tuple[Store, Iris], proved: dict[tuple[Triple, str], Proof | None]
) -> None:
    store, iris = samples
    checker = Checker(store, iris)
    rules: set[str] = set()
    assert len(proved) > 10_000
    for about, proof in proved.items():
        assert proof, about
        assert checker.faults(proof) == []
        told = [leaf for leaf in proof.steps() if leaf.rule == TOLD]
        assert all(iris.is_inferred(g) is False for leaf in told for g in leaf.graphs)
        rules.add(proof.rule)
    assert rules >= {
        "prp-spo2",
        "prp-inv2",
        "prp-trp",
        "office-at-act",
        "repeated-commitment",
        "stance-by-year",
        "same-encounter.pairing",
        "scm-sco",
    }


def test_a_proof_ends_at_the_words(samples: tuple[Store, Iris]) -> None:
    store, iris = samples
    proof = Prover(store, iris).prove(show.statement("state:JPN cq:engagesIssue issue:abductions", iris))
    assert proof
    assert (proof.rule, proof.says) == ("prp-spo2", "cq:engagesIssue <- cq:stateActedIn o cq:aboutIssue")
    words = [e for step in proof.steps() for e in step.evidence]
    assert "abductions issue" in {e.quote for e in words}
    for e in words:
        (text,) = next(iter(store.select(f"SELECT ?t {{ <{e.readout}> <{CQ}text> ?t }}")))
        assert text.value[e.start : e.end] == e.quote  # type: ignore[union-attr]


def test_what_does_not_follow_has_no_proof(small: Store, iris: Iris) -> None:
    assert Prover(small, iris).prove(show.statement("state:CHL cq:engagesIssue issue:abductions", iris)) is None


# The checker refuses what is not a proof


def changed(proof: Proof, old: Proof, new: Proof) -> Proof:
    """A proof with one step replaced by another."""
    return new if proof is old else replace(proof, premises=tuple(changed(p, old, new) for p in proof.premises))


@pytest.fixture(scope="module")
def sound(samples: tuple[Store, Iris]) -> Proof:
    store, iris = samples
    proof = Prover(store, iris).prove(show.statement("state:JPN cq:engagesIssue issue:abductions", iris))
    assert proof
    return proof


@pytest.mark.parametrize(
    "tamper",
    [
        lambda p: replace(p, rule="prp-trp"),
        lambda p: replace(p, says="because"),
        lambda p: replace(p, triple=(p.triple[0], p.triple[1], f"<{VOCAB}issue/human-rights>")),
        lambda p: replace(p, bindings=tuple((name, f"<{VOCAB}state/FRA>") for name, _ in p.bindings)),
        lambda p: replace(p, premises=p.premises[:1]),
        lambda p: replace(p, premises=p.premises[::-1]),
        lambda p: replace(p, rule=TOLD),
        lambda p: replace(p, rule="eq-rep-o"),
        lambda p: replace(p, rule="office-at-act"),
    ],
)
def test_a_step_that_no_rule_gives_is_refused(samples: tuple[Store, Iris], sound: Proof, tamper: object) -> None:
    checker = Checker(*samples)
    assert checker.faults(sound) == []
    for step in [s for s in sound.steps() if s.premises]:
        bad = tamper(step)  # type: ignore[operator]
        if bad != step and not (bad.premises == step.premises[::-1] and len(step.premises) == 1):
            assert checker.faults(changed(sound, step, bad))


@pytest.mark.parametrize(
    "tamper",
    [
        lambda p, _: replace(p, graphs=()),
        lambda p, _: replace(p, triple=(p.triple[0], p.triple[1], f"<{VOCAB}state/FRA>")),
        lambda p, _: replace(p, graphs=(f"{p.graphs[0]}/inferred",)),
        lambda p, _: replace(p, graphs=("https://example.org/elsewhere",)),
        lambda p, iris: replace(p, graphs=(iris.graph("vocabulary"),)),
        lambda p, iris: replace(p, graphs=(iris.graph("global"),)),
        lambda p, _: replace(p, evidence=tuple(replace(e, start=e.start + 1) for e in p.evidence)),
        lambda p, _: replace(p, evidence=tuple(replace(e, quote="peace") for e in p.evidence)),
        lambda p, _: replace(p, evidence=tuple(replace(e, node=e.readout) for e in p.evidence)),
    ],
)
def test_a_leaf_that_was_not_told_is_refused(samples: tuple[Store, Iris], sound: Proof, tamper: object) -> None:
    checker = Checker(*samples)
    for leaf in [s for s in sound.steps() if not s.premises]:
        assert checker.faults(changed(sound, leaf, tamper(leaf, samples[1])))  # type: ignore[operator]


def test_a_decision_whose_ground_is_gone_is_refused(lines: Lines, iris: Iris) -> None:
    with open_store("memory:") as store:
        for graph in lines:
            store.put_graph(graph_of(graph), graph)
        reasoner.reason(store, iris)
        (pair, *_) = [t for t, _ in inferred(store, iris) if t[1] == f"<{CQ}pairedWith>"]
        (meant, *_) = [t for t, _ in inferred(store, iris) if t[1] == f"<{CQ}refersTo>"]
        prover, proofs = Prover(store, iris), []
        for triple in (pair, meant):
            proof = prover.prove(triple)
            assert proof and Checker(store, iris).faults(proof) == []
            proofs.append(proof)
        # The days move apart behind the back of the decisions.
        account = graph_of(lines[0])
        store.put_graph(
            account, [line.replace('"2023-05-03"', '"2023-05-09"').replace('"2023-04-12"', '"2023-04-20"') for line in lines[0]]
        )
        assert all(any("what that needs does not hold" in f for f in Checker(store, iris).faults(p)) for p in proofs)


def test_a_query_rule_is_asked_again_by_the_checker(samples: tuple[Store, Iris]) -> None:
    store, iris = samples
    held = next(t for t, _ in inferred(store, iris) if t[1] == f"<{CQ}inOfficeAtAct>")
    proof = Prover(store, iris).prove(held)
    assert proof
    day = '"1999-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'
    early = tuple((name, day if name == "?last" else value) for name, value in proof.bindings)
    triples = [p.triple for p in proof.premises if p.triple]
    moved = [(s, p, day if "attestedUntil" in p else o) for s, p, o in triples]
    premises = tuple(replace(p, triple=t) for p, t in zip(proof.premises, moved, strict=True))
    assert any("does not give it" in fault for fault in Checker(store, iris).faults(replace(proof, bindings=early, premises=premises)))


def test_the_premises_of_a_query_rule_suffice(samples: tuple[Store, Iris], proved: dict[tuple[Triple, str], Proof | None]) -> None:
    """A store that holds nothing but the premises of a step gives its conclusion: nothing that it rests on is left out."""
    _, iris = samples
    steps: dict[Proof, None] = {}
    for (_, graph), proof in proved.items():
        if graph == iris.graph("global") and proof:
            steps |= {step: None for step in proof.steps() if step.rule in reasoner.global_rules()}
    assert {step.rule for step in steps} == reasoner.global_rules().keys()
    account = iris.account(f"{iris.base}id/readout/x/2024-01-01/alone")
    kinds = set()
    with open_store("memory:") as alone:
        for step in steps:
            alone.put_graph(account, sorted({f"{' '.join(p.triple)} <{account}> ." for p in step.premises if p.triple}))
            query = f"BASE <{iris.base}>\n{reasoner.global_rules()[step.rule]}"
            given = {(str(t.subject), str(t.predicate), str(t.object)) for t in alone.construct(query)}
            assert step.triple in given, show.as_json(step)
            assert step.triple
            kinds.add(step.triple[1] if "stanceTaken" not in step.triple[1] else step.triple[2])
    assert kinds >= {f"<{CQ}{name}>" for name in ("inOfficeAtAct", "repeats", "strengthens", "positive", "negative", "mixed", "basedOn")}


def test_what_a_conclusion_rests_on_besides_is_checked(samples: tuple[Store, Iris]) -> None:
    store, iris = samples
    checker = Checker(store, iris)
    stronger = next(t for t, _ in inferred(store, iris) if t[1] == f"<{CQ}strengthens>")
    proof = Prover(store, iris).prove(stronger)
    assert proof and checker.faults(proof) == []
    besides = [p for p in proof.premises if p.triple and p.triple[1] in (f"<{CQ}strength>", f"<{CQ}binds>")]
    assert {p.triple[1] for p in besides if p.triple} == {f"<{CQ}strength>", f"<{CQ}binds>"}
    other = next(p for p in proof.premises if p not in besides)
    assert any("no rule" in fault for fault in checker.faults(replace(proof, premises=(*proof.premises, other))))


# Circles, identity, all proofs


def test_rules_that_run_in_a_circle_end(iris: Iris) -> None:
    """A transitive property with an inverse, over a ring of concepts: everything is above everything."""
    broader = f"<{SKOS}broader>"
    names = [f"<https://example.org/data/id/candidate/{n}>" for n in "abcde"]
    account = "https://example.org/data/id/readout/x/2023-01-01/ring/account"
    with open_store("memory:") as store:
        told = [f"{a} {broader} {b} <{account}> ." for a, b in zip(names, [*names[1:], names[0]], strict=True)]
        store.put_graph(account, told)
        reasoner.reason(store, iris)
        prover, checker = Prover(store, iris), Checker(store, iris)
        steps = [t for t, graph in inferred(store, iris) if graph == iris.inferred(account)]
        assert len(steps) >= 25
        for triple in steps:
            proof = prover.prove(triple)
            assert proof and checker.faults(proof) == []
            triples = [s.triple for s in proof.steps() if s is not proof]
            assert triple not in triples
        assert prover.prove((names[0], f"<{SKOS}broaderTransitive>", f"<{VOCAB}issue/abductions>")) is None
        several = prover.proofs((names[0], f"<{SKOS}broaderTransitive>", names[3]), most=7)
        assert 1 < len(several) <= 7
        assert [p.depth for p in several] == sorted(p.depth for p in several)
        assert len(set(several)) == len(several) and all(checker.faults(p) == [] for p in several)


def test_names_of_one_thing_count_for_each_other_in_a_step_of_its_own(small: Store, iris: Iris) -> None:
    row = next(
        iter(small.select(f"SELECT ?act ?person {{ ?act <{CQ}actor> ?named . ?named <http://www.w3.org/2002/07/owl#sameAs> ?person }}"))
    )
    act, person = map(str, row)
    proof = Prover(small, iris).prove((act, f"<{CQ}actor>", person))
    assert proof and proof.rule == "eq-rep-o"
    assert Checker(small, iris).faults(proof) == []
    other = replace(proof, triple=(act, f"<{CQ}actor>", f"<{VOCAB}state/NOR>"))
    assert "another thing" in Checker(small, iris).faults(other)[0]
    loose = replace(proof, premises=(proof.premises[0], *proof.premises[:1]))
    assert "does not join" in Checker(small, iris).faults(loose)[0]


def test_all_proofs_are_told_apart_and_bounded(samples: tuple[Store, Iris]) -> None:
    store, iris = samples
    triple = show.statement("state:JPN cq:engagesIssue issue:abductions", iris)
    found = Prover(store, iris).proofs(triple, most=6)
    assert len(found) == len(set(found)) == 6
    assert found[0].depth == min(p.depth for p in found)
    assert all(Checker(store, iris).faults(p) == [] for p in found)
    assert len({e.readout for p in found for s in p.steps() for e in s.evidence}) > 1


def test_a_contradiction_is_proved_from_its_premises(lines: Lines, iris: Iris) -> None:
    with open_store("memory:") as store:
        account = graph_of(lines[0])
        act = next(line.split(" ")[0] for line in lines[0] if "/act/a1> " in line)
        store.put_graph(account, [*lines[0], f"{act} <{CQ}opposes> <{VOCAB}issue/oceans-and-plastics> <{account}> ."])
        reasoner.reason(store, iris)
        rule = next(r for r in known.rules() if r.head is None and r.axiom.startswith("cq:supports"))
        proof = Prover(store, iris).refute(rule, (act, f"<{VOCAB}issue/oceans-and-plastics>"), account)
        assert proof and proof.triple is None and len(proof.premises) == 2
        assert Checker(store, iris).faults(proof) == []
        assert next(show.lines(proof, iris)) == "a contradiction"
        assert Prover(store, iris).refute(rule, (act, f"<{VOCAB}issue/human-rights>"), account) is None


# Shown and read back


def test_json_is_read_back_as_the_same_proof(sound: Proof) -> None:
    assert show.from_json(json.loads(json.dumps(show.as_json(sound)))) == sound
    with pytest.raises(InputError, match="no proof"):
        show.from_json({"statement": ["a"], "rule": "x"})


def test_rdf_of_a_proof_leads_from_the_statement_to_the_quotes(samples: tuple[Store, Iris], sound: Proof) -> None:
    _, iris = samples
    graph = "https://example.org/proof"
    with open_store("memory:") as store:
        store.put_graph(graph, sorted({f"{s} {p} {o} <{graph}> ." for s, p, o in show.triples(sound, iris)}))
        asked = f"""PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX prov: <http://www.w3.org/ns/prov#>
            SELECT DISTINCT ?quote {{ ?s rdf:subject <{VOCAB}state/JPN> ; rdf:predicate <{CQ}engagesIssue> ;
              prov:wasDerivedFrom+/prov:wasQuotedFrom/<{CQ}quote> ?quote }}"""
        quotes = {row[0].value for row in store.select(asked)}  # type: ignore[union-attr]
    assert quotes == {e.quote for s in sound.steps() for e in s.evidence}


@pytest.mark.parametrize(
    ("text", "triple"),
    [
        ("state:JPN a cq:State", (f"<{VOCAB}state/JPN>", TYPE, f"<{CQ}State>")),
        (
            "<id/office/jpn/x> cq:officeOf state:JPN .",
            ("<https://example.org/data/id/office/jpn/x>", f"<{CQ}officeOf>", f"<{VOCAB}state/JPN>"),
        ),
        (
            "https://example.org/a <https://example.org/p> https://example.org/b",
            ("<https://example.org/a>", "<https://example.org/p>", "<https://example.org/b>"),
        ),
        ('state:JPN cq:iso3 "JPN"', (f"<{VOCAB}state/JPN>", f"<{CQ}iso3>", '"JPN"')),
        ('state:JPN cq:x "a b"@en', (f"<{VOCAB}state/JPN>", f"<{CQ}x>", '"a b"@en')),
        (
            'state:JPN cq:x "2023-01-01"^^xsd:date',
            (f"<{VOCAB}state/JPN>", f"<{CQ}x>", '"2023-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ),
    ],
)
def test_statements_are_read_as_people_write_them(text: str, triple: Triple, iris: Iris) -> None:
    assert show.statement(text, iris) == triple
    assert show.statement(" ".join(show.brief(t, iris) for t in triple), iris)[:2] == triple[:2]


@pytest.mark.parametrize("text", ["state:JPN cq:actor", "", 'state:JPN "x" "y"', "<a b> cq:x cq:y", 'state:JPN cq:x "y"^^'])
def test_what_is_no_statement_is_one_plain_line(text: str, iris: Iris) -> None:
    with pytest.raises(UsageError):
        show.statement(text, iris)
