"""Reads phrases that name or title a person: honorifics, offices before or after the name, name, party."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from communique.ingest.people.address import (
    DETERMINERS,
    ended,
    gender_of,
    given,
    may_open,
    read_honorifics,
    read_modifiers,
    read_offices,
    stops,
)
from communique.ingest.people.behind import kept_word, offices_behind, past_short_form, with_word
from communique.ingest.people.line import Line, office_words
from communique.ingest.people.names import person_words, post_nominal_end, read_name
from communique.ingest.people.offices import Office, presides, several

_BODY = re.compile(r"\b(?:Departments?|Ministry|Ministries|Offices?|Courts?|Chamber|Bureau) of (?:[A-Z]\w+,? )*(?:and )?$")
# Whoever holds one of these besides the chair of an organisation is of his state.
_OF_A_STATE = frozenset({"Minister", "Premier", "Chancellor"})
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A person phrase at ``[start, end)`` of the view, titles included.

    ``name`` is the name's view range (honorifics, titles and post-nominals stripped) or ``None`` where only an office is said;
    ``party`` what the phrase itself tells (a demonym before it, "of <state>", an organisation); ``first``/``last`` its words.
    """

    start: int
    end: int
    first: int
    last: int
    name: tuple[int, int] | None
    offices: tuple[Office, ...]
    party: str | None
    definite: bool
    possessive: bool
    honorific: bool
    feminine: bool | None
    plural: bool = False

    def name_in(self, view: str) -> str | None:
        """The name as written."""
        return view[self.name[0] : self.name[1]] if self.name else None


def find_persons(line: Line) -> list[Phrase]:
    """Every person phrase of a view, from left to right, never overlapping."""
    out: list[Phrase] = []
    p = person_words()
    # Every phrase holds an office or a form of address; behind the last of these no phrase begins.
    addressed = (i for i in reversed(range(len(line.words))) if (text := line.words[i].text) in p.honorifics or f"{text}." in p.honorifics)
    last = max([*line.heads, next(addressed, -1)])
    i = 0
    while i <= last:
        word = line.words[i]
        phrase = _read(line, i) if word.capital or word.text == "the" or word.text in p.loose else None
        if phrase is not None and out and _of_office_before(line, out[-1], phrase):
            k = next(k for k in range(phrase.first, phrase.last) if line.words[k].end == phrase.name[1]) + 1 if phrase.name else i + 1
            if phrase.honorific and phrase.name:  # "the Minister of X, Hon. A, the Deputy Minister of Y, Hon. B"
                out.append(replace(phrase, end=phrase.name[1], last=k, offices=(), party=None))
            i = k
        elif phrase is None:
            i += 1
        else:
            out.append(phrase)
            i = phrase.last
    return out


def _of_office_before(line: Line, before: Phrase, phrase: Phrase) -> bool:
    """Whether a name belongs to the office before it, the office behind it to the next: ``the Minister of X, A, the Minister of Y, B``."""
    if phrase.name is None or before.name is not None or before.possessive or not before.definite or not phrase.offices:
        return False
    ws = line.words
    addressed = phrase.start == phrase.name[0] or phrase.honorific
    opens = addressed and phrase.last < len(ws) and ws[phrase.first].gap == ws[phrase.last].gap == ", "
    return bool(opens) and before.last == phrase.first and may_open(line, phrase.last) and not line.firm(phrase.last)


def _read(line: Line, i: int) -> Phrase | None:
    ws = line.words
    word = ws[i]
    p = person_words()
    definite = word.text in DETERMINERS
    j = i + 1 if definite else i
    while j < len(ws) and ws[j].text in person_words().loose and j - i < 4 and ws[j].tied:
        j += 1
    if j >= len(ws) or (j > i and not ws[j].tied) or not (ws[j].capital or j > i):
        return None
    if ws[j].gap.endswith("(") and line.text[ws[j].end : ws[j].end + 1] == ")":
        return None
    if not ws[j].capital or (word.text in p.openers and not definite and word.text not in p.honorifics):
        return None
    kept = kept_word(line, i, j)
    begin = j if j > i and not (definite or kept) else i
    opening = j
    j, party = read_modifiers(line, j)
    if j >= len(ws):
        return None
    kept = kept or kept_word(line, opening, j)
    honorific, female, j = read_honorifics(line, j)
    if honorific and j < len(ws) and any(c.islower() for c in ws[j].gap):
        return None  # "His Majesty received Ambassador A"
    offices, j = ((), j) if honorific and given(line, j) else read_offices(line, j, definite and party is None)
    offices = with_word(kept, offices)
    name: tuple[int, int] | None = None
    if offices:
        offices, j = _with_command(line, offices, past_short_form(line, j))
        party = party or next((o.party for o in offices if o.party), None)
        female = female if female is not None else gender_of(line, offices[-1].first, offices[-1].last)
        if not ws[j - 1].possessive and j < len(ws) and not ended(line, j):
            again, female2, k = read_honorifics(line, j)
            name_at = k
            # "Minister of Industry Dr. Sultan Name": behind a form of address a rank is a name
            addressed = again and name_at < len(ws) and ws[name_at].text in p.also_names
            stop = read_name(ws, name_at, stops(line, name_at)) if may_open(line, name_at, after_honorific=addressed) else name_at
            if stop > name_at:
                name, j, honorific = (ws[name_at].start, ws[stop - 1].end), stop, honorific or again
                female = female if female is not None else female2
    elif honorific:
        if may_open(line, j, after_honorific=True):
            stop = read_name(ws, j, stops(line, j))
            if stop > j and not all(line.firm(k) for k in range(j, stop)):
                name, j = (ws[j].start, ws[stop - 1].end), stop
        if name is None:
            return None
    else:
        return _named_then_office(line, i, definite)
    offices, name, j = _holder(line, offices, name, j)
    end = post_nominal_end(ws, j)
    after, end2, state = offices_behind(line, end, name is not None, titled=tuple(o.text for o in offices))
    offices, party = _of_his_state(line, opening, offices, party, state)
    if after or state:
        offices, party, end = (*offices, *after), party or state, end2
    if not name and (not offices or _of_body(line, begin, end, definite)):
        return None
    last = ws[end - 1]
    return Phrase(
        ws[begin].start,
        _close(line, begin, end),
        begin,
        end,
        name,
        offices,
        party,
        definite,
        last.possessive,
        honorific,
        female,
        _plural(line, offices, name is not None),
    )


def _with_command(line: Line, offices: tuple[Office, ...], j: int) -> tuple[tuple[Office, ...], int]:
    """Goes on over a command in capitals before the rank of its officer: ``Deputy Commander NORTHCOM Lieutenant General Name``."""
    ws = line.words
    if j + 1 >= len(ws) or not ws[j].tied or not ws[j + 1].tied or len(ws[j].text) < 5 or not ws[j].text.isupper():
        return offices, j
    if ws[j + 1].text not in person_words().honorifics and not line.is_head(j + 1):
        return offices, j
    last = offices[-1]
    return (*offices[:-1], last._replace(last=j + 1, text=f"{last.text} {ws[j].text}")), j + 1


def _of_body(line: Line, begin: int, end: int, definite: bool) -> bool:
    """Whether a word of offices is what a body is for: ``the Department of Justice``."""
    return not definite and end - begin == 1 and _BODY.search(line.text, 0, line.words[begin].start) is not None


def _holder(
    line: Line, offices: tuple[Office, ...], name: tuple[int, int] | None, j: int
) -> tuple[tuple[Office, ...], tuple[int, int] | None, int]:
    """Offices and name once more: a group's complement is no name, a name ends with the stop of ``Jr.``, a servant has his own name."""
    if name and offices and " " not in line.text[name[0] : name[1]]:
        last = offices[-1]
        group = several(line, last)
        if group is not None and (group < last.last - 1 or line.words[last.last].text in office_words().portfolios):
            return offices, None, last.last  # "Leaders of the Eastern Flank", "Young Leaders Initiative"
    if name:
        name, j = _trim_initial(line, name, j)
        return _served(line, offices, name, j)
    return offices, None, j


def _of_his_state(
    line: Line, first: int, offices: tuple[Office, ...], party: str | None, state: str | None
) -> tuple[tuple[Office, ...], str | None]:
    """Whoever presides over an organisation and holds an office of his state besides is of the state: ``ASEAN Chair Prime Minister Name
    of Cambodia``.  It is not his party, so that the words of the organisation stay, and the year of the chair."""
    ws = line.words
    if len(offices) < 2 or party is None or not presides(line, offices[0]):
        return offices, party
    states = line.lexicon.ids("state")
    own = next((x for x in (state, *(o.party for o in offices[1:])) if x in states), None)
    if party in states or own is None and not any(set(o.text.split()) & _OF_A_STATE for o in offices[1:]):
        return offices, party  # "As Chair of ASEAN, Minister A": his state is not said here
    if first and ws[first].tied and _YEAR.fullmatch(ws[first - 1].text):
        first -= 1
    whole = line.text[ws[first].start : ws[offices[0].last - 1].end]
    return (offices[0]._replace(text=whole, party=None), *offices[1:]), own


def _served(line: Line, offices: tuple[Office, ...], name: tuple[int, int], j: int) -> tuple[tuple[Office, ...], tuple[int, int], int]:
    """``Chief of Staff for President A, B B``: the name behind the office is whom the person serves; his own follows the comma."""
    ws = line.words
    if not offices or j >= len(ws) or ws[j].gap != ", " or ws[j - 1].possessive or line.firm(j):
        return offices, name, j
    last = offices[-1]
    link = next((k for k in range(last.first, last.last) if ws[k].text in ("for", "to")), None)
    if link is None or not any(line.is_head(k) for k in range(link, last.last)):
        return offices, name, j
    stop = read_name(ws, j, stops(line, j), 4)
    if stop - j < 2 or any(line.firm(k) for k in range(j, stop)):
        return offices, name, j
    whole = Office(last.first, j, line.text[ws[last.first].start : name[1]], last.party)
    return (*offices[:-1], whole), (ws[j].start, ws[stop - 1].end), stop


def _close(line: Line, begin: int, end: int) -> int:
    """The view offset of a phrase's end: with ``Jr.`` its full stop, with an open bracket its closing one."""
    last = line.words[end - 1]
    stop = last.end
    if line.text[stop : stop + 1] == "." and last.text in ("Jr", "Sr"):
        return stop + 1
    if line.text[stop : stop + 1] == ")" and line.text.rfind("(", line.words[begin].start, stop) > line.text.rfind(
        ")", line.words[begin].start, stop
    ):
        return stop + 1
    return stop


def _trim_initial(line: Line, name: tuple[int, int], j: int) -> tuple[tuple[int, int], int]:
    """A name ends with the full stop of ``Jr.``."""
    if line.words[j - 1].text in ("Jr", "Sr") and line.text[name[1] : name[1] + 1] == ".":
        return (name[0], name[1] + 1), j
    return name, j


def _named_then_office(line: Line, i: int, definite: bool) -> Phrase | None:
    """A name without a title before it, told by the office after it: ``Frans Timmermans, Executive Vice President of ...``."""
    ws = line.words
    if (
        definite
        or line.text.endswith((" in ", " at ", "In ", "At "), 0, ws[i].start)
        or line.firm(i)
        or ws[i].text in person_words().openers
        or not ws[i].capital
        or (
            i
            and ws[i].tied
            and ws[i - 1].capital
            and not ws[i - 1].possessive
            and not line.firm(i - 1)
            and not _behind_place(line, i)
            and line.text[ws[i].start - 2 : ws[i].start - 1] != "."
        )
    ):
        return None
    stop = read_name(ws, i, stops(line, i), 6)
    known = line.known.get(i)
    if known is not None and known.kind == "place" and known.last >= stop:
        return None  # "the trip to Abu Dhabi, the Vice President welcomed"
    if stop - i < 2 or line.firm(i) or (stop - i > 2 and any(line.firm(k) for k in range(i, stop - 1))):
        return None
    if ws[stop - 1].text in office_words().buildings:
        return None  # "at the Necessidades Palace, the Minister of ..."
    end = post_nominal_end(ws, stop)
    offices, end, party = offices_behind(line, end, True)
    if not offices:
        return None
    name = (ws[i].start, ws[stop - 1].end)
    return Phrase(ws[i].start, _close(line, i, end), i, end, name, offices, party, False, ws[end - 1].possessive, False, None)


def _behind_place(line: Line, i: int) -> bool:
    """Whether word ``i`` follows the place or day of an adverbial: ``received in Abu Dhabi Name Name, Minister of ...``."""
    if line.words[i - 1].text.endswith("day") and re.search(r"(?:\bon|[a-z]ed|\bmet) $", line.text[: line.words[i - 1].start]):
        return True  # "received Thursday Name Name, the new Ambassador"
    known = line.inside.get(i - 1)
    return (
        known is not None
        and known.kind == "place"
        and known.last == i
        and line.text.endswith((" in ", " at "), 0, line.words[known.first].start)
    )


def _plural(line: Line, offices: tuple[Office, ...], named: bool) -> bool:
    return not named and any(several(line, o) is not None for o in offices)
