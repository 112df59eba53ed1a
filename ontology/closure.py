"""Closes the triples of one readout under compiled rules, semi-naively, against a reference layer that is closed once.

The rules become Python first (``program``).
owlrl is asked here and nowhere else: it closes the ontology itself, and it is the oracle of the tests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from communique.ontology.compiler import compile_rules
from communique.ontology.program import Layer, generate
from communique.ontology.rule import Rule, variables
from communique.ontology.table import domain
from communique.ontology.terms import OWL, RDFS, Triple, ontology, short


@dataclass(frozen=True, slots=True, order=True)
class Clash:
    """A match of a false rule: the rule, and what its variables stand for in the order of ``rule.variables``."""

    rule: Rule
    values: tuple[str, ...]

    def __str__(self) -> str:
        bound = ", ".join(f"{name[1:]} is {short(value)}" for name, value in zip(variables(self.rule), self.values, strict=True))
        return f"{self.rule.axiom}: {bound}" if bound else self.rule.axiom


class Closure:
    """A set of rules ready to close graphs with.

    ``literals`` lets literals be subjects, as the standard's rules have it and RDF has not.
    """

    def __init__(self, rules: Iterable[Rule], literals: bool = False) -> None:
        everything = tuple(rules)
        self.rules = tuple(rule for rule in everything if rule.head)
        self.false = tuple(rule for rule in everything if not rule.head)
        self.facts = frozenset(rule.head for rule in self.rules if rule.head and not rule.body)
        self.predicates = frozenset(p for rule in self.rules for _, p, _ in rule.body)
        self.properties = self.predicates.union(rule.head[1] for rule in self.rules if rule.head)
        self._watched = self.predicates.union(p for rule in self.false for _, p, _ in rule.body)
        # Only what some rule looks up is worth an index.
        self._joined = {p for rule in everything if len(rule.body) > 1 for _, p, _ in rule.body}
        self._infer = generate(self.rules, literals)
        self._refute = generate(self.false, literals)

    def follows(self, triples: Iterable[Triple], reference: Layer) -> list[Triple]:
        """As ``infer``, in no order."""
        facts = sorted(self.facts - reference.known) if self.facts else []
        return [*facts, *reference.run(self._infer)((*triples, *facts))[0]]

    def infer(self, triples: Iterable[Triple], reference: Layer | None = None) -> list[Triple]:
        """The triples that follow from ``triples`` and the closed layer ``reference``, sorted; what these tell is not repeated."""
        told = set(triples)
        return sorted(t for t in self.follows(told, reference or Layer()) if t not in told)

    def layer(self, triples: Iterable[Triple], reference: Layer | None = None) -> Layer:
        """A closed layer: what rules, false ones too, can use of ``triples``, and what follows from it and a closed layer ``reference``."""
        told = [t for t in triples if t[1] in self._watched]
        layer = Layer({*told, *self.follows(told, reference or Layer())})
        for s, p, o in layer.known:
            if p in self._joined:
                layer.out.setdefault(p, {}).setdefault(s, []).append(o)
                layer.into.setdefault(p, {}).setdefault(o, []).append(s)
        return layer

    def clashes(self, closed: Iterable[Triple], reference: Layer | None = None) -> list[Clash]:
        """What contradicts the false rules in triples with all that follows from them, sorted."""
        matches = (reference or Layer()).run(self._refute)(set(closed))[1]
        found = {Clash(self.false[number], values) for number, values in matches}
        return sorted(found, key=lambda c: (c.rule.name, c.rule.axiom, c.values))


@cache
def shipped() -> Closure:
    """The closure under the shipped ontology and the rules of the domain."""
    return Closure((*compile_rules(ontology()), *domain()))


def close_ontology(triples: Iterable[Triple]) -> list[Triple]:
    """What owlrl concludes about the named terms of an ontology, without its noise: seconds of work, done once a version.

    Left out: reflexive statements, ``owl:Thing`` and the like, literals as subjects, nameless classes.
    """
    import owlrl
    from rdflib import Graph

    asserted = {t for t in triples if not any(term.startswith("_:") for term in t)}
    graph = Graph().parse(data="\n".join(f"{s} {p} {o} ." for s, p, o in triples), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    told = {f"<{RDFS}{n}>" for n in ("subClassOf", "subPropertyOf", "domain", "range")} | {
        f"<{OWL}{n}>" for n in ("disjointWith", "inverseOf")
    }
    top = {f"<{OWL}Thing>", f"<{OWL}Nothing>", f"<{RDFS}Resource>"}
    closed = {(s.n3(), p.n3(), o.n3()) for s, p, o in graph}
    return sorted(
        t for t in closed - asserted if t[1] in told and t[0] != t[2] and not top.intersection(t) and all(term[0] == "<" for term in t)
    )
