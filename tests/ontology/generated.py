"""Small accounts made up from a plan: every kind of statement that rules join, with few names, so that accounts meet often."""

from __future__ import annotations

from dataclasses import dataclass

from communique.iris import CQ, Iris, concept
from communique.ontology.terms import LABEL, SKOS, TYPE, XSD

STATES = ("NOR", "CHL", "JPN")
ISSUES = ("human-rights", "oceans-and-plastics", "abductions")
PEOPLE = ("Ada Vik", "A. Vik", "Tom Araya", "Rei Mori")
KINDS = ("foreign-minister", "head-of-state")
TYPES = ("Request", "Support", "Agree", "Protest")
POLARITY = ("positive", "negative", "none")


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody in an encounter, by numbers into the lists above; without an office the party is told."""

    name: int
    state: int
    office: int | None


@dataclass(frozen=True, slots=True)
class Acting:
    """An act: who of those who attend, of which type, about which issue; ``candidate``: about a phrase under it."""

    actor: int
    type: int
    issue: int
    polarity: int
    candidate: bool
    answers: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """An account: its number, publisher, day of May 2023, those who attend and the acts."""

    number: int
    publisher: int
    day: int
    people: tuple[Attending, ...]
    acts: tuple[Acting, ...]


def readout(iris: Iris, number: int) -> str:
    """The readout of a number."""
    return f"{iris.base}id/readout/made/2023-05-01/text-{number}"


def person(iris: Iris, number: int, name: int) -> str:
    """The node of a name in a readout."""
    return iris.part(readout(iris, number), "person", PEOPLE[name])


def candidate(iris: Iris, issue: int) -> str:
    """The candidate issue under an issue."""
    return iris.candidate(f"new {ISSUES[issue]}")


def account(iris: Iris, plan: Plan) -> tuple[str, list[str]]:
    """The asserted graph of a plan and its lines."""
    text = readout(iris, plan.number)
    graph = iris.account(text)
    out: set[str] = set()

    def say(subject: str, name: str, value: str) -> None:
        out.add(f"<{subject}> {name if name[0] == '<' else f'<{CQ}{name}>'} {value} <{graph}> .")

    def link(subject: str, name: str, value: str) -> None:
        say(subject, name, f"<{value}>")

    def kind(subject: str, name: str) -> None:
        link(subject, TYPE, CQ + name)

    publisher = iris.publisher(STATES[plan.publisher], "")
    kind(text, "Readout")
    link(text, "hasAccount", graph)
    link(graph, "<http://www.w3.org/ns/prov#wasDerivedFrom>", text)
    link(graph, "accordingTo", publisher)
    link(publisher, "speaksFor", concept("state", STATES[plan.publisher]))
    encounter = iris.part(text, "encounter", "e1")
    link(graph, "describesEncounter", encounter)
    kind(encounter, "BilateralMeeting")
    say(encounter, "kind", '"meeting"')
    say(encounter, "date", f'"2023-05-{plan.day:02}"^^<{XSD}date>')
    say(encounter, "partyKey", f'"{" ".join(sorted({STATES[p.state] for p in plan.people}))}"')
    nodes = []
    for order, p in enumerate(plan.people, 1):
        part, who, state = iris.part(text, "participation", order), person(iris, plan.number, p.name), concept("state", STATES[p.state])
        nodes.append((part, who))
        link(encounter, "hasParticipation", part)
        link(part, "participant", who)
        say(part, "order", f'"{order}"^^<{XSD}integer>')
        say(part, "writtenName", f'"{PEOPLE[p.name]}"')
        kind(who, "Person")
        say(who, LABEL, f'"{PEOPLE[p.name]}"')
        given, family = PEOPLE[p.name].split()
        say(who, "familyName", f'"{family}"')
        say(who, "givenName", f'"{given}"')
        if p.office is None:
            link(part, "represents", state)
        else:
            office = iris.office(STATES[p.state], KINDS[p.office])
            link(part, "inOffice", office)
            link(office, "officeOf", state)
            link(office, "officeKind", concept("office", KINDS[p.office]))
            say(office, LABEL, f'"{KINDS[p.office]}"')
    for order, act in enumerate(plan.acts, 1):
        node, (part, who) = iris.part(text, "act", order), nodes[act.actor % len(nodes)]
        issue = candidate(iris, act.issue) if act.candidate else concept("issue", ISSUES[act.issue])
        link(encounter, "hasSpeechAct", node)
        kind(node, TYPES[act.type])
        link(node, "actor", who)
        link(node, "actorParticipation", part)
        link(node, "aboutIssue", issue)
        link(node, "polarity", CQ + POLARITY[act.polarity])
        if act.candidate:
            kind(issue, "CandidateIssue")
            link(issue, f"<{SKOS}broader>", concept("issue", ISSUES[act.issue]))
        if TYPES[act.type] == "Agree":
            commitment = iris.part(text, "commitment", order)
            link(node, "makesCommitment", commitment)
            kind(commitment, "Commitment")
            say(commitment, "strength", f'"{order}"^^<{XSD}integer>')
        if act.answers and order > 1:
            link(node, "answers", iris.part(text, "act", order - 1))
    return graph, sorted(out)
