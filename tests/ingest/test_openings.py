"""The openings of many publishers of the world, in their own formulae; all people and sentences are invented."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

from hashlib import sha256

import pytest

from communique.ingest.extract import extract
from communique.model import Document

# publisher, title, text, type and day of the encounter, who took part: name, family name, offices, party
OPENINGS = [
    ("Presidency of the Republic of Kenya", "President Kiprono hosts Somali counterpart",
     "President Josphat Kiprono on Monday held bilateral talks with his Somali counterpart, President Abdirahman Warsame Guled, at State House, Nairobi.",
     "meeting 2024-05-06", ["Josphat Kiprono/Kiprono/President/KEN", "Abdirahman Warsame Guled/Guled/President/SOM"]),
    ("Ministry of Foreign Affairs of Estonia", "Foreign Minister Lepik met with the Foreign Minister of Moldova",
     "Foreign Minister Tõnis Lepik met with Deputy Prime Minister and Foreign Minister of Moldova Ion Ciobanu in Tallinn today.",
     "meeting 2024-05-07", ["Tõnis Lepik/Lepik/Foreign Minister/EST", "Ion Ciobanu/Ciobanu/Deputy Prime Minister + Foreign Minister/MDA"]),
    ("Ministry of Foreign Affairs of the Republic of Lithuania", "G. Petrauskas spoke with the Foreign Minister of Japan",
     "On 7 May, Lithuania's Minister of Foreign Affairs Gintautas Petrauskas held a telephone conversation with Japan's Minister for Foreign Affairs Sawayama Jun.",
     "call 2024-05-07", ["Gintautas Petrauskas/Petrauskas/Minister of Foreign Affairs/LTU", "Sawayama Jun/Sawayama/Minister for Foreign Affairs/JPN"]),
    ("Ministry of Foreign Affairs of Finland", "Foreign Ministers met in Helsinki",
     "Minister for Foreign Affairs Eeva Virtanen and her Norwegian colleague Anniken Solberg met in Helsinki on Tuesday 7 May.",
     "meeting 2024-05-07", ["Eeva Virtanen/Virtanen/Minister for Foreign Affairs/FIN", "Anniken Solberg/Solberg//NOR"]),
    ("Government of Iceland", "Foreign Minister meets Foreign Minister of Ireland",
     "Þórdís Einarsdóttir, Minister for Foreign Affairs of Iceland, and Micheál Ó Dálaigh, Tánaiste and Minister for Foreign Affairs of Ireland, met in Reykjavík today.",
     "meeting 2024-05-07", ["Þórdís Einarsdóttir/Einarsdóttir/Minister for Foreign Affairs/ISL", "Micheál Ó Dálaigh/Ó Dálaigh/Tánaiste + Minister for Foreign Affairs/IRL"]),
    ("Ministry of Foreign Affairs of the Republic of Kazakhstan", "Deputy Prime Minister receives Ambassador",
     "Astana, May 7, 2024 – Deputy Prime Minister – Minister of Foreign Affairs of the Republic of Kazakhstan Yerlan Tasmagambetov received the Ambassador of the State of Qatar to Kazakhstan Abdulaziz bin Sultan Al-Rumaihi.",
     "meeting 2024-05-07", ["Yerlan Tasmagambetov/Tasmagambetov/Deputy Prime Minister + Minister of Foreign Affairs/KAZ", "Abdulaziz bin Sultan Al-Rumaihi/Al-Rumaihi/Ambassador of the State of Qatar to Kazakhstan/QAT"]),
    ("Ministry of Foreign Affairs of the Republic of Azerbaijan", "Press release on the telephone conversation",
     "On May 7, 2024, Minister of Foreign Affairs of the Republic of Azerbaijan Elchin Rzayev had a telephone conversation with Secretary of State of the United States of America Daniel Whitcombe.",
     "call 2024-05-07", ["Elchin Rzayev/Rzayev/Minister of Foreign Affairs/AZE", "Daniel Whitcombe/Whitcombe/Secretary of State/USA"]),
    ("Ministry of Foreign Affairs of Brazil", "Telephone conversation between Minister Bragança and the Minister of Foreign Affairs of China",
     "The Minister of Foreign Affairs, Ambassador Otávio Bragança, held a telephone conversation today (7/5) with the Minister of Foreign Affairs of China, Lu Weimin.",
     "call 2024-05-07", ["Otávio Bragança/Bragança/Minister of Foreign Affairs/BRA", "Lu Weimin/Lu/Minister of Foreign Affairs/CHN"]),
    ("Ministry of Foreign Affairs of Chile", "Foreign Minister Rojas meets with Argentine counterpart",
     "The Minister of Foreign Affairs of Chile, Ana María Rojas Undurraga, met this Tuesday in Santiago with the Minister of Foreign Affairs, International Trade and Worship of Argentina, Diego Ferreyra.",
     "meeting 2024-05-07", ["Ana María Rojas Undurraga/Rojas/Minister of Foreign Affairs/CHL", "Diego Ferreyra/Ferreyra/Minister of Foreign Affairs, International Trade and Worship/ARG"]),
    ("Secretaría de Relaciones Exteriores (Mexico)", "Foreign Secretary Arriaga meets with Foreign Minister of Colombia",
     "Foreign Secretary Rodrigo Arriaga Cueto met today with the Minister of Foreign Affairs of Colombia, Luz Marina Ponce de León.",
     "meeting 2024-05-07", ["Rodrigo Arriaga Cueto/Arriaga/Foreign Secretary/MEX", "Luz Marina Ponce de León/Ponce de León/Minister of Foreign Affairs/COL"]),
    ("African Union Commission", "Chairperson receives the President of Djibouti",
     "The Chairperson of the African Union Commission, H.E. Salif Traoré, today received H.E. Houssein Robleh Waberi, President of the Republic of Djibouti, at the AU Headquarters in Addis Ababa.",
     "meeting 2024-05-07", ["Salif Traoré/Traoré/Chairperson of the African Union Commission/AU", "Houssein Robleh Waberi/Waberi/President/DJI"]),
    ("Ministry of Foreign Affairs of the Republic of Indonesia", "Indonesia and Malaysia",
     "Jakarta, 7 May 2024 – Minister for Foreign Affairs of Indonesia, Lestari, held a bilateral meeting with the Minister for Foreign Affairs of Malaysia, Dato' Seri Utama Haji Azman bin Haji Osman, in Jakarta.",
     "meeting 2024-05-07", ["Lestari/Lestari/Minister for Foreign Affairs/IDN", "Azman bin Haji Osman/Azman/Minister for Foreign Affairs/MYS"]),
    ("Ministry of Foreign Affairs of Viet Nam", "Foreign Minister Tran Duc Hai receives Lao guest",
     "On May 7, in Ha Noi, Deputy Prime Minister and Minister of Foreign Affairs Tran Duc Hai received Lao Deputy Prime Minister and Minister of Foreign Affairs Thongsavanh Keomany. Deputy Prime Minister Hai welcomed the visit.",
     "meeting 2024-05-07", ["Tran Duc Hai/Hai/Deputy Prime Minister + Minister of Foreign Affairs/VNM", "Thongsavanh Keomany/Keomany/Deputy Prime Minister + Minister of Foreign Affairs/LAO"]),
    ("Ministry of Foreign Affairs and International Cooperation, Kingdom of Cambodia", "Courtesy call",
     "On 7 May 2024, H.E. Mr. SOK Vibol, Minister of Foreign Affairs and International Cooperation, received a courtesy call from H.E. Mr. Anders Holm, Ambassador of the Kingdom of Sweden to the Kingdom of Cambodia.",
     "meeting 2024-05-07", ["SOK Vibol/Sok/Minister of Foreign Affairs and International Cooperation/KHM", "Anders Holm/Holm/Ambassador of the Kingdom of Sweden to the Kingdom of Cambodia/SWE"]),
    ("U.S. Department of State", "Under Secretary Hale’s Meeting with Cambodian Foreign Minister Chea Rithy",
     "Under Secretary Ruth Hale met today with Cambodian Deputy Prime Minister/Foreign Minister Chea Rithy.",
     "meeting 2024-05-07", ["Ruth Hale/Hale/Under Secretary/USA", "Chea Rithy/Chea Rithy/Deputy Prime Minister + Foreign Minister/KHM"]),
    ("The White House", "Readout of President Hadley’s Call with Prime Minister Sawayama",
     "President Hadley spoke today with Prime Minister Jun Sawayama of Japan.",
     "call 2024-05-07", ["Hadley/Hadley/President/USA", "Jun Sawayama/Sawayama/Prime Minister/JPN"]),
    ("The White House", "Readout of National Security Advisor Paul Reed’s Meeting with Secretary Ashford",
     "National Security Advisor Paul Reed met today with Secretary of State for Defence Ben Ashford of the United Kingdom.",
     "meeting 2024-05-07", ["Paul Reed/Reed/National Security Advisor/USA", "Ben Ashford/Ashford/Secretary of State for Defence/GBR"]),
    ("Ministry of Foreign Affairs of the State of Qatar", "Minister of State holds phone call with Iranian Foreign Minister",
     "HE Minister of State for Foreign Affairs Sheikh Khalid bin Nasser Al-Mansoori held today a phone call with HE Minister of Foreign Affairs of the sisterly Islamic Republic of Iran Dr. Navid Rostami.",
     "call 2024-05-07", ["Khalid bin Nasser Al-Mansoori/Al-Mansoori/Minister of State for Foreign Affairs/QAT", "Navid Rostami/Rostami/Minister of Foreign Affairs/IRN"]),
    ("Ministry of Foreign Affairs of Egypt", "The Foreign Minister receives a phone call from the Spanish Foreign Minister",
     "Minister of Foreign Affairs, Hatem Abdel Fattah, received, on Tuesday, May 7, 2024, a phone call from his Spanish counterpart, Marta Olazábal. Minister Abdel Fattah stressed the need for aid.",
     "call 2024-05-07", ["Hatem Abdel Fattah/Abdel Fattah/Minister of Foreign Affairs/EGY", "Marta Olazábal/Olazábal/Foreign Minister/ESP"]),
    ("Ministry of External Affairs, Government of India", "Visit of Minister of Foreign Affairs of Maldives to India",
     "Minister of Foreign Affairs of Maldives, H.E. Mr. Ibrahim Shafeeu, is on an official visit to India from 06-08 May 2024. External Affairs Minister Dr. Kavita Menon held discussions with him in New Delhi today.",
     "meeting 2024-05-07", ["Kavita Menon/Menon/External Affairs Minister/IND", "Ibrahim Shafeeu/Shafeeu/Minister of Foreign Affairs/MDV"]),
    ("Ministry of External Affairs, Government of India", "4th round of Foreign Office Consultations between India and Estonia",
     "The 4th round of Foreign Office Consultations between India and Estonia was held in Tallinn on 6 May 2024. The Indian side was led by Smt. Anjali Desai, Secretary (West) and the Estonian side was led by Mr. Rein Kask, Secretary General, Ministry of Foreign Affairs.",
     "dialogue 2024-05-06", ["Anjali Desai/Desai/Secretary (West)/IND", "Rein Kask/Kask/Secretary General, Ministry of Foreign Affairs/EST"]),
    ("Ministry of Foreign Affairs and Trade of Hungary", "Minister Kovács met his Serbian colleague",
     "Minister of Foreign Affairs and Trade KOVÁCS Gábor met with Serbian Minister of Foreign Affairs Marko Đurđević in Budapest today.",
     "meeting 2024-05-07", ["KOVÁCS Gábor/Kovács/Minister of Foreign Affairs and Trade/HUN", "Marko Đurđević/Đurđević/Minister of Foreign Affairs/SRB"]),
    ("Élysée", "Telephone conversation with the President of the United Arab Emirates",
     "The President of the Republic, Mr. Antoine Leclerc, spoke on Tuesday 7 May with the President of the United Arab Emirates, Sheikh Hamdan bin Khalifa Al Nahyan.",
     "call 2024-05-07", ["Antoine Leclerc/Leclerc/President of the Republic/FRA", "Hamdan bin Khalifa Al Nahyan/Al Nahyan/President/ARE"]),
    ("NATO", "Secretary General meets the Prime Minister of Iceland",
     "The NATO Secretary General, Mr. Henrik de Wit, welcomed the Prime Minister of Iceland, Mr. Bjarki Jónsson, to NATO Headquarters today (7 May 2024).",
     "meeting 2024-05-07", ["Henrik de Wit/de Wit/Secretary General/NATO", "Bjarki Jónsson/Jónsson/Prime Minister/ISL"]),
    ("ASEAN Secretariat", "Secretary-General of ASEAN meets the Minister for Foreign Affairs of Timor-Leste",
     "Secretary-General of ASEAN, Dr. Somchai Boonmee, today met with Minister for Foreign Affairs of Timor-Leste, H.E. Domingos Soares, in Jakarta.",
     "meeting 2024-05-07", ["Somchai Boonmee/Boonmee/Secretary-General/ASEAN", "Domingos Soares/Soares/Minister for Foreign Affairs/TLS"]),
    ("U.S. Department of State", "Special Representative Choi’s Trilateral Call",
     "In a May 7 trilateral call, U.S. Special Representative for the DPRK Sam Choi, Japanese Director General Tanabe Kazuo, and ROK Special Representative Noh Jin-su discussed the launch.",
     "call 2024-05-07", ["Sam Choi/Choi/Special Representative for the DPRK/USA", "Tanabe Kazuo/Tanabe/Director General/JPN", "Noh Jin-su/Noh/Special Representative/KOR"]),
    ("Prime Minister's Office, 10 Downing Street", "PM meeting with Prime Minister Lie of Norway: 7 May 2024",
     "From: Prime Minister's Office, 10 Downing Street and The Rt Hon Helen Ashby MP\n\nThe Prime Minister hosted Norwegian Prime Minister Jonas Lie in Downing Street this morning.",
     "meeting 2024-05-07", ["Helen Ashby/Ashby/Prime Minister/GBR", "Jonas Lie/Lie/Prime Minister/NOR"]),
    ("Federal Foreign Office (Germany)", "Foreign Minister Brandt meets her colleagues in Weimar",
     "Federal Minister for Foreign Affairs Klara Brandt met her French counterpart Clara Orsini and her Polish counterpart Jarosław Zawadzki in Weimar today.",
     "meeting 2024-05-07", ["Klara Brandt/Brandt/Federal Minister for Foreign Affairs/DEU", "Clara Orsini/Orsini/Minister for Foreign Affairs/FRA", "Jarosław Zawadzki/Zawadzki/Minister for Foreign Affairs/POL"]),
    ("Federal Department of Foreign Affairs (Switzerland)", "Federal Councillor Zumbach receives Qatari guest",
     "Federal Councillor Reto Zumbach met with the Qatari Prime Minister and Foreign Minister Sheikh Khalid bin Nasser Al Mansoori in Bern today.",
     "meeting 2024-05-07", ["Reto Zumbach/Zumbach/Federal Councillor/CHE", "Khalid bin Nasser Al Mansoori/Al Mansoori/Prime Minister + Foreign Minister/QAT"]),
    ("Ministry of Foreign Affairs of Peru", "Foreign Minister meets Deputy Secretary of State of the United States",
     "Foreign Minister Luis Quispe Huamán met today with the Deputy Secretary of State of the United States, Ruth Hale, at Torre Tagle Palace.",
     "meeting 2024-05-07", ["Luis Quispe Huamán/Quispe/Foreign Minister/PER", "Ruth Hale/Hale/Deputy Secretary of State/USA"]),
    ("Ministry of Foreign Affairs of Iraq", "Minister receives the Iranian Ambassador",
     "Deputy Prime Minister and Minister of Foreign Affairs Fuad Barzinji received on Tuesday the Iranian Ambassador to Baghdad, Mohammad Kazemi.",
     "meeting 2024-05-07", ["Fuad Barzinji/Barzinji/Deputy Prime Minister + Minister of Foreign Affairs/IRQ", "Mohammad Kazemi/Kazemi/Ambassador to Baghdad/IRN"]),
    ("Ministry of Foreign Affairs of Nigeria", "Minister receives British High Commissioner",
     "The Honourable Minister of Foreign Affairs, Amb. Yakubu Danjuma, CFR, on Tuesday received in audience the British High Commissioner to Nigeria, Dr. Richard Mayhew, OBE, in Abuja.",
     "meeting 2024-05-07", ["Yakubu Danjuma/Danjuma/Minister of Foreign Affairs/NGA", "Richard Mayhew/Mayhew/High Commissioner to Nigeria/GBR"]),
    ("U.S. Department of State", "Secretary Ashdown’s Call with Libyan Interim Foreign Minister Zawi",
     "Secretary of State Mark Ashdown spoke today with Libyan interim Foreign Minister Salma Zawi.",
     "call 2024-05-07", ["Mark Ashdown/Ashdown/Secretary of State/USA", "Salma Zawi/Zawi/interim Foreign Minister/LBY"]),
    ("U.S. Department of State", "Deputy Secretary Hale’s Meeting with German State Secretary Brandt",
     "Deputy Secretary of State Ruth Hale met today with German State Secretary Klara Brandt.",
     "meeting 2024-05-07", ["Ruth Hale/Hale/Deputy Secretary of State/USA", "Klara Brandt/Brandt/State Secretary/DEU"]),
    ("U.S. Department of State", "Deputy Secretary Hale’s Meeting with UN Special Envoy on Myanmar Keller",
     "Deputy Secretary of State Ruth Hale met with UN Special Envoy on Myanmar Anna Maria Keller today.",
     "meeting 2024-05-07", ["Ruth Hale/Hale/Deputy Secretary of State/USA", "Anna Maria Keller/Keller/Special Envoy on Myanmar/UN"]),
    ("The White House", "Readout of President Hadley’s Call with Prime Minister Mahmoud Rabia’ al-Jumaili of Iraq",
     "President Hadley spoke today with Prime Minister Mahmoud Rabia’ al-Jumaili of Iraq.",
     "call 2024-05-07", ["Hadley/Hadley/President/USA", "Mahmoud Rabia' al-Jumaili/al-Jumaili/Prime Minister/IRQ"]),
    ("The White House", "Readout of President Hadley’s Meeting with President Kabongo of the Democratic Republic of the Congo",
     "President Hadley met with President Albert Kabongo of the Democratic Republic of the Congo (DRC), Chair of the African Union (AU), today.",
     "meeting 2024-05-07", ["Hadley/Hadley/President/USA", "Albert Kabongo/Kabongo/President + Chair of the African Union/COD"]),
    ("The White House", "Readout of President Hadley’s Meeting with Prime Minister Sok Vannak of Cambodia",
     "President Hadley met today with 2024 ASEAN Chair Prime Minister Sok Vannak of Cambodia.",
     "meeting 2024-05-07", ["Hadley/Hadley/President/USA", "Sok Vannak/Sok Vannak/2024 ASEAN Chair + Prime Minister/KHM"]),
    ("The White House", "Readout of President Hadley’s Call with President Faye of Senegal",
     "President Hadley spoke today with the Chair of the African Union President Moussa Faye of Senegal.",
     "call 2024-05-07", ["Hadley/Hadley/President/USA", "Moussa Faye/Faye/Chair of the African Union + President/SEN"]),
    ("The White House", "Readout of President Hadley’s Meeting with Council President Michels",
     "President Hadley met today with European Council President Anton Michels of Belgium.",
     "meeting 2024-05-07", ["Hadley/Hadley/President/USA", "Anton Michels/Michels/European Council President/EU"]),
    ("U.S. Department of State", "Deputy Secretary Hale’s Meeting with Head of Cabinet Lindqvist",
     "Deputy Secretary of State Ruth Hale met today with Jonas Lindqvist, Head of Cabinet of the European Commission President Marta Olsen.",
     "meeting 2024-05-07", ["Ruth Hale/Hale/Deputy Secretary of State/USA", "Jonas Lindqvist/Lindqvist/Head of Cabinet of the European Commission President Marta Olsen/EU"]),
    ("The White House", "Readout of National Security Advisor Paul Reed’s Meeting with Advisors to the President of Lithuania",
     "National Security Advisor Paul Reed met today with Rasa Petkute, Chief Foreign Policy Advisor, and Jonas Kairys, Chief Economic Advisor, to President Tomas Gintalas of Lithuania.",
     "meeting 2024-05-07", ["Paul Reed/Reed/National Security Advisor/USA", "Rasa Petkute/Petkute/Chief Foreign Policy Advisor/LTU", "Jonas Kairys/Kairys/Chief Economic Advisor/LTU"]),
    ("The White House", "Readout of Senior Official Meetings in Mexico",
     "National Security Advisor Paul Reed met today with President Tomás Ibarra, Foreign Secretary Marcela Ruiz, Attorney General Ochoa, and Secretary of Finance Ramos de la Vega.",
     "meeting 2024-05-07", ["Paul Reed/Reed/National Security Advisor/USA", "Tomás Ibarra/Ibarra/President/MEX", "Marcela Ruiz/Ruiz/Foreign Secretary/MEX", "Ochoa/Ochoa/Attorney General/MEX", "Ramos de la Vega/Ramos de la Vega/Secretary of Finance/MEX"]),
    ("U.S. Department of State", "Counselor Dale’s Meeting with NUG Representatives",
     "Counselor Peter Dale met today with NUG representatives Aung Kyaw Lin and Moe Thet Wai.",
     "meeting 2024-05-07", ["Peter Dale/Dale/Counselor/USA", "Aung Kyaw Lin/Aung Kyaw Lin/NUG representative/MMR", "Moe Thet Wai/Moe Thet Wai/NUG representative/MMR"]),
    ("U.S. Department of State", "Secretary Ashdown’s Meeting with Qatari Foreign Minister Al-Kuwari",
     "Secretary of State Mark Ashdown spoke today with Qatari Foreign Minister Nasser bin Ahmed Al-Kuwari to thank him.",
     "call 2024-05-07", ["Mark Ashdown/Ashdown/Secretary of State/USA", "Nasser bin Ahmed Al-Kuwari/Al-Kuwari/Foreign Minister/QAT"]),
    ("U.S. Department of State", "Third U.S.-Thailand Strategic Dialogue",
     "Senior delegations representing the United States and Thailand met virtually on May 6 for the third Strategic Dialogue. Under Secretary Ruth Hale led the U.S. delegation, and Permanent Secretary Anong Srisai led the Thai delegation.",
     "dialogue 2024-05-06", ["Ruth Hale/Hale/Under Secretary/USA", "Anong Srisai/Srisai/Permanent Secretary/THA"]),
    ("U.S. Department of State", "Counselor Dale and Under Secretary Hale Meet with Bulgarian Delegation",
     "Counselor of the Department Peter Dale and Under Secretary of State Ruth Hale hosted Bulgarian Minister of Energy Asen Tsonev yesterday for discussions.",
     "meeting 2024-05-06", ["Peter Dale/Dale/Counselor of the Department/USA", "Ruth Hale/Hale/Under Secretary of State/USA", "Asen Tsonev/Tsonev/Minister of Energy/BGR"]),
    ("The White House", "Readout of President Hadley’s Call with Prime Minister Salih of Iraq",
     "President Hadley spoke today with Prime Minister Kamal Salih of Iraq. The President took the opportunity of King Talal of Jordan’s visit to the White House to invite him to join the call.",
     "call 2024-05-07", ["Hadley/Hadley/President/USA", "Kamal Salih/Salih/Prime Minister/IRQ", "Talal/Talal/King/JOR"]),
    ("U.S. Department of State", "Special Envoy Dale’s Visit to Libya",
     "Special Envoy Peter Dale met today with Libyan Prime Minister Omar Zawi. Special Envoy Dale was accompanied by Deputy Assistant Secretary of the Treasury Ruth Hale.",
     "meeting 2024-05-07", ["Peter Dale/Dale/Special Envoy/USA", "Omar Zawi/Zawi/Prime Minister/LBY", "Ruth Hale/Hale/Deputy Assistant Secretary of the Treasury/USA"]),
    ("Ministry of Foreign Affairs of Singapore", "MFA Press Statement: Introductory Call on Minister for Foreign Affairs Dr Adrian Goh by Minister of Foreign Affairs of Timor-Leste Mateus Soares",
     "Minister of Foreign Affairs of Timor-Leste Mateus Soares called on and was hosted to lunch by Minister for Foreign Affairs Dr Adrian Goh today.",
     "meeting 2024-05-07", ["Mateus Soares/Soares/Minister of Foreign Affairs/TLS", "Adrian Goh/Goh/Minister for Foreign Affairs/SGP"]),
    ("U.S. Department of State", "Special Envoy Dale’s Visit to Saudi Arabia",
     "In the Kingdom of Saudi Arabia, Special Envoy Peter Dale met today with Minister of Energy Nasser bin Ahmed Al Harbi and top officials including Minister of Investment Khalid Al-Otaibi.",
     "meeting 2024-05-07", ["Peter Dale/Dale/Special Envoy/USA", "Nasser bin Ahmed Al Harbi/Al Harbi/Minister of Energy/SAU", "Khalid Al-Otaibi/Al-Otaibi/Minister of Investment/SAU"]),
    ("The White House", "Readout of President Hadley’s Call with Presidents of the Eastern Flank",
     "President Hadley spoke today with Presidents Ion Marin of Romania and Adam Zalewski of Poland.",
     "call 2024-05-07", ["Hadley/Hadley/President/USA", "Ion Marin/Marin/President/ROU", "Adam Zalewski/Zalewski/President/POL"]),
    ("U.S. Department of State", "Secretary Ashdown’s Meeting with African Union Commission Chairperson Traoré",
     "Secretary of State Mark Ashdown met today with African Union Commission (AUC) Chairperson Salif Traoré.",
     "meeting 2024-05-07", ["Mark Ashdown/Ashdown/Secretary of State/USA", "Salif Traoré/Traoré/African Union Commission (AUC) Chairperson/AU"]),
    ("Oman News Agency", "Foreign Minister Receives Envoy of Kenya",
     "Muscat, 7 May (ONA) --- Sayyid Badr bin Salim Al Kindi, Minister of Foreign Affairs, gave audience today to Dr. Amina Otieno, Minister of State of Kenya.",
     "meeting 2024-05-07", ["Badr bin Salim Al Kindi/Al Kindi/Minister of Foreign Affairs/OMN", "Amina Otieno/Otieno/Minister of State/KEN"]),
]  # fmt: skip


@pytest.mark.parametrize(("publisher", "title", "text", "told", "people"), OPENINGS)
def test_an_opening_tells_what_it_was_and_who_took_part(publisher: str, title: str, text: str, told: str, people: list[str]) -> None:
    words = f"{text}\n\nThe two sides discussed trade and the situation in the region.\n"
    document = Document("t", words, sha256(words.encode()).hexdigest(), "t", publisher=publisher, title=title, date="2024-05-07")
    (e,) = extract(document).encounters
    assert f"{e.type} {e.date}" == told
    assert [f"{p.name}/{p.family}/{' + '.join(p.offices)}/{p.party}" for p in e.participants] == people


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
