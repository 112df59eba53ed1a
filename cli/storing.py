"""``communique store``: looking after the store - what is in it, whether it is whole, backups, and the space it takes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from communique.cli import options
from communique.cli.terminal import Run
from communique.errors import StoreError

_form = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")


@click.group()
def store() -> None:
    """Look after the store: what is in it, whether it is whole, backups, space on the disk."""


@store.command()
@options.store
@options.base
@_form
@options.everywhere
@click.pass_obj
def stats(run: Run, form: str) -> None:
    """Tell what is in the store, and what space it takes.

    That is quads by kind of graph, readouts by publisher, what they were read with, bytes on the disk, and the format. A
    process that writes is not waited for: what is told is the state that readers see.
    """
    from importlib.metadata import version

    from communique.iris import Iris
    from communique.queries.holdings import holdings
    from communique.store import directory, directory_of, marker, open_here

    place = directory_of(run.settings.store)
    with open_here(run.settings.store, read_only=True) as opened:
        found = holdings(opened, Iris(run.settings.base))
    sizes = directory.sizes(place)
    present = marker.read(place)
    assert present is not None  # it was opened
    if form == "json":
        readings = [{"version": v, "lexicon": h, "documents": n} for (v, h), n in found.readings.items()]
        told = {"quads": found.quads, "graphs": found.graphs, "readouts": found.publishers, "read_with": readings}
        click.echo(json.dumps({"format": present.format, **told, "bytes": sizes}, indent=2, ensure_ascii=False))
        return
    _table(
        [
            ("format", f"{present.format} (this version writes {marker.FORMAT})"),
            ("storage engine", f"pyoxigraph {version('pyoxigraph')}"),
            ("quads", f"{sum(found.quads.values()):,} in {sum(found.graphs.values()):,} graphs"),
            *(
                (f"  {kind}", f"{count:,}" + (f" in {n:,} graphs" if (n := found.graphs[kind]) > 1 else ""))
                for kind, count in found.quads.items()
            ),
            ("readouts", f"{sum(found.publishers.values()):,}"),
            *((f"  {name}", f"{count:,}") for name, count in found.publishers.items()),
            *((f"read with {v}, tables {h}", f"{n:,} documents") for (v, h), n in found.readings.items()),
            ("on the disk", _size(sum(sizes.values()))),
            *((f"  {part}", _size(size)) for part, size in sizes.items()),
        ]
    )


@store.command()
@options.store
@options.base
@options.everywhere
@click.pass_obj
def verify(run: Run) -> None:
    """Look at every quad of the store and tell what is damaged.

    The exit code is 1 if anything is. Every quad is read in each of the engine's orders; every quote is compared with the
    text at its offsets, every text and every account with its SHA-256; inferences without an account, or less than were made, and
    a snapshot that differs from the store are found. Nothing is changed. Inferences that are not those of today's rules are
    told, and are no damage.
    """
    from communique.iris import Iris
    from communique.queries import soundness

    verdict = soundness.verify(run.settings.store, Iris(run.settings.base), progress=run.whisper)
    click.echo(f"{verdict.quads:,} quads, {verdict.accounts:,} accounts, {verdict.inferred:,} graphs of inferences")
    for line in verdict.damage:
        click.echo(f"damaged: {line}")
    for line in verdict.notes:
        click.echo(f"note: {line}")
    if verdict.damage:
        todo = "bring back a backup with 'communique store restore', or ingest the texts again with --again and reason"
        raise StoreError("the store is damaged: see the lines above", where=run.settings.store, todo=todo)
    click.echo("no damage")


@store.command()
@click.argument("file", type=options.type_path)
@click.option("--force", is_flag=True, help="Replace a file of this name. Default: refuse.")
@options.store
@options.everywhere
@click.pass_obj
def backup(run: Run, file: Path, force: bool) -> None:
    """Write the whole store to a file of compressed N-Quads that proves itself whole.

    A process that writes is not waited for: what is saved is the state that readers see. The same store gives the same
    bytes. FILE appears under its name when it is whole, and any RDF tool can read it (name it something.nq.gz).
    """
    from communique.store import backup as backups
    from communique.store import open_here

    with open_here(run.settings.store, read_only=True) as opened:
        saved = backups.save(opened, file, force=force)
    run.say(f"{file}: {saved.quads:,} quads, sha256 {saved.sha256}")


@store.command()
@click.argument("file", type=options.type_path)
@click.option("--force", is_flag=True, help="Replace what the store holds. Default: refuse if it holds anything.")
@options.store
@options.everywhere
@click.pass_obj
def restore(run: Run, file: Path, force: bool) -> None:
    """Make the store hold what a backup holds, and nothing else.

    FILE, which `communique store backup` wrote, is checked to its end before the store is touched, and takes effect all at
    once: a run that is broken off, or a full disk, leaves the store as it was.
    """
    from communique.store import backup as backups
    from communique.store import directory_of

    brought = backups.restore(file, directory_of(run.settings.store), force=force)
    run.say(f"{run.settings.store}: {brought.quads:,} quads, sha256 {brought.sha256}")


@store.command()
@options.store
@options.everywhere
@click.pass_obj
def compact(run: Run) -> None:
    """Write the store anew, without what was replaced and removed.

    It takes less space then, and answers quicker. What the store holds stays the same, and no word of a removed text is
    left. While it runs it needs space for both; a run that is broken off, or a full disk, leaves the store as it was.
    """
    from communique.store import directory, directory_of

    place = directory_of(run.settings.store)
    before = directory.sizes(place)
    directory.compact(place)
    after = directory.sizes(place)
    told = [f"{_size(size['quads'] + size['snapshots'])} {when}" for size, when in ((before, "before"), (after, "now"))]
    run.say(f"{run.settings.store}: {', '.join(told)}")


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB"


def _table(rows: Iterable[tuple[str, str]]) -> None:
    told = list(rows)
    width = max(len(label) for label, _ in told)
    for label, figure in told:
        click.echo(f"{label:<{width}}  {figure}")


COMMANDS = (store,)
