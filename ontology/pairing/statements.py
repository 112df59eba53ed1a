"""The statements of the global graph about accounts of one encounter and about references to earlier ones."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from communique.iris import CQ, Iris
from communique.ontology.pairing import told
from communique.ontology.pairing.pairs import Pair, candidates, resolve
from communique.ontology.pairing.references import Resolution, resolutions
from communique.ontology.terms import TYPE, Triple
from communique.store import Store

_DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
_DERIVED = "<http://www.w3.org/ns/prov#wasDerivedFrom>"


def statements(store: Store, iris: Iris) -> Iterator[Triple]:
    """What the accounts of a store give; everything that follows in single accounts must be there (who represents whom)."""
    encounters = told.encounters(store)
    found = candidates(encounters, told.versions(store))
    pairs = resolve(found, told.texts(store, (t.account for pair in found if pair.by_text for t in (pair.a, pair.b))))
    for pair in pairs:
        yield from _pairing(pair, iris)
    for resolution in resolutions(told.mentions(store), encounters, pairs):
        yield from _resolution(resolution, iris)


def _pairing(pair: Pair, iris: Iris) -> Iterator[Triple]:
    a, b, node = f"<{pair.a.iri}>", f"<{pair.b.iri}>", f"<{iris.pairing(pair.a.iri, pair.b.iri)}>"
    yield a, f"<{CQ}pairedWith>", b
    yield b, f"<{CQ}pairedWith>", a
    yield node, TYPE, f"<{CQ}Pairing>"
    for encounter, account in ((a, pair.a.account), (b, pair.b.account)):
        yield node, f"<{CQ}pairs>", encounter
        yield node, _DERIVED, f"<{account}>"
    yield from _judged(node, pair.score, pair.reason, "pairing")


def _resolution(found: Resolution, iris: Iris) -> Iterator[Triple]:
    reference, earlier = f"<{found.mention.iri}>", f"<{found.earlier.iri}>"
    node = f"<{iris.resolution(found.mention.iri, found.earlier.iri)}>"
    yield reference, f"<{CQ}refersTo>", earlier
    for later in found.later:
        yield earlier, f"<{CQ}directlyPrecedes>", f"<{later.iri}>"
        yield node, f"<{CQ}resolvedIn>", f"<{later.iri}>"
    yield node, TYPE, f"<{CQ}Resolution>"
    yield node, f"<{CQ}resolves>", reference
    yield node, f"<{CQ}resolvesTo>", earlier
    for account in {found.mention.account, found.earlier.account}:
        yield node, _DERIVED, f"<{account}>"
    yield from _judged(node, found.score, found.reason, "reference")


def _judged(node: str, score: float, reason: str, rule: str) -> Iterator[Triple]:
    yield node, TYPE, f"<{CQ}Match>"
    yield node, f"<{CQ}score>", str(ox.Literal(f"{score:g}", datatype=_DECIMAL))
    yield node, f"<{CQ}reason>", str(ox.Literal(reason))
    yield node, f"<{CQ}derivedBy>", f'"same-encounter.{rule}"'
