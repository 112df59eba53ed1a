"""Reads phrases that name or title a person: honorifics, offices before or after the name, name, party."""

from __future__ import annotations

from dataclasses import dataclass

from communique.ingest.names import opens_name, person_words, post_nominal_end, read_name
from communique.ingest.offices import Line, Office, close, head_ahead, office_words, place_party, read_office, skip_bracket

_DETERMINERS = frozenset({"the", "The", "THE"})
_LOOSE = frozenset({"former", "then", "new", "newly", "incoming", "outgoing", "visiting", "acting", "appointed", "elected"})


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
    i = 0
    while i < len(line.words):
        word = line.words[i]
        phrase = _read(line, i) if word.capital or word.text == "the" or word.text in _LOOSE else None
        if phrase is None:
            i += 1
        else:
            out.append(phrase)
            i = phrase.last
    return out


def _read(line: Line, i: int) -> Phrase | None:
    ws = line.words
    word = ws[i]
    p = person_words()
    definite = word.text in _DETERMINERS
    j = i + 1 if definite else i
    while j < len(ws) and ws[j].text in _LOOSE and j - i < 4 and ws[j].tied:
        j += 1
    if j >= len(ws) or (j > i and not ws[j].tied) or not (ws[j].capital or j > i):
        return None
    if ws[j].gap.endswith("(") and line.text[ws[j].end : ws[j].end + 1] == ")":
        return None
    if not ws[j].capital or (word.text in p.openers and not definite and word.text not in p.honorifics):
        return None
    begin = i if definite or j == i else j
    j, party = _modifiers(line, j)
    if j >= len(ws):
        return None
    honorific, female, j = _honorifics(line, j)
    offices, j = _offices(line, j, definite)
    name: tuple[int, int] | None = None
    if offices:
        party = party or next((o.party for o in offices if o.party), None)
        female = female if female is not None else _gender(line, offices[-1].first, offices[-1].last)
        if not ws[j - 1].possessive and j < len(ws) and not _ended(line, j):
            again, female2, k = _honorifics(line, j)
            name_at = k
            stop = read_name(ws, name_at, _stops(line, name_at)) if _may_open(line, name_at) else name_at
            if stop > name_at:
                name, j, honorific = (ws[name_at].start, ws[stop - 1].end), stop, honorific or again
                female = female if female is not None else female2
    elif honorific:
        if _may_open(line, j, after_honorific=True):
            stop = read_name(ws, j, _stops(line, j))
            if stop > j and not all(line.firm(k) for k in range(j, stop)):
                name, j = (ws[j].start, ws[stop - 1].end), stop
        if name is None:
            return None
    else:
        return _named_then_office(line, i, definite)
    if name:
        name, j = _trim_initial(line, name, j)
        offices, name, j = _served(line, offices, name, j)
    end = post_nominal_end(ws, j)
    after, end2, state = _after(line, end, name is not None)
    if after or state:
        offices, party, end = (*offices, *after), party or state, end2
    if not name and not offices:
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


def _served(line: Line, offices: tuple[Office, ...], name: tuple[int, int], j: int) -> tuple[tuple[Office, ...], tuple[int, int], int]:
    """``Chief of Staff for President A, B B``: the name behind the office is whom the person serves; his own follows the comma."""
    ws = line.words
    if not offices or j >= len(ws) or ws[j].gap != ", " or ws[j - 1].possessive or line.firm(j):
        return offices, name, j
    last = offices[-1]
    link = next((k for k in range(last.first, last.last) if ws[k].text in ("for", "to")), None)
    if link is None or not any(line.is_head(k) for k in range(link, last.last)):
        return offices, name, j
    stop = read_name(ws, j, _stops(line, j), 4)
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


def _ended(line: Line, j: int) -> bool:
    """Whether a name cannot follow here: punctuation stands before the word."""
    return not (line.words[j].tied or line.words[j].gap in (") ", '" '))


def _stops(line: Line, at: int) -> frozenset[int]:
    """Words that end a name: offices, institutions, states; the name's first word may look like one of them."""
    stops = set()
    for k in range(at + 1, min(at + 8, len(line.words))):
        known = line.inside.get(k)
        if (line.is_head(k) and line.words[k].text not in ("King", "Lord", "Chief", "Dean", "Judge", "Justice", "Principal", "Regent")) or (
            known is not None and known.kind in ("state", "organization") and known.form in ("acronym", "adjective")
        ):
            stops.add(k)
        elif line.words[k].text in person_words().honorifics and line.words[k].text not in (
            "Royal",
            "Prince",
            "Tan",
            "Sri",
            "Lord",
            "King",
            "General",
            "Right",
            "Seri",
            "Field",
            "Major",
            "Father",
            "Miss",
            "Baron",
            "Pope",
            "Marshal",
        ):
            stops.add(k)
    return frozenset(stops)


def _may_open(line: Line, j: int, *, after_honorific: bool = False) -> bool:
    """Whether word ``j`` can open a name."""
    ws = line.words
    if j >= len(ws):
        return False
    word = ws[j]
    known = line.known.get(j)
    if (
        known is not None
        and known.kind in ("state", "organization")
        and known.form in ("acronym", "adjective", "demonym", "officialName")
        and not after_honorific
    ):
        return False
    if known is not None and known.last - known.first > 1 and not after_honorific and known.kind != "place":
        return False
    if known is not None and known.kind == "forum" and not after_honorific:
        return False
    return (
        opens_name(word)
        and word.text[0].isalpha()
        and not (
            line.is_head(j) and not after_honorific and head_ahead(line, j) >= 0 and word.text not in ("King", "Lord", "Chief", "Dean")
        )
    )


def _modifiers(line: Line, j: int) -> tuple[int, str | None]:
    """States and organisations that stand before an office: ``Qatari``, ``Republic of Korea (ROK)``, ``NATO``, ``Türkiye's``."""
    ws = line.words
    party: str | None = None
    while j < len(ws):
        known = line.known.get(j)
        state = place_party(line, known)
        if (
            known is not None
            and state
            and known.last < len(ws)
            and close(line, known.last)
            and head_ahead(line, known.last) >= 0
            and not ws[known.last - 1].possessive
        ):
            return known.last, party or state
        if known is None or known.party is None:
            break
        # An organ ("European Council") stays with its office; a party's own label is stripped like a demonym.
        if known.party != known.id:
            break
        k = skip_bracket(line, known.last)
        if (
            k >= len(ws)
            or not (close(line, k) or (ws[known.last - 1].possessive and ws[k].gap == "' "))
            or not ws[k].capital
            and ws[k].text not in _LOOSE
        ):
            break
        while k < len(ws) and ws[k].text in _LOOSE:
            k += 1
        if head_ahead(line, k) < 0 and line.known.get(k) is None and not (k < len(ws) and ws[k].text in person_words().honorifics):
            break
        party = party or known.party
        j = k
    return j, party


def _honorifics(line: Line, j: int) -> tuple[bool, bool | None, int]:
    """Skips forms of address; an office that is also one ("Ambassador", "King") is left to the offices."""
    ws, p = line.words, person_words()
    seen, female = False, None
    k = j
    while k < len(ws):
        text = ws[k].text
        known = text in p.honorifics or f"{text}." in p.honorifics
        if not known or (k > j and not (ws[k].tied or ws[k].gap in (", ", ".", "'s "))):
            if k > j and text in _DETERMINERS and ws[k].gap in (" ", ", ") and k + 1 < len(ws) and ws[k + 1].text in p.honorifics:
                k += 1
                continue
            break
        if text in office_words().ranks and head_ahead(line, k) >= 0:
            break
        forms = k + 2 < len(ws) and ws[k + 1].text in _DETERMINERS and ws[k + 2].text in p.honorifics
        if (
            line.is_head(k)
            and text not in ("Sir", "Lord")
            and not forms
            and (k + 1 >= len(ws) or not ws[k + 1].capital or head_ahead(line, k) >= 0)
        ):
            break
        if text in ("His", "Her", "Their") and not (k + 1 < len(ws) and ws[k + 1].text in p.honorifics):
            break
        if len(text) == 2 and text.isupper() and text in ("HE", "HM", "HH") and not (k + 1 < len(ws) and ws[k + 1].capital):
            break
        female = True if text in p.female else False if text in p.male and female is None else female
        seen = True
        k += 1
    if seen and k < len(ws) and ws[k].text in _DETERMINERS and ws[k].tied and k + 1 < len(ws) and head_ahead(line, k + 1) >= 0:
        k += 1
    return (seen, female, k) if seen else (False, None, j)


def _gender(line: Line, first: int, last: int) -> bool | None:
    p = person_words()
    for k in range(first, last):
        if line.words[k].text in p.female:
            return True
        if line.words[k].text in p.male:
            return False
    return None


def _offices(line: Line, j: int, definite: bool) -> tuple[tuple[Office, ...], int]:
    """The list of offices before a name: a comma or "and" goes on only where a new office begins directly after it."""
    ws = line.words
    out: list[Office] = []
    while True:
        office = read_office(line, j, after_name=False)
        if office is None:
            break
        out.append(office)
        j = office.last
        if j >= len(ws) or ws[j - 1].possessive:
            break
        k = j
        if ws[k].gap == " " and ws[k].text in ("and", "&") or ws[k].gap == ", " and ws[k].text == "and":
            k += 1
            # "The Secretary and Foreign Minister discussed": two persons, each by title.
            bare = definite and len(out) == 1 and office.last - office.first <= 3 and office.party is None
            if bare and not _name_apart(line, k):
                break
            if k < len(ws) and ws[k].text == "the":
                break
        elif ws[k].gap in ("/", ", ", " & ", " / ") and ws[k].capital:
            pass
        else:
            break
        known = line.known.get(k)
        if known is not None and known.party == known.id and known.kind == "state":
            break
        following = read_office(line, k, after_name=False) if k < len(ws) and ws[k].capital else None
        if following is None:
            break
        if ws[j].gap == ", " and not _name_follows(line, following.last):
            break
        if not _name_follows(line, following.last) and not office.party and not following.party:
            break
        j = k
    return tuple(out), j


def _name_apart(line: Line, k: int) -> bool:
    """Whether the office at word ``k`` is followed by a comma and its holder's name, so that what stands before is his too."""
    office = read_office(line, k, after_name=False)
    if office is None or office.last >= len(line.words) or line.words[office.last].gap != ", ":
        return False
    return read_name(line.words, office.last, _stops(line, office.last), 5) - office.last >= 2 and not line.firm(office.last)


def _name_follows(line: Line, j: int) -> bool:
    """Whether a name, or another office that leads to one, follows the offices."""
    ws = line.words
    if j >= len(ws):
        return False
    if ws[j].gap in (" ", ", ") and ws[j].text == "and":
        return j + 1 < len(ws) and head_ahead(line, j + 1) >= 0
    if ws[j].gap == ", ":
        return head_ahead(line, j) >= 0 or (not line.firm(j) and read_name(ws, j, _stops(line, j), 5) - j >= 2)
    return ws[j].tied and (
        _may_open(line, j)
        and ws[j].text not in person_words().openers
        or ws[j].text in person_words().honorifics
        or f"{ws[j].text}." in person_words().honorifics
    )


def _state_after(line: Line, j: int) -> tuple[int, str] | None:
    """The state that stands directly behind a name: ``of Estonia``, ``(Poland)``; the index after it and its code."""
    ws = line.words
    if ws[j].gap == " " and ws[j].text in ("of", "from"):
        k = j + 1
        if k < len(ws) and ws[k].text == "the":
            k += 1
        known = line.known.get(k) if k < len(ws) else None
        if known is not None and known.party and ws[k].tied and known.form not in ("adjective", "demonym"):
            end = skip_bracket(line, known.last)
            if not (end < len(ws) and ws[end].tied and ws[end].capital and line.is_title_word(end)):
                return end, known.party
    elif ws[j].gap == " (":
        known = line.known.get(j)
        if known is not None and known.party and line.text[ws[known.last - 1].end : ws[known.last - 1].end + 1] == ")":
            return known.last, known.party
    return None


def _after(line: Line, j: int, named: bool) -> tuple[tuple[Office, ...], int, str | None]:
    """Offices and party after a name: ``, Minister for Foreign Affairs of Japan``; ``of Estonia``; ``(Poland)``."""
    ws = line.words
    if not named or j >= len(ws) or ws[j - 1].possessive:
        return (), j, None
    state = _state_after(line, j)
    if state is not None:
        return (), *state
    if ws[j].gap not in (", ", " - "):
        return (), j, None
    out: list[Office] = []
    end, party = j, None
    while j < len(ws):
        k = j
        if ws[k].text in _DETERMINERS:
            k += 1
        while k < len(ws) and ws[k].text in _LOOSE:
            k += 1
        k, before = _modifiers(line, k)
        if k >= len(ws):
            break
        office = read_office(line, k, after_name=False)
        if office is not None and not _is_next_person(line, office.last):
            office = read_office(line, k, after_name=True)
        # ", President Ghani, and ...": an office with a name behind it is the next person.
        if office is None or _is_next_person(line, office.last):
            break
        out.append(office)
        end, party = office.last, party or before or office.party
        j = end
        if j >= len(ws) or ws[j - 1].possessive:
            break
        if ws[j].gap in (" ", ", ") and ws[j].text in ("and", "&"):
            j += 1
        elif ws[j].gap not in (", ", "/", " & ", " / "):
            break
    return tuple(out), end, party


def _is_next_person(line: Line, j: int) -> bool:
    ws = line.words
    if j >= len(ws) or not ws[j].tied or ws[j - 1].possessive:
        return False
    honorifics = person_words().honorifics
    return ws[j].capital and (
        ws[j].text in honorifics or f"{ws[j].text}." in honorifics or (_may_open(line, j) and ws[j].text not in person_words().openers)
    )


def _named_then_office(line: Line, i: int, definite: bool) -> Phrase | None:
    """A name without a title before it, told by the office after it: ``Frans Timmermans, Executive Vice President of ...``."""
    ws = line.words
    if (
        definite
        or line.firm(i)
        or ws[i].text in person_words().openers
        or not ws[i].capital
        or (
            i
            and ws[i].tied
            and ws[i - 1].capital
            and not ws[i - 1].possessive
            and not line.firm(i - 1)
            and line.text[ws[i].start - 2 : ws[i].start - 1] != "."
        )
    ):
        return None
    stop = read_name(ws, i, _stops(line, i), 6)
    if stop - i < 2 or line.firm(i) or (stop - i > 2 and any(line.firm(k) for k in range(i, stop - 1))):
        return None
    end = post_nominal_end(ws, stop)
    offices, end, party = _after(line, end, True)
    if not offices:
        return None
    name = (ws[i].start, ws[stop - 1].end)
    return Phrase(ws[i].start, _close(line, i, end), i, end, name, offices, party, False, ws[end - 1].possessive, False, None)


def _plural(line: Line, offices: tuple[Office, ...], named: bool) -> bool:
    return not named and any(line.words[k].text in office_words().plurals for o in offices for k in range(o.first, o.last))
