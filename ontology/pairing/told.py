"""Encounters and references as the accounts in a store tell them: what the comparison works on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

import pyoxigraph as ox

from communique.iris import CQ, slug
from communique.store import Store

_PREFIXES = f"PREFIX cq: <{CQ}>\nPREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX prov: <http://www.w3.org/ns/prov#>\n"
_ENCOUNTERS = """SELECT ?encounter ?account ?publisher ?side ?zone ?kind ?day ?start ?place ?placeName ?occasion {
  GRAPH ?account {
    ?account cq:describesEncounter ?encounter ; cq:accordingTo ?publisher .
    ?encounter cq:kind ?kind ; cq:date ?day .
    OPTIONAL { ?publisher cq:speaksFor ?side }
    OPTIONAL { ?publisher cq:zone ?zone }
    OPTIONAL { ?encounter cq:startUTC ?start }
    OPTIONAL { ?encounter cq:atPlace ?place ; cq:placeName ?placeName }
    OPTIONAL { ?encounter cq:onMarginsOf/cq:convenedBy ?occasion }
  }
}"""
_CAPITALS = "SELECT ?state ?zone { ?state a cq:State ; cq:zone ?zone }"
# Names and offices stand in many graphs, so they are read where they are told; which party an office is of may be inferred, and
# who a person is in other accounts is told by the authority file.
_PEOPLE = """SELECT ?encounter ?order ?who ?party ?name ?family ?office ?title ?kind {
  GRAPH ?account {
    ?account cq:describesEncounter ?encounter .
    ?encounter cq:hasParticipation ?part .
    ?part cq:participant ?person ; cq:order ?order .
    OPTIONAL { ?part cq:writtenName ?name OPTIONAL { ?person cq:familyName ?family } }
    OPTIONAL { ?part cq:officeTitle ?title }
    OPTIONAL { ?part cq:inOffice ?office . OPTIONAL { ?office cq:officeKind ?kind } }
  }
  ?part cq:represents ?party .
  OPTIONAL { ?person owl:sameAs ?one }
  BIND(COALESCE(?one, ?person) AS ?who)
}"""
_MENTIONS = """SELECT ?reference ?account ?kind ?day ?words {
  GRAPH ?account {
    ?account cq:hasReference ?reference .
    ?reference cq:relation "before" ; cq:kind ?kind ; cq:date ?day ; cq:quote ?words .
  }
}"""
_VERSIONS = "SELECT ?newer ?older { ?new prov:wasRevisionOf ?old ; cq:hasAccount ?newer . ?old cq:hasAccount ?older }"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One participant of an encounter in one account; ``offices`` are IRIs, ``kinds`` names of kinds, ``titles`` as written."""

    iri: str
    order: int
    party: str
    name: str | None
    family: str | None
    offices: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """The words of the name, folded; initials do not count."""
        return folded(self.name or "")

    @property
    def surname(self) -> frozenset[str]:
        """The words of the family name, folded."""
        return folded(self.family or "")


@dataclass(frozen=True, slots=True)
class Told:
    """One encounter as one account tells it.

    ``side`` is the party that the publisher speaks for and ``zone`` the time zone of its clock; ``day`` the date told;
    ``start`` the instant in UTC; ``parties`` are codes, without a forum whose members are there; ``several`` says that its
    page tells of more than one encounter.
    """

    iri: str
    account: str
    publisher: str
    side: str | None
    zone: str | None
    kind: str
    day: date
    start: datetime | None
    place: str | None
    place_name: str | None
    occasions: frozenset[str]
    people: tuple[Attendee, ...]
    several: bool

    @property
    def parties(self) -> frozenset[str]:
        every = {p.party for p in self.people}
        members = {party for party in every if "/forum/" not in party}
        return frozenset(code(party) for party in (members if len(members) > 1 else every))

    def of(self, party: str) -> tuple[Attendee, ...]:
        """Who is there for a party, in the order of the account: those with a name, else the delegation."""
        there = [p for p in self.people if code(p.party) == party]
        return tuple([p for p in there if p.words] or there)


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference to an earlier encounter; ``days`` is the period it may be in: a day or a month."""

    iri: str
    account: str
    kind: str
    days: tuple[date, date]
    words: str


def code(party: str) -> str:
    """The code of a party from its IRI."""
    return party.rsplit("/", 1)[-1]


@lru_cache(maxsize=4096)
def folded(name: str) -> frozenset[str]:
    """The words of a name in plain small letters, without initials."""
    return frozenset(w for w in slug(name).split("-") if len(w) > 1) if name else frozenset()


def encounters(store: Store) -> tuple[Told, ...]:
    """Every encounter with a day and at least two parties, by day."""
    people = _people(store)
    capitals = {_text(state): _text(zone) for state, zone in store.select(_PREFIXES + _CAPITALS)}
    # A publisher's party or a place may be told twice; the first in order stands.
    rows = sorted(store.select(_PREFIXES + _ENCOUNTERS), key=lambda row: [str(term) for term in row])
    pages: dict[str, set[str]] = defaultdict(set)
    occasions: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        pages[_text(row[1])].add(_text(row[0]))
        occasions[_text(row[0])].update(_text(term) for term in row[10:] if term is not None)
    out: dict[str, Told] = {}
    for encounter, account, publisher, side, zone, kind, day, start, place, place_name, _ in rows:
        iri, told_on = _text(encounter), _day(day)
        if told_on is None or iri in out:
            continue
        out[iri] = Told(
            iri=iri,
            account=_text(account),
            publisher=_text(publisher),
            side=_maybe(side),
            zone=_maybe(zone) or capitals.get(_text(side)),
            kind=_text(kind),
            day=told_on,
            start=_instant(_maybe(start)),
            place=_maybe(place),
            place_name=_maybe(place_name),
            occasions=frozenset(occasions[iri]),
            people=people.get(iri, ()),
            several=len(pages[_text(account)]) > 1,
        )
    return tuple(sorted((t for t in out.values() if len(t.parties) > 1), key=lambda t: (t.day, t.iri)))


def _people(store: Store) -> dict[str, tuple[Attendee, ...]]:
    found: dict[tuple[str, int, str], dict[str, set[str]]] = {}
    for row in store.select(_PREFIXES + _PEOPLE):
        encounter, order, *rest = row
        entry = found.setdefault((_text(encounter), int(_text(order)), _text(rest[0])), defaultdict(set))
        for name, term in zip(("party", "name", "family", "office", "title", "kind"), rest[1:], strict=True):
            if term is not None:
                entry[name].add(_text(term))
    out: dict[str, list[Attendee]] = defaultdict(list)
    for (told_in, place, person), entry in sorted(found.items(), key=lambda item: item[0]):
        out[told_in].append(
            Attendee(
                iri=person,
                order=place,
                party=min(entry["party"]),
                name=min(entry["name"], default=None),
                family=min(entry["family"], default=None),
                offices=frozenset(entry["office"]),
                kinds=frozenset(code(kind) for kind in entry["kind"]),
                titles=frozenset(entry["title"]),
            )
        )
    return {encounter: tuple(there) for encounter, there in out.items()}


def mentions(store: Store) -> tuple[Mention, ...]:
    """Every reference to an encounter before, with its day or month."""
    out = []
    for reference, account, kind, day, words in store.select(_PREFIXES + _MENTIONS):
        if days := _period(day):
            out.append(Mention(_text(reference), _text(account), _text(kind), days, _text(words)))
    return tuple(sorted(out, key=lambda m: m.iri))


def versions(store: Store) -> frozenset[frozenset[str]]:
    """Pairs of accounts of which one is of a later version of the other's page."""
    rows = store.select(_PREFIXES + _VERSIONS)
    return frozenset(frozenset((_text(newer), _text(older))) for newer, older in rows)


def texts(store: Store, accounts: Iterable[str]) -> Mapping[str, str]:
    """The texts that some accounts were read from."""
    wanted = sorted(set(accounts))
    if not wanted:
        return {}
    values = " ".join(f"<{account}>" for account in wanted)
    rows = store.select(
        f"{_PREFIXES}SELECT ?account ?text {{ VALUES ?account {{ {values} }} ?page cq:hasAccount ?account ; cq:text ?text }}"
    )
    return {_text(account): _text(text) for account, text in rows}


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _maybe(term: object) -> str | None:
    return None if term is None else _text(term)


def _day(term: object) -> date | None:
    value = _text(term)
    return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None


def _period(term: object) -> tuple[date, date] | None:
    if day := _day(term):
        return day, day
    if m := re.fullmatch(r"(\d{4})-(\d\d)", _text(term)):
        year, month = int(m[1]), int(m[2])
        after = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), date.fromordinal(after.toordinal() - 1)
    return None


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None
