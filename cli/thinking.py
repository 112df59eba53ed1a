"""``communique reason``, ``forget``, ``rules`` and ``check``: what follows from the readouts, by which rules, and what is wrong."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import click

from communique.cli import options
from communique.cli.terminal import Run
from communique.errors import FindingsError

SEVERITIES = ("error", "warning", "note")

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from communique.iris import Iris
    from communique.ontology.authority.decisions import Decision
    from communique.ontology.findings.finding import Finding
    from communique.ontology.reasoner import Report
    from communique.store import Store


@click.command()
@options.store
@options.base
@options.decisions
@click.option("--again", is_flag=True, help="Close every text anew. Default: only those that have changed or that a change can reach.")
@options.everywhere
@click.pass_obj
def reason(run: Run, again: bool) -> None:
    """Bring up to date who is who and what follows from the readouts, in graphs of their own.

    The authority file of persons (see `communique people`) is graph/reference; each readout's inferences stand beside it
    (its graph with /inferred), and those that join several readouts in graph/global. Each graph knows what it was made from, so
    only what is needed is done; what was read is never touched. `communique ingest` and `communique forget` do this themselves,
    but a new version of the rules or another file of decisions waits for this command.
    """
    from communique.cli.people import curated
    from communique.iris import Iris
    from communique.store import open_store

    decisions = curated(run)
    with open_store(run.settings.store) as store:
        report = brought_up_to_date(run, store, Iris(run.settings.base), decisions, again=again)
    click.echo(f"{report.mentions:,} mentions of {report.persons:,} persons")
    click.echo(
        f"{report.asserted:,} statements of {report.texts:,} texts give {report.inferred:,} more, and {report.across:,} across texts"
    )
    run.say(f"{report.closed:,} texts were closed, the others keep what they have")


def brought_up_to_date(
    run: Run,
    store: Store,
    iris: Iris,
    decisions: tuple[Decision, ...],
    again: bool = False,
    at_hand: Mapping[str, Sequence[str]] | None = None,
) -> Report:
    """Reasons over a store, publishes what is found wrong, and says which decisions meant nobody.

    ``at_hand`` are lines of accounts in it that need not be read again.
    """
    from communique.cli.people import warn_of_idle
    from communique.ontology import reasoner, withdrawn
    from communique.ontology.findings import upkeep

    withdrawn.settle(store, iris)
    report = reasoner.reason(store, iris, progress=run.whisper, decisions=decisions, again=again, at_hand=at_hand or {})
    warn_of_idle(run, report.idle)
    found = upkeep.update(store, iris, run.whisper, report.reference, report.at_hand)
    if found["error"]:
        run.say(f"{found['error']:,} findings are errors; `communique check` lists them")
    return report


@click.command()
@click.argument("readouts", nargs=-1, required=True, metavar="READOUT...")
@click.option("--because", "why", metavar="WORDS", help="Say why, to whoever asks for them later. Default: nothing is left of them.")
@options.store
@options.base
@options.decisions
@options.later
@options.everywhere
@click.pass_obj
def forget(run: Run, readouts: tuple[str, ...], why: str | None, later: bool) -> None:
    """Remove readouts from the store, with everything that was inferred from them.

    READOUT is the IRI of a readout, its end (SOURCE/DATE/NAME), or the address of its page. If one of them is not in the store,
    nothing is removed. The readout can be read again at any time. With --because the endpoint answers for it, and for what was in
    it, that it was withdrawn (410), and why; else, that there is no such thing (404).
    """
    from communique.cli.people import curated
    from communique.iris import Iris
    from communique.ontology import reasoner, withdrawn
    from communique.store import open_store

    iris, decisions = Iris(run.settings.base), curated(run)
    with open_store(run.settings.store) as store:
        found = tuple(dict.fromkeys(reasoner.meant(store, iris, readout) for readout in readouts))
        reasoner.forget(store, iris, found)
        if why:
            withdrawn.record(store, iris, found, why)
        if not later:
            brought_up_to_date(run, store, iris, decisions)
    for readout in found:
        click.echo(f"forgotten: {readout}")


@click.command()
@click.option("--scope", type=click.Choice(["local", "described", "global"]), help="Only rules that see this much. Default: all.")
@click.option(
    "--with",
    "more",
    type=options.type_path,
    multiple=True,
    metavar="FILE",
    help="Also the axioms (.ttl) or rules (.toml) of FILE. Default: none.",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@options.everywhere
@click.pass_obj
def rules(run: Run, scope: str | None, more: tuple[Path, ...], form: str) -> None:
    """List the rules that find what follows, and how much each must see.

    local: one readout and the reference layer. described: the same, joined at a node (an office, a publisher, a candidate issue)
    that each readout describes for itself. global: what joins readouts. This is computed from the rules. With --with an axiom or a
    rule is tried before it is added: what is outside OWL 2 RL, or could not be closed, is told in one line.
    """
    from communique.ontology import reasoner, trial

    placed = [p for p in trial.placed(more) if scope in (None, p.scope)]
    across = list(reasoner.across()) if scope in (None, "global") else []
    if form == "json":
        told = [{"name": p.rule.name, "rule": str(p.rule), "scope": p.scope, "why": p.why} for p in placed]
        told += [{"name": name, "rule": summary, "scope": "global", "why": "it asks the whole store"} for name, summary in across]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for p in placed:
        click.echo(f"{p.scope:<9}  {p.rule}")
    for name, summary in across:
        click.echo(f"global     {name}: {summary}")
    counts = Counter(p.scope for p in placed)
    run.say(", ".join(f"{n:,} {name}" for name, n in sorted(counts.items())) + f", {len(across)} across readouts in words")


@click.command()
@options.store
@options.base
@click.option("--readout", metavar="READOUT", help="Only this one: its IRI, the end of it, or the address of its page. Default: all.")
@click.option("--severity", type=click.Choice(SEVERITIES), default="note", help="Only what is as grave as this, or graver. Default: note.")
@click.option("--proof", is_flag=True, help="With each finding, the proof of a contradiction. Default: the words only.")
@click.option("--format", "form", type=click.Choice(["table", "json", "ttl"]), default="table", help="Default: table.")
@click.option("--strict", is_flag=True, help="End with exit code 3 if there is an error. Default: list what is found and end with 0.")
@options.everywhere
@click.pass_obj
def check(run: Run, readout: str | None, severity: str, proof: bool, form: str, strict: bool) -> None:
    """List what breaks a shape, contradicts the ontology, or is told otherwise in another account.

    Each finding is an error, a warning or a note, with its readout and the words it is about; none of them changes what was read.
    Reading and reasoning publish findings in the store by themselves: a graph for each readout (graph/findings/...), and
    graph/findings for what joins readouts.
    """
    from communique.iris import Iris
    from communique.ontology import reasoner
    from communique.ontology.findings import upkeep
    from communique.store import open_store

    iris = Iris(run.settings.base)
    with open_store(run.settings.store, read_only=True) as store:
        one = reasoner.meant(store, iris, readout) if readout else None
        every = upkeep.check(store, iris, one, progress=run.whisper)
    findings = [f for f in every if SEVERITIES.index(f.severity) <= SEVERITIES.index(severity)]
    _list(findings, form, iris, proof)
    counts = Counter(finding.severity for finding in every)
    run.say(", ".join(f"{counts[name]:,} {name}s" for name in SEVERITIES))
    if strict and counts["error"]:
        raise FindingsError(f"{counts['error']:,} errors were found")


def _list(findings: list[Finding], form: str, iris: Iris, proof: bool) -> None:
    from communique.ontology.findings.finding import as_json, lines
    from communique.ontology.proofs import show

    if form == "json":
        click.echo(json.dumps([as_json(finding) for finding in findings], indent=2, ensure_ascii=False))
        return
    if form == "ttl":
        graph = iris.graph("findings")
        for line in lines(findings, graph, iris):
            click.echo(f"{line.removesuffix(f' <{graph}> .')} .")
        return
    for place, found in groupby(findings, key=lambda finding: finding.readout):
        click.echo(place or "across readouts")
        for f in found:
            about = show.brief(f"<{f.about.removeprefix(f'{place}/')}>", iris).strip("<>")
            click.echo(f"  {f.severity}: {f.message} ({f.code}, {about})")
            for e in f.evidence:
                click.echo(f"    {show.words(e, iris)}")
            for line in show.lines(f.proof, iris) if proof and f.proof else ():
                click.echo(f"    {line}")


COMMANDS = (reason, forget, rules, check)
