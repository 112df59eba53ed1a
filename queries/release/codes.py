"""What the vocabularies of a store say about parties, types of act and kinds of encounter: codes that other data sets know them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from communique.iris import CQ, VOCAB
from communique.queries.tables import value
from communique.store import Reader

_KINDS = ("state", "organization", "forum")


@dataclass(frozen=True, slots=True)
class Party:
    """A party: its code, name and kind, and for states the codes of ISO 3166 and the Correlates of War, empty if it has none."""

    code: str
    label: str
    kind: str
    iso3: str = ""
    cow: str = ""

    def columns(self, side: str) -> dict[str, str]:
        """The columns of a table that tell of it."""
        return {
            side: self.code,
            f"{side}_label": self.label,
            f"{side}_kind": self.kind,
            f"{side}_iso3": self.iso3,
            f"{side}_cow": self.cow,
        }


NOBODY = Party("", "", "")


@dataclass(frozen=True, slots=True)
class Event:
    """How event data code a type of act or a kind of encounter, and why so; a code that it does not have is empty."""

    code: str
    label: str
    plover: str
    mode: str
    cameo: str
    reason: str


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of a store: parties by IRI, types of act by IRI, kinds of encounter by ``cq:kind``."""

    parties: Mapping[str, Party]
    acts: Mapping[str, Event]
    kinds: Mapping[str, Event]

    def party(self, iri: str, label: str = "") -> Party:
        """A party; one that no vocabulary knows is called ``label``."""
        found = self.parties.get(iri)
        return found or Party(iri.rsplit("/", 1)[-1], label or iri.rsplit("/", 1)[-1], "party")


def read(store: Reader) -> Codes:
    """The codes that the vocabularies of ``store`` have."""
    acts = {row[0]: _event(row) for row in _concepts(store, "ActType")}
    kinds = {row[0].rsplit("/", 1)[-1]: _event(row) for row in _concepts(store, "EncounterKind")}
    parties = {}
    query = f"""SELECT ?party (MIN(STR(?name)) AS ?label) (MIN(?i) AS ?iso3) (MIN(?c) AS ?cow) {{
      ?party <http://www.w3.org/2004/02/skos/core#prefLabel> ?name FILTER(LANG(?name) IN ("", "en"))
      FILTER({" || ".join(f'STRSTARTS(STR(?party), "{VOCAB}{kind}/")' for kind in _KINDS)})
      OPTIONAL {{ ?party <{CQ}iso3> ?i }} OPTIONAL {{ ?party <{CQ}cowNumber> ?c }}
    }} GROUP BY ?party"""
    for row in store.select(query):
        iri, label, iso3, cow = map(value, row)
        kind, code = iri.removeprefix(VOCAB).split("/", 1)
        parties[iri] = Party(code, label, kind, iso3, cow)
    return Codes(parties, acts, kinds)


def _concepts(store: Reader, kind: str) -> list[tuple[str, ...]]:
    wanted = "(MIN(?p) AS ?plover) (MIN(?m) AS ?mode) (MIN(?c) AS ?cameo) (MIN(STR(?r)) AS ?reason)"
    query = f"""SELECT ?concept (MIN(STR(?name)) AS ?label) {wanted} {{
      ?concept a <{CQ}{kind}> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?name
      OPTIONAL {{ ?concept <{CQ}ploverCode> ?p }} OPTIONAL {{ ?concept <{CQ}ploverMode> ?m }}
      OPTIONAL {{ ?concept <{CQ}cameoCode> ?c }} OPTIONAL {{ ?concept <{CQ}codingReason> ?r }}
    }} GROUP BY ?concept ORDER BY ?concept"""
    return [tuple(map(value, row)) for row in store.select(query)]


def _event(row: tuple[str, ...]) -> Event:
    iri, label, plover, mode, cameo, reason = row
    return Event(iri.rsplit("/", 1)[-1], label, plover, mode, cameo, reason)
