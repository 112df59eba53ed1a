"""The pages say what is here, link only to what answers, load nothing from elsewhere, and word everything as an account."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient

from communique.config import Settings
from communique.iris import Iris
from communique.ontology.reasoner import reason
from communique.queries import catalogue
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import Store, open_store
from tests.server.conftest import fill

HTML = {"Accept": "text/html"}
ACT = "/id/readout/mofa/2022-03-03/lisbon-d20087/act/a1"
PAGES = ("/", "/queries", "/query/issue-cooccurrence", "/sparql", "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D", "/ns", "/about" + ACT)


class Page(HTMLParser):
    """What a test looks at in a page: links, what it loads, headings, labels."""

    void = frozenset({"meta", "link", "wbr", "input", "br", "img", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labelled: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.tags.append(tag)
        if tag == "a":
            self.links.append(given["href"])
        data = tag == "script" and given.get("type") == "application/json"
        if (tag in ("script", "img", "iframe", "source") and not data) or (tag == "link" and given.get("rel") in ("stylesheet", "icon")):
            self.loads.append(given.get("src") or given.get("href") or "inline")
        assert "style" not in given
        assert not [key for key in given if key.startswith("on")]
        if "id" in given:
            self.ids.append(given["id"])
        if "for" in given:
            self.labelled.append(given["for"])
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        opened = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_well_made_and_load_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = Page(answer.text)
    assert page.tags.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert set(page.labelled) <= set(page.ids)
    assert "inline" not in page.loads
    assert all(load.startswith("/static/") and client.get(load, buffered=True).status_code == 200 for load in page.loads)
    assert "Composed for demonstration: people and events are invented." in answer.text


def test_every_link_of_the_start_page_leads_somewhere(client: FlaskClient) -> None:
    links = {link for link in Page(client.get("/").text).links if not link.startswith("#")}
    assert len(links) > 10
    for link in sorted(links):
        assert link.startswith("/")
        assert client.get(link, headers=HTML, follow_redirects=True).status_code == 200, link


def test_the_start_page_says_what_is_here(root: Path) -> None:
    with open_store("memory:") as store:
        fill(store, root)
        reason(store, Iris())
        page = create_app(Settings(), InProcess(store)).test_client().get("/").text
    text = " ".join(re.sub(r"<[^>]+>", " ", unescape(page)).split())
    for told in (
        "readouts 2",
        "encounters 1",  # which both tell
        "statements 4",
        "people 2",
        "Ministry of Foreign Affairs of Japan 1",
        "1 more document was set aside",
    ):
        assert told in text
    assert "according to U.S. Department of State" in text
    assert text.index("Latest readouts") < text.index("Japan-US Foreign Ministers’ Meeting")


def test_an_empty_store_says_so() -> None:
    with open_store("memory:") as empty:
        client = create_app(Settings(), InProcess(empty)).test_client()
        home = client.get("/")
        assert "Nothing has been read yet" in home.text
        assert "Composed" not in home.text
        for path in ("/queries", "/ns", "/sparql", "/query/issue-cooccurrence", "/readouts"):
            assert client.get(path, headers=HTML).status_code == 200


@pytest.mark.parametrize("name", sorted(catalogue.load()))
def test_every_saved_question_has_a_page(client: FlaskClient, name: str) -> None:
    page = client.get(f"/query/{name}")
    assert page.status_code == 200
    text = unescape(page.text)
    assert catalogue.get(name).summary in text
    for link in Page(page.text).links:
        if "format=csv" in link:
            assert client.get(link).mimetype == "text/csv"


def test_a_bad_parameter_is_told_beside_the_form(client: FlaskClient) -> None:
    page = client.get("/query/commitments?a=Atlantis")
    assert page.status_code == 400
    assert "Atlantis" in page.text
    assert 'role="alert"' in page.text
    assert client.get("/query/none-such", headers=HTML).status_code == 404


def test_data_cannot_become_markup(root: Path) -> None:
    graph = "http://example.org/g"
    bad = [
        f'<http://example.org/s> <http://www.w3.org/2000/01/rdf-schema#label> "<script>alert(1)</script>" <{graph}> .',
        f"<http://example.org/s> <http://example.org/p> <javascript:alert(1)> <{graph}> .",
        f'<http://example.org/s> <http://example.org/p> "javascript:alert(1)"^^<http://www.w3.org/2001/XMLSchema#anyURI> <{graph}> .',
    ]
    with open_store("memory:") as store:
        store.put_graph(graph, bad)
        page = create_app(Settings(), InProcess(store)).test_client().get("/sparql?query=SELECT+*+{?s+?p+?o}", headers=HTML)
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert not [link for link in Page(page.text).links if link.startswith("javascript")]


def test_names_lead_to_pages_and_to_data(client: FlaskClient, store: Store) -> None:
    first = client.get(ACT)
    assert (first.status_code, first.headers["Location"]) == (303, ACT.replace("/id/readout/", "/statement/"))
    assert "Accept" in first.headers["Vary"]
    page = client.get("/about" + ACT, headers=HTML)
    assert "According to Ministry of Foreign Affairs of Japan" in page.text
    iri = rdflib.URIRef(Iris().at(ACT))
    for accept, name in (("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml")):
        answer = client.get(ACT, headers={"Accept": accept}, follow_redirects=True)
        assert answer.mimetype == accept
        graph = rdflib.Graph().parse(data=answer.text, format=name)
        assert len(list(graph.predicate_objects(iri))) == len(store.select(f"SELECT ?p ?o {{ <{iri}> ?p ?o }}"))
    assert client.get(ACT + "?format=ttl", follow_redirects=True).mimetype == "text/turtle"
    assert client.get("/about" + ACT, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "path", ["/vocab/state/JPN", "/graph/ontology", "/id/person/jpn-harada-kenji", ACT.removesuffix("/act/a1") + "/account"]
)
def test_concepts_graphs_and_accounts_have_pages_too(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=HTML, follow_redirects=True).status_code == 200
    data = client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert len(rdflib.Graph().parse(data=data.text, format="turtle")) > 2


@pytest.mark.parametrize("path", ["/id/readout/none", "/vocab/state/XYZ", "/id/%3Cscript%3E", "/about/id/a%20b"])
def test_what_is_not_here_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=HTML, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "<script>" not in answer.text


def test_the_ontology_is_where_its_namespace_says(client: FlaskClient) -> None:
    page = client.get("/ns", headers=HTML)
    assert 'id="SpeechAct"' in page.text
    assert len(rdflib.Graph().parse(data=client.get("/ns", headers={"Accept": "text/turtle"}).text)) > 1000


def test_another_base_is_served_too(root: Path) -> None:
    base = "http://data.example.org/readouts/"
    graph = f"{base}id/readout/a/b/c/account"
    with open_store("memory:") as store:
        store.put_graph(graph, [f'<{base}id/person/x> <http://www.w3.org/2000/01/rdf-schema#label> "X" <{graph}> .'])
        client = create_app(Settings(base=base), InProcess(store)).test_client()
        assert "<h1>X</h1>" in client.get("/id/person/x", headers=HTML, follow_redirects=True).text


def test_every_route_is_documented(app: Flask, root: Path) -> None:
    told = (root / "docs/reference/endpoint.md").read_text(encoding="utf-8")
    for rule in app.url_map.iter_rules():
        head = rule.rule.split("<")[0]
        assert head == "/static/" or f"`{head}" in told or head == "/", rule
    for room in ("/id/", "/vocab/", "/graph/", "/statement/"):
        assert f"`{room}...`" in told
