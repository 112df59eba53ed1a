"""``communique query``: answers out of a store, as a table or for a program."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from communique.cli import options
from communique.cli.terminal import Run, console, output
from communique.errors import InputError, UsageError

if TYPE_CHECKING:
    from communique.queries.catalogue import Query
    from communique.store import Row, Store


@click.command()
@click.argument("name", required=False)
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the query; --list shows them.")
@click.option("--sparql", metavar="FILE", help="Ask what stands in this file instead of a saved query; - is stdin.")
@click.option("--list", "listed", is_flag=True, help="Show the saved queries; with NAME, its parameters and columns.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld"]),
    help="Default: table (ttl for triples). A saved query gives table, csv, json, tsv, xml or ttl; SPARQL what its form allows.",
)
@click.option("--rows", "most", type=click.IntRange(min=0), default=200, help="Most rows of a table; 0 shows all. Default: 200.")
@click.option("--output", "-o", "target", default="-", metavar="FILE", help="Default: - for stdout. A file appears whole or not at all.")
@options.names
@options.store
@options.base
@options.everywhere
@click.pass_obj
def query(
    run: Run,
    name: str | None,
    params: tuple[str, ...],
    sparql: str | None,
    listed: bool,
    form: str | None,
    most: int,
    target: str,
    names: str,
) -> None:
    """Ask a saved query, or SPARQL of your own.

    NAME is a query of the catalogue, or the text of a SPARQL query. The store is opened for reading only, also while another process
    writes to it.
    """
    from communique.cli.readable import drawn, rows
    from communique.iris import Iris
    from communique.queries import catalogue, tables
    from communique.store import Rows
    from communique.store.syntax import shape

    if listed:
        for line in _described(catalogue.get(name)) if name else _catalogue(catalogue.load().values()):
            click.echo(line)
        return
    own = name if name and len(name.split()) > 1 else None
    name = None if own else name
    if [name, own, sparql].count(None) != 2:
        raise UsageError("give the NAME of a query, or --sparql FILE", todo="see `communique query --list`")
    if not name and params:
        raise UsageError("parameters belong to saved queries", where="--param", todo="write the values into the SPARQL text")
    pairs, form = _pairs(params), form or "table"
    with opened(run, names) as store, output(target) as out:
        if name and form in tables.FORMATS:
            result = catalogue.run(store, name, pairs)
            if form == "table":
                out.write(drawn(tables.table(replace(result, rows=_first(run, result.rows, most))), console(1)))
                return
            words = StringIO(newline="")
            tables.write(result, form, words, Iris(run.settings.base))
            out.write(words.getvalue().encode())
            return
        text = catalogue.get(name).bind(pairs, store) if name else own or _read(sparql or "-")
        kind = shape(text).form
        if form == "table" and kind == "SELECT":
            answer = store.select(text)
            out.write(drawn(rows(Rows(answer.variables, _first(run, answer.rows, most))), console(1)))
        elif form == "table" and kind == "ASK":
            out.write(b"yes\n" if store.ask(text) else b"no\n")
        else:
            store.query(text, "ttl" if form == "table" else form, out)


@contextmanager
def opened(run: Run, names: str) -> Iterator[Store]:
    """The store for reading, under the names that are wanted."""
    from communique.iris import Iris
    from communique.ontology.naming import Names, under
    from communique.store import open_store

    with open_store(run.settings.store, read_only=True) as store:
        yield store if names == Names.OWN else under(store, Iris(run.settings.base), Names(names))


def _first(run: Run, rows: tuple[Row, ...], most: int) -> tuple[Row, ...]:
    if most and len(rows) > most:
        run.say(f"the first {most:,} of {len(rows):,} rows; --rows 0 shows all, --format csv gives them to a program")
        return rows[:most]
    return rows


def _pairs(params: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = []
    for given in params:
        name, equals, value = given.partition("=")
        if not equals:
            raise UsageError(f"'{given}' is no NAME=VALUE", where="--param", todo="write for instance -p issue=abductions")
        pairs.append((name, value))
    return pairs


def _read(sparql: str) -> str:
    try:
        return sys.stdin.read() if sparql == "-" else Path(sparql).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", where=sparql, todo="save it as UTF-8") from error


def _catalogue(queries: Iterable[Query]) -> Iterator[str]:
    found = list(queries)
    width = max(len(q.name) for q in found)
    for q in found:
        takes = ", ".join(p.name if p.required else f"[{p.name}]" for p in q.params)
        yield f"{q.name:<{width}}  {q.summary}" + (f"  ({takes})" if takes else "")


def _described(q: Query) -> Iterator[str]:
    yield f"{q.name}: {q.summary}"
    yield from (["", q.description] if q.description else [])
    if q.params:
        yield "\nparameters"
    for p in q.params:
        default = "required" if p.required else f"default {p.default}" if p.default is not None else "default: any"
        choices = f"; one of {', '.join(p.choices)}" if p.choices else ""
        yield f"  {p.name} ({p.type}, {default}{choices})  {p.description}"
    yield "\ncolumns"
    for column, meaning in q.columns.items():
        yield f"  {column}  {meaning}"


COMMANDS = (query,)
