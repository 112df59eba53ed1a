"""Pages that tell of several encounters: each is found, with its own people, day and place, and what was said lands at its own."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

from communique.ingest.extract import extract
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
