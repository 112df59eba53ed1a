"""What every page has: the right rail (address, citation, formats, the queries behind it) and the words in the frame around it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, current_app, g, render_template, request
from markupsafe import Markup, escape
from werkzeug.routing import RequestRedirect

from communique.iris import slug
from communique.server import search
from communique.server.links import Links
from communique.server.negotiate import HTML, ROWS, TRIPLES, Offer, choose, varies
from communique.server.pages import asking, wording
from communique.server.pages.citing import FORMS, Citation
from communique.server.pages.kept import Answers
from communique.server.problems import Problem
from communique.server.site import site
from communique.server.version import Kept, software

SAMPLE: Final = """PREFIX cq: <https://w3id.org/communique/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

# Who raised which issue with whom, according to whose readout?
SELECT ?date ?publisher ?actor ?type ?issue ?quote
WHERE {
  ?readout cq:publisher ?publisher ; cq:hasAccount/cq:describesEncounter ?encounter .
  ?encounter cq:date ?date ; cq:hasSpeechAct ?act .
  ?act cq:actor ?actor ; cq:actType ?type ; cq:aboutIssue ?issue .
  OPTIONAL { ?act cq:quote ?quote }
}
ORDER BY DESC(?date) LIMIT 50
"""
_READ: Final = {"GET", "HEAD", "OPTIONS"}
_CITED: Final = {"text": "Text", "bib": "BibTeX", "ris": "RIS", "csl": "CSL-JSON"}


@dataclass(frozen=True, slots=True)
class Source:
    """A query behind a page, and what it is for: as it was run, or one with the same answer as what the page counts itself."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Rail:
    """What the rail tells of a page: ``iri`` names the thing it is about, ``sources`` are its queries (the first is the main one).

    ``teller``, ``day`` and ``published`` are of the readout, where a page shows one account; ``feed`` is where news of the page is,
    ``files`` are other forms of it: name, address and media type.
    """

    title: str
    sources: Sequence[Source] = ()
    iri: str = ""
    teller: str = ""
    day: str = ""
    published: str = ""
    feed: str = ""
    files: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: where choosing it (or removing it) leads."""

    name: str
    href: str
    count: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in a long list a page is."""

    number: int
    last: int
    total: int
    first: int
    until: int

    def href(self, number: int) -> str:
        """The address of another page of the same list."""
        return here(page=number if number > 1 else None)


def links() -> Links:
    """The addresses of the site that answers."""
    return Links(site())


def here(**changed: object) -> str:
    """The address of this page with some of its state changed."""
    args: dict[str, object] = {key: request.args.getlist(key) for key in sorted(request.args)}
    args.pop("cite", None)
    return links().to(request.path, **{**args, **changed})


def paged(total: int, size: int) -> Pages:
    """The part of a list that the address asks for; beyond its end is the last."""
    last = max(1, -(-total // size))
    given = request.args.get("page", "1")
    number = min(last, max(1, int(given))) if given.isascii() and given.isdigit() and len(given) < 9 else 1
    return Pages(number, last, total, (number - 1) * size, min(total, number * size))


@dataclass(frozen=True, slots=True)
class Aside:
    """The rail as a page shows it."""

    title: str
    iri: str
    address: str
    cited: Sequence[tuple[str, str, str, str]]
    formats: Sequence[tuple[str, str, str]]
    sources: Sequence[tuple[str, str]]


def page(template: str, rail: Rail, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Response:
    """A page with its rail; who would rather have what it shows as data, by ``?format=`` or ``Accept``, is led there."""
    told = shown(rail)
    if status == HTTPStatus.OK and (elsewhere := _as_data(told)):
        answer = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": elsewhere})
    else:
        answer = Response(render_template(template, rail=told, **context), status, mimetype="text/html")
    varies(answer, "Accept")
    return answer


def _as_data(told: Aside) -> str | None:
    """Where the same as a page is as data, in the form that is wanted; none if that is the page.

    The first answer of a page is meant: what the address is of in the rail.  Pages of things lead to theirs before they are made.
    """
    if request.method not in ("GET", "HEAD") or "cite" in request.args:
        return None
    known = {offer.name: offer for offer in ROWS}
    offers = (HTML, *(known.get(name) or Offer(name, media_type) for name, _, media_type in told.formats))
    choice = choose(request.headers.get("Accept"), offers, request.args.get("format"))
    return next((address for name, address, _ in told.formats if choice and name == choice.offer.name), None)


def aside(title: str, iri: str = "", query: str = "") -> Aside:
    """The rail of a page that is about a thing, or about the answer to a query: for templates of other rooms."""
    return shown(Rail(title, [Source("the query", query)] if query else (), iri))


def shown(rail: Rail) -> Aside:
    """The rail with everything that it shows.  Raises ``Problem``: 400 for a form of citation that is none."""
    address = request.url_root.rstrip("/") + here()
    if request.args.get("cite", "text") not in FORMS:
        raise Problem(HTTPStatus.BAD_REQUEST, f"a page is cited as {', '.join(FORMS)}")
    g.citation = Citation(rail.title, address, software(), rail.teller, rail.day, rail.published)
    cited = [(name, form, here(cite=form), g.citation.as_(form)) for form, name in _CITED.items()]
    return Aside(rail.title, rail.iri, address, cited, _formats(rail), [(s.name, asking.shown(s.query)) for s in rail.sources])


def _cited_alone(response: Response) -> Response:
    """How to cite a page, instead of the page, if the address ends with ``cite=``."""
    citation = g.pop("citation", None)
    form = request.args.get("cite") if citation else None
    if form is None or response.status_code != HTTPStatus.OK:
        return response
    ending = {"text": "txt", "csl": "json"}.get(form, form)
    named = f'inline; filename="{slug(citation.title)[:60]}.{ending}"'
    return Response(citation.as_(form), content_type=FORMS[form], headers={"Content-Disposition": named})


def _formats(rail: Rail) -> list[tuple[str, str, str]]:
    """The same as data: of a thing its statements, of a list its rows; name, address and media type of each."""
    url = links()
    feed = [("atom", rail.feed, "application/atom+xml")] if rail.feed else []
    if rail.iri and (path := url.about(rail.iri)):
        return [*((offer.name, f"{path}.{offer.name}", offer.media_type) for offer in TRIPLES), *feed]
    rows = [(offer.name, url.sparql(asking.shown(rail.sources[0].query), offer.name), offer.media_type) for offer in ROWS if rail.sources]
    return [*rows, *rail.files, *feed]


class _Elsewhere(RequestRedirect):
    """There is no such page here now, but what is known is told elsewhere."""

    code = HTTPStatus.SEE_OTHER


def missing(detail: str, iri: str = "") -> Problem | RequestRedirect:
    """What to raise where a page finds nothing: 404 with what is nearest, or the general page of a thing that is known."""
    here_ = site()
    node = asking.node_of(iri)
    if node and here_.engine.ask(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} }}"):
        return _Elsewhere(links().about(iri) or "/")
    return nowhere(detail)


def nowhere(detail: str, alike: Sequence[tuple[str, str]] = ()) -> Problem:
    """404 with the pages and things whose names are nearest to the address, after those that are known to be (name and address)."""
    here_, first = site(), request.path.split("/")[1]
    rooms = {rule.rule[1:] for rule in current_app.url_map.iter_rules() if re.fullmatch(r"/[a-z]+", rule.rule) and rule.methods == _READ}
    typed = difflib.get_close_matches(first, rooms, 2, 0.7) if first not in rooms else []
    near = [{"name": name, "page": page} for name, page in (*alike, *((f"the page /{room}", f"/{room}") for room in typed))]
    near += [{"name": hit.name, "iri": hit.iri, "page": links().page(hit.iri) or hit.iri} for hit in search.nearest(here_, request.path)]
    return Problem(HTTPStatus.NOT_FOUND, detail, {"nearest": near})


def install(app: Flask) -> None:
    """Make the words of the frame known to templates."""
    app.extensions["communique.kept"] = Answers(app.extensions["communique.workshop"].root / "kept")
    app.extensions["communique.names"] = Kept(asking.known)
    app.after_request(_cited_alone)
    app.jinja_env.globals.update(
        aside=aside,
        here=here,
        software=software,
        plural=wording.plural,
        tellings=wording.tellings,
        article=wording.article,
        of=wording.of,
        listed=wording.listed,
        capital=wording.capital,
    )
    app.jinja_env.filters["thousands"] = lambda number: f"{int(number):,}"
    app.jinja_env.filters["breakable"] = lambda address: escape(address).replace("/", Markup("/<wbr>"))
    app.jinja_env.globals["sample_query"] = SAMPLE
    app.context_processor(lambda: {"url": links(), "there": {rule.rule for rule in app.url_map.iter_rules()}})


def counts(found: Sequence[Mapping[str, str]], key: str = "v") -> dict[str, int]:
    """Rows of a value and a number as a mapping."""
    return {row[key]: int(row["n"]) for row in found if key in row}
