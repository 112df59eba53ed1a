"""How alike two participants of one party are: the same person, names that fit, one office of which there is one."""

from __future__ import annotations

from difflib import SequenceMatcher

from communique.ontology.pairing.rules import rules
from communique.ontology.pairing.told import Attendee


def alike(a: Attendee, b: Attendee) -> tuple[float, str]:
    """How alike two participants of one party are, from 0 to 1, and in what (for a reason).

    Persons who have one IRI are one: where an authority file gives the names of a person one IRI, nothing else need be
    compared.  Nobody who is named is like somebody with another name, whatever their offices.
    """
    levels = rules().persons
    if not a.words or not b.words:
        return _unnamed(a, b)
    if a.iri == b.iri or a.words == b.words:
        return levels["same"], "same person"
    given_a, given_b = a.words - a.surname, b.words - b.surname
    if a.surname == b.surname:
        if not given_a or not given_b:
            return levels["family"], "same family name"
        if _given(given_a, given_b):
            return levels["same"], "same person"
        return (levels["part"], "same family name and office") if _office(a, b) else (0.0, "")
    short, long = sorted((a, b), key=lambda p: (len(p.words), sorted(p.words)))
    if short.words < long.words and any(len(w) > 2 for w in _telling(short.words)):
        return levels["part"], "one name in the other"
    if _spelled(a.surname, b.surname) and (_given(given_a, given_b) or _office(a, b)):
        return levels["part"], "names spelled alike"
    return 0.0, ""


def _unnamed(a: Attendee, b: Attendee) -> tuple[float, str]:
    levels = rules().persons
    if _office(a, b):
        return levels["office"], "same office, not named by both" if a.words or b.words else "same office, not named"
    known = (a.offices or a.kinds) and (b.offices or b.kinds)
    return (0.0, "") if known else (levels["unnamed"], "a delegation")


def _office(a: Attendee, b: Attendee) -> bool:
    return bool(a.offices & b.offices or a.kinds & b.kinds & set(rules().persons["single"]))


def _given(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether given names fit: a common one, or the start of one (Greg, Gregory), or two spellings."""
    return any(x.startswith(y) or y.startswith(x) or _near(x, y) for x in _telling(a) for y in _telling(b))


def _spelled(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and _near("".join(sorted(_telling(a))), "".join(sorted(_telling(b))))


def _telling(words: frozenset[str]) -> frozenset[str]:
    """The words of a name that many names do not share."""
    return words.difference(rules().persons["particles"])


def _near(a: str, b: str) -> bool:
    return min(len(a), len(b)) > 3 and SequenceMatcher(None, a, b, autojunk=False).ratio() >= rules().persons["spelling"]
