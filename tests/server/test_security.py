"""Nothing that is sent makes the server reach another machine or read a file, and nobody writes who may not: shown at live servers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from communique.errors import UsageError
from communique.server.access import token
from communique.store import open_store
from tests.server.w3c.runner import Endpoint
from tests.server.writable import served
from tests.store.test_syntax import Listener, listener, reaching

__all__ = ["listener"]  # a fixture

SECRET = "what-no-query-may-read"
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">{}</rdf:RDF>'


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with served() as found:
        yield found


@pytest.fixture
def planted(tmp_path: Path) -> str:
    """A file with a triple in it, as an IRI."""
    (tmp_path / "planted.ttl").write_text(f"<x:s> <x:p> '{SECRET}' .")
    return f"<{(tmp_path / 'planted.ttl').as_uri()}>"


def asked(place: str) -> list[str]:
    """Ways to name a place in a query."""
    named = [
        f"SELECT * FROM {place} {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED {place} {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"CONSTRUCT FROM {place} WHERE {{ ?s ?p ?o }}",
        f"DESCRIBE * FROM {place} {{ ?s ?p ?o }}",
        f"SELECT * {{ GRAPH {place} {{ ?s ?p ?o }} }}",
        f"DESCRIBE {place}",
        f"BASE {place} SELECT * FROM <> {{ ?s ?p ?o }}",
    ]
    return named + reaching(place)


def changed(place: str) -> list[str]:
    """Ways to name a place in an update."""
    loads = [
        f"LOAD {place}",
        f"LOAD SILENT {place}",
        f"LOAD {place} INTO GRAPH <x:g>",
        f"CLEAR ALL;LOAD{place}",
        f"PREFIX a: {place} LOAD a:",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(?o<'x>') }} ; LOAD {place} #'",
        f"COPY {place} TO <x:g>",
        f"INSERT {{ ?s ?p ?o }} USING {place} WHERE {{ ?s ?p ?o }}",
        f"INSERT {{ ?s ?p ?o }} USING NAMED {place} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ]
    return loads + [f"INSERT {{ <x:a> <x:b> 1 }} WHERE {query[query.index('{') :]}" for query in reaching(place)]


def bodies(place: str) -> list[tuple[str, str]]:
    """Graphs that name a place to be read."""
    bare = place[1:-1]
    text = RDF.format("<rdf:Description><x:p>&e;</x:p></rdf:Description>")
    return [
        ("application/ld+json", json.dumps({"@context": bare, "@id": "x:s", "x:p": "o"})),
        ("application/ld+json", json.dumps({"@context": {"@import": bare}, "@id": "x:s", "x:p": "o"})),
        ("application/rdf+xml", f'<!DOCTYPE r SYSTEM "{bare}">{RDF.format("")}'),
        ("application/rdf+xml", f'<!DOCTYPE r [<!ENTITY e SYSTEM "{bare}">]>{text}'),
        ("text/turtle", f"@base {place} . <> <x:p> 1 ."),
    ]


def test_no_query_reaches_out(live: str, endpoint: Endpoint, listener: Listener) -> None:
    for server in (Endpoint(live), endpoint):
        for query in asked(listener.iri):
            assert server.query(query, "*/*").status in (200, 400), query
        parameters = quote(listener.iri[1:-1], safe="")
        for name in ("default-graph-uri", "named-graph-uri"):
            assert server.send("GET", f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}&{name}={parameters}").status == 200
        assert server.send("GET", f"/graphs?graph={parameters}").status == 404
    assert listener.heard == []


def test_no_write_reaches_out(endpoint: Endpoint, listener: Listener) -> None:
    for update in changed(listener.iri):
        endpoint.update(update)
    for type_, body in bodies(listener.iri):
        endpoint.send("PUT", "/graphs?graph=x%3Ag", body.encode(), content_type=type_)
    assert listener.heard == []


def test_the_listener_hears(listener: Listener) -> None:
    """Else the tests above would show nothing."""
    with pytest.raises(ConnectionError):
        Endpoint(listener.iri[1:-1]).send("GET", "/")
    assert len(listener.heard) == 1


def test_no_file_is_read(live: str, endpoint: Endpoint, planted: str) -> None:
    for server in (Endpoint(live), endpoint):
        for query in asked(planted):
            assert SECRET.encode() not in server.query(query, "*/*").body
    for update in changed(planted):
        endpoint.update(update)
    for type_, body in bodies(planted):
        endpoint.send("PUT", "/graphs?graph=x%3Ag", body.encode(), content_type=type_)
    held = endpoint.query("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }").body
    assert SECRET.encode() not in held


def test_a_few_lines_do_not_become_gigabytes(endpoint: Endpoint) -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "a" * 10}">' for i in range(12))
    text = RDF.format("<rdf:Description><x:p>&e11;</x:p></rdf:Description>")
    body = f'<?xml version="1.0"?><!DOCTYPE r [{entities}]>{text}'
    for encoded in (body.encode(), body.encode("utf-16")):
        assert endpoint.send("PUT", "/graphs?graph=x%3Ag", encoded, content_type="application/rdf+xml").status == 400
    assert endpoint.query("ASK {}").status == 200


@pytest.mark.parametrize("path", ["/", "/sparql", "/queries", "/ns", "/search", "/nowhere", "/graphs?default", "/static/communique.css"])
def test_every_answer_is_locked_in(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Accept": "text/html, */*;q=0.1"}, buffered=True).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert not any("unsafe" in value or "*" in value or "//" in value for value in policy.values())
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers


def serve(*options: str, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A server that is expected not to start."""
    command = [sys.executable, "-m", "communique.cli", "serve", "--store", "memory:", "--port", "0", "--allow-update", *options]
    return subprocess.run(command, env=os.environ | (environ or {}), capture_output=True, text=True, timeout=60, check=False)


def test_nobody_opens_a_writable_server_to_the_network_by_accident(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "example.org"):
        refused = serve("--host", host)
        assert refused.returncode == 2
        assert "--token" in refused.stderr
        assert refused.stderr.count("\n") == 1
    short = tmp_path / "token"
    short.write_text("1234")
    assert "guessed" in serve("--host", "0.0.0.0", "--token", str(short)).stderr
    assert "cannot be read" in serve("--token", str(tmp_path / "none")).stderr
    assert "guessed" in serve(environ={"COMMUNIQUE_TOKEN": "1234"}).stderr


def test_the_token_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("the-token-of-the-file\n")
    variable = {"COMMUNIQUE_TOKEN": "the-token-of-the-environment"}
    assert token("0.0.0.0", file, variable) == "the-token-of-the-file"
    assert token("0.0.0.0", None, variable) == "the-token-of-the-environment"
    assert token("127.0.0.1", None, variable) == "the-token-of-the-environment"
    assert token("127.0.0.1", None, {}) is None
    for bad in ("short", "with a space in it, long enough", "with-é-in-it-long-enough", ""):
        file.write_text(bad)
        with pytest.raises(UsageError):
            token("127.0.0.1", file, {})


def test_a_token_is_needed_where_there_is_one(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("the-token-of-the-file")
    update = b"INSERT DATA { <x:s> <x:p> 1 }"
    with served("--token", str(file)) as found:
        for headers in ({}, {"authorization": "Bearer the-token-of-the-fil"}, {"authorization": "Basic the-token-of-the-file"}):
            reply = found.send("POST", "/sparql", update, content_type="application/sparql-update", **headers)
            assert reply.status == 401
        assert found.query("ASK { ?s ?p ?o }").body.count(b"false") == 1
        held = {"authorization": "Bearer the-token-of-the-file"}
        assert found.send("POST", "/sparql", update, content_type="application/sparql-update", **held).status == 204
        assert found.query("ASK { ?s ?p ?o }").body.count(b"true") == 1


def test_what_is_written_to_a_directory_stays(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    with served(store=place) as found:
        assert found.update("INSERT DATA { GRAPH <x:g> { <x:s> <x:p> 1 } }").status == 204
        assert b"true" in found.query("ASK { GRAPH <x:g> { ?s ?p ?o } }").body
    with open_store(place) as left:
        assert left.ask("ASK { GRAPH <x:g> { ?s ?p ?o } }")


def test_servers_that_are_listed_are_asked_and_no_others(endpoint: Endpoint, listener: Listener) -> None:
    assert endpoint.update("DROP ALL ; INSERT DATA { <x:s> <x:p> 1 }").status == 204
    there = f"<{endpoint.url}sparql>"
    with served("--federation", f"{endpoint.url}sparql") as found:
        told = found.query(f"SELECT ?o {{ SERVICE {there} {{ <x:s> <x:p> ?o }} }}", "text/csv")
        assert told.body == b"o\r\n1\r\n"
        for query in reaching(listener.iri):
            assert found.query(query, "*/*").status == 400
        assert found.query(f"SELECT * {{ SERVICE {there} {{ SERVICE {listener.iri} {{}} }} }}", "*/*").status == 400
        assert found.update(f"INSERT {{ <x:a> <x:b> ?o }} WHERE {{ SERVICE {there} {{ <x:s> <x:p> ?o }} }}").status == 400
    assert listener.heard == []
    assert endpoint.query(f"SELECT * {{ SERVICE {there} {{}} }}", "*/*").status == 400
