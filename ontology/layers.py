"""The layers that a readout is closed against: rules, vocabularies, and the reference graph with its decisions about identity."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from communique.iris import Iris
from communique.ontology import change, closure, graphs
from communique.ontology.closure import Closure
from communique.ontology.identity import SAME, Identity, identity
from communique.ontology.program import Layer
from communique.ontology.rule import variable
from communique.ontology.terms import TYPE, Triple


class Ground:
    """Vocabularies, closed once under a set of rules."""

    def __init__(self, told: Iterable[Triple], rules: Closure) -> None:
        self.rules = rules
        self.triples = tuple(told)
        self.layer = rules.layer(self.triples)


@cache
def shipped() -> Ground:
    """The shipped vocabularies under the shipped rules."""
    return Ground(triples(graphs.vocabulary("")), closure.shipped())


class Reference:
    """The reference graph on its ground: what the closure of each readout may join with.

    Raises ``ReasoningError`` for a decision about identity that cannot be one.
    """

    def __init__(self, ground: Ground, triples: Iterable[Triple], iris: Iris) -> None:
        self.ground = ground
        self.triples = list(triples)
        self.identity: Identity = identity(self.triples, lambda name: iris.readout_of(name[1:-1]) is not None)
        rules = (*ground.rules.rules, *ground.rules.false)
        folded = self.identity.rules(rules)
        self.rules = ground.rules if folded == rules else Closure(folded)
        self.layer = self._layer()

    def _layer(self) -> Layer:
        """Everything closed on representatives; a readout repeats what the reference graph tells, but not what the vocabularies tell."""
        of = self.identity.of
        rest = {self.identity.fold(t) for t in self.triples if t[1] != SAME}
        if self.rules is not self.ground.rules or any(s in of or o in of for s, _, o in self.ground.triples):
            whole = self.rules.layer([*map(self.identity.fold, self.ground.triples), *rest])
        else:
            whole = self.ground.layer.with_(self.rules.layer(rest, self.ground.layer))
        whole.told = self.ground.layer.known
        return whole

    def close(self, asserted: Iterable[Triple]) -> list[Triple]:
        """What follows from the triples of one readout, in no order; those that ``reads`` leaves out need not be given.

        What follows without any decision about identity keeps the names of the readout; what follows only because two names are
        one is told of the representative.
        """
        told = list(asserted)
        found = self.rules.follows(told, self.layer)
        return self._with_identity(told, found, self.layer) if self._matters(told) else found

    @property
    def reads(self) -> frozenset[str]:
        """The properties that matter to a closure."""
        return self.rules.properties

    def own(self) -> list[Triple]:
        """What follows in the reference graph itself, in no order."""
        told = [t for t in self.triples if t[1] != SAME]
        return self._with_identity(told, self.ground.rules.follows(told, self.ground.layer), self.ground.layer)

    def _with_identity(self, told: Iterable[Triple], found: Iterable[Triple], layer: Layer) -> list[Triple]:
        fold = self.identity.fold
        known = set(map(fold, found))
        return [*found, *(t for t in self.rules.follows(set(map(fold, told)), layer) if t not in known)]

    def _matters(self, told: Iterable[Triple]) -> bool:
        """Whether a decision can add to what follows: two names of one thing here, or more to join with under another name."""
        of = self.identity.of
        if not of:
            return False
        used = {name for s, _, o in told for name in (s, o)}
        renamed = [of[name] for name in used if name in of]
        return any(name in self._active or name in used for name in renamed) or len(set(renamed)) < len(renamed)

    @cached_property
    def _active(self) -> frozenset[str]:
        """The representatives that the reference layer or a rule has something to join with."""
        joins = {p + o if p == TYPE else p for rule in self.rules.rules if len(rule.body) > 1 for _, p, o in rule.body}
        names = self.identity.names
        found = {term for s, p, o in self.layer.known if (s in names or o in names) and (p in joins or p + o in joins) for term in (s, o)}
        found.update(t for rule in self.rules.rules for a in (*rule.body, rule.head or ()) for t in a if not variable(t))
        return frozenset(found.intersection(names))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a change of the reference graph can reach: readouts that minted one of the ``names``, or hold one."""

    names: frozenset[str]

    @classmethod
    def between(cls, before: Reference, after: Reference) -> Reach:
        """The names through which what differs can be felt."""
        one, other = before.identity, after.identity
        out = {name for name in one.of.keys() | other.of.keys() if one.of.get(name) != other.of.get(name)}
        # False rules count too: what is found wrong in a readout depends on the layer as what follows does.
        rules = {rule for one in (before, after) for rule in (*one.rules.rules, *one.rules.false)}
        terms = change.touched(rules, before.layer, after.layer)
        for old, new in zip(before.rules.rules, after.rules.rules, strict=True):
            if old != new:
                terms.update(t for a in (*old.body, *new.body) for t in a if not variable(t))
        for term in terms:
            out.add(term)
            for some in (one, other):
                out.update(some.names.get(term, ()))
        return cls(frozenset(name for name in out if name[0] == "<"))


def triples(lines: Iterable[str], among: Container[str] | None = None) -> Iterator[Triple]:
    """The triples of N-Quads or N-Triples lines without blank nodes, as the store writes them; of the properties ``among``, if given."""
    for line in lines:
        s, p, rest = line.split(" ", 2)
        if among is not None and p not in among:
            continue
        # An object that is an IRI holds no space; a literal ends with a quote or its datatype, and a graph may follow it.
        if rest[0] == "<":
            yield s, p, rest[: rest.index(" ")]
        else:
            rest = rest.rstrip("\n").removesuffix(" .")
            head, space, graph = rest.rpartition(" <")
            yield s, p, head if space and '"' not in graph else rest
