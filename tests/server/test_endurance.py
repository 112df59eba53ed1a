"""A mixed load while workers are killed at random: no wrong answer, and nothing is left over.

10 seconds with the other tests; ``LOAD=600 pytest tests/server/test_endurance.py -s`` is the long one.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import sys
import threading
import time
import urllib.error
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from communique.server.engine import InProcess
from communique.store import open_store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
if sys.platform == "linux":
    from tests.server.test_serving import Served, fill, served
    from tests.server.workers import EVERYTHING, FOREVER, alive, command, descendants, descriptors, parent_of, until, web

SECONDS = float(os.environ.get("LOAD", "10"))
CLIENTS = 8
ROWS = "SELECT * { ?s ?p ?o } ORDER BY ?s"
ASKED = (
    ("ASK { ?s ?p ?o }", "json"),
    ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "csv"),
    (ROWS + " LIMIT 100", "json"),
    (ROWS, "csv"),
    (ROWS, "tsv"),
    ("SELECT * { ?s ?p ?o . ?x ?y ?z FILTER(?s = <http://example.org/s1>) } ORDER BY ?x", "xml"),
)


def memory(pid: int) -> float:
    """Megabytes that a process has asked for; what it shares with others does not change with their number."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("RssAnon:"))) / 1000


def test_under_load_and_kills_no_answer_is_wrong_and_nothing_is_left(tmp_path: Path) -> None:
    place = tmp_path / "store"
    fill(place, 3000)
    with open_store(str(place), read_only=True) as store:
        right = [InProcess(store).stream(query, form).read().decode() for query, form in ASKED]
    with served(place, tmp_path / "log", "--timeout", "1", "--workers", "3") as server:
        (zygote,) = set(workers(server).values())
        for query, form in ASKED * 3:
            server.ask(query, Accept="text/csv" if form == "csv" else "*/*")
        until(lambda: len(workers(server)) == 4)
        before = {pid: descriptors(pid) for pid in (zygote, *web(server.process.pid))}
        curve = [sum(map(memory, before))]
        stop = threading.Event()
        with ThreadPoolExecutor(CLIENTS + 1) as threads:
            killing = threads.submit(kill, server, stop)
            clients = [threads.submit(client, server, right, stop, number) for number in range(CLIENTS)]
            for _ in range(10):
                time.sleep(SECONDS / 10)
                curve.append(sum(map(memory, before)))
            stop.set()
            counts = sum((each.result() for each in clients), Counter())
            kills = killing.result()
        print(f"\n{SECONDS:g} s, {kills} kills: {dict(counts)}")
        assert counts["right"] > 50
        assert kills >= SECONDS / 2
        until(lambda: len(workers(server)) == 4, 30)
        until(lambda: all(descriptors(pid) <= before[pid] + 2 for pid in before), 30)
        assert not [pid for pid in descendants(zygote) if not alive(pid)]
        assert server.ask(ROWS, Accept="text/csv")[2] == right[3]
        curve.append(sum(map(memory, before)))
        print(f"memory in MB, at the start and each tenth of the time: {' '.join(f'{value:.0f}' for value in curve)}")
        # Each thread takes some when it is first needed; from then on nothing is added.
        assert curve[-1] - curve[0] < 60
        assert curve[-1] - curve[4] < 15


def client(server: Served, right: list[str], stop: threading.Event, seed: int) -> Counter[str]:
    """Ask until told to stop; a whole answer with status 200 must be the right one."""
    dice = random.Random(seed)
    counts: Counter[str] = Counter()
    while not stop.is_set():
        what = dice.random()
        try:
            if what < 0.03:
                counts[f"heavy {server.ask(FOREVER)[0]}"] += 1
                continue
            if what < 0.08:
                with server.raw(EVERYTHING) as connection:
                    connection.recv(1000)
                counts["left"] += 1
                continue
            which = dice.randrange(len(ASKED))
            query, form = ASKED[which]
            status, _, text = server.get(f"sparql?format={form}&query={quote(query)}")
            assert status in (200, 503), text
            assert status != 200 or text == right[which], (query, form, len(text))
            counts["right" if status == 200 else "refused"] += 1
        except (http.client.HTTPException, ConnectionError, urllib.error.URLError):
            counts["broken off, and seen to be"] += 1
    return counts


def kill(server: Served, stop: threading.Event) -> int:
    """Kill a worker at random every now and then."""
    dice = random.Random(7)
    kills = 0
    while not stop.wait(dice.uniform(0.2, 0.8)):
        victims = workers(server)
        if victims:
            with suppress(ProcessLookupError):  # its deadline was quicker
                os.kill(dice.choice(sorted(victims)), signal.SIGKILL)
                kills += 1
    return kills


def workers(server: Served) -> dict[int, int]:
    """The forked children of the zygote, with the zygote: a worker may be gone when it is asked about again."""
    found = {}
    for pid in descendants(server.process.pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            parent = parent_of(pid)
            if b"workers.zygote" in command(pid) and b"workers.zygote" in command(parent) and alive(pid):
                found[pid] = parent
    return found
