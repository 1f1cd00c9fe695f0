"""Who acts on whom: actors on a circle, an arrow for each ordered pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from legation.export.chart_frame import CONFLICT, FONT, INK, Caption, Spec, empty, frame, remarked, steps
from legation.export.network import arranged

if TYPE_CHECKING:
    import pyarrow


def network(table: pyarrow.Table, caption: Caption, *, actors: int = 16) -> Spec:
    """Who acts on whom, from `questions.pairs`: actors on a circle, an arrow for each ordered pair.

    Width is the number of events, colour the share of conflict; the most frequent actors only.
    """
    drawn = arranged(table.to_pylist(), actors)
    if not drawn.nodes:
        return empty(caption)
    if drawn.left_out:
        all_actors = len(drawn.nodes) + drawn.left_out
        caption = remarked(caption, f"the {len(drawn.nodes)} most frequent of {all_actors} actors")
    most = max(e["n"] for e in drawn.edges)
    side = {"scale": {"domain": [-1.25, 1.25]}, "axis": None}
    x, y = ({"field": f, "type": "quantitative", **side} for f in ("x", "y"))
    colour = {
        "field": "conflict",
        "type": "quantitative",
        "scale": {"type": "threshold", "domain": [0.2, 0.4, 0.6, 0.8], "range": CONFLICT},
        "legend": {
            "title": "share of conflict", "orient": "bottom", "direction": "horizontal", "format": ".0%",
            "gradientLength": 220,
        },
    }  # fmt: skip
    width = {
        "field": "n",
        "type": "quantitative",
        "scale": {"type": "sqrt", "domain": [0, most], "range": [0, 7]},
        "legend": {
            "title": "events", "orient": "bottom", "direction": "horizontal", "values": steps(most), "format": "d",
        },
    }  # fmt: skip
    tips = [
        {"field": "source", "title": "actor"},
        {"field": "target", "title": "recipient"},
        {"field": "n", "type": "quantitative", "title": "events"},
        {"field": "goldstein", "type": "quantitative", "format": ".2f", "title": "mean Goldstein"},
    ]
    layers: list[Spec] = [
        {
            "data": {"values": drawn.curves},
            "mark": {"type": "trail", "opacity": 0.8},
            "encoding": {
                "x": x, "y": y, "detail": {"field": "edge"}, "order": {"field": "step", "type": "quantitative"},
                "size": width, "color": colour, "tooltip": tips,
            },
        },
        {
            "data": {"values": drawn.edges},
            "mark": {"type": "point", "shape": "triangle", "filled": True, "size": 160, "opacity": 1},
            "encoding": {
                "x": x, "y": y, "color": colour, "tooltip": tips,
                "angle": {"field": "angle", "type": "quantitative", "scale": None},
            },
        },
        {
            "data": {"values": drawn.nodes},
            "mark": {"type": "circle", "color": INK, "opacity": 1, "size": 70},
            "encoding": {"x": x, "y": y},
        },
        *(
            {
                "data": {"values": [n for n in drawn.nodes if n["align"] == align]},
                "mark": {
                    "type": "text", "align": align, "fontSize": 13, "font": FONT, "fontWeight": "bold", "color": INK,
                },
                "encoding": {"x": {**x, "field": "label_x"}, "y": {**y, "field": "label_y"}, "text": {"field": "name"}},
            }
            for align in ("left", "center", "right")
        ),
    ]  # fmt: skip
    return {**frame(caption), "width": 620, "height": 620, "layer": layers, "view": {"stroke": None}}
