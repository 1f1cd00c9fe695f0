"""Waiting shards into the store: each in one transaction, exactly once, in the order of the input; then they go.

Called by `legation ingest` when it can have the store, and by a running server, which holds it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from legation.distribute.manifest import Manifest
from legation.distribute.shards import BROKEN, BrokenShard, shard_folder, shards_in, unpack
from legation.problems import Problem
from legation.store import Store
from legation.store.load import Loaded


@dataclass(frozen=True, slots=True)
class Pending:
    """What a round of loading did. `broken`: shards that could not be read and were set aside."""

    shards: int
    loaded: Loaded
    broken: tuple[Problem, ...] = ()


def _nowhere(_: str) -> None:
    """The usual hook: nothing."""


def pending_shards(store: str | Path) -> int:
    """How many shards wait for this store."""
    return len(shards_in(shard_folder(Path(store))))


def load_pending(
    store: Store,
    loaded_at: str | None = None,
    *,
    limit: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    point: Callable[[str], None] = _nowhere,
) -> Pending:
    """Load the shards that wait for this open store, in order: at most `limit`, until `stop` says so. Safe to call
    again at any time; a server calls it once when it starts, which also brings the manifest in line with the store.

    OSError or duckdb.Error when a transaction cannot be finished (disk full): what was loaded before stays, the rest
    waits. `point` is told how far it has come; the tests cut the program there.
    """
    folder = shard_folder(store.path)
    found = shards_in(folder) if folder.is_dir() else []
    if not folder.is_dir():
        return Pending(0, Loaded())
    total, broken, count = Loaded(), [], 0
    with Manifest(folder) as manifest:
        if not manifest.belongs_to(store):
            manifest.empty()
            manifest.stamp(store)
            manifest.add_pending()
        for path in found[:limit]:
            if stop():
                break
            try:
                run, items = unpack(path)
            except FileNotFoundError:  # another loader was here
                continue
            except BrokenShard as error:
                path.replace(path.with_suffix(BROKEN))
                message = f"is damaged and was set aside as {path.with_suffix(BROKEN).name}; run the ingest again"
                broken.append(Problem("broken-shard", f"{message} ({error})", str(path)))
                manifest.empty()  # it may count items that were in there
                continue
            point("shard read")
            done = store.load(run, items, shard=path.stem, loaded_at=loaded_at)
            total += done
            point("shard loaded")
            manifest.move(done.moved)
            manifest.stamp(store)
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
            count += 1
            point("shard removed")
    return Pending(count, total, tuple(broken))
