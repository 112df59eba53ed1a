"""Clauses: which verb forms of a sentence report an act, who their grammatical subject is, and how far they reach.

A form counts if its surroundings say so (EXTRACTION, 2.6): a finite form needs a subject that takes part, or shares one with the act
before it; a participle stands after a comma; an infinitive tells the purpose of the encounter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.ingest.acts.finite import finite
from communique.ingest.acts.impersonal import held_for, impersonal, topic
from communique.ingest.acts.participles import participle
from communique.ingest.acts.present import present
from communique.ingest.acts.purposes import purpose
from communique.ingest.acts.scopes import Clause, scoped, stacked
from communique.ingest.acts.speech import performed, quoted
from communique.ingest.acts.subjects import Line
from communique.ingest.acts.verbs import ActLexicon, Token, Trigger
from communique.ingest.acts.words import Words
from communique.ingest.grammar import Grammar
from communique.ingest.mentions.mention import Mention


class SentenceReader:
    """Reads the clauses of one sentence."""

    def __init__(
        self,
        view: str,
        toks: Sequence[Token],
        mentions: Sequence[Mention],
        everybody: tuple[str, ...],
        acts: ActLexicon,
        grammar: Grammar,
        before: tuple[str, ...] = (),
        voice: frozenset[str] = frozenset(),
        header: bool = False,
    ) -> None:
        """What is known of it as ``Words`` tells."""
        self.view, self.toks, self.everybody, self.acts, self.g = view, toks, everybody, acts, grammar
        # "had a detailed discussion" tells of no detailing
        self.candidates = [t for t in acts.triggers(toks) if not (t.form == "past" and t.first and toks[t.first - 1].low in ("a", "an"))]
        self.line = Line(toks, mentions, everybody, self.candidates, grammar)
        met = next((i for i, t in enumerate(toks) if t.low in grammar.purposes and i not in self.line.inside), None)
        self.words = Words(view, toks, self.line, acts, grammar, everybody, before, voice, header, met)

    def read(self) -> list[Clause]:
        """The clauses of the sentence in order; ``loose`` then holds the finite verbs that no rule attached.

        ``telling`` holds the forms of verbs (``past``, ``present``, ``base``, ``gerund``) that may tell of an act, attached or not.
        """
        self.telling = frozenset(t.form for t in self.candidates if self._tells(t))
        told = topic(self.words) or (held_for(self.words) if self.words.header else None)
        accepted: list[Clause] = [told] if told else []
        self.loose: list[Trigger] = []
        for trigger in self.candidates:
            if accepted and accepted[0].rule == "topic" and trigger.first <= accepted[0].trigger.last:
                continue
            if trigger.first in self.line.inside and (trigger.form != "past" or self._named(trigger)):
                continue
            clauses = self._accept(trigger, accepted)
            if not clauses and self._reports(trigger):
                self.loose.append(trigger)
            for clause in clauses:
                if clause.rule in ("finite-inverted", "finite-quoted") and (own := performed(self.line, clause.trigger)) is not None:
                    # '"We thank our hosts," said Minister X' is thanking
                    accepted = [c for c in accepted if c.trigger.first != own.first]
                    clause = replace(clause, trigger=replace(clause.trigger, type=own.verb.type))
                accepted.append(clause)
                accepted.extend(self._nominal(clause))
        return scoped(stacked(quoted(self.line, accepted), self.toks), self.view, self.toks)

    def _named(self, t: Trigger) -> bool:
        """Whether a form is a part of somebody's name: ``Said Al-Harrasi``."""
        return t.first > 0 and self.view[self.toks[t.first].start].isupper()

    def _reports(self, t: Trigger) -> bool:
        """Whether a form that no rule attached looks like a report: finite, complete, and no attribute of a noun."""
        left = self.line.low(self.line.skip_left(t.first - 1))
        attribute = left in self.g.determiners or left in self.g.prepositions or left.endswith(("'s", "s'")) or self.words.attribute(t)
        complete = self.words.complete(t)
        attribute = attribute or left in self.g.passives or left.startswith("remain")
        return t.form == "past" and not t.verb.frame & {"noun", "gathering"} and complete and not attribute

    def _tells(self, t: Trigger) -> bool:
        """Whether a form may tell of an act, even where no rule attaches it: finite, a purpose, or a participle of its own."""
        i = self.line.skip_left(t.first - 1)
        left = self.line.low(i)
        if "noun" in t.verb.frame and not self.acts.nouns(t.verb, self.toks, t.last + 1, self.g.noun_stops):
            return False
        if t.form == "past":
            return self._reports(t) or "noun" in t.verb.frame
        if t.first in self.line.inside:
            return False
        if t.form == "base" and left == "to":
            return True
        if "free" in t.verb.frame:
            return False
        if t.form in ("base", "present"):
            # "the United States commends", "Japan ... and looks forward", "we commend"
            return i in self.line.at or left == "we" or (t.form == "present" and left in ("and", "but"))
        return "participle" in t.verb.frame and (left in self.g.coordinators or not left)

    def unknown(self) -> list[Token]:
        """Past forms right behind a participant that the act lexicon does not know."""
        known = {i for t in self.candidates for i in range(t.first, t.last + 1)}
        out = []
        for last, at in self.line.at.items():
            i = last + 1
            while i < len(self.toks) and (self.line.low(i) in self.g.adverbs or self.line.low(i).endswith("ly")):
                i += 1
            who = self.line.mentions[at].who and self.line.mentions[at].kind != "party"
            if who and i < len(self.toks) and i not in known | self.line.inside and self.g.past.fullmatch(self.line.low(i)):
                out.append(self.toks[i])
        return out

    def _nominal(self, c: Clause) -> list[Clause]:
        """``expressed his condolences for A and his appreciation for B``: the second noun carries an act of its own."""
        t = c.trigger
        if t.noun is None or t.verb.type == "Discuss":
            return []  # "exchanged views on A and our commitment to B": two topics
        nxt = next((k.first for k in self.candidates if k.first > t.end and k.form == "past"), len(self.toks))
        for i in range(t.end + 1, min(nxt, len(self.toks) - 2)):
            if self.toks[i].low != "and":
                continue
            owned = self.toks[i + 1].low in self.g.possessives
            nouns = self.acts.nouns(t.verb, self.toks, i + 1 + owned, self.g.noun_stops, reach=4 if owned else 1)
            # "expressed support for A and commitment to B"
            if nouns and (owned or (nouns[0][1] == "Commit" != t.type and self.line.low(i + 2) == "to")):
                start = self.toks[i].start
                return [replace(c, trigger=Trigger(t.verb, t.form, i + 1, i + 1, nouns[0][1], nouns[-1][0]), start=start, rule="nominal")]
        return []

    def _accept(self, t: Trigger, done: list[Clause]) -> list[Clause]:
        if t.verb.frame & {"event", "topic", "topic-of"}:
            found = impersonal(self.words, t, done)
        elif t.form == "gerund":
            found = participle(self.words, t, done) if "participle" in t.verb.frame else None
        elif t.form == "base":
            found = purpose(self.words, t, done) or present(self.words, t, done)
        elif t.form == "present":
            found = present(self.words, t, done)
        else:
            found = finite(self.words, t, done)
        return self._typed(found, t) if found else []

    def _together(self, t: Trigger) -> bool:
        """Whether a verb of talking names whom it was with: then everybody talked."""
        if "together" in t.verb.frame:
            return True
        after = self.toks[t.end].end
        return (
            t.verb.type == "Discuss"
            and "light" not in t.verb.frame
            and any(m.start >= after and self.view[after : m.start].strip() in ("with", "with the") for m in self.line.mentions)
        )

    def _typed(self, found: Clause, t: Trigger) -> list[Clause]:
        """The clause, once for each reporting noun of a light verb; nothing if a needed noun or follow-up is missing."""
        after = self.view[self.toks[t.last].end :].lstrip()
        if found.passive:
            return [found]
        if not self.words.complete(t) and found.rule != "passive-answer":
            return []
        if t.verb.frame & {"light", "noun"}:
            nouns = self.acts.nouns(t.verb, self.toks, self.line.past_listener(t.last + 1), self.g.noun_stops)
            scopes = ("", "joint") if set(found.who) >= set(self.everybody) else ("",)
            if nouns and not (t.verb.frame & {"light"} and any(r.pattern.match(after) for r in t.verb.rules if r.scope in scopes)):
                last = nouns[-1][0]
                # "received support from" is one trigger
                last += "from" in t.verb.frame and self.line.low(last + 1) == "from"
                out = [replace(found, trigger=replace(t, type=type_, noun=last)) for _, type_ in nouns]
                return out[:1] if len({n[1] for n in nouns}) == 1 else out
            if "noun" in t.verb.frame:
                return []
        return [replace(found, who=self.everybody) if self._together(t) else found]
