"""The standard reading run to its end on any graph: what it entails, and what in it is inconsistent."""

from __future__ import annotations

from collections.abc import Iterable

from communique.ontology.closure import Clash, Closure
from communique.ontology.compiler import compile_rules
from communique.ontology.terms import Triple


def saturate(triples: Iterable[Triple]) -> tuple[set[Triple], list[Clash]]:
    """A graph with all that follows, terms and data mixed: axioms that follow are compiled again until none is new."""
    known = set(triples)
    while True:
        closure = Closure(compile_rules(known, standard=True), literals=True)
        new = closure.layer(known).known - known
        if not new:
            return known, closure.clashes(known)
        known |= new


def entails(graph: set[Triple], wanted: Iterable[Triple]) -> bool:
    """Whether a graph holds some triples, with blank nodes standing for anything."""
    todo = sorted(wanted, key=lambda t: sum(term.startswith("_:") for term in t))

    def match(rest: list[Triple], bound: dict[str, str]) -> bool:
        if not rest:
            return True
        pattern = tuple(bound.get(term, term) for term in rest[0])
        for triple in [pattern] if not any(map(_blank, pattern)) and pattern in graph else graph:
            more: dict[str, str] = {}
            if all(more.setdefault(a, b) == b if _blank(a) else a == b for a, b in zip(pattern, triple, strict=True)) and match(
                rest[1:], bound | more
            ):
                return True
        return False

    return match(todo, {})


def _blank(term: str) -> bool:
    # The nodes of the graph are made names first (see ``fixed``), so what is blank here belongs to the question.
    return term.startswith("_:")


def fixed(triples: Iterable[Triple]) -> list[Triple]:
    """A graph whose blank nodes have names, so that they are not taken for those of a question."""
    return [(_name(s), _name(p), _name(o)) for s, p, o in triples]


def _name(term: str) -> str:
    return f"<urn:node:{term[2:]}>" if term.startswith("_:") else term
