"""Values of what the calendar names: days, months, years, quarters, seasons, decades, centuries, holidays.

Where the year is missing it comes from the story or from the day of writing, never from nowhere.
"""

from __future__ import annotations

import datetime
import re

from legation.dates.calendar import SEASON_MONTHS, holiday, make_day, plausible
from legation.dates.context import REJECT, Context, Made
from legation.dates.schema import PatternEntry
from legation.dates.words import Words, part_of_day

WRONG_WAY = 300  # days that a date against the tense of its sentence counts as farther away


def full_year(two: int, context: Context) -> int:
    """The year meant by two digits: of the century in which the text moves, not far after the day of writing."""
    if context.narrative and context.last:
        return context.last.year // 100 * 100 + two
    top = (context.anchor.year if context.anchor else 2029) + 10
    return top // 100 * 100 + two - (100 if top // 100 * 100 + two > top else 0)


def _year(words: Words, context: Context) -> int | None:
    year = words.number("year")
    own = words.slots.get("two_digits", ())
    if own and not words.has("month_number") and len(own) == 1 and isinstance(own[0], int):
        base = year
        return base // 100 * 100 + own[0] if base else full_year(own[0], context)
    return year


def near_year(month: int, day: int | None, context: Context, start: int, end: int) -> tuple[int | None, str | None]:
    """The year of a month (and day) without one, and what it was read from.

    A story goes on in the year it has reached. News means the nearest such day: backwards if the sentence is in
    the past tense, forwards in the future, else the nearer one.
    """
    if context.story and context.last:
        # a story that stood in December has gone on to January
        return context.last.year + (context.last.month == 12 and month == 1), "story"
    if context.anchor is None:
        return None, None
    anchor = context.anchor
    if context.last_explicit_year and context.last and context.same_sentence(start):
        far = abs(context.last.year - anchor.year) > 0
        if far and context.direction(start, end) != "future":
            return context.last.year, "story"
    direction = context.direction(start, end)
    best: tuple[float, int] | None = None
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        first = make_day(year, month, day or 1)
        if first is None:
            continue
        gap = (first - anchor).days if day else (year - anchor.year) * 365 + (month - anchor.month) * 30.4
        cost = abs(gap)
        if (direction == "past" and gap > 0) or (direction == "future" and gap < 0):
            cost += WRONG_WAY if day else 1000
        elif direction is None and gap > 0:
            cost *= 2  # news looks back more often than ahead
        if best is None or cost < best[0]:
            best = (cost, year)
    return (best[1], context.anchor_name) if best else (None, None)


def calendar(words: Words, entry: PatternEntry, context: Context) -> Made:
    """Days, months, years, quarters, seasons, decades, centuries that the words name."""
    if entry.value == "BC":
        return _before_christ(words)
    slots = words.slots
    year = _year(words, context)
    if words.has("decade_digits"):
        return Made(f"{words.number('decade_digits') or 0:04d}"[:3], point=False)
    if words.has("decade_short") or words.has("decade_word"):
        short = words.number("decade_short")
        if short is not None and short < 50 and not re.search(r"['’]", words.text):
            return REJECT  # "in the mid-30s" is an age or a share
        tens = (words.number("decade_short") or 0) // 10 or words.number("decade_word") or 0
        return Made(str(full_year(tens * 10, context))[:3], point=False)
    if words.has("century") or (words.has("ordinal") and "century" in words.text.lower()):
        number = words.number("century") or words.number("ordinal") or 0
        value = f"{number - 1:02d}"
        return Made(value, point=False) if plausible(value) and number > 15 else Made(None, value, point=False)
    quarter, half, season = words.number("quarter"), words.number("half_ordinal"), words.word("season")
    if quarter or half or season:
        return _stretch(words, context, year, quarter, half, season)
    month, day = words.number("month"), words.number("day")
    if "two_digits" in slots and len(slots["two_digits"]) == 2 and year:
        month, day = (int(v) for v in slots["two_digits"])
    if (words.has("number") and "/" in words.text) or (month is None and len(words.slots.get("day", ())) == 2):
        month, day, year = _slashes(words, context)
    if month is None and day is not None:
        if context.last is None or context.last.month is None:
            return Made(None, f"XXXX-XX-{day:02d}", point=False)
        return calendar_in(words, context.last.year, context.last.month, "story")
    if month is None:
        return Made(f"{year:04d}{part_of_day(words)}") if year else REJECT
    if not 1 <= month <= 12 or (day is not None and make_day(year or 2000, month, day) is None):
        return REJECT
    anchor: str | None = None
    if year is None:
        year, anchor = near_year(month, day, context, words.start, words.end)
        if year is None:
            return Made(None, f"XXXX-{month:02d}" + (f"-{day:02d}" if day else ""))
        if day is not None and make_day(year, month, day) is None:
            return REJECT
    value = f"{year:04d}-{month:02d}" + (f"-{day:02d}" + part_of_day(words) if day else "")
    return Made(value, anchor=anchor)


def _slashes(words: Words, context: Context) -> tuple[int | None, int | None, int | None]:
    numbers = [int(v) for v in words.slots.get("number", words.slots.get("day", ())) if isinstance(v, int)]
    if len(numbers) < 2:
        return None, None, None
    month, day = (numbers[0], numbers[1]) if numbers[0] <= 12 else (numbers[1], numbers[0])
    year = words.number("year")
    if year is None and words.has("two_digits"):
        year = full_year(words.number("two_digits") or 0, context)
    return month, day, year


def _before_christ(words: Words) -> Made:
    if words.has("century") or words.has("ordinal"):
        return Made(f"BC{(words.number('century') or words.number('ordinal') or 1) - 1:02d}", point=False)
    if words.has("decade_digits_bc"):
        return Made(f"BC{words.number('decade_digits_bc') or 0:04d}"[:5], point=False)
    year = words.number("short_year") or words.number("year") or words.number("number") or 0
    season, month = words.word("season"), words.number("month")
    tail = f"-{season}" if season else f"-{month:02d}" if month else ""
    return Made(f"BC{year:04d}{tail}", point=False)


def _stretch(
    words: Words, context: Context, year: int | None, quarter: int | None, half: int | None, season: str | None
) -> Made:
    """A quarter, half-year or season, with its year from the words or the context."""
    tail = f"-Q{quarter}" if quarter else f"-H{half}" if half else f"-{season}"
    anchor = None
    if year is None:
        first = 3 * quarter - 2 if quarter else 6 * half - 5 if half else SEASON_MONTHS[season or "SP"]
        if context.story and context.last:
            year, anchor = context.last.year, "story"
        elif context.anchor is None:
            return Made(None, "XXXX" + tail)
        elif half:
            year, anchor = context.anchor.year, context.anchor_name
        else:
            now, anchor = context.anchor, context.anchor_name
            year = now.year
            begins = datetime.date(year, first, 1)
            if context.direction(words.start, words.end) == "future":
                year += (begins - now).days < -92
            else:
                year -= begins > now
    return Made(f"{year:04d}{tail}", anchor=anchor)


def calendar_in(words: Words, year: int, month: int, anchor: str) -> Made:
    """A month and perhaps a day in a given year."""
    day = words.number("day")
    if day and make_day(year, month, day) is None:
        return REJECT
    return Made(f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else ""), anchor=anchor)


def named_day(words: Words, entry: PatternEntry, context: Context) -> Made:
    """A holiday, in the year told or the nearest one."""
    text = " ".join(words.text.lower().replace("’", "'").split())
    names = [name for name in words.holidays if re.search(rf"\b{re.escape(name)}(?!\w)", text)]
    if not names:
        return REJECT
    rule = words.holidays[max(names, key=len)].rule
    year, anchor = words.number("year"), None
    if year is None:
        if context.story and context.last:
            year, anchor = context.last.year, "story"
        elif context.anchor:
            this = holiday(rule, context.anchor.year)
            found, anchor = near_year(this.month, this.day, context, words.start, words.end)
            year = found or context.anchor.year
            rel = words.number("rel")
            if rel is not None:
                year = context.anchor.year + (rel if (this < context.anchor) == (rel > 0) else 0)
        else:
            return Made(None, f"XXXX-{rule}" if isinstance(rule, str) and rule[0].isdigit() else None, point=False)
    return Made(holiday(rule, year).isoformat() + part_of_day(words), anchor=anchor)
