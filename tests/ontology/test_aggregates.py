"""The kept counts are what plain SPARQL over the acts counts, whatever comes, changes and goes, and they are a well-formed data cube."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communique.iris import CQ, Iris, concept
from communique.ontology import aggregates
from communique.ontology.aggregates import cubes
from communique.ontology.reasoner import reason, triples
from communique.ontology.terms import parse
from communique.store import Store, open_store
from tests.ontology.counting import kept, plainly
from tests.sampled import copied

IRIS = Iris("https://example.org/data/")
PAIRED = f"<{CQ}pairedWith>"
DAYS = ("2023-01-31", "2023-02-01", "2023-02", "")
ACTS = st.tuples(
    st.sampled_from(("Request", "Agree", "Protest")),
    st.sampled_from(("positive", "negative", "none")),
    st.booleans(),
    st.sets(st.sampled_from(("JPN", "GBR", "KOR")), max_size=2),  # who acts
    st.sets(st.sampled_from(("JPN", "GBR")), max_size=1),  # to whom
    st.sets(st.sampled_from(("abductions", "human-rights", "sanctions")), max_size=3),
    st.integers(1, 2),  # the sentence
    st.booleans(),  # about an issue that no vocabulary knows, too
)
HEARD = st.tuples(
    st.sampled_from(DAYS),
    st.sets(st.sampled_from(("JPN", "GBR", "KOR")), max_size=3),
    st.sampled_from(("JPN", "GBR", None)),
    st.lists(ACTS, max_size=3),
    st.sets(st.tuples(st.sampled_from("klm"), st.sampled_from(("JPN", "GBR"))), max_size=3),  # persons, and whom they represent
)
TEXTS = st.lists(HEARD, min_size=1, max_size=2)
READOUTS = 4
FAMILIES = [
    f"{s} {p} {o} <{IRIS.graph('vocabulary')}> ." for s, p, o in parse(files("communique.ontology") / "vocab/acts.ttl") if "actFamily" in p
]
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.integers(0, READOUTS - 1), TEXTS),  # a readout is new, or another than it was
        st.tuples(st.just("forget"), st.integers(0, READOUTS - 1), st.none()),
        st.tuples(st.just("pair"), st.lists(st.integers(0, 2), min_size=READOUTS * 2, max_size=READOUTS * 2), st.none()),
        st.tuples(st.just("count"), st.none(), st.none()),
    ),
    max_size=10,
)
TALK = ("Request", "positive", False, {"JPN"}, {"GBR"}, {"abductions", "sanctions"}, 1, False)
STAYING = [("2023-02-01", {"JPN", "GBR"}, "JPN", [TALK], {("k", "JPN"), ("l", "GBR")})]


def account(number: int) -> str:
    return IRIS.account(f"{IRIS.base}id/readout/made/2023-01-01/text-{number}")


def node(number: int, kind: str, id_: object) -> str:
    return IRIS.part(account(number).removesuffix("/account"), kind, id_)


def graphs_of(number: int, text: list) -> dict[str, list[str]]:  # type: ignore[type-arg]
    """The asserted and the inferred graph of a made-up account."""
    graph = account(number)
    told: list[str] = []
    inferred: list[str] = []

    def say(out: list[str], s: str, name: str, value: str) -> None:
        where = graph if out is told else IRIS.inferred(graph)
        out.append(f"<{s}> <{CQ}{name}> {value} <{where}> .")

    for e, (day, parties, side, acts, persons) in enumerate(text, 1):
        encounter = node(number, "encounter", f"e{e}")
        say(told, graph, "describesEncounter", f"<{encounter}>")
        if day:
            say(told, encounter, "date", f'"{day}"^^<http://www.w3.org/2001/XMLSchema#{"date" if len(day) > 7 else "gYearMonth"}>')
        for party in sorted(parties):
            say(inferred, encounter, "involvesState", f"<{concept('state', party)}>")
        if side:
            say(inferred, encounter, "toldFrom", f"<{concept('state', side)}>")
        for n, (person, party) in enumerate(sorted(persons), 1):
            part = node(number, "participation", f"e{e}p{n}")
            say(told, encounter, "hasParticipation", f"<{part}>")
            say(told, part, "participant", f"<{node(number, 'person', person)}>")
            say(inferred, part, "represents", f"<{concept('state', party)}>")
        for a, (kind, stance, joint, actors, addressees, issues, sentence, candidate) in enumerate(acts, 1):
            act = node(number, "act", f"e{e}a{a}")
            say(told, encounter, "hasSpeechAct", f"<{act}>")
            say(told, act, "actType", f"<{concept('act', kind)}>")
            say(told, act, "polarity", f"<{CQ}{stance}>")
            say(told, act, "joint", f'"{str(joint).lower()}"^^<http://www.w3.org/2001/XMLSchema#boolean>')
            say(told, act, "evidence", f"<{node(number, 'segment', f's{sentence}')}>")
            for issue in [*(concept("issue", i) for i in sorted(issues)), *([IRIS.candidate("a new one")] if candidate else [])]:
                say(told, act, "aboutIssue", f"<{issue}>")
                say(inferred, encounter, "discusses", f"<{issue}>")
            for name, there in (("actorState", actors), ("addresseeState", addressees)):
                for party in sorted(there):
                    say(inferred, act, name, f"<{concept('state', party)}>")
    say(inferred, graph, "describes", f"<{graph}>")  # something always follows
    return {graph: told, IRIS.inferred(graph): sorted(set(inferred))}


def pairs(groups: list[int]) -> list[str]:
    """The global graph that makes the encounters with one number, other than 0, one."""
    encounters = [node(n, "encounter", f"e{e}") for n, e in product(range(READOUTS), (1, 2))]
    graph = IRIS.graph("global")
    two = product(zip(encounters, groups, strict=True), repeat=2)
    return [f"<{a}> {PAIRED} <{b}> <{graph}> ." for (a, i), (b, j) in two if i == j != 0 and a != b]


WHO = {f"<{node(n, 'person', p)}>": f"<{IRIS.person(p)}>" for n in range(100) for p in "klm"}
REFERENCE = [f"{name} <http://www.w3.org/2002/07/owl#sameAs> {person} <{IRIS.graph('reference')}> ." for name, person in WHO.items()]


def lines_of(number: int, text: list) -> dict[str, list[str]]:  # type: ignore[type-arg]
    """The graphs of a made-up account with its tally."""
    graph = account(number)
    told, inferred = graphs_of(number, text).values()
    tally = aggregates.tally_of(IRIS.inferred(graph), triples([*told, *inferred]), WHO, IRIS)
    return {graph: told, IRIS.inferred(graph): [*inferred, *(f"{s} {p} {o} <{IRIS.inferred(graph)}> ." for s, p, o in tally)]}


def write(store: Store, put: dict[str, list[str]], drop: list[str] | None = None) -> None:
    """Write graphs, as ``ingest`` and ``forget`` do it."""
    store.apply(put, drop or [], aggregates.journal((*put, *(drop or [])), IRIS))


def count(store: Store, joined: list[str]) -> None:
    """Count, as ``reason`` does it."""
    change = aggregates.count(store, IRIS, joined)
    store.apply({**change.put, IRIS.graph("global"): joined}, edit=change.edit)


def counted(store: Store) -> list[str]:
    """The cubes as they stand."""
    return sorted(line for graph in store.graphs() if graph.startswith(IRIS.cube("")) for line in store.dump(graph))


def anew(store: Store, joined: list[str]) -> list[str]:
    """The cubes counted from nothing."""
    with open_store("memory:") as other:
        other.apply({g: list(store.dump(g)) for g in store.graphs() if IRIS.readout_of(g)})
        other.put_graph(IRIS.graph("reference"), REFERENCE)
        count(other, joined)
        return counted(other)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES)
def test_any_sequence_of_changes_leaves_what_counting_anew_gives(changes: list[tuple[str, object, object]]) -> None:
    with open_store("memory:") as store:
        store.put_graph(IRIS.graph("reference"), REFERENCE)
        # Readouts that stay: beside few, everything is counted anew at once.
        write(store, {g: some for n in range(READOUTS, 60) for g, some in lines_of(n, STAYING).items()})
        joined: list[str] = []
        count(store, joined)
        for kind, what, text in changes:
            if kind == "pair":
                joined = pairs(what)  # type: ignore[arg-type]
            elif kind == "tell":
                write(store, lines_of(what, text))  # type: ignore[arg-type]
            elif kind == "forget":
                write(store, {}, [account(what), IRIS.inferred(account(what))])  # type: ignore[arg-type]
            else:
                assert aggregates.count(store, IRIS, joined).put == {}
                count(store, joined)
                assert counted(store) == anew(store, joined)
        count(store, joined)
        assert counted(store) == anew(store, joined)
        for all_ in (False, True):
            again = aggregates.count(store, IRIS, joined, all_)
            assert not again.put
            assert not again.edit
        assert not list(store.dump(IRIS.graph("uncounted")))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=1, max_size=READOUTS), st.lists(st.integers(0, 2), min_size=READOUTS * 2, max_size=READOUTS * 2))
def test_generated_accounts_count_as_plain_sparql_counts_them(texts: list[list[object]], groups: list[int]) -> None:
    with open_store("memory:") as store:
        store.apply({IRIS.graph("vocabulary"): FAMILIES, IRIS.graph("reference"): REFERENCE})
        store.apply({g: some for number, text in enumerate(texts) for g, some in lines_of(number, text).items()})
        count(store, pairs(groups))
        assert kept(store, IRIS) == plainly(store)


def test_a_few_changes_change_few_figures_and_many_are_counted_anew() -> None:
    with open_store("memory:") as store:
        write(store, {g: some for n in range(40) for g, some in lines_of(n, STAYING).items()})
        count(store, [])
        write(store, lines_of(40, STAYING))
        edit = {g: e for g, e in aggregates.count(store, IRIS, []).edit.items() if g != IRIS.graph("uncounted")}
        assert {len(e.add) - len(e.remove) for e in edit.values()} == {0, 1}  # the tally is new, figures take the place of others
        assert sum(len(e.add) for e in edit.values()) < 60
        write(store, {g: some for n in range(50, 60) for g, some in lines_of(n, STAYING).items()})
        assert not aggregates.count(store, IRIS, []).edit


def test_what_is_not_in_the_journal_is_not_looked_at_but_what_is_gone_is_missed() -> None:
    with open_store("memory:") as store:
        store.put_graph(IRIS.graph("reference"), REFERENCE)
        write(store, {g: some for n in range(40) for g, some in lines_of(n, STAYING).items()})
        count(store, [])
        store.apply(lines_of(40, STAYING))
        assert not aggregates.count(store, IRIS, []).edit
        assert aggregates.count(store, IRIS, [], again=True).edit
        store.apply({}, [account(3), IRIS.inferred(account(3))])
        count(store, [])
        assert counted(store) != anew(store, [])  # the one that was written past all this
        write(store, lines_of(40, STAYING))
        count(store, [])
        assert counted(store) == anew(store, [])


@pytest.fixture(scope="module")
def samples(sampled: Path) -> Iterator[Store]:
    """The samples, read and reasoned over."""
    with copied(sampled) as opened:
        yield opened


@pytest.mark.parametrize("name", sorted(cubes()))
def test_the_samples_count_as_plain_sparql_counts_them(samples: Store, name: str) -> None:
    counts = kept(samples, Iris())[name]
    assert counts
    assert counts == plainly(samples)[name]


def test_one_encounter_counts_once_however_many_tell_it(samples: Store) -> None:
    """Japan and the United Kingdom: 20 February 2023 and 16 December 2024 are told by both, September 2023 by both, July 2023 by Japan."""
    japan, britain = concept("state", "JPN"), concept("state", "GBR")
    row = kept(samples, Iris())["dyads"][britain, japan]
    assert int(row["encounters"]) < int(row["tellings"])


def test_nothing_is_counted_twice_by_a_second_run(samples: Store) -> None:
    before = kept(samples, Iris())
    reason(samples, Iris())
    assert kept(samples, Iris()) == before


# The integrity constraints of the RDF Data Cube recommendation, section 11, that concern cubes without slices and code lists.
CONSTRAINTS = {
    "IC-1 one data set": "?o a qb:Observation { FILTER NOT EXISTS { ?o qb:dataSet ?d } } UNION { ?o qb:dataSet ?d, ?e FILTER (?d != ?e) }",
    "IC-2 one structure": "?d a qb:DataSet { FILTER NOT EXISTS { ?d qb:structure ?s } } UNION { ?d qb:structure ?s, ?t FILTER (?s != ?t) }",
    "IC-3 a measure": "?s a qb:DataStructureDefinition FILTER NOT EXISTS { ?s qb:component/qb:measure ?m }",
    "IC-4 ranges": "?p a qb:DimensionProperty FILTER NOT EXISTS { ?p rdfs:range ?r }",
    "IC-11 all dimensions": "?o qb:dataSet/qb:structure/qb:component/qb:dimension ?p FILTER NOT EXISTS { ?o ?p ?v }",
    "IC-14 all measures": "?o qb:dataSet/qb:structure/qb:component/qb:measure ?p FILTER NOT EXISTS { ?o ?p ?v }",
    "one value": "?o a qb:Observation ; ?p ?v, ?w FILTER (?v != ?w)",
    "declared": "?o a qb:Observation ; qb:dataSet/qb:structure ?s ; ?p ?v"
    " FILTER (STRSTARTS(STR(?p), STR(cq:))) FILTER NOT EXISTS { ?s qb:component/(qb:dimension|qb:measure|qb:attribute) ?p }",
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_cubes_are_well_formed(samples: Store, name: str) -> None:
    head = f"PREFIX cq: <{CQ}> PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
    assert not samples.ask(f"{head} ASK {{ {CONSTRAINTS[name]} }}")


def test_two_observations_never_have_the_same_dimensions(samples: Store) -> None:
    """IC-12; ``kept`` refuses a second one."""
    assert sum(key != () for table in kept(samples, Iris()).values() for key in table) == len(
        samples.select("SELECT ?o { ?o a <http://purl.org/linked-data/cube#Observation> }")
    )
