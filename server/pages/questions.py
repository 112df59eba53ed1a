"""The saved questions: a catalogue, and for each a form, its answer, and ways to ask it from elsewhere."""

from __future__ import annotations

import difflib
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, request

from communique.errors import ParameterError, QueryError
from communique.queries import catalogue
from communique.server import snippets, standing, tables
from communique.server.pages import views
from communique.server.pages.frame import Choice, Rail, Source, here, nowhere, page
from communique.server.site import site

blueprint = Blueprint("questions", __name__)

_SHOWN: Final = 500
_STATE: Final = ("view", "page", "cite", "format")


@blueprint.get("/queries")
def queries() -> Response:
    """All saved questions, or those with a tag."""
    known = list(catalogue.load().values())
    tags = sorted({tag for query in known for tag in query.tags})
    tag = request.args.get("tag", "")
    shown = [query for query in known if tag in query.tags] if tag in tags else known
    choices = [Choice(t, here(tag=None if t == tag else t), sum(t in q.tags for q in known), t == tag) for t in tags]
    return page("queries.html", Rail("Questions"), queries=shown, tags=choices)


@blueprint.get("/query/<name>")
def query(name: str) -> Response:
    """One saved question: its form, its answer, and the same answer as data."""
    here_ = site()
    try:
        saved = catalogue.get(name)
    except QueryError as error:
        alike = difflib.get_close_matches(name, catalogue.load(), 3)
        raise nowhere(str(error), [(saved, f"/query/{saved}") for saved in alike]) from error
    # A field that was left empty means what the query says when nobody gives a value.
    given = [(key, value) for key, value in request.args.items(multi=True) if value.strip() and key not in _STATE]
    # Days without end are no choice of anybody's: such a field is left empty.
    shown = {param.name: param.default or "" for param in saved.params if param.type != "date"} | dict(given)
    try:
        text = saved.bind(given, here_.engine)
    except ParameterError as error:
        lacking = not given
        status = HTTPStatus.OK if lacking else HTTPStatus.BAD_REQUEST
        return page("query.html", Rail(saved.summary), status, query=saved, shown=shown, refused=None if lacking else str(error))
    rows = standing.rows(here_, saved, text, _SHOWN + 1)
    table = tables.of_rows(here_, rows.variables, rows.rows, _SHOWN, catalogue.links(rows.variables))
    views_ = views.offered(saved, table)
    wanted = request.args.get("view", "")
    view = wanted if wanted in views_ else next(iter(views_))
    return page(
        "query.html",
        Rail(saved.summary, [Source(saved.name, text)]),
        query=saved,
        shown=shown,
        table=table,
        view=view,
        at=views_[view],
        views=[Choice(name, here(view=name if name != next(iter(views_)) else None), chosen=name == view) for name in views_],
        lacking=views.lacking(saved, table),
        network=views.network(table, views_[view]) if view == "network" else None,
        tree=views.tree(table, views_[view]) if view == "tree" else None,
        quotes=views.quotes(table, views_[view]) if view == "quotes" else None,
        copies=snippets.of(request.url_root.rstrip("/"), saved, given, text),
    )
