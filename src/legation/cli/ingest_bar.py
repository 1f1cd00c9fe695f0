"""What `legation ingest` shows while it works: a bar on a terminal, failures as lines, nothing else in a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

from legation.cli.safe import printable
from legation.distribute.job import Watcher
from legation.distribute.work import Done
from legation.store import RunRow


class Lines(Watcher):
    """Failures as they come, on standard error."""

    def say(self, line: str) -> None:
        """Print one line."""
        print(printable(line), file=sys.stderr)

    def done(self, done: Done) -> None:
        """See `Watcher`."""
        for problem in done.problems:
            self.say(f"legation: {problem}")


class Bar(Lines):
    """Articles, articles a second, time left where the number of items is known."""

    def __init__(self, progress: Any, total: int | None) -> None:
        self.progress = progress
        self.task = progress.add_task("loading the workers", total=total, events=0)
        self.events = 0

    def say(self, line: str) -> None:
        """Print one line above the bar."""
        from rich.text import Text

        self.progress.console.print(Text(printable(line)), soft_wrap=True)

    def ready(self, run: RunRow) -> None:
        """See `Watcher`."""
        self.progress.reset(self.task, description="coding", events=0)

    def seen(self, count: int) -> None:
        """See `Watcher`. What is known already costs no time and is taken off the total."""
        total = self.progress.tasks[0].total
        self.progress.update(self.task, total=None if total is None else max(0, total - count))

    def done(self, done: Done) -> None:
        """See `Watcher`."""
        super().done(done)
        self.events += done.records
        self.progress.update(self.task, advance=len(done.states), events=self.events)

    def loading(self, waiting: int) -> None:
        """See `Watcher`."""
        self.progress.update(self.task, description=f"loading {waiting} shards" if waiting else "done")


@contextlib.contextmanager
def watcher(total: int | None) -> Iterator[Watcher]:
    """The watcher for where standard error goes."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Articles(ProgressColumn):
        """How many of how many, and how many a second."""

        def render(self, task: Any) -> Text:
            speed = task.finished_speed or task.speed
            total = "" if task.total is None else f"/{task.total:,.0f}"
            rate = "" if speed is None else f", {speed:.1f}/s"
            return Text(f"{task.completed:,.0f}{total} articles{rate}", no_wrap=True)

    columns = (
        *(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=None), Articles()),
        *(TextColumn("{task.fields[events]:,} events"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()),
    )
    with Progress(
        *columns, console=Console(stderr=True), transient=True, expand=True, speed_estimate_period=120
    ) as progress:
        yield Bar(progress, total)
