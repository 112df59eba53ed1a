"""Everything that is named dereferences: an IRI of ours leads (303) to a page about it, or to the same as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, g, render_template, request

from communique.iris import CQ
from communique.ontology.withdrawn import COMMENT, TOMBSTONE
from communique.queries.exports import PREFIXES
from communique.server import description, forms, paging, search, tables, version
from communique.server.links import Links
from communique.server.negotiate import HTML, TRIPLES, Choice, choose
from communique.server.problems import Problem
from communique.server.site import Site, site
from communique.server.sparql import negotiated, not_acceptable
from communique.store import Dataset, Term

blueprint = Blueprint("things", __name__)
version.keyed(blueprint)

_OFFERS: Final = (HTML, *TRIPLES)
_PAGES: Final = ("encounter", "issue", "minister", "party", "readout", "state", "statement")  # pages of things under addresses of their own
_SHOWN: Final = 30  # values of one property on a page; the data has all of them
_INCOMING: Final = 12  # the same where there are many, and things that point here
_PAGE: Final = 100  # of one property
_VOICES: Final = 4  # that are looked up for one value, of which three are named
_GRAPHS: Final = 50  # enough to see that more than one side speaks of a thing
_SORTED: Final = 500  # values of one property that are sorted; of more it takes long, and nobody looks them through
_FEW: Final = 2000  # statements about a thing that are read at once
_READ: Final = 50_000  # statements with a thing that are counted
_READ_OF_EACH: Final = 5000  # the same of a graph that is no readout's
_SHARED: Final = ("vocabulary", "vocabulary/inferred", "reference", "reference/inferred", "global")
_TYPE: Final = PREFIXES["rdf"] + "type"
_SHOWN_ALREADY: Final = {PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel", CQ + "quote"}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who states something: a publisher, the vocabulary ...; ``inferred`` if it follows from what they state."""

    who: str
    href: str | None
    inferred: bool


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a thing with its values, each with who states it; ``total`` counts those that are not shown too, if that is known."""

    name: tables.Cell
    values: Sequence[tuple[tables.Cell, Sequence[Voice]]]
    total: int | None


class _Ends:
    """What is at the other ends of a thing's properties: how many of each (``totals``), and some of them.

    A million statements point to a state of which 100,000 readouts tell.  Of so many only the first are counted, and those of each graph
    that is no readout's, so that no property is missed that makes the thing what it is; there are then ``more`` than the totals.
    ``pattern`` holds between a property and such an end.
    """

    def __init__(self, here: Site, pattern: Callable[[str, str], str]) -> None:
        self._here, self._pattern = here, pattern
        ends = pattern("?p", "?x")
        self.totals, read = self._counted(ends, _READ + 1)
        self.more = read > _READ
        for name in _SHARED if self.more else ():
            for p, total in self._counted(f"GRAPH <{here.iris.graph(name)}> {{ {ends} }}", _READ_OF_EACH)[0].items():
                self.totals[p] = max(total, self.totals.get(p, 0))
        self.totals = dict(sorted(self.totals.items(), key=str))

    def some(self, page: paging.Page, of: ox.NamedNode | None = None) -> dict[ox.NamedNode, list[Term]]:
        """The same page of each property, or of one, in one query."""
        found: dict[ox.NamedNode, list[Term]] = {p: [] for p in ([of] if of else self.totals)}
        parts = []
        for each in found:
            order = "ORDER BY ?x" if self.totals[each] <= _SORTED and not self.more else ""
            part = f"SELECT DISTINCT ?p ?x {{ {self._pattern(str(each), '?x')} BIND({each} AS ?p) }} {order}"
            parts.append(f"{{ {part} LIMIT {page.size} OFFSET {page.offset} }}")
        for p, x in self._here.engine.select(f"SELECT ?p ?x {{ {' UNION '.join(parts)} }} ORDER BY ?p ?x") if parts else ():
            if isinstance(p, ox.NamedNode) and x is not None:
                found[p].append(x)
        return found

    def total(self, p: ox.NamedNode, page: paging.Page, shown: Sequence[Term]) -> int | None:
        """How many ends a property has of which a page shows some; ``None`` if it has more and nobody counted them."""
        if not self.more:
            return self.totals[p]
        return None if len(shown) == page.size else page.offset + len(shown)

    def _counted(self, ends: str, most: int) -> tuple[dict[ox.NamedNode, int], int]:
        """How many ends each property has in the first statements, and how many these are."""
        first = f"SELECT ?p ?x {{ {ends} }} LIMIT {most}"
        query = f"SELECT ?p (COUNT(DISTINCT ?x) AS ?n) (COUNT(*) AS ?all) {{ {{ {first} }} }} GROUP BY ?p ORDER BY ?p"
        rows = self._here.engine.select(query).rows
        totals = {p: int(tables.plain(n)) for p, n, _ in rows if isinstance(p, ox.NamedNode)}
        return totals, sum(int(tables.plain(every)) for *_, every in rows)


@dataclass(frozen=True, slots=True)
class _Own:
    """What is said of a thing: of each property the first ``values`` of the ``total``, and in which ``graphs`` each is ``stated``."""

    values: Mapping[ox.NamedNode, Sequence[Term]]
    stated: Mapping[tuple[Term, Term], Sequence[Term]]
    graphs: Sequence[Term]
    total: Callable[[ox.NamedNode], int | None]


@blueprint.get("/<any(id, vocab, graph, statement, ns, aggregate):room>/<path:rest>")
def thing(room: str, rest: str) -> Response:
    """A thing is not a page: what is known about it is elsewhere, in the form that is asked for by suffix, ``?format=`` or ``Accept``."""
    here = site()
    path = f"{room}/{rest}"
    node, suffix = _named(here, path)
    choice = _chosen(suffix)
    about = f"/about/{quote(forms.suffixed(path)[0] if suffix else path)}"
    kept = urlencode([(key, value) for key, value in request.args.items(multi=True) if key != "format"])
    own = _own_page(here, node) if choice.offer is HTML and not kept else None
    target = own or (about if choice.offer is HTML else f"{about}.{choice.offer.name}") + (f"?{kept}" if kept else "")
    response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": target})
    response.headers.extend([("Link", value) for value in forms.alternates(about, [(about, "describedby")])])
    return negotiated(response)


@blueprint.get("/about/<path:path>")
def about(path: str) -> Response:
    """What is known about a thing: a page, or the statements as data."""
    here = site()
    node, suffix = _named(here, path)
    choice = _chosen(suffix)
    stem = forms.suffixed(path)[0] if suffix else path
    address = f"/about/{quote(stem)}"
    # The one name of a thing is its IRI, under whatever host it is answered for.
    links = [(node.value, "describes"), (f"{request.root_url}dataset", "collection")]
    if choice.offer is HTML:
        response, beside = _page(here, node)
    else:
        page = paging.asked(forms.SIZE, forms.SIZE)
        found = forms.known(here, node, page)
        form = choice.offer.name
        root = request.root_url.rstrip("/")
        body = forms.document(here, node, f"{root}{address}.{form}", f"{root}/dataset", found, form)
        response = Response(body, content_type=choice.media_type)
        beside = paging.beside(page, more=found.more)
    response.headers.extend([("Link", value) for value in forms.alternates(address, links)])
    return negotiated(paging.link(response, beside))


def _own_page(here: Site, node: ox.NamedNode) -> str | None:
    """The page that is made for things of this kind; ``None`` if there is none."""
    page = Links(here).page(node.value)
    if page is None or page == here.path(node.value):
        return None
    return page if current_app.create_url_adapter(request).test(urlsplit(page).path) else None  # type: ignore[union-attr]  # in a request


def _named(here: Site, path: str) -> tuple[ox.NamedNode, str | None]:
    """The thing that a path names, and the form that its suffix asks for, if it is not part of the name.

    Raises ``Problem``: 404 for what is not known, with what is nearest; 410 for what was withdrawn, with the reason.
    """
    for name, suffix in dict.fromkeys(((path, None), forms.suffixed(path))):
        try:
            node = ox.NamedNode(here.iri(name))
        except ValueError:
            continue
        # That something was withdrawn is all that is said of it then.
        said = f"{node} ?p ?o FILTER(?o != <{TOMBSTONE}> && ?p != <{COMMENT}>)"
        if here.engine.ask(f"ASK {{ {{ {said} }} UNION {{ ?s ?q {node} }} UNION {{ GRAPH {node} {{ ?a ?b ?c }} }} }}"):
            return node, suffix
    stem = forms.suffixed(path)[0]
    if gone := forms.gone(here, here.iri(stem)):
        raise gone
    near = [{"name": hit.name, "iri": hit.iri, "page": here.path(hit.iri) or hit.iri} for hit in search.nearest(here, stem)]
    raise Problem(HTTPStatus.NOT_FOUND, f"nothing here is called {here.iri(stem)}", {"nearest": near})


def _chosen(suffix: str | None) -> Choice:
    """The form of an answer.  Raises ``Problem``: 406."""
    choice = _choice(suffix)
    if choice is None:
        raise not_acceptable(_OFFERS)
    return choice


def _choice(suffix: str | None) -> Choice | None:
    named = suffix or request.args.get("format")
    # JSON is on offer by its own name only: who accepts it gets JSON-LD, which is JSON, by that.
    return Choice(forms.JSON, forms.JSON.media_type) if named == forms.JSON.name else choose(request.headers.get("Accept"), _OFFERS, named)


@blueprint.before_app_request
def as_data() -> Response | None:
    """The page of a thing under another address leads to the same as data for who asks for that, by suffix, ``?format=`` or ``Accept``."""
    head, _, rest = request.path.lstrip("/").partition("/")
    if (
        head not in _PAGES
        or not rest
        or request.blueprint == blueprint.name
        or request.method not in ("GET", "HEAD")
        or "cite" in request.args
    ):
        return None
    here = site()
    stem, suffix = forms.suffixed(request.path)
    path = here.path(Links(here).thing(stem))
    choice = _choice(suffix)
    g.about = f"/about{quote(path)}" if path else None
    if g.about is None or choice is None or choice.offer is HTML:
        return None
    response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{g.about}.{choice.offer.name}"})
    return negotiated(response)


@blueprint.after_app_request
def with_forms(response: Response) -> Response:
    """Such a page depends on what is accepted, and tells where the same is as data."""
    if g.get("about") and response.status_code == HTTPStatus.OK:
        response.headers.extend([("Link", value) for value in forms.alternates(g.about, [(g.about, "describedby")])])
        negotiated(response)
    return response


@blueprint.get("/ns")
@blueprint.get("/ns.<any(ttl, nt, jsonld, rdf, trig, nq, json):suffix>")
def terms(suffix: str | None = None) -> Response:
    """The terms of the ontology: a page with their definitions, or the ontology as data."""
    here = site()
    choice = _chosen(suffix)

    def linked(response: Response) -> Response:
        response.headers.extend([("Link", value) for value in forms.alternates("/ns")])
        return negotiated(response)

    ontology = Dataset(default=(here.iris.graph("ontology"),))
    if choice.offer is not HTML:
        triples = here.engine.construct("CONSTRUCT WHERE { ?s ?p ?o }", ontology)
        form = "jsonld" if choice.offer is forms.JSON else choice.offer.name
        return linked(Response(description.serialised(sorted(triples, key=str), form), content_type=choice.media_type))
    query = f"""PREFIX skos: <{PREFIXES["skos"]}> PREFIX owl: <{PREFIXES["owl"]}>
        SELECT ?term (SAMPLE(?name) AS ?label) (SAMPLE(?text) AS ?definition) (SAMPLE(?kind) AS ?of) {{
          ?term a ?kind ; <{PREFIXES["rdfs"]}label> ?name FILTER(STRSTARTS(STR(?term), "{CQ}"))
          VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty owl:NamedIndividual }}
          OPTIONAL {{ ?term skos:definition ?text }}
        }} GROUP BY ?term ORDER BY ?term"""
    rows = [tuple(map(tables.plain, row)) for row in here.engine.select(query, ontology)]
    return linked(Response(render_template("terms.html", terms=rows, namespace=CQ), mimetype="text/html"))


def _page(here: Site, node: ox.NamedNode) -> tuple[Response, dict[str, str]]:
    """The page of a thing, in a fixed number of queries; with ``?of=``, a page of what points to it by one property."""
    to = _Ends(here, lambda q, x: f"{x} {q} {node}")
    of = next((q for q in to.totals if q.value == request.args.get("of")), None)
    own = _own(here, node)
    shown = {} if of else {p: some for p, some in own.values.items() if p.value not in _SHOWN_ALREADY}
    graphs = sorted({tables.plain(graph) for graph in [*own.graphs, *(graph for some in own.stated.values() for graph in some)]})
    tellers = _tellers(here, graphs)
    page = paging.asked(_PAGE if of else _INCOMING, _PAGE)
    incoming = to.some(page, of)
    total = to.total(of, page, incoming[of]) if of else 0
    beside = paging.beside(page, more=total is None or page.offset + page.size < total) if of else {}
    named = [node, *shown, *(o for some in shown.values() for o in some), *incoming, *(s for some in incoming.values() for s in some)]
    labels = tables.labels_of(here, [*named, *tellers.values()])
    voices = {graph: _voice(here, graph, tellers, labels) for graph in graphs}
    # Where all that is asserted comes from one side, that is told once, above the table.
    sides = {voice.who: voice for voice in voices.values() if not voice.inferred}
    side = next(iter(sides.values())) if len(sides) == 1 else None

    def cell(term: Term) -> tables.Cell:
        return tables.cell(here, term, labels)

    def told(p: ox.NamedNode, o: Term) -> Sequence[Voice]:
        return _told([voices[tables.plain(graph)] for graph in own.stated.get((p, o), ())], side)

    about = [Property(cell(p), [(cell(o), told(p, o)) for o in some], own.total(p)) for p, some in shown.items()]
    about.sort(key=lambda each: (each.name.iri != _TYPE, each.name.text.lower()))
    pointing = [Property(cell(q), [(cell(s), ()) for s in some], to.total(q, page, some)) for q, some in incoming.items()]
    body = render_template(
        "thing.html",
        iri=node.value,
        title=labels.get(node.value) or tables.short(node.value),
        quote=next((tables.plain(o) for p, some in own.values.items() if p.value == CQ + "quote" for o in some), None),
        side=side,
        about=about,
        pointing=pointing,
        of=of,
        beside=beside,
        all_of=lambda iri: paging.address(of=iri, page=None),
        everything=paging.address(of=None, page=None),
    )
    return Response(body, mimetype="text/html"), beside


def _own(here: Site, node: ox.NamedNode) -> _Own:
    """What is said of a thing, of which most have few statements: these are read in one query."""
    rows = here.engine.select(f"SELECT ?p ?o ?g {{ GRAPH ?g {{ {node} ?p ?o }} }} LIMIT {_FEW + 1}").rows
    if len(rows) <= _FEW:
        graphs: dict[tuple[ox.NamedNode, Term], list[Term]] = {}
        for p, o, graph in sorted(rows, key=_in_order):
            if isinstance(p, ox.NamedNode) and o is not None and graph is not None:
                graphs.setdefault((p, o), []).append(graph)
        every: dict[ox.NamedNode, list[Term]] = {}
        for p, o in graphs:
            every.setdefault(p, []).append(o)
        most = _each(map(len, every.values()))
        return _Own(
            {p: some[:most] for p, some in every.items()},
            {what: some[:_VOICES] for what, some in graphs.items()},
            tuple(dict.fromkeys(graph for some in graphs.values() for graph in some))[:_GRAPHS],
            lambda p: len(every[p]),
        )
    ends = _Ends(here, lambda p, x: f"{node} {p} {x}")
    first = paging.Page(1, _each(ends.totals.values()))
    values = ends.some(first)
    places = here.engine.select(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {node} ?p ?o }} }} LIMIT {_GRAPHS}").rows
    return _Own(values, _stated(here, node, values), [g for (g,) in places if g is not None], lambda p: ends.total(p, first, values[p]))


def _in_order(row: Sequence[Term | None]) -> list[tuple[bool, str, str]]:
    """A key that sorts rows as a query does: IRIs before literals, and these by their text."""
    return [(isinstance(term, ox.Literal), tables.plain(term), str(term)) for term in row]


def _each(totals: Iterable[int]) -> int:
    """How many values of each property are shown."""
    return _INCOMING if sum(min(total, _SHOWN) for total in totals) > _PAGE else _SHOWN


def _stated(here: Site, node: ox.NamedNode, values: Mapping[ox.NamedNode, Sequence[Term]]) -> dict[tuple[Term, Term], list[Term]]:
    """The first graphs in which each of some values stands."""
    out: dict[tuple[Term, Term], list[Term]] = {}
    order = "ORDER BY ?g" if sum(map(len, values.values())) <= _SHOWN else ""  # a thing of which many speak
    parts = [
        f"{{ SELECT ?p ?o ?g {{ GRAPH ?g {{ {node} {p} {o} }} BIND({p} AS ?p) BIND({o} AS ?o) }} {order} LIMIT {_VOICES} }}"
        for p, some in values.items()
        for o in some
    ]
    for p, o, graph in here.engine.select(f"SELECT ?p ?o ?g {{ {' UNION '.join(parts)} }} ORDER BY ?p ?o ?g") if parts else ():
        if p is not None and o is not None and graph is not None:
            out.setdefault((p, o), []).append(graph)
    return out


def _told(by: Sequence[Voice], side: Voice | None) -> Sequence[Voice]:
    """Who is named beside a value: each once, and who only implies it if nobody states it."""
    stated = [voice for voice in by if not voice.inferred]
    if stated and side:
        return ()
    return tuple({voice.who: voice for voice in stated or by}.values())


def _tellers(here: Site, graphs: Iterable[str]) -> dict[str, Term]:
    """Whose account each graph of a readout is."""
    accounts = " ".join(sorted({f"<{iri.removesuffix('/inferred')}>" for iri in graphs if here.iris.readout_of(iri)}))
    query = f"SELECT ?account ?publisher {{ VALUES ?account {{ {accounts} }} ?account <{CQ}accordingTo> ?publisher }}"
    rows = here.engine.select(query).rows if accounts else ()
    return {tables.plain(account): who for account, who in rows if who is not None}


def _voice(here: Site, graph: str, tellers: Mapping[str, Term], labels: Mapping[str, str]) -> Voice:
    """Who speaks in a graph."""
    asserted = graph.removesuffix("/inferred")
    who = f"from the graph {asserted.rsplit('/', 1)[1]}"
    if asserted in tellers:
        publisher = tables.plain(tellers[asserted])
        who = f"according to {labels.get(publisher) or tables.short(publisher)}"
    inferred = here.iris.is_inferred(graph) or graph == here.iris.graph("global")
    return Voice(who, here.path(here.iris.readout_of(graph) or graph), inferred)
