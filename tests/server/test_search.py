"""``/search``: pages, data, facets, paging, and that nothing one can ask is an error."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from communique.store import Store

CQ = "https://w3id.org/communique/ns#"


def test_what_is_found_comes_as_json(client: FlaskClient, store: Store) -> None:
    answer = client.get("/search?q=abductions")
    assert answer.mimetype == "application/json"
    told = answer.get_json()
    assert told["total"] == len(told["hits"]) == sum(told["kinds"].values())
    assert {"issue", "readout", "statement"} <= told["kinds"].keys()
    for hit in told["hits"]:
        assert client.get(hit["page"], headers={"Accept": "text/html"}, follow_redirects=True).status_code == 200
        if hit["kind"] == "readout":
            ((text,),) = store.select(f"SELECT ?t {{ <{hit['iri']}> <{CQ}text> ?t }}")
            assert text is not None
            assert text.value[hit["start"] : hit["end"]].lower() == "abductions"  # type: ignore[union-attr]
    # The documented way on to SPARQL.
    query = f"SELECT ?type {{ {told['values']} ?found a ?type }}"
    types = client.get("/sparql", query_string={"query": query, "format": "csv"}).text
    assert CQ + "Request" in types


def test_kinds_and_pages(client: FlaskClient) -> None:
    every = client.get("/search?q=minister*&limit=100").get_json()
    assert every["total"] > 10
    some = client.get("/search?q=minister*&kind=readout").get_json()
    assert some["total"] == every["kinds"]["readout"]
    target, hits = "/search?q=minister*&limit=7", []
    while target:
        answer = client.get(target)
        told = answer.get_json()
        hits += told["hits"]
        assert ('rel="next"' in str(answer.headers.getlist("Link"))) == ("next" in told)
        target = told.get("next", "")
    assert hits == every["hits"][: len(hits)]
    assert len(hits) == every["total"]
    assert client.get("/search?q=x&page=none").status_code == 400


def test_what_is_found_comes_as_csv(client: FlaskClient) -> None:
    answer = client.get("/search?q=abductions&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["iri"] for row in rows] == [hit["iri"] for hit in client.get("/search?q=abductions").get_json()["hits"]]


def test_what_is_found_comes_as_a_page(client: FlaskClient) -> None:
    page = client.get("/search?q=abductions", headers={"Accept": "text/html"})
    assert "<mark>abductions</mark>" in page.text
    for href in re.findall(r'href="([^"]*/search[^"]*)"', page.text):
        assert client.get(href.replace("&amp;", "&"), headers={"Accept": "text/html"}).status_code == 200
    assert client.get("/search", headers={"Accept": "text/html"}).status_code == 200
    assert "0 found" in client.get("/search?q=<script>", headers={"Accept": "text/html"}).text
    assert client.get("/search?q=x", headers={"Accept": "image/png"}).status_code == 406


@given(st.text(max_size=40), st.sampled_from(["", "issue", "none such", "'"]), st.sampled_from(["json", "csv", "html"]))
@example("S:U", "", "json")  # side by side where one name ends and the next begins
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_that_is_asked_is_an_error(app: Flask, q: str, kind: str, form: str) -> None:
    client = app.test_client()
    assert client.get("/search", query_string={"q": q.encode("utf-8", "replace"), "kind": kind, "format": form}).status_code == 200


@pytest.mark.parametrize("raw", ["%ff", "%00", "%22%22%22", "a" * 5000, "%ED%A0%80", "q=1&q=2"])
def test_raw_bytes_are_no_error(client: FlaskClient, raw: str) -> None:
    assert client.get(f"/search?q={raw}").status_code == 200
