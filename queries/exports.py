"""The whole store as a file: RDF in four syntaxes, and a table with one row an act; sorted, so that the same store gives the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, Final

import pyoxigraph as ox

from communique.errors import UsageError
from communique.iris import CQ, VOCAB
from communique.store import Reader, Store

PREFIXES: Final[Mapping[str, str]] = {
    "cq": CQ,
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_LABELS = (PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label")

# The columns of the table, in order; docs/reference/export-table.md is their codebook.
COLUMNS: Final = (
    *("act", "readout", "publisher", "publisher_label", "published", "url", "composed"),
    *("encounter", "encounter_label", "encounter_kind", "date", "place_label"),
    *("order", "act_type", "act_type_label", "verb", "joint"),
    *("actors", "actors_labels", "actors_parties", "addressees", "addressees_labels", "addressees_parties", "addressee_implicit"),
    *("target", "target_label", "issues", "issues_labels", "stance", "strength", "commitment"),
    *("quote", "start", "end", "confidence", "rule"),
)


def trig(store: Store, out: BinaryIO) -> None:
    """Every graph, one after the other, with prefixes."""
    ox.serialize(_quads(store), out, ox.RdfFormat.TRIG, prefixes=dict(PREFIXES))


def nq(store: Store, out: BinaryIO) -> None:
    """Every quad on a line of its own, sorted within its graph."""
    for graph in store.graphs():
        out.writelines(f"{line}\n".encode() for line in sorted(store.dump(graph)))


def ttl(store: Store, out: BinaryIO) -> None:
    """The union of all graphs, with prefixes; which graph a triple is in, and so who says it, is not told."""
    lines = sorted({f"{line.rsplit(' ', 2)[0]} .\n" for line in store.dump()})
    triples = ox.parse(io.BytesIO("".join(lines).encode()), ox.RdfFormat.N_TRIPLES)
    ox.serialize((q.triple for q in triples), out, ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))


def jsonld(store: Store, out: BinaryIO) -> None:
    """Every graph as JSON-LD, with prefixes."""
    ox.serialize(_quads(store), out, ox.RdfFormat.JSON_LD, prefixes=dict(PREFIXES))


def table(store: Store, out: BinaryIO) -> None:
    """One row an act of the asserted accounts, as CSV: IRIs and labels; several values stand behind one another."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in acts(store):
        writer.writerow(row)
    text.flush()
    text.detach()  # the stream belongs to the caller


FORMATS: Final = {"trig": trig, "nq": nq, "ttl": ttl, "jsonld": jsonld, "csv": table}


def export(store: Store, format: str, out: BinaryIO) -> None:
    """Write the whole store to ``out`` as ``trig``, ``nq``, ``ttl``, ``jsonld`` or ``csv``.

    Raises ``UsageError`` for another format.
    """
    if format not in FORMATS:
        raise UsageError(f"'{format}' is no format of an export", where="--format", todo=f"choose {', '.join(FORMATS)}")
    FORMATS[format](store, out)


def acts(store: Reader) -> Iterator[dict[str, str]]:
    """The rows of the table: by readout, then in the order of the text."""
    shared = _shared_labels(store)
    accounts = store.select(f"SELECT ?account ?readout {{ GRAPH ?account {{ ?readout <{CQ}hasAccount> ?account }} }}")
    for account, readout in sorted((a.value, r.value) for a, r in accounts):  # type: ignore[union-attr]  # IRIs, by the query
        yield from _Account(store, account, readout, shared).rows()


class _Account:
    """The asserted graph of one readout, as node -> property -> values."""

    def __init__(self, store: Reader, account: str, readout: str, shared: Mapping[str, str]) -> None:
        self.readout = readout
        self.shared = shared
        self.nodes: dict[str, dict[str, list[str]]] = {}
        for s, p, o in store.select(f"SELECT ?s ?p ?o {{ GRAPH <{account}> {{ ?s ?p ?o }} }}"):
            self.nodes.setdefault(s.value, {}).setdefault(p.value, []).append(o.value)  # type: ignore[union-attr]  # no triple terms here

    def all(self, node: str, name: str) -> list[str]:
        return sorted(self.nodes.get(node, {}).get(CQ + name, ()))

    def one(self, node: str, name: str) -> str:
        return next(iter(self.all(node, name)), "")

    def label(self, iri: str) -> str:
        own = self.nodes.get(iri, {})
        names = next((sorted(own[p]) for p in _LABELS if p in own), None)
        return names[0] if names else self.shared.get(iri, iri.rsplit("/", 1)[-1] if iri else "")

    def rows(self) -> Iterator[dict[str, str]]:
        encounters = sorted(node for node in self.nodes if self.all(node, "hasSpeechAct"))
        for encounter in encounters:
            for act in sorted(self.all(encounter, "hasSpeechAct"), key=lambda a: (int(self.one(a, "order") or 0), a)):
                yield self._row(encounter, act)

    def _row(self, encounter: str, act: str) -> dict[str, str]:
        publisher, target = self.one(self.readout, "publisher"), self.one(act, "target")
        issues = self._in_order(self.all(act, "hasIssueMention"), "mentionsIssue")
        row = {
            "act": act,
            "readout": self.readout,
            "publisher": publisher,
            "publisher_label": self.label(publisher),
            "published": self.one(self.readout, "date"),
            "url": self.one(self.readout, "url"),
            "composed": self.one(self.readout, "composed") or "false",
            "encounter": encounter,
            "encounter_label": self.label(encounter),
            "encounter_kind": self.one(encounter, "kind"),
            "date": self.one(encounter, "date"),
            "place_label": self.one(encounter, "placeName"),
            "order": self.one(act, "order"),
            "act_type": self.one(act, "actType"),
            "act_type_label": self.label(self.one(act, "actType")),
            "verb": self.one(act, "trigger"),
            "joint": self.one(act, "joint"),
            "addressee_implicit": self.one(act, "addresseeImplicit"),
            "target": target,
            "target_label": self.label(target),
            "issues": " ".join(issues),
            "issues_labels": "; ".join(self.label(i) for i in issues),
            "stance": self.one(act, "polarity").removeprefix(CQ),
            "strength": self.one(act, "strength"),
            "commitment": "true" if self.one(act, "makesCommitment") else "false",
            "quote": self.one(act, "quote"),
            "start": self.one(act, "start"),
            "end": self.one(act, "end"),
            "confidence": self.one(act, "confidence"),
            "rule": self.one(act, "derivedBy"),
        }
        for relation in ("actor", "addressee"):
            row |= self._agents(act, relation)
        return row

    def _agents(self, act: str, relation: str) -> dict[str, str]:
        """Persons and parties, in the order in which the encounter names them; words that stay unresolved come last."""
        participations = self.all(act, f"{relation}Participation")
        agents = self._in_order(participations, "participant")
        agents += [a for a in self.all(act, relation) if a not in agents]
        offices = [office for p in participations for office in self.all(p, "inOffice")]
        parties = {party for office in offices for party in self.all(office, "officeOf")}
        parties |= {party for p in participations for party in self.all(p, "represents")} | set(self.all(act, f"{relation}State"))
        labels = [self.label(a) for a in agents] + self.all(act, f"unresolved{relation.capitalize()}")
        return {
            f"{relation}s": " ".join(agents),
            f"{relation}s_labels": "; ".join(labels),
            f"{relation}s_parties": " ".join(sorted(party.rsplit("/", 1)[-1] for party in parties)),
        }

    def _in_order(self, nodes: Iterable[str], name: str) -> list[str]:
        """The value of each node's property, by the nodes' order, each once."""
        ordered: Sequence[str] = sorted(nodes, key=lambda n: (int(self.one(n, "order") or 0), n))
        return list(dict.fromkeys(value for node in ordered for value in self.all(node, name)))


def _quads(store: Store) -> Iterator[ox.Quad]:
    """Every quad, sorted, one graph in memory at a time."""
    for graph in store.graphs():
        yield from ox.parse("\n".join(sorted(store.dump(graph))).encode(), ox.RdfFormat.N_QUADS)


def _shared_labels(store: Reader) -> dict[str, str]:
    """The English name of every concept of the vocabularies."""
    english = 'FILTER(LANG(?label) IN ("", "en"))'
    query = f'SELECT ?concept ?label {{ ?concept <{_LABELS[0]}> ?label {english} FILTER(STRSTARTS(STR(?concept), "{VOCAB}")) }}'
    return {c.value: label.value for c, label in store.select(query)}  # type: ignore[union-attr]  # an IRI and a literal, by the query
