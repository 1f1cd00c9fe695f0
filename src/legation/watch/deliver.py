"""A run of the watches: notice what is new, tell whom it concerns, note what became of it.

What holds: every message leaves at least once and, while nothing is cut off, exactly once. When the process dies
between the receiver's yes and our note of it, the next run sends the same message under the same id (`webhook-id`,
`Idempotency-Key`, `Message-ID`): no sender can do better over HTTP and SMTP, receivers that keep ids see it once.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legation.settings import Secrets
from legation.watch import ledger
from legation.watch.book import find_watch, list_watches, parsed
from legation.watch.feed import feed, write_feed
from legation.watch.ledger import Batch, Told
from legation.watch.mail import Mailer, MailRefused, compose, sender
from legation.watch.model import Channel, Kind, Report, State, Watch, WatchError
from legation.watch.notice import notice
from legation.watch.render import mail_bodies, subject_of, watch_values
from legation.watch.webhook import Refused, post, signing_key
from legation.watch.words import harmless, message, utc

if TYPE_CHECKING:
    import duckdb

    from legation.store import Store

SECONDS = 300.0  # after which a run leaves the rest to the next
LONGEST_ERROR = 300  # characters
_RUNNING = threading.Lock()  # one run at a time: what is found on its way was left by a run that is gone


class Unready(Exception):  # noqa: N818 (a lack, not a fault)
    """Nothing can be sent on this channel as things are set up; no try is counted."""


def run_watches(
    store: Store,
    now: datetime.datetime,
    *,
    secrets: Secrets | None = None,
    allow_hosts: Sequence[str] = (),
    names: Sequence[str] = (),
    retry_dead: bool = False,
    seconds: float = SECONDS,
    stop: Callable[[], bool] = bool,
) -> Report:
    """Run all watches, or those named. To be called after a load, once events are grouped; `now` is the time written.

    `stop` is asked before each message whether to end here; what is left waits.

    Never raises for what a receiver does; a broken store or a name that is none does.
    """
    with _RUNNING:
        watches = [find_watch(store, name) for name in names] if names else list_watches(store)
        if not watches:
            return Report()
        moment = utc(now)
        new = 0
        problems: list[str] = []
        for watch in watches:
            try:
                with store.transaction() as cursor:
                    new += notice(cursor, watch.id, parsed(watch.condition), moment, watch.channels)
            except WatchError as error:  # a condition that this version does not read: the other watches go on
                problems.append(f"{watch.name}: {error}")
        with contextlib.closing(store.cursor()) as cursor, contextlib.ExitStack() as open_connections:
            ledger.recover(cursor, moment)
            run = _Run(store, cursor, secrets or Secrets(), tuple(allow_hosts), now, open_connections, seconds, stop)
            for watch in watches:
                if retry_dead:
                    ledger.revive(cursor, watch.id, moment)
                for channel in watch.channels:
                    run.channel(watch, channel)
            waiting = _waiting(cursor)
        return Report(
            new,
            run.count[State.SENT],
            run.count[State.FAILED],
            run.count[State.DEAD],
            waiting,
            tuple(dict.fromkeys((*problems, *run.problems))),
        )


@dataclass
class _Run:
    """What one run shares: connections, what it counted, what it gave up for now."""

    store: Store
    cursor: duckdb.DuckDBPyConnection
    secrets: Secrets
    allow_hosts: tuple[str, ...]
    now: datetime.datetime
    stack: contextlib.ExitStack
    seconds: float
    stop: Callable[[], bool] = bool
    count: dict[State, int] = field(default_factory=lambda: dict.fromkeys(State, 0))
    problems: list[str] = field(default_factory=list)
    mailer: Mailer | None = None
    mail_down: bool = False
    began: float = field(default_factory=time.monotonic)

    def moment(self) -> datetime.datetime:
        """The time by which a try is dated: the run's own plus what has passed since it began."""
        return self.now + datetime.timedelta(seconds=int(time.monotonic() - self.began))

    def channel(self, watch: Watch, channel: Channel) -> None:
        """Send what is due on one channel, until it is done or the receiver cannot be reached."""
        ledger.put_together(self.cursor, watch, channel, utc(self.now))
        for batch in ledger.due(self.cursor, channel, utc(self.now)):
            if self.stop():
                return
            if time.monotonic() - self.began > self.seconds:
                self.problems.append("the time of this run is over: the rest waits for the next run")
                return
            if channel.kind is Kind.EMAIL and self.mail_down:
                return
            told = ledger.content(self.cursor, watch.id, batch.events)
            gone = sorted(set(batch.events) - {t.event for t in told})
            if gone:
                ledger.withdraw(self.cursor, batch, gone, utc(self.now))
            if told and not self.batch(watch, channel, batch, told):
                return
        if channel.kind is Kind.ATOM:
            self.refresh(watch, channel)

    def refresh(self, watch: Watch, channel: Channel) -> None:
        """A feed follows corrections, and is there before the first event."""
        try:
            write_feed(Path(channel.target), feed(self.store, watch.id))
        except (OSError, WatchError) as error:
            self.problems.append(self.clean(f"{watch.name}: {channel.kind}: {_reason(error)}"))

    def batch(self, watch: Watch, channel: Channel, batch: Batch, told: Sequence[Told]) -> bool:
        """One message: note that it leaves, send it, note the answer. False when the channel should rest."""
        try:
            self.ready(channel)
        except (Unready, WatchError) as error:
            self.problems.append(self.clean(f"{watch.name}: {error}"))
            return False
        if not ledger.start(self.cursor, batch, utc(self.now)):
            return True
        try:
            self.send(watch, channel, batch.id, told)
        except (Refused, MailRefused) as error:
            self.failed(watch, channel, batch, str(error), final=error.final, asked=getattr(error, "wait", None))
            return True
        except (OSError, WatchError) as error:
            self.failed(watch, channel, batch, _reason(error))
            self.mail_down = self.mail_down or channel.kind is Kind.EMAIL
            return False
        except Exception as error:  # a fault of ours must not end the ingest that called us, nor lose the delivery
            self.failed(watch, channel, batch, f"a fault in Legation ({type(error).__name__}); please report it")
            return True
        ledger.settle(self.cursor, batch, State.SENT, utc(self.moment()))
        self.count[State.SENT] += 1
        return True

    def ready(self, channel: Channel) -> None:
        """Unready when a server or key is not set; this is found out before a try is counted."""
        if channel.kind is Kind.EMAIL:
            if self.secrets.mail is None:
                raise Unready("no mail server is set (LEGATION_SMTP_HOST, or smtp in the file of secrets)")
            if self.mailer is None:
                self.mailer = self.stack.enter_context(Mailer(self.secrets.mail))
        if channel.kind is Kind.WEBHOOK:
            key = self.secrets.keys.get(channel.key or "")
            if key is None:
                raise Unready(f"the webhook key {channel.key!r} is not set (LEGATION_WEBHOOK_KEY, or keys in the file)")
            signing_key(key)

    def send(self, watch: Watch, channel: Channel, batch: str, told: Sequence[Told]) -> None:
        """One message on its way; returning means that it arrived."""
        if channel.kind is Kind.ATOM:
            write_feed(Path(channel.target), feed(self.store, watch.id))
        elif channel.kind is Kind.WEBHOOK:
            self.post(watch, channel, batch, told)
        elif self.mailer is not None:
            server = self.mailer.server
            shown = [message(t.record, t.reports) for t in told]
            subject = subject_of(shown, watch.name)
            bodies = mail_bodies(
                shown,
                watch=watch,
                heading=None,
                recipient=channel.target,
                contact=sender(server)[1],
                subject=subject,
            )
            mail = compose(server, channel.target, subject, bodies, message_id=batch, now=self.moment(), watch=watch)
            self.mailer.send(mail, channel.target)

    def post(self, watch: Watch, channel: Channel, batch: str, told: Sequence[Told]) -> None:
        """One webhook."""
        events = [
            {"event": t.event, "subject": message(t.record).subject, "articles": t.reports + 1, "record": t.record}
            for t in told
        ]
        payload: dict[str, Any] = {"id": batch, "watch": watch_values(watch), "events": events}
        host_names = (*self.allow_hosts, *self.secrets.allow_hosts)
        post(
            channel.target,
            payload,
            message_id=batch,
            timestamp=int(self.moment().timestamp()),
            secret=self.secrets.keys[channel.key or ""],
            allowed=(*host_names, _host(channel)) if channel.allow else host_names,
        )

    def failed(
        self,
        watch: Watch,
        channel: Channel,
        batch: Batch,
        error: str,
        *,
        final: bool = False,
        asked: int | None = None,
    ) -> None:
        """Note a failure and when to try again; after the last try the message is dead."""
        tries = batch.tries + 1
        state = State.DEAD if final or tries >= ledger.TRIES else State.FAILED
        next_try = utc(self.now) + ledger.waiting_time(tries, asked) if state is State.FAILED else None
        words = self.clean(error)
        ledger.settle(self.cursor, batch, state, utc(self.moment()), error=words, next_try=next_try)
        self.count[state] += 1
        self.problems.append(f"{watch.name}: {channel.kind}: {words}")

    def clean(self, text: str) -> str:
        """Words for the store and for people: one line, without any secret, whoever put it there."""
        for word in self.secrets.words():
            text = text.replace(word, "***")
        return harmless(text)[:LONGEST_ERROR]


def try_watch(
    store: Store,
    watch: str,
    now: datetime.datetime,
    *,
    secrets: Secrets | None = None,
    allow_hosts: Sequence[str] = (),
) -> list[tuple[Channel, str | None]]:
    """Send one message over each channel of a watch, as a test; None or what went wrong for each.

    The newest event that fits the watch is shown, else the newest of the store. Nothing is written down, so that a
    test changes nothing of what the watch will tell. Feeds are written as they stand.
    """
    found = find_watch(store, watch)
    condition, bound = parsed(found.condition).where()
    with contextlib.closing(store.cursor()) as cursor, contextlib.ExitStack() as stack:
        row = cursor.execute(
            f"SELECT id, record FROM events ORDER BY ({condition}) DESC, day DESC NULLS LAST, id LIMIT 1", bound
        ).fetchone()
        if row is None:
            raise WatchError("the store holds no event that a test could show")
        told = [Told(row[0], json.loads(row[1]), 0)]
        run = _Run(store, cursor, secrets or Secrets(), tuple(allow_hosts), now, stack, SECONDS)
        outcome: list[tuple[Channel, str | None]] = []
        for channel in found.channels:
            id_ = hashlib.sha256(f"test {channel.id} {now.isoformat()}".encode()).hexdigest()[:24]
            try:
                run.ready(channel)
                run.send(found, channel, id_, told)
            except (Unready, Refused, MailRefused, OSError, WatchError) as error:
                outcome.append((channel, run.clean(_reason(error))))
            else:
                outcome.append((channel, None))
        return outcome


def _host(channel: Channel) -> str:
    from legation.watch.addresses import checked_url

    return checked_url(channel.target).host


def _reason(error: Exception) -> str:
    """What went wrong with a connection, without the address of anybody."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _waiting(cursor: duckdb.DuckDBPyConnection) -> int:
    row = cursor.execute(
        "SELECT count(*) FROM deliveries JOIN watch_channels USING (channel) "
        "WHERE state IN ('pending', 'failed') AND removed_at IS NULL"
    ).fetchone()
    return int(row[0]) if row else 0
