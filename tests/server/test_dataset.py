"""The data as a whole: counts that are recounted by another library, files that are the store, sums that are right."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import DCAT, DCTERMS, RDF, VOID
from werkzeug.test import TestResponse

from communique.config import Settings
from communique.queries import partitions
from communique.queries.partitions import PARTS
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import EVERYTHING, EmbeddedStore, Store, open_store
from communique.store import Dataset as Graphs

pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")
LINE = "<http://example.org/s> <http://example.org/p> <http://example.org/o> <http://example.org/g> ."
DATA = rdflib.URIRef("http://localhost/dataset")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
FORMS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml", "json": "json-ld"}


@pytest.fixture(scope="module")
def client(few: Store) -> FlaskClient:
    return create_app(Settings(), InProcess(few)).test_client()


@pytest.fixture(scope="module")
def whole(few: Store) -> rdflib.Graph:
    """The union of all graphs, read by another library."""
    graph = rdflib.Graph()
    graph.parse(data="\n".join(sorted({f"{line.rsplit(' ', 2)[0]} ." for line in few.dump()})), format="nt")
    return graph


@pytest.fixture(scope="module")
def told(few: Store) -> rdflib.Graph:
    client = create_app(Settings(licence="https://example.org/terms"), InProcess(few)).test_client()
    return rdflib.Graph().parse(data=client.get("/dataset.ttl").text, format="turtle")


def file(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """A file, read to its end and closed."""
    return client.get(path, headers=headers, follow_redirects=True, buffered=True)


def number(graph: rdflib.Graph, node: rdflib.term.Node, name: rdflib.URIRef) -> int:
    return int(str(graph.value(node, name, any=False)))


def test_the_whole_is_counted_right(told: rdflib.Graph, whole: rdflib.Graph) -> None:
    assert number(told, DATA, VOID.triples) == len(whole)
    assert number(told, DATA, VOID.distinctSubjects) == len(set(whole.subjects()))
    # Literals that differ in writing only are one value to this library, so it may count fewer.
    assert len(set(whole.objects())) <= number(told, DATA, VOID.distinctObjects)
    assert number(told, DATA, VOID.properties) == len(set(whole.predicates()))
    assert number(told, DATA, VOID.classes) == len(set(whole.objects(None, RDF.type)))


def test_classes_and_properties_are_counted_right(told: rdflib.Graph, whole: rdflib.Graph) -> None:
    classes = {told.value(part, VOID["class"]): number(told, part, VOID.entities) for part in told.objects(DATA, VOID.classPartition)}
    assert classes == Counter(kind for _, kind in set(whole.subject_objects(RDF.type)))
    parts = list(told.objects(DATA, VOID.propertyPartition))
    assert {told.value(part, VOID.property): number(told, part, VOID.triples) for part in parts} == Counter(whole.predicates())
    for part in parts:
        assert number(told, part, VOID.distinctSubjects) == len(set(whole.subjects(told.value(part, VOID.property))))


def test_more_than_fits_into_a_query_is_counted_in_pieces_and_said_so(few: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "_WHOLE", 0)
    monkeypatch.setattr(partitions, "_AT_ONCE", 3)
    client = create_app(Settings(), InProcess(few)).test_client()
    told = rdflib.Graph().parse(data=client.get("/.well-known/void?format=ttl").text, format="turtle")
    quads = [line.split(" ", 2)[1].strip("<>") for line in few.dump()]
    assert number(told, DATA, VOID.triples) == len(quads)
    parts = list(told.objects(DATA, VOID.propertyPartition))
    assert {str(told.value(part, VOID.property)): number(told, part, VOID.triples) for part in parts} == Counter(quads)
    assert not list(told.subject_objects(VOID.distinctSubjects))
    assert "in each graph that makes it" in str(told.value(rdflib.URIRef("http://localhost/.well-known/void"), DCTERMS.description))
    assert f"{len(quads):,} statements, each in a named graph" in client.get("/dataset", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read_by_another_reader(client: FlaskClient, form: str) -> None:
    for path in (f"/dataset.{form}", f"/dataset?format={form}", f"/.well-known/void?format={form}"):
        answer = client.get(path)
        assert answer.status_code == 200
        graph = rdflib.Graph().parse(data=answer.get_data(), format=FORMS[form])
        assert (DATA, RDF.type, VOID.Dataset) in graph
        assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]
        # No name is given to two parts.
        parts = [*graph.objects(DATA, VOID.classPartition), *graph.objects(DATA, VOID.propertyPartition)]
        assert len(parts) == number(graph, DATA, VOID.classes) + number(graph, DATA, VOID.properties)
    assert client.get("/.well-known/void").mimetype == "text/turtle"
    assert client.get("/.well-known/void", headers={"Accept": "text/html"}).status_code == 406


def test_the_files_are_the_store(client: FlaskClient, few: Store) -> None:
    lines: list[str] = []
    for part in PARTS:
        answer = file(client, f"/dumps/{part}.nq.gz")
        assert (answer.status_code, answer.mimetype) == (200, "application/gzip")
        some = gzip.decompress(answer.data).decode().splitlines()
        assert some == sorted(some, key=lambda line: line.rsplit(" ", 2)[1]), "graph by graph"
        lines += some
    assert sorted(lines) == sorted(few.dump())
    evidence = gzip.decompress(file(client, "/dumps/evidence.nq.gz").data).decode()
    asserted = gzip.decompress(file(client, "/dumps/asserted.nq.gz").data).decode()
    assert "ns#quote>" in evidence
    assert "ns#quote>" not in asserted
    assert "ns#actType>" in asserted
    assert rdflib.Dataset().parse(data=evidence, format="nquads")
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(file(client, "/dumps/acts.csv.gz").data).decode())))
    assert len(rows) == 4
    assert rows[0]["actors_labels"]


def test_sizes_and_sums_are_right(client: FlaskClient, told: rdflib.Graph) -> None:
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in file(client, "/dumps/SHA256SUMS").text.splitlines())}
    found = list(told.objects(DATA, DCAT.distribution))
    assert {str(told.value(node, DCTERMS.title)) for node in found} == sums.keys() - {"README.md", "ro-crate-metadata.json"}
    assert len(found) == 26
    for node in found:
        answer = file(client, str(told.value(node, DCAT.downloadURL)).removeprefix("http://localhost"))
        digest = hashlib.sha256(answer.data).hexdigest()
        assert sums[str(told.value(node, DCTERMS.title))] == digest
        assert number(told, node, DCAT.byteSize) == len(answer.data) == answer.content_length
        checksum = told.value(node, SPDX.checksum)
        assert str(told.value(checksum, SPDX.checksumValue)).lower() == digest
        assert told.value(node, DCTERMS.license)


def test_every_dump_that_void_names_is_there(client: FlaskClient, told: rdflib.Graph) -> None:
    dumps = [str(iri).removeprefix("http://localhost") for iri in told.objects(DATA, VOID.dataDump)]
    assert len(dumps) == 2 * len(PARTS) + 1
    assert all(file(client, path).status_code == 200 for path in dumps)
    tables = [node for node in told.objects(DATA, DCAT.distribution) if told.value(node, DCTERMS.conformsTo)]
    assert len(tables) == 8
    assert "# Codebook" in file(client, str(told.value(tables[0], DCTERMS.conformsTo)).removeprefix("http://localhost")).text


def test_terms_are_told(client: FlaskClient, told: rdflib.Graph) -> None:
    assert str(told.value(DATA, DCTERMS.license)) == "https://example.org/terms"
    unsaid = rdflib.Graph().parse(data=client.get("/dataset.ttl").text, format="turtle")
    assert unsaid.value(DATA, DCTERMS.license) is None
    page = client.get("/dataset", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "has not said under which terms" in page.text
    assert "SHA256SUMS" in page.text


def test_files_are_kept_and_sent_in_parts(client: FlaskClient) -> None:
    lead = client.get("/dumps/reference.nq.gz")
    assert lead.status_code == 303
    address = lead.headers["Location"]
    first = file(client, address)
    assert "immutable" in first.headers["Cache-Control"]
    assert file(client, address, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    part = file(client, address, Range="bytes=2-5")
    assert (part.status_code, part.data) == (206, first.data[2:6])
    for path in (
        "/dumps/none.nq.gz",
        "/dumps/0123/reference.nq.gz",
        "/dumps/0123/%2e%2e%2findex.json",
        address.rsplit("/", 1)[0] + "/index.json",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/dumps/").headers["Location"] == "/data#files"


def test_who_cannot_unpack_gets_it_plain(client: FlaskClient) -> None:
    packed = gzip.decompress(file(client, "/dumps/acts.csv.gz").data)
    plain = file(client, "/dumps/acts.csv")
    assert (plain.mimetype, plain.data, plain.headers.get("Content-Encoding")) == ("text/csv", packed, None)
    on_the_way = file(client, "/dumps/acts.csv", **{"Accept-Encoding": "gzip"})
    assert (on_the_way.headers["Content-Encoding"], gzip.decompress(on_the_way.data)) == ("gzip", packed)
    assert "Accept-Encoding" in on_the_way.headers["Vary"] + plain.headers["Vary"]
    assert file(client, plain.request.path, **{"If-None-Match": plain.headers["ETag"]}).status_code == 304
    assert file(client, "/dumps/states.gexf").mimetype == "application/gexf+xml"
    assert rdflib.Dataset().parse(data=file(client, "/dumps/reference.trig").data, format="trig")
    assert client.get("/dumps/issues.gexf.gz").status_code == 404


def test_the_page_of_the_data_lists_the_files_once_they_are_written(few: Store) -> None:
    client = create_app(Settings(licence="https://example.org/terms"), InProcess(few)).test_client()
    assert "not written yet" in client.get("/data").text
    listed = client.get("/data.json").get_json()["files"]
    page = client.get("/data").text
    assert "not written yet" not in page
    for row in listed:
        answer = file(client, row["address"].removeprefix("http://localhost"))
        assert (len(answer.data), hashlib.sha256(answer.data).hexdigest()) == (row["bytes"], row["sha256"])
        assert f'/{row["name"]}"' in page
        assert row["licence"] in ("https://example.org/terms", "https://www.apache.org/licenses/LICENSE-2.0")
    rows = list(csv.DictReader(io.StringIO(client.get("/data.csv").text)))
    assert [{name: str(v) for name, v in row.items()} for row in listed] == rows
    assert "/codebook.md" in page


def test_the_whole_as_a_page_is_not_waited_for(few: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of several processes writes the files beside the requests; until then the page says so, and is not kept."""
    monkeypatch.setattr(InProcess, "isolated", property(lambda _: True))
    client = create_app(Settings(), InProcess(few)).test_client()
    soon = client.get("/dataset", headers={"Accept": "text/html"})
    assert "look again in a moment" in soon.text
    assert "ETag" not in soon.headers
    client.get("/data.json")  # who asks for the list waits
    there = client.get("/dataset", headers={"Accept": "text/html"})
    assert "What is in it" in there.text
    assert "ETag" in there.headers


def test_the_same_data_gives_the_same_bytes_and_other_data_another_version(root: Path, few: Store) -> None:
    def sums(served: Store) -> tuple[str, str]:
        client = create_app(Settings(), InProcess(served)).test_client()
        answer = file(client, "/dumps/SHA256SUMS")
        return answer.request.path.split("/")[2], answer.text

    first = sums(few)
    with open_store("memory:") as again:
        again.apply({graph: list(few.dump(graph)) for graph in reversed(few.graphs())})
        assert sums(again) == first
        again.put_graph("http://example.org/g", [LINE])
        version, text = sums(again)
        assert version != first[0]
        assert text != first[1]


def test_what_was_made_goes_with_a_new_version(root: Path) -> None:
    with open_store("memory:") as served:
        engine = InProcess(served)
        app = create_app(Settings(), engine)
        client = app.test_client()
        before = client.get("/dumps/SHA256SUMS").headers["Location"]
        tag = client.get("/dataset.ttl").headers["ETag"]
        served.put_graph("http://example.org/g", [LINE])
        engine.refresh()
        after = client.get("/dumps/SHA256SUMS").headers["Location"]
        assert before != after
        assert client.get(before).status_code == 404
        assert file(client, after).status_code == 200
        again = client.get("/dataset.ttl", headers={"If-None-Match": tag})
        assert again.status_code == 200
        assert number(rdflib.Graph().parse(data=again.text, format="turtle"), DATA, VOID.triples) == 1


def test_files_are_written_from_the_snapshot_on_the_disk_if_it_is_what_is_served(directory: Path) -> None:
    class Noting(InProcess):
        built: ClassVar[list[str]] = []

        def construct(self, query: str, dataset: Graphs = EVERYTHING, limit: int | None = None) -> tuple[ox.Triple, ...]:
            self.built.append(query)
            return super().construct(query, dataset, limit)

    settings = Settings(store=str(directory))
    with open_store(str(directory), in_memory=True) as served:
        same = file(create_app(settings, Noting(served)).test_client(), "/dumps/SHA256SUMS")
        assert not Noting.built
        elsewhere = file(create_app(Settings(store="memory:"), Noting(served)).test_client(), "/dumps/SHA256SUMS")
        assert Noting.built
        assert same.text == elsewhere.text
        # What is served is not what is on the disk any more.
        other = EmbeddedStore(ox.Store())
        other.put_graph("http://example.org/g", [LINE])
        found = file(create_app(settings, InProcess(other)).test_client(), "/dumps/asserted.nq.gz")
        assert gzip.decompress(found.data).decode() == LINE + "\n"
