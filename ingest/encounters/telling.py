"""A clause that tells of an encounter, as it is handed from whoever finds it to whoever makes the encounter of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from communique.ingest.people.parses import Parse, Who

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
    def closes(self) -> int:
        """Where its words end, those with whom it was included."""
        return max([self.end, self.scope[-1][1], *(w.end for w in self.objects)])

    @property
    def one_side(self) -> bool:
        """Whether those it was with are said but not named."""
        with_whom = re.match(r"[\s\w,]{0,40}\b(?:(?<!connection )(?<!accordance )(?<!line )with|to)\b", self.parse.text[self.end :])
        return not self.objects and (with_whom is not None or self.rule in ("encounter.host", "encounter.travelled"))
