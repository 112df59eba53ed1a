"""Writes are taken from who may write, and from nobody by accident."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.server.access import Writing, loopback
from communique.server.problems import Problem

TOKEN = "a-token-of-this-test"


def refusal(writing: Writing, headers: dict[str, str]) -> Problem | None:
    try:
        writing.check(headers)
    except Problem as problem:
        return problem
    return None


def test_without_leave_nobody_writes() -> None:
    for headers in ({}, {"Authorization": f"Bearer {TOKEN}"}, {"Host": "localhost"}):
        problem = refusal(Writing(allowed=False, token=TOKEN), headers)
        assert problem is not None
        assert problem.status == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_who_knows_the_token_writes(scheme: str) -> None:
    assert refusal(Writing(allowed=True, token=TOKEN), {"Authorization": f"{scheme} {TOKEN}", "Host": "example.org"}) is None


@pytest.mark.parametrize(
    "given_", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer é", "Bearer \udcff"]
)
def test_who_does_not_is_told_what_is_needed(given_: str) -> None:
    problem = refusal(Writing(allowed=True, token=TOKEN), {"Authorization": given_} if given_ else {})
    assert problem is not None
    assert problem.status == HTTPStatus.UNAUTHORIZED
    assert problem.headers["WWW-Authenticate"].startswith("Bearer ")
    assert TOKEN not in problem.detail


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "127.9.9.9"])
def test_who_sits_at_the_machine_writes_without_one(host: str) -> None:
    assert refusal(Writing(allowed=True), {"Host": host}) is None
    assert refusal(Writing(allowed=True), {"Host": host, "Origin": f"http://{host.lower()}", "Sec-Fetch-Site": "same-origin"}) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "127.0.0.1:8000", "Origin": "https://example.org"},
        {"Host": "127.0.0.1:8000", "Origin": "null"},
        {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:9000"},
        {"Host": "127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"},
        {"Host": "127.0.0.1:8000", "Sec-Fetch-Site": "same-site"},
        {"Host": "rebound.example.org:8000"},
        {"Host": "rebound.example.org:8000", "Origin": "http://rebound.example.org:8000"},
        {"Host": "127.0.0.1.example.org"},
        {"Host": "["},
        {},
    ],
)
def test_a_page_of_another_site_does_not(headers: dict[str, str]) -> None:
    problem = refusal(Writing(allowed=True), headers)
    assert problem is not None
    assert problem.status == HTTPStatus.FORBIDDEN


def test_what_is_this_machine() -> None:
    assert all(map(loopback, ("127.0.0.1", "127.255.0.1", "::1", "localhost")))
    assert not any(map(loopback, ("0.0.0.0", "::", "", "10.0.0.1", "localhost.example.org", "127.0.0.1.nip.example")))


@given(st.dictionaries(st.sampled_from(["Host", "Origin", "Authorization", "Sec-Fetch-Site"]), st.text(max_size=30)))
def test_no_header_opens_by_falling_over(headers: dict[str, str]) -> None:
    assert refusal(Writing(allowed=True, token=TOKEN), headers) is not None
    refusal(Writing(allowed=True), headers)
