"""The pages for people: what is here, and the saved questions with their answers."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from communique.errors import ParameterError, QueryError, Unanswered
from communique.queries import catalogue
from communique.server import tables
from communique.server.negotiate import ROWS
from communique.server.problems import Problem
from communique.server.site import Site, site
from communique.store import Term

blueprint = Blueprint("pages", __name__)

_SHOWN: Final = 500
_LATEST: Final = 8
# The questions of the start page: one of each kind, answered without anything to fill in.
_FIRST: Final = ("requests-and-answers", "commitments", "one-sided-acts", "issue-cooccurrence", "third-party-targets", "minister-pairs")
_PREFIXES: Final = """PREFIX cq: <https://w3id.org/communique/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_COUNTS: Final = {
    "readouts": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a cq:Readout }",
    "encounters": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?account cq:describesEncounter ?x }",
    "acts": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?encounter cq:hasSpeechAct ?x }",
    "issues": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?act cq:aboutIssue ?x }",
    "people": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a cq:Person FILTER NOT EXISTS { ?x owl:sameAs ?one } }",
    "set aside": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a cq:SetAside }",
}
# Names are looked up apart: every account repeats its publisher's, and a join would multiply them.
_PUBLISHERS: Final = """SELECT ?publisher (COUNT(DISTINCT ?readout) AS ?n) {
  ?readout a cq:Readout ; cq:publisher ?publisher
} GROUP BY ?publisher ORDER BY DESC(?n) ?publisher"""
_NEWEST: Final = f"""SELECT DISTINCT ?encounter ?date ?readout ?publisher {{
  ?readout a cq:Readout ; cq:publisher ?publisher ; cq:hasAccount ?account .
  ?account cq:describesEncounter ?encounter . ?encounter cq:date ?date
}} ORDER BY DESC(?date) ?encounter LIMIT {_LATEST}"""
_SAMPLE: Final = (
    _PREFIXES
    + """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

# Who raised which issue with whom, according to whose readout?
SELECT ?date ?publisher ?actor ?type ?issue ?quote
WHERE {
  ?readout cq:publisher/rdfs:label ?publisher ; cq:hasAccount/cq:describesEncounter ?encounter .
  ?encounter cq:date ?date ; cq:hasSpeechAct ?act .
  ?act cq:actor ?actor ; cq:actType ?type ; cq:aboutIssue ?issue ; cq:quote ?quote .
}
ORDER BY DESC(?date) LIMIT 50
"""
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """An encounter as the start page shows it."""

    iri: str
    date: str
    label: str
    publisher: str
    readout: str
    issues: tuple[tables.Cell, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the store holds; ``composed`` says how many of its readouts were composed as examples."""

    counts: Mapping[str, int]
    composed: int
    publishers: Sequence[tuple[str, str, int]]
    latest: Sequence[Meeting]


NOTHING: Final = Overview({}, 0, (), ())


@dataclass(slots=True)
class Once:
    """The overview, put together when the first page asks for it, and again when the data is another."""

    here: Site
    found: Overview = NOTHING
    version: str | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> Overview:
        with self.lock:
            version = self.here.engine.version()
            if self.version != version:
                self.found, self.version = overview(self.here), version
            return self.found


def overview(here: Site) -> Overview:
    """Counts, publishers and the latest encounters."""

    def number(query: str) -> int:
        return int(tables.plain(here.engine.select(_PREFIXES + query).rows[0][0]))

    publishers = here.engine.select(_PREFIXES + _PUBLISHERS).rows
    newest = here.engine.select(_PREFIXES + _NEWEST).rows
    names = tables.labels_of(here, [term for row in (*publishers, *newest) for term in row])
    issues = _issues(here, [encounter for encounter, *_ in newest])
    latest = []
    for row in newest:
        encounter, day, readout, publisher = map(tables.plain, row)
        label, who = (names.get(iri) or tables.short(iri) for iri in (encounter, publisher))
        latest.append(Meeting(encounter, day, label, who, readout, issues.get(encounter, ())))
    counted = [(iri, names.get(iri) or tables.short(iri), int(n)) for iri, n in (map(tables.plain, row) for row in publishers if row[0])]
    composed = number("SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a cq:Readout ; cq:composed true }")
    return Overview({name: number(query) for name, query in _COUNTS.items()}, composed, counted, latest)


def _issues(here: Site, encounters: Sequence[Term | None]) -> dict[str, tuple[tables.Cell, ...]]:
    """The first issues of each encounter."""
    values = " ".join(str(encounter) for encounter in encounters if encounter is not None)
    query = f"""SELECT ?e ?issue (MIN(?order) AS ?first) {{ VALUES ?e {{ {values} }}
                ?e cq:hasSpeechAct ?act . ?act cq:order ?order ; cq:aboutIssue ?issue }} GROUP BY ?e ?issue ORDER BY ?e ?first ?issue"""
    found: dict[str, list[Term]] = {}
    for encounter, issue, _ in here.engine.select(_PREFIXES + query):
        if issue is not None and len(found.setdefault(tables.plain(encounter), [])) < 4:
            found[tables.plain(encounter)].append(issue)
    labels = tables.labels_of(here, (issue for some in found.values() for issue in some))
    return {encounter: tuple(tables.cell(here, issue, labels) for issue in some) for encounter, some in found.items()}


@blueprint.app_context_processor
def _frame() -> dict[str, object]:
    """What every page needs: how much of what is shown is composed, and ways to make links."""
    once = cast(Once, current_app.extensions["communique.overview"])

    def ask(query: str, form: str | None = None) -> str:
        return "/sparql?" + urlencode({"query": query, **({"format": form} if form else {})})

    try:
        found = once.get()
    except Unanswered:  # the page that says so needs it too
        found = NOTHING
    return {"overview": found, "ask_link": ask, "sample_query": _SAMPLE}


@blueprint.get("/")
def home() -> str:
    """The start page."""
    cast(Once, current_app.extensions["communique.overview"]).get()  # without it there is no start page
    known = catalogue.load()
    first = [known[name] for name in _FIRST if name in known] or list(known.values())[: len(_FIRST)]
    return render_template("home.html", first=first, all=len(known))


@blueprint.get("/queries")
def queries() -> str:
    """All saved questions."""
    return render_template("queries.html", queries=catalogue.load().values())


@blueprint.get("/query/<name>")
def query(name: str) -> Response:
    """One saved question: its form, its answer, and the same answer as data."""
    here = site()
    try:
        saved = catalogue.get(name)
    except QueryError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from error
    # A field that was left empty means what the query says when nobody gives a value.
    given = [(key, value) for key, value in request.args.items(multi=True) if value.strip()]
    shown = {param.name: param.default or "" for param in saved.params} | dict(given)
    try:
        text = saved.bind(given, here.engine)
    except ParameterError as error:
        lacking = not given
        page = render_template("query.html", query=saved, shown=shown, refused=None if lacking else str(error))
        return Response(page, HTTPStatus.OK if lacking else HTTPStatus.BAD_REQUEST, mimetype="text/html")
    rows = here.engine.select(text, limit=_SHOWN + 1)
    table = tables.of_rows(here, rows.variables, rows.rows, _SHOWN, catalogue.links(rows.variables))
    return Response(render_template("query.html", query=saved, shown=shown, text=text, table=table, formats=ROWS), mimetype="text/html")
