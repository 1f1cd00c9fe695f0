"""The desk's state: the open store, what is kept ready for answers, and the thread that loads what an ingest left.

The server is the one process that holds the store for writing. An ingest that meets the lock leaves its shards beside
the file; the loader takes them in while people go on reading (DuckDB keeps readers and the writer apart).
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from legation.codebook import load_codebook
from legation.problems import SettingsError
from legation.settings import Secrets, load_secrets
from legation.store import Filter, Store
from legation.watch import Teller
from legation.web.charts import bundle

if TYPE_CHECKING:
    from legation.codebook.book import Codebook

log = logging.getLogger("legation.web")

KEPT = 400  # answers kept ready; one is a few kilobytes
LOOK_SECONDS = 2.0


def now() -> datetime:
    """The time of a correction: UTC, without a zone, as the store keeps times."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Desk:
    """One store at work. `version` counts what was written: an answer kept ready holds for one version only."""

    def __init__(self, store: Store, secrets: Secrets | None = None) -> None:
        self.store = store
        self._secrets = secrets
        self.version = 0
        self.pending = 0  # shards seen and not loaded yet
        self.trouble = ""  # why the last load failed, for the frame
        self.after_load: list[Callable[[], None]] = []  # done once no shard waits any more
        self._unsettled = True  # what came in while no desk was open is settled at the start
        self.parts: dict[str, Any] = {}  # what single screens keep running beside the desk
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._loader: threading.Thread | None = None
        self._teller: Teller | None = None

    # --- what is kept ready

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The answer under this key, made once for each version of the store."""
        full = (self.version, key)
        with self._lock:
            if full in self._kept:
                self._kept.move_to_end(full)
                return self._kept[full]
        value = make()
        with self._lock:
            self._kept[full] = value
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return value

    def wrote(self) -> None:
        """Something was written: what was kept ready is out of date."""
        with self._lock:
            self.version += 1
            self._kept.clear()

    def count(self, where: Filter) -> int:
        """How many events, kept ready."""
        return int(self.kept(("count", where), lambda: self.store.count(where)))

    def rows(self, query: str, params: Any = ()) -> list[dict[str, Any]]:
        """Rows of a reading statement as dicts."""
        found: list[dict[str, Any]] = self.store.sql(query, params).to_pylist()
        return found

    @cached_property
    def codebook(self) -> Codebook:
        """Types, modes, sectors and contexts, for forms and explanations."""
        return load_codebook()

    def frame(self) -> dict[str, Any]:
        """What the head of every page says of the store."""
        counts = self.kept(
            "frame",
            lambda: self.rows(
                "SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM current_articles) AS articles"
            )[0],
        )
        return {
            "name": self.store.path.name,
            **counts,
            "pending": self.pending,
            "trouble": self.trouble,
            "read_only": self.store.read_only,
        }

    # --- the loader

    def start(self) -> None:
        """Begin to look for shards (not for a store that is open for reading only); make the chart library ready."""
        threading.Thread(target=self._make_ready, name="legation-ready", daemon=True).start()
        if self._loader is None and not self.store.read_only:
            self._loader = threading.Thread(target=self._load_always, name="legation-loader", daemon=True)
            self._loader.start()
            self._teller = Teller(self.store, _secrets() if self._secrets is None else self._secrets)
            self._teller.start()

    @staticmethod
    def _make_ready() -> None:
        """What would make the first reader of a screen wait: charts, codebook, the tables of the export."""
        from legation.export.layouts import LAYOUTS
        from legation.export.tables import load_tables
        from legation.store.filter_words import vocabulary

        vocabulary()
        bundle()
        assert LAYOUTS and load_tables()

    def stop(self) -> None:
        """Let the loader end after the shard it is at."""
        self._stop.set()
        if self._loader is not None:
            self._loader.join(timeout=30)
            self._loader = None
        if self._teller is not None:
            self._teller.stop()
            self._teller = None

    def _load_always(self) -> None:
        while not self._stop.is_set():
            try:
                loaded = self.load_pending()
                self.trouble = ""
            except Exception:  # a damaged shard must not end the server; the next round tries again
                log.exception("loading shards failed")
                self.trouble = "loading new articles failed; the terminal that runs the desk says why"
                loaded = 0
            if not loaded:
                self._stop.wait(LOOK_SECONDS)

    def _do(self, steps: list[Callable[[], None]]) -> None:
        """Each step for itself: what is wrong with one is no reason to leave another."""
        for step in steps:
            try:
                step()
            except Exception:  # nobody waits for it; it is tried again another time
                log.exception("a step of the loader failed")

    def load_pending(self) -> int:
        """Load one of the shards that lie ready; how many were loaded. One at a time, so that nobody waits long."""
        from legation.distribute.loading import load_pending, pending_shards

        self.pending = pending_shards(self.store.path)
        if not self.pending:
            if self._unsettled:
                self._unsettled = False
                self._do(self.after_load)
                if self._teller is not None:
                    self._teller.wake()  # once reports of one event are grouped: watches tell of an event once
            return 0
        done = load_pending(self.store, now().isoformat(), limit=1)
        for problem in done.broken:
            log.warning("%s", problem)
        if done.shards:
            self._unsettled = True
            self.wrote()
        self.pending = pending_shards(self.store.path)
        return done.shards


def _secrets() -> Secrets:
    """What the watches send with. Secrets that cannot be used leave messages waiting; the desk opens all the same."""
    try:
        return load_secrets()
    except SettingsError as error:
        log.warning("watches send nothing by mail or webhook: %s", error)
        return Secrets()
