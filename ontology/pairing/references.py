"""Which encounter of the store an account means by "their telephone talk on September 17"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from communique.ontology.pairing.likeness import alike
from communique.ontology.pairing.pairs import Pair
from communique.ontology.pairing.rules import rules
from communique.ontology.pairing.told import Mention, Told, folded

_OWNER = re.compile(r"((?:[A-Z][\w.-]*\s)*[A-Z][\w.-]*)['’]s?(?=\s)")
_NAME = re.compile(r"[A-Z][\w-]+")


@dataclass(frozen=True, slots=True)
class Resolution:
    """A reference and an encounter that it means, how sure that is, and why."""

    mention: Mention
    earlier: Told
    later: tuple[Told, ...]
    score: float
    reason: str


def resolutions(mentions: Iterable[Mention], encounters: Sequence[Told], pairs: Iterable[Pair]) -> tuple[Resolution, ...]:
    """What the references mean: one encounter each, in all accounts of it that are paired; nothing where two would do."""
    by_day: dict[date, list[Told]] = defaultdict(list)
    here: dict[str, list[Told]] = defaultdict(list)
    surnames: set[str] = set()
    for told in encounters:
        by_day[told.day].append(told)
        here[told.account].append(told)
        surnames.update(word for p in told.people for word in p.surname)
    groups = _groups(pairs)
    out: list[Resolution] = []
    for mention in mentions:
        if own := here.get(mention.account):
            found = [r for day in _days(mention, own) for told in by_day.get(day, ()) if (r := _judge(mention, told, own, surnames))]
            if len({groups.get(r.earlier.iri, r.earlier.iri) for r in found}) == 1:
                out += found
    return tuple(out)


def _groups(pairs: Iterable[Pair]) -> dict[str, str]:
    """The first encounter of each group of paired encounters; groups are whole, so a pair tells it."""
    first: dict[str, str] = {}
    for pair in pairs:
        for x, y in ((pair.a.iri, pair.b.iri), (pair.b.iri, pair.a.iri)):
            first[x] = min(first.get(x, x), y)
    return first


def _days(mention: Mention, own: Sequence[Told]) -> Iterable[date]:
    """The days of the period before the encounter that the account tells of."""
    end = min(mention.days[1].toordinal(), min(told.day for told in own).toordinal() - 1)
    return (date.fromordinal(day) for day in range(mention.days[0].toordinal(), end + 1))


def _judge(mention: Mention, earlier: Told, own: Sequence[Told], surnames: Collection[str]) -> Resolution | None:
    r = rules().reference
    if not _kind(mention, earlier) or re.search(r["several"], mention.words):
        return None
    named = _named(mention.words, earlier, surnames)
    if named is None:
        return None
    rest = earlier.parties - named
    later = [told for told in own if rest <= told.parties and all(_same(party, told, earlier) for party in rest)]
    if not named:
        later = [told for told in later if told.parties == earlier.parties]
    if rest and not later or (rest and named and not re.search(r["one"], mention.words)):
        return None
    if named:
        score, reason = r["named"], "one side is named, the other is of this encounter" if rest else "both sides are named"
    elif re.search(r["both"], mention.words):
        score, reason = r["sides"], "same persons as in this encounter"
    else:
        score, reason = r["silent"], "nobody is named; same persons as in this encounter"
    day = mention.days[0] == mention.days[1]
    words = f"{reason}; {'same day' if day else 'the only one in the month'}; {mention.kind} and {earlier.kind}"
    later = [told for told in later if told.parties == earlier.parties]
    return Resolution(mention, earlier, tuple(later), round(score - (0 if day else r["month"]), 2), words)


def _named(words: str, earlier: Told, surnames: Collection[str]) -> frozenset[str] | None:
    """The parties whose people the words name, by name or as an owner by office; ``None`` if they name somebody who was not there."""
    known = {word for m in _NAME.finditer(words) for word in folded(m[0]) if word in surnames}
    if not all(any(word in p.words for p in earlier.people) for word in known):
        return None
    found = {party for party in earlier.parties if any(known & p.surname for p in earlier.of(party))}
    for owner in (folded(m[1]) for m in _OWNER.finditer(words)):
        if not owner & known:
            held = {party for party in earlier.parties if any(owner <= folded(title) for p in earlier.of(party) for title in p.titles)}
            if not held:
                return None
            found |= held
    return frozenset(found)


def _kind(mention: Mention, earlier: Told) -> bool:
    """Whether the word can mean an encounter of this kind; what is said to be virtual was no meeting in a room."""
    r = rules()
    if re.search(r.reference["virtual"], mention.words):
        return earlier.kind in ("video", "call")
    if mention.kind in r.references:
        return earlier.kind in r.references[mention.kind]
    return bool(re.search(r.reference["talk"], mention.words)) and r.forms.get(earlier.kind) is not None


def _same(party: str, told: Told, earlier: Told) -> bool:
    """Whether those who are named first for a party in both encounters are one."""
    least: float = rules().persons["part"]
    return alike(told.of(party)[0], earlier.of(party)[0])[0] >= least
