"""The one form of all rules: what follows, from which patterns, under which guards, and where the rule comes from.

Axioms of the ontology (``compiler``) and rules of the domain (``rules/domain.toml``) end in it; ``closure`` makes Python of it,
``where`` makes SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communique.errors import ReasoningError
from communique.ontology import values
from communique.ontology.terms import short

Atom = tuple[str, str, str]
"""A triple pattern; a term that starts with ``?`` is a variable."""

Guard = tuple[str, str, str]
"""A test of two terms, ``(left, operator, right)``; the operators stand in ``values.OPERATORS``."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``head <- body, guards``; a rule without head is false: a match of its body is an inconsistency; without body, a fact.

    ``name`` is the OWL 2 RL rule (``prp-spo2``), several joined by ``+`` where class expressions nest, or that of a domain rule;
    ``axiom`` the axiom in words.  Raises ``ReasoningError`` if a variable of the head or of a guard is not bound by the body.
    """

    name: str
    axiom: str
    head: Atom | None
    body: tuple[Atom, ...]
    guards: tuple[Guard, ...] = ()

    def __post_init__(self) -> None:
        bound = {t for atom in self.body for t in atom}
        for place, terms in (("head", self.head or ()), *(("guard", (left, right)) for left, _, right in self.guards)):
            for term in terms:
                if variable(term) and term not in bound:
                    raise ReasoningError(f"the {place} names {term}, which its body does not bind", where=self.name, todo="bind it")
        for _, operator, _ in self.guards:
            if operator not in values.OPERATORS:
                raise ReasoningError(f"there is no operator {operator}", where=self.name, todo=f"use one of {', '.join(values.OPERATORS)}")

    def __str__(self) -> str:
        parts = [" ".join(map(_brief, part)) for part in (*self.body, *self.guards)]
        return f"{' '.join(map(_brief, self.head)) if self.head else 'false'} <- {', '.join(parts)}  ({self.name}: {self.axiom})"


def variable(term: str) -> bool:
    """Whether a term of an atom is a variable."""
    return term[0] == "?"


def variables(rule: Rule) -> tuple[str, ...]:
    """The variables of a rule's body, in the order in which they come."""
    return tuple(dict.fromkeys(t for atom in rule.body for t in atom if variable(t)))


def where(rule: Rule) -> str:
    """The body and the guards of a rule as the inside of a SPARQL group pattern."""
    return " ".join((*(f"{s} {p} {o} ." for s, p, o in rule.body), *_filters(rule)))


def _filters(rule: Rule) -> Iterator[str]:
    for left, operator, right in rule.guards:
        yield f"FILTER({values.sparql(left, operator, right)})"


def _brief(term: str) -> str:
    return short(term) if term.startswith("<") else term
