"""Findings: every injected error is found where it is, with its words and a proof; accounts that disagree; kept up as readouts change."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from communique.errors import ReasoningError
from communique.ingest.pipeline import ingest
from communique.iris import CQ, VOCAB, Iris
from communique.ontology import reasoner, shapes
from communique.ontology.findings import audit, upkeep
from communique.ontology.findings.audit import Auditor
from communique.ontology.findings.finding import Finding, as_json, lines
from communique.ontology.findings.touched import Touched
from communique.ontology.findings.upkeep import check, update
from communique.ontology.identity import SAME
from communique.ontology.proofs.replay import Checker
from communique.ontology.proofs.search import Prover
from communique.ontology.terms import TYPE
from communique.store import Store, open_store
from tests.ontology import generated
from tests.ontology.generated import Plan
from tests.ontology.test_incremental import IRIS, Upkeep, plans
from tests.sampled import copied
from tests.thorough import times

HERE = Iris()
"""Where the samples are."""
Lines = list[str]
Change = Callable[[Lines, str], Lines]


@pytest.fixture(scope="module")
def samples(sampled: Path) -> Iterator[Store]:
    with copied(sampled) as store:
        yield store


def first(told: Lines, predicate: str, kind: str = "") -> str | None:
    """The first line of a predicate whose subject is of a kind of node."""
    return next((line for line in sorted(told) if f"> <{CQ}{predicate}> " in line and f"/{kind}" in line.split(" ")[0]), None)


def replaced(told: Lines, line: str | None, *new: str) -> Lines:
    return [x for x in told if x != line] + list(new) if line else told


def without_quote(told: Lines, _: str) -> Lines:
    return replaced(told, first(told, "quote", "act/"))


def moved(told: Lines, _: str) -> Lines:
    line = first(told, "quote", "act/")
    return replaced(told, line, line.replace('> "', '> "no such words ', 1)) if line else told


def another_kind(told: Lines, graph: str) -> Lines:
    line = first(told, "familyName", "person/")
    return [*told, f"{line.split(' ')[0]} {TYPE} <{CQ}State> <{graph}> ."] if line else told


def itself(told: Lines, graph: str) -> Lines:
    line = first(told, "quote", "act/")
    return [*told, f"{line.split(' ')[0]} <{CQ}answers> {line.split(' ')[0]} <{graph}> ."] if line else told


def two_states(told: Lines, graph: str) -> Lines:
    line = first(told, "officeOf")
    other = "ISL" if line and "/state/ISL>" not in line else "FJI"
    return [*told, f"{line.split(' ')[0]} <{CQ}officeOf> <{VOCAB}state/{other}> <{graph}> ."] if line else told


def other_state(told: Lines, _: str) -> Lines:
    """In order by itself; another readout tells of whom the office is."""
    line = first(told, "officeOf")
    return replaced(told, line, re.sub("/vocab/state/[A-Z]+>", f"/vocab/state/{'ISL' if line and '/JPN>' in line else 'JPN'}>", line or ""))


def other_kind(told: Lines, graph: str) -> Lines:
    """In order by itself; another readout tells that it is of another kind."""
    return [*told, f"<{IRIS.candidate('one')}> {TYPE} <{CQ}{'CandidateIssue' if '/mofa/' in graph else 'Office'}> <{graph}> ."]


def another_day(told: Lines, _: str) -> Lines:
    line = first(told, "date", "encounter/")
    return replaced(told, line, line.replace('"2023-', '"2022-', 1)) if line else told


def no_issue(told: Lines, _: str) -> Lines:
    line = first(told, "aboutIssue", "act/")
    return replaced(told, line, line.replace("/vocab/issue/", "/vocab/issue/no-such-", 1)) if line and "/vocab/issue/" in line else told


SIX: dict[str, tuple[Change, str]] = {
    "an act without its words": (without_quote, "claim-quote"),
    "words that are not in the text": (moved, "claim-words"),
    "a person who is a state": (another_kind, "disjoint-classes"),
    "an act that answers itself": (itself, "irreflexive"),
    "an office of two states": (two_states, "functional"),
    "an issue that there is not": (no_issue, "act-issue"),
}


def accounts(store: Store) -> list[str]:
    return [g for g in store.graphs() if HERE.readout_of(g) and not HERE.is_inferred(g)]


def test_the_samples_are_in_order(samples: Store) -> None:
    auditor = Auditor(samples, HERE)
    for account in accounts(samples):
        assert [f for f in auditor.readout(account.removesuffix("/account")) if f.severity == "error"] == []


@pytest.mark.parametrize("kind", SIX)
def test_each_kind_of_error_is_found_in_every_sample_that_can_have_it(samples: Store, kind: str) -> None:
    change, code = SIX[kind]
    close, checker = reasoner.closer(samples, HERE), Checker(samples, HERE)
    before: dict[str, Lines] = {}
    after: dict[str, Lines] = {}
    for account in accounts(samples):
        told = list(samples.dump(account))
        wrong = change(told, account)
        if wrong != told:
            before |= {account: told, HERE.inferred(account): list(samples.dump(HERE.inferred(account)))}
            after |= {account: wrong, **dict([close(account, wrong)])}
    samples.apply(after)
    auditor = Auditor(samples, HERE)
    readouts = [g.removesuffix("/account") for g in before if not HERE.is_inferred(g)]
    assert len(readouts) > 30
    for readout in readouts:
        found = [f for f in auditor.readout(readout) if f.code == code]
        assert found and all(f.severity == "error" and f.readout == readout for f in found)
        assert all(f.evidence and f.about and f.message for f in found)
        assert all(checker.faults(f.proof) == [] for f in found if f.proof)
        assert all(bool(f.proof) == (code in {"disjoint-classes", "irreflexive", "functional"}) for f in found)
    samples.apply(before)


def test_the_words_of_a_finding_stand_in_the_text(samples: Store) -> None:
    texts = {str(r)[1:-1]: t.value for r, t in samples.select(f"SELECT ?r ?t {{ ?r <{CQ}text> ?t }}")}  # type: ignore[union-attr]
    words = [e for f in check(samples, HERE) for e in f.evidence]
    assert words and all(texts[e.readout][e.start : e.end] == e.quote for e in words if e.start >= 0)


def test_where_accounts_of_one_encounter_disagree(samples: Store) -> None:
    found = [f for f in check(samples, HERE) if f.code.startswith("pairing-")]
    assert {f.code for f in found} >= {"pairing-day", "pairing-place", "pairing-participant", "pairing-stance"}
    assert all((f.severity, f.readout) == ("note", "") for f in found)
    # Who disagrees is told by the words of both.
    assert all(len({e.readout for e in f.evidence}) == 2 for f in found)
    assert {f.message for f in found if f.code == "pairing-place"} == {"two accounts of one encounter give two places: Rome and Naples"}


def graph_of(told: Lines) -> str:
    return told[0].rsplit("<", 1)[1][:-3]


@pytest.fixture(scope="module")
def closed(few_vocabularies: None, lines: tuple[Lines, ...], iris: Iris) -> dict[str, Lines]:
    """The graphs of a store with two accounts of one encounter that agree."""
    with open_store("memory:") as store:
        for graph in lines:
            store.put_graph(graph_of(graph), graph)
        reasoner.reason(store, iris)
        return {graph: list(store.dump(graph)) for graph in store.graphs()}


@pytest.fixture
def pair(closed: dict[str, Lines], lines: tuple[Lines, ...]) -> Iterator[tuple[Store, Lines, Lines]]:
    """A store of its own with them, and the two accounts."""
    with open_store("memory:") as store:
        store.apply(closed)
        yield store, lines[0], lines[1]


def test_who_said_what_is_told_differently(pair: tuple[Store, Lines, Lines], iris: Iris) -> None:
    store, norway, chile = pair
    assert check(store, iris) == ()

    def request(told: Lines, party: str) -> Lines:
        """The first act is a request of one party."""
        act = next(node for node in (line.split(" ")[0] for line in told) if node.endswith("/act/a1>"))
        order = next(line.split(" ")[0] for line in told if f"<{CQ}writtenName>" in line and party in line.split('"')[1].title())
        told = [x for x in told if not (x.startswith(act) and any(f"<{CQ}{p}>" in x for p in ("actType", "actor", "actorParticipation")))]
        graph = graph_of(told)
        return [*told, f"{act} <{CQ}actType> <{VOCAB}act/Request> <{graph}> .", f"{act} <{CQ}actorParticipation> {order} <{graph}> ."]

    ways = (("one side", "Vik", "Vik", False), ("each its own side", "Vik", "Araya", False), ("each the other's", "Araya", "Vik", True))
    for told, of_norway, of_chile, differ in ways:
        store.put_graph(graph_of(norway), request(norway, of_norway))
        store.put_graph(graph_of(chile), request(chile, of_chile))
        reasoner.reason(store, iris, changed=[graph_of(norway), graph_of(chile)])
        every = [f for f in check(store, iris) if f.code.startswith("pairing-")]
        told_of = [line for g in store.graphs() if g.startswith(iris.graph("global")) or iris.readout_of(g) for line in store.dump(g)]
        oracle = shapes.validate([*told_of, *store.dump(iris.graph("reference"))])
        assert {(f.code, f.about) for f in every} == {(code, about) for code, about in oracle if code.startswith("pairing-")}
        found = [f for f in every if f.code == "pairing-actor"]
        assert bool(found) is differ, told
        if found:
            assert found[0].message == "one account tells it of Norway, the other of Chile: request on Oceans and plastic pollution"


# Kept up to date


def published(store: Store, iris: Iris) -> dict[str, Lines]:
    return {g: sorted(store.dump(g)) for g in store.graphs() if g.startswith(iris.graph("findings"))}


def test_findings_are_data_in_graphs_of_their_own(pair: tuple[Store, Lines, Lines], iris: Iris) -> None:
    store, norway, _ = pair
    account = graph_of(norway)
    readout = iris.readout_of(account)
    assert update(store, iris) == {}
    clean = published(store, iris)
    assert all(f'> <{CQ}numberOfFindings> "0"^^' in told[-1] for told in clean.values())
    store.put_graph(account, another_kind(without_quote(norway, account), account))
    reasoner.reason(store, iris, changed=[account])
    assert iris.findings_of(account) not in store.graphs()
    counts = update(store, iris)
    found = [f for f in check(store, iris) if f.readout == readout]
    assert counts["error"] == len([f for f in check(store, iris) if f.severity == "error"]) >= 2
    assert published(store, iris)[iris.findings_of(account)] == lines(found, iris.findings_of(account), iris)
    where = f'?f a cq:Finding ; cq:code "claim-quote" ; cq:severity "error" ; cq:inReadout <{readout}> ; cq:about ?act'
    quoted = "FILTER EXISTS { ?f <http://www.w3.org/ns/prov#wasQuotedFrom>/cq:quote ?words }"
    assert store.ask(f"PREFIX cq: <{CQ}> ASK {{ GRAPH <{iris.findings_of(account)}> {{ {where} }} }}")
    proved = f'?f cq:code "disjoint-classes" ; <http://www.w3.org/ns/prov#wasDerivedFrom>+ <{account}> {quoted}'
    assert store.ask(f"PREFIX cq: <{CQ}> ASK {{ GRAPH <{iris.findings_of(account)}> {{ {proved} }} }}")
    store.put_graph(account, norway)
    reasoner.reason(store, iris, changed=[account])
    update(store, iris)
    assert published(store, iris) == clean


def test_only_what_has_changed_is_looked_at_again(samples: Store) -> None:
    update(samples, HERE)
    seen: list[str] = []
    update(samples, HERE, progress=seen.append)
    assert seen == []
    account = accounts(samples)[0]
    told, inferred = list(samples.dump(account)), list(samples.dump(HERE.inferred(account)))
    (readout,) = {HERE.readout_of(account) or ""}
    reasoner.forget(samples, HERE, [readout])
    update(samples, HERE, progress=seen.append)
    assert seen == [] and HERE.findings_of(account) not in samples.graphs()
    samples.apply({account: told, HERE.inferred(account): inferred})
    update(samples, HERE, progress=seen.append)
    assert seen == [readout]


def test_where_nothing_has_changed_nothing_is_looked_at(samples: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = update(samples, HERE)
    before = published(samples, HERE)
    with monkeypatch.context() as patched:
        patched.setattr(upkeep, "Auditor", None)
        assert update(samples, HERE) == counts and published(samples, HERE) == before
    # One that went missing is made again, and so are those across readouts.
    for graph in (HERE.graph("findings"), next(g for g in before if g.startswith(HERE.graph("findings") + "/"))):
        samples.delete_graph(graph)
        assert update(samples, HERE) == counts and published(samples, HERE) == before


def test_an_account_that_somebody_deleted_takes_its_findings_along(pair: tuple[Store, Lines, Lines], iris: Iris) -> None:
    store, norway, _ = pair
    update(store, iris)
    store.delete_graph(graph_of(norway))
    reasoner.reason(store, iris)
    update(store, iris)
    assert iris.findings_of(graph_of(norway)) not in store.graphs()


class Findings(Upkeep):
    """Adds readouts, some with mistakes, and changes the reference graph, at random: what is published is what scratch gives."""

    def follow(self, store: Store) -> None:
        reasoner.reason(store, IRIS, authority=self.reference)
        update(store, IRIS)

    @rule(plan=plans(st.integers(0, 2)), mistake=st.sampled_from(["state", "itself", "office", "mixed"]))
    def put_wrong(self, plan: Plan, mistake: str) -> None:
        graph, told = generated.account(IRIS, plan)
        who = f"<{generated.person(IRIS, plan.number, plan.people[0].name)}>"
        act, issue = f"<{IRIS.part(generated.readout(IRIS, plan.number), 'act', 1)}>", f"<{generated.candidate(IRIS, 0)}>"
        office = f"<{IRIS.office('NOR', 'foreign-minister')}>"
        more = {
            "state": [f"{who} {TYPE} <{CQ}State>"],
            "itself": [f"{act} <{CQ}answers> {act}"],
            "office": [f"{office} <{CQ}officeOf> <{VOCAB}state/{code}>" for code in ("NOR", "CHL")],
            "mixed": [f"{issue} {TYPE} <{CQ}Office>", f"{issue} {TYPE} <{CQ}CandidateIssue>"],
        }
        told = sorted({*told, *(f"{triple} <{graph}> ." for triple in more[mistake])})
        self.told[graph] = told
        self.store.apply({graph: told}, drop=[IRIS.inferred(graph), IRIS.findings_of(graph)])
        self._reason()


def test_any_sequence_of_changes_leaves_the_findings_that_scratch_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "_FEW", 0)  # however much has changed, only what it touches is looked at again
    run_state_machine_as_test(
        Findings,
        settings=settings(
            max_examples=times(2, 4), stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
        ),
    )


def test_readouts_that_come_and_go_leave_the_findings_that_scratch_gives(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts of one encounter, some with mistakes, and mistakes that two readouts make together; by what has changed, and anew."""
    monkeypatch.setattr(upkeep, "_FEW", 0)
    chance, wholly = random.Random(4), list[bool]()
    texts = sorted(p for p in (root / "ingest" / "samples").iterdir() if p.stem.startswith(("mofa-2023-0", "fcdo-2023-0", "state-2023-07")))
    across = Auditor.across
    changes: Iterator[Change] = cycle([other_kind, other_state, another_day, two_states, lambda told, _: told])

    def counted(auditor: Auditor, among: Touched | None = None) -> list[Finding]:
        wholly.append(among is None)
        return across(auditor, among)

    with monkeypatch.context() as patched, open_store("memory:") as store:
        patched.setattr(Auditor, "across", counted)
        ingest(texts, store, IRIS)
        every = {g: list(store.dump(g)) for g in store.graphs() if IRIS.readout_of(g) and not IRIS.is_inferred(g)}
        seen: set[str] = set()
        for step in range(8):
            present = [g for g in store.graphs() if g in every]
            for account in chance.sample(sorted(every), chance.randint(1, 3)):
                if account in present and chance.random() < 0.5:
                    reasoner.forget(store, IRIS, [account.removesuffix("/account")])
                else:
                    change = next(changes)
                    store.apply({account: change(every[account], account)}, drop=[IRIS.inferred(account), IRIS.findings_of(account)])
            reasoner.reason(store, IRIS)
            counts = update(store, IRIS)
            kept = published(store, IRIS)
            listed = check(store, IRIS)
            assert step == 0 or wholly == [False, False]
            store.apply({}, drop=[*kept, IRIS.graph("unchecked")])
            assert update(store, IRIS) == counts
            assert published(store, IRIS) == kept
            assert check(store, IRIS) == listed and Counter(f.severity for f in listed) == counts
            seen.update(f.code for f in listed if not f.readout)
            wholly.clear()
    assert "pairing-day" in seen and seen & {"functional", "disjoint-classes"}


def test_a_run_that_was_broken_off_is_taken_up(pair: tuple[Store, Lines, Lines], iris: Iris, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two readouts that are each in order and not together; the run ends when each was looked at and before both were."""
    monkeypatch.setattr(upkeep, "_FEW", 0)
    store, *both = pair
    update(store, iris)
    for told, kind in zip(both, ("CandidateIssue", "Office"), strict=True):
        store.put_graph(graph_of(told), [*told, f"<{iris.candidate('one')}> {TYPE} <{CQ}{kind}> <{graph_of(told)}> ."])
    reasoner.reason(store, iris, changed=list(map(graph_of, both)))

    def broken(*_: object) -> None:
        raise ReasoningError("broken off")

    with monkeypatch.context() as patched:
        patched.setattr(Auditor, "across", broken)
        with pytest.raises(ReasoningError):
            update(store, iris)
    assert all(iris.findings_of(graph_of(told)) in store.graphs() for told in both)
    update(store, iris)
    assert store.ask(f'ASK {{ GRAPH <{iris.graph("findings")}> {{ ?f <{CQ}code> "disjoint-classes" }} }}')
    assert not list(store.dump(iris.graph("unchecked")))


# Nothing is stopped


def test_a_finding_stops_nothing(pair: tuple[Store, Lines, Lines], iris: Iris, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the reading of other texts, and not a search for a proof that takes too long."""
    store, norway, _ = pair
    account = graph_of(norway)
    store.put_graph(account, another_kind(norway, account))

    def too_long(*_: object) -> None:
        raise ReasoningError("the search for a proof takes too long")

    monkeypatch.setattr(Prover, "refute", too_long)
    text = next((root / "ingest" / "samples").glob("mofa-*.txt"))
    assert len(ingest([text], store, iris, close=reasoner.closer(store, iris)).written) == 1
    reasoner.reason(store, iris, changed=[account])
    assert update(store, iris)["error"] == 1
    (wrong,) = [f for f in check(store, iris) if f.severity == "error"]
    assert (wrong.code, wrong.proof) == ("disjoint-classes", None)


def test_names_that_a_decision_joins_contradict_each_other_and_the_proof_tells_the_decision(iris: Iris) -> None:
    """Two acts of one readout answer each other only as somebody holds two candidates for one thing."""
    account, told = generated.account(iris, Plan(0, 0, 1, (generated.Attending(0, 0, None),), ()))
    one, other = (f"<{iris.candidate(name)}>" for name in ("one", "other"))
    node = f"<{iris.part(generated.readout(iris, 0), 'act', 1)}>"
    told += [f"{node} {p} <{account}> ." for p in (f"{TYPE} <{CQ}SpeechAct>", f"<{CQ}supports> {one}", f"<{CQ}opposes> {other}")]
    reference = [f"{one} {SAME} {other} <{iris.graph('reference')}> ."]
    with open_store("memory:") as store:
        store.put_graph(account, told)
        reasoner.reason(store, iris, authority=())
        assert "disjoint-properties" not in {f.code for f in check(store, iris)}
        update(store, iris)
        reasoner.reason(store, iris, authority=reference)
        update(store, iris)
        found = [f for f in check(store, iris) if f.code == "disjoint-properties"]
        assert len(found) == 1 and found[0].proof
        assert any(step.triple and step.triple[1] == SAME for step in found[0].proof.steps())
        assert Checker(store, iris).faults(found[0].proof) == []
        assert store.ask(f'ASK {{ ?f <{CQ}code> "disjoint-properties" }}')
        reasoner.reason(store, iris, authority=())
        update(store, iris)
        assert not store.ask(f'ASK {{ ?f <{CQ}code> "disjoint-properties" }}')


def test_a_finding_as_plain_data(samples: Store) -> None:
    found = next(f for f in check(samples, HERE) if f.code == "pairing-day")
    told = as_json(found)
    assert told.keys() == {"readout", "severity", "code", "about", "message", "evidence", "proof"}
    assert [e["quote"] for e in told["evidence"]] == [e.quote for e in found.evidence]


def test_each_constraint_is_looked_at_somewhere() -> None:
    from communique.ontology.shapes import constraints

    of_readouts, across = (set(map(id, audit._constraints(of_readouts=here))) for here in (True, False))
    assert of_readouts | across == set(map(id, constraints()))
