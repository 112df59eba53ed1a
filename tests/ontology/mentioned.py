"""Invented people as readouts may name them."""

from __future__ import annotations

from communique.iris import VOCAB, given_name, slug
from communique.ontology.authority.mentions import Mention, Office, Sighting
from communique.ontology.authority.persons import Authority, Person, authority

KINDS = {
    "Foreign Minister": ("foreign-minister", True),
    "Minister of Foreign Affairs": ("foreign-minister", True),
    "President": ("president", True),
    "Prime Minister": ("prime-minister", True),
    "Deputy Prime Minister": ("deputy-prime-minister", False),
    "Acting Foreign Minister": ("acting-foreign-minister", True),
    "Vice Foreign Minister": ("deputy-foreign-minister", False),
    "Ambassador": ("ambassador", False),
}


def office(title: str, party: str) -> Office:
    kind, one = KINDS.get(title, ("", False))
    return Office(f"https://example.org/id/office/{slug(party)}/{kind if one else slug(title)}", title, f"{VOCAB}office/{kind}", one)


def mention(
    name: str, party: str, title: str | None = None, day: str = "2023-05-01", *, family: str = "", readout: str = "", encounter: str = "e1"
) -> Mention:
    """A mention in a readout of its own, unless one is named; the last word is the family name, unless one is given."""
    text = readout or f"r-{slug(name)}-{slug(party)}-{slug(title or '')}-{day}"
    family = family or name.rsplit(maxsplit=1)[-1]
    given = given_name(name, family)
    iri = f"https://example.org/{text}/person/{slug(f'{party} {family} {given}')}"
    offices = (office(title, party),) if title else ()
    kind = "organization" if party in ("EU", "UN", "NATO", "OSCE") else "state"
    sighting = Sighting(day, f"https://example.org/{text}/participation/{encounter}-{slug(name)}", f"{text}/{encounter}", offices)
    return Mention(iri, f"https://example.org/{text}", name, family, given, f"{VOCAB}{kind}/{party}" if party else "", (sighting,))


def one(*mentions: Mention) -> Person:
    """The one person that all are."""
    (person,) = authority(mentions).persons
    return person


def together(a: Mention, b: Mention, *more: Mention) -> bool:
    """Whether two mentions are one person's, ``more`` being there too."""
    return who(authority((a, b, *more)), a) == who(authority((a, b, *more)), b)


def who(found: Authority, mention: Mention) -> str:
    """The id of the person of a mention."""
    (person,) = (p for p in found.persons if mention in p.mentions)
    return person.id
