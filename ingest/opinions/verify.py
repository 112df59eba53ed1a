"""Verification: what of a proposal stands in the text.  Offsets are computed here; an item with one field that fails is rejected whole.

The opinion is believed in nothing that it does not quote: the party is what the lexicon reads in the words that it quotes, the type
must be one of the vocabulary, an actor must be one of the people that stood the test and agree with the words that name him.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.lexicon.views import straighten
from communique.ingest.opinions.proposals import Proposals, ProposedAct, ProposedPerson
from communique.ingest.opinions.sheet import Line, Sheet
from communique.model import Span

_PARTIES = frozenset({"state", "organization", "forum"})
Item = TypeVar("Item", ProposedPerson, ProposedAct)


class _Rejected(Exception):
    """Why an item is not believed."""


@dataclass(frozen=True, slots=True)
class Person:
    """A proposed person whose words all stand in the text; a delegation has no ``family``."""

    span: Span
    name: str | None
    family: str | None
    offices: tuple[str, ...]
    party: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A proposed act whose words all stand in the text; people are meant by their ids in ``Verified.people``."""

    line: Line
    trigger: Span
    content: Span | None
    type: str
    actors: tuple[str, ...]
    addressees: tuple[str, ...]
    target: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """What stood the test, and how many items did not, by reason."""

    people: Mapping[str, Person]
    acts: tuple[Told, ...]
    rejected: Counter[str]


def verify(proposals: Proposals, sheet: Sheet, lexicon: Lexicon, parties: frozenset[str] = frozenset()) -> Verified:
    """The proposals that the text bears out; ``parties`` are those that take part by the rules."""
    judge = _Judge(sheet, lexicon, parties, frozenset(lexicon.ids("act")))
    if proposals.malformed:
        judge.rejected["not in the form asked for"] += proposals.malformed
    for person in proposals.people:
        judge.take(judge.person, person)
    for act in proposals.acts:
        judge.take(judge.act, act)
    return Verified(judge.people, tuple(judge.acts), judge.rejected)


@dataclass(slots=True)
class _Judge:
    sheet: Sheet
    lexicon: Lexicon
    parties: frozenset[str]
    types: frozenset[str]
    people: dict[str, Person] = field(default_factory=dict)
    acts: list[Told] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)

    def take(self, check: Callable[[Item], None], item: Item) -> None:
        try:
            check(item)
        except _Rejected as reason:
            self.rejected[str(reason)] += 1

    def person(self, p: ProposedPerson) -> None:
        line = self._line(p.sentence)
        span = _found(line, p.quote)
        words = _folded(p.quote)
        if (p.name is None) != (p.family is None):
            raise _Rejected("a name without a family name")
        for inside, whole in ((p.name, words), (p.family, _folded(p.name or "")), *((office, words) for office in p.offices)):
            if inside is not None and not _stands(_folded(inside), whole):
                raise _Rejected("a name or office that its quote does not have")
        if p.id in self.people:
            raise _Rejected("a person named twice")
        party = self._party(p.party) if p.party else None
        if p.family is None and party is None:
            raise _Rejected("a delegation of nobody")
        name, family, *offices = (_as_written(line, span, w, self.sheet.document.text) for w in (p.name, p.family, *p.offices))
        self.people[p.id] = Person(span, name, family, tuple(office for office in offices if office), party)

    def act(self, a: ProposedAct) -> None:
        line = self._line(a.sentence)
        if not line.tells:
            raise _Rejected("an act in a title")
        if a.type not in self.types:
            raise _Rejected("a type that the vocabulary does not have")
        content = _found(line, a.content) if a.content else None
        places = list(line.find(a.trigger))
        if not places:
            raise _Rejected("a quote that is not in its sentence")
        trigger = next((s for s in reversed(places) if content and s.end <= content.start), places[0])
        if content and trigger.overlaps(content):
            raise _Rejected("a content that holds its own verb")
        self._named(line, a.by, a.actors)
        if (a.to is None) != (not a.addressees):
            raise _Rejected("addressees without words that name them")
        if a.to:
            self._named(line, a.to, a.addressees)
            if set(a.addressees) & set(a.actors):
                raise _Rejected("somebody who speaks to himself")
        target = None
        if a.against:
            _found(line, a.against)
            target = self._party_in(a.against)
            if target is None or target in self.parties | {p.party for p in self.people.values()}:
                raise _Rejected("a target that is no party outside")
        told = Told(line, trigger, content, a.type, a.actors, a.addressees, target)
        if any(t.trigger == trigger and t.content == content and t.type == a.type for t in self.acts):
            raise _Rejected("an act told twice")
        self.acts.append(told)

    def _line(self, number: int) -> Line:
        line = self.sheet.line(number)
        if line is None:
            raise _Rejected("a sentence that there is not")
        return line

    def _named(self, line: Line, quote: str, ids: tuple[str, ...]) -> None:
        """Whether the words may mean these people: everyone, and every party, that the words name must be among them."""
        _found(line, quote)
        if not ids or any(id_ not in self.people for id_ in ids):
            raise _Rejected("an actor or addressee who is no participant")
        words, meant = _folded(quote).casefold(), {id_: self.people[id_] for id_ in ids}
        named = {id_ for id_, p in self.people.items() if p.family and _stands(_folded(p.family).casefold(), words)}
        party = self._party_in(quote)
        sides = {p.party for p in self.people.values()}
        if named - meant.keys() or (not named and party and party in sides - {p.party for p in meant.values()}):
            raise _Rejected("an actor or addressee whom the words do not name")

    def _party(self, quote: str) -> str:
        """The party that words name, which must be words of the text, or of the publisher's name or the title beside it."""
        beside = (_folded(words or "") for words in (self.sheet.document.publisher, self.sheet.document.title))
        in_text = any(True for line in self.sheet.lines for _ in line.find(quote))
        if not in_text and not any(_stands(_folded(quote), words) for words in beside):
            raise _Rejected("a quote that is not in the text")
        party = self._party_in(quote)
        if party is None:
            raise _Rejected("a party that the words do not name")
        return party

    def _party_in(self, words: str) -> str | None:
        """The one party that the lexicon finds in words."""
        found = {hit.label.id for hit in self.lexicon.longest(_folded(words), _PARTIES)}
        return found.pop() if len(found) == 1 else None


def _found(line: Line, quote: str) -> Span:
    for span in line.find(quote):
        return span
    raise _Rejected("a quote that is not in its sentence")


def _folded(words: str) -> str:
    return " ".join(straighten(words).split())


def _stands(part: str, whole: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", whole) is not None


def _as_written(line: Line, within: Span, words: str | None, text: str) -> str | None:
    """Words of a quote as the text has them, white space folded."""
    if words is None:
        return None
    span = next((s for s in line.find(words) if within.start <= s.start and s.end <= within.end), None)
    if span is None:
        raise _Rejected("a name or office that its quote does not have")
    return " ".join(span.of(text).split())
