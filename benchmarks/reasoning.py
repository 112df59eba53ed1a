"""Measures what keeping inferences exact costs: one readout added and removed, all closed at once, and owlrl on the same data.

Usage: python benchmarks/reasoning.py [--texts PATH...] [--sizes N,N] [--owlrl N] [--batch N] [--across N,N]

The data are readouts of PATH (default: the shipped samples) as they are extracted, multiplied: each copy is a text of its own, some days
later, with the same people.  The tables go to stdout, in Markdown.  Times are processor time but for single changes, which wait for
the disk and are told as medians of the clock.
"""

from __future__ import annotations

import argparse
import gc
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median

import owlrl
from rdflib import Graph

from communique.ingest.documents import read
from communique.ingest.extract import extract
from communique.ingest.quads import quads
from communique.iris import CQ, VOCAB, Iris
from communique.model import Document
from communique.ontology import closure, graphs, layers, ledger, reasoner, terms
from communique.ontology.terms import OWL, RDFS, TYPE, Triple
from communique.store import Store, open_store

IRIS = Iris()
CHANGES = 60
ROUND = 5  # days between two copies of a text
_DAY = re.compile(r'"(\d{4}-\d\d-\d\d)(?=["T])')
Account = tuple[str, list[str]]


class Readouts:
    """Any number of accounts, made from those of a few texts."""

    def __init__(self, paths: list[Path]) -> None:
        found = (extract(d) for d in read(paths) if isinstance(d, Document))
        self.base = [(IRIS.readout(x.document), "\n".join(quads(x, IRIS))) for x in found if x.set_aside is None]

    def __call__(self, count: int, first: int = 0) -> Iterator[Account]:
        """The accounts from number ``first``."""
        for number in range(first, first + count):
            again, place = divmod(number, len(self.base))
            readout, text = self.base[place]
            named = f"{readout}-{again}"
            text = text.replace(readout, named) if again else text
            later = _DAY.sub(lambda day: f'"{date.fromisoformat(day[1]) + timedelta(ROUND * again)}', text) if again else text  # noqa: B023
            yield IRIS.account(named if again else readout), later.splitlines()


def fill(store: Store, accounts: Iterator[Account]) -> None:
    """Put accounts and what follows from each into a store, as ``ingest`` does."""
    close = reasoner.closer(store, IRIS)
    while some := dict(islice(accounts, 500)):
        store.apply({**some, **dict(close(graph, lines) for graph, lines in some.items())})


class Watch:
    """Medians of the processor's time and of the clock, in milliseconds."""

    def __init__(self) -> None:
        self.spent: list[tuple[float, float]] = []

    def __enter__(self) -> None:
        self.began = time.process_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.spent.append((time.process_time() - self.began[0], time.perf_counter() - self.began[1]))

    @property
    def processor(self) -> float:
        return 1000 * median(spent for spent, _ in self.spent)

    def __str__(self) -> str:
        return f"{self.processor:.1f} ({1000 * median(clock for _, clock in self.spent):.1f}) ms"


def changes(readouts: Readouts, size: int) -> tuple[int, Watch, Watch, Watch]:
    """Statements in a store of ``size`` readouts on disk; what it takes to close one more, to write it, and to remove it."""
    closing, writing, removing = Watch(), Watch(), Watch()
    with tempfile.TemporaryDirectory() as folder, open_store(folder + "/store") as store:
        fill(store, readouts(size))
        close = reasoner.closer(store, IRIS)
        new = list(readouts(CHANGES, size))
        for graph, lines in new:
            with closing:
                inferred, more = close(graph, lines)
            with writing:
                store.apply({graph: lines, inferred: more})
        statements = store.count()
        for graph, _ in new:
            with removing:
                reasoner.forget(store, IRIS, [graph.removesuffix("/account")])
    return statements, closing, writing, removing


def batch(readouts: Readouts, size: int) -> tuple[int, int, float, float]:
    """Statements read and inferred, processor seconds and megabytes to close ``size`` readouts from lines to lines."""
    reference = layers.Reference(layers.shipped(), (), IRIS)
    spent, told, found = 0.0, 0, 0
    accounts = readouts(size)
    gc.freeze()
    while some := list(islice(accounts, 50)):
        started = time.process_time()
        for graph, lines in some:
            told += len(lines)
            found += len([f"{s} {p} {o} <{graph}/inferred> ." for s, p, o in reference.close(layers.triples(lines))])
        spent += time.process_time() - started
    return told, found, spent, getrusage(RUSAGE_SELF).ru_maxrss / 1024


@cache
def _vocabulary() -> tuple[Triple, ...]:
    return tuple(layers.triples(graphs.vocabulary("")))


def used(data: list[Triple]) -> list[Triple]:
    """What the vocabularies say about the concepts that are used, and about those above them."""
    of: dict[str, list[Triple]] = {}
    for t in _vocabulary():
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


def things(found: set[Triple]) -> set[Triple]:
    """Statements between things of the data, without owlrl's noise: identity, top classes, terms, nameless classes."""
    noise = tuple(f"<{n}" for n in (OWL, RDFS, terms.RDF, terms.XSD))
    about = (*noise, f"<{CQ[:-1]}", f"<{terms.SKOS}", "<http://purl.org/dc")
    return {
        t
        for t in found
        if t[0][0] == "<" and t[2][0] == "<" and not t[0].startswith(about) and not t[1].startswith(noise[:2])
        and not (t[1] == TYPE and t[2].startswith(noise))
    }  # fmt: skip


def against_owlrl(readouts: Readouts, size: int) -> tuple[int, float, float, int]:
    """Statements, processor seconds of owlrl and of the closure on the same readouts, and how many statements differ."""
    accounts = [list(layers.triples(lines)) for _, lines in readouts(size)]
    data = [t for told in accounts for t in told]
    known = used(data)
    ground = layers.Ground(known, closure.Closure(rule for rule in closure.shipped().rules if "-" in rule.name[:4]))
    reference = layers.Reference(ground, (), IRIS)
    for told in accounts[:3]:
        reference.close(told)
    started = time.process_time()
    mine = {t for told in accounts for t in reference.close(told)}
    ours = time.process_time() - started
    graph = Graph().parse(data="\n".join(f"{s} {p} {o} ." for s, p, o in (*terms.ontology(), *data, *known)), format="nt")
    started = time.process_time()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    theirs = time.process_time() - started
    left = things({(s.n3(), p.n3(), o.n3()) for s, p, o in graph})
    return len(data), theirs, ours, len(left ^ things({*mine, *data, *known, *ground.layer.known}))


def across(readouts: Readouts, size: int) -> tuple[float, float, float]:
    """Processor seconds for all that joins ``size`` readouts: from nothing, after one more, and when nothing has changed."""
    with open_store("memory:") as store:
        fill(store, readouts(size))
        times = []
        for more in (None, readouts(1, size), None):
            if more:
                fill(store, more)
            started = time.process_time()
            reasoner.reason(store, IRIS)
            times.append(time.process_time() - started)
    return times[0], times[1], times[2]


def numbers(text: str) -> list[int]:
    """``100,1000`` as numbers; nothing as none."""
    return [int(part) for part in text.split(",") if part]


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", nargs="+", type=Path)
    parser.add_argument("--sizes", type=numbers, default=[100, 1000])
    parser.add_argument("--across", type=numbers, default=[100, 1000])
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--owlrl", type=int, default=20)
    asked = parser.parse_args()
    with as_file(files("communique.ingest").joinpath("samples")) as samples:
        readouts = Readouts(asked.texts or sorted(p for p in samples.iterdir() if p.suffix in (".txt", ".md", ".html")))
    print(f"{len(readouts.base)} texts, {ledger.version()[:8]}", file=sys.stderr)
    print("| measure | value |\n|---|---|")
    if asked.batch:
        told, found, spent, memory = batch(readouts, asked.batch)
        print(f"| {asked.batch:,} readouts closed at once | {told:,} statements give {found:,} in {spent:.2f} s, {memory:.0f} MB |")
        print(f"| 17 million statements at this speed | {17e6 * spent / told:.0f} s |", flush=True)
    if asked.owlrl:
        told, theirs, ours, differ = against_owlrl(readouts, asked.owlrl)
        print(f"| owlrl, {asked.owlrl} readouts of {told:,} statements | {theirs:.1f} s |")
        print(f"| the closure, the same | {ours:.3f} s, {theirs / ours:,.0f}x faster, {differ} statements differ |", flush=True)
    for size in asked.across:
        whole, one, none = across(readouts, size)
        print(f"| across {size:,} readouts: all, after one more, no change | {whole:.2f} s, {one:.2f} s, {none:.3f} s |", flush=True)
    if asked.sizes:
        print("\n| readouts in the store | statements | close one more | write both graphs to disk | remove both |\n|---|---|---|---|---|")
    added = []
    for size in asked.sizes:
        statements, closing, writing, removing = changes(readouts, size)
        added.append(closing.processor + writing.processor)
        print(f"| {size:,} | {statements:,} | {closing} | {writing} | {removing} |", flush=True)
    if len(added) > 1:
        print(f"\nTo add one to the largest store takes {added[-1] / added[0]:.2f} times as long as to the smallest.")


if __name__ == "__main__":
    main()
