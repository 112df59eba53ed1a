"""How pages ask: rows of plain words, names in one query, values of filters as terms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar, cast

import pyoxigraph as ox
from flask import current_app, g

from communique.errors import Unanswered
from communique.iris import concept
from communique.queries.exports import PREFIXES
from communique.server.pages.kept import Answers
from communique.server.site import Site, site
from communique.server.tables import NAMED, NAMES
from communique.server.version import Kept

T = TypeVar("T")

USED: Final = ("cq", "cube", "owl", "prov", "qb", "rdf", "rdfs", "skos", "xsd")
_NAMESPACES: Final = {**PREFIXES, "cube": concept("cube", ""), "qb": "http://purl.org/linked-data/cube#"}
HEAD: Final = "".join(f"PREFIX {name}: <{_NAMESPACES[name]}>\n" for name in USED)
_NAMES: Final = f"SELECT DISTINCT ?iri ?name {{ VALUES ?iri {{ %s }} {NAMED} }}"
# Of the concepts of the vocabulary and of publishers there are only so many, and most names on most pages are theirs: so they are asked for
# once, together.  To look up a publisher's is to go through all accounts, each of which repeats it.
_KNOWN: Final = """SELECT DISTINCT ?iri ?name (LANG(?name) AS ?language) {
  { ?iri skos:prefLabel ?name } UNION { { SELECT DISTINCT ?iri { ?told cq:publisher ?iri } } ?iri rdfs:label ?name }
}"""

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
    return remembered(query, lambda: _rows(query)) if keep else _rows(query)


def _rows(query: str) -> list[Found]:
    answer = site().engine.select(HEAD + query)
    return [{name: _words(term) for name, term in zip(answer.variables, row, strict=True) if term is not None} for row in answer]


def remembered(what: str, make: Callable[[], T]) -> T:
    """What is made of the data, remembered while that is the same under the words that tell ``what`` it is made of.

    It must be what JSON gives back as it was.
    """
    kept: Answers = current_app.extensions["communique.kept"]
    version = site().engine.version()
    if version and (known := kept.get(version, what)) is not None:
        return cast("T", known)
    started = time.perf_counter()
    made = make()
    if version:
        kept.put(version, what, made, time.perf_counter() - started)
    return made


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
    common: Mapping[str, str] = cast("Kept[Found]", current_app.extensions["communique.names"]).get(site())
    found = {iri: common.get(iri, NAMES.get(iri, "")) for iri in given if iri in common or iri in NAMES}
    wanted = iris(given.difference(common))
    answer = site().engine.select(HEAD + _NAMES % wanted) if wanted else ()
    told = [(iri, name) for iri, name in answer if isinstance(iri, ox.NamedNode) and isinstance(name, ox.Literal)]
    return found | _best((iri.value, name.value, name.language or "") for iri, name in told)


def known(_: Site) -> Found:
    """The name of each concept of the vocabulary and of each publisher."""
    return _best((row["iri"], row["name"], row.get("language", "")) for row in rows(_KNOWN, keep=True) if "iri" in row)


def _best(told: Iterable[tuple[str, str, str]]) -> Found:
    """The best name of each IRI among those that are told of it, with their languages."""
    best: dict[str, tuple[bool, str]] = {}
    for iri, name, language in told:
        ranked = (language not in ("", "en"), name)
        best[iri] = min(best.get(iri, ranked), ranked)
    return {iri: name for iri, (_, name) in best.items()}


def _words(term: object) -> str:
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode)) else str(term)
