"""Words told before who said them (``"...," said Minister X``), and speech that goes on without a verb of saying."""

from __future__ import annotations

from dataclasses import replace

from communique.ingest.acts.scopes import Clause
from communique.ingest.acts.subjects import Line, Subject
from communique.ingest.acts.verbs import Trigger
from communique.ingest.acts.words import Words

# What may stand behind a verb of saying that closes its sentence: when and where it was said.
_CIRCUMSTANCES = frozenset(("", ".", ",", "following", "after", "during", "in", "at", "on"))


def _said_by(line: Line, t: Trigger, *, alone: bool) -> Subject | None:
    """Who stands behind a verb that words precede, in quotation marks or, if nothing else is told, before a comma."""
    before = line.low(t.first - 1)
    if before not in line.g.quotes and not (before == "," and alone):
        return None
    after = next((line.group(b) for a, b in line.spans if a == t.last + 1), None)
    closed = after and (before != "," or line.low(after.last + 1) in _CIRCUMSTANCES)
    return after if after and after.who and closed else None


def _closes_speech(line: Line, t: Trigger, i: int, *, alone: bool) -> Subject | None:
    """Who stands at token ``i`` before a verb, behind words in quotation marks or behind a sentence and a comma."""
    subject = line.group(i)
    if not subject or not subject.who or subject.first < 3:
        return None
    before = line.low(subject.first - 1)
    closed = next((k for k in range(subject.first - 1, max(subject.first - 9, 2), -1) if line.low(k) in line.g.quotes), None)
    # "...," head of Polish diplomacy Name Name declared
    between = {k for t in line.triggers for k in range(t.first, t.last + 1)} & set(range(closed or 0, subject.first))
    if line.low(0) in line.g.quotes and closed and not between:
        return subject
    # "Hungary is ready for talks, Foreign Minister X said on Tuesday"
    closes = before == "," and alone and t.verb.id in ("say", "add") and line.low(t.last + 1) in _CIRCUMSTANCES
    return subject if closes and line.low(0) not in line.g.prepositions and _is_sentence(line, subject.first - 1) else None


def _is_sentence(line: Line, end: int) -> bool:
    """Whether a finite verb stands before token ``end``."""
    first = {t.first for t in line.triggers}
    return any(line.low(k) in line.g.finite or k in first for k in range(1, end))


def performed(line: Line, said: Trigger) -> Trigger | None:
    """The verb with which a speaker opens his words and does what it says: ``"We thank our hosts," said Minister X``."""
    opening = next((t for t in line.triggers if t.form in ("base", "past") and t.first < said.first), None)
    if (
        opening is None
        or opening.verb.type in ("State", "Discuss", "Inform")
        or not (opening.form == "base" or opening.verb.id == "be-grateful")
    ):
        return None
    mark = next((k for k in range(opening.first) if line.low(k) in line.g.quotes), 0)
    before = [line.low(k) for k in range(mark, opening.first)]
    own = any(w in ("i", "we") for w in before[:2])
    plain = line.g.quotes | line.g.adverbs | line.g.auxiliaries | {"i", "we", "am", "are"}
    return opening if own and all(w in plain or w.endswith("ly") for w in before) else None


def quoted(line: Line, clauses: list[Clause]) -> list[Clause]:
    """Of a quotation and who said it one act: ``"We are grateful for ...," X said`` thanks (decision 5 of the guidelines); what he says
    that he did himself is told by his words: ``"I raised the delays with the Minister," X said``."""
    at = next((k for k, c in enumerate(clauses) if c.rule == "finite-quoted" or (c.rule == "finite-inverted" and k)), None)
    if at is None:
        return clauses
    first = clauses[0].trigger
    himself = at and first.form == "past" and line.low(line.skip_left(first.first - 1)) in ("i", "we")
    kept = [c for c in clauses if c is not clauses[at]] if himself else [c for c in clauses if c.trigger.last >= clauses[at].trigger.first]
    index = {id(c): k for k, c in enumerate(kept)}
    return [replace(c, parent=index.get(id(clauses[c.parent]))) if c.parent is not None else c for c in kept]


def attributed(w: Words, t: Trigger, i: int, done: list[Clause]) -> Clause | None:
    """Words told before who said them: ``"...," said Minister X``, ``..., says Minister X.``"""
    if t.verb.type not in w.g.reporting:
        return None
    if said := _said_by(w.line, t, alone=not done):
        return w.clause(t, said.who, "finite-inverted", start=0, passive=True)
    if said := _closes_speech(w.line, t, i, alone=not done):
        return w.clause(t, said.who, "finite-quoted", start=0, passive=True)
    return None


def free(w: Words, t: Trigger, done: list[Clause]) -> Clause | None:
    """``China is ready to ...`` after ``Minister X said that ...``: the speech goes on without a verb of saying."""
    if not w.voice or t.form not in ("present", "base") or not t.verb.frame & {"present", "free"} or not w.complete(t):
        return None
    i = w.line.skip_left(t.first - 1)
    if done:
        finite = t.form == "present" or t.verb.id == "will"
        goes_on = done[-1].rule.startswith("free") and finite and w.line.low(i) in ("and", ",")
        return w.clause(t, done[-1].who, "free-coordinated", start=i) if goes_on else None
    subject = w.line.group(i) if i >= 0 else None
    if subject is None or subject.kind != "party" or not subject.who or not set(subject.who) <= w.voice:
        return None
    before = w.line.skip_left(subject.first - 1)
    if before >= 0 and not (w.line.low(before) == "," and w.toks[0].low in w.g.prepositions):
        return None
    return w.clause(t, subject.who, "free", start=subject.first)
