"""Ray: the same batches as tasks, on the machines of a cluster. Needs the extra "cluster".

Ray only carries work out and answers back: what is done is in our manifest and shards, on the machine where
`legation ingest` runs. A cluster that goes away in the middle costs the batches that were on their way.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Generator, Iterable
from typing import Any

from legation.distribute.engines import AHEAD, Trouble, trouble
from legation.distribute.work import Batch, Coder, CoderSource, Done, raising, work
from legation.problems import LegationError, SettingsError
from legation.store import RunRow

RETRIES = 1  # times a task is tried again by Ray when its worker or machine dies


class Cluster:
    """Batches as Ray tasks. Without an address a Ray of its own is started on this machine, for as long as it takes."""

    def __init__(self, source: CoderSource, workers: int, address: str | None = None) -> None:
        try:
            import ray
        except ImportError as error:
            message = "--engine ray needs Ray, which is not installed: pip install 'legation[cluster]'"
            raise SettingsError(message) from error
        self._ray: Any = ray
        self._source, self._workers, self._address = source, workers, address
        self._run: RunRow | None = None
        self._started = False

    def _start(self) -> None:
        if self._started:
            return
        quiet = {
            "include_dashboard": False,
            "log_to_driver": False,
            "logging_level": "ERROR",
            "configure_logging": False,
        }
        own = {"num_cpus": self._workers} if self._address is None else {"address": self._address}
        try:
            self._ray.init(**quiet, **own)
        except Exception as error:
            raise SettingsError(f"Ray cannot be reached: {error}") from error
        self._started = True

    def run(self) -> RunRow:
        """See `Engine`."""
        self._start()
        if self._run is None:
            describe = self._ray.remote(max_retries=RETRIES)(_describe)
            answer = self._get(describe.remote(self._source))
            assert isinstance(answer, RunRow)
            self._run = answer
        return self._run

    def map(self, batches: Iterable[Batch]) -> Generator[Done]:
        """See `Engine`."""
        self.run()
        task = self._ray.remote(max_retries=RETRIES)(_task)
        order: deque[tuple[Batch, Any]] = deque()
        try:
            for batch in batches:
                order.append((batch, task.remote(list(batch), self._source)))
                if len(order) >= self._workers * AHEAD:
                    yield from self._answers(task, *order.popleft())
            while order:
                yield from self._answers(task, *order.popleft())
        finally:
            for _, reference in order:
                self._ray.cancel(reference, force=True)

    def _answers(self, task: Any, batch: Batch, reference: Any) -> Generator[Done]:
        """The answer to a batch; item by item when its worker died each time."""
        lost = (self._ray.exceptions.WorkerCrashedError, self._ray.exceptions.OutOfMemoryError)
        try:
            yield self._get(reference)
        except lost as error:
            if len(batch) > 1:
                for given in batch:
                    yield from self._answers(task, [given], task.remote([given], self._source))
            else:
                assert self._run is not None
                message = f"the worker that coded it died ({type(error).__name__}); please report it"
                yield work(batch, Coder(self._run, raising(message)))

    def _get(self, reference: Any) -> Any:
        """An answer; what a worker found wrong with data files or settings is raised here."""
        answer = self._ray.get(reference)
        if isinstance(answer, Trouble):
            raise LegationError(answer.message)
        return answer

    def close(self) -> None:
        """Leave Ray; one that we started ends."""
        if self._started:
            self._ray.shutdown()
            self._started = False


@functools.lru_cache(maxsize=1)
def _coder(source: CoderSource) -> Coder:
    """Made once in each process of a worker."""
    return source()


def _describe(source: CoderSource) -> RunRow | Trouble:
    try:
        return _coder(source).run
    except Exception as error:
        return trouble(error)


def _task(batch: Batch, source: CoderSource) -> Done | Trouble:
    try:
        return work(batch, _coder(source))
    except LegationError as error:
        return trouble(error)
