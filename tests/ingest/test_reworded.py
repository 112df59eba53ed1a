"""One encounter in the words of many houses: whatever they are, it is the same encounter of the same people.  All of them are invented."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

from hashlib import sha256

import pytest

from communique.ingest.extract import extract
from communique.model import Document, Encounter

PUBLISHER = "Ministry of Foreign Affairs of the Republic of Latvia"
BOTH = ["Berzkalne/LVA", "Asantewa/GHA"]
A, B = "Minister of Foreign Affairs Ilga Berzkalne", "Minister of Foreign Affairs of Ghana Kwame Asantewa"


def told(text: str, title: str = "Press release", publisher: str = PUBLISHER) -> tuple[Encounter, ...]:
    return extract(
        Document("t", text, sha256(text.encode()).hexdigest(), "t", title=title, publisher=publisher, date="2024-05-10")
    ).encounters


def people(encounter: Encounter) -> list[str]:
    return sorted(f"{x.family or '?'}/{x.party}" for x in encounter.participants)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("meeting", f"{B} was welcomed for a working lunch on Thursday, 9 May 2024 by {A}."),
        ("meeting", f"On Thursday, 9 May 2024, {B} was the guest of {A}."),
        ("meeting", f"{B} was received on 9 May 2024 in a courtesy call by {A}."),
        ("meeting", f"{A} hosted for lunch on 9 May 2024 her Ghanaian counterpart Kwame Asantewa."),
        ("meeting", f"{A} received for a working breakfast on 9 May 2024 the Minister of Foreign Affairs of Ghana, Kwame Asantewa."),
        ("meeting", f"{A} consented to receive {B} on 9 May 2024."),
        ("meeting", f"On 9 May 2024, Ilga Berzkalne and {B} met in Riga."),
        ("meeting", f"{A} had a bilateral on 9 May 2024 with Kwame Asantewa, Ghana's foreign minister."),
        ("meeting", f"{A} and her Ghanaian counterpart Kwame Asantewa reviewed cooperation on ports in Riga on 9 May 2024."),
        ("meeting", f"On 9 May 2024, cooperation on ports was discussed in Riga by {A} and {B}."),
        ("meeting", f"On 9 May 2024, a dinner in honour of the {B} was given by {A}."),
        ("meeting", f"On 9 May 2024, {B} came to Riga for talks with {A}."),
        ("meeting", f"On 9 May 2024, {A} met in the Castle on Thursday afternoon with a Ghanaian delegation headed by Minister of Foreign Affairs Kwame Asantewa."),
        ("call", f"{A} was on the phone on 9 May 2024 with {B}."),
        ("call", f"{A} was in contact by phone on 9 May 2024 with Kwame Asantewa, Minister of Foreign Affairs of Ghana."),
        ("call", f"{A} was called on 9 May 2024 by {B}."),
        ("video", f"On 9 May 2024, Ilga Berzkalne and {B} spoke via video link."),
        ("video", f"{A} joined {B} on 9 May 2024 for a virtual meeting."),
        ("dialogue", f"On 9 May 2024, {A} hosted {B} in Riga for the second round of political consultations."),
    ],
)  # fmt: skip
def test_it_is_one_encounter_of_two_in_whatever_words(kind: str, words: str) -> None:
    (found,) = told(f"{words}\n\nThe ministers welcomed the growth of trade.")
    assert (found.type, found.date, people(found)) == (kind, "2024-05-09", sorted(BOTH))


LEAD = (
    "On 9 May 2024, a ministerial meeting on the ports of the Atlantic was convened in Riga by Minister of Foreign Affairs Ilga Berzkalne."
)
MORE = "the Minister of Transport of Norway, Sunniva Fjeldheim, the Minister of Ports of Ghana, Kwame Asantewa, and the Director-General of the International Maritime Organization, Ines Barradas"


@pytest.mark.parametrize(
    "words",
    [
        f"Taking part in the meeting were {MORE}.",
        f"Among the participants were {MORE}.",
        f"Among those present were {MORE}.",
        f"The Minister was joined by {MORE}.".replace("The Minister", "She"),
        f"Also participating were {MORE}.",
        f"In attendance were {MORE}.",
        f"It was held with the participation of {MORE}.",
        "The Minister of Transport of Norway, Sunniva Fjeldheim, presided over the meeting, in which the Minister of Ports of Ghana, Kwame Asantewa, and the Director-General of the International Maritime Organization, Ines Barradas, took part.",
        "Chaired by the Minister of Transport of Norway, Sunniva Fjeldheim, the meeting brought together the Minister of Ports of Ghana, Kwame Asantewa, and the Director-General of the International Maritime Organization, Ines Barradas.",
        "Other participants were the Minister of Transport of Norway, Sunniva Fjeldheim, who chaired the meeting, the Minister of Ports of Ghana, Kwame Asantewa, and the Director-General of the International Maritime Organization, Ines Barradas.",
        "The Minister of Transport of Norway, Sunniva Fjeldheim, the Minister of Ports of Ghana, Kwame Asantewa, and the Director-General of the International Maritime Organization, Ines Barradas, took part in the meeting.",
    ],
)
def test_a_list_of_who_was_there_is_read_in_whatever_words(words: str) -> None:
    (found,) = told(f"{LEAD} {words}\n\nThe participants stressed the safety of shipping.")
    assert (found.type, found.date) == ("multilateral-meeting", "2024-05-09")
    assert people(found) == ["Asantewa/GHA", "Barradas/IMO", "Berzkalne/LVA", "Fjeldheim/NOR"]


def test_who_was_there_is_listed_before_anything_else_is_told() -> None:
    (found,) = told(
        f"Taking part in the ministerial meeting held in Riga on 9 May 2024 were {A}, {MORE}.\n\nThey stressed the safety of shipping."
    )
    assert people(found) == ["Asantewa/GHA", "Barradas/IMO", "Berzkalne/LVA", "Fjeldheim/NOR"]


def test_who_chaired_consultations_that_were_told_before_held_no_others() -> None:
    (found,) = told(
        "The second round of political consultations between Latvia and Ghana took place in Riga on 8 May 2024. "
        "The talks were led by State Secretary Juris Vilkaste and Deputy Minister of Foreign Affairs of Ghana Esi Boatemaa.\n\nThe parties discussed trade."
    )
    assert (found.type, found.date, people(found)) == ("dialogue", "2024-05-08", ["Boatemaa/GHA", "Vilkaste/LVA"])


@pytest.mark.parametrize("words", [f"{A} met with {B}, in the presence of Ambassador Juris Vilkaste.", f"In the presence of Ambassador Juris Vilkaste, {A} received {B}."])  # fmt: skip
def test_in_whose_presence_two_met_was_there_with_the_publishers_own(words: str) -> None:
    (found,) = told(f"{words}\n\nThe ministers welcomed the growth of trade.")
    assert people(found) == sorted([*BOTH, "Vilkaste/LVA"])
    (beside,) = (x for x in found.participants if x.family == "Vilkaste")
    assert beside.rule.endswith("+attending")


@pytest.mark.parametrize("words", [f"The decision was welcomed by {A}.", "The letter was received on Monday by the Ministry.", "A dinner was hosted by the Embassy."])  # fmt: skip
def test_what_was_welcomed_or_received_is_no_guest(words: str) -> None:
    assert told(f"{words}\n\nThe Ministry thanks all partners.") == ()


MET = "On 9 May 2024, Minister of Foreign Affairs Ilga Berzkalne met in Accra with the Minister of Foreign Affairs of Ghana, Kwame Asantewa. The ministers discussed trade."


@pytest.mark.parametrize(
    ("words", "beside"),
    [
        ("State Secretary Juris Vilkaste and Ambassador Zane Ozere were in attendance.", ["Ozere/LVA", "Vilkaste/LVA"]),
        ("The Latvian Ambassador to Ghana, Juris Vilkaste, was also present at the meeting.", ["Vilkaste/LVA"]),
        ("State Secretary Juris Vilkaste sat in on the meeting.", ["Vilkaste/LVA"]),
        ("From the Latvian side, State Secretary Juris Vilkaste participated.", ["Vilkaste/LVA"]),
        ("On the Ghanaian side, Deputy Minister Yaw Boatemaa was present.", ["Boatemaa/GHA"]),
        ("Those present included State Secretary Juris Vilkaste.", ["Vilkaste/LVA"]),
        ("The Ghanaian Minister was accompanied by his Deputy Minister Yaw Boatemaa and the Ambassador of Ghana, Esi Ofosu.", ["Boatemaa/GHA", "Ofosu/GHA"]),
        ("Hon. Asantewa was accompanied by the High Commissioner of Ghana to Latvia, Ms. Esi Ofosu.", ["Ofosu/GHA"]),
    ],
)  # fmt: skip
def test_who_came_along_was_there_for_his_own_side(words: str, beside: list[str]) -> None:
    (found,) = told(f"{MET}\n\n{words}")
    assert people(found) == sorted([*BOTH, *beside])
    assert {f"{x.family}/{x.party}" for x in found.participants if x.rule.endswith("+attending")} == set(beside)


@pytest.mark.parametrize(
    "words",
    [
        "Minister Berzkalne's programme also included a meeting with the Minister of Trade, Esi Ofosu.",
        "The visit concluded with a meeting with the Minister of Trade, Esi Ofosu.",
        "There was also a meeting with the Minister of Trade, Esi Ofosu.",
        "The Minister of Trade, Esi Ofosu, also received the Latvian Minister.",
    ],
)
def test_a_further_encounter_is_told_by_the_programme_or_by_the_host(words: str) -> None:
    _, further = told(f"{MET}\n\n{words}")
    assert (further.type, further.date, people(further)) == ("meeting", "2024-05-09", ["Berzkalne/LVA", "Ofosu/GHA"])


def test_each_of_several_encounters_has_those_who_came_to_it() -> None:
    first, second = told(
        f"{MET}\n\nLater, Minister Berzkalne was received by President Esi Ofosu. State Secretary Juris Vilkaste attended the audience."
    )
    assert people(first) == sorted(BOTH)
    assert people(second) == ["Berzkalne/LVA", "Ofosu/GHA", "Vilkaste/LVA"]


@pytest.mark.parametrize(
    "words",
    [
        "Talks were held in Riga on 9 May 2024 between the delegations of Latvia and Ghana, headed by Foreign Ministers Ilga Berzkalne and Kwame Asantewa.",
        "On 9 May 2024, a Latvian delegation led by Foreign Minister Ilga Berzkalne met a Ghanaian delegation led by Foreign Minister Kwame Asantewa.",
    ],
)
def test_who_headed_the_delegations_met(words: str) -> None:
    (found,) = told(words)
    assert (found.date, people(found)) == ("2024-05-09", sorted(BOTH))


def test_who_comes_to_the_meal_only_does_not_speak_with_those_who_met() -> None:
    (found,) = told(
        f"On 9 May 2024, {A} met in Riga with the Foreign Ministers of Estonia, Finland, Iceland, Norway and Sweden. "
        "Ukraine's Foreign Minister Bohdan Verkhohliad took part in the working lunch."
    )
    (guest,) = (x for x in found.participants if x.party == "UKR")
    assert guest.rule.endswith("+attending")


@pytest.mark.parametrize(
    ("office", "party"),
    [
        ("the European Commissioner for Trade, Maro Ilves", "EU"),
        ("Norway's new ambassador to Latvia, Maro Ilves", "NOR"),
        ("the Norwegian Ambassador in Riga Ms. Maro Ilves", "NOR"),
    ],
)
def test_an_office_tells_whose_it_is(office: str, party: str) -> None:
    (found,) = told(f"{A} received today {office}.\n\nThey discussed trade.")
    assert people(found) == ["Berzkalne/LVA", f"Ilves/{party}"]
