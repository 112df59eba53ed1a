"""Roles: who is spoken to and who is spoken about in an act, and whose words bind whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from communique.ingest.acts.scopes import Clause
from communique.ingest.acts.verbs import Token
from communique.ingest.encounters.participants import speaks
from communique.ingest.grammar import Grammar
from communique.ingest.mentions.mention import Mention
from communique.ingest.pages.segment import Sentence
from communique.model import Encounter, Span

# How many characters after a verb may hold whom it is directed at, and whom it is aimed against.
NEAR, HEAD = 60, 48
# "called for Russia to ..." is aimed at Russia, "called for stronger sanctions against Russia" is not addressed to it.
OBJECT = 20
_LONGER = re.compile(r" [A-Z][a-z]")


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part: labels in order, the party of each, and whether they were met one by one (several calls told as one)."""

    labels: tuple[str, ...]
    party: dict[str, str | None]
    apart: bool = False

    @classmethod
    def of(cls, encounters: Sequence[Encounter]) -> Parties:
        """The parties of the encounters that a text reports together."""
        participants = [p for e in encounters for p in e.participants]
        talking = tuple(dict.fromkeys(p.label for p in participants if speaks(p)))
        return cls(talking, {p.label: p.party for p in participants}, len(encounters) > 1)

    def side(self, label: str) -> str:
        """The party of a label; a code is its own party, a person without one a side of his own."""
        return self.party.get(label) or label

    @property
    def sides(self) -> tuple[str, ...]:
        """All sides, each once."""
        return tuple(dict.fromkeys(self.side(x) for x in self.labels))

    def speakers(self, who: Iterable[str]) -> tuple[str, ...]:
        """Labels as they are, party codes as those who speak for the party."""
        return tuple(x for w in who for x in ([w] if w in self.party else [p for p in self.labels if self.side(p) == w] or [w]))

    def others(self, actors: Iterable[str]) -> tuple[str, ...]:
        """The labels of the other sides."""
        own = {self.side(a) for a in actors}
        return tuple(x for x in self.labels if self.side(x) not in own)

    def joint(self, actors: Iterable[str]) -> bool:
        """Whether every side is among the actors."""
        return len(self.sides) > 1 and {self.side(a) for a in actors} >= set(self.sides)


# "invited her to visit", "invited his Spanish colleague to visit": of two sides the other one.
_OTHER = re.compile(
    r"\s(?:him|her|them|(?:his|her|their|the|my|our)\s(?:[\w-]+\s){0,3}?(?:counterparts?|colleagues?|guests?|hosts?|interlocutors?|homologue))\sto\s"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence as the act reader sees it: words, mentions, and the encounter that it tells of."""

    sentence: Sentence
    toks: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    encounter: Encounter
    parties: Parties

    @property
    def view(self) -> str:
        """The words of the sentence, folded."""
        return self.sentence.view.text

    def trigger(self, clause: Clause) -> Span:
        """Where the trigger of a clause stands in the document."""
        return self.sentence.view.span(self.toks[clause.trigger.first].start, self.toks[clause.trigger.end].end)

    def named_after(self, word: str, clause: Clause, end: int) -> Mention | None:
        """The participant named right after a preposition between a clause's verb and ``end``."""
        for tok in self.toks[clause.trigger.last + 1 : -1]:
            if tok.low == word and tok.start <= end:
                for m in self.mentions:
                    if m.who and not m.possessive and 0 <= m.start - tok.end <= len(" the "):
                        return m
        return None

    def all_after(self, word: str, clause: Clause, end: int) -> tuple[str, ...]:
        """All who are named in a row after a preposition: "from Minister X and Secretary Y"."""
        first = self.named_after(word, clause, end)
        return tuple(dict.fromkeys(w for m in self.objects(first.start) for w in m.who)) if first else ()

    def fronted(self, word: str) -> tuple[str, ...]:
        """Who is named behind a preposition that opens the sentence: ``With Minister X, she discussed ...``."""
        first = self.toks[0] if self.toks else None
        return tuple(w for m in self.objects(first.end) for w in m.who) if first and first.low == word else ()

    def objects(self, begin: int) -> list[Mention]:
        """The mentions that stand as direct object right after ``begin``."""
        out: list[Mention] = []
        for m in self.mentions:
            if m.start < begin or not m.who:
                continue
            gap = self.view[begin : m.start].strip()
            if gap not in ("", "the", "both", "and", ",", ", and", "all") and not gap.endswith("ly"):
                break
            out.append(m)
            begin = m.end
        return out

    def absent(self, start: int, end: int) -> str | None:
        """The first party named in a stretch that does not take part."""
        # "UN Security Council", "UN Member States": part of a longer name, and no party of its own
        named = (m.party for m in self.mentions if m.kind == "party" and start <= m.start < end and not _LONGER.match(self.view, m.end))
        return next((p for p in named if p and p not in self.parties.sides), None)

    def own_words(self, start: int, end: int, actors: tuple[str, ...]) -> str:
        """The words of a content, owners from other sides than the actors' masked, so that only own commitments bind."""
        own = {self.parties.side(a) for a in actors}
        words, at = "", start
        for m in self.mentions:
            if m.possessive and at <= m.start < end and not ({self.parties.side(w) for w in m.who} | {m.party}) & own:
                words, at = words + self.view[at : m.start] + "@", m.end
        return words + self.view[at:end]


def addressees(scene: Scene, clause: Clause, type_: str, g: Grammar, *, embedded: bool) -> tuple[tuple[str, ...], bool]:
    """To whom an act is addressed, and whether that is unsaid (GUIDELINES, "addressees" and decision 10)."""
    t, parties, view = clause.trigger, scene.parties, scene.view
    own = {parties.side(a) for a in clause.who}
    begin = scene.toks[t.end].end
    person = "person" in t.verb.frame
    others = parties.others(clause.who)
    if type_ in g.directed and others and len(parties.sides) == 2 and _OTHER.match(view, begin):
        return others, False
    if person and (objects := scene.objects(begin)):
        # "requested Canada's support" is addressed to who speaks for Canada
        named = dict.fromkeys(w for m in objects for w in (parties.speakers(m.who) if m.possessive else m.who))
        inside = tuple(w for w in named if parties.side(w) in parties.sides and parties.side(w) not in own)
        if inside or type_ in g.directed:
            return inside, False
    listener = scene.named_after("to", clause, min(clause.content[1], begin + NEAR))
    if listener and listener.kind != "party" and not embedded and not view[begin : listener.start].strip().startswith("that"):
        inside = tuple(w for w in listener.who if parties.side(w) in parties.sides and parties.side(w) not in own)
        if inside:
            return inside, False
    if type_ in g.directed and person:
        # "requested the understanding and cooperation of A and B"
        inside = tuple(w for w in parties.speakers(scene.all_after("of", clause, begin + NEAR)) if parties.side(w) not in own)
        if inside and set(inside) <= set(parties.labels):
            return inside, False
    if type_ in g.directed and (
        (person and type_ != "Request" and g.third_party.match(view[begin:].lstrip())) or scene.absent(begin, begin + OBJECT)
    ):
        return (), False
    if others and (len(parties.sides) == 2 or parties.apart or type_ in g.personal):
        return others, True
    return (), False
