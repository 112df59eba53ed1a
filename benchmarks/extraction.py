"""Measures how fast pages are read: each stage, start-up, memory, several processes, and spaCy pipelines with the same labels.

Usage: python benchmarks/extraction.py [--model NAME_OR_PATH] PATH...  The table goes to stdout, in Markdown.  Times of stages are
processor time, the best of three passes over the readouts of PATH.  spaCy is measured only if it is installed, a trained pipeline only
if --model names one; both read the same readouts in the same run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

from communique.ingest.acts.acts import read_acts
from communique.ingest.encounters.header import read_header
from communique.ingest.encounters.references import find_references
from communique.ingest.extract import extract
from communique.ingest.issues.issues import IssueLinker
from communique.ingest.lexicon import lexicon as lexicons
from communique.ingest.lexicon.lexicon import GRAMMAR
from communique.ingest.pages.documents import read
from communique.ingest.pages.genre import classify
from communique.ingest.pages.layout import lay_out
from communique.ingest.pages.segment import sentences
from communique.ingest.quads import quads
from communique.ingest.sources import recognise
from communique.iris import Iris
from communique.model import Document

PASSES = 3
START = "import communique.ingest.ready"
WORKER = """
import re, sys; from pathlib import Path
from communique.ingest.pages.documents import read
from communique.ingest.extract import extract
from communique.ingest.quads import quads
from communique.iris import Iris
from communique.model import Document
for d in read(sys.argv[1:]):
    isinstance(d, Document) and quads(extract(d), Iris())
print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])  # a child's ru_maxrss begins with its parent's
"""


def best(work: Callable[[], object]) -> float:
    """The least processor time of a few passes, in seconds."""

    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return min(once() for _ in range(PASSES))


def each(read: Callable[[Any], object], items: Iterable[Any]) -> None:
    """Reads all items and keeps nothing."""
    for item in items:
        read(item)


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


def command(paths: list[str], jobs: int) -> float:
    """The time on the clock of ``communique extract`` with so many processes, start and end included, in seconds."""
    started = time.perf_counter()
    line = [sys.executable, "-m", "communique.cli", "extract", *paths, "--jobs", str(jobs), "--output", os.devnull]
    subprocess.run(line, check=True, capture_output=True)
    return time.perf_counter() - started


def pipeline(model: str | None) -> Callable[[str], object] | str:
    """A spaCy pipeline with an entity ruler that has the labels of the lexicon, or the reason why there is none.

    Without ``model`` it is a blank English pipeline of tokenizer and sentencizer.
    """
    try:
        import spacy

        nlp = spacy.load(model) if model else spacy.blank("en")
    except ImportError:
        return "spaCy is not installed"
    except OSError:
        return f"there is no spaCy pipeline {model}"
    if not model:
        nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": x.kind, "pattern": x.text, "id": x.id} for x in lexicons.load().labels if x.kind not in GRAMMAR])
    return nlp


def beside_spacy(readouts: list[Document], model: str | None) -> Iterator[tuple[str, str]]:
    """Rows that set communique beside spaCy on the same readouts, measured in turn."""
    for name in (None, model) if model else (None,):
        row, nlp = f"spaCy, {name or 'blank pipeline'}, with the same labels", pipeline(name)
        if isinstance(nlp, str):
            yield row, f"not measured: {nlp}"
            continue
        theirs = best(partial(each, nlp, [d.text for d in readouts]))
        ours = best(partial(each, extract, readouts))
        figures = [f"{len(readouts) / seconds:.0f}" for seconds in (theirs, ours)]
        yield row, f"{figures[0]} readouts a processor second; communique {figures[1]}, {theirs / ours:.1f} times as fast"


def rows(paths: list[str], model: str | None) -> Iterator[tuple[str, str]]:
    """The table, row by row."""
    documents = [d for d in read(paths) if isinstance(d, Document)]
    readouts = [d for d in documents if extract(d).set_aside is None]
    n = len(readouts)
    bare = min(child("pass")[0] for _ in range(5))
    yield "documents, readouts among them", f"{len(documents):,}, {n:,}"
    yield "import and load of all tables", f"{min(child(START)[0] for _ in range(5)) - bare:.2f} s"
    for stage, seconds in stages(readouts).items():
        yield f"{stage}, a readout", f"{1000 * seconds / n:.2f} ms"
    whole = best(partial(each, extract, readouts))
    yield "readouts a processor second", f"{n / whole:.0f}"
    yield "documents of all kinds a processor second", f"{len(documents) / best(partial(each, extract, documents)):.0f}"
    found = [extract(d) for d in readouts[:300]]
    yield "quads, a readout", f"{1000 * best(lambda: [quads(e, Iris()) for e in found]) / len(found):.2f} ms"
    yield "peak memory of a worker", f"{int(child(WORKER, *paths)[1]) / 1024:.0f} MB"
    one, two = (min(command(paths, jobs) for _ in range(PASSES)) for jobs in (1, 2))
    yield "`communique extract`, on the clock", f"{one:.1f} s"
    yield "the same with `--jobs 2`", f"{two:.1f} s ({one / two:.2f} times as fast)"
    yield from beside_spacy(readouts[:150], model)
    yield "load of the machine (cores)", f"{os.getloadavg()[0]:.1f} ({os.cpu_count()})"


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast pages are read.")
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--model", help="a trained spaCy pipeline to measure beside it, by name or path")
    asked = parser.parse_args()
    print("| measure | value |\n|---|---|")
    for label, value in rows(asked.paths, asked.model):
        print(f"| {label} | {value} |", flush=True)


if __name__ == "__main__":
    main()
