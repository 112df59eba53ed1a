"""Accounts of one encounter: what may be one event and what may not, trap by trap, on encounters put together here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from communique.iris import VOCAB
from communique.ontology.pairing.likeness import alike
from communique.ontology.pairing.pairs import Pair, candidates, resolve
from communique.ontology.pairing.references import resolutions
from communique.ontology.pairing.told import Attendee, Mention, Told, code

ZONES = {"JPN": "Asia/Tokyo", "USA": "America/New_York", "GBR": "Europe/London", "FRA": "Europe/Paris", "KOR": "Asia/Seoul"}
Person = tuple[str, str | None, str | None]  # party, name with the family name in capitals, kind of office

VIK: Person = ("USA", "Solveig VIK", "foreign-minister")
HALE: Person = ("USA", "Eleanor HALE", "head-of-state")
DUNN: Person = ("USA", "Peter DUNN", "deputy-foreign-minister")
SATO: Person = ("JPN", "SATO Haruto", "foreign-minister")
MORI: Person = ("JPN", "MORI Ken", "deputy-foreign-minister")
HAN: Person = ("KOR", "HAN Seo-jin", "foreign-minister")


def attendee(person: Person, order: int) -> Attendee:
    party, name, kind = person
    family = " ".join(w for w in name.split() if w.isupper()) if name else None
    iri = f"person/{party}-{'-'.join(sorted(name.lower().split()))}" if name else f"{VOCAB}state/{party}"
    kinds = frozenset({kind} if kind else ())
    return Attendee(iri, order, f"{VOCAB}state/{party}", name, family, frozenset(f"office/{party}/{k}" for k in kinds), kinds, kinds)


def told(
    side: str, *people: Person, page: str = "1", day: str = "2024-05-14", kind: str = "meeting", publisher: str = "", **more: object
) -> Told:
    account = f"{publisher or side}/{page}"
    values = {
        "iri": f"{account}/{more.pop('encounter', 'e1')}",
        "account": account,
        "publisher": publisher or side,
        "side": f"{VOCAB}state/{side}",
        "zone": ZONES[side],
        "kind": kind,
        "day": date.fromisoformat(day),
        "start": None,
        "place": None,
        "place_name": None,
        "occasions": frozenset(),
        "people": tuple(attendee(p, n) for n, p in enumerate(people, 1)),
        "several": False,
        **more,
    }
    return Told(**values)  # type: ignore[arg-type]


def paired(*encounters: Told, texts: dict[str, str] | None = None, versions: frozenset[frozenset[str]] = frozenset()) -> list[Pair]:
    return list(resolve(candidates(encounters, versions), texts or {}))


def one(*encounters: Told, **more: object) -> Pair | None:
    found = paired(*encounters, **more)  # type: ignore[arg-type]
    assert len(found) < 2
    return found[0] if found else None


def test_two_governments_tell_of_one_meeting_and_the_reason_says_what_agrees() -> None:
    tokyo = {"place": f"{VOCAB}place/tokyo", "place_name": "Tokyo"}
    pair = one(told("JPN", SATO, VIK, **tokyo), told("USA", VIK, SATO, **tokyo))
    assert pair and pair.score == 0.98
    assert pair.reason == "same parties: JPN, USA; same kind: meeting; same day; JPN: same person, USA: same person; same place: Tokyo"


@pytest.mark.parametrize(
    ("japanese", "american", "same"),
    [
        (SATO, SATO, True),
        (SATO, ("JPN", "SATO", "foreign-minister"), True),
        (SATO, ("JPN", "SATOH Haruto", "foreign-minister"), True),
        (("JPN", "BUI Thanh Son", None), ("JPN", "SON", "foreign-minister"), True),
        (SATO, ("JPN", None, "foreign-minister"), True),
        (SATO, ("JPN", None, "deputy-foreign-minister"), False),
        (SATO, ("JPN", None, None), False),
        (SATO, ("JPN", "SATO Yuki", None), False),
        (SATO, MORI, False),
        (SATO, ("JPN", "KATO Jun", "foreign-minister"), False),
        (("JPN", None, None), ("JPN", None, None), False),
    ],
)
def test_names_and_offices_of_one_side(japanese: Person, american: Person, same: bool) -> None:
    assert bool(one(told("JPN", japanese, VIK), told("USA", VIK, american))) is same
    assert bool(one(told("USA", VIK, japanese), told("JPN", american, VIK))) is same


def test_persons_with_one_iri_are_one_whatever_their_names() -> None:
    a, b = attendee(SATO, 1), attendee(("JPN", "KATO Jun", None), 1)
    assert alike(a, b)[0] == 0
    assert alike(a, replace(b, iri=a.iri))[0] == alike(a, a)[0] > 0


@pytest.mark.parametrize(
    ("kinds", "same"),
    [
        (("call", "call"), True),
        (("meeting", "visit"), True),
        (("meeting", "multilateral-meeting"), True),
        (("call", "video"), True),
        (("video", "meeting"), True),
        (("dialogue", "meeting"), True),
        (("signing", "meeting"), False),
        (("call", "meeting"), False),
        (("call", "visit"), False),
        (("other", "other"), False),
    ],
)
def test_a_call_is_no_meeting(kinds: tuple[str, str], same: bool) -> None:
    assert bool(one(told("JPN", SATO, VIK, kind=kinds[0]), told("USA", VIK, SATO, kind=kinds[1]))) is same


def test_what_has_a_place_was_not_held_by_video() -> None:
    assert not one(told("JPN", SATO, VIK, kind="video"), told("USA", VIK, SATO, place=f"{VOCAB}place/rome", place_name="Rome"))


def test_a_call_and_a_meeting_of_one_day_stay_two_and_find_their_likes() -> None:
    ours = told("JPN", SATO, VIK, kind="call", page="1"), told("JPN", SATO, VIK, page="2")
    theirs = told("USA", VIK, SATO, page="3"), told("USA", VIK, SATO, kind="call", page="4")
    assert {(p.a.kind, p.b.kind) for p in paired(*ours, *theirs)} == {("call", "call"), ("meeting", "meeting")}


@pytest.mark.parametrize(
    ("japan", "other", "side", "kind", "same"),
    [
        ("2024-05-15", "2024-05-14", "USA", "call", True),  # morning in Tokyo, evening in Washington
        ("2024-05-13", "2024-05-14", "USA", "call", False),  # Tokyo is never a day behind
        ("2024-05-16", "2024-05-14", "USA", "call", False),
        ("2024-05-15", "2024-05-14", "KOR", "call", False),  # one clock
        ("2024-05-15", "2024-05-14", "USA", "meeting", False),  # in one room there is one day
        ("2024-05-15", "2024-05-14", "USA", "video", True),
    ],
)
def test_a_day_apart_only_as_the_clocks_allow(japan: str, other: str, side: str, kind: str, same: bool) -> None:
    guest = HAN if side == "KOR" else VIK
    assert bool(one(told("JPN", SATO, guest, day=japan, kind=kind), told(side, guest, SATO, day=other, kind=kind))) is same


def test_a_start_tells_the_day_on_the_other_clock() -> None:
    """08:10 in Tokyo is the evening before in Washington; 16:00 is the same day there."""
    early, late = datetime(2024, 5, 14, 23, 10, tzinfo=UTC), datetime(2024, 5, 15, 7, 0, tzinfo=UTC)
    theirs = told("USA", VIK, SATO, kind="call", day="2024-05-14")
    pair = one(told("JPN", SATO, VIK, kind="call", day="2024-05-15", start=early), theirs)
    assert pair and "one hour on two clocks" in pair.reason
    assert not one(told("JPN", SATO, VIK, kind="call", day="2024-05-15", start=late), theirs)
    # A meeting in Washington that the Japanese readout dates by the clock of Tokyo.
    assert one(told("JPN", SATO, VIK, day="2024-05-15", start=early), replace(theirs, kind="meeting"))


def test_starts_far_apart_are_two_encounters_of_one_day() -> None:
    morning, noon = datetime(2024, 5, 14, 8, 0, tzinfo=UTC), datetime(2024, 5, 14, 12, 0, tzinfo=UTC)
    ours = told("JPN", SATO, VIK, start=morning)
    assert not one(ours, told("USA", VIK, SATO, start=noon))
    pair = one(ours, told("USA", VIK, SATO, start=morning.replace(minute=10)))
    assert pair and pair.score == 1.0 and "starts 10 minutes apart" in pair.reason


def test_a_day_apart_takes_names_on_all_sides() -> None:
    unnamed: Person = ("JPN", None, "foreign-minister")
    assert one(told("JPN", SATO, VIK, kind="call"), told("USA", VIK, unnamed, kind="call"))
    assert not one(told("JPN", SATO, VIK, kind="call", day="2024-05-15"), told("USA", VIK, unnamed, kind="call"))


def test_who_met_on_two_days_met_twice() -> None:
    days = ("2024-05-14", "2024-05-15")
    found = paired(*(told(side, SATO, VIK, day=day, kind="call", page=day) for side in ("JPN", "USA") for day in days))
    assert {(p.a.day, p.b.day) for p in found} == {(date.fromisoformat(d), date.fromisoformat(d)) for d in days}


def test_three_are_not_two() -> None:
    assert not paired(told("JPN", SATO, VIK, HAN), told("USA", VIK, SATO))
    three = [told("JPN", SATO, VIK, HAN), told("USA", VIK, SATO, HAN), told("KOR", HAN, SATO, VIK)]
    assert len(paired(*three)) == 3


def test_a_forum_does_not_count_where_its_members_are_there() -> None:
    forum = Attendee(f"{VOCAB}forum/AUKUS", 3, f"{VOCAB}forum/AUKUS", None, None)
    a = told("JPN", SATO, VIK)
    assert one(replace(a, people=(*a.people, forum)), told("USA", VIK, SATO))


def test_a_delegation_without_names_is_one_of_three() -> None:
    some: Person = ("KOR", None, None)
    assert one(told("JPN", SATO, VIK, HAN), told("USA", VIK, SATO, some))
    assert not one(told("JPN", SATO, VIK, HAN), told("USA", VIK, ("JPN", None, None), some))


def test_offices_alone_are_enough_among_three() -> None:
    unnamed = [(p[0], None, p[2]) for p in (SATO, VIK, HAN)]
    assert one(told("JPN", SATO, VIK, HAN), told("USA", *unnamed))
    assert not one(told("JPN", SATO, VIK), told("USA", *unnamed[:2]))


def test_the_secretarys_meeting_is_not_the_presidents_that_he_attended() -> None:
    house = told("USA", HALE, VIK, SATO, publisher="whitehouse")
    assert not one(house, told("USA", VIK, SATO, publisher="state"))
    assert one(house, told("USA", HALE, SATO, publisher="state"))
    assert one(house, told("JPN", SATO, HALE))


def test_two_offices_of_one_government_have_one_calendar() -> None:
    house, state = told("USA", HALE, SATO, publisher="whitehouse"), told("USA", HALE, SATO, publisher="state", day="2024-05-15")
    assert not one(house, state)
    assert one(house, replace(state, day=house.day))


def test_deputies_are_not_their_chiefs() -> None:
    assert not one(told("USA", DUNN, SATO), told("JPN", SATO, VIK))
    assert not one(told("USA", DUNN, SATO), told("JPN", SATO, ("USA", None, "foreign-minister")))


def test_one_publisher_tells_an_encounter_twice_only_in_the_same_words() -> None:
    a, b = told("USA", VIK, SATO, page="1"), told("USA", VIK, SATO, page="2")
    words = "the secretary met today with the minister and they spoke about the sea and about the islands at length"
    copy = {a.account: words, b.account: words.replace("length", "great length")}
    other = {a.account: words, b.account: "the secretary met today with the minister for dinner and a talk about trade"}
    pair = one(a, b, texts=copy)
    assert pair and pair.reason.endswith("of the words alike")
    assert not one(a, b, texts=other)
    assert not one(a, b)
    assert one(a, b, texts=other, versions=frozenset({frozenset({a.account, b.account})}))


def test_a_page_on_a_journey_tells_of_each_meeting() -> None:
    trip = [
        told("USA", VIK, SATO, page="trip", encounter="e1", several=True),
        told("USA", VIK, HAN, page="trip", encounter="e2", several=True),
    ]
    pair = one(*trip, told("USA", VIK, HAN, page="readout"))
    assert pair and pair.a.iri == "USA/readout/e1" and pair.b.iri == "USA/trip/e2"
    # Two readouts of that day could both be meant, so neither is; that only one of them tells the place does not decide it.
    rome = {"place": f"{VOCAB}place/rome", "place_name": "Rome"}
    two = told("USA", VIK, HAN, page="first", **rome), told("USA", VIK, HAN, page="second")
    assert not paired(*trip, *two)
    assert not paired(told("KOR", HAN, VIK, **rome), *two)


def test_accounts_are_paired_all_with_all_or_not_at_all() -> None:
    """A video to Japan, a call to Britain, a meeting to the third: the call and the meeting are never one."""
    people = (("GBR", "Ann LEE", "foreign-minister"), SATO, VIK)
    found = paired(*(told(side, *people, kind=kind) for side, kind in (("JPN", "video"), ("GBR", "call"), ("USA", "meeting"))))
    assert [{code(t.side or "") for t in (p.a, p.b)} for p in found] == [{"GBR", "JPN"}]


def mention(words: str, kind: str = "call", account: str = "JPN/2", days: tuple[str, str] = ("2024-04-02", "2024-04-02")) -> Mention:
    return Mention(f"{account}/r1", account, kind, (date.fromisoformat(days[0]), date.fromisoformat(days[1])), words)


APRIL = ("2024-04-01", "2024-04-30")


@pytest.mark.parametrize(
    ("words", "kind", "days", "score"),
    [
        ("their telephone talk on April 2", "call", None, 0.95),
        ("the telephone talk on April 2", "call", None, 0.85),
        ("his call with Secretary Vik on April 2", "call", None, 1.0),
        ("Minister Sato’s call with Secretary Vik on April 2", "call", None, 1.0),
        ("their April 2 conversation", "other", None, 0.95),
        ("their call in April", "call", APRIL, 0.8),
        ("their meeting on April 2", "meeting", None, None),
        ("their calls on April 2", "call", None, None),
        ("their virtual meeting on April 2", "meeting", None, 0.95),
        ("Minister Han’s call with Secretary Vik on April 2", "call", None, None),
        ("the Vice President’s call on April 2", "call", None, None),
        ("the announcement of April 2", "other", None, None),
        ("their call on April 3", "call", ("2024-04-03", "2024-04-03"), None),
    ],
)
def test_an_earlier_call_is_found_by_day_kind_and_people(words: str, kind: str, days: tuple[str, str] | None, score: float | None) -> None:
    now = told("JPN", SATO, VIK, page="2")
    earlier = told("JPN", SATO, VIK, page="0", kind="call", day="2024-04-02")
    known = told("KOR", HAN, SATO, page="3", day="2024-01-01")
    found = resolutions([mention(words, kind, days=days or ("2024-04-02", "2024-04-02"))], [known, earlier, now], ())
    assert [(r.earlier, r.later, r.score) for r in found] == ([] if score is None else [(earlier, (now,), score)])


def test_an_earlier_encounter_is_meant_in_all_its_accounts_but_never_two_encounters() -> None:
    now = told("JPN", SATO, VIK, page="2")
    accounts = [told(side, SATO, VIK, page="0", kind="call", day="2024-04-02") for side in ("JPN", "USA")]
    talk = mention("their talk on April 2")
    assert len(resolutions([talk], [*accounts, now], paired(*accounts))) == 2
    assert not resolutions([talk], [*accounts, now], ())
    again = told("JPN", SATO, VIK, page="9", kind="call", day="2024-04-20")
    month = mention("their call in April", days=APRIL)
    assert not resolutions([month], [accounts[0], again, now], ())


def test_others_than_those_who_meet_now_must_be_named() -> None:
    now = told("USA", DUNN, MORI, page="2")
    earlier = told("USA", HALE, SATO, page="0", kind="call", day="2024-04-02")
    both = mention("the call between President Hale and Minister Sato on April 2", account="USA/2")
    (found,) = resolutions([both], [earlier, now], ())
    assert found.reason == "both sides are named; same day; call and call"
    assert not resolutions([mention("the call on April 2", account="USA/2")], [earlier, now], ())
    assert not resolutions([mention("President Hale’s call on April 2", account="USA/2")], [earlier, now], ())
