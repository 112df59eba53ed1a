"""A clause that tells of an encounter, as it is handed from whoever finds it to whoever makes the encounter of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from communique.ingest.people.parses import Parse, Who, grammar

# What points at something told before: "The two-hour meeting was chaired by", "took part in the talks".
_THE = re.compile(r"(?:^|[,;] |\b(?:in|at) )(?:[Tt]he|[Tt]his|[Tt]hese) (?:[a-z-]+ )?$")
AT_IT = re.compile(
    r"(?:took part in|participated in|attended|joined|presided over|(?:co-)?(?:chaired|hosted|led|headed|opened)) (?:the|this|these) [a-z]+"
)
# Ends the rule of an encounter that a guest had after he was received.
GUEST = ".guest"


@dataclass(frozen=True, slots=True)
class Telling:
    """A clause that tells of an encounter: trigger words, both groups, and the view's range that may hold its time and place."""

    parse: Parse
    start: int
    end: int
    type: str
    subjects: tuple[Who, ...]
    objects: tuple[Who, ...]
    separate: bool
    scope: tuple[tuple[int, int], ...]
    rule: str

    @property
    def points_back(self) -> bool:
        """Whether it says only who was at an encounter told before: ``The talks were led by A and B``, ``A took part in the meeting``."""
        text = self.parse.text
        if self.rule == "encounter.passive":
            return _THE.search(text, 0, self.start) is not None
        return (
            self.rule in ("encounter.light", "encounter.light.open")
            and not self.objects
            and AT_IT.fullmatch(text, self.start, self.end) is not None
        )

    @property
    def closes(self) -> int:
        """Where its words end, those with whom it was included."""
        return max([self.end, self.scope[-1][1], *(w.end for w in self.objects)])

    @property
    def one_side(self) -> bool:
        """Whether those it was with are said but not named."""
        with_whom = re.match(r"[\s\w,]{0,40}\b(?:(?<!connection )(?<!accordance )(?<!line )with|to)\b", self.parse.text[self.end :])
        return not self.objects and (with_whom is not None or self.rule in ("encounter.host", "encounter.travelled"))


def boundary_of(p: Parse, at: int) -> int:
    """Where the account of what was said begins, at the latest the sentence's end."""
    for m in grammar().patterns["content"].finditer(p.text, at):
        inside = next((q for q in p.persons if q.start < m.start() < q.end), None)
        if inside is None:
            return m.start()
    return len(p.text)
