"""A finding, and how it stands in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from communique.iris import CQ, Iris
from communique.ontology.proofs import show
from communique.ontology.proofs.proof import Evidence, Proof
from communique.ontology.terms import TYPE, XSD, Triple

_PROV = "http://www.w3.org/ns/prov#"
LEADS = (f"<{_PROV}wasQuotedFrom>", f"<{_PROV}wasDerivedFrom>")
"""The properties that lead from a finding to its words and its proof, and on."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong or worth a look: in which readout (if in one), how grave (error, warning, note), which constraint, about what.

    ``evidence`` are the words of the claims that it is about; ``proof`` leads from a contradiction to what was told, or shows the
    statement to blame.
    """

    readout: str
    severity: str
    code: str
    about: str
    message: str
    evidence: tuple[Evidence, ...] = ()
    proof: Proof | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two findings the same, in whatever readout."""
        return self.code, self.about, self.message


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    told = {name: getattr(finding, name) for name in ("readout", "severity", "code", "about", "message")}
    evidence = [{name: getattr(e, name) for name in Evidence.__slots__} for e in finding.evidence]
    return {**told, "evidence": evidence, "proof": show.as_json(finding.proof) if finding.proof else None}


def lines(findings: Iterable[Finding], graph: str, iris: Iris) -> list[str]:
    """The sorted N-Quads lines of a graph of findings; the graph tells how many it holds, so that none is told from not looked for."""
    found = list(findings)
    return sorted({numbered(len(found), graph), *(f"{s} {p} {o} <{graph}> ." for f in found for s, p, o in _triples(f, iris))})


def numbered(number: int, graph: str) -> str:
    """The line by which a graph tells how many findings it holds."""
    return f'<{graph}> <{CQ}numberOfFindings> "{number}"^^<{XSD}integer> <{graph}> .'


def _triples(f: Finding, iris: Iris) -> Iterator[Triple]:
    node = f"<{iris.finding(f.readout, f.code, f.about, f.message)}>"
    yield node, TYPE, f"<{CQ}Finding>"
    for name in ("severity", "code", "message"):
        yield node, f"<{CQ}{name}>", str(ox.Literal(getattr(f, name)))
    if f.about:
        yield node, f"<{CQ}about>", f"<{f.about}>"
    if f.readout:
        yield node, f"<{CQ}inReadout>", f"<{f.readout}>"
    for e in f.evidence:
        yield node, LEADS[0], f"<{e.node}>"
        yield from show.quoted(e)
    if f.proof:
        yield node, LEADS[1], show.name(f.proof, iris)
        yield from show.triples(f.proof, iris)
