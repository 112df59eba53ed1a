"""Coverage: the account of every sentence, read or not, and what in it stayed open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from communique.ingest.segment import Sentence
from communique.ingest.sources import Source
from communique.model import BlockKind, Covered, Diagnostic, Reading

# Blocks that hold no statement: they frame the page.
FRAME = frozenset({BlockKind.NAV, BlockKind.DATELINE, BlockKind.TITLE, BlockKind.CAPTION, BlockKind.BOILERPLATE, BlockKind.HEADING})


def account(sentences: Sequence[Sentence], source: Source, acts: frozenset[int], header: frozenset[int]) -> Iterator[Covered]:
    """How each sentence ended: as acts, as part of the encounter, as boilerplate, or unread."""
    for s in sentences:
        if s.index in acts:
            state = Reading.ACT
        elif s.index in header:
            state = Reading.ENCOUNTER
        elif s.block.kind in FRAME or source.is_phrase(s.view.text):
            state = Reading.BOILERPLATE
        else:
            state = Reading.UNREAD
        yield Covered(s.span, state)


def unread(coverage: Sequence[Covered], text: str) -> Iterator[Diagnostic]:
    """A diagnostic for each unread sentence, with its opening words."""
    for c in coverage:
        if c.state is Reading.UNREAD:
            words = " ".join(c.span.of(text).split())
            yield Diagnostic("unread", c.span, f"no rule reads this sentence: {words[:80]}")
