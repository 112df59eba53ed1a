"""The shipped ontology and vocabularies as two graphs of a store, written when they are not there or have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

import pyoxigraph as ox

from communique.errors import DataError
from communique.iris import CQ, Iris
from communique.store import Store

_VERSION = "http://www.w3.org/2002/07/owl#versionInfo"


def load(store: Store, iris: Iris) -> bool:
    """Bring ``graph/ontology`` and ``graph/vocabulary`` up to date; whether anything had to be written.

    Each graph carries the hash of the files it was made from (``owl:versionInfo``).  Raises ``DataError`` for a file that is not Turtle.
    """
    wanted = {iris.graph("ontology"): [files("communique.ontology").joinpath("communique.ttl")], iris.graph("vocabulary"): _vocabularies()}
    stale = {}
    for graph, sources in wanted.items():
        version = "sha256:" + sha256(b"".join(f.read_bytes() for f in sources)).hexdigest()
        mark = f'<{graph}> <{_VERSION}> "{version}" <{graph}> .'
        if not store.ask(f'ASK {{ GRAPH <{graph}> {{ <{graph}> <{_VERSION}> "{version}" }} }}'):
            stale[graph] = sorted({mark, *lines(sources, graph)})
    for graph, new in stale.items():  # one by one: on a server a graph by itself is put in place at once, and not copied there
        store.apply({graph: new})
    return bool(stale)


def vocabulary(graph: str) -> Iterator[str]:
    """The shipped vocabularies as N-Quads lines of ``graph``."""
    return lines(_vocabularies(), graph)


def _vocabularies() -> list[Traversable]:
    folder = files("communique.ontology").joinpath("vocab")
    return sorted((f for f in folder.iterdir() if f.name.endswith(".ttl")), key=lambda f: f.name)


def lines(sources: Iterable[Traversable], graph: str) -> Iterator[str]:
    """The triples of Turtle files as N-Quads lines of ``graph``; blank nodes get an IRI made from what they say."""
    end = f"<{graph}> ."
    for source in sources:
        try:
            written = _written(ox.parse(source.read_bytes(), format=ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            raise DataError(f"is not Turtle: {error}", where=source.name) from error
        if b"_:" in written:  # perhaps in words only, which stay as they are
            written = _written(_named(written, source.name))
        yield from (line[:-1] + end for line in written.decode().split("\n")[:-1])


def _written(quads: Iterable[ox.Quad]) -> bytes:
    """As N-Quads, by the engine: three times as fast as term by term."""
    out = BytesIO()
    ox.serialize(quads, out, ox.RdfFormat.N_QUADS)
    return out.getvalue()


def _named(written: bytes, file: str) -> Iterator[ox.Quad]:
    """The store holds no blank nodes, so the axioms' list cells and restrictions get names."""
    quads = ox.Dataset(ox.parse(written, format=ox.RdfFormat.N_QUADS))
    quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    place = f"{CQ.rstrip('#')}/{file.removesuffix('.ttl')}/"
    for quad in quads:
        subject, value = (ox.NamedNode(place + t.value) if isinstance(t, ox.BlankNode) else t for t in (quad.subject, quad.object))
        yield ox.Quad(subject, quad.predicate, value)
