"""Reads from a store who is named in the readouts, when, for whom and in which offices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from communique.iris import CQ, VOCAB
from communique.store import Store, Term

_MENTIONS = f"""
PREFIX cq: <{CQ}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?person ?name ?family ?given ?readout ?encounter ?date ?published ?part ?office ?title ?kind ?of ?represents WHERE {{
  GRAPH ?account {{
    ?encounter cq:hasParticipation ?part .
    ?part cq:participant ?person .
    ?person cq:familyName ?family ; rdfs:label ?name .
    ?account prov:wasDerivedFrom ?readout .
    OPTIONAL {{ ?person cq:givenName ?given }}
    OPTIONAL {{ ?encounter cq:date ?date }}
    OPTIONAL {{ ?readout cq:date ?published }}
    OPTIONAL {{ ?part cq:represents ?represents }}
    OPTIONAL {{
      ?part cq:inOffice ?office . ?office rdfs:label ?title .
      OPTIONAL {{ ?office cq:officeKind ?kind }}
      OPTIONAL {{ ?office cq:officeOf ?of }}
    }}
  }}
}}"""
_ONE_HOLDER = f"SELECT ?office {{ ?office <{CQ}onePerParty> true }}"
_STATE = f"{VOCAB}state/"


@dataclass(frozen=True, slots=True, order=True)
class Office:
    """An office as a readout gives it: its node, the title as written, its kind, and whether one person holds it at a time."""

    iri: str
    title: str
    kind: str = ""
    one_holder: bool = False

    @property
    def party(self) -> str:
        """The party as the IRI has it, in lower case."""
        return self.iri.rsplit("/", 2)[1]


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """One participation: on which day (ISO, empty if no day is known), in which encounter and in which offices."""

    date: str
    participation: str
    encounter: str
    offices: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A person as one readout names them: the node of its account, the name as written with its parts, the party (an IRI, empty if
    it is not known), and each time that the readout sees them."""

    iri: str
    readout: str
    name: str
    family: str
    given: str
    party: str
    sightings: tuple[Sighting, ...]

    @property
    def key(self) -> str:
        """Party, family and given name as they stand at the end of the IRI."""
        return self.iri.rsplit("/", 1)[1]

    @property
    def code(self) -> str:
        """The code of the party."""
        return self.party.rsplit("/", 1)[-1]

    @property
    def of_state(self) -> bool:
        """Whether the party is a state."""
        return self.party.startswith(_STATE)


def mentions(store: Store) -> tuple[Mention, ...]:
    """Every person that an account of ``store`` names, sorted."""
    single = {_value(row[0]).removeprefix(f"{VOCAB}office/") for row in store.select(_ONE_HOLDER)}
    named: dict[str, tuple[str, set[str], set[str], set[str], set[str]]] = {}
    parties: dict[str, set[str]] = defaultdict(set)
    seen: dict[str, dict[tuple[str, str, str], set[Office]]] = defaultdict(lambda: defaultdict(set))
    for row in store.select(_MENTIONS):
        person, name, family, given, readout, encounter, date, published, part, office, title, kind, of, represents = map(_value, row)
        about = named.setdefault(person, (readout, set(), set(), set(), set()))
        for values, value in zip(about[1:], (name, family, given, ""), strict=True):
            values.add(value)
        parties[person].update(filter(None, (of, represents)))
        offices = seen[person][_day(date) or _day(published), part, encounter]
        if office:
            id_ = office.rsplit("/", 1)[1]
            offices.add(Office(office, title, kind, bool(of) and id_ in single))
    return tuple(
        Mention(
            iri=person,
            readout=readout,
            name=max(names, key=lambda n: (len(n), n)),
            family=max(families),
            given=max(givens),
            party=min(parties[person], default=""),
            sightings=tuple(sorted(Sighting(*at, tuple(sorted(offices))) for at, offices in seen[person].items())),
        )
        for person, (readout, names, families, givens, _) in sorted(named.items())
    )


def _value(term: Term | None) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def _day(date: str) -> str:
    """A whole date, else nothing."""
    return date if len(date) == 10 else ""


def days(found: Iterable[Sighting]) -> tuple[str, ...]:
    """The days of sightings, sorted, each once."""
    return tuple(sorted({s.date for s in found if s.date}))
