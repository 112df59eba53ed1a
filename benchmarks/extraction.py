"""Measures how fast pages are read: each stage, start-up, memory, several processes, and a spaCy pipeline with the same labels.

Usage: python benchmarks/extraction.py PATH...  The table goes to stdout, in Markdown.  Times of stages are processor time, the best of
three passes over the readouts of PATH.  spaCy is measured only if it is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from resource import RUSAGE_CHILDREN, getrusage

from communique.ingest import lexicon as lexicons
from communique.ingest.acts import read_acts
from communique.ingest.documents import read
from communique.ingest.extract import extract
from communique.ingest.genre import classify
from communique.ingest.header import read_header
from communique.ingest.issues import IssueLinker
from communique.ingest.layout import lay_out
from communique.ingest.lexicon import GRAMMAR
from communique.ingest.parallel import in_order
from communique.ingest.quads import quads
from communique.ingest.references import find_references
from communique.ingest.segment import sentences
from communique.ingest.sources import recognise
from communique.iris import Iris
from communique.model import Document

PASSES = 3
START = "import communique.ingest.extract as e; from communique.ingest import lexicon; e._linker(lexicon.load())"
WORKER = f"""
import re, sys; {START}
from pathlib import Path
from communique.ingest.documents import read
from communique.ingest.quads import quads
from communique.iris import Iris
from communique.model import Document
for d in read(sys.argv[1:]):
    isinstance(d, Document) and quads(e.extract(d), Iris())
print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])  # a child's ru_maxrss begins with its parent's
"""


def best(work: Callable[[], object]) -> float:
    """The least processor time of a few passes, in seconds."""

    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return min(once() for _ in range(PASSES))


def stages(readouts: list[Document]) -> dict[str, float]:
    """Stage -> the least processor time for all readouts, in seconds."""
    lexicon = lexicons.load()
    linker = IssueLinker(lexicon)
    passes: list[dict[str, float]] = []
    for _ in range(PASSES):
        spent: dict[str, float] = defaultdict(float)
        last = time.process_time()

        def lap(stage: str) -> None:
            nonlocal last
            now = time.process_time()
            spent[stage] += now - last  # noqa: B023  # called in its own pass only
            last = now

        for d in readouts:
            source = recognise(d.url, d.publisher, d.text, d.source)
            blocks = lay_out(d, source)
            lap("layout")
            classify(d, source, blocks)
            lap("genre")
            parts = sentences(d, blocks)
            lap("sentences")
            header = read_header(d, source, parts, lexicon)
            lap("header")
            find_references(d, source, parts, header, lexicon)
            lap("references")
            read_acts(parts, header, source, lexicon, linker, d.date)
            lap("acts and issues")
        passes.append(spent)
    return {stage: min(p[stage] for p in passes) for stage in passes[0]}


def child(code: str, *arguments: str) -> tuple[float, str]:
    """Processor time and output of a Python of its own."""

    def used() -> float:
        usage = getrusage(RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = used()
    run = subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True)
    return used() - before, run.stdout


def wall(documents: list[Document], jobs: int) -> float:
    """The time on the clock to read all documents, start of the processes included, in seconds."""
    started = time.perf_counter()
    for _ in in_order(extract, documents, jobs):
        pass
    return time.perf_counter() - started


def with_spacy(readouts: list[Document]) -> float | None:
    """Processor time of a blank English pipeline: tokenizer, sentencizer and an entity ruler with the labels of the lexicon."""
    try:
        import spacy
    except ImportError:
        return None
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": x.kind, "pattern": x.text, "id": x.id} for x in lexicons.load().labels if x.kind not in GRAMMAR])
    return best(lambda: [nlp(d.text) for d in readouts])


def rows(paths: list[str]) -> Iterator[tuple[str, str]]:
    """The table, row by row."""
    documents = [d for d in read(paths) if isinstance(d, Document)]
    readouts = [d for d in documents if extract(d).set_aside is None]
    n = len(readouts)
    bare = min(child("pass")[0] for _ in range(5))
    yield "documents, readouts among them", f"{len(documents):,}, {n:,}"
    yield "import and load of all tables", f"{min(child(START)[0] for _ in range(5)) - bare:.2f} s"
    for stage, seconds in stages(readouts).items():
        yield f"{stage}, a readout", f"{1000 * seconds / n:.2f} ms"
    whole = best(lambda: [extract(d) for d in readouts])
    yield "readouts a processor second", f"{n / whole:.0f}"
    yield "documents of all kinds a processor second", f"{len(documents) / best(lambda: [extract(d) for d in documents]):.0f}"
    found = [extract(d) for d in readouts[:300]]
    yield "quads, a readout", f"{1000 * best(lambda: [quads(e, Iris()) for e in found]) / len(found):.2f} ms"
    yield "peak memory of a worker", f"{int(child(WORKER, *paths)[1]) / 1024:.0f} MB"
    one, two = (min(wall(documents, jobs) for _ in range(2)) for jobs in (1, 2))
    yield "wall time, 1 process", f"{one:.1f} s"
    yield "wall time, 2 processes", f"{two:.1f} s ({one / two:.2f} times as fast)"
    theirs = with_spacy(readouts)
    if theirs:
        yield "spaCy: tokens, sentences and labels only", f"{n / theirs:.0f} readouts a processor second"
    yield "load of the machine (cores)", f"{os.getloadavg()[0]:.1f} ({os.cpu_count()})"


def main() -> None:
    print("| measure | value |\n|---|---|")
    for label, value in rows(sys.argv[1:]):
        print(f"| {label} | {value} |", flush=True)


if __name__ == "__main__":
    main()
