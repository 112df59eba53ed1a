"""A mention, and the words by which mentions are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from communique.ingest.grammar import either, table


class Mention(NamedTuple):
    """A mention at ``[start, end)`` of a sentence's view, and who it means.

    ``kind``: ``person`` (titled or full name), ``surname`` (bare), ``title`` (``the Secretary``, ``the Foreign Minister``), ``pair``
    (``the two ministers``, ``they``, ``both sides``: more than one), ``counterpart`` (``her counterparts``: all but the publisher's side),
    ``pronoun`` (``he``, ``she``), ``party`` (a state or organisation by name, by capital, or ``the Belgian side``).
    ``who`` holds ``Participant.label`` values, or one party code for ``party``; it is empty for a person who is no participant or is not
    resolved.
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


@dataclass(frozen=True, slots=True)
class Words:
    """The words and patterns of ``mentions.toml``, compiled."""

    pairs: re.Pattern[str]
    others: re.Pattern[str]
    hosts: re.Pattern[str]
    aliases: re.Pattern[str]
    pronouns: re.Pattern[str]
    side: re.Pattern[str]
    authorities: re.Pattern[str]
    government: re.Pattern[str]
    author: re.Pattern[str]
    pressed: re.Pattern[str]
    she: frozenset[str]
    possessives: frozenset[str]


@cache
def words() -> Words:
    """What mentions are known by."""
    data = table("mentions.toml")
    after = either(data["not_before"])
    counted = [f"the {n} {group}" for n in data["counts"] for group in data["counted"]]
    counted += [f"{opening} {group}" for opening in ("the", "the two", "both", "these two") for group in data["paired"]]
    return Words(
        re.compile(rf"\b(?:{_grouped([*data['pairs'], *counted])})\b(?!(?:\s(?:{after})\b|-))"),
        re.compile(rf"\b(?:{_grouped(data['others'])}|{data['visitors']})\b"),
        re.compile(rf"\b(?:{_grouped(data['hosts'])})\b"),
        re.compile(rf"\bthe ({either(data['aliases'])})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{either([*data['he'], *data['she'], 'their'])})\b"),
        re.compile(rf"\s{data['sides']}\b"),
        re.compile(data["authorities"]),
        re.compile(rf"{data['governments']}$"),
        re.compile(rf"\b(?:{either(data['author'])})\b"),
        re.compile(rf"\b(?:{either(data['pressing'])}) $"),
        frozenset(data["she"]),
        frozenset(data["possessives"]),
    )


def _grouped(phrases: Sequence[str]) -> str:
    """A pattern of phrases grouped by their first word, which finds them faster than one long alternation."""
    by_first: dict[str, list[str]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        first, _, rest = phrase.partition(" ")
        by_first.setdefault(first, []).append(f" {re.escape(rest)}" if rest else "")
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items())
