"""Graphs closed before they are asked: by our rules of OWL 2 RL in the standard reading, and where RDF or RDFS is wanted, by owlrl's.

OWL 2 RL leaves out what RDFS says of every property (that it is one, and is below itself), and says more of classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import owlrl
import pyoxigraph as ox
import rdflib

from tests.ontology.standard import saturate

_NODE = "urn:node:"


def closed(quads: Iterable[ox.Quad], regimes: Sequence[str]) -> list[ox.Quad]:
    """The quads and what follows from them in the default graph; a literal as a subject, which RDF cannot say, is left out."""
    if set(regimes) <= {"RDF", "RDFS", "D"}:
        return _rdfs(quads)
    told = [(_text(q.subject), _text(q.predicate), _text(q.object)) for q in quads]
    known, _ = saturate(told)
    lines = "\n".join(" ".join(triple) + " ." for triple in sorted(known) if not triple[0].startswith('"'))
    return [_quad(q) for q in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)]


def _rdfs(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    graph = rdflib.Graph().parse(data=ox.serialize((q.triple for q in quads), format=ox.RdfFormat.N_TRIPLES), format="nt")
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(graph)
    lines = "\n".join(f"{s.n3()} {p.n3()} {o.n3()} ." for s, p, o in graph if not isinstance(s, rdflib.Literal))
    return list(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))


def _text(term: object) -> str:
    # The rules know names only, so a blank node has one while they run.
    return f"<{_NODE}{term.value}>" if isinstance(term, ox.BlankNode) else str(term)


def _quad(quad: ox.Quad) -> ox.Quad:
    subject, value = _node(quad.subject), _node(quad.object)
    return ox.Quad(subject, quad.predicate, value)  # type: ignore[arg-type]  # what was a subject still is one


def _node(term: object) -> object:
    named = isinstance(term, ox.NamedNode) and term.value.startswith(_NODE)
    return ox.BlankNode(term.value.removeprefix(_NODE)) if named else term  # type: ignore[attr-defined]  # it is a NamedNode
