"""What a worker does: loads the resources once, then turns batches into shards. It reads and writes no file.

A coder is made inside the worker, from a function that can be named (so that it can be sent to another process or
machine) and its arguments.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from legation.distribute.shards import pack
from legation.model.text import RawDocument
from legation.problems import DocumentError, LegationError, Problem
from legation.settings import Settings
from legation.store import Item, RunRow, item_key, item_of, run_row


@dataclass(frozen=True, slots=True)
class Again:
    """An item that this run coded before; it only has to be the current one again."""

    key: str


Given = RawDocument | Problem | Again
Batch = Sequence[Given]


@dataclass(frozen=True, slots=True)
class Done:
    """A batch after its turn: the shard, and what the parent must know without reading it."""

    run: str
    shard: bytes
    states: tuple[tuple[str, bool], ...]  # item key, whether it failed
    problems: tuple[Problem, ...]
    articles: int
    records: int
    words: int


@dataclass(frozen=True, slots=True)
class Coder:
    """What codes, ready to work: the run, and the function from document to item."""

    run: RunRow
    code: Callable[[RawDocument], Item]


@dataclass(frozen=True, slots=True)
class CoderSource:
    """How a worker gets its coder: `make(*arguments)`."""

    make: Callable[..., Coder]
    arguments: tuple[Any, ...] = ()

    def __call__(self) -> Coder:
        return self.make(*self.arguments)


def legation_coder(
    settings: Settings, started: str | None = None, command: str | None = None, note: str | None = None
) -> Coder:
    """The coder of the house. ResourceError and SettingsError as in `load_resources`."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded; see cli/__init__.py
    from legation.pipeline import code_document
    from legation.resources import load_resources

    resources = load_resources(settings)
    return Coder(
        run_row(resources.run, started, command, note), lambda raw: item_of(raw, code_document(raw, resources))
    )


def work(batch: Batch, coder: Coder) -> Done:
    """Code a batch. Items that fail become problems; LegationErrors of data files and settings pass through."""
    items = [_one(given, coder) for given in batch]
    problems = tuple(item.problem for item in items if item.problem is not None)
    return Done(
        run=coder.run.run,
        shard=pack(coder.run, items),
        states=tuple((item.key, item.problem is not None) for item in items),
        problems=problems,
        articles=sum(item.article is not None for item in items),
        records=sum(len(item.records) for item in items),
        words=sum(item.article.get("words") or 0 for item in items if item.article is not None),
    )


def _one(given: Given, coder: Coder) -> Item:
    if isinstance(given, Again):
        return Item(given.key, again=True)
    if isinstance(given, Problem):
        return Item(item_key(given), given.name, problem=given)
    try:
        return coder.code(given)
    except DocumentError as error:
        return failed(given, error.problem)
    except LegationError:
        raise
    except Exception as error:  # a fault of ours must not take the rest of a long batch with it
        message = f"a fault in Legation ({type(error).__name__}: {error}); please report it"
        return failed(given, Problem("internal", message, given.name, given.id))


def failed(given: RawDocument, problem: Problem) -> Item:
    """The item of a document that could not be coded."""
    return Item(item_key(given), given.name, problem=problem)


def raising(message: str) -> Callable[[RawDocument], Item]:
    """In place of a coder, for an item that takes its worker with it."""

    def code(raw: RawDocument) -> Item:
        raise DocumentError(Problem("worker-died", message, raw.name, raw.id))

    return code
