"""Measures the endpoint beside the Oxigraph server and rdflib-endpoint, on the same triples, in one run, taking turns.

Usage: python benchmarks/endpoint.py [--triples N] [--rounds N] [--seconds N] [--wrk PATH] [--rdflib-endpoint PATH] [--only-ours]

Needs ``wrk`` (Debian has it), the ``oxigraph`` program of the package of that name, and rdflib-endpoint in an environment of its own
(``pip install rdflib-endpoint[cli]``); a server whose program is not there is left out, and the table says so.  Each round asks every
server everything; the figures are medians of the rounds.  The tables go to stdout, in Markdown.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlsplit

from communique.store import open_store

NS = "http://example.org/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIX = f"PREFIX e: <{NS}> "
TRIVIAL = "ASK {}"
JOIN = PREFIX + "SELECT ?a ?d ?q { ?a e:issue <http://example.org/issue/7> ; e:encounter ?e ; e:quote ?q . ?e e:date ?d } LIMIT 1000"
EXPORT = PREFIX + "SELECT ?a ?d ?q { ?a e:encounter ?e ; e:quote ?q . ?e e:date ?d } LIMIT 100000"
HEAVY = PREFIX + "SELECT (COUNT(*) AS ?n) { ?a e:issue ?b . ?c e:between ?d FILTER(STRLEN(STR(?a)) = STRLEN(STR(?d)) * 9) }"
BOMB = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c ?a"
DEADLINE = 10.0
PER_ACT = 9.25  # triples


def term(name: str) -> str:
    return f"<{NS}{name}>"


def lines(triples: int) -> Iterator[str]:
    """Acts of encounters, as N-Quads in one graph."""
    graph = f"<{NS}graph> ."
    for i in range(int(triples / PER_ACT)):
        act, encounter = term(f"act/{i}"), term(f"encounter/{i // 4}")
        yield f"{act} {TYPE} {term('Act')} {graph}"
        yield f"{act} {term('encounter')} {encounter} {graph}"
        yield f"{act} {term('actor')} {term(f'person/{i * 7 % 5000}')} {graph}"
        yield f"{act} {term('issue')} {term(f'issue/{i % 100}')} {graph}"
        yield f'{act} {term("order")} "{i % 40}"^^<{XSD}integer> {graph}'
        yield f'{act} {term("quote")} "The two sides exchanged views on matter {i} of the day and agreed to continue."@en {graph}'
        yield f'{act} {LABEL} "act {i}" {graph}'
        yield f"{act} {term('type')} {term(f'type/{i % 30}')} {graph}"
        if i % 4 == 0:
            yield f'{encounter} {term("date")} "20{i % 25:02}-0{i % 9 + 1}-1{i % 9}"^^<{XSD}date> {graph}'
            yield f"{encounter} {term('between')} {term(f'state/{i % 190}')} {graph}"
            yield f"{encounter} {term('between')} {term(f'state/{(i + 97) % 190}')} {graph}"
            yield f'{encounter} {LABEL} "encounter {i // 4}" {graph}'
            yield f"{encounter} {TYPE} {term('Encounter')} {graph}"


@dataclass
class Server:
    name: str
    url: str
    pid: int
    load: float
    figures: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, value: float) -> None:
        self.figures.setdefault(name, []).append(value)

    def median(self, name: str) -> float | None:
        return median(self.figures[name]) if name in self.figures else None

    def address(self, query: str) -> str:
        return f"{self.url}?query={quote(query, safe='')}"


def below(pid: int) -> list[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def memory(pid: int) -> float:
    """Megabytes of a process and all below it, shared pages counted once."""
    total = 0
    for each in below(pid):
        with contextlib.suppress(OSError):
            total += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{each}/smaps_rollup").read_text(), re.MULTILINE)[1])  # type: ignore[index]
    return total / 1024


def ask(url: str, accept: str = "application/sparql-results+json", seconds: float = 300.0) -> tuple[int, float, float, int]:
    """Status, seconds to the first byte and to the last, and bytes."""
    where = urlsplit(url)
    assert where.hostname
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=seconds)
    started = time.perf_counter()
    connection.request("GET", f"{where.path}?{where.query}", headers={"Accept": accept})
    answer = connection.getresponse()
    size = len(answer.read(1))
    first = time.perf_counter() - started
    while piece := answer.read(1 << 16):
        size += len(piece)
    connection.close()
    return answer.status, first, time.perf_counter() - started, size


@contextlib.contextmanager
def running(name: str, command: list[str], port: int, path: str, load: Path | None = None) -> Iterator[Server]:
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            server = Server(name, f"http://127.0.0.1:{port}{path}", process.pid, 0.0)
            while True:
                assert process.poll() is None, f"{name} did not start"
                with contextlib.suppress(OSError, http.client.HTTPException):
                    ask(server.address(TRIVIAL), seconds=5)
                    break
                time.sleep(0.1)
            if load is not None:
                with load.open("rb") as file:
                    request = urllib.request.Request(f"http://127.0.0.1:{port}/store", data=file, method="POST")
                    request.add_header("Content-Type", "application/n-quads")
                    request.add_header("Content-Length", str(load.stat().st_size))
                    urllib.request.urlopen(request, timeout=600).close()
            server.load = time.perf_counter() - started
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


# Each query has a comment of its own, so that none can be answered with what was answered before.
VARY = """
local n = 0
local seed = os.time()
request = function()
  n = n + 1
  return wrk.format("GET", wrk.path .. "%23" .. seed .. "-" .. n)
end
"""


def wrk(program: str, url: str, seconds: int, script: Path) -> tuple[float, float, float]:
    """Requests a second, and the 50th and 99th hundredth of the latency in milliseconds; 8 connections, one thread."""
    command = [program, "-t1", "-c8", f"-d{seconds}", "--timeout", "60s", "--latency", "-s", str(script), url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    found = {part: float(value) * unit[of] for part, value, of in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", told)}
    return rate, found.get("50", 0.0), found.get("99", 0.0)


def round_of(server: Server, program: str, seconds: int, script: Path, *, slow: bool) -> None:
    for name, query in (("trivial", TRIVIAL), ("join", JOIN)):
        rate, middle, late = wrk(program, server.address(query), seconds, script)
        for part, value in (("rate", rate), ("p50", middle), ("p99", late)):
            server.note(f"{name} {part}", value)
    if slow and "export total" in server.figures:  # a minute each: once is enough
        return
    time.sleep(2)  # what was asked last is still being answered
    # Queries one after the other go to the same worker of ours: the second and third come from one that has given the answer before.
    for time_of in ("total",) if slow else ("total", "second", "third"):
        status, first, total, size = ask(server.address(f"{EXPORT} # {time_of}"), "text/csv")
        assert (status, size > 5_000_000) == (200, True), (server.name, status, size)
        if time_of == "total":
            server.note("export first", first * 1000)
        server.note(f"export {time_of}", total * 1000)


def one_by_one(server: Server, seconds: float) -> list[float]:
    """Milliseconds of trivial queries, asked one after the other on one connection."""
    where = urlsplit(server.address(TRIVIAL))
    assert where.hostname
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
    took = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        connection.request("GET", f"{where.path}?{where.query}%23{started}")
        connection.getresponse().read()
        took.append((time.perf_counter() - started) * 1000)
    connection.close()
    return sorted(took)


def part(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def ours_alone(server: Server) -> None:
    """What the others do not do: kill at the deadline and at the memory limit."""
    idle = one_by_one(server, DEADLINE - 1)
    killed: list[tuple[int, float]] = []

    def heavy() -> None:
        status, _, total, _ = ask(server.address(HEAVY))
        killed.append((status, total))

    thread = threading.Thread(target=heavy)
    thread.start()
    time.sleep(0.05)
    during = one_by_one(server, DEADLINE - 1)
    thread.join()
    status, _, total, _ = ask(server.address(BOMB))
    assert {status, killed[0][0]} == {503}, (status, killed)
    again, *_ = ask(server.address(TRIVIAL))
    assert again == 200
    for name, value in (
        ("deadline over", killed[0][1] - DEADLINE),
        ("idle p50", part(idle, 0.5)),
        ("idle p99", part(idle, 0.99)),
        ("heavy p99", part(during, 0.99)),
        ("bomb", total),
    ):
        server.note(name, value)


def table(servers: list[Server], missing: list[str]) -> str:
    rows = (
        ("trivial query, requests a second", "trivial rate", 0),
        ("trivial query, p50 / p99 in ms", ("trivial p50", "trivial p99"), 1),
        ("join of 1,000 rows, requests a second", "join rate", 0),
        ("join of 1,000 rows, p50 / p99 in ms", ("join p50", "join p99"), 0),
        ("100,000 rows as CSV, first byte in ms", "export first", 0),
        ("100,000 rows as CSV, last byte in ms", "export total", 0),
        ("the same of a worker that has given them before", "export third", 0),
    )
    out = [f"| | {' | '.join(s.name for s in servers)} |", f"|---|{'---|' * len(servers)}"]
    for label, keys, digits in rows:
        cells = []
        for server in servers:
            values = [server.median(key) for key in ((keys,) if isinstance(keys, str) else keys)]
            cells.append(" / ".join("-" if value is None else f"{value:,.{digits}f}" for value in values))
        out.append(f"| {label} | {' | '.join(cells)} |")
    out.append(f"| ready after, s | {' | '.join(f'{s.load:.1f}' for s in servers)} |")
    used = [f"{server.figures['memory'][0]:,.0f}" for server in servers]
    out.append(f"| memory of all processes, MB | {' | '.join(used)} |")
    if missing:
        out.append(f"\nLeft out, since its program is not there: {', '.join(missing)}.")
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--wrk", default=shutil.which("wrk"))
    parser.add_argument("--oxigraph", default=shutil.which("oxigraph", path=str(Path(sys.executable).parent)))
    parser.add_argument("--rdflib-endpoint", default=shutil.which("rdflib-endpoint"))
    parser.add_argument("--only-ours", action="store_true")
    given = parser.parse_args()
    if not given.wrk:
        parser.error("wrk is not there: install it, or name it with --wrk")
    with tempfile.TemporaryDirectory(prefix="communique-bench-") as folder, contextlib.ExitStack() as stack:
        home = Path(folder)
        (home / "vary.lua").write_text(VARY)
        with (home / "data.nq").open("w") as file:
            file.writelines(f"{line}\n" for line in lines(given.triples))
        with open_store(str(home / "store")) as store:
            store.put_graph(f"{NS}graph", lines(given.triples))
            count = store.count()
        ours = [
            sys.executable,
            "-m",
            "communique.cli",
            "serve",
            "--store",
            str(home / "store"),
            "--port",
            "9301",
            "--timeout",
            str(DEADLINE),
        ]
        servers = [stack.enter_context(running("communique", ours, 9301, "/sparql"))]
        missing = []
        if not given.only_ours:
            if given.oxigraph:
                command = [given.oxigraph, "serve", "--union-default-graph", "--bind", "127.0.0.1:9302"]
                servers.append(stack.enter_context(running("oxigraph", command, 9302, "/query", home / "data.nq")))
            else:
                missing.append("oxigraph")
            if given.rdflib_endpoint:
                (home / "data.nt").write_text((home / "data.nq").read_text().replace(f" <{NS}graph> .", " ."))
                command = [given.rdflib_endpoint, "serve", "--host", "127.0.0.1", "--port", "9303", str(home / "data.nt")]
                servers.append(stack.enter_context(running("rdflib-endpoint", command, 9303, "/")))
            else:
                missing.append("rdflib-endpoint")
        for server in servers:
            server.note("memory", memory(server.pid))
        for _ in range(given.rounds):
            for server in servers:
                round_of(server, given.wrk, given.seconds, home / "vary.lua", slow=server.name == "rdflib-endpoint")
            ours_alone(servers[0])
        print(f"{count:,} triples, {os.cpu_count()} cores, median of {given.rounds} rounds, load {os.getloadavg()[0]:.1f}\n")
        print(table(servers, missing))
        alone = servers[0].figures
        print(f"\nkilled behind its deadline of {DEADLINE:g} s by: {max(alone['deadline over']):.2f} s at most")
        idle, during = median(alone["idle p99"]), median(alone["heavy p99"])
        print(f"trivial queries in a row: p50 {median(alone['idle p50']):.2f} ms, p99 {idle:.1f} ms; beside a heavy one {during:.1f} ms")
        print(f"a memory bomb ended after {median(alone['bomb']):.1f} s, with 503; the next query was answered")
        print(json.dumps({server.name: server.figures for server in servers}), file=sys.stderr)


if __name__ == "__main__":
    main()
