"""Which encounters each sentence tells of: those introduced last, or the one whose guest it names, until another guest is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from communique.ingest.encounters.header import Header
from communique.ingest.encounters.participants import covers, speaks
from communique.ingest.grammar import either, table
from communique.ingest.pages.segment import Sentence
from communique.ingest.people.names import fold
from communique.ingest.people.parses import Parse
from communique.ingest.people.persons import Phrase
from communique.model import Encounter, Participant

# A pair by the office of both.
_PAIR = re.compile(
    r"\b(?:[Tt]he two|[Bb]oth|[Tt]he) (?P<office>(?:(?:[Pp]rime|[Ff]oreign) )?(?:[Mm]inisters|[Pp]residents))\b(?! (?:of|from|for)\b)"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence tells of: indexes of encounters, and the labels of all whom "they" means."""

    encounters: tuple[int, ...]
    everyone: tuple[str, ...]


def scenes(header: Header, sentences: Sequence[Sentence], parses: Sequence[Parse]) -> tuple[Told, ...]:
    """For each sentence what it tells of; ``header`` has an encounter."""
    groups = header.groups or tuple(tuple(p.label for p in e.participants) for e in header.encounters)
    if len(header.encounters) == 1:
        return (Told((0,), groups[0]),) * len(sentences)
    homes = [_introduced(header, sentence) for sentence in sentences]
    guests = _guests(header, homes)
    others = [[x for e in header.encounters for x in e.participants if x not in mine] for mine in guests]
    out: list[Told] = []
    begun = next((new for new in homes if new), (0,))  # a lead may tell of calls that the next sentence introduces
    known: set[int] = set()
    chosen: int | None = None
    for new, p in zip(homes, parses, strict=True):
        if new:
            begun, chosen, known = new, None, known | set(new)
        told = begun
        named = [n for n in sorted(known) if _named(p, guests[n], others[n])]
        if new:
            told = meant if len(meant := tuple(n for n in named if n in new)) == 1 else new
        elif known:
            at = chosen if chosen is not None else begun[0] if len(begun) == 1 else None
            if len(named) > 1 and at not in named or _words().all.search(p.low):
                told, chosen = tuple(named) if len(named) > 1 else begun, None
            elif len(named) == 1:
                too = at is not None and {x.label for x in guests[named[0]]} <= {x.label for x in header.encounters[at].participants}
                chosen = at if too else named[0]  # who took part in this one too is no sign of another
            elif _words().plenary.match(p.low):
                chosen = max(known, key=lambda n: len({x.party for x in header.encounters[n].participants}))
            elif (there := _there(header, p, known)) is not None or (there := _pair(header, p, known, begun)) is not None:
                chosen = there
            elif begun != (0,) and _resumes(header, p):
                chosen = 0
            told = told if chosen is None else (chosen,)
        alone = len(told) == 1 and (chosen is not None or len(begun) > 1)
        here = [x.label for x in header.encounters[told[0]].participants if speaks(x)] if alone else groups[told[0]]
        everyone = tuple(x for x in groups[told[0]] if x in here) or tuple(here)
        out.append(Told(told, everyone))
    return tuple(out)


def _pair(header: Header, p: Parse, known: set[int], begun: tuple[int, ...]) -> int | None:
    """The one encounter of two who hold the office that a pair is told by, where those of the last do not: ``the two ministers`` go on
    with the talks of ministers after one of them called on the president."""
    m = _PAIR.search(p.text)
    here = [n for n in begun if m and _alike(header.encounters[n], m["office"])]
    if m is None or here:
        return here[0] if len(begun) > len(here) == 1 else None  # of two told at once the one of two ministers
    found = [n for n in sorted(known) if _alike(header.encounters[n], m["office"])]
    return found[0] if len(found) == 1 else None


def _alike(encounter: Encounter, office: str) -> bool:
    """Whether at least two of an encounter hold an office; a prime minister is none of the ministers."""
    prime = office.lower().startswith("prime")
    word = "Minister" if office.lower().endswith("ministers") else office.title().replace("ies", "y").removesuffix("s")
    held = [any(word in o and ("Prime" in o) == prime for o in x.offices) for x in encounter.participants if speaks(x)]
    return sum(held) > 1


def _there(header: Header, p: Parse, known: set[int]) -> int | None:
    """The one encounter in whose place a sentence begins: ``In Rabat, the talks focused on ...``."""
    found = [n for n in sorted(known) if (e := header.encounters[n]).place and p.text.startswith(f"In {e.place}")]
    return found[0] if len(found) == 1 else None


def _resumes(header: Header, p: Parse) -> bool:
    """Whether a paragraph goes on with the consultations of two delegations after what one of them did beside these."""
    first = p.sentence.span.start - p.sentence.block.span.start < len("(1) ** ")
    opens = first and p.low.lstrip(" 0123456789.()").startswith(_words().delegations)
    return opens and header.encounters[0].type == "dialogue"


def _introduced(header: Header, sentence: Sentence) -> tuple[int, ...]:
    """The encounters that a sentence introduces."""
    return tuple(n for n, e in enumerate(header.encounters) if sentence.span.start <= e.span.start < sentence.span.end)


@dataclass(frozen=True, slots=True)
class _Words:
    side: re.Pattern[str]
    all: re.Pattern[str]
    delegations: tuple[str, ...]
    plenary: re.Pattern[str]


@cache
def _words() -> _Words:
    data = table("mentions.toml")
    return _Words(
        re.compile(rf"\s{data['sides']}\b"), re.compile(either(data["all"])), tuple(data["delegations"]), re.compile(data["plenary"])
    )


def _guests(header: Header, homes: Sequence[tuple[int, ...]]) -> list[list[Participant]]:
    """For each encounter those who tell it from the others: whom none has that was introduced with it, or none at all."""
    everyone = [{x.label for x in e.participants} for e in header.encounters]
    together = {n: home for home in homes for n in home if len(home) > 1}
    out = []
    for n, e in enumerate(header.encounters):
        others = [everyone[m] for m in together.get(n, range(len(everyone))) if m != n]
        out.append([x for x in e.participants if not any(x.label in labels for labels in others)])
    return out


def _holds(x: Participant, q: Phrase) -> bool:
    """Whether a title may mean a participant."""
    return any(covers(office, told.text) for office in x.offices for told in q.offices)


def _named(p: Parse, guests: Sequence[Participant], others: Sequence[Participant]) -> bool:
    """Whether a sentence names one of these guests: by name, by office and state, or as a state's side."""
    for q in (q for q in p.persons if not q.possessive and not q.plural):
        words = set(fold(q.name_in(p.text) or "").split())
        if q.definite and not q.name and not q.party and any(_holds(x, q) for x in guests) and not any(_holds(x, q) for x in others):
            return True  # "With the Secretary General, he discussed"
        if any(words & set(fold(x.family).split()) if x.family and words else q.party == x.party and q.party for x in guests):
            return True
    sides = {x.party for x in guests if x.party}
    for k in p.line.known.values():
        if k.party in sides and k.kind != "place" and _words().side.match(p.text, p.line.span(k.first, k.last)[1]):
            return True
    return any(x.family in p.text for x in guests if x.family and len(x.family) > 2)
