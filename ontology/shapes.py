"""Checks a store: the SHACL shapes and the false rules of the ontology, as SPARQL audits over all graphs at once.

Each constraint of ``shapes.ttl`` becomes one SELECT query that answers with what breaks it.  ``validate`` asks pyshacl about
one readout (a tenth of a second); tests hold the two against each other.  Findings are data, never exceptions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyoxigraph as ox

from communique.errors import DataError
from communique.iris import CQ, VOCAB, Iris
from communique.ontology.closure import shipped
from communique.ontology.rule import Rule, variables, where
from communique.ontology.terms import SKOS, TYPE, Triple, parse, short, text
from communique.store import Store

SH = "http://www.w3.org/ns/shacl#"
SHAPES = "https://w3id.org/communique/shapes#"
_PREFIXES = f"PREFIX cq: <{CQ}>\nPREFIX skos: <{SKOS}>\n"
_SEVERITIES = {f"<{SH}Violation>": "error", f"<{SH}Warning>": "warning", f"<{SH}Info>": "note"}
_CODES = {
    "cax-dw": "disjoint-classes",
    "prp-irp": "irreflexive",
    "prp-asyp": "asymmetric",
    "prp-pdw": "disjoint-properties",
    "prp-fp": "functional",
    "prp-rng": "range",
    "dt-not-type": "datatype",
    "eq-diff1": "different",
    "cls-nothing2": "nothing",
}
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong or worth a look: how grave, which constraint, in words, about what, and in which readout (if in one)."""

    readout: str
    severity: str
    code: str
    about: str
    message: str


@dataclass(frozen=True, slots=True)
class Audit:
    """A constraint as a query: each row is a finding about its first column, the second (if bound) is the value to blame."""

    code: str
    severity: str
    message: str
    query: str


def check(store: Store, iris: Iris, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Every finding in a store, sorted by readout; ``progress`` is called with the code of each audit before it runs.

    The inferred graphs must be up to date (``reason``), since many constraints are on what follows.
    """
    found: set[Finding] = set()
    for audit in audits():
        if progress:
            progress(audit.code)
        for row in store.select(audit.query):
            about = row[0].value if isinstance(row[0], ox.NamedNode) else str(row[0])
            blame = f": {_brief(row[1])}" if len(row) > 1 and row[1] is not None else ""
            for readout in _readouts(store, iris, [str(term).strip("<>") for term in row if term is not None]):
                found.add(Finding(readout, audit.severity, audit.code, about, audit.message + blame))
    return tuple(sorted(found))


def record(store: Store, iris: Iris, findings: Iterable[Finding]) -> None:
    """Publish findings as data: they replace those in ``graph/findings``."""
    graph = iris.graph("findings")
    out: list[str] = []
    for f in findings:
        node = iris.finding(f.readout, f.code, f.about, f.message)
        words = {"severity": f.severity, "code": f.code, "message": f.message}
        out.append(f"<{node}> {TYPE} <{CQ}Finding> <{graph}> .")
        out += [f"<{node}> <{CQ}{name}> {ox.Literal(value)} <{graph}> ." for name, value in words.items()]
        out.append(f"<{node}> <{CQ}about> <{f.about}> <{graph}> .")
        if f.readout:
            out.append(f"<{node}> <{CQ}inReadout> <{f.readout}> <{graph}> .")
    store.put_graph(graph, sorted(set(out)))


@cache
def audits() -> tuple[Audit, ...]:
    """All audits: those of the shapes and those of the ontology's false rules.  Raises ``DataError`` for a shape that cannot become one."""
    return (*shape_audits(parse(files("communique.ontology").joinpath("shapes.ttl"))), *rule_audits(shipped().false))


def _readouts(store: Store, iris: Iris, involved: list[str]) -> list[str]:
    """The readouts that a row is in: by the IRI of what it names, else every account that speaks of its first node."""
    own = {readout for term in involved if (readout := iris.readout_of(term))}
    if not own and involved:
        rows = store.select(f"SELECT DISTINCT ?graph {{ GRAPH ?graph {{ <{involved[0]}> ?p ?o }} }}")
        own = {readout for row in rows if isinstance(row[0], ox.NamedNode) and (readout := iris.readout_of(row[0].value))}
    return sorted(own) or [""]


def _brief(term: object) -> str:
    if isinstance(term, ox.Literal):
        words = " ".join(term.value.split())
        return words if len(words) <= 80 else f"{words[:79]}…"
    return short(str(term))


# False rules


def rule_audits(rules: Iterable[Rule]) -> Iterator[Audit]:
    """An audit for each rule without head."""
    for rule in rules:
        if rule.head is None:
            code = "+".join(_CODES.get(part, part) for part in rule.name.split("+"))
            yield Audit(f"{code}", "error", rule.axiom, f"SELECT DISTINCT {' '.join(variables(rule))} {{ {where(rule)} }}")


# Shapes


def shape_audits(triples: Iterable[Triple]) -> Iterator[Audit]:
    """An audit for each constraint of each shape; what this compiler does not know is an error, never skipped."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in triples:
        facts[s][p.removeprefix(f"<{SH}").removesuffix(">") if p.startswith(f"<{SH}") else p].append(o)
    for shape in sorted(s for s in facts if facts[s]["targetClass"]):
        for target in facts[shape]["targetClass"]:
            for prop in sorted(facts[shape]["property"]):
                yield from _property_audits(facts, prop, _focus(target))
            for constraint in sorted(facts[shape]["sparql"]):
                select = text(facts[constraint]["select"][0]).replace("$this", "?this")
                query = _PREFIXES + select.replace("WHERE {", f"WHERE {{ {_focus(target)}", 1)
                yield Audit(_code(constraint), *_told(facts[constraint]), query)


def _property_audits(facts: dict[str, dict[str, list[str]]], prop: str, target: str) -> Iterator[Audit]:
    of = facts[prop]
    path = _path(facts, of["path"][0])
    value = f"{target} ?this {path} ?value ."
    for name in sorted(of):
        wanted = of[name][0] if of[name] else ""
        number = wanted.split('"')[1] if wanted.startswith('"') else ""
        if name in ("path", "message", "severity", TYPE) or not of[name]:
            continue
        if name == "minCount" and number == "1":
            query = f"SELECT ?this {{ {target} FILTER NOT EXISTS {{ ?this {path} ?value }} }}"
        elif name in ("minCount", "maxCount"):
            sign = "<" if name == "minCount" else ">"
            inner = f"{target} OPTIONAL {{ ?this {path} ?value }}" if name == "minCount" else value
            counted = f"SELECT ?this (COUNT(DISTINCT ?value) AS ?n) {{ {inner} }} GROUP BY ?this"
            query = f"SELECT ?this {{ {{ {counted} }} FILTER(?n {sign} {number}) }}"
        elif name in ("minInclusive", "maxInclusive"):
            query = _rows(value, f"!(?value {'>=' if name == 'minInclusive' else '<='} {wanted})")
        elif name == "datatype":
            query = _rows(value, f"DATATYPE(?value) != {wanted}")
        elif name == "pattern":
            query = _rows(value, f"!REGEX(STR(?value), {wanted})")
        elif name == "in":
            query = _rows(value, f"?value NOT IN ({', '.join(_members(facts, wanted))})")
        elif name == "class":
            query = _rows(value, f"NOT EXISTS {{ ?value a {wanted} }}")
        elif name == "lessThan":
            query = _rows(f"{value} ?this {wanted} ?other .", "!(?value < ?other)")
        elif name == "disjoint":
            query = f"SELECT DISTINCT ?this ?value {{ {value} ?this {wanted} ?value }}"
        else:
            raise DataError(
                f"the constraint {name} of a shape cannot become an audit",
                where=short(prop),
                todo="teach ontology/shapes.py or use sh:sparql",
            )
        yield Audit(_code(prop), *_told(of), query)


def _focus(target: str) -> str:
    """The nodes of a class, each once: shared nodes stand in every account that names them."""
    return f"{{ SELECT DISTINCT ?this {{ ?this a {target} }} }}"


def _rows(pattern: str, test: str) -> str:
    return f"SELECT DISTINCT ?this ?value {{ {pattern} FILTER({test}) }}"


def _path(facts: dict[str, dict[str, list[str]]], path: str) -> str:
    if path[0] == "<":
        return path
    if inverse := facts[path]["inversePath"]:
        return f"^{inverse[0]}"
    if ways := facts[path]["alternativePath"]:
        return f"({'|'.join(_members(facts, ways[0]))})"
    raise DataError(
        "a path of a shape is of a kind that cannot become an audit", where="shapes.ttl", todo="use a property, its inverse or alternatives"
    )


def _members(facts: dict[str, dict[str, list[str]]], head: str) -> list[str]:
    rdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    out = []
    while not head.endswith("#nil>"):
        out += facts[head][f"{rdf}first>"]
        head = facts[head][f"{rdf}rest>"][0]
    return out


def _told(of: dict[str, list[str]]) -> tuple[str, str]:
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
