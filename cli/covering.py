"""``communique coverage`` and ``communique issues``: what was not read, and which words name no issue of the scheme."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING

import click

from communique.cli import options
from communique.cli.terminal import Run, console
from communique.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from communique.queries.gaps import Gap, Gaps
    from communique.store import EmbeddedStore

_form = click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help="Default: table.")
_limit = click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", help="Most rows of a list; 0 shows all. Default: 10 in a table, else all."
)


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@_form
@_limit
@options.store
@options.base
@options.everywhere
@click.pass_obj
def coverage(run: Run, paths: tuple[str, ...], form: str, limit: int | None) -> None:
    """Tell what was not read: sentences by how they ended, and lists of what stayed open.

    The lists are unread sentences, reporting verbs that no rule attached or the act lexicon does not know, acts without a
    participant as subject, words that name no issue, clocks that disagree, the writer's background, and what was set
    aside: each with its count and an example. Without PATH the store answers; with PATH (as in `communique ingest`) texts are
    read and nothing is stored. Both give the same answer for the same texts.
    """
    from communique.queries.gaps import KINDS

    found = _gaps(run, paths)
    if form == "json":
        click.echo(json.dumps(_told(found, limit or 0), indent=2, ensure_ascii=False))
    elif form == "csv":
        rows = ((g.kind, g.words, g.count, g.example, g.document) for kind in KINDS for g in _first(found.of(kind), limit or 0))
        click.echo(_csv(("kind", "words", "count", "example", "document"), rows), nl=False)
    else:
        _draw(found, 10 if limit is None else limit)


@click.group()
def issues() -> None:
    """Look after the issue scheme."""


@issues.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@_form
@_limit
@options.store
@options.base
@options.everywhere
@click.pass_obj
def candidates(run: Run, paths: tuple[str, ...], form: str, limit: int | None) -> None:
    """List the words of acts that name no issue of the scheme, the most frequent first, each with the nearest concept.

    They are what the scheme may lack: a new label or a new concept in ontology/vocab/issues.ttl. Without PATH the store answers;
    with PATH texts are read and nothing is stored.
    """
    from communique.ingest import lexicon
    from communique.ingest.nearest import NearestConcept

    found, nearest = _gaps(run, paths), NearestConcept(lexicon.load())
    near = [(g, nearest(g.words)) for g in _first(found.of("unlinked"), limit if limit is not None else 10 if form == "table" else 0)]
    rows = [(g.words, g.count, n.concept if n else "", n.score if n else 0.0, g.example, g.document) for g, n in near]
    columns = ("phrase", "count", "nearest", "score", "example", "document")
    share = found.linked / found.acts if found.acts else 1.0
    if form == "json":
        listed = [dict(zip(columns, row, strict=True)) for row in rows]
        told = {"acts": found.acts, "linked": found.linked, "share": round(share, 4), "candidates": listed}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    elif form == "csv":
        click.echo(_csv(columns, rows), nl=False)
    else:
        _print(_table(("count", "phrase", "nearest concept", "in"), [(str(r[1]), _short(r[0]), r[2], r[5]) for r in rows]))
    run.say(f"{found.linked:,} of {found.acts:,} acts ({share:.1%}) have an issue of the scheme")


def _gaps(run: Run, paths: tuple[str, ...]) -> Gaps:
    from communique.queries.gaps import gaps

    if paths and "store" in run.flags:
        raise UsageError("texts and a store cannot both be asked", where="--store", todo="leave out one of the two")
    with _store(run, paths) as store:
        return gaps(store)


@contextmanager
def _store(run: Run, paths: tuple[str, ...]) -> Iterator[EmbeddedStore]:
    """The store that answers: the one of the settings, or one in memory that the texts were read into."""
    from communique.cli.reading import progress
    from communique.ingest import pipeline
    from communique.iris import Iris
    from communique.store import open_store

    if not paths:
        with open_store(run.settings.store, read_only=True) as stored:
            yield stored
        return
    with open_store("memory:") as store, progress(run) as seen:
        report = pipeline.ingest(paths, store, Iris(run.settings.base), stdin=sys.stdin.buffer, progress=seen)
        for refusal in report.refusals:
            run.warn(f"{refusal.origin}: {refusal.reason}")
        yield store


def _told(found: Gaps, limit: int) -> dict[str, object]:
    """The account as it is printed in JSON."""
    from communique.queries.gaps import KINDS, STATES

    shares = [
        {"publisher": s.publisher, "readouts": s.readouts, "sentences": s.sentences, **dict(zip(STATES, s.states, strict=True)),
         "share": round(s.unread, 4)}
        for s in (*found.shares, found.total)
    ]  # fmt: skip
    lists = {
        kind: {
            "meaning": KINDS[kind],
            "count": sum(g.count for g in found.of(kind)),
            "items": [
                {"words": g.words, "count": g.count, "example": g.example, "document": g.document} for g in _first(found.of(kind), limit)
            ],
        }
        for kind in KINDS
    }
    return {"sentences": shares, "open": lists, "acts": found.acts, "linked": found.linked}


def _draw(found: Gaps, limit: int) -> None:
    """The account for reading."""
    from communique.queries.gaps import AROUND, KINDS, STATES

    shares = (*found.shares, found.total)
    rows = [(s.publisher, *(f"{n:,}" for n in (s.readouts, s.sentences, *s.states)), f"{s.unread:.1%}") for s in shares]
    _print(_table(("publisher", "readouts", "sentences", *STATES, "share unread"), rows))
    for kind, meaning in KINDS.items():
        listed = found.of(kind)
        if not listed:
            continue
        click.echo(f"\n{kind}: {sum(g.count for g in listed):,} {meaning}")
        # A verb is told by the words around it, a sentence or a reason by the document.
        place = "words around" if kind in AROUND else "for instance in"
        examples = [(str(g.count), _short(g.words), _short(g.example if kind in AROUND else g.document)) for g in _first(listed, limit)]
        _print(_table(("count", "words", place), examples))
        if limit and len(listed) > limit:
            click.echo(f"... and {len(listed) - limit:,} more; --limit 0 shows all")


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name, overflow="fold", vertical="top")
    for row in rows:
        table.add_row(*row)
    return table


def _print(table: Table) -> None:
    from communique.cli.readable import drawn

    click.echo(drawn(table, console(1)).decode(), nl=False)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    words = StringIO(newline="")
    writer = csv.writer(words)
    writer.writerow(columns)
    writer.writerows(rows)
    return words.getvalue()


def _first(listed: Sequence[Gap], limit: int) -> Sequence[Gap]:
    return listed[:limit] if limit else listed


def _short(words: str, limit: int = 100) -> str:
    return words if len(words) <= limit else words[: limit - 3].rsplit(" ", 1)[0] + " ..."


COMMANDS = (coverage, issues)
