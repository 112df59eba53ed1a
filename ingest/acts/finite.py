"""Finite past forms, whose subject or an act before them tells who acts: ``Minister A thanked B and welcomed C``."""

from __future__ import annotations

from communique.ingest.acts.impersonal import done_by, passive
from communique.ingest.acts.participles import opening
from communique.ingest.acts.reported import holder, hoped
from communique.ingest.acts.scopes import Clause
from communique.ingest.acts.speech import attributed
from communique.ingest.acts.subjects import Subject
from communique.ingest.acts.verbs import Trigger
from communique.ingest.acts.words import Words

# Subjects that are persons; what behind a subject and a comma leads to words between it and its verb.
_SPEAKERS = frozenset({"pronoun", "person", "title", "surname"})
_DURING = frozenset({"at", "during", "in"})
_ASIDES = frozenset({"while", "when", "upon", "who", "in", "on", "for", "as", "after", "during", "meanwhile", "however", "likewise"})


def finite(w: Words, t: Trigger, done: list[Clause]) -> Clause | None:
    """The clause of a past form behind the clauses that are ``done``."""
    i = w.line.skip_left(t.first - 1)
    low = w.line.low(i)
    if low == "having" and i == 0:
        return opening(w, t)
    felt = w.line.low(t.first) in w.g.passives  # "was heartened by" is the subject's own act
    if not felt and w.line.low(t.last + 1) == "by" and w.line.low(t.last + 2) not in w.g.means and not t.verb.frame & {"noun"}:
        return done_by(w, t, i, done)
    if low in w.g.auxiliaries and i not in w.line.inside:
        i = w.line.skip_left(i - 1)
    elif low in w.g.passives and i not in w.line.inside:
        return passive(w, t, i, done)
    if i < 0 and t.first <= 1 and w.before and t.form == "past":
        # an item of a list: "- Underscored support for ..." goes on with the subject before
        return w.clause(t, w.everybody if t.verb.type == "Discuss" else w.before, "finite-item")
    if (told := attributed(w, t, i, done)) is not None:
        return told
    subject = w.line.subject_at(i)
    talks = subject is not None and subject.kind == "gathering"
    if ("gathering" in t.verb.frame and not talks) or ("speaker" in t.verb.frame and talks):
        return None
    if subject:
        return _with_subject(w, t, subject, done)
    if low in w.g.coordinators:
        return _coordinated(w, t, i, done)
    if low in ("who", "which") and i >= 2 and w.toks[i - 1].low == "," and (group := w.line.group(i - 2)):
        return w.clause(t, group.who, "finite-relative", start=i)
    return None


def _with_subject(w: Words, t: Trigger, s: Subject, done: list[Clause]) -> Clause | None:
    before = w.line.skip_left(s.first - 1)
    low = w.toks[before].low if before >= 0 else ""
    parent = holder(w, s.first, done)
    if low in ("where", "which") and before > 0 and w.g.elsewhere.search(w.view, 0, w.toks[before].start):
        return None  # "builds on their meeting in May, where the leaders discussed"
    if low in ("which", "whom") and t.verb.type == "Announce":
        return None  # "the initiative, which the two countries announced": it tells which is meant
    # "met today in Vienna, where they discussed"; other sentences may tell of another meeting
    here = s.kind in _SPEAKERS or (s.kind == "pair" and w.header)
    during = low == "which" and w.line.low(before - 1) in _DURING and w.line.low(before - 2) == ","  # "held talks, at which they reviewed"
    if (during or (low == "where" and w.line.low(before - 1) == ",")) and here and t.verb.type != "Announce":
        return w.clause(t, s.who, "finite-where", start=before)
    if low == "whom" and _before_whom(w, before) and here and t.verb.type != "Announce":
        # who is told by "whom" is not he: "A met with B, to whom he conveyed"
        first = w.line.opening_subject() if s.kind == "pronoun" else None
        who = first.who if first and first.last < before else s.who
        who = w.everybody if t.verb.type == "Discuss" and w.line.low(before - 1) == "with" else who
        return w.clause(t, who, "finite-whom", start=before - 1)
    if low in w.g.relatives:
        return None
    if hoped(t, s, parent, done):
        return w.clause(t, s.who, "embedded", start=s.first, parent=parent)
    if before >= 0 and not w.line.opens_clause(before):
        # "the statements Minister X made": a relative clause without pronoun; "In the meeting Minister X said" is none
        if low in ("which", "whom"):
            comma = before >= 1 and (w.toks[before - 1].low == "," or w.toks[before - 1].low in w.g.prepositions)
            return w.clause(t, s.who, "finite-which", start=before) if comma else None
        dated = parent is not None and s.kind == "party" and "that" in {w.line.low(k) for k in range(s.first - 5, s.first)}
        if (done or before in w.line.inside) and not dated:
            return None
        low = "that" if dated else low
    if low == "which" and not (before >= 1 and w.toks[before - 1].low in (",", "to", "for", "during", "in", "of")):
        return None
    if low == "that" and parent is None and before >= 1 and w.toks[before - 1].low not in (",", "and"):
        # "The spokesperson stated that the two ministers discussed ...": the writer's own voice
        return w.clause(t, s.who, "finite", start=s.first) if w.g.spokesman.match(w.view, 0, w.toks[before].end) else None
    # a state inside reported speech acts on its own; a named speaker after a comma or "and" goes on with the report
    if parent is not None and (low == "that" or (s.kind in ("party", "pronoun") and not _fresh(w, before, s))):
        return w.clause(t, s.who, "embedded", start=s.first, parent=parent)
    return w.clause(t, s.who, "finite", start=s.first)


def _before_whom(w: Words, i: int) -> bool:
    """Whether "whom" at ``i`` goes on with what was said to the other side: ``met with Minister B, to whom he conveyed``."""
    return w.header and w.line.low(i - 1) in ("with", "to", "before") and w.line.low(i - 2) == ","


def _fresh(w: Words, before: int, s: Subject) -> bool:
    """Whether a subject inside a report begins a new report: after a semicolon or ", and" with a person."""
    return (before >= 0 and w.toks[before].low in (";", "while")) or s.kind != "party"


def _coordinated(w: Words, t: Trigger, i: int, done: list[Clause]) -> Clause | None:
    low = w.toks[i].low
    after = w.toks[t.last + 1].low if t.last + 1 < len(w.toks) else ""
    matrix = next((c for c in reversed(done) if c.parent is None and c.trigger.form == "past" and c.who), None)
    if (after in ("by", "upon") and not t.verb.frame & {"noun"}) or w.attribute(t):
        return None
    if matrix is not None:
        return w.clause(t, matrix.who, "finite-coordinated", start=i)
    first = w.line.opening_subject()
    # "Secretary X, echoing others, emphasized": a participle between the subject and its verb
    if first and first.last < t.first and (low != "," or w.met is not None or done or _parted(w, first)):
        everybody = t.verb.type == "Discuss" and w.met is not None and w.met < t.first
        who = w.everybody if everybody else first.who
        return w.clause(t, who, "finite-lead" if w.met is not None else "finite-far", start=i)
    return None


def _parted(w: Words, s: Subject) -> bool:
    """Whether words between commas part a subject from its verb: ``Secretary X, echoing others,``, ``Minister X, while noting Y,``."""
    word = w.line.low(s.last + 2)
    return w.line.low(s.last + 1) == "," and (word.endswith("ing") or word in _ASIDES)
