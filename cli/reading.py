"""``communique ingest`` and ``communique extract``: from pages to a store, or to what was read from each page."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import click

from communique.cli import options
from communique.cli.terminal import Run, console, output
from communique.errors import CommuniqueError, FindingsError, UsageError
from communique.model import Document, Extraction, Refusal

if TYPE_CHECKING:
    from communique.ingest.engine import Engine
    from communique.ingest.opinions import Service
    from communique.ingest.pipeline import Progress, Report
    from communique.store import Store


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options.store
@options.base
@options.decisions
@options.engine
@options.opinion
@options.later
@click.option("--again", is_flag=True, help="Read also what is stored already, with today's rules and tables. Default: pass it over.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Form of the report. Default: table.")
@click.option("--strict", is_flag=True, help="End with exit code 3 if an input could not be read. Default: say so and go on.")
@options.everywhere
@click.pass_obj
def ingest(
    run: Run,
    paths: tuple[str, ...],
    engine: str | None,
    jobs: int | None,
    opinion: bool,
    later: bool,
    again: bool,
    form: str,
    strict: bool,
) -> None:
    """Read documents into the store and report what became of each.

    PATH is a file, a directory, or - for stdin: HTML, plain text, Markdown, JSON Lines or a table with a column "text"
    (.csv, .tsv), also compressed (.gz). A text may have a sidecar <stem>.meta.json with publisher, title, url, date,
    published and licence. What is no readout is set aside with a reason; --verbose lists it. A text that is stored
    already is passed over, so an interrupted run is taken up by running it again. What follows from a readout is stored
    with it; then what joins readouts is brought up to date (see `communique reason`). With --engine a cluster reads and
    closes, and this machine writes.
    """
    from communique.cli.people import curated
    from communique.cli.thinking import brought_up_to_date
    from communique.ingest import pipeline
    from communique.iris import Iris
    from communique.ontology import reasoner
    from communique.store import open_store

    where, asked = place(engine, jobs, opinion), service(run) if opinion else None
    iris, decisions = Iris(run.settings.base), curated(run)
    with open_store(run.settings.store) as store:
        close = reasoner.closer(store, iris)
        with progress(run) as seen:
            report = pipeline.ingest(
                paths, store, iris, again=again, engine=where, opinion=asked, stdin=sys.stdin.buffer, progress=seen, close=close
            )
        for refusal in report.refusals:
            run.warn(f"{refusal.origin}: {refusal.reason}")
        for aside in report.set_aside:
            run.whisper(f"{aside.origin}: set aside: {aside.reason}")
        regret(run, report.unheard)
        tell(report, form)
        if report.written and not later:
            brought_up_to_date(run, store, iris, decisions)
    if report.refusals and len(report.refusals) == report.documents:
        raise CommuniqueError("nothing could be read", todo="see the lines above")
    if report.refusals and strict:
        raise FindingsError(f"{len(report.refusals)} inputs could not be read")


def tell(report: Report, form: str) -> None:
    """The report of a run on stdout."""
    if form == "json":
        asides = [{"origin": a.origin, "reason": a.reason} for a in report.set_aside]
        refusals = [{"origin": r.origin, "reason": r.reason} for r in report.refusals]
        figures = {
            k: getattr(report, k) for k in ("documents", "readouts", "untold", "replaced", "skipped", "outdated", "encounters", "acts")
        }
        coverage = {"sentences": report.sentences, "unread": report.unread, "seconds": round(report.seconds, 3)}
        click.echo(json.dumps({**figures, **coverage, "set_aside": asides, "refusals": refusals}, indent=2, ensure_ascii=False))
        return
    rows = list(report.table())
    width = max(len(label) for label, _ in rows)
    for label, figure in rows:
        click.echo(f"{label:<{width}}  {figure}")


def place(engine: str | None, jobs: int | None, opinion: bool) -> Engine:
    """Where documents are read."""
    from communique.ingest import engine as engines

    if engine and opinion:
        why = "second opinions are asked for on this machine, where their key and their record are"
        raise UsageError(why, where="--opinion", todo="leave out --opinion or --engine")
    return engines.engine(engine, jobs)


def service(run: Run) -> Service:
    """The endpoint of the settings that second opinions come from."""
    import os

    from communique.config import KEY_VARIABLE
    from communique.ingest import opinions

    asked = opinions.service(run.settings, os.environ.get(KEY_VARIABLE, ""))
    opinions.endpoint(asked)  # a file of replies that is none is told before the first text is read
    return asked


def regret(run: Run, unheard: Mapping[str, int]) -> None:
    """One line for each reason why second opinions could not be had."""
    for reason, texts in unheard.items():
        where = run.settings.opinion_address or run.settings.opinion_replies
        run.warn(f"{where}: {reason}; {texts} {'text has' if texts == 1 else 'texts have'} what the rules read, and no second opinion")


@contextmanager
def progress(run: Run) -> Iterator[Progress | None]:
    """A line that counts documents while someone looks at the terminal."""
    if not run.shows_progress:
        yield None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} documents"), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=run.console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def seen(item: Document | Refusal) -> None:
            bar.update(task, advance=1, description=item.origin[-60:])

        yield seen


@contextmanager
def asked(run: Run, paths: tuple[str, ...]) -> Iterator[Store]:
    """The store that answers: the one of the settings, or one in memory that the texts at ``paths`` were read into."""
    from communique.ingest import pipeline
    from communique.iris import Iris
    from communique.store import open_store

    if paths and "store" in run.flags:
        raise UsageError("texts and a store cannot both be asked", where="--store", todo="leave out one of the two")
    if not paths:
        with open_store(run.settings.store, read_only=True) as stored:
            yield stored
        return
    with open_store("memory:") as store, progress(run) as seen:
        report = pipeline.ingest(paths, store, Iris(run.settings.base), stdin=sys.stdin.buffer, progress=seen)
        for refusal in report.refusals:
            run.warn(f"{refusal.origin}: {refusal.reason}")
        yield store


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "table"]),
    default="json",
    help="json: one object a line, in the interchange form. table: for reading. Default: json.",
)
@click.option("--output", "-o", "target", default="-", metavar="FILE", help="Default: - for stdout. A file appears whole or not at all.")
@options.engine
@options.opinion
@click.option("--strict", is_flag=True, help="End with exit code 3 if an input could not be read. Default: say so and go on.")
@options.everywhere
@click.pass_obj
def extract(
    run: Run, paths: tuple[str, ...], form: str, target: str, engine: str | None, jobs: int | None, opinion: bool, strict: bool
) -> None:
    """Show what is read from documents, without a store.

    PATH as in `communique ingest`. Every item has its offsets and exact words, the rule that read it and a confidence;
    every sentence is accounted for: act, encounter, background, boilerplate or unread.
    """
    from communique.ingest.engine import in_order
    from communique.ingest.pages import documents

    count = refused = 0
    unheard: Counter[str] = Counter()
    where, asked = place(engine, jobs, opinion), service(run) if opinion else None
    work: Callable[[Service | None, Document | Refusal], tuple[Extraction | bytes, str | None]] = _line if form == "json" else _read
    found = in_order(work, documents.read(paths, sys.stdin.buffer), where, asked, lambda item: isinstance(item, Document))
    with output(target) as out, closing(found) as done:
        for item, made in done:
            count += 1
            if isinstance(item, Refusal):
                refused += 1
                run.warn(f"{item.origin}: {item.reason}")
                continue
            assert made is not None  # every document is wanted
            read, regretted = made
            unheard.update([regretted] if regretted else [])
            if isinstance(read, bytes):
                out.write(read)
            else:
                from communique.cli.readable import page

                out.write(page(read, console(1)))
    regret(run, unheard)
    if count and refused == count:
        raise CommuniqueError("nothing could be read", todo="see the lines above")
    if refused and strict:
        raise FindingsError(f"{refused} inputs could not be read")


def _read(opinion: Service | None, item: Document | Refusal) -> tuple[Extraction, str | None]:
    """What is read from a document, and why it has no second opinion if one was asked for."""
    from communique.ingest.extract import extract as read

    assert isinstance(item, Document)  # no refusal is wanted
    found = read(item)
    if opinion is None:
        return found, None
    from communique.ingest.opinions import consult, endpoint, unheard

    found = consult(found, endpoint(opinion))
    return found, unheard(found)


def _line(opinion: Service | None, item: Document | Refusal) -> tuple[bytes, str | None]:
    """The same as a line of JSON."""
    from communique.ingest.evaluation.interchange import to_json

    found, regretted = _read(opinion, item)
    return json.dumps(to_json(found), ensure_ascii=False).encode() + b"\n", regretted


COMMANDS = (ingest, extract)
