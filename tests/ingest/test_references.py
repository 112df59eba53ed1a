"""References: other encounters and events, with kind, date and relation."""

from __future__ import annotations

import pytest

from communique.ingest import lexicon
from communique.ingest.header import read_header
from communique.ingest.references import find_references
from tests.ingest.test_header import STATE, page

LEAD = "Secretary of State Daniel Whitcombe met today with French Foreign Minister Clara Orsini in Vienna."


def references(*words: str) -> list[tuple[str, str | None, str, str]]:
    document, source, parts = page(STATE, " ".join((LEAD, *words)), when="2024-03-05T18:00:00+00:00")
    read = read_header(document, source, parts, lexicon.load())
    return [(r.kind, r.date, r.relation, r.span.of(document.text)) for r in find_references(document, source, parts, read, lexicon.load())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "They welcomed the progress made since their telephone talk on February 3.",
            ("call", "2024-02-03", "before", "their telephone talk on February 3"),
        ),
        (
            "They noted preparations for the July 9-11 NATO Summit in Washington.",
            ("summit", "2024-07-09/2024-07-11", "after", "the July 9-11 NATO Summit in Washington"),
        ),
        (
            "Building on their meeting in Istanbul on 9 October, they agreed.",
            ("meeting", "2023-10-09", "before", "their meeting in Istanbul on 9 October"),
        ),
        (
            "They condemned the recent launches of ballistic missiles.",
            ("launch", None, "about", "the recent launches of ballistic missiles"),
        ),
        ("They discussed the coup in Niger.", ("incident", None, "about", "the coup in Niger")),
        (
            "They look forward to President Duval’s visit to Washington in May.",
            ("visit", "2024-05", "after", "President Duval’s visit to Washington in May"),
        ),
        ("They discussed preparations for COP29 in Baku.", ("session", None, "after", "COP29 in Baku")),
        ("They discussed the presidential election in June.", ("election", "2024-06", "about", "the presidential election in June")),
        ("He noted national elections are held in June.", ("election", None, "about", "national elections")),
        ("She welcomed his May 2 appointment as envoy.", ("other", "2024-05-02", "after", "his May 2 appointment")),
        ("They welcomed the court’s decision to release the crew.", ("other", None, "about", "the court’s decision")),
        ("He thanked her for the evacuation of stranded hikers.", ("other", None, "about", "the evacuation")),
        ("They condemned the attack on the convoy of the envoy last Friday.", ("attack", None, "about", "the attack")),
        ("They spoke on the margins of the G20.", ("summit", None, "occasion", "the G20")),
        (
            "They agreed to prepare the relaunch of the Economic Dialogue.",
            ("meeting", None, "about", "the relaunch of the Economic Dialogue"),
        ),
        ("They reviewed preparations for its 2025 APEC host year.", ("other", "2025", "after", "its 2025 APEC host year")),
    ],
)
def test_events(text: str, expected: tuple[str, str | None, str, str]) -> None:
    assert references(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "They condemned Russia’s unprovoked war against Ukraine.",
        "They called for an immediate ceasefire.",
        "The meeting was productive, and they agreed to hold regular consultations.",
        "They discussed the importance of free and fair elections.",
        "They discussed gender-based violence.",
        "The Secretary called for the immediate release of all political prisoners.",
        "They spoke about the ongoing truce in Yemen.",
    ],
)
def test_wars_standing_things_and_the_encounter_itself_are_none(text: str) -> None:
    assert references(text) == []
