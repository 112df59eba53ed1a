"""``communique people``: the authority file, or what in it contradicts itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from communique.cli import options
from communique.cli.terminal import Run

if TYPE_CHECKING:
    from communique.iris import Iris
    from communique.ontology.authority.decisions import Decision
    from communique.ontology.authority.persons import Conflict, Incumbency, Person

_PERSON = ("id", "label", "family", "given", "parties", "names", "office", "kind", "first", "last", "texts", "evidence")
_CONFLICT = ("office", "party", "first", "last", "person", "from", "until", "texts", "other", "other_from", "other_until", "other_texts")


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--conflicts", is_flag=True, help="List the offices that two persons hold on one day instead. Default: the persons.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", help="Default: table.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Most rows; 0 shows all. Default: 40 in a table, the most named first; else all.",
)
@options.decisions
@options.store
@options.base
@options.everywhere
@click.pass_obj
def people(run: Run, paths: tuple[str, ...], conflicts: bool, form: str, limit: int | None) -> None:
    """List who is named in the readouts: one person across spellings, publishers and years, with the offices they are seen in.

    An office is held at the time of the texts that say so: from the first to the last of them. Names are joined by rules with a
    score and a reason (--format json tells them); a wrong join is worse than a missed one. A curator's decisions win:
    a file with lines like `same USA:"Joe Biden" USA:"Joseph R. Biden, Jr."  # reason`, and different and name likewise.
    `communique reason` writes the list into the store. Without PATH the store answers; with PATH texts are read and nothing is stored.
    """
    from communique.cli.readable import commas, grid
    from communique.cli.reading import asked
    from communique.iris import Iris
    from communique.ontology.authority import graph

    decisions = curated(run)
    with asked(run, paths) as store:
        found = graph.build(store, decisions)
    warn_of_idle(run, found.idle)
    most = limit if limit is not None else 40 if form == "table" else 0
    persons = sorted(found.persons, key=lambda p: (-len(p.mentions), p.id)) if form == "table" else found.persons
    labels = {p.id: p.label for p in persons}
    shown, clashing = persons[: most or None], found.conflicts[: most or None]
    if form == "json":
        iris = Iris(run.settings.base)
        told = [_clash(c, labels) for c in clashing] if conflicts else [_told(p, iris) for p in shown]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    elif form == "csv" and conflicts:
        click.echo(commas(_CONFLICT, (_conflict_row(c, labels) for c in clashing)), nl=False)
    elif form == "csv":
        click.echo(commas(_PERSON, (row for p in shown for row in _rows(p))), nl=False)
    elif conflicts:
        columns = ("office", "days", "held by", "and by")
        click.echo(grid(columns, [(_office(c.one), _span(*c.days), _holds(c.one, labels), _holds(c.other, labels)) for c in clashing]))
    else:
        lines = [(p.label, " ".join(p.parties), _also(p), _offices(p.offices), f"{len({m.readout for m in p.mentions}):,}") for p in shown]
        click.echo(grid(("person", "party", "also written", "seen in office", "texts"), lines))
    mentions = sum(len(p.mentions) for p in found.persons)
    run.say(f"{_many(mentions, 'mention')} of {_many(len(found.persons), 'person')}; {_many(len(found.conflicts), 'conflict')}")


def curated(run: Run) -> tuple[Decision, ...]:
    """The decisions of the file that the settings name; none if it has the default name and is not there."""
    from communique.ontology.authority import decisions

    path = Path(run.settings.decisions)
    if run.settings.origin("decisions") == "default" and not path.is_file():
        return ()
    return decisions.read(path)


def warn_of_idle(run: Run, idle: Iterable[Decision]) -> None:
    """Says which decisions mean nobody: a slip of the pen, or a person who is in another store."""
    for d in idle:
        run.warn(f"{d.where}: nobody here is meant by this line")


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _also(person: Person) -> str:
    return "; ".join(name for name, _ in person.names if name != person.label)


def _office(held: Incumbency) -> str:
    return f"{held.office.title}, {held.office.party.upper()}"


def _offices(held: Iterable[Incumbency]) -> str:
    ordered = sorted(held, key=lambda i: (i.first, i.office.title))
    return "\n".join(f"{i.office.title} ({_span(i.first, i.last)})" for i in ordered)


def _span(first: str, last: str) -> str:
    return (first if first == last else f"{first} to {last}") or "no day known"


def _holds(held: Incumbency, labels: dict[str, str]) -> str:
    return f"{labels[held.person]} ({_span(held.first, held.last)}, {_many(len(held.readouts), 'text')})"


def _rows(person: Person) -> Iterator[tuple[object, ...]]:
    """One row an office, or one without."""
    about = (person.id, person.label, person.family, person.given, " ".join(person.parties), "; ".join(name for name, _ in person.names))
    for i in person.offices:
        yield (*about, i.office.title, _kind(i), i.first, i.last, len(i.readouts), " ".join(i.readouts))
    if not person.offices:
        readouts = sorted({m.readout for m in person.mentions})
        yield (*about, "", "", "", "", len(readouts), " ".join(readouts))


def _conflict_row(c: Conflict, labels: dict[str, str]) -> tuple[object, ...]:
    sides = ((labels[i.person], i.first, i.last, len(i.readouts)) for i in (c.one, c.other))
    return (c.office.title, c.office.party.upper(), *c.days, *(value for side in sides for value in side))


def _kind(held: Incumbency) -> str:
    return held.office.kind.rsplit("/", 1)[-1]


def _held(i: Incumbency) -> dict[str, object]:
    return {"office": i.office.title, "iri": i.office.iri, "kind": _kind(i), "first": i.first, "last": i.last, "texts": list(i.readouts)}


def _told(person: Person, iris: Iris) -> dict[str, object]:
    return {
        "id": person.id,
        "iri": iris.person(person.id),
        "label": person.label,
        "family": person.family,
        "given": person.given,
        "parties": list(person.parties),
        "names": [{"name": name, "texts": texts} for name, texts in person.names],
        "offices": [_held(i) for i in person.offices],
        "identified": [
            {"name": f.name, "rule": f.rule, "score": f.score, "reason": f.reason, "mentions": [m.iri for m in f.mentions]}
            for f in person.forms
        ],
    }


def _clash(c: Conflict, labels: dict[str, str]) -> dict[str, object]:
    first, last = c.days
    sides = [{"person": labels[i.person], "id": i.person, **_held(i)} for i in (c.one, c.other)]
    return {"office": c.office.title, "iri": c.office.iri, "first": first, "last": last, "held_by": sides}


COMMANDS = (people,)
