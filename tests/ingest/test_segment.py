"""Sentences: where they end, what they hold, and that nothing is lost.  All texts are invented."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.ingest import sources
from communique.ingest.pages import layout, segment
from communique.model import Document


def split(text: str) -> tuple[segment.Sentence, ...]:
    document = Document(id="t", text=text, sha256=sha256(text.encode()).hexdigest(), origin="t")
    return segment.sentences(document, layout.lay_out(document, sources.load()[0]))


def words(text: str) -> list[str]:
    return [s.view.text for s in split(text)]


ONE = [
    "Minister Ito met Senator the Hon. Jane Roe, Minister for Foreign Affairs of Australia.",
    "President Joseph R. Doe, Jr. spoke today with Prime Minister H. E. Mr. K. S. Rao of India.",
    "The U.S. Secretary of State and the U.K. Foreign Secretary agreed on the U.S.-Japan plan.",
    "They met at 4:20 p.m. (5:20 a.m. on September 23, Japan time) for about 40 minutes.",
    "They met at 7:43 p.m. (local time. 2:43 a.m. on July 30, Japan time.) for an hour.",
    "They recalled Resolution No. 2231, Art. 5 of the treaty, and the letter of Sept. 3 with interest.",
    "The Rt. Hon. Sir John Roe K.C. M.P. met Dr. A. Lee and Prof. B. Kim et al. in St. Petersburg.",
    "They discussed the Mekong-U.S. Partnership and the U.S.-EU Task Force.",
    "The Secretary asked about items such as wheat, e.g. Ukrainian wheat, i.e. grain.",
    "Minister Ito held a working lunch with Lt. Gen. Kofi Boateng and Amb. Roe.",
    "He spoke by phone with Foreign Minister Lis on the margins of the U.N. General Assembly today.",
    "Foreign Minister Ito stated that Japan (including its U.S. Allies. And others) will act.",
]

MORE = [
    ("He reaffirmed the policy of the U.S. Furthermore, he thanked Minister Roe.", 2),
    ("They met in Washington, D.C. Deputy Secretary Doe thanked the Minister.", 2),
    ("The talk ended at 5 p.m. Minister Ito then left. They agreed to meet again.", 3),
    ("They discussed trade with Acme Inc. The two sides agreed.", 2),
    ("He asked: “Will you come?” The Minister said yes. “Gladly.” They laughed.", 4),
    ("They discussed peace in the region.The two ministers agreed to meet.", 2),
    ("They discussed plans for 2024. 15 ministers attended. In 2025 they meet again!", 3),
    ("She thanked President Doe Jr. They agreed (as in 2023). Both left.", 3),
    ("The ministers praised the visit of the E.U. He agreed.", 2),
]


@pytest.mark.parametrize("text", ONE)
def test_abbreviations_initials_and_brackets_end_no_sentence(text: str) -> None:
    assert len(words(text)) == 1


@pytest.mark.parametrize(("text", "count"), MORE)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert len(words(text)) == count


def test_hard_wraps_are_folded_in_the_view_and_kept_in_the_text() -> None:
    text = "President Doe met today with Prime Minister Kaja\nRoe of Estonia. They discussed the long road of the two\ncountries towards a lasting peace in the region and\nagreed to meet again."
    first, second = split(text)
    assert first.view.text == "President Doe met today with Prime Minister Kaja Roe of Estonia."
    assert first.span.of(text) == "President Doe met today with Prime Minister Kaja\nRoe of Estonia."
    at = second.view.text.index("lasting peace")
    assert second.view.span(at, at + 13).of(text) == "lasting peace"


def test_numbers_and_opening_quotes_stand_in_the_span_but_not_in_the_view() -> None:
    text = "Minister Ito met Minister Roe in Oslo on Friday.\n\n1. They discussed trade.\n\n“On Ukraine, they agreed."
    _, item, quoted = split(text)
    assert (item.span.of(text), item.view.text) == ("1. They discussed trade.", "They discussed trade.")
    assert (quoted.span.of(text), quoted.view.text) == ("“On Ukraine, they agreed.", "On Ukraine, they agreed.")


PIECES = st.sampled_from(
    [
        "The ministers met.",
        "U.S.",
        "Mr. Roe",
        "\n",
        "\n\n",
        " ",
        "1. ",
        "(1) ",
        "• ",
        "“",
        "”",
        "(",
        ")",
        "D.C. Deputy",
        "###",
        "**bold**",
        "\u00a0",
        "\t",
        "…",
        "?!",
        "Sept. 3",
        "é",
        "会談",
        "(END)",
        "\u200e",
        "\\",
        "**",
        "September 3, 2021",
        "\r\n",
        "a",
        ".",
        "-",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6), max_size=40).map("".join))
def test_every_character_lies_in_exactly_one_sentence(text: str) -> None:
    found = split(text)
    seen = [0] * len(text)
    for sentence in found:
        assert sentence.span.start < sentence.span.end
        assert sentence.view.text
        for i in range(sentence.span.start, sentence.span.end):
            seen[i] += 1
        for i, position in enumerate(sentence.view.positions):
            assert sentence.span.start <= position < sentence.span.end
            assert len(sentence.view.text) > i
    assert all(n == 1 or (n == 0 and c.isspace()) for n, c in zip(seen, text, strict=True))
    assert [s.index for s in found] == list(range(len(found)))
    assert [s.span for s in found] == sorted(s.span for s in found)
