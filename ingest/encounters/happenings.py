"""Happenings told with a day or a month, whatever the words: ``the bill that was passed by parliament on 28 February``.

They complete the events that have names in ``grammar/references.toml``: a single day or month in what was said makes one event of
anything, unless it is only a limit (``by September``) or a beginning (``since March``); of what is held a year is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from communique.ingest.encounters.dates import DateHit, find_dates
from communique.ingest.grammar import table
from communique.ingest.people.parses import Parse

_TIMED = frozenset({"day", "full", "month", "bare-month", "interval"})
_CHUNK = re.compile(r"[^,;:\"()]*$")
_DETERMINER = re.compile(r"(?<![\w'-])(?:[Tt]he|an?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|(?:[A-Z][\w.-]*\s)*[A-Z][\w.-]*(?:'s|s'))\s")
_HELD = re.compile(r"\b(?:hold|held|holding|host|hosted|hosting|convened?|convening|take place|takes place)\b")
# What was done, or will be: the noun before it is what the day belongs to.
_DONE = re.compile(
    r"\b(?:that|which|who|where|will|to be)\s|\b(?:[a-z]{2,}ed|sent|went|struck|held|hold|told|sold|made|taken?|took|shown|given|shot|"
    r"shut|cut|put|broke|came|won|lost|left|led|met|meet|hit|fell|built|brought|drawn)\b"
)
_OWNED = re.compile(rf"(?:{_DETERMINER.pattern})$")
_NOUNS = re.compile(
    r"(?:\s(?!(?:and|or|that|which|who|where|in|on|at|with|by|to|as|for|of|from|when)\b)[a-z][\w-]+)+(?:\sof\s(?:the\s)?[\w-]+)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


class Happening(NamedTuple):
    """A happening at ``[start, end)`` of a view, of what kind, and when; its clause begins at ``clause``."""

    clause: int
    start: int
    end: int
    kind: str
    when: DateHit


@cache
def _words() -> tuple[tuple[str, ...], re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    data = table("references.toml")["happening"]
    months = [m[:3].lower() for m in table("clock.toml")["months"]]
    relative = [f"{word} {what}" for word in ("last", "next", "this") for what in ("month", "year")]
    kinds = tuple((kind, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for kind, words in data["kinds"].items())
    return (*months, *relative, "half of"), re.compile(rf"\b(?:{data['limits']})\s(?:the\s)?$", re.IGNORECASE), kinds


def happenings(p: Parse, day: date | None) -> Iterator[Happening]:
    """The happenings of a sentence, in its order; ``day`` is that of the publication."""
    dated, limits, kinds = _words()
    if not any(map(p.low.__contains__, dated)) and not _YEAR.search(p.text):
        return  # a cheap first look
    for when in find_dates(p.text, day):
        before = p.text[: when.start]
        chunk = _CHUNK.search(before)
        begin = chunk.start() if chunk else 0
        held = _HELD.search(before, begin) is not None
        timed = when.how in _TIMED or (when.how == "period" and len(when.iso) == len("2024-05"))
        if not held and (not timed or limits.search(before) or p.text.startswith("since", when.start)):
            continue
        named = [m.start() for m in _DETERMINER.finditer(before, begin)]
        done = max((m.start() for m in _DONE.finditer(before, begin) if named and m.start() > named[0]), default=None)
        if not named:
            continue
        start = named[0] if done is None else max(at for at in named if at < done)
        more = _NOUNS.match(p.text, when.end) if _OWNED.search(before) else None  # "the January incursions"
        end = more.end() if more else when.end
        words = p.text[start:end]
        yield Happening(
            begin, start, end, next((kind for kind, pattern in kinds if pattern.search(words)), "meeting" if held else "other"), when
        )
