"""An evaluation as tables for reading: all measures, those of each publisher, and how often each rule was right."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from communique.ingest.evaluation.evaluate import Evaluation


def overall(found: Evaluation) -> Table:
    """Every measure over all texts."""
    table = _table(_number(len(found.scored)), "P", "R", "F1", "95 % interval", "annotated")
    for name, figure in found.measures.items():
        count = figure.count
        shares = map(_share, (count.precision, count.recall, count.f1))
        table.add_row(name, *shares, f"{_share(figure.low)}-{_share(figure.high)}", str(count.wanted))
    return table


def by_type(found: Evaluation) -> Table:
    """Every type of act, and the mean over the types."""
    table = _table("act types", "P", "R", "F1", "annotated")
    for name, count in found.by_type().items():
        table.add_row(name, *map(_share, (count.precision, count.recall, count.f1)), str(count.wanted))
    table.add_row("mean of the types (macro)", "", "", _share(found.macro), "")
    return table


def by_publisher(found: Evaluation) -> Table:
    """The F1 of every measure, a row for each publisher; a dash where there was nothing to find and nothing was found."""
    publishers = found.by_publisher()
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, title="F1 by publisher", title_justify="left")
    table.add_column("")
    for n in range(1, len(publishers) + 1):
        table.add_column(f"[{n}]", justify="right")
    for name in found.measures:
        counts = [measures[name] for _, measures in publishers.values()]
        table.add_row(name, *(_share(c.f1) if c.found + c.wanted else "-" for c in counts))
    sizes = (f"[{n}] {name}: {_number(texts)}" for n, (name, (texts, _)) in enumerate(publishers.items(), 1))
    table.caption = "\n".join(sizes)
    table.caption_justify = "left"
    return table


def by_rule(found: Evaluation) -> Iterator[Table]:
    """A table for each kind of item: every rule, how many of its items were right, and how many there were."""
    for kind, rules in found.by_rule().items():
        table = _table(f"rules: {kind}", "right", "of", "share")
        for rule, (right, seen) in sorted(rules.items(), key=lambda item: (-item[1][1], item[0])):
            table.add_row(rule, str(right), str(seen), _share(right / seen))
        yield table


def _table(title: str, *columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(title)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _number(texts: int) -> str:
    return f"{texts} text{'' if texts == 1 else 's'}"


def _share(share: float) -> str:
    """Rounded as in the JSON form first, so that both always tell the same."""
    return f"{round(share, 4):.3f}"
