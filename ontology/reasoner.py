"""Keeps what follows up to date: an inferred graph for each readout, closed on its own, and one global graph for what joins readouts.

Each graph bears the mark of what it was made from (``ledger``), so a run closes what is new, what another version closed, and the
readouts that a change of the reference graph reaches (``change``); all others keep what they have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import islice
from types import MappingProxyType

import pyoxigraph as ox

from communique.errors import UsageError
from communique.iris import CQ, Iris
from communique.ontology import aggregates, commitments, graphs, layers, ledger, pairing, stances
from communique.ontology.authority import graph as people
from communique.ontology.authority.decisions import Decision
from communique.ontology.findings import touched
from communique.ontology.identity import SAME, refuse_mixtures
from communique.ontology.layers import Ground, Reach, Reference, triples
from communique.ontology.ledger import Mark
from communique.ontology.terms import TYPE, Triple
from communique.store import Edit, Store

__all__ = ["Closer", "Report", "across", "closed_ontology", "closer", "forget", "global_rules", "meant", "reason", "triples"]

_BATCH = 400
_AT_ONCE = 1000  # so many readouts that a change reaches are closed and compared before anything is written
_NAMES = 300
NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """Mentions of persons, the persons they are of, decisions that meant nobody; texts, those that were closed in this run; statements
    that are told, inferred from single texts and across them; graphs dropped because their text is gone; the reference layer and the lines
    of graphs, as far as they were needed, for who goes on with them."""

    mentions: int
    persons: int
    idle: tuple[Decision, ...]
    texts: int
    closed: int
    asserted: int
    inferred: int
    across: int
    dropped: int
    reference: Reference | None = field(default=None, repr=False, compare=False)
    at_hand: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False, compare=False)


def reason(
    store: Store,
    iris: Iris,
    progress: Progress | None = None,
    decisions: Sequence[Decision] = (),
    changed: Collection[str] = (),
    again: bool = False,
    authority: Iterable[str] | None = None,
    ground: Ground | None = None,
    at_hand: Mapping[str, Sequence[str]] = NOTHING,
) -> Report:
    """Bring the authority file of persons and everything inferred up to date and tell how much it is.

    ``decisions`` are a curator's on who is who.  ``changed`` names asserted graphs that were written past ``ingest`` and ``forget``;
    ``again`` closes everything, whatever the marks say.  ``authority`` are the lines of the reference graph, if they are not to be made
    from the readouts, and ``ground`` other rules than the shipped ones.  ``at_hand`` are lines of asserted graphs as they are stored, which
    then need not be read again.  ``progress`` is called with each asserted graph once it is closed.

    Raises ``InputError`` if decisions contradict each other, ``ReasoningError`` if a decision cannot be, and ``StoreError`` if the
    store cannot be written; a run that was broken off leaves whole graphs, and the next one does the rest.
    """
    graphs.load(store, iris)
    given = None if authority is None else sorted(authority)
    return _Run(store, iris, tuple(decisions), frozenset(changed), again, progress, given, ground or layers.shipped(), at_hand).run()


@dataclass(frozen=True)
class Closer:
    """From an account and its lines to the graph of what follows and its lines, mark included.

    It may travel to another process: there the layer is made from the reference graph's ``told`` again.
    """

    iris: Iris
    told: tuple[Triple, ...]

    def __call__(self, account: str, lines: Sequence[str]) -> tuple[str, list[str]]:
        """What follows from an account by itself."""
        return _closed(self.iris, self.reference, account, lines)

    @cached_property
    def reference(self) -> Reference:
        """The closed layer."""
        return Reference(layers.shipped(), self.told, self.iris)

    def __reduce__(self) -> tuple[object, ...]:
        return Closer, (self.iris, self.told)


def closer(store: Store, iris: Iris) -> Closer:
    """Closes readouts against the reference layer as it is stored, one at a time: what ``ingest`` does as it reads them.

    Raises ``ReasoningError`` for a decision about identity in it that cannot be one.
    """
    close = Closer(iris, tuple(triples(store.dump(iris.graph("reference")))))
    _ = close.reference
    return close


def meant(store: Store, iris: Iris, words: str) -> str:
    """The readout that is meant by its IRI, by the end of its IRI, or by the address of its page.

    Raises ``UsageError`` if there is none.
    """
    name = words.strip("<> ")
    for iri in (name, f"{iris.base}id/readout/{name}"):
        if iri == iris.readout_of(iri) and store.has(iris.account(iri)):
            return iri
    for (found,) in store.select(f"SELECT ?readout {{ ?readout <{CQ}url> ?url FILTER(STR(?url) = {ox.Literal(name)}) }}"):
        if isinstance(found, ox.NamedNode) and store.has(iris.account(found.value)):
            return found.value
    raise UsageError("there is no such readout in the store", where=words, todo="name it by its IRI or by the address of its page")


def forget(store: Store, iris: Iris, readouts: Iterable[str]) -> None:
    """Remove readouts with what was inferred from each; what joined them with others goes with the next ``reason``."""
    accounts = list(map(iris.account, readouts))
    drop = [g for account in accounts for g in (account, iris.inferred(account), iris.findings_of(account))]
    store.apply({}, drop, aggregates.journal(drop, iris))


def _inferred(graph: str, told: Sequence[str], found: Iterable[Triple]) -> tuple[str, list[str]]:
    lines = _lines(found, graph)
    return graph, lines + Mark(ledger.digest(told), ledger.version(), len(told), len(lines)).lines(graph)


def _closed(iris: Iris, reference: Reference, account: str, lines: Sequence[str]) -> tuple[str, list[str]]:
    """What follows from an account, and what of it is counted."""
    told = list(triples(lines, reference.reads | aggregates.READS))
    found = reference.close(told)
    graph, out = _inferred(iris.inferred(account), lines, found)
    return graph, out + _lines(aggregates.tally_of(graph, (*told, *found), reference.identity.of, iris), graph)


@dataclass
class _Run:
    """One run over a store."""

    store: Store
    iris: Iris
    decisions: tuple[Decision, ...]
    changed: frozenset[str]
    again: bool
    progress: Progress | None
    authority: list[str] | None
    ground: Ground
    at_hand: Mapping[str, Sequence[str]]

    def run(self) -> Report:
        self.kept: dict[str, Sequence[str]] = {}
        self.marks = ledger.marks(self.store)
        present = self.store.graphs()
        own = [g for g in present if self.iris.readout_of(g)]
        self.accounts = [g for g in own if not self.iris.is_inferred(g)]
        known = set(self.accounts)
        orphans = [g for g in own if self.iris.is_inferred(g) and g.removesuffix("/inferred") not in known]
        self.due = {a for a in self.accounts if self.again or a in self.changed or not self._current(self.iris.inferred(a))}
        joined = self.iris.graph("global")
        idle: tuple[Decision, ...] = ()
        closed = 0
        layer: Reference | None = None
        if self.due or orphans or not self._current(joined) or self.marks[joined].source != self._state():
            self._apply({}, (*orphans, *map(self.iris.inferred, self.changed)))
            idle = self._persons()
            closed = len(self.due)
            self._close_due()
            self._ontology()
            self._across(joined)
            layer = self.reference
        return self._report(idle, closed, len(orphans), layer)

    def _current(self, graph: str) -> bool:
        return (mark := self.marks.get(graph)) is not None and mark.version == ledger.version()

    def _state(self) -> str:
        """What the global graph depends on: every readout, and the decisions of a curator or another authority."""
        told = [f"{a} {self.marks[i].source}" for a in self.accounts if (i := self.iris.inferred(a)) in self.marks]
        who = map(repr, self.decisions) if self.authority is None else ("given", *self.authority)
        return ledger.digest((*told, *who))

    # The reference layer

    def _persons(self) -> tuple[Decision, ...]:
        """Make the authority file anew; if it differs, close the readouts that feel it in the same transaction."""
        graph = self.iris.graph("reference")
        idle: tuple[Decision, ...] = ()
        if (new := self.authority) is None:
            who = people.build(self.store, self.decisions)
            idle, new = who.idle, people.lines(who, self.iris)
        old = sorted(self.store.dump(graph))
        before, self.reference = (Reference(self.ground, triples(lines), self.iris) for lines in (old, new))
        mark = self.marks.get(self.iris.inferred(graph))
        trusted = mark is not None and mark.source == ledger.digest(old)
        if trusted and old == new and self._current(self.iris.inferred(graph)):
            return idle
        self._refuse(before)
        inferred, closed = _inferred(self.iris.inferred(graph), new, self.reference.own())
        # The mark is in the inferred graph, whose lines go first and come last where a store does one thing after the other.
        edit = {inferred: _difference(self.store.dump(inferred), closed), graph: _difference(old, new)}
        put: dict[str, Sequence[str]] = {} if new else {graph: ()}  # emptied is not enough: it shall not be there
        reached = self._reached(Reach.between(before, self.reference)) if trusted else set(self.accounts)
        reached -= self.due
        drop = list(map(self.iris.findings_of, sorted(reached)))
        if trusted and self.authority is None:
            lines = (line for change in edit.values() for some in (change.remove, change.add) for line in some)
            edit |= touched.changed((t for t in triples(lines) if t[0] != f"<{inferred}>"), self.iris)
        else:  # what another program wrote may say less of readouts that are gone than people would be asked for
            edit |= touched.everything(self.iris)
        if len(reached) > _AT_ONCE:
            self.due |= reached
            drop += map(self.iris.inferred, sorted(reached))
        else:
            for account in sorted(reached):
                name, follows = self._closed(account)
                if sorted(self.store.dump(name)) != sorted(follows):
                    put[name] = follows
        self._apply(put, drop, {g: change for g, change in edit.items() if g not in put})
        return idle

    def _apply(self, put: Mapping[str, Sequence[str]], drop: Iterable[str], edit: Mapping[str, Edit] | None = None) -> None:
        """Write with an entry for each inferred graph that comes or goes."""
        gone = list(drop)
        self.store.apply(put, gone, {**aggregates.journal((*put, *gone), self.iris), **(edit or {})})

    def _refuse(self, before: Reference) -> None:
        """Look at the kinds of all names whose group has changed."""
        groups = self.reference.identity.names
        names = sorted(n for first, group in groups.items() if before.identity.names.get(first) != group for n in group)
        kinds = [t for t in self.reference.triples if t[1] == TYPE]
        for some in _parts(names, _NAMES):
            rows = self.store.select(f"SELECT DISTINCT ?name ?kind {{ VALUES ?name {{ {' '.join(some)} }} ?name a ?kind }}")
            kinds += [(str(name), TYPE, str(kind)) for name, kind in rows]
        of: dict[str, set[str]] = {name: set() for name in names}
        for name, _, kind in (*kinds, *self.ground.rules.infer(kinds)):
            if name in of:
                of[name].add(kind)
        refuse_mixtures(self.reference.identity, {n: frozenset(k) for n, k in of.items()}, self.ground.rules.false)

    def _reached(self, reach: Reach) -> set[str]:
        """The accounts that minted or hold one of the names."""
        out = {self.iris.account(r) for name in reach.names if (r := self.iris.readout_of(name[1:-1]))}
        shared = sorted(name for name in reach.names if not self.iris.readout_of(name[1:-1]))
        for some in _parts(shared, _NAMES):
            either = "{ ?name ?p ?o } UNION { ?s ?q ?name }"
            rows = self.store.select(f"SELECT DISTINCT ?graph {{ VALUES ?name {{ {' '.join(some)} }} GRAPH ?graph {{ {either} }} }}")
            out.update(graph.value.removesuffix("/inferred") for (graph,) in rows)  # type: ignore[union-attr]  # graphs are IRIs
        return out.intersection(self.accounts)

    # Single readouts

    def _closed(self, account: str) -> tuple[str, list[str]]:
        told = self.at_hand.get(account)
        graph, lines = _closed(self.iris, self.reference, account, told or list(self.store.dump(account)))
        if told:
            self.kept |= {account: told, graph: lines}
        return graph, lines

    def _close_due(self) -> None:
        for some in _parts(sorted(self.due), _BATCH):
            self._apply(dict(map(self._closed, some)), map(self.iris.findings_of, some))
            if self.progress:
                for account in some:
                    self.progress(account)

    def _ontology(self) -> None:
        """What follows from the vocabularies, and what owlrl concluded about the terms."""
        put = {}
        for name, found in (("vocabulary", lambda: self.ground.rules.infer(self.ground.triples)), ("ontology", closed_ontology)):
            graph = self.iris.graph(name)
            if not self._current(self.iris.inferred(graph)):
                inferred, lines = _inferred(self.iris.inferred(graph), list(self.store.dump(graph)), found())
                put[inferred] = lines
        self.store.apply(put)

    # Across readouts

    def _across(self, graph: str) -> None:
        found: set[Triple] = set(pairing.statements(self.store, self.iris))
        for name in global_rules():
            found.update(concluded(self.store, self.iris, name))
        # Types of encounters and acts follow in their own graphs already.
        more = [t for t in self.reference.close(found) if t[1] != TYPE]
        lines = _lines(found.union(more), graph)
        self.marks = ledger.marks(self.store)
        mark = Mark(self._state(), ledger.version(), len(lines) - len(more), len(more))
        lines += mark.lines(graph)
        # Pairs, and what is counted by them, change together.
        counted = aggregates.count(self.store, self.iris, lines, self.again)
        change = _difference(self.store.dump(graph), lines)
        differ = (*change.remove, *change.add)
        edit = {**({graph: change} if differ else {}), **counted.edit}  # the mark among the lines goes first and comes last
        edit |= touched.changed((t for t in triples(differ) if t[0] != f"<{graph}>"), self.iris)
        if counted.put or edit:
            self.store.apply(counted.put, [self.iris.graph("uncounted")], edit)  # emptied is not enough: it shall not be there
        self.marks[graph] = mark

    def _report(self, idle: tuple[Decision, ...], closed: int, dropped: int, layer: Reference | None) -> Report:
        own = [self.marks[self.iris.inferred(account)] for account in self.accounts]
        joined = self.marks[self.iris.graph("global")]
        reference = self.iris.graph("reference")
        mentions, persons = (
            len(self.store.select(f"SELECT ?x {{ GRAPH <{reference}> {{ {pattern} }} }}"))
            for pattern in (f"?x {SAME} ?y", f"?x a <{CQ}Person>")
        )
        read, inferred = sum(m.read for m in own), sum(m.inferred for m in own)
        across = joined.read + joined.inferred
        return Report(mentions, persons, idle, len(own), closed, read, inferred, across, dropped, layer, self.kept)


def _parts(things: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part


def _difference(old: Iterable[str], new: Iterable[str]) -> Edit:
    before, after = set(old), set(new)
    return Edit(sorted(before - after), sorted(after - before))


def _lines(found: Iterable[Triple], graph: str) -> list[str]:
    return sorted(f"{s} {p} {o} <{graph}> ." for s, p, o in found)


@cache
def global_rules() -> dict[str, str]:
    """The rules whose bodies join readouts, by name: SPARQL CONSTRUCT queries with relative IRIs under the base of the data."""
    folder = files("communique.ontology").joinpath("rules")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".rq")), key=lambda f: f.name)
    return {f.name.removesuffix(".rq"): f.read_text(encoding="utf-8") for f in found}


_KEYED: Mapping[str, Callable[[Store, Iris], Iterable[Triple]]] = {
    "repeated-commitment": lambda store, _: commitments.statements(store),
    "stance-by-year": stances.statements,
}
"""Those of them that are not left to the engine, which would look at all pairs or go through everything twice."""


def concluded(store: Store, iris: Iris, name: str) -> Iterator[Triple]:
    """What a rule whose body joins readouts concludes from what is in the store."""
    if name in _KEYED:
        yield from _KEYED[name](store, iris)
    else:
        for triple in store.construct(f"BASE <{iris.base}>\n{global_rules()[name]}"):
            yield str(triple.subject), str(triple.predicate), str(triple.object)


def across() -> Iterator[tuple[str, str]]:
    """Everything that joins readouts, by name and in words."""
    for name, query in global_rules().items():
        yield name, query.partition("#+ summary:")[2].partition("\n")[0].strip()
    yield "same-encounter", "Accounts of one encounter, and the encounter that a reference means"
    yield "who-is-who", "Names of one person, and the offices that the person held"


@cache
def closed_ontology() -> tuple[Triple, ...]:
    """What owlrl concluded about the terms when this version was made (``closed.ttl``)."""
    return tuple(triples(files("communique.ontology").joinpath("closed.ttl").read_text(encoding="utf-8").splitlines()))
