"""The saved queries: each file tells its question, its parameters and its view in ``#+`` lines, and is valid SPARQL as it stands.

The ``#+`` lines are TOML.  A parameter is bound by a ``VALUES ?name { default }`` row of the query, or one in each part that needs it;
the value of a caller becomes an RDF term first (``communique.queries.terms``) and then takes the place of that row, so no text of a
caller ever becomes part of a query.  ``UNDEF`` as default means: any.  The number behind the last ``LIMIT``, and others like it, may be
the parameter ``most``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from communique.errors import DataError, ParameterError, QueryError
from communique.queries.terms import KINDS, to_term
from communique.store import Reader, Row, Rows

_HEADER = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_PREFIX = re.compile(r"^PREFIX\s+(\w*):\s*<([^>]*)>", re.MULTILINE)
_PROJECTION = re.compile(r"^SELECT (?:DISTINCT )?(.*?)^WHERE", re.MULTILINE | re.DOTALL)
_ALIAS = re.compile(r"\bAS \?(\w+)\)")
_MOST: Final = "most"
_LIMIT = re.compile(r"\bLIMIT (\d+)")
_KEYS: Final = {"summary", "description", "tags", "view", "columns", "params", "empty"}
_PARAM_KEYS: Final = {"type", "description", "choices", "required"}
_LABEL: Final = "Label"


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its ``type`` (a key of ``terms.KINDS``), the value it has if nobody gives one (``None``: any), and
    where in the query its rows stand (start and end of each term inside the braces)."""

    name: str
    type: str
    description: str
    default: str | None
    choices: tuple[str, ...]
    required: bool
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A saved query; ``view`` names the view drawn first and the columns it needs, ``empty`` says what no rows mean."""

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    params: tuple[Param, ...]
    view: str
    view_columns: Mapping[str, str]
    columns: Mapping[str, str]
    empty: str
    text: str

    def bind(self, params: Mapping[str, str] | Iterable[tuple[str, str]], store: Reader) -> str:
        """The query with the rows of ``params`` replaced; names of parties, issues and persons are looked up in ``store``.

        Raises ``ParameterError`` for a parameter that is not declared, given twice or missing, and for a value that is not of its type.
        """
        given: dict[str, str] = {}
        for name, value in params.items() if isinstance(params, Mapping) else params:
            if name in given:
                raise ParameterError("a parameter is given twice", where=name, todo="give it once")
            given[name] = value
        known = {p.name: p for p in self.params}
        for name in given:
            if name not in known:
                takes = f"it takes {', '.join(known)}" if known else "it takes none"
                raise ParameterError(f"query '{self.name}' has no such parameter", where=name, todo=takes)
        edits: list[tuple[tuple[int, int], str]] = []
        for param in self.params:
            if param.name in given:
                term = to_term(param.name, param.type, given[param.name], param.choices, store)
                if param.name == _MOST and term.value.startswith("-"):
                    raise ParameterError("so few cannot be", where=_MOST)
                written = term.value if param.name == _MOST else str(term)
                edits += [(place, written) for place in param.places]
            elif param.required:
                raise ParameterError(f"query '{self.name}' needs this parameter", where=param.name, todo=param.description)
        text = self.text
        for (start, end), written in sorted(edits, reverse=True):
            text = f"{text[:start]}{written}{text[end:]}"
        return text


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a query: ``columns`` are its variables, ``links`` tells which column holds the IRI of a label column."""

    query: Query
    text: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    links: Mapping[str, str]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@cache
def load() -> Mapping[str, Query]:
    """The saved queries by name.

    Raises ``DataError`` if a file of the catalogue is broken.
    """
    found = sorted((f for f in files("communique.queries").iterdir() if f.name.endswith(".rq")), key=lambda f: f.name)
    return {query.name: query for query in map(_read, found)}


def get(name: str) -> Query:
    """The saved query of this name.

    Raises ``QueryError`` if there is none.
    """
    queries = load()
    if name not in queries:
        near = difflib.get_close_matches(name, queries, n=3) or sorted(queries)
        raise QueryError("there is no such query", where=name, todo=f"try {', '.join(near)}")
    return queries[name]


def run(store: Reader, name: str, params: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> Result:
    """The answer of ``store`` to the saved query ``name``."""
    query = get(name)
    text = query.bind(params, store)
    rows: Rows = store.select(text)
    return Result(query, text, rows.variables, rows.rows, links(rows.variables))


def paged(query: Query, text: str, size: int, offset: int) -> str:
    """``text``, a query that was bound, with one page of its rows.

    The columns are put behind what it is ordered by, so that rows which are alike in that do not stand on two pages, or on none.
    """
    return f"{text.rstrip()} {' '.join(f'?{column}' for column in query.columns)}\nLIMIT {size} OFFSET {offset}\n"


def links(columns: Iterable[str]) -> dict[str, str]:
    """Which column holds the IRI of a label column: ``issueLabel`` -> ``issue``."""
    names = tuple(columns)
    return {c: c.removesuffix(_LABEL) for c in names if c.endswith(_LABEL) and c.removesuffix(_LABEL) in names}


def parse(name: str, text: str) -> Query:
    """The query in ``text``; a strict reading, so that a slip in a header is found by the first test.

    Raises ``DataError``.
    """
    where = f"queries/{name}.rq"
    try:
        head = tomllib.loads("\n".join(_HEADER.findall(text)))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"the #+ lines are not TOML: {error}", where=where) from error
    if strange := head.keys() - _KEYS:
        raise DataError(f"unknown header: {', '.join(sorted(strange))}", where=where)
    if lacking := {"summary", "tags", "view", "columns"} - head.keys():
        raise DataError(f"header lacks {', '.join(sorted(lacking))}", where=where)
    projected = projection(text)
    if tuple(head["columns"]) != projected:
        raise DataError(f"columns described: {', '.join(head['columns'])}; selected: {', '.join(projected)}", where=where)
    view = dict(head["view"])
    kind = view.pop("type", "")
    if strange := set(view.values()) - set(projected):
        raise DataError(f"the view needs columns that are not selected: {', '.join(sorted(strange))}", where=where)
    params = tuple(_param(where, text, key, value) for key, value in head.get("params", {}).items())
    about = " ".join(head.get("description", "").split())
    empty = head.get("empty", "No readout in this collection says so.")
    return Query(name, head["summary"], about, tuple(head["tags"]), params, kind, view, head["columns"], empty, text)


def projection(text: str) -> tuple[str, ...]:
    """The variables that a query of the catalogue selects, in order."""
    found = _PROJECTION.search(text)
    if not found:
        return ()
    flat, depth, out = "", 0, []
    for char in found[1]:
        if char == "(":
            depth, flat = depth + 1, flat if depth else ""
        if depth == 0 and char != "?" and not char.isalnum() and char != "_":
            out.append(flat)
            flat = ""
        else:
            flat += char
        if char == ")":
            depth -= 1
            if depth == 0:
                out.append("?" + _ALIAS.findall(flat)[-1])
                flat = ""
    return tuple(name[1:] for name in [*out, flat] if name.startswith("?"))


def _read(file: Traversable) -> Query:
    return parse(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8"))


def _param(where: str, text: str, name: str, head: Mapping[str, object]) -> Param:
    if strange := head.keys() - _PARAM_KEYS:
        raise DataError(f"unknown key of parameter {name}: {', '.join(sorted(strange))}", where=where)
    kind = str(head.get("type", ""))
    if kind not in KINDS:
        raise DataError(f"parameter {name} has type '{kind}'", where=where, todo=f"use one of {', '.join(sorted(KINDS))}")
    place = _LIMIT if name == _MOST else re.compile(rf"\bVALUES \?{name} \{{ (\S.*?) \}}")
    found = list(place.finditer(text))
    if not found:
        raise DataError(f"parameter {name} has no row 'VALUES ?{name} {{ ... }}', and needs one", where=where)
    if name == _MOST:
        found = [match for match in found if match[1] == found[-1][1]]
    if len({match[1] for match in found}) > 1:
        raise DataError(f"parameter {name} has rows 'VALUES ?{name} {{ ... }}' that differ, and needs one default", where=where)
    choices = head.get("choices", [])
    assert isinstance(choices, list)
    places = tuple(match.span(1) for match in found)
    default = _default(where, text, found[0][1])
    return Param(name, kind, str(head.get("description", "")), default, tuple(choices), bool(head.get("required")), places)


def _default(where: str, text: str, term: str) -> str | None:
    """The default as a caller would write it: the IRI or its local name, the words of a literal."""
    if term == "UNDEF":
        return None
    if term.startswith("<"):
        return term[1:-1]
    if term.startswith('"'):
        return term[1 : term.rindex('"')]
    prefix, colon, local = term.partition(":")
    if colon and prefix not in dict(_PREFIX.findall(text)):
        raise DataError(f"the default {term} has no prefix", where=where)
    return local if colon else term
