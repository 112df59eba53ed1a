"""The manifests of the suite: which tests there are, with their files, read as RDF."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import rdflib
from rdflib.collection import Collection
from rdflib.term import Node

ARCHIVE = Path(__file__).parents[4] / "shared" / "w3c" / "rdf-tests-sparql.tar.gz"
BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
# Each of these is a test of its own kind, with its own runner; federation is off, and its tests need servers that are not there.
APART = ("entailment", "service", "protocol", "graph-store-protocol", "service-description", "http-rdf-update")


@dataclass(frozen=True, slots=True)
class Data:
    """The graphs of a dataset as files: of the default graph, and named ones with their names."""

    default: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the HTTP suites and what must come back."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str | None
    encoding: str
    statuses: tuple[str, ...]
    truth: bool | None = None
    format: str | None = None
    location: str | None = None
    reply_type: str | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One test: its folder and name, its kind, its action and the expected result; files are IRIs under ``BASE``."""

    folder: str
    name: str
    kind: str
    text: str = ""
    data: Data = Data()
    result: str | None = None
    after: Data = Data()
    requests: tuple[Request, ...] = field(default=())
    regimes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """As the table of deviations calls it."""
        return f"{self.folder}/{self.name}"


def unpacked(folder: Path) -> Path:
    """The suite, unpacked into a folder."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # not there before Python 3.11.4
        archive.extractall(folder)
    return folder / "rdf-tests" / "sparql" / "sparql11"


@dataclass(frozen=True, slots=True)
class Suite:
    """The suite in a folder."""

    root: Path

    def path(self, iri: str) -> Path:
        """The file of an IRI."""
        return self.root / iri.removeprefix(BASE)

    def read(self, iri: str) -> str:
        """The text of a file."""
        return self.path(iri).read_text(encoding="utf-8")

    def folders(self) -> list[str]:
        """The folders that have a manifest."""
        return sorted(path.parent.name for path in self.root.glob("*/manifest.ttl"))

    def cases(self, *folders: str) -> Iterator[Case]:
        """The tests of some folders, in the order of their manifests."""
        for folder in folders:
            for path in sorted((self.root / folder).glob("manifest*.ttl")):
                graph = rdflib.Graph().parse(path, publicID=f"{BASE}{folder}/{path.name}")
                for entries in graph.objects(None, MF.entries):
                    for test in Collection(graph, entries):
                        yield _case(graph, folder, test)


def _case(graph: rdflib.Graph, folder: str, test: Node) -> Case:
    kind = str(graph.value(test, rdflib.RDF.type)).rpartition("#")[2]
    action, result = graph.value(test, MF.action), graph.value(test, MF.result)
    found = graph.value(action, QT.query) or graph.value(action, UT.request) if action is not None else None
    requests = tuple(_request(graph, r) for r in _list(graph, graph.value(action, HT.requests) if action is not None else None))
    told = str(found or action) if not requests and action is not None else ""
    ours = action if found is not None else test
    after = _data(graph, result) if isinstance(result, rdflib.BNode) else Data()
    outcome = str(result) if isinstance(result, rdflib.URIRef) else None
    regime = graph.value(action, SD.entailmentRegime) if action is not None else None
    regimes = _list(graph, regime) if isinstance(regime, rdflib.BNode) else [] if regime is None else [regime]
    named = tuple(sorted(str(r).rpartition("/")[2] for r in regimes))
    return Case(folder, str(test).rpartition("#")[2], kind, told, _data(graph, ours), outcome, after, requests, named)


def _data(graph: rdflib.Graph, node: Node | None) -> Data:
    if node is None:
        return Data()
    default = tuple(str(o) for p in (QT.data, UT.data) for o in graph.objects(node, p))
    named = []
    for part in (o for p in (QT.graphData, UT.graphData) for o in graph.objects(node, p)):
        file = graph.value(part, UT.graph) or part
        named.append((str(graph.value(part, rdflib.RDFS.label) or file), str(file)))
    return Data(default, tuple(sorted(named)))


def _request(graph: rdflib.Graph, node: Node) -> Request:
    reply = graph.value(node, HT.resp)
    body, wanted = graph.value(node, HT.body), graph.value(reply, HT.body)
    truth = graph.value(reply, MF.expectedBoolean)
    types = [v for k, v in _headers(graph, reply) if k == "content-type"]
    return Request(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        _headers(graph, node),
        None if body is None else str(graph.value(body, CNT.chars)),
        "utf-8" if body is None else str(graph.value(body, CNT.characterEncoding)),
        tuple(sorted(str(o).rpartition("#")[2] for o in graph.objects(reply, MF.expectedStatus))),
        None if truth is None else bool(truth.toPython()),  # type: ignore[attr-defined]  # a literal
        _text(graph.value(reply, MF.expectedFormat)),
        _text(graph.value(reply, MF.expectedLocation)),
        types[0] if types else None,
        None if wanted is None else str(graph.value(wanted, CNT.chars)),
    )


def _headers(graph: rdflib.Graph, node: Node | None) -> tuple[tuple[str, str], ...]:
    found = _list(graph, graph.value(node, HT.headers) if node is not None else None)
    return tuple((str(graph.value(h, HT.fieldName)).lower(), str(graph.value(h, HT.fieldValue))) for h in found)


def _list(graph: rdflib.Graph, node: Node | None) -> list[Node]:
    return [] if node is None else list(Collection(graph, node))


def _text(node: Node | None) -> str | None:
    return None if node is None else str(node)
