"""One table or one network of a release by itself, to a stream."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO

from communique.queries.accounts import accounts
from communique.queries.release import codes, networks, parquet, rdf, rows, schema
from communique.queries.release.columns import TABLES
from communique.store import Reader


def table(store: Reader, name: str, form: str, out: BinaryIO) -> None:
    """Write a table of ``TABLES`` as ``csv`` or ``parquet``.  Raises ``UsageError`` if Parquet cannot be had."""
    if form == "csv":
        _csv(store, name, out)
        return
    parquet.required()
    with TemporaryDirectory() as place:
        source, target = Path(place) / "table.csv.gz", Path(place) / "table.parquet"
        with rdf.compressed(source) as packed:
            _csv(store, name, packed)
        parquet.write(TABLES[name], source, target)
        with target.open("rb") as stream:
            shutil.copyfileobj(stream, out)


def _csv(store: Reader, name: str, out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.DictWriter(text, [column.name for column in TABLES[name].columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(store, name))
    text.flush()
    text.detach()  # the stream belongs to the caller


def _rows(store: Reader, name: str) -> Iterator[rows.Row]:
    known = codes.read(store)
    months = rows.DyadMonths()
    for account in accounts(store):
        if name == "acts":
            yield from rows.acts(account)
        elif name == "encounters":
            yield from (rows.encounter(account, encounter, known) for encounter in account.encounters())
        elif name == "events":
            yield from rows.events(account, known)
        else:
            for event in rows.events(account, known):
                months.add(event)
    yield from months.rows()


def network(store: Reader, name: str, form: str, out: BinaryIO) -> None:
    """Write a network of ``networks.NAMES`` as ``graphml`` or ``gexf``."""
    written, _ = networks.FORMATS[form]
    out.writelines(piece.encode() for piece in written(networks.network(name, store, codes.read(store))))


def events(store: Reader, out: BinaryIO) -> None:
    """Write every encounter as an event of schema.org, in JSON-LD."""
    out.write(schema.HEAD)
    count = 0
    for account in accounts(store):
        for encounter in account.encounters():
            out.write((b",\n" if count else b"\n") + schema.line(account, encounter))
            count += 1
    out.write(schema.FOOT)
