"""The sheet that lies before an opinion: the sentences of a document as they are numbered, and where words stand in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from communique.ingest.acts.coverage import FRAME
from communique.ingest.lexicon.views import View, straighten, view
from communique.model import BlockKind, Document, Extraction, Span

# Blocks that are no part of what is told; a title or heading may name people.
_LEFT_OUT = frozenset({BlockKind.NAV, BlockKind.BOILERPLATE, BlockKind.CAPTION, BlockKind.DATELINE})


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered sentence; ``tells`` is false for titles and headings, which hold no acts."""

    span: Span
    view: View
    tells: bool

    def find(self, quote: str) -> Iterator[Span]:
        """Every place where ``quote`` stands in the sentence at the borders of words; white space and the form of quotation marks aside."""
        words, text = " ".join(straighten(quote).split()), self.view.text
        at = text.find(words) if words else -1
        while at >= 0:
            end = at + len(words)
            if not (_inside_word(text, at) or _inside_word(text, end)):
                yield self.view.span(at, end)
            at = text.find(words, at + 1)


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


@dataclass(frozen=True)
class Sheet:
    """A document as an opinion sees it: nothing of what the rules read, so that the opinion is its own."""

    document: Document
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, extraction: Extraction) -> Sheet:
        """The sheet of an extraction: its sentences but for navigation, datelines, captions and set phrases."""
        blocks = sorted(extraction.blocks, key=lambda b: b.span)
        starts = [b.span.start for b in blocks]
        lines = []
        for covered in extraction.coverage:
            at = bisect_right(starts, covered.span.start) - 1
            kind = blocks[at].kind if at >= 0 else BlockKind.PARA
            if kind not in _LEFT_OUT:
                lines.append(Line(covered.span, view(extraction.document.text, covered.span), kind not in FRAME))
        return cls(extraction.document, tuple(lines))

    def line(self, number: int) -> Line | None:
        """A sentence by its number, which counts from 1."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else None

    @cached_property
    def text(self) -> str:
        """The sheet in words: what is known of the publication, and the sentences with their numbers."""
        d = self.document
        known = (("Publisher", d.publisher), ("Title", d.title), ("Published", d.published or d.date))
        head = [f"{name}: {' '.join(value.split())}" for name, value in known if value]
        return "\n".join((*head, "", *(f"[{n}] {line.view.text}" for n, line in enumerate(self.lines, 1))))
