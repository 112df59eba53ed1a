"""Misses: which items of an extraction the annotation has too, rule by rule, and what is missing, wrong or too much, with its words."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass

from communique.ingest.evaluation.measures import Json, Pair, Parties, event_key, folded, matched, people, person_key, verdict

NO_RULE = "no rule"
MISSED = "missed"
TOO_MUCH = "not in the annotation"
SET_ASIDE = "set aside"


@dataclass(frozen=True, slots=True)
class Judged:
    """One item that a rule read: an act is right if type, actors and addressees are, any other as its measure has it."""

    kind: str
    rule: str
    right: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """One difference: the kind of item, what is wrong with it, the rule that read it, its words, and what either side says."""

    kind: str
    fault: str
    rule: str
    quote: str
    wanted: str = ""
    found: str = ""

    def as_json(self) -> Json:
        return asdict(self)

    def __str__(self) -> str:
        values = {MISSED: self.wanted, TOO_MUCH: self.found, SET_ASIDE: self.found}.get(
            self.fault, f"{self.wanted or 'none'}, read as {self.found or 'none'}"
        )
        return f"{self.kind} {self.quote!r}: {self.fault}: {values} ({self.rule})"


def review(wanted: Json, found: Json) -> Iterator[Judged | Miss]:
    """Every item that was found, judged, and every difference from the annotation."""
    if reason := found.get("set_aside"):
        yield Miss("text", SET_ASIDE, NO_RULE, wanted["id"], found=reason)
    ours, theirs = wanted["encounters"], found.get("encounters") or []
    for encounter, other in (yield from _keyed("encounter", ours, theirs, event_key)):
        for part in ("start", "duration_min"):
            yield from _differing("encounter", part, encounter, other)
    for person, other in (yield from _keyed("participant", people(ours), people(theirs), person_key)):
        if set(map(folded, person.get("office") or ())) != set(map(folded, other.get("office") or ())):
            yield from _differing("participant", "office", person, other)
    for reference, other in (yield from _spanned("reference", wanted, found, "span")):
        yield Judged("reference", _rule(other), reference["kind"] == other.get("kind"))
        yield from _differing("reference", "kind", reference, other)
    parties = Parties.among([*ours, *theirs])
    for act, other in (yield from _spanned("act", wanted, found, "trigger")):
        right = verdict(act, other, parties)
        yield Judged("act", _rule(other), right["type"] and right["actors"] and right["addressees"])
        for part in right:
            if not right[part]:
                yield from _differing("act", part, act, other)


Pairing = Generator[Judged | Miss, None, list[Pair]]
"""Tells what has no partner, and returns the pairs."""


def _keyed(kind: str, wanted: Sequence[Json], found: Sequence[Json], key: Callable[[Json], Hashable]) -> Pairing:
    """Judges items that are the same if their key is."""
    left = list(wanted)
    pairs: list[Pair] = []
    for item in found:
        partner = next((other for other in left if key(other) == key(item)), None)
        yield Judged(kind, _rule(item), partner is not None)
        if partner is None:
            yield Miss(kind, TOO_MUCH, _rule(item), _quote(item), found=_shown(key(item)))
        else:
            left.remove(partner)
            pairs.append((partner, item))
    for item in left:
        yield Miss(kind, MISSED, NO_RULE, _quote(item), wanted=_shown(key(item)))
    return pairs


def _spanned(kind: str, wanted: Json, found: Json, span: str) -> Pairing:
    """Pairs items whose spans overlap; those without a partner are misses."""
    ours, theirs = wanted.get(f"{kind}s") or [], found.get(f"{kind}s") or []
    name = "type" if kind == "act" else "kind"
    pairs = matched(ours, theirs, span)
    paired = {id(item) for pair in pairs for item in pair}
    for item in theirs:
        if id(item) not in paired:
            yield Judged(kind, _rule(item), False)
            yield Miss(kind, TOO_MUCH, _rule(item), _quote(item), found=_shown(item.get(name)))
    for item in ours:
        if id(item) not in paired:
            yield Miss(kind, MISSED, NO_RULE, _quote(item), wanted=_shown(item[name]))
    return pairs


def _differing(kind: str, part: str, wanted: Json, found: Json) -> Iterator[Miss]:
    if wanted.get(part) != found.get(part):
        yield Miss(kind, part, _rule(found), _quote(wanted), _shown(wanted.get(part)), _shown(found.get(part)))


def _rule(item: Json) -> str:
    """The rule without the label it matched."""
    return str(item.get("rule") or NO_RULE).split(":")[0]


def _quote(item: Json) -> str:
    """The words of an item on one line; an encounter of an annotation has none and is named by its id."""
    span = item.get("trigger") or item.get("span") or {}
    return " ".join(str(span.get("text") or item.get("id") or "").split())


def _shown(value: object) -> str:
    """A value as a person reads it."""
    if isinstance(value, list | tuple):
        return ", ".join(_shown(v) or "-" for v in value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
