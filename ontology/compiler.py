"""Compiles the axioms of an ontology into rules: one form for all, each named after its OWL 2 RL rule and its axiom.

A generic rule of OWL 2 RL has the axiom in its body; here each axiom gives its own rule, with the classes and properties
filled in, so that a closure never looks at the ontology again.  Rules: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
An axiom that is not supported is an error with its name, never ignored.

``owl:FunctionalProperty`` is read as a constraint: two values are a finding.  OWL would conclude that the values are the
same thing, and decisions about identity belong to the reference layer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from communique.errors import ReasoningError
from communique.ontology.rule import Atom, Rule
from communique.ontology.terms import OWL, RDF, RDFS, TYPE, Triple, short


def compile_rules(triples: Iterable[Triple]) -> tuple[Rule, ...]:
    """The rules of an ontology, sorted and without repeats.

    Raises ``ReasoningError`` for an axiom or a class expression that is not supported.
    """
    rules = set(_Compiler(triples).rules())
    return tuple(sorted(rules, key=lambda r: (r.name, r.axiom, r.head or ("", "", ""), r.body)))


def _owl(name: str) -> str:
    return f"<{OWL}{name}>"


def _rdfs(name: str) -> str:
    return f"<{RDFS}{name}>"


_FIRST, _REST, _NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
_THING, _NOTHING = _owl("Thing"), _owl("Nothing")
_DECLARATIONS = {
    _owl(n) for n in ("Class", "Restriction", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual", "Ontology")
}
_SYNTAX = {
    _owl(n) for n in ("onProperty", "intersectionOf", "unionOf", "oneOf", "someValuesFrom", "hasValue", "allValuesFrom", "complementOf")
}
_SILENT = {_rdfs(n) for n in ("label", "comment", "seeAlso", "isDefinedBy")} | {_owl(n) for n in ("versionInfo", "imports", "deprecated")}


class _Compiler:
    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(dict.fromkeys(triples))
        self.facts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for s, p, o in self.triples:
            self.facts[s, p].append(o)
        self.axioms: dict[str, Callable[[str, str], Iterator[Rule]]] = {
            _rdfs("subClassOf"): lambda s, o: self._sub_class(s, o, "cax-sco"),
            _owl("equivalentClass"): self._equivalent_class,
            _owl("disjointWith"): self._disjoint,
            _rdfs("domain"): lambda s, o: self._implied(o, "?x", "prp-dom", f"domain of {short(s)}", (("?x", s, "?y"),)),
            _rdfs("range"): self._range,
            _rdfs("subPropertyOf"): lambda s, o: self._sub_property(s, o, "prp-spo1"),
            _owl("equivalentProperty"): self._equivalent_property,
            _owl("inverseOf"): self._inverse,
            _owl("propertyChainAxiom"): self._chain,
            _owl("propertyDisjointWith"): self._disjoint_properties,
        }
        self.characteristics: dict[str, Callable[[str], Rule]] = {
            _owl("SymmetricProperty"): lambda p: Rule("prp-symp", f"{short(p)} is symmetric", ("?y", p, "?x"), (("?x", p, "?y"),)),
            _owl("TransitiveProperty"): lambda p: Rule(
                "prp-trp", f"{short(p)} is transitive", ("?x", p, "?z"), (("?x", p, "?y"), ("?y", p, "?z"))
            ),
            _owl("IrreflexiveProperty"): lambda p: Rule("prp-irp", f"{short(p)} is irreflexive", None, (("?x", p, "?x"),)),
            _owl("AsymmetricProperty"): lambda p: Rule("prp-asyp", f"{short(p)} is asymmetric", None, (("?x", p, "?y"), ("?y", p, "?x"))),
            _owl("FunctionalProperty"): lambda p: Rule(
                "prp-fp", f"{short(p)} is functional", None, (("?x", p, "?y"), ("?x", p, "?z")), (("?y", "!=", "?z"),)
            ),
        }

    def rules(self) -> Iterator[Rule]:
        for s, p, o in self.triples:
            if p == TYPE:
                if o in self.characteristics:
                    yield self.characteristics[o](s)
                elif o.startswith(f"<{OWL}") and o not in _DECLARATIONS:
                    raise self._unsupported(o, s)
            elif p in self.axioms:
                yield from self.axioms[p](s, o)
            elif p.startswith((f"<{OWL}", f"<{RDFS}")) and p not in _SYNTAX | _SILENT:
                raise self._unsupported(p, s)

    def _unsupported(self, what: str, where: str) -> ReasoningError:
        return ReasoningError(
            f"{short(what)} is not supported", where=short(where), todo="say it with another axiom, or as a rule in ontology/rules"
        )

    def _members(self, head: str) -> list[str]:
        out = []
        while head != _NIL:
            out += self.facts[head, _FIRST]
            head = self.facts[head, _REST][0]
        return out

    # Classes

    def _sub_class(self, s: str, o: str, name: str) -> Iterator[Rule]:
        for used, body in self._belongs(s, "?x"):
            axiom = f"{self._words(s)} is a kind of {self._words(o)}"
            yield from self._implied(o, "?x", "+".join(dict.fromkeys((name, *used))), axiom, body)

    def _equivalent_class(self, s: str, o: str) -> Iterator[Rule]:
        yield from self._sub_class(s, o, "cax-eqc1")
        yield from self._sub_class(o, s, "cax-eqc2")

    def _disjoint(self, s: str, o: str) -> Iterator[Rule]:
        for (used, left), (more, right) in ((a, b) for a in self._belongs(s, "?x") for b in self._belongs(o, "?x")):
            name = "+".join(dict.fromkeys(("cax-dw", *used, *more)))
            yield Rule(name, f"nothing is both {self._words(s)} and {self._words(o)}", None, left + right)

    def _construct(self, c: str) -> tuple[str, str]:
        """The construct of a class expression and its value."""
        for name in ("intersectionOf", "unionOf", "someValuesFrom", "hasValue", "allValuesFrom", "complementOf"):
            if values := self.facts[c, _owl(name)]:
                return name, values[0]
        names = ", ".join(sorted(short(p) for s, p in self.facts if s == c and p.startswith(f"<{OWL}") and p != _owl("onProperty")))
        raise ReasoningError(f"{names or 'an empty class'} is not supported", where=self._about(c), todo="use a construct of OWL 2 RL")

    def _about(self, node: str) -> str:
        return ", ".join(sorted(short(o) for (s, _), values in self.facts.items() if s == node for o in values if o[0] == "<"))

    def _belongs(self, c: str, x: str) -> Iterator[tuple[tuple[str, ...], tuple[Atom, ...]]]:
        """The ways to be in ``c``: the rules used and the patterns that must hold of ``x``."""
        if not c.startswith("_:"):
            yield (), () if c == _THING else ((x, TYPE, c),)
            return
        construct, value = self._construct(c)
        if construct == "intersectionOf":
            ways: list[tuple[tuple[str, ...], tuple[Atom, ...]]] = [(("cls-int1",), ())]
            for part in self._members(value):
                ways = [((*n, *m), (*a, *b)) for n, a in ways for m, b in self._belongs(part, x)]
            yield from ways
        elif construct == "unionOf":
            for part in self._members(value):
                for used, body in self._belongs(part, x):
                    yield ("cls-uni", *used), body
        elif construct == "someValuesFrom":
            y = f"{x}y"
            for used, body in self._belongs(value, y):
                yield ("cls-svf2" if value == _THING else "cls-svf1", *used), ((x, self._on(c), y), *body)
        elif construct == "hasValue":
            yield ("cls-hv2",), ((x, self._on(c), value),)
        else:
            raise ReasoningError(
                f"owl:{construct} is not supported in a sub-class", where=self._about(c), todo="OWL 2 RL does not allow it there"
            )

    def _implied(self, c: str, x: str, name: str, axiom: str, body: tuple[Atom, ...]) -> Iterator[Rule]:
        """What follows from ``x`` being in ``c``, given ``body``."""
        if not c.startswith("_:"):
            if c != _THING:
                yield Rule(name, axiom, None if c == _NOTHING else (x, TYPE, c), body)
            return
        construct, value = self._construct(c)
        if construct == "intersectionOf":
            for part in self._members(value):
                yield from self._implied(part, x, f"{name}+cls-int2", axiom, body)
        elif construct == "hasValue":
            yield Rule(f"{name}+cls-hv1", axiom, (x, self._on(c), value), body)
        elif construct == "allValuesFrom":
            yield from self._implied(value, f"{x}y", f"{name}+cls-avf", axiom, (*body, (x, self._on(c), f"{x}y")))
        elif construct == "complementOf":
            for used, more in self._belongs(value, x):
                yield Rule("+".join((name, "cls-com", *used)), axiom, None, body + more)
        else:
            raise ReasoningError(
                f"owl:{construct} is not supported in a super-class", where=self._about(c), todo="OWL 2 RL does not allow it there"
            )

    def _on(self, restriction: str) -> str:
        return self.facts[restriction, _owl("onProperty")][0]

    def _words(self, c: str) -> str:
        if not c.startswith("_:"):
            return short(c)
        construct, value = self._construct(c)
        if construct in ("intersectionOf", "unionOf"):
            return "(" + (" and " if construct == "intersectionOf" else " or ").join(map(self._words, self._members(value))) + ")"
        if construct == "complementOf":
            return f"not {self._words(value)}"
        words = {"someValuesFrom": "some", "allValuesFrom": "only", "hasValue": "value"}[construct]
        return f"{short(self._on(c))} {words} {self._words(value)}"

    # Properties

    def _range(self, s: str, o: str) -> Iterator[Rule]:
        # The range of a datatype property types literals, which RDF cannot write down; the shapes check them.
        if _owl("DatatypeProperty") not in self.facts[s, TYPE]:
            yield from self._implied(o, "?y", "prp-rng", f"range of {short(s)}", (("?x", s, "?y"),))

    def _sub_property(self, s: str, o: str, name: str) -> Iterator[Rule]:
        yield Rule(name, f"{short(s)} is a kind of {short(o)}", ("?x", o, "?y"), (("?x", s, "?y"),))

    def _equivalent_property(self, s: str, o: str) -> Iterator[Rule]:
        yield from self._sub_property(s, o, "prp-eqp1")
        yield from self._sub_property(o, s, "prp-eqp2")

    def _inverse(self, s: str, o: str) -> Iterator[Rule]:
        axiom = f"{short(s)} is the inverse of {short(o)}"
        yield Rule("prp-inv1", axiom, ("?y", o, "?x"), (("?x", s, "?y"),))
        yield Rule("prp-inv2", axiom, ("?y", s, "?x"), (("?x", o, "?y"),))

    def _chain(self, s: str, o: str) -> Iterator[Rule]:
        links = self._members(o)
        names = [f"?x{i}" for i in range(len(links) + 1)]
        body = tuple((a, link, b) for link, (a, b) in zip(links, pairwise(names), strict=True))
        yield Rule("prp-spo2", f"{short(s)} <- {' o '.join(map(short, links))}", (names[0], s, names[-1]), body)

    def _disjoint_properties(self, s: str, o: str) -> Iterator[Rule]:
        yield Rule("prp-pdw", f"{short(s)} and {short(o)} never hold between the same two", None, (("?x", s, "?y"), ("?x", o, "?y")))
