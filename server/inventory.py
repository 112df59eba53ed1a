"""The description of the data as a whole, in VoID and DCAT: counts, parts, files, terms, as triples without blank nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from communique.iris import CQ, VOCAB
from communique.queries import partitions
from communique.queries.exports import PREFIXES
from communique.queries.partitions import PARTS, Counts
from communique.queries.release.crate import ABOUT, TITLE, File

_DCAT: Final = "http://www.w3.org/ns/dcat#"
_DCTERMS: Final = PREFIXES["dcterms"]
_FOAF: Final = "http://xmlns.com/foaf/0.1/"
_SPDX: Final = "http://spdx.org/rdf/terms#"
_VOID: Final = "http://rdfs.org/ns/void#"
_XSD: Final = PREFIXES["xsd"]
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"
EACH: Final = "A statement is counted in each graph that makes it; there are too many to count those alone that differ."
_FORMATS: Final = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")
_A: Final = ox.NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True, slots=True)
class Dumps:
    """The files of one version, and the folder that they are in."""

    version: str
    folder: Path
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What is told of the data that the server at ``root`` serves under ``base``; ``licence`` is empty if nobody said."""

    root: str
    base: str
    version: str
    modified: datetime
    licence: str
    counts: Counts
    dumps: Dumps | None = None

    @property
    def iri(self) -> str:
        """The name of the data as a whole: where this server describes it."""
        return f"{self.root}/dataset"

    def _common(self) -> Iterator[ox.Triple]:
        data = self.iri
        yield _triple(data, _DCTERMS + "title", _text(TITLE))
        yield _triple(data, _DCTERMS + "description", _text(ABOUT))
        yield _triple(data, _DCTERMS + "identifier", ox.Literal(self.version))
        yield _triple(data, _DCTERMS + "modified", _typed(self.modified.isoformat(), "dateTime"))
        yield _triple(data, PREFIXES["owl"] + "versionInfo", ox.Literal(self.version))
        if self.licence:
            yield _triple(data, _DCTERMS + "license", ox.NamedNode(self.licence))
        for licence, number in self.counts.licences.items():
            yield _triple(data, _DCTERMS + "rights", _text(f"The words of {number:,} documents: {licence}"))

    def void(self) -> Iterator[ox.Triple]:
        """What is in the data: statements, classes, properties, parts, and where it is asked."""
        data, counts = self.iri, self.counts
        page = f"{self.root}/.well-known/void"
        yield _triple(page, _A.value, ox.NamedNode(_VOID + "DatasetDescription"))
        yield _triple(page, _FOAF + "primaryTopic", ox.NamedNode(data))
        yield _triple(data, _A.value, ox.NamedNode(_VOID + "Dataset"))
        yield from self._common()
        yield from _partition(data, counts.whole)
        if counts.whole.subjects is None:
            yield _triple(page, _DCTERMS + "description", _text(EACH))
        yield _triple(data, _VOID + "classes", _number(len(counts.classes)))
        yield _triple(data, _VOID + "properties", _number(len(counts.properties)))
        yield _triple(data, _VOID + "sparqlEndpoint", ox.NamedNode(f"{self.root}/sparql"))
        yield _triple(data, _VOID + "uriSpace", ox.Literal(self.base))
        for vocabulary in (CQ, PREFIXES["skos"], PREFIXES["prov"]):
            yield _triple(data, _VOID + "vocabulary", ox.NamedNode(vocabulary))
        for name in _FORMATS:
            yield _triple(data, _VOID + "feature", ox.NamedNode(f"http://www.w3.org/ns/formats/{name}"))
        for iri, number in counts.classes.items():
            node = f"{data}#class-{_code(iri)}"
            yield _triple(data, _VOID + "classPartition", ox.NamedNode(node))
            yield _triple(node, _VOID + "class", ox.NamedNode(iri))
            yield _triple(node, _VOID + "entities", _number(number))
        for iri, partition in counts.properties.items():
            node = f"{data}#property-{_code(iri)}"
            yield _triple(data, _VOID + "propertyPartition", ox.NamedNode(node))
            yield _triple(node, _VOID + "property", ox.NamedNode(iri))
            yield from _partition(node, partition)
        for part, (graphs, quads) in counts.graphs.items():
            node = f"{data}#{part}"
            yield _triple(data, _VOID + "subset", ox.NamedNode(node))
            yield _triple(node, _A.value, ox.NamedNode(_VOID + "Dataset"))
            yield _triple(node, _DCTERMS + "title", _text(PARTS[part]))
            yield _triple(node, _DCTERMS + "extent", _text(f"{quads:,} statements in {graphs:,} named graphs"))
        for part in PARTS:
            for form in ("nq", "trig"):
                yield _triple(data, _VOID + "dataDump", ox.NamedNode(f"{self.root}/dumps/{part}.{form}.gz"))
        yield _triple(data, _VOID + "dataDump", ox.NamedNode(f"{self.root}/dumps/whole.ttl.gz"))

    def dcat(self) -> Iterator[ox.Triple]:
        """How the data is to be had: files with size and hash, and the endpoint."""
        assert self.dumps is not None
        data = self.iri
        service = f"{self.root}/sparql"
        yield _triple(data, _A.value, ox.NamedNode(_DCAT + "Dataset"))
        yield _triple(data, _DCAT + "version", ox.Literal(self.dumps.version))
        yield _triple(data, _DCAT + "landingPage", ox.NamedNode(f"{self.root}/"))
        yield _triple(data, _DCTERMS + "language", ox.NamedNode("http://id.loc.gov/vocabulary/iso639-1/en"))
        for word in ("international relations", "diplomacy", "event data"):
            yield _triple(data, _DCAT + "keyword", _text(word))
        if self.counts.days[0]:
            node = f"{data}#time"
            yield _triple(data, _DCTERMS + "temporal", ox.NamedNode(node))
            yield _triple(node, _A.value, ox.NamedNode(_DCTERMS + "PeriodOfTime"))
            for name, day in zip(("startDate", "endDate"), self.counts.days, strict=True):
                yield _triple(node, _DCAT + name, _typed(day, "date"))
        yield _triple(service, _A.value, ox.NamedNode(_DCAT + "DataService"))
        yield _triple(service, _DCTERMS + "title", _text("SPARQL"))
        yield _triple(service, _DCAT + "endpointURL", ox.NamedNode(service))
        yield _triple(service, _DCAT + "endpointDescription", ox.NamedNode(f"{self.root}/openapi.json"))
        yield _triple(service, _DCAT + "servesDataset", ox.NamedNode(data))
        for each in self.dumps.files:
            yield from self._distribution(data, each)

    def _distribution(self, data: str, each: File) -> Iterator[ox.Triple]:
        assert self.dumps is not None
        node = f"{self.root}/dumps/{self.dumps.version}/{each.name}"
        checksum = f"{node}#checksum"
        yield _triple(data, _DCAT + "distribution", ox.NamedNode(node))
        yield _triple(node, _A.value, ox.NamedNode(_DCAT + "Distribution"))
        yield _triple(node, _DCTERMS + "title", _text(each.name))
        yield _triple(node, _DCTERMS + "description", _text(each.about))
        yield _triple(node, _DCTERMS + "extent", _text(f"{each.items:,} {each.unit}"))
        yield _triple(node, _DCAT + "downloadURL", ox.NamedNode(node))
        yield _triple(node, _DCAT + "accessURL", ox.NamedNode(data))
        yield _triple(node, _DCAT + "byteSize", _typed(str(each.size), "nonNegativeInteger"))
        yield _triple(node, _DCAT + "mediaType", ox.NamedNode(_MEDIA + each.content))
        if each.name.endswith(".gz"):
            yield _triple(node, _DCAT + "compressFormat", ox.NamedNode(_MEDIA + "application/gzip"))
        if each.unit == "rows":
            yield _triple(node, _DCTERMS + "conformsTo", ox.NamedNode(f"{self.root}/dumps/{self.dumps.version}/codebook.md"))
        yield _triple(node, _SPDX + "checksum", ox.NamedNode(checksum))
        yield _triple(checksum, _A.value, ox.NamedNode(_SPDX + "Checksum"))
        yield _triple(checksum, _SPDX + "algorithm", ox.NamedNode(_SPDX + "checksumAlgorithm_sha256"))
        yield _triple(checksum, _SPDX + "checksumValue", _typed(each.sha256, "hexBinary"))
        if licence := each.licence or self.licence:
            yield _triple(node, _DCTERMS + "license", ox.NamedNode(licence))


def _partition(node: str, partition: partitions.Partition) -> Iterator[ox.Triple]:
    yield _triple(node, _VOID + "triples", _number(partition.triples))
    for name, number in (("distinctSubjects", partition.subjects), ("distinctObjects", partition.objects)):
        if number is not None:
            yield _triple(node, _VOID + name, _number(number))


def _code(iri: str) -> str:
    """What stands for a class or property in the name of its part: its short name, which is one of a kind."""
    for prefix, namespace in {**PREFIXES, "vocab": VOCAB}.items():
        if iri.startswith(namespace):
            return f"{prefix}-{iri.removeprefix(namespace).replace('/', '-')}"
    return ox.NamedNode(iri).value.replace("://", "-").replace("/", "-").replace("#", "-")


def _triple(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def _text(words: str) -> ox.Literal:
    return ox.Literal(words, language="en")


def _number(number: int) -> ox.Literal:
    return _typed(str(number), "integer")


def _typed(words: str, kind: str) -> ox.Literal:
    return ox.Literal(words, datatype=ox.NamedNode(_XSD + kind))
