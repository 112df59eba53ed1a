"""``communique serve`` and ``communique demo``: a store behind an address, and the whole line on the shipped samples."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib.resources import as_file, files
from pathlib import Path

import click

from communique.cli import options
from communique.cli.facts import DONE
from communique.cli.terminal import Run
from communique.errors import CommuniqueError, ServerError


@click.command()
@options.store
@options.base
@options.host
@options.port
@options.licence
@options.default_graph
@options.federation
@click.option("--allow-update", is_flag=True, help="Take SPARQL updates and graphs by HTTP. Default: the store is only read.")
@click.option(
    "--token",
    "token_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File with the token that writers must send; without it COMMUNIQUE_TOKEN. Needed for --allow-update beyond this machine.",
)
@options.limits
@options.everywhere
@click.pass_obj
def serve(run: Run, allow_update: bool, token_file: Path | None) -> None:
    """Serve the store: a start page, a SPARQL endpoint at /sparql, and whole graphs at /graphs.

    It only reads, unless --allow-update is given. The store is read into memory; what is written to it later shows as soon as it
    has been read, without a restart. Each query runs in a process of its own, which is killed when it takes too long or too much.
    Ctrl-C stops the server, as does SIGTERM; both let answers end that are being sent.
    """
    from communique.server.access import token

    secret = token(run.settings.host, token_file, os.environ) if allow_update else None
    _serve(run, run.settings.store, run.settings.port, secret, allow_update)


def _serve(
    run: Run, place: str, port: int, token: str | None = None, allow_update: bool = False, coming: Callable[[], str] = lambda: ""
) -> None:
    from dataclasses import replace

    from communique.config import without_password
    from communique.server import ahead, create_app
    from communique.server.running import running
    from communique.server.serve import serve, serve_processes

    shown = without_password(place)
    run.wait(f"opening {shown}")
    settings = replace(run.settings, store=place, port=port)

    def ready(url: str) -> None:
        run.say(f"serving {shown} at {url} (Ctrl-C stops it)")

    with running(settings, allow_update=allow_update) as (engine, writer):
        app = create_app(settings, engine, writer, token, coming)
        if engine.isolated:
            with ahead.apart(app):
                serve_processes(app, settings.host, port, seconds=settings.timeout, reload=engine.refresh, ready=ready)
        else:
            ahead.start(app)
            serve(app, settings.host, port, ready=ready)


@click.command()
@click.option("--serve/--no-serve", "wanted", default=True, help="Serve the store at the end, or not. Default: serve.")
@click.option(
    "--facts/--no-facts",
    "real",
    default=True,
    help="While it serves, add the facts of real readouts that are shipped, or not. Default: add them; never with --no-serve.",
)
@options.demo_store
@options.base
@options.host
@options.port
@options.everywhere
@click.pass_obj
def demo(run: Run, wanted: bool, real: bool) -> None:
    """Read the shipped samples into a store, reason, check, and serve it.

    The samples are composed: the states and subjects are real, the people and every sentence are invented. They go to data/demo, apart
    from data/store where your own texts go. A second run finds them there. A port that is in use is replaced by a free one
    unless you named it.

    While the samples are served, the facts of some thousand real readouts are added beside them, by a process of its own (see
    `communique facts`); the pages tell how far it is, and show them when they are in. If it is stopped, it goes on the next time.
    """
    place = str(run.flags.get("store") or options.DEMO_STORE)
    _fill(run, place, later=wanted and real)
    run.say(_next_steps(place))
    if not wanted:
        return
    with adding_facts(run, place) if real else nullcontext(lambda: "") as coming:
        try:
            _serve(run, place, run.settings.port, coming=coming)
        except ServerError:
            if run.settings.origin("port") != "default":
                raise
            _serve(run, place, 0, coming=coming)


@contextmanager
def adding_facts(run: Run, place: str, file: Path | None = None) -> Iterator[Callable[[], str]]:
    """Beside what happens meanwhile, a process that adds a collection, by default the shipped one, and all that follows, if they are not
    there; at the end it is stopped, and what it had not finished is left to the next time.

    Gives what tells, in words for a page, how far it is; nothing when it is done.
    """
    from communique.ingest.withheld import collection
    from communique.iris import Iris
    from communique.store import open_store

    iris = Iris(run.settings.base)
    with open_store(place, read_only=True) as store:
        done = collection.whole(store, iris, collection.digest(file))
    if done:
        yield lambda: ""
        return
    run.say("adding the facts of real readouts meanwhile; the pages tell how far it is, and show them when they are in")
    given = [str(file)] if file else []
    command = [sys.executable, "-m", "communique.cli", "facts", "add", *given, "--store", place, "--base", iris.base, "--verbose"]
    with tempfile.TemporaryDirectory(prefix="communique-") as folder:
        told = Path(folder) / "told"
        with told.open("wb") as words, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=words) as adding:
            try:
                yield lambda: progress(told)
            finally:
                if adding.poll() is None:
                    adding.terminate()
                elif adding.returncode:
                    run.warn(told.read_text(errors="replace").strip().rpartition("\n")[2])


def progress(told: Path) -> str:
    """How far a process is that adds facts, by what it has told: each readout once when it is closed, and once when it is checked."""
    try:
        first, *lines = told.read_text(errors="replace").splitlines() or [""]
    except OSError:
        return ""
    number = int(first.split(" ")[0]) if first[:1].isdigit() else 0
    if not number:
        return "The facts of real readouts are being added."
    seen = sum("/id/readout/" in line for line in lines)
    share = 100 if lines[-1:] == [DONE] else min(99, 50 * seen // number)
    return f"The facts of {number:,} real readouts are being added: {share} % is done."


def _fill(run: Run, place: str, *, later: bool) -> None:
    """Read the samples, and find what follows; ``later`` leaves what follows to another process, if it has been found before."""
    from communique.ingest import pipeline
    from communique.iris import Iris
    from communique.ontology import ledger, reasoner
    from communique.ontology.findings import upkeep
    from communique.store import open_store

    iris = Iris(run.settings.base)
    with as_file(files("communique.ingest").joinpath("samples")) as folder, open_store(place) as store:
        texts = [path for path in sorted(folder.iterdir()) if path.name != "README.md" and not path.name.endswith(".meta.json")]
        read = pipeline.ingest(texts, store, iris)
        for refusal in read.refusals:
            run.warn(f"{refusal.origin}: {refusal.reason}")
        if not (later and store.has(iris.graph("findings"))):
            upkeep.update(store, iris, reference=reasoner.reason(store, iris).reference)
        marks = ledger.marks(store)
        findings = upkeep.counted(store)
    own = {graph: mark for graph, mark in marks.items() if iris.readout_of(graph)}
    across = marks[iris.graph("global")]
    rows = [row for row in read.table() if row[0] != "processor time"]
    rows += [
        ("statements read", f"{sum(mark.read for mark in own.values()):,}"),
        ("statements inferred", f"{sum(mark.inferred for mark in own.values()) + across.read + across.inferred:,}"),
    ]
    rows += [(f"findings: {name}s", f"{findings[name]:,}") for name in ("error", "warning", "note")]
    width = max(len(label) for label, _ in rows)
    for label, figure in rows:
        run.say(f"{label:<{width}}  {figure}")
    if len(read.refusals) == read.documents:
        raise CommuniqueError("no sample could be read", todo="see the lines above")


def _next_steps(place: str) -> str:
    called = sys.argv[0] if Path(sys.argv[0]).stem == "communique" else "python3 -m communique.cli"
    program = "communique" if shutil.which("communique") else "python3 run.py" if Path("run.py").is_file() else called
    return f"""
try next
  {program} query --list
  {program} query issues-raised -p state=JPN --store {place}
  {program} query one-account-only --store {place}
  {program} export --format csv -o acts.csv --store {place}
  {program} facts add --store {place}
  {program} ingest YOUR-TEXTS --store data/store
"""


COMMANDS = (serve, demo)
