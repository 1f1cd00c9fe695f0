"""The overlay: a record as people corrected it. The record itself is never changed."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any


def corrected(record: Mapping[str, Any], corrections: Sequence[tuple[str, Any]]) -> dict[str, Any] | None:
    """The record with the corrections laid over it, oldest first; None when it was rejected as no event."""
    seen: dict[str, Any] = copy.deepcopy(dict(record)) if corrections else dict(record)
    rejected = False
    for field, value in corrections:
        if field == "rejected":
            rejected = bool(value)
        else:
            _lay_over(seen, field, value)
    return None if rejected else seen


def _lay_over(record: dict[str, Any], field: str, value: Any) -> None:
    """Set a field by its path ("type", "date.start", "actor.0.country")."""
    *path, last = field.split(".")
    place: Any = record
    for step in path:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
