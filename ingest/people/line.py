"""A view cut into words, with what the lexicon knows of them: what the readers of offices, names and persons look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from communique.ingest.grammar import table
from communique.ingest.lexicon.lexicon import Hit, Lexicon
from communique.ingest.people.names import Word, parted, words

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
    sided: dict[str, str]
    links: frozenset[str]
    seats: frozenset[str]
    chairs: frozenset[str]
    plurals: frozenset[str]
    lower: frozenset[str]
    polities: frozenset[str]
    addressed: frozenset[str]
    buildings: frozenset[str]
    sovereign: frozenset[str]
    at_home: frozenset[str]
    posted: frozenset[str]
    courtesies: frozenset[str]
    afar: frozenset[str]
    households: frozenset[str]
    spouses: frozenset[str]
    armed: frozenset[str]
    houses: frozenset[str]
    chambers: frozenset[str]
    addresses: frozenset[str]


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
    lists = {k: frozenset(v) for k, v in data.items() if isinstance(v, list)}
    return OfficeWords(abbreviations=data["abbreviations"], sided=data["sided"], **lists)


@cache
def _title_words(lexicon: Lexicon) -> frozenset[str]:
    """The words that may stand inside an office: its own words, and those of portfolios and bodies in the vocabulary that name no place."""
    o = office_words()
    places = {label.text for label in lexicon.labels if label.kind in PARTY_KINDS}
    labels = (label.text for label in lexicon.labels if label.kind in ("portfolio", "body"))
    named = frozenset(word for text in labels for word in re.findall(r"[A-Z][\w'-]{2,}", text) if word not in places)
    return named | o.ranks | o.portfolios | o.heads


class Line:
    """A view cut into words, with what the lexicon knows of them: what the readers of names and offices look at."""

    def __init__(self, view: str, lexicon: Lexicon) -> None:
        self.text = view
        self.lexicon = lexicon
        self.titles = _title_words(lexicon)
        self.words: list[Word] = words(view)
        self.known: dict[int, Known] = {}
        hits = self._hits()
        if cuts := {a.end for a, b in pairwise(hits) if b.start == a.end + 1 and view[a.end] == "-"}:
            self.words = [part for w in self.words for part in parted(w, cuts)]
        self.heads = frozenset(i for i, w in enumerate(self.words) if self._heads(i, w.text))
        starts = {w.start: i for i, w in enumerate(self.words)} if hits else {}
        ends = {w.end: i + 1 for i, w in enumerate(self.words)} if hits else {}
        for hit in hits:
            first, last = starts.get(hit.start), ends.get(hit.end - (view[hit.end - 1] == ")"))  # "Republic of China (Taiwan)"
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
        goes_on = end < len(ws) and ws[end].tied and ws[end].text in polities and not self.is_head(end)
        # "the Spanish State Secretary": the word belongs to the office behind it.
        titled = end + 1 < len(ws) and ws[end + 1].tied and ws[end + 1].capital and self.is_title_word(end + 1)
        if known.form != "officialName" and goes_on and not titled:
            self.known[known.first] = Known(known.first, end + 1, known.kind, known.id, "officialName", known.party)
            return
        if known.form in ("adjective", "demonym"):
            return
        k = known.first - 1
        while ws[k].text in office_words().courtesies and k > 1:
            k -= 1
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
        hits = [h for h in self.lexicon.longest(self.text, PARTY_KINDS) if not self._blocked(h)]
        return sorted(hits, key=lambda h: (h.start, _RANK[h.label.kind], h.label.id)) if len(hits) > 1 else hits

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
        return i in self.heads

    def _heads(self, i: int, text: str) -> bool:
        if text in ("Prince", "Princess", "Lady", "Gentleman"):
            return i > 0 and self.words[i - 1].text in ("Crown", "First", "Second")
        if text == "Father":
            return i > 0 and self.words[i - 1].text == "Holy"
        if text in (
            "Marshal",
            "Keeper",
            "Duke",
            "Duchess",
        ):  # names and ranks too; "the Marshal of the Senate", "the Grand Duke" are offices
            behind = i + 1 < len(self.words) and self.words[i + 1].tied and self.words[i + 1].text == "of"
            return behind or (i > 0 and self.words[i - 1].text == "Grand")
        if text == "Lord":  # a form of address; "the Lord of ..." is an office
            return not self._tied_capital(i + 1)
        if text == "Deputy":
            if i > 0 and self.words[i - 1].text in ("the", "The") and self.words[i].tied and not self._tied_capital(i + 1):
                return True  # "The Deputy urged": the Deputy Secretary
            return i > 0 and self.words[i - 1].text in office_words().chambers
        return text in office_words().heads or ("-" in text and self._compound(text))

    def _tied_capital(self, i: int) -> bool:
        """Whether a word with a capital follows directly at ``i``."""
        return i < len(self.words) and self.words[i].tied and (self.words[i].capital or self.words[i].text in ("of", "to", "for"))

    def _compound(self, text: str) -> bool:
        """Whether a word with hyphens is an office: one part a head, the others words of titles ("Vice-Minister", "Commander-in-Chief")."""
        o = office_words()
        parts = [part for part in text.split("-") if part not in ("in", "at", "of", "Co", "Ex")]
        return any(part in o.heads for part in parts) and all(
            part in o.heads or part in o.ranks or part in o.tails or part in o.portfolios for part in parts
        )

    def is_title_word(self, i: int) -> bool:
        """Whether the word may stand inside an office before its head."""
        text, o = self.words[i].text, office_words()
        return text in self.titles or ("-" in text and all(p in o.ranks or p in o.portfolios for p in text.split("-")))

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


def skip_courtesy(line: Line, i: int) -> int:
    """The index after a courtesy before a state's name: ``of the sisterly Islamic Republic of ...``."""
    ws = line.words
    while i < len(ws) and ws[i].tied and ws[i].text in office_words().courtesies:
        i += 1
    return i


def close(line: Line, i: int) -> bool:
    """Whether word ``i`` follows its neighbour directly, a closing bracket aside."""
    gap = line.words[i].gap
    return line.words[i].tied or gap == ") " or gap == " ("


def place_party(line: Line, known: Known | None) -> str | None:
    """The state that a place lies in: the Crown Prince of Abu Dhabi is of its state."""
    return line.lexicon.fact("place", known.id, "inState") if known is not None and known.kind == "place" else None
