"""What a proof is: a tree of steps from a conclusion down to quads that were told, each with the words that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from communique.ontology.rule import Atom, variable
from communique.ontology.terms import OWL, Triple

TOLD = "told"
"""The rule of a leaf: the statement stands in a graph that was not inferred."""
SAME = f"<{OWL}sameAs>"
SUBJECT, OBJECT = "eq-rep-s", "eq-rep-o"
"""The rules of identity: a statement holds under each name of its subject, and of its object."""


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Words of a readout: where they stand in its text, the node that carries them, what read them and how sure that is.

    ``start`` and ``end`` are -1, and ``quote`` is the title, where a statement is about the page as a whole.  Where only facts of the
    readout are here there is no quote; ``address`` and ``sha256`` tell at which page and in which text the words stand.
    """

    readout: str
    node: str
    start: int
    end: int
    quote: str
    rule: str
    confidence: str
    address: str = ""
    sha256: str = ""

    @property
    def elsewhere(self) -> str:
        """Where the words are that are not here, in words; nothing if they are here."""
        text = f"the text with SHA-256 {self.sha256[:16]}…" if self.sha256 else ""
        return f"{text} at {self.address}" if text and self.address else text


@dataclass(frozen=True, slots=True)
class Proof:
    """One step: ``triple`` follows from ``premises`` by ``rule``, with ``bindings`` for its variables; ``None`` stands for false.

    ``says`` is the axiom in words, or the reason of a decision.  A leaf has no premises, but ``graphs`` and ``evidence``.
    """

    triple: Triple | None
    rule: str
    says: str = ""
    bindings: tuple[tuple[str, str], ...] = ()
    premises: tuple[Proof, ...] = ()
    graphs: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def depth(self) -> int:
        """The number of steps above the deepest leaf."""
        return 1 + max(p.depth for p in self.premises) if self.premises else 0

    @property
    def size(self) -> int:
        """The number of steps and leaves."""
        return 1 + sum(p.size for p in self.premises)

    def steps(self) -> Iterator[Proof]:
        """The proof and all proofs inside it."""
        yield self
        for premise in self.premises:
            yield from premise.steps()


def matched(atoms: Sequence[Atom], triples: Sequence[Triple | None], bindings: Mapping[str, str]) -> bool:
    """Whether triples are what the patterns say, with ``bindings`` and any further ones."""
    known = dict(bindings)
    return len(atoms) == len(triples) and all(
        triple is not None
        and all((known.setdefault(term, value) if variable(term) else term) == value for term, value in zip(atom, triple, strict=True))
        for atom, triple in zip(atoms, triples, strict=True)
    )


def filled(atom: Atom, bindings: dict[str, str]) -> Triple:
    """A pattern with terms put in for its variables."""
    s, p, o = atom
    return bindings.get(s, s), bindings.get(p, p), bindings.get(o, o)
