"""`legation ingest`: texts into a store, by many workers, to be cut and started again at any time."""

from __future__ import annotations

import datetime
import os
import shlex
import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legation.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from legation.distribute import Outcome
    from legation.distribute.engines import Engine
    from legation.settings import Settings

DEFAULT_STORE = Path("legation.duckdb")


class EngineName(StrEnum):
    """Where the work is done."""

    PROCESS = "process"
    RAY = "ray"
    HERE = "here"


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="Files, folders, patterns, or - for standard input; with --retry alone those that failed before.",
            show_default=False,
        ),
    ] = None,
    store: Annotated[Path, typer.Option("--store", metavar="FILE", help="The store; made if missing.")] = DEFAULT_STORE,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=512, help="How many workers; one for each core if not given.")
    ] = None,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="process: workers on this machine. ray: a cluster. here: no workers.")
    ] = EngineName.PROCESS,
    ray_address: Annotated[
        str | None,
        typer.Option(
            "--ray-address", metavar="ADDRESS", help="With --engine ray: a running cluster; else one is started."
        ),
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what failed before.")] = False,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="A note on a new run.")] = None,
    date: options.Date = None,
    input_format: options.Input = options.InputFormat.AUTO,
    no_clean: options.NoClean = False,
    column: options.Column = None,
    fetch: options.Fetch = False,
    allow_host: options.AllowHost = None,
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="Code with rules alone, without the encoder.")
    ] = False,
    parser: options.ParserName = None,
    quad_scheme: options.QuadScheme = None,
    goldstein_scheme: options.GoldsteinScheme = None,
    actors: options.Actors = None,
    places: options.Places = None,
    settings: options.SettingsFile = None,
) -> None:
    """Code texts into a store. Stop it when you like: the same command goes on where it was."""
    from legation.cli.ingest_bar import watcher
    from legation.cli.safe import printable
    from legation.distribute import Outcome
    from legation.distribute import ingest as run
    from legation.distribute.count import count_items
    from legation.problems import SettingsError
    from legation.settings import load_settings

    chosen = load_settings(
        settings,
        parser=parser,
        engine="rules" if rules_only else None,
        quad_scheme=quad_scheme,
        goldstein_scheme=goldstein_scheme,
        actors=actors.resolve() if actors else None,
        places=places.resolve() if places else None,
    )
    if not paths and not retry:
        raise SettingsError("ingest: name the files or folders to read")
    given = paths or failed_paths(store)
    items = options.documents(given, date, input_format, no_clean, column, fetch, allow_host)
    started = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    command = shlex.join(["legation", *sys.argv[1:]])
    made = _engine(engine, workers, ray_address, chosen, started, command, note)
    out = Outcome()
    before = signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        with watcher(count_items(given)) as watch:
            run(items, store, made, retry=retry, started=started, watcher=watch, outcome=out)
    except KeyboardInterrupt:
        out.interrupted = True
    finally:
        made.close()
        signal.signal(signal.SIGTERM, before)
    for problem in out.trouble:
        print(printable(f"legation: {problem}"), file=sys.stderr)
    _report(out, store, retry)
    if out.interrupted:
        raise typer.Exit(130)
    if out.run is not None and not out.waiting:
        from legation.cli.watch import after_ingest

        after_ingest(store)
    raise typer.Exit(1 if out.failed or out.failed_before or out.trouble else 0)


def _as_interrupt(*_: object) -> None:
    """A polite request to end is treated like Ctrl-C."""
    raise KeyboardInterrupt


def _engine(
    name: EngineName,
    workers: int | None,
    address: str | None,
    settings: Settings,
    started: str,
    command: str,
    note: str | None,
) -> Engine:
    from legation.distribute.work import CoderSource, legation_coder
    from legation.problems import SettingsError

    if address is not None and name != EngineName.RAY:
        raise SettingsError("--ray-address needs --engine ray")
    source = CoderSource(legation_coder, (settings, started, command, note))
    count = workers or _cores()
    if name == EngineName.RAY:
        from legation.distribute.cluster import Cluster

        return Cluster(source, count, address)
    from legation.distribute.engines import Here, Processes

    return Here(source) if name == EngineName.HERE else Processes(source, count)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def failed_paths(store: Path) -> list[str]:
    """The files in which something failed, for `--retry` without paths. SettingsError when there are none."""
    import re

    from legation.problems import SettingsError
    from legation.store import Store

    with Store.open(store, read_only=True) as opened:
        rows: Sequence[Any] = opened.sql(
            "SELECT DISTINCT path FROM quarantine WHERE resolved IS NULL AND code <> 'same-id' ORDER BY path"
        ).to_pylist()
    found = sorted({re.sub(r" (?:line|item|row|entry|record|message|page) \d+.*$", "", row["path"]) for row in rows})
    if not found:
        raise SettingsError(f"{store}: nothing failed that could be tried again")
    return found


def _report(out: Outcome, store: Path, retry: bool) -> None:
    """What was done, in a few lines for people."""
    if out.run is not None:
        _counts(out, store, retry)
    if out.interrupted:
        print("legation: interrupted; nothing is lost: the same command goes on where it was", file=sys.stderr)


def _counts(out: Outcome, store: Path, retry: bool) -> None:
    assert out.run is not None
    parts = [f"{out.articles:,} articles coded, {out.records:,} events"]
    if out.skipped:
        parts.append(f"{out.skipped:,} known already")
    if out.failed:
        parts.append(f"{out.failed:,} failed")
    print(f"legation: {'; '.join(parts)} (run {out.run.run}, {store})", file=sys.stderr)
    if out.failed_before and not retry:
        print(f"legation: {out.failed_before:,} of them failed before; --retry tries them again", file=sys.stderr)
    if out.waiting and out.held_by is not None:
        who = "another process" if out.held_by.pid is None else f"process {out.held_by.pid}"
        print(
            f"legation: {who} holds {store}; {out.waiting:,} shards wait beside it and will be loaded by it if it is a"
            " running legation serve, else by the next ingest",
            file=sys.stderr,
        )
    elif out.waiting:
        print(f"legation: {out.waiting:,} shards wait beside {store} for the next ingest", file=sys.stderr)
