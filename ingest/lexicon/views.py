"""Views: folded copies of a stretch of text whose every character knows where it stands in the original.

Rules read views (one space for any run of white space, straight quotes, no Markdown escapes; the em dash stays); results are
mapped back, so that offsets stay true to the stored text, which is never rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from communique.model import Span

_QUOTES = (("’", "'"), ("‘", "'"), ("ʼ", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("‑", "-"))
_DROPPED = (
    r"\\(?=[^\w\s])|\*\*|[\u200b\u200e\u200f\u2060\ufeff\u00ad]|(?<!\w)_(?=\w)|(?<=[\w.,])_(?!\w)"  # escapes, emphasis, unseen signs
    r"|\[(?=[^\[\]]*\]\(https?:)|\]\(https?:[^\s)]*\)|</?(?:sup|sub|em|strong|span|b|i|u)\b[^<>]*>"  # link and element marks
)
_DROP = re.compile(_DROPPED)
_MARKS = re.compile(r"[\\*_\]<\u200b\u200e\u200f\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s{2,}|[^\S ]")
_EDIT = re.compile(rf"\s*(?:(?:{_DROPPED})\s*)+|{_SPACES.pattern}")


class View(NamedTuple):
    """A folded text and the position of each of its characters in the stored text."""

    text: str
    positions: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The span in the stored text of the view's ``[start, end)``, which must not be empty."""
        return Span(self.positions[start], self.positions[end - 1] + 1)


def straighten(text: str) -> str:
    """The text with straight quotes and plain dashes, character by character."""
    if not text.isascii():
        for curly, plain in _QUOTES:
            text = text.replace(curly, plain)
    return text


def view(text: str, span: Span) -> View:
    """A view of ``text[span]``: white space folded, quotes and dashes straightened, Markdown marks dropped."""
    folded = straighten(text[span.start : span.end])
    if folded.isprintable() and "  " not in folded and not _MARKS.search(folded):
        return View(folded, range(span.start, span.end))  # the space is the only white space that is printable
    edits = _EDIT if _MARKS.search(folded) else _SPACES
    pieces: list[str] = []
    positions: list[int] = []
    last = 0
    for edit in edits.finditer(folded):
        pieces.append(folded[last : edit.start()])
        positions.extend(range(span.start + last, span.start + edit.start()))
        last = edit.end()
        if positions and last < len(folded) and ((words := edit[0]).isspace() or any(map(str.isspace, _DROP.sub("", words)))):
            pieces.append(" ")
            positions.append(span.start + (edit.start() if words[0].isspace() else last - 1))
    if not last:
        return View(folded, range(span.start, span.end))
    pieces.append(folded[last:])
    positions.extend(range(span.start + last, span.end))
    if not positions:
        return View(folded, range(span.start, span.end))  # nothing but marks: they are the words
    return View("".join(pieces), positions)
