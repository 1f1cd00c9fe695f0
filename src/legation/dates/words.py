"""The words of one expression, sorted into the slots of its pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from legation.dates.schema import Holiday

Value = int | str


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


def figure(n: float) -> str:
    return str(int(n)) if n == int(n) else f"{n:g}"


def part_of_day(words: Words) -> str:
    part = words.word("part")
    return f"T{part}" if part else ""
