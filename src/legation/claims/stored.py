"""Linking inside a store: what is new is linked to what stands; links are added and withdrawn, records never touched.

Times are arguments. Whatever people joined, parted or corrected wins over what linking finds.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from legation.claims.board import Board, Claim, build_board
from legation.claims.events import Linked, link_events
from legation.claims.group import Known, Link
from legation.claims.item import Record, slim
from legation.claims.reprints import Reprint, Text, find_reprints, originals
from legation.claims.rules import LinkRules
from legation.problems import SettingsError
from legation.store.store import Store

if TYPE_CHECKING:
    import duckdb

EVENT, CLAIM = "same_event", "claim"
COLUMN = {EVENT: "event_group", CLAIM: "claim"}
PARTED = "not_"  # kind of the links that say "these two never": not_same_event, not_claim


@dataclass(frozen=True)
class LinkedStore:
    """What linking a store came to. `added` and `withdrawn` count links; nothing is written on a dry run."""

    linked: Linked
    reprints: tuple[Reprint, ...]
    added: int
    withdrawn: int


def link_store(
    store: Store, rules: LinkRules, *, at: str, threshold: float | None = None, afresh: bool = False, dry: bool = False
) -> LinkedStore:
    """Link the events of a store and write groups, links and reprints.

    New records join standing groups, which keep their ids; corrected records are judged again. `afresh`: judge
    everything again (after a change of threshold); what people joined or parted stands all the same.
    """
    reprints = find_reprints(_texts(store))
    known, ids = _known(store, EVENT, afresh)
    linked = link_events(
        _records(store), rules, threshold=threshold, known=known, ids=ids, reprints=originals(reprints)
    )
    if dry:
        return LinkedStore(linked, reprints, len(linked.links), 0)
    with store.transaction() as cursor:
        withdrawn = _retire(cursor, EVENT, linked.of_record, at, everything=afresh)
        added = _add_links(cursor, EVENT, linked.links, at)
        _mark(cursor, EVENT, linked.of_record)
        cursor.execute("DELETE FROM reprints")
        _insert(
            cursor, "reprints", [{"article_id": r.article, "original": r.original, "share": r.share} for r in reprints]
        )
    return LinkedStore(linked, reprints, added, withdrawn)


def board_store(
    store: Store, rules: LinkRules, *, at: str, threshold: float | None = None, afresh: bool = False, dry: bool = False
) -> Board:
    """The claim board of a store, written to `claims`, `links` and `events.claim`; claims keep their ids."""
    known, ids = _known(store, CLAIM, afresh)
    board = build_board(_records(store), rules, threshold=threshold, known=known, ids=ids, everything=True)
    if dry:
        return board
    of_record = {record: claim.id for claim in board.claims for record in claim.records}
    with store.transaction() as cursor:
        _retire(cursor, CLAIM, of_record, at, everything=afresh)
        _add_links(cursor, CLAIM, board.grouped.links, at)
        _mark(cursor, CLAIM, of_record)
        cursor.execute("DELETE FROM claims")
        _insert(cursor, "claims", [_row(c) for c in board.claims])
    return board


def claim_rows(store: Store) -> list[dict[str, Any]]:
    """The board as it was last written, the disputed claims first; [] before the first `legation claims --store`."""
    with _closing(store) as cursor:
        rows = cursor.execute("SELECT board FROM claims ORDER BY NOT disputed, first_seen NULLS LAST, claim").fetchall()
    return [json.loads(text) for (text,) in rows]


def claim_row(store: Store, id: str) -> dict[str, Any] | None:  # noqa: A002 (the record contract's word)
    """One claim by its id or the beginning of it; None when there is none or there are several."""
    with _closing(store) as cursor:
        rows = cursor.execute("SELECT board FROM claims WHERE starts_with(claim, ?) LIMIT 2", [id]).fetchall()
    return json.loads(rows[0][0]) if len(rows) == 1 else None


def withdraw(store: Store, kind: str, *, at: str) -> int:
    """Take back all that linking did (not what people joined or parted); how many links that were."""
    with store.transaction() as cursor:
        count = _retire(cursor, kind, {}, at, everything=True)
        cursor.execute(f"UPDATE events SET {COLUMN[kind]} = NULL")
        cursor.execute("DELETE FROM reprints" if kind == EVENT else "DELETE FROM claims")
    return count


def by_hand(store: Store, kind: str, a: str, b: str, *, together: bool, by: str, note: str | None, at: str) -> None:
    """What a person says of two records: one event (or claim), or not. The opposite word, if any, is withdrawn.

    Takes effect with the next linking. SettingsError when a record is not in the store.
    """
    a, b = sorted((a, b))
    for record in (a, b):
        if store.record(record) is None:
            raise SettingsError(f"there is no event {record!r} in {store.path}")
    if a == b:
        raise SettingsError("two records are needed")
    reason = json.dumps({"by": by, "note": note}, ensure_ascii=False, sort_keys=True)
    with store.transaction() as cursor:
        cursor.execute(
            "UPDATE links SET withdrawn_at = ? WHERE a = ? AND b = ? AND kind IN (?, ?) AND withdrawn_at IS NULL",
            [at, a, b, kind, PARTED + kind],
        )
        said = kind if together else PARTED + kind
        cursor.execute("INSERT INTO links VALUES (?, ?, ?, ?, 1.0, ?, NULL)", [a, b, said, reason, at])


def explained(store: Store, a: str, b: str, rules: LinkRules, kind: str) -> dict[str, Any]:
    """Why two records of a store are linked or not, with the links that stand between them."""
    from legation.claims.events import explain

    one, two = store.record(a), store.record(b)
    if one is None or two is None:
        raise SettingsError(f"there is no event {(a if one is None else b)!r} in {store.path}")
    told = explain(one, two, _records(store), rules, kind)
    with _closing(store) as cursor:
        rows = cursor.execute(
            "SELECT kind, reason, score, made_at::VARCHAR FROM links WHERE withdrawn_at IS NULL AND kind IN (?, ?)"
            " AND ((a = ? AND b = ?) OR (a = ? AND b = ?))",
            [kind, PARTED + kind, a, b, b, a],
        ).fetchall()
        groups = cursor.execute(f"SELECT id, {COLUMN[kind]} FROM events WHERE id IN (?, ?)", [a, b]).fetchall()
    told["links"] = [{"kind": k, "reason": json.loads(r), "score": s, "made_at": m} for k, r, s, m in rows]
    told["groups"] = dict(sorted(groups))
    return told


# --- what stands


def _records(store: Store) -> Iterator[Record]:
    return (slim(record) for record in store.records())


def _texts(store: Store) -> Iterator[Text]:
    with _closing(store) as cursor:
        cursor.execute("SELECT article_id, published::VARCHAR, text FROM current_articles ORDER BY article_id")
        while rows := cursor.fetchmany(500):
            for article, published, text in rows:
                yield Text(article, published, text or "")


def _known(store: Store, kind: str, afresh: bool) -> tuple[Known, dict[str, str]]:
    """Groups that stand, pairs joined and parted by hand; and the id of each record's group."""
    column = COLUMN[kind]
    with _closing(store) as cursor:
        rows = cursor.execute(
            f"SELECT id, {column}, corrected FROM events WHERE {column} IS NOT NULL ORDER BY {column}, id"
        ).fetchall()
        hands = cursor.execute(
            "SELECT a, b, kind FROM links WHERE withdrawn_at IS NULL AND kind IN (?, ?)"
            " AND json_extract_string(reason, '$.by') IS NOT NULL",
            [kind, PARTED + kind],
        ).fetchall()
    joined = [(a, b) for a, b, said in hands if said == kind]
    parted = [(a, b) for a, b, said in hands if said != kind]
    ids = {id_: name for id_, name, _ in rows}
    groups: dict[str, list[str]] = defaultdict(list)
    for id_, name, corrected in rows:
        if not corrected:  # a correction may have taken it out of its group: it is judged again
            groups[name].append(id_)
    split = {ids[a] for a, b in parted if a in ids and ids[a] == ids.get(b)}
    kept = [members for name, members in sorted(groups.items()) if not afresh and name not in split]
    return Known(groups=kept, joined=joined, parted=parted), ids


# --- writing


def _retire(
    cursor: duckdb.DuckDBPyConnection, kind: str, of_record: Mapping[str, str], at: str, *, everything: bool
) -> int:
    """Withdraw links of linking that no longer hold: all, or those whose ends are now in different groups."""
    live = "kind = ? AND withdrawn_at IS NULL AND json_extract_string(reason, '$.by') IS NULL"
    rows = cursor.execute(f"SELECT a, b FROM links WHERE {live}", [kind]).fetchall()
    gone = [(a, b) for a, b in rows if everything or of_record.get(a) is None or of_record.get(a) != of_record.get(b)]
    if gone:
        import pyarrow as pa

        cursor.register("gone", pa.table({"a": [a for a, _ in gone], "b": [b for _, b in gone]}))
        cursor.execute(
            f"UPDATE links SET withdrawn_at = ? WHERE {live} AND (a, b) IN (SELECT (a, b) FROM gone)", [at, kind]
        )
        cursor.unregister("gone")
    return len(gone)


def _add_links(cursor: duckdb.DuckDBPyConnection, kind: str, links: Iterable[Link], at: str) -> int:
    rows = [
        {
            "a": link.a,
            "b": link.b,
            "kind": kind,
            "reason": json.dumps({"parts": link.reasons}, ensure_ascii=False, sort_keys=True),
            "score": link.score,
            "made_at": at,
        }
        for link in links
        if link.by == "linking"
    ]
    _insert(cursor, "links", rows)
    return len(rows)


def _mark(cursor: duckdb.DuckDBPyConnection, kind: str, of_record: Mapping[str, str]) -> None:
    """Write the group of every record into `events`."""
    import pyarrow as pa

    column = COLUMN[kind]
    cursor.register("marks", pa.table({"id": pa.array(list(of_record), pa.string()), "name": list(of_record.values())}))
    cursor.execute(
        f"UPDATE events SET {column} = marks.name FROM marks"
        f" WHERE events.id = marks.id AND events.{column} IS DISTINCT FROM marks.name"
    )
    cursor.unregister("marks")


def _insert(cursor: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    import pyarrow as pa

    cursor.register("incoming", pa.Table.from_pylist(rows))
    names = ", ".join(rows[0])
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")
    cursor.unregister("incoming")


def _row(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "words": claim.claim,
        "type": claim.type,
        "disputed": claim.disputed,
        "first_seen": claim.first_seen.date,
        "reports": claim.reports,
        "board": json.dumps(claim.to_dict(), ensure_ascii=False, sort_keys=True),
    }


def _closing(store: Store) -> Any:
    import contextlib

    return contextlib.closing(store.cursor())
