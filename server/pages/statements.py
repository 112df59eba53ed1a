"""A statement: what an account says, in its words and its place, the rule that read it, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response

from communique.server.pages import acts, asking, marks, wording
from communique.server.pages.acts import Act, number
from communique.server.pages.asking import Found, first, rows
from communique.server.pages.frame import Rail, Source, links, missing, page
from communique.server.pages.marks import Mark, Piece, Strip
from communique.server.site import site

blueprint = Blueprint("statements", __name__)

_ANY: Final = """SELECT DISTINCT * {
  VALUES ?node { %s } ?node cq:derivedBy ?rule
  OPTIONAL { ?node cq:quote ?quote } OPTIONAL { ?node cq:start ?start } OPTIONAL { ?node cq:end ?end }
  OPTIONAL { ?node cq:confidence ?confidence }
  OPTIONAL { ?node cq:evidence ?segment } OPTIONAL { ?node cq:madeIn ?act } OPTIONAL { ?node rdfs:label ?label }
  OPTIONAL { ?node cq:kind ?kind }
} LIMIT 1"""
_READOUT: Final = """SELECT DISTINCT * {
  VALUES ?readout { %s } ?readout cq:publisher ?publisher
  OPTIONAL { ?readout rdfs:label ?title } OPTIONAL { ?readout cq:date ?date } OPTIONAL { ?readout cq:url ?url }
  OPTIONAL { ?readout cq:text ?text } OPTIONAL { ?readout cq:language ?language } OPTIONAL { ?readout cq:sha256 ?hash }
} LIMIT 1"""
_SENTENCE: Final = (
    """SELECT DISTINCT * { VALUES ?segment { %s } ?segment cq:start ?start ; cq:end ?end OPTIONAL { ?segment cq:quote ?quote } } LIMIT 1"""
)
_FOLLOWS: Final = """SELECT DISTINCT ?graph ?s ?p ?o {
  VALUES ?node { %s }
  { GRAPH ?graph { ?node ?p ?o } BIND(?node AS ?s) } UNION { GRAPH ?graph { ?s ?p ?node } BIND(?node AS ?o) }
  FILTER(STRENDS(STR(?graph), "/inferred") || STRENDS(STR(?graph), "/graph/global"))
} ORDER BY ?p ?s ?o LIMIT 200"""
_ANSWERS: Final = """SELECT DISTINCT ?reply { ?reply cq:answers %s } ORDER BY ?reply"""
_HISTORY: Final = """SELECT DISTINCT ?way ?other ?date {
  VALUES ?commitment { %s }
  { ?commitment cq:strengthens ?other BIND("strengthens" AS ?way) } UNION { ?commitment cq:weakens ?other BIND("weakens" AS ?way) }
  UNION { ?commitment cq:repeats ?other BIND("repeats" AS ?way) } UNION { ?other cq:repeats ?commitment BIND("repeated later in" AS ?way) }
  OPTIONAL { ?other cq:madeIn ?act . ?encounter cq:hasSpeechAct ?act ; cq:date ?date }
} ORDER BY ?date ?way ?other"""


@blueprint.get("/statement/<source>/<day>/<name>/<any(act, commitment, participation, occasion, reference):kind>/<id_>")
def statement(source: str, day: str, name: str, kind: str, id_: str) -> Response:
    """One statement of one account."""
    url = links()
    iri = url.thing(f"/statement/{source}/{day}/{name}/{kind}/{id_}")
    node = asking.node_of(iri)
    head = first(_ANY % node) if node else {}
    if not head:
        raise missing("no statement here has this address", iri)
    readout = site().iris.readout_of(iri) or ""
    about = first(_READOUT % asking.node_of(readout))
    said = acts.load([iri] if kind == "act" else [head["act"]] if "act" in head else [])
    act = said[0] if said else None
    sentence = first(_SENTENCE % asking.node_of(head["segment"])) if "segment" in head else {}
    follows = rows(_FOLLOWS % node)
    replies = [row["reply"] for row in rows(_ANSWERS % node)] if kind == "act" else []
    commitment = act.told.get("commitment", "") if act else ""
    history = rows(_HISTORY % asking.node_of(commitment)) if commitment else ()
    also = acts.load(replies)
    terms = [t for one in (*said, *also) for t in one.terms()] + [row[key] for row in follows for key in ("s", "p", "o")]
    names = asking.names([*terms, about.get("publisher", "")])
    teller = names.get(about.get("publisher", ""), "its publisher")
    side = names.get(act.teller, teller) if act else teller
    told = act.claim(names) if act else f"{kind}: {head.get('label') or head.get('quote') or head.get('kind', '')}"
    return page(
        "statement.html",
        Rail(
            f"According to {wording.of(wording.article(side))} readout: {told}",
            [
                Source("the statement", acts.SCALARS % node if kind == "act" else _ANY % node),
                Source("what follows from it", _FOLLOWS % node),
            ],
            iri,
            teller,
            about.get("date", ""),
            about.get("url", ""),
        ),
        iri=iri,
        kind=kind,
        head=head,
        act=act,
        claim=told,
        side=side,
        teller=teller,
        readout=readout,
        about=about,
        context=_context(head, sentence, about.get("text", ""), act),
        bare=_bare(head, sentence, act, names),
        follows=_worded(follows, names),
        replies=also,
        history=history,
        names=names,
    )


def _context(head: Found, sentence: Found, text: str, act: Act | None) -> list[Piece]:
    """The sentence with the words of the statement marked in it."""
    start, end = number(head, "start"), number(head, "end")
    left, right = number(sentence, "start"), number(sentence, "end")
    if left < 0 or start < 0:
        return [Piece(head["quote"], ())] if "quote" in head else []
    words = text[left:right] if text else sentence.get("quote", "")
    url = links()
    marked = [Mark("quote", start - left, end - left, "", "the words of the statement")]
    if act:
        marked += [Mark("issue", m.start - left, m.end - left, url.page(m.issue) or "", "issue") for m in act.mentions if m.start >= 0]
    return marks.pieces(words, 0, len(words), marked) if words else []


def _bare(head: Found, sentence: Found, act: Act | None, names: dict[str, str]) -> Strip | None:
    """Where in its sentence a statement stands, whose words may not be here."""
    left, right = number(sentence, "start"), number(sentence, "end")
    if left < 0:
        return None
    told = dict(act.told) if act else {}
    marked = [Mark("quote", number(head, "start"), number(head, "end"), "", "the words of the statement")]
    marked.append(Mark("act", number(told, "triggerStart"), number(told, "triggerEnd"), "", "what was done"))
    marked += [
        Mark("issue", m.start, m.end, links().page(m.issue) or "", f"issue: {names.get(m.issue, '')}")
        for m in (act.mentions if act else ())
    ]
    return marks.strip(left, right, marked, right - left)


def _worded(follows: Sequence[Found], names: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """What is inferred, each once, with the page that tells why."""
    out = {}
    for row in follows:
        triple = tuple(asking.node_of(row[key]) or asking.literal(row[key]) for key in ("s", "p", "o"))
        out[triple] = (row["s"], row["p"], row["o"], links().proof(triple))
    return sorted(out.values(), key=lambda each: (names.get(each[1], each[1]), each[0], each[2]))
