"""``communique coverage`` and ``communique issues``: what was not read, and which words name no issue of the scheme."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from communique.cli import options
from communique.cli.terminal import Run

if TYPE_CHECKING:
    from communique.queries.gaps import Gap, Gaps

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
    from communique.cli.readable import commas
    from communique.queries.gaps import KINDS

    found = _gaps(run, paths)
    if form == "json":
        click.echo(json.dumps(_told(found, limit or 0), indent=2, ensure_ascii=False))
    elif form == "csv":
        rows = ((g.kind, g.words, g.count, g.example, g.document) for kind in KINDS for g in _first(found.of(kind), limit or 0))
        click.echo(commas(("kind", "words", "count", "example", "document"), rows), nl=False)
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
    from communique.cli.readable import commas, grid
    from communique.ingest.issues.nearest import NearestConcept
    from communique.ingest.lexicon import lexicon

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
        click.echo(commas(columns, rows), nl=False)
    else:
        click.echo(grid(("count", "phrase", "nearest concept", "in"), [(str(r[1]), _short(r[0]), r[2], r[5]) for r in rows]))
    run.say(f"{found.linked:,} of {found.acts:,} acts ({share:.1%}) have an issue of the scheme")


def _gaps(run: Run, paths: tuple[str, ...]) -> Gaps:
    from communique.cli.reading import asked
    from communique.queries.gaps import gaps

    with asked(run, paths) as store:
        return gaps(store)


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
    from communique.cli.readable import grid
    from communique.queries.gaps import AROUND, KINDS, STATES

    shares = (*found.shares, found.total)
    rows = [(s.publisher, *(f"{n:,}" for n in (s.readouts, s.sentences, *s.states)), f"{s.unread:.1%}") for s in shares]
    click.echo(grid(("publisher", "readouts", "sentences", *STATES, "share unread"), rows))
    for kind, meaning in KINDS.items():
        listed = found.of(kind)
        if not listed:
            continue
        click.echo(f"\n{kind} ({sum(g.count for g in listed):,}): {meaning}")
        # A verb is told by the words around it, a sentence or a reason by the document.
        place = "words around" if kind in AROUND else "for instance in"
        examples = [(str(g.count), _short(g.words), _short(g.example if kind in AROUND else g.document)) for g in _first(listed, limit)]
        click.echo(grid(("count", "words", place), examples))
        if limit and len(listed) > limit:
            click.echo(f"... and {len(listed) - limit:,} more; --limit 0 shows all")


def _first(listed: Sequence[Gap], limit: int) -> Sequence[Gap]:
    return listed[:limit] if limit else listed


def _short(words: str, limit: int = 100) -> str:
    return words if len(words) <= limit else words[: limit - 3].rsplit(" ", 1)[0] + " ..."


COMMANDS = (coverage, issues)
