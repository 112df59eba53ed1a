"""Completes the parties of participants: a group shares its state, the publisher's own side is its own state's."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from communique.ingest.encounters.page import Page
from communique.ingest.encounters.participants import OFFICES, covers, same_person
from communique.ingest.people.line import office_words
from communique.ingest.people.names import family_of, person_words
from communique.ingest.people.parses import grammar
from communique.model import Participant

# Offices that every state has, without what else their holders may be minister of.
_EQUAL = re.compile(r"\b(?:Prime Minister|Foreign Minister|Minister (?:of|for) Foreign Affairs)\b|^President$")
# Who holds the same office; a colleague or partner may hold another.
_COUNTERPART = re.compile(r"\b(?:counterpart|homologue|opposite number),? ")
_NEAR = 20


def complete_parties(
    page: Page, subjects: list[Participant], objects: list[Participant], *, one_side: bool = False, host: str | None = None
) -> tuple[list[Participant], list[Participant]]:
    """Completes parties: a group shares the state that stands with one of it; the publisher's own side is its own state's.

    ``one_side``: the subjects met with others whom the clause does not name, so that they are all of one side;
    ``host``: the foreign state where they met, which is that of hosts of whom nothing else is known.
    """
    filled = _others(page, subjects, objects, host)
    done = _ours(page, subjects, filled, one_side)
    return [refamily(page, x) for x in done], [refamily(page, x) for x in filled]


def _others(page: Page, subjects: list[Participant], objects: list[Participant], host: str | None) -> list[Participant]:
    """The other side, with parties."""
    own = page.source.party
    others = [x.party for x in objects if x.party]
    shared = others[0] if len(set(others)) == 1 else None
    title_parties = [t for t in page.title.parties if t != own]
    subject_parties = {s.party for s in subjects if s.party}
    filled = []
    for n, x in enumerate(objects):
        if x.party is None:
            # A title alone speaks for its state ("Foreign Secretary") unless the title of the page and the others agree on another.
            near = (
                (None if shared and title_parties == [shared] else _party_of_office(page, x, bare=not title_parties))
                or shared
                or next((objects[m].party for m in (n - 1, n + 1) if 0 <= m < len(objects) and objects[m].party), None)
            )
            if near is None and len(title_parties) == 1 and title_parties[0] not in subject_parties:
                near = title_parties[0]
            if near is None and subject_parties and own and own not in subject_parties and _has_own_office(page, x):
                near = own
            if near is None and host and (x.offices or len(objects) == 1 or x.rule.startswith("person.counterpart")):
                near = host
            if near is None and x.offices and subject_parties and own and own not in subject_parties:
                near = own  # a guest calls on somebody at home
            if near is None and x.offices:
                near = _paired(page) if len(objects) == 1 and _leads_a_state(x) else None
            x = replace(x, party=near, rule=f"{x.rule}+shared" if near else x.rule, confidence=0.9 if near else 0.6)
        filled.append(_equal(page, x, subjects))
    return filled


def _equal(page: Page, x: Participant, subjects: list[Participant]) -> Participant:
    """``her Slovak counterpart Name Name``: who is told as the counterpart of a minister or president alone holds the same office."""
    office = next((o for s in subjects[:1] for o in s.offices), "") if len(subjects) == 1 else ""
    told = x.name is None or x.offices or not x.rule.startswith("person.counterpart")
    called = page.document.text[max(0, x.span.start - _NEAR) : x.span.end]
    equal = None if told else _EQUAL.search(office)
    return replace(x, offices=(equal[0],)) if equal and _COUNTERPART.search(called) else x


def _ours(page: Page, subjects: list[Participant], filled: list[Participant], one_side: bool) -> list[Participant]:
    """The side told first, with parties."""
    own = page.source.party
    title_parties = [t for t in page.title.parties if t != own]
    done = []
    taken = {x.party for x in filled if x.party}
    told = [s.party for s in subjects if s.party]
    for n, x in enumerate(subjects):
        ours = one_side or any(w.name and same_person(w, x) for w in page.title.subjects) or _has_own_office(page, x)
        if x.party is None and n and len(title_parties) == 1 and not (told or filled or ours):
            x = replace(x, party=title_parties[0], rule=f"{x.rule}+title")
        if x.party is None:
            party = own if own and (own not in taken or not told) else None
            # "U.S. Coordinator A and Deputy Prime Minister B": the first is the publisher's own, the second the other side of the title.
            if own in told and len(title_parties) == 1 and title_parties[0] not in taken and not ours:
                party = title_parties[0]
            if party is None and told:
                party = told[0]
            if party is None and len(page.title.parties) > 1:
                party = next((t for t in page.title.parties if t not in taken), None)
            if own and told and own not in told and len(subjects) > 1 and own not in taken:
                party = own
            if party is None or party != own:
                party = _party_of_office(page, x) or party
            x = replace(x, party=party, rule=f"{x.rule}+publisher" if party == own else x.rule, confidence=0.95 if party else 0.6)
        done.append(x)
    return done


def _leads_a_state(x: Participant) -> bool:
    """Whether an office is one that every state has once."""
    o = office_words()
    return any(set(office.split()) & o.at_home and not set(office.split()) & o.lower for office in x.offices)


def _paired(page: Page) -> str | None:
    """The one state that the text names in a pair with the publisher's own: ``relations between the United States and Japan``."""
    own = page.source.party
    found = set()
    for p in page.parses:
        known = [k for _, k in sorted(p.line.known.items()) if k.kind == "state"]
        for one, other in pairwise(known):
            between = p.text[p.line.words[one.last - 1].end : p.line.words[other.first].start]
            if own in (one.party, other.party) and grammar().patterns["pair"].fullmatch(between):
                found.add(other.party if one.party == own else one.party)
    found.discard(own)
    return found.pop() if len(found) == 1 else None


def _party_of_office(page: Page, x: Participant, *, bare: bool = True) -> str | None:
    """The party that the vocabulary gives to an office by itself ("Pope", "High Representative").

    ``bare``: whether a title that most states have ("Foreign Secretary") counts too.
    """
    for office in x.offices:
        for hit in page.lexicon.find(office, OFFICES):
            if hit.start == 0 and (hit.end == len(office) or office[hit.end] in " ,"):
                if party := page.lexicon.fact("office", hit.label.id, "partyOf"):
                    return party
                if bare and (usual := page.lexicon.fact("office", hit.label.id, "bareParty")):
                    return page.source.party if _has_own_office(page, x) else usual
    return None


def _has_own_office(page: Page, x: Participant) -> bool:
    return any(covers(o, mine) for o in x.offices for mine in page.source.offices)


def refamily(page: Page, x: Participant) -> Participant:
    """The family name again, now that the party and with it the order of names is known."""
    if x.name is None or x.rule.split("+")[1:2] not in (["order"], ["single"]) or x.name.split()[-1] in person_words().generations:
        return x
    return replace(x, family=family_of(x.name, x.party, page.order, page.forms_of(x.name, x.party))[0])
