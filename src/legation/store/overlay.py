"""Which corrections lie over which records; and how they follow an event that a newer run gives another id.

An id is made of words, type, actors and source. When a newer run reads the same words otherwise, the event has another
id, and a correction would be left behind: it is carried over, as a correction of its own that names the first one, when
exactly one event of the current run stands on the same words of the same sentence with the same source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from legation.store.corrections import correction_id

if TYPE_CHECKING:
    import duckdb


def words_of(record: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Where a record stands, in words: offsets move when cleaning does."""
    source = record["attribution"][0]["text"] if record["attribution"] else None
    return record["anchor"]["text"], record["sentence"]["text"], source


def corrections_of(cursor: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, list[tuple[str, Any]]]:
    """record id -> (field, value) of the corrections that stand, oldest first."""
    rows = cursor.execute(
        "SELECT record_id, field, value FROM corrections WHERE withdrawn_at IS NULL"
        " AND record_id IN (SELECT unnest(?)) ORDER BY made_at, correction",
        [list(ids)],
    ).fetchall()
    found: dict[str, list[tuple[str, Any]]] = {}
    for record_id, field, value in rows:
        found.setdefault(record_id, []).append((field, json.loads(value)))
    return found


def carry(cursor: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Carry corrections over to the events of the current runs of these articles."""
    lost = _left_behind(cursor, names)
    if not lost:
        return
    rows = cursor.execute(
        "SELECT article_id, record FROM records JOIN articles USING (run, article_id)"
        " WHERE articles.current AND article_id IN (SELECT unnest(?))",
        [sorted({article for _, article, _ in lost.values()})],
    ).fetchall()
    here: dict[tuple[str, Any], list[str]] = {}
    for article, text in rows:
        record = json.loads(text)
        here.setdefault((article, words_of(record)), []).append(record["id"])
    for old, article, record in lost.values():
        found = here.get((article, words_of(record)), [])
        if len(found) == 1:
            _copy(cursor, old, found[0])


def _left_behind(
    cursor: duckdb.DuckDBPyConnection, names: Sequence[str]
) -> dict[str, tuple[dict[str, Any], str, dict[str, Any]]]:
    """correction -> (its row, article, the record that it was made on) where the current run has no such record."""
    if cursor.execute("SELECT 1 FROM corrections WHERE withdrawn_at IS NULL LIMIT 1").fetchone() is None:
        return {}
    of_these = "article_id IN (SELECT unnest($names))"
    answer = cursor.execute(
        f"""
        WITH known AS (
            SELECT id FROM records JOIN articles USING (run, article_id) WHERE articles.current AND {of_these}
        )
        SELECT corrections.*, article_id, record
        FROM corrections
        JOIN records ON records.id = corrections.record_id
        JOIN articles USING (run, article_id)
        WHERE withdrawn_at IS NULL AND {of_these} AND record_id NOT IN (FROM known)
        ORDER BY made_at, correction, articles.loaded
        """,
        {"names": list(names)},
    )
    columns = [column[0] for column in answer.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
    return {row["correction"]: (row, row["article_id"], json.loads(row["record"])) for row in rows}


def _copy(cursor: duckdb.DuckDBPyConnection, old: Mapping[str, Any], record_id: str) -> None:
    """The same correction on another record, unless it was carried there before or the field is corrected there."""
    first = old["carried_from"] or old["correction"]  # however often it was carried
    name = correction_id(record_id, old["field"], old["value"], old["by"], f"{old['made_at']} from {first}")
    cursor.execute(
        """
        INSERT INTO corrections (correction, record_id, field, value, "by", note, made_at, carried_from)
        SELECT $name, $record_id, $field, $value, $by, $note, $made_at, $from
        WHERE NOT EXISTS (
            FROM corrections WHERE correction = $name
            OR (record_id = $record_id AND field = $field AND withdrawn_at IS NULL)
        )
        """,
        {
            "name": name,
            "record_id": record_id,
            "made_at": old["made_at"],
            "from": first,
            **{key: old[key] for key in ("field", "value", "by", "note")},
        },
    )
