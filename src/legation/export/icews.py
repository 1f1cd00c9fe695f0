"""ICEWS: one row for each ordered pair of actors, 20 columns, CAMEO codes with the Goldstein scores of ICEWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from legation.export.parts import (
    Party,
    Record,
    article_number,
    day,
    pair_number,
    pairs,
    place_of_kind,
    province,
    sectors,
)
from legation.export.tables import Tables

# codes for what is no state: ICEWS writes words into the sectors and leaves the country out
BODIES = {
    "UNO": ("International Government Organization", "Global"),
    "EUR": ("International Government Organization", "Regional"),
    "IGO": ("International Government Organization",),
    "NGO": ("Nongovernmental Organization (International)",),
}
NOBODY = ("Unspecified Actor", "Unspecified")  # what ICEWS writes where a text names nobody


def rows(record: Record, tables: Tables) -> Iterator[list[Any]]:
    """One row for each pair of actors."""
    article, place = record["article"], record["place"] or {}
    where = tables.country(place.get("country"))
    for k, (actor, recipient) in enumerate(pairs(record)):
        yield [
            pair_number(record["id"], k),
            day(record),
            *_side(actor, tables),
            tables.cameo_name(record["cameo"]),
            record["cameo"],
            tables.codebook.goldstein(record["cameo"], "icews"),
            *_side(recipient, tables),
            article_number(article["id"]),
            None,
            article["publication"],
            place_of_kind(record, "city"),
            place_of_kind(record, "admin2"),
            province(record),
            where.icews if where else None,
            place.get("lat"),
            place.get("lon"),
        ]


def _side(party: Party | None, tables: Tables) -> list[str | None]:
    if party is None:
        return [*NOBODY, None]
    country = tables.country(party["country"])
    known = [tables.sectors[s] for s in sectors(party) if s in tables.sectors]
    words = dict.fromkeys((*BODIES.get(party["country"] or "", ()), *(w for one in known for w in one.icews)))
    if party["country"] in BODIES:
        words.pop("Government", None)
    label = party["entity"]
    if label is None and country and country.icews and known and known[0].generic:
        label = f"{known[0].generic} ({country.icews})"
    return [label or party["text"], ",".join(words) or None, country.icews if country else None]
