"""The list of readouts with its facets: every filter in the address; list and counts are what the queries beside them would answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from flask import Blueprint, Flask, Response, current_app, g, render_template, request

from communique.queries import facets
from communique.queries.facets import MANY, Facets, Wanted
from communique.server import version
from communique.server.links import Links
from communique.server.pages import asking, wording
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Choice, Rail, Source, here, links, page, paged
from communique.server.site import Site, site

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
    """A filter: its name in the address, its heading, the pattern that binds a value ``?v``."""

    name: str
    heading: str
    pattern: str

    @property
    def many(self) -> bool:
        """Whether several values may be chosen together."""
        return self.name in MANY


FACETS: Final = (
    Facet("publisher", "Publisher", "?readout cq:publisher ?v ."),
    Facet("year", "Year", "?readout cq:date ?day . BIND(SUBSTR(STR(?day), 1, 4) AS ?v)"),
    Facet("state", "State", "?encounter cq:involvesState ?v ."),
    Facet("issue", "Issue", "?encounter cq:touches ?v ."),
    Facet("act", "Act", "?encounter cq:hasSpeechAct ?did . ?did cq:actType ?v ."),
)
_LISTED: Final = """SELECT ?readout ?date ?title ?publisher%s {
  %s
  ?readout cq:publisher ?publisher .
  OPTIONAL { ?readout cq:date ?date }
  OPTIONAL { ?readout rdfs:label ?title }
  %s
} GROUP BY ?readout ?date ?title ?publisher
ORDER BY %s"""
# What a part of the list shows.
_SHOWN_OF: Final = """SELECT ?readout (MIN(?published) AS ?date) (MIN(STR(?label)) AS ?title) (MIN(?by) AS ?publisher) {
  VALUES ?readout { %s } ?readout cq:publisher ?by
  OPTIONAL { ?readout cq:date ?published } OPTIONAL { ?readout rdfs:label ?label }
} GROUP BY ?readout"""
_ENCOUNTER: Final = "?readout cq:hasAccount ?account . ?account cq:describesEncounter ?encounter ."


def install(app: Flask) -> None:
    """Make the facets of an application; they are counted when they are first asked for, or ahead."""
    app.extensions["communique.facets"] = version.Kept(_built)


def counted(here_: Site) -> Facets:
    """The facets of the version that is served."""
    return cast("version.Kept[Facets]", current_app.extensions["communique.facets"]).get(here_)


def _built(here_: Site) -> Facets:
    place = version.workshop().place("facets", here_.engine.version(), lambda draft: facets.build(here_.engine.select, draft / "facets"))
    return Facets(place / "facets")


def chosen(url: Links) -> dict[str, list[str]]:
    """What the address asks for, by facet."""
    out: dict[str, list[str]] = {}
    for facet in FACETS:
        given = _given(facet.name)[: 8 if facet.many else 1]
        if given:
            out[facet.name] = given if facet.name == "year" else [url.coded(facet.name, value) for value in given]
    month = request.args.get("month", "")
    if re.fullmatch(r"\d{4}-\d\d", month):
        out["month"] = [month]
    return out


def where(wanted: Wanted, without: str = "", with_encounter: bool = False) -> str:
    """The pattern of the readouts that are wanted."""
    parts = ["?readout a cq:Readout ."]
    if with_encounter or any(name in wanted and name != without for name in MANY):
        parts.append(_ENCOUNTER)
    for facet in FACETS:
        for number, value in enumerate(wanted.get(facet.name, ()) if facet.name != without else ()):
            if facet.name == "year":  # what follows a BIND is joined apart from it, which takes long
                parts.append(f"?readout cq:date ?within . FILTER(STRSTARTS(STR(?within), {asking.literal(value)}))")
                continue
            own = re.sub(r"\?(v|day|did)\b", rf"?{facet.name}{number}\1", facet.pattern)
            parts.append(own.replace(f"?{facet.name}{number}v", asking.node_of(value) or asking.literal(value)))
    months = (asking.literal(month) for month in wanted.get("month", ()))
    return "\n  ".join([*parts, *(f"?readout cq:date ?published . FILTER(STRSTARTS(STR(?published), {month}))" for month in months)])


def _told(readouts: Sequence[str]) -> list[Found]:
    """What the list says of some readouts, in their order."""
    told = {row["readout"]: row for row in (rows(_SHOWN_OF % asking.iris(readouts)) if readouts else ()) if "readout" in row}
    return [told[readout] for readout in readouts if readout in told]


@blueprint.get("/readouts.atom")
def feed() -> Response:
    """The newest readouts that fit the filters, as a feed."""
    url = links()
    wanted = chosen(url)
    known = counted(site())
    found = _told(known.readouts(known.fit(wanted), size=_FED))
    names = asking.names([row["publisher"] for row in found] + [v for some in wanted.values() for v in some])
    filters = [names.get(v, v) for some in wanted.values() for v in some]
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
    sort = sort if sort in _SORTS else "newest"
    g.counts = True  # issues are inferred
    known = counted(site())
    fit = known.fit(wanted, [facet.name for facet in FACETS])
    pages = paged(fit.total, _SIZE)
    found = _told(known.readouts(fit, sort, pages.first, _SIZE))
    parties, issues, acts = _beside(row["readout"] for row in found)
    values = {facet: fit.counts[facet.name][:_MOST] for facet in FACETS}
    terms = [v for some in values.values() for v, _ in some] + [row["publisher"] for row in found]
    terms += [v for some in (*parties.values(), *issues.values(), *wanted.values()) for v in some]
    names = asking.names(terms)
    chips = [_chip(url, names, name, value) for name in (*(f.name for f in FACETS), "month") for value in _given(name)]
    title = "Readouts" + (f": {', '.join(chip.name for chip in chips)}" if chips else "")
    more = "OPTIONAL { ?readout cq:hasAccount/cq:describesEncounter ?any . ?any cq:hasSpeechAct ?said }\n  " if sort == "most" else ""
    tallied = " (COUNT(DISTINCT ?said) AS ?statements)" if more else ""
    return page(
        "readouts.html",
        Rail(
            title,
            [
                Source("the readouts", _LISTED % (tallied, where(wanted), more, _SORTS[sort][1])),
                *(Source(f"counts by {f.heading.lower()}", _counting(f, wanted)) for f in FACETS),
            ],
            feed=here(page=None, sort=None).replace("/readouts", "/readouts.atom", 1),
        ),
        found=found,
        pages=pages,
        parties=parties,
        issues=issues,
        acts=acts,
        names=names,
        chips=chips,
        facets=[(facet, *_choices(url, facet, some, names, wanted)) for facet, some in values.items()],
        sorts=[
            Choice(name, here(sort=key if key != "newest" else None, page=None), chosen=key == sort) for key, (name, _) in _SORTS.items()
        ],
    )


def _counting(facet: Facet, wanted: Wanted) -> str:
    inside = where(wanted, "" if facet.many else facet.name, with_encounter=facet.name in ("state", "issue", "act"))
    if "?encounter" in facet.pattern:  # each side is read at once and put together: looked up one by one it takes five times as long
        inside = f"{{ SELECT DISTINCT ?readout ?encounter {{\n  {inside} }} }}\n  {{ SELECT DISTINCT ?encounter ?v {{ {facet.pattern} }} }}"
    else:
        inside = f"{inside}\n  {facet.pattern}"
    return f"SELECT ?v (COUNT(DISTINCT ?readout) AS ?n) {{\n  {inside}\n}} GROUP BY ?v ORDER BY DESC(?n) ?v LIMIT {_MOST}"


def _given(name: str) -> list[str]:
    return [v for v in dict.fromkeys(request.args.getlist(name)) if v.strip()]


def _chip(url: Links, names: Mapping[str, str], name: str, value: str) -> Choice:
    rest = [v for v in _given(name) if v != value]
    label = value if name in ("year", "month") else names.get(url.coded(name, value), value)
    return Choice(wording.tellings(value) if name == "act" else label, here(**{name: rest or None, "page": None}))


def _choices(
    url: Links, facet: Facet, found: Sequence[tuple[str, int]], names: Mapping[str, str], wanted: Wanted
) -> tuple[list[Choice], list[Choice]]:
    given = _given(facet.name)
    out = []
    for value, n in found:
        if facet.many and value in wanted.get(facet.name, ()):
            continue
        code = value if facet.name == "year" else url.code(value)
        name = code if facet.name == "year" else wording.tellings(code) if facet.name == "act" else names.get(value, code)
        picked = code in given
        to = None if picked else [*given, code] if facet.many else code
        out.append(Choice(name, here(**{facet.name: to, "page": None}), n, picked))
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
