"""The authority file as RDF, in the reference graph of a store: persons, the mentions that are they, and the offices they held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from communique.iris import CQ, Iris
from communique.ontology.authority.decisions import Decision
from communique.ontology.authority.mentions import mentions
from communique.ontology.authority.persons import Authority, Incumbency, Person, authority
from communique.ontology.terms import LABEL, OWL, SKOS, TYPE, XSD
from communique.store import Store

_SAME = f"<{OWL}sameAs>"
_ALSO = f"<{SKOS}altLabel>"


def build(store: Store, decisions: Sequence[Decision] = ()) -> Authority:
    """The authority file of what ``store`` holds.  Raises ``InputError`` if two decisions contradict each other."""
    return authority(mentions(store), decisions)


def record(store: Store, iris: Iris, found: Authority) -> None:
    """Put an authority file in the place of the one that is stored, so that a decision taken back leaves nothing behind."""
    store.put_graph(iris.graph("reference"), lines(found, iris))


def lines(found: Authority, iris: Iris) -> list[str]:
    """The sorted N-Quads lines of the reference graph."""
    graph = iris.graph("reference")
    return sorted({f"<{s}> {p} {o} <{graph}> ." for person in found.persons for s, p, o in _person(person, iris)})


def _person(person: Person, iris: Iris) -> Iterator[tuple[str, str, str]]:
    me = iris.person(person.id)
    yield me, TYPE, _cq("Person")
    yield me, LABEL, _words(person.label)
    yield me, _cq("familyName"), _words(person.family)
    if person.given:
        yield me, _cq("givenName"), _words(person.given)
    for name, _ in person.names:
        if name != person.label:
            yield me, _ALSO, _words(name)
    for form in person.forms:
        for mention in form.mentions:
            yield mention.iri, _SAME, f"<{me}>"
        if form.rule:
            node = iris.identification(me, form.name, form.rule, f"{form.score:.4f}", form.reason)
            yield node, TYPE, _cq("Identification")
            yield node, _cq("identifiedAs"), f"<{me}>"
            yield node, _cq("writtenName"), _words(form.name)
            yield node, _cq("derivedBy"), _words(f"person.{form.rule}")
            yield node, _cq("score"), str(ox.Literal(f"{form.score:.4f}".rstrip("0").rstrip("."), datatype=ox.NamedNode(f"{XSD}decimal")))
            yield node, _cq("reason"), _words(form.reason)
            for mention in form.mentions:
                yield node, _cq("identifies"), f"<{mention.iri}>"
    for held in person.offices:
        yield from _incumbency(me, held, iris)


def _incumbency(person: str, held: Incumbency, iris: Iris) -> Iterator[tuple[str, str, str]]:
    node = iris.incumbency(person, held.office.iri, held.number)
    yield node, TYPE, _cq("Incumbency")
    yield node, _cq("holder"), f"<{person}>"
    yield node, _cq("heldOffice"), f"<{held.office.iri}>"
    if held.first:
        yield node, _cq("attestedFrom"), _day(held.first)
        yield node, _cq("attestedUntil"), _day(held.last)
    for participation in held.evidence:
        yield node, _cq("attestedBy"), f"<{participation}>"
    if held.office.one_holder:
        yield held.office.iri, _cq("onePerParty"), str(ox.Literal(True))


def _cq(name: str) -> str:
    return f"<{CQ}{name}>"


def _words(text: str) -> str:
    return str(ox.Literal(text))


def _day(date: str) -> str:
    return str(ox.Literal(date, datatype=ox.NamedNode(f"{XSD}date")))
