"""Values that are no calendar points: durations, ages, sets and fixed references."""

from __future__ import annotations

import re

from legation.dates.context import REJECT, Context, Made
from legation.dates.schema import PatternEntry
from legation.dates.words import Words, count, figure


def duration(words: Words, entry: PatternEntry, context: Context) -> Made:
    """How long: P3W, PT36H, P2.5Y; X where the number is not told."""
    units = [str(u) for u in words.slots.get("unit", ())]
    if not units:
        return REJECT
    if units == ["Q"] and re.search(r"\ba quarter$", words.text):
        return REJECT  # a fourth of something
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
        return Made(_length(figure(n) if n else "X" if plural else "1", units[0]), point=False)
    n = count(words)
    if n is None and words.has("span_rel"):
        n = 1.0
    if n is None and words.has("rel") and not plural:
        n = 1.0
    return Made(_length(figure(n) if n is not None and entry.value != "vague" else "X", units[0]), point=False)


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
    return Made(_length(figure(n or 1.0), str(words.word("unit") or "D")), point=False)


def nothing(words: Words, entry: PatternEntry, context: Context) -> Made:
    """No time at all: the words are kept from other patterns."""
    return REJECT


def fixed(words: Words, entry: PatternEntry, context: Context) -> Made:
    """Always the value that stands in the pattern."""
    return Made(entry.value, point=False)
