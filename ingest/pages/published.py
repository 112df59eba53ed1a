"""When a page was published: the times of feeds and pages, and the day on the publisher's own calendar."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from communique.ingest.sources import Source
from communique.model import Document

_DAY = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}/\d{1,2}/\d{4}"
    r"|[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9}\.?,? \d{4}"
)
_FORMS = ("%B %d %Y", "%d %B %Y", "%b %d %Y", "%d %b %Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d")


def publication_date(document: Document, source: Source, *, here: bool = False) -> date | None:
    """The day of publication on the publisher's own calendar.

    A feed's time in another zone is brought to the publisher's zone first (State Department times are UTC); a time without a zone
    is taken in the source's ``feed_zone``.  ``here``: who tells of himself wrote where
    he was, and the time stays in its own zone.  ``None`` if neither page nor metadata gives a day.
    """
    stated = date.fromisoformat(document.date) if document.date else None
    said = moment(document.published)
    if said is None:
        return stated
    if said.tzinfo is None and source.feed_zone and said.time() != time():  # a day alone is the publisher's own
        said = said.replace(tzinfo=ZoneInfo(source.feed_zone))
    if said.tzinfo is not None and source.zone and not here:
        said = said.astimezone(ZoneInfo(source.zone))
    if stated is not None and abs((stated - said.date()).days) > 1:
        return stated  # a date of the page itself, where the feed was filled in later
    return said.date()


def moment(words: str | None) -> datetime | None:
    """A publication time as feeds and pages write it: ISO 8601, or a day with or without a clock; ``None`` if it is no such thing."""
    if not words:
        return None
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        pass
    found = _DAY.search(words)
    if found is None:
        return None
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[.,](?=\s)", "", found[0])
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form)  # noqa: DTZ007 (a page's date line has no zone)
        except ValueError:
            continue
    return None
