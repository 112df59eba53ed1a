"""What speaks for and against two names being one person's, beside the names themselves: party, offices, days, texts."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from communique.ontology.authority.mentions import Mention
from communique.ontology.authority.names import Name, fold
from communique.ontology.authority.tables import weights

_Days = list[int]


@dataclass(slots=True)
class Item:
    """Mentions that are one person's to begin with (same party and name), or a whole person while it grows; ``titles`` and the like
    map what was seen to the days on which it was seen."""

    name: Name
    party: str
    of_state: bool
    mentions: list[Mention] = field(default_factory=list)
    days: _Days = field(default_factory=list)
    offices: dict[str, _Days] = field(default_factory=dict)
    titles: dict[str, _Days] = field(default_factory=dict)
    kinds: dict[str, _Days] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    readouts: set[str] = field(default_factory=set)
    encounters: set[str] = field(default_factory=set)

    @property
    def code(self) -> str:
        """The code of the party."""
        return self.party.rsplit("/", 1)[-1]

    @property
    def key(self) -> str:
        """What items are sorted by: the smallest IRI of a mention."""
        return self.mentions[0].iri


def item(name: Name, found: Iterable[Mention]) -> Item:
    """An item of mentions with one party and one name."""
    mentions = sorted(found)
    out = Item(name, mentions[0].party, mentions[0].of_state, mentions)
    offices, titles, kinds = (defaultdict[str, set[int]](set) for _ in range(3))
    seen = set()
    for mention in mentions:
        out.readouts.add(mention.readout)
        for sighting in mention.sightings:
            out.encounters.add(sighting.encounter)
            on = {date.fromisoformat(sighting.date).toordinal()} if sighting.date else set[int]()
            seen |= on
            for office in sighting.offices:
                folded = fold(office.title)
                out.shown.setdefault(folded, office.title)
                titles[folded] |= on
                if office.kind:
                    kinds[office.kind] |= on
                if office.one_holder:
                    offices[office.iri] |= on
    out.days = sorted(seen)
    out.offices, out.titles, out.kinds = ({k: sorted(v) for k, v in sorted(d.items())} for d in (offices, titles, kinds))
    return out


def united(items: Sequence[Item]) -> Item:
    """Several items as one, for weighing what else may belong to them; name and party are those of the first."""
    if len(items) == 1:
        return items[0]
    first = items[0]
    out = Item(first.name, first.party, first.of_state, sorted(m for i in items for m in i.mentions))
    out.days = sorted({d for i in items for d in i.days})
    for name in ("offices", "titles", "kinds"):
        merged: dict[str, set[int]] = defaultdict(set)
        for i in items:
            for key, on in getattr(i, name).items():
                merged[key].update(on)
        setattr(out, name, {k: sorted(v) for k, v in sorted(merged.items())})
    for i in items:
        out.shown |= i.shown
        out.readouts |= i.readouts
        out.encounters |= i.encounters
    return out


def weigh(a: Item, b: Item) -> tuple[float, tuple[str, ...]] | None:
    """What the evidence adds to the likeness of two names, and in words; ``None`` if they are too far apart in time to be one person."""
    w = weights()
    gap = _gap(a.days, b.days)
    if gap is not None and gap > w.days["never"]:
        return None
    found = [_party(a, b), *_office(a, b)]
    if gap is not None and gap <= w.days["near"]:
        found.append(("near", f"within {w.days['near']} days"))
    elif gap is not None and gap > w.days["far"]:
        found.append(("far", f"more than {w.days['far'] // 365} years apart"))
    if not a.readouts.isdisjoint(b.readouts):
        found.append(("one_text", "in one text"))
    return sum(w.evidence.get(name, 0.0) for name, _ in found), tuple(words for _, words in found)


def _party(a: Item, b: Item) -> tuple[str, str]:
    if a.party == b.party and a.party:
        return "same_party", f"same party ({a.code})"
    if not a.party or not b.party:
        return "no_party", f"one without a party ({a.code or b.code or 'both'})"
    both = " and ".join(sorted((a.code, b.code)))
    return ("other_state", f"two states ({both})") if a.of_state and b.of_state else ("body", f"a body and another party ({both})")


def _office(a: Item, b: Item) -> Sequence[tuple[str, str]]:
    """The strongest evidence of offices that both were seen in within a time."""
    within = weights().days["office"]
    same_party = a.party == b.party
    for office in a.offices.keys() & b.offices.keys() if same_party else ():
        if _close(a.offices[office], b.offices[office], within):
            return [("one_holder", "same office of one holder")]
    states = a.of_state and b.of_state and not same_party
    for title in sorted(a.titles):
        for other in sorted(b.titles):
            if states and len(title.split()) < weights().across_states:
                continue
            alike = title == other or (not states and _shorter(title, other))
            if alike and _close(a.titles[title], b.titles[other], within):
                return [("title", f"same title ({min(a.shown[title], b.shown[other], key=lambda t: (len(t), t))})")]
    for kind in sorted(a.kinds.keys() & b.kinds.keys()) if same_party else ():
        if _close(a.kinds[kind], b.kinds[kind], within):
            return [("kind", f"same kind of office ({kind.rsplit('/', 1)[1]})")]
    shared = a.titles.keys() & b.titles.keys() or a.offices.keys() & b.offices.keys()
    return [("other_office", "other offices")] if a.titles and b.titles and not shared else []


def _shorter(a: str, b: str) -> bool:
    """Whether one title is the other without what it is for, or without words before it that are no rank."""
    short, long = (t.split() for t in sorted((a, b), key=len))
    w = weights()
    for i in range(len(long) - len(short) + 1):
        if long[i : i + len(short)] == short:
            before, after = long[:i], long[i + len(short) :]
            return not w.ties.union(w.ranks).intersection(before) and (not after or after[0] in w.ties)
    return False


def _gap(a: _Days, b: _Days) -> int | None:
    """The days between the nearest of two sorted lists."""
    short, long = sorted((a, b), key=len)
    gaps = []
    for day in short:
        i = bisect_left(long, day)
        gaps += [abs(day - other) for other in long[max(0, i - 1) : i + 1]]
    return min(gaps, default=None)


def _close(a: _Days, b: _Days, within: int) -> bool:
    gap = _gap(a, b)
    return gap is not None and gap <= within
