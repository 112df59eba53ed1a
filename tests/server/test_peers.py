"""What endpoints get wrong that are in use: 35 checks over HTTP at a live server; each is a rule of a specification."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.server.w3c.runner import Endpoint, Reply
from tests.server.writable import served

SELECT = "SELECT ?s ?o { ?s <http://example.org/p> ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s <http://example.org/p> ?o }"
FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"
Check = Callable[[Endpoint], None]
CHECKS: dict[str, Check] = {}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with served() as found:
        triples = " ".join(f"<http://example.org/s{i}> <http://example.org/p> {i} ." for i in range(300))
        assert found.update(f"INSERT DATA {{ GRAPH <http://example.org/g> {{ {triples} }} }}").status == 204
        yield found


def check(function: Check) -> Check:
    CHECKS[function.__name__] = function
    return function


def get(endpoint: Endpoint, query: str, accept: str | None = None, **headers: str) -> Reply:
    return endpoint.send("GET", f"/sparql?query={quote(query)}", None, **headers, **({"accept": accept} if accept else {}))


def vary(reply: Reply) -> set[str]:
    return {name.strip().lower() for name in reply.headers.get("Vary", "").split(",")}


# Accept


@check
def weights_are_honoured(endpoint: Endpoint) -> None:
    assert get(endpoint, SELECT, "text/csv;q=0.1, application/sparql-results+xml;q=0.9").type == "application/sparql-results+xml"
    assert get(endpoint, SELECT, "application/sparql-results+xml;q=0.2, text/tab-separated-values").type == "text/tab-separated-values"


@check
def zero_excludes(endpoint: Endpoint) -> None:
    assert get(endpoint, SELECT, "application/sparql-results+json;q=0, application/json;q=0, */*").type != "application/sparql-results+json"


@check
def anything_is_the_default(endpoint: Endpoint) -> None:
    assert get(endpoint, SELECT, "*/*").type == get(endpoint, SELECT).type == "application/sparql-results+json"
    assert get(endpoint, CONSTRUCT, "*/*").type == get(endpoint, CONSTRUCT).type == "text/turtle"


@check
def parameters_of_a_type_do_not_hide_it(endpoint: Endpoint) -> None:
    assert get(endpoint, SELECT, "application/sparql-results+json; charset=utf-8").status == 200


@check
def nothing_acceptable_is_406_with_a_list(endpoint: Endpoint) -> None:
    reply = get(endpoint, SELECT, "image/png")
    assert (reply.status, reply.type) == (406, PROBLEM)
    assert "text/csv" in json.loads(reply.body)["available"]


@check
def every_format_of_rows_is_there(endpoint: Endpoint) -> None:
    for accept in ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"):
        assert get(endpoint, SELECT, accept).type == accept


@check
def every_format_of_triples_is_there(endpoint: Endpoint) -> None:
    for accept in ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"):
        assert get(endpoint, CONSTRUCT, accept).type == accept


@check
def datasets_are_there(endpoint: Endpoint) -> None:
    for accept in ("application/trig", "application/n-quads"):
        reply = get(endpoint, CONSTRUCT, accept)
        assert len(list(ox.parse(reply.body, format=ox.RdfFormat.from_media_type(accept)))) == 300


@check
def a_truth_value_is_no_triple(endpoint: Endpoint) -> None:
    assert get(endpoint, "ASK {}", "text/turtle").status == 406


# Status


@check
def a_syntax_error_has_line_column_and_caret(endpoint: Endpoint) -> None:
    told = json.loads(get(endpoint, "SELECT *\n{ ?s ?p }").body)
    assert (told["status"], told["line"]) == (400, 2)
    assert len(told["pointer"].split("\n")[1]) == told["column"]


@check
def an_unknown_body_is_415(endpoint: Endpoint) -> None:
    assert endpoint.send("POST", "/sparql", b"ASK {}", content_type="text/plain").status == 415


@check
def a_body_without_a_type_is_415(endpoint: Endpoint) -> None:
    assert endpoint.send("POST", "/sparql", b"query=ASK%20%7B%7D").status == 415


@check
def a_long_body_is_413(endpoint: Endpoint) -> None:
    reply = endpoint.send("POST", "/sparql", b"#" * 2_000_000, content_type="application/sparql-query")
    assert (reply.status, reply.type) == (413, PROBLEM)


@check
def a_long_address_is_414(endpoint: Endpoint) -> None:
    assert endpoint.send("GET", "/sparql?query=" + "a" * 110_000).status == 414


@check
def errors_are_problems_for_programs_and_pages_for_people(endpoint: Endpoint) -> None:
    assert get(endpoint, "SELECT").type == PROBLEM
    page = get(endpoint, "SELECT", "text/html")
    assert (page.status, page.type) == (400, "text/html")


@check
def two_queries_are_400(endpoint: Endpoint) -> None:
    assert endpoint.send("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D").status == 400
    assert endpoint.send("POST", "/sparql?query=ASK%7B%7D", b"query=ASK%7B%7D", content_type=FORM).status == 400


@check
def an_update_by_get_is_400(endpoint: Endpoint) -> None:
    assert endpoint.send("GET", "/sparql?update=DROP%20ALL").status == 400
    assert endpoint.send("GET", "/sparql?query=DROP%20ALL").status == 400


@check
def only_a_bare_get_describes(endpoint: Endpoint) -> None:
    assert endpoint.send("GET", "/sparql").status == 200
    assert endpoint.send("GET", "/sparql?default-graph-uri=http%3A%2F%2Fexample.org%2Fg").status == 400


# Decoding


@check
def a_form_is_decoded_once(endpoint: Endpoint) -> None:
    asked = 'ASK { FILTER("%41" = CONCAT("%", "41")) }'
    reply = endpoint.send("POST", "/sparql", f"query={quote(asked)}".encode(), content_type=FORM)
    assert json.loads(reply.body)["boolean"] is True


@check
def an_address_is_decoded_once(endpoint: Endpoint) -> None:
    assert json.loads(get(endpoint, 'ASK { FILTER("%41" = CONCAT("%", "41")) }').body)["boolean"] is True


@check
def what_is_not_utf8_is_400(endpoint: Endpoint) -> None:
    for escaped in ("%FF", "%C3%28", "%ED%A0%80", "%C0%AF"):
        assert endpoint.send("GET", f"/sparql?query=ASK%7B%7D%20%23{escaped}").status == 400
        assert endpoint.send("POST", "/sparql", f"query=ASK%7B%7D%20%23{escaped}".encode(), content_type=FORM).status == 400
    assert endpoint.send("POST", "/sparql", b"ASK {} #\xff", content_type="application/sparql-query").status == 400


@check
def a_plus_is_a_space_in_a_form_only(endpoint: Endpoint) -> None:
    reply = endpoint.send("POST", "/sparql", b"query=ASK+%7B+FILTER(1%2B1+%3D+2)+%7D", content_type=FORM)
    assert json.loads(reply.body)["boolean"] is True
    reply = endpoint.send("POST", "/sparql", b"ASK { FILTER(1+1 = 2) }", content_type="application/sparql-query")
    assert json.loads(reply.body)["boolean"] is True


# Methods


@check
def head_is_get_without_body(endpoint: Endpoint) -> None:
    path = f"/sparql?query={quote(SELECT)}"
    head, full = endpoint.send("HEAD", path), endpoint.send("GET", path)
    assert (head.status, head.body, head.type) == (200, b"", full.type)
    assert head.headers["ETag"] == full.headers["ETag"]


@check
def query_is_a_method(endpoint: Endpoint) -> None:
    reply = endpoint.send("QUERY", "/sparql", SELECT.encode(), content_type="application/sparql-query")
    assert len(json.loads(reply.body)["results"]["bindings"]) == 300


@check
def other_methods_are_405_and_told(endpoint: Endpoint) -> None:
    reply = endpoint.send("DELETE", "/sparql")
    assert reply.status == 405
    assert "QUERY" in reply.headers["Allow"]


@check
def options_tell_what_is_allowed(endpoint: Endpoint) -> None:
    reply = endpoint.send("OPTIONS", "/sparql")
    assert (reply.status, reply.headers["Allow"]) == (204, "GET, HEAD, POST, QUERY, OPTIONS")
    assert reply.headers["Content-Type"] is None


# Caches and codings


@check
def vary_is_on_every_negotiated_answer(endpoint: Endpoint) -> None:
    seen = [
        get(endpoint, SELECT),
        get(endpoint, CONSTRUCT),
        get(endpoint, SELECT, "image/png"),
        get(endpoint, "SELECT"),
        get(endpoint, SELECT, "text/html"),
        endpoint.send("GET", "/sparql"),
        endpoint.send("GET", "/graphs?default"),
        get(endpoint, SELECT, if_none_match=get(endpoint, SELECT).headers["ETag"]),
    ]
    assert [reply.status for reply in seen] == [200, 200, 406, 400, 200, 200, 200, 304]
    for reply in seen:
        assert vary(reply) >= {"accept", "accept-encoding"}


@check
def who_has_an_answer_gets_304(endpoint: Endpoint) -> None:
    first = get(endpoint, SELECT)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    for shown in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        again = get(endpoint, SELECT, if_none_match=shown)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert get(endpoint, SELECT, if_none_match='W/"other"').status == 200


@check
def a_tag_is_of_the_question_and_the_format(endpoint: Endpoint) -> None:
    tags = [
        get(endpoint, SELECT).headers["ETag"],
        get(endpoint, SELECT, "text/csv").headers["ETag"],
        get(endpoint, CONSTRUCT).headers["ETag"],
    ]
    graph = endpoint.send("GET", f"/sparql?query={quote(SELECT)}&default-graph-uri=x%3Ag")
    assert len({*tags, graph.headers["ETag"]}) == 4
    assert get(endpoint, f"# a comment\n  {SELECT}").headers["ETag"] == tags[0]


@check
def what_passes_has_no_tag(endpoint: Endpoint) -> None:
    for expression in ("NOW()", "RAND()", "UUID()", "STRUUID()", "bnode()"):
        reply = get(endpoint, f"SELECT ({expression} AS ?x) {{}}")
        assert (reply.status, reply.headers["ETag"], reply.headers["Cache-Control"]) == (200, None, "no-store")
    assert get(endpoint, "SELECT").headers["ETag"] is None


@check
def a_change_changes_the_tag(endpoint: Endpoint) -> None:
    before = get(endpoint, SELECT).headers["ETag"]
    assert endpoint.update("INSERT DATA { GRAPH <http://example.org/h> { <x:s> <x:p> 1 } }").status == 204
    assert get(endpoint, SELECT, if_none_match=before).status == 200
    assert endpoint.update("DROP GRAPH <http://example.org/h>").status == 204
    assert get(endpoint, SELECT).headers["ETag"] == before


@check
def gzip_is_by_request(endpoint: Endpoint) -> None:
    plain, packed = get(endpoint, SELECT), get(endpoint, SELECT, accept_encoding="gzip")
    assert (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == (None, "gzip")
    rows = json.loads(gzip.decompress(packed.body))["results"]["bindings"]
    assert sorted(map(str, rows)) == sorted(map(str, json.loads(plain.body)["results"]["bindings"]))
    assert get(endpoint, SELECT, accept_encoding="gzip;q=0").headers["Content-Encoding"] is None


# Other sites


@check
def anyone_may_read_without_credentials(endpoint: Endpoint) -> None:
    reply = get(endpoint, SELECT, origin="https://example.org")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["Access-Control-Allow-Credentials"] is None
    assert {"ETag", "Link", "Retry-After"} <= set(reply.headers["Access-Control-Expose-Headers"].split(", "))


@check
def a_preflight_allows_a_query_in_the_body(endpoint: Endpoint) -> None:
    reply = endpoint.send("OPTIONS", "/sparql", origin="https://example.org", access_control_request_method="POST")
    assert "Content-Type" in reply.headers["Access-Control-Allow-Headers"]
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]


@check
def a_page_of_another_site_writes_nothing(endpoint: Endpoint) -> None:
    for body, type_ in ((b"update=DROP%20ALL", FORM), (b"DROP ALL", "application/sparql-update")):
        reply = endpoint.send("POST", "/sparql", body, content_type=type_, origin="https://example.org")
        assert (reply.status, reply.headers["Access-Control-Allow-Origin"]) == (403, None)
    assert len(json.loads(get(endpoint, SELECT).body)["results"]["bindings"]) == 300


@pytest.mark.parametrize("name", CHECKS)
def test_what_others_get_wrong(endpoint: Endpoint, name: str) -> None:
    CHECKS[name](endpoint)


def test_there_are_thirty_five() -> None:
    assert len(CHECKS) == 35
