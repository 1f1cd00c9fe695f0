"""Events over time: the dyad-month chart and the quad-class stack.

Cooperation stands above the line and conflict below it, so that no reader has to rely on colour alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from legation.export.chart_frame import (
    COLOURS,
    FONT,
    INK,
    QUADS,
    WIDTH,
    Caption,
    Spec,
    empty,
    frame,
    remarked,
    steps,
)

if TYPE_CHECKING:
    import pyarrow

COLUMNS = {1: "verbal_cooperation", 2: "material_cooperation", 3: "verbal_conflict", 4: "material_conflict"}
MEASURES = {
    "goldstein": ("goldstein_mean", "Mean Goldstein score", [-10, 10]),
    "score": ("score_mean", "Mean PLOVER score", [-10, 10]),
}
FORMATS = {"day": "%-d %b %Y", "week": "%-d %b %Y", "month": "%b %Y", "quarter": "%b %Y", "year": "%Y"}


def months(
    table: pyarrow.Table, caption: Caption, *, measure: str = "counts", pairs: int = 6, unit: str = "month"
) -> Spec:
    """The dyad-month chart, from `Store.months`: one strip for each of the most frequent ordered pairs of countries.

    `measure`: "counts" (bars of the quad classes) or one of MEASURES (a point for each period that has events).
    """
    rows = table.to_pylist()
    total: dict[str, int] = {}
    for row in rows:
        row["pair"] = f"{row['actor_country']} → {row['recipient_country']}"
        total[row["pair"]] = total.get(row["pair"], 0) + row["n"]
    ordered = sorted((p for p in total if total[p]), key=lambda p: (-total[p], p))
    chosen = ordered[:pairs]
    rows = [r for r in rows if r["pair"] in chosen]
    if not rows:
        return empty(caption)
    if len(ordered) > pairs:
        caption = remarked(caption, f"the {pairs} most frequent of {len(ordered)} ordered pairs")
    height = 90 if len(chosen) > 3 else 120
    if measure == "counts":
        caption = remarked(caption, "above the line: cooperation, below: conflict")
        layers, values = _bars([(r["month"], r["pair"], COLUMNS, r) for r in rows], unit, None)
    else:
        column, label, domain = MEASURES[measure]
        values = [
            {"period": r["month"].isoformat(), "pair": r["pair"], "value": r[column], "n": r["n"]}
            for r in rows
            if r["n"]
        ]
        ticks = _ticks(min(r["month"] for r in rows), max(r["month"] for r in rows), unit)
        layers = _points(label, domain, unit, ticks, max(r["n"] for r in rows))
    return {
        **frame(caption),
        "data": {"values": values},
        "facet": {
            "row": {
                "field": "pair",
                "sort": chosen,
                "header": {
                    "title": None, "labelAngle": 0, "labelAlign": "left", "labelFontSize": 13, "labelColor": INK,
                    "labelFont": FONT, "labelFontWeight": "bold", "labelOrient": "top", "labelAnchor": "start",
                    "labelPadding": 0,
                },
            }
        },
        "spacing": 18,
        "spec": {"width": WIDTH, "height": height, "layer": layers},
        "resolve": {"scale": {"x": "shared", "y": "shared"}, "axis": {"x": "shared"}},
    }  # fmt: skip


def stack(table: pyarrow.Table, caption: Caption, *, unit: str = "month") -> Spec:
    """The quad-class stack, from `questions.quads`: events by period, cooperation above the line, conflict below."""
    rows = [r for r in table.to_pylist() if r["n"]]
    if not rows:
        return empty(caption)
    by_period: dict[Any, dict[str, int]] = {}
    for row in rows:
        by_period.setdefault(row["period"], {})[str(row["quad"])] = row["n"]
    names = {number: str(number) for number in QUADS}
    made = [(period, "", names, counts) for period, counts in sorted(by_period.items())]
    layers, values = _bars(made, unit, "conflict ← events → cooperation")
    return {**frame(caption), "data": {"values": values}, "width": WIDTH, "height": 320, "layer": layers}


def _bars(
    rows: Sequence[tuple[Any, str, Mapping[int, str], Mapping[str, Any]]], unit: str, label: str | None
) -> tuple[list[Spec], list[Spec]]:
    """Bars around a line at zero, and their values. A row: period, pair, quad class -> key, counts."""
    present = {q for *_, keys, counts in rows for q, key in keys.items() if counts.get(key)}
    order = [q for q in (2, 1, 0, 3, 4) if q in present or q in COLUMNS]
    values = []
    for period, pair, keys, counts in rows:
        for q, key in keys.items():
            n = counts.get(key) or 0
            if n:
                place = {0: 3, 1: 1, 2: 2, 3: 1, 4: 2}[q]
                signed = -n if q in (3, 4) else n
                values.append(
                    {
                        "period": period.isoformat(), "pair": pair, "class": QUADS[q], "events": n, "signed": signed,
                        "place": place,
                    }
                )  # fmt: skip
    legend = {"title": None, "orient": "top", "direction": "horizontal", "symbolType": "square", "labelLimit": 200}
    colour = {
        "field": "class",
        "type": "nominal",
        "scale": {"domain": [QUADS[q] for q in order], "range": [COLOURS[q] for q in order]},
        "legend": legend,
    }
    first, last = min(row[0] for row in rows), max(row[0] for row in rows)
    width = max(1.5, min(28.0, 0.75 * WIDTH / (len(_periods(first, last, unit)) + 1)))
    bars = {
        "mark": {"type": "bar", "width": width},
        "encoding": {
            "x": _time(unit, _ticks(first, last, unit), width / 2 + 8),
            "y": {
                "field": "signed",
                "type": "quantitative",
                "stack": "zero",
                "axis": {
                    "title": label,
                    "format": "d",
                    "labelExpr": "format(abs(datum.value), ',')",
                    "tickMinStep": 1,
                    "tickCount": 5,
                },
            },
            "color": colour,
            "order": {"field": "place", "type": "quantitative"},
            "tooltip": [
                {"field": "period", "type": "temporal", "format": FORMATS[unit], "title": unit},
                {"field": "pair", "title": "pair"},
                {"field": "class", "title": "quad class"},
                {"field": "events", "type": "quantitative"},
            ],
        },
    }
    zero = {"mark": {"type": "rule", "color": INK, "strokeWidth": 1}, "encoding": {"y": {"datum": 0}}}
    return [bars, zero], values


def _points(label: str, domain: list[int], unit: str, ticks: Sequence[Spec], most: int) -> list[Spec]:
    """Means as points joined by a line; the size of a point says how many events it stands for."""
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": domain},
        "axis": {"title": label, "values": [-10, -5, 0, 5, 10]},
    }
    size = {
        "field": "n",
        "type": "quantitative",
        "scale": {"range": [18, 220]},
        "legend": {
            "title": "events", "orient": "top", "direction": "horizontal", "values": steps(most), "format": "d",
        },
    }  # fmt: skip
    tips = [
        {"field": "period", "type": "temporal", "format": FORMATS[unit], "title": unit},
        {"field": "value", "type": "quantitative", "format": ".2f", "title": label},
        {"field": "n", "type": "quantitative", "title": "events"},
    ]
    side = {
        "condition": {"test": "datum.value < 0", "value": COLOURS[4]},
        "value": COLOURS[2],
    }
    return [
        {"mark": {"type": "rule", "color": INK, "strokeWidth": 1}, "encoding": {"y": {"datum": 0}}},
        {"mark": {"type": "line", "color": "#9a9a9a", "strokeWidth": 1}, "encoding": {"x": _time(unit, ticks), "y": y}},
        {
            "mark": {"type": "circle", "opacity": 0.9},
            "encoding": {"x": _time(unit, ticks), "y": y, "size": size, "color": side, "tooltip": tips},
        },
    ]


def _time(unit: str, ticks: Sequence[Spec], padding: float = 14) -> Spec:
    axis = {"title": None, "format": FORMATS[unit], "values": list(ticks), "labelOverlap": "greedy", "grid": False}
    return {"field": "period", "type": "temporal", "axis": axis, "scale": {"type": "utc", "padding": padding}}


def _ticks(first: datetime.date, last: datetime.date, unit: str) -> list[Spec]:
    """The days that the axis names: beginnings of periods, a dozen at the most, round ones where months are skipped."""
    periods = _periods(first, last, unit)
    most = 8 if unit in ("day", "week") else 12  # names of days are longer
    step = next(s for s in (1, 2, 3, 4, 6, 12, 24, 60, 120, 240, 600, 10**6) if len(periods) <= most * s)
    if unit == "month" and step in (2, 3, 4, 6, 12):
        chosen = [day for day in periods if (day.month - 1) % step == 0]
    else:
        chosen = periods[::step]
    return [{"year": day.year, "month": day.month, "date": day.day, "utc": True} for day in chosen]


def _periods(first: datetime.date, last: datetime.date, unit: str) -> list[datetime.date]:
    """The beginnings of all periods from the first to the last one."""
    found = [first]
    while found[-1] < last:
        day = found[-1]
        if unit in ("day", "week"):
            found.append(day + datetime.timedelta(days=7 if unit == "week" else 1))
        else:
            months = day.year * 12 + day.month - 1 + {"month": 1, "quarter": 3, "year": 12}[unit]
            found.append(datetime.date(months // 12, months % 12 + 1, 1))
    return found
