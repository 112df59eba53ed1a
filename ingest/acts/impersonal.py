"""Acts told without who did them: passives (``views were exchanged``), events (``an exchange took place``) and topics of the talks."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from communique.ingest.acts.scopes import Clause
from communique.ingest.acts.verbs import Trigger
from communique.ingest.acts.words import Words

# What a passive may report of all sides together; others are told of somebody ("X was thanked").
_COMMON = frozenset({"Discuss", "Agree", "ShareView", "Reaffirm", "Emphasize", "State"})
# The same without "it": "the importance of trade was stressed", where the subject itself is what was said.
_SAID = frozenset({"Discuss", "Agree", "ShareView", "Emphasize"})
# What the other side does with an offer or a pledge that a clause tells of.
_ANSWERS = frozenset({"Agree", "Thank", "Welcome", "Support", "Commend"})
_TALKS = re.compile(r"\s(?:(?:was|were) )?(?:[\w-]+,? ){0,4}?(?:talks|meetings?|consultations|conversations?) with\b")
# What leads to the matter of talks.
_ABOUT = frozenset({"on", "about", "regarding", "concerning", "over", "for"})
_WEIGHT = re.compile(r"^(?:[^,]{0,40}, )?(?:the )?(?:[\w-]+ )?(?:importance|need|necessity|significance|relevance)\b", re.IGNORECASE)
# "Growth was noted with satisfaction at the meeting": all who met noted it.
_AT_IT = re.compile(r"\b(?:at|in|during) (?:the|their|this) (?:[\w-]+ )?(?:meeting|talks|conversation|call|consultations|audience)\b")
_TOLD = frozenset({"Inform", "Thank", "Urge", "Request"})


def impersonal(w: Words, t: Trigger, done: list[Clause]) -> Clause | None:
    """``An exchange of views took place on X``, ``X was the main topic``: the subject is what was done or discussed, and all act."""
    if done:
        return None
    if "topic" in t.verb.frame:
        return w.clause(t, w.everybody, "passive-topic", start=0, passive=True)
    if "topic-of" in t.verb.frame:
        if _TALKS.match(w.view, w.toks[t.last].end):
            return None
        return w.clause(t, w.everybody, "impersonal", start=0)
    if t.verb.requires is None or not w.complete(t):
        return None
    begin = max(0, t.first - 6) if t.verb.id == "take-place" else t.last + 1
    nouns = w.acts.nouns(t.verb, w.toks, begin, frozenset(), reach=6)
    if not nouns:
        return None
    return w.clause(replace(t, noun=nouns[-1][0]), w.everybody, "impersonal", start=0)


def topic(w: Words) -> Clause | None:
    """``Other topics included X``, ``Also on the agenda was X``, ``At the centre of the talks were X``: what was discussed follows."""
    m = w.g.told_topic.match(w.view)
    if m is None or _TALKS.match(w.view, m.end()):
        return None  # "On the agenda were talks with A": whom they met
    starts = [t.start for t in w.toks]
    first, last = bisect_left(starts, m.start("noun" if m["noun"] else "fronted")), bisect_left(starts, m.end()) - 1
    if w.line.inside & set(range(last + 1)):
        return None
    verb = w.acts.verb("be-the-topic")
    return w.clause(Trigger(verb, "past", first, last), w.everybody, "topic", start=0)


def held_for(w: Words) -> Clause | None:
    """``hosted Minister B for discussions on X``: what they met for is what was discussed."""
    if (met := w.met) is None:
        return None
    for i in range(met + 2, len(w.toks) - 2):
        if w.line.low(i) not in w.g.talks or i in w.line.inside:
            continue
        first = next((k for k in range(i - 1, max(met, i - 4), -1) if w.line.low(k) == "for"), None)
        last = i + (w.line.low(i + 1) in ("focused", "centered"))
        if first is not None and w.line.low(last + 1) in ("on", "about", "regarding", "concerning"):
            return w.clause(Trigger(w.acts.verb("discuss"), "past", i, last + 1), w.everybody, "purpose-noun", start=first)
    return None


def done_by(w: Words, t: Trigger, i: int, done: list[Clause]) -> Clause | None:
    """``The release of the fishermen was raised by the Indian side``: who did it follows; ``i`` is the token of "was"."""
    if done or w.line.low(i) not in w.g.passives or t.verb.type == "State":
        return None
    group = next((g for a, b in w.line.spans if a in (t.last + 2, t.last + 3) and (g := w.line.group(b))), None)
    return w.clause(t, group.who, "passive-by", start=0, passive=True) if group and group.who and w.complete(t) else None


def passive(w: Words, t: Trigger, i: int, done: list[Clause]) -> Clause | None:
    """``views were exchanged on X``, ``it was agreed that ...``, ``X was briefed on Y``; ``i`` is the token of "was".

    Everybody acts, but where somebody is told of: then the others do.
    """
    line = w.line
    if done and line.low(i - 1) == "which":
        return _answered(w, t, i, done[-1])
    if any(not c.passive for c in done):
        return None
    if line.low(i) == "been":
        i -= 1
    before = line.low(i - 1)
    told = line.group(i - 1)
    left = line.skip_left(told.first - 1) if told else -1
    if told and (not line.opens_clause(left) or line.low(left) == "and"):
        told = None  # "cooperation with the G20 was considered"
    if told and told.who and "person" in t.verb.frame and t.verb.type in _TOLD:
        return w.clause(t, told.who, "received", start=told.first)
    start = next((k + 1 for k in range(i - 1, 0, -1) if w.toks[k].start < (done[-1].start if done else 0) or _joins(w, k, done)), 0)
    if t.verb.frame & {"noun", "light"}:
        # "Views were exchanged on ...", "Gratitude was expressed for": the noun stands before the verb
        nouns = w.acts.nouns(t.verb, w.toks[:i], max(start, i - 3), w.g.noun_stops) or w.acts.nouns(
            t.verb, w.toks[:i], _clause_begin(w, start, i), w.g.noun_stops, reach=5
        )
        if nouns and not told:
            behind = w.toks[nouns[-1][0] + 1 : i]
            if t.verb.requires is not None and not w.complete(t) and not any(tok.low in _ABOUT for tok in behind):
                return None  # "the third round of consultations was held in Tallinn"
            return w.clause(replace(t, type=nouns[-1][1]), w.everybody, "passive", start=start, passive=True)
        if "noun" in t.verb.frame:
            return None
    signed = t.verb.id == "sign" and before not in ("it", "who", "which", "that")
    if not signed and t.verb.type not in _COMMON:
        return None
    if before in ("who", "which", "that") or told:
        return None
    common = t.verb.type in _SAID or (t.verb.type == "State" and _AT_IT.search(w.view, w.toks[i].start))
    if before != "it" and not signed and not common:
        weighed = _WEIGHT.search(w.view, w.toks[start].start, w.toks[i].start)
        return w.clause(replace(t, type="Emphasize"), w.everybody, "passive", start=start, passive=True) if weighed else None
    # "it was agreed to meet": what was agreed follows
    return w.clause(t, w.everybody, "passive", start=start, passive=before != "it")


def _answered(w: Words, t: Trigger, i: int, before: Clause) -> Clause | None:
    """``A extended an invitation to B to visit X, which was accepted``: of two who met the other answers, and nothing more is said."""
    others = tuple(x for x in w.everybody if x not in before.who)
    ends = w.line.low(t.last + 1) in ("", ".", ";", ",", "and") and w.line.low(i - 2) == ","
    if (
        t.verb.type not in _ANSWERS
        or t.verb.frame & {"noun", "light"}
        or not ends
        or len(w.everybody) != 2
        or len(before.who) != len(others)
    ):
        return None
    return w.clause(t, others, "passive-answer", start=i - 1)


def _joins(w: Words, k: int, done: list[Clause]) -> bool:
    """Whether a second passive begins after token ``k``: ``trade was reviewed and views were exchanged``."""
    return bool(done) and w.toks[k].low == "and" and k > done[-1].trigger.last


def _clause_begin(w: Words, start: int, i: int) -> int:
    """Where the subject of a clause begins: behind a comma (``During the talks, gratitude was expressed``)."""
    return next((k + 1 for k in range(i - 1, start, -1) if w.toks[k].low == ","), start)
