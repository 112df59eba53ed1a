"""What a SPARQL text asks for, told from its tokens: its form, whether it names its own dataset, whether it reaches out.

The engine's parser decides what is SPARQL; it has no switch against ``SERVICE``, so that is refused here, before it runs.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile

from communique.errors import QueryError, QuerySyntaxError

# In the order in which the grammar must try them (SPARQL 1.1, section 19.8); IRIs a little wider than there.
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n\r]*)
      | (?P<triple><<)
      | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
      | (?P<string>'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''|\"""(?:(?:"|"")?(?:[^"\\]|\\.))*\"""|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
      | (?P<variable>[?$]\w+)
      | (?P<name>(?:[^\W\d_][\w.-]*|_)?:(?:(?:[\w:%]|\\.)(?:[\w:.%-]|\\.)*)?)
      | (?P<language>@[\w-]+)
      | (?P<word>[^\W\d]\w*)
      | (?P<number>\d[\d.]*)
      | (?P<space>\s+)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
# A name that ends where the grammar says; with dots and escapes the engine may end it earlier.
_PLAIN_NAME = re.compile(r"(?![\w-]*service[\w-]*:)[\w-]*:[\w:-]*", re.IGNORECASE)
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_PASSING = {"NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"}
_SHORT = 5_000  # characters; of the shorter queries the tokens are kept, since each is asked several times what it is
_FEW = 32
_POSITION = re.compile(r"error at (\d+):(\d+)(?:: )?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a query is: its ``form`` (``SELECT`` ... or ``None`` if it has none) and whether it has a ``FROM`` of its own."""

    form: str | None
    own_dataset: bool


def shape(query: str, servers: Container[str] = frozenset()) -> Shape:
    """The shape of a query.

    Raises ``QueryError`` for an update and for a query that would ask another server (``SERVICE``) than those of ``servers``, which could
    be used to reach what only this machine can reach.
    """
    found = tokens(query)
    words = [match.group().upper() for match in found if match.lastgroup == "word"]
    form = next((word for word in words if word in _FORMS or word in _UPDATES), None)
    if form in _UPDATES:
        raise QueryError(f"{form} is an update, and this store is asked read-only", todo="ask with SELECT, ASK, CONSTRUCT or DESCRIBE")
    refuse_servers(query, found, servers)
    return Shape(form, any(word.startswith("FROM") for word in words))


def tokens(text: str) -> Sequence[re.Match[str]]:
    """The tokens of a query or an update, without spaces and comments; ``lastgroup`` tells the kind of each."""
    return _once(text) if len(text) <= _SHORT else _tokens(text)


def _tokens(text: str) -> Sequence[re.Match[str]]:
    return tuple(match for match in _TOKEN.finditer(text) if match.lastgroup not in ("space", "comment"))


_once = lru_cache(_FEW)(_tokens)


def normalised(text: str) -> str:
    """The text without comments and with one space between tokens: two texts that differ in no more than that mean the same."""
    return " ".join(match.group() for match in tokens(text))


def lasting(text: str) -> bool:
    """Whether a query has the same answer as long as the data is the same: it asks for no clock, no chance and no other server."""
    return not any(match.lastgroup == "word" and match.group().upper() in _PASSING for match in tokens(text))


def refuse_servers(text: str, found: Sequence[re.Match[str]], servers: Container[str] = frozenset()) -> None:
    """Raise ``QueryError`` for ``SERVICE``, wherever the engine would read it; ``found`` is the text in tokens.

    Of ``servers``, which are listed, each may be asked by its whole IRI: no prefix and no variable could say another.
    """
    if "SERVICE" not in text.upper():
        return
    # The engine wants no space around a keyword: ``trueSERVICEex:a`` is three tokens to it.
    reaches_out = any(
        match.lastgroup not in ("iri", "string", "variable")
        and "SERVICE" in match.group().upper()
        and not _PLAIN_NAME.fullmatch(match.group())
        and not _listed(found[i : i + 3], servers)
        for i, match in enumerate(found)
    )
    if reaches_out or ambiguous(found):
        raise QueryError("SERVICE would ask another server, and this store answers from its own graphs only", todo="leave SERVICE out")


def _listed(found: Sequence[re.Match[str]], servers: Container[str]) -> bool:
    """Whether some tokens begin with ``SERVICE <IRI>`` or ``SERVICE SILENT <IRI>`` of a server that is listed."""
    words = [match.group() if match.lastgroup == "iri" else match.group().upper() for match in found]
    rest = words[2:] if words[1:2] == ["SILENT"] else words[1:]
    return words[0] == "SERVICE" and bool(rest) and rest[0][:1] == "<" and rest[0][1:-1] in servers


def ambiguous(found: Iterable[re.Match[str]]) -> bool:
    """Whether ``<`` may be "less than" to the engine where it opens an IRI here (``?a<'x>'`` in brackets).

    From there on the two may disagree about what is a string, so nothing that the tokens say is believed any more.
    """
    depth, before = 0, ""
    for match in found:
        kind, text = match.lastgroup or "", match.group()
        if depth > 0 and (kind == "triple" or (kind == "iri" and before != "sign")):
            return True
        depth += {"(": 1, ")": -1}.get(text, 0)
        before = text if text == ")" else kind
    return False


@dataclass(frozen=True, slots=True)
class Parts:
    """A query in pieces that can be put together anew: ``PREFIX`` and ``BASE``, its ``FROM`` clauses, its ``body`` without either.

    ``head`` is what stands before the place of a ``FROM`` in the body.  ``template`` is what a CONSTRUCT makes, ``pattern`` all that
    follows the head of the query.  ``ordered`` tells that the rows come in an order of the query's own, or only some of them
    (``ORDER BY``, ``LIMIT``, ``OFFSET`` outside all brackets).
    """

    prologue: str
    dataset: str
    head: str
    body: str
    template: str
    pattern: str
    ordered: bool


def parts(query: str) -> Parts:
    """The pieces of a query that the engine's parser has accepted."""
    found = tokens(query)
    start = next((i for i, m in enumerate(found) if m.lastgroup == "word" and m.group().upper() in _FORMS), 0)
    depth, braces, ordered = 0, [], False
    cut: list[tuple[int, int]] = []
    for i in range(start, len(found)):
        text = found[i].group()
        word = text.upper() if found[i].lastgroup == "word" else ""
        if text in ("{", "}"):
            braces.append((text, depth, found[i].start(), found[i].end()))
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(text, 0)
        if depth == 0 and word == "FROM":
            named = found[i + 1].group().upper() == "NAMED"
            cut.append((found[i].start(), found[i + 1 + named].end()))
        ordered |= depth == 0 and word in ("ORDER", "LIMIT", "OFFSET")
    template = pattern = ""
    opened = [b for b in braces if b[:2] == ("{", 0)]
    closed = [b for b in braces if b[:2] == ("}", 1)]
    place = len(query)
    if opened:
        template = query[opened[0][2] : closed[0][3]]
        place = opened[min(1, len(opened) - 1)][2]
        pattern = query[place:]
        before = [m for m in found if m.end() <= place][-1]
        place = before.start() if before.group().upper() == "WHERE" else place
    head, at = "", found[start].start()
    for first, last in cut:
        head, at = head + query[at:first], last
    head += query[at:place]
    dataset = " ".join(query[a:b] for a, b in cut)
    return Parts(query[: found[start].start()], dataset, head, head + query[place:], template, pattern, ordered)


def graphs_named(query: str) -> tuple[str, ...]:
    """The graphs that a query names behind ``GRAPH``, as it writes them."""
    pairs = pairwise(tokens(query))
    return tuple(dict.fromkeys(b.group() for a, b in pairs if a.group().upper() == "GRAPH" and b.lastgroup in ("iri", "name")))


def described(query: str) -> str:
    """A DESCRIBE as the CONSTRUCT of all that has one of its things as subject, which means the same to every store."""
    piece = parts(query)
    tokens = list(takewhile(lambda m: m.group() != "{", _TOKEN.finditer(piece.body)))
    things = " ".join(m.group() for m in tokens if m.lastgroup in ("iri", "name"))
    named = [m.group() for m in tokens if m.lastgroup == "variable"]
    if any(m.group() == "*" for m in tokens):
        named = [f"?{name}" for name in variables(piece.pattern)]
    either = [f"{{ VALUES ?communiqueThing {{ {things} }} }}"] * bool(things)
    either += [f"{{ SELECT DISTINCT ({name} AS ?communiqueThing) WHERE {piece.pattern}\n}}" for name in named]
    triple = "?communiqueThing ?communiqueSays ?communiqueWhat"
    return f"{piece.prologue} CONSTRUCT {{ {triple} }} {piece.dataset} WHERE {{ {{ {' UNION '.join(either)} }} {triple} }}"


def variables(text: str) -> tuple[str, ...]:
    """The names of the variables in a piece of a query, in the order in which they come."""
    return tuple(dict.fromkeys(m.group()[1:] for m in _TOKEN.finditer(text) if m.lastgroup == "variable"))


def syntax_error(query: str, message: str) -> QuerySyntaxError:
    """The engine's message (``error at 2:9: expected one of ...``) as an error that knows line, column and the line itself."""
    found = _POSITION.search(message)
    if not found:
        return QuerySyntaxError(message or "this is not SPARQL", line=1, column=1, text=query.split("\n", 1)[0])
    line, column, rest = int(found[1]), int(found[2]), " ".join(found[3].split())
    lines = query.split("\n")
    text = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    # The engine lists whole character classes when a name breaks off; they help nobody.
    rest = re.sub(r"(?:, )?\['.*", "", rest).replace("[_]", "white space")
    return QuerySyntaxError(rest or "this is not SPARQL", line=line, column=column, text=text)
