"""Writes what follows: an inferred graph for each readout, closed on its own, and one global graph for what joins readouts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from communique.iris import Iris
from communique.ontology import closure, graphs, pairing
from communique.ontology.authority import graph as people
from communique.ontology.authority.decisions import Decision
from communique.ontology.closure import Layer
from communique.ontology.terms import TYPE, Triple
from communique.store import Store

_BATCH = 100
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did: mentions of persons, the persons they are of, decisions that meant nobody; graphs closed, triples they hold, triples
    inferred from them and across them, inferred graphs dropped."""

    mentions: int
    persons: int
    idle: tuple[Decision, ...]
    closed: int
    asserted: int
    inferred: int
    across: int
    dropped: int


class Reasoner:
    """The rules with the reference layer of one store, ready to close readouts one by one."""

    def __init__(self, store: Store, iris: Iris) -> None:
        self.iris = iris
        self.closure = closure.shipped()
        names = ("vocabulary", "reference")
        self.background: list[Triple] = [t for name in names for t in triples(store.dump(iris.graph(name)))]
        self.layer: Layer = self.closure.layer(self.background)

    def infer(self, lines: Iterable[str]) -> list[Triple]:
        """What follows from the N-Quads lines of one asserted graph and the reference layer."""
        return self.closure.infer(triples(lines), self.layer)

    def inferred(self, account: str, lines: Iterable[str]) -> tuple[str, list[str]]:
        """The graph of what follows from an account, and its lines."""
        graph = self.iris.inferred(account)
        return graph, [f"{s} {p} {o} <{graph}> ." for s, p, o in self.infer(lines)]


def reason(
    store: Store,
    iris: Iris,
    only: Iterable[str] | None = None,
    progress: Progress | None = None,
    decisions: Sequence[Decision] = (),
) -> Report:
    """Bring the authority file of persons and everything inferred up to date and tell how much it is.

    ``decisions`` are a curator's on who is who.  ``only`` names the asserted graphs that have changed, if that is known; the others
    keep what they have.  ``progress`` is called with each asserted graph once it is closed.  Raises ``InputError`` if decisions
    contradict each other, and ``StoreError`` if the store cannot be written; a run that was broken off leaves whole graphs and can
    be repeated.
    """
    graphs.load(store, iris)
    who = people.build(store, decisions)
    people.record(store, iris, who)
    reasoner = Reasoner(store, iris)
    present = store.graphs()
    accounts = [g for g in present if iris.readout_of(g) and not iris.is_inferred(g)]
    orphans = [g for g in present if iris.readout_of(g) and iris.is_inferred(g) and g.removesuffix("/inferred") not in set(accounts)]
    store.apply({}, drop=orphans)
    wanted = set(accounts if only is None else only)
    asserted = inferred = 0
    batch: dict[str, list[str]] = {}
    for account in [a for a in accounts if a in wanted]:
        lines = list(store.dump(account))
        graph, batch[graph] = reasoner.inferred(account, lines)
        asserted += len(lines)
        inferred += len(batch[graph])
        if len(batch) == _BATCH:
            store.apply(batch)
            batch = {}
        if progress:
            progress(account)
    background = iris.inferred(iris.graph("vocabulary"))
    batch[background] = _lines(reasoner.closure.infer(reasoner.background), background)
    ontology = iris.inferred(iris.graph("ontology"))
    batch[ontology] = _lines(closed_ontology(), ontology)
    store.apply(batch)
    across = _across(store, reasoner)
    store.put_graph(iris.graph("global"), across)
    mentions = sum(len(form.mentions) for person in who.persons for form in person.forms)
    closed = len(wanted.intersection(accounts))
    return Report(mentions, len(who.persons), who.idle, closed, asserted, inferred, len(across), len(orphans))


def _across(store: Store, reasoner: Reasoner) -> list[str]:
    """The lines of the global graph: what the rules that join readouts find, and what follows from it."""
    found: set[Triple] = set()
    for query in global_rules().values():
        for triple in store.construct(f"BASE <{reasoner.iris.base}>\n{query}"):
            found.add((str(triple.subject), str(triple.predicate), str(triple.object)))
    found.update(pairing.statements(store, reasoner.iris))
    # Types of encounters and acts follow in their own graphs already.
    more = (t for t in reasoner.closure.infer(found, reasoner.layer) if t[1] != TYPE)
    return _lines(found.union(more), reasoner.iris.graph("global"))


def _lines(found: Iterable[Triple], graph: str) -> list[str]:
    return sorted(f"{s} {p} {o} <{graph}> ." for s, p, o in found)


@cache
def global_rules() -> dict[str, str]:
    """The rules whose bodies join readouts, by name: SPARQL CONSTRUCT queries with relative IRIs under the base of the data."""
    folder = files("communique.ontology").joinpath("rules")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".rq")), key=lambda f: f.name)
    return {f.name.removesuffix(".rq"): f.read_text(encoding="utf-8") for f in found}


@cache
def closed_ontology() -> tuple[Triple, ...]:
    """What owlrl concluded about the terms when this version was made (``closed.ttl``)."""
    return tuple(triples(files("communique.ontology").joinpath("closed.ttl").read_text(encoding="utf-8").splitlines()))


def triples(lines: Iterable[str]) -> Iterator[Triple]:
    """The triples of N-Quads or N-Triples lines without blank nodes, as the store writes them."""
    for line in lines:
        s, p, rest = line.rstrip("\n").removesuffix(" .").split(" ", 2)
        # An object that is an IRI holds no space; a literal ends with a quote or its datatype, and a graph may follow it.
        if rest[0] == "<":
            yield s, p, rest.split(" ", 1)[0]
        else:
            head, space, graph = rest.rpartition(" <")
            yield s, p, head if space and '"' not in graph else rest
