"""What a watch is, whom it tells, and what a run of the watches did."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from legation.problems import LegationError


class WatchError(LegationError):
    """A watch that cannot be made, found or sent as it was asked for. Exit status 2 at the command line."""


class Kind(StrEnum):
    """How a message travels."""

    ATOM = "atom"
    WEBHOOK = "webhook"
    EMAIL = "email"


class Pace(StrEnum):
    """When: one message an event, or one message for all of an hour, a day, a week (UTC)."""

    AT_ONCE = "at once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class State(StrEnum):
    """What became of a delivery.

    `sending` is written before a message leaves: a run that finds it knows that the run before was cut off.
    `failed` will be tried again, `dead` will not; `withdrawn` lost its reason (event rejected, watch removed).
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to one recipient. `target`: file, URL or address; `key`: name of the key that signs a webhook.

    `allow`: the webhook's host may have a private address or speak without TLS; for the person at the command line,
    never for a form on a page. `id` is None until the channel is stored. `counts` is deliveries by state, `last_error`
    why the last of those failed that are still to be tried or were given up.
    """

    kind: Kind
    target: str
    key: str | None = None
    allow: bool = False
    id: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict, compare=False)
    last_error: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Watch:
    """A saved condition. `condition` is the query, `words` the same for people; `counts` is deliveries by state."""

    id: str
    name: str
    condition: str
    words: str
    pace: Pace
    channels: tuple[Channel, ...]
    made_at: datetime.datetime
    made_by: str
    counts: Mapping[str, int] = field(default_factory=dict)
    noticed: int = 0
    next_try: datetime.datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did: events noticed, messages sent, to be tried again, given up; deliveries that still wait."""

    new: int = 0
    sent: int = 0
    failed: int = 0
    dead: int = 0
    waiting: int = 0
    problems: tuple[str, ...] = ()
