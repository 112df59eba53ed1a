"""Checks that an ontology is inside the OWL 2 RL profile, by its grammar and by the global restrictions of OWL 2 DL.

Follows OWL 2 Profiles, section 4.2 (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL) for class expressions and axioms and
OWL 2 Structural Specification, section 11 for simple properties and regular chains.  Anything the grammar does not
name is a violation, so that nothing slips through by being unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SKOS
from rdflib.term import Node

DATATYPES = frozenset(
    {
        RDF.PlainLiteral,
        RDF.XMLLiteral,
        RDFS.Literal,
        XSD.decimal,
        XSD.integer,
        XSD.nonNegativeInteger,
        XSD.nonPositiveInteger,
        XSD.positiveInteger,
        XSD.negativeInteger,
        XSD.long,
        XSD.int,
        XSD.short,
        XSD.byte,
        XSD.unsignedLong,
        XSD.unsignedInt,
        XSD.unsignedShort,
        XSD.unsignedByte,
        XSD.float,
        XSD.double,
        XSD.string,
        XSD.normalizedString,
        XSD.token,
        XSD.language,
        XSD.Name,
        XSD.NCName,
        XSD.NMTOKEN,
        XSD.boolean,
        XSD.hexBinary,
        XSD.base64Binary,
        XSD.anyURI,
        XSD.dateTime,
        XSD.dateTimeStamp,
    }
)
DECLARATIONS = {
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.NamedIndividual,
    OWL.Ontology,
    RDFS.Datatype,
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
SYNTAX = {RDF.first, RDF.rest, OWL.onProperty, OWL.onClass, OWL.onDataRange, OWL.members, OWL.distinctMembers}
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


def check(graph: Graph) -> tuple[Violation, ...]:
    """All violations of an ontology, sorted; empty if it is inside OWL 2 RL."""
    return tuple(sorted(set(_Check(graph).run())))


class _Check:
    def __init__(self, graph: Graph) -> None:
        self.g = graph
        self.objects = set(graph.subjects(RDF.type, OWL.ObjectProperty))
        self.data = set(graph.subjects(RDF.type, OWL.DatatypeProperty))
        self.notes = set(graph.subjects(RDF.type, OWL.AnnotationProperty)) | ANNOTATIONS
        self.classes = set(graph.subjects(RDF.type, OWL.Class))
        self.axioms: dict[Node, Callable[[Node, Node], Iterator[Violation]]] = {
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
        for s, p, o in self.g:
            yield from self._triple(s, p, o)
        yield from self._simple()
        yield from self._regular()

    def _bad(self, where: Node, message: str) -> Violation:
        seen: set[Node] = set()
        while isinstance(where, BNode) and where not in seen:
            seen.add(where)
            named = [o for o in self.g.objects(where) if isinstance(o, URIRef) and o not in DECLARATIONS and o != OWL.Restriction]
            up = [s for s, _ in self.g.subject_predicates(where)]
            where = min(named) if named else (up[0] if up else where)
        return Violation("(axiom)" if isinstance(where, BNode) else str(where), message)

    def _triple(self, s: Node, p: Node, o: Node) -> Iterator[Violation]:
        if p in self.axioms:
            yield from self.axioms[p](s, o)
        elif p in self.objects or p in self.data:
            if isinstance(o, Literal) != (p in self.data):
                yield self._bad(s, f"the value of {_name(p)} is of the wrong kind")
        elif p not in EXPRESSIONS | SYNTAX | IDENTITY and p not in self.notes:
            # Expressions are read where they are used; annotations have no logic; identity is allowed between any two.
            yield self._bad(s, f"{_name(p)} is neither declared nor part of OWL 2 RL")

    def _classes(self, left: str, right: str) -> Callable[[Node, Node], Iterator[Violation]]:
        def both(s: Node, o: Node) -> Iterator[Violation]:
            yield from self._class(s, left)
            yield from self._class(o, right)

        return both

    def _domain(self, s: Node, o: Node) -> Iterator[Violation]:
        yield from self._property(s)
        if s not in self.notes:
            yield from self._class(o, "super")

    def _range(self, s: Node, o: Node) -> Iterator[Violation]:
        yield from self._property(s)
        if s in self.data:
            yield from self._datatype(o)
        elif s not in self.notes:
            yield from self._class(o, "super")

    def _two(self, s: Node, o: Node) -> Iterator[Violation]:
        """Two properties in one axiom: of the same kind."""
        yield from self._property(s)
        yield from self._property(o)
        if (s in self.objects) != (o in self.objects):
            yield self._bad(s, f"and {o} are not the same kind of property")

    def _inverse(self, s: Node, o: Node) -> Iterator[Violation]:
        yield from self._two(s, o)
        if s not in self.objects:
            yield self._bad(s, "has an inverse and is not an object property")

    def _chain(self, s: Node, o: Node) -> Iterator[Violation]:
        for member in (s, *Collection(self.g, o)):
            if member not in self.objects:
                yield self._bad(s, f"a chain runs over {member}, which is not declared as an object property")

    def _key(self, s: Node, o: Node) -> Iterator[Violation]:
        yield from self._class(s, "sub")
        for member in Collection(self.g, o):
            yield from self._property(member)

    def _all_disjoint(self, s: Node, o: Node) -> Iterator[Violation]:
        properties = (s, RDF.type, OWL.AllDisjointProperties) in self.g
        for member in Collection(self.g, o):
            yield from self._property(member) if properties else self._class(member, "sub")

    def _type(self, s: Node, o: Node) -> Iterator[Violation]:
        if o in DECLARATIONS or o in (OWL.Restriction, RDF.List, OWL.AllDisjointClasses, OWL.AllDisjointProperties, OWL.AllDifferent):
            if isinstance(s, BNode) and o in (OWL.Class, OWL.Restriction) and not any(True for _ in self.g.subject_predicates(s)):
                used = (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith)
                if not any((s, p, None) in self.g for p in used):
                    yield self._bad(s, "a class expression is used nowhere")
        elif o in CHARACTERISTICS:
            yield from self._property(s)
            if s in self.data and o != OWL.FunctionalProperty:
                yield self._bad(s, f"a data property cannot be {_name(o)}")
        elif str(o).startswith(str(OWL)) and o != OWL.Thing:
            yield self._bad(s, f"{_name(o)} is not part of OWL 2 RL")
        else:
            yield from self._class(o, "super")

    def _property(self, p: Node) -> Iterator[Violation]:
        if p not in self.objects and p not in self.data and p not in self.notes:
            yield self._bad(p, "is used as a property and not declared as one")

    def _datatype(self, d: Node) -> Iterator[Violation]:
        if d not in DATATYPES:
            yield self._bad(d, "is not a datatype of OWL 2 RL")

    def _class(self, c: Node, side: str) -> Iterator[Violation]:
        """Violations of the class expression ``c`` on one side of an axiom (``sub``, ``super``, ``equivalent``)."""
        if isinstance(c, URIRef):
            if c == OWL.Thing or (c not in self.classes and c != OWL.Nothing):
                yield self._bad(
                    c, f"owl:Thing is not allowed as a {side}-class" if c == OWL.Thing else "is used as a class and not declared as one"
                )
            return
        constructs = [p for p in self.g.predicates(c) if p in EXPRESSIONS]
        if len(constructs) != 1:
            yield self._bad(c, "a class expression must have exactly one construct")
            return
        construct = constructs[0]
        value = self.g.value(c, construct)
        if value is None or construct not in SIDES[side]:
            yield self._bad(c, f"{_name(construct)} is not allowed in a {side}-class expression")
            return
        on = self.g.value(c, OWL.onProperty)
        if on is not None:
            yield from self._property(on)
        yield from self._parts(c, construct, value, on, side)

    def _parts(self, c: Node, construct: Node, value: Node, on: Node | None, side: str) -> Iterator[Violation]:
        """Violations inside a class expression whose construct is allowed."""
        if construct in (OWL.intersectionOf, OWL.unionOf):
            for part in Collection(self.g, value):
                yield from self._class(part, side)
        elif construct == OWL.complementOf:
            yield from self._class(value, "sub")
        elif construct in (OWL.someValuesFrom, OWL.allValuesFrom) and on in self.data:
            yield from self._datatype(value)
        elif construct == OWL.allValuesFrom or (construct == OWL.someValuesFrom and value != OWL.Thing):
            yield from self._class(value, side)
        elif construct in (OWL.maxCardinality, OWL.maxQualifiedCardinality):
            if str(value) not in ("0", "1"):
                yield self._bad(c, f"a maximum cardinality of {value} is not allowed, only 0 and 1")
            filler = self.g.value(c, OWL.onClass)
            if filler is not None and filler != OWL.Thing:
                yield from self._class(filler, "sub")

    def _composite(self) -> set[Node]:
        """Properties that follow from chains or transitivity, and all above them: those that are not simple."""
        composite = set(self.g.subjects(RDF.type, OWL.TransitiveProperty)) | set(self.g.subjects(OWL.propertyChainAxiom))
        up: dict[Node, set[Node]] = defaultdict(set)
        for s, p, o in self.g:
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
                    yield self._bad(p, f"follows from a chain or from transitivity, so it cannot be {_name(kind)}")
            if (p, OWL.propertyDisjointWith, None) in self.g or (None, OWL.propertyDisjointWith, p) in self.g:
                yield self._bad(p, "follows from a chain or from transitivity, so it cannot be disjoint with another property")
            for restriction in self.g.subjects(OWL.onProperty, p):
                if any((restriction, c, None) in self.g for c in (OWL.maxCardinality, OWL.maxQualifiedCardinality)):
                    yield self._bad(p, "follows from a chain or from transitivity, so its number cannot be limited")

    def _regular(self) -> Iterator[Violation]:
        """Chains that cannot be ordered: a property would be needed to derive itself in a way that the grammar forbids."""
        same: dict[Node, Node] = {}

        def root(p: Node) -> Node:
            while p in same:
                p = same[p]
            return p

        for s, o in [*self.g.subject_objects(OWL.inverseOf), *self.g.subject_objects(OWL.equivalentProperty)]:
            if root(s) != root(o):
                same[root(s)] = root(o)
        below: dict[Node, set[Node]] = defaultdict(set)
        strict: list[tuple[Node, Node]] = []
        for s, o in self.g.subject_objects(RDFS.subPropertyOf):
            below[root(s)].add(root(o))
        for p, head in self.g.subject_objects(OWL.propertyChainAxiom):
            chain = list(Collection(self.g, head))
            inner = chain if chain == [p, p] else chain[1:] if chain[0] == p else chain[:-1] if chain[-1] == p else chain
            if chain == [p, p]:
                continue
            for member in inner:
                below[root(member)].add(root(p))
                strict.append((member, p))
        for member, p in strict:
            if _reaches(below, root(p), root(member)):
                yield self._bad(p, f"its chain over {_name(member)} is cyclic")


def _reaches(edges: dict[Node, set[Node]], start: Node, goal: Node) -> bool:
    seen, todo = {start}, [start]
    while todo:
        node = todo.pop()
        if node == goal:
            return True
        todo.extend(edges[node] - seen)
        seen |= edges[node]
    return False


def _name(term: Node) -> str:
    text = str(term)
    for prefix, namespace in (("owl", OWL), ("rdfs", RDFS), ("rdf", RDF), ("skos", SKOS)):
        if text.startswith(str(namespace)):
            return f"{prefix}:{text[len(str(namespace)) :]}"
    return text
