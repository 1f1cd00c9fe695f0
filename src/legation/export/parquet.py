"""Parquet: the flat columns with their types; lists are lists, days are days. Written in groups of rows."""

from __future__ import annotations

import datetime
from typing import Any, BinaryIO

from legation.export import flat
from legation.export.parts import Record
from legation.export.tables import Column, Tables

GROUP = 5_000  # rows in memory at one time


def schema(columns: tuple[Column, ...]) -> Any:
    """The Arrow schema of flat columns."""
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "integer": pa.int32(),
        "number": pa.float64(),
        "day": pa.date32(),
        "list": pa.list_(pa.string()),
    }
    numbers = pa.list_(pa.int32())
    return pa.schema([(c.name, numbers if c.name in flat.OFFSETS else kinds[c.type]) for c in columns])


class ParquetSink:
    """Writes records to a file. The file is whole only after `close`."""

    def __init__(self, file: BinaryIO, tables: Tables, *, safe: bool, about: dict[str, str]) -> None:
        import pyarrow.parquet as pq

        self.rows = 0
        self._columns = tables.columns["csv"] + (tables.columns["safe"] if safe else ())
        self._schema = schema(self._columns).with_metadata(about)
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")
        self._waiting: list[dict[str, Any]] = []

    def add(self, record: Record) -> None:
        """One record."""
        found = flat.values(record)
        self._waiting.append({c.name: _typed(found[c.name], c) for c in self._columns})
        self.rows += 1
        if len(self._waiting) >= GROUP:
            self._flush()

    def close(self) -> None:
        """Write what waits and the end of the file."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._waiting:
            self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
            self._waiting = []


def _typed(value: Any, column: Column) -> Any:
    if column.type == "day" and value is not None:
        return datetime.date.fromisoformat(value)
    if isinstance(value, str):
        return value.encode("utf8", "backslashreplace").decode()  # a lone surrogate has no place in Arrow
    if isinstance(value, list):
        return [v.encode("utf8", "backslashreplace").decode() if isinstance(v, str) else v for v in value]
    return value
