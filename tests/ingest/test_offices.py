"""Offices: their words as written without the state, lists split where a new office begins, and whose office it is."""

# ruff: noqa: E501 (leads and titles stand as publishers write them)

from __future__ import annotations

import pytest

from communique.ingest.lexicon.lexicon import load
from communique.ingest.people.line import Line
from communique.ingest.people.persons import find_persons


def person(text: str) -> tuple[str | None, list[str], str | None]:
    line = Line(text, load())
    phrase = find_persons(line)[0]
    return phrase.name_in(text), [o.text for o in phrase.offices], phrase.party


@pytest.mark.parametrize(
    ("text", "name", "offices", "party"),
    [
        (
            "Thai Deputy Prime Minister and Foreign Minister Anuwat Chai met",
            "Anuwat Chai",
            ["Deputy Prime Minister", "Foreign Minister"],
            "THA",
        ),
        ("NATO Deputy Secretary General Mirel Pop", "Mirel Pop", ["Deputy Secretary General"], "NATO"),
        (
            "UK Minister of State for Europe and North America James Cole",
            "James Cole",
            ["Minister of State for Europe and North America"],
            "GBR",
        ),
        ("Republic of Korea (ROK) First Vice Foreign Minister Cho Min Su", "Cho Min Su", ["First Vice Foreign Minister"], "KOR"),
        (
            "Executive Vice President of the European Commission Frans Tuin",
            "Frans Tuin",
            ["Executive Vice President of the European Commission"],
            "EU",
        ),
        (
            "the Secretary of the Mongolian National Security Council Jadam Bat",
            "Jadam Bat",
            ["Secretary of the National Security Council"],
            "MNG",
        ),
        ("Prime Minister of Canada Julien Roy to thank", "Julien Roy", ["Prime Minister"], "CAN"),
        ("Türkiye's Foreign Minister Selim Kara", "Selim Kara", ["Foreign Minister"], "TUR"),
        ("His Majesty King Faris II of Jordan", "Faris II", ["King"], "JOR"),
        ("UN Special Envoy for Yemen Hans Gruber", "Hans Gruber", ["Special Envoy for Yemen"], "UN"),
        ("Secretary of Defense Lloyd Austen", "Lloyd Austen", ["Secretary of Defense"], None),
        (
            "Ms. Anne Verbruggen, Deputy Prime Minister and Minister of Foreign Affairs, European Affairs and Foreign Trade of the Kingdom of Belgium",
            "Anne Verbruggen",
            ["Deputy Prime Minister", "Minister of Foreign Affairs, European Affairs and Foreign Trade"],
            "BEL",
        ),
        (
            "the Rt Hon Jane Cole MP, Secretary of State for Foreign, Commonwealth and Development Affairs, Minister for Women of the United Kingdom",
            "Jane Cole",
            ["Secretary of State for Foreign, Commonwealth and Development Affairs", "Minister for Women"],
            "GBR",
        ),
        (
            "Mr. Ivan Petrov, Ambassador Extraordinary and Plenipotentiary of the Russian Federation to Japan",
            "Ivan Petrov",
            ["Ambassador Extraordinary and Plenipotentiary of the Russian Federation to Japan"],
            "RUS",
        ),
        (
            "the Honorable Daniel Whitcombe, Secretary of State of the United States of America",
            "Daniel Whitcombe",
            ["Secretary of State"],
            "USA",
        ),
        (
            "Ms. HONDA Rie, Minister and Deputy Chief of Mission at the Embassy of Japan in Russia, met",
            "HONDA Rie",
            ["Minister", "Deputy Chief of Mission at the Embassy of Japan in Russia"],
            "JPN",
        ),
        (
            "H.E. Dr. Reza Tehrani, Minister of Foreign Affairs of the Islamic Republic of Iran",
            "Reza Tehrani",
            ["Minister of Foreign Affairs"],
            "IRN",
        ),
        (
            "UN Food and Agriculture Organization (FAO) Director-General Ann Lindqvist",
            "Ann Lindqvist",
            ["Food and Agriculture Organization (FAO) Director-General"],
            "UN",
        ),
        (
            "United Nations High Commissioner for Refugees (UNHCR) Paulo Ferraz",
            "Paulo Ferraz",
            ["High Commissioner for Refugees"],
            "UN",
        ),
        (
            "HE Minister of Foreign Affairs of the sisterly Islamic Republic of Iran Dr. Navid Rostami",
            "Navid Rostami",
            ["Minister of Foreign Affairs"],
            "IRN",
        ),
        (
            "Deputy Assistant to the President and White House Coordinator for the Middle East Carl Pruitt",
            "Carl Pruitt",
            ["Deputy Assistant to the President", "White House Coordinator for the Middle East"],
            None,
        ),
        ("the former Maltese Prime Minister Karmenu Zahra", "Karmenu Zahra", ["former Prime Minister"], "MLT"),
        ("Elin Berg, former President of Iceland", "Elin Berg", ["former President"], "ISL"),
        (
            "Special Representative of the Chinese Government on African Affairs Deng Lihua",
            "Deng Lihua",
            ["Special Representative of the Chinese Government on African Affairs"],
            "CHN",
        ),
        (
            "the High Representative of the European Union for Foreign Affairs and Security Policy Ines Duarte",
            "Ines Duarte",
            ["High Representative of the European Union for Foreign Affairs and Security Policy"],
            "EU",
        ),
        (
            "Special Envoy for the Democratic People's Republic of Korea (DPRK) Sam Choi's meeting",
            "Sam Choi",
            ["Special Envoy for the Democratic People's Republic of Korea"],
            None,
        ),
        (
            "President of the House of Representatives of Morocco, Mr. Adil Berrada",
            None,
            ["President of the House of Representatives"],
            "MAR",
        ),
        ("the Secretary of the Security Council of Armenia Aram Petrosyan", "Aram Petrosyan", ["Secretary of the Security Council"], "ARM"),
        ("the Marshal of the Sejm of Poland Jan Nowacki", "Jan Nowacki", ["Marshal of the Sejm"], "POL"),
        (
            "Minister of Awqaf and Islamic Affairs of Kuwait Nasser Al Dosari",
            "Nasser Al Dosari",
            ["Minister of Awqaf and Islamic Affairs"],
            "KWT",
        ),
        ("H.H. Sheikh Sultan bin Rashid Al Falahi, Minister of Culture", "Sultan bin Rashid Al Falahi", ["Minister of Culture"], None),
        (
            "Minister of Foreign Affairs and International Co-operation of Guyana Joan Persaud",
            "Joan Persaud",
            ["Minister of Foreign Affairs and International Co-operation"],
            "GUY",
        ),
        (
            "Executive Secretary of the United Nations Convention to Combat Desertification (UNCCD) Awa Diallo",
            "Awa Diallo",
            ["Executive Secretary of the United Nations Convention to Combat Desertification"],
            "UN",
        ),
        ("Secretary General of the World Customs Organization Ewa Lind", "Ewa Lind", ["Secretary General"], "WCO"),
        ("Chargé d'Affaires a.i. of Cuba Ana López", "Ana López", ["Chargé d'Affaires a.i"], "CUB"),
    ],
)
def test_offices(text: str, name: str, offices: list[str], party: str | None) -> None:
    assert person(text) == (name, offices, party)


@pytest.mark.parametrize(
    "address",
    ["Cde.", "Lic.", "Barr.", "Mtra.", "JUDr.", "Dr. h.c.", "Assoc. Prof.", "Lt. Gen. (Retd.)", "Dr. the Hon.", "Ato", "Panglima", "Frau"],
)
def test_a_form_of_address_is_no_name(address: str) -> None:
    assert person(f"the Minister of Trade of Latvia, {address} Marta Ozola, said")[1:] == (["Minister of Trade"], "LVA")
    line = Line(text := f"the Minister of Trade of Latvia, {address} Marta Ozola, said", load())
    assert [name for q in find_persons(line) if (name := q.name_in(text))] == ["Marta Ozola"]


@pytest.mark.parametrize("name", ["Bishop", "Duke", "Wing", "Serene", "Ato"])
def test_a_name_that_is_a_title_elsewhere_stays_a_name(name: str) -> None:
    assert person(f"Foreign Minister Anna {name} Forson met")[:2] == (f"Anna {name} Forson", ["Foreign Minister"])
    if name != "Ato":
        assert person(f"Foreign Minister {name} met")[:2] == (name, ["Foreign Minister"])


def test_a_name_goes_on_over_the_word_for_son() -> None:
    assert person("Minister Elnur Rafig oglu Mammadov said")[0] == "Elnur Rafig oglu Mammadov"


def test_coordinated_persons_are_two() -> None:
    text = "Kosovan President Osman and Prime Minister Kurt met. The Secretary and Foreign Minister Le Clerc spoke."
    found = find_persons(Line(text, load()))
    assert [text[q.start : q.end] for q in found] == [
        "Kosovan President Osman",
        "Prime Minister Kurt",
        "The Secretary",
        "Foreign Minister Le Clerc",
    ]


def test_where_a_minister_goes_is_no_part_of_the_office() -> None:
    assert person("Visit of the Minister of Foreign Affairs of Malta to Kenya") == (None, ["Minister of Foreign Affairs"], "MLT")


def test_a_possessive_ends_an_office_but_not_before_what_its_holder_has() -> None:
    assert person("the National Security Advisor to the Vice President's Strategy Session")[1] == [
        "National Security Advisor to the Vice President"
    ]
    assert person("Head of the President's Office Ostap Hnatiuk met")[:2] == ("Ostap Hnatiuk", ["Head of the President's Office"])


def test_what_a_department_is_for_is_no_person() -> None:
    assert find_persons(Line("officials from the Department of Justice", load())) == []
