"""Ministers and other people: offices as the texts attest them, counterparts, issues by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request

from communique.server.pages import asking, counting, drawing, events
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Rail, Source, links, missing, page, paged

blueprint = Blueprint("ministers", __name__)

_SIZE: Final = 50
_MET: Final = 20
_ATTESTING: Final = 6  # encounters that are shown for an office
_LIST: Final = """SELECT ?person (COUNT(DISTINCT ?encounter) AS ?n) (MAX(COALESCE(STR(?date), "")) AS ?last) {
  ?encounter cq:hasParticipation ?part . ?part cq:participant ?named%s . ?named owl:sameAs ?person
  OPTIONAL { ?encounter cq:date ?date }
} GROUP BY ?person ORDER BY DESC(?n) ?person"""
# The same from the register: of all encounters, or of those in which they take part for a party; and how they are written of.
_MOST_MET: Final = "SELECT t.iri AS person, n, last FROM met m JOIN term t ON t.id = m.person ORDER BY m.rowid LIMIT :size OFFSET :first"
_SENT: Final = """SELECT t.iri AS person, COUNT(DISTINCT encounter) AS n, MAX(day) AS last
FROM person p JOIN encounter e ON e.id = encounter JOIN term t ON t.id = p.person
WHERE party = :party GROUP BY p.person ORDER BY n DESC, t.iri LIMIT :size OFFSET :first"""
_HOW_MANY: Final = "SELECT COUNT(*) AS n FROM met"
_HOW_MANY_SENT: Final = "SELECT COUNT(DISTINCT person) AS n FROM person WHERE party = :party"
_WRITTEN: Final = """SELECT t.iri AS person, p.iri AS party, words AS title
FROM title JOIN term t ON t.id = person LEFT JOIN term p ON p.id = party
WHERE person IN (SELECT value FROM json_each(:persons)) ORDER BY t.iri, p.iri, words"""
_PERSON: Final = """SELECT DISTINCT ?label ?also ?family ?given {
  %s a cq:Person ; rdfs:label ?label
  OPTIONAL { %s skos:altLabel ?also } OPTIONAL { %s cq:familyName ?family } OPTIONAL { %s cq:givenName ?given }
} ORDER BY ?label ?also"""
_INCUMBENCIES: Final = """SELECT DISTINCT ?incumbency ?office ?party ?from ?until ?part ?encounter ?date {
  ?incumbency cq:holder %s ; cq:heldOffice ?office
  OPTIONAL { { SELECT DISTINCT ?office ?party { ?held cq:holder %s ; cq:heldOffice ?office . ?office cq:officeOf ?party } } }
  OPTIONAL { ?incumbency cq:attestedFrom ?from } OPTIONAL { ?incumbency cq:attestedUntil ?until }
  OPTIONAL { ?incumbency cq:attestedBy ?part . ?encounter cq:hasParticipation ?part OPTIONAL { ?encounter cq:date ?date } }
} ORDER BY ?from ?office ?date ?part"""
# The same from the register: the offices, and of the encounters that attest each the first few, and how many they are.
_HELD: Final = """SELECT h.iri AS incumbency, o.iri AS office, p.iri AS party, begin AS "from", until,
  (SELECT COUNT(*) FROM attested a WHERE a.held = x.held) AS n
FROM office x JOIN term h ON h.id = x.held JOIN term o ON o.id = office LEFT JOIN term p ON p.id = party
WHERE person = :one ORDER BY begin, o.iri, h.iri"""
_SEEN: Final = """SELECT e.iri AS encounter, day AS date FROM attested JOIN encounter e ON e.id = encounter
WHERE held = :held ORDER BY e.id DESC LIMIT :size"""
_PRESENT: Final = "{e}.id IN (SELECT encounter FROM person WHERE person = :one)"
_COUNTERPARTS: Final = """SELECT ?person (COUNT(DISTINCT ?encounter) AS ?n)
    (MAX(COALESCE(STR(?date), "")) AS ?last) (MAX(COALESCE(STR(?party), "")) AS ?of) {
  ?named owl:sameAs %s . ?part cq:participant ?named . ?encounter cq:hasParticipation ?part , ?theirs .
  ?theirs cq:participant ?other . ?other owl:sameAs ?person . FILTER(?person != %s)
  OPTIONAL { ?part cq:represents ?mine } OPTIONAL { ?theirs cq:represents ?party }
  FILTER(!BOUND(?mine) || !BOUND(?party) || ?mine != ?party)
  OPTIONAL { ?encounter cq:date ?date }
} GROUP BY ?person ORDER BY DESC(?n) ?person LIMIT 25"""
# The same from the register.
_MET_MOST: Final = """SELECT t.iri AS person, COUNT(DISTINCT encounter) AS n, MAX(day) AS last, MAX(p.iri) AS "of"
FROM person mine JOIN person theirs USING (encounter) JOIN encounter e ON e.id = encounter
JOIN term t ON t.id = theirs.person LEFT JOIN term p ON p.id = theirs.party
WHERE mine.person = :one AND theirs.person <> mine.person AND (mine.party IS NULL OR theirs.party IS NULL OR mine.party <> theirs.party)
GROUP BY theirs.person ORDER BY n DESC, t.iri LIMIT 25"""
_ON: Final = "SELECT t.iri AS issue, year, n FROM voiced JOIN term t ON t.id = issue WHERE person = :one ORDER BY t.iri, year"
_ACTED: Final = "SELECT t.iri AS type, n FROM spoken JOIN term t ON t.id = type WHERE person = :one ORDER BY n DESC, t.iri"
_ISSUES: Final = """SELECT ?issue ?year (COUNT(DISTINCT ?act) AS ?n) {
  ?named owl:sameAs %s . ?act cq:actor ?named ; cq:aboutIssue ?issue . ?encounter cq:hasSpeechAct ?act ; cq:date ?date
  BIND(SUBSTR(STR(?date), 1, 4) AS ?year)
} GROUP BY ?issue ?year ORDER BY ?issue ?year"""
_SAME: Final = """SELECT DISTINCT ?named ?written ?reason {
  ?named owl:sameAs %s
  OPTIONAL { ?why cq:identifies ?named ; cq:reason ?reason } OPTIONAL { ?part cq:participant ?named ; cq:writtenName ?written }
} ORDER BY ?written ?named"""
# The same from the register.
_NAMED: Final = "SELECT words AS written, n, reason FROM called WHERE person = :one ORDER BY n DESC, words"


@dataclass(frozen=True, slots=True)
class Held:
    """An office that a person is seen to hold, from the first to the last day that a text attests: how many encounters do, and with their
    days the first of them."""

    office: str
    party: str
    begin: str
    end: str
    encounters: int
    seen: Mapping[str, str]


@blueprint.get("/ministers")
def ministers() -> Response:
    """The people, those first who are told of most."""
    url = links()
    state = request.args.get("state", "")
    node = asking.node_of(url.coded("state", state)) if state else ""
    query = _LIST % (f" ; cq:represents {node}" if node else "")
    sent = {"party": node.strip("<>")} if node else {}
    pages = paged(int(counting.rows(_HOW_MANY_SENT if sent else _HOW_MANY, **sent)[0]["n"]), _SIZE)
    shown = counting.rows(_SENT if sent else _MOST_MET, size=_SIZE, first=pages.first, **sent)
    offices = _by_person(counting.rows(_WRITTEN, persons=[row["person"] for row in shown]))
    names = asking.names([row["person"] for row in shown] + [p for parties, _ in offices.values() for p in parties] + [node.strip("<>")])
    return page(
        "ministers.html",
        Rail("Ministers and other people", [Source("the people", query)]),
        found=shown,
        pages=pages,
        offices=offices,
        names=names,
        state=names.get(node.strip("<>"), state),
    )


@blueprint.get("/minister/<key>")
def minister(key: str) -> Response:
    """One person."""
    url = links()
    iri = url.thing(f"/minister/{key}")
    node = asking.node_of(iri)
    head = rows(_PERSON % (node, node, node, node)) if node else ()
    if not head:
        raise missing("no person here has this address", iri)
    offices = [_office(row) for row in counting.rows(_HELD, one=iri)]
    shown, pages = events.part(_PRESENT, _MET, one=iri)
    counterparts = counting.rows(_MET_MOST, one=iri)
    raised = counting.rows(_ON, one=iri)
    did = counting.rows(_ACTED, one=iri)
    same = counting.rows(_NAMED, one=iri)
    terms = [v for row in (*counterparts, *raised) for v in row.values()] + [v for o in offices for v in (o.office, o.party)]
    names = asking.names([*terms, *events.terms(shown)])
    name = head[0]["label"]
    lanes = drawing.lanes(
        [(names.get(o.office, "an office"), o.begin, o.end, f"{o.begin} to {o.end}") for o in offices if o.begin and o.end], "office"
    )
    years, table = by_year(raised)
    return page(
        "minister.html",
        Rail(
            name,
            [
                Source("counterparts", _COUNTERPARTS % (node, node)),
                Source("offices", _INCUMBENCIES % (node, node)),
                Source("issues by year", _ISSUES % node),
                Source("names", _SAME % node),
            ],
            iri,
        ),
        name=name,
        also=sorted({row["also"] for row in head if "also" in row and row["also"] != name}),
        offices=offices,
        lanes=lanes,
        met=shown,
        pages=pages,
        counterparts=counterparts,
        years=years,
        table=table,
        did=did,
        same=same,
        names=names,
    )


def by_year(found: Sequence[Found], most: int = 20) -> tuple[list[str], list[tuple[str, dict[str, int], int]]]:
    """Counts of issues by year as a table, the most frequent first."""
    years = sorted({row["year"] for row in found if "year" in row})
    table: dict[str, dict[str, int]] = {}
    for row in found:
        if "issue" in row:
            table.setdefault(row["issue"], {})[row["year"]] = int(row["n"])
    ranked = sorted(((issue, counts, sum(counts.values())) for issue, counts in table.items()), key=lambda each: (-each[2], each[0]))
    return years, ranked[:most]


def _by_person(found: Sequence[Found]) -> dict[str, tuple[list[str], list[str]]]:
    out: dict[str, tuple[list[str], list[str]]] = {}
    for row in found:
        parties, titles = out.setdefault(row["person"], ([], []))
        if row.get("party") and row["party"] not in parties:
            parties.append(row["party"])
        if row.get("title") and row["title"].casefold() not in {t.casefold() for t in titles}:
            titles.append(row["title"])
    return out


def _office(row: Found) -> Held:
    """An incumbency as the register has it, with the encounters that are shown for it."""
    seen = {each["encounter"]: each.get("date", "") for each in counting.rows(_SEEN, held=row["incumbency"], size=_ATTESTING)}
    return Held(row["office"], row.get("party", ""), row.get("from", ""), row.get("until", ""), int(row["n"]), seen)
