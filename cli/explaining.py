"""``communique explain``: why the graph says something, down to the words on the page."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from communique.cli import options
from communique.cli.terminal import Run
from communique.errors import CommuniqueError, InputError, UsageError

if TYPE_CHECKING:
    from communique.iris import Iris
    from communique.ontology.proofs.proof import Proof
    from communique.store import Store


@click.command()
@click.argument("words", nargs=-1, metavar="STATEMENT")
@click.option("--all", "every", is_flag=True, help="All proofs, shortest first. Default: a shortest one.")
@click.option("--most", type=click.IntRange(min=1), default=20, metavar="N", help="Most proofs with --all. Default: 20.")
@click.option("--format", "form", type=click.Choice(["tree", "json", "ttl"]), default="tree", help="Default: tree.")
@click.option("--replay", metavar="FILE", help="Check the proofs in this file instead, as --format json printed them; - is stdin.")
@options.store
@options.base
@options.everywhere
@click.pass_obj
def explain(run: Run, words: tuple[str, ...], every: bool, most: int, form: str, replay: str | None) -> None:
    """Show why the graph says STATEMENT: by which rules, from what, and where that was read.

    STATEMENT is a subject, a predicate and an object: IRIs, names with a prefix (cq:engagesIssue, state:JPN, issue:abductions),
    IRIs relative to the base as the tree shows them (<id/readout/...>), or literals. Each proof is checked, step by step and
    without the search that found it, before it is shown.
    """
    from communique.iris import Iris
    from communique.ontology.proofs.search import Prover
    from communique.ontology.proofs.show import from_json, statement
    from communique.store import open_store

    iris = Iris(run.settings.base)
    if bool(words) == bool(replay):
        raise UsageError(
            "give a STATEMENT, or --replay FILE", todo="for instance: communique explain state:JPN cq:engagesIssue issue:abductions"
        )
    with open_store(run.settings.store, read_only=True) as store:
        if replay:
            read = _read(replay)
            proofs = [from_json(one) for one in (read if isinstance(read, list) else [read])]
            _check(store, iris, proofs)
            click.echo(f"{len(proofs):,} {'proof holds' if len(proofs) == 1 else 'proofs hold'}: {sum(p.size for p in proofs):,} steps")
            return
        triple = statement(" ".join(words), iris)
        prover = Prover(store, iris)
        proofs = prover.proofs(triple, most) if every else [p for p in [prover.prove(triple)] if p]
        if not proofs:
            raise CommuniqueError(
                "the graph does not say this", where=" ".join(words), todo="see whether the terms are right, and run `communique reason`"
            )
        _check(store, iris, proofs)
    _show(proofs, form, iris)


def _show(proofs: list[Proof], form: str, iris: Iris) -> None:
    from communique.ontology.proofs.show import as_json, lines, triples

    if form == "json":
        click.echo(json.dumps([as_json(p) for p in proofs], indent=2, ensure_ascii=False))
    elif form == "ttl":
        for s, p, o in sorted({t for proof in proofs for t in triples(proof, iris)}):
            click.echo(f"{s} {p} {o} .")
    else:
        for number, proof in enumerate(proofs, 1):
            if len(proofs) > 1:
                click.echo(f"proof {number} of {len(proofs)}")
            for line in lines(proof, iris):
                click.echo(line)


def _check(store: Store, iris: Iris, proofs: list[Proof]) -> None:
    from communique.ontology.proofs.replay import Checker

    checker = Checker(store, iris)
    found = [fault for proof in proofs for fault in checker.faults(proof)]
    if found:
        raise CommuniqueError(found[0], todo=f"{len(found) - 1} more steps do not hold" if len(found) > 1 else None)


def _read(place: str) -> object:
    try:
        return json.loads(sys.stdin.read() if place == "-" else Path(place).read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError("is not JSON", where=place, todo="give what --format json printed") from error


COMMANDS = (explain,)
