"""Parquet: a row, a document; row groups one after the other, in small batches."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, BinaryIO

from legation.model.text import RawDocument
from legation.problems import DocumentError, Problem
from legation.read.columns import find_columns
from legation.read.how import How, Source
from legation.read.items import document_of
from legation.read.limits import MAX_HTML_BYTES, megabytes
from legation.read.unpack import spool

_BATCH = 16  # rows: a page of eight megabytes in each of them is not too much
_MAX_GROUP_BYTES = 4_000_000_000  # one row group of one column, unpacked


def read_parquet(stream: BinaryIO, source: Source, how: How) -> Iterator[RawDocument | Problem]:
    """Every row. A row group that cannot be read is one Problem, and the next one follows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = source.name
    plain = spool(stream, name)
    try:
        # with a buffer a row group is read piece by piece; without it, whole
        file = pq.ParquetFile(plain, pre_buffer=False, buffer_size=1 << 20)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = f"is no Parquet file that can be read ({_short(error)})"
        raise DocumentError(Problem("damaged", reason, name, name)) from error
    schema = file.schema_arrow
    columns = find_columns(schema.names, how.columns, name)
    for field, at in columns.places.items():
        wrong = _wrong_type(field, schema.field(at).type)
        if wrong:
            shown = ", ".join(f"{f.name} ({f.type})" for f in list(schema)[:40])
            reason = f"its column {schema.names[at]!r} for {field} holds {wrong}; its columns are {shown}"
            raise DocumentError(Problem("columns", reason, name, name))
    names = {field: schema.names[at] for field, at in columns.places.items()}
    bare = How(how.input_format, how.date, how.no_clean)
    row = 0
    for group in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        size = file.metadata.row_group(group).total_byte_size
        if size > _MAX_GROUP_BYTES:
            reason = f"unpacks to more than {megabytes(_MAX_GROUP_BYTES)}; write the file in smaller row groups"
            yield Problem("too-large", reason, source.part("row group", group + 1))
            row += rows
            continue
        done = 0
        try:
            batches = file.iter_batches(_BATCH, row_groups=[group], columns=sorted(set(names.values())))
            for batch in batches:
                cells = {field: batch.column(column) for field, column in names.items()}
                for k in range(batch.num_rows):
                    done += 1
                    yield _row(cells, k, source, row + done, bare, columns.order)
        except (pa.ArrowException, OSError, ValueError) as error:
            reason = f"its row group {group + 1} cannot be read after row {row + done} ({_short(error)})"
            yield Problem("damaged", reason, name, name)
        row += rows
    if not row:
        yield Problem("empty", "holds no row", name, name)


def _row(
    cells: dict[str, Any], k: int, source: Source, number: int, how: How, order: str | None
) -> RawDocument | Problem:
    name, id_ = source.part("row", number), source.id(number)
    item: dict[str, object] = {}
    for field, column in cells.items():
        cell = column[k]
        if not cell.is_valid:
            continue
        if field in ("text", "html") and cell.as_buffer().size > MAX_HTML_BYTES:
            return Problem("too-large", f"its text is longer than {megabytes(MAX_HTML_BYTES)}", name, id_)
        try:
            value = cell.as_py()
        except (UnicodeDecodeError, ValueError, OverflowError) as error:
            return Problem("encoding", f"its {field} cannot be read ({_short(error)})", name, id_)
        if isinstance(value, bytes):
            try:
                value = value.decode("utf-8")
            except UnicodeDecodeError as error:
                return Problem("encoding", f"its {field} is not UTF-8 ({error.reason} at {error.start})", name, id_)
        if field == "date" and isinstance(value, datetime.date):
            value = value.isoformat()[:10]
        elif field == "id" or (field not in ("text", "html", "author") and not isinstance(value, str)):
            value = str(value)
        item[field] = value
    item.setdefault("html" if "html" in cells else "text", "")
    return document_of(item, name, id_, how, order)


def _wrong_type(field: str, kind: Any) -> str | None:
    """What a column holds instead of what the field needs; None when it fits."""
    import pyarrow.types as types

    text = types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind) or types.is_large_binary(kind)
    if text:
        return None
    if field in ("text", "html", "title", "url", "publication", "language"):
        return f"{kind}, not text"
    if field == "author":
        return None if types.is_list(kind) and types.is_string(kind.value_type) else f"{kind}, not text"
    if field == "date":
        return None if types.is_date(kind) or types.is_timestamp(kind) else f"{kind}, neither a day nor text"
    return None if types.is_integer(kind) else f"{kind}, neither text nor a whole number"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
