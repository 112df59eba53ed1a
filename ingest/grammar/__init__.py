"""The grammar's word lists and patterns (``*.toml``), loaded once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Grammar:
    """The word lists of the act grammar (``acts.toml`` says what each decides)."""

    adverbs: frozenset[str]
    adverbials: tuple[tuple[str, ...], ...]
    auxiliaries: frozenset[str]
    passives: frozenset[str]
    coordinators: frozenset[str]
    clause_starts: frozenset[str]
    relatives: frozenset[str]
    prepositions: frozenset[str]
    noun_stops: frozenset[str]
    purposes: frozenset[str]
    taking: frozenset[str]
    offering: frozenset[str]
    courses: frozenset[str]
    openers: frozenset[str]
    gatherings: frozenset[str]
    talks: frozenset[str]
    determiners: frozenset[str]
    collectives: frozenset[str]
    bodies: frozenset[str]
    quotes: frozenset[str]
    courtesies: frozenset[str]
    continuing: frozenset[str]
    finite: frozenset[str]
    topics: tuple[str, ...]
    possessives: frozenset[str]
    means: frozenset[str]
    third_party: re.Pattern[str]
    elsewhere: re.Pattern[str]
    anaphora: re.Pattern[str]
    pointing_back: re.Pattern[str]
    past: re.Pattern[str]
    spokesman: re.Pattern[str]
    told_topic: re.Pattern[str]
    replies: frozenset[str]
    responses: tuple[str, ...]
    intensifiers: frozenset[str]
    posed: frozenset[str]
    directed: frozenset[str]
    targeted: frozenset[str]
    personal: frozenset[str]
    reporting: frozenset[str]
    stance: dict[str, Any]
    commitment: dict[str, Any]


@cache
def table(name: str) -> dict[str, Any]:
    """A grammar file as it stands, read once; nobody writes into it."""
    return tomllib.loads(files("communique.ingest").joinpath("grammar", name).read_text(encoding="utf-8"))


def either(words: Iterable[str]) -> str:
    """An alternation of words, the longest that fits first; what begins alike shares its beginning, so that each letter is tried once."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branches(tree)


def _branches(tree: dict[str, Any]) -> str:
    rest = [re.escape(letter) + _branches(below) for letter, below in sorted(tree.items()) if letter]
    if "" not in tree:
        return rest[0] if len(rest) == 1 else f"(?:{'|'.join(rest)})"
    return f"(?:{'|'.join(rest)})?" if rest else ""


@cache
def act_grammar() -> Grammar:
    """The act grammar, patterns compiled."""
    data = table("acts.toml")
    words = data["words"]
    compiled = {k: re.compile(v) if isinstance(v, str) else frozenset(v) for k, v in data["stance"].items()}
    bound = {k: re.compile(v) if isinstance(v, str) else frozenset(v) for k, v in data["commitment"].items()}
    sets = {
        k: frozenset(words[k])
        for k in (
            "auxiliaries",
            "passives",
            "coordinators",
            "clause_starts",
            "relatives",
            "prepositions",
            "purposes",
            "taking",
            "offering",
            "courses",
            "openers",
            "gatherings",
            "talks",
            "determiners",
            "collectives",
            "bodies",
            "quotes",
            "courtesies",
            "continuing",
            "finite",
            "replies",
            "intensifiers",
            "possessives",
            "means",
            "posed",
            "directed",
            "targeted",
            "personal",
            "reporting",
        )
    }
    return Grammar(
        adverbs=frozenset(words["adverbs"]),
        adverbials=tuple(tuple(a.split()) for a in words["adverbials"]),
        noun_stops=frozenset(words["prepositions"]) - {"as"} | frozenset(words["passives"]),
        topics=tuple(words["topics"]),
        third_party=re.compile(words["third_party"]),
        pointing_back=re.compile(words["pointing_back"]),
        elsewhere=re.compile(words["elsewhere"], re.IGNORECASE),
        anaphora=re.compile(words["anaphora"], re.IGNORECASE),
        past=re.compile(words["past"]),
        spokesman=re.compile(words["spokesman"]),
        told_topic=re.compile(words["told_topic"], re.VERBOSE | re.IGNORECASE),
        responses=tuple(words["responses"]),
        stance=compiled,
        commitment=bound,
        **sets,
    )
