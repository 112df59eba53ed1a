"""``communique reason`` and ``communique check``: what follows from the readouts, and what is wrong with them."""

from __future__ import annotations

import click

from communique.cli import options
from communique.cli.terminal import Run


@click.command()
@options.store
@options.base
@options.everywhere
@click.pass_obj
def reason(run: Run) -> None:
    """Write what follows from the readouts into graphs of their own.

    Each readout's inferences stand beside it (its graph with /inferred), those that join several readouts in one global
    graph. What was inferred before is replaced; what was read is never touched.
    """
    from communique.iris import Iris
    from communique.ontology import reasoner
    from communique.store import open_store

    with open_store(run.settings.store) as store:
        report = reasoner.reason(store, Iris(run.settings.base), progress=run.whisper)
    click.echo(
        f"{report.asserted:,} statements of {report.closed:,} readouts give {report.inferred:,} more, and {report.across:,} across readouts"
    )


COMMANDS = (reason,)
