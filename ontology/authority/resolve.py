"""Who is who: gathers mentions into persons, by decisions of a curator first, then by names and evidence.

Pure, and the order of the input does not matter.  Full names come first, the surest likeness first; what only names somebody by family
name is then given to the one person it fits.  Nothing joins two who are named in one encounter, or names that no steps lead between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from communique.errors import InputError
from communique.ontology.authority.decisions import Decision
from communique.ontology.authority.evidence import Item, item, united, weigh
from communique.ontology.authority.mentions import Mention
from communique.ontology.authority.names import addressed, likeness, parse
from communique.ontology.authority.tables import weights

_SURE = frozenset({"order", "spelling", "generation"})


@dataclass(frozen=True, slots=True, order=True)
class Join:
    """Why two items are one person: items by number, a ``rule`` (the steps between the names), a ``score`` and the evidence in words."""

    score: float
    first: int
    second: int
    rule: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Form:
    """Mentions of a person with one written name, and why they are this person's (``score`` 1 and no rule: they are where it begins)."""

    name: str
    rule: str
    score: float
    reason: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The mentions of one person, as forms; the first form is the one it begins with.  ``label`` is a curator's, if one gave it."""

    forms: tuple[Form, ...]
    label: str = ""

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """All mentions, sorted."""
        return tuple(sorted(m for form in self.forms for m in form.mentions))


@dataclass(frozen=True, slots=True)
class Resolved:
    """All persons, and the decisions that meant nobody."""

    groups: tuple[Group, ...]
    idle: tuple[Decision, ...]


def resolve(mentions: Iterable[Mention], decisions: Sequence[Decision] = ()) -> Resolved:
    """The persons behind ``mentions``.  Raises ``InputError`` if two decisions contradict each other."""
    work = _Work(_items(sorted(set(mentions)), decisions))
    idle = work.decide(decisions)
    work.full_names()
    work.family_names()
    return Resolved(tuple(work.groups()), idle)


def _items(mentions: Sequence[Mention], decisions: Sequence[Decision]) -> list[Item]:
    """Mentions with one party and one full name are one item, unless a decision names one of them or a generation lies between them."""
    named = {who.iri for d in decisions for who in (d.first, d.second) if who and who.iri}
    groups: dict[tuple[object, ...], list[Mention]] = defaultdict(list)
    for m in mentions:
        name = parse(m.name, m.family, m.given)
        alone = m.iri if name.short or m.iri in named else ""
        groups[m.party, name, alone].append(m)
    out = [item(parse(part[0].name, part[0].family, part[0].given), part) for some in groups.values() for part in _apart(some)]
    return sorted(out, key=lambda i: i.key)


def _apart(mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    """The mentions of one name, cut where nobody of this name is seen for long."""
    part: list[Mention] = []
    last = ""
    for m in sorted(mentions, key=lambda m: (m.sightings[0].date, m.iri)):
        first = m.sightings[0].date
        if last and (date.fromisoformat(first) - date.fromisoformat(last)).days > weights().days["never"]:
            yield part
            part = []
        part.append(m)
        last = max(last, m.sightings[-1].date)
    yield part


class _Work:
    """Items and which of them are together so far."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.members = [[i] for i in range(len(items))]
        self.of = list(range(len(items)))
        self.apart: set[tuple[int, int]] = set()
        self.joins: list[Join] = []
        self.labels: dict[int, Decision] = {}
        self.blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
        for n, one in enumerate(items):
            for key in sorted(one.name.keys):
                self.blocks[one.party, key].append(n)
            if not one.name.short:
                # The same full name may stand for another party.
                self.blocks["", "".join(one.name.words)].append(n)

    # Decisions

    def decide(self, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        """Do what the decisions say, and tell which of them mean nobody."""
        idle = []
        differing: list[tuple[Decision, int, int]] = []
        for d in decisions:
            first = self._meant(d, first=True)
            second = self._meant(d, first=False) if d.second else first
            if not first or not second:
                idle.append(d)
            elif d.what == "same":
                for a, b in pairwise(sorted({*first, *second})):
                    if self.of[a] != self.of[b]:
                        self._join(Join(1.0, a, b, "decision", d.reason))
            elif d.what == "different":
                # Who is meant by IRI is no longer meant by name.
                ones, others = (first - second, second) if d.second and d.second.iri else (first, second - first)
                if not ones or not others:
                    raise InputError("both mean the same mentions", where=d.where, todo="name one of them by the IRI of a mention")
                differing += [(d, a, b) for a in ones for b in others]
            else:
                for a in first:
                    self.labels[a] = d
        for d, a, b in differing:
            if self.of[a] == self.of[b]:
                raise InputError("another line says that they are the same", where=d.where, todo="remove one of the two")
            self.apart |= {(a, b), (b, a)}
        return tuple(idle)

    def _meant(self, d: Decision, first: bool) -> set[int]:
        who = d.first if first or d.second is None else d.second
        return {n for n, one in enumerate(self.items) if any(who.means(m) for m in one.mentions)}

    # Joining

    def _join(self, join: Join) -> None:
        a, b = sorted((self.of[join.first], self.of[join.second]))
        for n in self.members[b]:
            self.of[n] = a
        self.members[a] += self.members[b]
        self.members[b] = []
        self.joins.append(join)

    def _blocked(self, a: int, b: int) -> bool:
        """Whether two items cannot be one person: a curator says so, or one encounter names both."""
        return (a, b) in self.apart or not self.items[a].encounters.isdisjoint(self.items[b].encounters)

    def _fit(self, a: int, b: int) -> bool:
        """Whether nothing in two clusters contradicts that they are one person."""
        for m in self.members[a]:
            for n in self.members[b]:
                if self._blocked(m, n):
                    return False
                one, other = self.items[m], self.items[n]
                if one.name.short or other.name.short:
                    continue
                steps = likeness(one.name, other.name, _shared(one, other))
                # That somebody without a party may be either's does not make one person of two states' people.
                if steps is None or (
                    one.of_state and other.of_state and one.party != other.party and not _weighed(one, other, m, n, steps)
                ):
                    return False
        return True

    def full_names(self) -> None:
        """Join full names: sure steps first, then weak ones where no rival is near."""
        found = sorted(self._pairs(), key=lambda j: (-j.score, j.first, j.second))
        sure = [j for j in found if _SURE.issuperset(j.rule.split("+")) or j.rule == "name"]
        for j in sure:
            if self.items[j.first].party == self.items[j.second].party and self.of[j.first] != self.of[j.second]:
                self._try(j)
        near: dict[int, list[Join]] = defaultdict(list)
        for j in found:
            near[j.first].append(j)
            near[j.second].append(j)
        for j in found:
            if self.of[j.first] != self.of[j.second] and not self._rivalled(j, near):
                self._try(j)

    def _try(self, j: Join) -> None:
        if self._fit(self.of[j.first], self.of[j.second]):
            self._join(j)

    def _rivalled(self, join: Join, near: dict[int, list[Join]]) -> bool:
        """Whether one side may as well be somebody else, whom the other side cannot be."""
        a, b = self.of[join.first], self.of[join.second]
        for here, there in ((a, b), (b, a)):
            for n in self.members[here]:
                for j in near[n]:
                    other = self.of[j.second if j.first == n else j.first]
                    if other not in (here, there) and j.score >= join.score - weights().margin and not self._fit(other, there):
                        return True
        return False

    def _pairs(self) -> Iterator[Join]:
        """Pairs of full names that are one person's by likeness and evidence."""
        seen: set[tuple[int, int]] = set()
        for (party, _), block in sorted(self.blocks.items()):
            for a, b in combinations(block, 2):
                one, other = self.items[a], self.items[b]
                if one.name.short or other.name.short or (a, b) in seen or (not party and one.party == other.party):
                    continue
                seen.add((a, b))
                steps = likeness(one.name, other.name, _shared(one, other))
                if steps is None or (not party and set(steps) - {"generation"}) or self._blocked(a, b):
                    continue
                if join := _weighed(one, other, a, b, steps):
                    yield join

    # Family names

    def family_names(self) -> None:
        """Give each mention by family name only to the person it fits best; what fits nobody may still fit others of its kind."""
        persons = {
            c: united([self.items[n] for n in of]) for c, of in enumerate(self.members) if any(not self.items[n].name.short for n in of)
        }
        found: list[Join] = []
        left: list[int] = []
        for n, one in enumerate(self.items):
            if len(self.members[self.of[n]]) > 1 or not one.party:
                continue
            ranked = sorted(self._candidates(n, persons), key=lambda j: (-j.score, j.second))
            best = [j for j in ranked if j.score >= ranked[0].score - weights().margin]
            if len(best) == 1 and best[0].score >= weights().enough:
                found.append(best[0])
            elif one.name.short and (not best or best[0].score < weights().enough):
                left.append(n)
        for join in found:
            self._join(join)
        self._among_themselves(left)

    def _candidates(self, n: int, persons: dict[int, Item]) -> Iterator[Join]:
        """The persons that the item may be, each with the likeliest of their names."""
        one = self.items[n]
        near = {m for m in self.blocks[one.party, min(one.name.keys)] if not self.items[m].name.short and self.of[m] != self.of[n]}
        for c in sorted({self.of[m] for m in near}):
            ways = sorted((w, m) for m in near if self.of[m] == c and (w := addressed(one.name, self.items[m].name, one.code)))
            if ways and not any(self._blocked(n, m) for m in self.members[c]):
                (way, target) = ways[0]
                if join := _weighed(one, persons[c], n, target, (way,), floor=0.0):
                    yield join

    def _among_themselves(self, left: Sequence[int]) -> None:
        """Mentions by family name only that share an office of one holder, each with the next in time."""
        chains: dict[tuple[str, tuple[str, ...], str], list[int]] = defaultdict(list)
        for n in left:
            for office in self.items[n].offices:
                chains[self.items[n].party, self.items[n].name.words, office].append(n)
        for _, chain in sorted(chains.items()):
            ordered = sorted(chain, key=lambda n: (self.items[n].days, n))
            for a, b in pairwise(ordered):
                one, other = self.items[a], self.items[b]
                if (
                    self.of[a] == self.of[b]
                    or not one.days
                    or not other.days
                    or other.days[0] - one.days[-1] > weights().days["office"] // 2
                ):
                    continue
                if self._fit(self.of[a], self.of[b]) and (join := _weighed(one, other, a, b, ("family",))):
                    self._join(join)

    # The outcome

    def groups(self) -> Iterator[Group]:
        """The persons, each from the item it begins with along the joins."""
        near: dict[int, list[Join]] = defaultdict(list)
        for j in self.joins:
            near[j.first].append(j)
            near[j.second].append(j)
        for of in self.members:
            if not of:
                continue
            root = min(of, key=lambda n: (self.items[n].name.short, -len(self.items[n].readouts), self.items[n].key))
            reached, why = [root], {root: Join(1.0, root, root, "", "")}
            for n in reached:
                for j in sorted(near[n], key=lambda j: (-j.score, j.first, j.second)):
                    other = j.second if j.first == n else j.first
                    if other not in why:
                        why[other] = j
                        reached.append(other)
            yield Group(tuple(self._forms(reached, why)), self._label(of))

    def _forms(self, reached: Sequence[int], why: dict[int, Join]) -> Iterator[Form]:
        """The written names of a person, each with the reason; mentions that share both are one form."""
        forms: dict[tuple[str, str, float, str], list[Mention]] = {}
        for n in reached:
            j = why[n]
            for m in self.items[n].mentions:
                forms.setdefault((m.name, j.rule, j.score, j.reason), []).append(m)
        ordered = sorted(forms.items(), key=lambda f: (f[0][1] != "", -len(f[1]), f[0]))
        for number, ((name, rule, score, reason), found) in enumerate(ordered):
            if not rule and number:
                rule, reason = "name", "the same name and party"
            yield Form(name, rule, score, reason, tuple(sorted(found)))

    def _label(self, of: Sequence[int]) -> str:
        given = sorted({self.labels[n] for n in of if n in self.labels}, key=lambda d: d.where)
        if len({d.label for d in given}) > 1:
            raise InputError(f"{given[0].where} gives this person another name", where=given[-1].where, todo="remove one of the two")
        return given[0].label if given else ""


def _shared(a: Item, b: Item) -> str | None:
    return a.code if a.party == b.party else None


def _weighed(one: Item, other: Item, a: int, b: int, steps: Sequence[str], floor: float | None = None) -> Join | None:
    """The join of two items, if likeness and evidence come to enough (or to ``floor``)."""
    weighed = weigh(one, other)
    if weighed is None:
        return None
    score = round(min(1.0, 1.0 - sum(weights().steps[s] for s in steps) + weighed[0]), 4)
    if score < (weights().enough if floor is None else floor):
        return None
    return Join(score, a, b, "+".join(steps) or "name", ", ".join(weighed[1]))
