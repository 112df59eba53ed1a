"""The clock: dates, both clocks, durations; never wrong, unknown where the text leaves it open."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.ingest.encounters.clock import read_when
from communique.ingest.encounters.dates import find_dates

DAY = date(2021, 9, 22)
TOKYO, NEW_YORK = "Asia/Tokyo", "America/New_York"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("on September 22", "2021-09-22"),
        ("on June 23th", "2021-06-23"),
        ("on 14 November 2023", "2023-11-14"),
        ("the June 29-30 summit", "2021-06-29/2021-06-30"),
        ("September 30-October 2", "2021-09-30/2021-10-02"),
        ("in January 2022", "2022-01"),
        ("in June", "2021-06"),
        ("last November", "2020-11"),
        ("spoke yesterday evening", "2021-09-21"),
        ("met today", "2021-09-22"),
        ("on Monday", "2021-09-20"),
        ("next month", "2021-10"),
        ("2024-07-27", "2024-07-27"),
        ("on January 5", "2022-01-05"),
        ("during the week of September 13", "2021-09-13/2021-09-19"),
        ("on February 30", None),
        ("at 10:30", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    assert [h.iso for h in find_dates(text, DAY)] == ([iso] if iso else [])


@pytest.mark.parametrize(
    ("text", "start", "theirs", "minutes"),
    [
        (
            "commencing at 4:20 p.m. (5:20 a.m. on September 23, Japan time) for approximately 40 minutes",
            "2021-09-22T16:20:00-04:00",
            "2021-09-23T05:20:00+09:00",
            40,
        ),
        (
            "commencing at 0:20 p.m. (local time; 1:20 a.m. on September 23, Japan time)",
            "2021-09-22T12:20:00-04:00",
            "2021-09-23T01:20:00+09:00",
            None,
        ),
        (
            "at 1:43 p.m. (local time. 2:43 a.m. on September 23, Japan time.)",
            "2021-09-22T13:43:00-04:00",
            "2021-09-23T02:43:00+09:00",
            None,
        ),
        # the bracket is mislabelled; the named zone counts
        (
            "at 6:15 p.m. (local time: 7:15 a.m. on Thursday, September 23, Japan time)",
            "2021-09-22T18:15:00-04:00",
            "2021-09-23T07:15:00+09:00",
            None,
        ),
        ("at 12:15pm (8:15pm JST) for two hours and thirty minutes", "2021-09-22T12:15:00+01:00", "2021-09-22T20:15:00+09:00", 150),
        ("commencing at 11:45 p.m. (Japan time) for over 20 minutes", "2021-09-22T23:45:00+09:00", "2021-09-22T23:45:00+09:00", 20),
        ("from 5:40 p.m. for about 15 minutes", "2021-09-22T17:40:00+09:00", "2021-09-22T17:40:00+09:00", 15),
        ("from 9:00 p.m. to 10:30 p.m.", "2021-09-22T21:00:00+09:00", "2021-09-22T21:00:00+09:00", 90),
        ("at 0:00 p.m.", "2021-09-22T12:00:00+09:00", "2021-09-22T12:00:00+09:00", None),
        ("at 1330hrs", "2021-09-22T13:30:00+09:00", "2021-09-22T13:30:00+09:00", None),
        # no half of the day
        ("from 9:35 for an hour and a half", None, None, 90),
        ("for half an hour", None, None, 30),
    ],
)
def test_clocks(text: str, start: str | None, theirs: str | None, minutes: int | None) -> None:
    when = read_when(text, DAY, DAY, TOKYO, None, abroad=False)
    assert (when.start, when.start_publisher, when.duration_min) == (start, theirs, minutes)


def test_a_clock_abroad_without_a_zone_stays_unknown() -> None:
    assert read_when("at 3:00 p.m.", DAY, DAY, TOKYO, NEW_YORK, abroad=True).start is None


def test_local_time_of_a_known_place() -> None:
    when = read_when("at 3:00 p.m. (local time)", DAY, DAY, TOKYO, NEW_YORK, abroad=True)
    assert (when.start, when.zone_evidence) == ("2021-09-22T15:00:00-04:00", "place")


def test_clocks_that_disagree_with_the_place_are_a_conflict() -> None:
    when = read_when("at 4:20 p.m. (5:20 a.m. on September 23, Japan time)", DAY, DAY, TOKYO, "Europe/Paris", abroad=True)
    assert when.start == "2021-09-22T16:20:00-04:00"
    assert when.conflicts


def test_clocks_that_cannot_be_one_instant_give_no_start() -> None:
    when = read_when("at 4:20 p.m. (5:23 a.m. on September 25, Japan time)", DAY, DAY, TOKYO, None, abroad=True)
    assert when.start is None
    assert when.conflicts


@given(st.text(alphabet="0123456789:.apm()JST SeptembrOc,-todaylcime", max_size=80))
def test_never_raises(text: str) -> None:
    read_when(text, DAY, DAY, TOKYO, NEW_YORK, abroad=False)
    for hit in find_dates(text, DAY):
        assert 0 <= hit.start < hit.end <= len(text)
