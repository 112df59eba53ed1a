"""How good the data is: what was read and what was not, what was set aside, what the check found."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from communique.queries import catalogue
from communique.queries.gaps import KINDS
from communique.server.pages import asking, readouts
from communique.server.pages.asking import rows
from communique.server.pages.frame import Choice, Rail, Source, here, page, paged
from communique.server.site import site

blueprint = Blueprint("quality", __name__)

# What the saved query ``coverage`` answers, from the facets.
_SHARES: Final = """SELECT publisher, COUNT(*) AS readouts, SUM(acts) AS acts, SUM(encounter) AS encounter, SUM(background) AS background,
  SUM(boilerplate) AS boilerplate, SUM(unread) AS unread, ROUND(100.0 * SUM(unread) / SUM(sentences), 1) AS share
FROM reading JOIN readout ON number = readout GROUP BY publisher ORDER BY readouts DESC, publisher"""
_ASIDE: Final = """SELECT ?reason (COUNT(DISTINCT ?document) AS ?n) (SAMPLE(?document) AS ?example) {
  ?document a cq:SetAside ; cq:setAsideReason ?reason
} GROUP BY ?reason ORDER BY DESC(?n) ?reason"""
_OPEN: Final = """SELECT ?code (COUNT(DISTINCT ?remark) AS ?n) (MIN(?message) AS ?says) {
  ?remark a cq:Diagnostic ; cq:code ?code ; cq:message ?message
} GROUP BY ?code ORDER BY DESC(?n) ?code"""
_WHERE: Final = """SELECT DISTINCT ?remark ?document ?title ?message ?quote {
  ?remark a cq:Diagnostic ; cq:code %s ; cq:message ?message . ?reading cq:hasDiagnostic ?remark ; prov:used ?document
  OPTIONAL { ?document rdfs:label ?title } OPTIONAL { ?remark cq:quote ?quote }
} ORDER BY ?document ?remark"""
_FINDINGS: Final = """SELECT DISTINCT ?finding ?code ?severity ?message ?about ?readout ?encounter {
  ?finding a cq:Finding ; cq:code ?code ; cq:message ?message
  OPTIONAL { ?finding cq:severity ?severity } OPTIONAL { ?finding cq:about ?about } OPTIONAL { ?finding cq:inReadout ?readout }
  OPTIONAL { SELECT ?about (MIN(?one) AS ?encounter) { ?about cq:pairs ?one } GROUP BY ?about }
} ORDER BY ?severity ?code ?finding"""
# What has no name of its own is called by those of what it joins.
_CALLED: Final = """SELECT ?about (MIN(STR(?name)) AS ?who) (MIN(STR(?title)) AS ?as) {
  VALUES ?about { %s }
  { ?about cq:participant ?one } UNION { ?about cq:holder ?one } ?one rdfs:label ?name
  OPTIONAL { ?about cq:heldOffice ?office . ?office rdfs:label|skos:prefLabel ?title }
} GROUP BY ?about"""
_WORDS: Final = """SELECT DISTINCT ?finding ?node ?quote {
  VALUES ?finding { %s } ?finding prov:wasQuotedFrom ?node . ?node cq:quote ?quote
} ORDER BY ?finding ?node ?quote"""


@blueprint.get("/coverage")
def coverage() -> Response:
    """How much was read, and what stayed open."""
    asked = catalogue.get("coverage").text
    shares = readouts.counted(site()).rows(_SHARES)
    aside = rows(_ASIDE, keep=True)
    open_ = [row for row in rows(_OPEN, keep=True) if "code" in row]
    code = request.args.get("code", "")
    query = _WHERE % asking.literal(code)
    remarks = rows(query) if code else ()
    pages = paged(len(remarks), 25)
    return page(
        "coverage.html",
        Rail(
            "Coverage",
            [Source("sentences by publisher", asked), Source("what stayed open", query if code else _OPEN), Source("set aside", _ASIDE)],
        ),
        shares=shares,
        names=asking.names(row["publisher"] for row in shares),
        aside=[row for row in aside if "reason" in row],
        open=[
            (Choice(KINDS.get(row["code"], row["code"]), here(code=row["code"], page=None), int(row["n"]), row["code"] == code))
            for row in open_
        ],
        code=KINDS.get(code, code),
        remarks=remarks[pages.first : pages.until],
        pages=pages,
    )


@blueprint.get("/findings")
def findings() -> Response:
    """What the check of the data found."""
    found = rows(_FINDINGS, keep=True)
    codes: dict[str, int] = {}
    for row in found:
        codes[row["code"]] = codes.get(row["code"], 0) + 1
    code = request.args.get("code", "")
    kept = [row for row in found if code not in codes or row["code"] == code]
    pages = paged(len(kept), 50)
    shown = kept[pages.first : pages.until]
    names = asking.names(row[key] for row in shown for key in ("about", "readout", "encounter") if key in row)
    unnamed = asking.iris(row["about"] for row in shown if row.get("about", "") not in names)
    for row in rows(_CALLED % unnamed) if unnamed else ():
        if "who" in row:
            names[row["about"]] = f"{row['who']}, {row['as']}" if "as" in row else row["who"]
    words: dict[str, list[tuple[str, str]]] = {}
    for row in rows(_WORDS % asking.iris(row["finding"] for row in shown)) if shown else ():
        words.setdefault(row["finding"], []).append((row["node"], row["quote"]))
    return page(
        "findings.html",
        Rail("Findings", [Source("the findings", _FINDINGS)]),
        shown=shown,
        words=words,
        pages=pages,
        codes=[
            Choice(c, here(code=None if c == code else c, page=None), n, c == code)
            for c, n in sorted(codes.items(), key=lambda e: (-e[1], e[0]))
        ],
        names=names,
    )
