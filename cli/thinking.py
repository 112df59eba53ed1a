"""``communique reason`` and ``communique check``: what follows from the readouts, and what is wrong with them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from itertools import groupby

import click

from communique.cli import options
from communique.cli.terminal import Run
from communique.errors import FindingsError


@click.command()
@options.store
@options.base
@options.decisions
@options.everywhere
@click.pass_obj
def reason(run: Run) -> None:
    """Write who is who and what follows from the readouts into graphs of their own.

    First the authority file of persons is made anew (see `communique people`), then each readout's inferences stand beside it
    (its graph with /inferred), and those that join several readouts in one global graph. What was inferred before is
    replaced; what was read is never touched.
    """
    from communique.cli.people import curated, warn_of_idle
    from communique.iris import Iris
    from communique.ontology import reasoner
    from communique.store import open_store

    decisions = curated(run)
    with open_store(run.settings.store) as store:
        report = reasoner.reason(store, Iris(run.settings.base), progress=run.whisper, decisions=decisions)
    warn_of_idle(run, report.idle)
    click.echo(f"{report.mentions:,} mentions of {report.persons:,} persons")
    click.echo(
        f"{report.asserted:,} statements of {report.closed:,} texts give {report.inferred:,} more, and {report.across:,} across texts"
    )


@click.command()
@options.store
@options.base
@click.option("--record", is_flag=True, help="Also publish the findings in the store (graph/findings). Default: list them only.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@click.option("--strict", is_flag=True, help="End with exit code 3 if there is an error. Default: list what is found and end with 0.")
@options.everywhere
@click.pass_obj
def check(run: Run, record: bool, form: str, strict: bool) -> None:
    """List what breaks a shape or contradicts the ontology, with the readout it is in.

    Findings are errors, warnings or notes; they never change what was read. Run `communique reason` before: many checks
    are on what follows.
    """
    from communique.iris import Iris
    from communique.ontology import shapes
    from communique.store import open_store

    iris = Iris(run.settings.base)
    with open_store(run.settings.store, read_only=not record) as store:
        findings = shapes.check(store, iris, progress=run.whisper)
        if record:
            shapes.record(store, iris, findings)
    if form == "json":
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        for place, found in groupby(findings, key=lambda finding: finding.readout):
            click.echo(place or "the store as a whole")
            for f in found:
                click.echo(f"  {f.severity}: {f.message} ({f.code}, {f.about.removeprefix(f'{place}/')})")
    counts = Counter(finding.severity for finding in findings)
    run.say(", ".join(f"{counts[severity]:,} {severity}s" for severity in ("error", "warning", "note")))
    if strict and counts["error"]:
        raise FindingsError(f"{counts['error']:,} errors were found")


COMMANDS = (reason, check)
