"""Encounters told in a row: ``met with A and was received by B``, ``met with A in P on Monday and with B in Q on Tuesday``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from communique.ingest.encounters.telling import Telling
from communique.ingest.people.parses import Parse, grammar

# When or where the next was, told before it.
_WHEN = (
    r"(?:\s(?:also|then|later|subsequently|afterwards|separately|finally|today|yesterday|in turn|this \w+|the (?:next|following) day"
    r"|(?:on|in|at|after) (?:the )?[\w.' -]{2,40}?),?)*"
)
_COUNTERPART = re.compile(r"\b(?:counterpart|colleague|homologue)\b")
_AND = re.compile(rf"(?P<and>,?\s(?:and|then|before)\b){_WHEN}\s$")
# What a guest did after he was received.
THEN_MET = re.compile(r",? who (?:then|later|subsequently|afterwards|thereafter|next|also)\b(?: also)?(?= )")
_WITH = re.compile(rf"(?P<first>[^;]*?)(?P<and>,? and){_WHEN}\swith\s(?:the\s|his\s|her\s|their\s|its\s)?")


def clause_end(p: Parse, at: int, boundary: int) -> int:
    """Where the next encounter of the same subject begins, if one is told behind whom the first was with; else ``boundary``."""
    for m in grammar().trigger.finditer(p.text, at, boundary):
        told = any(at <= q.start and q.end <= m.start() for q in p.persons) or _COUNTERPART.search(p.text, at, m.start()) is not None
        joint = _AND.search(p.text, at, m.start())
        if told and (then := THEN_MET.search(p.text, at, m.start())) and then.end() == m.start() - 1:
            return then.start()
        if told and joint and not any(joint.start() <= q.start < m.start() for q in p.persons):
            return joint.start()
    return boundary


def follows(before: Telling, at: int) -> bool:
    """Whether the trigger at ``at`` tells the next encounter of the same subject."""
    p, start = before.parse, before.closes
    joint = _AND.match(p.text, start, at)
    return joint is not None and not any(start <= q.start < at for q in p.persons)


def each_apart(telling: Telling) -> Iterator[Telling]:
    """The encounters of a clause that says of each with whom it was, and where or when: the verb and its subject serve them all."""
    p, objects = telling.parse, telling.objects
    at, first = telling.end, 0
    for n, (one, other) in enumerate(pairwise(objects), 1):
        m = _WITH.fullmatch(p.text, one.end, other.start)
        if m is None or p.text[m.start() : m.end()].strip(" ,").startswith("and with"):
            continue  # "met with A and with B" leaves open whether they came together
        yield _part(telling, first, n, at, m.end("first"))
        at, first = m.end("and"), n
    yield _part(telling, first, len(objects), at, len(p.text)) if first else telling


def _part(telling: Telling, first: int, last: int, start: int, end: int) -> Telling:
    """One of them: its objects, and what its own words say of place and time."""
    scope = tuple((max(a, start), min(b, end)) for a, b in telling.scope if max(a, start) < min(b, end))
    return replace(telling, objects=telling.objects[first:last], scope=scope or ((start, end),), separate=False)
