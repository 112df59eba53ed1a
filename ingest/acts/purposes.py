"""Infinitives that tell what an encounter was for: ``met to discuss A and to review B``."""

from __future__ import annotations

from communique.ingest.acts.scopes import Clause
from communique.ingest.acts.verbs import Trigger
from communique.ingest.acts.words import Words


def purpose(w: Words, t: Trigger, done: list[Clause]) -> Clause | None:
    """The clause of an infinitive behind the clauses that are ``done``."""
    i = w.line.skip_left(t.first - 1)
    low = w.toks[i].low if i >= 0 else ""
    matrix = next((c for c in reversed(done) if c.parent is None), None)
    after = w.toks[t.last + 1].low if t.last + 1 < len(w.toks) else ""
    if (
        low in w.g.coordinators
        and matrix
        and matrix.trigger.form == "base"
        and (after not in ("for", "of") or "noun" in t.verb.frame)
        and not (low == "," and after == "to")  # "to discuss trade, support to Ukraine and ..."
    ):
        return _purposed(w, t, "purpose-coordinated", i)
    if low == "to" and matrix and matrix.trigger.form == "base" and w.toks[i - 1].low in w.g.coordinators:
        return _purposed(w, t, "purpose-coordinated", i - 1)
    if low == "to" and (_earlier(w, i) or _offered(w, i)):
        return None
    if low != "to" or (matrix and matrix.trigger.form == "base") or w.met is None or w.met >= t.first:
        return None
    if matrix and matrix.trigger.form != "base" and not _opportunity(w, matrix, t):
        return None
    return _purposed(w, t, "purpose", i)


def _earlier(w: Words, i: int) -> bool:
    """Whether another infinitive stands between the encounter's verb and the ``to`` at ``i``: then this one belongs to its object."""
    begin = w.met if w.met is not None else i
    infinitives = [
        k for k in range(begin, i) if w.line.low(k) == "to" and k not in w.line.inside and k + 1 not in w.line.inside
        and w.line.low(k + 1).isalpha() and w.view[w.toks[k + 1].start].islower()
        and w.line.low(k + 1) not in w.g.determiners
    ]  # fmt: skip
    return bool(infinitives) and w.line.low(i - 1) not in w.g.coordinators and "opportunity" not in {w.line.low(i - 1), w.line.low(i - 2)}


def _offered(w: Words, i: int) -> bool:
    """Whether the ``to`` at ``i`` is what a course of action is for: ``the need for action to address``, ``provided aid to address``;
    ``The call provided a chance to address`` is none."""
    verb = w.met
    if w.line.low(i - 1) in w.g.courses:
        return True
    if verb is None or w.line.low(verb) not in w.g.offering:
        return False
    return not any(w.line.low(k) in w.g.gatherings or w.line.low(k) in ("opportunity", "occasion") for k in range(i))


def _opportunity(w: Words, matrix: Clause, t: Trigger) -> bool:
    """``... and took the opportunity to thank``: a purpose after another act; ``welcomed the opportunity to`` is none."""
    between = {k.low for k in w.toks[matrix.trigger.end + 1 : t.first]}
    return bool(between & {"opportunity", "occasion"}) and bool(between & w.g.taking)


def _purposed(w: Words, t: Trigger, rule: str, start: int) -> Clause | None:
    subject = w.line.opening_subject()
    talk = t.verb.type == "Discuss"
    # "The meeting allowed both sides to reaffirm": nobody stands before the verb
    who = w.everybody if talk or (subject is None and w.line.low(0) in w.g.determiners) else subject.who if subject else ()
    return w.clause(t, who, rule, start=start)
