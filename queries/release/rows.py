"""The rows of the tables, one account at a time: encounters, acts, and acts as events from one party towards another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from communique.iris import CQ, digest
from communique.queries.accounts import Account
from communique.queries.exports import rows as acts
from communique.queries.release.codes import NOBODY, Codes, Event

Row = dict[str, str]
_UNCODED = Event("", "", "", "", "", "")

__all__ = ["DyadMonths", "Row", "acts", "encounter", "events"]


def encounter(told: Account, node: str, codes: Codes) -> Row:
    """An encounter of an account."""
    kind = told.one(node, "kind")
    coded = codes.kinds.get(kind, _UNCODED)
    parties = [codes.party(iri, told.label(iri)) for iri in told.known(node, "involvesState")]
    parties.sort(key=lambda party: party.code)
    participations = told.ordered(told.all(node, "hasParticipation"))
    occasion = told.one(node, "onMarginsOf")
    return {
        "encounter": node,
        "label": told.label(node),
        **_readout(told),
        "teller": " ".join(sorted(codes.party(iri).code for iri in told.known(node, "toldFrom"))),
        "kind": kind,
        "date": told.one(node, "date"),
        "date_end": told.one(node, "dateEnd"),
        "start_utc": told.one(node, "startUTC"),
        "duration_min": told.one(node, "duration"),
        "place_label": told.one(node, "placeName"),
        "place": told.one(node, "atPlace"),
        "occasion": told.label(occasion) if occasion else "",
        "participants": "; ".join(told.label(iri) for iri in told.in_order(participations, "participant")),
        "parties": " ".join(party.code for party in parties),
        "parties_iso3": " ".join(party.iso3 for party in parties if party.iso3),
        "parties_cow": " ".join(party.cow for party in parties if party.cow),
        "issues": " ".join(sorted(_id(iri) for iri in told.known(node, "discusses"))),
        "acts": str(len(told.all(node, "hasSpeechAct"))),
        "paired_with": " ".join(told.paired(node)),
        "plover": coded.plover,
        "plover_mode": coded.mode,
        "cameo": coded.cameo,
        **_words(told, node),
    }


def events(told: Account, codes: Codes) -> Iterator[Row]:
    """The acts of an account, one row for each pair of source and target and each side that tells it."""
    composed = told.one(told.readout, "composed") or "false"
    for encounter in told.encounters():
        kind = told.one(encounter, "kind")
        tellers = [codes.party(iri, told.label(iri)) for iri in told.known(encounter, "toldFrom")] or [NOBODY]
        for act in told.acts(encounter):
            coded = codes.acts.get(told.one(act, "actType"), _UNCODED)
            consulting = codes.kinds.get(kind, _UNCODED).mode if coded.plover == "CONSULT" else ""
            for source, target, teller in product(*_ends(told, encounter, act), tellers):
                if source == target != "":
                    continue
                ends = [codes.party(iri, told.label(iri)) if iri else NOBODY for iri in (source, target)]
                yield {
                    "event": digest(f"{act}\n{source}\n{target}\n{teller.code}", 16),
                    "act": act,
                    "readout": told.readout,
                    "encounter": encounter,
                    "encounter_kind": kind,
                    "date": told.one(encounter, "date"),
                    **ends[0].columns("source"),
                    **ends[1].columns("target"),
                    "teller": teller.code,
                    "teller_iso3": teller.iso3,
                    "teller_cow": teller.cow,
                    "plover": coded.plover,
                    "plover_mode": coded.mode or consulting,
                    "cameo": coded.cameo,
                    "act_type": coded.code,
                    "joint": told.one(act, "joint"),
                    "stance": told.one(act, "polarity").removeprefix(CQ),
                    "strength": told.one(act, "strength"),
                    "commitment": "true" if told.one(act, "makesCommitment") else "false",
                    "about": codes.party(about).code if (about := told.one(act, "target")) else "",
                    "issues": " ".join(map(_id, told.in_order(told.all(act, "hasIssueMention"), "mentionsIssue"))),
                    "composed": composed,
                    **_words(told, act),
                }


def _ends(told: Account, encounter: str, act: str) -> tuple[list[str], list[str]]:
    """Who acts, and towards whom: the addressees, and all sides if the act is joint.  An end that nobody is at is empty."""
    sources = told.known(act, "actorState")
    targets = set(told.known(act, "addresseeState"))
    if told.one(act, "joint") == "true":
        targets |= set(told.known(encounter, "involvesState"))
    if len(sources) == 1:
        targets -= set(sources)
    return sources or [""], sorted(targets) or [""]


class DyadMonths:
    """Counts of events, by month, parties, teller and code; only the counts are in memory."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._stances: Counter[tuple[str, ...]] = Counter()
        self._parties: dict[str, Row] = {}

    def add(self, event: Row) -> None:
        """Count an event that has a day and two parties."""
        if not (event["date"] and event["source"] and event["target"]):
            return
        ends = []
        for side in ("source", "target", "teller"):
            columns = {name: value for name, value in event.items() if name == side or name.startswith(f"{side}_")}
            name = f"{side} {event.get(f'{side}_kind', '')} {event[side]}"
            self._parties.setdefault(name, columns)
            ends.append(name)
        cell = (event["date"][:7], *ends, event["plover"], event["cameo"])
        self._counts[cell] += 1
        if event["stance"] in ("positive", "negative"):
            self._stances[(*cell, event["stance"])] += 1

    def rows(self) -> Iterator[Row]:
        """The rows, sorted."""
        for cell in sorted(self._counts):
            month, source, target, teller, plover, cameo = cell
            yield {
                "month": month,
                **self._parties[source],
                **self._parties[target],
                **self._parties[teller],
                "plover": plover,
                "cameo": cameo,
                "acts": str(self._counts[cell]),
                "positive": str(self._stances[(*cell, "positive")]),
                "negative": str(self._stances[(*cell, "negative")]),
            }


def _readout(told: Account) -> Row:
    publisher = told.one(told.readout, "publisher")
    return {
        "readout": told.readout,
        "publisher": publisher,
        "publisher_label": told.label(publisher),
        "published": told.one(told.readout, "date"),
        "url": told.one(told.readout, "url"),
        "composed": told.one(told.readout, "composed") or "false",
    }


def _words(told: Account, node: str) -> Row:
    names = {"quote": "quote", "start": "start", "end": "end", "confidence": "confidence", "rule": "derivedBy"}
    return {column: told.one(node, name) for column, name in names.items()}


def _id(iri: str) -> str:
    """The short name of an issue; that of a candidate tells that it is one."""
    head, name = iri.rsplit("/", 1)
    return f"candidate:{name}" if head.endswith("/candidate") else name
