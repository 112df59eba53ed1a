"""The issue scheme: its backbone is kept, every term is described, every concept is reached by its own example."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from communique.ingest.issues.issues import IssueLinker, Setting
from communique.ingest.lexicon.lexicon import load
from communique.ingest.lexicon.views import view
from communique.model import Span

CQ = Namespace("https://w3id.org/communique/ns#")
VOCAB = "https://w3id.org/communique/vocab/"
SCHEME = URIRef(f"{VOCAB}issue")
BACKBONE = Path(__file__).with_name("backbone.csv")


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The vocabulary as it is shipped."""
    text = files("communique.ontology").joinpath("vocab", "issues.ttl").read_text(encoding="utf-8")
    return Graph().parse(data=text, format="turtle")


@pytest.fixture(scope="module")
def linker() -> IssueLinker:
    """The linker over the shipped tables."""
    return IssueLinker(load())


def concepts(graph: Graph) -> list[URIRef]:
    """The concepts of the scheme, sorted."""
    return sorted(s for s in graph.subjects(RDF.type, SKOS.Concept) if isinstance(s, URIRef))


def local(term: object) -> str:
    """The id of a concept."""
    return str(term).rsplit("/", 1)[-1]


def issues_of(linker: IssueLinker, text: str, setting: Setting) -> set[str]:
    """The backbone ids that a text links to."""
    seen = view(text, Span(0, len(text)))
    return {x.issue for x in linker.link(seen, 0, len(seen.text), setting)}


def test_the_backbone_is_complete_and_in_its_place(graph: Graph) -> None:
    with BACKBONE.open(encoding="utf-8") as rows:
        expected = {row["id"]: row["broader"] or None for row in csv.DictReader(rows)}
    marked = {local(s): s for s in graph.subjects(CQ.backbone, Literal(True))}
    assert set(marked) == set(expected)
    assert {i: (local(b) if (b := graph.value(s, SKOS.broader)) else None) for i, s in marked.items()} == expected


def test_there_are_enough_concepts_and_labels(graph: Graph) -> None:
    assert len(concepts(graph)) >= 250
    assert sum(1 for _ in graph.objects(None, SKOS.altLabel)) > 4000


def test_every_term_is_described(graph: Graph) -> None:
    terms = [*concepts(graph), *graph.subjects(RDF.type, CQ.Reading)]
    for term in terms:
        for name in (SKOS.prefLabel, SKOS.definition, SKOS.example):
            assert len(list(graph.objects(term, name))) == 1, (term, name)
    for concept in concepts(graph):
        assert [str(x) for x in graph.objects(concept, SKOS.notation)] == [local(concept)]
        assert (concept, SKOS.inScheme, SCHEME) in graph


def test_broader_leads_to_a_top_concept_without_a_circle(graph: Graph) -> None:
    for concept in concepts(graph):
        seen: list[Node] = [concept]
        while (above := graph.value(seen[-1], SKOS.broader)) is not None:
            assert above not in seen
            assert (above, RDF.type, SKOS.Concept) in graph
            seen.append(above)
        assert (seen[-1], SKOS.topConceptOf, SCHEME) in graph


def test_what_a_term_points_to_exists(graph: Graph) -> None:
    known = {(x.kind, x.id) for x in load().labels}
    for subject, name, value in graph:
        if isinstance(value, URIRef) and str(value).startswith(VOCAB) and value != SCHEME:
            kind, id_ = str(value).removeprefix(VOCAB).split("/")
            assert (kind, id_) in known, (local(subject), name, value)


def test_a_reading_has_a_use(graph: Graph) -> None:
    masks = {"office-mask", "compound-mask"}  # their words hide the names of issues inside longer words
    masks |= {"ukraine-as-party-before-the-war", "conduct-of-china-as-party", "north-america-as-home", "finland-and-sweden-as-parties"}
    masks |= {"hospitals-under-fire", "situation-of-a-state"}  # and these do so where someone takes part, a war or a crisis is named
    for reading in graph.subjects(RDF.type, CQ.Reading):
        effects = [CQ.gives, CQ.givesSituation, CQ.givesTopicUnder, CQ.names, CQ.role]
        assert local(reading) in masks or any(graph.value(reading, name) for name in effects), reading


def test_every_example_is_read_as_its_concept(graph: Graph, linker: IssueLinker) -> None:
    setting = Setting(date="2023-06-01")
    missed = {
        local(c): str(example)
        for c in concepts(graph)
        for example in graph.objects(c, SKOS.example)
        if linker.scheme.concepts[local(c)].issue not in issues_of(linker, str(example), setting)
    }
    assert missed == {}


def test_every_label_is_reachable(graph: Graph, linker: IssueLinker) -> None:
    """No longer label of another concept swallows a label that stands alone (readings with a date may)."""
    dates = ("2021-06-01", "2024-06-01")
    hidden = [
        (local(concept), str(label))
        for concept in concepts(graph)
        for label in graph.objects(concept, SKOS.altLabel)
        if not any(linker.scheme.concepts[local(concept)].issue in issues_of(linker, str(label), Setting(date=d)) for d in dates)
    ]
    assert hidden == []


def test_a_label_names_several_issues_only_where_it_must(graph: Graph) -> None:
    """A label under two concepts gives two links: right for coordinations, wrong for everything else."""
    owners: dict[str, set[str]] = {}
    for concept in concepts(graph):
        for label in graph.objects(concept, SKOS.altLabel):
            owners.setdefault(str(label), set()).add(local(concept))
    shared = {label: ids for label, ids in owners.items() if len(ids) > 1}
    assert all(" and " in label or "regional" in label for label in shared), shared


def test_a_name_stands_for_one_situation(graph: Graph) -> None:
    named = [value for _, value in graph.subject_objects(CQ.situationOf)]
    assert len(named) == len(set(named))
