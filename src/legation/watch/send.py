"""What a person sends by hand: one event, or an article with all its events, to one address."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING, Any

from legation.settings import MailServer
from legation.watch.mail import Mailer, MailRefused, compose
from legation.watch.model import WatchError
from legation.watch.phrases import phrases
from legation.watch.render import mail_bodies, subject_of
from legation.watch.words import LONGEST_SUBJECT, harmless, message, short

if TYPE_CHECKING:
    from legation.store import Store

MOST = 200  # events of one article in a message


def send(store: Store, what: str, recipient: str, server: MailServer | None, now: datetime.datetime) -> str:
    """Send the event or article of this id (an article also by its URL or path); returns the subject.

    Sent each time it is asked for, and to nobody but the address given; no watch and no unsubscribing has to do
    with it. WatchError when there is no such thing or the mail server does not take it.
    """
    if server is None:
        raise WatchError("no mail server is set (LEGATION_SMTP_HOST, or smtp in the file of secrets)")
    records, title = _found(store, what)
    shown = [message(record) for record in records[:MOST]]
    subject = subject_of(shown, title)
    bodies = mail_bodies(
        shown, watch=None, heading=phrases().sent_by_hand, recipient=recipient, contact=None, subject=subject
    )
    digest = hashlib.sha256(f"{what} {recipient} {now.isoformat()}".encode("utf8", "backslashreplace"))
    mail = compose(server, recipient, subject, bodies, message_id=digest.hexdigest()[:24], now=now)
    try:
        with Mailer(server) as mailer:
            mailer.send(mail, recipient)
    except (MailRefused, OSError) as error:
        raise WatchError(f"not sent: {error}") from None
    return subject


def _found(store: Store, what: str) -> tuple[list[dict[str, Any]], str]:
    """(records, title) of an event or an article. WatchError when there is none."""
    from legation.store.filter import Filter

    record = store.record(what)
    if record is not None:
        return [record], what
    rows = store.sql(
        "SELECT article_id, title FROM current_articles WHERE $w IN (article_id, url, path) "
        "ORDER BY article_id LIMIT 1",
        {"w": what},
    ).to_pylist()
    if not rows:
        raise WatchError(f"there is no event and no article {harmless(what)!r} in the store")
    title = short(harmless(rows[0]["title"] or rows[0]["article_id"]), LONGEST_SUBJECT)
    records = list(store.records(Filter(article=rows[0]["article_id"])))
    if not records:
        raise WatchError(f"the article {harmless(what)!r} has no events to send")
    return records, title
