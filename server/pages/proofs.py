"""Why the graph says something: the proof of a statement as a tree of rules, down to the words on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, cast

import pyoxigraph as ox
from flask import Blueprint, Response, request

from communique.errors import CommuniqueError
from communique.ontology.proofs.proof import TOLD, Proof
from communique.ontology.proofs.search import Prover
from communique.server.engine import Engine
from communique.server.pages import asking
from communique.server.pages.frame import Rail, Source, missing, page
from communique.server.problems import Problem
from communique.server.site import site
from communique.store import Store
from communique.store.protocol import Match

blueprint = Blueprint("proofs", __name__)

_PARTICIPANTS: Final = """SELECT ?part ?name {
  VALUES ?part { %s } ?part cq:participant ?who { ?who owl:sameAs ?one . ?one rdfs:label ?name } UNION { ?who skos:prefLabel ?name }
} ORDER BY ?part ?name"""
_MOST: Final = 12  # quotes of one leaf


@dataclass(frozen=True, slots=True)
class Looked:
    """What a proof looks up, asked of the engine that serves; graphs are always told, as a store's ``match`` does."""

    engine: Engine

    def match(self, subject: str | None, predicate: str | None, value: str | None, graph: str | None = None) -> Iterator[Match]:
        """The quads of a pattern, terms in N-Triples syntax."""
        s, p, o = subject or "?s", predicate or "?p", value or "?o"
        named = f"<{graph}>" if graph else "?g"
        given = {"s": subject, "p": predicate, "o": value, "g": f"<{graph}>" if graph else None}
        found = self.engine.select(f"SELECT * {{ GRAPH {named} {{ {s} {p} {o} }} }}")
        for row in found:
            bound = dict(zip(found.variables, map(str, row), strict=True))
            one, two, three, four = (given[key] or bound[key] for key in ("s", "p", "o", "g"))
            yield one, two, three, four[1:-1]

    def __getattr__(self, name: str) -> object:
        return getattr(self.engine, name)


@blueprint.get("/proof")
def proof() -> Response:
    """The proof of one statement."""
    triple = (_term(request.args.get("s", "")), _term(request.args.get("p", "")), _term(request.args.get("o", "")))
    here = site()
    try:
        found = Prover(cast(Store, Looked(here.engine)), here.iris).prove(triple)
    except CommuniqueError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
    if found is None:
        raise missing("the graph does not say this")
    names = _called({term[1:-1] for step in found.steps() for term in step.triple or () if term.startswith("<")})
    readouts = asking.names({e.readout for step in found.steps() for e in step.evidence})
    said = " ".join(_name(term, names) for term in triple)
    query = f"SELECT ?graph {{ GRAPH ?graph {{ {' '.join(triple)} }} }}"
    return page(
        "proof.html",
        Rail(f"Why: {said}", [Source("where it stands", query)]),
        proof=found,
        said=said,
        names=names,
        readouts=readouts,
        told=TOLD,
        most=_MOST,
        away=any(e.elsewhere for step in found.steps() for e in step.evidence),
        chart=_chart(found, names, readouts),
    )


def _called(terms: set[str]) -> dict[str, str]:
    """The names of things; a participation is called by who takes part, and what has no name by what kind of thing it is."""
    names = asking.names(terms)
    bare = [iri for iri in terms if iri not in names and site().iris.readout_of(iri)]
    for row in asking.rows(_PARTICIPANTS % asking.iris(bare)) if bare else ():
        names.setdefault(row["part"], f"participation of {row['name']}")
    return {iri: " ".join(iri.rsplit("/", 2)[1:]) for iri in bare} | names


def _chart(step: Proof, names: Mapping[str, str], readouts: Mapping[str, str]) -> dict[str, object]:
    """A proof as data for a picture."""
    words, where = "", ""
    if step.evidence:
        first = step.evidence[0]
        words = f"“{first.quote}”" if first.start >= 0 and first.quote else ""
        where = readouts.get(first.readout, "a readout") + (f", characters {first.start} to {first.end}" if first.start >= 0 else "")
        where += f", and {len(step.evidence) - 1} more" if len(step.evidence) > 1 else ""
    elif step.rule == TOLD:
        where = f"decided: {step.says}" if step.says else "the vocabulary" if step.graphs else ""
    return {
        "says": [_name(term, names).split("^^")[0] for term in step.triple or ()],
        "by": f"by {step.rule}" if step.rule != TOLD else "",
        "words": words,
        "where": where,
        "below": [_chart(premise, names, readouts) for premise in step.premises],
    }


def _term(text: str) -> str:
    """A term of the address, as a query writes it.  Raises ``Problem``: 400."""
    try:
        (triple,) = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError):
        raise Problem(HTTPStatus.BAD_REQUEST, "give s, p and o, each an IRI in angle brackets or a literal, as in N-Triples") from None
    return str(triple.object)


def _name(term: str, names: Mapping[str, str]) -> str:
    return names.get(term[1:-1], term) if term.startswith("<") else term
