"""Coverage: how each sentence ends, told by its form, and what stays open in it; every sentence is composed."""

from __future__ import annotations

import pytest

from communique.model import Reading
from tests.ingest.texts import readout


def state(sentence: str) -> Reading:
    """How a sentence behind the lead of a readout ended."""
    return readout("\n\n" + sentence).coverage[-1].state


def codes(sentence: str) -> list[tuple[str, str]]:
    """The diagnostics with a place: code and words."""
    x = readout(sentence)
    return [(d.code, d.span.of(x.document.text)) for d in x.diagnostics if d.span]


@pytest.mark.parametrize(
    "sentence",
    [
        "Secretary Whitcombe was accompanied by Ambassador Jane Colby.",
        "Deputy Assistant Secretary Paul Renner led the U.S. delegation.",
        "This meeting builds on their consultations in Oslo last year.",
        "The visit comes ahead of the ministerial conference in Riga.",
        "Today's meeting was part of ongoing efforts to maintain open lines of communication.",
        "Also in the meeting were Ambassador Jane Colby and Special Envoy Paul Renner.",
        "Earlier this week, Special Envoy Paul Renner traveled to Oslo and Riga.",
        "The next round of the dialogue will be held in Paris.",
        "While in Vienna, the Secretary visited the museum of the city.",
        "- Ambassador Jane Colby, United States",
        "Special Envoy Paul Renner is in Riga this week.",
        "Special Envoy Paul Renner delivered remarks at the museum of the city.",
        "While in Riga, he will lead the U.S. delegation to the conference.",
    ],
)
def test_what_tells_of_the_encounter(sentence: str) -> None:
    assert state(sentence) is Reading.ENCOUNTER


@pytest.mark.parametrize(
    "sentence",
    [
        "The United States is imposing severe costs on Russia.",
        "The new program will help farmers in the region.",
        "Russia's war is causing hunger in many parts of the world.",
        "Since 2015, France has provided more than $3 million to the fund.",
        "We stand with the people of Ukraine.",
    ],
)
def test_what_is_background(sentence: str) -> None:
    assert state(sentence) is Reading.BACKGROUND


@pytest.mark.parametrize(
    "sentence",
    [
        "For more information, please visit the website of the Department.",
        "For press inquiries, contact the press office.",
        "A video of the remarks is available here.",
        "**<u>Efforts to keep the seas open</u>**",
    ],
)
def test_what_is_boilerplate(sentence: str) -> None:
    assert state(sentence) is Reading.BOILERPLATE


@pytest.mark.parametrize(
    "sentence",
    [
        "Special Envoy Paul Renner traveled to Oslo to reaffirm the partnership.",  # a purpose may be an act
        "Special Envoy Paul Renner visited Oslo, where he stressed the need for aid.",
        "The two ministers will deepen their cooperation.",  # what participants will do may be said by them
        "The United States looks forward to the conference.",
        "Officials from several ministries discussed the plan.",
        "The two ministers refined the plan.",
    ],
)
def test_what_may_hold_an_act_is_never_passed_over(sentence: str) -> None:
    assert state(sentence) in (Reading.UNREAD, Reading.ACT)


def test_words_behind_a_report_may_be_the_speakers_own() -> None:
    x = readout("Minister Orsini said that the talks had been useful.", "The region will need peace.")
    assert [c.state for c in x.coverage[-2:]] == [Reading.ACT, Reading.UNREAD]


def test_a_past_form_that_the_lexicon_does_not_know_is_listed() -> None:
    assert ("unknown-verb", "refined") in codes("The two ministers refined the plan for the harbour.")
    assert not [c for c, _ in codes("The two ministers visited the harbour.") if c == "unknown-verb"]


def test_words_that_name_no_issue_are_listed() -> None:
    assert ("unlinked", "the colour of the curtains") in codes("They discussed the colour of the curtains.")
    assert not [c for c, _ in codes("They discussed climate change.") if c == "unlinked"]
