"""Clients that people have ask a live server with workers, each in its own way; one that is not installed is skipped.

Comunica (JavaScript) is asked too if ``COMUNICA`` names its program:
``npm install --prefix DIR @comunica/query-sparql@3`` (4 and 5 do not run under Node 20), then
``COMUNICA=DIR/node_modules/.bin/comunica-sparql pytest tests/server/test_clients.py``.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
import requests
from rdflib.plugins.stores.sparqlstore import SPARQLStore

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
if sys.platform == "linux":
    from tests.server.test_serving import Served, served

SELECT = "SELECT ?s ?o { ?s <https://w3id.org/communique/ns#actType> ?o } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s <https://w3id.org/communique/ns#actType> ?o }"
ASK = "ASK { ?s <https://w3id.org/communique/ns#actType> ?o }"
MANY = "SELECT ?a ?b ?c ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 40000"

# What the clients say that they accept, as they say it: for rows, for a truth value, for triples; and what they are to get.
ROWS, TRUTH, TRIPLES = "SELECT", "ASK", "CONSTRUCT"
JENA_ROWS = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, text/csv;q=0.5, "
    "application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
)
JENA_TRUTH = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
)
JENA_TRIPLES = (
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,application/n-quads;q=0.3,"
    "application/trig;q=0.3,*/*;q=0.3"
)
RDF4J_ROWS = (
    "application/x-binary-rdf-results-table;q=0.8, application/sparql-results+json;q=0.8, application/json;q=0.8, "
    "application/sparql-results+xml;q=0.8, application/xml;q=0.8, text/csv;q=0.8, text/tab-separated-values;q=0.8"
)
RDF4J_TRUTH = "text/boolean, application/sparql-results+xml;q=0.8, application/xml;q=0.8, application/sparql-results+json;q=0.8"
RDF4J_TRIPLES = (
    "application/x-binary-rdf;q=0.8, application/n-triples, text/plain;q=0.8, text/turtle;q=0.8, application/x-turtle;q=0.8, "
    "application/rdf+xml;q=0.4, application/trig;q=0.8"
)
YASGUI_ROWS, YASGUI_TRIPLES = "application/sparql-results+json,*/*;q=0.9", "application/n-triples,*/*;q=0.9"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ACCEPTED = (
    ("Jena", SELECT, JENA_ROWS, "application/sparql-results+json"),
    ("Jena", ASK, JENA_TRUTH, "application/sparql-results+json"),
    ("Jena", CONSTRUCT, JENA_TRIPLES, "text/turtle"),
    ("RDF4J", SELECT, RDF4J_ROWS, "application/sparql-results+json"),
    ("RDF4J", ASK, RDF4J_TRUTH, "application/sparql-results+json"),
    ("RDF4J", CONSTRUCT, RDF4J_TRIPLES, "application/n-triples"),
    ("YASGUI", SELECT, YASGUI_ROWS, "application/sparql-results+json"),
    ("YASGUI", ASK, YASGUI_ROWS, "application/sparql-results+json"),
    ("YASGUI", CONSTRUCT, YASGUI_TRIPLES, "application/n-triples"),
    ("a browser", SELECT, BROWSER, "text/html"),
    ("a browser", CONSTRUCT, BROWSER, "text/html"),
    ("curl", SELECT, "*/*", "application/sparql-results+json"),
)


@pytest.fixture(scope="module")
def server(directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(directory, tmp_path_factory.mktemp("log") / "access.json", "--timeout", "20") as started:
        yield started


@pytest.mark.parametrize(("who", "query", "accept", "got"), ACCEPTED)
def test_each_gets_what_it_likes_best(server: Served, who: str, query: str, accept: str, got: str) -> None:
    asked = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Origin": "http://example.org"}
    by_form = urllib.request.Request(server.url + "sparql", urlencode({"query": query}).encode(), asked, method="POST")
    by_address = urllib.request.Request(f"{server.url}sparql?query={quote(query)}", headers={"Accept": accept})
    for request in (by_form, by_address):
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.headers.get_content_type() == got, who
            body = answer.read()
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
        if "sparql-results" in got:
            found = ox.parse_query_results(body, format=ox.QueryResultsFormat.from_media_type(got))
            assert isinstance(found, ox.QueryBoolean) or len(list(found)) == 4
        elif got != "text/html":
            assert len(list(ox.parse(body, format=ox.RdfFormat.from_media_type(got)))) == 4


def test_the_store_of_rdflib_reads(server: Served) -> None:
    graph = rdflib.Graph(SPARQLStore(server.url + "sparql"))
    assert len(list(graph.query(SELECT))) == 4
    assert bool(graph.query(ASK))
    assert len(list(graph.triples((None, rdflib.URIRef("https://w3id.org/communique/ns#actType"), None)))) == 4


def test_pandas_reads_a_table_from_the_address(server: Served) -> None:
    frame = pd.read_csv(f"{server.url}sparql?format=csv&query={quote(SELECT)}")
    assert list(frame.columns) == ["s", "o"]
    assert len(frame) == 4
    assert frame["o"].str.startswith("https://").all()


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_reads_a_table_from_the_address(server: Served) -> None:
    code = f'rows <- read.csv("{server.url}sparql?format=csv&query={quote(SELECT)}"); cat(nrow(rows), paste(names(rows)), sep = " ")'
    done = subprocess.run(["Rscript", "--vanilla", "-e", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["4", "s", "o"], done.stderr


def test_a_long_answer_is_read_line_by_line(server: Served) -> None:
    asked = {"query": MANY, "format": "csv"}
    with requests.get(server.url + "sparql", params=asked, stream=True, timeout=60) as answer:
        rows = csv.reader(line.decode() + "\n" for line in answer.iter_lines())
        assert next(rows) == ["a", "b", "c", "d"]
        assert sum(1 for row in rows if row) == 40_000  # where a piece ends between CR and LF, requests makes a line of its own
        assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_asks_in_each_way(server: Served, tmp_path: Path) -> None:
    def curl(*words: str) -> str:
        done = subprocess.run(["curl", "-sS", "--max-time", "60", *words], capture_output=True, text=True, check=False)
        assert not done.stderr, done.stderr
        return done.stdout

    to = server.url + "sparql"
    question = tmp_path / "q.rq"
    question.write_text(SELECT, encoding="utf-8")
    table = curl("-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}", to)
    assert len(list(csv.reader(io.StringIO(table)))) == 5
    assert curl("-G", "-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}", to) == table
    assert curl("-H", "Accept: text/csv", "-H", "Content-Type: application/sparql-query", "--data-binary", f"@{question}", to) == table
    assert curl("--compressed", "-H", "Accept: text/csv", "-G", "--data-urlencode", f"query@{question}", to) == table
    tag = next(line for line in curl("-I", f"{to}?query={quote(SELECT)}").splitlines() if line.lower().startswith("etag:")).split(" ", 1)[1]
    assert curl("-o", "/dev/null", "-w", "%{http_code}", "-H", f"If-None-Match: {tag}", f"{to}?query={quote(SELECT)}") == "304"
    assert curl("-L", "-H", "Accept: text/turtle", server.url + "sparql").count("sd:") > 0


@pytest.mark.skipif("COMUNICA" not in os.environ, reason="the variable COMUNICA does not name the program of Comunica")
@pytest.mark.parametrize("kind", ["", "sparql@"])
def test_comunica_finds_out_by_itself_what_it_is(server: Served, kind: str) -> None:
    """Also without being told that there is an endpoint: it reads the service description."""
    program = os.environ["COMUNICA"]
    command = [program, f"{kind}{server.url}sparql", "-t", "application/sparql-results+json"]
    done = subprocess.run([*command, SELECT], capture_output=True, text=True, timeout=120, check=False)
    assert len(json.loads(done.stdout)["results"]["bindings"]) == 4, done.stderr
    joined = "SELECT ?t (COUNT(*) AS ?n) { ?s <https://w3id.org/communique/ns#actType> ?t OPTIONAL { ?s ?p ?o } } GROUP BY ?t"
    done = subprocess.run([*command, joined], capture_output=True, text=True, timeout=120, check=False)
    assert {row["t"]["type"] for row in json.loads(done.stdout)["results"]["bindings"]} == {"uri"}, done.stderr
