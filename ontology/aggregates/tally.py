"""What of an account is counted: its encounters with day, parties, persons and acts, as one short text that can be kept."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from communique.iris import CQ, VOCAB, Iris
from communique.ontology.terms import Triple

_NAMES: Final = {
    f"<{CQ}{name}>": name
    for name in (
        *("describesEncounter", "date", "involvesState", "toldFrom", "hasSpeechAct", "actType"),
        *("polarity", "joint", "actorState", "addresseeState", "aboutIssue", "evidence"),
        *("hasParticipation", "participant", "represents"),
    )
}
READS: Final = frozenset(_NAMES)
"""The properties that a tally is made from."""
_DAY = re.compile(r'"(\d{4}-\d\d-\d\d)"\^\^<http://www\.w3\.org/2001/XMLSchema#date>')
Names = tuple[str, ...]
Person = tuple[str, Names]
"""Someone who takes part, and the parties that he or she represents."""


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """A speech act: type, stance, whether it is joint, the parties that act and those addressed, issues, numbers of its sentences,
    and its IRI."""

    type: str
    stance: str
    joint: bool
    actors: Names
    addressees: Names
    issues: Names
    sentences: tuple[int, ...]
    node: str


@dataclass(frozen=True, slots=True)
class Heard:
    """An encounter as one account tells it; ``day`` is empty if no day is told, ``sides`` are the parties that tell it.

    ``persons`` are those whom the authority file knows.
    """

    encounter: str
    day: str
    parties: Names
    sides: Names
    persons: tuple[Person, ...]
    acts: tuple[Act, ...]

    @property
    def month(self) -> str:
        """The month of the day."""
        return self.day[:7]

    @property
    def issues(self) -> frozenset[str]:
        """The issues of all acts."""
        return frozenset(issue for act in self.acts for issue in act.issues)


Tally = tuple[Heard, ...]
"""The encounters of one account."""


def tally(triples: Iterable[Triple], who: Mapping[str, str], iris: Iris) -> Tally:
    """The tally of an account from its triples and what follows from them; ``who`` tells whom a name of a person means."""
    facts: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in _NAMES.values()}
    for subject, predicate, value in triples:
        if name := _NAMES.get(predicate):
            facts[name][subject].add(value)
    sentences = {s: n for n, s in enumerate(sorted({s for found in facts["evidence"].values() for s in found}))}

    def names(subject: str, name: str) -> Names:
        return tuple(sorted(term[1:-1] for term in facts[name].get(subject, ()) if term[0] == "<"))

    def one(subject: str, name: str) -> str:
        return next(iter(names(subject, name)), "")

    def act(node: str) -> Act:
        return Act(
            one(node, "actType"),
            one(node, "polarity"),
            any(value.startswith('"true"') for value in facts["joint"].get(node, ())),
            names(node, "actorState"),
            names(node, "addresseeState"),
            names(node, "aboutIssue"),
            tuple(sorted(sentences[s] for s in facts["evidence"].get(node, ()))),
            node[1:-1],
        )

    def persons(node: str) -> Iterator[Person]:
        for part in facts["hasParticipation"].get(node, ()):
            for name in facts["participant"].get(part, ()):
                if (meant := who.get(name)) and not iris.readout_of(meant[1:-1]):
                    yield meant[1:-1], names(part, "represents")

    def heard(node: str) -> Heard:
        days = sorted(found[1] for value in facts["date"].get(node, ()) if (found := _DAY.match(value)))
        acts = sorted(act(a) for a in facts["hasSpeechAct"].get(node, ()))
        parties, sides, present = names(node, "involvesState"), names(node, "toldFrom"), tuple(sorted(set(persons(node))))
        return Heard(node[1:-1], days[0] if days else "", parties, sides, present, tuple(acts))

    return tuple(heard(node) for node in sorted({node for found in facts["describesEncounter"].values() for node in found}))


def write(found: Tally, iris: Iris) -> str:
    """A tally as text; what it says of vocabularies and of this base is shortened."""
    heads = tuple(_heads(iris).items())

    def short(value: str) -> str:
        for mark, head in heads:
            if value.startswith(head):
                return mark + value[len(head) :]
        return value

    def each(values: Names) -> list[str]:
        return [short(value) for value in values]

    def act(a: Act, own: str) -> list[object]:
        told = [short(a.type), short(a.stance), a.joint, each(a.actors), each(a.addressees), each(a.issues), a.sentences]
        return [*told, a.node.removeprefix(own)]

    def heard(h: Heard) -> list[object]:
        persons = [[short(person), *each(parties)] for person, parties in h.persons]
        own = _own(h.encounter, iris)
        return [short(h.encounter), h.day, each(h.parties), each(h.sides), persons, [act(a, own) for a in h.acts]]

    rows = [heard(h) for h in found]
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False)


def read(text: str, iris: Iris) -> Tally:
    """The tally of a text that ``write`` made."""
    heads = _heads(iris)

    def long(value: str) -> str:
        return heads.get(value[:2], value[:2]) + value[2:]

    def names(values: list[str]) -> Names:
        return tuple(map(long, values))

    def whole(node: str, own: str) -> str:
        return own + node if node[0] == "/" else node

    return tuple(
        Heard(
            long(encounter),
            day,
            names(parties),
            names(sides),
            tuple((long(person), names(represented)) for person, *represented in persons),
            tuple(
                Act(
                    *(long(type_), long(stance), joint, names(actors), names(addressees), names(issues), tuple(sentences)),
                    whole(node, _own(long(encounter), iris)),
                )
                for type_, stance, joint, actors, addressees, issues, sentences, node in acts
            ),
        )
        for encounter, day, parties, sides, persons, acts in json.loads(text)
    )


def _own(encounter: str, iris: Iris) -> str:
    """What the names of an account's nodes begin with, up to a slash."""
    return iris.readout_of(encounter) or encounter


def _heads(iris: Iris) -> dict[str, str]:
    return {"v:": VOCAB, "c:": CQ, "b:": iris.base}
