"""Times and places: a value with its basis, never a silent default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Precision = Literal["day", "week", "month", "year", "none"]
DateBasis = Literal["explicit", "relative", "publication", "inherited", "none"]


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression with its TIMEX3 value.

    `value` is None when it cannot be resolved (a weekday and no publication date). `begin`/`finish` are ISO
    days that bound a calendar point (None for durations and sets). `basis` is "explicit" or "relative".
    `offset` is what the words of an unresolved expression fix all the same ("-1D", "XXXX-WXX-3", "XXXX-11-03"),
    None when `value` is not None. `anchor` names what a relative value was counted from: "publication",
    "dateline" (a day that the text states itself) or "story" (the point mentioned last); None if nothing.
    """

    start: int
    end: int
    text: str
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str | None
    begin: str | None
    finish: str | None
    precision: Precision
    basis: DateBasis
    rule: str
    offset: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class EventDate:
    """The event's own date. `start`/`end` are ISO days or None; never invented."""

    start: str | None
    end: str | None
    precision: Precision
    basis: DateBasis
    span: tuple[int, int] | None
    text: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place name in the text and what it stands for. Coordinates are WGS84 degrees or None if unresolved.

    `country` ISO-3. `feature` is "country", "admin1", "admin2" (a county), "city", "region", "water".
    `basis` says why this reading
    ("containment", "context", "population", "best-known", "only-reading", "demonym", "not in the gazetteer").
    """

    start: int
    end: int
    text: str
    name: str | None
    lat: float | None
    lon: float | None
    country: str | None
    admin1: str | None
    feature: str | None
    place_id: str | None
    basis: str
    metonym: bool = False  # stands for a government or team, not for the spot


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where the event happened, or the absence of a place is simply None instead of this."""

    toponym: Toponym
    basis: str
    by: str
