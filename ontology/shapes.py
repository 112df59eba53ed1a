"""The SHACL shapes as constraints that one pass over a graph checks: a few look-ups a node, where pyshacl takes a tenth of a second.

Each constraint of ``shapes.ttl`` is compiled once; what this compiler does not know is an error, never skipped.  ``validate`` asks
pyshacl about one readout; tests hold the two against each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Protocol

from communique.errors import DataError
from communique.iris import CQ, VOCAB
from communique.ontology import values
from communique.ontology.terms import OWL, RDF, SKOS, TYPE, Triple, parse, short, text

SH = "http://www.w3.org/ns/shacl#"
SHAPES = "https://w3id.org/communique/shapes#"
_NAMESPACES: Final = {"cq": CQ, "owl": OWL, "skos": SKOS}
_PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in _NAMESPACES.items())
_SEVERITIES = {f"<{SH}Violation>": "error", f"<{SH}Warning>": "warning", f"<{SH}Info>": "note"}
_SILENT = ("path", "message", "severity", TYPE)
Row = dict[str, str]
"""What a breach names, by variable: ``this`` is the node, ``value`` (if there) what to blame, and what else a query selects."""


class View(Protocol):
    """What constraints look at: a readout with the layers below it, or the graphs that join readouts."""

    def nodes(self, class_: str) -> Iterable[str]:
        """The nodes of a class."""

    def few(self, class_: str) -> Collection[str] | None:
        """The nodes of a class if only some are looked at, so that a query asks about these and not about all."""

    def out(self, s: str, p: str) -> Iterable[str]:
        """The objects of a subject and a property."""

    def into(self, p: str, o: str) -> Iterable[str]:
        """The subjects of a property and an object."""

    def is_a(self, term: str, class_: str) -> bool:
        """Whether a thing is of a class."""

    def ask(self, query: str) -> Iterable[Row]:
        """The rows of a SPARQL query."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint on the nodes of a class: on the ``values`` that a path leads to (``test`` gives those that break it), or a query.

    ``test`` is given the view, a node and its values; it answers ``None`` for a fault of the node itself.  ``predicates`` are the
    properties (and for types, the classes) that a query looks at.  One that ``compares`` puts nodes of the class beside each other, so
    what is found about one can change with another: it is always asked about all.
    """

    code: str
    severity: str
    message: str
    target: str
    path: tuple[tuple[str, bool], ...] = ()
    test: Callable[[View, str, list[str]], Iterable[str | None]] | None = None
    query: str = ""
    predicates: frozenset[str] = frozenset()

    @property
    def compares(self) -> bool:
        """Whether its query puts nodes of the class beside each other."""
        return "STR(?this) <" in self.query

    def breaches(self, view: View) -> Iterator[Row]:
        """What breaks it."""
        if self.test is None:
            few = None if self.compares else view.few(self.target)
            if few is None:
                yield from view.ask(self.query)
            elif few:
                yield from view.ask(self.query.replace(_focus(self.target), f"VALUES ?this {{ {' '.join(few)} }}"))
            return
        for node in view.nodes(self.target):
            found = [v for p, back in self.path for v in (view.into(p, node) if back else view.out(node, p))]
            for blamed in self.test(view, node, list(dict.fromkeys(found))):
                yield {"this": node} if blamed is None else {"this": node, "value": blamed}


@cache
def constraints() -> tuple[Constraint, ...]:
    """All constraints of the shipped shapes.  Raises ``DataError`` for one that cannot be compiled."""
    return tuple(compiled(parse(files("communique.ontology").joinpath("shapes.ttl"))))


# From SHACL

_Facts = Mapping[str, Mapping[str, list[str]]]


def compiled(triples: Iterable[Triple]) -> Iterator[Constraint]:
    """A constraint for each one of each shape."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in triples:
        facts[s][p.removeprefix(f"<{SH}").removesuffix(">") if p.startswith(f"<{SH}") else p].append(o)
    for shape in sorted(s for s in facts if facts[s]["targetClass"]):
        for target in facts[shape]["targetClass"]:
            for prop in sorted(facts[shape]["property"]):
                of = facts[prop]
                path = tuple(_path(facts, of["path"][0]))
                for name in sorted(n for n in of if n not in _SILENT and of[n]):
                    test = _test(facts, prop, name, of[name][0])
                    yield Constraint(_code(prop), *_told(of), target, path, test)
            for constraint in sorted(facts[shape]["sparql"]):
                yield _query(constraint, facts[constraint], target)


def _query(name: str, of: Mapping[str, list[str]], target: str) -> Constraint:
    select = text(of["select"][0]).replace("$this", "?this")
    used = {f"<{_NAMESPACES[prefix]}{term}>" for prefix, term in re.findall(r"\b(cq|owl|skos):(\w+)", select)}
    query = _PREFIXES + select.replace("WHERE {", f"WHERE {{ {_focus(target)}", 1)
    return Constraint(_code(name), *_told(of), target, query=query, predicates=frozenset({*used, target, TYPE}))


def _focus(target: str) -> str:
    return f"{{ SELECT DISTINCT ?this {{ ?this a {target} }} }}"


def _test(facts: _Facts, prop: str, name: str, wanted: str) -> Callable[[View, str, list[str]], Iterable[str | None]]:
    """The test of one parameter of a property shape."""
    if name in ("minCount", "maxCount"):
        number = int(wanted.split('"')[1])
        many = name == "maxCount"
        return lambda _view, _node, found: [None] if (len(found) > number if many else len(found) < number) else []
    if name == "lessThan":
        return lambda view, node, found: [v for v in found if any(not _less(v, other) for other in view.out(node, wanted))]
    if name == "disjoint":
        return lambda view, node, found: [v for v in found if v in view.out(node, wanted)]
    if name == "class":
        return lambda view, _node, found: [v for v in found if not view.is_a(v, wanted)]
    each: dict[str, Callable[[str], bool]] = {
        "minInclusive": lambda v: _at_most(wanted, v),
        "maxInclusive": lambda v: _at_most(v, wanted),
        "datatype": lambda v: _is_of(v, wanted),
        "pattern": lambda v: re.search(text(wanted), text(v) if v[0] == '"' else v[1:-1]) is not None,
    }
    if name == "in":
        members = frozenset(_members(facts, wanted))
        each["in"] = members.__contains__
    if name not in each:
        todo = "teach ontology/shapes.py or use sh:sparql"
        raise DataError(f"the constraint {name} of a shape is not known", where=short(prop), todo=todo)
    holds = each[name]
    return lambda _view, _node, found: [v for v in found if not holds(v)]


def _less(left: str, right: str) -> bool:
    return values.OPERATORS["<"][0](left, right)


def _at_most(left: str, right: str) -> bool:
    return values.OPERATORS["<="][0](left, right)


def _is_of(term: str, kind: str) -> bool:
    """Whether a literal bears a datatype, and its words are of it."""
    return term.endswith(f'"^^{kind}') and values.value(term) is not None


def _path(facts: _Facts, path: str) -> Iterator[tuple[str, bool]]:
    """The properties of a path, each with whether it is followed back."""
    if path[0] == "<":
        yield path, False
    elif inverse := facts[path]["inversePath"]:
        yield inverse[0], True
    elif ways := facts[path]["alternativePath"]:
        for way in _members(facts, ways[0]):
            yield from _path(facts, way)
    else:
        what = "a path of a shape is of a kind that is not known"
        raise DataError(what, where="shapes.ttl", todo="use a property, its inverse or alternatives")


def _members(facts: _Facts, head: str) -> list[str]:
    out = []
    while not head.endswith("#nil>"):
        out += facts[head][f"<{RDF}first>"]
        head = facts[head][f"<{RDF}rest>"][0]
    return out


def _told(of: Mapping[str, list[str]]) -> tuple[str, str]:
    """Severity and message of a constraint."""
    return _SEVERITIES[of["severity"][0]] if of["severity"] else "error", text(of["message"][0])


def _code(iri: str) -> str:
    """``claim-quote`` for ``shapes#ClaimQuote``."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in iri.strip("<>").removeprefix(SHAPES)).lstrip("-")


# One readout with pyshacl


def validate(lines: Iterable[str], vocabulary: Iterable[Triple] = ()) -> tuple[tuple[str, str], ...]:
    """What pyshacl finds in the asserted and inferred lines of one readout: pairs of code and focus node, sorted.

    ``vocabulary`` holds what the concepts used are said to be; see ``background``.
    """
    import pyshacl
    from rdflib import Graph, URIRef

    data = Graph()
    words = [line.rpartition(" <")[0] + " ." for line in lines] + [f"{s} {p} {o} ." for s, p, o in vocabulary]
    data.parse(data="\n".join(words), format="nt")
    shapes = Graph().parse(data=files("communique.ontology").joinpath("shapes.ttl").read_text(encoding="utf-8"), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", allow_warnings=False)
    if not isinstance(report, Graph):
        raise DataError("pyshacl could not use the shapes", where="shapes.ttl", todo="see whether they are SHACL")
    found = set()
    for result, focus in report.subject_objects(URIRef(f"{SH}focusNode")):
        source = report.value(result, URIRef(f"{SH}sourceConstraint")) or report.value(result, URIRef(f"{SH}sourceShape"))
        found.add((_code(str(source)), str(focus)))
    return tuple(sorted(found))


def background(triples: Iterable[Triple], lines: Iterable[str]) -> list[Triple]:
    """The triples of a vocabulary about the concepts that some lines name."""
    used = {word for line in lines for word in line.split(" ") if word.startswith(f"<{VOCAB}")}
    return [t for t in triples if t[0] in used]
