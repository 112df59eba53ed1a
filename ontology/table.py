"""Rules written as text (``rules/*.toml``): the table of OWL 2 RL and the rules of the domain.

Patterns are triples with a full stop between them, in prefixed names; ``owl2rl.toml`` tells what each key means.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from communique.errors import DataError
from communique.ontology.rule import Atom, Guard, Rule, variable
from communique.ontology.terms import PREFIXES, TYPE

_KEYS = {"axiom", "one", "pair", "all", "if", "then", "guards", "says", "join", "house"}
_EXPANSIONS = ("one", "pair", "all")


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule of a table.  ``heads`` is empty for a false rule; ``house`` the reason why our own reading leaves it out."""

    name: str
    axiom: tuple[Atom, ...]
    expansion: str
    members: tuple[str, ...]
    body: tuple[Atom, ...]
    heads: tuple[Atom, ...]
    guards: tuple[Guard, ...]
    says: str
    join: str
    house: str


@cache
def owl2rl() -> tuple[Entry, ...]:
    """The rules of OWL 2 RL, in the order of the specification."""
    return _read(_shipped("owl2rl.toml"), "owl2rl.toml")


@cache
def domain() -> tuple[Rule, ...]:
    """The rules of the domain that have the form of all others.  Raises ``DataError`` or ``ReasoningError`` for one that is broken."""
    return rules(_shipped("domain.toml"), "domain.toml")


def rules(text: str, file: str) -> tuple[Rule, ...]:
    """The rules of a text in the form of ``domain.toml``.  Raises ``DataError`` or ``ReasoningError`` for one that is broken."""
    return tuple(Rule(e.name, e.says, head, e.body, e.guards) for e in _read(text, file) for head in e.heads or (None,))


def _shipped(file: str) -> str:
    return files("communique.ontology").joinpath("rules", file).read_text(encoding="utf-8")


def _read(text: str, file: str) -> tuple[Entry, ...]:
    try:
        return entries(tomllib.loads(text), file)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"is not TOML: {error}", where=file) from None


def entries(table: dict[str, Any], file: str) -> tuple[Entry, ...]:
    """The rules of a table.  Raises ``DataError`` naming the rule that is broken."""
    reasons = table.get("reasons", {})
    return tuple(_entry(name, row, reasons, f"{file}, {name}") for name, row in table.items() if name != "reasons")


def _entry(name: str, row: Any, reasons: dict[str, str], where: str) -> Entry:
    if not (isinstance(row, dict) and all(isinstance(value, str) for value in row.values())):
        raise DataError(
            "is not a rule", where=where, todo='write [NAME], and under it each key with words in quotes: if = "...", then = "..."'
        )
    if unknown := sorted(set(row) - _KEYS):
        raise DataError(f"{unknown[0]} is no key of a rule", where=where, todo=f"use {', '.join(sorted(_KEYS))}")
    if "then" not in row:
        raise DataError("the rule says nothing", where=where, todo="add then")
    if "house" in row and row["house"] not in reasons:
        raise DataError(f"there is no reason {row['house']}", where=where, todo="add it to [reasons]")
    expansion = next((key for key in _EXPANSIONS if key in row), "")
    return Entry(
        name,
        axiom=tuple(atoms(row.get("axiom", ""), where)),
        expansion=expansion,
        members=tuple(row[expansion].split()[:-2]) if expansion else (),
        body=tuple(atoms(row.get("if", ""), where)),
        heads=() if row["then"] == "false" else tuple(atoms(row["then"], where)),
        guards=tuple(atoms(row.get("guards", ""), where)),
        says=row.get("says", ""),
        join=row.get("join", ", "),
        house=reasons[row["house"]] if "house" in row else "",
    )


def atoms(text: str, where: str) -> Iterator[Atom]:
    """The patterns of a text."""
    words: list[str] = []
    for word in [*text.split(), "."]:
        if word != ".":
            words.append(word)
        elif words:
            if len(words) != 3:
                raise DataError(f"{' '.join(words)} is not three terms", where=where, todo="put a full stop between patterns")
            s, p, o = (_term(w, where) for w in words)
            yield s, p, o
            words = []


def terms(text: str, where: str) -> tuple[str, ...]:
    """The terms of a list."""
    return tuple(_term(word, where) for word in text.split())


def _term(word: str, where: str) -> str:
    """A term in N-Triples syntax; variables, numbers and operators stay as they are."""
    prefix, colon, name = word.partition(":")
    if word == "a":
        return TYPE
    if word in ("true", "false"):
        return f'"{word}"^^<{PREFIXES["xsd"]}boolean>'
    if not colon or word[0] in '?"<':
        return word
    if prefix not in PREFIXES:
        raise DataError(f"the prefix of {word} is not known", where=where, todo=f"use {', '.join(PREFIXES)}")
    return f"<{PREFIXES[prefix]}{name}>"


def replace(atom: Iterable[str], by: dict[str, str]) -> Atom:
    """An atom with terms put in for its variables."""
    s, p, o = (by.get(t, t) for t in atom)
    return s, p, o


def repeated(body: Iterable[Atom], number: int) -> Iterator[Atom]:
    """A body with each pattern that names ``_i`` repeated ``number`` times."""
    for atom in body:
        if any(variable(t) and "_i" in t for t in atom):
            for i in range(1, number + 1):
                s, p, o = (t.replace("_i+1", f"_{i + 1}").replace("_i", f"_{i}") if variable(t) else t for t in atom)
                yield s, p, o
        else:
            yield atom
