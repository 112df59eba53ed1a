"""What was not read: sentences by how they ended, and everything left open, grouped, counted and with an example each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from communique.iris import CQ
from communique.queries import catalogue
from communique.queries.tables import value
from communique.store import Store

STATES = ("acts", "encounter", "background", "boilerplate", "unread")
# The kinds of what is left open, in the order in which a reader looks at them.
KINDS: Mapping[str, str] = {
    "unread": "sentences that no rule reads",
    "unattached-verb": "reporting verbs that no rule attached to a participant",
    "unknown-verb": "past forms behind a participant that the act lexicon does not know",
    "unresolved": "acts whose subject is no known participant",
    "unlinked": "words of acts that name no issue",
    "clock-conflict": "clocks that disagree",
    "encounter-from-title": "encounters told by the title only",
    "opinion-added": "items that only a second opinion reads",
    "opinion-differs": "points on which rules and a second opinion differ",
    "opinion-missing": "documents without the second opinion that was asked for",
    "opinion": "second opinions",
    "background": "sentences of the writer about the world",
    "set-aside": "documents that are no readouts",
}
# Kinds whose words are a word of the language, not of one text.
_VERBS = frozenset({"unattached-verb", "unknown-verb", "unresolved"})
# Kinds whose message says more than the words.
_TOLD = frozenset({"clock-conflict", "opinion-added", "opinion-differs"})
# Kinds that one understands by the words around only.
AROUND = _VERBS | {"unlinked"}


@dataclass(frozen=True, slots=True)
class Share:
    """The sentences of a publisher's readouts by how they ended (``states``, in the order of ``STATES``)."""

    publisher: str
    readouts: int
    states: tuple[int, ...]

    @property
    def sentences(self) -> int:
        """All sentences."""
        return sum(self.states)

    @property
    def unread(self) -> float:
        """The share of unread sentences, from 0 to 1."""
        return self.states[-1] / self.sentences if self.sentences else 0.0


@dataclass(frozen=True, slots=True)
class Gap:
    """Something left open: its kind, the words, how often, and the first example with the document where it stands."""

    kind: str
    words: str
    count: int
    example: str
    document: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """The whole account; ``acts`` and ``linked`` count acts, and those whose issue rests on a concept of the scheme."""

    shares: tuple[Share, ...]
    gaps: tuple[Gap, ...]
    acts: int
    linked: int

    @property
    def total(self) -> Share:
        """All publishers together."""
        states = tuple(sum(s.states[i] for s in self.shares) for i in range(len(STATES)))
        return Share("all", sum(s.readouts for s in self.shares), states)

    def of(self, kind: str) -> tuple[Gap, ...]:
        """The gaps of a kind, the most frequent first."""
        return tuple(g for g in self.gaps if g.kind == kind)


def gaps(store: Store) -> Gaps:
    """The account of everything in ``store`` that was not read; the same texts give the same account."""
    rows = _rows(store, "coverage")
    shares = tuple(Share(r["publisherLabel"], int(r["readouts"]), tuple(int(r[s]) for s in STATES)) for r in rows)
    found = (*_open(store), *_set_aside(store))
    order = tuple(KINDS)
    ranked = sorted(found, key=lambda g: (order.index(g.kind) if g.kind in KINDS else len(order), g.kind, -g.count, g.words))
    acts, unlinked = (int(value(row[0])) for row in (store.select(_ACTS).rows[0], store.select(_UNLINKED).rows[0]))
    return Gaps(shares, tuple(ranked), acts, acts - unlinked)


_ACTS = f"SELECT (COUNT(DISTINCT ?act) AS ?n) {{ GRAPH ?account {{ ?encounter <{CQ}hasSpeechAct> ?act }} }}"
_UNLINKED = f'SELECT (COUNT(DISTINCT ?point) AS ?n) {{ GRAPH ?account {{ ?point <{CQ}code> "unlinked" }} }}'


def _rows(store: Store, query: str) -> list[dict[str, str]]:
    """The rows of a saved query by column."""
    result = catalogue.run(store, query)
    return [dict(zip(result.columns, map(value, row), strict=True)) for row in result]


def _open(store: Store) -> Iterator[Gap]:
    """What diagnostics and background sentences tell, grouped by their words; the first example in the order of documents."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for r in _rows(store, "left-open"):
        words = " ".join((r["words"] or r["message"]).split())
        words = r["message"] if r["code"] in _TOLD else words.lower() if r["code"] in _VERBS else words
        key = (r["code"], words)
        counts[key] += 1
        first.setdefault(key, (_whole(r["context"], r["words"]), r["documentLabel"]))
    for (code, words), count in counts.items():
        yield Gap(code, words, count, *first[code, words])


def _whole(context: str, words: str) -> str:
    """The context of ``words`` without the halves of words at its ends; what is found about a whole document has no words."""
    if not words or words not in context:
        return " ".join(context.split())
    before, found, after = context.partition(words)
    before, after = before[before.find(" ") + 1 :] if len(before) >= 59 else before, after.rpartition(" ")[0]
    return " ".join(f"{before}{found}{after}".split())


def _set_aside(store: Store) -> Iterator[Gap]:
    """The documents that are no readouts, by reason."""
    rows = _rows(store, "set-aside")
    counts = Counter(r["reason"] for r in rows)
    for reason, count in counts.items():
        example = next(r["documentLabel"] or r["document"] for r in rows if r["reason"] == reason)
        yield Gap("set-aside", reason, count, example, example)
