"""A store on another server: any that speaks SPARQL 1.1, asked and changed through SPARQLWrapper and the Graph Store Protocol.

The server is not asked to reason, and nothing is taken on trust: graphs are always named, an answer is counted where it could have
been cut, and a graph is counted after it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import BinaryIO, Final, Self
from urllib.parse import quote
from urllib.request import Request

import pyoxigraph as ox
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from communique.errors import QueryError, StoreError
from communique.store import answers, changes
from communique.store.address import Address
from communique.store.protocol import EVERYTHING, NO_EDITS, Capabilities, Dataset, Edit, Kind, Match, Row, Rows
from communique.store.syntax import Parts, described, graphs_named, parts, shape, syntax_error, variables
from communique.store.wire import Answer, Refused, Wire

CHUNK: Final = 5_000
"""Statements in one update: some stores refuse 15,000, and all take this."""
_CHECKED_FROM: Final = 500
_NOWHERE: Final = "<urn:communique:no-graph>"  # a dataset without graphs cannot be said in the protocol; one with an empty graph can
_THEIRS: Final = {"http://www.openlinksw.com/schemas/virtrdf#", "http://www.w3.org/ns/ldp#", "http://localuriqaserver/sparql"}
"""Graphs in which Virtuoso keeps data of its own."""
_EVERYWHERE: Final = "GRAPH ?g { ?s ?p ?o }"


class _Client(SPARQLWrapper):  # type: ignore[misc, unused-ignore]
    """SPARQLWrapper puts requests together; they are sent by the wire, which follows no redirect and sends again."""

    def request(self) -> Request:
        made: Request = self._createRequest()
        return made


class RemoteStore:
    """The store at an address.

    One writer at a time: a server knows no lock.  What is written is seen by readers of this class as a whole:

    - A change of up to ``CHUNK`` statements is one update request, which most stores do all or not at all.
    - A larger one is first written to waiting graphs, which no reader of this class sees, in as many requests as it takes; then one
      update request copies them into place.  If anything fails before, nothing has changed; what a killed writer leaves waiting goes with
      the first change of the next one.
    - Where a store does the steps of one request one by one, their order keeps a readout from passing for complete: graphs that go are
      removed before others come, an account before what was inferred from it; of those that come, what was inferred from an account
      comes before it.  An account that changes together with it is away in between.  The next run takes up what is missing.
    - Without an update address (``gsp`` alone) the same steps are a DELETE or a PUT each.
    """

    def __init__(self, address: Address, *, read_only: bool = False) -> None:
        self._address = address
        self._wire = Wire(address)
        self._writable = not read_only and bool(address.update or address.gsp)
        self._union_checked = False
        self._tidied = False

    @property
    def capabilities(self) -> Capabilities:
        """Durable and remote; writable with an address for changes."""
        return Capabilities(writable=self._writable, durable=True, remote=True)

    def select(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> Rows:
        """The rows of a SELECT query, all of them or an error."""
        if self._kind(query) is not Kind.ROWS:
            raise QueryError("this query has no rows", todo="ask with SELECT")
        return self._rows(query, dataset, limit)

    def ask(self, query: str, dataset: Dataset = EVERYTHING) -> bool:
        """The truth value of an ASK query."""
        if self._kind(query) is not Kind.TRUTH:
            raise QueryError("this query has no truth value", todo="ask with ASK")
        return answers.truth(self._send(query, dataset, "ASK").body, self._address)

    def construct(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> tuple[ox.Triple, ...]:
        """The triples of a CONSTRUCT or DESCRIBE query."""
        if self._kind(query) is not Kind.TRIPLES:
            raise QueryError("this query has no triples", todo="ask with CONSTRUCT or DESCRIBE")
        return tuple(islice(self._triples(query, dataset), limit))

    def match(self, subject: str | None, predicate: str | None, value: str | None, graph: str | None = None) -> Iterator[Match]:
        """The quads of a pattern, by a query."""
        given = (subject, predicate, value, f"<{graph}>" if graph else None)
        s, p, o, g = (term or name for term, name in zip(given, ("?s", "?p", "?o", "?g"), strict=True))
        where = Dataset(named=(graph,)) if graph else EVERYTHING
        free = [name for name in (s, p, o, g) if name[0] == "?"]
        if not free:
            yield from [(s, p, o, g[1:-1])] if self.ask(f"ASK {{ GRAPH {g} {{ {s} {p} {o} }} }}", where) else []
            return
        for row in self._rows(f"SELECT {' '.join(free)} {{ GRAPH {g} {{ {s} {p} {o} }} }}", where, None):
            found = dict(zip(free, map(str, row), strict=True))
            yield found.get(s, s), found.get(p, p), found.get(o, o), found.get(g, g)[1:-1]

    def query(self, query: str, syntax: str, out: BinaryIO, dataset: Dataset = EVERYTHING, base: str | None = None) -> Kind:
        """Write the answer of any query to ``out``; the protocol says in which formats."""
        kind = self._kind(query, base)
        known: Mapping[str, object] = answers.TRIPLES if kind is Kind.TRIPLES else answers.ROWS
        if syntax not in known:
            raise QueryError(f"the answer cannot be written as {syntax}", todo=f"choose {', '.join(known)}")
        text = f"BASE <{base}>\n{query}" if base else query
        if kind is Kind.TRIPLES:
            answers.write_triples(self._triples(text, dataset), syntax, out)
        elif kind is Kind.ROWS:
            answers.write_rows(self._rows(text, dataset), syntax, out)
        else:
            answers.write_truth(self.ask(text, dataset), syntax, out)
        return kind

    def apply(self, put: Mapping[str, Iterable[str]], drop: Iterable[str] = (), edit: Mapping[str, Edit] = NO_EDITS) -> None:
        """Replace, remove and change graphs, in the order and with the promise that the class tells of."""
        if not self._writable:
            raise StoreError("this store was opened for reading", where=self._address)
        new = {graph: changes.checked(graph, lines, self._address) for graph, lines in put.items()}
        edits = {g: tuple(changes.checked(g, some, self._address) for some in (e.remove, e.add)) for g, e in edit.items()}
        size = sum(map(len, (*new.values(), *(some for two in edits.values() for some in two))))
        if edits and not (self._address.update and size <= CHUNK):
            new |= {graph: self._edited(graph, *two) for graph, two in edits.items()}
            edits, size = {}, sum(map(len, new.values()))
        steps = changes.steps(new, drop)
        if not steps and not edits:
            return
        self._tidy()
        if not self._address.update or (self._address.gsp and len(steps) == 1 and size > CHUNK):
            for graph, lines in steps:
                self._put(graph, lines)
        elif size <= CHUNK:
            self._update(changes.update(steps, edits))
        else:
            self._switch(steps)
        self._verify({graph: len(lines) for graph, lines in new.items() if lines})

    def _edited(self, graph: str, remove: tuple[str, ...], add: tuple[str, ...]) -> tuple[str, ...]:
        """The triples that a graph will have."""
        there = changes.checked(graph, self.dump(graph), self._address)
        return tuple(sorted({*there}.difference(remove).union(add)))

    def put_graph(self, graph: str, lines: Iterable[str]) -> None:
        """Replace one graph."""
        self.apply({graph: lines})

    def delete_graph(self, graph: str) -> None:
        """Remove one graph."""
        self.apply({}, drop=(graph,))

    def graphs(self) -> tuple[str, ...]:
        """The named graphs, sorted; not those that wait to be switched."""
        # The one question that cannot name its graphs.
        rows = self._rows(f"SELECT DISTINCT ?g {{ {_EVERYWHERE} }}", None)
        names = (str(term)[1:-1] for (term,) in rows)
        return tuple(sorted(name for name in names if name not in _THEIRS and not name.endswith(changes.WAITING)))

    def has(self, graph: str) -> bool:
        """Whether there is such a graph."""
        return self.ask(f"ASK {{ GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }} }}", Dataset(named=(graph,)))

    def count(self, graph: str | None = None) -> int:
        """The number of quads, as the store counts them."""
        where = EVERYTHING if graph is None else Dataset(named=(graph,))
        return self._number(f"SELECT (COUNT(*) AS ?n) {{ {_EVERYWHERE} }}", where)

    def dump(self, graph: str | None = None) -> Iterator[str]:
        """The quads as N-Quads lines, one graph after the other."""
        for name in self.graphs() if graph is None else (graph,):
            node = ox.NamedNode(name)
            rows = self._rows(f"SELECT ?s ?p ?o {{ GRAPH {node} {{ ?s ?p ?o }} }}", Dataset(named=(name,)))
            yield from answers.lines(rows, node)

    def close(self) -> None:
        """Nothing is held open between two requests."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _kind(self, query: str, base: str | None = None) -> Kind:
        """What a query answers with; the engine's parser reads it here, so that a slip needs no server."""
        shape(query)
        try:
            result = ox.Store().query(query, base_iri=base)
        except SyntaxError as error:
            raise syntax_error(query, str(error)) from error
        except (RuntimeError, ValueError) as error:
            raise QueryError(f"the query could not be answered: {error}") from error
        return Kind.TRUTH if isinstance(result, ox.QueryBoolean) else Kind.ROWS if isinstance(result, ox.QuerySolutions) else Kind.TRIPLES

    def _rows(self, query: str, dataset: Dataset | None, limit: int | None = None) -> Rows:
        answer = self._send(query, dataset, "SELECT")
        found = answers.rows(answer.body, self._address)
        got = len(found)
        if limit is not None and got >= limit:
            return Rows(found.variables, found.rows[:limit])
        told = answers.told_cut(answer.headers, got)
        if not told and got < _CHECKED_FROM:
            return found
        piece = parts(query)
        total = self._total(piece, piece.body, dataset)
        if got == total:
            return found
        cut = f"the store cuts answers at {got:,} rows, and this one has {total:,}"
        if piece.ordered or not got:
            raise StoreError(cut, where=self._address, todo="raise the limit of the store, or leave out ORDER BY, LIMIT and OFFSET")
        order = " ".join(f"?{name}" for name in found.variables)
        pages: list[Row] = []
        for offset in range(0, total, got):
            # Put in order inside: Virtuoso does not sort and go far into what it sorted in one step.
            inner = f"SELECT {order} WHERE {{ {{ {piece.body}\n}} }} ORDER BY {order}"
            text = f"{piece.prologue} SELECT {order} {piece.dataset} WHERE {{ {{ {inner} }} }} OFFSET {offset} LIMIT {got}"
            pages.extend(answers.rows(self._send(text, dataset, "SELECT").body, self._address))
        different = len(set(pages))
        complete = different == total or different == self._total(piece, f"SELECT DISTINCT * WHERE {{ {{ {piece.body}\n}} }}", dataset)
        if len(pages) != total or not complete:
            raise StoreError(f"{cut}; page by page {different:,} came", where=self._address, todo="raise the limit of the store")
        return Rows(found.variables, tuple(pages))

    def _total(self, piece: Parts, body: str, dataset: Dataset | None) -> int:
        return self._number(f"{piece.prologue} SELECT (COUNT(*) AS ?communiqueRows) {piece.dataset} WHERE {{ {{ {body}\n}} }}", dataset)

    def _triples(self, query: str, dataset: Dataset) -> Iterator[ox.Triple]:
        """The triples are put together here, from rows that can be counted."""
        if shape(query).form == "DESCRIBE":
            query = described(query)
        piece = parts(query)
        names = variables(piece.template)
        if not names:  # a template of constants: one triple or two, or none
            yield from answers.triples(self._send(query, dataset, "CONSTRUCT").body, self._address)
            return
        listed = " ".join(f"?{name}" for name in names)
        text = f"{piece.prologue} SELECT DISTINCT {listed} {piece.dataset} WHERE {{ {{ SELECT {listed} WHERE {piece.pattern}\n}} }}"
        seen: set[ox.Triple] = set()
        for some in changes.batched(self._rows(text, dataset), CHUNK):
            for triple in answers.instances(piece.prologue, piece.template, names, some):
                if triple not in seen:
                    seen.add(triple)
                    yield triple

    def _number(self, query: str, dataset: Dataset | None) -> int:
        found = answers.rows(self._send(query, dataset, "SELECT").body, self._address)
        if len(found) == 1 and isinstance(number := found.rows[0][0], ox.Literal) and number.value.isdigit():
            return int(number.value)
        raise StoreError("the store does not count", where=self._address, todo="check that it is a SPARQL 1.1 endpoint")

    def _send(self, query: str, dataset: Dataset | None, form: str) -> Answer:
        default, named = self._named(query, dataset)
        if default or named:
            # In the query and not beside it: Virtuoso adds what stands beside it to the query's own, and tells each in a header.
            # Without any named graph it takes all for named, so one that is empty is named.
            piece = parts(query)
            graphs = [*(f"FROM {g}" for g in default), *(f"FROM NAMED {g}" for g in named or (_NOWHERE,))]
            query = "\n".join((piece.prologue, piece.head, *graphs, piece.body.removeprefix(piece.head)))
        client = _Client(self._address.query)
        client.setQuery(query)
        client.queryType = form
        client.setMethod(POST)
        client.setOnlyConneg(True)
        client.setReturnFormat(TURTLE if form == "CONSTRUCT" else JSON)
        try:
            return self._wire.send(client.request())
        except Refused as error:
            raise QueryError(f"the query could not be answered: {error.what}", where=error.where) from error

    def _named(self, query: str, dataset: Dataset | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The graphs that a request names: those of the dataset, else all unless the query or the address says which."""
        if dataset is None or (dataset == EVERYTHING and shape(query).own_dataset):
            return (), ()
        if dataset != EVERYTHING:
            default, named = (tuple(str(ox.NamedNode(g)) for g in some or ()) for some in (dataset.default, dataset.named))
            return default if default or named else (_NOWHERE,), named
        if self._address.union:
            self._check_union()
            return (), ()
        graphs = tuple(str(ox.NamedNode(g)) for g in self.graphs()) or (_NOWHERE,)
        # To Virtuoso a pattern without variables holds in a graph that is not named here; what is not there is named as well.
        return graphs, tuple(dict.fromkeys((*graphs, *graphs_named(query)))) if "GRAPH" in query.upper() else ()

    def _check_union(self) -> None:
        if self._union_checked:
            return
        first = f"{{ SELECT * {{ {_EVERYWHERE} }} LIMIT 1 }}"
        if self._plain(f"ASK {{ {first} }}") and not self._plain(f"ASK {{ {first} ?s ?p ?o }}"):
            what = "the default graph of this endpoint is not the union of its graphs"
            raise StoreError(what, where=self._address, todo="leave union=endpoint out of the address")
        self._union_checked = True

    def _plain(self, query: str) -> bool:
        return answers.truth(self._send(query, None, "ASK").body, self._address)

    def _update(self, text: str) -> None:
        client = _Client(self._address.query, updateEndpoint=self._address.update)
        client.setQuery(text)
        client.queryType = "INSERT"
        client.setMethod(POST)
        self._wire.send(client.request())

    def _put(self, graph: str, lines: tuple[str, ...]) -> None:
        """One graph by the Graph Store Protocol; an empty one is no graph."""
        url = f"{self._address.gsp}{'&' if '?' in self._address.gsp else '?'}graph={quote(graph, safe='')}"
        if lines:
            headers = {"Content-Type": "application/n-triples"}
            self._wire.send(Request(url, data="\n".join((*lines, "")).encode(), headers=headers, method="PUT"))
        elif self.has(graph):  # to remove what is not there is an error in this protocol, to remove it twice is none here
            self._wire.send(Request(url, method="DELETE"), gone=True)

    def _switch(self, steps: list[changes.Step]) -> None:
        """Write all graphs where nobody looks, then bring them into place in one request."""
        tidy = changes.update((graph + changes.WAITING, ()) for graph, lines in steps if lines)
        try:
            for graph, lines in steps:
                if lines and self._address.gsp:
                    self._put(graph + changes.WAITING, lines)
                    continue
                for i, some in enumerate(changes.batched(lines, CHUNK)):
                    self._update(changes.chunk(graph + changes.WAITING, some, first=i == 0))
            self._verify({graph + changes.WAITING: len(lines) for graph, lines in steps if lines})
            self._update(changes.switch(steps))
        except StoreError:
            with suppress(StoreError):  # what went wrong first is what the person must hear; nobody sees what is left
                self._update(tidy)
            raise
        self._update(tidy)

    def _tidy(self) -> None:
        """Before the first change: removes what a writer that was killed has left waiting."""
        if self._tidied or not self._address.update:
            return
        left = self._rows(f"SELECT DISTINCT ?g {{ {_EVERYWHERE} FILTER(STRENDS(STR(?g), '{changes.WAITING}')) }}", None)
        if left:
            self._update(changes.update((str(graph)[1:-1], ()) for (graph,) in left))
        self._tidied = True

    def _verify(self, sizes: Mapping[str, int]) -> None:
        """Count what was written.  Raises ``StoreError`` if a graph is not what was sent."""
        for some in changes.batched(sizes, 500):
            listed = " ".join(str(ox.NamedNode(g)) for g in some)
            query = f"SELECT ?g (COUNT(*) AS ?n) {{ VALUES ?g {{ {listed} }} {_EVERYWHERE} }} GROUP BY ?g"
            found = {str(g)[1:-1]: n.value for g, n in self._rows(query, Dataset(named=some)) if isinstance(n, ox.Literal)}
            for graph in some:
                if found.get(graph) != str(sizes[graph]):
                    what = f"the store has {found.get(graph, 0)} of {sizes[graph]} statements of graph <{graph}>"
                    raise StoreError(what, where=self._address, todo="nobody else may write meanwhile; run the same command again")
