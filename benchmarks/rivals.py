"""The same rules in other engines, so that ratios can be measured side by side: owlrl, and Nemo (``pip install nemo-python``)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import owlrl
from rdflib import Graph

from communique.iris import CQ, VOCAB
from communique.ontology import graphs, layers, terms
from communique.ontology.rule import Atom, Rule
from communique.ontology.terms import OWL, RDFS, TYPE, Triple


@cache
def vocabulary() -> tuple[Triple, ...]:
    """What the vocabularies say."""
    return tuple(layers.triples(graphs.vocabulary("")))


def used(data: list[Triple]) -> list[Triple]:
    """What the vocabularies say about the concepts that are used, and about those above them: owlrl needs hours for all."""
    of: dict[str, list[Triple]] = {}
    for t in vocabulary():
        if t[1] == TYPE or t[1].endswith(("#broader>", "#inState>")):
            of.setdefault(t[0], []).append(t)
    todo = {term for t in data for term in t if term.startswith(f"<{VOCAB}")}
    seen: set[str] = set()
    out: list[Triple] = []
    while todo:
        concept = todo.pop()
        seen.add(concept)
        out += of.get(concept, ())
        todo |= {t[2] for t in of.get(concept, ()) if t[1] != TYPE} - seen
    return out


def things(found: Iterable[Triple]) -> set[Triple]:
    """Statements between things of the data, without owlrl's noise: identity, top classes, terms, nameless classes."""
    noise = tuple(f"<{n}" for n in (OWL, RDFS, terms.RDF, terms.XSD))
    about = (*noise, f"<{CQ[:-1]}", f"<{terms.SKOS}", "<http://purl.org/dc")
    return {
        t
        for t in found
        if t[0][0] == "<" and t[2][0] == "<" and not t[0].startswith(about) and not t[1].startswith(noise[:2])
        and not (t[1] == TYPE and t[2].startswith(noise))
    }  # fmt: skip


def by_owlrl(triples: Iterable[Triple]) -> tuple[float, set[Triple]]:
    """Processor seconds of owlrl, and all statements that there are then."""
    graph = Graph().parse(data="\n".join(f"{s} {p} {o} ." for s, p, o in triples), format="nt")
    started = time.process_time()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return time.process_time() - started, {(s.n3(), p.n3(), o.n3()) for s, p, o in graph}


def nemo_program(rules: Sequence[Rule], data: Path) -> str:
    """Rules without guards in Nemo's language: a relation for each property, and one for each class."""
    heads = {_relation(rule.head): rule.head for rule in rules if rule.head}
    atoms = {_relation(atom): atom for rule in rules for atom in rule.body} | heads
    lines = [f'@import triple :- ntriples {{ resource = "{data}" }} .']
    for relation, (_, p, o) in sorted(atoms.items()):
        lines.append(f"{relation}(?s) :- triple(?s, {TYPE}, {o}) ." if p == TYPE else f"{relation}(?s, ?o) :- triple(?s, {p}, ?o) .")
    lines += [f"{_atom(rule.head)} :- {', '.join(map(_atom, rule.body))} ." for rule in rules if rule.head]
    lines += [f"@output {relation} ." for relation in sorted(heads)]
    return "\n".join(lines)


def by_nemo(rules: Sequence[Rule], data: Path) -> tuple[float, set[Triple]]:
    """Processor seconds of Nemo from a file to its closure, and the statements whose property or class some rule concludes."""
    import nmo_python as nemo

    program = nemo_program(rules, data)
    started = time.process_time()
    engine = nemo.NemoEngine(nemo.load_string(program))
    engine.reason()
    spent = time.process_time() - started
    out: set[Triple] = set()
    for head in {_relation(rule.head): rule.head for rule in rules if rule.head}.values():
        for row in engine.result(_relation(head)):
            ends = list(map(_term, row))
            out.add((ends[0], head[1], ends[1] if len(ends) > 1 else head[2]))
    return spent, out


def _relation(atom: Atom) -> str:
    return re.sub(r"\W", "_", "of_" + atom[2] if atom[1] == TYPE else "is_" + atom[1])


def _atom(atom: Atom) -> str:
    return f"{_relation(atom)}({', '.join(t for t in ((atom[0],) if atom[1] == TYPE else (atom[0], atom[2])))})"


def _term(value: object) -> str:
    return str(value)
