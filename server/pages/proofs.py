"""Why the graph says something: the proof of a statement as a tree of rules, down to the words on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, cast

import pyoxigraph as ox
from flask import Blueprint, Response, request

from communique.errors import CommuniqueError
from communique.ontology.proofs.proof import TOLD
from communique.ontology.proofs.search import Prover
from communique.server.engine import Engine
from communique.server.pages import asking
from communique.server.pages.frame import Rail, Source, missing, page
from communique.server.problems import Problem
from communique.server.site import site
from communique.store import Store
from communique.store.protocol import Match

blueprint = Blueprint("proofs", __name__)

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
    names = asking.names({term[1:-1] for step in found.steps() for term in step.triple or () if term.startswith("<")})
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
    )


def _term(text: str) -> str:
    """A term of the address, as a query writes it.  Raises ``Problem``: 400."""
    try:
        (triple,) = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError):
        raise Problem(HTTPStatus.BAD_REQUEST, "give s, p and o, each an IRI in angle brackets or a literal, as in N-Triples") from None
    return str(triple.object)


def _name(term: str, names: dict[str, str]) -> str:
    return names.get(term[1:-1], term) if term.startswith("<") else term
