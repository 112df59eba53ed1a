"""All rules that a proof may use: those of the ontology and of the domain, of its terms, of recorded decisions, and SPARQL rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise, product

from communique.errors import DataError
from communique.ontology import closure, table
from communique.ontology.reasoner import global_rules
from communique.ontology.rule import Atom, Rule
from communique.ontology.terms import RDF, TYPE

_MOST = 50  # matches of what a conclusion rests on besides
_ALSO = r"^#\+ also( one)?: (.*(?:\n#\+   .*)*)"
_LONGEST = 6  # members of a list of classes that a proof about terms can reach
_FIRST, _REST = f"<{RDF}first>", f"<{RDF}rest>"


@dataclass(frozen=True, slots=True)
class Also:
    """What a conclusion rests on besides, if it is there: patterns, as a group of SPARQL, of which every match counts or ``one``."""

    atoms: tuple[Atom, ...]
    group: str
    one: bool

    def found(self, bindings: dict[str, str]) -> str:
        """A query for the matches."""
        group = re.sub(r"\?\w+", lambda m: bindings.get(m[0], m[0]), self.group)
        names = " ".join(sorted({t for atom in self.atoms for t in atom if t[0] == "?" and t not in bindings}))
        return f"SELECT DISTINCT {names} {{ {group} }} ORDER BY {names} LIMIT {1 if self.one else _MOST}"


@dataclass(frozen=True, slots=True)
class QueryRule:
    """A rule that is a SPARQL query: its ``heads``, the patterns that a conclusion rests on (``premises``, and what stands under
    ``also``), and the inside of its WHERE.

    A line ``# given ?x`` in the query is a place where a value that is known can be put in early, so that nothing else is computed.
    """

    name: str
    says: str
    heads: tuple[Atom, ...]
    premises: tuple[Atom, ...]
    also: tuple[Also, ...]
    prefixes: str
    where: str

    def choices(self) -> Iterator[dict[str, str]]:
        """The ways to fill the variables for which the query lists the terms (VALUES)."""
        listed = re.findall(r"VALUES (\?\w+) \{(.*?)\}", self.where)
        for terms in product(*(table.terms(words, self.name) for _, words in listed)):
            yield dict(zip((name for name, _ in listed), terms, strict=True))

    def holds(self, bindings: dict[str, str], base: str) -> str:
        """A query whether the rule concludes its heads with these bindings."""
        where = given(self.where, bindings)
        inside = {name: term for name, term in bindings.items() if re.search(rf"\{name}\b", self.where)}
        return f"BASE <{base}>\n{self.prefixes}ASK {{ {_values(inside)} {{ {where} }} }}"


def given(query: str, bindings: dict[str, str]) -> str:
    """A query with what is known in the places that are marked for it."""
    return re.sub(r"# given (.*)", lambda m: _values({v: bindings[v] for v in m[1].split() if v in bindings}), query)


def _values(known: dict[str, str]) -> str:
    return f"VALUES ({' '.join(known)}) {{ ({' '.join(known.values())}) }}" if known else ""


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of the one form, those without head included."""
    engine = closure.shipped()
    return (*engine.rules, *engine.false, *_schema(), *decisions())


@cache
def by_head() -> dict[str, tuple[Rule, ...]]:
    """The rules by what they conclude: a property, and the class for types.  Short bodies come first."""
    found: dict[str, list[Rule]] = {}
    for rule in sorted((r for r in rules() if r.head), key=lambda r: len(r.body)):
        assert rule.head
        found.setdefault(key(rule.head), []).append(rule)
    return {head: tuple(some) for head, some in found.items()}


def key(atom: Atom) -> str:
    """What an atom is found by: its property, and its class if it is of a type."""
    return atom[1] + atom[2] if atom[1] == TYPE else atom[1]


@cache
def decisions() -> tuple[Rule, ...]:
    """What follows from the records of decisions that no rule can make: which encounters are one, whom a mention means.

    Raises ``DataError`` if ``rules/decisions.toml`` is broken.
    """
    text = files("communique.ontology").joinpath("rules", "decisions.toml").read_text(encoding="utf-8")
    try:
        entries = table.entries(tomllib.loads(text), "decisions.toml")
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"is not TOML: {error}", where="decisions.toml") from None
    return tuple(Rule(e.name, e.says, head, e.body, e.guards) for e in entries for head in e.heads)


@cache
def queries() -> tuple[QueryRule, ...]:
    """The SPARQL rules.  Raises ``DataError`` for one that does not name its premises."""
    return tuple(_query(name, text) for name, text in global_rules().items())


def _query(name: str, text: str) -> QueryRule:
    file = f"{name}.rq"
    told = dict(re.findall(r"^#\+ (\w+): (.*(?:\n#\+   .*)*)", text, re.MULTILINE))
    found = re.search(r"^((?:PREFIX [^\n]*\n)*)\s*CONSTRUCT\s*\{(.*?)\}\s*WHERE\s*\{(.*)\}\s*\Z", text, re.MULTILINE | re.DOTALL)
    if not found or not told.keys() >= {"summary", "premises"}:
        raise DataError("the rule does not name its premises", where=file, todo="add #+ premises: with patterns, above the query")
    premises = tuple(table.atoms(_folded(told["premises"]), file))
    also = tuple(_also(_folded(words), found[1], bool(one), file) for one, words in re.findall(_ALSO, text, re.MULTILINE))
    return QueryRule(name, told["summary"], tuple(table.atoms(found[2], file)), premises, also, found[1], found[3])


def _folded(words: str) -> str:
    """A text of the head of a query that can go over several lines."""
    return words.removeprefix(">").replace("#+ ", "")


def _also(words: str, prefixes: str, one: bool, file: str) -> Also:
    group = words
    for prefix, namespace in re.findall(r"PREFIX (\w+): <(.*?)>", prefixes):
        group = re.sub(rf"\b{prefix}:(\w+)", rf"<{namespace}\1>", group)
    patterns = re.sub(r"VALUES \?\w+ \{.*?\}|FILTER\(.*\)", "", words, flags=re.DOTALL)
    return Also(tuple(table.atoms(patterns, file)), group, one)


def _schema() -> Iterator[Rule]:
    """The rules of OWL 2 RL on the terms themselves; a list of classes is followed to each of its members."""
    for entry in table.owl2rl():
        if entry.name.startswith("scm-"):
            for place in range(_LONGEST if entry.expansion else 1):
                cells = ["?list", *(f"?cell{i}" for i in range(place))]
                steps = [(cell, _REST, after) for cell, after in pairwise(cells)]
                steps += [(cells[-1], _FIRST, entry.members[0])] if entry.expansion else []
                for head in entry.heads:
                    yield Rule(entry.name, "on the terms of the ontology", head, (*entry.axiom, *entry.body, *steps))
