"""What is new to a watch: events that fit its condition and of which it has noticed no report before.

Several reports of one event are one event: those of one group (see dedup) and, where they are not grouped, those
that say the same (type, parties, day; without a day only within one article). What was noticed stays noticed by the
id of its record, so that a new run over the same articles tells nobody anything twice.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from legation.store.load import insert
from legation.watch.model import Channel, State

if TYPE_CHECKING:
    import duckdb

    from legation.store.filter import Filter

# two reports of one event where nobody has grouped them; without a day only within one article
LIKENESS = "e.content_key || CASE WHEN e.date_start IS NULL THEN '@' || e.article_id ELSE '' END"
_EVENTS = {"watch": "text", "event": "text", "noticed_at": "text", "past": "flag"}
_REPORTS = {"watch": "text", "record_id": "text", "event": "text", "likeness": "text"}


def notice(
    cursor: duckdb.DuckDBPyConnection,
    watch: str,
    where: Filter,
    now: datetime.datetime,
    channels: Sequence[Channel],
    *,
    past: bool = False,
) -> int:
    """Note what is new and queue it for each channel; returns how many events. The caller holds the transaction.

    With `past`, the events count as known from now on and nobody is told. `now` is in UTC without a zone.
    """
    condition, bound = where.where()
    fresh = cursor.execute(
        f"SELECT e.id, e.event_group, {LIKENESS} FROM events e WHERE e.id IN (SELECT id FROM events WHERE {condition}) "
        "AND e.id NOT IN (SELECT record_id FROM watch_reports WHERE watch = $the_watch) "
        "ORDER BY e.day, e.published, e.confidence DESC, e.id",
        {**bound, "the_watch": watch},
    ).fetchall()
    if not fresh:
        return 0
    told = _Told(cursor, watch)
    reports, events = [], []
    for id_, group, likeness in fresh:
        event = told.find(group, likeness)
        if event is None:
            event = id_
            events.append(id_)
        told.add(event, group, likeness)
        reports.append({"watch": watch, "record_id": id_, "event": event, "likeness": likeness})
    insert(cursor, "watch_reports", reports, _REPORTS)
    rows = [{"watch": watch, "event": e, "noticed_at": now.isoformat(), "past": past} for e in events]
    insert(cursor, "watch_events", rows, _EVENTS)
    if not past:
        _queue(cursor, watch, events, channels, now)
    return len(events)


class _Told:
    """The events that a watch knows, by the group and the likeness of their reports."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, watch: str) -> None:
        self.groups: dict[str, str] = {}
        self.alike: dict[str, list[tuple[str, str | None]]] = {}
        rows = cursor.execute(
            "SELECT r.event, e.event_group, r.likeness FROM watch_reports r LEFT JOIN events e ON e.id = r.record_id "
            "WHERE r.watch = ? ORDER BY r.event",
            [watch],
        ).fetchall()
        for event, group, likeness in rows:
            self.add(event, group, likeness)

    def add(self, event: str, group: str | None, likeness: str) -> None:
        """One more report of an event."""
        if group is not None:
            self.groups.setdefault(group, event)
        self.alike.setdefault(likeness, []).append((event, group))

    def find(self, group: str | None, likeness: str) -> str | None:
        """The event that such a report belongs to. Two groups are two events, however alike their reports are."""
        if group is not None and group in self.groups:
            return self.groups[group]
        for event, other in self.alike.get(likeness, ()):
            if group is None or other is None:
                return event
        return None


def _queue(
    cursor: duckdb.DuckDBPyConnection,
    watch: str,
    events: Sequence[str],
    channels: Sequence[Channel],
    now: datetime.datetime,
) -> None:
    """One pending delivery for each event and channel."""
    rows = [
        {
            "delivery": hashlib.sha256(f"{watch} {channel.id} {event}".encode()).hexdigest()[:24],
            "watch": watch,
            "channel": channel.id,
            "recipient": channel.target,
            "event": event,
            "state": str(State.PENDING),
            "tries": 0,
            "made_at": now.isoformat(),
            "changed_at": now.isoformat(),
        }
        for channel in channels
        for event in events
    ]
    texts = dict.fromkeys(("delivery", "watch", "channel", "recipient", "event", "state"), "text")
    insert(cursor, "deliveries", rows, {**texts, "tries": "whole", "made_at": "text", "changed_at": "text"})
