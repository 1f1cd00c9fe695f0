"""Which part of the world a map shows: all of it, or the rectangle that the points lie in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WORLD = 150.0  # degrees of longitude from which on the whole world is shown
LEAST = 12.0  # degrees that a map shows at least, so that one city is not a blank
ROOM = 0.18  # part of the span that is added on each side
TOP = 78.0  # Mercator is cut off here


@dataclass(frozen=True, slots=True)
class Box:
    """Size in pixels and Vega-Lite's projection."""

    width: int
    height: int
    projection: dict[str, Any]


def view(points: Sequence[tuple[float, float]], width: int) -> Box:
    """The map for points (longitude, latitude); there is at least one.

    The rectangle may cross the date line: the widest gap between the points is what is not shown.
    """
    west, span = _west_and_span([x for x, _ in points])
    if span > WORLD:
        return Box(width, round(width * 0.48), {"type": "equalEarth"})
    south, north = min(y for _, y in points), max(y for _, y in points)
    centre = west + span / 2
    span = max(span * (1 + 2 * ROOM), LEAST)
    tall = max((north - south) * (1 + 2 * ROOM), LEAST * 0.6)
    middle = (south + north) / 2
    low, high = max(-TOP, middle - tall / 2), min(TOP, middle + tall / 2)
    up, down = _mercator(high), _mercator(low)
    wide = math.radians(span)
    if (up - down) < 0.45 * wide:  # never flatter than this
        grow = (0.45 * wide - (up - down)) / 2
        up, down = up + grow, down - grow
    scale = min(width / wide, width * 0.72 / (up - down))
    height = round(min(width * 0.72, scale * (up - down)))
    centre = (centre + 180) % 360 - 180
    projection = {
        "type": "mercator",
        "rotate": [round(-centre, 3), 0, 0],
        "center": [0, round(math.degrees(_latitude((up + down) / 2)), 3)],
        "scale": round(scale, 2),
        "translate": [width / 2, height / 2],
    }
    return Box(width, height, projection)


def _west_and_span(longitudes: Sequence[float]) -> tuple[float, float]:
    """The western edge and the degrees to the eastern one, over the side with the points."""
    xs = sorted({x % 360 for x in longitudes})
    gaps = [(xs[(k + 1) % len(xs)] - x) % 360 or 360.0 for k, x in enumerate(xs)]
    widest = max(range(len(xs)), key=lambda k: gaps[k])
    return xs[(widest + 1) % len(xs)], 360.0 - gaps[widest]


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _latitude(y: float) -> float:
    """In radians."""
    return 2 * math.atan(math.exp(y)) - math.pi / 2
