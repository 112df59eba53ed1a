"""Runs the tests over HTTP: each is a function of an endpoint that raises ``AssertionError`` with what came instead."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from tests.server.w3c.same import Answer, answer, parsed, same
from tests.server.w3c.suite import Case, Data, Request, Suite

_ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".rdf": "application/rdf+xml",
}
_EVERYTHING = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
Close = Callable[[Iterable[ox.Quad], Sequence[str]], list[ox.Quad]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def type(self) -> str:
        """The media type without parameters."""
        return self.headers.get_content_type()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server with ``/sparql`` and ``/graphs``; its default graph is one of its own."""

    url: str

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """One request, with no header that is not asked for."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=120)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def query(self, text: str, accept: str = "application/sparql-results+xml") -> Reply:
        """A query, by direct POST."""
        return self.send("POST", "/sparql", text.encode(), content_type="application/sparql-query", accept=accept)

    def update(self, text: str) -> Reply:
        """An update, by direct POST."""
        return self.send("POST", "/sparql", text.encode(), content_type="application/sparql-update")

    def fill(self, quads: Iterable[ox.Quad]) -> None:
        """Make these all that the endpoint holds."""
        graphs: dict[str, list[str]] = {}
        for quad in quads:
            graphs.setdefault(str(quad.graph_name), []).append(f"{quad.subject} {quad.predicate} {quad.object} .")
        default = " ".join(graphs.pop("DEFAULT", []))
        groups = [f"GRAPH {name} {{ {' '.join(lines)} }}" for name, lines in graphs.items()]
        reply = self.update(f"DROP ALL ; INSERT DATA {{ {default} {' '.join(groups)} }}")
        assert reply.status in (200, 204), reply.body.decode()


def run(case: Case, suite: Suite, endpoint: Endpoint, close: Close | None = None) -> bool:
    """Run one test; tells whether what came is the same to the letter, and not only in the value of its numbers."""
    match case.kind:
        case "QueryEvaluationTest" | "CSVResultFormatTest":
            return _evaluate(case, suite, endpoint, close)
        case "UpdateEvaluationTest":
            return _updated(case, suite, endpoint)
        case "ProtocolTest" | "GraphStoreProtocolTest":
            _talk(case, suite, endpoint)
        case _:
            _syntax(case, suite, endpoint)
    return True


def _evaluate(case: Case, suite: Suite, endpoint: Endpoint, close: Close | None) -> bool:
    query = suite.read(case.text)
    quads = _quads(suite, _with_from(case, query))
    endpoint.fill(close(quads, case.regimes) if close else quads)
    assert case.result is not None
    suffix = Path(case.result).suffix
    constructs = re.search(r"\b(CONSTRUCT|DESCRIBE)\b", query, re.IGNORECASE) is not None
    accept = _ACCEPT.get(suffix) or ("text/turtle" if constructs else _ACCEPT[".srx"])
    reply = endpoint.query(f"BASE <{case.text}>\n{query}", accept)
    assert (reply.status, reply.type) == (200, accept), reply.body.decode()
    wanted = answer(suite.path(case.result).read_bytes(), suffix, case.result)
    got = answer(reply.body, suffix if suffix in _ACCEPT else ".ttl" if constructs else ".srx", case.text)
    return _compared(got, wanted)


def _compared(got: Answer, wanted: Answer) -> bool:
    if same(got, wanted):
        return True
    assert same(got, wanted, by_value=True), f"got {_told(got)}\nwanted {_told(wanted)}"
    return False


def _told(found: Answer) -> str:
    return str(found if isinstance(found, bool) else [str(part) for part in found])[:2000]


def _with_from(case: Case, query: str) -> Data:
    """The graphs that a query names with FROM are files of its folder; the tests do not list them apart."""
    folder = case.text.rpartition("/")[0]
    names = re.findall(r"^\s*FROM\s+(?:NAMED\s+)?<([^>]+)>", query, re.IGNORECASE | re.MULTILINE)
    files = [name if "://" in name else f"{folder}/{name}" for name in names]
    return Data(case.data.default, tuple(sorted({*case.data.named, *((file, file) for file in files)})))


def _quads(suite: Suite, data: Data) -> list[ox.Quad]:
    found = [quad for file in data.default for quad in parsed(suite.path(file), file)]
    return found + [quad for name, file in data.named for quad in parsed(suite.path(file), file, name)]


def _updated(case: Case, suite: Suite, endpoint: Endpoint) -> bool:
    endpoint.fill(_quads(suite, case.data))
    reply = endpoint.update(f"BASE <{case.text}>\n{suite.read(case.text)}")
    assert reply.status in (200, 204), reply.body.decode()
    got = answer(endpoint.query(_EVERYTHING).body, ".srx", case.text)
    assert isinstance(got, list)
    graph = [ox.Quad(r["s"], r["p"], r["o"], r.get("g", ox.DefaultGraph())) for r in got]  # type: ignore[arg-type]  # of quads
    return _compared(ox.Dataset(graph), ox.Dataset(_quads(suite, case.after)))


def _syntax(case: Case, suite: Suite, endpoint: Endpoint) -> None:
    """What is no SPARQL is refused; what is may be refused too, but not for its syntax (it loads, or drops a graph that is not there)."""
    text = suite.read(case.text)
    reply = endpoint.update(text) if case.text.endswith(".ru") else endpoint.query(text, "*/*")
    negative = case.kind.startswith("Negative")
    broken = reply.status == 400 and (negative or b'"column"' in reply.body)
    assert broken == negative, f"{reply.status} {reply.body[:500].decode()}"


def _talk(case: Case, suite: Suite, endpoint: Endpoint) -> None:
    """Requests one after the other; what a reply gives as its location takes the place of a mark in later ones."""
    endpoint.fill(_quads(suite, case.data))
    marks: dict[str, str] = {}
    for request in case.requests:
        reply = _sent(request, endpoint, marks)
        assert any(_has(reply.status, status) for status in request.statuses), f"{reply.status} {reply.body[:500].decode()}"
        if request.location:
            marks[request.location] = reply.headers["Location"]
        if request.truth is not None:
            assert answer(reply.body, ".srx", "") is request.truth
        if request.format == "RDF":
            assert ox.RdfFormat.from_media_type(reply.type), reply.type
        elif request.format:
            assert ox.QueryResultsFormat.from_media_type(reply.type), reply.type
        if request.reply_type:
            assert reply.headers["Content-Type"] == request.reply_type
        if request.reply is not None and request.reply_type:
            base = endpoint.url
            got, wanted = (ox.Dataset(ox.parse(t, format=ox.RdfFormat.TURTLE, base_iri=base)) for t in (reply.body, request.reply))
            assert same(got, wanted), reply.body.decode()


def _sent(request: Request, endpoint: Endpoint, marks: dict[str, str]) -> Reply:
    path, body = re.sub("^/gsp", "/graphs", re.sub("^/sparql/", "/sparql", request.path)), request.body
    for mark, value in marks.items():
        path, body = path.replace(mark, quote(value, safe="")), body and body.replace(mark, value)
    headers = dict(request.headers)
    if request.truth is not None:
        headers.setdefault("accept", _ACCEPT[".srx"])
    return endpoint.send(request.method, path, None if body is None else body.encode(request.encoding), **headers)


def _has(status: int, wanted: str) -> bool:
    """``Created``, or ``StatusCode2xx``."""
    if wanted.startswith("StatusCode"):
        return str(status)[0] == wanted.removeprefix("StatusCode")[0]
    return HTTPStatus(status).phrase.replace(" ", "") == wanted
