"""``communique lexicon``: the tables that the extractor reads, built from the vocabularies."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import click

from communique.cli import options
from communique.cli.terminal import Run


@click.group()
def lexicon() -> None:
    """Build and check the tables of names and verbs."""


@lexicon.command()
@click.option("--output", "-o", "folder", type=options.type_path, metavar="FOLDER", help="Default: where communique reads them.")
@options.everywhere
@click.pass_obj
def build(run: Run, folder: Path | None) -> None:
    """Build the tables from the vocabularies in ontology/vocab.

    The extractor reads the tables only, so a change of a vocabulary counts once they are built. Texts that are stored
    keep what was read from them until `communique ingest --again`.
    """
    from communique.ingest.build import write

    with as_file(files("communique.ingest").joinpath("tables")) as home:
        for path in write(folder or home):
            run.say(str(path))


COMMANDS = (lexicon,)
