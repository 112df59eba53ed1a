"""Negotiation gives the client what it wants most, never what it excludes, and falls over no header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.server.negotiate import HTML, ROWS, TRIPLES, Choice, choose, gzip_wanted

TYPES = [media_type for offer in (*ROWS, *TRIPLES, HTML) for media_type in (offer.media_type, *offer.aliases)]
weights = st.integers(0, 1000).map(lambda n: f"{n / 1000:.3f}")


def name(choice: Choice | None) -> str | None:
    return choice.offer.name if choice else None


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/*", "csv"),
        ("text/*;q=0.5, application/*;q=0.4", "csv"),
        ("application/sparql-results+json; charset=utf-8", "json"),
        ("application/sparql-results+xml ; Q=0.9 , text/csv;q=0.8", "xml"),
        ("application/json;q=0.1, text/tab-separated-values;q=0.2", "tsv"),
        ("*/*, application/sparql-results+json;q=0, application/json;q=0", "xml"),
        ("*/*;q=0", None),
        ("text/csv;q=0", None),
        ("image/png", None),
        ("text/turtle", None),
        ("text/csv;q=nonsense, text/tab-separated-values", "tsv"),
        (";;;,,, text/csv", "csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "html"),
    ],
)
def test_headers_seen_in_the_wild(accept: str | None, expected: str | None) -> None:
    assert name(choose(accept, (*ROWS, HTML))) == expected


def test_the_answer_is_called_as_the_client_called_it() -> None:
    choice = choose("application/json", ROWS)
    assert choice is not None
    assert choice.media_type == "application/json"


def test_a_format_named_in_the_url_goes_before_the_header() -> None:
    assert name(choose("text/csv", ROWS, named="xml")) == "xml"
    assert name(choose("text/csv", ROWS, named="docx")) == "csv"


@given(st.lists(st.tuples(st.sampled_from(TYPES), weights), min_size=1, max_size=6, unique_by=lambda pair: pair[0]))
def test_nothing_wanted_more_is_left_lying(wanted: list[tuple[str, str]]) -> None:
    choice = choose(", ".join(f"{media_type};q={weight}" for media_type, weight in wanted), ROWS)
    possible = {t: float(w) for t, w in wanted if any(t in (o.media_type, *o.aliases) for o in ROWS) and float(w) > 0}
    if choice is None:
        assert not possible
    else:
        assert possible[choice.media_type] == max(possible.values())


@given(st.lists(st.sampled_from(ROWS), max_size=3, unique=True), st.permutations(["*/*", "text/*;q=0.7", "application/*;q=0.9"]))
def test_what_is_excluded_is_not_sent(excluded: list[object], rest: list[str]) -> None:
    offers = [offer for offer in ROWS if offer in excluded]
    no = [f"{media_type};q=0" for offer in offers for media_type in (offer.media_type, *offer.aliases)]
    choice = choose(", ".join(no + rest), ROWS)
    assert choice is not None
    assert choice.offer not in excluded


@given(st.one_of(st.text(), st.text(alphabet="abc/*;q=0.1, \t+xml")))
def test_any_header_gets_an_offer_or_none(accept: str) -> None:
    choice = choose(accept, TRIPLES)
    assert choice is None or choice.offer in TRIPLES


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("gzip, deflate, br, zstd", True),
        ("deflate, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity", False),
        ("identity;q=0.9, gzip;q=0.5", False),
        ("gzip;q=nonsense", False),
        ("x-gzip", True),
        ("br", False),
        (";;,,q=1", False),
    ],
)
def test_who_gets_an_answer_compressed(accepted: str | None, wanted: bool) -> None:
    assert gzip_wanted(accepted) is wanted


@given(st.text(max_size=60))
def test_any_list_of_codings_is_read(accepted: str) -> None:
    assert gzip_wanted(accepted) in (True, False)
