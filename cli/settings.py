"""``communique config``: every setting, its value and where the value comes from."""

from __future__ import annotations

import json

import click

from communique.cli import options
from communique.cli.terminal import Run
from communique.config import described, without_password


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json", "toml"]), default="table", help="Default: table.")
@options.base
@options.store
@options.host
@options.port
@options.limits
@options.cache
@options.pause
@options.opinion_address
@options.opinion_model
@options.opinion_replies
@options.decisions
@options.everywhere
@click.pass_obj
def config(run: Run, form: str) -> None:
    """Show every setting with its value and origin.

    A flag wins over a COMMUNIQUE_* variable, that over communique.toml, that over the default. `--format toml` prints a
    communique.toml to start from.
    """
    values = {f.name: getattr(run.settings, f.name) for f in described()}
    values["store"] = without_password(values["store"])
    if form == "json":
        rows = {name: {"value": value, "origin": run.settings.origin(name)} for name, value in values.items()}
        click.echo(json.dumps(rows, indent=2))
    elif form == "toml":
        for f in described():
            unset = "# " if values[f.name] == "" else ""
            click.echo(f"# {f.metadata['summary']}\n{unset}{f.name} = {json.dumps(values[f.name])}")
    else:
        names, width = max(map(len, values)), max(len(str(v)) for v in values.values())
        for name, value in values.items():
            click.echo(f"{name:<{names}} {value!s:<{width}}  ({run.settings.origin(name)})")


COMMANDS = (config,)
