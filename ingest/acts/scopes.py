"""Scopes: how far each clause reaches, and where one report is in truth two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from communique.ingest.acts.verbs import Token, Trigger
from communique.ingest.mentions.mention import Mention


@dataclass(frozen=True, slots=True)
class Clause:
    """An accepted trigger: subject (labels, as the text names them), where its content begins and ends (offsets in the view).

    ``rule`` tells how it was accepted; ``parent`` is the index of the clause whose content holds it;
    ``passive`` that its content stands before the verb.
    """

    trigger: Trigger
    start: int
    end: int
    content: tuple[int, int]
    who: tuple[str, ...]
    rule: str
    parent: int | None = None
    passive: bool = False


def stacked(clauses: list[Clause], toks: Sequence[Token]) -> list[Clause]:
    """``noted that she looked forward to X``: two verbs of one speaker are one act of the second type (decision 5)."""
    out: list[Clause] = []
    for c in clauses:
        if c.rule == "embedded" and c.parent is not None and out and out[-1] is clauses[c.parent]:
            holder = clauses[c.parent]
            between = toks[holder.trigger.end + 1 : c.trigger.first]
            # "disclosed that he raised X" tells of another act
            if set(c.who) == set(holder.who) and len(between) <= 4 and c.trigger.verb.type not in ("Discuss", "Inform"):
                out[-1] = replace(holder, trigger=replace(c.trigger, first=holder.trigger.first), rule=f"stacked-{holder.rule}")
                continue
        out.append(c)
    # parents are indexes into the list as it now stands
    index = {id(c): k for k, c in enumerate(out)}
    return [replace(c, parent=index.get(id(clauses[c.parent]))) if c.parent is not None else c for c in out]


def scoped(clauses: list[Clause], view: str, toks: Sequence[Token]) -> list[Clause]:
    """Each clause with its content: from its trigger to where the next clause of its level begins."""
    out = []
    for k, c in enumerate(clauses):
        begin = toks[c.trigger.end].end
        stop = next(
            (
                n.start
                for n in clauses[k + 1 :]
                if n.start > begin and (n.parent is None or (n.parent == c.parent and c.parent is not None))
            ),
            len(view),
        )
        if c.passive:
            begin = c.start if c.rule == "passive" else 0
            if when := _WHEN.match(view, begin, toks[c.trigger.first].start):
                begin = when.end()
        if c.rule == "finite-inverted":
            stop = toks[c.trigger.first].start
        elif c.rule == "finite-quoted":
            closed = max(view.rfind(quote, 0, toks[c.trigger.first].start) for quote in _CLOSING)
            stop = closed if closed > 0 else view.rfind(",", 0, toks[c.trigger.first].start)
        elif spoken := _SPOKEN.match(view, begin, stop):
            stop = spoken.end() - 1
        text = _ended(view[begin:stop])
        head = len(text) - len(text.lstrip(" ,:"))
        content = (begin + head, begin + len(text))
        if content[1] <= content[0]:
            # "... every gap that we leave," the Minister stressed: a speech that began in a sentence before ends here
            closed = 0 if k else max(view.rfind(quote, 0, toks[c.trigger.first].start) for quote in _CLOSING)
            content = (0, closed) if closed > 0 else (begin, begin)
        out.append(Clause(c.trigger, c.start, stop, content, c.who, c.rule, c.parent, c.passive))
    return out


# How words in quotation marks end before who said them.
_CLOSING = (',"', ",'", '."', '!"', '?"', '",', "',")
# "During the talks, cooperation was discussed": when it was said is no matter of it, but "in the talks on trade" names one.
_WHEN = re.compile(
    r"(?:at|during|in|on|after|following|throughout)\b(?:(?! (?:on(?! \d)|about|regarding) )[^,:;]){0,60}?"
    r"\b(?:meetings?|talks|calls?|conversations?|receptions?|visits?|sessions?|consultations|discussions|encounters?|audience|dialogue|day)\b"
    r"(?:(?! (?:on(?! \d)|about|regarding) )[^,:;]){0,60}, ",
    re.IGNORECASE,
)
# The rest of a speech in quotation marks, behind a verb in it: ``"We agreed to cooperate," she said``.
_SPOKEN = re.compile(r"[^\"]*(?<=[,.!?])\"(?=\s)")
_MARKS = " \t\n\u00a0,;.:\"'"
_LINKS = ("and", "but", "while", "whilst", "as well as", "then", "also")
_TRAILING = re.compile(r"(?<=[\s,;])(and|but|while|whilst|as well as|then|also)$")


def _ended(text: str) -> str:
    """A content without the marks and linking words that only lead on to what follows it."""
    text = text.rstrip(_MARKS)
    while text.endswith(_LINKS) and (m := _TRAILING.search(text, max(0, len(text) - 12))):
        text = text[: m.start(1)].rstrip(_MARKS)
    return text


_SPLIT = re.compile(r",? and (?=that\b)|; (?:and )?(?=that\b)|, (?=that\b)")


def split_reports(view: str, start: int, end: int, mentions: Sequence[Mention], finite: frozenset[str]) -> list[tuple[int, int]]:
    """``that A, and that B`` is two reports, as is ``that A, and Japan will B``: the spans of each (decision 3 of the guidelines)."""
    if not view.startswith("that ", start):
        return [(start, end)]
    cuts = [(m.start(), m.end()) for m in _SPLIT.finditer(view, start, end)]
    for m in mentions:
        if m.kind == "party" and not m.possessive and start < m.start < end and view[: m.start].endswith((", and ", "; ")):
            word = view[m.end :].split(maxsplit=1)[:1]
            if word and word[0].lower() in finite:
                cuts.append((m.start - (6 if view[: m.start].endswith(", and ") else 2), m.start))
    cuts.sort()
    edges = [start, *(b for _, b in cuts)]
    stops = [*(a for a, _ in cuts), end]
    return [(a, b) for a, b in zip(edges, stops, strict=True) if b > a]
