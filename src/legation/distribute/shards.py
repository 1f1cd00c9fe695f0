"""A shard: one batch of items in one Parquet file, one row an item, in the folder FILE.shards beside the store.

A shard is there whole or not at all: it is written under another name, flushed to the disk and then renamed. Names
sort in the order of the input. Workers make the bytes, only the one ingest of a store writes files.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legation.problems import Problem
from legation.store import Item, RunRow

if TYPE_CHECKING:
    import pyarrow

FORMAT = "1"
SUFFIX = ".parquet"
PART = ".part"
BROKEN = ".broken"


class BrokenShard(Exception):  # noqa: N818 (a state of a file; never leaves this package)
    """A file in the folder that is no shard that we can read."""


def shard_folder(store: Path) -> Path:
    """Where the shards of a store wait."""
    return store.with_name(store.name + ".shards")


def pack(run: RunRow, items: Sequence[Item]) -> bytes:
    """The content of a shard."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=True, sort_keys=True)

    problems = [item.problem for item in items]
    table = pa.table(
        {
            "key": pa.array([item.key for item in items], pa.string()),
            "path": pa.array([item.path for item in items], pa.string()),
            "again": pa.array([item.again for item in items], pa.bool_()),
            "problem": pa.array([None if p is None else dump(asdict(p)) for p in problems], pa.string()),
            "article": pa.array([None if i.article is None else dump(i.article) for i in items], pa.string()),
            "records": pa.array([[dump(r) for r in item.records] for item in items], pa.list_(pa.string())),
            "rejected": pa.array([[dump(r) for r in item.rejected] for item in items], pa.list_(pa.string())),
        }
    ).replace_schema_metadata({"legation": FORMAT, "run": dump(asdict(run))})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def unpack(path: Path) -> tuple[RunRow, list[Item]]:
    """Run and items of a shard. BrokenShard when the file is damaged or none of ours."""
    table = _read(path, None)
    try:
        run = RunRow(**json.loads(table.schema.metadata[b"run"]))
        return run, [_item(row) for row in table.to_pylist()]
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenShard(f"{path}: {error}") from error


def keys_of(path: Path) -> tuple[str, list[tuple[str, bool]]]:
    """The run of a shard, and for each item its key and whether it failed. BrokenShard as in `unpack`."""
    table = _read(path, ["key", "problem"])
    try:
        run = json.loads(table.schema.metadata[b"run"])["run"]
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenShard(f"{path}: {error}") from error
    return run, [(row["key"], row["problem"] is not None) for row in table.to_pylist()]


def _read(path: Path, columns: list[str] | None) -> pyarrow.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, columns=columns)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise BrokenShard(f"{path}: {error}") from error
    if (table.schema.metadata or {}).get(b"legation") != FORMAT.encode():
        raise BrokenShard(f"{path}: is no shard of this version of Legation")
    return table


def _item(row: dict[str, Any]) -> Item:
    return Item(
        key=row["key"],
        path=row["path"],
        article=json.loads(row["article"]) if row["article"] else None,
        records=tuple(json.loads(text) for text in row["records"]),
        rejected=tuple(json.loads(text) for text in row["rejected"]),
        problem=Problem(**json.loads(row["problem"])) if row["problem"] else None,
        again=row["again"],
    )


def shards_in(folder: Path) -> list[Path]:
    """Whole shards, in the order in which they were made."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def publish(folder: Path, name: str, content: bytes, point: Callable[[str], None]) -> Path:
    """Write a shard so that it is there whole or not at all. OSError when the disk is full; nothing is left then."""
    path = folder / f"{name}{SUFFIX}"
    part = path.with_suffix(PART)
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        point("shard written")
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    flush_folder(folder)
    point("shard published")
    return path


def flush_folder(folder: Path) -> None:
    """Make renames in a folder last through a power cut, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # no such thing on Windows
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
