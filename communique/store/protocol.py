"""What every store can do: a few verbs over named graphs, the same for the embedded store and for a remote one.

A store is a set of named graphs and nothing else.  Every change replaces whole graphs or says which lines go and which come, so it
can be repeated without harm, and nobody asks a store to reason.  Terms are pyoxigraph's, which also reads the answers of a remote store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType, TracebackType
from typing import BinaryIO, Protocol, Self

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]
Match = tuple[str, str, str, str]
"""Subject, predicate and object in N-Triples syntax, and the IRI of the graph."""


class Kind(StrEnum):
    """What a query answers with: rows (SELECT), a truth value (ASK), or triples (CONSTRUCT, DESCRIBE)."""

    ROWS = "rows"
    TRUTH = "truth"
    TRIPLES = "triples"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Which graphs a query sees: ``default`` makes up the default graph, ``named`` can be named in ``GRAPH``.

    ``EVERYTHING``, the usual one, has the union of all named graphs as its default graph; a query's own ``FROM`` narrows it.
    A dataset that names graphs goes before the query's ``FROM`` (SPARQL 1.1 Protocol, section 2.1.4).
    """

    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


EVERYTHING = Dataset()
OWN = Dataset(default=("",))
"""The store's own default graph, which has no name, and all named graphs; a query's own ``FROM`` narrows it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer of a SELECT: the variables and one tuple a row, ``None`` where a variable is unbound."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change within a graph: the lines that go, and those that come.  A line that is not there may go, and one that is there may come."""

    remove: Sequence[str]
    add: Sequence[str]


NO_EDITS: Mapping[str, Edit] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What callers may count on: whether it can be written, whether it outlives the process, whether it is elsewhere."""

    writable: bool
    durable: bool
    remote: bool = False


class Reader(Protocol):
    """What can be asked: a store, or a server's engine in front of one."""

    def select(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> Rows:
        """The rows of a SELECT query, the first ``limit`` only if one is given."""

    def ask(self, query: str, dataset: Dataset = EVERYTHING) -> bool:
        """The truth value of an ASK query."""

    def construct(self, query: str, dataset: Dataset = EVERYTHING, limit: int | None = None) -> tuple[Triple, ...]:
        """The triples of a CONSTRUCT or DESCRIBE query, the first ``limit`` only if one is given."""


class Store(Reader, Protocol):
    """A store of named graphs.  Lines are N-Quads without blank nodes; graphs are named by IRI.

    Every method raises ``StoreError`` if the store cannot be read or written and ``QueryError`` if a query is not one
    that can be answered (syntax, an update, ``SERVICE``).
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this store can do."""

    def match(self, subject: str | None, predicate: str | None, value: str | None, graph: str | None = None) -> Iterator[Match]:
        """The quads of a pattern, terms in N-Triples syntax and ``None`` for any: what a proof looks up, without a query's price."""

    def query(self, query: str, syntax: str, out: BinaryIO, dataset: Dataset = EVERYTHING, base: str | None = None) -> Kind:
        """Write the answer of any query to ``out``, and say of what kind it is; what ``out`` raises ends the query.

        ``syntax`` is ``json``, ``xml``, ``csv`` or ``tsv`` (rows, truth values), or ``ttl``, ``nt``, ``rdf``, ``jsonld``, ``trig``
        or ``nq`` (triples); ``base`` resolves relative IRIs.
        """

    def apply(self, put: Mapping[str, Iterable[str]], drop: Iterable[str] = (), edit: Mapping[str, Edit] = NO_EDITS) -> None:
        """Replace each graph of ``put`` by its lines, remove the graphs of ``drop``, and change lines of the graphs of ``edit``: all of
        it or, if anything fails, nothing.

        Where a store does one thing after the other all the same, lines go in the order of ``edit`` before anything else is done, and
        come in the reverse order after it.
        """

    def put_graph(self, graph: str, lines: Iterable[str]) -> None:
        """Replace one graph."""

    def delete_graph(self, graph: str) -> None:
        """Remove one graph; it need not exist."""

    def graphs(self) -> tuple[str, ...]:
        """The named graphs, sorted."""

    def has(self, graph: str) -> bool:
        """Whether there is such a graph."""

    def count(self, graph: str | None = None) -> int:
        """The number of quads, of the whole store or of one graph."""

    def dump(self, graph: str | None = None) -> Iterator[str]:
        """The quads of the store or of one graph as N-Quads lines, in no particular order."""

    def close(self) -> None:
        """Let go of the store; what was applied stays.  A store is also a context manager that closes itself."""

    def __enter__(self) -> Self:
        """The store itself."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the store."""
