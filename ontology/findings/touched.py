"""What findings across readouts have not seen yet, and which nodes that can concern: so what is looked at again is what a change touches.

Whoever changes a graph that joins readouts enters the terms of the lines that came and went in ``graph/unchecked``, in the same
transaction, each with the property of its line; so is a readout entered when it was looked at by itself.  The entries go in the
transaction that publishes what is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from communique.iris import CQ, Iris
from communique.ontology.findings.views import joined
from communique.ontology.rule import Rule, variable, variables
from communique.ontology.terms import TYPE, Triple
from communique.store import Edit, Store

_UNCHECKED: Final = f"<{CQ}unchecked>"
_ACCOUNT: Final = f"<{CQ}hasAccount>"
_Seeds = dict[str, set[tuple[int, str]]]
Entry = tuple[str, str]
"""A term, and the property by which something else is said of it now; a readout and ``cq:hasAccount`` for an account that changed."""


def changed(lines: Iterable[Triple], iris: Iris) -> dict[str, Edit]:
    """The entries for lines that came or went; they belong into the same transaction."""
    entries = {(term, p) for s, p, o in lines for term in ((s,) if p == TYPE or o[0] == '"' else (s, o))}
    return _edit(entries, iris)


def readouts(some: Iterable[str], iris: Iris) -> dict[str, Edit]:
    """The entries for readouts that were looked at, each by itself."""
    return _edit(of(some), iris)


def everything(iris: Iris) -> dict[str, Edit]:
    """The entry that says: look at all, whatever has changed."""
    return _edit([_all(iris)], iris)


def entries(store: Store, iris: Iris) -> set[Entry] | None:
    """What is entered; ``None`` if that is everything."""
    found = {(s, o) for s, _, o, _ in store.match(None, _UNCHECKED, None, iris.graph("unchecked"))}
    return None if _all(iris) in found else found


def of(readouts: Iterable[str]) -> set[Entry]:
    """The entries for readouts that changed."""
    return {(f"<{readout}>", _ACCOUNT) for readout in readouts}


def many(found: Iterable[Entry]) -> int:
    """So many readouts have entries."""
    return sum(p == _ACCOUNT for _, p in found)


def lines(found: Iterable[Entry], iris: Iris) -> list[str]:
    """Entries as lines of their graph."""
    graph = iris.graph("unchecked")
    return sorted(f"{term} {_UNCHECKED} {p} <{graph}> ." for term, p in found)


def _all(iris: Iris) -> Entry:
    return f"<{iris.graph('findings')}>", TYPE


def _edit(found: Iterable[Entry], iris: Iris) -> dict[str, Edit]:
    return {iris.graph("unchecked"): Edit([], added)} if (added := lines(found, iris)) else {}


@dataclass(frozen=True, slots=True)
class Touched:
    """What is looked at again: ``nodes`` by the constraints of their classes, ``firsts`` among them as what the first variable of a rule
    stands for."""

    nodes: frozenset[str]
    firsts: frozenset[str]


def touched(store: Store, iris: Iris, found: Collection[Entry], rules: Collection[Rule]) -> Touched:
    """The terms of some entries, and the nodes that join the readouts among these; with what ``rules`` begin with in what is told anew."""
    seeds = _seeds(rules)
    nodes = {term for term, p in found if p != _ACCOUNT}
    firsts = {term for term, p in found if p in seeds}
    due = {readout for term, p in found if p == _ACCOUNT and (readout := iris.readout_of(term[1:-1]))}
    near = due | {readout for term in nodes if (readout := iris.readout_of(term[1:-1]))}
    named = {term for term, p in found if p == TYPE}
    for readout in near:
        account = iris.account(readout)
        told = [t for graph in (account, iris.inferred(account)) for t in store.match(None, None, None, graph)]
        named.update(s for s, *_ in told if iris.readout_of(s[1:-1]) == readout)
        if readout in due:
            firsts.update(_new(store, iris, due, (t[:3] for t in told), seeds))
    nodes.update(s for node in named for graph in joined(iris) for s, *_ in store.match(None, None, node, graph))
    return Touched(frozenset(nodes | firsts), frozenset(firsts))


def _new(store: Store, iris: Iris, due: Collection[str], told: Iterable[Triple], seeds: _Seeds) -> Iterator[str]:
    """What rules begin with in the statements of a readout that no graph but those that are ``due`` told before."""
    for triple in told:
        for place, value in seeds.get(triple[1], ()):
            if value in ("", triple[2]) and all(iris.readout_of(g) in due for *_, g in store.match(*triple)):
                yield triple[place]


def _seeds(rules: Iterable[Rule]) -> _Seeds:
    """By property, where in a statement the first variable of a rule stands, and which object the statement must have (any, if empty)."""
    out: _Seeds = {}
    for rule in rules:
        first = variables(rule)[0]
        for s, p, o in rule.body:
            place = 0 if s == first else 2
            out.setdefault(p, set()).add((place, "" if variable(o) else o))
    return out


def anchored(rule: Rule) -> bool:
    """Whether every pattern of a rule holds its first variable, so that whatever breaks it anew is found from there."""
    return all(not variable(p) and variables(rule)[0] in (s, o) for s, p, o in rule.body)
