"""Tables as Parquet, with the types and meanings of the codebook.  The only module that asks pyarrow, which is an extra."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from communique.errors import UsageError
from communique.queries.release.columns import Table, Type

_BLOCK = 1 << 24  # bytes of a table in memory; one block is one row group
REMEDY = "install it with: pip install 'communique[parquet]'"


def there() -> bool:
    """Whether pyarrow is installed."""
    return importlib.util.find_spec("pyarrow") is not None


def required() -> None:
    """Raises ``UsageError`` if pyarrow is not installed."""
    if not there():
        raise UsageError("Parquet needs pyarrow, which is not installed", todo=f"{REMEDY}, or leave Parquet out")


def write(table: Table, source: Path, target: Path) -> None:
    """Write ``target`` from the table in ``source``, CSV in gzip; a cell that is empty becomes null."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyarrow import csv

    types = _types(pa)
    schema = pa.schema([pa.field(c.name, types[c.type], metadata={"description": c.meaning}) for c in table.columns])
    options = csv.ConvertOptions(column_types=schema, include_columns=schema.names, strings_can_be_null=True, null_values=[""])
    reading = csv.ReadOptions(use_threads=False, block_size=_BLOCK)
    parsing = csv.ParseOptions(newlines_in_values=True)
    # Closed in this order: what is written last is at the end of the file.
    with (
        pa.input_stream(source, compression="gzip") as stream,
        csv.open_csv(stream, reading, parsing, options) as batches,
        pq.ParquetWriter(target, schema, compression="zstd") as writer,
    ):
        for batch in batches:
            writer.write_batch(batch.cast(schema))


def _types(pa: Any) -> dict[Type, Any]:
    kinds = {
        Type.DATE: pa.date32(),
        Type.TIME: pa.timestamp("s", tz="UTC"),
        Type.INTEGER: pa.int64(),
        Type.NUMBER: pa.float64(),
        Type.TRUTH: pa.bool_(),
    }
    return {type_: kinds.get(type_, pa.string()) for type_ in Type}
