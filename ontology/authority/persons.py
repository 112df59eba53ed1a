"""The authority file: every person with names, parties and offices, an office as long as texts attest it, and where texts contradict.

An incumbency says "held at the time of": it reaches from the first to the last day on which a readout shows a person in an office, and
grows with the evidence.  Of an office that one person holds at a time, a person who is followed by another and comes back has two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from communique.iris import digest
from communique.ontology.authority import tables
from communique.ontology.authority.decisions import Decision
from communique.ontology.authority.mentions import Mention, Office
from communique.ontology.authority.resolve import Form, Group, resolve


@dataclass(frozen=True, slots=True, order=True)
class Incumbency:
    """A person (by ``id``) in an office from the ``first`` to the ``last`` day attested (ISO; empty: no day is known); ``number`` counts
    the times that the person held it; ``evidence`` are participations and ``readouts`` the texts they stand in."""

    person: str
    office: Office
    first: str
    last: str
    number: int
    evidence: tuple[str, ...]
    readouts: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """Two incumbencies of one office, which one person holds at a time, that share a day."""

    office: Office
    one: Incumbency
    other: Incumbency

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day that both claim."""
        return max(self.one.first, self.other.first), min(self.one.last, self.other.last)


@dataclass(frozen=True, slots=True)
class Person:
    """One person: an ``id`` that stays while texts come after one another, the preferred ``label``, all written names with the number of
    readouts that use each, party codes, incumbencies, and the forms with the reason why each is this person's."""

    id: str
    label: str
    family: str
    given: str
    names: tuple[tuple[str, int], ...]
    parties: tuple[str, ...]
    offices: tuple[Incumbency, ...]
    forms: tuple[Form, ...]

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """All mentions, sorted."""
        return tuple(sorted(m for form in self.forms for m in form.mentions))


@dataclass(frozen=True, slots=True)
class Authority:
    """All persons by id, the conflicts, and the decisions that meant nobody."""

    persons: tuple[Person, ...]
    conflicts: tuple[Conflict, ...]
    idle: tuple[Decision, ...]


def authority(mentions: Iterable[Mention], decisions: Sequence[Decision] = ()) -> Authority:
    """The authority file of ``mentions``.  Raises ``InputError`` if two decisions contradict each other."""
    resolved = resolve(mentions, decisions)
    groups = _with_ids(resolved.groups)
    held = _incumbencies(groups)
    persons = tuple(_person(id_, group, held.get(id_, ())) for id_, group in sorted(groups.items()))
    return Authority(persons, tuple(_conflicts(held.values())), resolved.idle)


def _with_ids(groups: Iterable[Group]) -> dict[str, Group]:
    """Each person's id: the key of the earliest mention by full name; a later person of the same key adds a hash."""
    out: dict[str, Group] = {}
    for mention, group in sorted(((_earliest(g), g) for g in groups), key=lambda x: _time(x[0])):
        out[mention.key if mention.key not in out else f"{mention.key}-{digest(mention.iri, 6)}"] = group
    return out


def _earliest(group: Group) -> Mention:
    return min((m for m in group.mentions), key=lambda m: (not m.party, not m.given, *_time(m)))


def _time(mention: Mention) -> tuple[bool, str, str]:
    first = min((s.date for s in mention.sightings if s.date), default="")
    return not first, first, mention.iri


def _person(id_: str, group: Group, held: Sequence[Incumbency]) -> Person:
    used: dict[str, set[str]] = defaultdict(set)
    for m in group.mentions:
        used[m.name].add(m.readout)
    names = tuple(sorted(((name, len(readouts)) for name, readouts in used.items()), key=lambda n: (-n[1], n[0])))
    full = {m.name for m in group.mentions if m.given} or set(used)
    best = min((n for n in names if n[0] in full), key=_preference)[0]
    parts = Counter((m.family, m.given) for m in group.mentions if m.name == best)
    family, given = min(parts, key=lambda p: (-parts[p], p))
    parties = Counter(m.code for m in group.mentions if m.party)
    ranked = tuple(sorted(parties, key=lambda p: (-parties[p], p)))
    return Person(id_, group.label or best, family, given, names, ranked, tuple(sorted(held)), group.forms)


def _preference(name: tuple[str, int]) -> tuple[bool, int, bool, int, str]:
    """The name that most readouts write; no family name in capitals, and the one with accents or the longer if as many write them."""
    text, readouts = name
    loud = any(len(w) > 1 and w.isalpha() and w.isupper() and w.lower() not in tables.names().generations for w in text.split())
    return loud, -readouts, text.isascii(), -len(text), text


# Offices

_Seen = tuple[str, str, str, str]
"""A day, a person's id, a participation, a readout."""


def _incumbencies(groups: dict[str, Group]) -> dict[str, tuple[Incumbency, ...]]:
    """The incumbencies of each person."""
    seen: dict[str, list[_Seen]] = defaultdict(list)
    offices: dict[str, Counter[Office]] = defaultdict(Counter)
    for id_, group in groups.items():
        for mention in group.mentions:
            for sighting in mention.sightings:
                for office in sighting.offices:
                    seen[office.iri].append((sighting.date, id_, sighting.participation, mention.readout))
                    offices[office.iri][office] += 1
    out: dict[str, list[Incumbency]] = defaultdict(list)
    for iri, found in seen.items():
        office = min(offices[iri], key=lambda o: (-offices[iri][o], o))
        for id_, runs in _runs(sorted(found), office.one_holder).items():
            for number, run in enumerate(runs, 1):
                days = [s[0] for s in run if s[0]]
                evidence, readouts = (tuple(sorted({s[i] for s in run})) for i in (2, 3))
                out[id_].append(Incumbency(id_, office, min(days, default=""), max(days, default=""), number, evidence, readouts))
    return {id_: tuple(sorted(some)) for id_, some in out.items()}


def _runs(seen: Sequence[_Seen], one_holder: bool) -> dict[str, list[list[_Seen]]]:
    """The times that each person held an office: one, unless another holds it between and the person comes back after long enough."""
    by: dict[str, list[list[_Seen]]] = {}
    for s in seen:
        runs = by.setdefault(s[1], [[]])
        last = runs[-1][-1][0] if runs[-1] else ""
        if one_holder and last and _returned(last, s[0]) and any(last < o[0] < s[0] and o[1] != s[1] for o in seen):
            runs.append([])
        runs[-1].append(s)
    return by


def _returned(last: str, now: str) -> bool:
    return (date.fromisoformat(now) - date.fromisoformat(last)).days >= tables.weights().days["returns"]


def _conflicts(held: Iterable[Sequence[Incumbency]]) -> list[Conflict]:
    """The pairs of incumbencies that cannot both be."""
    by_office: dict[str, list[Incumbency]] = defaultdict(list)
    for some in held:
        for one in some:
            if one.office.one_holder and one.first:
                by_office[one.office.iri].append(one)
    found = []
    for some in by_office.values():
        ordered = sorted(some, key=lambda i: (i.first, i.last, i.person))
        for n, one in enumerate(ordered):
            for other in ordered[n + 1 :]:
                if other.first > one.last:
                    break
                if other.person != one.person:
                    found.append(Conflict(one.office, one, other))
    return sorted(found)
