"""What all pictures share: title and caption, colours, fonts, the picture of nothing.

Colours are ColorBrewer's RdBu, which people with any colour blindness can tell apart: cooperation is blue, conflict
red, what is material is darker than what is verbal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
QUADS = {
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
    0: "neutral",
}
COLOURS = {1: "#92c5de", 2: "#0571b0", 3: "#f4a582", 4: "#ca0020", 0: "#a0a0a0"}
CONFLICT = ["#0571b0", "#92c5de", "#969696", "#f4a582", "#ca0020"]  # from all cooperation to all conflict
INK, FAINT, LAND, SEA = "#222222", "#666666", "#ece9e2", "#ffffff"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 760


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands over a picture: what it shows, which events, by which schemes, of which runs."""

    title: str
    filters: str = ""
    quad_scheme: Sequence[str] = ()
    goldstein_scheme: Sequence[str] = ()
    runs: Sequence[str] = ()
    events: int | None = None
    remark: str = ""

    def lines(self) -> list[str]:
        """The lines beneath the title."""
        count = [] if self.events is None else [f"{self.events:,} event{'' if self.events == 1 else 's'}"]
        first = " · ".join([*count, f"filters: {self.filters or 'none'}"])
        schemes = []
        if self.quad_scheme:
            schemes.append(f"quad classes: {', '.join(self.quad_scheme)}")
        if self.goldstein_scheme:
            schemes.append(f"Goldstein scale: {', '.join(self.goldstein_scheme)}")
        if not schemes:
            schemes.append("schemes not known")
        if self.runs:
            shown = ", ".join(run for run in self.runs[:3])
            more = len(self.runs) - 3
            schemes.append(f"run {shown}" + (f" and {more} more" if more > 0 else ""))
        return [line for line in (*_wrapped(first), " · ".join(schemes), self.remark) if line]


def frame(caption: Caption) -> Spec:
    """Title, fonts and colours that all pictures share."""
    return {
        "$schema": SCHEMA,
        "description": " ".join([caption.title, *caption.lines()]),
        "title": {"text": caption.title, "subtitle": caption.lines()},
        "config": {
            "background": "#ffffff",
            "font": FONT,
            "view": {"stroke": "#d0d0d0"},
            "title": {
                "anchor": "start", "fontSize": 17, "subtitleFontSize": 12, "subtitleColor": FAINT, "color": INK,
                "offset": 14, "subtitlePadding": 6, "subtitleLineHeight": 16, "frame": "group",
            },
            "axis": {
                "labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": FAINT,
                "gridColor": "#ececec",
                "titleFontWeight": "normal", "domainColor": FAINT, "tickColor": FAINT,
            },
            "legend": {
                "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK,
                "titleColor": FAINT, "layout": {"bottom": {"direction": "horizontal", "margin": 36}},
            },
        },
        "padding": 16,
    }  # fmt: skip


def empty(caption: Caption) -> Spec:
    """A picture that says that there is nothing to show."""
    text = {"type": "text", "fontSize": 16, "color": FAINT, "text": "No events to show"}
    return {**frame(caption), "width": WIDTH, "height": 160, "data": {"values": [{}]}, "mark": text}


def steps(most: int) -> list[int]:
    """Two or three round numbers for a legend of sizes."""
    if most <= 3:
        return list(range(1, most + 1))
    power = 10 ** (len(str(most)) - 1)
    top = most // power * power
    return sorted({1, max(1, top // 2), top})


def remarked(caption: Caption, remark: str) -> Caption:
    return replace(caption, remark=" · ".join(x for x in (caption.remark, remark) if x))


def _wrapped(text: str, width: int = 110) -> list[str]:
    """Long filters on several lines."""
    return textwrap.wrap(text, width, break_long_words=True, max_lines=3, placeholder=" …") or [""]
