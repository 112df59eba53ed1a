"""Every name dereferences, as a page and in each form of data, which another reader reads; who has it is not sent it again."""

from __future__ import annotations

import itertools
import re
from functools import partial
from typing import Any

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib.namespace import FOAF, RDFS
from werkzeug.test import TestResponse

from communique.iris import BASE, CQ, VOCAB
from communique.server import forms, things
from communique.server.site import Site
from communique.store import Store

READOUT = "/id/readout/mofa/2022-03-03/lisbon-d20087"
pytestmark = [
    pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
]
ACT = READOUT + "/act/a1"
ISSUE = "/vocab/issue/abductions"
FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "nt": ("application/n-triples", "nt"),
    "jsonld": ("application/ld+json", "json-ld"),
    "rdf": ("application/rdf+xml", "xml"),
    "json": ("application/json", "json-ld"),
    "trig": ("application/trig", "trig"),
    "nq": ("application/n-quads", "nquads"),
}


def read(answer: TestResponse, form: str) -> rdflib.Graph:
    graph = rdflib.Dataset(default_union=True) if form in ("trig", "nq") else rdflib.Graph()
    return graph.parse(data=answer.get_data(), format=FORMS[form][1])


def links(answer: TestResponse) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for value in answer.headers.getlist("Link"):
        match = re.match(r'<([^>]*)>; rel="([^"]*)"', value)
        assert match, value
        found.setdefault(match[2], []).append(match[1])
    return found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", [ACT, ISSUE, READOUT, READOUT + "/account", "/graph/reference"])
def test_each_form_is_read_by_another_reader(client: FlaskClient, store: Store, path: str, form: str) -> None:
    by_suffix = client.get(f"{path}.{form}", follow_redirects=True)
    by_name = client.get(f"{path}?format={form}", follow_redirects=True)
    assert by_suffix.status_code == 200
    assert by_suffix.mimetype == FORMS[form][0]
    assert by_suffix.data == by_name.data
    if form != "json":
        by_header = client.get(path, headers={"Accept": FORMS[form][0]}, follow_redirects=True)
        assert by_suffix.data == by_header.data
    graph = read(by_suffix, form)
    iri = rdflib.URIRef(VOCAB + "issue/abductions" if path == ISSUE else BASE + path[1:])
    stated = {(p.value, o.value) for p, o in store.select(f"SELECT ?p ?o {{ <{iri}> ?p ?o FILTER(isIRI(?o)) }}")}  # type: ignore[union-attr]
    assert {(str(p), str(o)) for p, o in graph.predicate_objects(iri) if isinstance(o, rdflib.URIRef)} >= stated
    page = rdflib.URIRef(f"http://localhost/about{path}.{form}")
    assert (page, FOAF.primaryTopic, iri) in graph
    assert (page, rdflib.URIRef("http://rdfs.org/ns/void#inDataset"), rdflib.URIRef("http://localhost/dataset")) in graph


def test_the_forms_say_the_same(client: FlaskClient) -> None:
    said = [set(read(client.get(f"/about{ACT}.{form}"), form).triples((rdflib.URIRef(BASE + ACT[1:]), None, None))) for form in FORMS]
    assert len(said[0]) > 10
    assert all(one == said[0] for one in said)


def test_who_says_it_is_told(client: FlaskClient) -> None:
    account = rdflib.URIRef(BASE + READOUT[1:] + "/account")
    data = rdflib.Dataset().parse(data=client.get(f"/about{ACT}.trig").get_data(), format="trig")
    assert (rdflib.URIRef(BASE + ACT[1:]), rdflib.URIRef(CQ + "actType"), None) in data.graph(account)
    derived = set(read(client.get(f"/about{ACT}.ttl"), "ttl").objects(None, rdflib.PROV.wasDerivedFrom))
    assert {account, rdflib.URIRef(BASE + READOUT[1:])} <= derived


def test_names_come_with_what_is_named(client: FlaskClient) -> None:
    graph = read(client.get(f"/about{ACT}.ttl"), "ttl")
    issues = list(graph.objects(None, rdflib.URIRef(CQ + "aboutIssue")))
    assert issues
    assert all(graph.value(issue, RDFS.label) for issue in issues)


def kind_of(path: str) -> str:
    """What an address is of: the rooms in it without the names, as the last thing that tells sorts apart."""
    parts = path.split("/")
    return "/".join(parts[1:3] if parts[2:3] != ["readout"] else [*parts[1:3], *parts[6:7]])


def test_every_sort_of_name_leads_to_a_page_and_to_data(client: FlaskClient, app: Flask, store: Store) -> None:
    here: Site = app.extensions["communique.site"]
    iris = {
        term.value  # type: ignore[union-attr]
        for row in store.select("SELECT DISTINCT ?s ?o ?g { GRAPH ?g { ?s ?p ?o } }")
        for term in row
        if (getattr(term, "value", "") or "").startswith((BASE, VOCAB)) and hasattr(term, "value") and not hasattr(term, "datatype")
    }
    paths = sorted(path for iri in iris if (path := here.path(iri)) and not path.startswith("/ns#") and path != "/ns")
    sorts = [list(group)[:2] for _, group in itertools.groupby(sorted(paths, key=lambda p: (kind_of(p), p)), kind_of)]
    assert len(sorts) > 20
    for path in itertools.chain.from_iterable(sorts):
        page = client.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
        assert (page.status_code, page.mimetype) == (200, "text/html"), path
        data = client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
        assert (data.status_code, data.mimetype) == (200, "text/turtle"), path
        read(data, "ttl")


def test_a_thing_leads_elsewhere_and_says_where(client: FlaskClient) -> None:
    answer = client.get(ACT, headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/about{ACT}.ttl")
    assert links(answer)["describedby"] == [f"/about{ACT}"]
    page = client.get(f"/about{ACT}", headers={"Accept": "text/html"})
    assert links(page)["describes"] == [BASE + ACT[1:]]
    assert {f"/about{ACT}.{form}" for form in FORMS} < set(links(page)["alternate"])
    assert "Accept" in page.vary
    assert client.get(f"/about{ACT}", headers={"Accept": "image/png"}).status_code == 406
    # What is asked for besides is kept.
    assert client.get(f"{ISSUE}?format=ttl&page=2").headers["Location"] == f"/about{ISSUE}.ttl?page=2"


@pytest.mark.parametrize(
    ("page", "iri"),
    [
        (READOUT.removeprefix("/id"), READOUT),
        (READOUT.replace("/id/readout", "/encounter") + "/e1", READOUT + "/encounter/e1"),
        (ACT.replace("/id/readout", "/statement"), ACT),
        ("/state/JPN", "/vocab/state/JPN"),
        ("/issue/abductions", ISSUE),
    ],
)
def test_a_page_with_an_address_of_its_own_leads_to_data_too(client: FlaskClient, page: str, iri: str) -> None:
    html = client.get(page, headers={"Accept": "text/html"})
    assert (html.status_code, html.mimetype) == (200, "text/html")
    assert f"/about{iri}.ttl" in links(html)["alternate"]
    assert "Accept" in html.vary
    for form, (media_type, _) in FORMS.items():
        for answer in (
            client.get(f"{page}.{form}"),
            client.get(f"{page}?format={form}"),
            *([client.get(page, headers={"Accept": media_type})] if form != "json" else []),
        ):
            assert (answer.status_code, answer.headers["Location"]) == (303, f"/about{iri}.{form}")
    assert client.get(f"{page}?cite=bib", headers={"Accept": "text/turtle"}).status_code == 200
    assert client.get(f"{page}.ttl", follow_redirects=True).status_code == 200


def test_what_points_to_a_thing_comes_in_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    iri = rdflib.URIRef(VOCAB + "issue")
    everything = set(read(client.get("/about/vocab/issue.nt"), "nt").subject_predicates(iri))
    target, pages, found = "/about/vocab/issue.nt?limit=50", 0, set()
    while target:
        answer = client.get(target)
        found |= set(read(answer, "nt").subject_predicates(iri))
        target, pages = links(answer).get("next", [""])[0], pages + 1
    assert pages > 3
    assert found == everything
    assert client.get("/about/vocab/issue.nt?page=0").status_code == 400
    assert client.get("/about/vocab/issue.nt?limit=501").status_code == 400
    html = client.get("/about/vocab/issue", headers={"Accept": "text/html"})
    (all_of,) = re.findall(r'href="([^"]*of=[^"]*inScheme)"', html.text)
    listed = client.get(all_of.replace("&amp;", "&"), headers={"Accept": "text/html"})
    assert listed.text.count("<li>") >= 100
    assert 'rel="next"' in listed.text
    assert client.get(links(listed)["next"][0], headers={"Accept": "text/html"}).status_code == 200


def test_of_what_very_much_is_said_no_more_is_read_than_a_page_needs(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "/about/vocab/issue"
    html = {"Accept": "text/html"}
    every = client.get(page, headers=html).text
    monkeypatch.setattr(things, "_READ", 100)
    some = client.get(page, headers=html).text
    headings = r'<th scope="row">(.+?)</th>'
    assert re.findall(headings, some) == re.findall(headings, every)
    counted = {target: int(n.replace(",", "")) for target, n in re.findall(r'href="([^"]*of=[^"]*)">all ([\d,]+)</a>', every)}
    assert counted and set(re.findall(r'href="([^"]*of=[^"]*)">all</a>', some)) == set(counted)  # what nobody counted has no number
    first = target = max(counted, key=lambda target: counted[target])
    found, pages = 0, 0
    while target:
        answer = client.get(target.replace("&amp;", "&"), headers=html)
        found += answer.text.partition("What refers to it")[2].partition("</table>")[0].count("<li>")
        target, pages = links(answer).get("next", [""])[0], pages + 1
    assert pages > 1 and found == counted[first]


def test_what_a_thing_says_comes_in_pages(client: FlaskClient) -> None:
    iri = rdflib.URIRef(BASE + READOUT[1:] + "/act/a1")
    everything = set(read(client.get(f"/about{ACT}.nt"), "nt").predicate_objects(iri))
    target, found = f"/about{ACT}.nt?limit=3", set()
    while target:
        answer = client.get(target)
        some = set(read(answer, "nt").predicate_objects(iri))
        assert len(some) <= 3 + 1  # its name is told on each page
        found |= some
        target = links(answer).get("next", [""])[0]
    assert found == everything


@pytest.mark.parametrize("path", [ACT, ISSUE, "/vocab/state/JPN", "/vocab/state/USA", "/vocab/issue"])
def test_the_page_is_the_same_where_a_things_statements_are_too_many_to_be_read_at_once(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = client.get(f"/about{path}", headers={"Accept": "text/html"}).text
    monkeypatch.setattr(things, "_FEW", 0)
    assert client.get(f"/about{path}", headers={"Accept": "text/html"}).text == at_once


def test_a_page_takes_a_fixed_number_of_queries(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    here: Site = app.extensions["communique.site"]
    asked: list[str] = []

    def noted(verb: str, query: str, *rest: Any) -> Any:
        asked.append(query)
        return real[verb](query, *rest)

    real = {verb: getattr(here.engine, verb) for verb in ("select", "ask")}
    for verb in real:
        monkeypatch.setattr(here.engine, verb, partial(noted, verb))

    def queries(path: str, accept: str) -> int:
        asked.clear()
        assert client.get(path, headers={"Accept": accept}).status_code == 200
        return len(asked)

    client.get("/", headers={"Accept": "text/html"})
    assert {queries(f"/about{path}", "text/html") for path in (ACT, ISSUE, "/vocab/issue", "/vocab/state/JPN")} == {5, 6}
    assert {queries(f"/about{path}", "text/turtle") for path in (ACT, ISSUE, "/vocab/issue", "/vocab/state/JPN")} == {4}


def test_what_is_not_known_is_told_with_what_is_nearest(client: FlaskClient) -> None:
    for path in ("/id/person/jpn-harada-kenjo", "/about/id/person/harada.ttl", "/vocab/issue/abduction-of-citizens"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        near = answer.get_json()["nearest"]
        assert 0 < len(near) <= 5
        assert all(client.get(each["page"], follow_redirects=True).status_code == 200 for each in near)
    assert "HARADA Kenji" in {each["name"] for each in client.get("/id/person/jpn-harada-kenjo").get_json()["nearest"]}
    assert "Is it one of these?" in client.get("/id/person/harada", headers={"Accept": "text/html"}).text
    assert client.get('/id/%00%ff<>"').status_code == 404


@pytest.mark.parametrize("path", [f"/about{ACT}", f"/about{ACT}.ttl", "/ns", "/search?q=abductions", "/", "/state/JPN", "/queries"])
def test_who_has_it_is_not_sent_it_again(client: FlaskClient, app: Flask, path: str) -> None:
    first = client.get(path, headers={"Accept": "text/html, text/turtle;q=0.5"})
    assert first.status_code == 200
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    assert tag.startswith('W/"')
    assert first.headers["Communique-Version"] == app.extensions["communique.site"].engine.version()
    again = client.get(path, headers={"Accept": "text/html, text/turtle;q=0.5", "If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert "Accept" in again.vary
    other = client.get(path, headers={"Accept": "text/turtle, application/json", "If-None-Match": tag})
    # In another form, or where that is.
    assert other.status_code in (200, 303)
    assert other.headers.get("ETag") != tag
    assert client.get(path, headers={"Accept": "text/html, text/turtle;q=0.5", "If-Modified-Since": date}).status_code == 304
    old = {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}
    assert client.get(path, headers={"Accept": "text/html", **old}).status_code == 200


def test_the_ontology_has_suffixes_too(client: FlaskClient) -> None:
    assert len(read(client.get("/ns.ttl"), "ttl")) > 1000
    assert client.get("/ns.json").mimetype == "application/json"


def test_suffixes() -> None:
    assert forms.suffixed("id/x.ttl") == ("id/x", "ttl")
    assert forms.suffixed("id/x.csv") == ("id/x.csv", None)
    assert forms.suffixed("id/x") == ("id/x", None)
