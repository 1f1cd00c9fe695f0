"""`legation query`: events of a store by filter words or SQL, or counted by pair of countries and month."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from legation.cli import stored

if TYPE_CHECKING:
    import pyarrow

    from legation.store import Store

SHOWN = ("day", "status", "actors", "type", "mode", "recipients", "source", "place_name", "publication", "id")


class AnswerFormat(StrEnum):
    """How answers are written."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Unit(StrEnum):
    """Length of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def query(
    words: Annotated[
        str | None,
        typer.Argument(metavar="[WORDS]", help='Which events: "RUS GOV -> USA GOV, SANCTION, since 2024-01-01".'),
    ] = None,
    store: stored.StoreFile = None,
    sql: Annotated[
        str | None, typer.Option("--sql", metavar="SELECT", help="One reading statement over the tables of the store.")
    ] = None,
    months: Annotated[
        bool, typer.Option("--months", help="Counts for each ordered pair of countries and month, zero-filled.")
    ] = False,
    unit: Annotated[Unit, typer.Option("--unit", help="With --months: length of a period.")] = Unit.MONTH,
    happened_only: stored.HappenedOnly = False,
    since: stored.Since = None,
    until: stored.Until = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=0, help="At most so many rows; a table shows 50 else.")
    ] = None,
    output: Annotated[AnswerFormat, typer.Option("--format", help="How the answer is written.")] = AnswerFormat.TABLE,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The file to write; else standard output.")
    ] = None,
    records: Annotated[
        list[str] | None,
        typer.Option("--records", metavar="FILE", help="Ask JSON lines of records, not a store; may be repeated."),
    ] = None,
) -> None:
    """Ask the store: events by filter words or SQL, or counts by month."""
    from legation.problems import SettingsError

    if sql is not None and (words or months or happened_only or since or until):
        raise SettingsError("--sql stands alone: put the conditions into the statement")
    if output is AnswerFormat.PARQUET and out is None:
        raise SettingsError("--format parquet: name the file with --out")
    given = records or []
    stored.checked(given, store)
    where = stored.chosen(words, happened_only, since, until)
    with stored.opened(given, store) as found, _target(out) as file:
        if sql is not None:
            table = found.sql(sql)
        elif months:
            table = found.months(where, unit=unit.value)
        elif output is AnswerFormat.TABLE:
            table = found.events(where, limit=50 if limit is None else limit).select(list(SHOWN))
        else:
            _events(found, where, output.value, limit, file)
            return
        whole = table.num_rows
        if limit is not None:
            table = table.slice(0, limit)
        elif output is AnswerFormat.TABLE and whole > 50:
            table = table.slice(0, 50)
        _write(table, output, file)
        if output is AnswerFormat.TABLE:
            total = whole if sql is not None or months else found.count(where)
            _rest(total, table.num_rows)


@contextlib.contextmanager
def _target(out: Path | None) -> Iterator[BinaryIO]:
    """Where the answer goes: a file that is whole or not there, or standard output."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    from legation.export.files import whole

    with whole(out) as file:
        yield file


def _events(store: Store, where: Any, layout: str, limit: int | None, file: BinaryIO) -> None:
    """Events in our own layouts, as `legation export` writes them."""
    from itertools import islice

    from legation.export.layouts import layout_named, write
    from legation.export.tables import load_tables

    write(islice(store.records(where), limit), layout_named(layout), file, load_tables())


def _write(table: pyarrow.Table, output: AnswerFormat, file: BinaryIO) -> None:
    from legation.export import answers

    if output is AnswerFormat.PARQUET:
        answers.as_parquet(table, file)
        return
    if output is AnswerFormat.TABLE:
        file.write(_drawn(table).encode("utf8", "backslashreplace"))
        return
    for text in answers.as_csv(table) if output is AnswerFormat.CSV else answers.as_jsonl(table):
        file.write(text.encode("utf8", "backslashreplace"))


def _drawn(table: pyarrow.Table) -> str:
    """The rows for people; numbers to the right."""
    import pyarrow as pa
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from legation.cli.safe import printable
    from legation.export import answers

    text = io.StringIO()
    terminal = sys.stdout.isatty()
    console = Console(file=text, width=None if terminal else 160, markup=False, highlight=False, emoji=False)
    if terminal:
        from shutil import get_terminal_size

        console.width = get_terminal_size().columns
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for field in table.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        name = Text(printable(field.name.replace("_", " ")))
        grid.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in answers.rows(table):
        grid.add_row(*(Text(printable(_short(value))) for value in row))
    console.print(grid)
    return "\n".join(line.rstrip() for line in text.getvalue().split("\n"))


def _short(value: Any) -> str:
    from legation.export import answers

    if isinstance(value, float):
        return f"{value:.2f}"
    return answers.cell(value)


def _rest(total: int, shown: int) -> None:
    rows = f"{total:,} row{'' if total == 1 else 's'}"
    print(rows if shown >= total else f"{rows}, the first {shown:,} shown (--limit N, or --format csv for all)")
