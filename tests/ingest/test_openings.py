"""The openings of many publishers of the world, in their own formulae; all people and sentences are invented."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from communique.ingest.extract import extract
from communique.model import Document, Extraction, Participant


@dataclass(frozen=True)
class Opening:
    """A page of ``tests/data/openings.txt`` and what is right for it."""

    publisher: str
    title: str
    day: str
    text: str
    encounters: tuple[tuple[str, tuple[str, ...]], ...]
    acts: tuple[str, ...]

    def read(self) -> Extraction:
        return _extraction(self.publisher, self.title, self.text, self.day)


def _extraction(publisher: str, title: str, text: str, day: str) -> Extraction:
    words = f"{title}\n\n{text}\n"
    return extract(Document("t", words, sha256(words.encode()).hexdigest(), "t", publisher=publisher, title=title, date=day))


def _openings() -> Iterator[Opening]:
    path = Path(__file__).parents[1] / "data" / "openings.txt"
    for page in re.split(r"^@ ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        lines = page.strip().split("\n")
        publisher, title = lines[0].split(" :: ")
        encounters: list[tuple[str, list[str]]] = []
        for line in lines:
            if line.startswith("-> "):
                encounters.append((line[3:], []))
            elif line.startswith("- "):
                encounters[-1][1].append(line[2:])
        text = "\n\n".join(line for line in lines[2:] if not line.startswith(("-> ", "- ", "* ")))
        acts = tuple(line[2:] for line in lines if line.startswith("* "))
        yield Opening(publisher, title, lines[1][2:], text, tuple((told, tuple(people)) for told, people in encounters), acts)


def _told(person: Participant, fields: int) -> str:
    """A participant by the last so many of his name, family name, offices and party."""
    told = (person.name or "", person.family or "", " + ".join(person.offices), person.party or "")
    return " | ".join((told[1], told[3]) if fields == 2 else told[-fields:])


@pytest.mark.parametrize("page", list(_openings()), ids=lambda page: f"{page.publisher}: {page.title}")
def test_an_opening_tells_what_it_was_and_who_took_part(page: Opening) -> None:
    found = page.read()
    assert found.set_aside is None
    assert [f"{e.type} {e.date}" for e in found.encounters] == [told for told, _ in page.encounters]
    for e, (_, people) in zip(found.encounters, page.encounters, strict=True):
        assert [_told(x, wanted.count("|") + 1) for x, wanted in zip(e.participants, people, strict=True)] == list(people)
    if page.acts:
        assert [f"{a.type} {', '.join(a.actors)}" for a in found.acts] == list(page.acts)


@pytest.mark.parametrize(
    ("met", "told", "families"),
    [
        ("the Bangladeshi Foreign Minister", [("visit", "2024-05-02/2024-05-04")], [["Hale", None]]),
        ("Bangladeshi Foreign Minister Farhan Chowdhury", [("visit", "2024-05-02/2024-05-04")], [["Hale", "Chowdhury"]]),
    ],
)
def test_a_journey_of_several_days_and_the_one_meeting_of_it_are_one_visit(
    met: str, told: list[tuple[str, str | None]], families: list[list[str | None]]
) -> None:
    words = (
        "Ambassador for Religious Freedom Ruth Hale traveled to Dhaka, Bangladesh, May 2-4.\n\n"
        f"In Dhaka, Ambassador Hale met with {met}. They discussed refugees.\n"
    )
    title = "Readout of Ambassador Hale’s Trip to Bangladesh"
    document = Document(
        "t", words, sha256(words.encode()).hexdigest(), "t", publisher="U.S. Department of State", title=title, date="2024-05-07"
    )
    read = extract(document).encounters
    assert [(e.type, e.date) for e in read] == told
    assert [[p.family for p in e.participants] for e in read] == families


def test_a_guest_calls_on_an_office_holder_who_was_not_told_of_before() -> None:
    words = (
        "External Affairs Minister Dr. Kavita Menon met with Secretary for Foreign Affairs of the Philippines, H.E. Mr. Emilio Salazar, in New Delhi "
        "on 6 May 2024. They discussed trade.\n\nSecretary Salazar called on Hon'ble Prime Minister on 5 May.\n"
    )
    document = Document(
        "t",
        words,
        sha256(words.encode()).hexdigest(),
        "t",
        publisher="Ministry of External Affairs, Government of India",
        date="2024-05-07",
    )
    first, second = extract(document).encounters
    assert (first.date, second.date) == ("2024-05-06", "2024-05-05")
    assert [(p.family, p.offices, p.party) for p in second.participants] == [
        ("Salazar", ("Secretary for Foreign Affairs",), "PHL"),
        (None, ("Prime Minister",), "IND"),
    ]


def _read(publisher: str, title: str, words: str) -> list[list[str]]:
    document = Document("t", words, sha256(words.encode()).hexdigest(), "t", publisher=publisher, title=title, date="2024-05-07")
    return [[f"{p.family}/{p.party}" for p in e.participants] for e in extract(document).encounters]


def test_a_list_with_one_participant_a_line_is_read_whatever_its_form() -> None:
    opening = "President Hadley spoke today with the group of Allies. The leaders discussed Ukraine.\n\n"
    title = "Readout of President Hadley’s Call with the Leaders of the Eastern Flank"
    items = (
        "Joining the call were the following leaders:\n\n- Bulgarian President Petar Donev\n- President Alba Ferrer, Argentine Republic\n"
    )
    assert _read("The White House", title, opening + items) == [["Hadley/USA", "Donev/BGR", "Ferrer/ARG"]]
    plain = "U.S. participants:\n\nPaul Reed, National Security Advisor\n\nIsraeli participants:\n\nEyal Levin, National Security Advisor\n"
    assert _read("The White House", title, opening + plain) == [["Hadley/USA", "Reed/USA", "Levin/ISR"]]


def test_a_meeting_told_as_similar_is_a_further_one() -> None:
    words = (
        "Foreign Minister Tesfaye Alemu held talks today in Addis Ababa with Zoubir Belkacemi, Minister of Foreign Affairs of Algeria.\n\n"
        "Similarly, State Minister Meron Bekele met with Antti Salo, Finland's Special Envoy for the Horn of Africa.\n"
    )
    read = _read("Ministry of Foreign Affairs of Ethiopia", "Foreign Minister confers with counterparts", words)
    assert read == [["Alemu/ETH", "Belkacemi/DZA"], ["Bekele/ETH", "Salo/FIN"]]


def test_a_further_meeting_may_have_a_pronoun_for_its_subject() -> None:
    words = (
        "Deputy Secretary Ruth Hale met today in Bogotá with Colombian President Mateo Rincón. They discussed migration.\n\n"
        "She also met with Foreign Minister Lucía Ocampo and Minister of Justice Andrés Molano.\n"
    )
    title = "Deputy Secretary Hale’s Meeting with Colombian President Rincón"
    assert _read("U.S. Department of State", title, words) == [["Hale/USA", "Rincón/COL"], ["Hale/USA", "Ocampo/COL", "Molano/COL"]]


def test_a_monarch_keeps_the_number_unless_the_text_drops_it_and_is_of_the_state_named_beside_the_own() -> None:
    words = "President Hadley spoke today with King Edmund IX. He conveyed his wish for friendship between the United States and the United Kingdom.\n"
    assert _read("The White House", "Readout of President Hadley’s Call with King Edmund IX", words) == [["Hadley/USA", "Edmund IX/GBR"]]


def test_a_name_that_ends_like_a_small_word_does_not_hide_the_verb() -> None:
    words = "Foreign Secretary Rodrigo Cueto met today in Mexico City with Duncan Vidal, Minister of Foreign Affairs of Chile. They discussed trade.\n"
    assert _read("Secretaría de Relaciones Exteriores (Mexico)", "Meeting of foreign ministers", words) == [["Cueto/MEX", "Vidal/CHL"]]


def test_separate_calls_in_an_adverbial_are_an_encounter_each() -> None:
    words = (
        "In separate May 6 calls, Special Representative Sam Choi discussed the launch with Japanese Director General Tanabe Kazuo and "
        "ROK Special Representative Noh Jin-su.\n"
    )
    title = "Special Representative Choi’s Calls with Japanese Director General Tanabe and ROK Special Representative Noh"
    document = Document(
        "t", words, sha256(words.encode()).hexdigest(), "t", publisher="U.S. Department of State", title=title, date="2024-05-07"
    )
    read = [(e.type, e.date, [p.family for p in e.participants]) for e in extract(document).encounters]
    assert read == [("call", "2024-05-06", ["Choi", "Tanabe"]), ("call", "2024-05-06", ["Choi", "Noh"])]


def test_the_members_of_a_forum_take_part_in_its_session() -> None:
    words = (
        "On May 6, Secretary Ashdown chaired the meeting of the Friends of the Mekong ministerial. They discussed trade.\n\n"
        "The Friends of the Mekong include the United States, Vietnam, Thailand, and Japan.\n"
    )
    title = "Secretary Ashdown’s Participation in the Friends of the Mekong Ministers’ Meeting"
    document = Document(
        "t", words, sha256(words.encode()).hexdigest(), "t", publisher="U.S. Department of State", title=title, date="2024-05-07"
    )
    (e,) = extract(document).encounters
    assert (e.type, [p.party for p in e.participants]) == ("multilateral-meeting", ["USA", "VNM", "THA", "JPN"])


def test_a_journey_tells_of_a_group_that_was_met_by_itself_and_of_companions() -> None:
    words = (
        "Counselor Peter Dale traveled to Kyiv on May 6. He was joined by Deputy Assistant Secretary Ruth Hale.\n\n"
        "Counselor Dale met with Ukrainian Foreign Minister Taras Bondar. They discussed energy.\n\n"
        "Counselor Dale also met with energy sector leaders to discuss reform.\n"
    )
    document = Document(
        "t",
        words,
        sha256(words.encode()).hexdigest(),
        "t",
        publisher="U.S. Department of State",
        title="Counselor Dale’s Trip to Ukraine",
        date="2024-05-07",
    )
    read = [(e.type, [(p.family, p.party) for p in e.participants]) for e in extract(document).encounters]
    assert read == [
        ("meeting", [("Dale", "USA"), ("Bondar", "UKR"), ("Hale", "USA")]),
        ("meeting", [("Dale", "USA"), (None, "UKR"), ("Hale", "USA")]),
    ]


def test_a_title_in_the_plural_tells_of_a_meeting_that_the_text_only_mentions() -> None:
    words = (
        "National Security Advisor Paul Reed met with Prime Minister Mario Conti of Italy today. They discussed energy.\n\n"
        "This followed Mr. Reed’s meeting with Luca Fabbri, Diplomatic Advisor to the Prime Minister.\n"
    )
    title = "Readout of National Security Advisor Paul Reed’s Meetings with Prime Minister Mario Conti of Italy and Diplomatic Advisor Luca Fabbri"
    document = Document("t", words, sha256(words.encode()).hexdigest(), "t", publisher="The White House", title=title, date="2024-05-07")
    read = [[(p.family, p.party) for p in e.participants] for e in extract(document).encounters]
    assert read == [[("Reed", "USA"), ("Conti", "ITA")], [("Reed", "USA"), ("Fabbri", "ITA")]]


def _world(publisher: str, title: str, text: str) -> Extraction:
    return _extraction(publisher, title, text, "2020-05-07")


def test_whoever_is_told_by_whom_is_not_he_who_spoke_to_him() -> None:
    found = _world(
        "Ministry of Foreign Affairs of the Dominican Republic",
        "Foreign Minister Aristy in New York",
        "Foreign Minister Ramón Aristy met today with the Foreign Minister of Kenya, Josphat Wanyonyi, to whom he conveyed the gratitude of his people.",
    )
    assert [(a.type, a.actors) for a in found.acts] == [("Thank", ("Aristy",))]


def test_an_account_that_begins_with_who_received_whom_needs_no_more_to_be_one() -> None:
    found = _world(
        "Ministry of Foreign Affairs of Madagascar",
        "Courtesy visit",
        "Minister of Foreign Affairs Lalatiana Rasoanaivo received a courtesy visit from the Ambassador of Norway, Mr. Hideo Nilsen, at Anosy.",
    )
    assert [p.family for e in found.encounters for p in e.participants] == ["Rasoanaivo", "Nilsen"]


def test_two_receptions_on_a_visit_are_on_one_day_and_of_the_state_that_was_visited() -> None:
    found = _world(
        "Government of the Principality of Liechtenstein",
        "Foreign Minister Frick in Bratislava",
        "During her working visit to Slovakia, Foreign Minister Dominique Frick was received by her counterpart Rastislav Kubiš "
        "and held a conversation with the President of the National Council, Boris Hrnčiar.",
    )
    told = [(e.date, [(p.family, p.party) for p in e.participants]) for e in found.encounters]
    assert told == [
        ("2020-05-07", [("Frick", "LIE"), ("Kubiš", "SVK")]),
        ("2020-05-07", [("Frick", "LIE"), ("Hrnčiar", "SVK")]),
    ]


def test_those_who_came_to_a_meeting_of_many_are_its_sides() -> None:
    found = _world(
        "Ministry of External Relations of Angola",
        "Angola and Zambia assess the corridor",
        "The Minister of External Relations, Domingos Neto, chaired today, in Luanda, the Tripartite Ministerial Meeting on the Corridor, "
        "which was attended by the Minister of Foreign Affairs of the Democratic Republic of the Congo, Fidèle Mukendi, and the Minister of "
        "Foreign Affairs of Zambia, Chileshe Musonda.\n\nThe three Ministers decided to create a committee.",
    )
    assert [sorted(a.actors) for a in found.acts if a.type == "Agree"] == [["Mukendi", "Musonda", "Neto"]]


@pytest.mark.parametrize(
    ("said", "type_"),
    [
        ("guaranteed that the study would be ready by March", "Commit"),
        ("considered that the corridor is no longer a dream", "State"),
        ("presented condolences for the victims of the cyclone", "Condole"),
        ("recognized the sacrifices made by the people", "Commend"),
        ("manifested his concern over the violence", "Concern"),
        ("ratified his country's support for the candidacy", "Reaffirm"),
        ("accentuated the need for a road", "Emphasize"),
        ("laid stress on the need for a road", "Emphasize"),
        ("put emphasis on the need for a road", "Emphasize"),
        ("handed over a letter from the President", "Inform"),
        ("walked his guest through the reforms", "Inform"),
        ("tabled a proposal for a commission", "Offer"),
        ("floated the idea of a commission", "Offer"),
        ("volunteered to host the next round", "Offer"),
        ("gave her word that the aid would continue", "Commit"),
        ("signalled readiness to send experts", "Commit"),
        ("sought greater participation in the textile sector", "Request"),
        ("complained about the delays at the border", "Concern"),
        ("was deeply troubled by the arrests", "Concern"),
        ("took exception to the remarks", "Protest"),
        ("refuted the allegations", "Oppose"),
        ("sounded the alarm over the drought", "Warn"),
        ("lent support to the mission", "Support"),
    ],
)
def test_words_of_translated_accounts_are_acts(said: str, type_: str) -> None:
    opening = "Foreign Minister Ana Beltrán met today with the Foreign Minister of Ghana, Kofi Mensah."
    found = _world("Ministry of Foreign Affairs of Peru", "Meeting", f"{opening}\n\nForeign Minister Beltrán {said}.")
    assert [(a.type, a.actors) for a in found.acts] == [(type_, ("Beltrán",))]
