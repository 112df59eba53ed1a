"""A sentence as the readers of clauses share it: its words, its mentions laid over them, and the lexicon of acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from communique.ingest.acts.scopes import Clause
from communique.ingest.acts.subjects import Line
from communique.ingest.acts.verbs import ActLexicon, Token, Trigger
from communique.ingest.grammar import Grammar


@dataclass(frozen=True, slots=True)
class Words:
    """``everybody``: all who take part; ``voice``: the side whose speech the sentence may go on with."""

    view: str
    toks: Sequence[Token]
    line: Line
    acts: ActLexicon
    g: Grammar
    everybody: tuple[str, ...]
    voice: frozenset[str]

    def clause(
        self, t: Trigger, who: tuple[str, ...], rule: str, start: int | None = None, parent: int | None = None, passive: bool = False
    ) -> Clause:
        """A clause that begins at token ``start``, or at its trigger; its content is not known yet."""
        left = self.toks[start].start if start is not None and start >= 0 else self.toks[t.first].start
        return Clause(t, left, len(self.view), (0, 0), who, rule, parent, passive=passive)

    def near(self, t: Trigger) -> str:
        """The words after a verb, persons cut out, as ``requires`` patterns read them."""
        start = self.toks[t.last].end
        text, at = "", start
        for m in self.line.mentions:
            if m.start >= at and m.kind in ("person", "title", "surname"):
                text, at = text + self.view[at : m.start] + "@", m.end
        # what the next verb is about is not about this one
        stop = next((self.toks[k.first].start for k in self.line.triggers if k.first > t.last and k.form == "past"), len(self.view))
        return (text + self.view[at : max(at, min(stop, at + 160))]).lstrip()

    def complete(self, t: Trigger) -> bool:
        """Whether what a verb needs after it is there."""
        return t.verb.requires is None or t.verb.requires.search(self.near(t)) is not None
