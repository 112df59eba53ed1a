"""Reads what stands before a name: states, forms of address, offices; and where a name may begin and must end."""

from __future__ import annotations

from communique.ingest.people.line import PARTY_KINDS, Line, close, office_words, place_party, skip_bracket
from communique.ingest.people.names import opens_name, person_words, read_name
from communique.ingest.people.offices import Office, head_ahead, presides, read_office, with_principal

DETERMINERS = frozenset({"the", "The", "THE"})
# What stands between two offices of one person: "Deputy Prime Minister - Minister of Foreign Affairs".
_JOINTS = ("/", ", ", " & ", " / ", " - ", " – ", "-")

# Titles that are given names too: "Speaker Amir Name".
_GIVEN = frozenset({"Amir", "Emir", "Sultan"})
# Behind these they are no titles: "H.H. Sheikh Sultan bin Name"; "His Majesty Sultan Name" is one.
_BEFORE_GIVEN = frozenset({"Sheikh", "Shaikh", "Prince", "Sayyid", "Mr", "Dr", "Eng"})


def ended(line: Line, j: int) -> bool:
    """Whether a name cannot follow here: punctuation stands before the word."""
    return not (line.words[j].tied or line.words[j].gap in (") ", ".) ", '" '))


def stops(line: Line, at: int) -> frozenset[int]:
    """Words that end a name: offices, institutions, states; the name's first word may look like one of them."""
    found, p = set(), person_words()
    for k in range(at + 1, min(at + 8, len(line.words))):
        known = line.inside.get(k)
        text = line.words[k].text
        other_party = known is not None and known.kind in ("state", "organization") and known.form in ("acronym", "adjective")
        if line.words[k - 1].text.lower() in p.particles and not line.words[k - 1].capital:
            continue  # "bin Sultan"
        if other_party or ((line.is_head(k) or text in p.honorifics) and text not in p.also_names):
            found.add(k)
    return frozenset(found)


def may_open(line: Line, j: int, *, after_honorific: bool = False) -> bool:
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
            line.is_head(j)
            and not after_honorific
            and head_ahead(line, j) >= 0
            and word.text not in ("King", "Lord", "Chief", "Dean")
            and not (word.text in _GIVEN and j + 1 < len(ws) and ws[j + 1].tied and ws[j + 1].capital and not line.is_head(j + 1))
        )
    )


def given(line: Line, j: int) -> bool:
    """Whether word ``j`` is a name for all that it is a title elsewhere."""
    ws = line.words
    return 0 < j < len(ws) and ws[j].text in _GIVEN and ws[j].gap in (" ", ". ") and ws[j - 1].text in _BEFORE_GIVEN


def read_modifiers(line: Line, j: int) -> tuple[int, str | None]:
    """States and organisations that stand before an office: ``Qatari``, ``Republic of Korea (ROK)``, ``NATO``, ``Türkiye's``."""
    ws = line.words
    party: str | None = None
    while j < len(ws):
        known = line.known.get(j)
        behind = known.last if known is not None else j
        if behind < len(ws) and ws[behind].gap == ") " and "(" not in line.text[ws[j].start : ws[behind].start]:
            break  # "(Secretariat, Georgetown, Guyana) CARICOM Secretary-General"
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
        if party and known.kind == "organization":
            break  # "UN" before an agency of its own
        if known.party != known.id:
            named = j + 1 < known.last and _names(line, j, known.party)
            return (j + 1, party or known.party) if named else (j, party)
        k = skip_bracket(line, known.last)
        if (
            k >= len(ws)
            or not (close(line, k) or (ws[known.last - 1].possessive and ws[k].gap == "' "))
            or not ws[k].capital
            and ws[k].text not in person_words().loose
        ):
            break
        while k < len(ws) and ws[k].text in person_words().loose:
            k += 1
        if head_ahead(line, k) < 0 and line.known.get(k) is None and not (k < len(ws) and ws[k].text in person_words().honorifics):
            break
        party = party or known.party
        j = k
    return j, party


def _names(line: Line, i: int, party: str) -> bool:
    """Whether word ``i`` is the acronym of the party ("UN World Food Programme"), which is no word of the organ's name."""
    text = line.words[i].text
    return any(h.label.id == party and h.label.form == "acronym" and h.end == len(text) for h in line.lexicon.find(text, PARTY_KINDS))


def read_honorifics(line: Line, j: int) -> tuple[bool, bool | None, int]:
    """Skips forms of address; an office that is also one ("Ambassador", "King") is left to the offices."""
    ws, p = line.words, person_words()
    seen, female = False, None
    k = j
    while k < len(ws):
        text = ws[k].text
        known = text in p.honorifics or f"{text}." in p.honorifics
        bracketed = ws[k].gap in (" (", "(", ". (") and line.text[ws[k].end : ws[k].end + 2] in (") ", ".)")  # "H.E. (Dr.) Name"
        if not known or (k > j and not (ws[k].tied or bracketed or ws[k].gap in (", ", ".", "'s ", "' ", ") ", ".) "))):
            if k > j and text in DETERMINERS and ws[k].gap in (" ", ", ", ". ") and k + 1 < len(ws) and ws[k + 1].text in p.honorifics:
                k += 1
                continue
            break
        if text in office_words().ranks and head_ahead(line, k) >= 0:
            break
        forms = k + 2 < len(ws) and ws[k + 1].text in DETERMINERS and ws[k + 2].text in p.honorifics
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
    if seen and k < len(ws) and ws[k].text in DETERMINERS and ws[k].tied and k + 1 < len(ws) and head_ahead(line, k + 1) >= 0:
        k += 1
    return (seen, female, k) if seen else (False, None, j)


def gender_of(line: Line, first: int, last: int) -> bool | None:
    p = person_words()
    for k in range(first, last):
        if line.words[k].text in p.female:
            return True
        if line.words[k].text in p.male:
            return False
    return None


def read_offices(line: Line, j: int, definite: bool) -> tuple[tuple[Office, ...], int]:
    """The list of offices before a name: a comma or "and" goes on only where a new office begins directly after it."""
    ws = line.words
    out: list[Office] = []
    coming: str | None = None  # "Prime Minister of A and incoming Chair of B"
    while True:
        office = with_principal(line, read_office(line, j, after_name=False))
        if office is None:
            break
        out.append(office._replace(text=f"{coming} {office.text}") if coming else office)
        coming = None
        j = office.last
        if j >= len(ws) or ws[j - 1].possessive:
            break
        k = j
        if ws[k].gap == " " and ws[k].text in ("and", "&") or ws[k].gap == ", " and ws[k].text == "and":
            k += 1
            # "The Secretary and Foreign Minister discussed": two persons, each by title.  A deputy premier holds a ministry besides.
            deputy = any(ws[n].text == "Deputy" for n in range(office.first, office.last)) and ws[office.last - 1].text == "Minister"
            short = {
                ws[n].text for n in (k, office.first) if n < len(ws)
            } <= office_words().abbreviations.keys()  # "EAM and FM X held talks"
            bare = (definite or short) and len(out) == 1 and office.last - office.first <= 3 and office.party is None and not deputy
            if bare and not _name_apart(line, k):
                break
            if k < len(ws) and ws[k].text == "the":
                break
            if k < len(ws) and ws[k].text in person_words().kept:
                coming, k = ws[k].text, k + 1
        elif ws[k].tied and ws[k].capital and presides(line, office) and head_ahead(line, k) >= 0:
            pass  # "ASEAN Chair Prime Minister Name"
        elif ws[k].gap in _JOINTS and ws[k].capital and not (ws[k].gap == " - " and ws[j - 1].text in office_words().plurals):
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
        one, other = (ws[head_ahead(line, n)].text in office_words().plurals for n in (office.first, following.first))
        if one and not other:
            break  # "GCC Foreign Ministers and GCC Secretary General Name": the first is a group
        if ws[k].gap != "/" and not _name_follows(line, following.last) and not office.party and not following.party:
            break
        j = k
    return tuple(out), j


def _name_apart(line: Line, k: int) -> bool:
    """Whether the office at word ``k`` is followed by a comma and its holder's name, so that what stands before is his too."""
    ws = line.words
    office = read_office(line, k, after_name=False)
    # "and Minister for B and Minister for C, Name"
    while office is not None and office.last < len(ws) - 1 and ws[office.last].text == "and":
        office = read_office(line, office.last + 1, after_name=False)
    if office is None or office.last >= len(ws) or ws[office.last].gap != ", ":
        return False
    first = _behind_honorifics(line, office.last)
    return read_name(line.words, first, stops(line, first), 5) - first >= (2 if first == office.last else 1) and not line.firm(first)


def _behind_honorifics(line: Line, j: int) -> int:
    """The index behind the forms of address at ``j`` (``the Rt Hon``, ``H.E. Mr.``); ``j`` if there are none or nothing follows them."""
    first = j + 1 if line.words[j].text in DETERMINERS else j
    seen, _, k = read_honorifics(line, first) if first < len(line.words) else (False, None, j)
    return k if seen and k < len(line.words) else j


def _name_follows(line: Line, j: int) -> bool:
    """Whether a name, or another office that leads to one, follows the offices."""
    ws = line.words
    if j >= len(ws):
        return False
    if ws[j].gap in (" ", ", ") and ws[j].text == "and":
        return j + 1 < len(ws) and head_ahead(line, j + 1) >= 0
    if ws[j].gap in (" ", ", ") and (first := _behind_honorifics(line, j)) > j:
        return may_open(line, first, after_honorific=True)
    if ws[j].gap == ", ":
        return head_ahead(line, j) >= 0 or (not line.firm(j) and read_name(ws, j, stops(line, j), 5) - j >= 2)
    return ws[j].tied and (
        may_open(line, j)
        and ws[j].text not in person_words().openers
        or ws[j].text in person_words().honorifics
        or f"{ws[j].text}." in person_words().honorifics
    )
