"""Who tells of himself: ``I met with ...``, ``Good call with ...``; the author of an account in the first person."""

from __future__ import annotations

import re

from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.people.line import Line
from communique.ingest.people.parses import Parse, Who, grammar
from communique.ingest.people.persons import find_persons

RULE = "person.author"


def author_before(p: Parse, begin: int, end: int) -> Who | None:
    """The author as subject of the verb at ``end``: ``Today I also met with``."""
    m = grammar().patterns["author"].search(p.text, begin, end)
    return author_at(m.start("who"), m.end("who")) if m else None


def author_at(start: int, end: int) -> Who:
    """The author, whatever words stand for him."""
    return Who(start, end, None, (), None, None, False, RULE)


def named_author(publisher: str | None, lexicon: Lexicon) -> Who | None:
    """The author whom the publisher's own name tells: ``Minister of Foreign Affairs of Estonia (post)``, ``Foreign Minister Name Name``."""
    text = " ".join(re.sub(r"[’‘]", "'", re.sub(r" \([^()]*\)", "", publisher or "")).split())
    line = Line(text, lexicon)
    return next(
        (
            Who(q.start, q.end, q.name_in(text), tuple(o.text for o in q.offices), q.party, q.feminine, False, RULE)
            for q in find_persons(line)
            if q.offices and not q.plural
        ),
        None,
    )
