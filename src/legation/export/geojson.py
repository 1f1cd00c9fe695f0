"""GeoJSON (RFC 7946): one feature an event. An event without a known place is a feature without a geometry."""

from __future__ import annotations

from typing import Any

from legation.export import flat
from legation.export.parts import Record
from legation.export.tables import Column


def feature(record: Record, columns: tuple[Column, ...]) -> dict[str, Any]:
    """The event as a point (longitude first) with the flat columns as properties."""
    found = flat.values(record)
    geometry = None
    if found["lat"] is not None and found["lon"] is not None:
        geometry = {"type": "Point", "coordinates": [found["lon"], found["lat"]]}
    properties = {c.name: found[c.name] for c in columns if c.name not in ("lat", "lon")}
    return {"type": "Feature", "id": record["id"], "geometry": geometry, "properties": properties}
