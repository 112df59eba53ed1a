"""Who else took part: the lists of those present, and who led a side or signed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from communique.ingest.parses import Parse, grammar
from communique.ingest.participants import Page, complete_parties, distinct, participant
from communique.ingest.sides import delegations, objects_after, parties_named, party_at, subjects_before, who_of
from communique.model import Encounter, Participant

# How near the name of a side stands to the words that it was led by someone.
_SIDE = 40


def rostered(page: Page, body: Sequence[Parse], main: Encounter) -> tuple[Encounter, set[int]]:
    """Adds who a later sentence says took part: ``The meeting included: ...``, ``They were joined by ...``."""
    people = list(main.participants)
    read: set[int] = set()
    unnamed = all(x.family is None for x in people)
    for p in body:
        made = [*_listed(page, p), *_leaders(page, p)]
        if not made and unnamed and (m := grammar().search("chaired", p.text)):
            made = _both(page, p, m.end())
        if made:
            people, read = distinct([*people, *made]), read | {p.sentence.index}
    named = {x.party for x in people if x.name}
    people = [x for x in people if x.name or x.offices or x.party not in named or not x.rule.startswith("delegation")]
    return replace(main, participants=tuple(people)), read


def _listed(page: Page, p: Parse) -> list[Participant]:
    """The persons of a list of those who took part."""
    m = grammar().search("roster", p.text)
    listed = objects_after(p, m.end()) if m else ()
    if m is None and (joined := grammar().search("attended", p.text)):
        listed = subjects_before(p, 0, joined.start())
    made = [participant(page, p, w, subject=False) for w in listed if w.name]
    sides = {w.party for w in parties_named(p, 0, m.end())} if m else set()
    shared = page.source.party if m is None or m["own"] else sides.pop() if len(sides) == 1 else None
    made = [x if x.party else replace(x, party=shared) for x in made]
    if not made and grammar().search("sent", p.text):
        made = [participant(page, p, w, subject=False) for w in delegations(p, 0, len(p.text), subject=True)]
    return made


def _leaders(page: Page, p: Parse) -> Iterator[Participant]:
    """Who led a side or signed for it: ``A headed the Chilean delegation``, ``the Indian side was led by B``."""
    g = grammar()
    after = 0
    for rule in ("leads", "led_by", "signs"):
        for m in g.patterns[rule].finditer(p.text) if g.search(rule, p.text) else ():
            if rule == "led_by":
                who = objects_after(p, m.end())
                sides = parties_named(p, m.start() - _SIDE, m.start())
            elif rule == "leads":
                who, sides = subjects_before(p, 0, m.start()), parties_named(p, *m.span())
            else:
                who = subjects_before(p, after, m.start()) or tuple(who_of(p, q) for q in p.persons if q.end <= m.start())[-1:]
                after = m.end()
                sides = party_at(p, m.end())
            made = [participant(page, p, w, subject=False) for w in who if w.name]
            side = next((w.party for w in sides), None) or next((x.party for x in made if x.party), None)
            yield from (replace(x, party=side) if side else x for x in made)


def _both(page: Page, p: Parse, at: int) -> list[Participant]:
    """``The meeting was co-chaired by A and B``: both sides at once."""
    people = [participant(page, p, w, subject=False) for w in objects_after(p, at) if w.name]
    if len(people) < 2:
        return []
    hosts, guests = complete_parties(page, people[:1], people[1:])
    return [*hosts, *guests]
