"""GDELT 2.0 events: one row for each ordered pair of actors, 61 columns, no header, no quoting.

What GDELT reckons and we do not (tone, root events, places of actors, the time of adding) stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from legation.export.parts import Party, Record, day, month, name, pair_number, pairs, sectors, year
from legation.export.tables import Tables

GEO = 8  # columns for a place
GROUPS = {"UNO": ("UNO", "IGO")}  # our code: CAMEO's group code and type
TYPES = {"IGO": "IGO", "NGO": "NGO", "MNC": "MNC", "IMG": "IMG", "ISM": "NGM"}


def rows(record: Record, tables: Tables) -> Iterator[list[Any]]:
    """One row for each pair of actors."""
    code = record["cameo"]
    for k, (actor, recipient) in enumerate(pairs(record)):
        yield [
            pair_number(record["id"], k),
            *_dates(record),
            *_actor(actor, tables),
            *_actor(recipient, tables),
            None,
            code,
            code[:3],
            code[:2],
            tables.gdelt_quad(code),
            tables.codebook.goldstein(code, "gdelt"),
            1,
            1,
            1,
            None,
            *[None] * (2 * GEO),
            *_place(record, tables),
            None,
            record["article"]["url"],
        ]


def _dates(record: Record) -> list[Any]:
    first, in_month, in_year = day(record), month(record), year(record)
    fraction = None
    if first is not None:
        # GDELT's codebook: (months before this one x 30 + day) / 365
        part = ((int(first[5:7]) - 1) * 30 + int(first[8:10])) / 365
        fraction = round(int(first[:4]) + part, 4)
    return [
        int(first.replace("-", "")) if first else None,
        int(in_month.replace("-", "")) if in_month else None,
        int(in_year) if in_year else None,
        fraction,
    ]


def _actor(party: Party | None, tables: Tables) -> list[str | None]:
    """Code, name, country, group, ethnicity, two religions, three types."""
    if party is None:
        return [None] * 10
    code = party["country"]
    country = tables.country(code)
    group, kind = GROUPS.get(code or "", (None, TYPES.get(code or "")))
    state = country.cameo if country else ("EUR" if code == "EUR" else None)
    own = [tables.sectors[s].cameo for s in sectors(party) if s in tables.sectors]
    if kind is not None:  # an organisation of states is no government: its type says what it is
        own = [kind, *(t for t in own if t not in ("GOV", None))]
    types = list(dict.fromkeys(t for t in own if t))[:3]
    whole = "".join(x for x in ((state, *types) if group is None else (*types[:1], group, *types[1:])) if x)
    shown = name(party)
    return [
        whole or None,
        shown.upper().replace('"', "'") if shown else None,
        state,
        group,
        None,
        None,
        None,
        *[*types, None, None, None][:3],
    ]


def _place(record: Record, tables: Tables) -> list[Any]:
    """Type, full name, country, two divisions, latitude, longitude, feature."""
    place = record["place"]
    if place is None or place["lat"] is None:
        return [None] * GEO
    country = tables.country(place["country"])
    fips = country.fips if country else None
    feature, american = place["feature"], place["country"] == "USA"
    kind = {"country": 1, "admin1": 2 if american else 5, "city": 3 if american else 4}.get(feature)
    parts = [place["name"], place["province"], country.name if country else None]
    full = ", ".join(dict.fromkeys(p for p in parts if p)).replace('"', "'")
    whole = fips if feature == "country" else None
    return [kind, full or None, fips, whole, None, place["lat"], place["lon"], whole]
