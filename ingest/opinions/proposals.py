"""What an opinion proposes, before anything of it is believed; and the reader of a proposal that came as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from communique.errors import OpinionError
from communique.ingest.grammar import table
from communique.model import Extraction

Json = dict[str, Any]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ProposedPerson:
    """Someone who is said to take part; all words are claims, ``sentence`` counts from 1."""

    id: str
    sentence: int
    quote: str
    name: str | None
    family: str | None
    offices: tuple[str, ...]
    party: str | None


@dataclass(frozen=True, slots=True)
class ProposedAct:
    """An act that is said to be reported; ``actors`` and ``addressees`` are ids of proposed people."""

    sentence: int
    trigger: str
    content: str | None
    type: str
    by: str
    actors: tuple[str, ...]
    to: str | None
    addressees: tuple[str, ...]
    against: str | None


@dataclass(frozen=True, slots=True)
class Proposals:
    """A whole opinion; ``malformed`` counts the items that did not even have the form."""

    people: tuple[ProposedPerson, ...]
    acts: tuple[ProposedAct, ...]
    malformed: int = 0


class Opinion(Protocol):
    """Another reader of documents; ``name`` ends up in the rule of all that it adds (``opinion-<name>``)."""

    @property
    def name(self) -> str: ...

    def ask(self, extraction: Extraction) -> Proposals:
        """What it reads in the document of ``extraction``; raises ``OpinionError`` if it cannot be had."""


def from_json(reply: object) -> Proposals:
    """The proposals in a reply; raises ``OpinionError`` if it has no lists of people and acts."""
    lists = (reply.get("people"), reply.get("acts")) if isinstance(reply, dict) else (None, None)
    if not all(isinstance(items, list) for items in lists):
        raise OpinionError("its answer has no lists of people and acts", todo="use a model that follows a JSON schema")
    limit = table("opinions.toml")["limits"]["items"]
    people, bad_people = _each(lists[0] or [], _person, limit)
    acts, bad_acts = _each(lists[1] or [], _act, limit)
    return Proposals(people, acts, bad_people + bad_acts)


def _each(items: list[Any], read: Callable[[Json], Item], limit: int) -> tuple[tuple[Item, ...], int]:
    """The items that have the form, and how many have not or are beyond the limit."""
    good: list[Item] = []
    for item in items[:limit]:
        try:
            good.append(read(item))
        except (KeyError, TypeError, ValueError):
            continue
    return tuple(good), len(items) - len(good)


def _person(item: Json) -> ProposedPerson:
    return ProposedPerson(
        _word(item["id"]),
        _number(item["sentence"]),
        _word(item["quote"]),
        _word_or_none(item["name"]),
        _word_or_none(item["family"]),
        tuple(map(_word, _list(item["offices"]))),
        _word_or_none(item["party"]),
    )


def _act(item: Json) -> ProposedAct:
    return ProposedAct(
        _number(item["sentence"]),
        _word(item["trigger"]),
        _word_or_none(item["content"]),
        _word(item["type"]),
        _word(item["by"]),
        tuple(map(_word, _list(item["actors"]))),
        _word_or_none(item["to"]),
        tuple(map(_word, _list(item["addressees"]))),
        _word_or_none(item["against"]),
    )


def _word(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= table("opinions.toml")["limits"]["quote"]:
        raise TypeError
    return value


def _word_or_none(value: object) -> str | None:
    return None if value is None else _word(value)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value
