"""Who is one person and who is not: names, offices and days of invented people, in the forms that publishers use."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.ontology.authority.mentions import Mention
from communique.ontology.authority.persons import Incumbency, authority
from tests.ontology.mentioned import mention, one, together, who

M = mention


@pytest.mark.parametrize(
    ("a", "b", "rule"),
    [
        (M("Ana Rojas", "CHL"), M("Ana ROJAS", "CHL", day="2024-05-01"), "name"),
        (M("Kim Sang-hyok", "KOR", family="Kim"), M("Kim Sang Hyok", "KOR", family="Kim", day="2024-05-01"), "name"),
        (M("Marek Żółtowski", "POL"), M("Marek Zoltowski", "POL", day="2024-01-01"), "name"),
        (M("Eleanor M. Hadley", "USA"), M("Eleanor Hadley", "USA", day="2023-09-01"), "name"),
        (M("ASAKURA Nobuhiro", "JPN", family="Asakura"), M("Nobuhiro Asakura", "JPN", day="2023-09-01"), "order"),
        (M("Kóbor Ágnes", "HUN", family="Kóbor"), M("Ágnes Kóbor", "HUN", day="2023-09-01"), "order"),
        (M("Oleksii Harnyi", "UKR"), M("Oleksiy Harny", "UKR", day="2023-09-01"), "spelling"),
        (M("Karim Al-Suwaidi", "QAT"), M("Karim El Suwaidi", "QAT", day="2023-09-01"), "name"),
        (M("Abdul Aziz Rahbi", "OMN"), M("Abdulaziz Rahbi", "OMN", day="2023-09-01"), "name"),
        (M("Joe Barnaby", "USA"), M("Joseph Barnaby", "USA", day="2023-09-01"), "nickname"),
        (M("Tony Colborne", "GBR", "Ambassador"), M("Antony Colborne", "GBR", "Ambassador", "2023-09-01"), "nickname"),
        (M("Peter Oakes Jr.", "USA", "President"), M("Peter Oakes", "USA", "President", "2023-09-01"), "generation"),
        (M("José Luis Prado", "ESP", "President"), M("José Prado", "ESP", "President", "2023-09-01"), "part"),
        (M("Hamad bin Rashid Al Marri", "QAT", "President"), M("Hamad bin Rashid", "QAT", "President", "2023-09-01"), "part"),
        (M("V. Deshpande", "IND", "Foreign Minister"), M("Vikram Deshpande", "IND", "Foreign Minister", "2023-09-01"), "initial"),
        (M("Brian Colt", "USA", "Ambassador"), M("Brain Colt", "USA", "Ambassador", "2023-05-20"), "slip"),
        (M("Dahl", "NOR", "Foreign Minister"), M("Kari Dahl", "NOR", "Foreign Minister", "2024-09-01"), "family"),
        (
            M("Le Vaillant", "FRA", "President", family="Le Vaillant"),
            M("Luc Le Vaillant", "FRA", "President", family="Le Vaillant"),
            "family",
        ),
        # The form of address is not the family name: in Viet Nam the last word, in Ethiopia and Malaysia the first.
        (M("Son", "VNM", "Foreign Minister"), M("LÊ Thanh Son", "VNM", "Foreign Minister", "2024-09-01", family="Lê"), "family"),
        (M("Dawit", "ETH", "Prime Minister"), M("Dawit Bekele", "ETH", "Prime Minister", "2024-09-01"), "family"),
        (M("Prado Vega", "MEX", "President"), M("José Luis Prado Vega", "MEX", "President", "2024-09-01"), "family"),
        (M("Vega Prado", "USA", "President", family="Vega Prado"), M("Luisa Vega Prado", "USA", "President"), "family"),
        (M("Sok Dara", "KHM", family="Sok Dara"), M("Dara Sok", "KHM", day="2024-09-01"), "order"),
        (M("Chico", "BRA", "President"), M("Francisco Chico Alves da Cruz", "BRA", "President", "2023-05-20"), "inner"),
        (M("Ana Rojas", "", "Ambassador"), M("Ana Rojas", "CHL", "Ambassador", "2023-09-01"), "name"),
        (M("Ana Rojas", "OSCE", "OSCE Chair"), M("Ana Rojas", "CHL", "Chair", "2023-09-01"), "name"),
    ],
)
def test_one_person(a: Mention, b: Mention, rule: str) -> None:
    rules = {form.rule for form in one(a, b).forms}
    assert rules == {"", rule}
    assert all(form.score >= 0.85 for form in one(a, b).forms)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # A family name is not enough, across parties never, and not without an office.
        (M("Dahl", "NOR", "President"), M("Kari Dahl", "DNK", "President")),
        (M("Dahl", "NOR"), M("Kari Dahl", "NOR", "President")),
        (M("Dahl", "NOR", "President", "2009-01-01"), M("Kari Dahl", "NOR", "President", "2023-01-01")),
        # Two given names of one family, and two of one line.
        (M("Park Min", "KOR", "President", family="Park"), M("Park Min-seo", "KOR", "President", family="Park")),
        (M("Jan Kowal", "POL", "President"), M("Lech Kowal", "POL", "President")),
        (M("Daniel Ortiz", "CHL", "President"), M("Daniela Ortiz", "CHL", "President")),
        (M("Peter Oakes Jr.", "USA", "President"), M("Peter Oakes Sr.", "USA", "President")),
        (M("Peter Oakes", "USA", "President", "1990-01-01"), M("Peter Oakes", "USA", "President", "2015-01-01")),
        (M("Hamad bin Rashid", "QAT", "President"), M("Rashid bin Hamad", "QAT", "President")),
        (M("Salman bin Hamad Al Marri", "QAT", "President"), M("Hamad bin Salman bin Hamad Al Marri", "QAT", "President")),
        # Initials that differ, a nickname of another name, weak steps without an office.
        (M("John A. Barnaby", "USA", "President"), M("John B. Barnaby", "USA", "President")),
        (M("V. Deshpande", "IND", "President"), M("Anil Deshpande", "IND", "President")),
        (M("Joe Barnaby", "USA", "President"), M("Tony Barnaby", "USA", "President")),
        (M("José Luis Prado", "ESP", "President"), M("José Prado", "ESP", "Ambassador")),
        # Two states may have a minister of one name; a deputy is not the minister.
        (M("Ana Rojas", "CHL", "Foreign Minister"), M("Ana Rojas", "PER", "Foreign Minister")),
        (M("Kim", "KOR", "Vice Foreign Minister"), M("Kim Sang-hyok", "KOR", "Foreign Minister", family="Kim")),
        # One encounter names both.
        (M("Joe Barnaby", "USA", readout="r"), M("Joseph Barnaby", "USA", readout="r")),
    ],
)
def test_two_persons(a: Mention, b: Mention) -> None:
    assert not together(a, b)


def test_a_name_that_may_be_either_of_two_is_left_apart() -> None:
    called = M("Kim", "KOR", "Foreign Minister", "2023-05-02", family="Kim")
    first, second = (M(name, "KOR", "Foreign Minister", family="Kim") for name in ("Kim Sang-hyok", "Kim Bo-ra"))
    assert together(called, first)
    assert not together(called, first, second)
    assert not together(called, second, first)
    short = M("Karim Suwaidi", "QAT", "President")
    long, longer = M("Karim Hamad Suwaidi", "QAT", "President"), M("Karim Rashid Suwaidi", "QAT", "President")
    assert together(short, long)
    assert not together(short, long, longer)


def test_nobody_without_a_party_makes_one_person_of_two_states_people() -> None:
    chile, peru, nowhere = (M("Ana Rojas", party, "Foreign Minister") for party in ("CHL", "PER", ""))
    assert not together(chile, peru, nowhere)


def test_one_person_across_all_forms() -> None:
    """Family name, nickname, initials and both orders in the readouts of three publishers, over years."""
    forms = [
        M("Joseph R. Barnaby, Jr.", "USA", "President", "2021-03-01"),
        M("Joseph R. Barnaby, Jr.", "USA", "President", "2021-04-01"),
        M("Joe Barnaby", "USA", "President", "2022-03-01"),
        M("Barnaby", "USA", "President", "2023-06-01"),
        M("Joseph Barnaby", "", "President", "2022-07-01"),
    ]
    other = M("Hunter Barnaby", "USA", "Ambassador", "2022-03-01")
    found = authority([*forms, other])
    assert len(found.persons) == 2
    person = next(p for p in found.persons if len(p.mentions) == 5)
    assert person.label == "Joseph R. Barnaby, Jr."
    assert person.parties == ("USA",)
    assert dict(person.names)["Joseph R. Barnaby, Jr."] == 2
    assert all(form.reason for form in person.forms if form.rule)


def test_family_names_alone_are_one_person_while_they_hold_one_office() -> None:
    days = ("2022-01-10", "2022-11-01", "2023-08-01", "2028-08-01")
    calls = [M("Dahl", "NOR", "President", day) for day in days]
    ids = [who(authority(calls), call) for call in calls]
    assert ids[0] == ids[1] == ids[2] != ids[3]


def test_the_id_stays_when_later_texts_come() -> None:
    early = M("Joe Barnaby", "USA", "President", "2021-03-01")
    late = [M("Joseph R. Barnaby", "USA", "President", f"2023-03-{day:02}") for day in range(1, 9)]
    assert one(early).id == one(early, *late).id == "usa-barnaby-joe"
    assert one(early, *late).label == "Joseph R. Barnaby"
    apart = authority([M("Ana Rojas", "CHL", "President", "1990-01-01"), M("Ana Rojas", "CHL", "President", "2023-01-01")])
    assert apart.persons[0].id == "chl-rojas-ana"
    assert len({p.id for p in apart.persons}) == 2


# Offices


def held(*mentions: Mention) -> dict[str, list[tuple[str, str, str]]]:
    found = authority(mentions)
    return {p.label: [(i.office.title, i.first, i.last) for i in p.offices] for p in found.persons}


def test_an_office_is_held_from_the_first_to_the_last_text_that_says_so() -> None:
    one_office = [M("Kari Dahl", "NOR", "Foreign Minister", day) for day in ("2022-05-01", "2021-02-01", "2023-08-01")]
    both = M("Dahl", "NOR", "Deputy Prime Minister", "2022-05-02")
    assert held(*one_office, M("Kari Dahl", "NOR", "Deputy Prime Minister", "2022-05-01"), both) == {
        "Kari Dahl": [
            ("Deputy Prime Minister", "2022-05-01", "2022-05-02"),
            ("Foreign Minister", "2021-02-01", "2023-08-01"),
        ]
    }
    (incumbency,) = (i for p in authority(one_office).persons for i in p.offices)
    assert len(incumbency.evidence) == len(incumbency.readouts) == 3


def test_who_comes_back_into_office_has_held_it_twice() -> None:
    before, after = M("Kari Dahl", "NOR", "Prime Minister", "2021-02-01"), M("Kari Dahl", "NOR", "Prime Minister", "2023-02-01")
    between = M("Ola Vik", "NOR", "Prime Minister", "2022-02-01")
    assert held(before, after)["Kari Dahl"] == [("Prime Minister", "2021-02-01", "2023-02-01")]
    assert held(before, after, between)["Kari Dahl"] == [
        ("Prime Minister", "2021-02-01", "2021-02-01"),
        ("Prime Minister", "2023-02-01", "2023-02-01"),
    ]
    assert not authority([before, after, between]).conflicts


@pytest.mark.parametrize(
    ("title", "days", "conflict"),
    [
        ("Prime Minister", ("2022-02-01", "2022-03-01", "2022-02-15"), ("2022-02-15", "2022-02-15")),
        ("Prime Minister", ("2022-02-01", "2022-03-01", "2022-03-01"), ("2022-03-01", "2022-03-01")),
        ("Prime Minister", ("2022-02-01", "2022-03-01", "2022-03-02"), None),
        ("Deputy Prime Minister", ("2022-02-01", "2022-03-01", "2022-02-15"), None),
        ("Ambassador", ("2022-02-01", "2022-03-01", "2022-02-15"), None),
    ],
)
def test_two_persons_in_one_office_on_a_day_are_a_conflict(
    title: str, days: tuple[str, str, str], conflict: tuple[str, str] | None
) -> None:
    first, last, other = days
    found = authority([M("Kari Dahl", "NOR", title, first), M("Kari Dahl", "NOR", title, last), M("Ola Vik", "NOR", title, other)])
    assert [c.days for c in found.conflicts] == ([conflict] if conflict else [])


def test_an_acting_minister_and_one_of_another_state_are_no_conflict() -> None:
    ministers = [
        ("Kari Dahl", "NOR", "Foreign Minister"),
        ("Ola Vik", "NOR", "Acting Foreign Minister"),
        ("Ana Rojas", "CHL", "Foreign Minister"),
    ]
    assert not authority([M(*m, "2022-02-01") for m in ministers]).conflicts


# What must hold whatever the texts are

GIVEN = ("Joe", "Joseph", "Ana", "Anna", "J.", "Kari", "Park", "Hamad bin", "")
FAMILY = ("Dahl", "Barnaby", "Al Marri", "Le Vaillant", "Kim", "Park")


@st.composite
def mentioned(draw: st.DrawFn) -> tuple[Mention, ...]:
    out = {}
    for _ in range(draw(st.integers(1, 12))):
        family = draw(st.sampled_from(FAMILY))
        name = " ".join(filter(None, (draw(st.sampled_from(GIVEN)), family)))
        party = draw(st.sampled_from(("USA", "NOR", "KOR", "EU", "")))
        title = draw(st.sampled_from(("President", "Foreign Minister", "Ambassador", "Vice Foreign Minister", None)))
        day = draw(st.sampled_from(("2001-01-01", "2021-01-01", "2021-02-01", "2021-09-01", "2023-01-01", "")))
        m = mention(name, party, title, day, family=family, readout=draw(st.sampled_from(("", "", "", "r1", "r2"))))
        out[m.iri] = m
    return tuple(out.values())


@settings(max_examples=150, deadline=None)
@given(mentioned(), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_matter(mentions: tuple[Mention, ...], chance: random.Random) -> None:
    shuffled = list(mentions)
    chance.shuffle(shuffled)
    assert authority(shuffled) == authority(mentions)


@settings(max_examples=150, deadline=None)
@given(mentioned())
def test_each_mention_is_of_one_person_and_each_join_has_its_reason(mentions: tuple[Mention, ...]) -> None:
    found = authority(mentions)
    assert sorted(m for p in found.persons for m in p.mentions) == sorted(mentions)
    assert len({p.id for p in found.persons}) == len(found.persons)
    for person in found.persons:
        encounters = [{s.encounter for s in m.sightings} for m in person.mentions if m.given]
        assert not any(a & b for n, a in enumerate(encounters) for b in encounters[n + 1 :])
        assert len({m.party for m in person.mentions if m.of_state and not m.given}) <= 1
        assert [bool(form.rule) for form in person.forms] == [False] + [True] * (len(person.forms) - 1)
        assert all(0.85 <= form.score <= 1 and (form.reason or not form.rule) for form in person.forms)
        for office in {i.office.iri for i in person.offices}:
            times: list[Incumbency] = sorted(i for i in person.offices if i.office.iri == office)
            assert all(a.last < b.first for a, b in pairwise(sorted(times, key=lambda i: i.number)))
