"""The cubes as ``cubes.ttl`` declares them: dimensions, measures and attributes, and how a cell with its figures becomes an observation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from communique.iris import CQ, Iris, concept
from communique.ontology.facts import Facts
from communique.ontology.terms import LABEL, SKOS, TYPE, XSD, Triple, parse, text

QB: Final = "http://purl.org/linked-data/cube#"
_TERM = f"<{CQ}"
_TIMES = {"inMonth": "gYearMonth", "onDay": "date"}
Value = int | str
"""A number, a day or an IRI."""
_NUMBER = f'"^^<{XSD}integer>'


@dataclass(frozen=True, slots=True)
class Cube:
    """A data set: its name, its structure, and the properties that are its dimensions, measures and attributes, by name.

    Measures are sums; attributes are the least or the greatest of what single accounts have.
    """

    name: str
    structure: str
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    attributes: tuple[str, ...]

    def heading(self, iris: Iris) -> Iterator[Triple]:
        """The data set itself; what it holds is told by its structure."""
        node = f"<{iris.cube(self.name)}>"
        yield node, TYPE, f"<{QB}DataSet>"
        yield node, f"<{QB}structure>", f"<{self.structure}>"
        about = declared()
        for words in (LABEL, f"<{SKOS}definition>"):
            yield node, words, about.objects(f"<{self.structure}>", words)[0]

    def observation(self, cell: tuple[str, ...], figures: Mapping[str, Value], iris: Iris) -> Iterator[Triple]:
        """A cell with all its figures; a measure that is not given is 0."""
        node = f"<{iris.observation(*cell)}>"
        if cell[1:]:
            yield node, TYPE, f"<{QB}Observation>"
            yield node, f"<{QB}dataSet>", f"<{iris.cube(self.name)}>"
            for name, value in zip(self.dimensions, cell[1:], strict=True):
                yield node, f"{_TERM}{name}>", f'"{value}"^^<{XSD}{_TIMES[name]}>' if name in _TIMES else f"<{value}>"
        for measure in self.measures:
            yield figure(node, measure, figures.get(measure, 0))
        for attribute in self.attributes:
            yield figure(node, attribute, figures[attribute])


def figure(node: str, name: str, value: Value) -> Triple:
    """One figure of an observation."""
    if isinstance(value, int):
        return node, f"{_TERM}{name}>", f'"{value}{_NUMBER}'
    return node, f"{_TERM}{name}>", f'"{value}"^^<{XSD}date>' if value[0].isdigit() else f"<{value}>"


@cache
def declared() -> Facts:
    """The triples of ``cubes.ttl``."""
    return Facts(parse(files("communique.ontology.aggregates").joinpath("cubes.ttl")))


@cache
def cubes() -> Mapping[str, Cube]:
    """The cubes by name."""
    about = declared()
    out = {}
    for node in sorted(about.subjects(TYPE, f"<{QB}DataStructureDefinition>")):
        name = node[1:-1].removeprefix(concept("cube", ""))
        parts = sorted(about.objects(node, f"<{QB}component>"))
        out[name] = Cube(name, node[1:-1], *(_named(about, parts, kind) for kind in ("dimension", "measure", "attribute")))
    return out


def _named(about: Facts, parts: list[str], kind: str) -> tuple[str, ...]:
    """The names of the components of a kind, in the order that they declare."""
    ordered = sorted((int(text(about.objects(part, f"<{QB}order>")[0])), o) for part in parts for o in about.objects(part, f"<{QB}{kind}>"))
    return tuple(o[len(_TERM) : -1] for _, o in ordered)
