"""Places for the actors of a network and the curves between them: a circle, always the same for the same events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STEPS = 24  # points of a curve
PULL = 0.35  # how far a curve is drawn to the centre, so that it does not run through the actors between its ends
BEND = 0.16  # how far it leaves the straight line to its left, as part of its length: there and back lie side by side
GAP = 0.07  # between an actor's dot and the end of an arrow
LABEL = 1.1  # distance of names from the centre


@dataclass(frozen=True, slots=True)
class Arranged:
    """`nodes`: name, x, y, label_x, label_y, align. `edges`: the pair with the point and angle of its arrow head.
    `curves`: points of the lines, by `edge` and `step`. `left_out`: actors that are not drawn."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    curves: list[dict[str, Any]]
    left_out: int


def arranged(pairs: Sequence[Mapping[str, Any]], actors: int) -> Arranged:
    """Place the most frequent actors; neighbours on the circle are those that deal with each other most."""
    weight: dict[str, int] = {}
    for pair in pairs:
        for name in (pair["source"], pair["target"]):
            weight[name] = weight.get(name, 0) + pair["n"]
    ranked = sorted(weight, key=lambda name: (-weight[name], name))
    chosen = ranked[:actors]
    kept = [p for p in pairs if p["source"] in chosen and p["target"] in chosen]
    if not kept:
        return Arranged([], [], [], 0)
    around = _order(chosen, kept)
    place = {}
    nodes = []
    for k, name in enumerate(around):
        angle = math.pi / 2 - 2 * math.pi * k / len(around)
        x, y = math.cos(angle), math.sin(angle)
        place[name] = (x, y)
        align = "center" if abs(x) < 0.2 else ("left" if x > 0 else "right")
        label = {"label_x": x * LABEL, "label_y": y * LABEL, "align": align}
        nodes.append({"name": name, "n": weight[name], "x": x, "y": y, **label})
    edges: list[dict[str, Any]] = []
    curves: list[dict[str, Any]] = []
    for number, pair in enumerate(sorted(kept, key=lambda p: (p["n"], p["source"], p["target"]))):
        points = _curve(place[pair["source"]], place[pair["target"]])
        about = {key: pair[key] for key in ("source", "target", "n", "conflict", "goldstein")}
        curves += [{**about, "edge": number, "step": s, "x": x, "y": y} for s, (x, y) in enumerate(points)]
        (x0, y0), (x1, y1) = points[-2], points[-1]
        # a triangle points up at 0 degrees and turns clockwise
        edges.append({**about, "x": x1, "y": y1, "angle": math.degrees(math.atan2(x1 - x0, y1 - y0))})
    return Arranged(nodes, edges, curves, len(ranked) - len(chosen))


def _order(names: Sequence[str], pairs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Round the circle: beside each actor the one not yet placed that it deals with most."""
    between: dict[frozenset[str], int] = {}
    for pair in pairs:
        key = frozenset((pair["source"], pair["target"]))
        between[key] = between.get(key, 0) + pair["n"]
    order, left = [names[0]], list(names[1:])
    while left:
        nearest = max(left, key=lambda n: (between.get(frozenset((order[-1], n)), 0), -names.index(n)))
        order.append(nearest)
        left.remove(nearest)
    return order


def _curve(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """A quadratic curve from near one point to near the other, inside the circle and to the left of its way."""
    (x0, y0), (x2, y2) = start, end
    length = math.hypot(x2 - x0, y2 - y0)
    middle = (1 - PULL * min(1.0, length)) / 2
    x1 = middle * (x0 + x2) - BEND * (y2 - y0)
    y1 = middle * (y0 + y2) + BEND * (x2 - x0)
    first, last = GAP / length, 1 - GAP / length
    points = []
    for k in range(STEPS + 1):
        t = first + (last - first) * k / STEPS
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        points.append((a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2))
    return points
