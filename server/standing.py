"""The saved queries as they stand, with no parameter given: their first rows, made ahead of each version of the data for all processes.

There are only so many, and over very many readouts some of them take longer than a request may.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

import pyoxigraph as ox

from communique.errors import CommuniqueError
from communique.queries import catalogue
from communique.queries.catalogue import Query
from communique.server import version
from communique.server.site import Site
from communique.store import Rows, Term

FIRST: Final = 1001
"""How many rows of each: a page of the API, and one that tells whether there is another page."""
_KIND: Final = "standing"


def made(here: Site) -> None:
    """Make them from the data as it is now; a query that is not answered is asked again when somebody wants it."""

    def write(draft: Path) -> None:
        for query in catalogue.load().values():
            if not any(param.required for param in query.params):
                with suppress(CommuniqueError):
                    told = here.engine.select(catalogue.paged(query, query.text, FIRST, 0))
                    (draft / query.name).write_text(_written(told), encoding="utf-8")

    if now := here.engine.version():
        version.workshop().place(_KIND, now, write)


def rows(here: Site, query: Query, text: str, size: int, offset: int = 0) -> Rows:
    """Some rows of the answer to ``text``, which is ``query`` with its parameters bound: those that were made ahead, or asked for now."""
    found = _part(here, query, text, size, offset)
    return here.engine.select(catalogue.paged(query, text, size, offset)) if found is None else found


def csv(here: Site, query: Query, text: str, size: int | None = None, offset: int = 0) -> bytes | None:
    """The same rows as CSV, all without a ``size``; ``None`` if not all of these were made ahead."""
    found = _part(here, query, text, size, offset)
    return None if found is None else _read(_written(found).encode()).serialize(format=ox.QueryResultsFormat.CSV)


def _part(here: Site, query: Query, text: str, size: int | None, offset: int) -> Rows | None:
    known = _known(here, query) if text == query.text else None
    if known is None or (len(known) == FIRST and (size is None or offset + size > FIRST)):
        return None
    return Rows(known.variables, known.rows[offset : None if size is None else offset + size])


def _known(here: Site, query: Query) -> Rows | None:
    folder = version.workshop().there(_KIND, here.engine.version())
    if folder is None:
        return None
    try:
        body = (folder / query.name).read_bytes()
    except FileNotFoundError:  # it was not answered, or newer data has come just now
        return None
    found = _read(body)
    return Rows(tuple(variable.value for variable in found.variables), tuple(tuple(row) for row in found))


def _read(body: bytes) -> ox.QuerySolutions:
    return cast("ox.QuerySolutions", ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON))


def _written(told: Rows) -> str:
    """Rows in the JSON of SPARQL (https://www.w3.org/TR/sparql11-results-json/)."""
    bindings = [{name: _term(term) for name, term in zip(told.variables, row, strict=True) if term is not None} for row in told]
    return json.dumps({"head": {"vars": told.variables}, "results": {"bindings": bindings}}, ensure_ascii=False)


def _term(term: Term) -> dict[str, str]:
    if isinstance(term, ox.Literal):
        kind = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
        return {"type": "literal", "value": term.value} | kind
    return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": getattr(term, "value", str(term))}
