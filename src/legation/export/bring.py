"""Records of a JSONL file as a store in a temporary file, so that every question to a store can be put to a file."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from legation.export.parts import Record
from legation.problems import SettingsError

if TYPE_CHECKING:
    from legation.store import Store

BATCH = 2_000  # records loaded at a time
KEYS = ("id", "article", "type", "status", "actor", "recipient", "date", "sentence")  # what makes a line a record


def read_records(lines: Iterable[str], name: str) -> Iterator[Record]:
    """The records of a JSONL file. SettingsError names the first line that is none; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise SettingsError(f"{name}, line {number}: is not JSON ({error})") from None
        if not isinstance(record, dict) or not all(key in record for key in KEYS):
            message = "is no event record as `legation code --format jsonl` writes it"
            raise SettingsError(f"{name}, line {number}: {message}")
        yield record


@contextlib.contextmanager
def as_store(records: Iterable[Record]) -> Iterator[Store]:
    """A store with these records, gone afterwards. A record id that comes twice counts once.

    The records of an article need not stand together: they are put in order on the disk first.
    """
    from legation.store import Store

    with (
        tempfile.TemporaryDirectory(prefix="legation-") as folder,
        Store.open(Path(folder) / "records", create=True) as store,
    ):
        with contextlib.closing(sqlite3.connect(Path(folder) / "order")) as order:
            order.execute("CREATE TABLE records (run TEXT, article TEXT, id TEXT, record TEXT)")
            order.executemany("INSERT INTO records VALUES (?, ?, ?, ?)", map(_row, records))
            _load(order, store)
        yield store


def _row(record: Record) -> tuple[str, ...]:
    """As ASCII, because SQLite takes no lone surrogates."""
    keys = (record.get("run") or "", record["article"]["id"], record["id"])
    return (*(json.dumps(key) for key in keys), json.dumps(record))


def _load(order: sqlite3.Connection, store: Store) -> None:
    """From the ordered rows into the store, some articles at a time."""
    from legation.store import Item, RunRow

    rows = order.execute("SELECT run, article, record FROM records ORDER BY run, article, rowid")
    waiting: list[Item] = []
    run, held = "", 0

    def flush() -> None:
        if waiting:
            store.load(RunRow(run), waiting)
        waiting.clear()

    for (run_name, article_name), group in groupby(rows, key=lambda row: row[:2]):
        if json.loads(run_name) != run or held >= BATCH:
            flush()
            run, held = json.loads(run_name), 0
        found = {record["id"]: record for record in (json.loads(row[2]) for row in group)}
        name = json.loads(article_name)
        article = {**next(iter(found.values()))["article"], "article_id": name}
        del article["id"]
        waiting.append(Item(key=name, path=None, article=article, records=tuple(found.values())))
        held += len(found)
    flush()
