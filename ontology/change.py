"""Which readouts a change of the reference layer can reach, so that the others keep what was inferred for them.

A closure of one readout uses the reference layer only as partner in a join.  So a triple that came or went matters to those that
hold a term which, in the body of some rule, stands between the triples of the layer and those of a readout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from communique.ontology.program import Layer
from communique.ontology.rule import Atom, Rule, variable
from communique.ontology.terms import TYPE, Triple

_Values = dict[str, set[str]]


def touched(rules: Iterable[Rule], before: Layer, after: Layer) -> set[str]:
    """The terms through which what differs between two closed layers can join what a readout holds; too many rather than too few."""
    changed: dict[str, list[Triple]] = defaultdict(list)
    for triple in before.known ^ after.known:
        changed[triple[1]].append(triple)
        if triple[1] == TYPE:
            changed[_key(triple)].append(triple)
    out: set[str] = set()
    for rule in rules:
        if len(rule.body) < 2:
            continue
        for place, atom in enumerate(rule.body):
            for triple in changed.get(_key(atom), ()):
                if (values := _match(atom, triple)) is not None:
                    rest = [a for i, a in enumerate(rule.body) if i != place]
                    _widen(values, rest, (before, after))
                    out.update(v for name in _shared(rule) for v in values.get(name, ()))
    return out


def _key(atom: Atom) -> str:
    return atom[1] + atom[2] if atom[1] == TYPE and not variable(atom[2]) else atom[1]


def _match(atom: Atom, triple: Triple) -> _Values | None:
    values: _Values = {}
    for term, value in ((atom[0], triple[0]), (atom[2], triple[2])):
        if not variable(term):
            if term != value:
                return None
        elif values.setdefault(term, {value}) != {value}:
            return None
    return values


def _shared(rule: Rule) -> set[str]:
    """The variables that stand in two patterns of a rule."""
    seen: dict[str, int] = defaultdict(int)
    for s, _, o in rule.body:
        for term in {s, o}:
            seen[term] += variable(term)
    return {term for term, count in seen.items() if count > 1}


def _widen(values: _Values, atoms: list[Atom], layers: tuple[Layer, Layer]) -> None:
    """Add to ``values`` what the variables can be by the other patterns of two variables, as far as the layers match them."""
    pairs = [(s, p, o) for s, p, o in atoms if variable(s) and variable(o)]
    grown = True
    while grown:
        grown = False
        for s, p, o in pairs:
            for here, there, index in ((s, o, "out"), (o, s, "into")):
                if here in values:
                    known = values.setdefault(there, set())
                    size = len(known)
                    for layer in layers:
                        table: Mapping[str, list[str]] = getattr(layer, index).get(p, {})
                        for value in tuple(values[here]):
                            known.update(table.get(value, ()))
                    grown |= len(known) > size
