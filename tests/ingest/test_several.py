"""Pages that tell of several encounters: each is found, with its own people, day and place, and what was said lands at its own."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

import pytest

from communique.ingest.extract import extract
from communique.ingest.people.appositions import singular
from communique.model import Extraction
from tests.ingest.texts import document

ROMANIA, LATVIA = "Ministry of Foreign Affairs of Romania", "Ministry of Foreign Affairs of the Republic of Latvia"
SWEDEN = "Ministry for Foreign Affairs of Sweden"


def read(text: str, publisher: str, title: str, date: str = "2024-03-06") -> Extraction:
    """What is read from a page of a ministry that no rule was written for."""
    page = document(f"{title}\n\n{text}\n", source=None, publisher=publisher, title=title, date=date, published=f"{date}T18:00:00+00:00")
    return extract(page)


def met(page: Extraction) -> list[set[str]]:
    """Who took part in each encounter, as family name or state."""
    return [{x.family or x.party or "?" for x in e.participants} for e in page.encounters]


def said(page: Extraction) -> list[tuple[str | None, str]]:
    """The encounter and the trigger of each act."""
    return [(a.encounter, a.trigger.of(page.document.text)) for a in page.acts]


def test_one_verb_serves_two_encounters_each_at_its_place_and_on_its_day() -> None:
    page = read(
        "Foreign Minister Astrid Sandgren met with the Portuguese Foreign Minister, Duarte Falcão, in Lisbon on Monday and with the Moroccan Foreign Minister, Driss El Ghali, in Rabat on Tuesday.\n\n"
        "In Lisbon, the talks focused on fisheries.\n\nIn Rabat, the talks focused on migration. Mr El Ghali stressed the need for legal pathways.",
        SWEDEN,
        "Foreign Minister Sandgren in Lisbon and Rabat",
    )
    assert met(page) == [{"Sandgren", "Falcão"}, {"Sandgren", "El Ghali"}]
    assert [(e.place, e.date) for e in page.encounters] == [("Lisbon", "2024-03-04"), ("Rabat", "2024-03-05")]
    assert said(page) == [("e1", "focused"), ("e2", "focused"), ("e2", "stressed")]


def test_whoever_is_met_and_whoever_receives_are_not_told_as_one() -> None:
    page = read(
        "Minister of Foreign Affairs Ana Vulpescu visited Kazakhstan on 5 March 2024. During her visit, Minister Vulpescu met with Foreign Minister Timur Bekenov and was received by President Askar Nurlanov.\n\n"
        "Foreign Ministers Vulpescu and Bekenov reviewed trade.\n\nPresident Nurlanov thanked Romania for its support.",
        ROMANIA,
        "Visit of Foreign Minister Vulpescu to Astana",
    )
    assert met(page) == [{"Vulpescu", "Bekenov"}, {"Vulpescu", "Nurlanov"}]
    assert said(page) == [("e1", "reviewed"), ("e2", "thanked")]


def test_counterparts_told_by_their_states_are_met_one_by_one_and_named_where_they_speak() -> None:
    page = read(
        "Minister of Foreign Affairs Ilze Kalniņa had bilateral talks with her counterparts from Malta, Ghana and Bahrain on 5 March.\n\n"
        "During her conversation with Maltese Foreign Minister Joseph Zammit, Minister Kalniņa thanked Malta for its support.\n\n"
        "Ghana's Foreign Minister Akosua Frempong and Minister Kalniņa discussed education.\n\n"
        "The Foreign Minister of Bahrain Dr. Majid Al Dosari congratulated Minister Kalniņa on her election.",
        LATVIA,
        "Minister Kalniņa with a series of meetings in New York",
    )
    assert met(page) == [{"Kalniņa", "Zammit"}, {"Kalniņa", "Frempong"}, {"Kalniņa", "Al Dosari"}]
    assert said(page) == [("e1", "thanked"), ("e2", "discussed"), ("e3", "congratulated")]


def test_unnamed_ministers_are_not_the_publisher_s_own() -> None:
    page = read(
        "On the margins of the Retreat, the Foreign Minister, Mr. Radu Vulpescu, held bilateral meetings with the Foreign Ministers of Bulgaria, Chile and Mongolia on 5 March 2024.",
        ROMANIA,
        "Foreign Minister attends the Retreat",
    )
    assert met(page) == [{"Vulpescu", "BGR"}, {"Vulpescu", "CHL"}, {"Vulpescu", "MNG"}]


def test_headings_introduce_the_encounters_that_a_lead_only_counts() -> None:
    page = read(
        "Foreign Minister Ilze Kalniņa held a number of bilateral meetings in Bangkok on 4 and 5 March 2024 on the sidelines of the Retreat.\n\n"
        "Minister of Foreign Affairs of Thailand, Somchai Rattanakul\n\nDuring the meeting on 4 March, the two Ministers discussed tourism. Minister Rattanakul thanked Latvia for its support.\n\n"
        "Minister of External Affairs of India, Dr. Arvind Krishnamurthy\n\nMinister Kalniņa expressed appreciation for India's assistance.\n\n"
        "Foreign Secretary of Bangladesh, Tahmina Rahman\n\nIn the talks on 5 March, the two sides discussed shipping. The Foreign Secretary condemned the attack.",
        LATVIA,
        "Foreign Minister Kalniņa holds bilateral meetings in Bangkok",
    )
    assert met(page) == [{"Kalniņa", "Rattanakul"}, {"Kalniņa", "Krishnamurthy"}, {"Kalniņa", "Rahman"}]
    assert [(e.place, e.date) for e in page.encounters] == [
        ("Bangkok", "2024-03-04"),
        ("Bangkok", "2024-03-04/2024-03-05"),
        ("Bangkok", "2024-03-05"),
    ]
    assert said(page) == [
        ("e1", "discussed"),
        ("e1", "thanked"),
        ("e2", "expressed appreciation"),
        ("e3", "discussed"),
        ("e3", "condemned"),
    ]


def test_labels_and_fronted_names_introduce_encounters_too() -> None:
    page = read(
        "The Minister of Foreign Affairs, Tomás Teixeira, held bilateral meetings on 5 March in Addis Ababa with several of his counterparts:\n\n"
        "Kenya: With the Prime Cabinet Secretary, Joseph Kiplagat, the Minister discussed mediation. Kiplagat praised the ceasefire.\n\n"
        "Algeria: With the Minister of Foreign Affairs, Rachid Belaïd, the Minister reviewed energy cooperation.",
        ROMANIA,
        "Minister Teixeira in Addis Ababa",
    )
    assert met(page) == [{"Teixeira", "Kiplagat"}, {"Teixeira", "Belaïd"}]
    assert {x.party for e in page.encounters for x in e.participants} == {"ROU", "KEN", "DZA"}
    assert said(page) == [("e1", "discussed"), ("e1", "praised"), ("e2", "reviewed")]


def test_a_further_encounter_opens_with_his_majesty_or_the_same_day_or_a_bare_later() -> None:
    for opening in ("Later, His Majesty received", "The same day, His Majesty received", "Later His Majesty also met with"):
        page = read(
            f"His Majesty King Isa bin Rashid Al Khalifa today received at Sakhir Palace the President of Greece, Eleni Stavrou.\n\n{opening} UN Special Envoy Klaus Brenner. HM the King praised the envoy.",
            "Royal Court of Bahrain",
            "HM King receives Greek President",
        )
        assert met(page) == [{"Al Khalifa", "Stavrou"}, {"Al Khalifa", "Brenner"}], opening
        assert said(page) == [("e2", "praised")]


def test_on_the_margins_of_a_conference_each_counterpart_is_an_encounter_of_its_own() -> None:
    page = read(
        "Minister of Foreign Affairs Ilze Kalniņa attended the Munich Security Conference. On the margins of the conference, she held bilateral meetings with Iraqi Foreign Minister Karim Al-Saadi and Chilean Foreign Minister Pablo Errázuriz.\n\n"
        "Minister Kalniņa and Minister Al-Saadi discussed trade.\n\nChilean Foreign Minister Errázuriz thanked Latvia for its support.",
        LATVIA,
        "Minister Kalniņa at the Munich Security Conference",
    )
    assert met(page)[-2:] == [{"Kalniņa", "Al-Saadi"}, {"Kalniņa", "Errázuriz"}]
    assert said(page) == [("e2", "discussed"), ("e3", "thanked")]


@pytest.mark.parametrize(
    ("text", "title", "people"),
    [
        (  # the opening tells of a whole day, the next paragraph of the first encounter
            "Minister of Foreign Affairs Ilze Kalniņa continued her activities in New York today with a series of bilateral meetings.\n\nIn the morning, Minister Kalniņa met with the Foreign Minister of Peru, Lucía Ibarrondo.\n\nThe Minister was also received by UN Under-Secretary-General Ingrid Malm.",
            "Minister Kalniņa continues meetings in New York",
            [{"Kalniņa", "Ibarrondo"}, {"Kalniņa", "Malm"}],
        ),
        (  # a journey that is still going on
            "Foreign Minister Ilze Kalniņa is on a three-day trip to West Africa.\n\nOn Monday in Accra, the Foreign Minister met with Ghana's Minister for Foreign Affairs, Akosua Frempong.\n\nOn Tuesday the trip continued to Nigeria, where the Foreign Minister met in Abuja with Foreign Minister Tunde Adeyemi.",
            "Foreign Minister in Accra and Abuja",
            [{"Kalniņa", "Frempong"}, {"Kalniņa", "Adeyemi"}],
        ),
        (  # the first sentence says who, the second with whom
            "The Minister of Foreign Affairs, Ilze Kalniņa, yesterday held two separate meetings at the Palais des Nations in Geneva. She met with the Director-General of the WTO, Amara Nwosu, and the Foreign Minister of Cabo Verde, João Tavares.",
            "Foreign Minister's engagements in Geneva",
            [{"Kalniņa", "Nwosu"}, {"Kalniņa", "Tavares"}],
        ),
        (  # two of several states are spoken of apart
            "Foreign Minister Ilze Kalniņa spoke on Monday by phone with UK Foreign Secretary Edward Haversham and Polish Foreign Minister Marek Zieliński. In the conversation with Haversham, she thanked the United Kingdom. In the call with Zieliński, the ministers discussed border security.",
            "Foreign Minister Kalniņa discussed security with British and Polish colleagues",
            [{"Kalniņa", "Haversham"}, {"Kalniņa", "Zieliński"}],
        ),
        (
            "Foreign Minister Ilze Kalniņa met with Foreign Minister Jure Hribar of Slovenia in Ljubljana on Monday.\n\nThe next day in Budapest she was received by Prime Minister Gábor Nagy.\n\nFrom Budapest, the Foreign Minister travelled on to Jordan, where she met with Foreign Minister Faisal Majali on Wednesday.",
            "Foreign Minister Kalniņa in three capitals",
            [{"Kalniņa", "Hribar"}, {"Kalniņa", "Nagy"}, {"Kalniņa", "Majali"}],
        ),
        (  # who is visiting has met already
            "Foreign Minister Ilze Kalniņa is visiting Warsaw today, where she met with Foreign Minister Piotr Wolański of Poland.",
            "Foreign Minister Kalniņa on a visit to Warsaw",
            [{"Kalniņa", "Wolański"}],
        ),
        (  # the present tense
            "Foreign Minister Ilze Kalniņa meets with the Foreign Minister of Cyprus, Andreas Loizou. Minister Kalniņa stresses the need for dialogue.",
            "Minister Kalniņa and the counterpart of Cyprus",
            [{"Kalniņa", "Loizou"}],
        ),
        (
            "The Minister for Foreign Affairs, Ilze Kalniņa, spoke this morning with the Foreign Minister of Iran, Reza Tavakoli, and this afternoon with the Foreign Minister of Israel, Yael Regev.",
            "Statement on the Minister's calls",
            [{"Kalniņa", "Tavakoli"}, {"Kalniņa", "Regev"}],
        ),
        (  # a list that its opening leads to
            "Foreign Minister Ilze Kalniņa held the following bilateral meetings in Geneva on 5 March 2024:\n\n- Met with the United Nations High Commissioner for Human Rights, Aino Laaksonen.\n\n- Met with the Minister of Foreign Affairs of Slovenia, Matej Podobnik.",
            "Foreign Minister Kalniņa's agenda in Geneva",
            [{"Kalniņa", "Laaksonen"}, {"Kalniņa", "Podobnik"}],
        ),
        (
            "Together with her counterparts Juhani Karppinen (Finland) and Astrid Lunde (Norway), Minister of Foreign Affairs Ilze Kalniņa met with the Foreign Minister of Moldova, Ion Ciobanu, in Chisinau yesterday.",
            "Joint visit to Chisinau",
            [{"Kalniņa", "Karppinen", "Lunde", "Ciobanu"}],
        ),
        (
            "On March 5, Minister of Foreign Affairs Ilze Kalniņa received the Ambassador of Chile, Rodrigo Pardo.\n\nOn the same day, Minister Ilze Kalniņa received a delegation of the Parliament of Slovakia headed by its Deputy Speaker, Martin Hudec.",
            "Minister receives guests",
            [{"Kalniņa", "Pardo"}, {"Kalniņa", "Hudec"}],
        ),
    ],
)
def test_openings_of_pages_with_several_encounters(text: str, title: str, people: list[set[str]]) -> None:
    assert met(read(text, LATVIA, title)) == people


def test_a_bilateral_meeting_beside_that_of_a_body_is_one_of_its_own() -> None:
    page = read(
        "Foreign Minister Radu Vulpescu headed yesterday, in the city of Iași, the meeting of the Council of Delegates of the River Commission, together with the Foreign Minister of Moldova, Ion Ciobanu, and the Foreign Minister of Bulgaria, Elena Dimitrova. The three ministers analysed the floods.\n\n"
        "On the occasion, Vulpescu held a bilateral meeting with Ciobanu. Vulpescu expressed his concern over the level of the river.",
        ROMANIA,
        "River ministers meet in Iași",
    )
    assert [(e.type, len(e.participants)) for e in page.encounters] == [("multilateral-meeting", 3), ("meeting", 2)]
    assert met(page)[1] == {"Vulpescu", "Ciobanu"}
    assert said(page) == [("e1", "analysed"), ("e2", "expressed his concern")]


def test_each_of_those_who_met_together_was_met_before_and_the_joint_session_goes_on_with_all() -> None:
    page = read(
        "High Representative Sofia Lindqvist yesterday convened in Brussels a high-level meeting with the President of Serbia, Miloš Stanojlović, and the Prime Minister of Kosovo, Arta Hoxhaj.\n\n"
        "Before the joint session, the High Representative met separately with each of the two leaders. With Prime Minister Hoxhaj, she raised the situation in the north.\n\n"
        "In the trilateral meeting, the High Representative underlined that the agreement is binding. Prime Minister Hoxhaj rejected that linkage.",
        "European External Action Service",
        "Readout of the high-level meeting",
    )
    assert met(page) == [{"Lindqvist", "Stanojlović", "Hoxhaj"}, {"Lindqvist", "Stanojlović"}, {"Lindqvist", "Hoxhaj"}]
    assert said(page) == [("e3", "raised"), ("e1", "underlined"), ("e1", "rejected")]


def test_who_came_along_to_the_meetings_took_part_in_each() -> None:
    page = read(
        "Minister of Foreign Affairs Ilze Kalniņa met with the Foreign Minister of Peru, Lucía Ibarrondo, in Lima.\n\nThe Minister then met with Peruvian Prime Minister Hugo Quispe.\n\n"
        "The Minister was accompanied to the meetings by Ambassador Juris Liepa and State Secretary Anda Ozola.",
        LATVIA,
        "Minister Kalniņa in Lima",
    )
    assert met(page) == [{"Kalniņa", "Ibarrondo", "Liepa", "Ozola"}, {"Kalniņa", "Quispe", "Liepa", "Ozola"}]


def test_the_guest_s_call_on_another_of_the_host_s_state() -> None:
    page = read(
        "Minister of Foreign Affairs Ana Vulpescu held talks with the Minister of Foreign and European Affairs of Slovakia, Peter Dubovský, who is on an official visit to Bucharest.\n\n"
        "Earlier in the day, the Slovak Minister was received by Prime Minister Radu Iskander. Iskander thanked the guest.",
        ROMANIA,
        "Visit of the Slovak Foreign Minister",
    )
    assert [[(x.family, x.party) for x in e.participants] for e in page.encounters] == [
        [("Vulpescu", "ROU"), ("Dubovský", "SVK")],
        [("Dubovský", "SVK"), ("Iskander", "ROU")],
    ]


def test_the_two_ministers_go_on_with_their_talks_after_one_of_them_was_received_by_the_president() -> None:
    page = read(
        "Minister of Foreign Affairs Ilze Kalniņa met with the Foreign Minister of Peru, Lucía Ibarrondo, in Lima. Minister Kalniņa was also received by President Hugo Quispe.\n\n"
        "The two ministers agreed to hold consultations.\n\nPresident Quispe thanked Latvia.",
        LATVIA,
        "Minister Kalniņa in Lima",
    )
    assert met(page) == [{"Kalniņa", "Ibarrondo"}, {"Kalniņa", "Quispe"}]
    assert said(page) == [("e1", "agreed"), ("e2", "thanked")]


def test_on_a_visit_she_travelled_on_to_where_she_met_another() -> None:
    page = read(
        "- talks with the Foreign Minister and with the Governor of the Northern Region\n- more money for schools\n\n"
        "The Minister for Africa, Helen Marsden MP, visited Ghana from 4 to 6 March.\n\n"
        "In Accra on Tuesday, Minister Marsden held talks with Foreign Minister Kofi Adjei-Boateng. She welcomed the progress on debt.\n\n"
        "The following day she travelled to Tamale, where she met the Governor of the Northern Region, Alhassan Issah. Governor Issah thanked the British people for their help.",
        "Foreign, Commonwealth & Development Office",
        "Minister for Africa visits Ghana",
    )
    assert met(page) == [{"Marsden", "Adjei-Boateng"}, {"Marsden", "Issah"}]
    assert [e.date for e in page.encounters] == ["2024-03-05", "2024-03-06"]
    assert page.encounters[1].participants[1].offices == ("Governor of the Northern Region",)
    assert said(page) == [("e1", "welcomed"), ("e2", "thanked")]


def test_a_forum_of_three_is_its_ministers_once_all_are_named_and_two_of_them_talk_on_the_sidelines() -> None:
    page = read(
        "Minister of Foreign Affairs Jan Zielony took part in a meeting of the heads of diplomacy of the Lublin Triangle in Vilnius on 5 March. The talks were hosted by Lithuania's Foreign Minister Rūta Petrauskė and also attended by Ukraine's Foreign Minister Taras Bondar.\n\n"
        "The three ministers discussed energy. Minister Zielony informed his partners about the pipeline.\n\n"
        "On the sidelines, Minister Zielony talked with Minister Petrauskė about schools.",
        "Ministry of Foreign Affairs of Poland",
        "Lublin Triangle in Vilnius",
    )
    assert met(page) == [{"Zielony", "Petrauskė", "Bondar"}, {"Zielony", "Petrauskė"}]
    assert page.encounters[1].type == "meeting"
    assert said(page) == [("e1", "discussed"), ("e1", "informed"), ("e2", "talked")]
    assert page.acts[1].addressees == ("Petrauskė", "Bondar")


def test_he_is_not_the_one_with_whom_he_speaks() -> None:
    page = read(
        "The President of the Republic, Mr Antoine Morvan, spoke on Tuesday with the President of the Democratic Republic of the Congo, Mr Joseph Ilunga, and today with the President of the Republic of Rwanda, Mr Eric Habimana.\n\n"
        "With President Ilunga, he condemned the attack. He called for a ceasefire.",
        "Élysée",
        "Telephone conversations",
    )
    assert [(a.actors, a.addressees) for a in page.acts] == [(("Morvan",), ("Ilunga",))] * 2


def test_who_writes_and_a_colleague_host_together() -> None:
    page = read(
        "Senator the Hon Fiona Marlow\nMinister for Foreign Affairs\n\n"
        "Today in Canberra the Deputy Prime Minister, the Hon Peter Dunmore MP, and I hosted our Indonesian counterparts, Foreign Minister Dewi Lestari and Defence Minister Agus Pratama.\n\n"
        "We agreed to hold an exercise. I congratulated Foreign Minister Lestari on the summit.",
        "Australian Minister for Foreign Affairs",
        "Australia-Indonesia Ministerial Meeting",
    )
    assert [(x.family, x.party) for x in page.encounters[0].participants] == [
        ("Marlow", "AUS"),
        ("Dunmore", "AUS"),
        ("Lestari", "IDN"),
        ("Pratama", "IDN"),
    ]
    assert [a.actors for a in page.acts] == [("Marlow", "Dunmore", "Lestari", "Pratama"), ("Marlow",)]


def test_a_series_of_meetings_told_late_in_its_sentence_is_told_one_by_one_below() -> None:
    page = read(
        "First Deputy Prime Minister and Minister of Foreign Affairs Radu Vulpescu held yesterday, on the sidelines of the high-level week of the 78th session of the General Assembly, a series of bilateral meetings.\n\n"
        "The first was with the Minister of Foreign Affairs of Ghana, Kwabena Owusu. The two ministers discussed trade.\n\n"
        "With the Minister of Foreign Affairs of Kazakhstan, Yerlan Bekov, the Romanian Minister discussed flights.\n\n"
        "Minister Vulpescu also spoke with the Foreign Minister of Peru, Rosa Quispe. He congratulated her.\n\n"
        "Lastly, Vulpescu informed the Foreign Minister of Chile, Pablo Rojas, of the summit.",
        ROMANIA,
        "Minister Vulpescu in New York",
    )
    assert met(page) == [{"Vulpescu", "Owusu"}, {"Vulpescu", "Bekov"}, {"Vulpescu", "Quispe"}, {"Vulpescu", "Rojas"}]
    assert {(e.type, e.date) for e in page.encounters} == {("meeting", "2024-03-05")}
    assert said(page) == [("e1", "discussed"), ("e2", "discussed"), ("e3", "congratulated"), ("e4", "informed")]


def test_calls_of_an_overview_are_calls_in_his_conversation_and_in_the_perfect() -> None:
    page = read(
        "The Minister for Foreign Affairs, Ignacio Robles Arrieta, has this morning held several telephone conversations.\n\n"
        "In his conversation with the Minister of Foreign Affairs of Djibouti, Houssein Waberi, Robles conveyed his gratitude for the help.\n\n"
        "The minister has also spoken with the Jordanian Foreign Minister, Suleiman Al-Hadid. Al-Hadid thanked Spain.",
        "Ministry of Foreign Affairs, European Union and Cooperation of Spain",
        "The Minister for Foreign Affairs speaks with his counterparts from Djibouti and Jordan",
    )
    assert met(page) == [{"Robles", "Waberi"}, {"Robles", "Al-Hadid"}]
    assert {e.type for e in page.encounters} == {"call"}


def test_talks_told_by_what_was_said_to_the_press_after_them() -> None:
    page = read(
        "In Budapest on Tuesday, the Minister of Foreign Affairs and Trade said Azerbaijan will play a greater role.\n\n"
        "At a press conference held jointly with Azerbaijani Foreign Minister Rauf Aghayev after their talks, Gergely Szabados announced that the volume would double. Mr. Aghayev praised Hungary.",
        "Ministry of Foreign Affairs and Trade of Hungary",
        "Supply cannot be guaranteed without Azerbaijan",
    )
    assert met(page) == [{"Szabados", "Aghayev"}]
    assert said(page)[-2:] == [("e1", "announced"), ("e1", "praised")]


def test_the_members_of_a_forum_who_came_are_told_one_by_one() -> None:
    page = read(
        "Minister for Foreign Affairs Elina Koskela hosted a meeting of the Foreign Ministers of the Nordic and Baltic countries (NB8) in Turku on 5 March. In addition to Minister Koskela, the meeting was attended by the Foreign Ministers of Estonia, Kadri Tamm, and Iceland, Gunnar Pálsson, as well as by State Secretaries from Denmark, Latvia, Lithuania, Norway and Sweden.\n\n"
        "Foreign Minister Tamm informed her colleagues about the buoys.",
        "Finnish Government",
        "Nordic-Baltic foreign ministers in Turku",
    )
    assert met(page) == [{"Koskela", "Tamm", "Pálsson", "DNK", "LVA", "LTU", "NOR", "SWE"}]
    assert len(page.acts[-1].addressees) == 7


def test_delegations_headed_by_two_are_those_two_and_no_palace() -> None:
    page = read(
        "On 5 March 2024, regular consultations between the Ministries of Foreign Affairs of the Czech Republic and Mongolia took place at the Bellini Palace. The delegations were headed by Deputy Minister of Foreign Affairs for Non-European Countries Tomáš Vrba and State Secretary of the Ministry of Foreign Affairs of Mongolia Ganbold Enkhbat. The partners evaluated trade.",
        "Ministry of Foreign Affairs of the Czech Republic",
        "Czech-Mongolian Political Consultations",
    )
    assert met(page) == [{"Vrba", "Enkhbat"}]


def test_in_her_meeting_whose_subject_nobody_names_again() -> None:
    page = read(
        "The Cabinet Secretary for Foreign Affairs, Dr. Agnes Chepkoech, today held a series of bilateral meetings.\n\n"
        "The CS met H.E. Abdirashid Guled, Minister of Foreign Affairs of Somalia. The two Ministers reviewed trade.\n\n"
        "In her meeting with the Secretary of State for Foreign Affairs of Portugal, Hon. Duarte Falcão, discussions centred on the sea.",
        "Ministry of Foreign and Diaspora Affairs of Kenya",
        "Cabinet Secretary Chepkoech holds bilateral engagements",
    )
    assert met(page) == [{"Chepkoech", "Guled"}, {"Chepkoech", "Falcão"}]


CROATIA = "Ministry of Foreign and European Affairs of the Republic of Croatia"


def test_whoever_speaks_for_another_state_was_met_in_whatever_words_it_is_told() -> None:
    page = read(
        "Foreign and European Affairs Minister Ivo Jurić Horvat met on Tuesday in New York with the Foreign Minister of Peru, Rosa Quispe. The ministers discussed trade.\n\n"
        "The port and its future were what the exchange with Colombian Foreign Minister Martín Lozano was about. Minister Jurić Horvat commended Colombia. Lozano expressed interest in an embassy.",
        CROATIA,
        "Minister Jurić Horvat in New York",
    )
    assert met(page) == [{"Jurić Horvat", "Quispe"}, {"Jurić Horvat", "Lozano"}]
    assert said(page) == [("e1", "discussed"), ("e2", "commended"), ("e2", "expressed interest")]


def test_whoever_speaks_for_a_state_at_a_forum_was_at_it() -> None:
    page = read(
        "Foreign Secretary Julián Arriaga Soto today chaired a virtual meeting of the foreign ministers of CELAC.\n\n"
        "The Foreign Minister of Argentina, Hernán Quiroga Paz, thanked Mexico for its leadership. The foreign ministers agreed to meet in October.",
        "Secretaría de Relaciones Exteriores (Mexico)",
        "Foreign Secretary chairs virtual meeting of CELAC foreign ministers",
    )
    assert met(page) == [{"Arriaga", "CELAC", "Quiroga"}]
    assert page.acts[0].actors == ("Quiroga",)


def test_the_ministers_of_a_group_that_no_list_knows_are_its_sides() -> None:
    page = read(
        "Today, Minister of Foreign Affairs Dr Matjaž Vidmar Hribar hosted at Brdo the third meeting of foreign ministers of the Alpine Five group. The meeting was attended by the foreign ministers of Austria, Dr Leopold Reiner, the Czech Republic, Jiřina Malá, and Hungary, Zsolt Bereny.\n\n"
        "The ministers agreed to open the border. On the fringes of the gathering, Minister Vidmar Hribar met bilaterally with Minister Bereny.",
        "Ministry of Foreign and European Affairs of Slovenia",
        "Minister Vidmar Hribar hosts meeting at Brdo",
    )
    assert met(page) == [{"Vidmar Hribar", "Reiner", "Malá", "Bereny"}, {"Vidmar Hribar", "Bereny"}]
    assert page.acts[0].actors == ("Vidmar Hribar", "Reiner", "Malá", "Bereny")
    assert page.encounters[0].participants[1].offices == ("foreign minister",)


@pytest.mark.parametrize(
    ("told", "office"), [("Ministers of Foreign Affairs", "Minister of Foreign Affairs"), ("state secretaries", "state secretary")]
)
def test_the_office_of_each_of_a_group_is_one_office(told: str, office: str) -> None:
    assert singular(told) == office


def test_calls_to_counterparts_that_are_told_one_by_one_are_one_each() -> None:
    page = read(
        "The Minister of Foreign Affairs, Lorenzo Bellini, spoke on the telephone today with his counterparts from Iran, Kazem Rostami, and Israel, Amnon Harel.\n\n"
        "In his conversation with Minister Rostami, Minister Bellini urged restraint.\n\nSpeaking with Minister Harel, Minister Bellini expressed solidarity for the victims.",
        "Ministry of Foreign Affairs and International Cooperation of Italy",
        "Minister Bellini speaks with the Foreign Ministers of Iran and Israel",
    )
    assert met(page) == [{"Bellini", "Rostami"}, {"Bellini", "Harel"}]


def test_a_day_in_figures_and_a_place_between_the_host_and_his_guest() -> None:
    page = read(
        "The Minister of Foreign Affairs, Dr. Salam Al-Khalidi, received on Sunday, 3/3/2024, at the headquarters of the Ministry in Baghdad, Mrs. Marijke Hoorn, on the occasion of presenting a copy of her credentials as Ambassador of the Kingdom of the Netherlands to the Republic of Iraq.\n\n"
        "The Minister congratulated the Ambassador.",
        "Ministry of Foreign Affairs of Iraq",
        "The Minister of Foreign Affairs receives a copy of the credentials of the new Ambassador of the Kingdom of the Netherlands",
    )
    assert met(page) == [{"Al-Khalidi", "Hoorn"}]
    assert [(x.party) for x in page.encounters[0].participants] == ["IRQ", "NLD"]
