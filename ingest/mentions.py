"""Finds who is meant where: every mention of a person, a side or a state in a sentence, resolved to participants' labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.ingest.lexicon import Lexicon

if TYPE_CHECKING:
    from communique.ingest.header import Header
    from communique.ingest.segment import Sentence
    from communique.ingest.sources import Source


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention at ``[start, end)`` of a sentence's view, and who it means.

    ``kind``: ``person`` (titled or full name), ``surname`` (bare), ``title`` (``the Secretary``, ``the Foreign Minister``), ``pair``
    (``the two ministers``, ``they``, ``both sides``: more than one), ``counterpart`` (``her counterparts``: all but the publisher's own side),
    ``pronoun`` (``he``, ``she``), ``party`` (a state or organisation by name, by capital, or ``the Belgian side``).
    ``who`` holds ``Participant.label`` values, or one party code for ``party``; it is empty for a person who is no participant, or who is not resolved.
    ``party`` is the mention's party code where one is known (also for persons that are no participants).
    ``possessive``: the words are followed by ``'s``, or are a possessive pronoun (``his``, ``their``): never a subject.
    """

    start: int
    end: int
    kind: str
    who: tuple[str, ...]
    rule: str
    party: str | None = None
    possessive: bool = False
    feminine: bool | None = None


def find_mentions(sentences: Sequence[Sentence], header: Header, source: Source, lexicon: Lexicon) -> tuple[tuple[Mention, ...], ...]:
    """The mentions of each sentence (same order and length as ``sentences``), sorted by place and never overlapping.

    Pronouns are resolved across the sentences: ``he`` is the last single subject; so the whole text is read at once.
    """
    return tuple(() for _ in sentences)
