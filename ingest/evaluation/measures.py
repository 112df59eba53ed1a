"""Measures: how far an extraction agrees with the annotation of the same text, as counts that add up over texts.

Both sides have the interchange form.  Names are compared without regard to case; spans are matched one to one, largest overlap first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Pair = tuple[Json, Json]
Ancestors = Callable[[str], frozenset[str]]
"""An issue and all issues above it."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many items were right, how many were found, and how many the annotation has."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean; 1 where nothing was to be found and nothing was."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 1.0


@dataclass(frozen=True, slots=True)
class Parties:
    """Which names stand for which party: a state's code may stand for its delegation, and the other way round."""

    of: Mapping[str, str]

    @classmethod
    def among(cls, encounters: Iterable[Json]) -> Parties:
        """Those of the participants; of two with one name the last counts."""
        return cls({folded(p["family"]): folded(p.get("party")) for p in people(encounters) if p.get("family")})

    def same(self, some: Iterable[str] | None, others: Iterable[str] | None) -> bool:
        """Whether two lists name the same actors.  Person for person, unless one of the lists names a party as a whole."""
        left, right = names(some), names(others)
        if left == right:
            return True
        whole = any(name not in self.of for name in left | right)
        return bool(left and right and whole) and self._codes(left) == self._codes(right)

    def _codes(self, labels: frozenset[str]) -> frozenset[str]:
        return frozenset(self.of.get(label, label) for label in labels)


def folded(name: str | None) -> str:
    return (name or "").casefold().strip()


def names(values: Iterable[str] | None) -> frozenset[str]:
    return frozenset(map(folded, values or ()))


def people(encounters: Iterable[Json]) -> list[Json]:
    """The participants of all encounters."""
    return [person for encounter in encounters for person in encounter["participants"]]


def person_key(person: Json) -> tuple[str, str | None]:
    return folded(person.get("family")), person.get("party")


def event_key(encounter: Json) -> tuple[str | None, str | None]:
    return encounter.get("type"), encounter.get("date")


def overlap(a: Json | None, b: Json | None) -> int:
    """How many characters two spans share; none if one of them is missing."""
    return max(0, min(a["end"], b["end"]) - max(a["start"], b["start"])) if a and b else 0


def matched(wanted: Sequence[Json], found: Sequence[Json], key: str) -> list[Pair]:
    """Pairs of items whose spans under ``key`` overlap, each item in one pair at most.

    The largest overlap comes first; between equal ones a like type and like issues decide, then the later place.
    """
    ranked = []
    for i, g in enumerate(wanted):
        for j, f in enumerate(found):
            if shared := overlap(g.get(key), f.get(key)):
                likeness = int(g.get("type") == f.get("type")) + int(names(g.get("issues")) == names(f.get("issues")))
                ranked.append((shared + likeness / 10, i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(ranked, reverse=True):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return [(wanted[i], found[j]) for i, j in pairs.items()]


def compare(wanted: Json, found: Json, ancestors: Ancestors) -> dict[str, Count]:
    """Every measure of one text, in the order in which they are shown; a part that ``found`` lacks counts as empty."""
    return {**_heads(wanted, found), **_acts(wanted, found, ancestors)}


def _heads(wanted: Json, found: Json) -> dict[str, Count]:
    """Encounters, people and references."""
    ours, theirs = wanted["encounters"], found.get("encounters") or []

    def times(encounters: Iterable[Json]) -> list[Hashable]:
        return [(e["start"], e.get("duration_min")) for e in encounters if e.get("start")]

    def offices(encounters: Iterable[Json]) -> list[Hashable]:
        return [(folded(p.get("family")), folded(office)) for p in people(encounters) for office in p.get("office") or ()]

    references = matched(wanted.get("references", []), found.get("references") or [], "span")
    return {
        "encounters (type, date)": _common(map(event_key, ours), map(event_key, theirs)),
        "start and duration": _common(times(ours), times(theirs)),
        "participants (family, party)": _common(map(person_key, people(ours)), map(person_key, people(theirs))),
        "offices": _common(offices(ours), offices(theirs)),
        "references (overlap, kind)": Count(
            sum(g["kind"] == f.get("kind") for g, f in references), len(found.get("references") or []), len(wanted.get("references", []))
        ),
    }


def _common(wanted: Iterable[Hashable], found: Iterable[Hashable]) -> Count:
    """What two lists have in common, in whatever order."""
    ours, theirs = Counter(wanted), Counter(found)
    return Count((ours & theirs).total(), theirs.total(), ours.total())


def _acts(wanted: Json, found: Json, ancestors: Ancestors) -> dict[str, Count]:
    """Acts: where they are, what they are, who performs them towards whom, and about what."""
    ours, theirs = wanted["acts"], found.get("acts") or []
    pairs = matched(ours, theirs, "trigger")
    parties = Parties.among([*wanted["encounters"], *(found.get("encounters") or [])])
    right = {id(g): verdict(g, f, parties) for g, f in pairs}

    def acts(*parts: str) -> Count:
        return Count(sum(all(right[id(g)][part] for part in parts) for g, _ in pairs), len(theirs), len(ours))

    def issues(hits: int) -> Count:
        return Count(hits, sum(len(f.get("issues") or ()) for f in theirs), sum(len(g["issues"]) for g in ours))

    return {
        "act triggers": acts(),
        "act types": acts("type"),
        "act actors": acts("actors"),
        "act tuples (type, actors, addressees)": acts("type", "actors", "addressees"),
        "full tuples (and issues)": acts("type", "actors", "addressees", "issues"),
        "issues, exact": issues(sum(len(names(g["issues"]) & names(f.get("issues"))) for g, f in pairs)),
        "issues, on the same branch": issues(sum(_on_branch(g["issues"], f.get("issues") or [], ancestors) for g, f in pairs)),
        **{f"{part} (of matched acts)": _among_matched(acts(part), len(pairs)) for part in ("stance", "joint", "commitment")},
        "acts not lost in silence": Count(len(ours) - _lost(ours, {id(g) for g, _ in pairs}, found), len(ours), len(ours)),
    }


def _among_matched(count: Count, pairs: int) -> Count:
    """The same among matched acts only."""
    return Count(count.right, pairs, pairs)


def by_type(wanted: Json, found: Json) -> dict[str, Count]:
    """Type of act -> acts of this type: right where both sides give it to a matched act."""
    pairs = matched(wanted["acts"], found.get("acts") or [], "trigger")
    right = Counter(g["type"] for g, f in pairs if g["type"] == f.get("type"))
    theirs = Counter(f.get("type") or "none" for f in found.get("acts") or ())
    ours = Counter(g["type"] for g in wanted["acts"])
    return {name: Count(right[name], theirs[name], ours[name]) for name in sorted(ours | theirs)}


def verdict(wanted: Json, found: Json, parties: Parties) -> dict[str, bool]:
    """Which parts of a matched act are right; an addressee that the text leaves unsaid may be left out."""
    unsaid = bool(wanted.get("addressee_implicit")) and not found.get("addressees")
    return {
        "type": wanted["type"] == found.get("type"),
        "actors": parties.same(wanted["actors"], found.get("actors")),
        "addressees": unsaid or parties.same(wanted["addressees"], found.get("addressees")),
        "issues": names(wanted["issues"]) == names(found.get("issues")),
        **{part: wanted.get(part) == found.get(part) for part in ("stance", "joint", "commitment")},
    }


def _on_branch(wanted: Sequence[str], found: Sequence[str], ancestors: Ancestors) -> int:
    """How many issues have a partner of their own that is the same, above or below."""
    left = list(found)
    for issue in wanted:
        if partner := next((other for other in left if other in ancestors(issue) or issue in ancestors(other)), None):
            left.remove(partner)
    return len(found) - len(left)


def _lost(acts: Iterable[Json], matched_ids: set[int], found: Json) -> int:
    """Acts that were not found in sentences that are not listed as unread either."""
    unread = [c for c in found.get("coverage") or () if c.get("state") == "unread"]
    missed = (act["trigger"] for act in acts if id(act) not in matched_ids and act["trigger"])
    return sum(not any(c["start"] <= trigger["start"] < c["end"] for c in unread) for trigger in missed)
