"""What is counted of a store is remembered one property at a time, never all of it together."""

from __future__ import annotations

import subprocess
import sys

import pytest

COUNTED = """
from pathlib import Path
from communique.iris import Iris
from communique.queries import partitions
from communique.store import open_store

GRAPH = "http://example.org/g"

def told(what):
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what))

with open_store("memory:") as store:
    for p in range(20):
        store.put_graph(f"{GRAPH}{p}", [f'<{GRAPH}/s{n}> <{GRAPH}/p{p}> "{n % 100}" <{GRAPH}{p}> .' for n in range(5000)])
    Path("/proc/self/clear_refs").write_text("5")  # from here on the most is counted
    before = told("VmRSS:")
    counts = partitions.count(store, store.graphs(), Iris())
    print(told("VmHWM:") - before, counts.whole.triples, counts.whole.subjects, counts.whole.objects, len(counts.properties))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is told in other ways elsewhere")
def test_counting_takes_a_fraction_of_what_the_statements_take() -> None:
    told = subprocess.run([sys.executable, "-c", COUNTED], capture_output=True, text=True, check=True).stdout
    kilobytes, triples, subjects, objects, properties = map(int, told.split())
    assert (triples, subjects, objects, properties) == (100_000, 5000, 100, 20)
    assert kilobytes < 10_000  # all of them together took 40,000
