"""What stands behind a name: the state, the offices of its holder; and where the next person begins."""

from __future__ import annotations

import re

from communique.ingest.people.address import DETERMINERS, may_open, read_modifiers, read_offices, stops
from communique.ingest.people.line import Line, office_words, skip_bracket, skip_courtesy
from communique.ingest.people.names import opens_name, person_words, read_name
from communique.ingest.people.offices import Office, read_office, several, with_principal

# "A from the National Security Secretariat of Japan"
# "State Secretary A of the Romanian Ministry of Foreign Affairs"
_MINISTRY = re.compile(
    r" (?:Federal )?(?:Foreign Ministry|Foreign Office|MFA"
    r"|(?:Ministry|Department) (?:of|for) (?:the )?[A-Z]\w+(?:(?: and|,)? (?:[A-Z]\w+)){0,4})\b"
)
_BODY_OF = re.compile(r"(?:from|of) the (?:(?:[A-Z]\w+ ){1,5}of (?:the )?){1,2}")


def state_after(line: Line, j: int) -> tuple[int, str] | None:
    """The state that stands directly behind a name: ``of Estonia``, ``(Poland)``; the index after it and its code."""
    ws = line.words
    if ws[j].tied and ws[j].text in ("of", "from"):
        k = j + 1
        if k < len(ws) and ws[k].text in DETERMINERS:
            k += 1
        k = skip_courtesy(line, k)
        known = line.known.get(k) if k < len(ws) else None
        if known is not None and known.party and ws[k].tied and known.form not in ("adjective", "demonym"):
            end = skip_bracket(line, known.last)
            if not (end < len(ws) and ws[end].tied and ws[end].capital and line.is_title_word(end)):
                return end, known.party
        elif known is not None and known.party and known.form == "adjective" and (m := _MINISTRY.match(line.text, ws[known.last - 1].end)):
            return next((n for n in range(known.last, len(ws)) if ws[n].start >= m.end()), len(ws)), known.party
        if m := _BODY_OF.match(line.text, ws[j].start):
            known = next(
                (x for x in line.known.values() if x.party and x.kind in ("state", "organization") and ws[x.first].start == m.end()), None
            )
            return (known.last, known.party) if known is not None and known.party else None
    elif ws[j].gap == " (":
        known = line.known.get(j)
        if known is not None and known.party and line.text[ws[known.last - 1].end : ws[known.last - 1].end + 1] == ")":
            return known.last, known.party
    return None


def offices_behind(line: Line, j: int, named: bool, *, titled: tuple[str, ...] = ()) -> tuple[tuple[Office, ...], int, str | None]:
    """Offices and party after a name: ``, Minister for Foreign Affairs of Japan``; ``of Estonia``; ``(Poland)``.

    ``titled``: offices that stand before the name too, so that one more may be the next person's: "President A, Deputy and Minister B",
    "In his call with President A, the President called for".
    """
    ws = line.words
    if not named or j >= len(ws) or ws[j - 1].possessive:
        return (), j, None
    j, party = stated = state_after(line, j) or (j, None)
    dot = ["., "] if ws[j - 1].text in ("Jr", "Sr") else []
    if j >= len(ws) or ws[j].gap not in (", ", " - ", *(["), "] if party else []), *dot):
        return (), j, party
    out: list[Office] = []
    end = j
    while j < len(ws):
        k = j
        if ws[k].text in DETERMINERS:
            k += 1
        bare = k
        while k < len(ws) and ws[k].text in person_words().loose:
            k += 1
        kept = kept_word(line, bare, k)
        k, before = read_modifiers(line, k)
        if k >= len(ws):
            break
        office = read_office(line, k, after_name=False)
        if office is not None and not _is_next_person(line, office.last):
            office = read_office(line, k, after_name=True)
        office = with_principal(line, office)
        if office is not None and not out and set(titled) <= office_words().addresses and (served := _serves(line, office)):
            k, state = (served.last < len(ws) and state_after(line, served.last)) or (served.last, None)  # "of President A of X"
            return (served,), k, party or before or state or office.party
        # ", President Ghani, and ...": an office with a name behind it is the next person; so may be one of the same state.
        if office is None or _is_next_person(line, office.last) or (stated[1] and office.party in (None, stated[1])):
            break
        if several(line, office) is not None:
            break  # "Minister A, the Presidents of both chambers, and others": one person has no plural
        if (
            office.text in titled
            or (bare > j and _acts(line, office.last))
            or (titled and not out and _is_next_person(line, read_offices(line, k, False)[1]))
            or (titled and not out and ws[j].text in DETERMINERS and _named_aside(line, office.last))
        ):
            break
        if stated[1]:
            # It is not his state, so that the words stay: "Chair of the African Union (AU)".
            office = office._replace(text=re.sub(r" \([A-Z]+$", "", line.text[ws[office.first].start : ws[office.last - 1].end]))
        out.extend(with_word(kept, (office,)))
        end, party = office.last, party or before or office.party
        j = end
        if j >= len(ws) or ws[j - 1].possessive:
            break
        if ws[j].gap in (" ", ", ") and ws[j].text in ("and", "&"):
            j += 1
        elif ws[j].gap not in (", ", "/", " & ", " / ") or ws[j].text in DETERMINERS:
            break  # "In a meeting with A, Secretary of State of X, the Minister sought": the next person
    return tuple(out), end, party


def _named_aside(line: Line, j: int) -> bool:
    """Whether a name between commas stands behind an office: "Minister A, the Iranian Ambassador, B, was summoned" are two."""
    ws = line.words
    if j >= len(ws) or ws[j].gap != ", " or not may_open(line, j) or line.firm(j):
        return False
    end = read_name(ws, j, stops(line, j))
    return end > j + 1 and line.text.startswith(", ", ws[end - 1].end) and not line.is_head(j)


def _acts(line: Line, j: int) -> bool:
    """Whether a verb follows an office at once: "In her call with President A, the Head of State called for" is no apposition."""
    return re.match(r" (?:\w+ly )?[a-z]+(?:ed|id|old|ought)\b", line.text[line.words[j - 1].end :]) is not None


def _serves(line: Line, office: Office) -> Office | None:
    """``Head of Cabinet of the President A``: whom the office serves is named behind it and belongs to it."""
    ws = line.words
    link = any(ws[n].text in ("of", "to", "for") for n in range(office.first, office.last))
    if not link or not line.is_head(office.last - 1) or not _is_next_person(line, office.last):
        return None
    stop = read_name(ws, office.last, stops(line, office.last), 5)
    return office._replace(last=stop, text=line.text[ws[office.first].start : ws[stop - 1].end]) if stop > office.last else None


def _is_next_person(line: Line, j: int) -> bool:
    ws = line.words
    short = past_short_form(line, j)
    if short >= len(ws) or not (ws[j].tied or short > j) or ws[j - 1].possessive:
        return False
    j = short  # "Prime Minister A, National Security Advisor (NSA) B"
    honorifics = person_words().honorifics
    return opens_name(ws[j]) and (
        ws[j].text in honorifics or f"{ws[j].text}." in honorifics or (may_open(line, j) and ws[j].text not in person_words().openers)
    )


def past_short_form(line: Line, j: int) -> int:
    """The index behind an office's short form in a bracket: ``External Affairs Minister (EAM) Name``."""
    ws = line.words
    if j + 1 < len(ws) and ws[j].gap == " (" and ws[j].text.isupper() and ws[j + 1].gap == ") " and j not in line.known:
        return j + 1
    return j


def kept_word(line: Line, first: int, last: int) -> str | None:
    """The small word before a title that says something of the office itself ("former")."""
    return next((w.text for w in line.words[first:last] if w.text in person_words().kept), None)


def with_word(word: str | None, offices: tuple[Office, ...]) -> tuple[Office, ...]:
    """Offices, the first with the small word before it."""
    return (offices[0]._replace(text=f"{word} {offices[0].text}"), *offices[1:]) if word and offices else offices
