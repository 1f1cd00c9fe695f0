"""The one loader: items into tables, in one transaction, each exactly once. Bulk goes through Arrow.

An item that this run has coded already is skipped. Another text under the id of an article takes the older one's
place (a page that changed, a feed that was corrected); when it came from elsewhere, the older one is noted in
quarantine as `same-id`. Shards are loaded in the order of the input, so that it does not matter where a run was cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from legation.problems import Problem
from legation.store.corrected import corrected
from legation.store.flat import DYAD_COLUMNS, EVENT_COLUMNS, dyad_rows, event_row, written
from legation.store.items import Item, RunRow
from legation.store.overlay import carry, corrections_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow

ARTICLE_COLUMNS = {
    **dict.fromkeys(
        ("article_id", "run", "item_key", "path", "title", "url", "publication", "author", "language"), "text"
    ),
    "published": "day",
    **dict.fromkeys(("published_basis", "digest", "text", "removed"), "text"),
    "words": "whole",
}
RECORD_COLUMNS = dict.fromkeys(("run", "id", "article_id", "record"), "text")
REJECTED_COLUMNS = dict.fromkeys(("run", "article_id", "rejected"), "text")
PROBLEM_COLUMNS = dict.fromkeys(("item_key", "path", "article_id", "code", "message", "run"), "text")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load changed. `skipped` were there already.

    `moved`: (run, item key) of earlier items that stand otherwise now: "older" when another run became the current
    one, "displaced" when another text took the place under the same id, "gone" when a newer text of the same place did.
    """

    articles: int = 0
    records: int = 0
    problems: int = 0
    skipped: int = 0
    moved: tuple[tuple[str, str, str], ...] = ()

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(
            self.articles + other.articles,
            self.records + other.records,
            self.problems + other.problems,
            self.skipped + other.skipped,
            (*self.moved, *other.moved),
        )


def arrow(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pyarrow.Table:
    """Rows as an Arrow table with these columns; days are ISO texts that DuckDB turns into dates."""
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "day": pa.string(),
        "texts": pa.list_(pa.string()),
        "whole": pa.int64(),
        "number": pa.float64(),
        "flag": pa.bool_(),
    }
    found = list(rows)
    return pa.table({name: pa.array([r.get(name) for r in found], kinds[kind]) for name, kind in columns.items()})


def insert(
    cursor: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]
) -> None:
    """Append rows to a table, by column name."""
    batch = arrow(rows, columns)
    if batch.num_rows:
        cursor.register("incoming", batch)
        names = ", ".join(f'"{name}"' for name in columns)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")
        cursor.unregister("incoming")


def load_shards(
    cursor: duckdb.DuckDBPyConnection,
    run: RunRow,
    shards: Sequence[tuple[str, Sequence[Item]]],
    *,
    loaded_at: str | None,
) -> Loaded:
    """Store the items of shards; those that were loaded before change nothing. The caller holds the transaction."""
    names = [name for name, _ in shards]
    rows = cursor.execute("SELECT shard FROM shards WHERE shard IN (SELECT unnest(?))", [names]).fetchall()
    known = {name for (name,) in rows}
    new = [(name, items) for name, items in shards if name not in known]
    for name, items in new:
        cursor.execute("INSERT INTO shards VALUES (?, ?, ?, ?)", [name, run.run, len(items), loaded_at])
    done = load(cursor, run, [item for _, items in new for item in items], loaded_at=loaded_at)
    return done + Loaded(skipped=sum(len(items) for name, items in shards if name in known))


def load(cursor: duckdb.DuckDBPyConnection, run: RunRow, items: Sequence[Item], *, loaded_at: str | None) -> Loaded:
    """Store items. The caller holds the transaction."""
    if not items:
        return Loaded()
    _add_run(cursor, run)
    known = known_keys(cursor, run.run, [i.key for i in items])
    here = _articles_here(cursor, run.run, [i.article["article_id"] for i in items if i.article is not None])
    articles: dict[str, Item] = {}
    problems: list[Item] = []
    moved: list[tuple[str, str, str]] = []
    skipped = 0
    for item in items:
        state = known.get(item.key)
        if item.problem is not None:
            problems.append(item)  # counted as one more try where it failed before
        elif state == "coded" or item.article is None:
            skipped += 1
        else:
            known[item.key] = "coded"
            name = item.article["article_id"]
            older = articles.get(name)
            key, path = (older.key, older.path) if older is not None else here.get(name, (None, None))
            if key is not None:
                moved.append((run.run, key, "gone" if path == item.path else "displaced"))
                if path != item.path:
                    problems.append(_displaced(key, path, name, item))
            articles[name] = item
    _replace(cursor, run, articles)
    _quarantine(cursor, run, problems, loaded_at)
    _resolve(cursor, articles, loaded_at)
    touched = [*articles, *_woken(cursor, run.run, [i.key for i in items if i.again])]
    moved += make_current(cursor, run.run, touched)
    if touched:
        carry(cursor, touched)
    rebuild(cursor, touched)
    records = sum(len(item.records) for item in articles.values())
    return Loaded(len(articles), records, len(problems), skipped, tuple(moved))


def _displaced(key: str, path: str | None, name: str, by: Item) -> Item:
    """An article in whose place another came: it is not lost without a word."""
    message = f"its place was taken: {by.path} brought another text under the same id; give each article its own id"
    return Item(key, path, problem=Problem("same-id", message, path or name, name))


def known_keys(cursor: duckdb.DuckDBPyConnection, run: str, keys: Sequence[str]) -> dict[str, str]:
    """Which of the items this run has dealt with: "coded" or "problem"."""
    rows = cursor.execute(
        """
        SELECT item_key, 'problem' FROM quarantine WHERE run = $run AND resolved IS NULL AND item_key IN
            (SELECT unnest($keys))
        UNION ALL SELECT item_key, 'coded' FROM articles WHERE run = $run AND item_key IN (SELECT unnest($keys))
        """,
        {"run": run, "keys": list(keys)},
    ).fetchall()
    return dict(rows)


def _add_run(cursor: duckdb.DuckDBPyConnection, run: RunRow) -> None:
    if cursor.execute("SELECT 1 FROM runs WHERE run = ?", [run.run]).fetchone() is None:
        cursor.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)",
            [
                *(run.run, run.started, run.command, run.package, run.codebook),
                *(written(run.resources), written(run.settings), run.note),
            ],
        )


def _articles_here(
    cursor: duckdb.DuckDBPyConnection, run: str, names: Sequence[str]
) -> dict[str, tuple[str | None, str | None]]:
    """article id -> (item key, path) of what this run has stored."""
    rows = cursor.execute(
        "SELECT article_id, item_key, path FROM articles WHERE run = ? AND article_id IN (SELECT unnest(?))",
        [run, list(names)],
    ).fetchall()
    return {name: (key, path) for name, key, path in rows}


def _replace(cursor: duckdb.DuckDBPyConnection, run: RunRow, articles: Mapping[str, Item]) -> None:
    """Write articles with records and rejected candidates in place of what this run had under the same ids."""
    names = list(articles)
    if not names:
        return
    gone = 0
    for table in ("records", "rejected", "articles"):
        where = f"{table} WHERE run = ? AND article_id IN (SELECT unnest(?))"
        row = cursor.execute(f"DELETE FROM {where}", [run.run, names]).fetchone()
        count = row[0] if row else 0
        if table != "rejected" and count:
            cursor.execute(f"UPDATE runs SET {table} = {table} - ? WHERE run = ?", [count, run.run])
            gone += count
    rows = []
    for item in articles.values():
        assert item.article is not None
        own = {**item.article, "run": run.run, "item_key": item.key}
        rows.append({**own, "path": item.path, "removed": json.dumps(own.get("removed") or [], ensure_ascii=False)})
    batch = arrow(rows, ARTICLE_COLUMNS)
    cursor.register("incoming", batch)
    columns = ", ".join(ARTICLE_COLUMNS)
    cursor.execute(
        f"INSERT INTO articles ({columns}, loaded, current) SELECT {columns}, nextval('loading'), false FROM incoming"
    )
    cursor.unregister("incoming")
    records = [
        {"run": run.run, "id": r["id"], "article_id": name, "record": written(r)}
        for name, item in articles.items()
        for r in item.records
    ]
    insert(cursor, "records", records, RECORD_COLUMNS)
    rejected = [
        {"run": run.run, "article_id": name, "rejected": written(r)}
        for name, item in articles.items()
        for r in item.rejected
    ]
    insert(cursor, "rejected", rejected, REJECTED_COLUMNS)
    cursor.execute(
        "UPDATE runs SET articles = articles + ?, records = records + ? WHERE run = ?",
        [len(names), len(records), run.run],
    )


def _quarantine(cursor: duckdb.DuckDBPyConnection, run: RunRow, problems: Sequence[Item], at: str | None) -> None:
    """Note failures; an item that failed before under this run has one more try."""
    for item in problems:
        assert item.problem is not None
        code, message, name = item.problem.code, item.problem.message, item.problem.id
        found = cursor.execute(
            "UPDATE quarantine SET tries = tries + 1, code = ?, message = ?"
            " WHERE item_key = ? AND run = ? AND resolved IS NULL",
            [code, message, item.key, run.run],
        ).fetchone()
        if not found or not found[0]:
            cursor.execute(
                "INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?, 1, ?, NULL)",
                [item.key, item.path, name, code, message, run.run, at],
            )


def _resolve(cursor: duckdb.DuckDBPyConnection, articles: Mapping[str, Item], at: str | None) -> None:
    """What went well now is out of quarantine, whichever run put it there: the same item, or a mended one in its place.

    Standard input ("-") is no place: what comes through it differs from call to call.
    """
    if articles:
        coded = [{"key": item.key, "path": item.path, "id": name} for name, item in articles.items()]
        cursor.register("coded", arrow(coded, dict.fromkeys(("key", "path", "id"), "text")))
        cursor.execute(
            """
            UPDATE quarantine SET resolved = coalesce(?::TIMESTAMP, first_seen, TIMESTAMP '1970-01-01')
            WHERE resolved IS NULL AND (
                item_key IN (SELECT key FROM coded)
                OR EXISTS (
                    FROM coded WHERE coded.path = quarantine.path AND NOT starts_with(coded.path, '-')
                    AND coalesce(quarantine.article_id, coded.id) = coded.id
                )
            )
            """,
            [at],
        )
        cursor.unregister("coded")


def _woken(cursor: duckdb.DuckDBPyConnection, run: str, keys: Sequence[str]) -> list[str]:
    """Articles of this run that are met again and are not current: they become the newest."""
    rows = cursor.execute(
        "SELECT article_id FROM articles WHERE run = ? AND NOT current AND item_key IN (SELECT unnest(?))",
        [run, list(keys)],
    ).fetchall()
    return [name for (name,) in rows]


def make_current(cursor: duckdb.DuckDBPyConnection, run: str, names: Sequence[str]) -> list[tuple[str, str, str]]:
    """This run is the newest one of these articles. Returns (run, item key, "older") of those that no longer are."""
    if not names:
        return []
    of_these = "article_id IN (SELECT unnest(?)) AND current <> (run = ?)"
    aged = cursor.execute(f"SELECT run, item_key FROM articles WHERE current AND {of_these}", [list(names), run])
    found = [(other, key, "older") for other, key in aged.fetchall()]
    cursor.execute(f"UPDATE articles SET current = (run = ?) WHERE {of_these}", [run, list(names), run])
    return found


def rebuild(cursor: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Make `events` and `dyads` of these articles anew: records of the current run under the corrections."""
    if not names:
        return
    chosen = list(names)
    of_these = "article_id IN (SELECT unnest(?))"
    old = cursor.execute(f"SELECT id, event_group, claim FROM events WHERE {of_these}", [chosen]).fetchall()
    kept = {id_: (group, claim) for id_, group, claim in old}
    cursor.execute(f"DELETE FROM dyads WHERE id IN (SELECT id FROM events WHERE {of_these})", [chosen])
    cursor.execute(f"DELETE FROM events WHERE {of_these}", [chosen])
    rows = cursor.execute(
        "SELECT records.record, runs.settings FROM records JOIN articles USING (run, article_id) JOIN runs USING (run)"
        f" WHERE articles.current AND articles.{of_these}",
        [chosen],
    ).fetchall()
    records = [(json.loads(text), text, settings) for text, settings in rows]
    overlay = corrections_of(cursor, [r["id"] for r, _, _ in records])
    events, dyads = [], []
    for record, text, settings in records:
        mine = overlay.get(record["id"], [])
        seen = corrected(record, mine, json.loads(settings or "{}") if mine else None)
        if seen is not None:
            group, claim = kept.get(record["id"], (None, None))
            known = None if mine else text
            events.append(event_row(seen, corrected=bool(mine), group=group, claim=claim, text=known))
            dyads += dyad_rows(seen)
    insert(cursor, "events", events, EVENT_COLUMNS)
    insert(cursor, "dyads", dyads, DYAD_COLUMNS)
