"""Checks that an ontology is inside the OWL 2 RL profile, by its grammar and by the global restrictions of OWL 2 DL.

Follows OWL 2 Profiles, section 4.2 (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL) for class expressions and axioms and
OWL 2 Structural Specification, section 11 for simple properties and regular chains.  Anything the grammar does not
name is a violation, so that nothing slips through by being unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from communique.ontology.facts import OWL, RDF, RDFS, Facts
from communique.ontology.terms import OWL as OWL_BASE
from communique.ontology.terms import short
from communique.ontology.values import DATATYPES

DECLARATIONS = {
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.NamedIndividual,
    OWL.Ontology,
    RDFS.Datatype,
}
NODES = {
    *(OWL.Restriction, RDF.List, OWL.AllDisjointClasses, OWL.AllDisjointProperties, OWL.AllDifferent),
    OWL.NegativePropertyAssertion,
}
CHARACTERISTICS = {
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.IrreflexiveProperty,
    OWL.SymmetricProperty,
    OWL.AsymmetricProperty,
    OWL.TransitiveProperty,
}
NEED_SIMPLE = {OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.AsymmetricProperty}
ANNOTATIONS = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.deprecated, OWL.versionIRI, OWL.imports}
SYNTAX = {
    *(RDF.first, RDF.rest, OWL.onProperty, OWL.onClass, OWL.onDataRange, OWL.members, OWL.distinctMembers),
    *(OWL.sourceIndividual, OWL.assertionProperty, OWL.targetIndividual, OWL.targetValue),
}
IDENTITY = {OWL.sameAs, OWL.differentFrom}
# The constructs of class expressions that the grammar allows on each side, beyond a name.
SUB = {OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.someValuesFrom, OWL.hasValue}
SUPER = {OWL.intersectionOf, OWL.complementOf, OWL.allValuesFrom, OWL.hasValue, OWL.maxCardinality, OWL.maxQualifiedCardinality}
EQUIVALENT = {OWL.intersectionOf, OWL.hasValue}
EXPRESSIONS = (
    SUB
    | SUPER
    | {
        OWL.minCardinality,
        OWL.minQualifiedCardinality,
        OWL.cardinality,
        OWL.qualifiedCardinality,
        OWL.hasSelf,
    }
)
SIDES = {"sub": SUB, "super": SUPER, "equivalent": EQUIVALENT}


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """What is outside the profile: where (an IRI, or the IRI that a nameless axiom leads to) and in one plain line why."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def check(facts: Facts) -> tuple[Violation, ...]:
    """All violations of an ontology, sorted; empty if it is inside OWL 2 RL."""
    return tuple(sorted(set(_Check(facts).run())))


class _Check:
    def __init__(self, facts: Facts) -> None:
        self.g = facts
        # The inverse of a property may be used without a name.
        unnamed = {s for s, _ in facts.pairs(OWL.inverseOf) if s.startswith("_:")}
        self.objects = unnamed.union(facts.subjects(RDF.type, OWL.ObjectProperty))
        self.data = set(facts.subjects(RDF.type, OWL.DatatypeProperty))
        self.notes = set(facts.subjects(RDF.type, OWL.AnnotationProperty)) | ANNOTATIONS
        self.classes = set(facts.subjects(RDF.type, OWL.Class))
        self.axioms: dict[str, Callable[[str, str], Iterator[Violation]]] = {
            RDF.type: self._type,
            RDFS.subClassOf: self._classes("sub", "super"),
            OWL.equivalentClass: self._classes("equivalent", "equivalent"),
            OWL.disjointWith: self._classes("sub", "sub"),
            RDFS.domain: self._domain,
            RDFS.range: self._range,
            RDFS.subPropertyOf: self._two,
            OWL.equivalentProperty: self._two,
            OWL.propertyDisjointWith: self._two,
            OWL.inverseOf: self._inverse,
            OWL.propertyChainAxiom: self._chain,
            OWL.hasKey: self._key,
            OWL.members: self._all_disjoint,
        }

    def run(self) -> Iterator[Violation]:
        for p in (self.objects & self.data) | (self.objects & self.notes) | (self.data & self.notes):
            yield self._bad(p, "is declared as two kinds of property")
        for s, p, o in self.g.triples:
            yield from self._triple(s, p, o)
        yield from self._simple()
        yield from self._regular()

    def _bad(self, where: str, message: str) -> Violation:
        return Violation(self.g.named(where), message)

    def _triple(self, s: str, p: str, o: str) -> Iterator[Violation]:
        if p in self.axioms:
            yield from self.axioms[p](s, o)
        elif p in self.objects or p in self.data:
            if (o[0] == '"') != (p in self.data):
                yield self._bad(s, f"the value of {short(p)} is of the wrong kind")
        elif p in EXPRESSIONS and not s.startswith("_:"):
            yield self._bad(s, f"a class with a name cannot be {short(p)} itself, only owl:equivalentClass to it")
        elif p not in EXPRESSIONS | SYNTAX | IDENTITY and p not in self.notes:
            # Expressions are read where they are used; annotations have no logic; identity is allowed between any two.
            yield self._bad(s, f"{short(p)} is neither declared nor part of OWL 2 RL")

    def _classes(self, left: str, right: str) -> Callable[[str, str], Iterator[Violation]]:
        def both(s: str, o: str) -> Iterator[Violation]:
            yield from self._class(s, left)
            yield from self._class(o, right)

        return both

    def _domain(self, s: str, o: str) -> Iterator[Violation]:
        yield from self._property(s)
        if s not in self.notes:
            yield from self._class(o, "super")

    def _range(self, s: str, o: str) -> Iterator[Violation]:
        yield from self._property(s)
        if s in self.data:
            yield from self._datatype(o)
        elif s not in self.notes:
            yield from self._class(o, "super")

    def _two(self, s: str, o: str) -> Iterator[Violation]:
        """Two properties in one axiom: of the same kind."""
        yield from self._property(s)
        yield from self._property(o)
        if (s in self.objects) != (o in self.objects):
            yield self._bad(s, f"and {o} are not the same kind of property")

    def _inverse(self, s: str, o: str) -> Iterator[Violation]:
        yield from self._two(s, o)
        if s not in self.objects:
            yield self._bad(s, "has an inverse and is not an object property")

    def _chain(self, s: str, o: str) -> Iterator[Violation]:
        for member in (s, *self.g.members(o)):
            if member not in self.objects:
                yield self._bad(s, f"a chain runs over {member}, which is not declared as an object property")

    def _key(self, s: str, o: str) -> Iterator[Violation]:
        yield from self._class(s, "sub")
        for member in self.g.members(o):
            yield from self._property(member)

    def _all_disjoint(self, s: str, o: str) -> Iterator[Violation]:
        if (s, RDF.type, OWL.AllDifferent) in self.g:
            return
        properties = (s, RDF.type, OWL.AllDisjointProperties) in self.g
        for member in self.g.members(o):
            yield from self._property(member) if properties else self._class(member, "sub")

    def _type(self, s: str, o: str) -> Iterator[Violation]:
        if o in DECLARATIONS | NODES:
            if s.startswith("_:") and o in (OWL.Class, OWL.Restriction) and not self.g.uses(s):
                used = (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith)
                if not any(p in used for p, _ in self.g.about(s)):
                    yield self._bad(s, "a class expression is used nowhere")
        elif o in CHARACTERISTICS:
            yield from self._property(s)
            if s in self.data and o != OWL.FunctionalProperty:
                yield self._bad(s, f"a data property cannot be {short(o)}")
        elif o.startswith(f"<{OWL_BASE}") and o != OWL.Thing:
            yield self._bad(s, f"{short(o)} is not part of OWL 2 RL")
        else:
            yield from self._class(o, "super")

    def _property(self, p: str) -> Iterator[Violation]:
        if p not in self.objects and p not in self.data and p not in self.notes:
            yield self._bad(p, "is used as a property and not declared as one")

    def _datatype(self, d: str) -> Iterator[Violation]:
        if d not in DATATYPES:
            yield self._bad(d, "is not a datatype of OWL 2 RL")

    def _class(self, c: str, side: str) -> Iterator[Violation]:
        """Violations of the class expression ``c`` on one side of an axiom (``sub``, ``super``, ``equivalent``)."""
        if not c.startswith("_:"):
            if c == OWL.Thing or (c not in self.classes and c != OWL.Nothing):
                yield self._bad(
                    c, f"owl:Thing is not allowed as a {side}-class" if c == OWL.Thing else "is used as a class and not declared as one"
                )
            return
        constructs = [p for p in (q for q, _ in self.g.about(c)) if p in EXPRESSIONS]
        if len(constructs) != 1:
            yield self._bad(c, "a class expression must have exactly one construct")
            return
        construct = constructs[0]
        value = self.g.value(c, construct)
        if value is None or construct not in SIDES[side]:
            yield self._bad(c, f"{short(construct)} is not allowed in a {side}-class expression")
            return
        on = self.g.value(c, OWL.onProperty)
        if on is not None:
            yield from self._property(on)
        yield from self._parts(c, construct, value, on, side)

    def _parts(self, c: str, construct: str, value: str, on: str | None, side: str) -> Iterator[Violation]:
        """Violations inside a class expression whose construct is allowed."""
        if construct in (OWL.intersectionOf, OWL.unionOf):
            for part in self.g.members(value):
                yield from self._class(part, side)
        elif construct == OWL.complementOf:
            yield from self._class(value, "sub")
        elif construct in (OWL.someValuesFrom, OWL.allValuesFrom) and on in self.data:
            yield from self._datatype(value)
        elif construct == OWL.allValuesFrom or (construct == OWL.someValuesFrom and value != OWL.Thing):
            yield from self._class(value, side)
        elif construct in (OWL.maxCardinality, OWL.maxQualifiedCardinality):
            if (number := value.strip('"').split('"')[0]) not in ("0", "1"):
                yield self._bad(c, f"a maximum cardinality of {number} is not allowed, only 0 and 1")
            filler = self.g.value(c, OWL.onClass)
            if filler is not None and filler != OWL.Thing:
                yield from self._class(filler, "sub")

    def _composite(self) -> set[str]:
        """Properties that follow from chains or transitivity, and all above them: those that are not simple."""
        composite = set(self.g.subjects(RDF.type, OWL.TransitiveProperty)) | {s for s, _ in self.g.pairs(OWL.propertyChainAxiom)}
        up: dict[str, set[str]] = defaultdict(set)
        for s, p, o in self.g.triples:
            if p in (RDFS.subPropertyOf, OWL.inverseOf, OWL.equivalentProperty):
                up[s].add(o)
                if p != RDFS.subPropertyOf:
                    up[o].add(s)
        todo = list(composite)
        while todo:
            for above in up[todo.pop()] - composite:
                composite.add(above)
                todo.append(above)
        return composite

    def _simple(self) -> Iterator[Violation]:
        composite = self._composite()
        for p in composite:
            for kind in NEED_SIMPLE:
                if (p, RDF.type, kind) in self.g:
                    yield self._bad(p, f"follows from a chain or from transitivity, so it cannot be {short(kind)}")
            if any(p in pair for pair in self.g.pairs(OWL.propertyDisjointWith)):
                yield self._bad(p, "follows from a chain or from transitivity, so it cannot be disjoint with another property")
            for restriction in self.g.subjects(OWL.onProperty, p):
                if any(c in (OWL.maxCardinality, OWL.maxQualifiedCardinality) for c, _ in self.g.about(restriction)):
                    yield self._bad(p, "follows from a chain or from transitivity, so its number cannot be limited")

    def _regular(self) -> Iterator[Violation]:
        """Chains that cannot be ordered: a property would be needed to derive itself in a way that the grammar forbids."""
        same: dict[str, str] = {}

        def root(p: str) -> str:
            while p in same:
                p = same[p]
            return p

        for s, o in [*self.g.pairs(OWL.inverseOf), *self.g.pairs(OWL.equivalentProperty)]:
            if root(s) != root(o):
                same[root(s)] = root(o)
        below: dict[str, set[str]] = defaultdict(set)
        strict: list[tuple[str, str]] = []
        for s, o in self.g.pairs(RDFS.subPropertyOf):
            below[root(s)].add(root(o))
        for p, head in self.g.pairs(OWL.propertyChainAxiom):
            chain = self.g.members(head)
            inner = chain if chain == [p, p] else chain[1:] if chain[0] == p else chain[:-1] if chain[-1] == p else chain
            if chain == [p, p]:
                continue
            for member in inner:
                below[root(member)].add(root(p))
                strict.append((member, p))
        for member, p in strict:
            if _reaches(below, root(p), root(member)):
                yield self._bad(p, f"its chain over {short(member)} is cyclic")


def _reaches(edges: dict[str, set[str]], start: str, goal: str) -> bool:
    seen, todo = {start}, [start]
    while todo:
        node = todo.pop()
        if node == goal:
            return True
        todo.extend(edges[node] - seen)
        seen |= edges[node]
    return False
