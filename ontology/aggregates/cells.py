"""From tallies to cells of the cubes: what one account adds by itself, and what an encounter adds however many accounts tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import combinations, product
from typing import Final

from communique.iris import CQ
from communique.ontology.aggregates.tally import Act, Heard, Tally
from communique.ontology.terms import parse

NOBODY: Final = f"{CQ}noParty"
_STANCES: Final = {f"{CQ}{stance}": f"{stance}Acts" for stance in ("positive", "negative")}

Cell = tuple[str, ...]
"""The name of a cube and the values of its dimensions, in the order of its structure; without values, the cube itself."""
Figure = tuple[Cell, str]
"""A cell and the name of a measure."""


def told(found: Tally) -> Counter[Figure]:
    """What an account adds: tellings and acts.  The sum over accounts is the figure of the whole collection."""
    out: Counter[Figure] = Counter()
    sentences: dict[int, set[str]] = {}
    out.update((cell, "acts") for cell, _ in _raised(found))
    for heard in found:
        out.update((cell, "tellings") for cell in _encounter(heard))
        out.update((("person-pairs-by-day", *pair, heard.day), "tellings") for _, *pair in _met(heard))
        for act in heard.acts:
            out.update(_act(heard, act))
            for sentence in act.sentences:
                sentences.setdefault(sentence, set()).update(act.issues)
    for issues in sentences.values():
        out.update((cell, "tellings") for cell in _issues("sentence-", issues))
    return out


def held(accounts: Iterable[Heard]) -> Counter[Figure]:
    """What one encounter adds, once, from all the accounts of it."""
    days: dict[Cell, str] = {}
    cells: set[Cell] = set()
    for heard in accounts:
        cells.update((*_encounter(heard), *_sentences(heard)))
        for _, *pair in _met(heard):
            days[tuple(pair)] = min(heard.day, days.get(tuple(pair), heard.day))
    # Days can be added up: two persons meet in an encounter on the first day that is told.
    cells.update(("person-pairs-by-day", *pair, day) for pair, day in days.items())
    return Counter({(cell, "encounters"): 1 for cell in cells})


def bounds(found: Tally) -> Iterator[tuple[Figure, str]]:
    """What an account has for figures that are the least or the greatest of all: days and examples."""
    for heard in found:
        for pair in _met(heard):
            yield (pair, "firstDay"), heard.day
            yield (pair, "lastDay"), heard.day
    for cell, act in _raised(found):
        yield (cell, "exampleAct"), act


def _met(heard: Heard) -> set[Cell]:
    """Pairs of persons who represent different parties, if it is known on which day."""
    two = combinations(heard.persons if heard.day else (), 2)
    return {("person-pairs", *sorted((a, b))) for (a, ours), (b, theirs) in two if a != b and any(x != y for x in ours for y in theirs)}


def _raised(found: Tally) -> set[tuple[Cell, str]]:
    """What parties raise with whom in which way, and the act in which they do it."""
    return {
        (("issues-raised", party, other, issue, act.type), act.node)
        for heard in found
        for act in (heard.acts if heard.day else ())
        if act.type
        for party, other, issue in product(act.actors, heard.parties, act.issues)
        if party in heard.parties and party != other
    }


def _encounter(heard: Heard) -> Iterator[Cell]:
    month, issues = heard.month, heard.issues
    yield from _issues("", issues)
    yield from _met(heard)
    for pair in combinations(sorted(heard.parties), 2):
        yield ("dyads", *pair)
        if month:
            yield ("dyads-by-month", *pair, month)
    acting = {pair for act in heard.acts for pair in product(act.actors, act.issues)}
    for party, issue in acting:
        yield ("party-issues", party, issue)
    if month:
        yield ("encounters-by-month", month)
        for issue in issues:
            yield ("issues-by-month", issue, month)
        for pair in combinations(sorted(issues), 2):
            yield ("issue-pairs-by-month", *pair, month)
        for party, issue in acting:
            yield ("party-issues-by-month", party, issue, month)


def _sentences(heard: Heard) -> Iterator[Cell]:
    together: dict[int, set[str]] = {}
    for act in heard.acts:
        for sentence in act.sentences:
            together.setdefault(sentence, set()).update(act.issues)
    for issues in together.values():
        yield from _issues("sentence-", issues)


def _issues(scope: str, issues: Iterable[str]) -> Iterator[Cell]:
    ordered = sorted(issues)
    if ordered:
        yield (f"{scope}issues",)
    for issue in ordered:
        yield (f"{scope}issues", issue)
    for pair in combinations(ordered, 2):
        yield (f"{scope}issue-pairs", *pair)


def _act(heard: Heard, act: Act) -> Iterator[Figure]:
    month, stance = heard.month, _STANCES.get(act.stance)
    for party, issue in product(act.actors, act.issues):
        for cell in (("party-issues", party, issue), *([("party-issues-by-month", party, issue, month)] if month else [])):
            yield cell, "acts"
            if stance:
                yield cell, stance
    if not month:
        return
    for party, issue in product(act.actors, act.issues):
        yield ("positions-by-month", party, issue, families().get(act.type, CQ + "SpeechAct"), act.stance, month), "acts"
    towards = {*act.addressees, *(heard.parties if act.joint else ())}
    for actor, other, side in product(act.actors, towards, heard.sides or (NOBODY,)):
        if actor != other:
            yield ("dyad-acts-by-month", actor, other, act.type, side, month), "acts"


@cache
def families() -> dict[str, str]:
    """The family of each type of act."""
    found = parse(files("communique.ontology").joinpath("vocab/acts.ttl"))
    return {s[1:-1]: o[1:-1] for s, p, o in found if p == f"<{CQ}actFamily>"}
