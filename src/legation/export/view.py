"""Which part of the world a map shows, where its points fall on the paper, and which names have room there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WORLD = 150.0  # degrees of longitude from which on the whole world is shown
LEAST = 12.0  # degrees that a map shows at least, so that one city is not a blank
ROOM = 0.18  # part of the span that is added on each side
TOP = 78.0  # Mercator is cut off here
NORTH, SOUTH, MIDDLE = 84.0, -57.0, 11.0  # what a map of the world shows; it is cut open in the Bering Strait
EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)  # Savric, Patterson and Jenny (2018)
LETTER, LINE = 6.2, 14.0  # room for a letter and a line, in pixels

Edges = tuple[float, float, float, float]  # left, right, top, bottom


@dataclass(frozen=True, slots=True)
class Box:
    """Size in pixels and Vega-Lite's projection."""

    width: int
    height: int
    projection: dict[str, Any]

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point falls: pixels from the left and from the top."""
        p = self.projection
        turned = math.radians((longitude + p["rotate"][0] + 180) % 360 - 180)
        if p["type"] == "mercator":
            x, y = turned, _mercator(max(-89.0, min(89.0, latitude))) - _mercator(p["center"][1])
        else:
            x, y = _equal_earth(turned, math.radians(latitude))
        return p["translate"][0] + p["scale"] * x, p["translate"][1] - p["scale"] * y


def view(points: Sequence[tuple[float, float]], width: int) -> Box:
    """The map for points (longitude, latitude); there is at least one.

    The rectangle may cross the date line: the widest gap between the points is what is not shown.
    """
    west, span = _west_and_span([x for x, _ in points])
    if span > WORLD:
        return _world(width)
    south, north = min(y for _, y in points), max(y for _, y in points)
    centre = (west + span / 2 + 180) % 360 - 180
    span = max(span * (1 + 2 * ROOM), LEAST)
    tall = max((north - south) * (1 + 2 * ROOM), LEAST * 0.6)
    middle = (south + north) / 2
    up, down = _mercator(min(TOP, middle + tall / 2)), _mercator(max(-TOP, middle - tall / 2))
    wide = math.radians(span)
    if up - down < 0.45 * wide:  # never flatter than this
        grow = (0.45 * wide - (up - down)) / 2
        up, down = up + grow, down - grow
    scale = min(width / wide, width * 0.72 / (up - down))
    height = round(min(width * 0.72, scale * (up - down)))
    projection = {
        "type": "mercator",
        "rotate": [round(-centre, 3), 0, 0],
        "center": [0, round(math.degrees(_latitude((up + down) / 2)), 3)],
        "scale": round(scale, 2),
        "translate": [width / 2, height / 2],
    }
    return Box(width, height, projection)


def _world(width: int) -> Box:
    scale = width / 2 / _equal_earth(math.pi, 0.0)[0]
    top, bottom = (_equal_earth(0.0, math.radians(y))[1] for y in (NORTH, SOUTH))
    height = round(scale * (top - bottom))
    projection = {
        "type": "equalEarth",
        "rotate": [-MIDDLE, 0, 0],
        "scale": round(scale, 2),
        "translate": [width / 2, round(scale * top, 2)],
    }
    return Box(width, height, projection)


def named(
    spots: Sequence[tuple[float, float, float, str]], box: Box, names: int = 14
) -> dict[int, tuple[float, float]]:
    """Which of the first spots (x, y, radius, name or ""; most important first) have room for their name, and where.

    Number of the spot -> pixels from its middle to the middle of the name, to the right and down: above the circle or,
    where another name or circle is, below, right or left of it.
    """
    circles = [(x - r, x + r, y - r, y + r) for x, y, r, _ in spots]
    taken: list[Edges] = []
    found: dict[int, tuple[float, float]] = {}
    for k in [k for k, spot in enumerate(spots) if spot[3]][:names]:
        x, y, radius, name = spots[k]
        half, far = LETTER * len(name) / 2, radius + LINE / 2 + 1
        side = radius + half + 3
        for right, down in ((0.0, -far), (0.0, far), (side, 0.0), (-side, 0.0)):
            edges = (x + right - half, x + right + half, y + down - LINE / 2, y + down + LINE / 2)
            inside = edges[0] >= 0 and edges[1] <= box.width and edges[2] >= 0 and edges[3] <= box.height
            others = [*taken, *circles[:k], *circles[k + 1 :]]
            if inside and not any(_overlap(edges, other) for other in others):
                taken.append(edges)
                found[k] = (right, down)
                break
    return found


def _overlap(a: Edges, b: Edges) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def _west_and_span(longitudes: Sequence[float]) -> tuple[float, float]:
    """The western edge and the degrees to the eastern one, over the side with the points."""
    xs = sorted({x % 360 for x in longitudes})
    gaps = [(xs[(k + 1) % len(xs)] - x) % 360 or 360.0 for k, x in enumerate(xs)]
    widest = max(range(len(xs)), key=lambda k: gaps[k])
    return xs[(widest + 1) % len(xs)], 360.0 - gaps[widest]


def _equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Radians to units of the projection, y to the north."""
    a, b, c, d = EQUAL_EARTH
    t = math.asin(math.sqrt(3) / 2 * math.sin(latitude))
    x = 2 * math.sqrt(3) * longitude * math.cos(t) / (3 * (9 * d * t**8 + 7 * c * t**6 + 3 * b * t**2 + a))
    return x, d * t**9 + c * t**7 + b * t**3 + a * t


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _latitude(y: float) -> float:
    """In radians."""
    return 2 * math.atan(math.exp(y)) - math.pi / 2
