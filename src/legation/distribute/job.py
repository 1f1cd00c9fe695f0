"""The job: items in, shards out, shards into the store. Cut anywhere, it goes on where it was when started again.

    items -> what is done already is left out (manifest) -> batches -> engine -> shard published -> noted -> loaded

A shard that is published is never made again, one that was not leaves no trace; the loader takes each exactly once.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from legation.distribute.engines import Engine
from legation.distribute.loading import load_pending
from legation.distribute.manifest import CODED, DISPLACED, FAILED, OLDER, Manifest
from legation.distribute.shards import PART, publish, shard_folder, shards_in
from legation.distribute.work import Again, Batch, Done, Given
from legation.model.text import RawDocument
from legation.problems import LegationError, Problem
from legation.store import RunRow, Store, StoreError, StoreLocked, item_key
from legation.store.load import Loaded

BATCH_ITEMS = 16
BATCH_CHARACTERS = 4_000_000
LOOK_UP = 64  # items that are looked up in the manifest at once
LOAD_EVERY = 64  # shards that wait before they are loaded while coding goes on
FINAL_WAIT = 10.0  # seconds to wait for the store at the end

Point = Callable[[str], None]


@dataclass
class Outcome:
    """What a call did so far. `held_by`: the process that kept the store, so that shards still wait."""

    run: RunRow | None = None
    articles: int = 0
    records: int = 0
    words: int = 0
    failed: int = 0
    skipped: int = 0
    failed_before: int = 0
    loaded: Loaded = field(default_factory=Loaded)
    waiting: int = 0
    interrupted: bool = False
    held_by: StoreLocked | None = None
    trouble: list[Problem] = field(default_factory=list)


class Watcher:
    """Is told what happens; the command line draws it. This one does nothing."""

    def ready(self, run: RunRow) -> None:
        """The workers are ready."""

    def seen(self, count: int) -> None:
        """So many items were met that need no work."""

    def done(self, done: Done) -> None:
        """A batch was coded and its shard published."""

    def loading(self, waiting: int) -> None:
        """All is coded; so many shards are still to be loaded."""


def _nowhere(_: str) -> None:
    """The usual hook: nothing."""


def ingest(
    items: Iterable[RawDocument | Problem],
    store: str | Path,
    engine: Engine,
    *,
    retry: bool = False,
    started: str | None = None,
    watcher: Watcher | None = None,
    outcome: Outcome | None = None,
    point: Point = _nowhere,
    batch_items: int = BATCH_ITEMS,
    load_every: int = LOAD_EVERY,
    final_wait: float = FINAL_WAIT,
) -> Outcome:
    """Code what this run has not coded yet and load it. Pass `outcome` to see how far an interrupted call came.

    `started` is the ISO time of the call. `point` is told how far it has come; the tests cut the program there.
    StoreError before any work when the store cannot be used or another ingest is at work, and when the disk is full;
    whatever was published by then is kept. After Ctrl-C what is coded is still loaded (`interrupted`); a second one
    leaves that to the next call. The caller closes the engine.
    """
    path, out = Path(store), outcome if outcome is not None else Outcome()
    watch = watcher or Watcher()
    _check(path)
    folder = shard_folder(path)
    with _disk(path):
        folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder, path), _manifest(folder, path) as manifest:
        for left in folder.glob(f"*{PART}"):
            left.unlink()
        with _disk(path):
            _bring_up_to_date(path, manifest)
        point("started")
        out.run = engine.run()
        watch.ready(out.run)
        batches = _batches(_new(items, manifest, out, watch, retry), batch_items)
        names = _names(folder)
        with contextlib.closing(_Loader(path, started, load_every, point)) as loader:
            try:
                with contextlib.closing(engine.map(batches)) as work:
                    for done in work:
                        _same_run(out.run, done)
                        with _disk(path):
                            publish(folder, next(names), done.shard, point)
                            states = ((key, FAILED if failed else CODED) for key, failed in done.states)
                            manifest.add(out.run.run, states)
                        point("shard noted")
                        _count(out, done)
                        watch.done(done)
                        loader.maybe()
            except KeyboardInterrupt:
                out.interrupted = True
                engine.close()
            watch.loading(len(shards_in(folder)))
            loader.finish(final_wait)
            out.loaded, out.held_by, out.waiting = loader.total, loader.held_by, len(shards_in(folder))
            out.trouble += loader.trouble
    return out


def _check(path: Path) -> None:
    """Open the store for a moment, so that what is wrong with it shows before hours of work. A held store is no fault:
    its holder loads the shards."""
    with _disk(path), contextlib.suppress(StoreLocked):
        Store.open(path, create=True).close()


@contextlib.contextmanager
def _disk(path: Path) -> Iterator[None]:
    """A full disk, or one that cannot be written to, as a clear message. What is published already is safe."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        what = (error.strerror if isinstance(error, OSError) else None) or error
        message = f"cannot be written ({what}); nothing that was finished is lost:"
        raise StoreError("disk-full", f"{message} make room and start the same command again", path) from error


@contextlib.contextmanager
def _only_one(folder: Path, path: Path) -> Iterator[None]:
    """One ingest for each store at a time. The system drops the lock when its holder dies, however that happens."""
    file = folder / "ingest.lock"
    with file.open("a+") as handle:
        try:
            import fcntl
        except ImportError:  # Windows: two at once would waste work, but the loader still stores each item once
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            who = handle.read().strip() or "unknown"
            raise StoreError(
                "ingest-running", f"another ingest into this store is at work (process {who})", path
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _manifest(folder: Path, path: Path) -> Manifest:
    with _disk(path):
        return Manifest(folder)


def _bring_up_to_date(path: Path, manifest: Manifest) -> None:
    """The manifest from the store where it can be opened, and from the shards that wait."""
    try:
        with Store.open(path, read_only=True, wait=0.0) as store:
            manifest.rebuild(store)
    except StoreLocked:
        pass  # a server holds it: the manifest knows what it loaded
    manifest.add_pending()


def _names(folder: Path) -> Iterator[str]:
    """Names for shards that sort after those that wait. The second part is new for each call: a name that the store
    has seen is never loaded again."""
    found = shards_in(folder)
    first = int(found[-1].stem.split("-")[0]) + 1 if found else 0
    call = uuid.uuid4().hex[:12]
    return (f"{number:09d}-{call}" for number in itertools.count(first))


def _same_run(run: RunRow, done: Done) -> None:
    """LegationError when a worker has other data files: on a cluster machines may differ."""
    if done.run != run.run:
        message = f"a worker codes under run {done.run}, the others under {run.run}"
        raise LegationError(f"{message}: its machine has another version of Legation or other data files")


def _count(out: Outcome, done: Done) -> None:
    out.articles += done.articles
    out.records += done.records
    out.words += done.words
    out.failed += len(done.problems)


def _new(
    items: Iterable[RawDocument | Problem], manifest: Manifest, out: Outcome, watch: Watcher, retry: bool
) -> Iterator[Given]:
    """Items that this run has not dealt with. What it coded under an older ingest may have to become current again."""
    assert out.run is not None
    source = iter(items)
    while True:
        chunk = [item for item, _ in zip(source, range(LOOK_UP), strict=False)]
        if not chunk:
            return
        keys = [item_key(item) for item in chunk]
        states = manifest.states(out.run.run, keys)
        for item, key in zip(chunk, keys, strict=True):
            state = states.get(key)
            states[key] = CODED  # met twice within one chunk
            if state is None or (state == FAILED and retry):
                yield item
            elif state == OLDER:
                yield Again(key)
            else:
                out.skipped += 1
                out.failed_before += state in (FAILED, DISPLACED)
                watch.seen(1)


def _batches(items: Iterator[Given], size: int) -> Iterator[Batch]:
    """Batches bounded in number and in characters."""
    batch: list[Given] = []
    characters = 0
    for item in items:
        length = len(item.content) if isinstance(item, RawDocument) else 0
        if batch and (len(batch) >= size or characters + length > BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(item)
        characters += length
    if batch:
        yield batch


class _Loader:
    """Loads waiting shards while coding goes on, on a thread of its own: the workers must not wait for it."""

    def __init__(self, path: Path, started: str | None, every: int, point: Point) -> None:
        self.path, self.started, self.every, self.point = path, started, every, point
        self.total = Loaded()
        self.held_by: StoreLocked | None = None
        self.trouble: list[Problem] = []
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._stop = threading.Event()
        self._since = every  # shards published since the last round; some may wait from an earlier call

    def maybe(self) -> None:
        """Start a round when enough shards were published and none is going on. Raises what went wrong in the last."""
        if self._thread is not None and not self._thread.is_alive():
            self._join()
        self._since += 1
        if self._thread is None and self._since >= self.every:
            self._since = 0
            self._thread = threading.Thread(target=self._round, args=(0.0,), daemon=True)
            self._thread.start()

    def finish(self, wait: float) -> None:
        """Load all that waits, waiting some seconds for the store."""
        self._join()
        self._round(wait)
        self._join()

    def close(self) -> None:
        """End a round that is going on after its shard: it must not outlive us."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _round(self, wait: float) -> None:
        import duckdb

        try:
            with Store.open(self.path, create=True, wait=wait) as store:
                done = load_pending(store, self.started, stop=self._stop.is_set, point=self.point)
            self.held_by = None
            self.total += done.loaded
            self.trouble += done.broken
        except StoreLocked as held:
            self.held_by = held
        except (OSError, sqlite3.Error, duckdb.Error) as error:
            message = f"cannot be written ({str(error).strip().splitlines()[0]}); nothing is lost, what is coded waits"
            message += " beside it: start the same command again when the cause is gone"
            self._error = StoreError("disk-full", message, self.path)
        except BaseException as error:
            self._error = error
