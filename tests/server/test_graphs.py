"""Whole graphs over HTTP: names, formats, parts, refusals; all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communique.config import Settings
from communique.server import create_app
from communique.server.engine import InProcess
from communique.server.graph_store import Target, target, triples
from communique.server.multipart import parts
from communique.server.problems import Problem
from communique.server.writer import MemoryWriter
from communique.store import EmbeddedStore, open_here

TURTLE: dict[str, Any] = {"content_type": "text/turtle"}
G = "http://example.org/a graph".replace(" ", "%20")
AT = f"/graphs?graph={quote(G, safe='')}"
TOKEN = "a-token-of-this-test"


def writable(store: EmbeddedStore, token: str | None = None, default_graph: str = "own") -> Flask:
    engine = InProcess(store)
    return create_app(Settings(default_graph=default_graph), engine, MemoryWriter(store, engine), token)


@pytest.fixture
def opened() -> Iterator[EmbeddedStore]:
    with open_here("memory:") as store:
        yield store


@pytest.fixture
def writer(opened: EmbeddedStore) -> FlaskClient:
    return writable(opened).test_client()


def lines(text: str) -> int:
    return len(list(ox.parse(text, format=ox.RdfFormat.TURTLE)))


def test_a_graph_is_put_read_added_to_and_removed(writer: FlaskClient) -> None:
    assert writer.get(AT).status_code == 404
    assert writer.delete(AT).status_code == 404
    assert writer.put(AT, data="<s> <p> 1", **TURTLE).status_code == 400
    assert writer.get(AT).status_code == 404
    assert writer.put(AT, data="<s> <p> 1 .", **TURTLE).status_code == 201
    read = writer.get(AT)
    assert (read.status_code, read.headers["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    assert "<http://example.org/s>" in read.text  # relative IRIs are those of the graph
    assert writer.put(AT, data="<s> <p> 2 .", **TURTLE).status_code == 204
    assert lines(writer.get(AT).text) == 1
    assert writer.post(AT, data="<s> <p> 3 .", **TURTLE).status_code == 204
    assert lines(writer.get(AT).text) == 2
    assert writer.delete(AT).status_code == 204
    assert writer.get(AT).status_code == 404


def test_an_empty_graph_is_a_graph(writer: FlaskClient) -> None:
    assert writer.put(AT, data="", **TURTLE).status_code == 201
    assert (writer.get(AT).status_code, writer.head(AT).status_code) == (200, 200)
    assert writer.put(AT, data="", **TURTLE).status_code == 204


def test_a_graph_without_a_name_gets_one(writer: FlaskClient) -> None:
    made = writer.post("/graphs", data="<s> <p> 1 .", **TURTLE)
    assert made.status_code == 201
    location = made.headers["Location"]
    assert lines(writer.get(location).text) == 1
    assert lines(writer.get(f"/graphs?graph={quote(location, safe='')}").text) == 1
    assert writer.post("/graphs", data="<s> <p> 1 .", **TURTLE).headers["Location"] != location
    assert writer.put("/graphs", data="<s> <p> 1 .", **TURTLE).status_code == 400


@pytest.mark.parametrize("path", ["/graphs/a", "/graphs/a/b.ttl", "/graphs/a%20b", "/graphs/a%2Fb"])
def test_a_graph_may_be_named_by_where_it_is(writer: FlaskClient, path: str) -> None:
    assert writer.put(path, data="<> <p> 1 .", **TURTLE).status_code == 201
    assert f"<http://localhost{path}>" in writer.get(path).text
    indirect = quote(f"http://localhost{path}", safe="")
    assert lines(writer.get(f"/graphs?graph={indirect}").text) == 1


def test_names_are_decoded_once(writer: FlaskClient) -> None:
    one, other = "/graphs?graph=http://example.org/%31", "/graphs?graph=http://example.org/%2531"
    assert writer.put(one, data="<x:s> <x:p> 1 .", **TURTLE).status_code == 201
    assert writer.put(other, data="<x:s> <x:p> 2, 3 .", **TURTLE).status_code == 201
    assert (lines(writer.get(one).text), lines(writer.get(other).text)) == (1, 2)


def test_the_default_graph(writer: FlaskClient, opened: EmbeddedStore) -> None:
    writer.put(AT, data="<x:s> <x:p> 1 .", **TURTLE)
    assert writer.put("/graphs?default", data="<x:s> <x:p> 2 .", **TURTLE).status_code == 204
    assert lines(writer.get("/graphs?default").text) == 1
    union = writable(opened, default_graph="union").test_client()
    assert lines(union.get("/graphs?default").text) == 2
    assert writer.delete("/graphs?default").status_code == 204
    assert lines(writer.get("/graphs?default").text) == 0
    assert lines(writer.get(AT).text) == 1


BODIES = [
    ("text/turtle", b"<x:s> <x:p> 'o' ."),
    ("text/turtle; charset=UTF-8", "<x:s> <x:p> 'Čapek' .".encode()),
    ("application/n-triples", b'<x:s> <x:p> "o" .'),
    ("application/trig", b'<x:s> <x:p> "o" .'),
    ("application/n-quads", b'<x:s> <x:p> "o" .'),
    ("application/ld+json", b'{"@id": "x:s", "x:p": "o"}'),
    (
        "application/rdf+xml",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:"><rdf:Description x:p="o"/></rdf:RDF>',
    ),
]


@pytest.mark.parametrize(("type_", "body"), BODIES)
def test_a_graph_comes_in_each_form(writer: FlaskClient, type_: str, body: bytes) -> None:
    assert writer.put(AT, data=body, content_type=type_).status_code == 201
    assert lines(writer.get(AT).text) == 1


@pytest.mark.parametrize(
    "type_", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/n-quads"]
)
def test_a_graph_goes_in_each_form(writer: FlaskClient, type_: str) -> None:
    writer.put(AT, data="<x:s> <http://example.org/p> 1 .", **TURTLE)
    answer = writer.get(AT, headers={"Accept": type_})
    assert (answer.status_code, answer.mimetype) == (200, type_)
    assert writer.get(AT, headers={"Accept": "image/png"}).status_code == 406


def refused(call: Callable[[], object]) -> int:
    """The status of a refusal, 0 for none."""
    try:
        assert call()
    except Problem as problem:
        return problem.status
    return 0


def form(*found: tuple[str, str, bytes], end: bytes = b"--b--\r\n") -> bytes:
    """Parts as (headers' name part, type, body)."""
    out = b""
    for disposition, type_, body in found:
        head = f"Content-Disposition: form-data; {disposition}\r\n" + (f"Content-Type: {type_}\r\n" if type_ else "")
        out += b"--b\r\n" + head.encode() + b"\r\n" + body + b"\r\n"
    return out + end


def test_several_files_are_one_graph_or_none(writer: FlaskClient) -> None:
    multipart = {"content_type": "multipart/form-data; boundary=b"}
    turtle = ('name="a"; filename="a.ttl"', "text/turtle", b"<x:s> <x:p> _:x .")
    unnamed = ('name="b"', "application/n-triples", b"<x:s> <x:p> _:x .")  # a part without a file name keeps its type
    assert writer.post(AT, data=form(turtle, unnamed), **multipart).status_code == 201
    assert lines(writer.get(AT).text) == 2  # blank nodes of two files are two, whatever they are called
    broken = ('name="c"', "text/turtle", b"<x:s> <x:p")
    assert writer.post(AT, data=form(turtle, broken), **multipart).status_code == 400
    assert writer.post(AT, data=form(turtle, ('name="c"', "", b"<x:s> <x:p> 1 .")), **multipart).status_code == 415
    assert writer.post(AT, data=form(turtle, end=b""), **multipart).status_code == 400
    assert writer.post(AT, data=form(), **multipart).status_code == 400
    assert writer.post(AT, data=form(turtle), content_type="multipart/form-data").status_code == 400
    assert writer.post(AT, data=form(*[turtle] * 101), **multipart).status_code == 413
    assert lines(writer.get(AT).text) == 2


@pytest.mark.parametrize(
    ("request_", "status", "told"),
    [
        ({"path": "/graphs"}, 400, "name one graph"),
        ({"path": "/graphs?graph=relative"}, 400, "no absolute IRI"),
        ({"path": "/graphs?graph=x:a%3E"}, 400, "no absolute IRI"),
        ({"path": "/graphs?graph=x:a&graph=x:b"}, 400, "one graph"),
        ({"path": "/graphs?graph=x:a&default"}, 400, "one graph"),
        ({"path": "/graphs?default=yes"}, 400, "no value"),
        ({"path": "/graphs?grpah=x:a"}, 400, "'grpah'"),
        ({"path": "/graphs/a?graph=x:b"}, 400, "send one"),
        ({"path": "/graphs?graph=%FF"}, 400, "not UTF-8"),
        ({"path": AT, "method": "PUT", "data": "<x:s> <x:p> 1 ."}, 415, "no media type"),
        ({"path": AT, "method": "PUT", "data": "x", "content_type": "text/csv"}, 415, "text/csv"),
        ({"path": AT, "method": "PUT", "data": "x", "content_type": "text/turtle; charset=latin1"}, 415, "latin1"),
        ({"path": AT, "method": "PUT", "data": b"<x:s> <x:p> '\xff' .", **TURTLE}, 400, "not UTF-8"),
        ({"path": AT, "method": "PUT", "data": "<x:s> <x:p> ?", **TURTLE}, 400, "Turtle"),
        ({"path": AT, "method": "PUT", "data": "<x:g> { <x:s> <x:p> 1 }", "content_type": "application/trig"}, 400, "one graph"),
        ({"path": AT, "method": "PUT", "data": "x", "headers": {"Content-Encoding": "gzip"}, **TURTLE}, 415, "unpacked"),
        ({"path": AT, "method": "PATCH"}, 405, "PATCH"),
        (
            {"path": AT, "method": "PUT", "data": '<!DOCTYPE x [<!ENTITY a "b">]><a/>', "content_type": "application/rdf+xml"},
            400,
            "entities",
        ),
        (
            {"path": AT, "method": "PUT", "data": '{"@context": "http://127.0.0.1:1/"}', "content_type": "application/ld+json"},
            400,
            "JSON-LD",
        ),
    ],
)
def test_refusals(writer: FlaskClient, request_: dict[str, Any], status: int, told: str) -> None:
    answer = writer.open(**request_)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert told in json.loads(answer.text)["detail"]
    assert writer.get(AT).status_code == 404


def test_a_broken_graph_is_pointed_at(writer: FlaskClient) -> None:
    told = json.loads(writer.put(AT, data="<x:s> <x:p> 1 .\n<x:s> <x:p> .", **TURTLE).text)
    assert (told["line"], told["column"]) == (2, 13)


def test_who_only_reads_cannot_write(client: FlaskClient) -> None:
    for method in ("PUT", "POST", "DELETE"):
        assert client.open(AT, method=method, data="<x:s> <x:p> 1 .", **TURTLE).status_code == 403
    vocabulary = quote("https://w3id.org/communique/graph/vocabulary", safe="")
    assert client.get(f"/graphs?graph={vocabulary}", buffered=True).status_code == 200


def test_options_and_pages_of_other_sites(writer: FlaskClient) -> None:
    options = writer.options(AT, headers={"Origin": "https://example.org"})
    assert options.headers["Allow"] == "GET, HEAD, PUT, POST, DELETE, OPTIONS"
    assert "PUT" not in options.headers["Access-Control-Allow-Methods"]
    assert writer.put(AT, data="", headers={"Origin": "https://example.org"}, **TURTLE).status_code == 403
    put = writer.put(AT, data="", **TURTLE)
    assert "Access-Control-Allow-Origin" not in put.headers
    assert writer.get(AT).headers["Access-Control-Allow-Origin"] == "*"


def test_with_a_token(opened: EmbeddedStore) -> None:
    client = writable(opened, TOKEN).test_client()
    assert client.put(AT, data="", **TURTLE).status_code == 401
    assert client.put(f"{AT}&token={TOKEN}", data="", **TURTLE).status_code == 401
    wrong = client.put(AT, data="", headers={"Authorization": "Bearer wrong"}, **TURTLE)
    assert (wrong.status_code, wrong.headers["WWW-Authenticate"][:6]) == (401, "Bearer")
    assert client.put(AT, data="", headers={"Authorization": f"Bearer {TOKEN}"}, **TURTLE).status_code == 201
    assert client.get(AT).status_code == 200


@given(
    st.binary(max_size=200), st.sampled_from(["multipart/form-data; boundary=b", "multipart/form-data", "multipart/form-data; boundary=é"])
)
def test_no_body_breaks_the_parts(body: bytes, type_: str) -> None:
    for tried in (body, b"--b\r\n" + body, form(('name="a"', "text/turtle", body))):
        assert refused(partial(parts, type_, tried)) in (0, 400, 413)


@given(st.binary(max_size=100))
def test_parts_come_out_as_they_went_in(body: bytes) -> None:
    if b"--b" not in body:
        (part,) = parts("multipart/form-data; boundary=b", form(('name="a"', "text/turtle", body)))
        assert (part.name, part.content_type, part.body) == ("a", "text/turtle", body)


@given(
    st.sampled_from([type_ for type_, _ in BODIES] + ["", "text/x"]),
    st.one_of(st.binary(max_size=60), st.sampled_from([b for _, b in BODIES])),
)
def test_no_body_breaks_the_reading(type_: str, body: bytes) -> None:
    assert refused(lambda: triples(type_, body, G).put(G).startswith("DROP")) in (0, 400, 415)


@given(st.sampled_from(["GET", "PUT", "POST", "DELETE"]), st.booleans(), st.binary(max_size=40), st.text(max_size=20))
def test_a_name_is_one_that_can_stand_in_an_update(method: str, direct: bool, query_string: bytes, path: str) -> None:
    for query in (query_string, b"graph=x:" + query_string):
        assert refused(partial(_harmless, method, f"http://localhost/graphs/{path}", direct, query)) in (0, 400)


def _harmless(method: str, url: str, direct: bool, query: bytes) -> bool:
    found = target(method, url, direct, query)
    return isinstance(found, Target) or not set(found) & set('<>"{}|\\^` \n')


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(
    st.sampled_from(["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"]),
    st.one_of(
        st.sampled_from(["?default", "?graph=x:g", "", "/a"]), st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12)
    ),
    st.sampled_from([type_ for type_, _ in BODIES] + ["multipart/form-data; boundary=b", ""]),
    st.one_of(st.binary(max_size=60), st.sampled_from([body for _, body in BODIES])),
)
def test_no_request_breaks_the_graphs(writer: FlaskClient, method: str, tail: str, type_: str, body: bytes) -> None:
    answer = writer.open("/graphs" + tail.replace("//", "/"), method=method, content_type=type_ or None, data=body)
    assert answer.status_code < 500, answer.text
