"""Readouts of many publishers are readouts; other releases are set aside, each with its reason.  All texts are invented."""

# ruff: noqa: E501, ISC004 (an invented text stays on one line)

from __future__ import annotations

from hashlib import sha256

import pytest

from communique.ingest import sources
from communique.ingest.extract import extract
from communique.ingest.pages import genre, layout
from communique.model import Document
from tests.ingest.texts import document


def classify(title: str | None, text: str, publisher: str | None = None) -> genre.Genre:
    document = Document(id="t", text=text, sha256=sha256(text.encode()).hexdigest(), origin="t", title=title, publisher=publisher)
    source = sources.recognise(None, publisher, text)
    return genre.classify(document, source, layout.lay_out(document, source))


READOUTS = [
    ("Ministry of Foreign Affairs of Japan", "Japan-Norway Foreign Ministers’ Telephone Talk",
     "On May 4, commencing at 6:15 p.m. for about 20 minutes, Ms. MINAMI Kaoru, Minister for Foreign Affairs, held a telephone talk with H.E. Mr. Nils Aas, Minister of Foreign Affairs of Norway. The overview is as follows.\n\n1. The two ministers exchanged views on the Arctic."),
    ("Ministry of Foreign Affairs of Japan", "Courtesy Call on Foreign Minister Minami by the Ambassador of Chile",
     "On June 2, from 3:00 p.m. for 15 minutes, Mr. Pablo Rojas, Ambassador of Chile to Japan, paid a courtesy call on Ms. MINAMI Kaoru, Minister for Foreign Affairs.\n\n1. Minister Minami welcomed him."),
    ("Ministry of Foreign Affairs of Japan", "Representation to the Chinese side on vessels",
     "1. On October 3, Mr. ODA Ken, Director-General, summoned Mr. Liu Bo, Minister of the Embassy of China in Japan, and lodged a protest."),
    ("Foreign, Commonwealth & Development Office", "Foreign Secretary call with Polish Foreign Minister: 3 May 2024",
     "The Foreign Secretary spoke to Polish Foreign Minister Jan Lis yesterday.\n\nA Foreign, Commonwealth & Development Office spokesperson said:\n\n“The Foreign Secretary spoke to Foreign Minister Lis. I think"
     " they agreed on sanctions.”"),
    ("Prime Minister's Office, 10 Downing Street", "PM meeting with Prime Minister Ito of Japan: 18 May 2024",
     "The Prime Minister met the Prime Minister of Japan, Ito Haru, in Kobe today.\n\nThe leaders agreed to deepen defence ties."),
    ("Ministry of Foreign Affairs of the People's Republic of China", "Sun Lei Has a Phone Call with Dutch Foreign Minister Piet Visser",
     "On March 5, 2024, Foreign Minister Sun Lei had a phone call with Dutch Foreign Minister Piet Visser at request.\n\nSun Lei said that China stands ready to work with the Netherlands."),
    ("Ministry of Foreign Affairs of the Republic of Korea", "Outcome of Korea-Mongolia Foreign Ministers’ Meeting",
     "1. Minister of Foreign Affairs Han Sora held talks with her Mongolian counterpart, Bat Erdene, in Seoul on April 9.\n\n  ° The two ministers agreed to widen cooperation on minerals."),
    ("Global Affairs Canada", "Minister Roy speaks with Kenya’s Cabinet Secretary for Foreign Affairs",
     "May 4, 2022 – Ottawa, Ontario – Global Affairs Canada\n\nThe Honourable Anne Roy, Minister of Foreign Affairs, today spoke with Peter Mwangi, Cabinet Secretary for Foreign Affairs of Kenya.\n\nThey discussed Sudan."),
    ("European External Action Service", "Ukraine: High Representative Lindt speaks with Foreign Minister Bondar",
     "High Representative/Vice-President Eva Lindt held a phone call today with the Minister of Foreign Affairs of Ukraine, Oleh Bondar.\n\nThe High Representative reiterated the EU's support."),
    ("Ministry of External Affairs, Government of India", "Telephone conversation between Prime Minister and the Sultan of Oman",
     "Prime Minister Shri Arun Rao had a telephone conversation today with His Majesty Sultan Said of Oman. The two leaders reviewed bilateral relations."),
    ("U.S. Department of State", "U.S.-EU Consultations Between Secretary General Lindt and Deputy Secretary Hale",
     "Office of the Spokesperson\n\nThe following is the text of a joint press release by the U.S. Department of State and the European External Action Service.\n\nBegin text:\n\nOn May 4, Deputy Secretary of State Ruth Hale met European External Action Service Secretary General Eva Lindt in Brussels. They reaffirmed their support for Ukraine."),
    ("U.S. Department of State", "U.S.-Poland Dialogue on Archives",
     "Office of the Spokesperson\n\n“It matters that archives stay open to the families of those who were lost.”\n\n– Secretary Ashdown, March 2, 2024\n\nSecretary Mark Ashdown and Polish Foreign Minister Jan Lis met today in Warsaw to launch a new dialogue on archives."),
    ("Ministry of Foreign Affairs and East African Cooperation of Tanzania", "Hon. Makame receives Special Message from the President of Uganda",
     "The Minister for Foreign Affairs, Hon. Salum Makame, has today received a Special Message addressed to the President of Tanzania from the President of Uganda.\n\nThe message was delivered by the Special Envoy, Hon. Grace Akello."),
    ("Presidency of the Republic of Cyprus", "Statement by the Spokesman on the contacts of the President of the Republic in New York",
     "The President of the Republic, Mr Petros Ioannou, had today a series of meetings in New York.\n\nIn the morning, the President met with the Prime Minister of Armenia, Mr Aram Petrosyan."),
    ("Federal Government of Germany", "Federal Chancellor Brandt talks to President Silva",
     "Government Spokesperson Jutta Kern issued the following statement:\n\nFederal Chancellor Otto Brandt spoke to the President of Brazil, Marta Silva, on the telephone today."),
    ("Ministry of Foreign Affairs of the Russian Federation", "Press release on the telephone conversation between Foreign Ministers",
     "On 5 May, Foreign Minister Pavel Orlov had a telephone conversation with Foreign Minister of Serbia Milan Ilic.\n\nThe ministers exchanged views on the Balkans."),
    ("United Nations", "Readout of the Secretary-General’s meeting with the President of Ghana",
     "The Secretary-General met with H.E. Mr. Kofi Boateng, President of the Republic of Ghana. They discussed the situation in the Sahel."),
    ("Ministry for Foreign Affairs of Sweden", None,
     "Stockholm talks\n\nForeign Minister Greta Lund received Estonian Foreign Minister Mart Kask in Stockholm on Tuesday. They discussed security in the Baltic Sea."),
    ("U.S. Department of State", "Readout of Quad Senior Officials’ Meeting",
     "Office of the Spokesperson\n\nSenior officials of Australia, India, Japan, and the United States met virtually on Tuesday. They reaffirmed their commitment to a free and open Indo-Pacific."),
    ("U.S. Department of State", "Counselor Doe’s Travel to Chile",
     "Counselor John Doe traveled to Santiago on May 3 and met with Foreign Minister Ana Diaz to reaffirm close ties."),
    ("U.S. Department of State", "The Sixth U.S.-Kenya Strategic Dialogue", "The sixth U.S.-Kenya Strategic Dialogue was held in Nairobi on May 3, co-chaired by Under Secretary Doe and Principal Secretary Otieno."),
    ("Ministry of External Affairs, Government of India", "Phone call from the President of Kenya", "Prime Minister Shri Arun Rao received a phone call today from H.E. Mr. Peter Mwangi, President of Kenya."),
    ("Ministry of External Affairs, Government of India", "5th India-Chile Foreign Office Consultations", "The 5th round of Foreign Office Consultations between India and Chile was held on 4 May 2024 in Santiago. Both sides reviewed trade."),
    ("Ministry of Foreign Affairs of Japan", "Signing of the Japan-Chile Tax Convention", "On January 21, in Santiago, Mr. ODA Ken, Ambassador of Japan to Chile, and Ms. Ana Diaz, Minister of Finance, signed the Convention. A signing ceremony was held."),
    ("Ministry of Foreign Affairs of Singapore", "Working Visit by Minister for Foreign Affairs Dr Lim to Brunei", "Minister for Foreign Affairs Dr Lim is on a working visit to Brunei from 3 to 5 May. He called on His Majesty Sultan Omar today. They reaffirmed the close ties."),
    ("North Atlantic Treaty Organization", "NATO Secretary General welcomes the President of Poland", "On Monday (4 May 2024), NATO Secretary General Nils Aas welcomed the President of Poland, Jan Lis, to NATO Headquarters."),
    ("Department of Foreign Affairs of the Philippines", None, "PASAY CITY 03 May 2024 – Secretary for Foreign Affairs Ramon Cruz met with Vietnamese Foreign Minister Tran Van Minh on the sidelines of the ASEAN Summit."),
    ("European External Action Service", "Serbia/Kosovo: High-level meeting", "UKRAINE: They discussed support.\n\nSERBIA: High Representative Eva Lindt met with President Milan Ilic in Brussels today."),
    ("U.S. Department of State", "Special Envoy Doe Returns from Travel to Chad", "Special Envoy Jane Doe returned on May 3 from travel to Chad. During her trip, she met with senior officials to urge calm."),
    ("U.S. Department of State", "Third U.S.-Chile Seismic Dialogue", "During her visit last year, President Roe affirmed the importance of research. As part of those efforts, officials of Chile and the United States met virtually on May 3."),
    ("U.S. Department of State", "The United States and Chile Sign a Memorandum of Understanding on Ports", "Today, the United States and Chile signed a Memorandum of Understanding on ports. Secretary Doe signed for the United States."),
    ("The White House", "Statement by NSC Spokesperson Ann Roe on National Security Advisor Doe’s Visit to Riga, Latvia", "National Security Advisor John Doe met with Latvian President Jana Ozola in Riga today to underscore support."),
    ("Ministry of Foreign Affairs of Kenya", "PS Otieno hosts Norwegian delegation", "Principal Secretary Otieno held bilateral talks with a delegation from Norway led by State Secretary Aas."),
]  # fmt: skip

SET_ASIDE = [
    ("transcript", "Secretary Doe and Foreign Minister Lis Before Their Meeting", "Washington, D.C.\n\nSECRETARY DOE: Good morning, everyone. It is a pleasure to have you here.\n\nFOREIGN MINISTER LIS: Thank you very much."),
    ("transcript", "Doorstop interview, Jakarta", "Journalist: Minister, what did you discuss with your counterpart today?\n\nForeign Minister: We spoke about trade and about climate."),
    ("joint-statement", "U.S.-Japan Joint Leaders’ Statement", "Today President Doe and Prime Minister Ito met in Washington and reaffirmed the alliance."),
    ("joint-statement", "On Sudan", "The text of the following joint statement was released by the Governments of Norway, the United Kingdom and the United States.\n\nBegin text: We welcome the talks held today with the parties."),
    ("sanctions", "Designation of Two Officials of Ruritania", "Today, the Department of State designated two officials of Belarus for their role in repression."),
    ("appointment", "Appointment of Jane Doe as Special Envoy for Sudan", "The Department is pleased to announce that Ambassador Jane Doe has been named Special Envoy for Sudan."),
    ("announcement", "Foreign Minister Lund to Visit Norway", "Foreign Minister Greta Lund will visit Oslo on 4 May, where she will meet with her Norwegian counterpart."),
    ("announcement", "Visit to Japan by the Foreign Minister of Peru", "Ms. Rosa Quispe, Minister of Foreign Affairs of Peru, is scheduled to visit Japan from May 4 to 6. During her stay she will hold a meeting with the Foreign Minister."),
    ("greeting", "Kenya National Day", "On behalf of the Government of the United States, I congratulate the people of Kenya on their national day."),
    ("statement", "Statement by the Foreign Minister on the Situation in Niger", "Norway condemns the attempt to seize power in Niger. We call for the release of the President."),
    ("no-encounter", "The Vote in Lesotho", "The people of Lesotho voted peacefully on Friday. The commission announced the results on Monday."),
    ("fact-sheet", "FACT SHEET: The Oslo Summit", "Today, President Doe met with leaders in Oslo and announced new programs."),
    ("official-act", "Letter to the Speaker of the House", "Dear Madam Speaker: In accordance with the law, I have sent this report."),
]  # fmt: skip


@pytest.mark.parametrize(("publisher", "title", "text"), READOUTS, ids=[str(r[1]) for r in READOUTS])
def test_accounts_of_encounters_are_readouts(publisher: str, title: str | None, text: str) -> None:
    assert classify(title, text, publisher) == genre.Genre("readout", None)


@pytest.mark.parametrize(("name", "title", "text"), SET_ASIDE, ids=[r[1] for r in SET_ASIDE])
def test_other_releases_are_set_aside_with_a_reason(name: str, title: str, text: str) -> None:
    found = classify(title, text, "U.S. Department of State")
    assert found.name == name
    assert found.set_aside


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Readout of President Doe’s Call with Governor Roe", "President Doe spoke today with Governor Jane Roe of Ohio about the floods."),
        (
            "Readout of President Doe’s Call with New Mexico Governor Roe",
            "President Doe called New Mexico Governor Jane Roe today to discuss the floods.",
        ),
        (
            "Readout of President Doe’s National Security Council Meeting",
            "President Doe convened a meeting of the National Security Council on the talks in Geneva.",
        ),
        (
            "Secretary Doe’s Call with President Roe",
            "Secretary Doe spoke with former President Jane Roe today about the situation in Nicaragua.",
        ),
        (
            "Readout of Deputy Secretary Doe’s Meetings in Savannah",
            "Deputy Secretary Doe traveled to Savannah, Georgia, and met with the mayor and with teachers.",
        ),
        (
            "Readout of Vice President Roe’s Dinner with Business Executives on the Plan for Central America",
            "Vice President Roe hosted a dinner with business executives.",
        ),
    ],
)
def test_an_encounter_at_home_is_set_aside(title: str, text: str) -> None:
    assert classify(title, text, "The White House").name == "domestic"


@pytest.mark.parametrize(
    "dateline", ["Bogotá, D.C., May 6, 2025 (@Cancilleria). ", "Ciudad de Panamá, 6 de mayo de 2025 (MIRE). ", "Lima, 6 May 2025. "]
)
def test_a_dateline_is_no_sentence(dateline: str) -> None:
    lead = "The Minister of Foreign Affairs, Ana Roe, met this Tuesday with the Minister of Foreign Affairs of Ghana, Kofi Doe."
    title = "Foreign Minister Roe and her counterpart agree to reactivate the Cabinet"
    assert classify(title, dateline + lead, "Ministry of Foreign Affairs of Colombia").set_aside is None


def test_a_page_without_sentences_is_set_aside() -> None:
    assert classify(None, "Menu\n\nHome").set_aside is not None


def test_a_page_whose_opening_tells_of_nothing_is_a_readout_if_a_later_sentence_tells_who_talked_with_whom() -> None:
    opening = "Energy was the main topic of the ministerial meeting in Lindau.\n\nThe weather was fine."
    told = "Minister Jan Oleśniewicz of Poland held talks with Foreign Minister Rūta Girdenienė of Lithuania. "
    told += "They discussed gas. Minister Girdenienė thanked Poland for its help. Minister Oleśniewicz promised a new pipeline."
    fields = {"source": None, "publisher": "Ministry of Foreign Affairs of Poland", "title": "Energy in Lindau"}
    assert extract(document(f"{opening}\n\n{told}", **fields)).set_aside is None
    assert extract(document(f"{opening}\n\nMinister Oleśniewicz spoke of energy.", **fields)).set_aside is not None
