"""A readout: its text with what was read marked in it, sentence by sentence beside its statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response

from communique.server.pages import acts, asking, marks, wording
from communique.server.pages.acts import Act, number
from communique.server.pages.asking import Found, first, rows
from communique.server.pages.frame import Rail, Source, links, missing, page
from communique.server.pages.marks import Mark, Piece, Strip

blueprint = Blueprint("readout", __name__)

_HEAD: Final = """SELECT * {
  VALUES ?readout { %s }
  ?readout cq:publisher ?publisher
  OPTIONAL { ?readout rdfs:label ?title }
  OPTIONAL { ?readout cq:date ?date }
  OPTIONAL { ?readout cq:url ?url }
  OPTIONAL { ?readout cq:language ?language }
  OPTIONAL { ?readout cq:sha256 ?hash }
  OPTIONAL { ?readout cq:licence ?licence }
  OPTIONAL { ?readout cq:composed ?composed }
  OPTIONAL { ?readout cq:setAsideReason ?reason }
  OPTIONAL { ?readout cq:text ?text }
  OPTIONAL { ?readout cq:hasAccount ?account }
} LIMIT 1"""
# Apart: beside the rest, the readings of all readouts would be looked at.
_READ: Final = """SELECT ?sentences ?unread ?software {
  ?reading prov:used %s ; cq:sentences ?sentences ; cq:sentencesUnread ?unread ; cq:softwareVersion ?software
} LIMIT 1"""
_SEGMENTS: Final = """SELECT DISTINCT ?segment ?start ?end ?reading ?block ?item ?quote {
  %s cq:hasSegment ?segment .
  ?segment cq:start ?start ; cq:end ?end
  OPTIONAL { ?segment cq:reading ?reading }
  OPTIONAL { ?segment cq:blockKind ?block }
  OPTIONAL { ?segment cq:itemNumber ?item }
  OPTIONAL { ?segment cq:quote ?quote }
} ORDER BY ?start"""
ENCOUNTERS: Final = """SELECT DISTINCT * {
  VALUES ?encounter { %s }
  OPTIONAL { ?encounter rdfs:label ?label }
  OPTIONAL { ?encounter cq:kind ?kind }
  OPTIONAL { ?encounter cq:date ?date }
  OPTIONAL { ?encounter cq:dateEnd ?dateEnd }
  OPTIONAL { ?encounter cq:placeName ?place }
  OPTIONAL { ?encounter cq:heldInState ?heldIn }
  OPTIONAL { ?encounter cq:startLocal ?local }
  OPTIONAL { ?encounter cq:startPublisher ?publisherTime }
  OPTIONAL { ?encounter cq:duration ?minutes }
  OPTIONAL { ?encounter cq:approximate ?approximate }
  OPTIONAL { ?encounter cq:clockConflict ?conflict }
  OPTIONAL { ?encounter cq:onMarginsOf ?occasion . ?occasion rdfs:label ?margins }
  OPTIONAL { ?encounter cq:toldFrom ?teller }
}"""
_WITHIN: Final = "SELECT DISTINCT ?encounter { %s cq:hasAccount/cq:describesEncounter ?encounter } ORDER BY ?encounter"
PEOPLE: Final = """SELECT DISTINCT ?encounter ?participation ?agent ?person ?party ?order ?written ?title ?start ?end {
  VALUES ?encounter { %s }
  ?encounter cq:hasParticipation ?participation . ?participation cq:participant ?agent
  OPTIONAL { ?agent owl:sameAs ?person }
  OPTIONAL { ?participation cq:represents ?party }
  OPTIONAL { ?participation cq:order ?order }
  OPTIONAL { ?participation cq:writtenName ?written }
  OPTIONAL { ?participation cq:officeTitle ?title }
  OPTIONAL { ?participation cq:start ?start } OPTIONAL { ?participation cq:end ?end }
} ORDER BY ?encounter ?order ?participation ?title"""
_ACTS: Final = """SELECT DISTINCT ?act {
  %s cq:hasAccount/cq:describesEncounter/cq:hasSpeechAct ?act OPTIONAL { ?act cq:order ?order }
} ORDER BY ?order ?act"""
_OTHER: Final = """SELECT DISTINCT ?reference ?start ?end ?kind ?relation ?day ?encounter {
  %s cq:hasAccount/cq:hasReference ?reference .
  ?reference cq:start ?start ; cq:end ?end
  OPTIONAL { ?reference cq:kind ?kind }
  OPTIONAL { ?reference cq:relation ?relation }
  OPTIONAL { ?reference cq:date ?day }
  OPTIONAL { ?reference cq:refersTo ?encounter }
} ORDER BY ?start"""
_REMARKS: Final = """SELECT DISTINCT ?code ?message ?start {
  ?reading prov:used %s ; cq:hasDiagnostic ?remark .
  ?remark cq:code ?code ; cq:message ?message OPTIONAL { ?remark cq:start ?start }
} ORDER BY ?start ?code"""
_PAIRED: Final = """SELECT DISTINCT ?encounter ?twin ?teller {
  VALUES ?encounter { %s } ?encounter cq:pairedWith ?twin OPTIONAL { ?twin cq:toldFrom ?teller }
} ORDER BY ?encounter ?twin"""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence (or words between sentences: ``reading`` is then ``aside``) with what was read from it."""

    name: str
    reading: str
    pieces: Sequence[Piece]
    start: int
    end: int
    item: str = ""
    acts: Sequence[Act] = ()
    strip: Strip | None = None


@blueprint.get("/readout/<source>/<day>/<name>")
def readout(source: str, day: str, name: str) -> Response:
    """One readout."""
    url = links()
    iri = url.thing(f"/readout/{source}/{day}/{name}")
    node = asking.node_of(iri)
    head = first(_HEAD % node) if node else {}
    if not head:
        raise missing("no readout here has this address", iri)
    head |= first(_READ % node)
    text = head.get("text", "")
    inside = [row["encounter"] for row in rows(_WITHIN % node)]
    encounters = rows(ENCOUNTERS % asking.iris(inside))
    people = rows(PEOPLE % asking.iris(inside))
    said = acts.load(row["act"] for row in rows(_ACTS % node))
    references = rows(_OTHER % node)
    segments = rows(_SEGMENTS % node)
    paired = rows(_PAIRED % asking.iris(inside))
    terms = [t for act in said for t in act.terms()] + [v for row in (*people, *encounters, *paired) for v in row.values()]
    names = asking.names([*terms, head["publisher"]])
    marked = _marks(said, people, references, names)
    once = {row["encounter"]: row for row in reversed(encounters)}
    title = head.get("title", "Readout without a title")
    teller = names.get(head["publisher"], "its publisher")
    return page(
        "readout.html",
        Rail(
            title,
            [Source("the acts", _ACTS % node), Source("the sentences", _SEGMENTS % node), Source("about the readout", _HEAD % node)],
            iri,
            teller,
            head.get("date", ""),
            head.get("url", ""),
        ),
        head=head,
        iri=iri,
        title=title,
        teller=teller,
        side=next((names[row["teller"]] for row in encounters if row.get("teller") in names), ""),
        encounters=[once[e] for e in inside if e in once],
        people=grouped(people),
        lines=_lines(text, segments, said, marked),
        text=text,
        acts=said,
        loose=_loose(said, segments),
        references=references,
        remarks=rows(_REMARKS % node),
        paired=paired,
        names=names,
    )


def grouped(people: Sequence[Found]) -> dict[str, list[dict[str, object]]]:
    """Participants by encounter, each once with all offices as written."""
    out: dict[str, dict[str, dict[str, object]]] = {}
    for row in people:
        own = out.setdefault(row["encounter"], {})
        entry = own.setdefault(
            row["participation"],
            {"iri": row.get("person", row["agent"]), "party": row.get("party", ""), "written": row.get("written", ""), "titles": []},
        )
        titles = entry["titles"]
        assert isinstance(titles, list)
        if row.get("title") and row["title"] not in titles:
            titles.append(row["title"])
    return {encounter: list(some.values()) for encounter, some in out.items()}


def _marks(said: Sequence[Act], people: Sequence[Found], references: Sequence[Found], names: Mapping[str, str]) -> list[Mark]:
    url = links()
    out = []
    for act in said:
        start, end = number(dict(act.told), "triggerStart"), number(dict(act.told), "triggerEnd")
        if start >= 0:
            out.append(Mark("act", start, end, f"#{act.name}", f"act: {wording.tellings(act.type)}"))
        out += [
            Mark("issue", m.start, m.end, url.page(m.issue) or f"#{act.name}", f"issue: {names.get(m.issue, 'not in the vocabulary')}")
            for m in act.mentions
            if m.start >= 0
        ]
    for row in people:
        if number(row, "start") >= 0:
            iri = row.get("person", row["agent"])
            kind = "state" if iri == row.get("party") else "person"
            out.append(Mark(kind, number(row, "start"), number(row, "end"), url.page(iri) or "", f"{kind}: {names.get(iri, iri)}"))
    for row in references:
        told = f"{row.get('kind', 'event')} that the account refers to"
        out.append(Mark("event", number(row, "start"), number(row, "end"), url.page(row.get("encounter", row["reference"])) or "", told))
    return out


def _lines(text: str, segments: Sequence[Found], said: Sequence[Act], marked: Sequence[Mark]) -> list[Line]:
    """The whole text, sentence by sentence; without a text, the sentences that are kept, or only their places."""
    by_segment: dict[str, list[Act]] = {}
    for act in said:
        by_segment.setdefault(act.told.get("segment", ""), []).append(act)
    out = []
    longest = max((number(row, "end") - number(row, "start") for row in segments), default=0)
    for row in segments:
        start, end = number(row, "start"), number(row, "end")
        bare = None
        name = "s" + row["segment"].rsplit("/", 1)[1]
        if text:
            own = marks.pieces(text, start, min(end, len(text)), marked)
        else:
            quote = row.get("quote", "")
            moved = [Mark(m.kind, m.start - start, m.end - start, m.href, m.title) for m in marked]
            own = marks.pieces(quote, 0, len(quote), moved) if quote else []
            bare = None if quote else marks.strip(start, end, marked, longest)
        acts_ = by_segment.get(row["segment"], ())
        out.append(Line(name, row.get("reading", "unread"), own, start, end, row.get("item", ""), acts_, bare))
    for start, end in marks.gaps([(line.start, line.end) for line in out], len(text)):
        # What is between sentences is only shown if there is more than space or the number of an item in it.
        if len(text[start:end].strip(" \n\t0123456789.()-•*")) > 1:
            start += len(text[start:end]) - len(text[start:end].lstrip())
            end -= len(text[start:end]) - len(text[start:end].rstrip())
            out.append(Line("", "aside", marks.pieces(text, start, end, [m for m in marked if m.kind != "act"]), start, end))
    return sorted(out, key=lambda line: (line.start, line.end))


def _loose(said: Sequence[Act], segments: Sequence[Found]) -> list[Act]:
    """Acts whose sentence is not kept."""
    known = {row["segment"] for row in segments}
    return [act for act in said if act.told.get("segment") not in known]
