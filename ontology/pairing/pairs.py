"""Which encounters of two accounts are one: candidates by parties and day, a score from what agrees, groups without conflict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from communique.ontology.pairing.likeness import alike
from communique.ontology.pairing.rules import rules
from communique.ontology.pairing.times import together
from communique.ontology.pairing.told import Told

_AFAR = frozenset({"call", "video"})  # the forms of encounters that are in no one place


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts' encounters that are one event, how sure that is, and why.

    ``by_text``: both are pages of one publisher, so it counts only if the pages say the same.
    """

    a: Told
    b: Told
    score: float
    reason: str
    by_text: bool = False


def candidates(encounters: Iterable[Told], versions: frozenset[frozenset[str]] = frozenset()) -> tuple[Pair, ...]:
    """The pairs that parties, day, kind and persons allow.  ``versions``: accounts of which one is a later version of the other."""
    blocks: dict[frozenset[str], list[Told]] = defaultdict(list)
    for told in sorted(encounters, key=lambda t: (t.day, t.iri)):
        blocks[told.parties].append(told)
    return tuple(pair for block in blocks.values() for a, b in _near(block) if (pair := _judge(a, b, versions)))


def _near(block: Sequence[Told]) -> Iterator[tuple[Told, Told]]:
    """Encounters of the same parties, at most a day apart, of different accounts; ``block`` is sorted by day."""
    first = 0
    for i, b in enumerate(block):
        while (b.day - block[first].day).days > 1:
            first += 1
        for a in block[first:i]:
            if a.account != b.account:
                yield a, b


def _judge(a: Told, b: Told, versions: frozenset[frozenset[str]]) -> Pair | None:
    form_a, form_b = rules().forms.get(a.kind), rules().forms.get(b.kind)
    if form_a is None or form_b is None or not _compatible(a, form_a, b, form_b):
        return None
    time, persons = together(a, b, distance=bool({form_a, form_b} & _AFAR)), _persons(a, b)
    if time is None or persons is None:
        return None
    one_side = a.publisher == b.publisher or (a.side is not None and a.side == b.side)
    if one_side and (a.day != b.day or persons.least < rules().persons["part"]):
        return None
    if a.kind == b.kind:
        kind = (0.0, f"same kind: {a.kind}")
    else:
        kind = (-rules().less["kind" if form_a == form_b else "form"], f"{a.kind} to one, {b.kind} to the other")
    found = [
        (persons.mean, f"same parties: {', '.join(sorted(a.parties))}"),
        kind,
        time,
        (0.0, persons.words),
        *_where(a, b, in_person=not {form_a, form_b} & _AFAR),
    ]
    by_text = False
    if a.publisher == b.publisher:
        if frozenset((a.account, b.account)) in versions:
            found.append((0.0, "a later version of the page"))
        elif a.several != b.several:
            found.append((0.0, "one page tells of several encounters"))
        else:
            by_text = True
    score = round(min(1.0, sum(more for more, _ in found)), 2)
    return Pair(a, b, score, "; ".join(words for _, words in found), by_text) if score >= rules().least else None


def _compatible(a: Told, form_a: str, b: Told, form_b: str) -> bool:
    """Whether two kinds can be one encounter: one form, or two that are near; but who was at a place was there in person."""
    held = any(told.place for told, form in ((a, form_a), (b, form_b)) if form not in _AFAR)
    return form_a == form_b or (form_b in rules().near[form_a] and not (held and {form_a, form_b} & _AFAR))


def _where(a: Told, b: Told, *, in_person: bool) -> Iterator[tuple[float, str]]:
    if in_person and a.place and b.place:
        if a.place == b.place:
            yield rules().more["place"], f"same place: {a.place_name}"
        else:
            yield -rules().less["place"], f"two places: {' and '.join(sorted((a.place_name or '', b.place_name or '')))}"
    if a.occasions & b.occasions:
        yield rules().more["occasion"], "same occasion"


@dataclass(frozen=True, slots=True)
class _Persons:
    mean: float
    least: float
    words: str


def _persons(a: Told, b: Told) -> _Persons | None:
    """How alike the persons are, party by party; ``None`` if those of a party do not fit.

    Who is named first for a party in one account must be among its people in the other: so the Secretary's meeting is not the
    President's, at which the Secretary was too, and two officials who met one guest on one day stay two.  A delegation may be
    anybody's, so it takes two others that are matched by name; offices alone are enough among three parties.
    """
    levels = rules().persons
    found: dict[str, tuple[float, str]] = {}
    for party in sorted(a.parties):
        there = (a.of(party), b.of(party))
        found[party] = min(
            max(alike(first, other) for other in others) for first, others in ((there[0][0], there[1]), (there[1][0], there[0]))
        )
    scores = [score for score, _ in found.values()]
    named = sum(score >= levels["part"] for score in scores)
    need = 2 if levels["unnamed"] in scores else len(scores) < 3
    if not all(scores) or named < need:
        return None
    return _Persons(sum(scores) / len(scores), min(scores), ", ".join(f"{party}: {words}" for party, (_, words) in found.items()))


def resolve(found: Iterable[Pair], texts: Mapping[str, str]) -> tuple[Pair, ...]:
    """The pairs that hold together, sorted; ``texts`` are the texts of accounts where a pair asks for them.

    The best pairs come first, and a pair joins two groups only if every member of one pairs with every member of the other.
    An encounter that fits two encounters of one publisher about equally well, which are not one themselves, is joined with neither.
    """
    pairs: dict[frozenset[str], Pair] = {}
    for pair in found:
        if not pair.by_text:
            pairs[frozenset((pair.a.iri, pair.b.iri))] = pair
        elif (same := _alike_text(texts.get(pair.a.account, ""), texts.get(pair.b.account, ""))) >= rules().publisher["alike"]:
            words = f"{pair.reason}; {same:.0%} of the words alike"
            pairs[frozenset((pair.a.iri, pair.b.iri))] = Pair(pair.a, pair.b, pair.score, words, by_text=True)
    doubtful = set(_doubtful(pairs))
    group: dict[str, frozenset[str]] = {}
    for pair in sorted((p for key, p in pairs.items() if key not in doubtful), key=lambda p: (-p.score, p.a.iri, p.b.iri)):
        one, other = (group.get(t.iri, frozenset({t.iri})) for t in (pair.a, pair.b))
        if all(frozenset((x, y)) in pairs and frozenset((x, y)) not in doubtful for x in one for y in other if x != y):
            for iri in (whole := one | other):
                group[iri] = whole
    kept = {frozenset(two) for whole in set(group.values()) for two in combinations(sorted(whole), 2)}
    return tuple(sorted((pairs[key] for key in kept), key=lambda p: (p.a.iri, p.b.iri)))


def _doubtful(pairs: Mapping[frozenset[str], Pair]) -> Iterator[frozenset[str]]:
    by_encounter: dict[tuple[str, str], list[tuple[Pair, Told]]] = defaultdict(list)
    for pair in pairs.values():
        for this, that in ((pair.a, pair.b), (pair.b, pair.a)):
            by_encounter[this.iri, that.publisher].append((pair, that))
    for rivals in by_encounter.values():
        best = max(pair.score for pair, _ in rivals)
        top = [(pair, that) for pair, that in rivals if best - pair.score < rules().margin]
        if any(frozenset((x.iri, y.iri)) not in pairs for (_, x), (_, y) in combinations(top, 2)):
            yield from (frozenset((pair.a.iri, pair.b.iri)) for pair, _ in top)


def _alike_text(a: str, b: str) -> float:
    """The share of the shorter text's runs of words that stand in the longer one."""
    one, other = sorted((_runs(a), _runs(b)), key=len)
    return len(one & other) / len(one) if one else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    words, size = text.casefold().split(), rules().publisher["run"]
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}
