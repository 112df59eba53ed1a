"""The protocol as a pure function: each request is a question, a change, nothing, or a refusal; what is read is what was sent."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.server.problems import Problem
from communique.server.protocol import MAX_QUERY, Change, Question, asked
from communique.store import EVERYTHING, Dataset

FORM = "application/x-www-form-urlencoded"
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
graphs = st.lists(texts, max_size=3)


def refusal(method: str, query_string: bytes, content_type: str | None, body: bytes) -> int:
    """The status of a refusal, 0 for none."""
    try:
        asked(method, query_string, content_type, body)
    except Problem as problem:
        return problem.status
    return 0


@given(texts, graphs, graphs)
def test_a_query_arrives_as_it_was_sent_by_every_way(query: str, default: list[str], named: list[str]) -> None:
    pairs = [("default-graph-uri", g) for g in default] + [("named-graph-uri", g) for g in named]
    graphs_ = "&".join(f"{name}={quote(value)}" for name, value in pairs)
    whole = "&".join(filter(None, [f"query={quote(query)}", graphs_]))
    plus = "&".join(filter(None, [f"query={quote_plus(query)}", graphs_]))
    dataset = Dataset(tuple(default), tuple(named)) if default or named else EVERYTHING
    expected = Question(query, dataset, None)
    assert asked("GET", whole.encode(), None, b"") == expected
    assert asked("GET", plus.encode(), None, b"") == expected
    for method in ("POST", "QUERY"):
        assert asked(method, b"", FORM, whole.encode()) == expected
        assert asked(method, graphs_.encode(), "application/sparql-query; charset=UTF-8", query.encode()) == expected


@given(texts, graphs, graphs)
def test_an_update_arrives_as_it_was_sent(update: str, default: list[str], named: list[str]) -> None:
    pairs = [("using-graph-uri", g) for g in default] + [("using-named-graph-uri", g) for g in named]
    graphs_ = "&".join(f"{name}={quote(value)}" for name, value in pairs)
    expected = Change(update, tuple(default), tuple(named))
    assert asked("POST", graphs_.encode(), "application/sparql-update", update.encode()) == expected
    assert asked("POST", b"", FORM, "&".join(filter(None, [f"update={quote(update)}", graphs_])).encode()) == expected
    for method in ("GET", "HEAD"):
        assert refusal(method, f"update={quote(update)}".encode(), None, b"") == 400


@given(
    st.sampled_from(["GET", "HEAD", "POST", "QUERY"]),
    st.binary(max_size=60),
    st.one_of(st.none(), st.sampled_from([FORM, "application/sparql-query", "application/sparql-update"]), st.text(max_size=30)),
    st.binary(max_size=60),
)
def test_any_request_is_answered_or_refused(method: str, query_string: bytes, content_type: str | None, body: bytes) -> None:
    assert refusal(method, query_string, content_type, body) in (0, 400, 413, 414, 415)


@given(st.binary(min_size=1, max_size=4).filter(lambda raw: raw.decode("utf-8", "replace") != raw.decode("utf-8", "ignore")))
def test_what_is_not_utf8_is_never_read_as_something_else(raw: bytes) -> None:
    escaped = "".join(f"%{byte:02X}" for byte in raw).encode()
    assert refusal("GET", b"query=" + escaped, None, b"") == 400
    assert refusal("POST", b"", FORM, b"query=" + escaped) == 400
    assert refusal("POST", b"", "application/sparql-query", raw) == 400
    assert refusal("POST", b"", "application/sparql-update", raw) == 400


@pytest.mark.parametrize("names", [("query", "query"), ("update", "update"), ("query", "update"), ("update", "query")])
def test_one_thing_is_asked_at_a_time(names: tuple[str, str]) -> None:
    first, second = (f"{name}=ASK%7B%7D".encode() for name in names)
    assert refusal("POST", first, FORM, second) == 400
    assert refusal("POST", b"", FORM, first + b"&" + second) == 400
    assert refusal("POST", first, f"application/sparql-{names[1]}", b"ASK {}") == 400


def test_too_much_is_refused() -> None:
    assert refusal("GET", b"query=" + b"a" * (MAX_QUERY + 1), None, b"") == 414
    assert refusal("POST", b"", FORM, b"query=" + b"a" * (MAX_QUERY + 1)) == 413
    assert refusal("GET", b"&".join([b"query=ASK%7B%7D", *[b"x=1"] * 1001]), None, b"") == 400
    assert asked("GET", b"", None, b"") is None
    assert asked("GET", b"format=ttl", None, b"") is None
