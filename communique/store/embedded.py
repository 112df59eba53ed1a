"""The embedded store: pyoxigraph in memory or in a directory, one transaction a change, answers written in one thread."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import pyoxigraph as ox

from communique.errors import QueryError, StoreError
from communique.store import engine, indexes, snapshots
from communique.store.protocol import EVERYTHING, NO_EDITS, OWN, Capabilities, Dataset, Edit, Kind, Match, Rows, Store
from communique.store.snapshots import Held
from communique.store.syntax import shape, syntax_error
from communique.store.updates import checked

_ROWS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_TRIPLES: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
_MANY: Final = 10_000
_Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class EmbeddedStore:
    """A store in this process; ``home`` is the directory of a durable one that may be written, ``held`` the snapshot that is read."""

    def __init__(
        self, quads: ox.Store, *, home: Path | None = None, writable: bool = True, place: Path | None = None, held: Held | None = None
    ) -> None:
        self._quads = quads
        self._home = home
        self._held = held
        self._place = home or place
        self._writable = writable
        self._changed = False
        self._servers: Container[str] = frozenset()

    @property
    def capabilities(self) -> Capabilities:
        """Writable or not, durable or not; never remote."""
        return Capabilities(writable=self._writable, durable=self._place is not None)

    def select(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> Rows:
        """The rows of a SELECT query, the first ``limit`` only if one is given."""
        with self._engine(), self._reading(query):
            result = self._run(query, dataset)
            if not isinstance(result, ox.QuerySolutions):
                raise QueryError("this query has no rows", todo="ask with SELECT")
            names = tuple(v.value for v in result.variables)
            return Rows(names, tuple(tuple(solution) for solution in islice(result, limit)))

    def ask(self, query: str, dataset: Dataset = EVERYTHING) -> bool:
        """The truth value of an ASK query."""
        with self._engine(), self._reading(query):
            result = self._run(query, dataset)
            if not isinstance(result, ox.QueryBoolean):
                raise QueryError("this query has no truth value", todo="ask with ASK")
            return bool(result)

    def construct(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> tuple[ox.Triple, ...]:
        """The triples of a CONSTRUCT or DESCRIBE query, the first ``limit`` only if one is given."""
        with self._engine(), self._reading(query):
            result = self._run(query, dataset)
            if not isinstance(result, ox.QueryTriples):
                raise QueryError("this query has no triples", todo="ask with CONSTRUCT or DESCRIBE")
            return tuple(islice(result, limit))

    def match(self, subject: str | None, predicate: str | None, value: str | None, graph: str | None = None) -> Iterator[Match]:
        """The quads of a pattern, straight from the index."""
        named = ox.NamedNode(graph) if graph else None
        for quad in self._quads.quads_for_pattern(_node(subject), _node(predicate), _term(value), named):
            place = quad.graph_name
            yield str(quad.subject), str(quad.predicate), str(quad.object), place.value if isinstance(place, ox.NamedNode) else ""

    def query(self, query: str, syntax: str, out: BinaryIO, dataset: Dataset = EVERYTHING, base: str | None = None) -> Kind:
        """Write the answer of any query to ``out``; the protocol says in which formats."""
        with self._reading(query):
            result = self._run(query, dataset, base)
            rows = not isinstance(result, ox.QueryTriples)
            known: Mapping[str, object] = _ROWS if rows else _TRIPLES
            if syntax not in known:
                raise QueryError(f"the answer cannot be written as {syntax}", todo=f"choose {', '.join(known)}")
            result.serialize(out, known[syntax])  # type: ignore[arg-type]  # the table was chosen by the type of the result
        return Kind.TRUTH if isinstance(result, ox.QueryBoolean) else Kind.ROWS if rows else Kind.TRIPLES

    def apply(self, put: Mapping[str, Iterable[str]], drop: Iterable[str] = (), edit: Mapping[str, Edit] = NO_EDITS) -> None:
        """Replace, remove and change graphs in one transaction."""
        if not self._writable:
            raise StoreError("this store was opened for reading", where=self._place)
        lines = {graph: list(new) for graph, new in put.items()}
        everything = (*lines.items(), *((g, part) for g, e in edit.items() for part in (e.remove, e.add)))
        for graph, some in everything:
            end = f" <{graph}> ."
            stray = next((line for line in some if not line.endswith(end)), None)
            if stray is not None:
                raise StoreError(f"a line of graph <{graph}> belongs to another: {stray[:120]}", where=self._place)
        old = [g for g in dict.fromkeys((*drop, *lines)) if self.has(g)]
        with self._writing():
            if not old and not any(e.remove for e in edit.values()):
                coming = (*lines.values(), *(e.add for e in edit.values()))
                whole = "\n".join(line for new in coming for line in new).encode()
                # Both write all or nothing; the bulk loader makes files of its own, which pays for many quads only.
                if sum(map(len, coming)) >= _MANY:
                    self._quads.bulk_load(whole, ox.RdfFormat.N_QUADS)
                else:
                    self._quads.load(whole, ox.RdfFormat.N_QUADS)
                return
            # A sequence of operations is one transaction in the engine; N-Quads terms are SPARQL terms.
            steps = [f"DROP GRAPH <{graph}>" for graph in old]
            steps += [_data("DELETE", g, e.remove) for g, e in edit.items() if e.remove]
            steps += [_data("INSERT", g, new) for g, new in (*lines.items(), *((g, e.add) for g, e in edit.items())) if new]
            self._quads.update(" ;\n".join(steps))

    def update(self, text: str, base: str | None = None) -> None:
        """Run a SPARQL update: all of it or, if anything fails, nothing.

        Unlike what ``apply`` writes, this may leave blank nodes and a default graph.  Raises ``QueryError`` for what is no update, for
        ``LOAD`` and ``SERVICE``, and for a graph that is not there or is there already.
        """
        if not self._writable:
            raise StoreError("this store was opened for reading", where=self._place)
        checked(text)
        try:
            with self._writing(), _told_of_graphs():
                self._quads.update(text, base_iri=base)
        except StoreError as error:
            if isinstance(error.__cause__, SyntaxError):
                raise syntax_error(text, str(error.__cause__)) from error
            raise

    def put_graph(self, graph: str, lines: Iterable[str]) -> None:
        """Replace one graph."""
        self.apply({graph: lines})

    def delete_graph(self, graph: str) -> None:
        """Remove one graph."""
        self.apply({}, drop=(graph,))

    def graphs(self) -> tuple[str, ...]:
        """The named graphs, sorted."""
        with self._engine():
            return tuple(sorted(g.value for g in self._quads.named_graphs()))

    def has(self, graph: str) -> bool:
        """Whether there is such a graph."""
        with self._engine():
            return self._quads.contains_named_graph(ox.NamedNode(graph))

    def count(self, graph: str | None = None) -> int:
        """The number of quads."""
        with self._engine():
            if graph is None:
                return len(self._quads)
            return sum(1 for _ in self._quads.quads_for_pattern(None, None, None, ox.NamedNode(graph)))

    def dump(self, graph: str | None = None) -> Iterator[str]:
        """The quads as N-Quads lines; they pass through a temporary file, so that a large store does not fill the memory."""
        with tempfile.TemporaryFile() as file:
            with self._engine():
                if graph is None:
                    self._quads.dump(file, ox.RdfFormat.N_QUADS)
                else:
                    self._quads.dump(file, ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph))
            file.seek(0)
            end = f"<{graph}> ." if graph else ""
            for line in file:
                text = line.decode().rstrip("\n")
                yield text[:-1] + end if graph else text

    def dump_to(self, out: BinaryIO) -> None:
        """Write the quads as N-Quads, in no particular order, as fast as the engine can."""
        with self._engine():
            self._quads.dump(out, ox.RdfFormat.N_QUADS)

    def faults(self) -> Iterator[str]:
        """What cannot be read of the quads, or is not the same in each of the engine's indexes: nothing in a sound store."""
        return indexes.faults(self._quads)

    def close(self) -> None:
        """Let go of the store; if it was changed, readers see it from now on."""
        quads, self._quads = self._quads, ox.Store()
        if self._home is not None and self._changed:
            self._changed = False
            snapshots.publish(quads, self._home)
        if self._held is not None:
            del quads
            self._held.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self.close()
        except StoreError:
            if error is None:  # what went wrong first is what the person must hear; the next reader makes the snapshot
                raise

    def in_memory(self) -> EmbeddedStore:
        """A copy in memory, several times faster to ask than the one on disk; it cannot be written."""
        quads = ox.Store()
        with tempfile.TemporaryFile() as file:
            self._quads.dump(file, ox.RdfFormat.N_QUADS)
            file.seek(0)
            quads.bulk_load(file, ox.RdfFormat.N_QUADS)
        return EmbeddedStore(quads, writable=False, place=self._place)

    def asking(self, servers: Container[str]) -> Self:
        """The store, whose queries may ask these servers (``SERVICE``); without it, none."""
        self._servers = servers
        return self

    def _run(self, query: str, dataset: Dataset, base: str | None = None) -> _Result:
        own = shape(query, self._servers).own_dataset
        if dataset not in (EVERYTHING, OWN):
            default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(g) for g in dataset.default or ()]
            named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(g) for g in dataset.named or ()]
            return self._quads.query(query, base_iri=base, default_graph=default, named_graphs=named)
        return self._quads.query(query, base_iri=base, use_default_graph_as_union=dataset == EVERYTHING and not own)

    @contextmanager
    def _engine(self) -> Iterator[None]:
        try:
            yield
        except engine.Failure as error:
            raise engine.explain(error, self._place) from error

    @contextmanager
    def _reading(self, query: str) -> Iterator[None]:
        try:
            yield
        except SyntaxError as error:
            raise syntax_error(query, str(error)) from error
        except (RuntimeError, ValueError) as error:
            if engine.damaged(error):
                raise engine.explain(RuntimeError(str(error)), self._place) from error
            raise QueryError(f"the query could not be answered: {error}") from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._engine():
                if self._home is not None and not self._changed:
                    snapshots.mark_unpublished(self._home)
                    self._changed = True
                yield
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"not N-Quads: {error}", where=self._place) from error


@contextmanager
def _told_of_graphs() -> Iterator[None]:
    """The engine has one class of error for a broken disk and for a graph that is not there."""
    try:
        yield
    except RuntimeError as error:
        if re.fullmatch(r"The graph .* (?:does not exist|already exists)", str(error)):
            raise QueryError(f"the update could not be done: {error}") from error
        raise


def _node(term: str | None) -> ox.NamedNode | None:
    return ox.NamedNode(term[1:-1]) if term else None


def _term(term: str | None) -> ox.NamedNode | ox.Literal | None:
    if term is None or term[0] == "<":
        return _node(term)
    (triple,) = ox.parse(f"<x:s> <x:p> {term} .", format=ox.RdfFormat.N_TRIPLES)
    value = triple.object
    assert isinstance(value, ox.Literal)
    return value


def _data(verb: str, graph: str, lines: Iterable[str]) -> str:
    """An operation that inserts or deletes N-Quads lines of a graph."""
    return f"{verb} DATA {{ GRAPH <{graph}> {{\n{_triples(lines)}\n}} }}"


def _triples(lines: Iterable[str]) -> str:
    """N-Quads lines without their graph."""
    return "\n".join(line.rstrip(" .").rsplit(" ", 1)[0] + " ." for line in lines)


def copied(store: Store) -> EmbeddedStore:
    """A copy of any store in memory; it cannot be written."""
    quads = ox.Store()
    quads.bulk_load("\n".join(store.dump()).encode(), ox.RdfFormat.N_QUADS)
    return EmbeddedStore(quads, writable=False)
