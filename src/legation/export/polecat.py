"""POLECAT: one row an event, 40 columns, several parties in one cell divided by "; ".

Unknown parties, countries, sectors and days are the word None there, which is what scripts for POLECAT look for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from legation.export.parts import Party, Record, day, name, place_of_kind, province, sectors
from legation.export.tables import Tables

QUADS = {1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT"}


def rows(record: Record, tables: Tables) -> Iterator[list[Any]]:
    """The record's one row."""
    article, place = record["article"], record["place"] or {}
    geonames = str(place.get("place_id") or "").removeprefix("geonames:")
    yield [
        record["id"],
        day(record),
        record["type"],
        record["mode"],
        record["score"],
        QUADS.get(record["quad"]),
        "; ".join(record["contexts"]),
        *_side(record["actor"], tables),
        *_side(record["recipient"], tables),
        place.get("name"),
        place_of_kind(record, "city"),
        place_of_kind(record, "admin2"),
        province(record),
        place.get("country"),
        place.get("lat"),
        place.get("lon"),
        int(geonames) if geonames.isascii() and geonames.isdigit() else None,
        place.get("text"),
        place.get("feature"),
        article["publication"],
        article["published"],
        None,
        None,
        None,
        article["language"],
        f"legation {record['run']}" if record["run"] else "legation",
    ]


def _side(side: list[Party], tables: Tables) -> list[str | None]:
    def cow(party: Party) -> str | None:
        country = tables.country(party["country"])
        return country.cow if country else None

    columns: tuple[Callable[[Party], str | None], ...] = (
        name,
        lambda p: p["country"],
        cow,
        lambda p: p["sector"],
        lambda p: "|".join(sectors(p)),
        _title,
        lambda p: p["text"],
        lambda p: None,
    )
    return [_joined([column(p) for p in side]) for column in columns]


def _title(party: Party) -> str | None:
    """The office in words; our code for all other offices is no title."""
    office: str | None = party["office"]
    return office.replace("_", " ") if office and office != "other" else None


def _joined(values: list[str | None]) -> str | None:
    """One cell. None when nothing in it is known, else the word None keeps the place of what is not."""
    if not any(values):
        return None
    return "; ".join(v or "None" for v in values)
