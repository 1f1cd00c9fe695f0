"""The store as the rest of the program sees it: open it, ask it, correct it.

Safe to share between threads: every call works on a cursor of its own, writers take turns. Days and times of writing
are arguments; nothing here reads the clock to write it down.
"""

from __future__ import annotations

import contextlib
import functools
import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legation.store import database
from legation.store.corrected import corrected
from legation.store.corrections import checked_value, correction_id
from legation.store.database import StoreError
from legation.store.filter import Filter
from legation.store.filter_sql import pair_condition
from legation.store.items import Item, RunRow
from legation.store.load import Loaded, load, load_shards, rebuild
from legation.store.overlay import corrections_of
from legation.store.runs import RunDiff, changes, reasons

if TYPE_CHECKING:
    import duckdb
    import pyarrow

ALL = Filter()
UNITS = ("day", "week", "month", "quarter", "year")
READERS_WAIT = 2.0
BATCH = 500  # records that are held at once


class Store:
    """One open store. Use it as a context manager, or `close` it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, read_only: bool) -> None:
        self._connection = connection
        self.path = path
        self.read_only = read_only
        self._writing = threading.RLock()

    @classmethod
    def open(cls, path: str | Path, create: bool = False, read_only: bool = False, wait: float | None = None) -> Store:
        """Open a store. StoreError when it is none, is newer than we are or (StoreLocked) held by another process.

        `create` makes a new one where there is none. `wait`: seconds to wait for a lock; readers wait two unless told
        otherwise, because an ingest holds the store for a moment now and then.
        """
        file = Path(path)
        if wait is None:
            wait = READERS_WAIT if read_only else 0.0
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
        self,
        where: Filter = ALL,
        *,
        order: str = "-day",
        limit: int | None = None,
        offset: int = 0,
        columns: Sequence[str] | None = None,
    ) -> pyarrow.Table:
        """Rows of `events`. `order` is a column, "-column" for the largest first; ties go by id. Without `columns` all
        come, with the whole record as JSON among them (`record`), which takes most of the room."""
        condition, values = where.where()
        chosen = "*" if columns is None else ", ".join(self._column(name) for name in columns)
        text = f"SELECT {chosen} FROM events WHERE {condition} ORDER BY {self._order(order)}"
        if limit is not None:
            text += f" LIMIT {int(limit)}"
        return self._table(text + (f" OFFSET {int(offset)}" if offset else ""), values)

    @staticmethod
    def _column(name: str) -> str:
        """A column of `events`, and nothing else. ValueError for other words."""
        from legation.store.flat import EVENT_COLUMNS

        if name not in EVENT_COLUMNS:
            raise ValueError(f"there is no column {name!r}")
        return name

    def _order(self, order: str) -> str:
        name = self._column(order.removeprefix("-"))
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
        for name in map(self._column, fields):
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
        with self._asking() as cursor:
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

    def months(self, where: Filter = ALL, *, unit: str = "month") -> pyarrow.Table:
        """Counts for each ordered pair of countries and period, zero-filled (see queries/months.sql)."""
        if unit not in UNITS:
            raise ValueError(f"unit: {unit!r} is not one of {', '.join(UNITS)}")
        condition, values = where.where()
        pair = pair_condition(where, values)
        values |= {"unit": unit, "first": where.since, "last": where.until}
        return self._table(query("months").format(condition=condition, pair=pair), values)

    def runs(self) -> list[dict[str, Any]]:
        """Every run, the newest first; `resources` and `settings` as mappings."""
        rows = self._table(query("runs")).to_pylist()
        return [{**row, **{key: json.loads(row[key] or "{}") for key in ("resources", "settings")}} for row in rows]

    def diff(self, run_a: str, run_b: str) -> RunDiff:
        """What run_b coded otherwise than run_a, over the articles that both coded, and why. Ids may be shortened."""
        a, b = self.run(run_a), self.run(run_b)
        names = {"a": a["run"], "b": b["run"]}
        of_run = "SELECT article_id FROM articles WHERE run ="
        both = self._rows(f"SELECT count(*) FROM ({of_run} $a INTERSECT {of_run} $b)", names)[0][0]
        with contextlib.closing(self.cursor()) as cursor:
            cursor.execute(query("diff"), names)
            found = tuple(changes(iter(cursor.fetchone, None)))
        shared = (
            "SELECT count(*) FROM records JOIN records AS other USING (id, article_id)"
            " WHERE records.run = $a AND other.run = $b"
        )
        same_id = sum(c.old is not None and c.new is not None and c.old["id"] == c.new["id"] for c in found)
        return RunDiff(
            a=a["run"],
            b=b["run"],
            reasons=tuple(reasons(a, b)),
            articles=both,
            only_a=self._rows("SELECT count(*) FROM articles WHERE run = ?", [a["run"]])[0][0] - both,
            only_b=self._rows("SELECT count(*) FROM articles WHERE run = ?", [b["run"]])[0][0] - both,
            same=self._rows(shared, names)[0][0] - same_id,
            changes=found,
        )

    def run(self, name: str) -> dict[str, Any]:
        """The row of one run, by its id or its first letters. StoreError when none or several fit."""
        rows = self._table("SELECT * FROM runs WHERE starts_with(run, ?) ORDER BY run", [name]).to_pylist()
        if len(rows) != 1 or not name:
            known = ", ".join(row["run"] for row in rows) or "none"
            raise StoreError("no-such-run", f"{name!r} names {len(rows)} runs ({known})", self.path)
        found: dict[str, Any] = rows[0]
        return found

    def corrections(self, id: str | None = None) -> list[dict[str, Any]]:  # noqa: A002
        """Corrections of a record, or all; withdrawn ones too, oldest first. `value` as it was stored."""
        condition = "true" if id is None else "record_id = ?"
        text = f"SELECT * FROM corrections WHERE {condition} ORDER BY made_at, correction"
        rows = self._table(text, [] if id is None else [id]).to_pylist()
        return [{**row, "value": json.loads(row["value"])} for row in rows]

    @contextlib.contextmanager
    def _asking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one question. A block of the file that cannot be read shows only now."""
        import duckdb

        with contextlib.closing(self.cursor()) as cursor:
            try:
                yield cursor
            except duckdb.Error as error:
                if database.is_damage(error):
                    raise database.explained(error, self.path) from error
                raise

    def _table(self, text: str, values: Any = None) -> pyarrow.Table:
        with self._asking() as cursor:
            return _arrow(cursor, text, values)

    def _rows(self, text: str, values: Any = None) -> list[tuple[Any, ...]]:
        with self._asking() as cursor:
            return cursor.execute(text, values or None).fetchall()

    def full_id(self, start: str) -> str:
        """The id of the record that begins so, of any run. StoreError when none or several do."""
        rows = self._rows("SELECT DISTINCT id FROM records WHERE starts_with(id, ?) ORDER BY id LIMIT 5", [start])
        if len(rows) != 1 or not start:
            known = f" ({', '.join(name for (name,) in rows)} ...)" if rows else ""
            raise StoreError("no-such-event", f"{start!r} names no one event{known}", self.path)
        found: str = rows[0][0]
        return found

    def lost_corrections(self) -> list[dict[str, Any]]:
        """Standing corrections of events that the current run of their article no longer finds, under any id."""
        known = "SELECT id FROM records JOIN articles USING (run, article_id) WHERE articles.current"
        carried = "SELECT carried_from FROM corrections WHERE carried_from IS NOT NULL"
        text = f"FROM corrections WHERE withdrawn_at IS NULL AND record_id NOT IN ({known})"
        text += f" AND correction NOT IN ({carried}) ORDER BY made_at, correction"
        return self._table(text).to_pylist()  # type: ignore[no-any-return]

    # --- writing

    def load(
        self, run: RunRow, items: Sequence[Item], *, shard: str | None = None, loaded_at: str | None = None
    ) -> Loaded:
        """Store items, all or nothing; a shard that was loaded before changes nothing."""
        with self.transaction() as cursor:
            if shard is None:
                return load(cursor, run, items, loaded_at=loaded_at)
            return load_shards(cursor, run, [(shard, items)], loaded_at=loaded_at)

    def load_shards(
        self, run: RunRow, shards: Sequence[tuple[str, Sequence[Item]]], *, loaded_at: str | None = None
    ) -> Loaded:
        """Store the items of several shards of one run, all or nothing: one transaction costs as much as 300 items."""
        with self.transaction() as cursor:
            return load_shards(cursor, run, shards, loaded_at=loaded_at)

    def correct(self, id: str, field: str, value: Any, by: str, note: str | None, *, made_at: str) -> str:  # noqa: A002
        """Lay a correction over a record and return its number. StoreError when there is no such record; ValueError
        when the field cannot be corrected or cannot hold the value. `made_at` is an ISO time, by the caller's clock."""
        if not by.strip():
            raise ValueError("by: a correction needs a name")
        with self.transaction() as cursor:
            record, article = self._coded(cursor, id)
            overlay = corrections_of(cursor, [id]).get(id, [])
            seen = corrected(record, [pair for pair in overlay if pair[0] != "rejected"]) or record
            stored = checked_value(field, value, seen)
            name = correction_id(id, field, stored, by, made_at)
            cursor.execute(
                'INSERT INTO corrections (correction, record_id, field, value, "by", note, made_at)'
                " SELECT ?, ?, ?, ?, ?, ?, ?"
                " WHERE NOT EXISTS (FROM corrections WHERE correction = ?)",
                [name, id, field, json.dumps(stored, ensure_ascii=False), by.strip(), note, made_at, name],
            )
            rebuild(cursor, [article])
        return name

    def withdraw(self, correction: str, *, withdrawn_at: str) -> None:
        """Take a correction back; it stays in the list. StoreError when there is none that stands."""
        with self.transaction() as cursor:
            rows = cursor.execute(
                "UPDATE corrections SET withdrawn_at = ? WHERE correction = ? AND withdrawn_at IS NULL"
                " RETURNING record_id",
                [withdrawn_at, correction],
            ).fetchall()
            if not rows:
                raise StoreError("no-such-correction", f"there is no standing correction {correction!r}", self.path)
            rebuild(cursor, [self._coded(cursor, rows[0][0])[1]])

    def _coded(self, cursor: duckdb.DuckDBPyConnection, id: str) -> tuple[dict[str, Any], str]:  # noqa: A002
        """A record as it was coded last, and its article."""
        row = cursor.execute(
            "SELECT record, article_id FROM records JOIN articles USING (run, article_id) WHERE id = ?"
            " ORDER BY articles.current DESC, articles.loaded DESC LIMIT 1",
            [id],
        ).fetchone()
        if row is None:
            raise StoreError("no-such-event", f"there is no event {id!r}", self.path)
        return json.loads(row[0]), row[1]


def _arrow(cursor: duckdb.DuckDBPyConnection, text: str, values: Any) -> pyarrow.Table:
    """An answer as an Arrow table (the method's name changed in DuckDB 1.5)."""
    answer = cursor.sql(text, params=values or None)
    return answer.to_arrow_table() if hasattr(answer, "to_arrow_table") else answer.fetch_arrow_table()


@functools.cache
def query(name: str) -> str:
    """The text of a query in queries/."""
    return (Path(__file__).parent / "queries" / f"{name}.sql").read_text("utf8")
