"""Where batches are worked on: in this process, in spawned processes, or (ray.py) on a cluster.

Every engine answers in the order of the batches and holds a bounded number of them, so that memory stays the same
however long the input is, and what was published is always a beginning of it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from legation.distribute.work import Again, Batch, Coder, CoderSource, Done, raising, work
from legation.problems import LegationError, Problem
from legation.store import RunRow

AHEAD = 3  # batches a worker that are under way or wait for their turn to be published
PATIENCE = 900.0  # seconds without an answer before a worker counts as stuck; the longest text takes about 200
RECYCLE = 20_000  # items after which a worker is replaced by a fresh one: caches of the libraries grow for ever


class Engine(Protocol):
    """Works on batches."""

    def run(self) -> RunRow:
        """The run that the workers code under. LegationError when they cannot be made ready."""

    def map(self, batches: Iterable[Batch]) -> Generator[Done]:
        """The batches after their turn, in their order. Closing the iterator stops the work."""

    def close(self) -> None:
        """Let the workers go."""


class Here:
    """One batch after the other in this process."""

    def __init__(self, source: CoderSource) -> None:
        self._source = source
        self._coder: Coder | None = None

    def _ready(self) -> Coder:
        if self._coder is None:
            self._coder = self._source()
        return self._coder

    def run(self) -> RunRow:
        """See `Engine`."""
        return self._ready().run

    def map(self, batches: Iterable[Batch]) -> Generator[Done]:
        """See `Engine`."""
        for batch in batches:
            yield work(batch, self._ready())

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A data file or setting that cannot be used: nothing further can be right."""

    message: str


def trouble(error: Exception) -> Trouble:
    """What a worker says to the parent: exceptions with arguments of their own do not travel between processes."""
    if isinstance(error, LegationError):
        return Trouble(str(error))
    return Trouble(f"a worker cannot start: a fault in Legation ({type(error).__name__}: {error}); please report it")


@dataclass(eq=False)
class _Worker:
    """One spawned process and the pipe to it. `task`: what it is working on, since when."""

    process: Any
    pipe: Connection
    task: _Task | None = None
    since: float = 0.0
    items: int = 0
    ready: bool = False


@dataclass(eq=False)
class _Task:
    """A batch on its way. A batch that killed its worker is tried again item by item, in `parts`."""

    batch: Batch
    done: Done | None = None
    parts: list[_Task] = field(default_factory=list)
    alone: bool = False

    def finished(self) -> bool:
        return all(part.finished() for part in self.parts) if self.parts else self.done is not None

    def answers(self) -> Iterator[Done]:
        for part in self.parts:
            yield from part.answers()
        if not self.parts and self.done is not None:
            yield self.done


class Processes:
    """Spawned workers on this machine. One that dies or hangs costs the item that did it, and nothing else."""

    def __init__(
        self, source: CoderSource, workers: int, *, patience: float = PATIENCE, recycle: int = RECYCLE
    ) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._source, self._count = source, workers
        self._patience, self._recycle = patience, recycle
        self._workers: list[_Worker] = []
        self._run: RunRow | None = None

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._source), daemon=True)
        with _deaf():
            process.start()
        theirs.close()
        worker = _Worker(process, ours, since=time.monotonic())
        self._workers.append(worker)
        return worker

    def run(self) -> RunRow:
        """See `Engine`. Starts all workers and waits for the first."""
        while len(self._workers) < self._count:
            self._start()
        while self._run is None:
            self._listen()
        return self._run

    def map(self, batches: Iterable[Batch]) -> Generator[Done]:
        """See `Engine`."""
        self.run()
        source = iter(batches)
        waiting: deque[_Task] = deque()  # not given out yet
        order: deque[_Task] = deque()  # not answered yet
        more = True
        while True:
            while order and order[0].finished():
                yield from order.popleft().answers()
            while more and len(order) < self._count * AHEAD:
                batch = next(source, None)
                if batch is None:
                    more = False
                else:
                    task = _Task(batch)
                    waiting.append(task)
                    order.append(task)
            if not order:
                return
            for worker in self._workers:
                if worker.ready and worker.task is None and waiting:
                    self._give(worker, waiting.popleft())
            if not order[0].finished():
                self._listen(waiting)

    def _give(self, worker: _Worker, task: _Task) -> None:
        worker.task, worker.since = task, time.monotonic()
        with contextlib.suppress(OSError):  # it died: _listen finds out
            worker.pipe.send(task.batch)

    def _listen(self, waiting: deque[_Task] | None = None) -> None:
        """Wait for one answer, death or loss of patience, and deal with it."""
        by_pipe = {worker.pipe: worker for worker in self._workers}
        for pipe in wait(list(by_pipe), timeout=1.0):
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                answer = worker.pipe.recv()
            except (EOFError, OSError):
                self._lost(worker, waiting, "died")
                continue
            if isinstance(answer, Trouble):
                raise LegationError(answer.message)
            if isinstance(answer, RunRow):
                self._run = self._run or answer
                worker.ready = True
                continue
            assert isinstance(answer, Done) and worker.task is not None
            worker.task.done = answer
            worker.items += len(worker.task.batch)
            worker.task = None
            if worker.items >= self._recycle:
                self._end(worker)
                self._start()
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.task is not None and now - worker.since > self._patience:
                self._lost(worker, waiting, f"gave no answer for {now - worker.since:.0f} seconds")

    def _lost(self, worker: _Worker, waiting: deque[_Task] | None, how: str) -> None:
        """A worker is gone: start another, and try what it held again, item by item, to find the one that did it."""
        task = worker.task
        self._end(worker)
        status = worker.process.exitcode
        if not worker.ready:
            raise LegationError(f"a worker ended before it was ready (exit status {status})")
        self._start()
        if task is None or waiting is None:
            return
        if len(task.batch) > 1:
            task.parts = [_Task([given]) for given in task.batch]
            waiting.extendleft(reversed(task.parts))
            return
        given = task.batch[0]
        if not task.alone and not isinstance(given, Again | Problem):
            task.alone = True  # once more on its own: the worker may have died of what came before
            waiting.appendleft(task)
            return
        message = f"the worker that coded it {how} (exit status {status}); please report it"
        assert self._run is not None
        task.done = work([given], Coder(self._run, raising(message)))

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.terminate()
        worker.process.join(5)
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()

    def close(self) -> None:
        """See `Engine`."""
        for worker in list(self._workers):
            self._end(worker)


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl-C is the parent's business: what is started here never hears it, not even while it starts."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread may say so
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(pipe: Connection, source: CoderSource) -> None:
    """The life of a worker: ends when the parent closes the pipe, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        try:
            coder = source()
        except Exception as error:
            pipe.send(trouble(error))
            return
        pipe.send(coder.run)
        while True:
            batch = pipe.recv()
            try:
                answer: Any = work(batch, coder)
            except LegationError as error:
                answer = trouble(error)
            pipe.send(answer)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
