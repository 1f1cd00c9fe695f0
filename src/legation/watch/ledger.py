"""The book of deliveries: what is due, what is on its way, what arrived. Each step is committed before the next.

A delivery is `sending` from before its message leaves until its answer is noted. A run that is cut off in between
leaves it so; the next run sends the same message again under the same id, and counts the try that was lost.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from legation.store.database import transaction
from legation.watch.model import Channel, Kind, Pace, State, Watch

if TYPE_CHECKING:
    import duckdb

TRIES = 8  # after which a message is dead
FIRST_WAIT, WAIT_FACTOR, LONGEST_WAIT = 60, 4, 86400  # seconds: 1, 4, 16, 64 minutes ... a day; two days in all
FLOOD = 50  # so many events at once still are one message each; more are told together
DIGEST = 200  # events in one message
CUT_OFF = "the run before was cut off while this was on its way"


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries that travel in one message. `id` is the message's, the same for every try."""

    id: str
    events: tuple[str, ...]
    tries: int


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a batch: its record as it stands now, and how many further articles report it."""

    event: str
    record: dict[str, Any]
    reports: int


def recover(cursor: duckdb.DuckDBPyConnection, now: datetime.datetime) -> None:
    """What a run before left on its way is tried again at once; what is for a channel that ended is withdrawn.

    Only for the one process that holds the store, one run at a time.
    """
    cursor.execute(
        "UPDATE deliveries SET state = 'withdrawn', changed_at = ? WHERE state IN ('pending', 'failed') "
        "AND channel IN (SELECT channel FROM watch_channels WHERE removed_at IS NOT NULL)",
        [now],
    )
    cursor.execute(
        "UPDATE deliveries SET state = CASE WHEN tries >= ? THEN 'dead' ELSE 'failed' END, next_try = ?, "
        "changed_at = ?, error = ? WHERE state = 'sending'",
        [TRIES, now, now, CUT_OFF],
    )


def revive(cursor: duckdb.DuckDBPyConnection, watch: str, now: datetime.datetime) -> None:
    """Dead letters of a watch get their tries back."""
    cursor.execute(
        "UPDATE deliveries SET state = 'failed', tries = 0, next_try = ?, changed_at = ? "
        "WHERE watch = ? AND state = 'dead'",
        [now, now, watch],
    )


def put_together(cursor: duckdb.DuckDBPyConnection, watch: Watch, channel: Channel, now: datetime.datetime) -> None:
    """Decide which pending deliveries share a message, once and for all: a second try is then the same message."""
    rows = cursor.execute(
        "SELECT delivery FROM deliveries WHERE channel = ? AND state = 'pending' AND batch IS NULL "
        "ORDER BY made_at, delivery",
        [channel.id],
    ).fetchall()
    if not rows or not _due(cursor, watch, channel, now):
        return
    waiting = [row[0] for row in rows]
    size = 1 if watch.pace is Pace.AT_ONCE and len(waiting) <= FLOOD else DIGEST
    if channel.kind is Kind.ATOM:
        size = len(waiting)
    with transaction(cursor):
        for first in range(0, len(waiting), size):
            part = waiting[first : first + size]
            batch = hashlib.sha256(" ".join(part).encode()).hexdigest()[:24]
            cursor.execute(
                "UPDATE deliveries SET batch = ?, batched_at = ? WHERE delivery IN (SELECT unnest(?))",
                [batch, now, part],
            )


def _due(cursor: duckdb.DuckDBPyConnection, watch: Watch, channel: Channel, now: datetime.datetime) -> bool:
    """Whether a new hour, day or week has begun since the last message was put together (or the watch was made).

    Periods of the calendar and not hours since the last: a job that runs every day at six, give or take a second,
    tells every day.
    """
    if watch.pace is Pace.AT_ONCE or channel.kind is Kind.ATOM:
        return True
    row = cursor.execute("SELECT max(batched_at) FROM deliveries WHERE channel = ?", [channel.id]).fetchone()
    last = (row and row[0]) or watch.made_at.replace(tzinfo=None)
    return _period(now, watch.pace) > _period(last, watch.pace)


def _period(moment: datetime.datetime, pace: Pace) -> tuple[int, ...]:
    if pace is Pace.WEEKLY:
        return moment.isocalendar()[:2]
    day = (moment.year, moment.month, moment.day)
    return (*day, moment.hour) if pace is Pace.HOURLY else day


def due(cursor: duckdb.DuckDBPyConnection, channel: Channel, now: datetime.datetime) -> list[Batch]:
    """Messages whose time has come, the oldest first."""
    rows = cursor.execute(
        "SELECT batch, list(event ORDER BY delivery), max(tries) FROM deliveries WHERE channel = ? "
        "AND state IN ('pending', 'failed') AND batch IS NOT NULL AND (next_try IS NULL OR next_try <= ?) "
        "GROUP BY batch ORDER BY min(made_at), batch",
        [channel.id, now],
    ).fetchall()
    return [Batch(batch, tuple(events), tries) for batch, events, tries in rows]


def content(cursor: duckdb.DuckDBPyConnection, watch: str, events: Sequence[str]) -> list[Told]:
    """What is told of these events, by day: the record noticed first where it still stands, else another report.

    An event that has no report left (rejected by a person, its article gone) is not in the list.
    """
    found: dict[str, list[tuple[str, str, str, int]]] = {}
    with transaction(cursor):  # row numbers hold within one view of the store; by them a record is found at once
        rows = cursor.execute(
            "SELECT r.event, e.id, e.article_id, e.rowid FROM watch_reports r JOIN events e ON e.id = r.record_id "
            "WHERE r.watch = ? AND r.event IN (SELECT unnest(?)) ORDER BY e.day, e.published, e.confidence DESC, e.id",
            [watch, list(events)],
        ).fetchall()
        for row in rows:
            found.setdefault(row[0], []).append(row)
        shown = [next((row for row in group if row[1] == event), group[0]) for event, group in found.items()]
        texts = dict(
            cursor.execute(
                "SELECT id, record FROM events WHERE rowid IN (SELECT unnest(?))", [[row[3] for row in shown]]
            ).fetchall()
        )
    return [
        Told(event, json.loads(texts[id_]), len({row[2] for row in found[event]} - {article}))
        for event, id_, article, _ in shown
    ]


def start(cursor: duckdb.DuckDBPyConnection, batch: Batch, now: datetime.datetime) -> bool:
    """Written before the message leaves; the try counts from here. False when there is nothing to send any more."""
    row = cursor.execute(
        "UPDATE deliveries SET state = 'sending', tries = tries + 1, changed_at = ? "
        "WHERE batch = ? AND state IN ('pending', 'failed') "
        "AND channel IN (SELECT channel FROM watch_channels WHERE removed_at IS NULL)",
        [now, batch.id],
    ).fetchone()
    return bool(row and row[0])


def settle(
    cursor: duckdb.DuckDBPyConnection,
    batch: Batch,
    state: State,
    now: datetime.datetime,
    *,
    error: str | None = None,
    next_try: datetime.datetime | None = None,
) -> None:
    """Written as soon as the answer is known."""
    cursor.execute(
        "UPDATE deliveries SET state = ?, changed_at = ?, error = ?, next_try = ? "
        "WHERE batch = ? AND state = 'sending'",
        [str(state), now, error, next_try, batch.id],
    )


def withdraw(cursor: duckdb.DuckDBPyConnection, batch: Batch, events: Sequence[str], now: datetime.datetime) -> None:
    """Events of a batch that nobody needs to be told of any more."""
    cursor.execute(
        "UPDATE deliveries SET state = 'withdrawn', changed_at = ? WHERE batch = ? AND event IN (SELECT unnest(?)) "
        "AND state IN ('pending', 'failed')",
        [now, batch.id, list(events)],
    )


def waiting_time(tries: int, asked: int | None = None) -> datetime.timedelta:
    """How long to wait after so many tries; longer where the receiver asks for it, a day at most."""
    seconds = min(FIRST_WAIT * WAIT_FACTOR ** max(0, tries - 1), LONGEST_WAIT)
    return datetime.timedelta(seconds=min(max(seconds, asked or 0), LONGEST_WAIT))
