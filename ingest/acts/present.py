"""Forms of the present: ``Japan hopes`` in what somebody says, ``both sides look forward`` anywhere."""

from __future__ import annotations

from communique.ingest.acts.reported import holder, hoped
from communique.ingest.acts.scopes import Clause
from communique.ingest.acts.speech import attributed, free
from communique.ingest.acts.verbs import Trigger
from communique.ingest.acts.words import Words

# Subjects that may act in the present tense: "Both sides look forward to".
_SUBJECTS = frozenset({"pair", "person", "title", "surname", "group", "gathering"})

# What is had by saying it, so that a pronoun may be its subject: "They look forward to", "They remain concerned about".
_FELT = frozenset({"Hope", "Concern"})


def present(w: Words, t: Trigger, done: list[Clause]) -> Clause | None:
    """``Japan hopes``, ``the United States continues to oppose`` inside reported speech; ``both sides look forward`` anywhere."""
    i = w.line.skip_left(t.first - 1)
    if t.form == "present" and (told := attributed(w, t, i, done)) is not None:
        return told
    if (said := free(w, t, done)) is not None:
        return said
    if "present" not in t.verb.frame or "free" in t.verb.frame:
        return None
    plain = (w.line.group(i) or w.line.gathering(i)) if i >= 0 else None
    if (
        plain
        and (plain.kind in _SUBJECTS or (plain.kind == "pronoun" and (t.verb.type in _FELT or w.line.low(i) == "i")))
        and w.line.opens_clause(w.line.skip_left(plain.first - 1))
        and w.line.low(w.line.skip_left(plain.first - 1)) not in ("which", "whom")  # "challenges over which both sides share concern"
        and not (w.line.low(plain.first - 1) == "that" and holder(w, plain.first, done) is None)
        and (not done or plain.kind == "pair")
    ):
        return w.clause(t, plain.who, "finite-present", start=plain.first)
    if done and done[-1].rule == "finite-present" and done[-1].trigger.form == t.form and w.line.low(i) in w.g.coordinators:
        return w.clause(t, done[-1].who, "finite-present", start=i)  # "I thank the Minister and look forward to"
    if t.form == "base" and i >= 1 and w.toks[i].low == "to" and w.toks[i - 1].low in w.g.continuing:
        i = w.line.skip_left(i - 2)
    elif t.form == "base":
        return None
    subject = w.line.group(i) if i >= 0 else None
    if subject is None and w.line.low(i) == "and" and t.form == "present":
        return _goes_on(w, t, i, done)
    parent = holder(w, subject.first, done) if subject else None
    if subject is not None and hoped(t, subject, parent, done):
        return w.clause(t, subject.who, "embedded", start=subject.first, parent=parent)
    if subject is None or subject.kind not in ("party", "group") or parent is None:
        return None
    return w.clause(t, subject.who, "embedded-present", start=subject.first, parent=parent)


def _goes_on(w: Words, t: Trigger, i: int, done: list[Clause]) -> Clause | None:
    """``said that Country A values the ties and hopes to ...``: the reported party does a second thing."""
    parent = holder(w, t.first, done)
    if parent is None:
        return None
    that = next((k for k in range(done[parent].trigger.end + 1, i) if w.line.low(k) == "that"), None)
    reported = next((s for last in sorted(w.line.at) if that is not None and last > that and (s := w.line.group(last))), None)
    if that is None or reported is None or reported.first > that + 2 or reported.kind not in ("party", "group"):
        return None
    return w.clause(t, reported.who, "embedded-coordinated", start=i, parent=parent)
