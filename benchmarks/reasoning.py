"""Measures reasoning and the store against their goals, rivals side by side in one run, and prints a table in Markdown.

Usage: python benchmarks/reasoning.py [--texts PATH...] [--only NAME,...] [--owlrl N] [--batch N] [--nemo N] [--sizes N,N] [--most N]
       [--keep DIRECTORY]

The data are the readouts of PATH (default: the shipped samples), multiplied (``readouts``).  Times are processor time; where the disk is
waited for, the clock is told too.  ``--most`` leaves readouts of more statements out; ``--keep`` keeps the stores for the next run.
A store of 100,000 readouts of 176 statements takes some minutes to fill and 10 GB of disk:

    python benchmarks/reasoning.py --texts TEXTS --most 200 --only changes --sizes 10000,100000
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from itertools import islice, pairwise
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median

import rivals
from readouts import IRIS, Readouts, fill, tidy

from communique.ontology import closure, layers, reasoner, terms
from communique.ontology.findings.audit import Auditor
from communique.ontology.proofs.search import Prover
from communique.ontology.terms import TYPE, Triple
from communique.queries import catalogue
from communique.store import open_here, open_store

CHANGES = 200
PROOFS = 300
AUDITS = 300
ROUNDS = 12
_TWO = {"a": "USA", "b": "JPN"}
QUERIES: dict[str, dict[str, str]] = {
    "issues-raised": {"state": "USA"},
    "stance-over-time": {"state": "USA"},
    "commitments": _TWO,
    "requests-and-answers": _TWO,
    "new-issues": {**_TWO, "since": "2023-01-01"},
    "minister-pairs": {},
    "dyad-months": {},
    "issue-cooccurrence": {},
}


class Watch:
    """Processor time and clock of many runs, in milliseconds."""

    def __init__(self) -> None:
        self.processor: list[float] = []
        self.thread: list[float] = []
        self.clock: list[float] = []

    def __enter__(self) -> None:
        self.began = time.process_time(), time.thread_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        now = time.process_time(), time.thread_time(), time.perf_counter()
        for spent, begun, ended in zip((self.processor, self.thread, self.clock), self.began, now, strict=True):
            spent.append(1000 * (ended - begun))

    def __str__(self) -> str:
        return f"{median(self.processor):.1f} ms, {median(self.clock):.1f} ms on the clock"

    @property
    def alone(self) -> str:
        """What was spent where it was asked for, without what the engine tidies up beside it, and that at a quiet moment."""
        return f"{self}; in its own thread {median(self.thread):.1f} ms, a tenth under {sorted(self.thread)[len(self.thread) // 10]:.1f}"


def row(what: str, goal: str, found: str) -> None:
    print(f"| {what} | {goal} | {found} |", flush=True)


def against_owlrl(readouts: Readouts, size: int) -> None:
    """The closure of some readouts by owlrl and by us, statement by statement."""
    accounts = [list(layers.triples(lines)) for _, lines in readouts(size)]
    data = [t for told in accounts for t in told]
    known = rivals.used(data)
    ground = layers.Ground(known, closure.Closure(rule for rule in closure.shipped().rules if "-" in rule.name[:4]))
    reference = layers.Reference(ground, (), IRIS)
    ours = []
    for _ in range(3):
        started = time.process_time()
        mine = {t for told in accounts for t in reference.close(told)}
        ours.append(time.process_time() - started)
    theirs, left = rivals.by_owlrl((*terms.ontology(), *data, *known))
    differ = len(rivals.things(left) ^ rivals.things({*mine, *data, *known, *ground.layer.known}))
    found = f"{theirs / median(ours):,.0f}x ({theirs:.1f} s, {median(ours):.3f} s), {differ} of {len(left):,} statements differ"
    row(f"closure of {size} readouts ({len(data):,} statements) against owlrl {version('owlrl')}", "300x, none differs", found)


def batch(readouts: Readouts, size: int) -> None:
    """Many readouts, from lines to lines, each forgotten when it is closed."""
    reference = layers.Reference(layers.shipped(), (), IRIS)
    spent, told, found = 0.0, 0, 0
    accounts = readouts(size)
    gc.freeze()
    while some := list(islice(accounts, 50)):
        started = time.process_time()
        for graph, lines in some:
            told += len(lines)
            found += len([f"{s} {p} {o} <{graph}/inferred> ." for s, p, o in reference.close(layers.triples(lines, reference.reads))])
        spent += time.process_time() - started
    memory = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    what = f"batch closure of {size:,} readouts ({told / 1e6:.1f} M statements, {found / 1e6:.1f} M follow)"
    row(what, "60 s, 2 GB", f"{spent:.1f} s, {memory:,.0f} MB; {17e6 * spent / told:.1f} s for 17 M statements")


def against_nemo(readouts: Readouts, size: int, folder: Path) -> None:
    """The same file of readouts closed under the same rules by Nemo and by us."""
    vocabulary = rivals.vocabulary()
    rules = [rule for rule in closure.shipped().rules if not rule.guards]
    data = folder / "readouts.nt"
    starts = [0]
    with data.open("w", encoding="utf-8") as file:
        for _, lines in readouts(size):
            file.writelines(f"{line.rsplit(' <', 1)[0]} .\n" for line in lines)
            starts.append(starts[-1] + len(lines))
        file.writelines(f"{s} {p} {o} .\n" for s, p, o in vocabulary)
    reference = layers.Reference(layers.Ground(vocabulary, closure.Closure(rules)), (), IRIS)
    mine: set[Triple] = {*vocabulary, *reference.ground.layer.known}
    gc.freeze()
    ours = 0.0
    with data.open(encoding="utf-8") as file:
        for first, end in pairwise(starts):
            started = time.process_time()
            lines = list(islice(file, end - first))
            found = reference.close(layers.triples(lines, reference.reads))
            ours += time.process_time() - started
            mine.update(found)
            mine.update(layers.triples(lines))
    theirs, left = rivals.by_nemo(rules, data)
    heads = {rule.head[1:] if rule.head[1] == TYPE else rule.head[1] for rule in rules if rule.head}
    mine = {t for t in mine if (t[1:] if t[1] == TYPE else t[1]) in heads and t[2][0] == "<"}
    differ = len(mine ^ {t for t in left if t[2][0] == "<" and t[0][0] == "<"})
    found_ = f"{theirs / ours:.1f}x ({theirs:.1f} s, {ours:.1f} s), {differ} of {len(left):,} statements differ"
    row(
        f"the same {len(rules)} rules in Nemo {version('nemo-python')}, {size:,} readouts ({starts[-1] / 1e6:.1f} M statements)",
        "1.5x",
        found_,
    )


def told(what: str, watch: Watch) -> None:
    print(f"  {what} in {watch.clock[-1] / 1000:.0f} s, {watch.processor[-1] / 1000:.0f} s of processor", file=sys.stderr, flush=True)


@contextlib.contextmanager
def filled(readouts: Readouts, size: int, keep: Path | None, joined: bool = False) -> Iterator[Path]:
    """A directory with a store of ``size`` readouts, closed (and ``joined``); made, if it is not kept from a run before."""
    with tempfile.TemporaryDirectory() as folder:
        path = (keep or Path(folder)) / f"{size}-{len(readouts.base)}{'-joined' if joined else ''}"
        if not path.exists():
            watch = Watch()
            with watch:
                fill(path, readouts(size), closed=not joined)
            told(f"filled with {size:,} readouts", watch)
            if joined:
                with watch, open_store(str(path)) as store:
                    reasoner.reason(store, IRIS)
                told("reasoned", watch)
                tidy(path)  # else the engine is still busy with what it was filled with
        yield path


def changes(readouts: Readouts, size: int, path: Path) -> Watch:
    """One readout added to a store on disk, with what follows, and removed again; what adding took."""
    adding, writing, removing = Watch(), Watch(), Watch()
    new = list(readouts(CHANGES, size))
    with open_store(str(path)) as store:
        close = reasoner.closer(store, IRIS)
        statements = store.count()
        for graph, lines in new:
            with adding:
                inferred, more = close(graph, lines)
                with writing:
                    store.apply({graph: lines, inferred: more})
        written = (store.count() - statements) / CHANGES
        for graph, _ in new:
            with removing:
                reasoner.forget(store, IRIS, [graph.removesuffix("/account")])
    where = f"{size:,} readouts ({statements / 1e6:.1f} M statements on disk)"
    each = f"{1000 * median(writing.thread) / written:.1f} µs a statement"
    row(f"add one readout of {written:.0f} statements, inferred ones too, to {where}", "6 ms", f"{adding.alone} ({each} to write)")
    row(f"delete one from {where}", "6 ms", removing.alone)
    return adding


def proofs(path: Path, size: int) -> None:
    """Random inferred statements, each proved by itself."""
    chance = random.Random(size)
    proving = Watch()
    with open_store(str(path), read_only=True) as store:
        graphs = [g for g in store.graphs() if g.endswith("/account/inferred")]
        for _ in range(PROOFS):
            graph = chance.choice(graphs)
            found = [t[:3] for t in store.match(None, None, None, graph) if not t[0].startswith(f"<{graph}")]
            triple = chance.choice(found)
            with proving:
                proof = Prover(store, IRIS).prove(triple, graph)
            assert proof, triple
    ranked = sorted(proving.processor)
    found_ = f"p50 {ranked[PROOFS // 2]:.1f} ms, p99 {ranked[PROOFS * 99 // 100]:.1f} ms"
    row(f"proof of a random inferred statement, {size:,} readouts on disk", "p50 2 ms, p99 8 ms", found_)


def audits(path: Path, size: int) -> None:
    """Random readouts held against the false rules and the shapes, as they are at hand; and the same with reading them from the disk."""
    chance = random.Random(size)
    auditing, everything = Watch(), Watch()
    with open_store(str(path), read_only=True) as store:
        auditor = Auditor(store, IRIS)
        readouts = [r for g in store.graphs() if (r := IRIS.readout_of(g)) and g == IRIS.account(r)]
        for readout in chance.sample(readouts, min(AUDITS, len(readouts))):
            graphs = (IRIS.account(readout), IRIS.inferred(IRIS.account(readout)))
            statements = [t[:3] for graph in graphs for t in store.match(None, None, None, graph)]
            with auditing:
                auditor.breaches(statements)
            with everything:
                auditor.readout(readout)
    ranked = sorted(auditing.processor)
    found = f"p50 {median(ranked):.1f} ms, p95 {ranked[len(ranked) * 95 // 100]:.1f} ms; read from the disk too: {everything}"
    row(f"audit of one readout (false rules and shapes), {size:,} readouts on disk", "5 ms", found)


def queries(path: Path, size: int) -> None:
    """The saved queries that analysts ask most, in memory as the server asks them."""
    worst = {}
    with open_here(str(path), in_memory=True) as store:
        for name, params in QUERIES.items():
            asking = Watch()
            for _ in range(ROUNDS):
                with asking:
                    catalogue.run(store, name, params)
            worst[name] = sorted(asking.processor)[-2]
            print(f"  {name} {asking}", file=sys.stderr, flush=True)
    listed = ", ".join(f"{name} {ms:.0f}" for name, ms in sorted(worst.items(), key=lambda item: item[1]))
    row(f"eight saved queries over {size:,} readouts, p95 in ms", "100 ms each", listed)


def counted(path: Path, size: int) -> None:
    """Which issues are raised together, by what is kept and by counting the acts, on disk."""
    plain = (Path(__file__).parent / "plain" / "issue-cooccurrence.rq").read_text(encoding="utf-8")
    with open_store(str(path), read_only=True) as store:
        kept, counting = Watch(), Watch()
        for _ in range(ROUNDS):
            with kept:
                rows = catalogue.run(store, "issue-cooccurrence").rows
        with counting:
            all_rows = store.select(plain).rows
    same = "the same rows" if {tuple(map(str, r)) for r in rows} <= {tuple(map(str, r)) for r in all_rows} else "other rows"
    ratio = counting.processor[0] / median(kept.processor)
    row(f"issues raised together, {size:,} readouts on disk, against plain SPARQL", "100x", f"{ratio:,.0f}x ({counting}; {kept}), {same}")


def versions() -> Iterable[str]:
    """The machine and what is measured."""
    model = platform.processor()
    with contextlib.suppress(OSError):
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(": ")[2] for line in info if line.startswith("model name")), model)
    yield f"{model or platform.machine()}, {os.cpu_count()} cores shared with other work"
    yield f"{platform.system()}, Python {platform.python_version()}"
    for name in ("communique", "pyoxigraph", "owlrl", "nemo-python"):
        with contextlib.suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


def numbers(text: str) -> list[int]:
    """``100,1000`` as numbers; nothing as none."""
    return [int(part) for part in text.split(",") if part]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", nargs="+", type=Path, default=[])
    parser.add_argument("--only", default="batch,nemo,owlrl,changes,proofs,audits,queries,counted")
    parser.add_argument("--owlrl", type=int, default=20)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--nemo", type=int, default=1000)
    parser.add_argument("--sizes", type=numbers, default=[100, 1000])
    parser.add_argument("--asked", type=int, default=1000)
    parser.add_argument("--most", type=int)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    every = Readouts(asked.texts, asked.most)
    print("; ".join(versions()), f"; {len(every.base)} texts of {every.size:.0f} statements", sep="", flush=True)
    print("\n| what | goal | measured |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        measures: dict[str, Callable[[], None]] = {
            "batch": lambda: batch(every, asked.batch),  # first, since it tells the memory of the process
            "nemo": lambda: against_nemo(every, asked.nemo, Path(folder)),
            "owlrl": lambda: against_owlrl(every, asked.owlrl),
        }
        for name, measure in measures.items():
            if name in asked.only:
                measure()
        if "changes" in asked.only:
            added = []
            for size in asked.sizes:
                with filled(every, size, asked.keep) as path:
                    added.append(changes(every, size, path))
            if len(added) > 1:
                ratio = median(added[-1].thread) / median(added[0].thread)
                row("add to the largest store, compared with the smallest", "1.3x", f"{ratio:.2f}x")
        for name, asking in (("proofs", proofs), ("audits", audits), ("queries", queries), ("counted", counted)):
            if name in asked.only:
                with filled(every, asked.asked, asked.keep, joined=True) as path:
                    asking(path, asked.asked)


if __name__ == "__main__":
    main()
