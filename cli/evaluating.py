"""``communique evaluate``: how well the extractor reads annotated texts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from communique.cli import options
from communique.cli.terminal import Run, console, output
from communique.errors import CommuniqueError, InputError
from communique.model import Document, Extraction, Refusal

if TYPE_CHECKING:
    from communique.ingest.evaluation.evaluate import Annotated, Evaluation


@click.command()
@click.argument("folder", type=options.type_path, metavar="GOLD_DIR")
@click.option("--errors", is_flag=True, help="List each difference with the rule and the words. Default: figures only.")
@click.option(
    "--baseline",
    "before",
    type=options.type_path,
    metavar="FILE",
    help="Compare with stored figures: end with exit code 1 if a measure fell. Default: no comparison.",
)
@click.option("--json", "target", metavar="FILE", help="Write all figures as JSON too (- for stdout, instead of the tables).")
@click.option("--write-baseline", "keep", metavar="FILE", help="Store the figures, and no words, to compare with later.")
@options.opinion
@options.everywhere
@click.pass_obj
def evaluate(run: Run, folder: Path, errors: bool, before: Path | None, target: str | None, keep: str | None, opinion: bool) -> None:
    """Measure the extractor on annotated texts: precision, recall and F1, over all, by publisher and by rule.

    GOLD_DIR holds <stem>.gold.json beside each text, in the interchange form. Acts and references are matched by overlap,
    one to one; intervals come from 1,000 bootstrap samples of texts.
    """
    from communique.ingest.evaluation import evaluate as evaluating

    stored = evaluating.baseline(before) if before else None
    read = list(evaluating.annotated(folder))
    refusals = [item for item in read if isinstance(item, Refusal)]
    for refusal in refusals:
        run.warn(f"{refusal.origin}: {refusal.reason}")
    if refusals:
        raise InputError(f"{len(refusals)} of {len(read)} annotations cannot be used", where=folder, todo="see the lines above")
    texts = [item for item in read if not isinstance(item, Refusal)]
    found = _with_opinion(run, texts) if opinion else evaluating.evaluate(texts)
    if target != "-":
        with output("-") as out:
            out.write(_page(found, errors))
    if target:
        _write(target, evaluating.as_json(found, errors=errors))
    if stored:
        if stored["texts"] != found.texts:
            run.warn(f"{before}: its figures are of other texts or annotations; compared all the same")
        lines = list(evaluating.fallen(found, stored["measures"]))
        for line in lines:
            run.warn(line)
        if lines:
            raise CommuniqueError(f"{len(lines)} measures fell below the baseline", where=before)
    if keep:
        _write(keep, evaluating.as_baseline(found))


def _with_opinion(run: Run, texts: list[Annotated]) -> Evaluation:
    """The evaluation of rules and second opinion together."""
    from communique.cli.reading import regret, service
    from communique.ingest.evaluation import evaluate as evaluating
    from communique.ingest.extract import extract
    from communique.ingest.opinions import consult, endpoint, unheard

    asked, missing = endpoint(service(run)), Counter[str]()

    def read(document: Document) -> Extraction:
        found = consult(extract(document), asked)
        missing.update(filter(None, [unheard(found)]))
        return found

    found = evaluating.evaluate(texts, read)
    regret(run, missing)
    return found


def _write(target: str, value: object) -> None:
    with output(target) as out:
        out.write(json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n")


def _page(found: Evaluation, errors: bool) -> bytes:
    """The tables, and with ``errors`` a line for each difference."""
    from communique.cli.measured import by_publisher, by_rule, by_type, overall
    from communique.cli.readable import drawn

    tables = [drawn(table, console(1)) for table in (overall(found), by_type(found), by_publisher(found), *by_rule(found))]
    lines = [f"{one.id}: {miss}" for one in found.scored for miss in one.misses] if errors else []
    return b"\n".join(tables) + "".join(f"{line}\n" for line in ["", *lines] if lines).encode()


COMMANDS = (evaluate,)
