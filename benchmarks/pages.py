"""How long the pages of the explorer take, and how large they are: over the samples, a store, or any number of generated readouts.

python benchmarks/pages.py --write docs/reference/pages.md       the samples; the page of the reference is this table
python benchmarks/pages.py STORE                                  a store, loaded into memory as the server does
python benchmarks/pages.py --generated 100000 [--keep FOLDER]     that many readouts, asked on disk
python benchmarks/pages.py --served STORE                         as a browser asks: three times over HTTP, of 'communique serve'; then the
                                                                  saved queries, the first hundred rows of each, twice
python benchmarks/pages.py --served http://...                    the same of a server that runs already

A page is asked for first and again in this process, without the network.  The pages with the most in them are taken: the party, the dyad,
the person and the issue that the lists name first.  With ``--write``, a browser tells what scripts each page loads, if there is one
(``make browser`` installs what drives it).  Ends with 1 if a page took longer than ``--most`` seconds, or was an error.
"""

from __future__ import annotations

import argparse
import json
import logging
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
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources import as_file, files
from pathlib import Path

from endpoint import below, memory
from flask import Flask
from multiplied import fill
from readouts import IRIS
from werkzeug.serving import make_server

from communique.config import Settings
from communique.ingest import pipeline
from communique.ontology import reasoner
from communique.queries import catalogue
from communique.server import ahead, create_app, search
from communique.server.engine import InProcess
from communique.server.pages import counting, readouts
from communique.server.site import site
from communique.store import Store, open_here, open_store

LISTS = (
    "/readouts",
    "/readouts?state=JPN",
    "/readouts?issue=north-korea&sort=most",
    "/ministers",
    "/states",
    "/dyads",
    "/issues",
    "/network",
)
LISTS += ("/timeline", "/map", "/stance", "/requests", "/commitments", "/about/vocab/state/JPN")
LISTS += ("/coverage", "/findings", "/ontology", "/data", "/about", "/queries", "/query/acts-compared", "/search?q=nuclear", "/sparql")
# A thing is the first link of this form on a page.
THINGS = {
    "/readouts": r"/readout/[^\"#]+",
    "/timeline": r"/encounter/[^\"#]+",
    "/requests": r"/statement/[^\"#]+",
    "/ministers": r"/minister/[^\"#]+",
    "/states": r"/state/[^\"#]+",
    "/dyads": r"/dyad/[^\"#]+",
    "/issues": r"/issue/[^\"#]+",
}
HEAD = """# The pages: times and sizes

```
python benchmarks/pages.py --write docs/reference/pages.md
```

writes this page, over the shipped samples. Times are milliseconds of the processor in one process, without the network, on a shared machine
of two cores; *first* is with nothing but what a server makes before anyone asks (templates, words, facets, register), *again* with what is
remembered while the data is the same. Sizes are what goes over the line, in kilobytes (gzip); *scripts* is all that a browser loads to draw
the charts of a page, which are not needed to read it; the editor of `/sparql` (290 KB) is loaded when somebody begins to write.

"""


class Counted(InProcess):
    """The engine, without the hash of all its data: a server takes the version of a snapshot that it has made."""

    def version(self) -> str:
        return "measured"


def timed(app: Flask, path: str) -> tuple[float, int, bytes]:
    """Seconds of the processor, status and body of one answer."""
    started = time.process_time()
    answer = app.test_client().get(path, headers={"Accept": "text/html"}, follow_redirects=True)
    return time.process_time() - started, answer.status_code, answer.data


def things(ask: Callable[[str], bytes]) -> list[str]:
    """One page of each kind of thing, the one that its list names first."""
    return [found[0] for page, form in THINGS.items() if (found := re.search(form, ask(page).decode()))]


def served(store: str) -> int:
    """Print how long a server takes until it answers and until all is made ahead, its memory, the pages, each asked three times, and how
    long the saved queries take."""
    program = [sys.executable, "-m", "communique.cli", "serve", "--store", store, "--port", "0"]
    started = time.perf_counter()
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            told = next(found[1] for line in process.stderr if (found := re.search(r"at (http://\S+)/", line)))
            _tell(f"answers after {time.perf_counter() - started:.0f} s with {memory(process.pid):,.0f} MB")
            while _making(process.pid):
                time.sleep(1)
            _tell(f"all is made ahead after {time.perf_counter() - started:.0f} s")
            wrong = asked(told, process.pid)
            _tell(f"after the pages and queries it has {memory(process.pid):,.0f} MB; load {os.getloadavg()[0]:.1f}")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
    return wrong


def asked(server: str, pid: int = 0) -> int:
    """Print how long the pages of a server take, each asked three times, and its saved queries; 1 if one was not answered.

    ``pid`` is its process, if it runs here: then beside the first time stands what that took of the processor, whoever else wants it.
    """
    _tell("", "| page | first, ms | of the processor | second, ms | third, ms | page, KB |", "|---|---:|---:|---:|---:|---:|")
    wrong = 0
    for path in ["/", *LISTS, *things(lambda page: over_http(server + page)[2])]:
        before = _spent(pid)
        answers = [over_http(server + path)]
        took = f"{(_spent(pid) - before) * 1000:.0f}" if pid else ""
        answers += [over_http(server + path) for _ in range(2)]
        wrong |= any(status != 200 for _, status, _ in answers)
        small = len(zlib.compress(answers[0][2], 6)) / 1000
        first, *more = (f"{seconds * 1000:.0f}" if status == 200 else f"{status}" for seconds, status, _ in answers)
        _tell(f"| `{named(path)}` | {' | '.join([first, took, *more])} | {small:.0f} |")
    _tell("", "| saved query | first, s | again, s |", "|---|---:|---:|")
    for name, query in catalogue.load().items():
        if not any(param.required for param in query.params):
            answers = [over_http(f"{server}/api/{name}?limit=100", "application/json") for _ in range(2)]
            wrong |= any(status != 200 for _, status, _ in answers)
            cells = (f"{seconds:.2f}" if status == 200 else f"{status}: {_detail(body)}" for seconds, status, body in answers)
            _tell(f"| `{name}` | {' | '.join(cells)} |")
    return wrong


def _spent(server: int) -> float:
    """Seconds of the processor that what answers of a server has taken: all of it but what makes things ahead."""
    spent = 0
    for pid in (server, *below(server)) if server else ():
        with suppress(OSError):  # it has ended
            if Path(f"/proc/{pid}/comm").read_text() != f"{ahead.NAME}\n":
                spent += sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return spent / 1e9


def _detail(problem: bytes) -> str:
    return str(json.loads(problem)["detail"]) if problem else "no answer"


def _tell(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)


def over_http(address: str, form: str = "text/html") -> tuple[float, int, bytes]:
    """Seconds, status (0: nothing came in five minutes) and body of one answer."""
    started = time.perf_counter()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": form}), timeout=300) as answer:
            return time.perf_counter() - started, answer.status, answer.read()
    except TimeoutError:
        return time.perf_counter() - started, 0, b""
    except urllib.error.HTTPError as error:
        return time.perf_counter() - started, error.code, error.read()


def _making(server: int) -> bool:
    """Whether a server still makes things ahead: the process of this name has others below it then."""
    ahead_ = [
        pid for pid in below(server) if Path(f"/proc/{pid}/comm").exists() and Path(f"/proc/{pid}/comm").read_text() == f"{ahead.NAME}\n"
    ]
    return len(ahead_) != 1


def named(path: str) -> str:
    """The page as the table calls it."""
    room = "/".join(path.split("/")[:2])
    return path if path == room or path in LISTS else f"{room}/..."


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Store]:
    """The store that is asked."""
    if arguments.generated:
        with tempfile.TemporaryDirectory() as folder:
            path = (arguments.keep or Path(folder)) / f"{arguments.generated}-pages"
            if not path.exists():
                started = time.perf_counter()
                fill(path, arguments.generated)
                print(f"filled in {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
            with open_here(str(path)) as store:
                yield store
    elif arguments.store:
        with open_store(arguments.store, in_memory=True) as store:
            yield store
    else:
        with open_store("memory:") as store, as_file(files("communique.ingest") / "samples") as folder:
            pipeline.ingest([folder], store, IRIS)
            reasoner.reason(store, IRIS)
            yield store


def scripts(app: Flask, paths: list[str]) -> dict[str, float]:
    """Kilobytes of scripts that a browser loads for each page; empty without a browser."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {}
    if not chromium:
        return {}
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # who asks for what is no news here
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    out = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        for path in paths:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}{path}", wait_until="networkidle")
            out[path] = page.evaluate("""performance.getEntriesByType('resource').filter(e => e.name.split('?')[0].endsWith('js'))
                                         .reduce((all, e) => all + e.encodedBodySize, 0)""")
            page.close()
        browser.close()
    server.shutdown()
    return out


def main() -> int:
    """Print a table, or write it."""
    reading = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reading.add_argument("store", nargs="?", help="a store in a folder; none: the samples")
    reading.add_argument("--generated", type=int, metavar="N", help="at least N closed readouts, made from the samples (multiplied.py)")
    reading.add_argument("--served", metavar="STORE", help="ask a server of this store, or at this address, over HTTP")
    reading.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what was generated there, for the next run")
    reading.add_argument("--most", type=float, default=60.0, metavar="SECONDS", help="what a page may take (60)")
    reading.add_argument("--write", type=Path, metavar="FILE", help="write the page of the reference")
    arguments = reading.parse_args()
    if arguments.served:
        address = arguments.served.startswith("http")
        return asked(arguments.served.rstrip("/")) if address else served(arguments.served)
    with opened(arguments) as store:
        app = create_app(Settings(), Counted(store))
        ahead.compiled(app)
        for name, make in (("words", search.index), ("facets", readouts.counted), ("register", counting.ready)):
            started = time.process_time()
            with app.app_context():
                make(site())
            print(f"{name} in {time.process_time() - started:.0f} s", file=sys.stderr, flush=True)
        paths = ["/", *LISTS, *things(lambda page: timed(app, page)[2])]
        loaded = scripts(app, paths) if arguments.write else {}
        lines, slow = [], []
        for path in paths:
            app.extensions["communique.kept"].clear()
            first, status, body = timed(app, path)
            again = min(timed(app, path)[0] for _ in range(3 if first < 1 else 1))
            small = len(zlib.compress(body, 6))
            script = f"{loaded[path] / 1000:.0f}" if path in loaded else ""
            lines.append(f"| `{named(path)}` | {first * 1000:.0f} | {again * 1000:.0f} | {small / 1000:.0f} | {script} |")
            print(lines[-1], file=sys.stderr, flush=True)
            if status != 200 or first > arguments.most:
                slow.append(f"{path}: status {status}, {first:.1f} s")
    table = "\n".join(["| page | first, ms | again, ms | page, KB | scripts, KB |", "|---|---:|---:|---:|---:|", *lines])
    sheet = len(zlib.compress((files("communique.server") / "static" / "communique.css").read_bytes(), 6))
    end = f"\nThe style sheet, loaded once: {sheet / 1000:.0f} KB.\n"
    if arguments.write:
        arguments.write.write_text(f"{HEAD}{table}\n{end}", encoding="utf-8")
    else:
        print(f"{table}\n{end}")
    for line in slow:
        print(line, file=sys.stderr)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
