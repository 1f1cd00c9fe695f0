"""What was done already, known without opening the store: a small SQLite file among the shards.

The store and the shards that wait are the truth; the manifest is their index by item key, made anew from them whenever
the store can be opened. While a server holds the store, the index of the last loading stands in for it. A stamp tells
whether it still belongs to the store: without a match it is emptied, which costs work but loses and doubles nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from legation.distribute.shards import BrokenShard, keys_of, shards_in

if TYPE_CHECKING:
    from legation.store import Store

FILE = "manifest.sqlite"
# older: coded under this run, but another run is the current one; displaced: another text came under the same id
CODED, OLDER, FAILED, DISPLACED = "coded", "older", "failed", "displaced"
CHUNK = 10_000

_TABLES = """
CREATE TABLE IF NOT EXISTS items (run TEXT, key TEXT, state TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stamp (stamp TEXT);
"""


class Manifest:
    """The index of one store. Use it as a context manager. sqlite3.OperationalError when it cannot be written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / FILE
        try:
            self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # the disk is full, or the folder cannot be written to
                raise
            # damaged: it is an index only
            for path in folder.glob(f"{FILE}*"):
                path.unlink()
            self._connect()

    def _connect(self) -> None:
        self._connection = sqlite3.connect(self._file, isolation_level=None, timeout=30)
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_TABLES)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def states(self, run: str, keys: Sequence[str]) -> dict[str, str]:
        """Which of the items this run has dealt with, and how."""
        marks = ", ".join("?" * len(keys))
        rows = self._connection.execute(
            f"SELECT key, state FROM items WHERE run = ? AND key IN ({marks})", [run, *keys]
        )
        return dict(rows.fetchall())

    def add(self, run: str, states: Iterable[tuple[str, str]]) -> None:
        """Note what a published shard holds."""
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "INSERT OR REPLACE INTO items VALUES (?, ?, ?)", ((run, key, state) for key, state in states)
        )
        self._connection.execute("COMMIT")

    def rebuild(self, store: Store) -> None:
        """Make the index anew from the store."""
        self._connection.execute("BEGIN")
        self._connection.execute("DELETE FROM items")
        cursor = store.cursor()
        cursor.execute(
            f"""
            SELECT run, item_key, CASE WHEN code = 'same-id' THEN '{DISPLACED}' ELSE '{FAILED}' END
            FROM quarantine WHERE resolved IS NULL
            UNION ALL SELECT run, item_key, CASE WHEN current THEN '{CODED}' ELSE '{OLDER}' END FROM articles
            """
        )
        while rows := cursor.fetchmany(CHUNK):
            self._connection.executemany("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", rows)
        cursor.close()
        self._write_stamp(stamp_of(store))
        self._connection.execute("COMMIT")

    def add_pending(self) -> None:
        """Note what the waiting shards hold: a kill may have come between a shard and its note."""
        for path in shards_in(self.folder):
            try:
                run, keys = keys_of(path)
            except (BrokenShard, FileNotFoundError):  # the loader sets broken ones aside
                continue
            self.add(run, ((key, FAILED if failed else CODED) for key, failed in keys))

    def move(self, moved: Iterable[tuple[str, str, str]]) -> None:
        """Note what a loading did to earlier items (see `Loaded.moved`)."""
        for run, key, state in moved:
            if state == "gone":
                self._connection.execute("DELETE FROM items WHERE run = ? AND key = ?", [run, key])
            else:
                self._connection.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", [run, key, state])

    def belongs_to(self, store: Store) -> bool:
        """Whether nothing was loaded into the store, and nothing taken from it, behind the manifest's back."""
        row = self._connection.execute("SELECT stamp FROM stamp").fetchone()
        return row is not None and row[0] == stamp_of(store)

    def empty(self) -> None:
        """Forget everything."""
        self._connection.execute("DELETE FROM items")

    def stamp(self, store: Store) -> None:
        """Say that the manifest knows the store as it is now."""
        self._connection.execute("BEGIN")
        self._write_stamp(stamp_of(store))
        self._connection.execute("COMMIT")

    def _write_stamp(self, stamp: str) -> None:
        self._connection.execute("DELETE FROM stamp")
        self._connection.execute("INSERT INTO stamp VALUES (?)", [stamp])


def stamp_of(store: Store) -> str:
    """The store's name and how far it was loaded."""
    row = (
        store.cursor()
        .execute(
            "SELECT (SELECT store FROM identity), (SELECT count(*) FROM shards), (SELECT max(loaded) FROM articles)"
        )
        .fetchone()
    )
    return " ".join(str(part) for part in row or ())
