"""Arithmetic on TIMEX3 values: what days a value bounds, how to count from a day, when holidays fall.

Why not a library: a value such as "1990-Q3" or "199" is not a date, and a sum must keep its precision
("a year before March 1990" is a month, not a day).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from legation.model.when_where import Precision

FIRST_YEAR, LAST_YEAR = 1500, 2100  # outside of these a number in news is noise
SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_VALUE = re.compile(
    r"(?P<y>\d{4})(?:-(?P<m>\d\d)(?:-(?P<d>\d\d))?|-W(?P<w>\d\d)(?P<we>-WE)?|-Q(?P<q>[1-4])|-H(?P<h>[12])"
    r"|-(?P<s>SP|SU|FA|WI))?(?:T.*)?"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A calendar point that is known to the year, the month or the day."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def date(self) -> datetime.date | None:
        """The day, if it is known to the day."""
        return datetime.date(self.year, self.month, self.day) if self.month and self.day else None


def make_day(year: int, month: int, day: int) -> datetime.date | None:
    """The day, or None if there is no such day (31 February)."""
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def iso_day(text: str | None) -> datetime.date | None:
    """A day of the form 2021-03-17, or None."""
    try:
        return datetime.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def month_last_day(year: int, month: int) -> datetime.date:
    """The last day of a month."""
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def add_months(point: datetime.date, months: int) -> tuple[int, int]:
    """(year, month) so many months away."""
    total = point.year * 12 + point.month - 1 + months
    return total // 12, total % 12 + 1


def shift_day(day: datetime.date, days: int) -> datetime.date | None:
    """The day so many days away, or None beyond the calendar."""
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        return None


def week_value(day: datetime.date) -> str:
    """The ISO week of a day: 2021-W11."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def shift(day: datetime.date, unit: str, n: int) -> str | None:
    """The value `n` units from a day, in the precision of the unit; None where the calendar ends.

    Units: D, N, W, WE, FN, M, Q, Y, DE, CE, ML. A fortnight is two weeks; a night is a day with its night.
    """
    value: str | None = None
    if unit in ("D", "N"):
        moved = shift_day(day, n)
        value = moved.isoformat() + ("TNI" if unit == "N" else "") if moved else None
    elif unit in ("W", "FN", "WE"):
        moved = shift_day(day, 7 * n * (2 if unit == "FN" else 1))
        value = week_value(moved) + ("-WE" if unit == "WE" else "") if moved else None
    elif unit == "M":
        year, month = add_months(day, n)
        value = f"{year:04d}-{month:02d}"
    elif unit == "Q":
        quarter = day.year * 4 + (day.month - 1) // 3 + n
        value = f"{quarter // 4:04d}-Q{quarter % 4 + 1}"
    elif unit == "Y":
        value = f"{day.year + n:04d}"
    elif unit == "DE":
        value = f"{day.year // 10 + n:03d}"
    elif unit == "CE":
        value = f"{day.year // 100 + n:02d}"
    elif unit == "ML":
        value = f"{day.year // 1000 + n:01d}"
    return value if value and plausible(value) else None


def plausible(value: str) -> bool:
    """No date before 1500 or after 2100 comes out of this stage; durations, sets and references are not dates."""
    bare = value[2:] if value.startswith("BC") else value
    if value.startswith("BC"):
        return True
    digits = re.match(r"\d+", bare)
    if not digits:
        return True
    size = len(digits[0])
    return int(f"{FIRST_YEAR}"[:size]) <= int(digits[0]) <= int(f"{LAST_YEAR}"[:size])


def bounds(value: str | None) -> tuple[str | None, str | None, Precision]:
    """First day, last day and precision of a value; (None, None, "none") for what is no calendar point.

    A quarter, half-year or season has the precision "year" (the next coarser word of the record), but its own
    bounds. Decades and centuries have bounds and no precision.
    """
    if not value:
        return None, None, "none"
    if re.fullmatch(r"\d{1,3}", value):
        size = 10 ** (4 - len(value))
        first = int(value) * size
        return f"{first:04d}-01-01", f"{first + size - 1:04d}-12-31", "none"
    match = _VALUE.fullmatch(value)
    if not match:
        return None, None, "none"
    year = int(match["y"])
    if match["d"]:
        day = make_day(year, int(match["m"]), int(match["d"]))
        return (day.isoformat(), day.isoformat(), "day") if day else (None, None, "none")
    if match["m"]:
        month = int(match["m"])
        return f"{year:04d}-{month:02d}-01", month_last_day(year, month).isoformat(), "month"
    if match["w"]:
        monday = datetime.date.fromisocalendar(year, int(match["w"]), 6 if match["we"] else 1)
        sunday = datetime.date.fromisocalendar(year, int(match["w"]), 7)
        return monday.isoformat(), sunday.isoformat(), "week"
    if match["q"]:
        return _months(year, 3 * int(match["q"]) - 2, 3)
    if match["h"]:
        return _months(year, 6 * int(match["h"]) - 5, 6)
    if match["s"]:
        return _months(year, SEASON_MONTHS[match["s"]], 3)
    return f"{year:04d}-01-01", f"{year:04d}-12-31", "year"


def _months(year: int, first: int, count: int) -> tuple[str, str, Precision]:
    total = year * 12 + first - 2 + count
    return f"{year:04d}-{first:02d}-01", month_last_day(total // 12, total % 12 + 1).isoformat(), "year"


def point_of(value: str | None) -> Point | None:
    """Year, month and day of a value as far as it has them; None for weeks (their Monday serves), sets and the like."""
    first, last, precision = bounds(value)
    if first is None or last is None or precision == "none":
        return None
    start = datetime.date.fromisoformat(first)
    if precision == "day":
        return Point(start.year, start.month, start.day)
    if precision == "week":
        return Point(start.year, start.month, start.day)
    if precision == "month" or (value and re.search(r"-(Q|S|F|WI|H)", value)):
        return Point(start.year, start.month)
    return Point(start.year)


def easter(year: int) -> datetime.date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm published in Nature, 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * ell) // 433
    month = (h + ell - 7 * m + 90) // 25
    return datetime.date(year, month, (h + ell - 7 * m + 33 * month + 19) % 32)


def holiday(rule: str | list[int], year: int) -> datetime.date:
    """The day of a holiday in a year; the form of the rule is that of words.yml."""
    if isinstance(rule, list):
        month, weekday, nth = rule
        if nth > 0:
            first = datetime.date(year, month, 1)
            return first + datetime.timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
        last = month_last_day(year, month)
        return last - datetime.timedelta(days=(last.isoweekday() - weekday) % 7)
    if rule.startswith("easter"):
        return easter(year) + datetime.timedelta(days=int(rule[6:]))
    return datetime.date(year, int(rule[:2]), int(rule[3:]))
