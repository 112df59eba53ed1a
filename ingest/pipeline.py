"""The whole line: paths in, stored graphs and an account of what became of every document out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from communique.ingest import sources
from communique.ingest.engine import HERE, Engine, in_order
from communique.ingest.extract import extract
from communique.ingest.pages import documents
from communique.ingest.quads import lexicon_hash, quads
from communique.iris import CQ, Iris
from communique.model import Document, Extraction, Reading, Refusal
from communique.ontology import aggregates, graphs
from communique.ontology.reasoner import Closer
from communique.store import Store

if TYPE_CHECKING:
    from communique.ingest.opinions import Service

# A change has a price of its own, so documents are written together; a batch is small enough that a kill loses seconds of work.
_BATCH_LINES = 50_000
_BATCH_DOCUMENTS = 500

_STORED = f"""
SELECT ?graph ?hash ?tables ?facts {{
  GRAPH ?graph {{
    ?document <{CQ}sha256> ?hash .
    ?extraction <http://www.w3.org/ns/prov#used> ?document ; <{CQ}lexiconHash> ?tables .
    OPTIONAL {{ ?document <{CQ}factsOnly> ?facts }}
  }}
}}"""

Progress = Callable[[Document | Refusal], None]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that is no readout: where it came from and why it was not read as one."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every document of a run; ``seconds`` is processor time, ``written`` the asserted graphs that changed, ``unheard``
    how many documents lack the second opinion that was asked for, by reason, ``completed`` of how many the store had the facts only,
    ``untold`` of how many readouts nobody knows whose they are."""

    written: tuple[str, ...]
    readouts: int
    replaced: int
    skipped: int
    outdated: int
    encounters: int
    acts: int
    sentences: int
    unread: int
    set_aside: tuple[SetAside, ...]
    refusals: tuple[Refusal, ...]
    seconds: float
    unheard: Mapping[str, int] = field(default_factory=dict)
    completed: int = 0
    untold: int = 0

    @property
    def documents(self) -> int:
        """How many documents came in, refusals included."""
        return self.readouts + self.skipped + len(self.set_aside) + len(self.refusals)

    @property
    def reasons(self) -> dict[str, int]:
        """How many documents were set aside for each reason, the most frequent first."""
        counts = Counter(aside.reason for aside in self.set_aside)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def table(self) -> Iterator[tuple[str, str]]:
        """The report as rows of label and figure."""
        yield "documents", f"{self.documents:,}"
        yield "became readouts", f"{self.readouts:,}" + (f" ({self.replaced:,} in place of an older text)" if self.replaced else "")
        if self.untold:
            yield (
                "  side not known",
                f"{self.untold:,}; give the publisher with its state, or the url, or they are compared with no other side",
            )
        if self.completed:
            yield "  with the words", f"{self.completed:,} of which only facts were here"
        yield "set aside", f"{len(self.set_aside):,}"
        for reason, count in self.reasons.items():
            yield f"  {reason}", f"{count:,}"
        if self.skipped:
            older = f" ({self.outdated:,} of them read with other tables)" if self.outdated else ""
            yield "stored already", f"{self.skipped:,}{older}"
        if self.refusals:
            yield "could not be read", f"{len(self.refusals):,}"
        yield "encounters", f"{self.encounters:,}"
        yield "acts", f"{self.acts:,}"
        if self.sentences:
            yield "sentences unread", f"{self.unread:,} of {self.sentences:,} ({self.unread / self.sentences:.1%})"
        yield (
            "processor time",
            f"{self.seconds:.1f} s" + (f", {self.documents / self.seconds:.0f} documents a second" if self.seconds else ""),
        )


def ingest(
    paths: Iterable[str | Path],
    store: Store,
    iris: Iris,
    *,
    again: bool = False,
    engine: Engine = HERE,
    opinion: Service | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
    close: Closer | None = None,
) -> Report:
    """Read documents into ``store``, one asserted graph each, and tell what became of them.

    A text that is stored already is passed over, so a run that was interrupted is taken up by running it again; ``again``
    reads it anew (with newer tables or rules).  A text that changed under the same name replaces the older one, together with
    what was inferred from it.  A document that cannot be read is reported and the rest goes on.

    ``close`` gives what follows from a readout by itself; it is written in the same transaction.

    Reading and closing is done by ``engine``, and this process writes; the store holds the same for any engine.  ``opinion`` is asked
    about each document that is read.

    Raises ``StoreError`` if the store cannot be written, ``EngineError`` if the engine fails; what was reported to ``progress`` may
    then be stored but for the last batch.
    """
    return ingest_all(
        documents.read(paths, stdin), store, iris, again=again, engine=engine, opinion=opinion, progress=progress, close=close
    )


def ingest_all(
    items: Iterable[Document | Refusal],
    store: Store,
    iris: Iris,
    *,
    again: bool = False,
    engine: Engine = HERE,
    opinion: Service | None = None,
    progress: Progress | None = None,
    close: Closer | None = None,
) -> Report:
    """The same for documents that are read already."""
    started = time.process_time()
    graphs.load(store, iris)
    writer = _Writer(store, iris, again)
    elsewhere = 0.0
    try:
        with closing(in_order(_work, items, engine, _Shared(iris, opinion, close), writer.wants)) as done:
            for item, made in done:
                writer.take(item, made)
                elsewhere += made.seconds if made and engine != HERE else 0.0
                if progress:
                    progress(item)
    finally:
        writer.flush()  # whatever ended the run, what was read is kept
    return writer.report(time.process_time() - started + elsewhere)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every worker has."""

    iris: Iris
    opinion: Service | None
    close: Closer | None


@dataclass(frozen=True, slots=True)
class _Made:
    """What a worker made of a document: its graphs and figures, or why a rule failed; ``seconds`` is processor time."""

    lines: list[str]
    follows: tuple[str, list[str]] | None
    counts: Mapping[str, int]
    set_aside: str | None
    refusal: Refusal | None
    seconds: float
    unheard: str | None = None


def _work(shared: _Shared, item: Document | Refusal) -> _Made:
    """Reads one document and closes it; a text that trips a rule must not stop the others."""
    assert isinstance(item, Document)  # no refusal is wanted
    started = time.thread_time()
    missing = None
    try:
        extraction = extract(item)
        if shared.opinion is not None:
            from communique.ingest.opinions import consult, endpoint, unheard

            extraction = consult(extraction, endpoint(shared.opinion))
            missing = unheard(extraction)
        lines = quads(extraction, shared.iris)
        follows = shared.close(shared.iris.account(shared.iris.readout(item)), lines) if shared.close else None
    except Exception as error:
        reason = f"a rule failed on this text ({type(error).__name__}: {error}); please report it"
        return _Made([], None, {}, None, Refusal(item.origin, reason), time.thread_time() - started)
    return _Made(lines, follows, _figures(extraction), extraction.set_aside, None, time.thread_time() - started, missing)


def _figures(extraction: Extraction) -> Mapping[str, int]:
    """What a readout adds to the report."""
    if extraction.set_aside is not None:
        return {}
    return {
        "readouts": 1,
        "encounters": len(extraction.encounters),
        "acts": len(extraction.acts),
        "sentences": len(extraction.coverage),
        "unread": sum(1 for covered in extraction.coverage if covered.state is Reading.UNREAD),
        "untold": int(sources.teller(extraction.document)[1] is None),
    }


@dataclass(slots=True)
class _Writer:
    """What is stored already, the batch that is being filled, and the counts."""

    store: Store
    iris: Iris
    again: bool
    stored: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    put: dict[str, list[str]] = field(default_factory=dict)
    follows: dict[str, list[str]] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    lines: int = 0
    written: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    aside: list[SetAside] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unheard: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for graph, hash_, tables, facts in self.store.select(_STORED):
            if facts is None:
                self._remember(graph.value, hash_.value, tables.value)  # type: ignore[union-attr]  # IRI and literals, by the query
            else:  # only its facts are here: the text is wanted
                self.bare.add(graph.value)  # type: ignore[union-attr]

    def wants(self, item: Document | Refusal) -> bool:
        """Whether a document must be read: not if its text is stored already."""
        return isinstance(item, Document) and not self._known(item)

    def _known(self, document: Document) -> str | None:
        """The stored graph of the same text, if it may stay; once known it stays known."""
        known = self.hashes.get(document.sha256)
        return known if known and (known in self.seen or not self.again) else None

    def take(self, item: Document | Refusal, made: _Made | None) -> None:
        """Puts what was made of one document into the batch."""
        if isinstance(item, Refusal):
            self.refusals.append(item)
            return
        graph = self.iris.account(self.iris.readout(item))
        if known := self._known(item):
            self.seen.add(known)
            self.counts["skipped"] += 1
            self.counts["outdated"] += self.tables[known] != lexicon_hash()
            return
        assert made is not None  # what is unknown now was unknown when it was wanted
        if made.refusal:
            self.refusals.append(made.refusal)
            return
        older = self._older(graph, item, self.hashes.get(item.sha256))
        self.counts["replaced"] += bool(older)
        self.counts["completed"] += graph in self.bare
        self.drop += [g for old in older for g in (old, self.iris.inferred(old), self.iris.findings_of(old)) if g != graph]
        self._remember(graph, item.sha256, lexicon_hash())
        self.seen.add(graph)
        self.put[graph] = made.lines
        self.follows.update([made.follows] if made.follows else [])
        self.lines += len(made.lines)
        self.counts.update(made.counts)
        self.unheard.update([made.unheard] if made.unheard else [])
        if made.set_aside is not None:
            self.aside.append(SetAside(item.origin, made.set_aside))
        if self.lines >= _BATCH_LINES or len(self.put) >= _BATCH_DOCUMENTS:
            self.flush()

    def flush(self) -> None:
        """Write the batch in one transaction."""
        if self.put:
            drop = [*self.drop, *map(self.iris.findings_of, self.put)]
            self.store.apply({**self.put, **self.follows}, drop, aggregates.journal((*self.follows, *drop), self.iris))
            self.written += self.put
        self.put, self.follows, self.drop, self.lines = {}, {}, [], 0

    def report(self, seconds: float) -> Report:
        c = self.counts
        return Report(
            written=tuple(self.written),
            readouts=c["readouts"],
            replaced=c["replaced"],
            skipped=c["skipped"],
            outdated=c["outdated"],
            encounters=c["encounters"],
            acts=c["acts"],
            sentences=c["sentences"],
            unread=c["unread"],
            set_aside=tuple(self.aside),
            refusals=tuple(self.refusals),
            seconds=seconds,
            unheard=dict(self.unheard),
            completed=c["completed"],
            untold=c["untold"],
        )

    def _remember(self, graph: str, hash_: str, tables: str) -> None:
        if graph not in self.stored:
            self.names.setdefault(_name(graph), []).append(graph)
        self.stored[graph] = hash_
        self.hashes[hash_] = graph
        self.tables[graph] = tables

    def _older(self, graph: str, document: Document, same_text: str | None) -> list[str]:
        """The stored graphs that this text takes the place of.

        Without an URL the graph's name ends with a hash of the text, so the older text is the one stored under the same
        name before that hash; two different files of one name in the same run are two documents.
        """
        if graph in self.stored:
            return [graph]
        if same_text:
            return [same_text]
        namesakes = [] if document.url else self.names.get(_name(graph), [])
        return namesakes if len(namesakes) == 1 and namesakes[0] not in self.seen else []


def _name(graph: str) -> str:
    """An account's graph without the hash at the end of the readout's slug."""
    return graph.removesuffix("/account").rsplit("-", 1)[0]
