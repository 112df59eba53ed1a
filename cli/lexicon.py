"""``communique lexicon``: the tables that the extractor reads, built from the vocabularies."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import click

from communique.cli import options
from communique.cli.terminal import Run
from communique.errors import FindingsError


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
    from communique.ingest.lexicon.build import write

    with as_file(files("communique.ingest").joinpath("tables")) as home:
        for path in write(folder or home):
            run.say(str(path))


@lexicon.command()
@click.option("--strict", is_flag=True, help="End with exit code 3 if a fault is found. Default: list what is found and end with 0.")
@options.everywhere
@click.pass_obj
def check(run: Run, strict: bool) -> None:
    """Look for labels that are double, ambiguous or unreachable, terms that say too little, and tables out of date.

    A fault must be mended; what is ambiguous on purpose is a notice, listed with --verbose.
    """
    from communique.ingest.lexicon.check import Severity, check_shipped

    findings = check_shipped()
    faults = [finding for finding in findings if finding.severity is Severity.ERROR]
    for finding in findings if run.verbosity > 0 else faults:
        click.echo(f"{finding.severity}: {finding.check}: {finding.subject}: {finding.message}")
    run.say(f"{len(faults):,} faults, {len(findings) - len(faults):,} notices")
    if faults and strict:
        raise FindingsError(f"{len(faults):,} faults in the vocabularies")


COMMANDS = (lexicon,)
