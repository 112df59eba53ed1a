"""The Python that a set of rules becomes: one function for each property, and for each class, that some rule looks at.

A function is called with the ends of one triple.  It puts the triple into the indexes in which others will look for it, then looks up
the rest of each rule that the triple can take part in, and adds what follows.  Since it is indexed first, every combination is seen.
The members of a class are a set, so most of what follows, a type that is known, is seen without making a triple of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from communique.errors import ReasoningError
from communique.ontology.rule import Atom, Rule, variable, variables
from communique.ontology.terms import TYPE, Triple
from communique.ontology.values import OPERATORS

Index = dict[str, dict[str, list[str]]]
"""Property -> one end of its triples -> the other ends."""
Match = tuple[int, tuple[str, ...]]
"""The number of a rule without head, and what its variables stand for."""
Run = Callable[[Iterable[Triple]], tuple[list[Triple], list[Match]]]
"""From triples to what is new, in no order, and the matches of rules without head."""
_Key = tuple[str, str]
"""A property, with the class for types of one class."""


@dataclass(slots=True)
class Layer:
    """Triples with their indexes; a closed layer is only read.

    What is closed against a layer does not repeat ``told``: all of it, unless a smaller set is given.
    """

    known: set[Triple] = field(default_factory=set)
    out: Index = field(default_factory=dict)
    into: Index = field(default_factory=dict)
    told: set[Triple] | None = None
    runs: dict[Callable[[Layer], Run], Run] = field(default_factory=dict, compare=False, repr=False)

    def run(self, bind: Callable[[Layer], Run]) -> Run:
        """The rules that ``bind`` ties to a layer, tied to this one once.  Not for two threads at the same time."""
        if bind not in self.runs:
            self.runs[bind] = bind(self)
        return self.runs[bind]

    def with_(self, other: Layer) -> Layer:
        """A layer of both; neither is changed."""
        return Layer(self.known | other.known, _both(self.out, other.out), _both(self.into, other.into))


def generate(rules: Sequence[Rule], literals: bool) -> Callable[[Layer], Run]:
    """What ties the rules to a layer and then runs them; with ``literals`` a literal can become the subject of a statement."""
    lines = _Writer(rules, literals).text()
    scope: dict[str, Any] = {"classes_of": _classes}
    exec(compile("\n".join(lines), "<rules>", "exec"), scope)  # noqa: S102 - the text is made here, from compiled rules only
    bind: Callable[[Layer, Mapping[str, Any]], Run] = scope["bind"]
    return lambda layer: bind(layer, OPERATORS)


class _Writer:
    """Writes the functions, which are named by the numbers of what they look at."""

    def __init__(self, rules: Sequence[Rule], literals: bool) -> None:
        self.literals = literals
        keys = dict.fromkeys(_key(atom) for rule in rules for atom in rule.body)
        self.numbers = {key: number for number, key in enumerate(keys)}
        atoms = [atom for rule in rules for atom in (*rule.body, *((rule.head,) if rule.head else ()))]
        named = dict.fromkeys(o for _, p, o in atoms if p == TYPE and not variable(o))
        self.classes = {name: number for number, name in enumerate(named)}
        self.bodies: dict[_Key, list[str]] = {key: [] for key in keys}
        self.out: set[_Key] = set()
        self.into: set[_Key] = set()
        for number, rule in enumerate(rules):
            for place in range(len(rule.body)):
                self._rule(number, rule, place)

    def text(self) -> Iterator[str]:
        """The lines of the whole."""
        yield "def bind(layer, operators):"
        yield "    settled, told, none, nobody = layer.known, layer.known if layer.told is None else layer.told, {}, frozenset()"
        yield "    in_settled, in_told = classes_of(settled), classes_of(told)"
        for place, operator in enumerate(OPERATORS):
            yield f"    test{place} = operators[{operator!r}][0]"
        for name, number in self.classes.items():
            yield f"    old{number}, told{number} = in_settled.get({name!r}, nobody), in_told.get({name!r}, nobody)"
        for way, keys in (("out", self.out), ("into", self.into)):
            for key in sorted(keys):
                yield f"    old_{way}{self.numbers[key]} = layer.{way}.get({key[0]!r}, none)"
        yield "    known, new, due, found, members = set(), [], [], [], {}"
        yield "    add, tell, push, match = known.add, new.append, due.append, found.append"
        for name, number in self.classes.items():
            yield f"    is{number} = members[{name!r}] = set()"
        indexes = [f"{way}{self.numbers[key]}" for way, keys in (("out", self.out), ("into", self.into)) for key in sorted(keys)]
        yield from (f"    {index} = {{}}" for index in indexes)
        for key, number in self.numbers.items():
            yield f"    def fire{number}(s, o):"
            if key in self.out:
                yield f"        out{number}.setdefault(s, []).append(o)"
            if key in self.into:
                yield f"        into{number}.setdefault(o, []).append(s)"
            yield from self.bodies[key]
        properties = (f"{p!r}: fire{number}" for (p, _), number in self.numbers.items() if p != TYPE)
        types = (f"{o!r}: ({self._fires((TYPE, o))})" for p, o in self.numbers if p == TYPE and o)
        yield f"    properties = {{{', '.join(properties)}}}"
        yield f"    any_type = ({self._fires((TYPE, ''))})"
        yield f"    types = {{{', '.join(types)}}}"
        yield f"    indexes = ({''.join(f'{index}, ' for index in indexes)})"
        yield from _RUN.splitlines()

    def _fires(self, key: _Key) -> str:
        """The names of all functions for the triples of a key."""
        return "".join(f"fire{self.numbers[k]}, " for k in dict.fromkeys((key, (key[0], ""))) if k in self.numbers)

    def _rule(self, number: int, rule: Rule, place: int) -> None:
        """What is done with a triple that is like ``rule.body[place]``."""
        lines = self.bodies[_key(rule.body[place])]
        lines.append(f"        # {rule.name}")
        bound: dict[str, str] = {}
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
                say(f"if test{list(OPERATORS).index(guard[1])}({term(guard[0])}, {term(guard[2])}):", 1)
            if rest:
                atom = max(rest, key=lambda a: (not bound.keys().isdisjoint(a), sum(not variable(t) or t in bound for t in (a[0], a[2]))))
                rest.remove(atom)
                say(self._join(rule, atom, bound, term), 1)
        if rule.head:
            self._conclude(rule, term, say)
        else:
            say(f"match(({number}, ({''.join(f'{bound[v]}, ' for v in variables(rule))})))")

    def _join(self, rule: Rule, atom: Atom, bound: dict[str, str], term: Callable[[str], str]) -> str:
        """What finds the triples of a pattern."""
        s, p, o = atom
        free = [t for t in (s, o) if variable(t) and t not in bound]
        if len(free) == 2:
            what = "the body of the rule falls apart: no pattern shares a variable with the next"
            raise ReasoningError(what, where=rule.name, todo="join them")
        if p == TYPE and o not in free:
            one = self.classes.get(o)
            here, there = (
                (f"members.get({term(o)}, nobody)", f"in_settled.get({term(o)}, nobody)") if one is None else (f"is{one}", f"old{one}")
            )
            if not free:
                return f"if {term(s)} in {here} or {term(s)} in {there}:"
        elif not free:
            return f"if (t := ({term(s)}, {p!r}, {term(o)})) in known or t in settled:"
        else:
            way, keys, by = ("out", self.out, term(s)) if free[0] == o else ("into", self.into, term(o))
            keys.add(_key(atom))
            index = f"{way}{self.numbers[_key(atom)]}"
            here, there = f"{index}.get({by}, ())", f"old_{index}.get({by}, ())"
        bound[free[0]] = f"v{len(bound)}"
        return f"for {bound[free[0]]} in (*{here}, *{there}):"

    def _conclude(self, rule: Rule, term: Callable[[str], str], say: Callable[..., None]) -> None:
        """Add the head, and let it fire in turn."""
        assert rule.head
        s, p, o = rule.head
        subject, value = term(s), term(o)
        # A literal cannot be a subject; a range or an inverse over a literal would make one.
        if not self.literals and not any(s == other for other, _, _ in rule.body):
            say(f"if {subject}[0] != '\"':", 1)
        if p == TYPE and not variable(o):
            one = self.classes[o]
            say(f"if {subject} not in is{one} and {subject} not in told{one}:", 1)
            say(f"is{one}.add({subject})")
            say(f"tell(({subject}, {p!r}, {value}))")
        elif p == TYPE:
            say(f"if {subject} not in (some := members.setdefault({value}, set())) and {subject} not in in_told.get({value}, nobody):", 1)
            say(f"some.add({subject})")
            say(f"tell(({subject}, {p!r}, {value}))")
            say(f"for fire in types.get({value}, any_type):", 1)
            say(f"push((fire, {subject}, {value}))")
            return
        else:
            say(f"if (t := ({subject}, {p!r}, {value})) not in known and t not in told:", 1)
            say("add(t)")
            say("tell(t)")
        for key in dict.fromkeys((_key(rule.head), (p, ""))):
            if key in self.numbers:
                say(f"push((fire{self.numbers[key]}, {subject}, {value}))")


_RUN = f"""\
    def run(triples):
        for some in (known, new, found, *members.values(), *indexes):
            some.clear()
        triples = list(triples)
        known.update(triples)
        for s, p, o in triples:
            if p == {TYPE!r}:
                members.setdefault(o, set()).add(s)
        for s, p, o in triples:
            if p == {TYPE!r}:
                for fire in types.get(o, any_type):
                    fire(s, o)
            elif fire := properties.get(p):
                fire(s, o)
        while due:
            fire, s, o = due.pop()
            fire(s, o)
        return new.copy(), found.copy()
    return run"""


def _key(atom: Atom) -> _Key:
    return atom[1], atom[2] if atom[1] == TYPE and not variable(atom[2]) else ""


def _classes(triples: Iterable[Triple]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for s, p, o in triples:
        if p == TYPE:
            found[o].add(s)
    return dict(found)


def _both(one: Index, other: Index) -> Index:
    out = dict(one)
    for p, more in other.items():
        out[p] = dict(one.get(p, {}))
        for term, ends in more.items():
            out[p][term] = [*out[p].get(term, ()), *ends]
    return out
