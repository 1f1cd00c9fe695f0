"""Where the events of a command come from: a store, or JSONL files of records; and which of them are meant."""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from legation.model.run import Run
    from legation.store import Filter, Store

DEFAULT_STORE = Path("legation.duckdb")
StoreFile = Annotated[
    Path | None, typer.Option("--store", metavar="FILE", help="The store; legation.duckdb where none is named.")
]
Where = Annotated[
    str | None,
    typer.Option("--where", metavar="WORDS", help='Which events: "RUS GOV -> USA GOV, SANCTION, happened or planned".'),
]
HappenedOnly = Annotated[bool, typer.Option("--happened-only", help="Only what is told as having happened.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DAY", help="First day (YYYY-MM-DD), included.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DAY", help="Last day (YYYY-MM-DD), included.")]


def chosen(words: str | None, happened_only: bool, since: str | None, until: str | None) -> Filter:
    """The filter of a command. SettingsError says what cannot be read."""
    from dataclasses import replace

    from legation.problems import SettingsError
    from legation.store import Filter

    try:
        where = Filter.parse(words or "")
    except ValueError as error:
        raise SettingsError(f"filter: {error}") from None
    more: dict[str, Any] = {}
    for name, text in (("since", since), ("until", until)):
        if text is not None:
            try:
                more[name] = datetime.date.fromisoformat(text)
            except ValueError:
                raise SettingsError(f"--{name}: {text!r} is not a day written as YYYY-MM-DD") from None
    if happened_only:
        more["happened_only"] = True
    return replace(where, **more)


@contextlib.contextmanager
def opened(paths: list[str], store: Path | None) -> Iterator[Store]:
    """The store to ask: the one named, or one made for the moment from JSONL files."""
    from legation.store import Store

    if not paths:
        with Store.open(store or DEFAULT_STORE, read_only=True) as found:
            yield found
        return
    from legation.export.bring import as_store

    checked(paths, store)
    with as_store(records_of(paths)) as found:
        yield found


def checked(paths: list[str], store: Path | None) -> None:
    """SettingsError when both files and a store are given."""
    from legation.problems import SettingsError

    if paths and store is not None:
        raise SettingsError("give files of records or --store, not both")


def records_of(paths: list[str]) -> Iterator[dict[str, Any]]:
    """The records of JSONL files, in their order. SettingsError for files that are none."""
    from legation.export.bring import read_records
    from legation.problems import SettingsError

    for path in paths:
        if path == "-":
            yield from read_records(_decoded(sys.stdin.buffer, "standard input"), "standard input")
            continue
        try:
            with Path(path).open("rb") as file:
                yield from read_records(_decoded(file, path), path)
        except OSError as error:
            raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error


def _decoded(lines: Iterable[bytes], name: str) -> Iterator[str]:
    from legation.problems import SettingsError

    for number, line in enumerate(lines, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf8")
        except UnicodeDecodeError:
            raise SettingsError(f"{name}, line {number}: is not UTF-8") from None


def current_run() -> Run | None:
    """The run of this installation as it comes, for records whose run no store tells about. Takes seconds."""
    from legation.cli.options import resources_for
    from legation.problems import LegationError

    try:
        return resources_for().run
    except LegationError:
        return None


def source_of(paths: list[str], store: Path | None) -> str:
    """The name of the source for titles and sheets, without its folder."""
    return ", ".join("standard input" if p == "-" else Path(p).name for p in paths) or (store or DEFAULT_STORE).name
