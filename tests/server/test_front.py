"""The short way of queries says what the long way says, byte for byte, and takes what it should."""

from __future__ import annotations

import gzip
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from communique.config import Settings
from communique.server import create_app
from communique.server.engine import InProcess
from communique.server.front import FAILED, Front
from communique.server.meter import Limits
from communique.store import Store

SELECT = "SELECT ?s ?o { ?s <https://w3id.org/communique/ns#actType> ?o } ORDER BY ?s"
LONG = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 1500"
FORM = "application/x-www-form-urlencoded"
EACH = ("X-Request-Id", "Date")


def asked(query: str, accept: str = "*/*", **more: Any) -> dict[str, Any]:
    return {"path": "/sparql", "query_string": urlencode({"query": query}), "headers": {"Accept": accept} | more.pop("headers", {}), **more}


SHORT_WAY = [
    asked(SELECT),
    asked("ASK { ?s ?p ?o }"),
    asked(SELECT, "text/csv"),
    asked(SELECT, "text/tab-separated-values"),
    asked(SELECT, "application/json;q=0.5, application/sparql-results+xml"),
    asked(LONG),
    asked(LONG, headers={"Accept-Encoding": "gzip"}),
    asked("ASK {}", headers={"Accept-Encoding": "gzip"}),
    asked("CONSTRUCT WHERE { ?s <https://w3id.org/communique/ns#actType> ?o }", "application/n-triples"),
    asked("DESCRIBE <https://w3id.org/communique/id/state/JPN>", "text/turtle, text/html;q=0.1"),
    asked("SELECT (NOW() = NOW() AS ?same) {}"),
    asked("SELECT (<x> AS ?based) {}", headers={"Host": "data.example.org:8080"}),
    {"path": "/sparql", "query_string": urlencode({"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": "http://example.org/none"})},
    {"path": "/sparql", "method": "POST", "data": urlencode({"query": "ASK {}"}), "content_type": FORM},
    {"path": "/sparql", "method": "POST", "data": "ASK {}", "content_type": "application/sparql-query; charset=utf-8"},
    asked(LONG, environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"}),
    # It fails there, or behind its first bytes, and is told by the long way.
    asked("SELECT * {\n  ?s ?p }"),
    asked("SELECT * {\n  ?s ?p }", "text/html"),
    asked("SELECT * { SERVICE <http://127.0.0.1:1/> {} }"),
    asked("SELECT * { ?a ?b ?c . ?d ?e ?f }"),
]
LONG_WAY = [
    asked(SELECT, "text/html"),
    asked(SELECT, "image/png"),
    asked(SELECT, method="HEAD"),
    asked(SELECT, method="QUERY"),
    asked(SELECT, method="OPTIONS"),
    asked(SELECT, method="PUT"),
    asked(""),
    {"path": "/sparql"},
    {"path": "/sparql", "headers": {"Accept": "text/html"}},
    {"path": "/sparql", "query_string": "query=%ff"},
    {"path": "/sparql", "query_string": urlencode([("query", "ASK {}"), ("query", "ASK {}")])},
    {"path": "/sparql/", "query_string": urlencode({"query": "ASK {}"})},
    {"path": "/sparql", "method": "POST", "data": urlencode({"update": "CLEAR ALL"}), "content_type": FORM},
    {"path": "/sparql", "method": "POST", "data": "CLEAR ALL", "content_type": "application/sparql-update"},
    {"path": "/sparql", "method": "POST", "data": "ASK {}", "content_type": "text/plain"},
    {"path": "/sparql", "method": "POST", "data": b"\xff", "content_type": "application/sparql-query"},
    {"path": "/sparql", "method": "POST", "data": b"x" * 1_000_001, "content_type": "application/sparql-query"},
    {"path": "/sparql", "method": "POST", "data": "ASK {}", "content_type": FORM, "headers": {"Content-Encoding": "gzip"}},
    {"path": "/queries"},
]


@pytest.fixture(scope="module")
def limited(store: Store) -> Flask:
    return create_app(Settings(), InProcess(store, Limits(rows=2000)))


def told(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    body = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" and answer.data else answer.data
    each: tuple[str, ...] = EACH
    if answer.mimetype == "text/html":  # a page tells how long it took
        body, each = re.sub(rb"\d+ ms", b"", body), (*EACH, "Content-Length")
    return answer.status_code, sorted((name, value) for name, value in answer.headers if name not in each), body


@pytest.mark.parametrize("request_", SHORT_WAY + LONG_WAY)
def test_both_ways_say_the_same(limited: Flask, request_: dict[str, Any]) -> None:
    front = limited.wsgi_app
    assert isinstance(front, Front)
    short, long = Client(front), Client(front._rest)
    first = short.open(**request_)
    assert told(first) == told(long.open(**request_))
    if tag := first.headers.get("ETag"):
        again = request_ | {"headers": request_.get("headers", {}) | {"If-None-Match": tag}}
        second = short.open(**again)
        assert told(second) == told(long.open(**again))
        assert (second.status_code == 304) == (request_.get("method", "GET") in ("GET", "HEAD"))


def test_each_way_gets_its_requests(limited: Flask) -> None:
    front = limited.wsgi_app
    assert isinstance(front, Front)
    seen: list[str] = []

    def rest(environ: Any, start_response: Any) -> Any:
        seen.append("failed" if FAILED in environ else "long")
        return inner(environ, start_response)

    inner, front._rest = front._rest, rest
    try:
        for request_ in SHORT_WAY:
            Client(front).open(**request_)
        assert seen == ["failed", "long", "long", "failed"]
        seen.clear()
        for request_ in LONG_WAY:
            Client(front).open(**request_)
        assert seen == ["long"] * len(LONG_WAY)
    finally:
        front._rest = inner
