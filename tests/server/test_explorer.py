"""The explorer over the samples: what the pages tell, that their links lead somewhere, and that their rail tells the truth."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from communique.config import Settings
from communique.iris import CQ, Iris, concept
from communique.ontology.reasoner import reason
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import Store, open_store

HTML = {"Accept": "text/html"}
TALK = "mofa/2023-02-20/japan-uk-foreign-ministers-telephone-talk-40dba0"
WHY = (
    "/proof?s=%3Chttps://w3id.org/communique/vocab/state/JPN%3E&p=%3Chttps://w3id.org/communique/ns%23engagesIssue%3E"
    "&o=%3Chttps://w3id.org/communique/vocab/issue/abductions%3E"
)
PAGES = (
    "/",
    "/readouts",
    "/readouts?state=JPN&issue=north-korea&sort=oldest",
    "/readouts?act=Request&publisher=mofa&year=2023",
    f"/readout/{TALK}",
    f"/encounter/{TALK}/e1",
    f"/statement/{TALK}/act/a1",
    f"/statement/{TALK}/commitment/a11",
    WHY,
    "/ministers",
    "/ministers?state=JPN",
    "/minister/jpn-asakura-nobuhiro",
    "/states",
    "/state/JPN",
    "/state/PRK",
    "/party/organization/NATO",
    "/dyads",
    "/dyad/GBR/JPN",
    "/issues",
    "/issue/north-korea",
    "/network",
    "/network?scope=sentence&least=1&by=lift&first=2023&last=2023",
    "/timeline",
    "/timeline?lane=issue&state=JPN&by=year&period=2023",
    "/map",
    "/stance",
    "/stance?state=JPN&issue=abductions",
    "/requests",
    "/requests?a=JPN&outcome=supported",
    "/commitments",
    "/commitments?a=GBR&b=JPN&sort=strongest",
    "/coverage",
    "/coverage?code=unlinked",
    "/findings",
    "/ontology",
    "/data",
    "/about",
    "/queries",
    "/query/acts-compared",
)


@pytest.fixture
def client(explorer: Flask) -> FlaskClient:
    return explorer.test_client()


@pytest.mark.parametrize(("path", "accept", "kind"), [
    ("/readouts?state=JPN", "text/csv", "text/csv"),
    ("/readouts?state=JPN&format=tsv", "text/html", "text/tab-separated-values"),
    ("/dyad/GBR/JPN", "application/json", "application/sparql-results+json"),
    ("/query/acts-compared", "text/csv;q=0.9, text/html;q=0.5", "text/csv"),
    ("/network?format=gexf&scope=sentence", "*/*", "application/gexf+xml"),
    ("/readouts", "application/atom+xml", "application/atom+xml"),
    ("/", "text/turtle", "text/turtle"),
    ("/readouts", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ("/readouts?cite=bib", "text/csv", "application/x-bibtex"),
    ("/about", "text/csv", "text/html"),
])  # fmt: skip
def test_a_page_leads_to_what_it_shows_as_data_for_who_wants_that(client: FlaskClient, path: str, accept: str, kind: str) -> None:
    first = client.get(path, headers={"Accept": accept})
    assert "Accept" in first.vary or "cite=" in path
    answer = client.get(path, headers={"Accept": accept}, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert first.status_code == (200 if kind in ("text/html", "application/x-bibtex") else 303)


def test_the_data_of_a_page_are_what_it_lists(client: FlaskClient) -> None:
    table = client.get("/readouts?state=CAN", headers={"Accept": "text/csv"}, follow_redirects=True).text
    shown = {node.text().strip() for node in seen(client, "/readouts?state=CAN").css("a.title")}
    assert {row["title"] for row in csv.DictReader(io.StringIO(table))} == shown


def seen(client: FlaskClient, path: str) -> HTMLParser:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, (path, answer.text[-500:])
    return HTMLParser(answer.text)


def words(tree: HTMLParser, selector: str = "main") -> str:
    found = tree.css_first(selector)
    assert found is not None, selector
    return " ".join(found.text(separator=" ").split())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_heading_a_rail_and_landmarks(client: FlaskClient, path: str) -> None:
    tree = seen(client, path)
    assert len(tree.css("h1")) == 1
    assert all(len(tree.css(landmark)) == 1 for landmark in ("main", "header.site", "footer", "aside.rail"))
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    for node in tree.css("[aria-labelledby], [aria-describedby]"):
        named = node.attributes.get("aria-labelledby") or node.attributes.get("aria-describedby") or ""
        assert set(named.split()) <= set(ids), named
    assert not tree.css("[style], [onclick], style, script:not([type='application/json']):not([src])")
    loaded = [node.attributes["src"] or "" for node in tree.css("script[src]")]
    assert all(src.startswith("/static/") and client.get(src, buffered=True).status_code == 200 for src in loaded)
    assert not [a for a in tree.css("a") if not a.attributes.get("href")]
    rail = words(tree, "aside.rail")
    assert all(form in rail for form in ("Permalink", "BibTeX", "RIS", "CSL-JSON"))


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(client: FlaskClient, path: str) -> None:
    tree = seen(client, path)
    ids = {node.attributes["id"] for node in tree.css("[id]")}
    for node in tree.css("a[href]"):
        href = node.attributes["href"] or ""
        if href.startswith("#"):
            assert href[1:] in ids, href
        elif href.startswith("/"):
            address = href.partition("#")[0]  # readouts are linked by each of their statements
            if "format=" not in href and "/sparql?" not in href and address not in checked:
                assert client.get(address, headers=HTML, follow_redirects=True, buffered=True).status_code == 200, href
                checked.add(address)
        else:
            assert href.startswith(("http://", "https://")), href


checked: set[str] = set()


@pytest.mark.parametrize("path", [page for page in PAGES if page not in ("/queries", "/about")])
def test_the_queries_of_the_rail_are_those_of_the_page(client: FlaskClient, path: str) -> None:
    """Each query can be run as it is shown, and gives rows or an empty table; none is refused."""
    shown = [node.text() for node in seen(client, path).css("aside.rail .source pre")]
    assert shown
    for query in shown:
        answer = client.get("/sparql", query_string={"query": query, "format": "csv"})
        assert answer.status_code == 200, query


def test_the_list_of_readouts_is_the_answer_to_its_query(client: FlaskClient) -> None:
    tree = seen(client, "/readouts?state=JPN&issue=north-korea")
    query = tree.css_first("aside.rail .source pre")
    assert query is not None
    answer = client.get("/sparql", query_string={"query": query.text(), "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    shown = [node.attributes["href"] for node in tree.css("ol.list a.title")]
    assert [row["readout"].removeprefix("https://w3id.org/communique/id") for row in rows[:25]] == shown
    assert f"{len(rows)} readouts that fit these filters" in words(tree)


def test_a_facet_counts_what_choosing_it_shows(client: FlaskClient) -> None:
    for item in seen(client, "/readouts?state=JPN").css(".facets li"):
        link, count = item.css_first("a"), item.css_first(".n")
        assert link is not None
        assert count is not None
        told = re.match(r"([\d,]+) readout", words(seen(client, link.attributes["href"] or ""), "main .lead"))
        assert told is not None
        assert told[1] == count.text(), link.attributes["href"]


def test_filters_can_be_removed_and_pages_turned(client: FlaskClient) -> None:
    tree = seen(client, "/readouts?state=JPN&year=2023&page=99")
    chips = [node.attributes["href"] for node in tree.css("a.remove")]
    assert chips == ["/readouts?year=2023", "/readouts?state=JPN"] or chips == ["/readouts?state=JPN", "/readouts?year=2023"]
    first, second = seen(client, "/readouts"), seen(client, "/readouts?page=2")
    one, two = ([node.attributes["href"] for node in tree.css("ol.list a.title")] for tree in (first, second))
    assert len(one) == 25
    assert not set(one) & set(two)
    assert not [href for href in one if first.css_first("a[rel=prev]")]
    assert client.get("/readouts?page=x&sort=none-such&state=no such").status_code == 200


def test_a_readout_shows_its_whole_text_with_what_was_read_in_it(client: FlaskClient, samples: Store) -> None:
    tree = seen(client, f"/readout/{TALK}")
    ((text,),) = samples.select(f"SELECT ?t {{ <{Iris().base}id/readout/{TALK}> <https://w3id.org/communique/ns#text> ?t }}")
    shown = "".join(node.text() for node in tree.css(".words"))
    assert "".join(shown.split()) == "".join(text.value.split())  # type: ignore[union-attr]  # a literal, by the query
    acts = {node.attributes["href"] for node in tree.css(".words a.m.act")}
    cards = {f"#{node.attributes['id']}" for node in tree.css(".card")}
    assert acts <= cards
    assert len(cards) == 13
    assert {"act", "issue", "person"} <= {name for node in tree.css(".words .m") for name in (node.attributes["class"] or "").split()}
    assert "also told by the United Kingdom" in words(tree)


def test_an_encounter_is_told_from_both_sides(client: FlaskClient) -> None:
    told = words(seen(client, f"/encounter/{TALK}/e1"))
    assert "2 accounts of one encounter, side by side: United Kingdom and Japan" in told
    assert "only Japan" in told
    assert "other act" in told
    assert "not in this readout" in told
    assert "According to Japan’s readout, others" in told
    alone = words(seen(client, "/encounter/canada/2024-02-14/minister-beaumont-speaks-with-omani-foreign-minister-e7f82b/e1"))
    assert "No readout from the other side in this collection" in alone
    assert "only" not in alone.split("Issue by issue")[1].split("Statements")[0].replace("only if", "")


@pytest.mark.parametrize("form", ["text", "bib", "ris", "csl"])
def test_every_page_is_cited_in_four_forms(client: FlaskClient, form: str) -> None:
    answer = client.get(f"/readout/{TALK}?cite={form}")
    assert answer.status_code == 200
    assert "Japan-UK Foreign Ministers’ Telephone Talk" in answer.text
    assert f"/readout/{TALK}" in answer.text
    assert "cite=" not in answer.text
    if form == "csl":
        (entry,) = json.loads(answer.text)
        assert entry["issued"] == {"date-parts": [[2023, 2, 20]]}
        assert entry["author"] == [{"literal": "Ministry of Foreign Affairs of Japan (composed)"}]
    if form == "bib":
        assert answer.text.count("{") == answer.text.count("}")
    if form == "ris":
        assert answer.text.startswith("TY  - ELEC\r\n")
        assert answer.text.endswith("ER  - \r\n")
    assert client.get("/?cite=none").status_code == 400


def test_unknown_addresses_name_what_is_near(client: FlaskClient) -> None:
    answer = client.get("/readout/mofa/2023-02-20/japan-uk-telephone-talk", headers=HTML)
    assert answer.status_code == 404
    assert f"/encounter/{TALK}/e1" in answer.text
    assert "Is it one of these?" in answer.text
    for path in ("/encounter/a/b/c/d", "/readout/a/b/%3Cscript%3E", "/readout/a/b/c%20d"):
        odd = client.get(path, headers=HTML)
        assert odd.status_code == 404
        assert "<script>" not in odd.text


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/foo", ""),
        ("/readuots", "/readouts"),
        ("/ministrs", "/ministers"),
        ("/minister/asakurra", "/minister/jpn-asakura-nobuhiro"),
        ("/minister/jpn-asakurra-nobuhiru", "/minister/jpn-asakura-nobuhiro"),
        ("/state/Japn", "/state/JPN"),
        ("/issues/abduction", "/issue/abductions"),
        ("/query/commitmnets", "/query/commitments"),
        ("/no/such/thing/abductions", "/issue/abductions"),
    ],
)
def test_any_unknown_address_names_what_is_near(client: FlaskClient, path: str, near: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 404
    tree = HTMLParser(answer.text)
    assert len(tree.css("h1")) == 1
    told = [node.attributes["href"] for node in tree.css("main ul a")]
    assert near in told if near else not told
    problem = client.get(path).get_json()
    assert (problem["status"], [each["page"] for each in problem["nearest"]]) == (404, told)


# Odd stores


def odd(lines: list[str], reasoned: bool = True) -> FlaskClient:
    """An application over a store of a few statements of one account."""
    base = f"{Iris().base}id/readout/odd/2024-01-01/one"
    store = open_store("memory:")
    store.put_graph(f"{base}/account", [f"{line} <{base}/account> ." for line in lines])
    if reasoned:
        reason(store, Iris())
    return create_app(Settings(), InProcess(store)).test_client()


EVERYWHERE = (
    *("/", "/readouts", "/ministers", "/states", "/dyads", "/issues", "/network", "/timeline", "/map", "/requests", "/commitments"),
    *("/coverage", "/findings", "/ontology", "/data", "/about", "/queries", "/timeline?by=year"),
    "/network?scope=sentence&first=2020&last=1",
)
TITLE = "<script>alert(1)</script> & “لقاء” دبلوماسي 会談"


def test_an_empty_store_has_all_pages() -> None:
    with open_store("memory:") as store:
        client = create_app(Settings(), InProcess(store)).test_client()
        for path in EVERYWHERE:
            assert len(seen(client, path).css("h1")) == 1


def test_a_readout_without_text_acts_or_date_has_a_page() -> None:
    cq, rdf = "https://w3id.org/communique/ns#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    it, account, meeting = (f"<{Iris().base}id/readout/odd/2024-01-01/one{part}>" for part in ("", "/account", "/encounter/e1"))
    client = odd(
        [
            f"{it} <{rdf}type> <{cq}Readout>",
            f'{it} <http://www.w3.org/2000/01/rdf-schema#label> "{TITLE}"',
            f"{it} <{cq}publisher> <{Iris().base}id/publisher/odd>",
            f"{it} <{cq}hasAccount> {account}",
            f"{account} <{cq}describesEncounter> {meeting}",
            f"{meeting} <{rdf}type> <{cq}Encounter>",
            f"{it} <{cq}hasSegment> <{Iris().base}id/readout/odd/2024-01-01/one/segment/1>",
            f'<{Iris().base}id/readout/odd/2024-01-01/one/segment/1> <{cq}start> "5"^^<http://www.w3.org/2001/XMLSchema#integer>',
            f'<{Iris().base}id/readout/odd/2024-01-01/one/segment/1> <{cq}end> "25"^^<http://www.w3.org/2001/XMLSchema#integer>',
        ]
    )
    told = client.get("/readout/odd/2024-01-01/one", headers=HTML)
    assert told.status_code == 200
    assert "<script>alert" not in told.text
    tree = HTMLParser(told.text)
    assert words(tree, "h1") == TITLE
    assert "No statement was read from this readout" in told.text
    assert "characters 5–25" in words(tree)
    strip = tree.css_first("svg.strip")
    assert strip is not None
    assert strip.attributes["viewBox"] == "0 0 20 16"
    assert "The words of this readout are not in this store" in told.text
    assert TITLE in words(seen(client, "/readouts"))
    assert "No issue was read from" in words(seen(client, "/encounter/odd/2024-01-01/one/e1"))
    for path in EVERYWHERE:
        assert "<script>alert" not in client.get(path, headers=HTML).text
    for form in ("bib", "ris", "csl", "text"):
        assert client.get(f"/readout/odd/2024-01-01/one?cite={form}").status_code == 200


def test_an_issue_without_readouts_and_a_state_without_encounters_have_pages(client: FlaskClient) -> None:
    assert "No statement here is about it" in words(seen(client, "/issue/north-korean-human-rights"))
    assert "No readout here tells of an encounter with it" in words(seen(client, "/state/TUV"))
    assert "No readout here tells of an encounter of the two" in words(seen(client, "/dyad/JPN/TUV"))
    assert client.get("/dyad/JPN/JPN", headers=HTML).status_code == 404
    assert client.get("/dyad/JPN/XXX", headers=HTML).status_code == 404


def test_the_ontology_is_told_with_its_axioms(client: FlaskClient) -> None:
    """Chains in their order, inverses from both sides, classes that exclude each other, terms of others, use in the data."""
    tree = seen(client, "/ontology")
    told = {node.attributes["id"]: " ".join(node.text(separator=" ").split()) for node in tree.css("table.terms tr[id]")}
    assert len(told) > 300
    assert "follows from described in , then perspective" in told["toldFrom"]
    assert "the inverse of has account" in told["accountOf"]
    assert "never also a" in told["Person"]
    assert "elsewhere foaf:Person , schema:Person" in told["Person"]
    assert "transitive" in told["precedes"]
    assert "leads on by" in told["Encounter"]
    assert re.search(r"used \d+ times, as for \w", told["Commitment"])


def test_the_start_page_shows_one_encounter_as_two_sides_tell_it(client: FlaskClient) -> None:
    tree = seen(client, "/")
    both = [words(tree, f".twice .side section:nth-child({n})") for n in (1, 2)]
    assert "The United Kingdom’s readout" in both[0]
    assert "Japan’s readout" in both[1]
    assert all("“" in side for side in both)


def test_a_proof_ends_in_words(client: FlaskClient) -> None:
    tree = seen(client, WHY)
    assert "It follows in" in words(tree)
    assert any("abductions issue" in node.text() for node in tree.css(".tree .quote"))
    for path in ("/proof", "/proof?s=x&p=y&o=z", '/proof?s="a"&p=<x:y>&o=<x:z>'):
        assert client.get(path, headers=HTML).status_code in (400, 404), path
    assert client.get("/proof?s=<x:a>&p=<x:b>&o=<x:c>", headers=HTML).status_code == 404


def test_a_statement_is_told_as_an_account_with_its_words(client: FlaskClient, samples: Store) -> None:
    tree = seen(client, f"/statement/{TALK}/act/a1")
    assert "According to Japan’s readout of 2023-02-20" in words(tree)
    quote = tree.css_first("blockquote .m.quote")
    assert quote is not None
    ((said,),) = samples.select(f"SELECT ?q {{ <{Iris().base}id/readout/{TALK}/act/a1> <https://w3id.org/communique/ns#quote> ?q }}")
    assert "".join(node.text() for node in tree.css("blockquote .m.quote")).startswith(said.value.split(" on ")[0])  # type: ignore[union-attr]
    whys = [node.attributes["href"] for node in tree.css("a") if node.text() == "why"]
    assert len(whys) > 5
    for why in whys:
        assert client.get(why or "", headers=HTML).status_code == 200, why


def test_an_inferred_stance_is_called_by_whose_and_on_what(client: FlaskClient, samples: Store) -> None:
    query = f"SELECT ?act ?stance {{ ?stance <{CQ}basedOn> ?act ; <{CQ}stanceOf> <{concept('state', 'JPN')}> }} ORDER BY ?act LIMIT 1"
    ((act, stance),) = samples.select(query)
    path = str(act).strip("<>").replace(f"{Iris().base}id/readout/", "/statement/")
    assert re.search(r"the stance of Japan on \w.* in 20\d\d based on this", words(seen(client, path)))
    about = str(stance).strip("<>").replace(Iris().base, "/about/")
    assert words(seen(client, about)).count("the stance of Japan on") >= 1
    assert "stance:" not in words(seen(client, path))


def test_the_network_says_the_same_as_a_table_and_as_data(client: FlaskClient) -> None:
    tree = seen(client, "/network?least=4")
    data = tree.css_first("#network-data")
    assert data is not None
    chart = json.loads(data.text())
    rows = [[cell.text().strip() for cell in row.css("th, td")] for row in tree.css("figure tbody tr")]
    drawn = [[chart["nodes"][e[0]]["name"], chart["nodes"][e[1]]["name"], str(e[2])] for e in chart["edges"]]
    assert [row[:3] for row in rows] == drawn[:50]
    assert all(edge[2] >= 4 for edge in chart["edges"])


def test_the_newest_readouts_are_a_feed(client: FlaskClient) -> None:
    answer = client.get("/readouts.atom?state=JPN&issue=north-korea")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(answer.text)
    listed = [node.attributes["href"] for node in seen(client, "/readouts?state=JPN&issue=north-korea").css("ol.list a.title")]
    links = [entry.find(f"{atom}link").attrib["href"] for entry in feed.iter(f"{atom}entry")]  # type: ignore[union-attr]  # each has one
    assert links == [f"http://localhost{href}" for href in listed]
    days = [entry.findtext(f"{atom}updated", "") for entry in feed.iter(f"{atom}entry")]
    assert days == sorted(days, reverse=True)
    assert feed.findtext(f"{atom}updated") == days[0]
    rail = [node.attributes["href"] for node in seen(client, "/issue/north-korea").css("aside.rail a") if node.text() == "atom"]
    assert rail == ["/readouts.atom?issue=north-korea"]


def test_an_encounter_without_a_day_hides_no_other_day() -> None:
    cq, rdf, xsd = "https://w3id.org/communique/ns#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2001/XMLSchema#"
    meetings = [f"<{Iris().base}id/readout/odd/2024-01-01/one/encounter/e{number}>" for number in (1, 2)]
    parties = [f"<https://w3id.org/communique/vocab/state/{code}>" for code in ("JPN", "TUV")]
    lines = [f"{meeting} <{cq}involvesState> {party}" for meeting in meetings for party in parties]
    lines += [f"<{Iris().base}id/readout/odd/2024-01-01/one/account> <{cq}describesEncounter> {meeting}" for meeting in meetings]
    lines += [f"{meeting} <{rdf}type> <{cq}Encounter>" for meeting in meetings]
    client = odd([*lines, f'{meetings[0]} <{cq}date> "2024-01-01"^^<{xsd}date>'])
    for path in ("/states", "/dyads", "/timeline"):
        assert "2024-01-01" in words(seen(client, path)), path
