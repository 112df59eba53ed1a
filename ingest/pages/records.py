"""JSON Lines and tables as records: the fields of each document, or why a line has none.

A record is named by its place: the line of a JSON file, the row of a table as spreadsheets count it, the head being row 1.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from gzip import GzipFile
from io import BufferedReader, TextIOWrapper
from typing import Any, TypeAlias

from communique.ingest.pages.decoding import BOMS, Unreadable, encoding, not_in

Record = tuple[int, dict[str, Any] | Unreadable]
Stream: TypeAlias = "BufferedReader[Any] | GzipFile"

_WORDS = ("text", "html")


def of_lines(stream: Stream, limit: int) -> Iterator[Record]:
    """The object of each line that is not blank; a line longer than ``limit`` bytes is passed over unread."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit + 1)
            too_long = f"the line is longer than {size(limit)}, the most that is read as one text; cut it, or raise the limit"
            yield number, Unreadable(too_long)
        elif line.strip():
            try:
                yield number, fields(line, "line")
            except Unreadable as fault:
                yield number, fault


def fields(data: bytes, what: str) -> dict[str, Any]:
    """The JSON object of a line or a file."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise Unreadable(f"the {what} is not UTF-8 (byte {fault.start + 1}); JSON is always UTF-8") from None
    except RecursionError:
        raise Unreadable("the JSON nests too deeply; a readout is one flat object") from None
    except ValueError as fault:
        raise Unreadable(f"the {what} is not valid JSON ({' '.join(str(fault).split())}); mend or remove it") from None
    if not isinstance(found, dict):
        raise Unreadable(f"the {what} holds a {type(found).__name__}, not a JSON object with a text")
    return found


def of_table(stream: Stream, head: bytes, served: object, known: Iterable[str], limit: int, *, tabs: bool) -> Iterator[Record]:
    """The filled cells of each row under the names of their columns; ``head`` is how the file begins.

    Columns are told apart by commas or, as spreadsheets write them where the comma is decimal, semicolons; by tabs in a file of ``tabs``.
    A row with more or fewer cells than the head is refused: a quotation mark or a separator is amiss, and its text is not to be trusted.
    """
    marked = next((name for bom, name in BOMS if head.startswith(bom)), None)
    name = marked or encoding(served if isinstance(served, str) and served else "utf-8")
    lines = TextIOWrapper(stream, {"utf-8": "utf-8-sig", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(name, name), newline="")
    csv.field_size_limit(limit)  # the module's own, 131,072, is less than some pages
    row = 0
    columns: list[str] = []
    try:
        first = lines.readline(limit)
        mark = "\t" if tabs else max(",;\t", key=first.count)
        for row, cells in enumerate(csv.reader(_chained(first, lines), delimiter=mark, strict=True), start=1):
            if not columns:
                columns = _columns(cells, known)
            elif any(cell.strip() for cell in cells):
                yield row, _row(cells, columns)
    except UnicodeError:
        raise not_in(name, f" after row {row}") from None
    except csv.Error as fault:
        raise Unreadable(
            f"the table breaks off after row {row} ({fault}); look for a quotation mark that is not doubled or not closed"
        ) from None
    finally:
        lines.detach()  # closing is for who opened the file


def _chained(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _columns(cells: list[str], known: Iterable[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    if not any(word in names for word in _WORDS):
        raise Unreadable(f"the table has no column 'text' or 'html'; its first row is {', '.join(cells)[:80]!r}")
    if twice := next((name for name in names if name in known and names.count(name) > 1), None):
        raise Unreadable(f"the table has the column {twice!r} twice; rename one")
    return names


def _row(cells: list[str], columns: list[str]) -> dict[str, Any] | Unreadable:
    if len(cells) != len(columns):
        return Unreadable(f"the row has {len(cells)} cells where the head has {len(columns)}; a quotation mark or a separator is amiss")
    found: dict[str, Any] = {name: cell for name, cell in zip(columns, cells, strict=True) if cell.strip()}
    if (said := str(found.get("composed", "")).strip().lower()) in ("true", "false"):  # a table has words only
        found["composed"] = said == "true"
    return found


def size(limit: int) -> str:
    """How many bytes that is, in words."""
    return f"{limit // (1024 * 1024)} MB" if limit >= 1024 * 1024 else f"{limit} bytes"
