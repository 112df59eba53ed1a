"""References: other encounters and events, with kind, date and relation."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

import pytest

from communique.ingest.encounters.header import read_header
from communique.ingest.encounters.references import find_references
from communique.ingest.lexicon import lexicon
from tests.ingest.test_header import STATE, page

LEAD = "Secretary of State Daniel Whitcombe met today with French Foreign Minister Clara Orsini in Vienna."


def references(*words: str) -> list[tuple[str, str | None, str, str]]:
    document, source, parts = page(STATE, " ".join((LEAD, *words)), when="2024-03-05T18:00:00+00:00")
    read = read_header(document, source, parts, lexicon.load())
    return [(r.kind, r.date, r.relation, r.span.of(document.text)) for r in find_references(document, source, parts, read, lexicon.load())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # a standing session that is known by its letters
            "They reviewed progress since the last NADD in December 2023.",
            ("meeting", "2023-12", "before", "the last NADD in December 2023"),
        ),
        (
            "They welcomed the progress made since their telephone talk on February 3.",
            ("call", "2024-02-03", "before", "their telephone talk on February 3"),
        ),
        (
            "They noted preparations for the July 9-11 NATO Summit in Washington.",
            ("summit", "2024-07-09/2024-07-11", "after", "the July 9-11 NATO Summit in Washington"),
        ),
        (
            "Building on their meeting in Istanbul on 9 October, they agreed.",
            ("meeting", "2023-10-09", "before", "their meeting in Istanbul on 9 October"),
        ),
        (
            "They condemned the recent launches of ballistic missiles.",
            ("launch", None, "about", "the recent launches of ballistic missiles"),
        ),
        (
            "He condemned the test of a long-range ballistic missile earlier today.",
            ("launch", "2024-03-05", "about", "the test of a long-range ballistic missile earlier today"),
        ),
        (
            "The leaders agreed to meet in person in Tokyo in the coming months.",
            ("meeting", None, "after", "meet in person in Tokyo in the coming months"),
        ),
        (
            "He looked forward to welcoming President Duval to Lisbon next month.",
            ("visit", "2024-04", "after", "welcoming President Duval to Lisbon next month"),
        ),
        (
            "She looked forward to seeing the Minister tomorrow in Lisbon.",
            ("meeting", None, "after", "seeing the Minister tomorrow in Lisbon"),
        ),
        ("When they met in Geneva in January, they agreed to talks.", ("meeting", "2024-01", "before", "met in Geneva in January")),
        ("They welcomed the virtual meeting next week.", ("meeting", None, "after", "the virtual meeting next week")),
        ("They agreed to hold a bilateral meeting in Oslo.", ("meeting", None, "after", "a bilateral meeting in Oslo")),
        ("They discussed the ministerial meeting to be held in Oslo.", ("meeting", None, "before", "the ministerial meeting")),
        (
            "They discussed clashes between Ruritanian and Sylvanian forces.",
            ("incident", None, "about", "clashes between Ruritanian and Sylvanian"),
        ),
        ("He praised the people following free, fair, and credible elections.", ("election", None, "about", "credible elections")),
        (
            "They welcomed the signing of the Reciprocal Access Agreement.",
            ("agreement", None, "about", "the signing of the Reciprocal Access Agreement"),
        ),
        ("They noted progress since the February leaders’ summit.", ("summit", "2024-02", "before", "the February leaders’ summit")),
        ("They discussed the coup in Niger.", ("incident", None, "about", "the coup in Niger")),
        (
            "They look forward to President Duval’s visit to Washington in May.",
            ("visit", "2024-05", "after", "President Duval’s visit to Washington in May"),
        ),
        ("They discussed preparations for COP29 in Baku.", ("session", None, "after", "COP29 in Baku")),
        ("They discussed the presidential election in June.", ("election", "2024-06", "about", "the presidential election in June")),
        ("He noted national elections are held in June.", ("election", None, "about", "national elections")),
        ("She welcomed his May 2 appointment as envoy.", ("other", "2024-05-02", "after", "his May 2 appointment")),
        ("They welcomed the court’s decision to release the crew.", ("other", None, "about", "the court’s decision")),
        (
            "They discussed the sanctions that the European Union announced on February 22.",
            ("other", "2024-02-22", "before", "announced on February 22"),
        ),
        (
            "She thanked him for the new pledge announced by President Duval and Chancellor Weber on February 21.",
            ("other", "2024-02-21", "before", "announced by President Duval and Chancellor Weber on February 21"),
        ),
        (
            "They discussed the February 14 G7 Finance Ministers’ statement on reserves.",
            ("other", "2024-02-14", "before", "the February 14 G7 Finance Ministers’ statement"),
        ),
        (
            "She congratulated him on the Senate’s swift, bipartisan ratification of the protocols.",
            ("other", None, "about", "the Senate’s swift, bipartisan ratification"),
        ),
        (
            "They welcomed the outcome of the Special Summit on February 12-13.",
            ("summit", "2024-02-12/2024-02-13", "before", "the Special Summit on February 12-13"),
        ),
        (
            "He welcomed the results of the recent African Union Heads of State Summit on February 5-6.",
            ("summit", "2024-02-05/2024-02-06", "before", "the recent African Union Heads of State Summit on February 5-6"),
        ),
        (
            "They noted the Council, which met in Lisbon on February 9, as an example.",
            ("meeting", "2024-02-09", "before", "met in Lisbon on February 9"),
        ),
        ("They condemned the military coup.", ("incident", None, "about", "the military coup")),
        ("They discussed the explosion that took place in the eastern part of the country.", ("incident", None, "about", "the explosion")),
        ("They condemned the demolition of two buildings at the port.", ("incident", None, "about", "the demolition")),
        ("She condemned the cyberattack on February 15.", ("attack", "2024-02-15", "about", "the cyberattack on February 15")),
        ("He looked forward to returning to Norway in May.", ("visit", "2024-05", "after", "returning to Norway in May")),
        (
            "She thanked him for his travel with Minister Lund to Norway yesterday.",
            ("visit", "2024-03-04", "before", "his travel with Minister Lund to Norway yesterday"),
        ),
        ("They celebrated 30 years of diplomatic relations.", ("other", None, "about", "30 years of diplomatic relations")),
        (
            "They celebrated 75 years of the United States and France’s diplomatic relations.",
            ("other", None, "about", "75 years of the United States and France’s diplomatic relations"),
        ),
        (
            "They marked 100 years of bilateral diplomatic relations.",
            ("other", None, "about", "100 years of bilateral diplomatic relations"),
        ),
        ("They condemned the launches today.", ("launch", "2024-03-05", "about", "the launches today")),
        ("They discussed the damage caused by hurricanes Olga and Pavel.", ("incident", None, "about", "hurricanes Olga and Pavel")),
        (
            "They discussed her meeting with Norwegian Foreign Minister Ida Lund.",
            ("meeting", None, "before", "her meeting with Norwegian Foreign Minister Ida Lund"),
        ),
        (
            "He thanked her for the work as 2022 co-chair of the Partnership.",
            ("other", "2022", "before", "2022 co-chair of the Partnership"),
        ),
        ("He thanked her for the evacuation of stranded hikers.", ("other", None, "about", "the evacuation")),
        ("They condemned the attack on the convoy of the envoy last Friday.", ("attack", None, "about", "the attack")),
        ("They spoke on the margins of the G20.", ("summit", None, "occasion", "the G20")),
        (
            "They agreed to prepare the relaunch of the Economic Dialogue.",
            ("meeting", None, "about", "the relaunch of the Economic Dialogue"),
        ),
        ("They reviewed preparations for its 2025 APEC host year.", ("other", "2025", "after", "its 2025 APEC host year")),
        ("They discussed Norway’s decision to move forward with the pipeline.", ("other", None, "about", "Norway’s decision")),
        (
            "She noted that Minister Duval will travel to Oslo, Norway March 9-10.",
            ("visit", "2024-03-09/2024-03-10", "after", "travel to Oslo, Norway March 9-10"),
        ),
        ("They agreed that Minister Duval will visit Norway.", ("visit", None, "after", "visit Norway")),
        (
            "They condemned the DPRK’s February 26 and March 4 ballistic missile launches.",
            ("launch", "2024-02-26/2024-03-04", "about", "the DPRK’s February 26 and March 4 ballistic missile launches"),
        ),
        (
            "They deplored the DPRK’s recent and escalatory missile launches.",
            ("launch", None, "about", "the DPRK’s recent and escalatory missile launches"),
        ),
        (
            "He previewed this week’s Defense Consultative Meeting in Oslo.",
            ("meeting", "2024-03", "before", "this week’s Defense Consultative Meeting in Oslo"),
        ),
        (
            "She welcomed their recent security agreements with Norway.",
            ("agreement", None, "about", "their recent security agreements with Norway"),
        ),
        ("They discussed the recent operation against a cell.", ("incident", None, "about", "the recent operation")),
        (
            "He followed up on Director Todd’s February 9, 2024, meeting with the group.",
            ("meeting", "2024-02-09", "before", "Director Todd’s February 9, 2024, meeting"),
        ),
        ("They praised the regional summit held in Amman.", ("summit", None, "before", "the regional summit")),
        (
            "They praised the results of the Republic of Korea trilateral meeting in Oslo last week.",
            ("meeting", None, "before", "the Republic of Korea trilateral meeting in Oslo last week"),
        ),
        ("They agreed for their teams to meet in the coming weeks.", ("meeting", None, "after", "their teams to meet in the coming weeks")),
        (
            "They noted that the meeting between President Duval and President Han is an opportunity.",
            ("meeting", None, "before", "the meeting between President Duval and President Han"),
        ),
        (
            "He praised the work of the French Presidency of the Council.",
            ("other", None, "after", "the French Presidency of the Council"),
        ),
        ("She noted plans for Remembrance Day.", ("other", None, "about", "Remembrance Day")),
        ("They spoke in advance of a brunch with the family.", ("other", None, "about", "a brunch")),
        ("She welcomed France’s upcoming G20 presidency.", ("other", None, "after", "France’s upcoming G20 presidency")),
        ("They agreed to meet again in a plenary session at the end of September.", ("meeting", None, "after", "meet again")),
        ("She proposed a summit meeting in a third country in the coming months.", ("summit", None, "after", "a summit meeting")),
        (
            "The second session of the dialogue will be held later this year.",
            ("session", None, "after", "The second session of the dialogue"),
        ),
        (
            "They discussed the meeting that President Hadley hosted on elections.",
            ("meeting", None, "before", "the meeting that President Hadley hosted"),
        ),
        ("They look forward to Berlin for the 75th anniversary summit.", ("summit", None, "after", "the 75th anniversary summit")),
        ("She previewed the announcement today of additional aid.", ("other", "2024-03-05", "about", "the announcement today")),
        ("She condemned the attack on the consulate in Arbil.", ("attack", None, "about", "the attack")),
        ("They discussed the sabotage of a pipeline in the Baltic Sea.", ("incident", None, "about", "the sabotage")),
        ("They condemned Moscow’s attempts to annex Ukrainian territory.", ("other", None, "about", "Moscow’s attempts")),
        (
            "She thanked France for its support for the evacuation from Kabul of its citizens.",
            ("other", None, "about", "the evacuation from Kabul"),
        ),
        ("They welcomed the finalization of a memorandum of cooperation.", ("agreement", None, "about", "the finalization")),
    ],
)
def test_events(text: str, expected: tuple[str, str | None, str, str]) -> None:
    assert references(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The Secretary had a conversation today with Prime Minister Mia Barrow of Barbados.",
        "The Secretary hosted Foreign Minister Orsini for a breakfast meeting at the Residence.",
        "They condemned Russia’s unprovoked war against Ukraine.",
        "They called for an immediate ceasefire.",
        "The meeting was productive, and they agreed to hold regular consultations.",
        "They discussed the importance of free and fair elections.",
        "They discussed gender-based violence.",
        "The Secretary called for the immediate release of all political prisoners.",
        "They spoke about the ongoing truce in Yemen.",
        "He stated that an armed attack on public vessels would invoke the treaty.",
        "In addition, President Duval announced a new fund.",
        "They thanked the company’s World Cup CEO.",
        "They discussed the Denmark-Norway dialogue on stability.",
        "They plan to support elections and good governance in Africa in 2023.",
        "She thanked him for his decision to travel.",
        "They spoke about the decision to invade Ukraine.",
        "They met for breakfast at the residence.",
        "During her visit to Vienna, she praised the hosts.",
        "They praised the fighting spirit of the team.",
    ],
)
def test_wars_standing_things_and_the_encounter_itself_are_none(text: str) -> None:
    assert references(text) == []


def test_a_journey_in_whose_course_somebody_was_met_is_its_occasion() -> None:
    lead = "Secretary of State Daniel Whitcombe traveled to Vienna, where he met with French Foreign Minister Clara Orsini."
    document, source, parts = page(STATE, lead, when="2024-03-05T18:00:00+00:00")
    read = read_header(document, source, parts, lexicon.load())
    found = find_references(document, source, parts, read, lexicon.load())
    assert [(r.kind, r.relation, r.span.of(document.text)) for r in found] == [("visit", "occasion", "traveled to Vienna")]


def test_a_second_mention_of_a_launch_without_a_day_is_the_same() -> None:
    found = references(
        "They condemned the DPRK’s March 4 ballistic missile launch. They agreed that the missile launch violated resolutions."
    )
    assert [(kind, when) for kind, when, *_ in found] == [("launch", "2024-03-04")]


def test_a_holiday_in_a_name_is_no_day() -> None:
    assert references("They reaffirmed their commitment to the Good Friday Agreement.") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("They met on the margins of the G20 Foreign Ministers’ Meeting in Rio de Janeiro, Brazil.", ["the G20 Foreign Ministers’ Meeting in Rio de Janeiro"]),
        ("They hoped for progress at the COP30 Summit in November.", ["the COP30 Summit in November"]),
        ("She invited him to visit Washington in June.", ["visit Washington in June"]),
        ("She invited him to visit Washington.", []),
        ("They discussed the decision by the United States to reverse its course.", ["the decision by the United States"]),
        ("They welcomed the recent AUKUS Leaders’ Statement.", ["the recent AUKUS Leaders’ Statement"]),
        ("They discussed the recently signed security agreement between Fiji and Tonga.", ["the recently signed security agreement between Fiji and Tonga"]),
        ("They discussed recent events in Russia.", ["recent events in Russia"]),
        ("They discussed the eruption in Tonga and Poland’s chairmanship of the OSCE.", ["the eruption in Tonga"]),
        ("They welcomed India’s G20 presidency.", ["India’s G20 presidency"]),
        ("They noted Portugal’s seat on the UN Security Council for the 2027-2028 term.", ["Portugal’s seat on the UN Security Council"]),
        ("They discussed the foreign minister’s trilateral meeting with President Duval.", ["the foreign minister’s trilateral meeting with President Duval"]),
        ("They discussed the Harbour Forum steering committee meeting in Bahrain.", ["the Harbour Forum steering committee meeting in Bahrain"]),
        ("They condemned the strike on Larnok station and the downing of a drone.", ["the strike on Larnok", "the downing"]),
        ("They discussed the collapse of the Kessel Dam.", ["the collapse of the Kessel Dam"]),
        ("They looked forward to the Harbour Dialogue and the Marisol Diplomacy Forum.", ["the Harbour Dialogue", "the Marisol Diplomacy Forum"]),
        ("They agreed to organise a business forum in Lisbon.", ["a business forum in Lisbon"]),
        ("They welcomed the Nordhaven Recovery Conference.", ["the Nordhaven Recovery Conference"]),
        ("They agreed that their deputies would meet in Bergen.", ["meet in Bergen"]),
        ("She announced that she would travel there in the autumn.", ["travel"]),
        ("They agreed to speak again next week.", ["speak again next week"]),
        ("They discussed the drought in southern Chile.", ["the drought"]),
        ("She condoled on the mining accident in Karvel on 6 March.", ["the mining accident in Karvel on 6 March"]),
        ("They discussed the exchange of fire along the Line of Control on 2 March.", ["the exchange of fire"]),
        ("She condemned the assault on Karel prison.", ["the assault on Karel"]),
        ("He congratulated her on its presidency of the Council of the European Union.", ["its presidency of the Council of the European Union"]),
        ("They welcomed the suspension of the talks.", ["the suspension"]),
        ("They discussed street violence in general.", []),
        ("They spoke about the Pacific Islands Forum.", []),
        ("They welcomed the launch of the Atlantic partnership.", ["the launch of the Atlantic"]),
        ("She congratulated him on his historic victory.", ["his historic victory"]),
        ("They discussed the victory of their team.", []),
        ("They welcomed the commitments made during talks in Aqaba.", ["talks in Aqaba"]),
        ("They looked forward to the November 23 Luanda mini-summit.", ["the November 23 Luanda mini-summit"]),
        ("She called next year’s vote a milestone.", ["next year’s vote"]),
        ("She thanked him for supporting the UN General Assembly resolution.", []),
        ("They discussed ways to secure the release of all hostages.", []),
        ("They discussed the ceasefire and hostage release talks.", []),
        ("She thanked him for his commitment to securing a new truce agreement.", []),
        ("They prepared for COP31 in Antalya. They worked towards a successful COP31.", ["COP31 in Antalya"]),
        ("They praised the Leaders’ Summit in May. They plan a second Leaders’ Summit.", ["the Leaders’ Summit in May", "a second Leaders’ Summit"]),
    ],
)  # fmt: skip
def test_a_single_event_is_told_once_and_as_a_whole(text: str, words: list[str]) -> None:
    assert [found for *_, found in references(text)] == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He deplored the mudslide barrier that gave way above Lindau on 16 February.", ("other", "2024-02-16", "before", "the mudslide barrier that gave way above Lindau on 16 February")),
        ("She thanked him for the tents despatched by Austria last month.", ("other", "2024-02", "before", "the tents despatched by Austria last month")),
        ("They raised the January incursions of balloons.", ("incident", "2024-01", "about", "the January incursions of balloons")),
        ("They agreed to hold the 3rd BCM in Helsinki in 2028.", ("meeting", "2028", "after", "the 3rd BCM in Helsinki in 2028")),
        ("He condemned the execution wave, and the sites struck last June.", ("attack", "2023-06", "about", "the sites struck last June")),
    ],
)  # fmt: skip
def test_whatever_is_told_with_its_day_is_an_event(text: str, expected: tuple[str, str | None, str, str]) -> None:
    assert references(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "She pledged to finish the clearance of the channel by September.",
        "He regretted the blockade of the crossing that has been felt since March.",
        "They noted that the trade of the two countries had grown in 2023.",
        "She recalled the convention of 1982.",
    ],
)
def test_a_limit_a_beginning_and_a_mere_year_make_no_event(text: str) -> None:
    assert references(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # visits: what is planned, accepted, or sent; the object belongs to the words
        ("Tomorrow, Minister Orsini will visit Porto.", ("visit", None, "after", "visit Porto")),
        ("Minister Orsini will visit Agra tomorrow.", ("visit", None, "after", "visit Agra tomorrow")),
        ("She hoped that the Friendship Group will visit Ankara before the end of the year.", ("visit", None, "after", "visit Ankara")),
        ("On Friday the Minister will travel to Lisbon for talks.", ("visit", None, "after", "travel to Lisbon")),
        ("He accepted the invitation of the Minister to visit Lisbon.", ("visit", None, "after", "visit Lisbon")),
        ("She accepted an invitation to pay a visit to Norway in autumn.", ("visit", None, "after", "pay a visit to Norway")),
        ("He undertook to send a technical mission to Lisbon in the fall.", ("visit", None, "after", "a technical mission to Lisbon")),
        (
            "They agreed that a trade mission on water management will travel to Lisbon in May.",
            ("visit", "2024-05", "after", "a trade mission on water management will travel to Lisbon in May"),
        ),
        # bodies that are to meet, rounds, conferences
        ("They agreed to convene the Joint Commission on Trade.", ("meeting", None, "after", "the Joint Commission on Trade")),
        ("They agreed that the Joint Norwegian-French Committee will be convened.", ("meeting", None, "after", "the Joint Norwegian-French Committee")),
        ("It was agreed that the next FOC would be held in Oslo.", ("meeting", None, "after", "the next FOC")),
        ("They agreed to hold the next round in New Harbour.", ("meeting", None, "after", "the next round in New Harbour")),
        ("He invited both of them to a meeting in Weimar in the autumn.", ("meeting", None, "before", "a meeting in Weimar")),
        ("They agreed to meet in person in Ottawa in the second quarter of the year.", ("meeting", None, "after", "meet in person in Ottawa")),
        ("She promised to raise it at the Lindau conference on Syria.", ("meeting", None, "after", "the Lindau conference on Syria")),
        ("They stressed the need to hold the second round of political consultations in Warsaw.", ("meeting", None, "after", "the second round of political consultations in Warsaw")),
        ("They prepared for the summit of the Nordic States.", ("summit", None, "after", "the summit of the Nordic States")),
        ("She attended the 42nd Ordinary Session of the Executive Council.", ("session", None, "before", "the 42nd Ordinary Session of the Executive Council")),
        ("They look forward to the maiden session of the Commission.", ("session", None, "after", "the maiden session of the Commission")),
        # attacks and what befell somebody
        ("He condemned the attack on a bus of pilgrims.", ("attack", None, "about", "the attack")),
        ("He deplored the strikes carried out by the militia on the port.", ("attack", None, "about", "the strikes")),
        ("She deplored the military strikes of last week.", ("attack", None, "about", "the military strikes of last week")),
        ("They raised the fishermen arrested at Porto harbour on 10 February.", ("incident", None, "about", "the fishermen arrested at Porto")),
        ("He condoled on the recent protests in Puno and Karvel.", ("incident", None, "about", "the recent protests in Puno and Karvel")),
        ("They condemned the forced landing of an airliner in Minsk.", ("incident", None, "about", "the forced landing")),
        ("He congratulated him on the successful holding of parliamentary elections in Norway.", ("election", None, "about", "parliamentary elections in Norway")),
        ("She condemned the launch of a so-called reconnaissance satellite.", ("launch", None, "about", "the launch of a so-called reconnaissance satellite")),
        ("She deplored the Houthi attacks on shipping.", ("attack", None, "about", "the Houthi attacks")),
        ("They discussed the incident at Porto harbour.", ("incident", None, "about", "the incident at Porto")),
        ("She condemned the provocation on March 3.", ("incident", "2024-03-03", "about", "the provocation on March 3")),
        # deeds that are judged
        ("He congratulated her on the formation of her government.", ("other", None, "about", "the formation")),
        ("She acknowledged the reopening of the embassy in Apia.", ("other", None, "about", "the reopening")),
        ("They condemned the suspension of the payments.", ("other", None, "about", "the suspension")),
        # since when there are relations
        ("Ties have grown since the establishment of diplomatic relations in 1962.", ("other", "1962", "before", "the establishment of diplomatic relations in 1962")),
        ("They noted that France and Norway established diplomatic ties in 1992.", ("other", "1992", "before", "Norway established diplomatic ties in 1992")),
        # bodies and sessions that have their time
        ("The Minister will raise it at the Foreign Affairs Council on 20 March.", ("meeting", "2024-03-20", "after", "the Foreign Affairs Council on 20 March")),
        ("They prepared next week’s session of the Fisheries Committee.", ("session", None, "after", "next week’s session of the Fisheries Committee")),
        ("They hoped to move up the next Binational Cabinet.", ("meeting", None, "after", "the next Binational Cabinet")),
        ("They agreed that the Intergovernmental Commission meet in Samarkand in spring.", ("meeting", None, "after", "the Intergovernmental Commission meet in Samarkand")),
        ("They praised the Norway-Chile Summit Meeting in Oslo last November.", ("summit", "2023-11", "before", "the Norway-Chile Summit Meeting in Oslo last November")),
        ("She asked about the priorities of the presidency of the Council of the EU.", ("other", None, "after", "the presidency of the Council of the EU")),
        # what is signed is an agreement
        ("They welcomed the action plan signed in Hanoi on 17 February.", ("agreement", "2024-02-17", "about", "signed in Hanoi on 17 February")),
        ("They recalled the signing of the MoU on workers.", ("agreement", None, "about", "the signing of the MoU")),
    ],
)  # fmt: skip
def test_what_other_publishers_refer_to(text: str, expected: tuple[str, str | None, str, str]) -> None:
    assert references(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "She invited the Minister to pay an official visit to Lisbon.",  # nothing was settled
        "They discussed the need to convene a joint commission.",
        "He asked the envoy to convene an informal meeting.",
        "Uzbekistan is willing to send a technical team to Vienna.",
        "She thanked the peacekeeping mission.",
        "They raised the case of citizens detained in Karvel.",
        "He urged donors to reverse their suspension of payments.",
        "She stressed that the withdrawal of foreign troops is a condition of any settlement.",
        "They spoke of safe migration and the repatriation of stolen assets.",
        "The talks ended with the signing of a joint declaration.",
        "They exchanged views on consolidating the ceasefire in the Strip.",
        "He said that the truce must be made permanent.",
        "The ministers co-chaired the 4th Meeting of the Planning Group.",
        "She warned of the ongoing attacks on the ports.",
        "It was their second meeting this year.",
        "During the meeting on 5 March, they praised the hosts.",
        "He praised the rescuers in the earthquake zone.",
    ],
)
def test_what_is_only_wished_or_stands_is_no_event(text: str) -> None:
    assert references(text) == []


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        ("Secretary of State Daniel Whitcombe met today with French Foreign Minister Clara Orsini, who is on a two-day visit to Vienna.", "a two-day visit to Vienna"),
        ("Secretary of State Daniel Whitcombe, who is currently visiting Vienna, met today with French Foreign Minister Clara Orsini.", "currently visiting Vienna"),
    ],
)  # fmt: skip
def test_the_visit_in_whose_course_somebody_was_met_is_told_once(lead: str, words: str) -> None:
    text = f"{lead} She said that the first visit of a minister to Vienna since 2016 was timely. She recalled the recent visit of President Duval to Oslo."
    document, source, parts = page(STATE, text, when="2024-03-05T18:00:00+00:00")
    read = read_header(document, source, parts, lexicon.load())
    found = find_references(document, source, parts, read, lexicon.load())
    assert [(r.kind, r.relation, r.span.of(document.text)) for r in found] == [
        ("visit", "occasion", words),
        ("visit", "before", "the recent visit of President Duval to Oslo"),
    ]


def test_a_visit_of_which_no_more_is_said_is_the_occasion_too() -> None:
    assert references("During the visit, the Secretary also called on the Speaker.") == [("visit", None, "occasion", "the visit")]
