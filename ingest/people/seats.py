"""Where ambassadors and offices like an embassy serve: ``Ambassador of A to B``, ``Chargé d'Affaires of the Embassy of A in B, Name``."""

from __future__ import annotations

from communique.ingest.people.line import Line, office_words
from communique.ingest.people.names import person_words, read_name


def accredited(line: Line, i: int) -> bool:
    """Whether "to <state>" follows: an ambassador's office keeps both states."""
    ws = line.words
    k = i + 1
    if i >= len(ws) or ws[i].text != "to" or not ws[i].tied or k >= len(ws):
        return False
    k += ws[k].text in ("the", "The")
    if k < len(ws) and ws[k].text in office_words().polities and ws[k - 1].text == "the":
        return True
    return k < len(ws) and (known := line.known.get(k)) is not None and known.kind in ("state", "organization")


def posted(line: Line, head: int, end: int, stop: int) -> int:
    """The index behind where an ambassador, or an office like an embassy, serves: ``Chargé d'Affaires of the Embassy of A in B, Name``."""
    o, ws = office_words(), line.words
    serves = ws[head].text in o.posted or ws[head].text == "d'Affaires" or ws[end - 1].text in o.seats
    return seated(line, stop) if serves else 0


def seated(line: Line, i: int) -> int:
    """The index behind "in <where>" at word ``i`` if a name follows between commas: where somebody serves stands between his office and
    his name; 0 if there is none."""
    ws, p = line.words, person_words()
    if i >= len(ws) or ws[i].text != "in" or not ws[i].tied:
        return 0
    first = k = i + 1 + (i + 1 < len(ws) and ws[i + 1].text == "the")
    while k < len(ws) and ws[k].tied and ws[k].capital:
        k += 1
    if k == first or k >= len(ws) or ws[k].gap != ", ":
        return 0
    addressed = ws[k].text in p.honorifics or f"{ws[k].text}." in p.honorifics
    named = addressed or (not line.firm(k) and read_name(ws, k, frozenset(), 5) - k >= 2)
    return k if named else 0
