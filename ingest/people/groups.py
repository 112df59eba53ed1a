"""Groups whose members are named with their states: ``the Foreign Ministers of Austria, A, and Slovenia, B``; ``her counterparts from X and
Y, A and B``; ``his Latvian and Lithuanian colleagues, A and B``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from communique.ingest.people.names import read_name
from communique.ingest.people.parses import Parse

_OF = re.compile(r",?\s(?:of|from)\s(?:the\s)?")
_NEXT_STATE = re.compile(r"[,;]? (?:and|as well as) (?:(?:of|from|with) )?(?:the )?|[,;] (?:(?:of|from) )?(?:the )?")
_NEXT_NAME = re.compile(r",? and |, ")
# What a group is of before its members are told; what leads to the state of each.
_FORUM = re.compile(r"(?: (?:of|from|in) the (?:[\w-]+ ){1,3}(?:countries|states|[Gg]roup|[Ff]ormat|region|[Tt]riangle))?,? ")
_THEIRS = re.compile(r" (?:of|from) (?:the )?| \(")
_BRACKET = re.compile(r"\s\([A-Z]+\)")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a group: his party, and his name at ``[start, end)`` of the view."""

    party: str
    start: int
    end: int


def named_members(p: Parse, at: int) -> list[Member]:
    """The members behind ``of`` or ``from`` at ``at``: each with his state before his name, or all states before all names."""
    m = _OF.match(p.text, at)
    states: list[str] = []
    named: list[tuple[int, int]] = []
    while m is not None and (state := _state(p, m.end())) is not None:
        states.append(state[1])
        # "from X and Y, Minister A and Minister B": who is titled is named behind all states only
        name = _name(p, state[0] + 2, titled=len(states) > 1) if p.text.startswith(", ", state[0]) else None
        if name:
            named.append(name)
        m = _NEXT_STATE.match(p.text, name[1] if name else state[0])
    if len(named) == 1 < len(states):
        named = names_from(p, next((q.start for q in p.persons if q.name == named[0]), named[0][0]))
    return _paired(states, named)


def members_of(p: Parse, at: int, parties: Sequence[str]) -> list[Member]:
    """The members whose names stand behind a comma at ``at``, in the order of the parties that stand before their group's word."""
    return _paired(parties, names_from(p, at + 2)) if p.text.startswith(", ", at) else []


def each_of(p: Parse, at: int) -> list[Member]:
    """The members of a list behind ``at``, each with his state behind his name: ``his V4 counterparts, A (Hungary) and B (Poland)``."""
    m = _FORUM.match(p.text, at)
    out: list[Member] = []
    while m is not None and (name := _name(p, m.end(), titled=True)) is not None:
        behind = _THEIRS.match(p.text, name[1])
        state = _state(p, behind.end()) if behind else None
        if behind is None or state is None:
            return []
        out.append(Member(state[1], *name))
        m = _NEXT_NAME.match(p.text, state[0] + p.text.startswith(")", state[0]))
    return out if len(out) > 1 else []


def names_from(p: Parse, at: int) -> list[tuple[int, int]]:
    """The names of a list that begins at ``at``."""
    out: list[tuple[int, int]] = []
    while (name := _name(p, at, titled=True)) is not None:
        out.append(name)
        m = _NEXT_NAME.match(p.text, name[1])
        if m is None:
            break
        at = m.end()
    return out


def _paired(parties: Sequence[str], names: Sequence[tuple[int, int]]) -> list[Member]:
    if not names or len(parties) != len(names):
        return []
    return [Member(party, *name) for party, name in zip(parties, names, strict=True)]


def _state(p: Parse, at: int) -> tuple[int, str] | None:
    """The state or organisation at an offset: where its name ends, and its party."""
    for k in p.line.known.values():
        a, b = p.line.span(k.first, k.last)
        if a == at and k.party and k.form not in ("adjective", "demonym"):
            bracket = _BRACKET.match(p.text, b)
            return bracket.end() if bracket else b, k.party
    return None


def _name(p: Parse, at: int, *, titled: bool) -> tuple[int, int] | None:
    """The name of two words or more at an offset, a form of address before it or not; ``titled``: an office may stand there."""
    if q := next((q for q in p.persons if q.start == at and q.name and (not q.offices or titled and q.party is None)), None):
        return q.name
    ws = p.line.words
    i = next((n for n, w in enumerate(ws) if w.start == at), None)
    if i is None or i in p.line.inside or p.line.firm(i):
        return None
    stop = read_name(ws, i, frozenset(k for k in range(i, min(len(ws), i + 6)) if p.line.firm(k)), 5)
    return (at, ws[stop - 1].end) if stop - i > 1 else None
