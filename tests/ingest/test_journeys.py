"""Journeys, dialogues and lists of people: who met whom, and on which days, where more than one is told at once."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

import pytest

from tests.ingest.test_header import HOUSE, STATE, header, who

JOURNEY = (
    "Adviser Dana Whitfield traveled to Norway and Finland March 3-4, and was joined in her meetings by U.S. Ambassador to "
    "Norway Tom Nash and the State Department’s Acting Assistant Secretary for European Affairs Yara Lamb. In Oslo, Ms. Whitfield met with "
    "Prime Minister Nils Berg of Norway. In Helsinki, Ms. Whitfield met with President Eeva Aalto of Finland."
)
TRILATERAL = (
    "Following the January 13 Summit of the Partnership led by Prime Minister Sato Kenji of Japan, President Han Min-seo of the "
    "Republic of Korea, and President Eleanor Hadley of the United States, Cabinet Councillor Tanaka Yuki from the Security "
    "Secretariat of Japan, Secretary to the President for Economic Security Minho Park of the ROK, and Director Nora Todd convened the "
    "inaugural meeting of the U.S.-Japan-ROK Economic Security Dialogue in Honolulu, Hawaii."
)


def test_companions_take_part_in_all_meetings_of_a_journey_and_two_days_are_told() -> None:
    read = header(HOUSE, JOURNEY, "Readout of Senior Official Travel to Norway and Finland")
    assert [(e.place, e.date) for e in read.encounters] == [("Oslo", "2024-03-03/2024-03-04"), ("Helsinki", "2024-03-03/2024-03-04")]
    assert who(read) == [
        [("Whitfield", "USA"), ("Berg", "NOR"), ("Nash", "USA"), ("Lamb", "USA")],
        [("Whitfield", "USA"), ("Aalto", "FIN"), ("Nash", "USA"), ("Lamb", "USA")],
    ]


def test_those_who_led_an_earlier_summit_did_not_meet_and_a_dialogue_s_meeting_is_a_dialogue() -> None:
    read = header(HOUSE, TRILATERAL, "Readout of the Trilateral Economic Security Dialogue")
    assert [e.type for e in read.encounters] == ["dialogue"]
    assert who(read) == [[("Tanaka", "JPN"), ("Park", "KOR"), ("Todd", "USA")]]


@pytest.mark.parametrize(
    ("lead", "title", "expected"),
    [
        (  # the state stands behind each name
            "National Security Advisor Dana Whitfield met today with Sato Kenji of Japan, Han Min-seo of Korea, and Ramon Ocampo of Chile.",
            "",
            [("Whitfield", "USA"), ("Sato", "JPN"), ("Han", "KOR"), ("Ocampo", "CHL")],
        ),
        (  # a group between two states has both as its sides
            "Adviser Dana Whitfield led U.S. participation in a virtual meeting of the U.S.-Israel Strategic Group on March 4.",
            "",
            [("Whitfield", "USA"), (None, "ISR")],
        ),
        (  # an acronym in brackets stands between verb and noun
            (
                "Special Envoy Dr. Jane Park hosted the first U.S.-Republic of Korea (ROK) Deputy-Level Consultation (DLC) meeting "
                "with Ministry of Unification officials on March 4."
            ),
            "U.S.-ROK Deputy-Level Consultation Meeting",
            [("Park", "USA"), (None, "KOR")],
        ),
        (  # who is told in the plural is not the one before
            "Secretary Dana Whitfield met today with Foreign Minister Anton Urban of Chile, the Presidents of both chambers, and others.",
            "",
            [("Whitfield", "USA"), ("Urban", "CHL")],
        ),
    ],
)
def test_each_has_his_own_party_and_office(lead: str, title: str, expected: list[tuple[str | None, str]]) -> None:
    read = header(HOUSE, lead, title)
    assert who(read) == [expected]
    assert all(len(p.offices) < 2 for p in read.encounters[0].participants)


@pytest.mark.parametrize(
    ("lead", "title", "expected"),
    [
        (
            (
                "Yesterday in Washington, DC, Under Secretary of State Uma Zane and Honduran Foreign Minister Enzo Reyes launched the "
                "United States-Honduras Strategic Dialogue."
            ),
            "U.S.-Honduras Strategic Dialogue",
            ["2024-03-04"],
        ),
        (
            (
                "Deputy Secretary of State Wanda Sheffield traveled to China for meetings with State Councilor Li Wei and others from "
                "February 25-28. The Deputy Secretary and State Councilor Li had a frank discussion about trade."
            ),
            "Deputy Secretary Sheffield’s Visit to China",
            ["2024-02-25/2024-02-28"],
        ),
        (
            (
                "During the week of February 19, Under Secretary Lena Shaw led a U.S. delegation to Kosovo. During the visit, Ms. Shaw "
                "met with Kosovo President Vera Osman."
            ),
            "Under Secretary Shaw’s Visit to Kosovo",
            ["2024-02-19/2024-02-25"],
        ),
        (
            "Secretary of State Daniel Whitcombe spoke with French Foreign Minister Clara Orsini this morning and again in the afternoon.",
            "Secretary Whitcombe’s Calls with French Foreign Minister Orsini",
            ["2024-03-05", "2024-03-05"],
        ),
    ],
)
def test_the_days_of_what_lasted_or_was_told_at_once(lead: str, title: str, expected: list[str]) -> None:
    assert [e.date for e in header(STATE, lead, title).encounters] == expected


@pytest.mark.parametrize(
    ("lead", "title", "expected", "people"),
    [
        # On which day of a longer visit somebody was met is not said.
        (
            "Under Secretary Lena Shaw visited Norway on March 1-4. Over the course of her visit, she met with Foreign Minister Ida Lund.",
            "Under Secretary Shaw’s Visit to Norway",
            [("visit", "2024-03-01/2024-03-04")],
            [[("Shaw", "USA"), ("Lund", "NOR")]],
        ),
        (
            "Under Secretary Lena Shaw traveled to Norway March 1-4. While in Oslo, she met with Norwegian civil society organizations.",
            "Under Secretary Shaw’s Travel to Norway",
            [("visit", "2024-03-01/2024-03-04")],
            [[("Shaw", "USA"), (None, "NOR")]],
        ),
        # A group without a name is a side if its state is said.
        (
            "Under Secretary Lena Shaw met virtually today with activists from Burma to hear of their efforts.",
            "Under Secretary Shaw’s Meeting with Activists",
            [("video", "2024-03-05")],
            [[("Shaw", "USA"), (None, "MMR")]],
        ),
    ],
)
def test_visits_of_several_days_and_groups_of_a_state(
    lead: str, title: str, expected: list[tuple[str, str]], people: list[list[tuple[str | None, str]]]
) -> None:
    read = header(STATE, lead, title)
    assert [(e.type, e.date) for e in read.encounters] == expected
    assert who(read) == people


def test_a_call_told_at_the_head_of_a_sentence_and_a_royal_form_of_address_are_further_encounters() -> None:
    read = header(
        STATE,
        "Secretary Dana Whitfield on Thursday received a phone call from Slovenian President Miha Kobal. In a phone call with Belgian Prime "
        "Minister Hendrik Maes, also on Thursday, she called for calm. Her Excellency also spoke on the phone with President Eeva Aalto of Finland.",
    )
    assert who(read) == [
        [("Whitfield", "USA"), ("Kobal", "SVN")],
        [("Whitfield", "USA"), ("Maes", "BEL")],
        [("Whitfield", "USA"), ("Aalto", "FIN")],
    ]


def test_two_delegations_and_what_one_head_did_on_the_same_day() -> None:
    read = header(
        STATE,
        "On March 5, political consultations between the United States and Slovenia were held in Washington. The American delegation was headed by "
        "Deputy Secretary Dana Whitfield, while the Slovenian side was represented by Marjeta Zupan, State Secretary. On the same day, Marjeta "
        "Zupan held a meeting with Tom Nash, Chairman of the Committee on Trade.",
        "Political Consultations between the United States and Slovenia",
    )
    assert [e.type for e in read.encounters] == ["dialogue", "meeting"]
    assert {family for family, _ in who(read)[0]} == {"Whitfield", "Zupan"}
    assert {family for family, _ in who(read)[1]} == {"Zupan", "Nash"}


def test_talks_told_by_what_was_said_after_them_stand_before_a_separate_meeting() -> None:
    read = header(
        STATE,
        "Energy ties deepen, Secretary Dana Whitfield announced in Oslo on Tuesday. According to a statement, at the joint press "
        "conference following her talks with Foreign Minister Nils Berg of Norway, the Secretary said that more is to come. At a separate "
        "meeting with Minister of Energy Kari Lie of Norway, the parties reviewed the cable.",
    )
    assert [[family for family, _ in people] for people in who(read)] == [["Whitfield", "Berg"], ["Whitfield", "Lie"]]


def test_a_bracket_after_today_hides_no_meeting() -> None:
    read = header(
        STATE,
        "Secretary Dana Whitfield participated today (Tuesday, 5 March 2024) in a trilateral meeting in Oslo with Foreign Minister of "
        "Norway Nils Berg and Foreign Minister of Finland Eeva Aalto.",
    )
    assert who(read) == [[("Whitfield", "USA"), ("Berg", "NOR"), ("Aalto", "FIN")]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # the town to which the same sentence tells the journey says whose prince it is
            "Coordinator Al Hoch traveled to Riyadh on March 2, where he met with Crown Prince Mansour bin Fahd.",
            [[("Hoch", "USA"), ("bin Fahd", "SAU")]],
        ),
        (
            "Assistant Secretary Joy Penn traveled to Kigali, Rwanda, on March 1, where she was received by President Eric Habimana.",
            [[("Penn", "USA"), ("Habimana", "RWA")]],
        ),
        (  # a day before "she" opens a further meeting
            (
                "On March 1, Assistant Secretary Joy Penn met in Abuja with Foreign Minister Ada Obi. On March 2, she met in Accra with "
                "Ghanaian Foreign Minister Kofi Mensah."
            ),
            [[("Penn", "USA"), ("Obi", "NGA")], [("Penn", "USA"), ("Mensah", "GHA")]],
        ),
        (  # husband and wife bear one name
            "President Stone and First Lady Ann Stone welcomed King Hassan III and Queen Noura of Jordan to the White House.",
            [[("Stone", "USA"), ("Stone", "USA"), ("Hassan III", "JOR"), ("Noura", "JOR")]],
        ),
        (  # an agency's letters belong to the office
            (
                "Homeland Security Advisor Amy Cole met with Mexican Secretary of Public Security Rosa Vega. Participants included "
                "Attorney General Mark Gray, DEA Administrator Ann Mill, and Mexican Foreign Secretary Luis Ruiz."
            ),
            [[("Cole", "USA"), ("Vega", "MEX"), ("Gray", "USA"), ("Mill", "USA"), ("Ruiz", "MEX")]],
        ),
    ],
)
def test_whose_they_are_whom_a_journey_a_couple_or_an_agency_brings(text: str, expected: list[list[tuple[str, str]]]) -> None:
    read = header(HOUSE, text, "Readout of Senior Official Meetings")
    assert [sorted(people) for people in who(read)] == [sorted(people) for people in expected]
