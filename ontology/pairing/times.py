"""Whether two accounts can mean the same hour: days, starts, and the clocks of two capitals."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from communique.ontology.pairing.rules import rules
from communique.ontology.pairing.told import Told


def together(a: Told, b: Told, *, distance: bool) -> tuple[float, str] | None:
    """What the time adds to a score (less than 0 if it takes off) and the words for it; ``None`` if it cannot be one time.

    Starts decide where both are known.  A day apart is possible if the start that one account tells is on the day of the
    other by the clock of its capital; without a start only ``distance`` talks (calls, video) can have two dates, and the date of
    the capital whose clock is ahead must be the later one.
    """
    clocks = rules().clocks
    if a.start and b.start:
        minutes = abs((a.start - b.start).total_seconds()) / 60
        if minutes > clocks["apart"]:
            return None
        if minutes <= clocks["start"]:
            return rules().more["start"], "same start" if minutes < 1 else f"starts {minutes:.0f} minutes apart"
    if a.day == b.day:
        return 0.0, "same day"
    if abs((a.day - b.day).days) > 1:
        return None
    for told, other in ((a, b), (b, a)):
        if told.start and not other.start:
            return (-rules().less["day"], "a day apart, one hour on two clocks") if _on(told.start, other.zone) == other.day else None
    earlier, later = sorted((a, b), key=lambda told: told.day)
    if distance and _ahead(later, earlier, later.day) >= clocks["hours"]:
        return -rules().less["day"], "a day apart, as the clocks of the two capitals allow"
    return None


def _on(start: datetime, zone: str | None) -> date | None:
    return start.astimezone(ZoneInfo(zone)).date() if zone else None


def _ahead(of: Told, than: Told, day: date) -> float:
    """By how many hours the clock of one publisher's capital is ahead of the other's."""
    if not of.zone or not than.zone:
        return 0.0
    noon = datetime.combine(day, time(12), UTC)
    here, there = (noon.astimezone(ZoneInfo(zone)).utcoffset() for zone in (of.zone, than.zone))
    assert here is not None and there is not None  # a zone has an offset
    return (here - there).total_seconds() / 3600
