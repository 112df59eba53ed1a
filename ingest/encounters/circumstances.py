"""What kind of encounter a clause tells of, where and on what occasion it was, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from communique.ingest.encounters.clock import When, read_when
from communique.ingest.encounters.dates import DateHit, find_dates
from communique.ingest.encounters.delegations import parties_named
from communique.ingest.encounters.page import FRAME, Page
from communique.ingest.encounters.places import Place, find_occasion, find_place
from communique.ingest.encounters.telling import Telling
from communique.ingest.people.parses import Parse, grammar
from communique.model import Encounter, Participant

# Types of encounters that may last several days.
_LONG = frozenset({"dialogue", "visit", "multilateral-meeting"})
# Rules whose words leave open whether it was a meeting or a dialogue.
_HELD = ("encounter.light", "encounter.meet", "encounter.passive", "encounter.host")
# A line that says no more than place and day is not longer; what stands before the day in it.
_SHORT = 60
_PLACED = re.compile(r"\W{0,3}(?:[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,2}[,:]? (?:on )?){0,2}")
# A later clause tells of a further encounter of the same page only within so many days of the first.
_NEAR = 3
# How a day is said, the surest first: an explicit date wins over "today", "today" over a day of the week.
_FIRST_DAY = re.compile(r"\b[Oo]n the first day\b")
_NEXT_DAY = re.compile(r"\b(?:[Tt]he|[Oo]n the) (?:following|next|second) (?:day|morning|afternoon|evening)\b")
# What tells how long an encounter was.
_LASTING = ("last", " ran ", "went on", "took ")
_LASTED = re.compile(
    r"\b(?:[Mm]eeting|[Tt]alks?|[Cc]all|[Cc]onversation|[Dd]iscussions?|[Dd]ialogue|[Ee]xchange|[Cc]onsultations?|[Aa]udience|[Ss]ession"
    r"|[Vv]ideo ?conference|[Ii]nterview)\b[^.;]{0,40}?\b(?:(?:which |that )?(?:had |has )?(?:lasted|ran|went on|took)|lasting)\b"
)
_SPOKE = ("spoke", "talk", "convers")
_DAYS = ("full", "day", "relative", "weekday", "interval", "week")
# How two talked who did not meet, behind a word that leaves it open: "had a discussion with B over the phone".
_OVER_THE_PHONE = re.compile(r"\b(?:over the|by|on the) (?:tele)?phone\b")


def told_by(page: Page, telling: Telling) -> Encounter:
    """The encounter that a clause tells of, but for its participants: type, place, occasion, day, times."""
    place = find_place(telling, page.lexicon)
    return _dated(page, telling, _placed(page, telling, place), place)


def _placed(page: Page, telling: Telling, place: Place | None) -> Encounter:
    """Type, place and occasion."""
    occasion = find_occasion(telling)
    kind = _final_type(page, telling)
    sentence = telling.parse.sentence
    end = max([telling.end, *(w.end for w in (*telling.subjects, *telling.objects))])
    start = min([telling.start, *(w.start for w in (*telling.subjects, *telling.objects))])
    return Encounter(
        "e1",
        kind,
        None,
        (),
        sentence.view.span(start, end),
        telling.rule,
        place=place.text if place else None,
        place_span=sentence.view.span(place.start, place.end) if place else None,
        occasion=_words(telling, occasion),
        occasion_span=sentence.view.span(*occasion) if occasion else None,
    )


def _words(telling: Telling, span: tuple[int, int] | None) -> str | None:
    return telling.parse.text[span[0] : span[1]] if span else None


def sides_type(page: Page, telling: Telling, kind: str, people: Sequence[Participant]) -> str:
    """A meeting is multilateral by its name and by more than two sides; "a summit with X" has two."""
    sides = {x.party for x in people}
    title = page.title
    if kind == "meeting" and len(sides) > 2 and grammar().patterns["attends"].search(title.text) and _many(title.text):
        return "multilateral-meeting"
    if kind == "meeting" and len(sides) > 2 and grammar().patterns["body"].search(title.text):
        return "multilateral-meeting"
    if kind == "meeting" and len(sides) > 2 and grammar().patterns["sitting"].search(telling.parse.text[telling.start :]):
        return "multilateral-meeting"
    # A forum is many sides by itself, where its session is named.
    forum = any(x.name is None and x.party and not page.lexicon.facts("state", x.party) for x in people)
    if kind == "meeting" and forum and (_many(title.text) or _many(_words(telling, find_occasion(telling)) or "")):
        return "multilateral-meeting"
    if kind == "multilateral-meeting" and len(sides) == 2 and all(x.family for x in people):
        return "meeting"
    named = telling.rule == "encounter.host" and _many(telling.parse.text[telling.start :])
    if kind == "meeting" and len(sides) > 2 and named and _many(title.text):
        return "multilateral-meeting"
    return kind


def _many(words: str) -> bool:
    return bool(grammar().patterns["multilateral"].search(words))


def _final_type(page: Page, telling: Telling) -> str:
    """The verb's type, and the title's where the verb leaves it open ("spoke", "held a conversation")."""
    told = page.title.type
    phone = grammar().patterns["phone"].search(telling.parse.text[telling.start : telling.start + 160])
    if telling.type == "meeting" and _OVER_THE_PHONE.search(telling.parse.text, telling.start, telling.start + 200):
        return "call"
    if told == "video" and telling.type in ("call", "meeting"):
        return "video"
    if told == "dialogue" and telling.type == "video" and not grammar().titles["meeting"].search(page.title.text):
        return "dialogue"  # held at a distance or not
    if told == "dialogue" and telling.type == "meeting" and telling.rule.startswith(_HELD):
        words = telling.parse.text[telling.start : telling.end]
        named = telling.rule.startswith("encounter.light") and not grammar().patterns["session"].search(words)
        return "meeting" if named else "dialogue"
    attended = telling.rule.endswith(".open") and grammar().patterns["attending"].match(telling.parse.text, telling.start)
    if telling.type == "meeting" and attended:
        return "multilateral-meeting"
    if telling.type == "call" and telling.rule == "encounter.speak" and told in ("meeting", "dialogue") and not phone:
        return "meeting" if told == "dialogue" or _in_person(telling) else "call"
    if (
        telling.type == "meeting"
        and told == "call"
        and telling.rule in ("encounter.light", "encounter.meet")
        and not re.match(r"(?:met|meets)\b", telling.parse.text[telling.start :])
        and not _at_home(telling)
    ):
        return "call"
    return telling.type


def spoken_with(telling: Telling) -> bool:
    """Whether a clause leaves open whether it was a call: ``spoke with``, and no telephone in it."""
    phone = grammar().patterns["phone"].search(telling.parse.text[telling.start : telling.start + 160])
    return telling.rule == "encounter.speak" and phone is None and telling.parse.text.startswith(_SPOKE, telling.start)


def _in_person(telling: Telling) -> bool:
    """Whether a clause whose verb leaves it open (``spoke``) says where they were together."""
    text, pattern = telling.parse.text, grammar().patterns["together_at"]
    return any(pattern.search(text, a, b) for a, b in telling.scope)


def _at_home(telling: Telling) -> bool:
    """Whether a clause says in whose house they were: ``had a meeting at the Presidential Palace``."""
    text, pattern = telling.parse.text, grammar().patterns["housed"]
    return any(pattern.search(text, a, b) for a, b in telling.scope)


def _dated(page: Page, telling: Telling, base: Encounter, place: Place | None) -> Encounter:
    """Date, start, duration and both clocks."""
    text = telling.parse.text
    segments = [text[a:b] for a, b in telling.scope]
    iso = encounter_date(page, segments, whole=base.type in _LONG or any(t.parse is telling.parse for t in page.opening))
    day = date.fromisoformat(iso[:10]) if iso else None
    abroad = bool(grammar().patterns["visiting"].search(text[: telling.end])) or _foreign(page, place)
    when: When = read_when(" | ".join(segments), day, page.day, page.source.zone, place.zone if place else None, abroad)
    return replace(
        base,
        date=when.date or iso,
        start=when.start,
        start_publisher=when.start_publisher,
        duration_min=when.duration_min,
        approximate=when.approximate,
        zone_evidence=when.zone_evidence,
        conflicts=when.conflicts,
    )


def lasting(body: Sequence[Parse], encounters: Sequence[Encounter]) -> list[Encounter]:
    """The encounters with how long each was, where a sentence of its own says so: ``The meeting, which lasted forty minutes, ...``."""
    out = list(encounters)
    for p in body:
        m = _LASTED.search(p.text) if any(word in p.text for word in _LASTING) else None
        at = next((n for n in reversed(range(len(out))) if out[n].span.start <= p.sentence.span.start), None) if m else None
        if m is None or at is None or out[at].duration_min is not None:
            continue
        when = read_when(p.text[m.end() : m.end() + _SHORT], None, None, None, None, False)
        if when.duration_min is not None:
            out[at] = replace(out[at], duration_min=when.duration_min, approximate=when.approximate)
    return out


def host_of(page: Page, telling: Telling) -> str | None:
    """The foreign state where a clause says that it took place."""
    place = find_place(telling, page.lexicon)
    if place and _foreign(page, place):
        return place.state
    visit = grammar().patterns["visit_to"].search(telling.parse.text, 0, telling.start)  # "During her visit to A, she was received by B"
    state = next((w.party for w in parties_named(telling.parse, visit.end(), telling.start)), None) if visit else None
    return state if state != page.source.party else None


def _foreign(page: Page, place: Place | None) -> bool:
    return place is not None and place.state is not None and page.source.party is not None and place.state != page.source.party


def is_dated(page: Page, telling: Telling) -> bool:
    """Whether the clause says the day."""
    return any(h.how in _DAYS for a, b in telling.scope for h in find_dates(telling.parse.text[a:b], page.day))


def _talks(words: str, day: date | None) -> str | None:
    """The days of the talks for which someone travelled."""
    m = grammar().patterns["for_talks"].search(words)
    return next((h.iso for h in find_dates(words[m.end() :], day) if h.how == "interval"), None) if m else None


def _two_days(interval: str) -> bool:
    first, last = (date.fromisoformat(day) for day in interval.split("/"))
    return (last - first).days == 1


def encounter_date(page: Page, segments: Sequence[str], *, whole: bool = False) -> str | None:
    """The date that the clause gives; else a relative day of its sentence; else the title's; else the day of publication.

    Several days in the clause itself are an interval; those of the opening count only for what may last so long (``whole``).
    """
    usable: list[DateHit] = []
    for segment in segments:
        usable += [h for h in find_dates(segment, page.day) if h.how in _DAYS]
    if len(usable) > 1 and segments and (issued := _day_of_issue(segments[0], page.day)) in usable:
        usable.remove(issued)
    best = min(usable, key=lambda h: _DAYS.index(h.how) - (h.how == "day"), default=None)
    if best is None and any(grammar().patterns["days_ago"].search(segment) for segment in segments):
        return None
    if best is None:
        told = [h for t in page.opening for a, b in t.scope for h in find_dates(t.parse.text[a:b], page.day)]
        if len(told) > 1 and (issued := _day_of_issue(page.opening[0].parse.text, page.day)) and told[0].iso == issued.iso:
            told = [h for h in told if h.iso != issued.iso] or told  # "Vienna, 17 March - Minister A travelled to B on Thursday"
        best = next((h for h in told if h.how in ("full", "day", "relative", "weekday", "week", *(["interval"] if whole else []))), None)
        # "travelled to X for talks with B from May 3 to 5": the days are those of the talks.
        if best is None and (m := next((h for t in page.opening for a, b in t.scope if (h := _talks(t.parse.text[a:b], page.day))), None)):
            return m
        journey = grammar().patterns["trip"].search(page.title.text) or any(t.rule == "encounter.travelled" for t in page.opening)
        if best is None and journey and (days := next((h.iso for h in told if h.how == "interval"), None)):
            return days if _two_days(days) else None  # on one of the days of a visit: two are told, more are not
    if best is None:
        best = next((h for h in find_dates(page.title.text, page.day) if h.how in ("full", "day")), None) or _opened(page)
    # "(Athens, 7 June 2023)" behind a title, and "today" in a text that was published the day after
    titled = next((h for h in find_dates(page.title.text, page.day) if h.how == "full"), None) if best and best.how == "relative" else None
    if best and titled and page.day and len(titled.iso) == 10 and 0 <= (page.day - date.fromisoformat(titled.iso)).days <= 2:
        return titled.iso
    if best is not None:
        return best.iso
    return page.day.isoformat() if page.day else None


def _opened(page: Page) -> DateHit | None:
    """The day of a line that opens the account and says no more than place and day: ``Vilnius, 14 March 2024.``"""
    first = next((p for p in page.parses if p.sentence.block.kind not in FRAME), None)
    hit = next((h for h in find_dates(first.text, page.day) if h.how == "full"), None) if first and len(first.text) < _SHORT else None
    return hit if first and hit and _PLACED.fullmatch(first.text, 0, hit.start) and len(first.text) - hit.end < 3 else None


def day_told(words: str, date_: str | None, before: str | None) -> str | None:
    """The day of several that words give: ``on the first day of the visit``, or the day after ``before``: ``the next day``."""
    first, last = (date_ or "").split("/") if date_ and "/" in date_ else (None, None)
    if first and _FIRST_DAY.search(words):
        return first
    if _NEXT_DAY.search(words):
        if before and len(before) == len("2024-03-05"):
            return (date.fromisoformat(before) + timedelta(1)).isoformat()
        return last if date_ and _two_days(date_) else date_
    return date_


def near(one: str | None, other: str | None) -> bool:
    """Whether two dates are so near that one page may tell of both as its subject."""
    if not one or not other or len(one) != 10:
        return False
    return abs((date.fromisoformat(one) - date.fromisoformat(other[:10])).days) <= _NEAR


def _day_of_issue(words: str, day: date | None) -> DateHit | None:
    """The day in the line of issue that opens an account: ``Pasay City, 31 July 2024 –``, ``Nairobi, Monday 3rd June, 2024.....``."""
    first = next((h for h in find_dates(words, day) if h.how in ("full", "day")), None)
    opens = first and re.fullmatch(r"\W{0,3}(?:[A-Z][\w.,' ()/-]{0,40})?", words[: first.start]) and not re.match(r"On\b", words)
    return first if first and opens and re.match(r"\.{3,}|[^\w(]{0,3}(?:\(\w+\) )?[–—:-]", words[first.end :]) else None
