"""The watches in a process that stays: a thread that runs them after each load, and by the clock for what waits.

The desk holds the store as long as it is open; nobody else can run the watches then.
"""

from __future__ import annotations

import datetime
import logging
import threading
from typing import TYPE_CHECKING

from legation.settings import Secrets
from legation.watch.book import list_watches
from legation.watch.deliver import run_watches

if TYPE_CHECKING:
    from legation.store import Store

log = logging.getLogger("legation.watch")

EVERY = 60.0  # seconds between looks at what waits: second tries, digests
FAREWELL = 35.0  # seconds that a message on its way gets when the process ends


class Teller:
    """Runs the watches of a store in the background. `wake` after every load; `stop` before the store is closed."""

    def __init__(self, store: Store, secrets: Secrets | None = None, every: float = EVERY) -> None:
        self._store, self._secrets, self._every = store, secrets or Secrets(), every
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._said: tuple[str, ...] = ()

    def start(self) -> None:
        """Begin; a first look is taken at once."""
        if self._thread is None:
            self._stop.clear()
            self._wake.set()
            self._thread = threading.Thread(target=self._work, name="legation-teller", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """There is something new in the store."""
        self._wake.set()

    def stop(self) -> None:
        """End after the message that is on its way. One that takes longer is sent again by the next run."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(FAREWELL)
            self._thread = None

    def _work(self) -> None:
        while True:
            self._wake.wait(self._every)
            self._wake.clear()
            if self._stop.is_set():
                return
            try:
                self._run()
            except Exception:  # a background thread has nobody to raise to, and the next look may go well
                log.exception("running the watches failed")

    def _run(self) -> None:
        if not list_watches(self._store):
            return
        report = run_watches(
            self._store, datetime.datetime.now(datetime.UTC), secrets=self._secrets, stop=self._stop.is_set
        )
        if report.problems != self._said:  # the same trouble once, not every minute
            for problem in report.problems:
                log.warning("watch %s", problem)
            self._said = report.problems
