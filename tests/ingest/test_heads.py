"""Heads of American readouts: delegations, namesakes, officers beside the members of their organisation; all people are invented."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

import pytest

from communique.ingest.extract import extract
from communique.model import Extraction
from tests.ingest.texts import document


def _read(title: str, *paragraphs: str) -> Extraction:
    return extract(document("Office of the Spokesperson\n\n" + "\n\n".join(paragraphs) + "\n", title=title))


def _who(found: Extraction) -> list[list[str]]:
    """Each encounter's participants: family name, party, offices."""
    return [["/".join((p.family or "", p.party or "", " + ".join(p.offices))) for p in e.participants] for e in found.encounters]


HALE = "Hale/USA/Deputy Secretary of State"


@pytest.mark.parametrize(
    ("title", "lead", "who"),
    [
        ("A Delegation from Tajikistan Visits Washington",
         "A delegation from the Government of Tajikistan met with Assistant Secretary of State Donald Reed on March 3 in Washington.",
         ["/TJK/", "Reed/USA/Assistant Secretary of State"]),
        ("Deputy Secretary Hale’s Meeting with a Kuwaiti Delegation",
         "Deputy Secretary of State Ruth Hale met today with a delegation from the National Assembly of Kuwait.",
         [HALE, "/KWT/"]),
        ("Deputy Secretary Hale’s Trilateral Meeting",
         "Deputy Secretary of State Ruth Hale met today with her counterparts from the Republic of Korea (ROK) and Japan, First Vice Minister Noh Jin-su and Vice Minister Sawayama Jun.",
         [HALE, "Noh/KOR/First Vice Minister", "Sawayama/JPN/Vice Minister"]),
        ("Deputy Secretary Hale’s Call with Kenyan National Security Advisor Amina Wekesa",
         "Deputy Secretary of State Ruth Hale called Dr. Amina Wekesa today to congratulate her on her appointment.",
         [HALE, "Wekesa/KEN/National Security Advisor"]),
        ("Deputy Secretary Hale’s Call with Israeli Foreign Minister Barak",
         "Deputy Secretary of State Ruth A. Hale warmly congratulated Dov Barak today on his appointment. The Deputy Secretary and the Minister discussed trade.",
         [HALE, "Barak/ISR/Foreign Minister"]),
        ("Deputy Secretary Hale’s Travel to Israel",
         "In Jerusalem, Deputy Secretary of State Ruth Hale met with Prime Minister Dov Barak, National Security Advisor (NSA) Ilan Peretz, and Intelligence Director Noam Shalev.",
         [HALE, "Barak/ISR/Prime Minister", "Peretz/ISR/National Security Advisor", "Shalev/ISR/Intelligence Director"]),
        ("Deputy Secretary Hale’s Meeting with Israeli Foreign Minister Barak",
         "Today, Deputy Secretary of State Ruth Hale met with Israeli Foreign Minister Dov Barak. Ms. Hale was joined by Ann Stone, U.S. Special Envoy for Trade; Jay Gill, Senior Coordinator for Health; and senior members of the staff.",
         [HALE, "Barak/ISR/Foreign Minister", "Stone/USA/Special Envoy for Trade", "Gill/USA/Senior Coordinator for Health"]),
        ("Deputy Secretary Hale’s Participation in the Bucharest Nine Summit",
         "Deputy Secretary of State Ruth Hale met today with Presidents Ion Munteanu of Romania and Jan Kowal of Poland. She welcomed the chance to engage with these Allies – as well as with NATO Secretary General Nils Berg, who was also in attendance – about trade.",
         [HALE, "Munteanu/ROU/President", "Kowal/POL/President", "Berg/NATO/Secretary General"]),
        ("Trilateral Meeting of Prime Minister Alan Frost of the United Kingdom, Deputy Secretary Hale, and Prime Minister Owen Pike of Australia",
         "Prime Minster Frost, Deputy Secretary Hale and Prime Minister Pike met in the margins of the G7 summit in Carbis Bay.",
         ["Frost/GBR/Prime Minster", "Hale/USA/Deputy Secretary", "Pike/AUS/Prime Minister"]),
        ("Deputy Secretary Hale’s Trilateral Meeting",
         "Deputy Secretary of State Ruth Hale met today with her Korean and Japanese counterparts, First Vice Minister Noh Jin-su and Vice Minister Sawayama Jun.",
         [HALE, "Noh/KOR/First Vice Minister", "Sawayama/JPN/Vice Minister"]),
        ("Deputy Secretary Hale’s Meeting with ASEAN Foreign Ministers",
         "Deputy Secretary of State Ruth Hale met today with the foreign ministers of ASEAN member states and ASEAN Secretary-General Dato Azman Osman.",
         [HALE, "/ASEAN/foreign ministers", "Osman/ASEAN/Secretary-General"]),
        ("Deputy Secretary Hale’s Meeting with Gulf Cooperation Council Ministers",
         "Deputy Secretary of State Ruth Hale met today with GCC Foreign Ministers and GCC Secretary General Jasim Al Rumaihi in Riyadh.",
         [HALE, "/GCC/Foreign Minister", "Al Rumaihi/GCC/Secretary General"]),
        ("Deputy Secretary Hale’s Meeting with UK Foreign Secretary Colborne",
         "Deputy Secretary of State Ruth Hale met today with UK Secretary of State for Foreign, Commonwealth, and Development Affairs Lord Hugh Colborne.",
         [HALE, "Colborne/GBR/Secretary of State for Foreign, Commonwealth, and Development Affairs"]),
        ("Special Envoy Hammond’s Travel to Egypt",
         "U.S. Special Envoy for the Horn of Africa Ambassador Mark Hammond met today with Egyptian Minister of Industry Dr. Sultan Al Masri and Presidential Aide Karim Nasser.",
         ["Hammond/USA/Special Envoy for the Horn of Africa", "Al Masri/EGY/Minister of Industry", "Nasser/EGY/Presidential Aide"]),
        ("Deputy Commander Reed’s Meeting with Chilean Minister Rojas",
         "Deputy Commander SOUTHCOM Lieutenant General Paul Reed and Special Envoy for Afghan Women, Girls, and Human Rights Rina Azimi met today with Chilean Minister Ana Rojas.",
         ["Reed/USA/Deputy Commander SOUTHCOM", "Azimi/USA/Special Envoy for Afghan Women, Girls, and Human Rights", "Rojas/CHL/Minister"]),
        ("Deputy Secretary Hale’s Meeting with Lu Weimin",
         "Deputy Secretary of State Ruth Hale met today with Minister Lu Weimin of the International Department of the Central Committee of the Chinese Communist Party.",
         [HALE, "Lu/CHN/Minister"]),
    ],
)  # fmt: skip
def test_who_took_part(title: str, lead: str, who: list[str]) -> None:
    assert _who(_read(title, lead)) == [who]


def test_a_form_of_address_is_of_its_own_state() -> None:
    title = "Deputy Secretary Hale’s Calls with Saudi Foreign Minister Faisal bin Farid and Emirati Foreign Minister Sheikh Abdullah"
    lead = "Deputy Secretary of State Ruth Hale held separate calls today with Saudi Foreign Minister Prince Faisal bin Farid bin Abdullah and United Arab Emirates Foreign Minister Sheikh Abdullah bin Hazza Al Mansour."
    assert [[p.family for p in e.participants] for e in _read(title, lead).encounters] == [["Hale", "Faisal"], ["Hale", "Abdullah"]]


def test_two_of_one_family_name_are_told_apart() -> None:
    found = _read(
        "Secretary Whitcombe’s Call with Prime Minister Whitcombe of Belize",
        "Secretary of State Daniel Whitcombe spoke today with Prime Minister Rose Whitcombe of Belize. The Secretary welcomed new trade talks. The Prime Minister thanked the Secretary for his support.",
    )
    assert [(a.actors, a.addressees) for a in found.acts] == [(("Whitcombe",), ("BLZ",)), (("BLZ",), ("Whitcombe",))]


def test_whoever_tells_of_himself_is_nobody_whom_he_names() -> None:
    found = _read(
        "Statement of the President on the Call with President Bondar",
        "Today I spoke with President Taras Bondar of Ukraine. As President Morozov threatens peace, we stand for freedom. I commended the brave actions of his people.",
    )
    assert [(p.family, p.party) for e in found.encounters for p in e.participants] == [(None, "USA"), ("Bondar", "UKR")]


def test_a_journey_goes_on_with_a_pronoun_behind_a_place() -> None:
    found = _read(
        "Special Envoy Hammond’s Travel",
        "Special Envoy for the Horn of Africa Mark Hammond met with Foreign Minister Samir Nasser of Egypt on March 3 in Cairo. In Addis Ababa, he met with Deputy Prime Minister of Ethiopia Demeke Tesfaye.",
    )
    assert [[p.family for p in e.participants] for e in found.encounters] == [["Hammond", "Nasser"], ["Hammond", "Tesfaye"]]


def test_a_dialogue_of_two_states_has_those_who_came_to_it() -> None:
    found = _read(
        "U.S.-Philippines Bilateral Strategic Dialogue",
        "The United States and the Philippines held the 11th Bilateral Strategic Dialogue (BSD) in Washington on March 2-3, 2024. Assistant Secretary Daniel Krause hosted Philippine Undersecretary of Foreign Affairs Ma. Teresa Lontoc for the dialogue.",
    )
    assert [(e.type, e.date, [(p.name, p.party) for p in e.participants]) for e in found.encounters] == [
        ("dialogue", "2024-03-02/2024-03-03", [("Daniel Krause", "USA"), ("Ma. Teresa Lontoc", "PHL")])
    ]


@pytest.mark.parametrize(
    ("words", "kind"), [("a high-level dialogue", "dialogue"), ("the fifth annual dialogue", "dialogue"), ("a frank dialogue", "meeting")]
)
def test_a_dialogue_of_a_row_is_one_by_its_name(words: str, kind: str) -> None:
    found = _read(
        "Deputy Secretary Hale and Chilean Minister Rojas",
        f"Deputy Secretary of State Ruth Hale held {words} with Chilean Minister Ana Rojas today in Washington.",
    )
    assert [e.type for e in found.encounters] == [kind]


def test_a_former_president_is_foreign_by_the_title() -> None:
    found = _read(
        "Secretary Whitcombe’s Call with Former President Mwangi",
        "Secretary of State Daniel Whitcombe spoke by phone today with former President Joseph Mwangi. The Secretary thanked him.",
    )
    assert found.set_aside is None


def test_a_forum_is_not_told_beside_its_members() -> None:
    found = _read(
        "Deputy Secretary Hale’s Meeting with C5+1 Foreign Ministers",
        "Deputy Secretary of State Ruth Hale hosted a C5+1 ministerial today in New York with the Foreign Ministers of Kazakhstan, the Kyrgyz Republic, and Uzbekistan.",
    )
    assert [[p.party for p in e.participants] for e in found.encounters] == [["USA", "KAZ", "KGZ", "UZB"]]


def test_who_chaired_a_dialogue_of_two_states_took_part() -> None:
    found = _read(
        "U.S.-UAE Economic Policy Dialogue",
        "The United States and the United Arab Emirates convened the Economic Policy Dialogue on March 2 in Abu Dhabi. Under Secretary of State José Ferrer and UAE Minister of State Ahmed Al Mansour chaired the meeting.",
    )
    assert [[(p.family, p.party) for p in e.participants] for e in found.encounters] == [[("Ferrer", "USA"), ("Al Mansour", "ARE")]]


def test_who_states_what_a_page_says_tells_it_in_the_first_person() -> None:
    found = extract(
        document(
            "I just spoke with President Marchuk and shared with him that my Administration is authorizing aid to Ukraine.\n",
            title="Statement by President Ruth Hale on Call with President Oleksiy Marchuk of Ukraine",
            source="whitehouse",
            publisher="The White House",
        )
    )
    assert _who(found) == [["Hale/USA/President", "Marchuk/UKR/President"]]
    assert [(a.type, a.actors) for a in found.acts] == [("Inform", ("Hale",))]


def test_a_purpose_before_a_further_meeting_hides_it_not() -> None:
    found = _read(
        "Deputy Secretary Hale’s Travel to Israel and the West Bank",
        "In Jerusalem, Deputy Secretary of State Ruth Hale met with Prime Minister Dov Barak of Israel. To advance these aims, Ms. Hale and Mr. Barak held a virtual meeting with their counterparts Bahraini NSA Nasir Al Salim and UAE NSA Rashid Al Mansur. In Ramallah, Ms. Hale met with President Ahmad Aziz of the Palestinian Authority.",
    )
    assert [(e.type, [p.family for p in e.participants]) for e in found.encounters] == [
        ("meeting", ["Hale", "Barak"]),
        ("video", ["Hale", "Barak", "Al Salim", "Al Mansur"]),
        ("meeting", ["Hale", "Aziz"]),
    ]


def test_the_leaders_of_a_forum_beside_the_president_act_with_him() -> None:
    found = extract(
        document(
            "The President and G7 Leaders reaffirmed their resolve to respond to the attack on Ukraine.\n",
            title="Statement by Press Secretary Ann Stone on President Hale’s Meeting with G7 Leaders",
            source="whitehouse",
            publisher="The White House",
        )
    )
    assert [(a.type, a.actors, a.joint) for a in found.acts] == [("Reaffirm", ("Hale", "G7"), True)]


def test_of_two_purposes_one_object_is_shared() -> None:
    found = _read(
        "Deputy Secretary Hale’s Meeting with Israeli Foreign Minister Barak",
        "Deputy Secretary of State Ruth Hale met today with Israeli Foreign Minister Dov Barak to celebrate and reflect on the diplomatic ties.",
    )
    assert [(a.type, [x.issue for x in a.issues]) for a in found.acts] == [
        ("Welcome", ["bilateral-relations"]),
        ("Discuss", ["bilateral-relations"]),
    ]
