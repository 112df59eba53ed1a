"""Encounters as events of schema.org, for who knows that vocabulary and no other: one node an account, with what it tells of the event."""

from __future__ import annotations

import json
from typing import Any, Final

from communique.iris import CQ, VOCAB
from communique.queries.accounts import Account

SCHEMA: Final = "https://schema.org/"
# The vocabulary is named, not fetched: a reader needs no other host.
HEAD: Final = b'{"@context": {"@vocab": "https://schema.org/", "id": "@id", "type": "@type"},\n "@graph": ['
FOOT: Final = b"\n]}\n"
_TYPES: Final = {f"{VOCAB}state/": "Country", f"{VOCAB}organization/": "Organization", f"{VOCAB}forum/": "Organization"}


def line(told: Account, encounter: str) -> bytes:
    """An encounter as JSON, on one line."""
    return json.dumps(event(told, encounter), ensure_ascii=False).encode()


def event(told: Account, encounter: str) -> dict[str, Any]:
    """An encounter as a schema.org ``Event``; what is not told is not there."""
    apart = told.one(encounter, "kind") in ("call", "video")
    minutes = told.one(encounter, "duration")
    participations = told.ordered(told.all(encounter, "hasParticipation"))
    publisher = told.one(told.readout, "publisher")
    report = {
        "id": told.readout,
        "type": "Report",
        "url": told.one(told.readout, "url"),
        "inLanguage": told.one(told.readout, "language"),
        "datePublished": told.one(told.readout, "date"),
        "publisher": {"id": publisher, "type": "GovernmentOrganization", "name": told.label(publisher)},
    }
    found: dict[str, Any] = {
        "id": encounter,
        "type": "Event",
        "additionalType": {"id": f"{CQ}Encounter"},
        "name": told.label(encounter),
        "description": f"According to {told.label(publisher)}",
        "startDate": told.one(encounter, "startUTC") or told.one(encounter, "date"),
        "endDate": told.one(encounter, "dateEnd"),
        "duration": f"PT{minutes}M" if minutes else "",
        "eventAttendanceMode": {"id": f"{SCHEMA}{'Online' if apart else 'Offline'}EventAttendanceMode"},
        "location": _place(told, encounter, apart),
        "attendee": [_agent(told, iri) for iri in told.in_order(participations, "participant")],
        "about": [{"id": iri} for iri in told.known(encounter, "discusses")],
        "sameAs": [{"id": iri} for iri in told.paired(encounter)],
        "subjectOf": _filled(report),
    }
    return _filled(found)


def _place(told: Account, encounter: str, apart: bool) -> dict[str, str]:
    """Where people met; a call has no place but those of its sides."""
    name = told.one(encounter, "placeName")
    place = told.one(encounter, "atPlace") or f"{encounter}#place"
    return {} if apart or not name else {"id": place, "type": "Place", "name": name}


def _agent(told: Account, iri: str) -> dict[str, str]:
    kind = next((type_ for head, type_ in _TYPES.items() if iri.startswith(head)), "Person" if "/person/" in iri else "Organization")
    return {"id": iri, "type": kind, "name": told.label(iri)}


def _filled(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value}
