"""Offices in small letters, ``the foreign minister of Ghana, Kwabena Asare``: a copy of the words in which they are written as titles are.

The copy is as long as the words, so that what is read in it stands at the same place in them.  Readers of persons read the copy.
"""

from __future__ import annotations

import re
from functools import cache

from communique.ingest.grammar import either, table

# What must follow an office in small letters that no article marks: its holder's name, or whose it is.
_HELD = re.compile(r"(?:,|-designate)? (?:the )?[A-Z]|,? (?:of|for) (?:the )?[A-Z]")
# "Name Name, Peru's foreign minister", "Norway's new ambassador to Peru"
_ARTICLE = re.compile(r"\b[Tt]he $|\b[A-Z][\w-]+(?:['’]s|s['’]) (?:(?:new|outgoing|incoming|departing|acting|former) )?$")
_FIRST = re.compile(r"\b(?!(?:of|for|the|and)\b)[a-z]")


@cache
def _offices() -> re.Pattern[str]:
    """An office in small letters: ranks and portfolios, a head, and what it is of or for."""
    words = table("who.toml")
    before = either(sorted({w.lower() for name in ("ranks", "portfolios") for w in words["offices"][name]}))
    of = either(sorted({w.lower() for w in words["offices"]["portfolios"]}))
    item = rf"(?:{of}|[A-Z][\w-]+(?=,? (?:and |[A-Z][\w-]+ )*{of}))"
    return re.compile(
        rf"(?<![\w-])(?:{before}[ -]){{0,3}}(?:{either(_heads())})(?:[ -](?:general|designate|elect))?(?![\w-])"
        rf"(?: (?:of|for) (?:the )?{of}\b(?:(?:,? and |, | ){item}\b){{0,7}})?"
        r"|(?<![\w-])(?:[Hh]ead|[Cc]hief)(?: of)?(?: [A-Z]\w+)? diplomacy\b"
        r"|(?:(?<=Union )|(?<=[A-Z]{2} )|(?<=Council )|(?<=Forum ))chair(?:man|woman|person)?(?= [A-Z])"  # "African Union chair Name"
        r"|(?<=(?:er|or) to the )(?:interim|transitional|caretaker|provisional) government\b"
    )


@cache
def _heads() -> tuple[str, ...]:
    return tuple(table("who.toml")["lowered"]["heads"])


def raised(text: str) -> str:
    """The words with offices in small letters written as titles; the same object where there are none."""
    if not any(map(text.__contains__, (*_heads(), " diplomacy", " government of", " chair"))):
        return text
    found = list(_offices().finditer(text))
    titles: list[re.Match[str]] = []
    for m in reversed(found):
        # "the Moldovan deputy prime minister and minister of foreign affairs, Name Name": the first is held with the second
        joined = bool(titles) and text[m.end() : titles[-1].start()] == " and "
        if joined or _ARTICLE.search(text, 0, m.start()) or _HELD.match(text, m.end()) or m[0].endswith("diplomacy"):
            titles.append(m)
    pieces, last = [], 0
    for m in reversed(titles):
        pieces += [text[last : m.start()], _FIRST.sub(lambda first: first[0].upper(), m[0])]
        last = m.end()
    return "".join([*pieces, text[last:]]) if pieces else text


def as_written(office: str, text: str) -> str:
    """An office as the words themselves have it, where they have it in one piece."""
    at = text.lower().find(office.lower())
    return text[at : at + len(office)] if at >= 0 and office not in text else office
