"""Builds the lexicon's tables from the vocabularies.

One rule for every vocabulary: a literal that is a label property becomes a row of ``labels.tsv``, every other literal
or concept becomes a row of ``facts.tsv``.  So a new vocabulary needs a line in ``VOCABULARIES`` and no code.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from rdflib import RDF, Graph, Literal, Namespace, URIRef

CQ = Namespace("https://w3id.org/communique/ns#")

LABELS = {
    "prefLabel",
    "altLabel",
    "hiddenLabel",
    "officialName",
    "acronym",
    "adjective",
    "demonym",
    "genericLabel",
    "regionLabel",
    "hintLabel",
    "modifierLabel",
}
PROSE = {
    "definition",
    "example",
    "scopeNote",
    "note",
    "comment",
    "changeNote",
    "editorialNote",
    "source",
    "inScheme",
    "topConceptOf",
    "type",
    "ploverCode",  # codes of event data say nothing about words
    "ploverMode",
    "cameoCode",
    "codingReason",
}
VOCABULARIES = (
    "issue", "reading", "act", "verb", "noun", "state", "organization", "forum", "membership", "place",
    "office", "rank", "portfolio", "body", "honorific",
)  # fmt: skip


def local(term: object) -> str:
    """The part of an IRI after the last ``/`` or ``#``; a literal as it is."""
    text = str(term)
    return text.rsplit("/", 1)[-1].rsplit("#", 1)[-1] if isinstance(term, URIRef) else text


def kind_of(iri: URIRef) -> str | None:
    """``state`` for ``.../vocab/state/JPN``; ``None`` for what is no concept of a vocabulary."""
    parts = str(iri).rsplit("/", 2)
    return parts[1] if len(parts) == 3 and parts[0].endswith("/vocab") and parts[1] in VOCABULARIES else None


def rows(graph: Graph) -> tuple[list[tuple[str, str, str, str]], list[tuple[str, str, str, str]]]:
    """The rows of both tables, sorted and without repeats."""
    labels: set[tuple[str, str, str, str]] = set()
    facts: set[tuple[str, str, str, str]] = set()
    for s, p, o in graph:
        if not isinstance(s, URIRef) or (kind := kind_of(s)) is None:
            continue
        name = local(p)
        if name in LABELS:
            if isinstance(o, Literal) and o.language in (None, "en"):
                labels.add((str(o), kind, local(s), name))
        elif name not in PROSE and p != RDF.type:
            facts.add((kind, local(s), name, local(o)))
    return sorted(labels), sorted(facts)


def vocabularies() -> Graph:
    """All vocabularies that are shipped, in one graph."""
    graph = Graph()
    for entry in sorted(files("communique.ontology").joinpath("vocab").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".ttl"):
            graph.parse(data=entry.read_text(encoding="utf-8"), format="turtle")
    return graph


def tables(graph: Graph | None = None) -> Iterator[tuple[str, str]]:
    """Name and content of each table, from the vocabularies in ``graph`` (default: those that are shipped)."""
    labels, facts = rows(vocabularies() if graph is None else graph)
    yield "labels.tsv", "".join("\t".join(r) + "\n" for r in [("label", "kind", "id", "form"), *labels])
    yield "facts.tsv", "".join("\t".join(r) + "\n" for r in [("kind", "id", "property", "value"), *facts])


def write(folder: Path) -> list[Path]:
    """Writes the tables into ``folder``; returns their paths."""
    out = []
    for name, content in tables():
        path = folder / name
        path.write_text(content, encoding="utf-8")
        out.append(path)
    return out
