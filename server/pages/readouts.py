"""The list of readouts with its facets: every filter in the address, every count from a query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request

from communique.server.links import Links
from communique.server.pages import asking, wording
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Choice, Rail, Source, here, links, page, paged

blueprint = Blueprint("readouts", __name__)

_SIZE: Final = 25
_FED: Final = 50  # readouts in a feed
_SHOWN: Final = 12  # values of a facet before "more"
_MOST: Final = 80
_SORTS: Final = {
    "newest": ("newest first", "DESC(?date) ?readout"),
    "oldest": ("oldest first", "?date ?readout"),
    "title": ("by title", "?title ?date ?readout"),
    "most": ("most statements first", "DESC(?statements) DESC(?date) ?readout"),
}


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: its name in the address, its heading, the pattern that binds a value ``?v``; ``many`` values may be chosen together."""

    name: str
    heading: str
    pattern: str
    many: bool = False


FACETS: Final = (
    Facet("publisher", "Publisher", "?readout cq:publisher ?v ."),
    Facet("year", "Year", "?readout cq:date ?day . BIND(SUBSTR(STR(?day), 1, 4) AS ?v)"),
    Facet("state", "State", "?encounter cq:involvesState ?v .", many=True),
    Facet("issue", "Issue", "?encounter cq:touches ?v .", many=True),
    Facet("act", "Act", "?encounter cq:hasSpeechAct ?did . ?did cq:actType ?v .", many=True),
)
_LISTED: Final = """SELECT ?readout ?date ?title ?publisher%s {
  %s
  ?readout cq:publisher ?publisher .
  OPTIONAL { ?readout cq:date ?date }
  OPTIONAL { ?readout rdfs:label ?title }
  %s
} GROUP BY ?readout ?date ?title ?publisher
ORDER BY %s"""
# By day the list is cut before titles and publishers are looked up.
_CUT: Final = """SELECT ?readout ?date ?title ?publisher {
  { SELECT DISTINCT ?readout ?date {
  %s
  OPTIONAL { ?readout cq:date ?date }
  } ORDER BY %s LIMIT %d OFFSET %d }
  ?readout cq:publisher ?publisher OPTIONAL { ?readout rdfs:label ?title }
} ORDER BY %s"""
_ENCOUNTER: Final = "?readout cq:hasAccount ?account . ?account cq:describesEncounter ?encounter ."


def chosen(url: Links) -> dict[str, list[str]]:
    """What the address asks for, as terms of a query, by facet."""
    out: dict[str, list[str]] = {}
    for facet in FACETS:
        given = list(dict.fromkeys(v for v in request.args.getlist(facet.name) if v.strip()))[: 8 if facet.many else 1]
        if given and facet.name == "year":
            out["year"] = [asking.literal(given[0])]
        elif given:
            out[facet.name] = [asking.node_of(url.coded(facet.name, value)) or asking.literal(value) for value in given]
    month = request.args.get("month", "")
    if re.fullmatch(r"\d{4}-\d\d", month):
        out["month"] = [asking.literal(month)]
    return out


def where(wanted: Mapping[str, Sequence[str]], without: str = "", with_encounter: bool = False) -> str:
    """The pattern of the readouts that are wanted."""
    parts = ["?readout a cq:Readout ."]
    if with_encounter or any(name in wanted and name != without for name in ("state", "issue", "act")):
        parts.append(_ENCOUNTER)
    for facet in FACETS:
        for number, value in enumerate(wanted.get(facet.name, ()) if facet.name != without else ()):
            if facet.name == "year":  # what follows a BIND is joined apart from it, which takes long
                parts.append(f"?readout cq:date ?within . FILTER(STRSTARTS(STR(?within), {value}))")
                continue
            own = re.sub(r"\?(v|day|did)\b", rf"?{facet.name}{number}\1", facet.pattern)
            parts.append(own.replace(f"?{facet.name}{number}v", value))
    parts += [f"?readout cq:date ?published . FILTER(STRSTARTS(STR(?published), {month}))" for month in wanted.get("month", ())]
    return "\n  ".join(parts)


@blueprint.get("/readouts.atom")
def feed() -> Response:
    """The newest readouts that fit the filters, as a feed."""
    url = links()
    wanted = chosen(url)
    found = rows(_LISTED % ("", where(wanted), "", f"DESC(?date) ?readout\nLIMIT {_FED}"))
    names = asking.names([row["publisher"] for row in found] + [v.strip("<>") for some in wanted.values() for v in some])
    filters = [names.get(v.strip("<>"), v.strip('"')) for some in wanted.values() for v in some]
    root = request.url_root.rstrip("/")
    body = render_template(
        "feed.xml",
        title="Readouts" + (f": {', '.join(filters)}" if filters else ""),
        page=root + here().replace("/readouts.atom", "/readouts", 1),
        own=root + here(),
        root=root,
        found=[row for row in found if "date" in row],
        names=names,
    )
    return Response(body, mimetype="application/atom+xml")


@blueprint.get("/readouts")
def readouts() -> Response:
    """The readouts that fit the filters."""
    url = links()
    wanted = chosen(url)
    sort = request.args.get("sort", "newest")
    order = _SORTS.get(sort, _SORTS["newest"])[1]
    counted = f"SELECT (COUNT(DISTINCT ?readout) AS ?n) {{\n  {where(wanted)}\n}}"
    pages = paged(int(rows(counted, keep=not wanted)[0]["n"]), _SIZE)
    more = "OPTIONAL { ?readout cq:hasAccount/cq:describesEncounter ?any . ?any cq:hasSpeechAct ?said }\n  " if sort == "most" else ""
    tallied = " (COUNT(DISTINCT ?said) AS ?statements)" if more else ""
    listed = _LISTED % (tallied, where(wanted), more, order)
    by_day = order in (_SORTS["newest"][1], _SORTS["oldest"][1])
    cut = _CUT % (where(wanted), order, _SIZE, pages.first, order) if by_day else f"{listed}\nLIMIT {_SIZE} OFFSET {pages.first}"
    found = rows(cut, keep=not wanted and pages.number == 1)
    parties, issues, acts = _beside(row["readout"] for row in found)
    facets = {facet: _values(facet, wanted) for facet in FACETS}
    terms = [row["v"] for some in facets.values() for row in some or () if "v" in row] + [r["publisher"] for r in found]
    terms += [v for some in (*parties.values(), *issues.values()) for v in some] + [v.strip("<>") for some in wanted.values() for v in some]
    names = asking.names(terms)
    chips = [_chip(url, names, name, value) for name in (*(f.name for f in FACETS), "month") for value in _given(name)]
    title = "Readouts" + (f": {', '.join(chip.name for chip in chips)}" if chips else "")
    return page(
        "readouts.html",
        Rail(
            title,
            [Source("the readouts", listed), *(Source(f"counts by {f.heading.lower()}", _counting(f, wanted)) for f in FACETS)],
            feed=here(page=None, sort=None).replace("/readouts", "/readouts.atom", 1),
        ),
        found=found,
        pages=pages,
        parties=parties,
        issues=issues,
        acts=acts,
        names=names,
        chips=chips,
        facets=[(facet, *_choices(url, facet, some, names, wanted)) for facet, some in facets.items() if some is not None],
        uncounted=[facet.heading for facet, some in facets.items() if some is None],
        sorts=[
            Choice(name, here(sort=key if key != "newest" else None, page=None), chosen=key == sort) for key, (name, _) in _SORTS.items()
        ],
    )


def _counting(facet: Facet, wanted: Mapping[str, Sequence[str]]) -> str:
    inside = where(wanted, "" if facet.many else facet.name, with_encounter=facet.name in ("state", "issue", "act"))
    if "?encounter" in facet.pattern:  # each side is read at once and put together: looked up one by one it takes five times as long
        inside = f"{{ SELECT DISTINCT ?readout ?encounter {{\n  {inside} }} }}\n  {{ SELECT DISTINCT ?encounter ?v {{ {facet.pattern} }} }}"
    else:
        inside = f"{inside}\n  {facet.pattern}"
    return f"SELECT ?v (COUNT(DISTINCT ?readout) AS ?n) {{\n  {inside}\n}} GROUP BY ?v ORDER BY DESC(?n) ?v LIMIT {_MOST}"


def _values(facet: Facet, wanted: Mapping[str, Sequence[str]]) -> Sequence[Found] | None:
    return asking.tried(_counting(facet, wanted), keep=not wanted)


def _given(name: str) -> list[str]:
    return [v for v in dict.fromkeys(request.args.getlist(name)) if v.strip()]


def _chip(url: Links, names: Mapping[str, str], name: str, value: str) -> Choice:
    rest = [v for v in _given(name) if v != value]
    label = value if name in ("year", "month") else names.get(url.coded(name, value), value)
    return Choice(wording.tellings(value) if name == "act" else label, here(**{name: rest or None, "page": None}))


def _choices(
    url: Links, facet: Facet, found: Sequence[Found], names: Mapping[str, str], wanted: Mapping[str, Sequence[str]]
) -> tuple[list[Choice], list[Choice]]:
    given = _given(facet.name)
    out = []
    for row in found:
        if "v" not in row or (facet.many and asking.node_of(row["v"]) in wanted.get(facet.name, ())):
            continue
        code = row["v"] if facet.name == "year" else url.code(row["v"])
        name = code if facet.name == "year" else wording.tellings(code) if facet.name == "act" else names.get(row["v"], code)
        picked = code in given
        value = None if picked else [*given, code] if facet.many else code
        out.append(Choice(name, here(**{facet.name: value, "page": None}), int(row["n"]), picked))
    if facet.name == "year":
        out.sort(key=lambda choice: choice.name, reverse=True)
    return out[:_SHOWN], out[_SHOWN:]


def _beside(readouts: Iterable[str]) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]:
    """The parties and the issues of each readout, in the order of the text, and the number of its statements."""
    values = asking.iris(readouts)
    parties: dict[str, list[str]] = {}
    issues: dict[str, list[str]] = {}
    for row in rows(f"""SELECT DISTINCT ?readout ?party {{ VALUES ?readout {{ {values} }} {_ENCOUNTER}
        ?encounter cq:involvesState ?party }} ORDER BY ?readout ?party"""):
        parties.setdefault(row["readout"], []).append(row["party"])
    for row in rows(f"""SELECT ?readout ?issue (MIN(?place) AS ?first) {{ VALUES ?readout {{ {values} }} {_ENCOUNTER}
        ?encounter cq:hasSpeechAct ?act . ?act cq:order ?place ; cq:aboutIssue ?issue }}
        GROUP BY ?readout ?issue ORDER BY ?readout ?first ?issue"""):
        issues.setdefault(row["readout"], []).append(row["issue"])
    acts = rows(f"""SELECT ?readout (COUNT(DISTINCT ?act) AS ?n) {{ VALUES ?readout {{ {values} }} {_ENCOUNTER}
        ?encounter cq:hasSpeechAct ?act }} GROUP BY ?readout""")
    return parties, issues, {row["readout"]: int(row["n"]) for row in acts if "readout" in row}
