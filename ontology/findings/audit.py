"""Audits: the false rules and the shapes, put to one readout in a few milliseconds, and to what joins readouts.

Findings are data, never exceptions.  What is found in a readout has its words beside it, and a proof where a rule says that it cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from communique.errors import ReasoningError
from communique.iris import Iris
from communique.ontology import closure, locality
from communique.ontology.findings.finding import Finding
from communique.ontology.findings.touched import Touched, anchored
from communique.ontology.findings.views import Below, JoinedView, ReadoutView
from communique.ontology.layers import Reference, shipped, triples
from communique.ontology.locality import Home, Scope
from communique.ontology.proofs.evidence import claims
from communique.ontology.proofs.proof import Evidence, Proof
from communique.ontology.proofs.search import Prover
from communique.ontology.rule import Rule, variables, where
from communique.ontology.shapes import Constraint, Row, View, constraints
from communique.ontology.terms import Triple, called, short, text
from communique.store import Store

_CODES = {
    "cax-dw": "disjoint-classes",
    "prp-irp": "irreflexive",
    "prp-asyp": "asymmetric",
    "prp-pdw": "disjoint-properties",
    "prp-fp": "functional",
    "prp-rng": "range",
    "dt-not-type": "datatype",
    "eq-diff1": "different",
    "cls-nothing2": "nothing",
}
_MOST = 4  # claims that are quoted beside one finding
_ELSEWHERE = (Home.GLOBAL, Home.REFERENCE)


@dataclass(frozen=True, slots=True)
class Breach:
    """A constraint that is broken: how grave that is, in words, and what it names; the first thing is what it is about."""

    code: str
    severity: str
    message: str
    row: Row
    rule: Rule | None = None


class Auditor:
    """The constraints, ready to look at the readouts of one store, and its reference layer if that is at hand.

    Raises ``ReasoningError`` for decisions about identity that cannot be, when it looks at a readout.
    """

    def __init__(self, store: Store, iris: Iris, reference: Reference | None = None) -> None:
        self.store = store
        self.iris = iris
        self.prover = Prover(store, iris)
        self._reference = reference

    @cached_property
    def reference(self) -> Reference:
        """The reference layer, closed, which what joins readouts is not held against."""
        return self._reference or Reference(shipped(), triples(self.store.dump(self.iris.graph("reference"))), self.iris)

    @cached_property
    def below(self) -> Below:
        """What constraints on readouts ask of the layers below."""
        return Below(self.reference, _constraints(of_readouts=True))

    @cached_property
    def plain(self) -> dict[Rule, Rule]:
        """Under representatives the constants of a rule can be others; proofs are about the rule as it was written."""
        return dict(zip(self.reference.rules.false, self.reference.ground.rules.false, strict=True))

    def readout(self, readout: str, at_hand: Mapping[str, Sequence[str]] | None = None) -> list[Finding]:
        """What is found in one readout as it is stored; lines of graphs that are ``at_hand`` are not read again."""
        account = self.iris.account(readout)
        stored: list[Triple] = []
        for graph in (account, self.iris.inferred(account)):
            lines = (at_hand or {}).get(graph)
            stored += triples(lines) if lines else [t[:3] for t in self.store.match(None, None, None, graph)]
        return _each_once(self._finding(breach, readout) for breach in self.breaches(stored))

    def breaches(self, statements: Iterable[Triple]) -> list[Breach]:
        """What breaks a rule or a shape among the statements of one readout, told and inferred."""
        view = ReadoutView(statements, self.below)
        return [*self._clashes(view.triples), *_broken(view, of_readouts=True)]

    def _clashes(self, statements: Iterable[Triple]) -> Iterator[Breach]:
        """The matches of false rules on representatives, told in the names that the readout uses."""
        fold, of = self.reference.identity.fold, self.reference.identity.of
        found = self.reference.rules.clashes(map(fold, statements), self.reference.layer)
        here = {of[term]: term for s, _, o in statements for term in (o, s) if term in of} if found else {}
        for clash in found:
            yield _contradiction(self.plain[clash.rule], [here.get(value, value) for value in clash.values])

    def across(self, among: Touched | None = None) -> list[Finding]:
        """What is found where readouts are joined, disagreements of accounts among it; only what concerns terms ``among`` some, if given.

        What ``compares`` is told whole all the same.
        """
        view = JoinedView(self.store, self.iris, None if among is None else among.nodes)
        rows = ((rule, row) for rule in joining() for query in _asked(rule, among) for row in view.ask(query))
        clashes = (_contradiction(rule, [row[name[1:]] for name in variables(rule)]) for rule, row in rows)
        return _each_once(self._finding(breach, "") for breach in (*clashes, *_broken(view, of_readouts=False)))

    def _finding(self, breach: Breach, readout: str) -> Finding:
        row = breach.row
        about, *others = row.values()
        said = re.sub(r"\{[?$](\w+)\}", lambda m: _brief(row.get(m[1], m[0])), breach.message)
        blamed = others if breach.rule else [row["value"]] if "value" in row and said == breach.message else []
        if blamed:
            said = f"{said}: {', '.join(sorted(map(_brief, blamed)))}"
        words = self._words(dict.fromkeys(row.values()), readout)
        return Finding(readout, breach.severity, breach.code, about[1:-1], said, words, self._proof(breach, readout))

    def _words(self, nodes: Iterable[str], readout: str) -> tuple[Evidence, ...]:
        """The claims among some nodes, in their words; the nearest ones of the readout if none is a claim."""
        things = [node for node in nodes if node[0] == "<"]
        own = [node for node in things if self.iris.readout_of(node[1:-1])]
        found = dict.fromkeys(words for node in own or things for words in claims(self.prover.sources, node, readout))
        exact = [words for words in found if words.start >= 0]
        return tuple(exact or found)[:_MOST]

    def _proof(self, breach: Breach, readout: str) -> Proof | None:
        graph = self.iris.inferred(self.iris.account(readout)) if readout else None
        try:
            return self.prover.refute(breach.rule, tuple(breach.row.values()), graph) if breach.rule else None
        except ReasoningError:  # the search takes too long: the finding stands without
            return None


def everything() -> list[tuple[str, str, str, str]]:
    """What is looked at, once each: code, severity, the class that a shape is about (none for a rule), and in words; sorted."""
    shapes = {(c.code, c.severity, short(c.target), c.message) for c in constraints()}
    return sorted(shapes | {(_code(rule), "error", "", rule.axiom) for rule in closure.shipped().false})


def _each_once(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that say the same of other claims become one, with all their words."""
    found: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        before = found.get(finding.key, finding)
        words = dict.fromkeys((*before.evidence, *finding.evidence))
        found[finding.key] = replace(before, evidence=tuple(words)[:_MOST])
    return sorted(found.values())


def _contradiction(rule: Rule, values: Iterable[str]) -> Breach:
    return Breach(_code(rule), "error", rule.axiom, dict(zip((name[1:] for name in variables(rule)), values, strict=True)), rule)


def _code(rule: Rule) -> str:
    return "+".join(_CODES.get(part, part) for part in rule.name.split("+"))


def _broken(view: View, *, of_readouts: bool) -> Iterator[Breach]:
    for constraint in _constraints(of_readouts=of_readouts):
        for row in constraint.breaches(view):
            yield Breach(constraint.code, constraint.severity, constraint.message, row)


@cache
def _constraints(*, of_readouts: bool) -> tuple[Constraint, ...]:
    """The constraints on what readouts mint, or on what joins them; persons stand on both sides."""
    of_class = locality.shipped().of_class
    if of_readouts:
        return tuple(c for c in constraints() if of_class(c.target) not in _ELSEWHERE)
    return tuple(c for c in constraints() if of_class(c.target) in (*_ELSEWHERE, Home.SHARED))


@cache
def joining() -> tuple[Rule, ...]:
    """The false rules that can be broken by two readouts together."""
    shipped = closure.shipped()
    placed = locality.classify((*shipped.rules, *shipped.false))
    return tuple(p.rule for p in placed if not p.rule.head and p.scope is not Scope.LOCAL)


@cache
def comparing() -> frozenset[str]:
    """The codes of what is always told whole."""
    rules = {_code(rule) for rule in joining() if not anchored(rule)}
    return frozenset(rules | {c.code for c in _constraints(of_readouts=False) if c.compares})


def _asked(rule: Rule, among: Touched | None) -> Iterator[str]:
    """The queries for the matches of a rule, or for those that begin with some terms."""
    if among is None or not anchored(rule):
        yield f"SELECT DISTINCT * {{ {where(rule)} }}"
    elif among.firsts:
        yield f"SELECT DISTINCT * {{ VALUES {variables(rule)[0]} {{ {' '.join(sorted(among.firsts))} }} {where(rule)} }}"


def _brief(term: str) -> str:
    if term[0] != '"':
        return called(term) or (short(term) if short(term) != term else term[1:-1].rsplit("/", 1)[-1])
    words = " ".join(text(term).split())
    return words if len(words) <= 80 else f"{words[:79]}…"
