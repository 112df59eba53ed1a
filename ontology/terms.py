"""The ontology and the vocabularies as data: triples, quads for a store, and each term with its label, definition and example."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import pyoxigraph as ox

from communique.errors import DataError
from communique.iris import CQ

Triple = tuple[str, str, str]
"""Three terms in N-Triples syntax: ``<iri>``, ``_:b``, ``"words"@en``."""

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
TYPE: Final = f"<{RDF}type>"
LABEL: Final = f"<{RDFS}label>"
PREFIXES: Final = {"cq": CQ, "owl": OWL, "rdf": RDF, "rdfs": RDFS, "skos": SKOS, "xsd": XSD}
_KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """A term of the ontology; ``kind`` is ``Class``, ``ObjectProperty``, ``DatatypeProperty``, ``AnnotationProperty`` or
    ``NamedIndividual``."""

    name: str
    kind: str
    iri: str
    label: str
    definition: str
    example: str


def parse(source: Traversable) -> tuple[Triple, ...]:
    """The triples of a Turtle file.  Raises ``DataError`` naming the file and line if it is not Turtle."""
    try:
        return tuple((str(t.subject), str(t.predicate), str(t.object)) for t in ox.parse(source.read_bytes(), format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise DataError(f"this is not Turtle: {error.msg}", where=f"{source.name}:{error.lineno}", todo="mend the file") from None


@cache
def ontology() -> tuple[Triple, ...]:
    """The triples of ``communique.ttl``."""
    return parse(files("communique.ontology").joinpath("communique.ttl"))


@cache
def alignments() -> tuple[Triple, ...]:
    """The triples of ``align.ttl``, which are not part of the closure."""
    return parse(files("communique.ontology").joinpath("align.ttl"))


@cache
def vocabulary() -> tuple[Triple, ...]:
    """The triples of all vocabularies."""
    folder = files("communique.ontology").joinpath("vocab")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".ttl"))
    return tuple(dict.fromkeys(triple for name in names for triple in parse(folder.joinpath(name))))


def terms() -> tuple[Term, ...]:
    """Every term that the ontology defines, sorted by name."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in ontology():
        facts[s][p].append(o)
    out = []
    for s, of in facts.items():
        kinds = [k for k in _KINDS if f"<{OWL}{k}>" in of[TYPE]]
        if s.startswith(f"<{CQ}") and kinds:
            texts = (text(next(iter(of[p]), '""')) for p in (LABEL, f"<{SKOS}definition>", f"<{SKOS}example>"))
            out.append(Term(s[len(CQ) + 1 : -1], kinds[0], s[1:-1], *texts))
    return tuple(sorted(out))


@cache
def _concepts() -> Mapping[str, str]:
    return {s: o for s, p, o in vocabulary() if p == f"<{SKOS}prefLabel>" and o.endswith(('"@en', '"'))}


def called(concept: str) -> str:
    """The name of a concept of the shipped vocabularies; empty for all else."""
    return text(_concepts()[concept]) if concept in _concepts() else ""


def text(literal: str) -> str:
    """The words of a literal in N-Triples syntax."""
    return str(next(iter(ox.parse(f"<x:s> <x:p> {literal} .", format=ox.RdfFormat.N_TRIPLES))).object.value)


def short(term: str) -> str:
    """A term as people write it: ``cq:actor`` for ``<https://w3id.org/communique/ns#actor>``."""
    iri = term.strip("<>")
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return term
