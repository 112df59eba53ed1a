"""How pages ask: rows of plain words, names in one query, values of filters as terms."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox
from flask import current_app, g

from communique.errors import Unanswered
from communique.iris import concept
from communique.queries.exports import PREFIXES
from communique.server.pages.kept import Answers
from communique.server.site import site
from communique.server.tables import NAMED, NAMES

USED: Final = ("cq", "cube", "owl", "prov", "qb", "rdf", "rdfs", "skos", "xsd")
_NAMESPACES: Final = {**PREFIXES, "cube": concept("cube", ""), "qb": "http://purl.org/linked-data/cube#"}
HEAD: Final = "".join(f"PREFIX {name}: <{_NAMESPACES[name]}>\n" for name in USED)
_NAMES: Final = f"SELECT DISTINCT ?iri ?name {{ VALUES ?iri {{ %s }} {NAMED} }}"

Found = dict[str, str]


def shown(query: str) -> str:
    """A query of a page as it can be run elsewhere: with the prefixes that it uses."""
    if "PREFIX " in query:
        return query.strip()
    used = [line for line in HEAD.splitlines() if f"{line.split()[1]}" in query]
    return "\n".join([*used, "", _dedented(query)])


def _dedented(query: str) -> str:
    lines = query.strip().splitlines()
    indents = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    cut = min(indents, default=0)
    return "\n".join([lines[0], *(line[cut:].rstrip() if line.strip() else "" for line in lines[1:])])


def rows(query: str, *, keep: bool = False) -> Sequence[Found]:
    """The answer to a query: one mapping a row, of what is bound, in words (the value of a literal, an IRI).

    ``keep`` remembers the answer while the data is the same, for queries of which there are only so many.
    """
    kept: Answers = current_app.extensions["communique.kept"]
    engine = site().engine
    version = engine.version() if keep else ""
    if version and (known := kept.get(version, query)) is not None:
        return known
    started = time.perf_counter()
    answer = engine.select(HEAD + query)
    found = [{name: _words(term) for name, term in zip(answer.variables, row, strict=True) if term is not None} for row in answer]
    if version:
        kept.put(version, query, found, time.perf_counter() - started)
    return found


def tried(query: str, *, keep: bool = False) -> Sequence[Found] | None:
    """The answer to a query that a page can do without; ``None`` if it went over a limit, or another such of the same page did before.

    So a page takes as long as one query may beyond what it needs, however many it would like to ask.
    """
    if g.get("gave_up"):
        return None
    try:
        return rows(query, keep=keep)
    except Unanswered:
        g.gave_up = True
        return None


def first(query: str) -> Found:
    """The only row of an answer."""
    return next(iter(rows(query)), {})


def iris(given: Iterable[str]) -> str:
    """IRIs as they stand in a query, sorted; what is no IRI is left out."""
    return " ".join(sorted({node for iri in given if (node := node_of(iri))}))


def node_of(iri: str) -> str:
    """An IRI in angle brackets; empty if it is none, so that nothing of a request can break out of them."""
    try:
        return str(ox.NamedNode(iri))
    except ValueError:
        return ""


def literal(text: str) -> str:
    """Words of a request as a literal in a query."""
    return str(ox.Literal(text))


def names(given: Iterable[str]) -> Found:
    """The name of each IRI that has one; English goes before other languages, then the first in the alphabet."""
    given = set(given)
    wanted = iris(given)
    if not wanted:
        return {}
    answer = site().engine.select(HEAD + _NAMES % wanted)
    best: dict[str, tuple[bool, str]] = {}
    for iri, name in answer:
        if isinstance(name, ox.Literal) and isinstance(iri, ox.NamedNode):
            ranked = (name.language not in (None, "", "en"), name.value)
            best[iri.value] = min(best.get(iri.value, ranked), ranked)
    return {iri: NAMES[iri] for iri in given if iri in NAMES} | {iri: name for iri, (_, name) in best.items()}


def _words(term: object) -> str:
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode)) else str(term)
