"""Closes the triples of one readout under compiled rules, semi-naively, against a reference layer that is closed once.

Each rule becomes a few lines of generated Python for each pattern of its body: given one new triple, it looks the others
up and adds the head.  A triple is indexed when it is taken from the queue, so every combination is seen once.
owlrl is asked here and nowhere else: it closes the ontology itself, and it is the oracle of the tests.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from communique.errors import ReasoningError
from communique.ontology.compiler import compile_rules
from communique.ontology.rule import Atom, Rule, variable, variables
from communique.ontology.table import domain
from communique.ontology.terms import OWL, RDFS, TYPE, Triple, ontology, short
from communique.ontology.values import OPERATORS

_Fire = Callable[[str, str], None]
_Factory = Callable[..., dict[str, tuple[_Fire, ...]]]


@dataclass(slots=True)
class Layer:
    """Triples with their indexes; a closed layer is only read from then on.

    What is closed against a layer does not repeat ``told``: all of it, unless a smaller set is given.
    """

    known: set[Triple] = field(default_factory=set)
    out: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    into: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    told: set[Triple] | None = None

    def index(self, s: str, p: str, o: str) -> None:
        self.out[p, s].append(o)
        self.into[p, o].append(s)

    def with_(self, other: Layer) -> Layer:
        """A layer of both; neither is changed."""
        both = Layer(self.known | other.known, defaultdict(list, self.out), defaultdict(list, self.into))
        for here, there in ((both.out, other.out), (both.into, other.into)):
            for key, values in there.items():
                here[key] = [*here.get(key, ()), *values]
        return both


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
        self._watched = self.predicates.union(p for rule in self.false for _, p, _ in rule.body)
        self.literals = literals
        # Only what some rule looks up is worth an index.
        self._joined = {p for rule in everything if len(rule.body) > 1 for s, p, o in rule.body if variable(s) and variable(o)}
        self._factory = _generate(self.rules, self._joined)
        self._refute = _generate(self.false, self._joined)

    def infer(self, triples: Iterable[Triple], reference: Layer | None = None) -> list[Triple]:
        """The triples that follow from ``triples`` and the closed layer ``reference``, sorted; what these tell is not repeated."""
        asserted = [t for t in triples if t[1] in self.predicates]
        layer = self._close(asserted, reference or Layer())
        return sorted(layer.known.difference(asserted))

    def layer(self, triples: Iterable[Triple], reference: Layer | None = None) -> Layer:
        """A closed layer: what rules, false ones too, can use of ``triples``, and what follows from it and a closed layer ``reference``."""
        return self._close([t for t in triples if t[1] in self._watched], reference or Layer())

    def clashes(self, closed: Iterable[Triple], reference: Layer | None = None) -> list[Clash]:
        """What contradicts the false rules in triples with all that follows from them, sorted."""
        found: set[Clash] = set()
        new = Layer(set(closed))
        self._run(self._refute, new, reference or Layer(), lambda number, values: found.add(Clash(self.false[number], values)))
        return sorted(found, key=lambda c: (c.rule.name, c.rule.axiom, c.values))

    def _close(self, asserted: list[Triple], reference: Layer) -> Layer:
        new = Layer(set(asserted).union(self.facts - reference.known))
        queue = deque(new.known)
        known, literals = new.known, self.literals
        told = reference.known if reference.told is None else reference.told

        def add(triple: Triple) -> None:
            # A literal cannot be a subject; a range or an inverse over a literal would make one.
            if triple not in known and triple not in told and (triple[0][0] != '"' or literals):
                known.add(triple)
                queue.append(triple)

        self._run(self._factory, new, reference, add, queue)
        return new

    def _run(self, factory: _Factory, new: Layer, reference: Layer, act: Callable[..., None], queue: deque[Triple] | None = None) -> None:
        """Take each triple from the queue, index it, and let every rule that it can take part in act."""
        known, settled = new.known, reference.known
        new_out, old_out, new_into, old_into = new.out, reference.out, new.into, reference.into

        def out(p: str, s: str) -> Iterator[str]:
            yield from tuple(new_out.get((p, s), ()))
            yield from old_out.get((p, s), ())

        def into(p: str, o: str) -> Iterator[str]:
            yield from tuple(new_into.get((p, o), ()))
            yield from old_into.get((p, o), ())

        def has(triple: Triple) -> bool:
            return triple in known or triple in settled

        fire = factory(out, into, has, act, OPERATORS)
        none: tuple[_Fire, ...] = ()
        joined, index = self._joined, new.index
        queue = deque(known) if queue is None else queue
        while queue:
            s, p, o = queue.popleft()
            if p in joined:
                index(s, p, o)
            for rule in fire.get(p, none):
                rule(s, o)
            if p == TYPE:
                for rule in fire.get(p + o, none):
                    rule(s, o)


def _generate(rules: Iterable[Rule], joined: set[str]) -> _Factory:
    """A function that ties all rules to the indexes of one closure: predicate (with class, for types) -> what to fire.

    Properties that a rule looks up are added to ``joined``.
    """
    lines = ["def factory(out, into, has, act, operators):"]
    lines += [f"    {_test(operator)} = operators[{operator!r}][0]" for operator in OPERATORS]
    triggers: dict[str, list[str]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for place, (_, p, o) in enumerate(rule.body):
            name = f"r{number}_{place}"
            lines += _function(name, number, rule, place, joined)
            triggers[p + o if p == TYPE and not variable(o) else p].append(name)
    table = ", ".join(f"{key!r}: ({', '.join(names)},)" for key, names in triggers.items())
    lines.append(f"    return {{{table}}}")
    scope: dict[str, _Factory] = {}
    exec(compile("\n".join(lines), "<rules>", "exec"), {}, scope)  # noqa: S102 - the text is made here, from compiled rules only
    return scope["factory"]


def _test(operator: str) -> str:
    return f"test{list(OPERATORS).index(operator)}"


def _function(name: str, number: int, rule: Rule, place: int, joined: set[str]) -> list[str]:
    """The lines of one function: the triple ``s p o`` has matched ``rule.body[place]``."""
    bound: dict[str, str] = {}
    lines = [f"    def {name}(s, o):  # {rule.name}"]
    depth = 2

    def say(line: str, deeper: int = 0) -> None:
        nonlocal depth
        lines.append("    " * depth + line)
        depth += deeper

    def term(t: str) -> str:
        return bound[t] if variable(t) else repr(t)

    first = rule.body[place]
    for value, t in (("s", first[0]), ("o", first[2])):
        if variable(t) and t not in bound:
            bound[t] = value
        elif variable(t) or first[1] != TYPE or value == "s":
            say(f"if {value} == {term(t)}:", 1)
    rest = [atom for i, atom in enumerate(rule.body) if i != place]
    guards = list(rule.guards)
    while rest or guards:
        for guard in [g for g in guards if all(not variable(t) or t in bound for t in (g[0], g[2]))]:
            guards.remove(guard)
            say(f"if {_test(guard[1])}({term(guard[0])}, {term(guard[2])}):", 1)
        if rest:
            atom = max(rest, key=lambda a: (not bound.keys().isdisjoint(a), sum(not variable(t) or t in bound for t in (a[0], a[2]))))
            rest.remove(atom)
            if _join(rule, atom, bound, term, say):
                joined.add(atom[1])
    if rule.head:
        say(f"act(({', '.join(map(term, rule.head))}))")
    else:
        say(f"act({number}, ({''.join(f'{bound[v]}, ' for v in variables(rule))}))")
    return lines


def _join(rule: Rule, atom: Atom, bound: dict[str, str], term: Callable[[str], str], say: Callable[[str, int], None]) -> bool:
    """Say what finds the triples of a pattern, and return whether that looks up an index."""
    s, p, o = atom
    free = [t for t in (s, o) if variable(t) and t not in bound]
    for t in free:
        bound[t] = f"v{len(bound)}"
    if not free:
        say(f"if has(({term(s)}, {p!r}, {term(o)})):", 1)
    elif len(free) == 1 and free[0] == o:
        say(f"for {bound[o]} in out({p!r}, {term(s)}):", 1)
    elif len(free) == 1:
        say(f"for {bound[s]} in into({p!r}, {term(o)}):", 1)
    else:
        raise ReasoningError(
            "the body of the rule falls apart: no pattern shares a variable with the next", where=rule.name, todo="join them"
        )
    return bool(free)


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
