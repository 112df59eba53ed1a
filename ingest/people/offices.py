"""Reads offices: where a title begins and ends, its words as written without the state, and whose office it is.

An office is modifiers and a head noun, with or without what it is "of" or "for".  Lists of offices are split where a new
office begins, never at commas or "and" alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from communique.ingest.people.line import Known, Line, close, office_words, place_party, skip_bracket, skip_courtesy
from communique.ingest.people.names import Word, person_words
from communique.ingest.people.seats import accredited, posted, seated

# Of these a government has several, so that a bracket tells which.
_SEVERAL = frozenset({"Secretary", "Minister"})
# "High Commissioner for Refugees (UNHCR)": the abbreviation behind an office is none of its words.
_LAST_BRACKET = re.compile(r" \([A-Z][A-Z/-]+\)$")


class Office(NamedTuple):
    """One office at words ``[first, last)``: ``text`` as written without the state, and the party it belongs to."""

    first: int
    last: int
    text: str
    party: str | None


def head_ahead(line: Line, i: int) -> int:
    """The index of the head of the office whose modifiers begin at word ``i``; -1 if none begins there."""
    ws, o = line.words, office_words()
    k = i
    while k < len(ws) and k - i < 12:
        word = ws[k]
        if k > i and (not close(line, k) or ws[k - 1].possessive and not line.is_head(k - 1)):
            return -1
        if k > i and ws[k - 1].text in o.buildings and k in line.known and line.known[k].form == "adjective":
            return -1  # "received at the Ministry Canadian Ambassador A"
        if line.is_head(k) and word.capital:
            # "Deputy Secretary of State": the last head of a run of heads; "Chief" alone is a rank before another.
            while (further := _continues(line, k + 1)) > k:
                # "the Secretary-General's Personal Envoy": the possessor belongs to the office behind it.
                k = further
            return k
        known = line.known.get(k)
        if word.capital and (line.firm(k) or (k > i and line.inside.get(k) is not None)):
            k += 1
        elif k > i and skip_bracket(line, k) > k:
            k += 1  # "African Union Commission (AUC) Chairperson"
        elif known is not None and known.last - known.first > 1:
            k = known.last  # "White House Coordinator"
        elif (
            word.capital
            and word.text not in person_words().openers
            and k + 1 < len(ws)
            and ws[k + 1].text in o.portfolios
            and ws[k + 1].text not in o.ranks
            and close(line, k + 1)
        ):
            k += 1
        elif (
            k > i
            and word.text in ("for", "of", "and", "the", "&", "on")
            and k + 1 < len(ws)
            and ws[k + 1].tied
            and (line.firm(k + 1) and ws[k + 1].capital or ws[k + 1].text == "the" and k + 2 < len(ws) and line.firm(k + 2))
            and not line.is_head(k + 1)
        ):
            k += 1
        else:
            return -1
    return -1


def _continues(line: Line, k: int) -> int:
    """The index of the word with which an office goes on at word ``k`` after its head: a tail, or ranks and another head; -1 if it ends."""
    ws, o = line.words, office_words()
    if k >= len(ws) or not ws[k].tied:
        return -1
    if ws[k].text in o.tails and not ws[k - 1].possessive and not (ws[k].text == "General" and ws[k - 1].text == "Commander"):
        return k
    if not ws[k].capital or (ws[k - 1].text in o.chairs and not ws[k - 1].possessive):
        return -1  # "ASEAN Chair Prime Minister": another office of the same person
    j = k
    while j < len(ws) and ws[j].tied and ws[j].capital and line.is_title_word(j) and not line.is_head(j) and not ws[j].possessive:
        j += 1
    follows = j > k or ws[k - 1].possessive or ws[k - 1].text in o.ranks
    return j if follows and j < len(ws) and ws[j].tied and line.is_head(j) else -1


def read_office(line: Line, i: int, *, after_name: bool) -> Office | None:
    """The office that begins at word ``i``.  ``after_name``: it stands after its holder's name, so what follows cannot be his name."""
    head = head_ahead(line, i)
    if head < 0:
        return None
    ws = line.words
    end = head + 1
    party = _party_before(line, i, head)
    cut: tuple[int, int] | None = None  # the words of "of <state>" that are not part of the office
    drop: tuple[int, int] | None = None  # a demonym inside it
    if ws[head].text == "Extraordinary" and _texts(ws, end, 2) == ["and", "Plenipotentiary"]:
        end += 2
    if ws[head].possessive:
        return Office(i, end, _office_text(line, i, end, None, None), party)
    end = _specified(line, end)
    while end < len(ws) and _goes_on(ws[end], behind_bracket=bool(cut) or end > head + 1):
        link = ws[end].text
        k = end + 1
        if k < len(ws) and ws[k].text in ("the", "The", "its", "his", "her") and ws[k].tied:
            k += 1
        k = skip_courtesy(line, k)
        if k >= len(ws) or not close(line, k) or not (ws[k].capital or ws[k].text.isdigit()):
            break
        known = line.known.get(k)
        if (
            link == "of"
            and known
            and known.kind in ("state", "organization")
            and known.form not in ("adjective", "demonym")
            and known.party == known.id
            and not _institution_follows(line, known.last)
        ):
            stop = skip_bracket(line, known.last)
            party = party or known.party
            seat = 0 if after_name else posted(line, head, end, stop)
            keeps = ws[head].text not in office_words().at_home and (accredited(line, stop) or seat)
            if not keeps and ws[end - 1].text not in office_words().seats:
                cut = (end, stop)
            end = seat or stop
            goes_on = not seat and end < len(ws) and ws[end].text == "for"
            if cut and known.kind == "organization" and goes_on:
                cut = None  # "High Representative of the European Union for ...": the organisation stays where it is not the end
            elif seat or (cut and not (goes_on and ws[end].gap in (" ", ") ") and _for_what(line, end + 1))):
                break
            continue
        if _leads_away(line, link, k, head, after_name):
            break
        stop = _complement_end(line, k, after_name)
        bare_state = known is not None and known.kind == "state" and stop <= known.last
        abroad = ws[head].text in office_words().posted
        if stop == k or (bare_state and (link == "on" and not abroad or link == "for" and ws[head].text in office_words().sovereign)):
            break
        if link == "of" and known and end == head + 1 and _is_demonym(line, known, stop):
            drop = (known.first, known.last)
        sent = known is not None and link == "for" and ws[head].text == "Commissioner" and ws[head - 1].text == "High"
        party = party or (known.party if known is not None and sent else _party_inside(line, link, k, stop))  # "High Commissioner for Fiji"
        end = stop
        if ws[end - 1].possessive:
            break
        end = _more_portfolios(line, end, after_name)
    end = end if cut else _numbered(line, _specified(line, end))
    if after_name:
        end, cut, party = _house(line, end, cut, party)
    return Office(i, end, _office_text(line, i, end, cut, drop), party)


def _for_what(line: Line, k: int) -> bool:
    """Whether what an office is for stands at word ``k``, an article before it or not."""
    k += k < len(line.words) and line.words[k].text == "the"
    return k < len(line.words) and line.firm(k)


def _house(line: Line, end: int, cut: tuple[int, int] | None, party: str | None) -> tuple[int, tuple[int, int] | None, str | None]:
    """Goes on over where the holder serves, ``Director General, Ministry of Foreign Affairs``; the words of its state are cut."""
    ws = line.words
    if cut or end >= len(ws) or ws[end].gap not in (", ", "), ") or ws[end].text not in office_words().houses:
        return end, cut, party
    end = _complement_end(line, end, True)
    while end + 1 < len(ws) and ws[end].tied and ws[end].text in ("of", "for"):
        k = end + 1 + (ws[end + 1].text == "the")
        known = line.known.get(k)
        if known is not None and known.kind == "state":
            return known.last, (end, known.last), party or known.party
        stop = _complement_end(line, k, True) if k < len(ws) else k
        if stop == k:
            break
        end = _more_portfolios(line, stop, True)
    return end, None, party


def _goes_on(word: Word, *, behind_bracket: bool) -> bool:
    """Whether an office goes on with what it is of or for."""
    return (word.tied or (behind_bracket and word.gap == ") ")) and word.text in office_words().links


def _specified(line: Line, i: int) -> int:
    """The index behind a bracket at word ``i`` that says which of several office-holders it is: ``Secretary (West)``, ``Joint Secretary
    (Europe and Central Asia)``, ``Minister of State for Foreign Affairs (Political)``; ``i`` itself if there is none."""
    ws = line.words
    if i >= len(ws) or ws[i].gap != " (" or not ws[i].capital or ws[i].text.isupper():
        return i
    known = line.known.get(i)
    if (known is not None and known.kind == "state") or not any(ws[k].text in _SEVERAL for k in range(max(0, i - 6), i)):
        return i
    k = i + 1
    while k < len(ws) and ws[k].tied and (ws[k].capital or ws[k].text in ("and", "&")) and line.text[ws[k - 1].end] != ")":
        k += 1
    return k if line.text.startswith(")", ws[k - 1].end) and ws[k - 1].capital else i


def _numbered(line: Line, i: int) -> int:
    """The index behind a number that counts the ministers of one portfolio: ``Minister of Foreign Affairs II``, ``the Minister II``."""
    ws = line.words
    counted = i < len(ws) and ws[i].tied and ws[i].text in ("II", "III")
    return i + (counted and (ws[i - 1].text in office_words().portfolios or ws[i - 1].text == "Minister"))


def _is_demonym(line: Line, known: Known, stop: int) -> bool:
    """Whether a state's adjective opens an institution's name, ``of the Mongolian National Security Council``; a government keeps it."""
    adjective = known.kind == "state" and known.form in ("adjective", "demonym")
    return adjective and known.last < stop and line.words[known.last].text not in office_words().seats


def _leads_away(line: Line, link: str, k: int, head: int, after_name: bool) -> bool:
    """Whether the words at ``k`` behind a preposition are none of the office: "Visit of the Foreign Minister of A to B"."""
    known = line.known.get(k)
    placed = (known is not None and known.kind == "place") or line.words[k].text in office_words().polities
    abroad = link == "to" and placed and line.words[head].text in office_words().posted
    abroad = abroad or (link == "in" and not after_name and line.words[head].text in office_words().posted and seated(line, k - 1) > 0)
    if link in ("at", "on", "in", "with", "to") and not (line.firm(k) or abroad or (after_name or link == "on") and known):
        return True
    return link == "to" and known is not None and line.words[head].text in office_words().at_home


def _institution_follows(line: Line, i: int) -> bool:
    """Whether a state's name is only the beginning of an institution's name ("of the Japan Bank for ...")."""
    return i < len(line.words) and line.words[i].tied and line.words[i].capital and line.is_title_word(i) and not line.is_head(i)


def several(line: Line, office: Office) -> int | None:
    """The word that makes an office that of several persons; ``None`` for the President of the House of Representatives, who is one."""
    plurals = office_words().plurals
    for k in range(office.first, office.last):
        if line.words[k].text == "of":
            break
        if not plurals.isdisjoint(line.words[k].text.split("-")):
            return k
    return None


def presides(line: Line, office: Office) -> bool:
    """Whether an office is the chair of a body, which its holder may have besides an office of his state."""
    return any(word.text in office_words().chairs for word in line.words[office.first : office.last])


def with_principal(line: Line, office: Office | None) -> Office | None:
    """An envoy's office with the whole title of whom he serves: ``Special Envoy of the UN Secretary-General for Syria``."""
    ws = line.words
    if office is None or office.last >= len(ws) or not ws[office.last].tied:
        return office
    if not line.is_head(office.last):
        return _of_principal(line, office)
    if ws[office.last].text in office_words().addresses and not ws[office.last - 1].possessive:
        return office  # "Special Envoy for the Horn of Africa Ambassador Name": a form of address
    if not any(ws[k].text in office_words().posted for k in range(office.first, office.last)) or office.last - office.first < 3:
        return office
    principal = read_office(line, office.last, after_name=False)
    if principal is None or not (set(_texts(ws, office.first, office.last - office.first)) & {"of"}):
        return office
    return Office(office.first, principal.last, _office_text(line, office.first, principal.last, None, None), office.party)


def _of_principal(line: Line, office: Office) -> Office:
    """``Special Representative of the Secretary-General of the UN in Cyprus``, where whom the envoy serves stands behind "of the"."""
    ws, k = line.words, office.last + 2
    of = _texts(ws, office.last, 2) == ["of", "the"] and k < len(ws) and ws[k].tied and line.is_head(k)
    if not of or ws[office.last - 1].text not in office_words().posted or ws[office.last - 2].text not in office_words().ranks:
        return office
    principal = read_office(line, k, after_name=False)
    if principal is None:
        return office
    last = seated(line, principal.last) or principal.last
    return Office(office.first, last, _office_text(line, office.first, last, None, None), principal.party or office.party)


def _texts(ws: Sequence[Word], i: int, n: int) -> list[str]:
    return [w.text for w in ws[i : i + n]]


def _complement_end(line: Line, k: int, after_name: bool) -> int:
    """The index after what an office is of or for: the run of capitals up to where a name begins."""
    ws = line.words
    known = line.known.get(k)
    if known is None and not after_name and ws[k].text in office_words().polities and not line.is_title_word(k):
        return k + 1  # "Ambassador of Djibouti to the Kingdom": the writer's own state
    run = named = skip_bracket(line, known.last) if known is not None else k
    while (
        run < len(ws)
        and (run == k or close(line, run))
        and (ws[run].capital or ws[run].text.isdigit())
        and not (run > k and ws[run - 1].possessive and not _owned(line, run))
    ):
        run += 1
    if after_name:
        return run
    honorifics = person_words().honorifics
    end = named
    while end < run:
        addressed = ws[end].text in honorifics and ws[end].text not in office_words().tails
        if addressed and (line.is_head(end) or not line.is_title_word(end) or (end + 1 < run and not line.is_title_word(end + 1))):
            break
        if ws[end].text in office_words().armed and end > k and _rank_of_holder(line, end):
            break
        if line.firm(end):
            known = line.known.get(end)
            end = skip_bracket(line, known.last if known else end + 1)
        else:
            # An unknown word belongs to the office only where a word of portfolios follows it.
            ahead = next((n for n in (end + 1, end + 2) if n < run and ws[n].text in office_words().portfolios), None)
            if ahead is None:
                break
            end = ahead + 1
    if end == k and run - k == 1:
        return k
    return min(end, run) if end > k else k


def _rank_of_holder(line: Line, i: int) -> bool:
    """Whether a military rank opens the holder's name: ``of the Ministry of Defence General Name Name``."""
    ws = line.words
    behind = i + 1 < len(ws) and ws[i + 1].tied and ws[i + 1].capital and not line.firm(i + 1)
    return behind and not line.is_head(i - 1) and not line.is_title_word(i + 1)


def _owned(line: Line, i: int) -> bool:
    """Whether an office goes on behind a possessive: ``Women's Affairs``, ``the President's Office``; not ``the Minister's Visit``."""
    return line.firm(i) and (not line.is_head(i - 1) or line.is_head(i) or line.words[i].text in office_words().households)


def _more_portfolios(line: Line, end: int, after_name: bool) -> int:
    """Goes on over ", Trade", "and Customs", ", and Development Affairs" where no new office begins."""
    ws = line.words
    while end < len(ws):
        k = end
        gap = ws[k].gap
        if gap == " " and ws[k].text in ("and", "&"):
            k += 1
        elif gap == ", ":
            if ws[k].text in ("and", "&"):
                k += 1
        elif ws[k].gap.strip() in ("/", "&", "-") and gap.strip():
            pass
        else:
            return end
        if k < len(ws) and ws[k].text == "the" and ws[k].gap == " ":
            k += 1
        if k >= len(ws) or not ws[k].capital or (k > end and not ws[k].tied) or head_ahead(line, k) >= 0:
            return end
        listed = gap != ", " or (after_name and _list_goes_on(line, k)) or (k + 1 < len(ws) and ws[k + 1].text in office_words().afar)
        if not (line.is_title_word(k) or (line.inside.get(k) is not None and listed)):
            return end
        if line.is_head(k) and ws[k].text not in office_words().portfolios:
            return end
        stop = _complement_end(line, k, after_name)
        if stop == k:
            return end
        end = stop
    return end


def _list_goes_on(line: Line, k: int) -> bool:
    stop = _complement_end(line, k, True)
    return stop < len(line.words) and line.words[stop].text in ("and", "&")


def _party_before(line: Line, first: int, head: int) -> str | None:
    """The party named inside the modifiers: ``European Council President``; or by the office itself: ``European Commissioner``."""
    sided = office_words().sided.get(line.text[line.words[head - 1].start : line.words[head].end]) if head else None
    return sided or next(
        (
            known.party
            for k in range(first, head + 1)
            if (known := line.known.get(k)) is not None and known.party and known.kind in ("organization", "state", "forum")
        ),
        None,
    )


def _party_inside(line: Line, link: str, first: int, last: int) -> str | None:
    """The party that an institution belongs to: ``of the European Commission``, ``at the Embassy of Japan``; "for" and "to" tell none."""
    if link in ("for", "to", "on", "with"):
        return None
    if link == "in":
        # "Permanent Secretary in Tanzania's Ministry of Foreign Affairs": whose ministry it is, not where somebody is
        owner = line.known.get(first)
        return owner.party if owner is not None and line.words[owner.last - 1].possessive and owner.last < last else None
    if link == "at" and line.words[first].text in office_words().seats and last - first == 1:
        return None
    party = next((known.party for k in range(first, last) if (known := line.known.get(k)) is not None and known.party), None)
    return party or (place_party(line, line.known.get(first)) if link == "of" else None)


def _office_text(line: Line, first: int, last: int, cut: tuple[int, int] | None, drop: tuple[int, int] | None) -> str:
    """The office as written, without "of <state>" at its end and without a demonym inside."""
    if cut and cut[1] == last:
        last = cut[0]
        cut = None
    start, end = line.span(first, last)
    if line.text[end : end + 1] == ")" and "(" in line.text[start:end]:
        end += 1
    text = line.text[start:end]
    for piece in (cut, drop):
        if piece:
            a, b = line.span(*piece)
            b += "(" in line.text[a:b] and line.text.startswith(")", b)
            text = text.replace(line.text[a:b] + " ", "", 1) if piece is drop else text.replace(" " + line.text[a:b], "", 1)
    return _LAST_BRACKET.sub("", " ".join(text.split()).strip(" ,"))
