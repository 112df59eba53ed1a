"""Clauses: which verb forms of a sentence report an act, who their grammatical subject is, and how far they reach.

A form counts if its surroundings say so (EXTRACTION, 2.6): a finite form needs a subject that takes part, or shares one with the act
before it; a participle stands after a comma; an infinitive tells the purpose of the encounter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.ingest.acts.impersonal import done_by, held_for, impersonal, passive, topic
from communique.ingest.acts.scopes import Clause, scoped, stacked
from communique.ingest.acts.speech import closes_speech, free, performed, quoted, said_by
from communique.ingest.acts.subjects import Line, Subject
from communique.ingest.acts.verbs import ActLexicon, Token, Trigger
from communique.ingest.acts.words import Words
from communique.ingest.grammar import Grammar
from communique.ingest.mentions.mention import Mention

# Subjects that are persons; what behind a subject and a comma leads to words between it and its verb.
_SPEAKERS = frozenset({"pronoun", "person", "title", "surname"})
# Subjects that may act in the present tense: "Both sides look forward to".
_PRESENT = frozenset({"pair", "person", "title", "surname", "group", "gathering"})
_ASIDES = frozenset({"while", "when", "upon", "who", "in", "on", "for", "as", "after", "during", "meanwhile", "however", "likewise"})


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
        """``before``: who acted last; ``voice``: the side whose speech the sentence may go on with, in the words of its own report;
        ``header``: whether it tells of the encounter."""
        self.view, self.toks, self.everybody, self.acts, self.g, self.before = view, toks, everybody, acts, grammar, before
        # "had a detailed discussion" tells of no detailing
        self.candidates = [t for t in acts.triggers(toks) if not (t.form == "past" and t.first and toks[t.first - 1].low in ("a", "an"))]
        self.line = Line(toks, mentions, everybody, self.candidates, grammar)
        self.words = Words(view, toks, self.line, acts, grammar, everybody, voice)
        self._clause = self.words.clause
        self.header = header
        self.encounter_verb = next((i for i, t in enumerate(toks) if t.low in grammar.purposes and i not in self.line.inside), None)

    def read(self) -> list[Clause]:
        """The clauses of the sentence in order; ``loose`` then holds the finite verbs that no rule attached.

        ``telling`` holds the forms of verbs (``past``, ``present``, ``base``, ``gerund``) that may tell of an act, attached or not.
        """
        self.telling = frozenset(t.form for t in self.candidates if self._tells(t))
        told = topic(self.words) or (held_for(self.words, self.encounter_verb) if self.header else None)
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
        attribute = left in self.g.determiners or left in self.g.prepositions or left.endswith(("'s", "s'")) or self._attribute(t)
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
            found = self._participle(t, done) if "participle" in t.verb.frame else None
        elif t.form == "base":
            found = self._purpose(t, done) or self._present(t, done)
        elif t.form == "present":
            found = self._present(t, done)
        else:
            found = self._finite(t, done)
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

    def _finite(self, t: Trigger, done: list[Clause]) -> Clause | None:
        i = self.line.skip_left(t.first - 1)
        low = self.line.low(i)
        if low == "having" and i == 0:
            return self._opening_participle(t)
        felt = self.line.low(t.first) in self.g.passives  # "was heartened by" is the subject's own act
        if not felt and self.line.low(t.last + 1) == "by" and self.line.low(t.last + 2) not in self.g.means and not t.verb.frame & {"noun"}:
            return done_by(self.words, t, i, done)
        if low in self.g.auxiliaries and i not in self.line.inside:
            i = self.line.skip_left(i - 1)
        elif low in self.g.passives and i not in self.line.inside:
            return passive(self.words, t, i, done)
        if i < 0 and t.first <= 1 and self.before and t.form == "past":
            # an item of a list: "- Underscored support for ..." goes on with the subject before
            return self._clause(t, self.everybody if t.verb.type == "Discuss" else self.before, "finite-item")
        if (attributed := self._attributed(t, i, done)) is not None:
            return attributed
        subject = self.line.subject_at(i)
        talks = subject is not None and subject.kind == "gathering"
        if ("gathering" in t.verb.frame and not talks) or ("speaker" in t.verb.frame and talks):
            return None
        if subject:
            return self._with_subject(t, subject, done)
        if low in self.g.coordinators:
            return self._coordinated(t, i, done)
        if low in ("who", "which") and i >= 2 and self.toks[i - 1].low == "," and (group := self.line.group(i - 2)):
            return self._clause(t, group.who, "finite-relative", start=i)
        return None

    def _attributed(self, t: Trigger, i: int, done: list[Clause]) -> Clause | None:
        """Words told before who said them: ``"...," said Minister X``, ``..., says Minister X.``"""
        if t.verb.type not in self.g.reporting:
            return None
        if said := said_by(self.line, t, alone=not done):
            return self._clause(t, said.who, "finite-inverted", start=0, passive=True)
        if said := closes_speech(self.line, t, i, alone=not done):
            return self._clause(t, said.who, "finite-quoted", start=0, passive=True)
        return None

    def _with_subject(self, t: Trigger, s: Subject, done: list[Clause]) -> Clause | None:
        before = self.line.skip_left(s.first - 1)
        low = self.toks[before].low if before >= 0 else ""
        parent = self._holder(s.first, done)
        if low in ("where", "which") and before > 0 and self.g.elsewhere.search(self.view, 0, self.toks[before].start):
            return None  # "builds on their meeting in May, where the leaders discussed"
        if low in ("which", "whom") and t.verb.type == "Announce":
            return None  # "the initiative, which the two countries announced": it tells which is meant
        # "met today in Vienna, where they discussed"; other sentences may tell of another meeting
        here = s.kind in _SPEAKERS or (s.kind == "pair" and self.header)
        if low == "where" and self.line.low(before - 1) == "," and here and t.verb.type != "Announce":
            return self._clause(t, s.who, "finite-where", start=before)
        if low == "whom" and self._before_whom(before) and here and t.verb.type != "Announce":
            # who is told by "whom" is not he: "A met with B, to whom he conveyed"
            opening = self.line.opening_subject() if s.kind == "pronoun" else None
            who = opening.who if opening and opening.last < before else s.who
            who = self.everybody if t.verb.type == "Discuss" and self.line.low(before - 1) == "with" else who
            return self._clause(t, who, "finite-whom", start=before - 1)
        if low in self.g.relatives:
            return None
        if self._hoped(t, s, parent, done):
            return self._clause(t, s.who, "embedded", start=s.first, parent=parent)
        if before >= 0 and not self.line.opens_clause(before):
            # "the statements Minister X made": a relative clause without pronoun; "In the meeting Minister X said" is none
            if low in ("which", "whom"):
                comma = before >= 1 and (self.toks[before - 1].low == "," or self.toks[before - 1].low in self.g.prepositions)
                return self._clause(t, s.who, "finite-which", start=before) if comma else None
            dated = parent is not None and s.kind == "party" and "that" in {self.line.low(k) for k in range(s.first - 5, s.first)}
            if (done or before in self.line.inside) and not dated:
                return None
            low = "that" if dated else low
        if low == "which" and not (before >= 1 and self.toks[before - 1].low in (",", "to", "for", "during", "in", "of")):
            return None
        if low == "that" and parent is None and before >= 1 and self.toks[before - 1].low not in (",", "and"):
            # "The spokesperson stated that the two ministers discussed ...": the writer's own voice
            return self._clause(t, s.who, "finite", start=s.first) if self.g.spokesman.match(self.view, 0, self.toks[before].end) else None
        # a state inside reported speech acts on its own; a named speaker after a comma or "and" goes on with the report
        if parent is not None and (low == "that" or (s.kind in ("party", "pronoun") and not self._fresh(before, s))):
            return self._clause(t, s.who, "embedded", start=s.first, parent=parent)
        return self._clause(t, s.who, "finite", start=s.first)

    def _before_whom(self, i: int) -> bool:
        """Whether "whom" at ``i`` goes on with what was said to the other side: ``met with Minister B, to whom he conveyed``."""
        return self.header and self.line.low(i - 1) in ("with", "to", "before") and self.line.low(i - 2) == ","

    def _fresh(self, before: int, s: Subject) -> bool:
        """Whether a subject inside a report begins a new report: after a semicolon or ", and" with a person."""
        return (before >= 0 and self.toks[before].low in (";", "while")) or s.kind != "party"

    def _holder(self, i: int, done: list[Clause]) -> int | None:
        """The last accepted clause whose reported clause ("that ...") may hold token ``i``."""
        for k in range(len(done) - 1, -1, -1):
            c = done[k]
            if c.parent is None and c.trigger.end < i:
                # "noted that Japan ...", "told Minister X that Japan ...", "noted Japan ..."; a later "that" opens a relative clause
                nxt = self.line.past_listener(c.trigger.end + 1)
                return k if self.line.low(nxt) == "that" or nxt >= i - 1 or self._told(nxt) else None
        return None

    def _told(self, i: int) -> bool:
        """Whether a person stands at ``i`` and "that" after it."""
        return any(a in (i, i + 1) and self.line.low(b + 1) == "that" for a, b in self.line.spans)

    def _coordinated(self, t: Trigger, i: int, done: list[Clause]) -> Clause | None:
        low = self.toks[i].low
        after = self.toks[t.last + 1].low if t.last + 1 < len(self.toks) else ""
        matrix = next((c for c in reversed(done) if c.parent is None and c.trigger.form == "past" and c.who), None)
        if (after in ("by", "upon") and not t.verb.frame & {"noun"}) or self._attribute(t):
            return None
        if matrix is not None:
            return self._clause(t, matrix.who, "finite-coordinated", start=i)
        opening = self.line.opening_subject()
        # "Secretary X, echoing others, emphasized": a participle between the subject and its verb
        if opening and opening.last < t.first and (low != "," or self.encounter_verb is not None or done or self._parted(opening)):
            everybody = t.verb.type == "Discuss" and self.encounter_verb is not None and self.encounter_verb < t.first
            who = self.everybody if everybody else opening.who
            return self._clause(t, who, "finite-lead" if self.encounter_verb is not None else "finite-far", start=i)
        return None

    def _parted(self, s: Subject) -> bool:
        """Whether words between commas part a subject from its verb: ``Secretary X, echoing others,``, ``Minister X, while noting Y,``."""
        word = self.line.low(s.last + 2)
        return self.line.low(s.last + 1) == "," and (word.endswith("ing") or word in _ASIDES)

    def _attribute(self, t: Trigger) -> bool:
        """Whether a form is an adjective: "and shared efforts", against "and shared their views" or "and shared perspectives on"."""
        if "attribute" not in t.verb.frame:
            return False
        nouns = self.acts.nouns(t.verb, self.toks, t.last + 1, self.g.noun_stops, reach=2)
        after = self.line.low(t.last + 1)
        if self.line.low(t.first - 1) == "and" and any(k.last == t.first - 3 and k.form == "base" for k in self.candidates):
            return True  # "to discuss acute and shared concerns"
        return not (nouns or after in self.g.determiners or after in self.g.possessives or after in self.g.prepositions)

    def _participle(self, t: Trigger, done: list[Clause]) -> Clause | None:
        i = self.line.skip_left(t.first - 1)
        low = self.toks[i].low if i >= 0 else ""
        if i < 0 and self.before and self.line.opening_subject() is None:
            return self._clause(t, self.before, "participle-item")  # "Looking forward to ...": an item of a list, a line of a post
        if i < 0 or (low == "to" and self.line.low(i - 1) == "addition"):
            return self._opening_participle(t)
        if (group := self.line.group(i)) and group.first >= 1 and self.toks[group.first - 1].low == "with":
            return self._clause(t, group.who, "participle-with", start=group.first)
        if (
            (group := self.line.group(i - 1) if low == "," else None)
            and not (done and self.line.mentions[self.line.at[group.last]].kind == "party")
            and not any(c.trigger.first > group.first for c in done)
            and self.line.opens_clause(self.line.skip_left(group.first - 1))
        ):
            return self._clause(t, group.who, "participle-apposition", start=i)
        if low in ("by", "in") and any(k.low in self.g.openers for k in self.toks[max(0, i - 8) : i]):
            subject = self.line.opening_subject()
            return self._clause(t, subject.who, "participle-by", start=i) if subject else None
        matrix = next((c for c in reversed(done) if c.parent is None), None)
        if (
            low in (",", "while")
            or (low in self.g.quotes and self.line.low(i - 1) == ",")
            or (low == "and" and matrix and matrix.trigger.form == "gerund")
        ):
            if matrix:
                return self._clause(t, matrix.who, "participle", start=i)
            subject = self.line.opening_subject()
            if subject and subject.last < t.first:
                return self._clause(t, subject.who, "participle-lead", start=i)
        return None

    def _opening_participle(self, t: Trigger) -> Clause | None:
        """The first group behind a participle, whole: ``Recognizing A, X and Y underscored``, ``Having discussed A, they agreed``."""
        behind = (self.line.group(last) for last in sorted(self.line.at) if last > t.last)
        groups = [g for g in behind if g and self.line.low(g.first - 1) == ","]
        subject = max((g for g in groups if g.first == groups[0].first), key=lambda g: g.last, default=None)
        return self._clause(t, subject.who, "participle-opening") if subject else None

    def _purpose(self, t: Trigger, done: list[Clause]) -> Clause | None:
        i = self.line.skip_left(t.first - 1)
        low = self.toks[i].low if i >= 0 else ""
        matrix = next((c for c in reversed(done) if c.parent is None), None)
        after = self.toks[t.last + 1].low if t.last + 1 < len(self.toks) else ""
        if (
            low in self.g.coordinators
            and matrix
            and matrix.trigger.form == "base"
            and (after not in ("for", "of") or "noun" in t.verb.frame)
            and not (low == "," and after == "to")  # "to discuss trade, support to Ukraine and ..."
        ):
            return self._purposed(t, "purpose-coordinated", i)
        if low == "to" and matrix and matrix.trigger.form == "base" and self.toks[i - 1].low in self.g.coordinators:
            return self._purposed(t, "purpose-coordinated", i - 1)
        if low == "to" and (self._earlier_purpose(i) or self._offered(i)):
            return None
        if low != "to" or (matrix and matrix.trigger.form == "base") or self.encounter_verb is None or self.encounter_verb >= t.first:
            return None
        if matrix and matrix.trigger.form != "base" and not self._opportunity(matrix, t):
            return None
        return self._purposed(t, "purpose", i)

    def _earlier_purpose(self, i: int) -> bool:
        """Whether another infinitive stands between the encounter's verb and the ``to`` at ``i``: then this one belongs to its object."""
        begin = self.encounter_verb if self.encounter_verb is not None else i
        infinitives = [
            k for k in range(begin, i) if self.line.low(k) == "to" and k not in self.line.inside and k + 1 not in self.line.inside
            and self.line.low(k + 1).isalpha() and self.view[self.toks[k + 1].start].islower()
            and self.line.low(k + 1) not in self.g.determiners
        ]  # fmt: skip
        return (
            bool(infinitives)
            and self.line.low(i - 1) not in self.g.coordinators
            and "opportunity" not in {self.line.low(i - 1), self.line.low(i - 2)}
        )

    def _offered(self, i: int) -> bool:
        """Whether the ``to`` at ``i`` is what a course of action is for: ``the need for action to address``, ``provided aid to address``;
        ``The call provided a chance to address`` is none."""
        verb = self.encounter_verb
        if self.line.low(i - 1) in self.g.courses:
            return True
        if verb is None or self.line.low(verb) not in self.g.offering:
            return False
        return not any(self.line.low(k) in self.g.gatherings or self.line.low(k) in ("opportunity", "occasion") for k in range(i))

    def _opportunity(self, matrix: Clause, t: Trigger) -> bool:
        """``... and took the opportunity to thank``: a purpose after another act; ``welcomed the opportunity to`` is none."""
        between = {k.low for k in self.toks[matrix.trigger.end + 1 : t.first]}
        return bool(between & {"opportunity", "occasion"}) and bool(between & self.g.taking)

    def _purposed(self, t: Trigger, rule: str, start: int) -> Clause | None:
        subject = self.line.opening_subject()
        talk = t.verb.type == "Discuss"
        # "The meeting allowed both sides to reaffirm": nobody stands before the verb
        who = self.everybody if talk or (subject is None and self.line.low(0) in self.g.determiners) else subject.who if subject else ()
        return self._clause(t, who, rule, start=start)

    def _present(self, t: Trigger, done: list[Clause]) -> Clause | None:
        """``Japan hopes``, ``the United States continues to oppose`` inside reported speech; ``both sides look forward`` anywhere."""
        i = self.line.skip_left(t.first - 1)
        if t.form == "present" and (attributed := self._attributed(t, i, done)) is not None:
            return attributed
        if (said := free(self.words, t, done)) is not None:
            return said
        if "present" not in t.verb.frame or "free" in t.verb.frame:
            return None
        plain = (self.line.group(i) or self.line.gathering(i)) if i >= 0 else None
        if (
            plain
            and (plain.kind in _PRESENT or (plain.kind == "pronoun" and (t.verb.type == "Hope" or self.line.low(i) == "i")))
            and self.line.opens_clause(self.line.skip_left(plain.first - 1))
            and self.line.low(self.line.skip_left(plain.first - 1))
            not in ("which", "whom")  # "challenges over which both sides share concern"
            and not (self.line.low(plain.first - 1) == "that" and self._holder(plain.first, done) is None)
            and (not done or plain.kind == "pair")
        ):
            return self._clause(t, plain.who, "finite-present", start=plain.first)
        if done and done[-1].rule == "finite-present" and done[-1].trigger.form == t.form and self.line.low(i) in self.g.coordinators:
            return self._clause(t, done[-1].who, "finite-present", start=i)  # "I thank the Minister and look forward to"
        if t.form == "base" and i >= 1 and self.toks[i].low == "to" and self.toks[i - 1].low in self.g.continuing:
            i = self.line.skip_left(i - 2)
        elif t.form == "base":
            return None
        subject = self.line.group(i) if i >= 0 else None
        if subject is None and self.line.low(i) == "and" and t.form == "present":
            return self._goes_on(t, i, done)
        parent = self._holder(subject.first, done) if subject else None
        if subject is not None and self._hoped(t, subject, parent, done):
            return self._clause(t, subject.who, "embedded", start=subject.first, parent=parent)
        if subject is None or subject.kind not in ("party", "group") or parent is None:
            return None
        return self._clause(t, subject.who, "embedded-present", start=subject.first, parent=parent)

    def _hoped(self, t: Trigger, subject: Subject, parent: int | None, done: list[Clause]) -> bool:
        """``said he looked forward``, ``underscored that he looks forward``: a hope is had by saying it, whatever the verb before it."""
        if parent is None or t.verb.type != "Hope" or subject.kind != "pronoun":
            return False
        holder = done[parent]
        return set(subject.who) == set(holder.who) and t.first - holder.trigger.end <= len(("that", "he", "also")) + 1

    def _goes_on(self, t: Trigger, i: int, done: list[Clause]) -> Clause | None:
        """``said that Country A values the ties and hopes to ...``: the reported party does a second thing."""
        parent = self._holder(t.first, done)
        if parent is None:
            return None
        that = next((k for k in range(done[parent].trigger.end + 1, i) if self.line.low(k) == "that"), None)
        reported = next((s for last in sorted(self.line.at) if that is not None and last > that and (s := self.line.group(last))), None)
        if that is None or reported is None or reported.first > that + 2 or reported.kind not in ("party", "group"):
            return None
        return self._clause(t, reported.who, "embedded-coordinated", start=i, parent=parent)
