"""Saved queries as an API: typed parameters that become terms, pages, three forms, a description that is valid, code that runs."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import rdflib
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from communique.config import Settings
from communique.iris import Iris
from communique.ontology.reasoner import reason
from communique.queries import catalogue
from communique.queries.tables import to_csv, to_turtle, value
from communique.server import api, create_app, snippets
from communique.server.engine import InProcess
from communique.store import Store
from tests.sampled import copied
from tests.server.conftest import fill

ACT = "https://w3id.org/communique/id/readout/mofa/2022-03-03/lisbon-d20087/act/a1"
NEEDED: dict[str, dict[str, str]] = {"why": {"statement": ACT}}
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")


@pytest.fixture(scope="module")
def samples(root: Path, sampled: Path) -> Iterator[Store]:
    """The samples and the two accounts, reasoned over."""
    with copied(sampled) as opened:
        fill(opened, root)
        reason(opened, Iris())
        yield opened


@pytest.fixture(scope="module")
def asking(samples: Store) -> FlaskClient:
    return create_app(Settings(), InProcess(samples)).test_client()


@pytest.fixture(scope="module")
def asking_few(few: Store) -> FlaskClient:
    """For requests by the hundred, of which it matters whether they are answered and not with what."""
    return create_app(Settings(), InProcess(few)).test_client()


@pytest.mark.parametrize("name", sorted(catalogue.load()))
def test_each_query_answers_in_each_form(asking: FlaskClient, samples: Store, name: str) -> None:
    params = NEEDED.get(name, {})
    expected = catalogue.run(samples, name, params)
    told = asking.get(f"/api/{name}", query_string=params).get_json()
    assert (told["query"], list(told["columns"])) == (name, list(expected.columns))
    assert len(told["rows"]) == len(expected.rows)
    text = asking.get(f"/api/{name}.csv", query_string=params)
    assert text.mimetype == "text/csv"
    assert sorted(csv.reader(io.StringIO(text.text))) == sorted(csv.reader(io.StringIO(to_csv(expected))))
    data = asking.get(f"/api/{name}.jsonld", query_string=params)
    assert data.mimetype == "application/ld+json"
    ours = rdflib.Graph().parse(data=data.text, format="json-ld")
    theirs = rdflib.Graph().parse(data=to_turtle(expected, Iris()), format="turtle")

    def values(graph: rdflib.Graph) -> list[tuple[str, str]]:
        return sorted((str(p), o.n3()) for _, p, o in graph)

    assert values(ours) == values(theirs)


def test_values_are_plain(asking: FlaskClient) -> None:
    rows = asking.get("/api/why", query_string=NEEDED["why"]).get_json()["rows"]
    claim = next(row for row in rows if row["role"] == "claim")
    assert claim["parent"] is None
    assert isinstance(claim["from"], int)
    assert isinstance(claim["words"], str)
    assert claim["node"].startswith("https://")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("commitments?nothing=1", "no such parameter"),
        ("commitments?a=JPN&a=USA", "twice"),
        ("commitments?a=Atlantis", "Atlantis"),
        ("commitments?a=", "no party is called"),
        ("why", "needs this parameter"),
        ("why?statement=no%20iri", "not an IRI"),
        ("why?statement=http://x/%3E%20%7D%20%23", "not an IRI"),
        ("minister-pairs?from=2023-02-30", "not a day"),
        ("issue-cooccurrence?minimum=1.5", "not a whole number"),
        ("issue-cooccurrence?scope=galaxy", "cannot be chosen"),
        ("minister-pairs?page=0", "page"),
        ("minister-pairs?limit=10001", "limit"),
        ("minister-pairs?limit=2&limit=3", "once"),
        ("minister-pairs?%66rom=x", "not a day"),
    ],
)
def test_what_is_refused(asking: FlaskClient, query: str, told: str) -> None:
    answer = asking.get(f"/api/{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert told in answer.get_json()["detail"]
    assert answer.get_json()["status"] == 400


def test_what_is_not_there(asking: FlaskClient) -> None:
    answer = asking.get("/api/minister-pair")
    assert answer.status_code == 404
    assert "minister-pairs" in answer.get_json()["detail"]
    assert asking.get("/api/minister-pairs.xml").status_code == 404
    assert asking.get("/api/minister-pairs", headers={"Accept": "image/png"}).status_code == 406
    assert asking.post("/api/minister-pairs").status_code == 405


def test_pages_follow_each_other(asking: FlaskClient) -> None:
    every = list(csv.reader(io.StringIO(asking.get("/api/left-open.csv").text)))
    assert len(every) > 4
    target, rows, pages = "/api/left-open?limit=2", [], 0
    while target:
        answer = asking.get(target)
        told = answer.get_json()
        assert len(told["rows"]) <= 2
        rows += told["rows"]
        found = re.search(r'<([^>]*)>; rel="next"', ", ".join(answer.headers.getlist("Link")))
        target, pages = found[1] if found else "", pages + 1
        assert target == told.get("next", "")
    assert rows == asking.get("/api/left-open").get_json()["rows"]
    assert len(rows) == len(every) - 1
    assert pages == -(-len(rows) // 2)
    assert list(csv.reader(io.StringIO(asking.get("/api/left-open.csv?limit=2&page=2").text))) == [every[0], *every[3:5]]
    # Rows of the second page have names of their own.
    second = asking.get("/api/left-open.jsonld?limit=2&page=2").get_json()
    assert [row["@id"].rsplit("#", 1)[1] for row in second["@graph"]] == ["row-3", "row-4"]


def test_every_query_can_be_paged(samples: Store) -> None:
    for query in catalogue.load().values():
        # What is put behind the query goes on from its last line.
        assert query.text.rstrip().splitlines()[-1].startswith("ORDER BY "), query.name
        assert not set(api.RESERVED) & {param.name for param in query.params}
        text = query.bind(NEEDED.get(query.name, {}), samples)
        rows = samples.select(text).rows
        paged = samples.select(catalogue.paged(query, text, 3, 1)).rows
        assert len(paged) == max(0, min(3, len(rows) - 1)), query.name


@given(st.sampled_from(sorted(catalogue.load())), st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_value_breaks_out_of_its_place(asking_few: FlaskClient, name: str, data: Any) -> None:
    params = catalogue.get(name).params
    if not params:
        return
    param = data.draw(st.sampled_from(params))
    text = data.draw(st.text(max_size=30) | st.sampled_from(["} UNION { ?s ?p ?o }", '" } #', "<x> } DROP ALL #", "\\u0022", "'''"]))
    answer = asking_few.get(f"/api/{name}", query_string={**NEEDED.get(name, {}), param.name: text.encode("utf-8", "replace")})
    assert answer.status_code in (200, 400), answer.text


def test_all_of_them_are_listed(asking: FlaskClient) -> None:
    listed = asking.get("/api").get_json()["queries"]
    assert [query["name"] for query in listed] == sorted(catalogue.load())
    for query in listed:
        assert asking.get(query["page"], headers={"Accept": "text/html"}).status_code == 200


def test_the_description_is_valid_and_true(asking: FlaskClient) -> None:
    told = asking.get("/openapi.json").get_json()
    validate(told)
    assert told["openapi"].startswith("3.1")
    assert {f"/api/{name}" for name in catalogue.load()} < told["paths"].keys()
    assert told["servers"] == [{"url": "http://localhost"}]
    for name in catalogue.load():
        operation = told["paths"][f"/api/{name}"]["get"]
        declared = {p["name"]: p for p in operation["parameters"] if "name" in p}
        assert declared.keys() == {p.name for p in catalogue.get(name).params}
        # The defaults that are told are those that the query has.
        given = {key: p["schema"]["default"] for key, p in declared.items() if "default" in p["schema"]} | NEEDED.get(name, {})
        answer = asking.get(f"/api/{name}", query_string=given)
        assert answer.status_code == 200, answer.text
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator(schema).validate(answer.get_json())
        assert answer.get_json()["rows"] == asking.get(f"/api/{name}", query_string=NEEDED.get(name, {})).get_json()["rows"]
    for path in ("/search?q=minister", "/api", "/sparql?query=ASK{}"):
        assert asking.get(path).mimetype in told["paths"][path.split("?")[0]]["get"]["responses"]["200"]["content"] | {
            "application/json": 0
        }
    problem = asking.get("/api/why").get_json()
    Draft202012Validator(told["components"]["schemas"]["Problem"]).validate(problem)


def test_the_code_on_the_page_runs(client: FlaskClient, live: str, store: Store) -> None:
    page = client.get("/query/third-party-targets?from=2020-01-01", headers={"Accept": "text/html"}, base_url=live.rstrip("/"))
    blocks = dict(re.findall(r"<h3>(\w+)</h3>\s*<pre>(.*?)</pre>", page.text, re.DOTALL))
    code = {name: unescape(text) for name, text in blocks.items()}
    assert set(code) == {"curl", "Python", "R"}
    expected = to_csv(catalogue.run(store, "third-party-targets", {"from": "2020-01-01"}))
    assert len(expected.splitlines()) > 1
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code["Python"], "copied", "exec"), {})
    assert len(out.getvalue().splitlines()) == len(expected.splitlines()) - 1
    if shutil.which("curl"):
        asked = subprocess.run(["sh", "-c", code["curl"] + " -s"], capture_output=True, text=True, check=True)
        assert len(asked.stdout.splitlines()) == len(expected.splitlines())
    # What R is told to read is a CSV file.
    address = json.loads(re.search(r'read\.csv\(("[^"]*")', code["R"])[1])  # type: ignore[index]
    assert client.get(address.removeprefix(live.rstrip("/"))).mimetype == "text/csv"


@pytest.mark.parametrize("text", ['it\'s "quoted"', '"""', "back\\slash", "line\nbreak"])
def test_code_is_code_whatever_is_asked(samples: Store, text: str) -> None:
    query = catalogue.get("left-open")
    bound = query.bind({"code": text}, samples)
    code = snippets.of("http://localhost", query, [("code", text)], bound)["Python"]
    literal = re.search(r"setQuery\((.*)\)\nfor", code, re.DOTALL)
    assert literal
    assert eval(literal[1]).strip() == bound.strip()


def test_numbers_that_json_does_not_know() -> None:
    import pyoxigraph as ox

    infinite = ox.Literal("INF", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#double"))
    assert api._plain(infinite) == value(infinite) == "INF"
    assert api._plain(ox.Literal("1.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))) == 1.5
