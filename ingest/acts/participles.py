"""Participles that report: behind a comma (``, noting A``), before the subject (``Recognizing A, Minister B``), with one of their own."""

from __future__ import annotations

from communique.ingest.acts.scopes import Clause
from communique.ingest.acts.verbs import Trigger
from communique.ingest.acts.words import Words


def participle(w: Words, t: Trigger, done: list[Clause]) -> Clause | None:
    """The clause of a gerund behind the clauses that are ``done``."""
    i = w.line.skip_left(t.first - 1)
    low = w.toks[i].low if i >= 0 else ""
    if i < 0 and w.before and w.line.opening_subject() is None:
        return w.clause(t, w.before, "participle-item")  # "Looking forward to ...": an item of a list, a line of a post
    if i < 0 or (i == 0 and low == "while") or (low == "to" and w.line.low(i - 1) == "addition"):
        return opening(w, t)
    if (group := w.line.group(i)) and group.first >= 1 and w.toks[group.first - 1].low == "with":
        return w.clause(t, group.who, "participle-with", start=group.first)
    if (
        (group := w.line.group(i - 1) if low == "," else None)
        and not (done and w.line.mentions[w.line.at[group.last]].kind == "party")
        and not any(c.trigger.first > group.first for c in done)
        and w.line.opens_clause(w.line.skip_left(group.first - 1))
    ):
        return w.clause(t, group.who, "participle-apposition", start=i)
    if low in ("by", "in") and any(k.low in w.g.openers for k in w.toks[max(0, i - 8) : i]):
        subject = w.line.opening_subject()
        return w.clause(t, subject.who, "participle-by", start=i) if subject else None
    matrix = next((c for c in reversed(done) if c.parent is None), None)
    if (
        low in (",", "while")
        or (low in w.g.quotes and w.line.low(i - 1) == ",")
        or (low == "and" and matrix and matrix.trigger.form == "gerund")
    ):
        if matrix:
            return w.clause(t, matrix.who, "participle", start=i)
        subject = w.line.opening_subject()
        if subject and subject.last < t.first:
            return w.clause(t, subject.who, "participle-lead", start=i)
    return None


def opening(w: Words, t: Trigger) -> Clause | None:
    """The first whole group behind a participle: ``Recognizing A, X and Y underscored``, ``While noting A, X``, ``Having discussed A``."""
    behind = (w.line.group(last) for last in sorted(w.line.at) if last > t.last)
    groups = [g for g in behind if g and w.line.low(g.first - 1) == ","]
    subject = max((g for g in groups if g.first == groups[0].first), key=lambda g: g.last, default=None)
    return w.clause(t, subject.who, "participle-opening") if subject else None
