"""Waiting shards into the store: each whole, exactly once, in the order of the input; then they go.

Called by `legation ingest` when it can have the store, and by a running server, which holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from legation.distribute.manifest import Manifest
from legation.distribute.shards import BROKEN, BrokenShard, shard_folder, shards_in, unpack
from legation.problems import Problem
from legation.store import Item, RunRow, Store
from legation.store.load import Loaded

# what one transaction takes: a commit costs as much as 300 articles; packed bytes are a tenth of those in memory
GROUP_ITEMS = 512
GROUP_BYTES = 8_000_000


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
    if not folder.is_dir():
        return Pending(0, Loaded())
    total, count = Loaded(), 0
    broken: list[Problem] = []
    with Manifest(folder) as manifest:
        if not manifest.belongs_to(store):
            manifest.empty()
            manifest.stamp(store)
            manifest.add_pending()
        for group in _groups(shards_in(folder)[:limit], broken):
            if stop():
                break
            point("shard read")
            run = group[0].run
            done = store.load_shards(run, [(one.path.stem, one.items) for one in group], loaded_at=loaded_at)
            total += done
            point("shard loaded")
            manifest.move(done.moved)
            manifest.stamp(store)
            for one in group:
                one.path.unlink(missing_ok=True)
                point("shard removed")
            count += len(group)
        if broken:  # the manifest may count items that were in there
            manifest.empty()
            manifest.add_pending()
    return Pending(count, replace(total, moved=()), tuple(broken))


@dataclass(frozen=True, slots=True)
class _Read:
    """One shard in memory."""

    path: Path
    run: RunRow
    items: list[Item]


def _groups(paths: list[Path], broken: list[Problem]) -> Iterator[list[_Read]]:
    """Shards that follow each other and belong to one run, as many as one transaction takes. Broken ones go aside."""
    group: list[_Read] = []
    size = 0
    for path in paths:
        try:
            weight = path.stat().st_size
            one = _Read(path, *unpack(path))
        except FileNotFoundError:  # another loader was here
            continue
        except BrokenShard as error:
            aside = path.with_suffix(BROKEN)
            path.replace(aside)
            message = f"is damaged and was set aside as {aside.name}; start the ingest again ({error})"
            broken.append(Problem("broken-shard", message, str(path)))
            continue
        full = sum(len(other.items) for other in group) + len(one.items) > GROUP_ITEMS or size + weight > GROUP_BYTES
        if group and (full or group[0].run.run != one.run.run):
            yield group
            group, size = [], 0
        group.append(one)
        size += weight
    if group:
        yield group
