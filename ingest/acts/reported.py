"""What somebody says that a party does: ``noted that Japan hopes``."""

from __future__ import annotations

from communique.ingest.acts.scopes import Clause
from communique.ingest.acts.subjects import Subject
from communique.ingest.acts.verbs import Trigger
from communique.ingest.acts.words import Words


def holder(w: Words, i: int, done: list[Clause]) -> int | None:
    """The last accepted clause whose reported clause ("that ...") may hold token ``i``."""
    for k in range(len(done) - 1, -1, -1):
        c = done[k]
        if c.parent is None and c.trigger.end < i:
            # "noted that Japan ...", "told Minister X that Japan ...", "noted Japan ..."; a later "that" opens a relative clause
            nxt = w.line.past_listener(c.trigger.end + 1)
            return k if w.line.low(nxt) == "that" or nxt >= i - 1 or _told(w, nxt) else None
    return None


def _told(w: Words, i: int) -> bool:
    """Whether a person stands at ``i`` and "that" after it."""
    return any(a in (i, i + 1) and w.line.low(b + 1) == "that" for a, b in w.line.spans)


def hoped(t: Trigger, subject: Subject, parent: int | None, done: list[Clause]) -> bool:
    """``said he looked forward``, ``underscored that he looks forward``: a hope is had by saying it, whatever the verb before it."""
    if parent is None or t.verb.type != "Hope" or subject.kind != "pronoun":
        return False
    said = done[parent]
    return set(subject.who) == set(said.who) and t.first - said.trigger.end <= len(("that", "he", "also")) + 1
