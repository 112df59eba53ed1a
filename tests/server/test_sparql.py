"""The endpoint keeps the SPARQL 1.1 Protocol: methods, types, parameters, answers and refusals."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import rdflib
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from communique.config import Settings
from communique.server import create_app
from communique.server.engine import InProcess
from communique.server.meter import Limits
from communique.server.protocol import MAX_QUERY
from communique.store import Store

SELECT = "SELECT ?s ?o { ?s <https://w3id.org/communique/ns#actType> ?o } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s <https://w3id.org/communique/ns#actType> ?o }"
RESULTS = "application/sparql-results+json"
FORM = "application/x-www-form-urlencoded"
UNTYPED: dict[str, str] = {}


def told_by(answer: TestResponse) -> Any:
    return json.loads(answer.text)


def url(**parameters: str) -> str:
    return "/sparql?" + urlencode(parameters)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (RESULTS, RESULTS),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; header=present; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("query", [SELECT, "ASK { ?s ?p ?o }"])
def test_rows_and_truth_values_in_each_form(client: FlaskClient, query: str, accept: str, media_type: str) -> None:
    answer = client.get(url(query=query), headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.content_length == len(answer.data)


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "json-ld"),
        ("application/rdf+xml", "xml"),
        ("application/trig", "turtle"),  # triples are the default graph of a dataset
        ("application/n-quads", "nt"),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE <https://w3id.org/communique/vocab/state/JPN>"])
# rdflib 7.6 warns about its own JSON-LD parser's use of a name that it deprecates.
@pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")
def test_triples_in_each_form(client: FlaskClient, store: Store, query: str, accept: str, name: str) -> None:
    answer = client.get(url(query=query), headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, accept)
    assert len(rdflib.Graph().parse(data=answer.text, format=name)) == len(set(store.construct(query)))


def test_the_four_ways_to_ask_are_one(client: FlaskClient) -> None:
    asked = told_by(client.get(url(query=SELECT)))
    assert len(asked["results"]["bindings"]) == 4
    assert told_by(client.post("/sparql", data={"query": SELECT})) == asked
    assert told_by(client.post("/sparql", data=SELECT, content_type="application/sparql-query")) == asked
    assert told_by(client.post("/sparql", data=SELECT.encode(), content_type="application/sparql-query; charset=UTF-8")) == asked
    assert told_by(client.open("/sparql", method="QUERY", data=SELECT, content_type="application/sparql-query")) == asked
    assert told_by(client.open("/sparql", method="QUERY", data={"query": SELECT})) == asked


@pytest.mark.parametrize("query", ["", "%20%0A"])
def test_an_empty_query_is_told_to_be_empty(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/sparql?query={query}")
    assert (answer.status_code, answer.get_json(force=True)["detail"]) == (400, "the query is empty")


def test_head_and_options(client: FlaskClient) -> None:
    head = client.head(url(query=SELECT))
    get = client.get(url(query=SELECT))
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", get.headers["Content-Length"])
    options = client.options("/sparql")
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, POST, QUERY, OPTIONS")
    assert options.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, QUERY, OPTIONS"
    assert "Content-Type" in options.headers["Access-Control-Allow-Headers"]


def test_the_graphs_can_be_chosen(client: FlaskClient, store: Store) -> None:
    account = next(g for g in store.graphs() if "/mofa/" in g)
    count = "SELECT (COUNT(*) AS ?n) { ?s <https://w3id.org/communique/ns#actType> ?o }"

    def n(text: str) -> int:
        return int(json.loads(text)["results"]["bindings"][0]["n"]["value"])

    assert n(client.get(url(query=count)).text) == 4
    assert n(client.get(url(query=count, **{"default-graph-uri": account})).text) == 2
    assert n(client.get(url(query=count.replace("{", f"FROM <{account}> {{", 1))).text) == 2
    assert n(client.get(url(query=count, **{"default-graph-uri": "http://example.org/none"})).text) == 0
    assert n(client.post("/sparql", data={"query": count, "default-graph-uri": account}).text) == 2
    post = client.post(url(**{"default-graph-uri": account}), data=count, content_type="application/sparql-query")
    assert n(post.text) == 2
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s <https://w3id.org/communique/ns#actType> ?o } }"
    assert n(client.get(url(query=named, **{"named-graph-uri": account})).text) == 2
    assert client.get(url(query=count, **{"default-graph-uri": "not an iri"})).status_code == 400


def test_a_bare_get_describes_the_service(client: FlaskClient) -> None:
    for accept, name in (("text/turtle", "turtle"), ("*/*", "turtle"), ("application/rdf+xml", "xml")):
        graph = rdflib.Graph().parse(data=client.get("/sparql", headers={"Accept": accept}).text, format=name)
        sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
        (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
        assert graph.value(service, sd.endpoint) == rdflib.URIRef("http://localhost/sparql")
        assert (service, sd.feature, sd.UnionDefaultGraph) in graph
        assert set(graph.subjects(sd.name, rdflib.URIRef("https://w3id.org/communique/graph/vocabulary")))
        assert (service, sd.supportedLanguage, sd.SPARQL11Update) not in graph
        sh, schema = rdflib.Namespace("http://www.w3.org/ns/shacl#"), rdflib.Namespace("https://schema.org/")
        prefixes = {str(graph.value(p, sh.prefix)): str(graph.value(p, sh.namespace)) for p in graph.objects(service, sh.declare)}
        assert prefixes["cq"] == "https://w3id.org/communique/ns#"
        limits = {str(graph.value(p, schema.name)) for p in graph.objects(service, schema.additionalProperty)}
        assert limits == {"timeout", "memory", "rows", "answer"}
    page = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.mimetype == "text/html"
    assert "<textarea" in page.text
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("request_", "status", "told"),
    [
        ({"path": url(query="SELECT * {\n  ?s ?p }")}, 400, "line 2, column "),
        ({"path": url(query="")}, 400, ""),
        ({"path": url(query="DROP ALL")}, 400, "read-only"),
        ({"path": url(update="DROP ALL")}, 400, "send it by POST"),
        ({"path": url(query="SELECT * { SERVICE <http://127.0.0.1:1/> {} }")}, 400, "SERVICE"),
        ({"path": "/sparql?query=ASK{}&query=ASK{}"}, 400, "2 times"),
        ({"path": "/sparql?query=%FF"}, 400, "not UTF-8"),
        ({"path": url(**{"default-graph-uri": "http://example.org/g"})}, 400, "missing"),
        ({"path": url(query=SELECT), "headers": {"Accept": "image/png"}}, 406, "text/csv"),
        ({"path": url(query=CONSTRUCT), "headers": {"Accept": "text/csv"}}, 406, "text/turtle"),
        ({"path": url(query=SELECT, format="docx"), "headers": {"Accept": "text/turtle"}}, 406, "json|xml|csv|tsv|html"),
        ({"path": "/sparql", "method": "PUT"}, 405, "PUT"),
        ({"path": "/sparql", "method": "DELETE"}, 405, "DELETE"),
        ({"path": "/sparql", "method": "POST", "data": "ASK {}", "headers": UNTYPED}, 415, "no type"),
        ({"path": "/sparql", "method": "POST", "data": "ASK {}", "content_type": "text/plain"}, 415, "text/plain"),
        (
            {"path": "/sparql", "method": "POST", "data": "ASK {}", "content_type": "application/sparql-query; charset=utf-16"},
            415,
            "utf-16",
        ),
        ({"path": "/sparql", "method": "POST", "data": "DROP ALL", "content_type": "application/sparql-update"}, 403, "read-only"),
        ({"path": "/sparql", "method": "POST", "data": {"update": "DROP ALL"}}, 403, "read-only"),
        ({"path": "/sparql", "method": "POST", "data": {"nothing": "here"}}, 400, "missing"),
        ({"path": url(query="ASK {}"), "method": "POST", "data": "ASK {}", "content_type": "application/sparql-query"}, 400, "send one"),
        ({"path": url(query="ASK {}"), "method": "POST", "data": {"query": "ASK {}"}}, 400, "2 times"),
        ({"path": "/sparql", "method": "POST", "data": b"\xff", "content_type": "application/sparql-query"}, 400, "byte 0"),
        ({"path": "/sparql", "method": "POST", "data": b"query=%FF", "content_type": FORM}, 400, "not UTF-8"),
        ({"path": url(query="ASK {}" + " " * MAX_QUERY)}, 414, "at most"),
        (
            {"path": "/sparql", "method": "POST", "data": " " * MAX_QUERY + "ASK {}", "content_type": "application/sparql-query"},
            413,
            "at most",
        ),
        ({"path": "/sparql", "method": "POST", "data": b" " * 1_100_000, "content_type": "application/sparql-query"}, 413, "longer than"),
        ({"path": "/nowhere"}, 404, "/nowhere"),
        ({"path": "/sparql", "method": "QUERY", "data": {"update": "DROP ALL"}}, 400, "send it by POST"),
        ({"path": "/sparql", "method": "QUERY"}, 415, "no type"),
        ({"path": "/sparql", "method": "POST", "data": {"query": "ASK {}", "update": "DROP ALL"}}, 400, "a query and an update"),
        ({"path": url(query="ASK {}", **{"using-graph-uri": "x:g"})}, 400, "belongs to an update"),
        ({"path": "/sparql", "method": "POST", "data": {"update": "DROP ALL", "named-graph-uri": "x:g"}}, 400, "belongs to a query"),
        ({"path": "/sparql?quarry=ASK{}"}, 400, "missing"),
    ],
)
def test_refusals_are_problems_in_plain_words(client: FlaskClient, request_: dict[str, Any], status: int, told: str) -> None:
    answer = client.open(**request_)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert told_by(answer)["status"] == status
    assert told in told_by(answer)["detail"]
    assert "Traceback" not in answer.text
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_a_syntax_error_is_pointed_at(client: FlaskClient) -> None:
    answer = client.get(url(query="SELECT * {\n  ?s ?p }"))
    line, pointer = told_by(answer)["pointer"].split("\n")
    assert (told_by(answer)["line"], line, pointer.strip()) == (2, "  ?s ?p }", "^")
    assert len(pointer) == told_by(answer)["column"]
    page = client.get(url(query="SELECT * {\n  ?s <b> & }"), headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert "?s &lt;b&gt; &amp; }" in page.text


def test_a_query_is_decoded_once(client: FlaskClient) -> None:
    asked = 'ASK { FILTER("%41" = CONCAT("%", "41")) }'
    assert told_by(client.get("/sparql?query=" + quote(asked)))["boolean"] is True
    assert told_by(client.post("/sparql", data=b"query=" + quote(asked).encode(), content_type=FORM))["boolean"] is True


def test_relative_iris_are_those_of_the_endpoint(client: FlaskClient) -> None:
    assert told_by(client.get(url(query='ASK { FILTER(STR(<x>) = "http://localhost/x") }')))["boolean"] is True


@pytest.mark.parametrize(
    ("limits", "limit", "told"),
    [
        (Limits(size=10_000), "answer", "10,000 bytes"),
        (Limits(rows=10), "answer", "10 rows"),
        (Limits(seconds=0.0), "timeout", "longer than 0 seconds"),
    ],
)
def test_an_answer_has_a_largest_size_and_a_longest_time(store: Store, limits: Limits, limit: str, told: str) -> None:
    answer = create_app(Settings(), InProcess(store, limits)).test_client().get(url(query="SELECT * { ?s ?p ?o }"))
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert told in told_by(answer)["detail"]
    assert told_by(answer)["limit"] == limit
    assert int(answer.headers["Retry-After"]) > 0


def test_when_all_places_are_taken_the_client_is_told(store: Store) -> None:
    engine = InProcess(store, at_once=0, patience=0.01)
    client = create_app(Settings(), engine).test_client()
    answer = client.get(url(query="ASK {}"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = client.get(url(query="ASK {}"), headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (503, "text/html")


def test_csv_reads_as_csv(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(url(query=SELECT, format="csv")).text)))
    assert len(rows) == 4
    assert set(rows[0]) == {"s", "o"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT"]),
    st.one_of(st.binary(max_size=80), st.sampled_from([b"query=ASK{}", b"query=ASK%7B%7D&format=xml", b"update=x", b"query="])),
    st.one_of(
        st.none(), st.sampled_from([FORM, "application/sparql-query", "application/sparql-update", "multipart/form-data", ";;", "é"])
    ),
    st.one_of(st.binary(max_size=80), st.sampled_from([b"ASK {}", b"query=ASK{}", b"SELECT"])),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)
def test_no_request_breaks_the_endpoint(
    client: FlaskClient, method: str, query_string: bytes, content_type: str | None, body: bytes, accept: str
) -> None:
    raw = query_string.decode("latin-1").replace("\x00", "")
    answer = client.open("/sparql", method=method, query_string=raw, content_type=content_type, data=body, headers={"Accept": accept})
    assert answer.status_code < 500, answer.text
