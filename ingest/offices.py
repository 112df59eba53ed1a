"""Reads offices: where a title begins and ends, its words as written without the state, and whose office it is.

An office is modifiers and a head noun, with or without what it is "of" or "for".  Lists of offices are split where a new
office begins, never at commas or "and" alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from communique.ingest.grammar import table
from communique.ingest.lexicon import Hit, Lexicon
from communique.ingest.names import Word, person_words, words

PARTY_KINDS = frozenset({"state", "organization", "forum", "place"})
_RANK = {"state": 0, "organization": 1, "forum": 2, "place": 3}


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """The word lists of offices (``who.toml`` says what each decides)."""

    heads: frozenset[str]
    tails: frozenset[str]
    ranks: frozenset[str]
    portfolios: frozenset[str]
    abbreviations: dict[str, str]
    links: frozenset[str]
    seats: frozenset[str]
    plurals: frozenset[str]
    lower: frozenset[str]
    polities: frozenset[str]
    sovereign: frozenset[str]


class Office(NamedTuple):
    """One office at words ``[first, last)``: ``text`` as written without the state, and the party it belongs to."""

    first: int
    last: int
    text: str
    party: str | None


class Known(NamedTuple):
    """What the lexicon knows at a word: a hit over words ``[first, last)`` and the party it stands for, if any."""

    first: int
    last: int
    kind: str
    id: str
    form: str
    party: str | None


@cache
def office_words() -> OfficeWords:
    """The word lists, loaded once."""
    data = table("who.toml")["offices"]
    return OfficeWords(abbreviations=data["abbreviations"], **{k: frozenset(v) for k, v in data.items() if k != "abbreviations"})


@cache
def _title_words(lexicon: Lexicon) -> frozenset[str]:
    """The words of portfolios and government bodies in the vocabulary that name no place."""
    places = {label.text for label in lexicon.labels if label.kind in PARTY_KINDS}
    labels = (label.text for label in lexicon.labels if label.kind in ("portfolio", "body"))
    return frozenset(word for text in labels for word in re.findall(r"[A-Z][\w'-]{2,}", text) if word not in places)


@cache
def _parties_of(lexicon: Lexicon) -> Lexicon:
    """The part of the lexicon that names parties and places: an automaton of its own, so that no other label costs time."""
    return Lexicon(label for label in lexicon.labels if label.kind in PARTY_KINDS)


class Line:
    """A view cut into words, with what the lexicon knows of them: what the readers of names and offices look at."""

    def __init__(self, view: str, lexicon: Lexicon) -> None:
        self.text = view
        self.lexicon = lexicon
        self.titles = _title_words(lexicon)
        self.words: list[Word] = words(view)
        self.known: dict[int, Known] = {}
        hits = self._hits()
        starts = {w.start: i for i, w in enumerate(self.words)} if hits else {}
        ends = {w.end: i + 1 for i, w in enumerate(self.words)} if hits else {}
        for hit in hits:
            first, last = starts.get(hit.start), ends.get(hit.end)
            if first is not None and last is not None and first + 1 < last and self.words[first].text in ("the", "The"):
                first += 1
            if first is not None and last is not None and first < last and first not in self.known:
                self.known[first] = Known(
                    first, last, hit.label.kind, hit.label.id, hit.label.form, self.party_of(hit.label.kind, hit.label.id)
                )
        for known in list(self.known.values()):
            if known.kind == "state" and known.first > 1:
                self._widen(known)
        self.inside: dict[int, Known] = {k: known for known in self.known.values() for k in range(known.first, known.last)}

    def _widen(self, known: Known) -> None:
        """A state's name goes on to the left over "Islamic Republic of", whatever the vocabulary has of it."""
        ws, polities = self.words, office_words().polities
        end = known.last
        if known.form != "officialName" and end < len(ws) and ws[end].tied and ws[end].text in polities and not self.is_head(end):
            self.known[known.first] = Known(known.first, end + 1, known.kind, known.id, "officialName", known.party)
            return
        if known.form in ("adjective", "demonym"):
            return
        k = known.first - 1
        if ws[k].text == "the" and k > 1:
            k -= 1
        if ws[k].text != "of" or ws[k - 1].text not in polities or not ws[known.first].tied:
            return
        if ws[k - 1].text == "State" and (k < 2 or ws[k - 2].text != "the"):
            return  # "Secretary of State of the United States"
        first = k - 1
        while first > 0 and ws[first].tied and ws[first - 1].text in polities and (ws[first - 1].capital):
            first -= 1
        for i in [i for i, other in self.known.items() if first - 2 < i < known.first and other.last <= known.first]:
            del self.known[i]
        del self.known[known.first]
        self.known[first] = Known(first, known.last, known.kind, known.id, "officialName", known.party)

    def _hits(self) -> list[Hit]:
        if not any(w.capital for w in self.words):
            return []
        hits = [h for h in _parties_of(self.lexicon).longest(self.text) if not self._blocked(h)]
        return sorted(hits, key=lambda h: (h.start, _RANK[h.label.kind], not self._preferred(h), h.label.id)) if len(hits) > 1 else hits

    def _preferred(self, hit: Hit) -> bool:
        """Whether the vocabulary prefers this concept among those that share the label."""
        return hit.label.text in self.lexicon.facts(hit.label.kind, hit.label.id).get("preferredFor", ())

    def _blocked(self, hit: Hit) -> bool:
        """Whether the words around a label say that it means something else (``notBefore``, ``notAfter`` of the vocabulary)."""
        if hit.label.kind == "organization" and self.text.endswith("National ", 0, hit.start):
            return True
        facts = self.lexicon.facts(hit.label.kind, hit.label.id)
        behind, ahead = facts.get("notBefore"), facts.get("notAfter")
        return bool(
            (behind and self.text[hit.end :].lstrip(" '").startswith(behind)) or (ahead and self.text[: hit.start].rstrip().endswith(ahead))
        )

    def party_of(self, kind: str, id_: str) -> str | None:
        """The party a concept stands for: a state or organisation itself, an organ's organisation; a place none."""
        if kind == "place":
            return None
        return self.lexicon.fact(kind, id_, "partyOf") or id_

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The view's offsets of words ``[first, last)``."""
        return self.words[first].start, self.words[last - 1].end

    def is_head(self, i: int) -> bool:
        """Whether the word is the head of an office; of a compound with hyphens any part counts."""
        text = self.words[i].text
        o = office_words()
        if text in ("Prince", "Princess", "Lady", "Gentleman"):
            return i > 0 and self.words[i - 1].text in ("Crown", "First", "Second")
        return text in o.heads or ("-" in text and self._compound(text))

    def _compound(self, text: str) -> bool:
        """Whether a word with hyphens is an office: one part a head, the others words of titles ("Vice-Minister", "Commander-in-Chief")."""
        o = office_words()
        parts = [part for part in text.split("-") if part not in ("in", "at", "of", "Co", "Ex")]
        return any(part in o.heads for part in parts) and all(
            part in o.heads or part in o.ranks or part in o.tails or part in o.portfolios for part in parts
        )

    def is_title_word(self, i: int) -> bool:
        """Whether the word may stand inside an office before its head."""
        text = self.words[i].text
        o = office_words()
        return (
            text in self.titles
            or text in o.ranks
            or text in o.portfolios
            or text in o.heads
            or "-" in text
            and all(p in o.ranks or p in o.portfolios for p in text.split("-"))
        )

    def firm(self, i: int) -> bool:
        """Whether the word surely is none of a name: a word of portfolios or offices, or part of a state's or organisation's name."""
        known = self.inside.get(i)
        return self.is_title_word(i) or (
            known is not None and known.kind != "place" and (known.kind != "forum" or known.last - known.first > 1)
        )


def skip_bracket(line: Line, i: int) -> int:
    """The index after a bracketed abbreviation, ``(ROK)``, that begins at word ``i``."""
    ws = line.words
    if i < len(ws) and ws[i].gap == " (" and ws[i].text[0].isupper() and line.text[ws[i].end : ws[i].end + 1] == ")":
        return i + 1
    return i


def close(line: Line, i: int) -> bool:
    """Whether word ``i`` follows its neighbour directly, a closing bracket aside."""
    gap = line.words[i].gap
    return line.words[i].tied or gap == ") " or gap == " ("


def head_ahead(line: Line, i: int) -> int:
    """The index of the head of the office whose modifiers begin at word ``i``; -1 if none begins there."""
    ws, o = line.words, office_words()
    k = i
    while k < len(ws) and k - i < 12:
        word = ws[k]
        if k > i and (not close(line, k) or ws[k - 1].possessive and not line.is_head(k - 1)):
            return -1
        if line.is_head(k) and word.capital:
            # "Deputy Secretary of State": the last head of a run of heads; "Chief" alone is a rank before another.
            while (further := _continues(line, k + 1)) > k:
                # "the Secretary-General's Personal Envoy": the possessor belongs to the office behind it.
                k = further
            return k
        if word.capital and (line.firm(k) or (k > i and line.inside.get(k) is not None)):
            k += 1
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
    if k >= len(ws) or not ws[k].tied or not ws[k].capital:
        return -1
    if ws[k].text in o.tails and not ws[k - 1].possessive:
        return k
    j = k
    while j < len(ws) and ws[j].tied and ws[j].capital and line.is_title_word(j) and not line.is_head(j) and not ws[j].possessive:
        j += 1
    return j if (j > k or ws[k - 1].possessive) and j < len(ws) and ws[j].tied and line.is_head(j) else -1


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
    while end < len(ws) and (ws[end].tied or (cut and ws[end].gap == ") ")) and ws[end].text in office_words().links:
        link = ws[end].text
        k = end + 1
        if k < len(ws) and ws[k].text in ("the", "The", "its", "his", "her") and ws[k].tied:
            k += 1
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
            if not _accredited(line, stop) and ws[end - 1].text not in office_words().seats:
                cut = (end, stop)
            end = stop
            if cut and not (
                end < len(ws) and ws[end].text == "for" and ws[end].gap in (" ", ") ") and end + 1 < len(ws) and line.firm(end + 1)
            ):
                break
            continue
        if link in ("at", "on", "in", "with", "to") and not (line.firm(k) or (after_name or link == "on") and known):
            break
        stop = _complement_end(line, k, after_name)
        if stop == k:
            break
        if (
            known is not None
            and known.kind == "state"
            and stop <= known.last
            and (link == "on" or (link == "for" and ws[head].text in office_words().sovereign))
        ):
            break
        if (
            link == "of"
            and known
            and known.form in ("adjective", "demonym")
            and known.kind == "state"
            and known.last < stop
            and drop is None
            and end == head + 1
        ):
            drop = (known.first, known.last)
        party = party or _party_inside(line, link, k, stop)
        end = stop
        if ws[end - 1].possessive:
            break
        end = _more_portfolios(line, end, after_name)
    return Office(i, end, _office_text(line, i, end, cut, drop), party)


def _accredited(line: Line, i: int) -> bool:
    """Whether "to <state>" follows: an ambassador's office keeps both states."""
    ws = line.words
    k = i + 1
    if i >= len(ws) or ws[i].text != "to" or not ws[i].tied or k >= len(ws):
        return False
    k += ws[k].text == "the"
    return k < len(ws) and (known := line.known.get(k)) is not None and known.kind in ("state", "organization")


def _institution_follows(line: Line, i: int) -> bool:
    """Whether a state's name is only the beginning of an institution's name ("of the Japan Bank for ...")."""
    return i < len(line.words) and line.words[i].tied and line.words[i].capital and line.is_title_word(i) and not line.is_head(i)


def _texts(ws: Sequence[Word], i: int, n: int) -> list[str]:
    return [w.text for w in ws[i : i + n]]


def _complement_end(line: Line, k: int, after_name: bool) -> int:
    """The index after what an office is of or for: the run of capitals up to where a name begins."""
    ws = line.words
    run = k
    while (
        run < len(ws)
        and (run == k or close(line, run))
        and (ws[run].capital or ws[run].text.isdigit())
        and not (run > k and ws[run - 1].possessive and not line.firm(run))
    ):
        run += 1
    if after_name:
        return run
    honorifics = person_words().honorifics
    end = k
    known = line.known.get(k)
    if known is not None:
        end = skip_bracket(line, known.last)
    while end < run:
        if ws[end].text in honorifics and ws[end].text not in office_words().tails and (line.is_head(end) or not line.is_title_word(end)):
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
        if not (line.is_title_word(k) or (line.inside.get(k) is not None and (gap != ", " or after_name and _list_goes_on(line, k)))):
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
    """The party named inside the modifiers: ``European Council President``."""
    return next(
        (
            known.party
            for k in range(first, head + 1)
            if (known := line.known.get(k)) is not None and known.party and known.kind in ("organization", "state", "forum")
        ),
        None,
    )


def place_party(line: Line, known: Known | None) -> str | None:
    """The state that a place lies in: the Crown Prince of Abu Dhabi is of its state."""
    return line.lexicon.fact("place", known.id, "inState") if known is not None and known.kind == "place" else None


def _party_inside(line: Line, link: str, first: int, last: int) -> str | None:
    """The party that an institution belongs to: ``of the European Commission``, ``at the Embassy of Japan``; "for" and "to" tell none."""
    if link in ("for", "to", "on", "with"):
        return None
    if link == "in" or (link == "at" and line.words[first].text in office_words().seats and last - first == 1):
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
    return " ".join(text.split()).strip(" ,")
