"""``communique export``: a store as one file that other programs read, or as a release, a folder to cite."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from communique.cli import options
from communique.cli.terminal import Run, output
from communique.errors import UsageError

if TYPE_CHECKING:
    from communique.store import Store

_WHOLE = ("trig", "nq", "ttl", "jsonld")
_TABLES = ("csv", "parquet")
_NETWORKS = ("graphml", "gexf")


@click.command()
@click.option(
    "--all",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a release instead: every format, a codebook, a description (RO-Crate) and SHA256SUMS. An earlier release in DIR is "
    "replaced at the end; if anything fails, it stays as it was.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([*_WHOLE, "schema", *_TABLES, *_NETWORKS]),
    default="trig",
    help="trig, nq, jsonld: every graph. ttl: all in one graph, so that who says what is lost. schema: encounters as events of schema.org "
    "(JSON-LD). csv, parquet: a table. graphml, gexf: a network. Default: trig.",
)
@click.option(
    "--table",
    type=click.Choice(["acts", "encounters", "events", "dyad-months"]),
    help="For csv and parquet. acts: one row an act. encounters: one row an encounter. events: one row an act from one party towards "
    "another, with ISO, COW, PLOVER and CAMEO codes. dyad-months: their counts. Default: acts.",
)
@click.option("--network", type=click.Choice(["issues", "states"]), help="For graphml and gexf. Default: issues.")
@click.option("--output", "-o", "target", default="-", metavar="FILE", help="Default: - for stdout. A file appears whole or not at all.")
@click.option(
    "--released",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="With --all: the day of the release. Default: the day of the newest document, so that the same store gives the same bytes.",
)
@click.option("--no-parquet", is_flag=True, help="With --all: leave Parquet out, which needs pyarrow (pip install 'communique[parquet]').")
@options.licence
@options.names
@options.store
@options.base
@options.everywhere
@click.pass_obj
def export(
    run: Run,
    folder: Path | None,
    form: str,
    table: str | None,
    network: str | None,
    target: str,
    released: datetime | None,
    no_parquet: bool,
    names: str,
) -> None:
    """Write the whole store: readouts, inferences, ontology and vocabularies, as a file or as a release.

    The same store gives the same bytes. The store is opened for reading only. docs/howto/export.md shows how others read what is written.
    """
    from communique.cli.asking import opened

    if folder is not None:
        with opened(run, names) as store:
            _release(run, store, folder, f"{released:%Y-%m-%d}" if released else "", no_parquet)
        return
    if released or no_parquet:
        raise UsageError("belongs to a release", where="--released" if released else "--no-parquet", todo="give --all DIR with it")
    if table and form not in _TABLES:
        raise UsageError(f"a table is not written as {form}", where="--table", todo=f"give --format {' or '.join(_TABLES)} with it")
    if network and form not in _NETWORKS:
        raise UsageError(f"a network is not written as {form}", where="--network", todo=f"give --format {' or '.join(_NETWORKS)} with it")
    from communique.queries import exports
    from communique.queries.release import parquet, single

    if form == "parquet":
        parquet.required()
    with opened(run, names) as store, output(target) as out:
        if form in _WHOLE:
            exports.export(store, form, out)
        elif form in _TABLES:
            single.table(store, table or "acts", form, out)
        elif form in _NETWORKS:
            single.network(store, network or "issues", form, out)
        else:
            single.events(store, out)


def _release(run: Run, store: Store, folder: Path, released: str, no_parquet: bool) -> None:
    from communique.ingest.quads import software_version
    from communique.iris import Iris
    from communique.queries.release import crate, parquet, release

    if not no_parquet:
        parquet.required()
    with release.replacing(folder) as draft:
        files = release.write(
            store,
            store.graphs(),
            Iris(run.settings.base),
            draft,
            with_parquet=not no_parquet,
            licence=run.settings.licence,
            software=software_version(),
            released=released,
            note=run.whisper,
        )
    run.say(f"{folder}: {len(files)} files; {folder / crate.README} tells what they are")


COMMANDS = (export,)
