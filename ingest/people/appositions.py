"""Joins titles and names that stand apart: a name in apposition to a title, several names behind a plural title, names without a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from communique.ingest.people.behind import state_after
from communique.ingest.people.groups import Member, named_members
from communique.ingest.people.line import office_words, skip_bracket
from communique.ingest.people.names import person_words, read_name
from communique.ingest.people.offices import several
from communique.ingest.people.parses import Parse, Who, grammar
from communique.ingest.people.persons import Phrase

# Between a title and the name beside it; a desk may stand in brackets: "Additional Secretary (Europe), Ambassador Name Name".
_BESIDE = re.compile(r"(?: \([\w ,&-]{2,60}\))?, | | \(")


# What joins a name to the office that somebody takes up.
_AS = re.compile(r" as (?:the )?(?:new )?")


def who_of(p: Parse, q: Phrase) -> Who:
    name = q.name_in(p.text)
    return Who(
        q.start,
        q.end,
        name,
        tuple(o.text for o in q.offices),
        q.party,
        q.feminine,
        q.definite,
        "person.titled" if q.offices else "person.honorific",
    )


def joined(p: Parse, phrases: list[Phrase]) -> list[Who]:
    """Joins a title and the name in apposition: ``The Foreign Secretary, the Rt Hon Name Name``."""
    out: list[Who] = []
    for n, q in enumerate(phrases):
        who = who_of(p, q)
        previous = out[-1] if out else None
        if any(several(p.line, o) is not None for o in q.offices):
            listed = list(_listed(p, q, who))
            if listed:
                out.extend(listed)
                continue
        if (
            previous is not None
            and previous.name is None
            and who.name is not None
            and _BESIDE.fullmatch(p.text, _behind_seat(p.text, previous.end), who.start)
            and (previous.definite is False or set(who.offices) <= office_words().addresses)
            and not _is_list(p, phrases[n : n + 2])
        ):
            out[-1] = replace(
                who,
                start=previous.start,
                offices=previous.offices + tuple(o for o in who.offices if not (previous.definite and o in office_words().addresses)),
                party=previous.party or who.party,
                feminine=who.feminine if who.feminine is not None else previous.feminine,
                definite=False,
                rule="person.apposition",
            )
            continue
        if (
            previous is not None
            and previous.name
            and not previous.offices
            and not who.name
            and _AS.fullmatch(p.text, previous.end, who.start)
        ):
            # "received the credentials of Mr. A as Ambassador of B"
            out[-1] = replace(previous, end=who.end, offices=who.offices, party=previous.party or who.party)
            continue
        if who.name is None and not any(x.first in (q.last, q.last + 1) and x.name for x in phrases):
            who = _named_behind(p, q, who)
        out.append(who)
    return out


def _is_list(p: Parse, phrases: list[Phrase]) -> bool:
    """Whether a name behind a title is the next of a list: ``the Crown Prince, Sheikh X, and Mr. Y``."""
    if len(phrases) < 2 or phrases[0].offices or phrases[1].offices or not phrases[1].name:
        return False
    return p.text[phrases[0].end : phrases[1].start] == ", and "


def _listed(p: Parse, q: Phrase, who: Who) -> Iterator[Who]:
    """Several persons behind a plural office: ``Members of the Presidency Name Name, Name Name, and Name Name``."""
    ws = p.line.words
    if members := _members(p, q):
        offices = tuple(singular(o) for o in who.offices)
        for n, x in enumerate(members):
            yield Who(x.start if n else who.start, x.end, p.text[x.start : x.end], offices, x.party, None, False, "person.listed")
        return
    i = next((k for k in range(q.first, q.last) if q.name and ws[k].start == q.name[0]), q.last)
    first = True
    if i < len(ws) and p.line.firm(i):
        return
    offices = tuple(singular(o) for o in who.offices)
    while i < len(ws):
        if ws[i].text == "and" and not first:
            i += 1
        if i >= len(ws) or (ws[i].gap not in (" ", ", ", ": ") and not ws[i].tied):
            return
        stop = read_name(ws, i, frozenset(k for k in range(i, min(len(ws), i + 6)) if p.line.firm(k)), 5)
        if stop == i or (stop - i < 2 and (i in p.line.inside or (not first and ws[i - 1].text != "and"))):
            return
        # "Presidents A of X and B of Y"
        last, party = (stop < len(ws) and state_after(p.line, stop)) or (stop, who.party)
        start, end = who.start if first else ws[i].start, ws[last - 1].end
        yield Who(start, end, p.text[ws[i].start : ws[stop - 1].end], offices, party, None, False, "person.listed")
        i, first = last, False


def _members(p: Parse, q: Phrase) -> list[Member]:
    """The members of a plural office with their states: ``the Foreign Ministers of Austria, Name Name, and Slovenia, Name Name``."""
    head = next((k for o in q.offices if (k := several(p.line, o)) is not None), q.last - 1)
    for m in re.finditer(r"(?=,? (?:of|from) )", p.text[p.line.words[head].end : q.end + 1]):
        if members := named_members(p, p.line.words[head].end + m.start()):
            return members if len(members) > 1 else []
    return []


def _named_behind(p: Parse, q: Phrase, who: Who) -> Who:
    """A bare name in apposition after a title: ``Germany's Foreign Minister, Annalena Baerbock,``."""
    ws = p.line.words
    at = skip_bracket(p.line, q.last)
    seat = _behind_seat(p.text, q.end)
    if seat > q.end:
        at = next((k for k in range(at, len(ws)) if ws[k].start > seat), at)
    beside = at < len(ws) and (ws[at].gap in (", ", "), ", " - ", " (") or seat > q.end)
    if q.possessive or not beside or (at < len(ws) and p.line.is_head(at)):
        return who
    stop = read_name(ws, at, frozenset(k for k in range(at, min(len(ws), at + 6)) if p.line.firm(k)), 5)
    alone = stop - at == 1 and at not in p.line.inside and p.text.startswith(", ", ws[at].end) and len(ws[at].text) > 2
    if stop - at < 2 and not (alone and ws[at].gap == ", "):
        return who
    return replace(who, end=ws[stop - 1].end, name=p.text[ws[at].start : ws[stop - 1].end], definite=False, rule="person.apposition")


# Where an ambassador serves, between office and name; a state told by another word: "Minister of the Asian country, Name Name".
_ACCREDITED = re.compile(
    r"(?:,? (?:accredited|resident|based) (?:to|in) [^,.;()]{2,60}| on a non-resident basis| with residence in [^,.;()]{2,60}"
    r"| (?:to|in|for) (?:the )?(?:[A-Z][\w'-]+ ?){1,4}(?: of [A-Z]\w+)?(?<! )| (?:country|nation|state|kingdom))"
    r"(?=, | (?:Mrs?|Ms|Dr|H\.?E)\b)"
)


def _behind_seat(text: str, at: int) -> int:
    """The offset behind where an ambassador serves, if that is told at ``at``."""
    accredited = _ACCREDITED.match(text, at)
    return accredited.end() if accredited else at


def _no_name(p: Parse, k: int, begun: bool) -> bool:
    """Whether a word is none of a name; a name that has begun may go on with a place (``Ivone Tavares Lima``)."""
    known = p.line.inside.get(k)
    return p.line.firm(k) or (known is not None and not (begun and known.kind == "place" and known.last - known.first == 1))


def bare_names(p: Parse, at: int, end: int) -> Iterator[Who]:
    """Names without a title that the lexicon of offices knows: ``opposition leader Name Name of Belarus``."""
    ws = p.line.words
    i, told = next((k for k, w in enumerate(ws) if w.start >= at), len(ws)), at
    while i < len(ws) and ws[i].start < end:
        stop = read_name(ws, i, frozenset(k for k in range(i, min(len(ws), i + 6)) if _no_name(p, k, k > i)), 5)
        goes_on = stop < len(ws) and ws[stop].tied and ws[stop].capital
        if (
            stop - i >= 2
            and not goes_on
            and ws[stop - 1].text not in person_words().buildings
            and not any(_no_name(p, k, k > i) for k in range(i, stop))
            and (i == 0 or not (ws[i - 1].capital and ws[i].tied))
        ):
            last, party = (stop < len(ws) and state_after(p.line, stop)) or (stop, None)
            before = [  # a state that is not told of the person before: "A of Norway, B, and C"
                k.party
                for k in p.line.known.values()
                if k.party and k.kind == "state" and told <= ws[k.first].start and 0 <= ws[i].start - ws[k.last - 1].end < 40
            ]
            yield Who(
                ws[i].start,
                ws[last - 1].end,
                p.text[ws[i].start : ws[stop - 1].end],
                (plain[0].strip(),) if (plain := grammar().patterns["plain_office"].search(p.text[at : ws[i].start])) else (),
                party or (before[-1] if before else None),
                None,
                False,
                "person.bare",
            )
            i, told = last, ws[last - 1].end
        else:
            i = max(stop, i + 1)


_PLURAL = re.compile(
    r"(?<!Council of )(?<!Cabinet of )"
    r"\b(Minister|President|Ambassador|Advisor|Adviser|Director|Chancellor|Representative|Official|Envoy|Leader|Member|Senator|Governor|Premier)s\b",
    re.IGNORECASE,
)
_SECRETARIES = re.compile(r"\b([Ss]ecretar)ies\b")


@lru_cache(maxsize=1024)
def singular(office: str) -> str:
    """The office of one of several who hold it: ``foreign ministers``, ``State Secretaries``."""
    return _SECRETARIES.sub(r"\1y", _PLURAL.sub(r"\1", office))
