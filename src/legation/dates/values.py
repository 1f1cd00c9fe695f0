"""From the words of a match to a TIMEX3 value: one function for each `make` of the patterns.

Each takes the words, the pattern and the context, and returns `Made`. A value has the precision of the words and
never more: "last month" is a month, "two years ago" is a year.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from legation.dates.calendar import SEASON_MONTHS, Point, add_months, holiday, make_day, plausible, shift, shift_day
from legation.dates.context import REJECT, Context, Made
from legation.dates.schema import Holiday, PatternEntry

Value = int | str
WRONG_WAY = 300  # days that a date against the tense of its sentence counts as farther away


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one expression by slot, in order. `text` is its wording, `start`/`end` its place."""

    slots: Mapping[str, tuple[Value, ...]]
    text: str
    start: int
    end: int
    holidays: Mapping[str, Holiday]

    def number(self, slot: str) -> int | None:
        """The first value of a slot as a number."""
        values = self.slots.get(slot, ())
        return next((v for v in values if isinstance(v, int)), None)

    def word(self, slot: str) -> str | None:
        """The first value of a slot as a word."""
        return next((str(v) for v in self.slots.get(slot, ())), None)

    def has(self, slot: str) -> bool:
        """Whether the expression has such a word."""
        return bool(self.slots.get(slot))


def count(words: Words) -> float | None:
    """The number of units: "twenty-five" 25, "two and a half" 2.5, "a hundred" 100; None where it is vague."""
    values = [*words.slots.get("number", ()), *words.slots.get("tens", ()), *words.slots.get("ones", ())]
    numbers = [float(v) for v in values if isinstance(v, int)]
    if not numbers or any(v == "X" for v in values):
        return None
    if words.has("tens"):
        return float(sum(numbers))
    total = numbers[0]
    if len(numbers) > 1 and numbers[1] >= 100:
        total *= numbers[1]
    if re.search(r"\bhalf\b", words.text):
        total += 0.5
    return total


def _figure(n: float) -> str:
    return str(int(n)) if n == int(n) else f"{n:g}"


def _part(words: Words) -> str:
    part = words.word("part")
    return f"T{part}" if part else ""


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
        return context.last.year, "story"
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
    if words.has("number") and "/" in words.text:
        month, day, year = _slashes(words, context)
    if month is None and day is not None:
        if context.last is None or context.last.month is None:
            return Made(None, f"XXXX-XX-{day:02d}", point=False)
        return calendar_in(words, context.last.year, context.last.month, "story")
    if month is None:
        return Made(f"{year:04d}{_part(words)}") if year else REJECT
    if not 1 <= month <= 12 or (day is not None and make_day(year or 2000, month, day) is None):
        return REJECT
    anchor: str | None = None
    if year is None:
        year, anchor = near_year(month, day, context, words.start, words.end)
        if year is None:
            return Made(None, f"XXXX-{month:02d}" + (f"-{day:02d}" if day else ""))
        if day is not None and make_day(year, month, day) is None:
            return REJECT
    value = f"{year:04d}-{month:02d}" + (f"-{day:02d}" + _part(words) if day else "")
    return Made(value, anchor=anchor)


def _slashes(words: Words, context: Context) -> tuple[int | None, int | None, int | None]:
    numbers = [int(v) for v in words.slots["number"] if isinstance(v, int)]
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


def weekday(words: Words, entry: PatternEntry, context: Context) -> Made:
    """A day of the week: that day itself if the text was written on one, else by the tense of the sentence."""
    number = words.number("weekday") or 1
    rel, part = words.number("rel"), _part(words)
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
    """"last April", "next summer", "the following October", counted from a point."""
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
    """"yesterday", "last week", "this month": counted from the day of writing."""
    n = entry.shift if entry.shift is not None else words.number("today")
    if n is None:
        n = words.number("rel") or 0
    unit = entry.unit or words.word("unit") or "D"
    part, month, season = _part(words), words.number("month"), words.word("season")
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
    """"two years ago", "in three weeks' time": a number of units from the day of writing."""
    n, sign = count(words), entry.shift or -1
    units = [str(u) for u in words.slots.get("unit", ())]
    unit = units[0] if units else "Y"
    if n is None:
        return Made("PAST_REF" if sign < 0 else "FUTURE_REF", point=False)
    offset = f"{'-' if sign < 0 else '+'}P{_figure(n)}{unit}"
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
    """"the next day", "two years later", "that month": counted from the point the story has reached."""
    unit = entry.unit or words.word("unit") or "D"
    n = count(words) if entry.shift is not None else None
    sign = entry.shift if entry.shift is not None else 1
    if n is None:
        n, sign = float(words.number("rel") or words.number("story_after") or 0), 1
    part, month, season = _part(words), words.number("month"), words.word("season")
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


def calendar_in(words: Words, year: int, month: int, anchor: str) -> Made:
    """A month and perhaps a day in a given year."""
    day = words.number("day")
    if day and make_day(year, month, day) is None:
        return REJECT
    return Made(f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else ""), anchor=anchor)


def part_of_unit(words: Words, entry: PatternEntry, context: Context) -> Made:
    """"the end of the year": the unit in which the story or the day of writing lies."""
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


def duration(words: Words, entry: PatternEntry, context: Context) -> Made:
    """How long: P3W, PT36H, P2.5Y; X where the number is not told."""
    units = [str(u) for u in words.slots.get("unit", ())]
    if not units:
        return REJECT
    if entry.value == "half":
        return Made(_length("0.5", units[0]), point=False)
    if entry.value == "half-more":
        return Made(_length("1.5", units[0]), point=False)
    if entry.value == "sum":
        numbers = [v for v in words.slots.get("number", ()) if isinstance(v, int)]
        if len(numbers) == 2 and len(units) == 2:
            first, second = (_length(str(v), u) for v, u in zip(numbers, units, strict=True))
            return Made(first + second.removeprefix("P"), point=False)
    plural = bool(re.search(r"(days|weeks|months|years|decades|centuries|hours|minutes|nights)\b", words.text))
    if entry.value == "one" and not plural:
        return Made(_length("1", units[0]), point=False)
    if entry.value == "part":
        n = count(words)
        return Made(_length(_figure(n) if n else "X" if plural else "1", units[0]), point=False)
    n = count(words)
    if n is None and words.has("span_rel"):
        n = 1.0
    if n is None and words.has("rel") and not plural:
        n = 1.0
    return Made(_length(_figure(n) if n is not None and entry.value != "vague" else "X", units[0]), point=False)


def _length(number: str, unit: str) -> str:
    if unit == "FN":
        return "P2W" if number == "1" else "PXW"
    unit = {"N": "D", "ML": "ML"}.get(unit, unit)
    return f"PT{number}{unit[1]}" if unit in ("TH", "TM", "TS") else f"P{number}{unit}"


def age(words: Words, entry: PatternEntry, context: Context) -> Made:
    """How old."""
    return duration(words, entry, context)


def repeated(words: Words, entry: PatternEntry, context: Context) -> Made:
    """What happens again and again."""
    if entry.value:
        return Made(entry.value, point=False)
    if words.has("weekday"):
        return Made(f"XXXX-WXX-{words.number('weekday')}", point=False)
    if words.has("month"):
        return Made(f"XXXX-{words.number('month'):02d}", point=False)
    if words.has("season"):
        return Made(f"XXXX-{words.word('season')}", point=False)
    if words.has("part"):
        return Made(f"XXXX-XX-XXT{words.word('part')}", point=False)
    n = count(words) if not re.search(r"times|once|twice", words.text) else 1.0
    n = 2.0 if "other" in words.text.lower().split() else n
    return Made(_length(_figure(n or 1.0), str(words.word("unit") or "D")), point=False)


def fixed(words: Words, entry: PatternEntry, context: Context) -> Made:
    """Always the value that stands in the pattern."""
    return Made(entry.value, point=False)


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
    return Made(holiday(rule, year).isoformat() + _part(words), anchor=anchor)


MAKERS: Mapping[str, Callable[[Words, PatternEntry, Context], Made]] = {
    "calendar": calendar, "weekday": weekday, "deictic": deictic, "ago": ago, "story": story,
    "story_span": duration, "duration": duration, "set": repeated, "fixed": fixed, "clock": clock,
    "holiday": named_day, "part_of_unit": part_of_unit, "age": age,
}  # fmt: skip
