"""What a relative expression is counted from: the day of writing, a dateline, or the day the story has reached."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from legation.dates.calendar import Point

_END = re.compile(r"[.!?][\s\"”’)]|\n")

Direction = Literal["past", "future"]


@dataclass(slots=True)
class Context:
    """State while the expressions of one article are worked out in text order.

    `anchor` is the day of writing or None; `anchor_name` says how it is known ("publication", "dateline").
    `narrative`: the text tells history, so that a month without a year belongs to the year the story has reached
    and not to the year of writing. `last` is the calendar point mentioned last, `last_end` where it stood.
    `direction` tells for a place in the text whether the sentence speaks of the future or the past.
    """

    anchor: datetime.date | None
    anchor_name: str | None
    narrative: bool
    direction: Callable[[int, int], Direction | None]
    text: str = ""
    last: Point | None = None
    last_end: int = -1
    last_explicit_year: bool = False
    usual_years: tuple[int, int] | None = None  # where most years of the text lie; far ones are asides
    ahead: str | None = None  # the day right behind a clock time ("9 a.m. on 3 May")

    @property
    def story(self) -> bool:
        """Whether the last mentioned point is the one to count from."""
        return self.last is not None and (self.narrative or self.anchor is None)

    def same_sentence(self, start: int) -> bool:
        """Whether the last mentioned point stands in the sentence of this place."""
        between = self.text[self.last_end : start]
        return 0 <= self.last_end <= start and len(between) < 250 and not _END.search(between)


@dataclass(frozen=True, slots=True)
class Made:
    """A worked-out value. `value` None: not resolvable here; then `offset` says what the words do fix.

    `anchor`: what was counted from ("publication", "dateline", "story"), None if nothing was needed.
    """

    value: str | None
    offset: str | None = None
    anchor: str | None = None
    point: bool = True  # whether it moves the story on


REJECT = Made("", "reject")  # no such date (31 February): the words are not a date at all
