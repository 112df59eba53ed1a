"""Accounts one by one: the graph of one readout and what follows from it, as node -> property -> values, with names for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from communique.iris import CQ, VOCAB
from communique.store import Reader

LABELS: Final = ("http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label")


def accounts(store: Reader) -> Iterator[Account]:
    """Every account of ``store``, by readout; one is in memory at a time."""
    shared = _shared_labels(store)
    pairs: dict[str, list[str]] = {}
    for a, b in store.select(f"SELECT DISTINCT ?a ?b {{ ?a <{CQ}pairedWith> ?b }}"):
        pairs.setdefault(a.value, []).append(b.value)  # type: ignore[union-attr]  # IRIs, by the query
    found = store.select(f"SELECT ?account ?readout {{ GRAPH ?account {{ ?readout <{CQ}hasAccount> ?account }} }}")
    for account, readout in sorted((a.value, r.value) for a, r in found):  # type: ignore[union-attr]  # IRIs, by the query
        yield Account(store, account, readout, shared, pairs)


class Account:
    """What one readout tells; what follows from it is looked up when it is first asked for."""

    def __init__(self, store: Reader, account: str, readout: str, shared: Mapping[str, str], pairs: Mapping[str, Sequence[str]]) -> None:
        self.iri = account
        self.readout = readout
        self._store = store
        self._shared = shared
        self._pairs = pairs
        self._told = _nodes(store, account)
        self._inferred: dict[str, dict[str, list[str]]] | None = None

    def all(self, node: str, name: str) -> list[str]:
        """The values of a property, as the readout tells them, sorted."""
        return sorted(self._told.get(node, {}).get(CQ + name, ()))

    def one(self, node: str, name: str) -> str:
        """The value of a property, the first of several, or nothing."""
        return next(iter(self.all(node, name)), "")

    def known(self, node: str, name: str) -> list[str]:
        """The values of a property, told or inferred, sorted."""
        if self._inferred is None:
            self._inferred = _nodes(self._store, f"{self.iri}/inferred")
        return sorted({*self._told.get(node, {}).get(CQ + name, ()), *self._inferred.get(node, {}).get(CQ + name, ())})

    def label(self, iri: str) -> str:
        """The name of a thing: as the readout has it, else that of the vocabularies, else the end of its IRI."""
        own = self._told.get(iri, {})
        names = next((sorted(own[p]) for p in LABELS if p in own), None)
        return names[0] if names else self._shared.get(iri, iri.rsplit("/", 1)[-1] if iri else "")

    def paired(self, encounter: str) -> list[str]:
        """The same encounter as other accounts tell it."""
        return sorted(self._pairs.get(encounter, ()))

    def encounters(self) -> list[str]:
        """The encounters that it tells of."""
        return self.all(self.iri, "describesEncounter")

    def acts(self, encounter: str) -> list[str]:
        """The acts of an encounter, in the order of the text."""
        return self.ordered(self.all(encounter, "hasSpeechAct"))

    def ordered(self, nodes: Iterable[str]) -> list[str]:
        """Nodes by their place in the text."""
        return sorted(nodes, key=lambda n: (int(self.one(n, "order") or 0), n))

    def in_order(self, nodes: Iterable[str], name: str) -> list[str]:
        """The value of each node's property, by the nodes' order, each once."""
        ordered: Sequence[str] = self.ordered(nodes)
        return list(dict.fromkeys(value for node in ordered for value in self.all(node, name)))


def _nodes(store: Reader, graph: str) -> dict[str, dict[str, list[str]]]:
    nodes: dict[str, dict[str, list[str]]] = {}
    for s, p, o in store.select(f"SELECT ?s ?p ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"):
        nodes.setdefault(s.value, {}).setdefault(p.value, []).append(o.value)  # type: ignore[union-attr]  # no triple terms here
    return nodes


def _shared_labels(store: Reader) -> dict[str, str]:
    """The English name of every concept of the vocabularies."""
    english = 'FILTER(LANG(?label) IN ("", "en"))'
    query = f'SELECT ?concept ?label {{ ?concept <{LABELS[0]}> ?label {english} FILTER(STRSTARTS(STR(?concept), "{VOCAB}")) }}'
    return {c.value: label.value for c, label in store.select(query)}  # type: ignore[union-attr]  # an IRI and a literal, by the query
