"""More openings of houses of the world: who received whom, told in their own order and with their own names; all people are invented."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

from hashlib import sha256

import pytest

from communique.ingest.extract import extract
from communique.model import Document, Extraction

# publisher, title, opening, type of the encounter, who took part: family name, offices, party
OPENINGS = [
    ("Ministry of External Relations of Cameroon", "Audience at the Ministry",
     "The Minister of External Relations, H.E. Bertrand Ngando, granted an audience on Thursday, 7 May 2020 in Yaounde, to H.E. Kodi Brahim, Minister of State of the Republic of Chad, bearer of a message from the Chadian Head of State.",
     "meeting", ["Ngando/Minister of External Relations/CMR", "Brahim/Minister of State/TCD"]),
    ("Ministry of Foreign Affairs and Cooperation of Mozambique", "Mozambique and Rwanda",
     "The Minister of Foreign Affairs and Cooperation, Her Excellency Graça Macuácua, received in audience, this morning, in Maputo, her counterpart of Rwanda, His Excellency Claude Habimana.",
     "meeting", ["Macuácua/Minister of Foreign Affairs and Cooperation/MOZ", "Habimana//RWA"]),
    ("Ministry of Foreign Affairs of Algeria", "Bensaïd receives the Ambassador of Portugal",
     "The Minister of Foreign Affairs, Mr. Nadir Bensaïd, received today, Thursday, May 7, 2020, at the headquarters of the Ministry, the Ambassador of the Portuguese Republic to Algeria, Mr. Duarte Lacerda.",
     "meeting", ["Bensaïd/Minister of Foreign Affairs/DZA", "Lacerda/Ambassador of the Portuguese Republic to Algeria/PRT"]),
    ("Ministry of Foreign Affairs of Thailand", "A farewell call on the Permanent Secretary",
     "On 7 May 2020, H.E. Ms. Sarah Whitcomb, Ambassador of Canada to Thailand, paid a farewell call on Mr. Sarun Chaiyasit, Permanent Secretary for Foreign Affairs.",
     "meeting", ["Whitcomb/Ambassador of Canada to Thailand/CAN", "Chaiyasit/Permanent Secretary for Foreign Affairs/THA"]),
    ("Ministry of Foreign Affairs of Uganda", "Outgoing High Commissioner",
     "Hon. Moses Kategaya, the Minister of Foreign Affairs, this morning bid farewell to the outgoing High Commissioner of the Republic of Rwanda, H.E. Joseph Rwabukumba.",
     "meeting", ["Kategaya/Minister of Foreign Affairs/UGA", "Rwabukumba/High Commissioner/RWA"]),
    ("Vietnam News Agency", "Deputy PM receives Cuban guest",
     "Hanoi (VNA) - Deputy Prime Minister Nguyen Quoc Bao hosted a reception for Cuban Deputy Prime Minister Alejandro Betancur in Hanoi on May 7.",
     "meeting", ["Bao/Deputy Prime Minister/VNM", "Betancur/Deputy Prime Minister/CUB"]),
    ("Department of Foreign Affairs of Ireland", "Tánaiste in Cairo",
     "The Tánaiste and Minister for Foreign Affairs and Minister for Defence, Declan Rafferty TD, met today in Cairo with the Egyptian Minister for Foreign Affairs, Sherif Mansour.",
     "meeting", ["Rafferty/Tánaiste + Minister for Foreign Affairs + Minister for Defence/IRL", "Mansour/Minister for Foreign Affairs/EGY"]),
    ("Ministry of Foreign Affairs of Colombia", "Vice Minister received Ambassador",
     "The Vice Minister of Foreign Affairs, Francisco Coyano, held a courtesy meeting with the Ambassador of the Republic of Korea in Colombia, Choo Jong-yeon.",
     "meeting", ["Coyano/Vice Minister of Foreign Affairs/COL", "Choo/Ambassador of the Republic of Korea in Colombia/KOR"]),
    ("Ministry of Foreign Affairs of Cyprus", "Meeting of the Minister",
     "The Minister of Foreign Affairs, Mr Christos Ioannidis, received this morning the Special Representative of the Secretary-General of the UN in Cyprus, Mr Hector Balmaceda.",
     "meeting", ["Ioannidis/Minister of Foreign Affairs/CYP", "Balmaceda/Special Representative of the Secretary-General of the UN in Cyprus/UN"]),
    ("Ministry of Foreign Affairs of Poland", "Deputy Minister speaks with Tunisia",
     "Undersecretary of State Paweł Wrona and Tunisia's Secretary of State for Foreign Affairs, Mohamed Ali Nafkha, discussed economic cooperation during a video conference held on 7 May 2020.",
     "video", ["Wrona/Undersecretary of State/POL", "Nafkha/Secretary of State for Foreign Affairs/TUN"]),
    ("Anadolu Agency", "Leaders speak over phone",
     "Turkish President Orhan Yıldırım and Qatari Prime Minister Hamad Al Misnad discussed bilateral relations in a phone call on Thursday, the Turkish Communications Directorate said.",
     "call", ["Yıldırım/President/TUR", "Al Misnad/Prime Minister/QAT"]),
    ("Ministry of Foreign Affairs, European Union and Cooperation of Spain", "Minister Olmedo meets her counterpart",
     "The Minister for Foreign Affairs, European Union and Cooperation, Beatriz Olmedo, held a working meeting on Thursday with the Minister for Foreign Affairs of Mauritania, Cheikh Mahmoud.",
     "meeting", ["Olmedo/Minister for Foreign Affairs, European Union and Cooperation/ESP", "Mahmoud/Minister for Foreign Affairs/MRT"]),
    ("Ministry for Europe and Foreign Affairs of Albania", "Minister Dedja receives her colleague",
     "The Minister for Europe and Foreign Affairs, Elira Dedja, received today in a meeting the Minister of Foreign Affairs of the Republic of Estonia, Mr. Rasmus Kõiv.",
     "meeting", ["Dedja/Minister for Europe and Foreign Affairs/ALB", "Kõiv/Minister of Foreign Affairs/EST"]),
    ("Ministry of Foreign Affairs of Uzbekistan", "Political consultations",
     "On May 7, a regular round of political consultations was held in Tashkent between the ministries of foreign affairs of Uzbekistan and Germany. The Uzbek delegation was headed by First Deputy Minister of Foreign Affairs Bakhtiyor Rasulov, and the German delegation by the Political Director of the Federal Foreign Office Thomas Reinhardt.",
     "dialogue", ["Rasulov/First Deputy Minister of Foreign Affairs/UZB", "Reinhardt/Political Director of the Federal Foreign Office/DEU"]),
    ("Ministry of Foreign Affairs of Panama", "Panama and Belgium hold political consultations",
     "The Vice Minister of Foreign Affairs of Panama, Vladimir Arrocha, and the Director General for Bilateral Affairs of Belgium, Jeroen Claes, presided over the Second Meeting of the Mechanism of Political Consultations.",
     "dialogue", ["Arrocha/Vice Minister of Foreign Affairs/PAN", "Claes/Director General for Bilateral Affairs/BEL"]),
    ("Ministry of Foreign Affairs of Turkmenistan", "Meeting with the Ambassador",
     "On May 7, 2020, a meeting between the Minister of Foreign Affairs of Turkmenistan Serdar Annayev and the Ambassador of the Islamic Republic of Iran to Turkmenistan Hossein Karimzadeh took place in the Ministry of Foreign Affairs of Turkmenistan.",
     "meeting", ["Annayev/Minister of Foreign Affairs/TKM", "Karimzadeh/Ambassador of the Islamic Republic of Iran to Turkmenistan/IRN"]),
    ("Fijian Government", "Leaders meet in Nadi",
     "Prime Minister Sitiveni Leweni and his Solomon Islands counterpart, Prime Minister Manasseh Taniela, met today in Nadi on the margins of the retreat.",
     "meeting", ["Leweni/Prime Minister/FJI", "Taniela/Prime Minister/SLB"]),
    ("International Atomic Energy Agency", "IAEA and Malawi Sign Agreement",
     "The International Atomic Energy Agency (IAEA) and Malawi today signed Practical Arrangements.\n\nThe document was signed at IAEA headquarters in Vienna by IAEA Director General Aurelio Cattaneo and Malawi's Minister of Health, Thokozani Mkandawire.\n\nDirector General Cattaneo announced that an accelerator would be delivered. Minister Mkandawire expressed her appreciation for the training of physicists and requested support in drafting a law.",
     "signing", ["Cattaneo/Director General/IAEA", "Mkandawire/Minister of Health/MWI"]),
    ("Royal Hashemite Court", "King receives EU foreign policy chief",
     "Amman - His Majesty King Talal, accompanied by Deputy Prime Minister and Foreign Minister Ziad Haddadin, received on Thursday European Union High Representative Lorenzo Bianchini.",
     "meeting", ["Talal/King/JOR", "Bianchini/High Representative/EU", "Haddadin/Deputy Prime Minister + Foreign Minister/JOR"]),
    ("CARICOM Secretariat", "Secretary-General accredits Ambassador of Finland",
     "The Ambassador of the Republic of Finland to the Caribbean Community, His Excellency Heikki Aalto, presented his Letters of Credence to CARICOM Secretary-General Dr. Carla Bartley on Thursday.",
     "meeting", ["Aalto/Ambassador of the Republic of Finland to the Caribbean Community/FIN", "Bartley/Secretary-General/CARICOM"]),
    ("Ministry of Foreign Affairs of Mali", "The Minister exchanges with the Ambassador",
     "This Thursday, May 7, 2020, His Excellency Mr. Boubacar Coulibaly, Minister of Foreign Affairs, received a visit from Mr. Hassan Traboulsi, Ambassador of Lebanon.",
     "meeting", ["Coulibaly/Minister of Foreign Affairs/MLI", "Traboulsi/Ambassador/LBN"]),
    ("Ministry of Foreign Affairs of Haiti", "The Minister receives the Ambassador",
     "The Minister of Foreign Affairs, Jean Geffrard, met this Thursday with the Canadian Ambassador accredited in Port-au-Prince, Mr. Sébastien Gauthier.",
     "meeting", ["Geffrard/Minister of Foreign Affairs/HTI", "Gauthier/Ambassador/CAN"]),
    ("Ministry of Foreign Affairs of Nicaragua", "Meeting with a delegation of India",
     "Foreign Minister Dionisio Moncada met this Thursday with the delegation of India headed by the Secretary (East) of the Ministry of External Affairs, Rakesh Bhandari.",
     "meeting", ["Moncada/Foreign Minister/NIC", "Bhandari/Secretary (East) of the Ministry of External Affairs/IND"]),
    ("Kazinform", "Chairman meets with Ambassador",
     "Chairman of the Mazhilis of the Parliament of Kazakhstan Yerkin Nigmetov met with the Ambassador of Vietnam Pham Van Tuan.",
     "meeting", ["Nigmetov/Chairman of the Mazhilis of the Parliament/KAZ", "Tuan/Ambassador/VNM"]),
    ("Ministry of Foreign Affairs of Barbados", "Outgoing Ambassador pays farewell call",
     "Minister of Foreign Affairs, Senator Dr. Rosalind Holder, has lauded outgoing Ambassador of Brazil, Cláudio Meirelles, for his contribution to relations.\n\nShe did so today, when the diplomat paid a farewell courtesy call on her.\n\nThe Minister thanked Brazil for food kits.",
     "meeting", ["Holder/Minister of Foreign Affairs/BRB", "Meirelles/Ambassador/BRA"]),
    ("Ministry of Foreign Affairs of the Republic of Congo", "Video conference between Ministers",
     "By videoconference, the Minister of Foreign Affairs, Jean-Baptiste Ngouabi, exchanged on Thursday with the French Minister for Europe and Foreign Affairs, Philippe Carpentier.",
     "video", ["Ngouabi/Minister of Foreign Affairs/COG", "Carpentier/Minister for Europe and Foreign Affairs/FRA"]),
    ("Ministry of Foreign Affairs of Ecuador", "Chancellor Holguín received the Nuncio",
     "Chancellor Mauricio Holguín welcomed this morning the Apostolic Nuncio in Ecuador, Monsignor Andrea Carrasco, at the Najas Palace.",
     "meeting", ["Holguín/Chancellor/ECU", "Carrasco/Apostolic Nuncio in Ecuador/VAT"]),
    ("Ministry of Foreign Affairs of Kenya", "PS meets Vietnamese Vice Minister",
     "Foreign Affairs Principal Secretary Dr. Peter Kiprono today received at his Nairobi office the Vice Minister of Foreign Affairs of Vietnam, Do Quang Minh, who was accompanied by the Vietnamese Ambassador to Kenya, Dang Thi Thu.",
     "meeting", ["Kiprono/Foreign Affairs Principal Secretary/KEN", "Minh/Vice Minister of Foreign Affairs/VNM", "Thu/Ambassador to Kenya/VNM"]),
    ("Ministry of Foreign Affairs of Saudi Arabia", "Foreign Minister Receives Written Message",
     "Prince Turki bin Fahd bin Nasser, Minister of Foreign Affairs, received a written message from the Minister of Foreign Affairs of Benin, Léonce Adjovi. The message was received by the Deputy Minister, Eng. Majed Al-Otaibi, during his meeting in Riyadh today with the Ambassador of Benin to the Kingdom, Fadilou Moutairou.",
     "meeting", ["Al-Otaibi/Deputy Minister/SAU", "Moutairou/Ambassador of Benin to the Kingdom/BEN"]),
    ("Ministry of Foreign Affairs of Botswana", "Minister receives copies of credentials",
     "The Minister of International Affairs and Cooperation, Honourable Dr. Mpho Tshekedi, accepted copies of the Letters of Credence of the High Commissioner-designate of Canada, Ms Allison Dupuis.",
     "meeting", ["Tshekedi/Minister of International Affairs and Cooperation/BWA", "Dupuis/High Commissioner-designate/CAN"]),
]  # fmt: skip


def read(publisher: str, title: str, text: str) -> Extraction:
    words = f"{title}\n\n{text}\n"
    return extract(Document("t", words, sha256(words.encode()).hexdigest(), "t", publisher=publisher, title=title, date="2020-05-07"))


@pytest.mark.parametrize(("publisher", "title", "text", "kind", "people"), OPENINGS, ids=[o[0] for o in OPENINGS])
def test_an_opening_tells_what_it_was_and_who_took_part(publisher: str, title: str, text: str, kind: str, people: list[str]) -> None:
    found = read(publisher, title, text)
    assert found.set_aside is None
    (e,) = found.encounters
    assert (e.type, e.date) == (kind, "2020-05-07")
    assert [f"{p.family}/{' + '.join(p.offices)}/{p.party}" for p in e.participants] == people


def test_whoever_is_told_by_whom_is_not_he_who_spoke_to_him() -> None:
    found = read(
        "Ministry of Foreign Affairs of the Dominican Republic",
        "Foreign Minister Aristy in New York",
        "Foreign Minister Ramón Aristy met today with the Foreign Minister of Kenya, Josphat Wanyonyi, to whom he conveyed the gratitude of his people.",
    )
    assert [(a.type, a.actors) for a in found.acts] == [("Thank", ("Aristy",))]


def test_an_account_that_begins_with_who_received_whom_needs_no_more_to_be_one() -> None:
    found = read(
        "Ministry of Foreign Affairs of Madagascar",
        "Courtesy visit",
        "Minister of Foreign Affairs Lalatiana Rasoanaivo received a courtesy visit from the Ambassador of Norway, Mr. Hideo Nilsen, at Anosy.",
    )
    assert [p.family for e in found.encounters for p in e.participants] == ["Rasoanaivo", "Nilsen"]


def test_two_receptions_on_a_visit_are_on_one_day_and_of_the_state_that_was_visited() -> None:
    found = read(
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
    found = read(
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
    ],
)
def test_words_of_translated_accounts_are_acts(said: str, type_: str) -> None:
    opening = "Foreign Minister Ana Beltrán met today with the Foreign Minister of Ghana, Kofi Mensah."
    found = read("Ministry of Foreign Affairs of Peru", "Meeting", f"{opening}\n\nForeign Minister Beltrán {said}.")
    assert [(a.type, a.actors) for a in found.acts] == [(type_, ("Beltrán",))]
