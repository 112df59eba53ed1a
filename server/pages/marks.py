"""The text of a readout cut where marks begin and end, so that each piece knows what it belongs to."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that something was read from: ``kind`` is state, person, issue, act, event or quote."""

    kind: str
    start: int
    end: int
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with the marks around them, the widest first; the last one is where the words lead."""

    text: str
    marks: tuple[Mark, ...]


def pieces(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """``text[start:end]`` in pieces.  Offsets outside it are cut off; a mark of no width marks nothing.

    >>> marks = [Mark("person", 0, 3, "", ""), Mark("act", 4, 10, "", "")]
    >>> [(piece.text, [mark.kind for mark in piece.marks]) for piece in pieces("Ann met Bo", 0, 10, marks)]
    [('Ann', ['person']), (' ', []), ('met Bo', ['act'])]
    """
    inside = [m for m in marks if max(m.start, start) < min(m.end, end)]
    cuts = sorted({start, end, *(min(max(at, start), end) for m in inside for at in (m.start, m.end))})
    out = []
    for left, right in itertools.pairwise(cuts):
        over = sorted((m for m in inside if m.start < right and m.end > left), key=lambda m: (m.start - m.end, m.kind, m.href))
        once = {m.kind: m for m in over}
        out.append(Piece(text[left:right], tuple(once.values())))
    return out


@dataclass(frozen=True, slots=True)
class Strip:
    """A sentence whose words are not here: its length, its share of the longest beside it in percent, and what stands where in it."""

    length: int
    share: float
    marks: tuple[Mark, ...]


def strip(start: int, end: int, marks: Iterable[Mark], longest: int) -> Strip:
    """The sentence from ``start`` to ``end`` as a strip; its marks count from its beginning, and those of one kind and place are one."""
    inside = {
        (m.kind, m.start, m.end): Mark(m.kind, max(m.start, start) - start, min(m.end, end) - start, m.href, m.title)
        for m in marks
        if max(m.start, start) < min(m.end, end)
    }
    return Strip(end - start, round(100 * (end - start) / max(1, longest), 1), tuple(inside[key] for key in sorted(inside)))


def gaps(covered: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The stretches of a text of ``length`` that are not covered, in order."""
    out, at = [], 0
    for start, end in sorted(covered):
        if start > at:
            out.append((at, start))
        at = max(at, end)
    if at < length:
        out.append((at, length))
    return out
