"""Several encounters that one clause tells as one: those of whom the account speaks one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from communique.ingest.encounters.page import Page
from communique.ingest.encounters.participants import speaks
from communique.ingest.people.parses import Parse, places
from communique.model import Encounter, Participant

# What stands before and behind the name of somebody whom an account tells apart: "At the meeting with Minister X, he ..."
_WITH = re.compile(
    r"(?:\b(?:[Aa]t|[Ii]n|[Dd]uring) (?:the|his|her|their) (?:[\w-]+ ){0,2}(?:meeting|talks|conversation|call) with|"
    r"^(?:With|To|Speaking (?:with|to)|Talking (?:with|to))) "
    r"(?:[\w.'-]+ ){0,8}?$"
)
_ALONE = re.compile(r"\b(?! and [A-Z])")


def parted(page: Page, body: Sequence[Parse], encounters: Sequence[Encounter]) -> list[Encounter]:
    """``A met with Prime Minister B and Foreign Minister C of X. ... At the meeting with C, ...``: a meeting with each of them."""
    if len(encounters) != 1:
        return list(encounters)
    main = encounters[0]
    own = [x for x in main.participants if x.party == page.source.party]
    guests = [x for x in main.participants if x not in own and speaks(x)]
    alike = len(guests) > 1 and all(x.family for x in guests)
    # Those of one state are told apart by one of them; of several states each may have been with all, unless two are told so.
    needed = 1 if len({x.party for x in guests}) == 1 else 2
    if not own or not alike or sum(_apart(x, body) for x in guests) < needed:
        return [main]
    return [replace(main, participants=(*own, x)) for x in guests]


def _apart(x: Participant, body: Sequence[Parse]) -> bool:
    """Whether the account speaks of the meeting with one of them."""
    return any(
        _ALONE.match(p.text, at + len(x.family)) and _WITH.search(p.text, 0, at)
        for p in body
        if x.family
        for at in places(p.text, x.family)
    )
