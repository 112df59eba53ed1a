"""The codebook as files: a page for people, a table for programs; with the codes of event data and the reason of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from communique.queries.release.codes import Codes, Event
from communique.queries.release.columns import TABLES, WRITTEN

_TABLES = """\
Tables are UTF-8 with commas and a header, in gzip; the same stands in Parquet with types. Cells may begin with `=`, `+`, `-` or `@` if
the text does: import them as text, not as formulas."""
_CODES = """\
PLOVER: the manual of the Open Event Data Alliance, with the types of POLECAT. CAMEO: version 1.1b3. Both are coarser than the acts: the
type of act, its stance and its words stand beside the codes."""
COLUMNS = ("table", "column", "type", "meaning", "source")


def as_csv() -> str:
    """One row a column of a table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for table in TABLES.values():
        writer.writerows((table.name, column.name, column.type, column.meaning, column.source) for column in table.columns)
    return out.getvalue()


def as_markdown(codes: Codes) -> str:
    """The same as a page, with the values of each type and the codes of event data."""
    lines = [
        "# Codebook",
        "",
        _TABLES,
        "",
        "| type | how it is written |",
        "|---|---|",
        *(f"| {type_} | {words} |" for type_, words in WRITTEN.items()),
        "",
    ]
    for table in TABLES.values():
        lines += [f"## {table.name}", "", f"A row is {table.row}.", "", "| column | type | meaning | source |", "|---|---|---|---|"]
        lines += [f"| `{column.name}` | {column.type} | {column.meaning} | {column.source} |" for column in table.columns]
        lines.append("")
    lines += [
        "## Codes of event data",
        "",
        _CODES,
        "",
        "| type of act | PLOVER | mode | CAMEO | why |",
        "|---|---|---|---|---|",
        *_coded(codes.acts.values()),
        "",
        "| kind of encounter | PLOVER | mode | CAMEO | why |",
        "|---|---|---|---|---|",
        *_coded(codes.kinds.values()),
        "",
    ]
    return "\n".join(lines)


def _coded(events: Iterable[Event]) -> Iterator[str]:
    for event in sorted(events, key=lambda event: event.code):
        yield f"| {event.code} | {event.plover} | {event.mode} | {event.cameo} | {event.reason} |"
