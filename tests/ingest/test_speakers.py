"""Who speaks where the head leaves it open, and speech that goes on without a verb of saying."""

from __future__ import annotations

import pytest

from communique.ingest.extract import extract
from communique.model import Document, Extraction
from tests.ingest.texts import document

DAY = "2024-03-05"
LEAD = "On 5 March 2024, Foreign Minister Qiao Yunfei met with Foreign Minister Tomas Brandl of Austria in Vienna."


def read(text: str, publisher: str = "Ministry of Foreign Affairs of China") -> Extraction:
    made: Document = document(
        text, source=None, publisher=publisher, title="Foreign ministers meet", date="2024-03-05", published="2024-03-05"
    )
    return extract(made)


def acts(found: Extraction) -> list[str]:
    return [f"{a.type} {'+'.join(a.actors)}" for a in found.acts]


def test_a_side_without_a_name_is_who_speaks_for_it() -> None:
    found = read(
        "The foreign ministers of Iran and Tajikistan held talks on 4 March 2024.\n\n"
        "Foreign Minister Behrouz Kazemian of Iran stressed the need for calm. "
        "Tajik Foreign Minister Rustam Saidov called for more trade.",
        "Islamic Republic News Agency",
    )
    assert [p.family for p in found.encounters[0].participants] == ["Kazemian", "Saidov"]
    assert acts(found) == ["Emphasize Kazemian", "Urge Saidov"]


def test_an_encounter_that_no_clause_tells_is_of_those_who_speak() -> None:
    found = read(
        "The Prime Minister of Jamaica, Everton Chambers, and Canada's Minister of Foreign Affairs, Danielle Theriault, have pledged "
        "to work together.\n\nThey met on 4 March in Kingston.\n\nPrime Minister Chambers said that storms were a burden. "
        "Minister Theriault announced new funds.",
        "Jamaica Information Service",
    )
    assert {p.family for p in found.encounters[0].participants} == {"Chambers", "Theriault"}
    assert acts(found)[-2:] == ["State Chambers", "Announce Theriault"]


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (
            "Qiao Yunfei said that trade had grown. China is ready to open its market, and hopes that talks will begin.",
            ["Commit CHN", "Hope CHN"],
        ),
        ("Qiao Yunfei said that trade had grown. Austria is ready to open its market.", []),
        ("Qiao Yunfei thanked Austria for its help. China is ready to open its market.", []),
        ("Qiao Yunfei said that trade had grown.\n\nChina is ready to open its market.", []),
    ],
)
def test_speech_goes_on_only_for_the_side_that_was_speaking(before: str, told: list[str]) -> None:
    assert acts(read(f"{LEAD}\n\n{before}"))[1:] == told


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Also on the agenda was the war in Sudan.", "Discuss Qiao+Brandl"),
        ("At the centre of the talks were energy prices.", "Discuss Qiao+Brandl"),
        ("The detention of two fishermen was raised by the Austrian side.", "Discuss Brandl"),
        ("The importance of early talks was noted.", "Emphasize Qiao+Brandl"),
        ("Gratitude was expressed for the help of the rescuers.", "Thank Qiao+Brandl"),
        ("The head of the Austrian Foreign Ministry welcomed the offer.", "Welcome Brandl"),
        ("The visiting Austrian minister welcomed the offer.", "Welcome Brandl"),
        ("Both politicians welcomed the offer.", "Welcome Qiao+Brandl"),
    ],
)
def test_who_acts_where_nobody_is_named(sentence: str, act: str) -> None:
    assert acts(read(f"{LEAD}\n\n{sentence}")) == [act]


def test_a_list_of_those_present_is_no_topic() -> None:
    assert acts(read(f"{LEAD}\n\nAlso in the meeting were Ambassador Lena Frisch and State Secretary Karl Ott.")) == []


def test_speech_in_single_quotation_marks_ends_where_it_closes() -> None:
    found = read(
        f"{LEAD}\n\n'We discussed Austria's trade with the region,' said Minister Brandl. 'We agreed to meet again,' he added.\n\n"
        "'Our ministers' work goes on,' Minister Qiao said. \"We agreed on fisheries,\" he went on."
    )
    text = found.document.text
    said = [(a.type, a.content.of(text)) for a in found.acts if a.content]
    assert ("Discuss", "Austria's trade with the region") in said
    assert ("Agree", "to meet again") in said
    assert ("Agree", "on fisheries") in said


def test_the_authorities_of_a_state_are_whom_one_urges() -> None:
    found = read(
        f"{LEAD}\n\nMinister Brandl urged the Chinese authorities to release the journalist. "
        "He called on the Chinese Government to open its markets. He thanked the Chinese government officials."
    )
    assert [a.addressees for a in found.acts][:2] == [("CHN",), ("CHN",)]
