"""The whole store as a file: RDF in four syntaxes, and a table with one row an act; sorted, so that the same store gives the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

import pyoxigraph as ox

from communique.errors import UsageError
from communique.iris import CQ
from communique.queries.accounts import Account, accounts
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

# The columns of the table, in order; queries/release/columns.py is their codebook.
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
    for told in accounts(store):
        yield from rows(told)


def rows(told: Account) -> Iterator[dict[str, str]]:
    """The rows of one account."""
    for encounter in told.encounters():
        for act in told.acts(encounter):
            yield _row(told, encounter, act)


def _row(told: Account, encounter: str, act: str) -> dict[str, str]:
    publisher, target = told.one(told.readout, "publisher"), told.one(act, "target")
    issues = told.in_order(told.all(act, "hasIssueMention"), "mentionsIssue")
    row = {
        "act": act,
        "readout": told.readout,
        "publisher": publisher,
        "publisher_label": told.label(publisher),
        "published": told.one(told.readout, "date"),
        "url": told.one(told.readout, "url"),
        "composed": told.one(told.readout, "composed") or "false",
        "encounter": encounter,
        "encounter_label": told.label(encounter),
        "encounter_kind": told.one(encounter, "kind"),
        "date": told.one(encounter, "date"),
        "place_label": told.one(encounter, "placeName"),
        "order": told.one(act, "order"),
        "act_type": told.one(act, "actType"),
        "act_type_label": told.label(told.one(act, "actType")),
        "verb": told.one(act, "trigger"),
        "joint": told.one(act, "joint"),
        "addressee_implicit": told.one(act, "addresseeImplicit"),
        "target": target,
        "target_label": told.label(target),
        "issues": " ".join(issues),
        "issues_labels": "; ".join(told.label(i) for i in issues),
        "stance": told.one(act, "polarity").removeprefix(CQ),
        "strength": told.one(act, "strength"),
        "commitment": "true" if told.one(act, "makesCommitment") else "false",
        "quote": told.one(act, "quote"),
        "start": told.one(act, "start"),
        "end": told.one(act, "end"),
        "confidence": told.one(act, "confidence"),
        "rule": told.one(act, "derivedBy"),
    }
    for relation in ("actor", "addressee"):
        row |= _agents(told, act, relation)
    return row


def _agents(told: Account, act: str, relation: str) -> dict[str, str]:
    """Persons and parties, in the order in which the encounter names them; words that stay unresolved come last."""
    participations = told.all(act, f"{relation}Participation")
    agents = told.in_order(participations, "participant")
    agents += [a for a in told.all(act, relation) if a not in agents]
    offices = [office for p in participations for office in told.all(p, "inOffice")]
    parties = {party for office in offices for party in told.all(office, "officeOf")}
    parties |= {party for p in participations for party in told.all(p, "represents")} | set(told.all(act, f"{relation}State"))
    labels = [told.label(a) for a in agents] + told.all(act, f"unresolved{relation.capitalize()}")
    return {
        f"{relation}s": " ".join(agents),
        f"{relation}s_labels": "; ".join(labels),
        f"{relation}s_parties": " ".join(sorted(party.rsplit("/", 1)[-1] for party in parties)),
    }


def _quads(store: Store) -> Iterator[ox.Quad]:
    """Every quad, sorted, one graph in memory at a time."""
    for graph in store.graphs():
        yield from ox.parse("\n".join(sorted(store.dump(graph))).encode(), ox.RdfFormat.N_QUADS)
