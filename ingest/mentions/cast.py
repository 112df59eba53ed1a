"""The participants of an encounter, as names, titles, other words for offices and sides in its sentences may mean them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from communique.ingest.encounters.participants import covers
from communique.ingest.grammar import table
from communique.ingest.people.author import RULE
from communique.ingest.people.names import fold
from communique.ingest.people.persons import Phrase
from communique.model import Encounter, Participant


class Cast:
    """The participants of an encounter as mentions may mean them."""

    def __init__(self, encounters: Sequence[Encounter], group: tuple[str, ...], own: str | None) -> None:
        people = {p.label: p for e in encounters for p in e.participants}
        self.people: tuple[Participant, ...] = tuple(people.values())
        self.everyone = group or tuple(people)
        self.own = own
        self.author = next((p.label for p in self.people if p.rule.startswith(RULE)), None)
        self.gender = {p.label: p.feminine for p in self.people}
        self.words = {p.label: frozenset(fold(p.name or "").split()) | frozenset(fold(p.family or "").split()) for p in self.people}

    def named(self, name: str, phrase: Phrase | None) -> tuple[str, ...]:
        """The participant with this name: the family name or parts of the full name, never against the party that stands with it."""
        words = fold(name).split()
        if not words:
            return ()
        found = [
            p
            for p in self.people
            if p.family
            and set(words) <= self.words[p.label] | {"jr", "sr", "ii", "iii"}
            or p.family
            and fold(p.family) == " ".join(words[-len(fold(p.family).split()) :])
            and len(words) <= 2
            and (len(words) == 1 or words[0][0] == fold(p.name or "x")[0])
        ]
        if len(found) > 1:
            found = [p for p in found if fold(p.family or "") in (" ".join(words), words[-1], words[0])] or found
        if len(found) > 1 and phrase is not None and phrase.offices:
            found = [p for p in found if any(covers(o, phrase.offices[0].text) for o in p.offices)] or found
        if phrase is not None and phrase.party:
            found = [p for p in found if p.party in (None, phrase.party)]
        return (found[0].label,) if found else ()

    def titled(self, phrase: Phrase) -> tuple[str, ...]:
        """The participants whom a title without a name means: a unique office; the publisher's own side breaks ties."""
        titles = [o.text for o in phrase.offices]
        people = [p for p in self.people if phrase.party in (None, p.party)]
        if phrase.plural:
            found = [p for p in people if p.label in self.everyone and any(covers(o, _one(t)) for o in p.offices for t in titles)]
            return tuple(p.label for p in found) if len(found) > 1 else self._unnamed(phrase.party) if phrase.party else self.everyone
        # who only came along is meant where nobody of those who met can be
        met = [p for p in people if p.label in self.everyone and any(covers(o, t) for o in p.offices for t in titles)]
        people = met or people
        exact = [p for p in people if any(fold(o) == fold(t) for o in p.offices for t in titles)]
        found = [p for p in people if any(covers(o, t) for o in p.offices for t in titles)]
        # "the President" of the publisher's own: the President of the European Council
        found = found if any(p.party == self.own for p in found) else exact or found
        if not found and phrase.definite:
            # "the Secretary" of a Deputy Secretary, "the Minister" of a vice minister: only where nobody else fits.
            found = [p for p in people if any(fold(t).split()[-1] in fold(o).split() for o in p.offices for t in titles)]
            found = found if len(found) == 1 else []
        if not found:
            return next((who for t in titles if (who := self.aliased(t, phrase.party))), ()) or self._unnamed(phrase.party)
        if len(found) > 1:
            found = [p for p in found if p.party == self.own][:1] or found[:1]
        return (found[0].label,)

    def aliased(self, alias: str, party: str | None) -> tuple[str, ...]:
        """Whom another word for an office means: ``the Head of State`` is the President; the publisher's own side breaks ties."""
        offices = _aliases().get(alias.lower(), ())
        people = [p for p in self.people if party in (None, p.party) and p.label in self.everyone]
        found = [p for p in people if any(covers(o, office) for o in p.offices for office in offices)]
        found = [p for p in found if p.party == self.own][:1] or found[:1]
        return (found[0].label,) if found else ()

    def _unnamed(self, party: str | None) -> tuple[str, ...]:
        """Who came for a party and is told without an office: any title with its state means him."""
        met = [p for p in self.people if p.label in self.everyone and p.party == party]
        return (met[0].label,) if party and len(met) == 1 and not met[0].offices else ()

    def host(self) -> tuple[str, ...]:
        """Who received the others: the publisher's own side, else the side told first."""
        others = self.others()
        return tuple(x for x in self.everyone if x not in others)[:1]

    def others(self) -> tuple[str, ...]:
        """Everyone but the publisher's own side (the first side if the publisher is no party)."""
        side = {p.label: p.party for p in self.people}
        own = self.own if self.own in side.values() else side.get(self.everyone[0]) if self.everyone else None
        return tuple(x for x in self.everyone if side.get(x) != own)

    def woman(self) -> tuple[str, ...]:
        """The one participant who is known to be a woman."""
        found = tuple(label for label in self.everyone if self.gender.get(label))
        return found if len(found) == 1 else ()

    def held(self, party: str, word: str) -> tuple[str, ...]:
        """The participants of a party, of several the one whose office a word names: ``the Italian minister`` and not his ambassador."""
        side = self.side(party)
        told = [p for p in self.people if p.label in side and any(word.lower() in office.lower().split() for office in p.offices)]
        return (told[0].label,) if len(side) > 1 and told else side

    def side(self, party: str) -> tuple[str, ...]:
        """The participants of a party."""
        return tuple(p.label for p in self.people if p.party == party and p.label in self.everyone)


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    """Other words for offices, and the offices they mean."""
    return {alias: tuple(offices) for alias, offices in table("mentions.toml")["aliases"].items()}


def _one(title: str) -> str:
    return re.sub(r"\b(Minister|President|Ambassador|Advisor|Adviser|Director|Chancellor|Representative|Leader)s\b", r"\1", title).replace(
        "Secretaries", "Secretary"
    )
