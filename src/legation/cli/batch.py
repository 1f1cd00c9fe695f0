"""Working through many items: every one gets its turn, its line, and its word on standard error when it fails."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from legation.cli.safe import printable

if TYPE_CHECKING:
    from legation.model.text import Article, RawDocument
    from legation.problems import Problem

T = TypeVar("T")


@dataclass
class Batch:
    """Counts what failed, says it on standard error, knows the exit status."""

    failed: int = 0
    dated: set[str] = field(default_factory=set)

    def fail(self, problem: Problem) -> None:
        """One item failed."""
        self.failed += 1
        print(printable(f"legation: {problem}"), file=sys.stderr)

    def note_date(self, article: Article, name: str) -> None:
        """Say once per document that weekdays cannot be resolved."""
        if article.published is None and article.text and name not in self.dated:
            self.dated.add(name)
            message = "no date of publication (give --date): weekdays and the like stay unresolved"
            print(printable(f"legation: note: {name}: {message}"), file=sys.stderr)

    @property
    def status(self) -> int:
        """0 when all went well, 1 when some items failed."""
        return 1 if self.failed else 0


def attempt(
    items: Iterable[RawDocument | Problem], work: Callable[[RawDocument], T]
) -> Iterator[tuple[str, T | Problem]]:
    """(id, result or Problem) for every item, in order. One bad document never stops the others."""
    from legation.problems import DocumentError, LegationError, Problem

    for item in watched(items):
        if isinstance(item, Problem):
            yield item.id or item.name, item
            continue
        try:
            yield item.id, work(item)
        except DocumentError as error:
            yield item.id, error.problem
        except LegationError:  # a broken data file or setting that shows only now: nothing further can be right
            raise
        except BrokenPipeError:
            raise
        except Exception as error:  # a fault of ours must not take the rest of a long batch with it
            message = f"a fault in Legation ({type(error).__name__}: {error}); please report it"
            yield item.id, Problem("internal", message, item.name, item.id)


def watched(items: Iterable[T]) -> Iterator[T]:
    """The items, with a progress bar where people watch: standard error a terminal, the output somewhere else."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("coding"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        for item in items:
            yield item
            progress.advance(task)
