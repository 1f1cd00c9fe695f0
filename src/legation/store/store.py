"""The store as the rest of the program sees it: open it, ask it, correct it.

Safe to share between threads: every call works on a cursor of its own, writers take turns. Days and times of writing
are arguments; nothing here reads the clock to write it down.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legation.store import database
from legation.store.database import StoreError
from legation.store.filter import Filter
from legation.store.items import Item, RunRow
from legation.store.load import Loaded, load

if TYPE_CHECKING:
    import duckdb
    import pyarrow

ALL = Filter()
BATCH = 500  # records that are held at once


class Store:
    """One open store. Use it as a context manager, or `close` it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, read_only: bool) -> None:
        self._connection = connection
        self.path = path
        self.read_only = read_only
        self._writing = threading.RLock()

    @classmethod
    def open(cls, path: str | Path, create: bool = False, read_only: bool = False, wait: float = 0) -> Store:
        """Open a store. StoreError when it is none, is newer than we are or (StoreLocked) held by another process.

        `create` makes a new one where there is none. `wait`: seconds to wait for a lock.
        """
        file = Path(path)
        return cls(database.connect(file, create=create, read_only=read_only, wait=wait), file, read_only)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for owners of further tables; one per thread."""
        return self._connection.cursor()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor whose writes are kept together or not at all; writers of this process take turns."""
        if self.read_only:
            raise StoreError("store-read-only", "was opened for reading only", self.path)
        with self._writing, contextlib.closing(self.cursor()) as cursor, database.transaction(cursor):
            yield cursor

    # --- asking

    def events(
        self, where: Filter = ALL, *, order: str = "-day", limit: int | None = None, offset: int = 0
    ) -> pyarrow.Table:
        """Rows of `events`. `order` is a column, "-column" for the largest first; ties go by id."""
        condition, values = where.where()
        text = f"SELECT * FROM events WHERE {condition} ORDER BY {self._order(order)}"
        if limit is not None:
            text += f" LIMIT {int(limit)}"
        return self._table(text + (f" OFFSET {int(offset)}" if offset else ""), values)

    def _order(self, order: str) -> str:
        from legation.store.flat import EVENT_COLUMNS

        name = order.removeprefix("-")
        if name not in EVENT_COLUMNS:
            raise ValueError(f"there is no column {name!r} to sort by")
        return f"{name} {'DESC' if order.startswith('-') else 'ASC'} NULLS LAST, id"

    def count(self, where: Filter = ALL) -> int:
        """How many events."""
        condition, values = where.where()
        return int(self._rows(f"SELECT count(*) FROM events WHERE {condition}", values)[0][0])

    def facets(self, where: Filter, fields: Sequence[str]) -> dict[str, list[tuple[Any, int]]]:
        """For each field its values with their counts, most frequent first; a list column counts each of its values."""
        from legation.store.flat import EVENT_COLUMNS

        condition, values = where.where()
        found: dict[str, list[tuple[Any, int]]] = {}
        for name in fields:
            if name not in EVENT_COLUMNS:
                raise ValueError(f"there is no column {name!r}")
            value = f"unnest({name})" if EVENT_COLUMNS[name] == "texts" else name
            text = f"SELECT {value} AS value FROM events WHERE {condition}"
            rows = self._rows(
                f"SELECT value, count(*) FROM ({text}) GROUP BY value ORDER BY count(*) DESC, value", values
            )
            found[name] = [(one, int(n)) for one, n in rows]
        return found

    def records(self, where: Filter = ALL) -> Iterator[dict[str, Any]]:
        """Records with their corrections, by day and id; a few hundred are held at once."""
        condition, values = where.where()
        with contextlib.closing(self.cursor()) as cursor:
            cursor.execute(f"SELECT record FROM events WHERE {condition} ORDER BY day NULLS LAST, id", values)
            while rows := cursor.fetchmany(BATCH):
                yield from (json.loads(text) for (text,) in rows)

    def record(self, id: str) -> dict[str, Any] | None:  # noqa: A002 (the record contract's word)
        """One record with its corrections; None when there is none, or it was rejected."""
        rows = self._rows("SELECT record FROM events WHERE id = ?", [id])
        return json.loads(rows[0][0]) if rows else None

    def article(self, article_id: str) -> dict[str, Any] | None:
        """The current row of an article, `removed` as a list."""
        rows = self._table("SELECT * FROM current_articles WHERE article_id = ?", [article_id]).to_pylist()
        return {**rows[0], "removed": json.loads(rows[0]["removed"] or "[]")} if rows else None

    def rejected(self, article_id: str) -> list[dict[str, Any]]:
        """Candidates that became no record in the current run of an article, with the reason, by their place."""
        rows = self._rows(
            "SELECT rejected FROM rejected JOIN current_articles USING (run, article_id) WHERE article_id = ?",
            [article_id],
        )
        return sorted((json.loads(text) for (text,) in rows), key=lambda r: (r["start"], r["end"], r["type"]))

    def sql(self, query: str, params: Sequence[Any] | dict[str, Any] = ()) -> pyarrow.Table:
        """The answer to one reading statement. StoreError for anything that writes, and for what DuckDB cannot read."""
        import duckdb

        try:
            statements = duckdb.extract_statements(query)
        except duckdb.Error as error:
            raise StoreError("bad-query", str(error), self.path) from error
        reading = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
        if len(statements) != 1 or statements[0].type not in reading:
            raise StoreError("bad-query", "one reading statement is allowed (SELECT, WITH, FROM, DESCRIBE)", self.path)
        with contextlib.closing(self.cursor()) as cursor:
            try:
                cursor.execute("BEGIN TRANSACTION READ ONLY")
                return _arrow(cursor, query, params)
            except duckdb.Error as error:
                raise StoreError("bad-query", str(error), self.path) from error

    def _table(self, text: str, values: Any = None) -> pyarrow.Table:
        with contextlib.closing(self.cursor()) as cursor:
            return _arrow(cursor, text, values)

    def _rows(self, text: str, values: Any = None) -> list[tuple[Any, ...]]:
        with contextlib.closing(self.cursor()) as cursor:
            return cursor.execute(text, values or None).fetchall()

    # --- writing

    def load(
        self, run: RunRow, items: Sequence[Item], *, shard: str | None = None, loaded_at: str | None = None
    ) -> Loaded:
        """Store items, all or nothing; a shard that was loaded before changes nothing."""
        with self.transaction() as cursor:
            return load(cursor, run, items, shard=shard, loaded_at=loaded_at)


def _arrow(cursor: duckdb.DuckDBPyConnection, text: str, values: Any) -> pyarrow.Table:
    """An answer as an Arrow table (the method's name changed in DuckDB 1.5)."""
    answer = cursor.sql(text, params=values or None)
    return answer.to_arrow_table() if hasattr(answer, "to_arrow_table") else answer.fetch_arrow_table()
