"""What one reads to understand the rest: the data as a whole, and what this is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, current_app, g, request

from communique.server import downloads
from communique.server.pages import asking, counting, readouts
from communique.server.pages.asking import rows
from communique.server.pages.frame import Rail, Source, page
from communique.server.site import site

blueprint = Blueprint("reference", __name__)

_LISTS: Final = {"csv": "text/csv", "json": "application/json"}
_FIGURES: Final = {
    "documents set aside": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a cq:SetAside }",
    "triples read": "SELECT (SUM(?some) AS ?n) { ?graph cq:statementsRead ?some }",
    "triples inferred": "SELECT (SUM(?some) AS ?n) { ?graph cq:statementsInferred ?some }",
}
# From the register and the facets.
_COUNTED: Final = """SELECT (SELECT COUNT(*) FROM encounter) AS encounters, (SELECT COUNT(*) FROM act) AS acts,
  (SELECT COUNT(DISTINCT one) FROM pair) AS twice, (SELECT COUNT(DISTINCT iri) FROM commitment) AS commitments"""
_SOURCES: Final = """SELECT ?publisher ?language ?n ?first ?last {
  { SELECT ?publisher ?language (COUNT(DISTINCT ?readout) AS ?n) {
      ?readout a cq:Readout ; cq:publisher ?publisher OPTIONAL { ?readout cq:language ?language }
    } GROUP BY ?publisher ?language }
  OPTIONAL { SELECT ?publisher (MIN(?date) AS ?first) (MAX(?date) AS ?last) {
      ?readout a cq:Readout ; cq:publisher ?publisher ; cq:date ?date
    } GROUP BY ?publisher }
} ORDER BY DESC(?n) ?publisher ?language"""
_BARE: Final = """SELECT ?publisher (COUNT(DISTINCT ?readout) AS ?n) (COUNT(DISTINCT ?month) AS ?months)
  (MIN(?date) AS ?first) (MAX(?date) AS ?last) {
  ?readout cq:factsOnly true ; cq:publisher ?publisher ; cq:date ?date BIND(SUBSTR(STR(?date), 1, 7) AS ?month)
} GROUP BY ?publisher ORDER BY DESC(?n) ?publisher"""
# The same from the facets.
_BY_SOURCE: Final = """SELECT publisher, language, COUNT(*) AS n, first, last
FROM readout JOIN (SELECT publisher, MIN(NULLIF(date, '')) AS first, MAX(NULLIF(date, '')) AS last FROM readout GROUP BY publisher)
USING (publisher) GROUP BY publisher, language ORDER BY n DESC, publisher, language"""
_BARE_BY_SOURCE: Final = """SELECT publisher, COUNT(*) AS n, COUNT(DISTINCT substr(date, 1, 7)) AS months,
  MIN(date) AS first, MAX(date) AS last
FROM readout WHERE bare AND date <> '' GROUP BY publisher ORDER BY n DESC, publisher"""
_LICENCES: Final = (
    """SELECT ?licence (COUNT(DISTINCT ?document) AS ?n) { ?document cq:licence ?licence } GROUP BY ?licence ORDER BY DESC(?n) ?licence"""
)
_READ: Final = """SELECT ?version ?tables (COUNT(DISTINCT ?reading) AS ?n) {
  ?reading cq:softwareVersion ?version ; cq:lexiconHash ?tables
} GROUP BY ?version ?tables ORDER BY DESC(?n) ?version ?tables"""


@blueprint.get("/data")
def data() -> Response:
    """What there is, where it comes from, and how to take it away; files are told of as soon as they are written."""
    known = readouts.counted(site())
    sources, bare = known.rows(_BY_SOURCE), known.rows(_BARE_BY_SOURCE)
    dumps = downloads.ready(site())
    g.gave_up = dumps is None  # it soon is another page
    return page(
        "data.html",
        Rail(
            "Data",
            [Source("sources", _SOURCES), Source("readouts without words", _BARE)],
            files=[(f"files.{form}", f"/data.{form}", media) for form, media in _LISTS.items()],
        ),
        dumps=dumps,
        soon=site().engine.isolated,
        licence=current_app.extensions["communique.licence"],
        figures=_figures(sum(int(row["n"]) for row in sources)),
        published=sources,
        bare=bare,
        licences=[row for row in rows(_LICENCES, keep=True) if "licence" in row],
        read=[row for row in rows(_READ, keep=True) if "version" in row],
        graphs=("ontology", "vocabulary", "reference", "global", "findings"),
        graph_iri=_graph,
        names=asking.names(row["publisher"] for row in sources),
    )


@blueprint.get("/data.<any(csv, json):form>")
def listed(form: str) -> Response:
    """The files as a list: name, content, form, rows, size, hash, terms and address of each."""
    dumps = downloads.dumps(site())
    licence = current_app.extensions["communique.licence"]
    told = [
        {
            "name": file.name,
            "about": file.about,
            "form": file.form,
            "items": file.items,
            "unit": file.unit,
            "bytes": file.size,
            "sha256": file.sha256,
            "licence": file.licence or licence,
            "address": f"{request.url_root}dumps/{dumps.version}/{file.name}",
        }
        for file in dumps.files
    ]
    if form == "json":
        return Response(json.dumps({"version": dumps.version, "files": told}, indent=1) + "\n", mimetype=_LISTS[form])
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(told[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(told)
    return Response(out.getvalue(), content_type="text/csv; charset=utf-8")


@blueprint.get("/about")
def about() -> Response:
    """What this is, and how far it can be trusted."""
    return page("about.html", Rail("About"))


def _figures(readouts_: int) -> Mapping[str, int]:
    counted = {name: int(n) for name, n in counting.rows(_COUNTED)[0].items()}
    asked = {name: next((int(row["n"]) for row in rows(query, keep=True) if "n" in row), 0) for name, query in _FIGURES.items()}
    return {
        "readouts": readouts_,
        "documents set aside": asked["documents set aside"],
        "accounts of encounters": counted["encounters"],
        "of them, with an account of another side": counted["twice"],
        "statements (speech acts)": counted["acts"],
        "commitments": counted["commitments"],
        "triples read": asked["triples read"],
        "triples inferred": asked["triples inferred"],
    }


def _graph(name: str) -> str:
    return site().iris.graph(name)
