"""Writes a release: every file of it, then the description with their sizes and sums; a folder that appears whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from communique.errors import UsageError
from communique.iris import CQ, Iris
from communique.queries.accounts import accounts
from communique.queries.partitions import PARTS
from communique.queries.release import codebook, codes, crate, networks, parquet, rdf, rows, schema
from communique.queries.release.columns import TABLES, Table
from communique.queries.release.crate import METADATA, SUMS, File, Told
from communique.queries.tables import value
from communique.store import Reader

_GZIP: Final = "application/gzip"
_DAYS: Final = f"SELECT (MIN(?day) AS ?first) (MAX(?day) AS ?last) {{ ?account <{CQ}describesEncounter>/<{CQ}date> ?day }}"
_NEWEST: Final = f"SELECT (MAX(?day) AS ?last) {{ VALUES ?kind {{ <{CQ}Readout> <{CQ}SetAside> }} ?document a ?kind ; <{CQ}date> ?day }}"
_SOURCES: Final = f"""SELECT ?name (COUNT(DISTINCT ?document) AS ?n) {{
  ?document <{CQ}publisher> ?publisher . ?publisher <http://www.w3.org/2000/01/rdf-schema#label> ?name
}} GROUP BY ?name ORDER BY DESC(?n) ?name"""
_TERMS: Final = f"""SELECT ?licence (COUNT(DISTINCT ?document) AS ?n) {{ ?document <{CQ}licence> ?licence }}
  GROUP BY ?licence ORDER BY DESC(?n) ?licence"""
Note = Callable[[str], None]


def write(
    store: Reader,
    graphs: tuple[str, ...],
    iris: Iris,
    folder: Path,
    *,
    with_parquet: bool,
    licence: str = "",
    software: str = "",
    released: str = "",
    note: Note = lambda _: None,
) -> tuple[File, ...]:
    """Write everything that ``store`` holds to ``folder``; the same store gives the same bytes.

    ``released`` is the day of the release; if nobody says, that of the newest document.  ``note`` hears what is written next.
    """
    files: list[File] = []
    note("statements as N-Quads and TriG")
    for part, number in rdf.parts(store, graphs, iris, folder).items():
        rdf.trig(folder, part)
        files += [_file(folder / f"{part}.{form}.gz", PARTS[part], number, "statements", _GZIP) for form in ("nq", "trig")]
    version = sha256("".join(file.sha256 for file in files if file.name.endswith(".nq.gz")).encode()).hexdigest()[:16]
    note("all statements as Turtle")
    number = rdf.turtle(folder)
    files.append(_file(folder / "whole.ttl.gz", "all of it in one graph: who says what is not told", number, "statements", _GZIP))
    note("tables")
    known = codes.read(store)
    files += _tables(store, known, folder)
    if with_parquet:
        for file in [f for f in files if f.name.endswith(".csv.gz")]:
            name = file.name.removesuffix(".csv.gz")
            parquet.write(TABLES[name], folder / file.name, folder / f"{name}.parquet")
            media = "application/vnd.apache.parquet"
            files.append(_file(folder / f"{name}.parquet", f"the same as {file.name}", file.items, file.unit, media))
    note("networks")
    for name, about in networks.NAMES.items():
        network = networks.network(name, store, known)
        for form, (written, media) in networks.FORMATS.items():
            path = folder / f"{name}.{form}"
            with path.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(written(network))
            files.append(_file(path, f"network of {about}", len(network.ties), "ties", media))
    (folder / "codebook.csv").write_text(codebook.as_csv(), encoding="utf-8", newline="")
    (folder / "codebook.md").write_text(codebook.as_markdown(known), encoding="utf-8", newline="\n")
    columns = sum(len(table.columns) for table in TABLES.values())
    for name, media in (("codebook.csv", "text/csv"), ("codebook.md", "text/markdown")):
        files.append(_file(folder / name, "what every column of the tables means", columns, "columns", media))
    crate.write(folder, _told(store, version, released, licence, software), files)
    _sums(folder)
    return tuple(files)


def _tables(store: Reader, known: codes.Codes, folder: Path) -> list[File]:
    """All tables, in one pass over the accounts."""
    numbers = dict.fromkeys(TABLES, 0)
    months = rows.DyadMonths()
    with ExitStack() as stack:
        writers = {name: stack.enter_context(_table(folder / f"{name}.csv.gz", table)) for name, table in TABLES.items()}
        told = stack.enter_context(rdf.compressed(folder / "events.jsonld.gz"))

        def put(name: str, row: rows.Row) -> None:
            writers[name].writerow(row)
            numbers[name] += 1

        told.write(schema.HEAD)
        for account in accounts(store):
            for encounter in account.encounters():
                told.write(b",\n" if numbers["encounters"] else b"\n")
                told.write(schema.line(account, encounter))
                put("encounters", rows.encounter(account, encounter, known))
            for row in rows.acts(account):
                put("acts", row)
            for row in rows.events(account, known):
                put("events", row)
                months.add(row)
        told.write(schema.FOOT)
        for row in months.rows():
            put("dyad-months", row)
    files = [
        _file(folder / f"{name}.csv.gz", f"table: {table.row.partition(';')[0]}", numbers[name], "rows", _GZIP)
        for name, table in TABLES.items()
    ]
    about = "encounters as events of schema.org, in JSON-LD"
    return [*files, _file(folder / "events.jsonld.gz", about, numbers["encounters"], "events", _GZIP)]


@contextmanager
def _table(path: Path, table: Table) -> Iterator[csv.DictWriter[str]]:
    with rdf.compressed(path) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        writer = csv.DictWriter(text, [column.name for column in table.columns], lineterminator="\n")
        writer.writeheader()
        yield writer
        text.flush()
        text.detach()


def _told(store: Reader, version: str, released: str, licence: str, software: str) -> Told:
    ((first, last),) = store.select(_DAYS)
    ((newest,),) = store.select(_NEWEST)
    sources, terms = ({value(name): int(value(n)) for name, n in store.select(query)} for query in (_SOURCES, _TERMS))
    # An empty store has no day; RO-Crate wants one.
    published = released or value(newest) or value(last) or "1970-01-01"
    return Told(version, published, licence, software, value(first), value(last), sources, terms)


def _file(path: Path, about: str, items: int, unit: str, media: str) -> File:
    with path.open("rb") as stream:
        return File(path.name, about, items, unit, media, path.stat().st_size, file_digest(stream, "sha256").hexdigest())


def _sums(folder: Path) -> None:
    lines = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as stream:
            lines.append(f"{file_digest(stream, 'sha256').hexdigest()}  {path.name}\n")
    (folder / SUMS).write_text("".join(lines), encoding="ascii", newline="\n")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A folder to write to that takes the place of ``target`` at the end; if anything fails, what was there is as it was.

    Raises ``UsageError`` if something stands there that is no release.
    """
    earlier = target.with_name(f".{target.name}.earlier")
    if earlier.is_dir() and not target.exists():
        earlier.rename(target)  # a run that was killed between the two renamings left it so
    if target.exists() and not (target.is_dir() and (_is_release(target) or not any(target.iterdir()))):
        raise UsageError("is there and is no earlier release", where=target, todo="name another folder, or remove it yourself")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.mkdir()
    try:
        yield draft
        shutil.rmtree(earlier, ignore_errors=True)
        if target.exists():
            target.rename(earlier)
        draft.rename(target)
        shutil.rmtree(earlier, ignore_errors=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _is_release(folder: Path) -> bool:
    return (folder / METADATA).is_file() and (folder / SUMS).is_file()
