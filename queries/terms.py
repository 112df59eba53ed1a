"""What a caller writes becomes an RDF term: names of parties, issues and persons are looked up in the store, the rest is checked.

A party may be given by code (``JPN``, ``JP``), by name (``Japan``, ``the UK``) or by IRI, an issue by id, label or IRI.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.errors import ParameterError
from communique.store import Reader

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_PREFIXES: Final = """PREFIX cq: <https://w3id.org/communique/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# What can be meant, under which names, and the name that messages show; of two things with one name the lower rank is meant.
_NAMES: Final = {
    "party": """SELECT ?x ?rank ?name ?shown WHERE {
        VALUES ?class { cq:State cq:Organization cq:Forum cq:NonStateActor } ?x a ?class .
        VALUES (?p ?rank) { (cq:iso3 0) (skos:prefLabel 1) (cq:iso2 1) (cq:acronym 1) (cq:officialName 1) (rdfs:label 1)
                            (skos:altLabel 2) (cq:demonym 3) (cq:adjective 3) }
        ?x ?p ?name ; skos:prefLabel|rdfs:label ?shown }""",
    "issue": """SELECT ?x ?rank ?name ?shown WHERE {
        { ?x skos:inScheme <https://w3id.org/communique/vocab/issue> } UNION { ?x a cq:CandidateIssue }
        VALUES (?p ?rank) { (skos:notation 0) (skos:prefLabel 1) (skos:altLabel 2) }
        ?x ?p ?name ; skos:notation|cq:phrase ?shown }""",
    "person": """SELECT ?x ?rank ?name ?shown WHERE {
        { SELECT DISTINCT ?x { ?named owl:sameAs ?x } }
        VALUES (?p ?rank) { (rdfs:label 0) (skos:altLabel 1) (cq:familyName 2) }
        ?x ?p ?name ; rdfs:label ?shown }""",
}
# The same for the lowest rank, which is one thing's own: asked for first, since all names are many.
_CODES: Final = {
    "party": "SELECT ?x WHERE { ?x cq:iso3 ?code }",
    "issue": "SELECT ?x WHERE { ?x skos:notation ?code ; skos:inScheme <https://w3id.org/communique/vocab/issue> }",
}
KINDS: Final = frozenset({*_NAMES, "date", "integer", "string", "choice", "iri"})


@dataclass(frozen=True, slots=True)
class _Name:
    iri: str
    rank: int
    text: str
    shown: str


def to_term(param: str, kind: str, value: str, choices: tuple[str, ...], store: Reader) -> NamedNode | Literal:
    """The term that ``value`` means as a ``kind``.

    Raises ``ParameterError`` with the nearest valid values.
    """
    value = value.strip()
    match kind:
        case "date":
            return _date(param, value)
        case "integer":
            if not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
                raise ParameterError(f"'{value}' is not a whole number", where=param)
            return Literal(str(int(value)), datatype=NamedNode(_XSD + "integer"))
        case "choice":
            if value not in choices:
                raise ParameterError(f"'{value}' cannot be chosen", where=param, todo=f"choose {', '.join(choices)}")
            return Literal(value)
        case "string":
            return Literal(value)
        case "iri":
            return _iri(param, value)
    return _named(param, kind, value, store)


def _date(param: str, value: str) -> Literal:
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise ParameterError(f"'{value}' is not a day of the calendar", where=param, todo="write it like 2023-09-19") from None
    return Literal(day.isoformat(), datatype=NamedNode(_XSD + "date"))


def _iri(param: str, value: str) -> NamedNode:
    value = value.removeprefix("<").removesuffix(">")
    if not re.match(r"[a-z][a-z0-9+.-]*:", value):
        raise ParameterError(f"'{value}' is not an IRI", where=param, todo="copy one from the answer of another query")
    try:
        return NamedNode(value)
    except ValueError:
        raise ParameterError(f"'{value}' is not an IRI", where=param, todo="copy one from the answer of another query") from None


def _named(param: str, kind: str, value: str, store: Reader) -> NamedNode:
    if kind in _CODES:
        coded = [x for (x,) in store.select(_PREFIXES + _CODES[kind].replace("?code", str(Literal(value)))) if isinstance(x, NamedNode)]
        if len(coded) == 1:
            return coded[0]
    names = list(_names(kind, store))
    wanted = _fold(value)
    hits = [n for n in names if value == n.iri or wanted == _fold(n.text)]
    best = min((n.rank for n in hits), default=0)
    found = sorted({n.iri for n in hits if n.rank == best or value == n.iri})
    if len(found) == 1:
        return NamedNode(found[0])
    if found:
        raise ParameterError(f"'{value}' can be any of several", where=param, todo=f"choose {', '.join(_shown(found, names))}")
    near = difflib.get_close_matches(wanted, sorted({_fold(n.text) for n in names}), n=5)
    meant = _shown([n.iri for word in near for n in names if _fold(n.text) == word], names)[:3]
    todo = f"did you mean {', '.join(meant)}?" if meant else "give a name as the readouts write it"
    raise ParameterError(f"no {kind} is called '{value}'", where=param, todo=todo)


def _shown(iris: list[str], names: list[_Name]) -> list[str]:
    """A name of each, each once."""
    name = {n.iri: n.shown for n in sorted(names, key=lambda n: n.shown, reverse=True)}
    return list(dict.fromkeys(name[iri] for iri in iris))


def _names(kind: str, store: Reader) -> Iterator[_Name]:
    for iri, rank, text, shown in store.select(_PREFIXES + _NAMES[kind]):
        assert isinstance(iri, NamedNode)
        assert isinstance(rank, Literal)
        assert isinstance(text, Literal)
        assert isinstance(shown, Literal)
        yield _Name(iri.value, int(rank.value), text.value, shown.value)


def _fold(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split()).removeprefix("the ")
