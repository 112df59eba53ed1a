"""Blocks of the publishers' layouts: kinds, numbers, wrapped lines.  All texts are invented."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.ingest import sources
from communique.ingest.pages import layout
from communique.model import Document


def blocks(text: str, publisher: str | None = None, title: str | None = None) -> list[tuple[str, str | None, str]]:
    document = Document(id="t", text=text, sha256=sha256(text.encode()).hexdigest(), origin="t", title=title)
    source = sources.recognise(None, publisher, text)
    return [(b.kind.value, b.number, " ".join(b.span.of(text).split())) for b in layout.lay_out(document, source)]


def kinds(text: str, publisher: str | None = None, title: str | None = None) -> list[str]:
    return [kind for kind, _, _ in blocks(text, publisher, title)]


MOFA = "Ministry of Foreign Affairs of Japan"
LEAD = "On May 4, from 6:15 p.m. for about 20 minutes, Ms. MINAMI Kaoru, Minister for Foreign Affairs, met Mr. Nils Aas, Minister of Foreign Affairs of Norway."


def test_a_japanese_page() -> None:
    text = (
        f"Japan-Norway Relations\n\nMay 4, 2024\nThe two ministers shaking hands\nJapan-Norway Foreign Ministers’ Meeting\n\n{LEAD} The overview is as follows.\n\n"
        "  1. The two ministers discussed trade.\n  2. On the Arctic, they agreed.\n\n(END)\n\nBack to Japan-Norway Relations"
    )
    expected = ["nav", "dateline", "caption", "title", "lead", "item", "item", "boilerplate", "nav"]
    assert kinds(text, MOFA, "Japan-Norway Foreign Ministers' Meeting") == expected
    assert kinds(text, MOFA) == expected  # trap 2: copies may come without their title


@pytest.mark.parametrize(
    ("first", "second", "numbers"),
    [
        ("1. The two ministers discussed trade.", "(1) They agreed on fish.", ("1", "(1)")),
        ("1 The two ministers discussed trade.", "2 They agreed on fish.", ("1", "2")),
        ("• 1. The two ministers discussed trade.", "• (1) They agreed on fish.", ("1", "(1)")),
        ("- (1) The two ministers discussed trade.", "- (2) They agreed on fish.", ("(1)", "(2)")),
        ("1．The two ministers discussed trade.", "2．They agreed on fish.", None),
        ("① The two ministers discussed trade.", "② They agreed on fish.", ("①", "②")),
        ("° The two ministers discussed trade.", "° They agreed on fish.", (None, None)),
        ("I. The two ministers discussed trade.", "II. They agreed on fish.", ("I", "II")),
        ("(a) The two ministers discussed trade.", "(b) They agreed on fish.", ("(a)", "(b)")),
    ],
)
def test_items_keep_their_printed_number(first: str, second: str, numbers: tuple[str | None, str | None] | None) -> None:
    found = blocks(f"{LEAD}\n\n{first}\n{second}")
    assert [kind for kind, _, _ in found] == ["lead", "item", "item"]
    if numbers:
        assert tuple(number for _, number, _ in found[1:]) == numbers


def test_a_year_or_a_number_at_the_start_of_a_wrapped_line_is_no_item() -> None:
    text = (
        "President Doe met today with Prime Minister Roe of Estonia in the city of\nTallinn. The leaders recalled the talks that both governments held in June\n"
        "2023. They discussed the plan for the coming year and the support for the\n12 villages of the northern region, and they agreed to stay in close touch."
    )
    assert kinds(text) == ["lead"]


def test_the_first_item_may_hold_the_lead() -> None:
    found = blocks(
        f"Press Releases\n\nOctober 4, 2024\nProtest to the Embassy\n\n1. {LEAD}\n\n2. In response, Minister Aas agreed to report.", MOFA
    )
    assert [(kind, number) for kind, number, _ in found] == [
        ("nav", None),
        ("dateline", None),
        ("title", None),
        ("lead", "1"),
        ("item", "2"),
    ]


def test_headed_sections() -> None:
    text = (
        f"{LEAD}\n\n1. Bilateral relations\n\nThe two ministers discussed trade.\n\nRegional affairs\n\nThey exchanged views on the Arctic."
    )
    assert [(k, n) for k, n, _ in blocks(text)] == [("lead", None), ("heading", "1"), ("para", None), ("heading", None), ("para", None)]


def test_a_british_page() -> None:
    text = (
        "Foreign Secretary call with Polish Foreign Minister\n\nThe Foreign Secretary spoke to Polish Foreign Minister Jan Lis yesterday about Ukraine.\n\n"
        "A Foreign, Commonwealth & Development Office spokesperson said:\n\n“The Foreign Secretary thanked Mr Lis.\n\n“They agreed on sanctions.”\n\nShare this page"
    )
    found = kinds(text, "Foreign, Commonwealth & Development Office")
    assert found[:5] == ["title", "lead", "boilerplate", "para", "para"]
    assert found[5] in ("boilerplate", "nav")


def test_an_american_page() -> None:
    text = "Office of the Spokesperson\n\nThe below is attributable to Spokesperson Jane Roe:\n\nSecretary of State John Doe met today with Foreign Minister Lis.\n\nThey agreed on trade.\n\n\\###\n"
    assert kinds(text, "U.S. Department of State") == ["boilerplate", "boilerplate", "lead", "para", "boilerplate"]


def test_a_korean_page() -> None:
    text = (
        "1. Minister of Foreign Affairs Han Sora held talks with her Mongolian counterpart, Bat Erdene, in Seoul on April 9.\n\n2. The two ministers discussed minerals.\n\n"
        "  ° Minister Han welcomed the new mine.\n\n* unofficial translation\n\nView 123"
    )
    found = blocks(text, "Ministry of Foreign Affairs of the Republic of Korea")
    assert [k for k, _, _ in found] == ["lead", "item", "item", "boilerplate", "boilerplate"]


def test_a_canadian_page() -> None:
    text = (
        "Minister Roy speaks with Kenyan counterpart\n\nReadout\n\nMay 4, 2022 – Ottawa, Ontario – Global Affairs Canada\n\n"
        "The Honourable Anne Roy, Minister of Foreign Affairs, today spoke with Peter Mwangi of Kenya.\n\nThey discussed Sudan.\n\nContacts\n\nJane Roe\n\nPress Secretary"
    )
    assert kinds(text, "Global Affairs Canada") == [
        "title",
        "boilerplate",
        "dateline",
        "lead",
        "para",
        "boilerplate",
        "boilerplate",
        "boilerplate",
    ]


def test_a_reference_block_is_no_account() -> None:
    found = kinds(f"{LEAD}\n\n1. They discussed trade.\n\n[Reference]\n\nThe last meeting took place in Oslo on May 4, 2019.", MOFA)
    assert found == ["lead", "item", "boilerplate", "boilerplate"]


def test_a_title_that_ends_with_a_stop_is_no_lead() -> None:
    title = "Telephone call with the President of the Republic of Moravia."
    rest = "The President, Paul Lenoir, spoke today with Karel Dvořák, President of the Republic of Moravia."
    assert [kind for kind, _, _ in blocks(f"Published on 4 May 2024\n\n{title}\n\n{rest}\n", title=title)] == ["dateline", "title", "lead"]
    assert [kind for kind, _, _ in blocks(f"{title}\n", title=title)] == ["lead"]


@pytest.mark.parametrize("width", [50, 64, 72, 90])
def test_wrapped_lines_are_joined_at_any_width(width: int) -> None:
    import textwrap

    first = f"{LEAD} The two ministers recalled the long friendship of the two countries and the visit of the King in 2023."
    second = (
        "They discussed the situation in the region, exchanged views on trade, and agreed to meet again in Oslo before the end of the year."
    )
    text = "\n\n".join(textwrap.fill(words, width, break_on_hyphens=False) for words in (first, second)) + "\n\n\\###\n"
    assert [(kind, words) for kind, _, words in blocks(text)] == [("lead", first), ("para", second), ("boilerplate", "\\###")]


def test_windows_line_ends_and_no_break_spaces() -> None:
    text = f"May 4, 2024\r\n\r\n{LEAD}\r\n\r\n\u00a0\r\n1.\u00a0They discussed trade.\r\n2.\u00a0They agreed."
    assert [(k, n) for k, n, _ in blocks(text)] == [("dateline", None), ("lead", None), ("item", "1"), ("item", "2")]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="aB1.(): -•\n\r\t\u00a0“”\\#*é、", max_size=300))
def test_blocks_hold_every_character_in_order(text: str) -> None:
    document = Document(id="t", text=text, sha256="", origin="t")
    found = layout.lay_out(document, sources.load()[0])
    at = 0
    for block in found:
        assert not text[at : block.span.start].strip()
        assert block.span.start < block.span.end
        assert block.span.start <= layout.words_start(text, block) < block.span.end
        at = block.span.end
    assert not text[at:].strip()
