"""Encounters told without both sides, and the openings of many publishers; all people and sentences are invented."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

from hashlib import sha256

import pytest

from communique.ingest.extract import extract
from communique.model import Document, Extraction


def read(publisher: str, title: str, text: str) -> Extraction:
    return extract(
        Document(
            id="t", text=text, sha256=sha256(text.encode()).hexdigest(), origin="t", title=title, publisher=publisher, date="2024-05-07"
        )
    )


# publisher, title, text, type and date of the encounter, who took part
TOLD = [
    ("Ministry of Foreign Affairs of Japan", "The 7th Japan-Kenya Policy Dialogue",
     "On May 6, the 7th Japan-Kenya Policy Dialogue was held in Nairobi. Mr. SAWADA Jun, Director-General for African Affairs, Ministry of Foreign Affairs of Japan, and Ms. Wanjiru Kamau, Principal Secretary for Foreign Affairs of Kenya, co-chaired the dialogue.\n\n1. Both sides exchanged views on regional affairs.",
     "dialogue", "2024-05-06", "Sawada/JPN; Kamau/KEN"),
    ("Ministry of External Affairs, Government of India", "8th India-Sweden Foreign Office Consultations",
     "The 8th India-Sweden Foreign Office Consultations were held in Stockholm on 06 May 2024. The Indian delegation was led by Shri Rakesh Iyer, Secretary (West), and the Swedish side was led by Ms. Karin Holm, State Secretary for Foreign Affairs.\n\n2. Both sides reviewed cooperation in trade and defence.",
     "dialogue", "2024-05-06", "Iyer/IND; Holm/SWE"),
    ("European External Action Service", "EU and Japan hold 5th Human Rights Dialogue",
     "The European Union and Japan held the 5th round of their human rights dialogue in Brussels on 6 May. The EU delegation was led by Nadia Costa, Managing Director at the EEAS, while the Japanese delegation was headed by Ambassador KUBO Ren.\n\nThe EU raised concerns about the death penalty.",
     "dialogue", "2024-05-06", "Costa/EU; Kubo/JPN"),
    ("Department of Foreign Affairs and Trade, Australia", "Australia-Indonesia senior officials' dialogue",
     "The Secretary of the Department of Foreign Affairs and Trade, Ms Helen Barr, co-chaired the 4th Australia-Indonesia Senior Officials' Dialogue with Secretary-General Budi Santoso in Canberra on 6 May 2024.\n\nOfficials discussed maritime security.",
     "dialogue", "2024-05-06", "Barr/AUS; Santoso/IDN"),
    ("Ministry of External Affairs, Government of India", "Visit of External Affairs Minister to Oman",
     "External Affairs Minister Dr. Kavita Menon paid an official visit to Oman on 06 May 2024. During the visit, EAM held bilateral talks with Foreign Minister of Oman, H.E. Said Al Harthy.",
     "meeting", "2024-05-06", "Menon/IND; Al Harthy/OMN"),
    ("Ministry of Foreign Affairs, Singapore", "Visit by Minister for Foreign Affairs of Malaysia",
     "Minister for Foreign Affairs of Malaysia Datuk Azlan Hamid visited Singapore on 6 May 2024. He was received by Minister for Foreign Affairs Dr Vincent Goh, who hosted him to lunch. They reaffirmed the close relations.",
     "meeting", "2024-05-06", "Hamid/MYS; Goh/SGP"),
    ("Ministry of Foreign Affairs of the United Arab Emirates", "Saif bin Rashid receives Foreign Minister of Cyprus",
     "H.H. Sheikh Saif bin Rashid Al Nuaimi, Minister of Foreign Affairs, received today in Abu Dhabi H.E. Andreas Christou, Minister of Foreign Affairs of the Republic of Cyprus. The two sides discussed ways to strengthen cooperation.",
     "meeting", "2024-05-07", "Al Nuaimi/ARE; Christou/CYP"),
    ("Presidency of the Republic of Ghana", "President Mensah receives credentials",
     "President Yaw Mensah on Monday received letters of credence from the new Ambassador of Brazil to Ghana, Mrs. Lucia Prado, at Jubilee House in Accra. The President expressed appreciation for the strong ties.",
     "meeting", "2024-05-06", "Mensah/GHA; Prado/BRA"),
    ("Ministry of Foreign Affairs of Pakistan", "Foreign Secretary's meeting with Chinese Special Envoy",
     "Foreign Secretary Ambassador Tariq Mahmood met with China's Special Envoy for Afghanistan, Ambassador Yuan Bo, in Islamabad today.",
     "meeting", "2024-05-07", "Mahmood/PAK; Yuan/CHN"),
    ("Ministry of Foreign Affairs of Denmark", "Under-Secretary Winther’s participation in the Nordic ministerial",
     "Under-Secretary Lars Winther participated today in the virtual Nordic ministerial hosted by Icelandic Foreign Minister Jon Arnason. The Under-Secretary underscored unity on Ukraine.",
     "video", "2024-05-07", "Winther/DNK; Arnason/ISL"),
    ("The White House", "Readout of President Arden’s Participation in the Leaders’ Summit",
     "President Hugh Arden today virtually joined leaders of ASEAN member states and representatives from Australia, India, and Japan during the annual East Asia Summit. The leaders discussed climate.",
     "video", "2024-05-07", "Arden/USA; ?/ASEAN; ?/AUS; ?/IND; ?/JPN"),
    ("Ministry of Foreign Affairs of Chile", "Chile and Peru sign agreement on ports",
     "Chile and Peru today signed an agreement on ports. Foreign Minister Ana Rojas signed for Chile and Foreign Minister Luis Quispe signed for Peru.",
     "signing", "2024-05-07", "Rojas/CHL; Quispe/PER"),
    ("Ministry of Foreign Affairs of Chile", "Special Envoy Parra concludes visit to Chad",
     "Special Envoy Ruth Parra concluded her visit to Chad today. The visit highlighted the needs of the region.",
     "visit", "2024-05-07", "Parra/CHL; ?/TCD"),
]  # fmt: skip


@pytest.mark.parametrize(("publisher", "title", "text", "kind", "day", "who"), TOLD)
def test_what_kind_when_and_who(publisher: str, title: str, text: str, kind: str, day: str, who: str) -> None:
    x = read(publisher, title, text)
    assert [(e.type, e.date) for e in x.encounters] == [(kind, day)]
    assert {f"{p.family or '?'}/{p.party}" for p in x.encounters[0].participants} == set(who.split("; "))
