"""The list of watches: made, looked up, ended. Nothing is deleted; what is removed keeps its history."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from legation.store.filter import Filter
from legation.watch.addresses import check_openly, checked_mail, checked_url, same_mail
from legation.watch.model import Channel, Kind, Pace, State, Watch, WatchError
from legation.watch.notice import notice
from legation.watch.plain import plain_words
from legation.watch.words import harmless, utc

if TYPE_CHECKING:
    import duckdb

    from legation.store import Store

LONGEST_NAME = 80  # characters
LONGEST_CONDITION = 2000
MOST_CHANNELS = 50
DEFAULT_KEY = "default"


def add_watch(
    store: Store,
    *,
    name: str,
    condition: str,
    channels: Sequence[Channel] = (),
    pace: str = Pace.AT_ONCE,
    made_at: datetime.datetime,
    by: str,
    past: bool = False,
    allow_hosts: Sequence[str] = (),
) -> Watch:
    """Save a watch. What stands in the store already is told only with `past`.

    A watch without channels is one that people read as a feed. `allow_hosts`: hosts of webhooks that the secrets
    allow to be private. WatchError says what cannot be used.
    """
    shown = _name(name)
    where = parsed(condition)
    if pace not in set(Pace):
        raise WatchError(f"there is no pace {pace!r}; there are {', '.join(Pace)}")
    if len(channels) > MOST_CHANNELS:
        raise WatchError(f"more than {MOST_CHANNELS} channels")
    checked = list(dict.fromkeys(checked_channel(c, allow_hosts) for c in channels))
    moment = utc(made_at)
    with store.transaction() as cursor:
        if cursor.execute("SELECT 1 FROM watches WHERE name = ? AND removed_at IS NULL", [shown]).fetchone():
            raise WatchError(f"there is a watch {shown!r} already")
        number = cursor.execute("SELECT count(*) FROM watches").fetchone()  # never the same twice: no row is deleted
        id_ = _hash(shown, moment.isoformat(), str(number and number[0]))
        cursor.execute(
            "INSERT INTO watches VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            [id_, shown, str(where), plain_words(where), str(pace), moment, by],
        )
        for one in checked:
            row = [_hash(id_, one.kind, one.target), id_, str(one.kind), one.target, one.key, one.allow]
            cursor.execute("INSERT INTO watch_channels VALUES (?, ?, ?, ?, ?, ?, NULL)", row)
        if not past:
            notice(cursor, id_, where, moment, (), past=True)
    return find_watch(store, id_)


def parsed(condition: str) -> Filter:
    """The condition as a filter. WatchError with the reason when it is none."""
    if len(condition) > LONGEST_CONDITION:
        raise WatchError(f"a condition has at most {LONGEST_CONDITION} characters")
    try:
        return Filter.parse(condition)
    except ValueError as error:
        raise WatchError(f"condition: {error}") from None


def checked_channel(channel: Channel, allow_hosts: Sequence[str] = ()) -> Channel:
    """The channel with its target in one form. WatchError when the target cannot be one.

    Names are not resolved here: what they lead to is looked at each time something is sent.
    """
    if channel.kind is Kind.EMAIL:
        return Channel(Kind.EMAIL, checked_mail(channel.target))
    if channel.kind is Kind.WEBHOOK:
        target = checked_url(channel.target)
        check_openly(target, (target.host, *allow_hosts) if channel.allow else allow_hosts)
        return Channel(Kind.WEBHOOK, target.url, (channel.key or DEFAULT_KEY).lower(), channel.allow)
    path = Path(channel.target)
    if "\0" in channel.target or not path.name or path.is_dir():
        raise WatchError(f"{harmless(channel.target)!r}: a feed needs the name of a file")
    if not path.absolute().parent.is_dir():
        raise WatchError(f"{harmless(channel.target)!r}: there is no folder for this feed")
    return Channel(Kind.ATOM, str(path.absolute()))


def list_watches(store: Store) -> list[Watch]:
    """All watches that stand, by name."""
    cursor = store.cursor()
    rows = cursor.execute(
        "SELECT watch, name, condition, words, pace, made_at, made_by FROM watches WHERE removed_at IS NULL "
        "ORDER BY name, watch"
    ).fetchall()
    watches = []
    for id_, name, condition, words, pace, made_at, by in rows:
        counts, noticed, next_try, error = _standing(cursor, id_)
        made = made_at.replace(tzinfo=datetime.UTC)
        channels = _channels(cursor, id_)
        watches.append(
            Watch(id_, name, condition, words, Pace(pace), channels, made, by, counts, noticed, next_try, error)
        )
    return watches


def find_watch(store: Store, watch: str) -> Watch:
    """The watch of this id or name. WatchError when there is none."""
    for one in list_watches(store):
        if watch in (one.id, one.name):
            return one
    raise WatchError(f"there is no watch {harmless(watch)!r} (see: legation watch list)")


def remove_watch(store: Store, watch: str, at: datetime.datetime) -> None:
    """End a watch; what was not sent stays unsent."""
    found = find_watch(store, watch)
    with store.transaction() as cursor:
        cursor.execute("UPDATE watches SET removed_at = ? WHERE watch = ?", [utc(at), found.id])
        for channel in found.channels:
            _end_channel(cursor, channel.id, at)


def unsubscribe(store: Store, address: str, at: datetime.datetime, watch: str | None = None) -> int:
    """No more messages to this address from one watch or, without one, from any. Returns how many channels ended.

    Nothing asks where the wish came from: the command is for the person who looks after the store.
    """
    wanted = checked_mail(address)
    found = [find_watch(store, watch)] if watch is not None else list_watches(store)
    ended = 0
    with store.transaction() as cursor:
        for one in found:
            for channel in one.channels:
                if channel.kind is Kind.EMAIL and same_mail(channel.target, wanted):
                    _end_channel(cursor, channel.id, at)
                    ended += 1
    return ended


def _end_channel(cursor: duckdb.DuckDBPyConnection, channel: str | None, at: datetime.datetime) -> None:
    """Only the channel is marked: the deliveries belong to the run that may be sending at this moment."""
    cursor.execute("UPDATE watch_channels SET removed_at = ? WHERE channel = ?", [utc(at), channel])


def _channels(cursor: duckdb.DuckDBPyConnection, watch: str) -> tuple[Channel, ...]:
    rows = cursor.execute(
        "SELECT kind, target, secret, allow, channel FROM watch_channels WHERE watch = ? AND removed_at IS NULL "
        "ORDER BY kind, target",
        [watch],
    ).fetchall()
    states = cursor.execute(
        "SELECT channel, state, count(*), arg_max(error, changed_at) FROM deliveries WHERE watch = ? "
        "GROUP BY channel, state ORDER BY state",
        [watch],
    ).fetchall()
    counts: dict[str, dict[str, int]] = {}
    errors: dict[str, str] = {}
    for channel, state, number, error in states:
        counts.setdefault(channel, {})[state] = number
        if state in (State.FAILED, State.DEAD) and error:
            errors[channel] = error
    return tuple(
        Channel(Kind(kind), target, key, allow, id_, counts.get(id_, {}), errors.get(id_))
        for kind, target, key, allow, id_ in rows
    )


def _standing(
    cursor: duckdb.DuckDBPyConnection, watch: str
) -> tuple[dict[str, int], int, datetime.datetime | None, str | None]:
    """What became of a watch's messages: deliveries by state, events noticed, next try, last error."""
    counts = cursor.execute(
        "SELECT CASE WHEN removed_at IS NOT NULL AND state IN ('pending', 'failed') THEN 'withdrawn' ELSE state END s, "
        "count(*) FROM deliveries d JOIN watch_channels c USING (channel) WHERE d.watch = ? GROUP BY s ORDER BY s",
        [watch],
    ).fetchall()
    noticed, next_try, error = cursor.execute(
        "SELECT (SELECT count(*) FROM watch_events WHERE watch = $w AND NOT past), "
        "min(next_try) FILTER (state = 'failed' AND removed_at IS NULL), "
        "arg_max(error, changed_at) FILTER (state IN ('failed', 'dead') AND removed_at IS NULL) "
        "FROM deliveries d JOIN watch_channels c USING (channel) WHERE d.watch = $w",
        {"w": watch},
    ).fetchone() or (0, None, None)
    return dict(counts), noticed, next_try and next_try.replace(tzinfo=datetime.UTC), error


def _name(name: str) -> str:
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or harmless(shown) != shown:
        raise WatchError(f"a watch's name has 1 to {LONGEST_NAME} characters, none of them a control character")
    return shown


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf8", "backslashreplace")).hexdigest()[:16]
