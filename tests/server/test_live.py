"""Real clients ask a real server: SPARQLWrapper in each format, plain HTTP, a busy port, a signal."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.dom.minidom import Document

import pytest
import rdflib
from flask import Flask
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from communique.errors import ServerError
from communique.server.serve import address, serve

SELECT = "SELECT ?s ?o { ?s <https://w3id.org/communique/ns#actType> ?o } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s <https://w3id.org/communique/ns#actType> ?o }"


def ask(live: str, query: str, form: str, method: str = GET, how: str = URLENCODED) -> Any:
    client = SPARQLWrapper(live + "sparql")
    client.setQuery(query)
    client.setReturnFormat(form)
    client.setMethod(method)
    client.setRequestMethod(how)
    return client.query().convert()


@pytest.mark.parametrize(("method", "how"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_rows_come_in_each_format(live: str, method: str, how: str) -> None:
    assert len(ask(live, SELECT, JSON, method, how)["results"]["bindings"]) == 4
    document = ask(live, SELECT, XML, method, how)
    assert isinstance(document, Document)
    assert len(document.getElementsByTagName("result")) == 4
    assert len(ask(live, SELECT, CSV, method, how).decode().splitlines()) == 5
    assert len(ask(live, SELECT, TSV, method, how).decode().splitlines()) == 5


def test_truth_values_come(live: str) -> None:
    assert ask(live, "ASK { ?s ?p ?o }", JSON)["boolean"] is True
    assert ask(live, "ASK { ?s <http://example.org/never> ?o }", JSON)["boolean"] is False


@pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")
def test_triples_come(live: str) -> None:
    turtle = ask(live, CONSTRUCT, TURTLE)
    assert len(rdflib.Graph().parse(data=turtle, format="turtle")) == 4
    assert len(ask(live, CONSTRUCT, RDFXML)) == 4
    assert len(ask(live, CONSTRUCT, JSONLD)) == 4


def test_updates_are_refused(live: str) -> None:
    client = SPARQLWrapper(live + "sparql")
    client.setMethod(POST)
    client.setQuery("INSERT DATA { <http://example.org/s> <http://example.org/p> 1 }")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        client.query()
    assert ask(live, "ASK { <http://example.org/s> ?p ?o }", JSON)["boolean"] is False


def test_a_broken_query_is_told_so(live: str) -> None:
    with pytest.raises(QueryBadFormed, match="line 1, column"):
        ask(live, "SELECT * { ?s ?p }", JSON)


def test_many_ask_at_once(live: str) -> None:
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: len(ask(live, SELECT, JSON)["results"]["bindings"]), range(60)))
    assert answers == [4] * 60


def test_the_start_page_is_there(live: str) -> None:
    with urllib.request.urlopen(live) as answer:
        assert answer.status == 200
        assert answer.headers.get_content_type() == "text/html"


def test_a_port_in_use_is_told_plainly(app: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ServerError, match="choose another with --port") as caught:
        serve(app, "127.0.0.1", taken.getsockname()[1])
    assert "\n" not in str(caught.value)


def test_a_host_that_is_none_is_told_plainly(app: Flask) -> None:
    with pytest.raises(ServerError, match="no such address"):
        serve(app, "no-such-host.invalid", 0)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::1", "http://[::1]:80/"),
        ("localhost", "http://localhost:80/"),
    ],
)
def test_the_address_that_is_shown_can_be_opened(host: str, url: str) -> None:
    assert address(host, 80) == url
