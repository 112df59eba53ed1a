"""Views: folded copies of a stretch of text whose every character knows where it stands in the original.

Rules read views (one space for any run of white space, straight quotes, no Markdown escapes; the em dash stays); results are
mapped back, so that offsets stay true to the stored text, which is never rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from communique.model import Span

_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "‑": "-"})
_DROPPED = re.compile(r"\\(?=[^\w\s])|\*\*|[\u200b\ufeff\u00ad]|(?<!\w)_(?=\w)|(?<=[\w.,])_(?!\w)")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class View:
    """A folded text and the position of each of its characters in the stored text."""

    text: str
    positions: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The span in the stored text of the view's ``[start, end)``, which must not be empty."""
        return Span(self.positions[start], self.positions[end - 1] + 1)


def view(text: str, span: Span) -> View:
    """A view of ``text[span]``: white space folded, quotes and dashes straightened, Markdown marks dropped."""
    raw = text[span.start : span.end]
    folded = raw.translate(_QUOTES)
    if not _DROPPED.search(folded) and _SPACE.sub(" ", folded) == folded:
        return View(folded, range(span.start, span.end))
    keep = bytearray(b"\x01") * len(folded)
    for m in _DROPPED.finditer(folded):
        keep[m.start() : m.end()] = bytes(m.end() - m.start())
    chars: list[str] = []
    positions: list[int] = []
    for i, char in enumerate(folded):
        if not keep[i]:
            continue
        if char.isspace():
            if chars and chars[-1] == " ":
                continue
            char = " "
        chars.append(char)
        positions.append(span.start + i)
    return View("".join(chars), positions)
