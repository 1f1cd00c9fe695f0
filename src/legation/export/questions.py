"""What the charts ask a store: small Arrow tables, drawn from `events` and `dyads` under a filter.

An event counts for a period only where its period is known: one that is dated "in 2019" has no month. Where the event
has no day of its own, the day of publication stands for it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow

    from legation.store import Filter, Store

PERIOD = (
    "(date_start IS NULL OR date_trunc($unit, date_start) = date_trunc($unit, coalesce(date_end, date_start)))"
)


def quads(store: Store, where: Filter, unit: str = "month") -> pyarrow.Table:
    """period, quad, n: each event once, whatever its parties. Periods without events are not there."""
    condition, values = where.where()
    return _table(
        store,
        "SELECT date_trunc($unit, day)::DATE AS period, quad, count(*) AS n FROM events"
        f" WHERE day IS NOT NULL AND quad IS NOT NULL AND {PERIOD} AND ({condition}) GROUP BY ALL ORDER BY ALL",
        {**values, "unit": unit},
    )


def without_period(store: Store, where: Filter, unit: str = "month") -> int:
    """How many events have no period that is known."""
    condition, values = where.where()
    found = _table(
        store,
        f"SELECT count(*) AS n FROM events WHERE NOT (day IS NOT NULL AND {PERIOD}) AND ({condition})",
        {**values, "unit": unit},
    )
    return int(found.column("n")[0].as_py())


def places(store: Store, where: Filter) -> pyarrow.Table:
    """latitude, longitude, place, country, whole_country, n, conflict (share of quad classes 3 and 4): by place."""
    condition, values = where.where()
    return _table(
        store,
        "SELECT latitude, longitude, first(place_name ORDER BY place_name) AS place,"
        " first(place_country ORDER BY place_country) AS country,"
        " bool_and(json_extract_string(record, '$.place.feature') = 'country') AS whole_country,"
        " count(*) AS n, avg((quad IN (3, 4))::INTEGER) AS conflict FROM events"
        f" WHERE latitude IS NOT NULL AND longitude IS NOT NULL AND ({condition})"
        " GROUP BY latitude, longitude ORDER BY n DESC, latitude, longitude",
        values,
    )


def pairs(store: Store, where: Filter, *, sectors: bool = False) -> pyarrow.Table:
    """source, target, n, conflict, goldstein: ordered pairs of countries, or of country and sector."""
    condition, values = where.where()
    source, target = ("actor", "recipient") if sectors else ("actor_country", "recipient_country")
    return _table(
        store,
        f"WITH chosen AS (SELECT id, quad, goldstein FROM events WHERE {condition}),"
        f" told AS (SELECT DISTINCT chosen.*, dyads.{source} AS source, dyads.{target} AS target"
        "  FROM chosen JOIN dyads USING (id))"
        " SELECT source, target, count(*) AS n, avg((quad IN (3, 4))::INTEGER) AS conflict,"
        " avg(goldstein) AS goldstein FROM told"
        " WHERE source IS NOT NULL AND target IS NOT NULL AND source <> target"
        " GROUP BY source, target ORDER BY n DESC, source, target",
        values,
    )


def runs(store: Store, where: Filter) -> list[str]:
    """Ids of the runs that the chosen events come from, the largest first."""
    return [str(name) for name, _ in store.facets(where, ["run"])["run"] if name]


def schemes(store: Store, names: list[str]) -> dict[str, list[str]]:
    """The schemes of quad classes and of the Goldstein scale in these runs; empty where the store does not know."""
    found: dict[str, set[str]] = {"quad_scheme": set(), "goldstein_scheme": set()}
    for run in store.runs():
        if run["run"] in names:
            for key, values in found.items():
                if (run["settings"] or {}).get(key):
                    values.add(run["settings"][key])
    return {key: sorted(values) for key, values in found.items()}


def _table(store: Store, text: str, values: dict[str, Any]) -> pyarrow.Table:
    with contextlib.closing(store.cursor()) as cursor:
        answer = cursor.sql(text, params=values or None)
        return answer.to_arrow_table() if hasattr(answer, "to_arrow_table") else answer.fetch_arrow_table()
