"""Words told before who said them: ``"...," said Minister X``, ``"...," Minister X says``, ``..., Minister X said on Tuesday``."""

from __future__ import annotations

from communique.ingest.subjects import Line, Subject
from communique.ingest.verbs import Trigger

# What may stand behind a verb of saying that closes its sentence: when and where it was said.
_CIRCUMSTANCES = frozenset(("", ".", ",", "following", "after", "during", "in", "at", "on"))


def said_by(line: Line, t: Trigger, *, alone: bool) -> Subject | None:
    """Who stands behind a verb that words precede, in quotation marks or, if nothing else is told, before a comma."""
    before = line.low(t.first - 1)
    if before not in line.g.quotes and not (before == "," and alone):
        return None
    after = next((line.group(b) for a, b in line.spans if a == t.last + 1), None)
    closed = after and (before != "," or line.low(after.last + 1) in _CIRCUMSTANCES)
    return after if after and after.who and closed else None


def closes_speech(line: Line, t: Trigger, i: int, *, alone: bool) -> Subject | None:
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
    if opening is None or opening.verb.type in ("State", "Discuss") or not (opening.form == "base" or opening.verb.id == "be-grateful"):
        return None
    mark = next((k for k in range(opening.first) if line.low(k) in line.g.quotes), 0)
    before = [line.low(k) for k in range(mark, opening.first)]
    own = any(w in ("i", "we") for w in before[:2])
    return opening if own and all(w in ("i", "we") or w in line.g.quotes | line.g.adverbs or w.endswith("ly") for w in before) else None
