"""Which function works out which `make` of the patterns.

Each takes the words, the pattern and the context, and returns `Made`. A value has the precision of the words and
never more: "last month" is a month, "two years ago" is a year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from legation.dates.context import Context, Made
from legation.dates.schema import PatternEntry
from legation.dates.values_calendar import calendar, named_day
from legation.dates.values_other import age, duration, fixed, nothing, repeated
from legation.dates.values_relative import ago, clock, deictic, part_of_unit, story, weekday
from legation.dates.words import Words

MAKERS: Mapping[str, Callable[[Words, PatternEntry, Context], Made]] = {
    "calendar": calendar, "weekday": weekday, "deictic": deictic, "ago": ago, "story": story,
    "story_span": duration, "duration": duration, "set": repeated, "fixed": fixed, "clock": clock,
    "holiday": named_day, "part_of_unit": part_of_unit, "age": age, "nothing": nothing,
}  # fmt: skip
