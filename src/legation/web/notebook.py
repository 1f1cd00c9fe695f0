"""The same questions in a notebook: `legation.Store` answers in Arrow tables, `legation.chart` in Vega-Lite.

    import legation
    store = legation.Store.open("legation.duckdb", read_only=True)
    nor_isl = legation.Filter.parse("NOR <-> ISL, happened or alleged")
    store.events(nor_isl)                      # pyarrow.Table; .to_pandas() where pandas is installed
    legation.chart(store, "stack", nor_isl)    # a picture, and a dict that can be changed

The pictures are those of `legation plot`.
"""

from __future__ import annotations

from typing import Any

from legation.store import Filter, Store

NAMES = ("months", "stack", "map", "network")
MIME = "application/vnd.vegalite.{version}+json"


class Chart(dict[str, Any]):
    """A Vega-Lite specification that notebooks draw: Jupyter and others by its MIME type, else as a picture."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        title = self.get("title")
        words = title.get("text", "") if isinstance(title, dict) else title
        version = str(self.get("$schema", "")).rsplit("/", 1)[-1].removesuffix(".json") or "v5"
        found: dict[str, Any] = {MIME.format(version=version): dict(self), "text/plain": f"<chart: {words}>"}
        try:
            import vl_convert
        except ImportError:
            return found
        return {**found, "image/svg+xml": vl_convert.vegalite_to_svg(dict(self))}


def chart(store: Store, name: str = "stack", where: Filter | str = "", *, unit: str = "month") -> Chart:
    """A picture of the events under a filter: months (by pair), stack (by quad class), map or network. ValueError."""
    from legation.export import charts, questions

    if name not in NAMES:
        raise ValueError(f"there is no chart {name!r}; there are {', '.join(NAMES)}")
    chosen = Filter.parse(where) if isinstance(where, str) else where
    runs = questions.runs(store, chosen)
    schemes = questions.schemes(store, runs)
    caption = charts.Caption(
        title=str(chosen) or "All events",
        filters=str(chosen),
        quad_scheme=schemes["quad_scheme"],
        goldstein_scheme=schemes["goldstein_scheme"],
        runs=runs,
        events=store.count(chosen),
    )
    if name == "map":
        return Chart(charts.event_map(questions.places(store, chosen), caption, charts.load_shapes()))
    if name == "network":
        return Chart(charts.network(questions.pairs(store, chosen), caption))
    if name == "stack":
        return Chart(charts.stack(questions.quads(store, chosen, unit), caption, unit=unit))
    return Chart(charts.months(store.months(chosen, unit=unit), caption, unit=unit))
