"""Which rules see one readout at a time, found out from the rules themselves and from where things get their names.

A rule is **local** if every variable that joins two of its patterns is bound to a node that one readout mints, or if all but one
of the patterns stand in the reference layer.  Then the readouts can be closed one by one.  A join at a node that each readout describes
for itself (the office of a participation and its party) is local too, and is told apart: the description of one readout does not
count for another.  A rule with a pattern of the global graph is **global**.  Anything else cannot be closed here and is an error.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from communique.errors import DataError, ReasoningError
from communique.ontology.rule import Atom, Rule, variable
from communique.ontology.terms import PREFIXES, RDFS, TYPE, Triple, ontology, short

_SUB, _DOMAIN, _RANGE = (f"<{RDFS}{name}>" for name in ("subClassOf", "domain", "range"))


class Home(StrEnum):
    """Where a node gets its name, or where a property is told; ``rules/layers.toml`` says what each means."""

    READOUT = "readout"
    DESCRIBED = "described"
    SHARED = "shared"
    REFERENCE = "reference"
    GLOBAL = "global"


_STRONGEST = (Home.GLOBAL, Home.READOUT, Home.SHARED, Home.DESCRIBED, Home.REFERENCE)


class Scope(StrEnum):
    """What a rule sees: one readout (by its own nodes, or by what it says of a node that others describe too), or the global graph."""

    LOCAL = "local"
    DESCRIBED = "described"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule with its scope, and in words why: what each join is bound to."""

    rule: Rule
    scope: Scope
    why: str


class Places:
    """Where classes and properties are at home, by the ontology, the table ``homes`` of ``layers.toml`` and what the rules derive."""

    def __init__(self, triples: Iterable[Triple], homes: Mapping[str, Mapping[str, str]], rules: Iterable[Rule] = ()) -> None:
        self._above: dict[str, list[str]] = defaultdict(list)
        self._ends: dict[tuple[str, str], set[Home]] = defaultdict(set)
        self._classes = {f"<{PREFIXES['cq']}{name}>": Home(home) for name, home in homes["classes"].items()}
        self._properties = {_long(name): Home(home) for name, home in homes["properties"].items()}
        known = tuple(triples)
        for s, p, o in known:
            if p == _SUB:
                self._above[s].append(o)
        for s, p, o in known:
            if p in (_DOMAIN, _RANGE) and (home := self.of_class(o)):
                self._ends[s, p].add(home)
        self._learn([rule for rule in rules if rule.head and rule.head[1] != TYPE])

    def _learn(self, rules: list[Rule]) -> None:
        """A property that has no domain or range, such as an inverse, has the ends that its rules give it."""
        grown = True
        while grown:
            grown = False
            for rule in rules:
                s, p, o = rule.head or ("", "", "")
                for end, term in ((_DOMAIN, s), (_RANGE, o)):
                    found = {home for a in rule.body if term in (a[0], a[2]) and (home := self.of_end(a, term))}
                    if found and not self._ends[p, end]:
                        self._ends[p, end] = found
                        grown = True

    def of_class(self, class_: str) -> Home | None:
        """The home of the nodes of a class; ``None`` for the values of datatypes and for what nobody mints."""
        if class_ in self._classes:
            return self._classes[class_]
        return next((home for above in self._above[class_] if (home := self.of_class(above))), None)

    def of_end(self, atom: Atom, term: str) -> Home | None:
        """The home of what ``term`` stands for in a pattern, as far as this pattern tells."""
        s, p, o = atom
        if p == TYPE:
            return self.of_class(o)
        homes = self._ends[p, _DOMAIN if term == s else _RANGE]
        return next((home for home in _STRONGEST if home in homes), self._properties.get(p))

    def of_atom(self, atom: Atom) -> Home:
        """Where the triples that match a pattern are told: in a readout if one end is its own; a description, of its subject."""
        s, p, o = atom
        if p in self._properties:
            return self._properties[p]
        subject = self.of_end(atom, s) or Home.REFERENCE
        homes = (subject, None if p == TYPE else self.of_end(atom, o))
        for home in (Home.GLOBAL, Home.READOUT):
            if home in homes:
                return home
        return Home.SHARED if Home.SHARED in homes and subject is not Home.REFERENCE else subject


def classify(rules: Iterable[Rule], triples: Iterable[Triple] | None = None) -> tuple[Placed, ...]:
    """Each rule with its scope; ``triples`` are the ontology's, if it is another than the shipped one.

    Raises ``ReasoningError`` for a rule that joins readouts outside the global graph.
    """
    found = tuple(rules)
    places = Places(ontology() if triples is None else triples, homes(), found)
    across = _across(found, places)
    return tuple(_place(rule, places, across) for rule in found)


@cache
def shipped() -> Places:
    """Where the classes and properties of the shipped ontology are at home."""
    return Places(ontology(), homes())


@cache
def homes() -> Mapping[str, Mapping[str, str]]:
    """The table of ``layers.toml``.  Raises ``DataError`` for a home that there is not."""
    table: Mapping[str, Mapping[str, str]] = tomllib.loads(
        files("communique.ontology").joinpath("rules/layers.toml").read_text(encoding="utf-8")
    )
    for name, home in (item for part in table.values() for item in part.items()):
        if home not in set(Home):
            raise DataError(f"there is no home {home}", where=f"layers.toml, {name}", todo=f"use one of {', '.join(Home)}")
    return table


def _across(rules: Iterable[Rule], places: Places) -> set[str]:
    """The properties that follow only from what is told across readouts."""
    heads = [(rule.head[1], rule) for rule in rules if rule.head and rule.head[1] != TYPE]
    found: set[str] = set()
    while more := {p for p, rule in heads if p not in found and any(_global(atom, places, found) for atom in rule.body)}:
        found |= more
    while less := {p for p, rule in heads if p in found and not any(_global(atom, places, found) for atom in rule.body)}:
        found -= less
    return found


def _global(atom: Atom, places: Places, across: set[str]) -> bool:
    return atom[1] in across or places.of_atom(atom) is Home.GLOBAL


def _place(rule: Rule, places: Places, across: set[str]) -> Placed:
    if any(_global(atom, places, across) for atom in rule.body):
        foreign = [a for a in rule.body if not _global(a, places, across) and places.of_atom(a) is not Home.REFERENCE and a[1] != TYPE]
        if foreign:
            what = f"{short(foreign[0][1])} stands in readouts and joins the global graph, which is closed without them"
            raise ReasoningError(what, where=rule.name, todo="say it as a query in ontology/rules")
        return Placed(rule, Scope.GLOBAL, "it joins what the global graph tells")
    told = [atom for atom in rule.body if places.of_atom(atom) is not Home.REFERENCE]
    if len(told) < 2:
        words = "one pattern" if len(rule.body) == 1 else "one pattern of a readout, the others in the reference layer"
        return Placed(rule, Scope.LOCAL, words if rule.body else "it always holds")
    joins = {term: [a for a in told if term in (a[0], a[2])] for atom in told for term in (atom[0], atom[2]) if variable(term)}
    joins = {term: atoms for term, atoms in joins.items() if len(atoms) > 1}
    homes = {term: {home for a in rule.body if term in (a[0], a[2]) and (home := places.of_end(a, term))} for term in joins}
    own = [atoms for term, atoms in joins.items() if Home.READOUT in homes[term]]
    described = [atoms for term, atoms in joins.items() if Home.DESCRIBED in homes[term]]
    words = ", ".join(f"{term} is {_words(homes[term])}" for term in joins)
    if _connected(told, own):
        return Placed(rule, Scope.LOCAL, words)
    # Only a description may hang on a node that others name too; what it is said of must be in one readout by itself.
    if _connected([atom for atom in told if places.of_atom(atom) is not Home.DESCRIBED], own) and _connected(told, own + described):
        return Placed(rule, Scope.DESCRIBED, words)
    raise ReasoningError(f"it joins readouts ({words or 'no variable joins its patterns'})", where=str(rule), todo="make it a query")


def _words(homes: set[Home]) -> str:
    if Home.READOUT in homes:
        return "a node of the readout"
    return "a node that the readout describes" if Home.DESCRIBED in homes else "a node that readouts share"


def _connected(atoms: list[Atom], links: list[list[Atom]]) -> bool:
    """Whether the links lead from the first pattern to all."""
    reached = set(atoms[:1])
    grown = True
    while grown:
        grown = False
        for link in links:
            if reached.intersection(link) and not reached.issuperset(link):
                reached.update(link)
                grown = True
    return reached.issuperset(atoms)


def _long(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"
