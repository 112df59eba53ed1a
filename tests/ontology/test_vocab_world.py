"""The vocabularies of the world: every state, its words and codes; organisations and members; places and zones; offices."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from zoneinfo import available_timezones

import pytest

from communique.ingest.lexicon.lexicon import Hit, Lexicon, load


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load()


def found(lexicon: Lexicon, text: str, *kinds: str) -> list[tuple[str, str]]:
    """The words and ids of the longest hits, of equal ones the first."""
    hits: dict[tuple[int, int], Hit] = {}
    for hit in lexicon.longest(text, frozenset(kinds or ("state", "organization", "forum", "place"))):
        hits.setdefault((hit.start, hit.end), hit)
    return [(text[start:end], hit.label.id) for (start, end), hit in hits.items()]


def test_all_members_and_observers_of_the_united_nations_are_there(lexicon: Lexicon) -> None:
    status = Counter(lexicon.fact("state", id_, "unStatus") for id_ in lexicon.ids("state"))
    assert (status["member"], status["observer"]) == (193, 2)
    assert {"XKX", "TWN", "COK", "NIU", "HKG", "MAC"} <= set(lexicon.ids("state"))


def test_every_state_has_its_codes_and_its_capital(lexicon: Lexicon) -> None:
    places = set(lexicon.ids("place"))
    for id_ in lexicon.ids("state"):
        facts = lexicon.facts("state", id_)
        assert facts["iso3"] == (id_,)
        assert re.fullmatch("[A-Z]{2}", facts["iso2"][0])
        assert facts["capital"][0] in places
        assert lexicon.fact("place", facts["capital"][0], "inState") == id_


@pytest.mark.parametrize("name", ["iso2", "cowNumber", "capital"])
def test_codes_are_of_one_state_only(lexicon: Lexicon, name: str) -> None:
    values = [v for id_ in lexicon.ids("state") for v in lexicon.facts("state", id_).get(name, ())]
    assert [v for v, n in Counter(values).items() if n > 1] == []


def test_members_of_the_united_nations_have_a_number_in_correlates_of_war(lexicon: Lexicon) -> None:
    assert [
        i for i in lexicon.ids("state") if lexicon.fact("state", i, "unStatus") == "member" and not lexicon.fact("state", i, "cowNumber")
    ] == []


def test_every_state_has_an_adjective_or_is_its_own(lexicon: Lexicon) -> None:
    adjectives = {x.id for x in lexicon.labels if x.kind == "state" and x.form == "adjective"}
    assert set(lexicon.ids("state")) - adjectives == {"NZL", "HKG", "COK"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("the ROK, the DPRK and the PRC", ["KOR", "PRK", "CHN"]),
        ("the U.S., the UK and the UAE", ["USA", "GBR", "ARE"]),
        ("the Republic of Korea and the Democratic People's Republic of Korea", ["KOR", "PRK"]),
        ("Türkiye, Turkey, Czechia and the Czech Republic", ["TUR", "TUR", "CZE", "CZE"]),
        ("Côte d'Ivoire, Ivory Coast, Cabo Verde and Cape Verde", ["CIV", "CIV", "CPV", "CPV"]),
        ("Burma, Myanmar, Viet Nam, Eswatini and the Holy See", ["MMR", "MMR", "VNM", "SWZ", "VAT"]),
        ("Emirati, Kosovan, Kosovar, Bosnian and Saudi ministers", ["ARE", "XKX", "XKX", "BIH", "SAU"]),
        ("Papua New Guinea, Equatorial Guinea, Guinea-Bissau and Guinea", ["PNG", "GNQ", "GNB", "GIN"]),
        ("Niger and Nigeria, Nigerien and Nigerian", ["NER", "NGA", "NER", "NGA"]),
        ("South Sudan and Sudan", ["SSD", "SDN"]),
        ("the Dominican and the Congolese foreign ministers", ["DOM", "COD"]),
        ("the Republic of the Congo and the Democratic Republic of the Congo", ["COG", "COD"]),
        ("Dominica and the Dominican Republic", ["DMA", "DOM"]),
        ("the Swedes, the Danes, the Poles and the Emiratis", ["SWE", "DNK", "POL", "ARE"]),
    ],
)
def test_names_adjectives_and_acronyms_lead_to_their_state(lexicon: Lexicon, text: str, ids: list[str]) -> None:
    assert [id_ for _, id_ in found(lexicon, text)] == ids


def test_names_have_no_plural_but_peoples_do(lexicon: Lexicon) -> None:
    assert found(lexicon, "Hamas, Laos and the Finns") == [("Hamas", "HAMAS"), ("Laos", "LAO"), ("Finns", "FIN")]
    assert [id_ for _, id_ in found(lexicon, "Mrs Example", "honorific")] == ["mrs"]


def test_the_south_china_sea_is_not_china(lexicon: Lexicon) -> None:
    assert found(lexicon, "the South China Sea and the East China Sea") == [
        ("South China Sea", "south-china-sea"),
        ("East China Sea", "east-china-sea"),
    ]
    assert [id_ for _, id_ in found(lexicon, "the Indian Ocean, Latin American states and Northern Ireland")] == [
        "indian-ocean",
        "latin-america",
        "northern-ireland",
    ]


def test_a_label_that_also_is_a_name_says_so(lexicon: Lexicon) -> None:
    for kind, id_, name in (
        ("state", "JOR", "Jordan"),
        ("state", "TCD", "Chad"),
        ("state", "ISR", "Israel"),
        ("place", "washington", "Washington"),
        ("place", "santiago", "Santiago"),
    ):
        assert name in lexicon.facts(kind, id_)["alsoName"]
    assert "Atlanta," in lexicon.facts("state", "GEO")["notAfter"]


def test_every_city_has_a_state_and_a_zone_that_exists(lexicon: Lexicon) -> None:
    zones = available_timezones()
    cities = [id_ for id_ in lexicon.ids("place") if lexicon.fact("place", id_, "placeType") in ("capital", "city", "seat", "venue")]
    assert len(cities) >= 300
    assert [
        c
        for c in cities
        if lexicon.fact("place", c, "zone") not in zones or lexicon.fact("place", c, "inState") not in lexicon.ids("state")
    ] == []
    assert [p for k in ("state", "place") for p in lexicon.ids(k) if (z := lexicon.fact(k, p, "zone")) and z not in zones] == []


def test_the_zone_of_a_place_is_one_of_its_state(lexicon: Lexicon) -> None:
    """The time zone database says which zones each country has; territories with a code of their own and Kosovo are apart."""
    zones: dict[str, set[str]] = {"XK": {"Europe/Belgrade"}}
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            zones.setdefault(code, set()).add(zone)
    wrong = set()
    for id_ in lexicon.ids("place"):
        facts = lexicon.facts("place", id_)
        if "zone" in facts and facts["placeType"] != ("region",):
            code = lexicon.facts("state", facts["inState"][0])["iso2"][0]
            wrong |= {id_} if facts["zone"][0] not in zones[code] else set()
    assert wrong == {"hagatna", "san-juan", "svalbard"}


@pytest.mark.parametrize(
    ("words", "id_", "zone"),
    [
        ("Washington, D.C.", "washington", "America/New_York"),
        ("Washington, DC", "washington", "America/New_York"),
        ("New York", "new-york", "America/New_York"),
        ("Kiev", "kyiv", "Europe/Kyiv"),
        ("Nur-Sultan", "astana", "Asia/Almaty"),
        ("The Hague", "the-hague", "Europe/Amsterdam"),
        ("Sharm El-Sheikh", "sharm-el-sheikh", "Africa/Cairo"),
        ("Karuizawa", "karuizawa", "Asia/Tokyo"),
        ("Nusa Dua", "nusa-dua", "Asia/Makassar"),
        ("Honolulu", "honolulu", "Pacific/Honolulu"),
        ("Vladivostok", "vladivostok", "Asia/Vladivostok"),
    ],
)
def test_places_lead_to_their_zone(lexicon: Lexicon, words: str, id_: str, zone: str) -> None:
    assert (words, id_) in found(lexicon, f"They met in {words} today.", "place")
    assert lexicon.fact("place", id_, "zone") == zone


def test_seats_of_government_stand_for_their_state(lexicon: Lexicon) -> None:
    for words, state in (
        ("the White House", "USA"),
        ("Downing Street", "GBR"),
        ("the Kremlin", "RUS"),
        ("the Blue House", "KOR"),
        ("Beijing", "CHN"),
        ("The Hague", "NLD"),
    ):
        ((_, place),) = found(lexicon, f"a statement of {words} said", "place")
        assert lexicon.fact("place", place, "metonymOf") == state
        assert place in lexicon.facts("state", state)["metonym"]


def test_organisations_and_forums(lexicon: Lexicon) -> None:
    assert len(lexicon.ids("organization")) + len(lexicon.ids("forum")) >= 40
    for words, kind, id_, code in (
        ("the European Commission", "organization", "EUCOMMISSION", "EU"),
        ("the EEAS", "organization", "EEAS", "EU"),
        ("the UN Security Council", "organization", "UNSC", "UN"),
        ("the World Health Organization", "organization", "WHO", "WHO"),
        ("the Convention on Biological Diversity", "organization", "CBD", "UN"),
        ("UN-Habitat", "organization", "UNHABITAT", "UN"),
        ("the Universal Postal Union", "organization", "UPU", "UPU"),
        ("TPP11", "forum", "CPTPP", "CPTPP"),
        ("the Quad", "forum", "QUAD", "QUAD"),
        ("the Houthis", "organization", "HOUTHIS", "HOUTHIS"),
    ):
        assert [i for _, i in found(lexicon, f"views on {words} today")] == [id_]
        assert lexicon.fact(kind, id_, "partyCode") == code


def members(lexicon: Lexicon, group: str, day: str) -> set[str]:
    """The members of a group on a day."""
    out = set()
    for id_ in lexicon.ids("membership"):
        facts = lexicon.facts("membership", id_)
        until = facts.get("until", ("9999",))[0]
        if facts["organization"] == (group,) and facts["from"][0] <= day < until:
            out.add(facts["member"][0])
    return out


def test_memberships_have_their_dates(lexicon: Lexicon) -> None:
    assert members(lexicon, "G7", "2021-09-22") == {"USA", "GBR", "FRA", "DEU", "ITA", "JPN", "CAN", "EU"}
    assert members(lexicon, "QUAD", "2021-09-22") == {"AUS", "IND", "JPN", "USA"}
    assert (len(members(lexicon, "EU", "2019-12-31")), len(members(lexicon, "EU", "2021-01-01"))) == (28, 27)
    assert (len(members(lexicon, "NATO", "2022-06-01")), len(members(lexicon, "NATO", "2024-04-01"))) == (30, 32)
    assert (len(members(lexicon, "ASEAN", "2024-01-01")), len(members(lexicon, "ASEAN", "2026-01-01"))) == (10, 11)
    assert (len(members(lexicon, "BRICS", "2022-01-01")), len(members(lexicon, "BRICS", "2024-06-01"))) == (5, 9)
    assert "GBR" not in members(lexicon, "CPTPP", "2021-09-22")
    assert len(members(lexicon, "AU", "2022-01-01")) == 54
    assert len(members(lexicon, "OECD", "2022-01-01")) == 38
    assert len(members(lexicon, "GCC", "2022-01-01")) == 6


def test_offices_have_a_kind(lexicon: Lexicon) -> None:
    offices = {x.id for x in lexicon.labels if x.kind == "office"}
    assert len({x.text for x in lexicon.labels if x.kind == "office"}) >= 80
    assert {lexicon.fact("office", o, "officeKind") for o in lexicon.ids("office")} - {None} <= offices


@pytest.mark.parametrize(
    ("title", "id_"),
    [
        ("Secretary of State for Foreign, Commonwealth and Development Affairs", "foreign-secretary"),
        ("Minister for Women and Equalities", "women-minister"),
        ("Minister of External Affairs", "foreign-minister"),
        ("Minister of Foreign Affairs and Human Mobility", "foreign-minister"),
        ("Alternate Prime Minister", "alternate-prime-minister"),
        ("Under Secretary of State for Political Affairs", "under-secretary"),
        ("Member of the Political Bureau of the CPC Central Committee", "politburo-member"),
        ("Minister of the International Department of the Communist Party of China", "international-department-minister"),
        ("High Representative of the Union for Foreign Affairs and Security Policy", "high-representative"),
        ("National Security Adviser", "national-security-advisor"),
        ("Chargé d'Affaires", "charge-daffaires"),
        ("Chairperson of the African Union Commission", "african-union-commission-chair"),
        ("Taoiseach", "taoiseach"),
    ],
)
def test_a_title_is_one_office(lexicon: Lexicon, title: str, id_: str) -> None:
    assert found(lexicon, f"He met with the {title} today.", "office") == [(title, id_)]


def test_a_title_may_be_read_from_its_portfolios(lexicon: Lexicon) -> None:
    assert "of" in lexicon.facts("office", "minister")["takesPortfolio"]
    assert [w for w, _ in found(lexicon, "Minister of Energy, Trade and Digital Transformation", "portfolio")] == [
        "Energy",
        "Trade",
        "Digital Transformation",
    ]


def test_honorifics_tell_gender_where_they_do(lexicon: Lexicon) -> None:
    for words, gender in (("Mr.", "masculine"), ("Ms.", "feminine"), ("Dame", "feminine"), ("Sheikha", "feminine"), ("Dr.", None)):
        ((_, id_),) = found(lexicon, f"with {words} Example", "honorific")
        assert lexicon.fact("honorific", id_, "gender") == gender
    assert found(lexicon, "Jane Example MP", "honorific") == [("MP", "mp")]


def test_short_forms_are_data(lexicon: Lexicon) -> None:
    assert "Secretary" in lexicon.facts("office", "secretary-of-state")["shortForm"]
    assert "Deputy Secretary" in lexicon.facts("office", "deputy-secretary-of-state")["shortForm"]
    assert lexicon.fact("office", "secretary-of-state", "bareParty") == "USA"
