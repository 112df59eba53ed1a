"""Finds proofs: backward, depth first, one rule at a time over the store, down to what was told.

Nothing is stored.  A statement is proved in ``n`` steps if it was told (``n`` is 0), or if a rule gives it from premises that are
proved in fewer; trying 1, 2, 3 steps in turn finds a shortest proof, ends where rules run in a circle, and lets what was tried be
remembered.  Names of one thing (``owl:sameAs``) count for each other, in a step of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from communique.errors import ReasoningError
from communique.iris import Iris
from communique.ontology.proofs import known
from communique.ontology.proofs.evidence import evidence
from communique.ontology.proofs.known import QueryRule
from communique.ontology.proofs.proof import OBJECT, SAME, SUBJECT, TOLD, Proof, filled
from communique.ontology.proofs.sources import Scope, Sources
from communique.ontology.rule import Atom, Guard, Rule, variable
from communique.ontology.terms import Triple, short
from communique.ontology.values import OPERATORS
from communique.store import Store

_DEEPEST = 24
_SHALLOW = 4  # steps that are tried by exact names before other names are looked at
_MOST_LOOKUPS = 200_000


class Prover:
    """Proves what one store says; what it has looked up serves the next proof."""

    def __init__(self, store: Store, iris: Iris) -> None:
        self.sources = Sources(store, iris)
        self._exact = _Search(self.sources, ())
        self._leaves: dict[Proof, Proof] = {}

    def prove(self, triple: Triple, graph: str | None = None) -> Proof | None:
        """A shortest proof of a statement, as it stands in ``graph`` or else wherever it stands; None if there is none.

        Raises ``ReasoningError`` if the search takes too long.
        """
        for scope in self._scopes(triple, graph):
            for search, deepest in self._searches(scope):
                if found := search.prove(triple, deepest):
                    return self._worded(found)
        return None

    def proofs(self, triple: Triple, most: int = 20) -> list[Proof]:
        """Up to ``most`` proofs of a statement, the shortest first, from all graphs where it stands."""
        found: dict[Proof, None] = {}
        for scope in self._scopes(triple, None):
            for search, deepest in self._searches(scope):
                if shortest := search.prove(triple, deepest):
                    every = search.every(triple, shortest.depth + 1, frozenset(), most)
                    found |= dict.fromkeys(islice(every, most))
                    break
        return [self._worded(p) for p in sorted(found, key=lambda p: (p.depth, p.size))[:most]]

    def refute(self, rule: Rule, values: Sequence[str], graph: str | None = None) -> Proof | None:
        """The proof that a false ``rule`` is matched, with ``values`` for its variables in the order in which they come."""
        names = dict.fromkeys(t for atom in rule.body for t in atom if variable(t))
        bindings = dict(zip(names, values, strict=True))
        scope = self.sources.scope(graph) if graph else ()
        premises = tuple(self._shortest(filled(atom, bindings), scope) for atom in rule.body)
        if not all(premises):
            return None
        proved = tuple(p for p in premises if p)
        return self._worded(Proof(None, rule.name, rule.axiom, tuple(sorted(bindings.items())), proved))

    def _shortest(self, triple: Triple, scope: Scope) -> Proof | None:
        return next((found for search, deepest in self._searches(scope) if (found := search.prove(triple, deepest))), None)

    def _searches(self, scope: Scope) -> Iterator[tuple[_Search, int]]:
        """Searches in a scope, one after the other, and how deep they go: by exact names, then by all names.

        What the first finds is the same whatever was proved before, so it is kept for the next statement of the scope.
        """
        if self._exact.scope != scope:
            self._exact = _Search(self.sources, scope)
        exact = self._exact
        exact.lookups = 0
        yield exact, _SHALLOW
        yield _Search(self.sources, scope, exact), _DEEPEST

    def _scopes(self, triple: Triple, graph: str | None) -> list[Scope]:
        """The scopes of the graphs where a statement stands, under any of its names."""
        if graph:
            return [self.sources.scope(graph)]
        graphs = [g for name in _variants(self.sources, triple) for g in self.sources.graphs(name, ())]
        return list(dict.fromkeys(self.sources.scope(g) for g in graphs)) or [()]

    def _worded(self, proof: Proof) -> Proof:
        """A proof with the words that its leaves rest on."""
        if proof.triple and not proof.premises:
            if proof not in self._leaves:
                reason, words = evidence(self.sources, proof.triple, proof.graphs)
                self._leaves[proof] = Proof(proof.triple, proof.rule, proof.says or reason, (), (), proof.graphs, words)
            return self._leaves[proof]
        premises = tuple(map(self._worded, proof.premises))
        return Proof(proof.triple, proof.rule, proof.says, proof.bindings, premises, proof.graphs, proof.evidence)


def _variants(sources: Sources, triple: Triple) -> Iterator[Triple]:
    """A triple under every name of its subject and its object, itself first; which name a decision is about is no matter of names."""
    s, p, o = triple
    if p == SAME:
        yield triple
        return
    for subject in sources.names(s):
        for value in sources.names(o):
            yield subject, p, value


@dataclass(slots=True)
class _Search:
    """A search in one scope: what is proved, and in how many steps what is not proved was tried in vain.

    With ``exact``, a search by exact names, it goes on to other names.
    """

    sources: Sources
    scope: Scope
    exact: _Search | None = None
    proved: dict[Triple, Proof] = field(default_factory=dict)
    failed: dict[Triple, int] = field(default_factory=dict)
    answers: dict[tuple[str, Triple], list[tuple[dict[str, str], tuple[Triple, ...]]]] = field(default_factory=dict)
    lookups: int = 0

    def every(self, triple: Triple, depth: int, above: frozenset[Triple], most: int) -> Iterator[Proof]:
        """All proofs of at most ``depth`` steps in which no statement rests on itself; of each premise the first ``most``."""
        if leaf := self._leaf(triple):
            yield leaf
        if depth <= 0:
            return
        for rule, bindings, premises in self._steps(triple, told=depth == 1):
            if triple in premises or above.intersection(premises):
                continue
            ways = [tuple(islice(self.every(p, depth - 1, above | {triple}, most), most)) for p in dict.fromkeys(premises)]
            for chosen in product(*ways) if self._gives(rule, bindings) else ():
                by = dict(zip(dict.fromkeys(premises), chosen, strict=True))
                yield _step(triple, rule, bindings, tuple(by[p] for p in premises))
        yield from self._renamed(triple, depth)

    def prove(self, triple: Triple, deepest: int) -> Proof | None:
        """A shortest proof in at most so many steps."""
        if found := self.proved.get(triple):
            return found if found.depth <= deepest else None
        tried = self.failed.get(triple, -1)
        for depth in range(tried + 1, deepest + 1):
            if found := self._in(triple, depth):
                self.proved[triple] = found
                return found
            self.failed[triple] = depth
        return None

    def _in(self, triple: Triple, depth: int) -> Proof | None:
        """A proof in exactly ``depth`` steps; fewer were tried."""
        if depth == 0:
            return self._leaf(triple)
        for rule, bindings, premises in self._steps(triple, told=depth == 1):
            if triple in premises:
                continue
            proofs: list[Proof] = []
            for premise in premises:
                if not (found := self.prove(premise, depth - 1)):
                    break
                proofs.append(found)
            else:
                if self._gives(rule, bindings):
                    return _step(triple, rule, bindings, tuple(proofs))
        return next(self._renamed(triple, depth), None) if self.exact else None

    def _leaf(self, triple: Triple) -> Proof | None:
        graphs = tuple(g for g in self.sources.graphs(triple, self.scope) if self.sources.told(triple[0], g))
        return Proof(triple, TOLD, graphs=graphs) if graphs else None

    def _renamed(self, triple: Triple, depth: int) -> Iterator[Proof]:
        """The proof of a statement from one about another name of its subject or object."""
        for variant in list(_variants(self.sources, triple))[1:]:
            if not self.sources.graphs(variant, self.scope):
                continue
            if found := (self.exact or self).prove(variant, depth - 1):
                yield self._identity(triple, variant, found)
                return

    def _identity(self, triple: Triple, variant: Triple, found: Proof) -> Proof:
        """The steps from a statement under one name to that under another: first the subject, then the object."""
        here = variant
        for place, rule in ((0, SUBJECT), (2, OBJECT)):
            if here[place] != triple[place]:
                there: Triple = (triple[0], here[1], here[2]) if place == 0 else (here[0], here[1], triple[2])
                decided = self._decided(here[place], triple[place])
                found = Proof(there, rule, f"{short(here[place])} and {short(triple[place])} are one", (), (found, *decided))
                here = there
        return found

    def _decided(self, one: str, other: str) -> tuple[Proof, ...]:
        """The decisions by which two names are of one thing, as leaves."""
        paths: dict[str, tuple[Triple, ...]] = {one: ()}
        todo = [one]
        reference = (self.sources.iris.graph("reference"),)
        while todo and other not in paths:
            name = todo.pop(0)
            links = [(name, SAME, o) for o, _ in self.sources.out(name, SAME, reference)]
            links += [(s, SAME, name) for s, _ in self.sources.into(SAME, name, reference)]
            for link in links:
                beyond = link[2] if link[0] == name else link[0]
                if beyond not in paths:
                    paths[beyond] = (*paths[name], link)
                    todo.append(beyond)
        return tuple(Proof(link, TOLD, graphs=reference) for link in paths[other])

    # Rules backward

    def _steps(self, triple: Triple, told: bool) -> Iterator[tuple[Rule | QueryRule, dict[str, str], tuple[Triple, ...]]]:
        """The ways in which a rule gives a triple; ``told`` asks for premises that were told, and no others."""
        rules = known.by_head()
        for rule in rules.get(known.key(triple), ()):
            assert rule.head
            if (bound := _unified(rule.head, triple)) is not None:
                for bindings in self._matches(list(rule.body), list(rule.guards), bound, told):
                    yield rule, bindings, tuple(filled(atom, bindings) for atom in rule.body)
        if not self.scope:
            for query, head in ((q, h) for q in known.queries() for h in q.heads):
                if (bound := _unified(head, triple)) is not None:
                    for bindings, premises in self._answers(query, triple, bound):
                        yield query, bindings, premises

    def _matches(self, atoms: list[Atom], guards: list[Guard], bound: dict[str, str], told: bool) -> Iterator[dict[str, str]]:
        """All bindings under which the patterns are in the store and the guards hold."""
        open_: list[Guard] = []
        for left, operator, right in guards:
            a, b = bound.get(left, left), bound.get(right, right)
            if variable(a) or variable(b):
                open_.append((left, operator, right))
            elif not OPERATORS[operator][0](a, b):
                return
        if not atoms:
            yield bound
            return
        atom = max(atoms, key=lambda a: _bound(a, bound))
        rest = [a for a in atoms if a is not atom]
        for found in self._found(atom, bound, told):
            yield from self._matches(rest, open_, {**bound, **found}, told)

    def _found(self, atom: Atom, bound: dict[str, str], told: bool) -> Iterator[dict[str, str]]:
        """What the free variables of one pattern stand for in the store."""
        self.lookups += 1
        if self.lookups > _MOST_LOOKUPS:
            raise ReasoningError("the search for a proof takes too long", todo="ask for a statement with fewer ways to follow")
        s, p, o = filled(atom, bound)
        look = self.sources
        if variable(p):
            if not variable(s):
                for q, value, graph in look.about(s, self.scope):
                    if (variable(o) or value == o) and (not told or look.told(s, graph)):
                        yield {p: q, o: value} if variable(o) else {p: q}
        elif not variable(s) and not variable(o):
            for variant in _variants(look, (s, p, o)) if self.exact else ((s, p, o),):
                if any(not told or look.told(variant[0], g) for g in look.graphs(variant, self.scope)):
                    yield {}
                    return
        elif not (variable(s) and variable(o)):
            seen: set[str] = set()
            here = o if variable(s) else s
            for name in look.names(here) if self.exact else (here,):
                for other, graph in look.into(p, name, self.scope) if variable(s) else look.out(name, p, self.scope):
                    if other not in seen and (not told or look.told(other if variable(s) else name, graph)):
                        seen.add(other)
                        yield {s if variable(s) else o: other}
        else:
            raise ReasoningError(f"nothing of the pattern {' '.join(atom)} is known", todo="join the patterns of the rule")

    def _answers(self, query: QueryRule, triple: Triple, bound: dict[str, str]) -> list[tuple[dict[str, str], tuple[Triple, ...]]]:
        """The bindings under which conclusions and premises of a SPARQL rule are in the store, with the premises."""
        if (query.name, triple) not in self.answers:
            ways = [bound | way for way in query.choices() if all(bound.get(name, term) == term for name, term in way.items())]
            concluded = [b for way in ways for b in self._matches(list(query.heads), [], way, told=False)]
            found = [b for way in concluded for b in self._matches(list(query.premises), [], way, told=False)]
            self.answers[query.name, triple] = [(b, (*(filled(a, b) for a in query.premises), *self._also(query, b))) for b in found]
        return self.answers[query.name, triple]

    def _also(self, query: QueryRule, bindings: dict[str, str]) -> Iterator[Triple]:
        """What a conclusion of a SPARQL rule rests on besides its premises."""
        for also in query.also:
            found = self.sources.store.select(also.found(bindings))
            for row in found:
                further = {f"?{name}": str(term) for name, term in zip(found.variables, row, strict=True)}
                yield from (filled(atom, bindings | further) for atom in also.atoms)

    def _gives(self, rule: Rule | QueryRule, bindings: dict[str, str]) -> bool:
        """Whether a rule gives its conclusion with these bindings, whose premises hold."""
        return isinstance(rule, Rule) or self.sources.store.ask(rule.holds(bindings, self.sources.iris.base))


def _bound(atom: Atom, bound: dict[str, str]) -> tuple[bool, int, bool]:
    """How little of a pattern is open; a subject that is known leaves less open than an object."""
    s, p, o = filled(atom, bound)
    return not variable(p) or not variable(s), (not variable(s)) + (not variable(o)), not variable(s)


def _unified(head: Atom, triple: Triple) -> dict[str, str] | None:
    bound: dict[str, str] = {}
    for term, value in zip(head, triple, strict=True):
        if (bound.setdefault(term, value) if variable(term) else term) != value:
            return None
    return bound


def _step(triple: Triple, rule: Rule | QueryRule, bindings: dict[str, str], premises: tuple[Proof, ...]) -> Proof:
    says = rule.axiom if isinstance(rule, Rule) else rule.says
    return Proof(triple, rule.name, says, tuple(sorted(bindings.items())), premises)
