"""Answers of a store as text or files: CSV, lines of JSON, Parquet."""

from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from legation.export.encoders import line

if TYPE_CHECKING:
    import pyarrow

ROWS = 2_000  # made into Python values at one time


def rows(table: pyarrow.Table) -> Iterator[list[Any]]:
    """The rows, a part of the table at a time."""
    for batch in table.to_batches(max_chunksize=ROWS):
        columns = [batch.column(k).to_pylist() for k in range(batch.num_columns)]
        yield from (list(row) for row in zip(*columns, strict=True))


def as_csv(table: pyarrow.Table) -> Iterator[str]:
    """CSV with a header (RFC 4180). Lists are joined by "; ", what is structured stands as JSON, null is empty."""
    yield line(list(table.column_names))
    for row in rows(table):
        yield line([cell(value) for value in row])


def as_jsonl(table: pyarrow.Table) -> Iterator[str]:
    """One object a line; days and times in ISO form."""
    for row in rows(table):
        found = dict(zip(table.column_names, row, strict=True))
        yield json.dumps(found, ensure_ascii=False, default=plain) + "\n"


def as_parquet(table: pyarrow.Table, file: BinaryIO) -> None:
    """Parquet."""
    import pyarrow.parquet as pq

    pq.write_table(table, file, compression="zstd")


def cell(value: Any) -> str:
    """A value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join("" if v is None else cell(v) for v in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=plain)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return str(plain(value))


def plain(value: Any) -> Any:
    """A value that JSON has no form for."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if not isinstance(value, int | float) else value
