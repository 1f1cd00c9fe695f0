"""Values of what counts from somewhere: "yesterday", "last Friday", "two years later", "the end of the year"."""

from __future__ import annotations

import datetime
import re

from legation.dates.calendar import SEASON_MONTHS, Point, add_months, make_day, plausible, shift, shift_day
from legation.dates.context import REJECT, Context, Made
from legation.dates.schema import PatternEntry
from legation.dates.values_calendar import calendar, calendar_in
from legation.dates.words import Words, count, figure, part_of_day


def weekday(words: Words, entry: PatternEntry, context: Context) -> Made:
    """A day of the week: that day itself if the text was written on one, else by the tense of the sentence."""
    number = words.number("weekday") or 1
    rel, part = words.number("rel"), part_of_day(words)
    unknown = Made(None, f"XXXX-WXX-{number}{part}")
    if context.narrative:
        base = context.last.date if context.last else None
        if base is None:
            return unknown
        moved = shift_day(base, (number - base.isoweekday()) % 7)
        return Made(moved.isoformat() + part, anchor="story") if moved else unknown
    base = context.anchor
    if base is None:
        return unknown
    delta = (number - base.isoweekday()) % 7  # 0..6 days ahead
    if rel is not None and "week" in re.findall(r"[a-z]+", words.text.lower()):
        delta = number - base.isoweekday() + 7 * rel
    elif rel == -1:
        delta = delta - 7
    elif rel == 1:
        delta = delta or 7
    elif rel == 0:
        delta = number - base.isoweekday()
    elif delta and context.direction(words.start, words.end) != "future":
        delta -= 7
    moved = shift_day(base, delta)
    return Made(moved.isoformat() + part, anchor=context.anchor_name) if moved else unknown


def _rel_month(words: Words, rel: int, base: Point, month: int | None, season: str | None) -> Made:
    """ "last April", "next summer", "the following October", counted from a point."""
    first = month or SEASON_MONTHS[season or "SP"]
    here = base.month or (1 if rel > 0 else 12)
    year = base.year
    if rel > 0 and (first < here or (first == here and base.month is not None)):
        year += 1
    elif rel < 0:
        length = 0 if month else 2  # a season that is not over is not "last"
        year -= first + length >= here
    return Made(f"{year:04d}-{month:02d}" if month else f"{year:04d}-{season}")


def deictic(words: Words, entry: PatternEntry, context: Context) -> Made:
    """ "yesterday", "last week", "this month": counted from the day of writing."""
    n = entry.shift if entry.shift is not None else words.number("today")
    if n is None:
        n = words.number("rel") or 0
    unit = entry.unit or words.word("unit") or "D"
    part, month, season = part_of_day(words), words.number("month"), words.word("season")
    if words.has("today") and n == 0 and context.narrative:
        return Made("PRESENT_REF", point=False)
    base = context.anchor
    anchor = context.anchor_name
    if context.story and context.last and not words.has("today"):
        last = context.last
        if (unit in ("D", "N", "W", "WE") and last.day is None) or (unit in ("M", "Q") and last.month is None):
            return Made(None, f"{n:+d}{unit}", point=False)
        base, anchor = datetime.date(last.year, last.month or 1, last.day or 1), "story"
    if base is None:
        return Made(None, f"XXXX-{month:02d}" if month else f"{n:+d}{unit}{part}", point=False)
    if month and entry.unit == "Y":
        day = words.number("day")
        if day and make_day(base.year + n, month, day) is None:
            return REJECT
        return Made(f"{base.year + n:04d}-{month:02d}" + (f"-{day:02d}" if day else ""), anchor=anchor)
    if month or season:
        if n == 0:
            return Made(f"{base.year:04d}-{month:02d}" if month else f"{base.year:04d}-{season}", anchor=anchor)
        made = _rel_month(words, n, Point(base.year, base.month, base.day), month, season)
        return Made(made.value, anchor=anchor)
    value = shift(base, unit, n)
    return Made(value + part if value and unit == "D" else value, f"{n:+d}{unit}", anchor)


def ago(words: Words, entry: PatternEntry, context: Context) -> Made:
    """ "two years ago", "in three weeks' time": a number of units from the day of writing."""
    n, sign = count(words), entry.shift or -1
    units = [str(u) for u in words.slots.get("unit", ())]
    unit = units[0] if units else "Y"
    if n is None:
        return Made("PAST_REF" if sign < 0 else "FUTURE_REF", point=False)
    offset = f"{'-' if sign < 0 else '+'}P{figure(n)}{unit}"
    base, anchor = context.anchor, context.anchor_name
    if context.narrative and context.last:
        if unit in ("D", "W") and context.last.day is None:
            return Made(None, offset, point=False)
        base = datetime.date(context.last.year, context.last.month or 1, context.last.day or 1)
        anchor = "story"
    if base is None:
        return Made(None, offset, point=False)
    if words.has("weekday"):
        delta = (words.number("weekday") or 1) - base.isoweekday()
        delta = delta - 7 if delta > 0 else delta
        moved = shift_day(base, delta - 7 * (int(n) - (entry.value == "weeks" and delta < 0)))
        return Made(moved.isoformat() if moved else None, offset, anchor)
    if len(units) > 1 and units[:2] == ["Y", "M"]:
        numbers = [v for v in words.slots.get("number", ()) if isinstance(v, int)]
        year, month = add_months(base, sign * (12 * numbers[0] + numbers[1])) if len(numbers) > 1 else (base.year, 1)
        return Made(f"{year:04d}-{month:02d}", offset, anchor)
    return Made(_count_from(Point(base.year, base.month, base.day), unit, sign * n), offset, anchor)


def _count_from(base: Point, unit: str, n: float) -> str | None:
    """`n` units from a point, no finer than the unit and no finer than the point; None where neither will do."""
    whole = int(n)
    if unit in ("TH", "TM", "TS"):
        return None  # the day is not certain
    if unit in ("D", "N", "W", "WE", "FN"):
        if base.date is None:
            return None
        days = {"D": 1, "N": 1, "W": 7, "WE": 7, "FN": 14}[unit] * n
        moved = shift_day(base.date, int(days))
        if moved is None:
            return None
        return moved.isoformat() if unit in ("D", "N") else shift(moved, "W", 0)
    if unit in ("M", "Q"):
        if base.month is None:
            return None
        return shift(datetime.date(base.year, base.month, 1), unit, whole)
    years = {"Y": 1, "DE": 10, "CE": 100, "ML": 1000, "GE": 30}.get(unit, 1) * n
    if n != whole and base.month is not None and unit == "Y":
        return shift(datetime.date(base.year, base.month, 1), "M", int(12 * n))
    year = base.year + int(years)
    value = f"{year:04d}"
    return value if year > 0 and plausible(value) else None


def story(words: Words, entry: PatternEntry, context: Context) -> Made:
    """ "the next day", "two years later", "that month": counted from the point the story has reached."""
    unit = entry.unit or words.word("unit") or "D"
    n = count(words) if entry.shift is not None else None
    sign = entry.shift if entry.shift is not None else 1
    if n is None:
        n, sign = float(words.number("rel") or words.number("story_after") or 0), 1
    part, month, season = part_of_day(words), words.number("month"), words.word("season")
    offset = f"{sign * n:+g}{unit}"
    base, anchor = context.last, "story"
    if base is None and context.anchor is not None and not context.narrative:
        day = context.anchor
        base, anchor = Point(day.year, day.month, day.day), context.anchor_name or "publication"
    if base is None:
        return Made(None, offset, point=False)
    if words.has("weekday"):
        if base.date is None:
            return Made(None, f"XXXX-WXX-{words.number('weekday')}", point=False)
        delta = ((words.number("weekday") or 1) - base.date.isoweekday()) % 7
        delta = (delta or 7) if n > 0 else (delta - 7 if n < 0 else delta)
        moved = shift_day(base.date, delta)
        return Made(moved.isoformat() if moved else None, offset, anchor)
    if month and entry.unit == "Y":
        return calendar_in(words, base.year, month, anchor)
    if month or season:
        if n == 0:
            return Made(f"{base.year:04d}-{month:02d}" if month else f"{base.year:04d}-{season}", anchor=anchor)
        made = _rel_month(words, int(n), base, month, season)
        return Made(made.value, offset, anchor)
    value = _count_from(base, unit, sign * n)
    if unit in ("DE", "CE") and entry.shift is None:
        value = shift(datetime.date(base.year, 1, 1), unit, int(n))
    if value is None and unit == "D" and base.month is None:
        return Made(f"{base.year:04d}-XX-XX{part}", offset, anchor, point=False)
    if value is None and unit == "D" and base.day is None:
        return Made(f"{base.year:04d}-{base.month:02d}-XX{part}", offset, anchor, point=False)
    return Made(value + part if value and unit == "D" else value, offset, anchor)


def part_of_unit(words: Words, entry: PatternEntry, context: Context) -> Made:
    """ "the end of the year": the unit in which the story or the day of writing lies."""
    unit = entry.unit or words.word("unit") or "Y"
    n = words.number("rel") or 0
    near = context.last is not None and context.last_explicit_year and context.same_sentence(words.start)
    if (context.story or near) and context.last:
        base, anchor = context.last, "story"
    elif context.anchor:
        base = Point(context.anchor.year, context.anchor.month, context.anchor.day)
        anchor = context.anchor_name or "publication"
    else:
        return Made(None, f"{n:+d}{unit}", point=False)
    if (unit in ("D", "W", "WE") and base.date is None) or (unit in ("M", "Q") and base.month is None):
        return Made(None, f"{n:+d}{unit}", point=False)
    day = datetime.date(base.year, base.month or 1, base.day or 1)
    if unit == "WE" and context.direction(words.start, words.end) != "future" and day.isoweekday() < 6:
        n -= 1
    return Made(shift(day, unit, n), f"{n:+d}{unit}", anchor)


def clock(words: Words, entry: PatternEntry, context: Context) -> Made:
    """A time of the day, on the day named with it, else mentioned last, else of writing."""
    match = re.match(r"(\d{1,2})[:.]?(\d\d)?(?::(\d\d))?", words.text)
    if words.has("military"):
        match = re.match(r"(\d\d)(\d\d)", words.text)
    exact = words.word("part")
    if exact and ":" in exact:
        match = re.match(r"(\d\d):(\d\d)", exact)
    hour = int(match[1]) if match else words.number("number") or 0
    minute = int(match[2]) if match and match[2] else 0
    if hour > 24 or minute > 59:
        return REJECT
    half = words.word("ampm") or ("pm" if re.match(r"[\d:.]+\s*pm", words.text.lower()) else None)
    half = half or ("am" if re.match(r"[\d:.]+\s*am", words.text.lower()) else None)
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    zone = words.word("zone") or ""
    tail = f"T{hour:02d}:{minute:02d}{zone if zone not in ('1',) else ''}"
    day: str | None = None
    anchor: str | None = None
    if words.has("weekday") or words.has("month"):
        made = weekday(words, entry, context) if not words.has("month") else calendar(words, entry, context)
        if made is REJECT:
            return REJECT
        day, anchor = made.value, made.anchor
    elif words.has("today"):
        made = deictic(words, entry, context)
        day, anchor = made.value, made.anchor
    elif context.ahead:
        day, anchor = context.ahead, "story"
    elif context.last and context.last.date and (context.narrative or words.start - context.last_end < 400):
        day, anchor = context.last.date.isoformat(), "story"
    elif context.anchor and not context.narrative:
        day, anchor = context.anchor.isoformat(), context.anchor_name
    if day is None or day == "PRESENT_REF":
        return Made(None, f"XXXX-XX-XX{tail}", point=False)
    return Made(day.split("T")[0] + tail, f"XXXX-XX-XX{tail}", anchor, point=words.has("weekday") or words.has("month"))
