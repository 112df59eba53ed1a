"""Two invented accounts of one meeting and a later call, with everything that an extraction can hold."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from communique.ingest.lexicon.lexicon import Label, Lexicon
from communique.ingest.quads import quads
from communique.iris import Iris
from communique.model import (
    Act,
    Block,
    BlockKind,
    Covered,
    Diagnostic,
    Document,
    Encounter,
    Extraction,
    IssueLink,
    Participant,
    Reading,
    Reference,
    Span,
    Stance,
)
from tests.vocabularies import some_vocabularies

NORWAY = """Norway-Chile Foreign Ministers' Meeting
On May 3, Ms. VIK Solveig, Minister of Foreign Affairs of Norway, met with Mr. Tomás Araya, Minister of Foreign Affairs of Chile,
in New York on the margins of the United Nations General Assembly, following their telephone talk on April 12.
The two ministers agreed to promote cooperation on ocean policy and exchanged views on human rights and the “fjord corridor”.
Minister Vik requested support for the release of detained nationals and received support from Minister Araya.
Minister Vik stated that Norway lodged a strong protest against North Korea over the missile launch. Tea \\ was \t served.
"""
CHILE = """Canciller Araya meets Minister Vik
Foreign Minister Tomás Araya met today with the Foreign Minister of Norway, Solveig Vik. They discussed ocean policy.
"""
CALL = """Telephone talk
On April 12, Ms. VIK Solveig, Minister of Foreign Affairs of Norway, called Mr. Tomás Araya, Minister of Foreign Affairs of Chile.
The two ministers shared the view that they will promote ocean policy.
"""


def at(text: str, words: str, nth: int = 1) -> Span:
    """Where ``words`` stand for the n-th time."""
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def document(text: str, id_: str, source: str, publisher: str, date: str) -> Document:
    return Document(
        id=id_,
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        origin=id_,
        source=source,
        publisher=publisher,
        title=text.splitlines()[0],
        url=f"https://example.org/{id_}",
        date=date,
        composed=True,
    )


def person(text: str, words: str, name: str, family: str, party: str, office: str | None = "Minister of Foreign Affairs") -> Participant:
    return Participant(name, family, (office,) if office else (), party, at(text, words), "header.lead", 0.95)


def act(text: str, id_: str, type_: str, words: str, content: str | None, actors: tuple[str, ...], **more: Any) -> Act:
    values: dict[str, Any] = {
        "addressees": (),
        "addressee_implicit": False,
        "target": None,
        "issues": (),
        "stance": Stance.NONE,
        "joint": len(actors) > 1,
        "commitment": False,
        "strength": 2,
        "confidence": 0.9,
    }
    values.update(more)
    span = at(text, content) if content else None
    return Act(
        id=id_,
        encounter="e1",
        trigger=at(text, words),
        content=span,
        type=type_,
        verb=type_.lower(),
        actors=actors,
        rule="act.verb",
        **values,
    )


def issue(text: str, words: str, concept: str, candidate: bool = False) -> IssueLink:
    return IssueLink(concept, concept, at(text, words), "issue.label", 0.8, candidate)


def coverage(text: str) -> tuple[tuple[Block, ...], tuple[Covered, ...]]:
    blocks, covered, start = [], [], 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        span = Span(start, start + len(line.rstrip("\n")))
        blocks.append(Block((BlockKind.TITLE, BlockKind.LEAD, BlockKind.LEAD)[number] if number < 3 else BlockKind.ITEM, span, str(number)))
        covered.append(Covered(span, (Reading.BOILERPLATE, Reading.ENCOUNTER, Reading.ENCOUNTER)[number] if number < 3 else Reading.ACT))
        start += len(line)
    unread = at(text, "Tea") if "Tea" in text else None
    if unread:
        last = covered.pop()
        covered += [
            Covered(Span(last.span.start, unread.start - 1), Reading.ACT),
            Covered(Span(unread.start, last.span.end), Reading.UNREAD),
        ]
    return tuple(blocks), tuple(covered)


def norway() -> Extraction:
    t = NORWAY
    both = ("Vik", "Araya")
    encounter = Encounter(
        id="e1",
        type="meeting",
        date="2023-05-03",
        participants=(
            person(t, "Ms. VIK Solveig, Minister of Foreign Affairs of Norway", "VIK Solveig", "Vik", "NOR"),
            person(t, "Mr. Tomás Araya, Minister of Foreign Affairs of Chile", "Tomás Araya", "Araya", "CHL"),
        ),
        span=Span(at(t, "On May 3").start, at(t, "New York").end),
        rule="header.lead",
        start="2023-05-03T16:20:00-04:00",
        start_publisher="2023-05-03T22:20:00+02:00",
        duration_min=40,
        approximate=True,
        zone_evidence="place",
        place="New York",
        place_span=at(t, "New York"),
        occasion="the United Nations General Assembly",
        occasion_span=at(t, "the United Nations General Assembly"),
    )
    acts = (
        act(
            t,
            "a1",
            "Agree",
            "agreed",
            "to promote cooperation on ocean policy",
            both,
            issues=(issue(t, "ocean policy", "oceans-and-plastics"),),
            stance=Stance.POSITIVE,
            commitment=True,
            strength=6,
        ),
        act(
            t,
            "a2",
            "Discuss",
            "exchanged views",
            "on human rights and the “fjord corridor”",
            both,
            issues=(issue(t, "human rights", "human-rights"), issue(t, "“fjord corridor”", "economy", True)),
        ),
        act(
            t,
            "a3",
            "Request",
            "requested",
            "support for the release of detained nationals",
            ("Vik",),
            addressees=("Araya",),
            addressee_implicit=True,
            issues=(issue(t, "detained nationals", "detained-nationals"),),
            stance=Stance.POSITIVE,
        ),
        act(
            t,
            "a4",
            "Support",
            "received support from",
            None,
            ("Araya",),
            addressees=("Vik",),
            answers="a3",
            stance=Stance.POSITIVE,
            issues=(issue(t, "detained nationals", "detained-nationals"),),
        ),
        act(
            t,
            "a5",
            "State",
            "stated",
            "that Norway lodged a strong protest against North Korea over the missile launch",
            ("Vik",),
            addressees=("Araya",),
            target="PRK",
            stance=Stance.NEGATIVE,
            issues=(issue(t, "missile launch", "north-korea-nuclear-missile"),),
        ),
        act(
            t,
            "a6",
            "Protest",
            "lodged a strong protest",
            "against North Korea over the missile launch",
            ("NOR", "the participants"),
            addressees=("PRK", "her counterparts"),
            embedded_in="a5",
            stance=Stance.NEGATIVE,
            joint=False,
            intensity="strong",
            modality="will",
            note='a "note"',
            issues=(issue(t, "missile launch", "north-korea-nuclear-missile"),),
        ),
    )
    references = (
        Reference("call", "2023-04-12", "before", at(t, "their telephone talk on April 12"), "reference.dated"),
        Reference("launch", "2023-04", "about", at(t, "the missile launch"), "reference.event"),
    )
    blocks, covered = coverage(t)
    diagnostics = (Diagnostic("unread", covered[-1].span, "no rule covers this sentence"), Diagnostic("note", None, "a remark"))
    page = document(t, "mfa-2023-05-03-norway-chile", "norway", "Ministry of Foreign Affairs of Norway", "2023-05-04")
    return Extraction(page, "readout", None, blocks, (encounter,), references, acts, covered, diagnostics)


def chile() -> Extraction:
    t = CHILE
    encounter = Encounter(
        id="e1",
        type="meeting",
        date="2023-05-03",
        participants=(
            person(t, "Foreign Minister Tomás Araya", "Tomás Araya", "Araya", "CHL", "Foreign Minister"),
            person(t, "the Foreign Minister of Norway, Solveig Vik", "Solveig Vik", "Vik", "NOR", "Foreign Minister"),
        ),
        span=at(t, "Foreign Minister Tomás Araya met today"),
        rule="header.lead",
    )
    acts = (
        act(t, "a1", "Discuss", "discussed", "ocean policy", ("Araya", "Vik"), issues=(issue(t, "ocean policy", "oceans-and-plastics"),)),
    )
    page = document(t, "minrel-araya-vik", "chile", "Ministry of Foreign Affairs of Chile", "2023-05-04")
    return Extraction(page, "readout", None, *(), blocks=coverage(t)[0], encounters=(encounter,), acts=acts, coverage=coverage(t)[1])


def call() -> Extraction:
    t = CALL
    encounter = Encounter(
        id="e1",
        type="call",
        date="2023-04-12",
        participants=(
            person(t, "Ms. VIK Solveig, Minister of Foreign Affairs of Norway", "VIK Solveig", "Vik", "NOR"),
            person(t, "Mr. Tomás Araya, Minister of Foreign Affairs of Chile", "Tomás Araya", "Araya", "CHL"),
        ),
        span=at(t, "On April 12"),
        rule="header.lead",
    )
    acts = (
        act(
            t,
            "a1",
            "ShareView",
            "shared the view",
            "that they will promote ocean policy",
            ("Vik", "Araya"),
            issues=(issue(t, "ocean policy", "oceans-and-plastics"),),
            commitment=True,
            stance=Stance.POSITIVE,
            strength=3,
        ),
    )
    page = document(t, "mfa-2023-04-12-call", "norway", "Ministry of Foreign Affairs of Norway", "2023-04-12")
    return Extraction(page, "readout", None, coverage(t)[0], (encounter,), (), acts, coverage(t)[1])


def set_aside() -> Extraction:
    page = document("Remarks\nQuestion: why?\n", "remarks", "norway", "Ministry of Foreign Affairs of Norway", "2023-05-05")
    return Extraction(page, "transcript", "a transcript of remarks")


@pytest.fixture(scope="module")
def few_vocabularies() -> Iterator[None]:
    """For a module whose stores are many: those that checks look at."""
    with some_vocabularies("acts", "encounter-kinds", "issues", "states"):
        yield


@pytest.fixture(scope="session")
def iris() -> Iris:
    return Iris("https://example.org/data/")


@pytest.fixture(scope="session")
def small_lexicon() -> Lexicon:
    labels = [
        Label("New York", "place", "new-york", "prefLabel"),
        Label("United Nations", "organization", "UN", "prefLabel"),
        Label("Minister of Foreign Affairs", "office", "foreign-minister", "altLabel"),
        Label("Foreign Minister", "office", "foreign-minister", "prefLabel"),
        Label("Norway", "state", "NOR", "prefLabel"),
        Label("Chile", "state", "CHL", "prefLabel"),
    ]
    facts = [("state", code, "iso3", code) for code in ("NOR", "CHL", "PRK", "USA")] + [("organization", "UN", "acronym", "UN")]
    return Lexicon(labels, facts)


@pytest.fixture(scope="session")
def extractions() -> tuple[Extraction, ...]:
    return (norway(), chile(), call(), set_aside())


@pytest.fixture(scope="session")
def lines(extractions: tuple[Extraction, ...], iris: Iris, small_lexicon: Lexicon) -> tuple[list[str], ...]:
    """The quads of each extraction, in the same order."""
    return tuple(quads(x, iris, small_lexicon) for x in extractions)
