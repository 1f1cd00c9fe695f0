"""Krippendorff's alpha: how far coders agree beyond chance. Any number of coders, gaps allowed.

Klaus Krippendorff, Content Analysis, chapter on reliability: with the coincidences o_ck of values c and k inside units,
alpha = 1 - sum(o_ck d_ck) / (sum(n_c n_k d_ck) / (n - 1)).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Difference = Callable[[Any, Any], float]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`alpha` is None where it cannot be said: nobody coded the same unit, or all values are the same one.

    `units` counts units with at least two values, `equal` those in which all values are equal.
    """

    alpha: float | None
    units: int
    equal: int


def agreement(units: Iterable[Sequence[Hashable | None]], difference: str = "nominal") -> Agreement:
    """Alpha over units, each the values of its coders (None: no value). `difference`: nominal, ordinal or interval."""
    compared = [[v for v in unit if v is not None] for unit in units]
    compared = [unit for unit in compared if len(unit) > 1]
    pairs: Counter[tuple[Any, Any]] = Counter()
    totals: Counter[Any] = Counter()
    for unit in compared:
        share = 1 / (len(unit) - 1)
        for i, a in enumerate(unit):
            totals[a] += 1
            for j, b in enumerate(unit):
                if i != j:
                    pairs[a, b] += share  # type: ignore[assignment]
    equal = sum(len(set(unit)) == 1 for unit in compared)
    distance = _DIFFERENCES[difference](totals)
    count = sum(totals.values())
    by_chance = sum(na * nb * distance(a, b) for a, na in totals.items() for b, nb in totals.items())
    if count < 2 or not by_chance:
        return Agreement(None, len(compared), equal)
    observed = sum(n * distance(a, b) for (a, b), n in pairs.items())
    return Agreement(1 - observed * (count - 1) / by_chance, len(compared), equal)


def _nominal(_: Counter[Any]) -> Difference:
    return lambda a, b: float(a != b)


def _interval(_: Counter[Any]) -> Difference:
    return lambda a, b: float((a - b) ** 2)


def _ordinal(totals: Counter[Any]) -> Difference:
    """Ranks: how many values lie between two, the two themselves by half."""
    order = sorted(totals)

    def distance(a: Any, b: Any) -> float:
        low, high = sorted((order.index(a), order.index(b)))
        between = sum(totals[v] for v in order[low : high + 1])
        return float(between - (totals[order[low]] + totals[order[high]]) / 2) ** 2

    return distance


_DIFFERENCES: dict[str, Callable[[Counter[Any]], Difference]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
}
