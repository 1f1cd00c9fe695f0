"""Charts as Vega-Lite: pure functions from rows to specifications, drawn by the reader's browser.

Colours are names ("$quad1", "$ink") that the script replaces by those of the theme, so that one specification serves
light and dark. A mark that can be clicked carries its address in `href`: the script follows it (Vega's own links would
open with the policy's leave only). Nothing is computed by the browser from text of articles.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]
Row = Mapping[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name; nothing is fetched
QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")


@functools.cache
def bundle() -> tuple[bytes, str] | None:
    """Vega, Vega-Lite and Vega-Embed as one script, out of the installed vl-convert, and its ETag; None without it."""
    try:
        import vl_convert
    except ImportError:
        return None
    script: bytes = vl_convert.javascript_bundle(None).encode()  # type: ignore[arg-type]
    return script, '"' + hashlib.sha256(script).hexdigest()[:20] + '"'


def _spec(**parts: Any) -> Spec:
    return {"$schema": SCHEMA, "width": "container", "autosize": {"type": "fit", "contains": "padding"}, **parts}


_UNITS = {"day": "yearmonthdate", "week": "yearmonthdate", "month": "yearmonth", "year": "year"}
_FORMS = {"day": "%-d %b", "week": "%-d %b", "month": "%b %Y", "year": "%Y"}


def _time(unit: str, span: tuple[str, str]) -> Spec:
    """The axis of time: the same for all charts of a screen, so that they can be read below each other."""
    return {
        "field": "month",
        "type": "temporal",
        "timeUnit": "utc" + _UNITS[unit],
        "scale": {"domain": [{"expr": f"toDate('{day}')"} for day in span], "type": "utc"},
        "axis": {"format": _FORMS[unit], "labelOverlap": True, "title": None, "grid": False, "tickCount": 8},
    }


def quad_bars(rows: Sequence[Row], unit: str, span: tuple[str, str]) -> Spec:
    """Reports a month by quad class, cooperation upwards and conflict downwards.

    Rows have `month` (ISO day), `shown`, `quad`, `n` and `href`; those without a class are no part of the picture.
    """
    values = [
        {
            **row,
            "class": QUADS[row["quad"] - 1],
            "y": -row["n"] if row["quad"] > 2 else row["n"],
            "rank": row["quad"] % 2,
        }
        for row in rows
        if row["quad"] in (1, 2, 3, 4)
    ]
    return _spec(
        height=170,
        data={"values": values},
        mark={"type": "bar", "cursor": "pointer", "binSpacing": 3},
        encoding={
            "x": _time(unit, span),
            "y": {
                "field": "y",
                "type": "quantitative",
                "stack": "zero",
                "axis": {
                    "title": "conflict \u2193 cooperation \u2191",
                    "tickMinStep": 1,
                    "labelExpr": "abs(datum.value)",
                },
            },
            "color": {
                "field": "class",
                "type": "nominal",
                "scale": {"domain": list(QUADS), "range": ["$quad1", "$quad2", "$quad3", "$quad4"]},
                "legend": None,
            },
            "order": {"field": "rank", "type": "ordinal"},
            "tooltip": [
                {"field": "shown", "type": "nominal", "title": "when"},
                {"field": "class", "type": "nominal", "title": "class"},
                {"field": "n", "type": "quantitative", "title": "reports"},
                {"field": "events", "type": "quantitative", "title": "events"},
            ],
        },
    )


def lines(rows: Sequence[Row], unit: str, span: tuple[str, str], title: str, zero: bool) -> Spec:
    """A value over time for several series, each with its own dash and point. Rows: `month`, `shown`, `series`,
    `value`, `href`."""
    return _spec(
        height=170,
        data={"values": list(rows)},
        layer=[
            *([{"mark": {"type": "rule", "color": "$line"}, "encoding": {"y": {"datum": 0}}}] if zero else []),
            {
                "mark": {"type": "line", "point": {"size": 45, "cursor": "pointer"}, "strokeWidth": 2},
                "encoding": {
                    "x": _time(unit, span),
                    "y": {"field": "value", "type": "quantitative", "axis": {"title": title, "tickCount": 4}},
                    "color": {
                        "field": "series",
                        "type": "nominal",
                        "scale": {"range": ["$quad2", "$quad4"]},
                        "legend": {"title": None, "orient": "top"},
                    },
                    "strokeDash": {"field": "series", "type": "nominal", "legend": {"title": None, "orient": "top"}},
                    "tooltip": [
                        {"field": "shown", "type": "nominal", "title": "when"},
                        {"field": "series", "type": "nominal"},
                        {"field": "value", "type": "quantitative", "format": ".2f"},
                    ],
                },
            },
        ],
    )


def network(nodes: Sequence[Row], edges: Sequence[Row]) -> Spec:
    """Actors and what passes between them. Nodes: `x`, `y`, `name`, `n`, `href`; edges: `x`, `y`, `x2`, `y2`, `n`,
    `conflict` (share of conflict), `names`, `href`."""
    bare = {"type": "quantitative", "axis": None, "scale": {"domain": [-1.15, 1.15]}}
    return _spec(
        height=380,
        layer=[
            {
                "data": {"values": list(edges)},
                "mark": {"type": "rule", "cursor": "pointer", "opacity": 0.75, "strokeCap": "round"},
                "encoding": {
                    "x": {"field": "x", **bare},
                    "y": {"field": "y", **bare},
                    "x2": {"field": "x2"},
                    "y2": {"field": "y2"},
                    "size": {
                        "field": "n",
                        "type": "quantitative",
                        "scale": {"range": [1, 9], "type": "sqrt"},
                        "legend": None,
                    },
                    "color": {
                        "field": "conflict",
                        "type": "quantitative",
                        "scale": {"domain": [0, 0.5, 1], "range": ["$quad2", "$soft", "$quad4"]},
                        "legend": {"title": "share of conflict", "orient": "top", "format": "%", "gradientLength": 120},
                    },
                    "tooltip": [
                        {"field": "names", "type": "nominal", "title": "between"},
                        {"field": "n", "type": "quantitative", "title": "events"},
                        {"field": "conflict", "type": "quantitative", "format": ".0%", "title": "conflict"},
                    ],
                },
            },
            {
                "data": {"values": list(nodes)},
                "mark": {"type": "circle", "cursor": "pointer", "color": "$ink", "opacity": 1},
                "encoding": {
                    "x": {"field": "x", **bare},
                    "y": {"field": "y", **bare},
                    "size": {"field": "n", "type": "quantitative", "scale": {"range": [30, 500]}, "legend": None},
                    "tooltip": [
                        {"field": "name", "type": "nominal", "title": "actor"},
                        {"field": "n", "type": "quantitative", "title": "events"},
                    ],
                },
            },
            {
                "data": {"values": list(nodes)},
                "mark": {"type": "text", "dy": -14, "fontWeight": "bold", "color": "$ink"},
                "encoding": {
                    "x": {"field": "x", **bare},
                    "y": {"field": "y", **bare},
                    "text": {"field": "name"},
                },
            },
        ],
        resolve={"scale": {"size": "independent", "color": "independent"}},
    )


def world(places: Sequence[Row], shapes: Mapping[str, Any]) -> Spec:
    """Places of events on the countries of the world. Places: `lat`, `lon`, `name`, `n`, `conflict`, `href`."""
    return _spec(
        height=380,
        projection={"type": "equalEarth"},
        layer=[
            {
                "data": {"values": shapes["features"]},
                "mark": {"type": "geoshape", "fill": "$land", "stroke": "$line", "strokeWidth": 0.6},
            },
            {
                "data": {"values": list(places)},
                "mark": {"type": "circle", "cursor": "pointer", "opacity": 0.85, "stroke": "$ink", "strokeWidth": 0.5},
                "encoding": {
                    "longitude": {"field": "lon", "type": "quantitative"},
                    "latitude": {"field": "lat", "type": "quantitative"},
                    "size": {"field": "n", "type": "quantitative", "scale": {"range": [40, 900]}, "legend": None},
                    "color": {
                        "field": "conflict",
                        "type": "quantitative",
                        "scale": {"domain": [0, 0.5, 1], "range": ["$quad2", "$soft", "$quad4"]},
                        "legend": {"title": "share of conflict", "orient": "top", "format": "%", "gradientLength": 120},
                    },
                    "tooltip": [
                        {"field": "name", "type": "nominal", "title": "place"},
                        {"field": "n", "type": "quantitative", "title": "events"},
                        {"field": "conflict", "type": "quantitative", "format": ".0%", "title": "conflict"},
                    ],
                },
            },
        ],
    )


def available() -> bool:
    """Whether the browser can be given the library; without it the screens show their tables alone."""
    import importlib.util

    return importlib.util.find_spec("vl_convert") is not None
