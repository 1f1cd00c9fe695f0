"""Places for the nodes of a network: forces between them, without chance: the same data give the same picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

ROUNDS = 220

Point = tuple[float, float]


def placed(names: Sequence[str], edges: Sequence[tuple[str, str, int]]) -> dict[str, Point]:
    """name -> (x, y) between -1 and 1. Fruchterman and Reingold (1991), started on a circle."""
    count = len(names)
    if not count:
        return {}
    if count == 1:
        return {names[0]: (0.0, 0.0)}
    index = {name: k for k, name in enumerate(names)}
    angle = 2 * math.pi * np.arange(count) / count
    at = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    pull = np.zeros((count, count))
    for a, b, n in edges:
        i, j = index[a], index[b]
        pull[i, j] = pull[j, i] = 0.5 + 0.5 * math.log1p(n)
    ideal = 1.6 / math.sqrt(count)
    for step in range(ROUNDS):
        apart = at[:, None, :] - at[None, :, :]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-3)
        away = ideal**2 / distance**2
        np.fill_diagonal(away, 0)
        towards = pull * distance / ideal * 0.35
        force = (apart * (away - towards)[:, :, None]).sum(axis=1) - 0.35 * at
        length = np.maximum(np.linalg.norm(force, axis=1, keepdims=True), 1e-9)
        at = at + force / length * np.minimum(length, 0.12 * (1 - step / ROUNDS) + 0.002)
    at = at - (at.max(axis=0) + at.min(axis=0)) / 2
    at = at / np.maximum(np.abs(at).max(axis=0), 1e-6)
    return {name: (round(float(x), 4), round(float(y), 4)) for name, (x, y) in zip(names, at, strict=True)}
