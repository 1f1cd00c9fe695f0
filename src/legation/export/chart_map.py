"""The map of events."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legation.export.chart_frame import (
    CONFLICT,
    FAINT,
    FONT,
    INK,
    LAND,
    SEA,
    WIDTH,
    Caption,
    Spec,
    empty,
    frame,
    remarked,
    steps,
)
from legation.export.view import Box, named, view

if TYPE_CHECKING:
    import pyarrow
LARGEST = 900  # square pixels of the circle of the place with most events
FEW = 12  # a place with fewer events than this has no largest circle, even where it has most


def event_map(table: pyarrow.Table, caption: Caption, shapes: Mapping[str, Any], *, names: int = 14) -> Spec:
    """The map of events, from `questions.places`. A ring is a place known only as a country.

    `shapes` is the GeoJSON of `load_shapes()`; of the `names` places with most events those are named that have room.
    """
    rows = table.to_pylist()
    if not rows:
        return empty(caption)
    seen = view([(r["longitude"], r["latitude"]) for r in rows], WIDTH)
    most = max(r["n"] for r in rows)
    full = max(most, FEW)
    spots = []
    for row in rows:
        x, y = seen.point(row["longitude"], row["latitude"])
        name = "" if row["whole_country"] else row["place"] or ""
        spots.append((x, y, math.sqrt(LARGEST * row["n"] / full / math.pi), name))
    room = named(spots, seen, names)
    for k, row in enumerate(rows):
        right, down = room.get(k, (0.0, 0.0))
        row |= {"label": row["place"] if k in room else None, "right": right, "down": down}
    size = {
        "field": "n",
        "type": "quantitative",
        "scale": {"type": "sqrt", "domain": [0, full], "range": [0, LARGEST]},
        "legend": {
            "title": "events", "orient": "bottom", "direction": "horizontal", "symbolFillColor": FAINT,
            "values": steps(most), "format": "d",
        },
    }  # fmt: skip
    colour = {
        "field": "conflict",
        "type": "quantitative",
        "scale": {"type": "threshold", "domain": [0.2, 0.4, 0.6, 0.8], "range": CONFLICT},
        "legend": {
            "title": "share of conflict", "orient": "bottom", "direction": "horizontal", "format": ".0%",
            "gradientLength": 220,
        },
    }  # fmt: skip
    where = {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
    }
    tips = [
        {"field": "place", "type": "nominal"},
        {"field": "country", "type": "nominal"},
        {"field": "n", "type": "quantitative", "title": "events"},
        {"field": "conflict", "type": "quantitative", "format": ".0%", "title": "conflict"},
    ]
    points = {"data": {"values": rows}}
    known = {"transform": [{"filter": "!datum.whole_country"}]}
    country = {"transform": [{"filter": "datum.whole_country"}]}
    label = {
        "type": "text", "baseline": "middle", "fontSize": 11, "font": FONT, "color": INK,
        "dx": {"expr": "datum.right"}, "dy": {"expr": "datum.down"},
    }  # fmt: skip
    layers: list[Spec] = [
        {
            "data": {"values": dict(shapes), "format": {"type": "json", "property": "features"}},
            "mark": {"type": "geoshape", "fill": LAND, "stroke": "#b8b3a6", "strokeWidth": 0.6},
        },
        {
            **points, **country,
            "mark": {"type": "point", "filled": False, "strokeWidth": 2.2, "opacity": 0.95},
            "encoding": {**where, "size": size, "color": colour, "tooltip": tips},
        },
        {
            **points, **known,
            "mark": {"type": "circle", "opacity": 0.88, "stroke": INK, "strokeWidth": 0.5},
            "encoding": {**where, "size": size, "color": colour, "tooltip": tips},
        },
        {
            **points,
            "transform": [{"filter": "datum.label !== null"}],
            "mark": {**label, "stroke": SEA, "strokeWidth": 3, "strokeOpacity": 0.8, "strokeJoin": "round"},
            "encoding": {**where, "text": {"field": "label"}},
        },
        {
            **points,
            "transform": [{"filter": "datum.label !== null"}],
            "mark": label,
            "encoding": {**where, "text": {"field": "label"}},
        },
    ]  # fmt: skip
    if any(r["whole_country"] for r in rows):
        caption = remarked(caption, "rings: known only as a country")
    return {
        **frame(caption),
        "width": seen.width,
        "height": seen.height,
        "projection": seen.projection,
        "layer": [_clipped(layer, seen) for layer in layers],
    }


def _clipped(layer: Spec, seen: Box) -> Spec:
    return {**layer, "mark": {**layer["mark"], "clip": True}}


def load_shapes() -> dict[str, Any]:
    """Outlines of countries as GeoJSON: Natural Earth, see shapes/NOTICE.md."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "shapes" / "countries.json").read_text("utf8"))
    return found
