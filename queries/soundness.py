"""Whether a store is whole: its quads can be read, its accounts are complete and true to their texts, what follows belongs to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from communique.errors import StoreBusy, StoreError, StoreForeign, StoreMissing
from communique.iris import CQ, Iris
from communique.ontology import ledger
from communique.ontology.reasoner import closer, triples
from communique.ontology.terms import TYPE, Triple, text
from communique.store import EmbeddedStore, open_held, open_here

_PROV: Final = "http://www.w3.org/ns/prov#"
_FEW: Final = 5  # so many graphs are named when more have the same fault
Progress = Callable[[str], None]


@dataclass(slots=True)
class Verdict:
    """What was looked at, what is damaged, and what is well but worth knowing."""

    quads: int = 0
    accounts: int = 0
    inferred: int = 0
    damage: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(place: str, iris: Iris, progress: Progress | None = None) -> Verdict:
    """Look at every quad of the store at ``place``, in the snapshot that readers see and, unless another process writes, in the store.

    Nothing is changed.  Raises ``StoreMissing``, ``StoreForeign``, ``StoreError`` if there is nothing that can be opened.
    """
    verdict = Verdict()
    seen: dict[str, str] | None = None
    try:
        with open_here(place, read_only=True) as snapshot:
            seen = _contents(snapshot, iris, verdict, progress)
    except (StoreMissing, StoreForeign, StoreBusy):
        raise
    except StoreError as error:
        verdict.damage.append(f"the snapshot that readers see: {error.what}")
    try:
        with open_held(place) as store:
            verdict.damage += store.faults()
            there = {graph: _digest(store.dump(graph)) for graph in store.graphs()}
        other = sorted(graph for graph in (seen or there).keys() | there.keys() if (seen or there).get(graph) != there.get(graph))
        if other:
            verdict.damage.append(f"the snapshot that readers see differs from the store: {_few(other)}")
    except StoreBusy:
        verdict.notes.append("another process is writing to the store: only the snapshot that readers see was looked at")
    except StoreError as error:
        verdict.damage.append(f"the store itself: {error.what}")
    return verdict


def _contents(store: EmbeddedStore, iris: Iris, verdict: Verdict, progress: Progress | None) -> dict[str, str]:
    """Look at each graph; the hashes of all."""
    graphs = store.graphs()
    known = set(graphs)
    close, marks = closer(store, iris), ledger.marks(store)
    found: defaultdict[str, list[str]] = defaultdict(list)
    waiting, old = 0, 0
    hashes = {}
    for graph in graphs:
        lines = list(store.dump(graph))
        hashes[graph] = _digest(lines)
        verdict.quads += len(lines)
        readout = iris.readout_of(graph)
        if readout and iris.is_inferred(graph):
            verdict.inferred += 1
            if graph.removesuffix("/inferred") not in known:
                found["inferences whose account is gone"].append(graph)
            if (mark := marks.get(graph)) and mark.inferred != sum(not ledger.is_mark(line) for line in lines):
                found["inferences are missing, or there are more than were made"].append(graph)
        if not readout or graph != iris.account(readout):
            continue
        verdict.accounts += 1
        for fault in _faults(iris, graph, list(triples(lines))):
            found[fault].append(graph)
        inferred, follows = close(graph, lines)
        # Both graphs are written in one transaction, so the mark tells what the account was.
        if (mark := marks.get(inferred)) and mark.source != ledger.digest(lines):
            found["the statements are not those that were read (their SHA-256 is another)"].append(graph)
        waiting += inferred not in known
        old += inferred in known and _digest(follows) != _digest(store.dump(inferred))
        if progress:
            progress(graph)
    verdict.damage += [f"{fault}: {_few(where)}" for fault, where in sorted(found.items())]
    if graphs and not verdict.accounts:
        verdict.notes.append(f"there is no account under {iris.base}; if the store has another base, name it with --base")
    if waiting:
        verdict.notes.append(f"{waiting:,} accounts have no inferences yet; 'communique reason' makes them")
    if old:
        verdict.notes.append(
            f"the inferences of {old:,} accounts are not those of today's rules and persons; 'communique reason' renews them"
        )
    return hashes


def _faults(iris: Iris, account: str, told: Iterable[Triple]) -> Iterator[str]:
    """What is wrong with one account."""
    readout = f"<{iris.readout_of(account)}"
    of: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in told:
        of[s][p].append(o)
    page: Mapping[str, list[str]] = of.get(f"{readout}>", {})
    if not page or not any(o == f"{readout}>" for s in list(of) for o in of[s].get(f"<{_PROV}used>", ())):
        yield "the account of a readout lacks its readout or how it was read"
        return
    words = _one(page, "text")
    hash_ = _one(page, "sha256")
    if words is not None and sha256(words.encode()).hexdigest() != hash_:
        yield "the text is not the one that was read (its SHA-256 is another)"
    named = {o for s in of for objects in of[s].values() for o in objects if o.startswith(f"{readout}/")}
    if any(node not in of for node in named) or any(TYPE not in facts for facts in of.values()):
        yield "statements about a node are missing"
    if words is not None and any(not _quoted(facts, words) for facts in of.values() if f"<{CQ}start>" in facts):
        yield "a quote is not what stands in the text at its offsets"


def _quoted(facts: Mapping[str, list[str]], words: str) -> bool:
    start, end, quote = (_one(facts, name) for name in ("start", "end", "quote"))
    return start is not None and end is not None and quote is not None and words[int(start) : int(end)] == quote


def _one(facts: Mapping[str, list[str]], name: str) -> str | None:
    """The value of a property that a node has once."""
    values = facts.get(f"<{CQ}{name}>", [])
    return text(values[0]) if len(values) == 1 else None


def _digest(lines: Iterable[str]) -> str:
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _few(graphs: list[str]) -> str:
    more = f" and {len(graphs) - _FEW:,} more" if len(graphs) > _FEW else ""
    return ", ".join(graphs[:_FEW]) + more
