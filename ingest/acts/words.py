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
    """``everybody``: all who take part; ``before``: who acted last; ``voice``: the side whose speech the sentence may go on with, in the
    words of its own report; ``header``: whether it tells of the encounter; ``met``: the token of the verb of meeting, if there is one."""

    view: str
    toks: Sequence[Token]
    line: Line
    acts: ActLexicon
    g: Grammar
    everybody: tuple[str, ...]
    before: tuple[str, ...]
    voice: frozenset[str]
    header: bool
    met: int | None

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

    def attribute(self, t: Trigger) -> bool:
        """Whether a form is an adjective: "and shared efforts", against "and shared their views" or "and shared perspectives on"."""
        if "attribute" not in t.verb.frame:
            return False
        nouns = self.acts.nouns(t.verb, self.toks, t.last + 1, self.g.noun_stops, reach=2)
        after = self.line.low(t.last + 1)
        if self.line.low(t.first - 1) == "and" and any(k.last == t.first - 3 and k.form == "base" for k in self.line.triggers):
            return True  # "to discuss acute and shared concerns"
        return not (nouns or after in self.g.determiners or after in self.g.possessives or after in self.g.prepositions)
