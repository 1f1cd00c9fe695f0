"""Screen 3, dyad and time: what passed between actors month by month, where, and among whom.

All charts are of one filter, the same as for the events table. What happened is counted apart from what is alleged or
denied, and events (reports of one event counted once) apart from reports.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import JSONResponse, Response

import legation.export
from legation.store import Filter
from legation.watch import plain_words
from legation.web import charts
from legation.web.desk import Desk
from legation.web.events import COLUMNS, filter_of, parties, read_filter
from legation.web.layout import placed
from legation.web.page import query

router = APIRouter(include_in_schema=False)

# the groups of statuses that are counted apart
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "happened": ("Happened", ("happened",)),
    "alleged": ("Alleged or denied", ("alleged", "denied")),
    "open": ("Planned, predicted or hypothetical", ("planned", "predicted", "hypothetical")),
    "past": ("Historical or said not to have happened", ("historical", "negated")),
}
QUOTES = 40
SHOWN_ROWS = 36  # of the table of figures; the rest on request
MOST_PLACES, MOST_NODES, MOST_EDGES = 400, 36, 90
_GROUP = "CASE " + " ".join(
    f"WHEN status IN ({', '.join(repr(s) for s in statuses)}) THEN '{name}'" for name, (_, statuses) in GROUPS.items()
)
# an event dated "in 2019" has no month, and none is made up for it
KNOWN = (
    "(date_start IS NULL OR date_trunc('{unit}', date_start) = date_trunc('{unit}', coalesce(date_end, date_start)))"
)
PERIODS = (
    "SELECT CASE WHEN {known} THEN date_trunc('{unit}', day)::DATE END AS month, quad, " + _GROUP + " END AS grp,"
    " count(*) AS n, count(DISTINCT coalesce(event_group, content_key)) AS events,"
    " sum(goldstein) AS goldstein, count(goldstein) AS scored,"
    # what is told as history must not stretch the axis: it stands in the table
    " min(day) FILTER (status <> 'historical') AS first, max(day) FILTER (status <> 'historical') AS last"
    " FROM events WHERE {condition} GROUP BY ALL ORDER BY ALL"
)
PLACES = (
    "SELECT place_name AS name, place_country AS country, round(latitude, 2) AS lat, round(longitude, 2) AS lon,"
    " count(*) AS n, avg((quad > 2)::INTEGER) AS conflict"
    " FROM events WHERE latitude IS NOT NULL AND {condition} GROUP BY ALL ORDER BY n DESC, name LIMIT {most}"
)
EDGES = (
    "SELECT least(d.actor_country, d.recipient_country) AS a, greatest(d.actor_country, d.recipient_country) AS b,"
    " count(DISTINCT id) AS n, avg((quad > 2)::INTEGER) AS conflict"
    " FROM dyads d JOIN (SELECT id, quad FROM events WHERE {condition}) USING (id)"
    " WHERE d.actor_country IS NOT NULL AND d.recipient_country IS NOT NULL AND d.actor_country <> d.recipient_country"
    " GROUP BY ALL ORDER BY n DESC, a, b LIMIT {most}"
)


def unit_of(first: Any, last: Any) -> str:
    """Days for a few weeks, years for decades, else months."""
    days = (last - first).days if first and last else 0
    return "day" if days <= 45 else "month" if days <= 366 * 12 else "year"


class View:
    """What the screen and its charts know under one filter. One question to the store answers most of it."""

    def __init__(self, desk: Desk, where: Filter) -> None:
        self.desk, self.where = desk, where
        self.condition, self.values = where.where()
        rows = self._periods("month")
        days = [r[k] for r in rows for k in ("first", "last") if r[k]] or [r["month"] for r in rows if r["month"]]
        self.unit = unit_of(min(days, default=None), max(days, default=None))
        self.rows = rows if self.unit == "month" else self._periods(self.unit)
        self.whole = {
            "first": min(days, default=None),
            "last": max(days, default=None),
            "n": sum(r["n"] for r in self.rows),
            "undated": sum(r["n"] for r in self.rows if r["month"] is None),
        }

    def _rows(self, text: str, **more: Any) -> list[dict[str, Any]]:
        return self.desk.rows(text.format(condition=self.condition, **more), self.values)

    def _periods(self, unit: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.desk.kept(
            ("periods", self.where, unit), lambda: self._rows(PERIODS, unit=unit, known=KNOWN.format(unit=unit))
        )
        return found

    def months(self) -> list[dict[str, Any]]:
        """month, quad, grp, n, events, goldstein (sum), scored; periods that are known."""
        return [r for r in self.rows if r["month"]]

    def span(self) -> tuple[str, str]:
        """First day of the first period and of the period after the last one: the axis of all charts."""
        first, last = self.whole["first"], self.whole["last"]
        if self.unit == "year":
            return f"{first.year}-01-01", f"{last.year + 1}-01-01"
        if self.unit == "day":
            from datetime import timedelta

            return first.isoformat(), (last + timedelta(days=1)).isoformat()
        after = (last.year + last.month // 12, last.month % 12 + 1)
        return f"{first.year}-{first.month:02}-01", f"{after[0]}-{after[1]:02}-01"

    def href(self, **others: Any) -> str:
        """The quotes behind a bar."""
        return "/dyads/quotes?" + query(self.where.to_params(), **others)

    def places(self) -> list[dict[str, Any]]:
        """Places with their events, each with the address of its quotes."""
        rows = self.desk.kept(("places", self.where), lambda: self._rows(PLACES, most=MOST_PLACES))
        return [{**r, "href": self.href(place=r["name"])} for r in rows]

    def network(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """(nodes, edges) of the countries that have most to do with each other, placed."""
        rows = self.desk.kept(("edges", self.where), lambda: self._rows(EDGES, most=MOST_EDGES))
        weight: dict[str, int] = {}
        for r in rows:
            for name in (r["a"], r["b"]):
                weight[name] = weight.get(name, 0) + r["n"]
        kept = sorted(weight, key=lambda c: (-weight[c], c))[:MOST_NODES]
        edges = [r for r in rows if r["a"] in kept and r["b"] in kept]
        at = self.desk.kept(("layout", self.where), lambda: placed(kept, [(r["a"], r["b"], r["n"]) for r in edges]))
        names = country_names()
        # what is not about the pair stays; the pair itself is that of the edge
        others = [(k, v) for k, v in self.where.to_params() if k not in ("actor", "recipient", "either")]
        nodes = [
            {"x": at[c][0], "y": at[c][1], "name": c, "words": names.get(c, c), "n": weight[c],
             "href": "/dyads?" + query([*others, ("actor", c), ("either", "1")])}
            for c in kept
        ]  # fmt: skip
        lines = [
            {
                **dict(zip(("x", "y", "x2", "y2"), (*at[r["a"]], *at[r["b"]]), strict=True)),
                **{k: r[k] for k in ("a", "b", "n", "conflict")},
                "names": f"{names.get(r['a'], r['a'])} and {names.get(r['b'], r['b'])}",
                "href": "/dyads?" + query([*others, ("actor", r["a"]), ("recipient", r["b"]), ("either", "1")]),
            }
            for r in edges
        ]
        return nodes, lines


def shown_period(month: Any, unit: str) -> str:
    """A period for people: 4 Mar 2024, Mar 2024, 2024."""
    return {"day": f"{month.day} {month:%b} {month.year}", "year": str(month.year)}.get(
        unit, f"{month:%b} {month.year}"
    )


@cache
def shapes() -> Mapping[str, Any]:
    """Outlines of countries, with how they came about in export/shapes/."""
    found: Mapping[str, Any] = json.loads((_EXPORT / "shapes" / "countries.json").read_text("utf8"))
    return found


_EXPORT = Path(legation.export.__file__).parent


@cache
def country_names() -> dict[str, str]:
    """ISO code -> name, as far as the map knows them."""
    return {f["id"]: f["properties"]["name"] for f in shapes()["features"] if f.get("id")}


def table(view: View) -> list[dict[str, Any]]:
    """One row a period: numbers by class and group, means of the Goldstein scale, reports and events."""
    found: dict[Any, dict[str, Any]] = {}
    for r in view.months():
        row = found.setdefault(
            r["month"], {"n": 0, "events": 0, "cells": {}, "happened": [0.0, 0], "alleged": [0.0, 0]}
        )
        row["n"] += r["n"]
        row["events"] += r["events"]
        key = (r["grp"], r["quad"])
        row["cells"][key] = row["cells"].get(key, 0) + r["n"]
        if r["grp"] in ("happened", "alleged") and r["scored"]:
            for name in ("happened", "alleged") if r["grp"] == "happened" else ("alleged",):
                row[name][0] += r["goldstein"]
                row[name][1] += r["scored"]
    out = []
    for month, row in sorted(found.items(), reverse=True):
        means = {k: round(row[k][0] / row[k][1], 2) if row[k][1] else None for k in ("happened", "alleged")}
        out.append({"month": month, "shown": shown_period(month, view.unit), **row, "means": means})
    return out


@router.get("/dyads")
def dyads_page(request: Request, rows: int = SHOWN_ROWS) -> Response:
    """The screen: fields for the pair, charts, and the same figures as a table."""
    desk: Desk = request.app.state.desk
    where, wrong = read_filter(request)
    view = View(desk, where)
    figures = table(view) if view.whole["first"] else []
    groups = [g for g in GROUPS if any(key[0] == g for row in figures for key in row["cells"])]
    answer: Response = request.app.state.pages(
        request,
        "dyads.html",
        title="Dyads and time",
        where=where,
        params=where.to_params(),
        words=str(where),
        plain=plain_words(where) if where != Filter() else "",
        wrong=wrong,
        typed=request.query_params.get("q", ""),
        whole=view.whole,
        unit=view.unit,
        rows=figures,
        parties=parties(desk),
        shown_rows=max(1, min(rows, 5000)),
        groups=[(g, GROUPS[g][0]) for g in groups],
        href=view.href,
        charts_here=charts.available(),
    )
    return answer


@router.get("/dyads/quotes")
def quotes(request: Request, month: str = "", group: str = "", unit: str = "month") -> Response:
    """The words behind a bar, a point or a cell."""
    desk: Desk = request.app.state.desk
    where, _ = filter_of([(k, v) for k, v in request.query_params.multi_items() if k not in ("month", "group", "unit")])
    condition, values = where.where()
    title = []
    if group in GROUPS:
        condition += " AND list_contains($statuses, status)"
        values["statuses"] = list(GROUPS[group][1])
        title.append(GROUPS[group][0].lower())
    if month:
        from datetime import date

        try:
            start = date.fromisoformat(month)
        except ValueError:
            raise HTTPException(400, "A period begins with a day, written as YYYY-MM-DD.") from None
        unit = unit if unit in ("day", "month", "year") else "month"
        condition += f" AND date_trunc('{unit}', day)::DATE = $month AND {KNOWN.format(unit=unit)}"
        values["month"] = start
        title.append(shown_period(start, unit))
    rows = desk.kept(
        ("quotes", where, group, month, unit),
        lambda: desk.rows(
            f"SELECT {COLUMNS}, quote, title FROM events WHERE {condition} ORDER BY day, id LIMIT {QUOTES + 1}", values
        ),
    )
    answer: Response = request.app.state.pages(
        request,
        "quotes.html",
        title="Quotes",
        about=", ".join([*title, str(where)]).strip(", "),
        rows=rows[:QUOTES],
        more=len(rows) > QUOTES,
        params=where.to_params(),
    )
    return answer


@router.get("/charts.js")
def chart_script(request: Request) -> Response:
    """The chart library as one script, out of the installed vl-convert; kept by the browser."""
    found = charts.bundle()
    if found is None:
        raise HTTPException(404, "Charts need the package vl-convert-python.")
    script, tag = found
    headers = {"cache-control": "private, max-age=604800", "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(script, media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/charts/{name}")
def chart(request: Request, name: str, group: str = "happened") -> Response:
    """A chart of the filter in the address, as a Vega-Lite specification."""
    desk: Desk = request.app.state.desk
    pairs: Sequence[tuple[str, str]] = [(k, v) for k, v in request.query_params.multi_items() if k != "group"]
    where, wrong = filter_of(pairs)
    view = View(desk, where)
    if wrong:
        raise HTTPException(400, wrong)
    spec = chart_of(view, name, group) if view.whole["first"] else {}
    if spec is None:
        raise HTTPException(404, "There is no such chart.")
    return JSONResponse(spec)  # empty: nothing to draw


Series = tuple[tuple[str, Callable[[dict[str, Any]], float | None]], ...]
GOLDSTEIN: Series = (
    ("happened only", lambda r: r["means"]["happened"]),
    ("with alleged", lambda r: r["means"]["alleged"]),
)
REPORTS: Series = (("reports", lambda r: r["n"]), ("events", lambda r: r["events"]))


def chart_of(view: View, name: str, group: str) -> dict[str, Any] | None:
    """The specification of one chart; None for a name that there is not."""
    unit = view.unit
    if name == "quads" and group in GROUPS:
        rows = [
            {
                "month": r["month"].isoformat(),
                "shown": shown_period(r["month"], unit),
                **{k: r[k] for k in ("quad", "n", "events")},
                "href": view.href(quad=r["quad"], month=r["month"], group=group, unit=unit),
            }
            for r in view.months()
            if r["grp"] == group and r["month"].isoformat() >= view.span()[0]
        ]
        return charts.quad_bars(rows, unit, view.span())
    if name in ("goldstein", "reports"):
        series = {"goldstein": GOLDSTEIN, "reports": REPORTS}[name]
        rows = [
            {
                "month": r["month"].isoformat(), "shown": r["shown"], "series": words, "value": value(r),
                "href": view.href(month=r["month"], unit=unit),
            }
            for r in reversed(table(view))
            if r["month"].isoformat() >= view.span()[0]
            for words, value in series
            if value(r) is not None
        ]  # fmt: skip
        title = "Goldstein mean" if name == "goldstein" else "number"
        return charts.lines(rows, unit, view.span(), title, zero=name == "goldstein")
    if name == "map":
        places = view.places()
        return charts.world(places, shapes()) if places else {}
    if name == "network":
        nodes, edges = view.network()
        return charts.network(nodes, edges) if edges else {}
    return None
