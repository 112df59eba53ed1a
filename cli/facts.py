"""``communique facts``: readouts without their words - made from texts that may not be passed on, and put into a store."""

from __future__ import annotations

from pathlib import Path

import click

from communique.cli import options
from communique.cli.terminal import Run, output
from communique.errors import CommuniqueError

DONE = "all is added"
"""What the process says last that adds facts beside a demo."""


@click.group()
def facts() -> None:
    """Readouts without their words: what was read, where it stands, and the hash of the text.

    Who met whom, when, in which office; which act on which issue; offsets, address and SHA-256 - but no sentence, no title and no
    quote. `communique fetch --texts` brings the words of such readouts.
    """


@facts.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--output", "-o", "target", required=True, metavar="FILE", help="Where the collection goes, as compressed N-Quads (.nq.gz).")
@options.engine
@options.base
@options.everywhere
@click.pass_obj
def build(run: Run, paths: tuple[str, ...], target: str, engine: str | None, jobs: int | None) -> None:
    """Read documents and write the facts of every readout among them to a file.

    PATH as in `communique ingest`. The same texts, rules and tables give the same bytes. What counts as a fact is listed, with the
    reason, in ingest/withheld/facts.toml.
    """
    from communique.cli.reading import place
    from communique.ingest.withheld import collection
    from communique.iris import Iris

    accounts, refused = collection.build(paths, Iris(run.settings.base), place(engine, jobs, opinion=False))
    for refusal in refused:
        run.warn(f"{refusal.origin}: {refusal.reason}")
    if not accounts:
        raise CommuniqueError("there is no readout among these texts", todo="see what `communique ingest --verbose` says of them")
    with output(target) as out:
        out.write(collection.packed(accounts))
    _tell(accounts)


@facts.command()
@click.argument("file", required=False, type=options.type_path, metavar="[FILE]")
@options.store
@options.base
@options.decisions
@options.later
@options.everywhere
@click.pass_obj
def add(run: Run, file: Path | None, later: bool) -> None:
    """Put a collection of facts into the store, then bring up to date what follows.

    FILE is what `communique facts build` wrote; without it, the collection that is shipped: readouts of the U.S. Department of State
    and the White House, 2021 to 2023. A readout that the store has already stays as it is.
    """
    from communique.cli.people import curated
    from communique.cli.thinking import brought_up_to_date
    from communique.ingest.withheld import collection
    from communique.iris import Iris
    from communique.ontology import graphs
    from communique.store import open_store

    iris, decisions = Iris(run.settings.base), curated(run)
    accounts = collection.read(file, iris) if file else collection.shipped(iris)
    run.whisper(f"{len(accounts)} readouts in this collection")
    with open_store(run.settings.store) as store:
        graphs.load(store, iris)
        new = collection.add(store, accounts)
        if not later:  # also if nothing is new: an earlier run may have been stopped before what follows was there
            brought_up_to_date(run, store, iris, decisions, at_hand=new)
            collection.mark(store, iris, collection.digest(file))
    run.whisper(DONE)
    click.echo(f"{len(new):,} of {len(accounts):,} readouts were added; the others are there already")


@facts.command()
@click.argument("file", required=False, type=options.type_path, metavar="[FILE]")
@options.base
@options.everywhere
@click.pass_obj
def show(run: Run, file: Path | None) -> None:
    """Tell what a collection of facts holds: publishers, days, encounters, acts. Without FILE, the one that is shipped."""
    from communique.ingest.withheld import collection
    from communique.iris import Iris

    iris = Iris(run.settings.base)
    _tell(collection.read(file, iris) if file else collection.shipped(iris))


def _tell(accounts: dict[str, list[str]]) -> None:
    from communique.ingest.withheld import collection

    found = collection.summary(accounts)
    rows = [
        ("readouts", f"{found.readouts:,}"),
        *((f"  {name}", f"{count:,}") for name, count in found.publishers.items()),
        ("published", f"{found.first} to {found.last}"),
        ("encounters", f"{found.encounters:,}"),
        ("acts", f"{found.acts:,}"),
        ("statements", f"{found.statements:,}"),
    ]
    width = max(len(label) for label, _ in rows)
    for label, figure in rows:
        click.echo(f"{label:<{width}}  {figure}")


COMMANDS = (facts,)
