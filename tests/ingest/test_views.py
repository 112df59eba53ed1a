"""Views: what they fold, and that every character of them knows its place in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.ingest.lexicon.views import straighten, view
from communique.model import Span


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plain words", "plain words"),
        ("wrapped\nat  a\u00a0column", "wrapped at a column"),
        ("“the UK’s” – plan", '"the UK\'s" - plan'),
        ("an \\*escaped\\* word", "an *escaped* word"),
        ("a **bold** and _slanted_ word", "a bold and slanted word"),
        ("the 1<sup>st</sup> Vice Minister", "the 1st Vice Minister"),
        ("the [Climate\nPlan](https://example.org/a_b), they said", "the Climate Plan, they said"),
        ("in [brackets] (and more)", "in [brackets] (and more)"),
        ("one ** two", "one two"),
        ("snake_case stays", "snake_case stays"),
        ("**", "**"),
        ("\u200e", "\u200e"),
    ],
)
def test_what_a_view_folds(text: str, words: str) -> None:
    assert view(text, Span(0, len(text))).text == words


def test_a_span_of_a_view_is_a_span_of_the_text() -> None:
    text = "They saw the [Climate\nPlan](https://example.org) of the “UK”."
    seen = view(text, Span(0, len(text)))
    at = seen.text.index("Climate Plan")
    assert seen.span(at, at + len("Climate Plan")).of(text) == "Climate\nPlan"


@given(st.text(alphabet="ab _*\\[](<>)/\n\u00a0“’–\u200b:htps", min_size=1, max_size=60))
def test_each_character_knows_its_place(text: str) -> None:
    seen = view(text, Span(0, len(text)))
    assert len(seen.text) == len(seen.positions)
    assert list(seen.positions) == sorted(set(seen.positions))
    for char, position in zip(seen.text, seen.positions, strict=True):
        assert straighten(text[position]) == char or (char == " " and text[position].isspace()) or char == " "
