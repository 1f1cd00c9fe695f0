"""`legation plot`: pictures of events, as SVG, PNG or a page that needs no network."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legation.cli import stored
from legation.cli.query import Unit

if TYPE_CHECKING:
    from legation.export.charts import Caption
    from legation.store import Filter, Store


class Chart(StrEnum):
    """What is drawn."""

    MONTHS = "months"
    STACK = "stack"
    MAP = "map"
    NETWORK = "network"


class Measure(StrEnum):
    """What the chart by months shows."""

    COUNTS = "counts"
    GOLDSTEIN = "goldstein"
    SCORE = "score"


TITLES = {
    "months": "Events between pairs of countries, by {unit}",
    "stack": "Events by {unit} and quad class",
    "map": "Where events took place",
    "network": "Who acted on whom",
}


def plot(
    chart: Annotated[
        Chart,
        typer.Argument(
            metavar="CHART",
            help="months (pairs of countries), stack (quad classes), map or network.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The picture: .svg, .png or .html.", show_default=False)
    ],
    store: stored.StoreFile = None,
    where: stored.Where = None,
    happened_only: stored.HappenedOnly = False,
    since: stored.Since = None,
    until: stored.Until = None,
    unit: Annotated[Unit, typer.Option("--unit", help="Length of a period.")] = Unit.MONTH,
    measure: Annotated[
        Measure, typer.Option("--measure", help="With months: counts by quad class, or a mean score.")
    ] = Measure.COUNTS,
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", min=1, help="So many pairs (months) or actors (network).")
    ] = None,
    sectors: Annotated[
        bool, typer.Option("--sectors", help="With network: actors such as RUSGOV, not states.")
    ] = False,
    title: Annotated[str | None, typer.Option("--title", metavar="WORDS", help="A title of your own.")] = None,
    records: Annotated[
        list[str] | None,
        typer.Option("--records", metavar="FILE", help="JSON lines of records, not a store; may be repeated."),
    ] = None,
) -> None:
    """Draw events of the store: by month, by quad class, on a map, as a network."""
    from legation.export import render
    from legation.export.files import whole
    from legation.problems import SettingsError

    form = render.FORMS.get(out.suffix.lower())
    if form is None:
        raise SettingsError(f"--out: {out.name!r} should end in {', '.join(render.FORMS)}")
    given = records or []
    stored.checked(given, store)
    filters = stored.chosen(where, happened_only, since, until)
    with stored.opened(given, store) as found:
        heading = title or TITLES[chart.value].format(unit=unit.value)
        spec = _spec(chart, found, filters, heading, unit.value, measure.value, top, sectors)
    drawn = form(spec)
    with whole(out) as file:
        file.write(drawn)
    print(out)


def _spec(
    chart: Chart,
    store: Store,
    filters: Filter,
    heading: str,
    unit: str,
    measure: str,
    top: int | None,
    sectors: bool,
) -> dict[str, Any]:
    from legation.export import charts, questions

    caption = _caption(store, filters, heading)
    if chart is Chart.MAP:
        table = questions.places(store, filters)
        placed = sum(table.column("n").to_pylist())
        return charts.event_map(table, _missing(caption, placed, "without a known place"), charts.load_shapes())
    if chart is Chart.NETWORK:
        return charts.network(questions.pairs(store, filters, sectors=sectors), caption, actors=top or 16)
    if chart is Chart.STACK:
        table = questions.quads(store, filters, unit)
        counted = sum(table.column("n").to_pylist())
        return charts.stack(table, _missing(caption, counted, f"without a known {unit}"), unit=unit)
    known = (caption.events or 0) - questions.without_period(store, filters, unit)
    caption = _missing(caption, known, f"without a known {unit}")
    return charts.months(store.months(filters, unit=unit), caption, measure=measure, pairs=top or 6, unit=unit)


def _caption(store: Store, filters: Filter, heading: str) -> Caption:
    from legation.export import questions
    from legation.export.charts import Caption

    runs = questions.runs(store, filters)
    schemes = questions.schemes(store, runs)
    if runs and not schemes["quad_scheme"]:  # records of a file: this installation may be the one that made them
        here = stored.current_run()
        if here is not None and runs == [here.id]:
            schemes = {key: [dict(here.settings)[key]] for key in schemes}
    return Caption(
        title=heading,
        filters=str(filters),
        quad_scheme=schemes["quad_scheme"],
        goldstein_scheme=schemes["goldstein_scheme"],
        runs=runs,
        events=store.count(filters),
    )


def _missing(caption: Caption, shown: int, why: str) -> Caption:
    """Says how many of the events a picture cannot show."""
    from dataclasses import replace

    missing = (caption.events or 0) - shown
    return replace(caption, remark=f"{missing:,} of them {why}, not shown") if missing > 0 else caption
