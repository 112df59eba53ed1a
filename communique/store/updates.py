"""What an update is allowed to do, and over which graphs: told from its tokens, before the engine sees it.

The engine takes no dataset for an update, so the graphs that a client names beside it (SPARQL 1.1 Protocol, section 2.2.3) are
written into it as ``USING`` clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from communique.errors import QueryError
from communique.store.syntax import ambiguous, refuse_servers, tokens

_IRI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^<>\"{}|\\^`\x00-\x20]*")


def checked(update: str) -> str:
    """The update, if nothing in it reads from a file or another server.  Raises ``QueryError`` for ``LOAD`` and ``SERVICE``."""
    found = tokens(update)
    refuse_servers(update, found)
    loads = any(match.lastgroup == "word" and match.group().upper() == "LOAD" for match in found)
    if loads or ("LOAD" in update.upper() and ambiguous(found)):
        raise QueryError("LOAD would read from elsewhere, and this store takes in only what it is sent", todo="send the data itself")
    return update


def over(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """The update with each of its patterns matched against the union of the graphs ``default`` and the graphs ``named``.

    >>> over("DELETE WHERE { ?s ?p ?o }", ["http://example.org/g"], [])
    'DELETE { ?s ?p ?o } USING <http://example.org/g> WHERE { ?s ?p ?o }'

    Raises ``QueryError`` for an update that chooses its graphs itself (``USING``, ``WITH``), as the protocol wants it.
    """
    if not default and not named:
        return update
    for graph in (*default, *named):
        if not _IRI.fullmatch(graph):
            raise QueryError(f"'{graph}' is no IRI of a graph", todo="give an absolute IRI")
    clause = "".join([f"USING <{graph}> " for graph in default] + [f"USING NAMED <{graph}> " for graph in named])
    found = tokens(update)
    if ambiguous(found):
        raise QueryError("it cannot be told what '<' means in this update", todo="put a space behind each 'less than'")
    out, done = [], 0
    for at, piece in _insertions(update, found, clause):
        out += [update[done:at], piece]
        done = at
    return "".join([*out, update[done:]])


def _insertions(update: str, found: Sequence[re.Match[str]], clause: str) -> Iterator[tuple[int, str]]:
    """What is to be written where, in the order of the text."""
    depth, before = 0, ""
    for i, match in enumerate(found):
        text = match.group()
        word = text.upper() if match.lastgroup == "word" and depth == 0 else ""
        if word in ("USING", "WITH"):
            raise QueryError(f"the update chooses its graphs with {word}, and the request chooses others", todo="leave one of them out")
        if word == "WHERE":
            if before == "DELETE":  # the short form takes no USING: its pattern is said twice instead
                yield match.start(), _braces(update, found[i + 1 :]) + " "
            yield match.start(), clause
        depth += {"{": 1, "}": -1}.get(text, 0)
        before = word


def _braces(update: str, rest: Sequence[re.Match[str]]) -> str:
    """The first group in braces; all that is left if it does not end (the engine will say so)."""
    depth = 0
    for match in rest:
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return update[rest[0].start() : match.end()]
    return update[rest[0].start() :] if rest else ""
