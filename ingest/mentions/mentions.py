"""Finds who is meant where: every mention of a person, a side or a state in a sentence, resolved to participants' labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from communique.ingest.encounters.header import Header
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.mentions.cast import Cast
from communique.ingest.mentions.mention import Mention, words
from communique.ingest.mentions.names import groups, parties, persons, surnames
from communique.ingest.mentions.pronouns import LATTER, author, is_subject, pronouns, resolve, speaker
from communique.ingest.mentions.scenes import Told, scenes
from communique.ingest.pages.segment import Sentence
from communique.ingest.people.parses import Parse, parse
from communique.ingest.sources import Source
from communique.model import BlockKind

_AND = frozenset({" and ", ", and ", " and the ", ", and the "})
# "...," said Minister X
_QUOTED_BY = re.compile(r"[\"'],? [a-z]+ $")
_FRAME = frozenset({BlockKind.NAV, BlockKind.DATELINE, BlockKind.CAPTION, BlockKind.BOILERPLATE})


def find_mentions(
    sentences: Sequence[Sentence], header: Header, source: Source, lexicon: Lexicon, told_by: Sequence[Told] = ()
) -> tuple[tuple[Mention, ...], ...]:
    """The mentions of each sentence (same order and length as ``sentences``), sorted by place and never overlapping.

    ``told_by``: what each sentence tells of, if that is known already.
    Pronouns are resolved across the sentences: ``he`` is the last single subject; so the whole text is read at once.
    """
    if not header.encounters:
        return tuple(() for _ in sentences)
    parses = header.parses if len(header.parses) == len(sentences) else tuple(parse(s, lexicon) for s in sentences)
    casts: dict[Told, Cast] = {}
    before = _Before()
    out: list[tuple[Mention, ...]] = []
    for sentence, p, told in zip(sentences, parses, told_by or scenes(header, sentences, parses), strict=True):
        if sentence.block.kind in _FRAME:
            out.append(())
            continue
        cast = casts.get(told) or casts.setdefault(told, _cast(header, told, source.party))
        found, before = _sentence(p, cast, before)
        out.append(found)
    return tuple(out)


def _cast(header: Header, told: Told, own: str | None) -> Cast:
    """The cast of what a sentence tells of; a person of another encounter can still be named, "they" stays with this one."""
    others = [n for n in range(len(header.encounters)) if n not in told.encounters]
    return Cast([header.encounters[n] for n in (*told.encounters, *others)], told.everyone, own)


class _Before(NamedTuple):
    """What a sentence takes from those before it: their last single subject, who was named last, whose words go on in quotation marks."""

    subject: Mention | None = None
    named: Mention | None = None
    voice: str | None = None


def _sentence(p: Parse, cast: Cast, before: _Before) -> tuple[tuple[Mention, ...], _Before]:
    """The mentions of one sentence, and what the next takes from it."""
    last = before.subject
    taken: list[Mention] = []
    for part in (persons(p, cast), groups(p, cast), surnames(p, cast), parties(p, cast)):
        for m in part:
            if m.rule == "mention.alias":  # "The Head of our state": a title that nobody has by that name
                taken = [t for t in taken if t.who or t.kind != "title" or not (m.start <= t.start < m.end)]
            if m.rule == "mention.sides":  # of its two states the first stands as a party too
                taken = [t for t in taken if t.kind != "party" or not (m.start <= t.start < m.end)]
            if not any(m.start < t.end and t.start < m.end for t in taken):
                taken.append(m)
    taken.sort(key=lambda m: m.start)
    taken = _joined(p, taken)
    taken = [_others_of(m, taken, cast) if m.kind == "counterpart" else m for m in taken]
    single = [m for m in taken if _one(m) and len(m.who) == 1 and not m.possessive and not _coordinated(p, m, taken)]
    voice = speaker(p, single, before.voice or (last.who[0] if last and last.who else None))
    if voice and words().author.search(p.text):
        taken = [_heard(p, m, voice, cast) for m in taken]
    out = list(taken)
    for m in (*pronouns(p), *author(p, cast, voice)):
        if any(m.start < t.end and t.start < m.end for t in taken):
            continue
        out.append(m if m.who else resolve(p, m, single, before.named if m.rule == LATTER else last, cast))
    out.sort(key=lambda m: m.start)
    subject = next((m for m in single if (m.start < 70 and is_subject(p, m)) or _QUOTED_BY.search(p.text, 0, m.start)), None)
    pronoun = next((m for m in out if m.kind == "pronoun" and m.who and not m.possessive and m.start < 40), None)
    final = min((m for m in (subject, pronoun) if m is not None), key=lambda m: m.start, default=None)
    return tuple(out), _Before(final or last, next((m for m in reversed(single) if m.who), before.named), voice)


def _heard(p: Parse, m: Mention, voice: str, cast: Cast) -> Mention:
    """``"The Minister assured me ..."``: a title in someone's own words is the other's who was met."""
    if m.kind != "title" or m.who != (voice,) or not p.sentence.inside(m.start):
        return m
    own = next((x.party for x in cast.people if x.label == voice), None)
    others = [x.label for x in cast.people if x.label in cast.everyone and x.party != own]
    return m._replace(who=tuple(others)) if len(others) == 1 else m


def _others_of(m: Mention, taken: Sequence[Mention], cast: Cast) -> Mention:
    """``Minister X informed his counterparts``: all but the side of whom the clause tells."""
    owner = next((t for t in reversed(taken) if t.end <= m.start and t.kind in ("person", "title", "surname") and len(t.who) == 1), None)
    side = {x.label: x.party for x in cast.people}
    if owner is None or side.get(owner.who[0]) is None:
        return m
    others = tuple(x for x in cast.everyone if side.get(x) != side[owner.who[0]])
    return m._replace(who=others) if others else m


def _joined(p: Parse, taken: Sequence[Mention]) -> list[Mention]:
    """The mentions with a side and the name behind it as one: ``his Tajik counterpart Rustam Saidov``."""
    out: list[Mention] = []
    for m in taken:
        side = out[-1] if out else None
        if (
            side
            and side.rule == "mention.side"
            and m.kind == "surname"
            and set(m.who) <= set(side.who)
            and p.text[side.end : m.start] in (" ", ", ")
        ):
            out[-1] = m._replace(start=side.start)
        else:
            out.append(m)
    return out


def _one(m: Mention) -> bool:
    """Whether a mention may be one person: by name, by title, or as whoever speaks for a side (``the Omani minister``)."""
    return m.kind in ("person", "title", "surname") or m.rule == "mention.side"


def _coordinated(p: Parse, m: Mention, all_: Sequence[Mention]) -> bool:
    return any(t is not m and _one(t) and (p.text[t.end : m.start] in _AND or p.text[m.end : t.start] in _AND) for t in all_)
