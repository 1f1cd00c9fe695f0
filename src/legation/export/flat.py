"""Our own flat row: one event, plain columns. CSV, Parquet and the properties of GeoJSON are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from legation.export.parts import Record
from legation.export.tables import Tables

SPANS = ("anchor", "sentence", "quote")
SIDES = (("actor", "actor"), ("recipient", "recipient"), ("source", "attribution"))
# columns that are numbers inside a list
OFFSETS = frozenset(f"{side}_{end}" for side, _ in SIDES for end in ("start", "end"))


def rows(record: Record, tables: Tables) -> Iterator[list[Any]]:
    """The record's one row, in the order of the columns."""
    found = values(record)
    yield [found[c.name] for c in tables.columns["csv"]]


def safe_rows(record: Record, tables: Tables) -> Iterator[list[Any]]:
    """The row of a record without words, with the columns that its hashes stand in."""
    found = values(record)
    yield [found[c.name] for c in (*tables.columns["csv"], *tables.columns["safe"])]


def values(record: Record) -> dict[str, Any]:
    """Every column by name. Lists stay lists; unknown is None. A record made safe brings hashes instead of words."""
    article, date, place = record["article"], record["date"], record["place"] or {}
    found: dict[str, Any] = {
        key: record[key]
        for key in ("id", "content_key", "type", "mode", "contexts", "cameo", "quad", "score", "goldstein", "aux")
    }
    found |= {key: record[key] for key in ("status", "confidence", "run")}
    found |= {key: article[key] for key in ("published", "title", "publication", "url", "language")}
    found |= {"article": article["id"], "title_sha256": article.get("title_sha256")}
    found["article_sha256"] = article.get("text_sha256")
    for side in ("actor", "recipient"):
        parties = record[side]
        found[side] = [p["text"] for p in parties]
        for column, key in (("country", "country"), ("sector", "sector"), ("name", "entity"), ("code", "code")):
            found[f"{side}_{column}"] = [p[key] for p in parties]
        found[f"{side}_id"] = [p["entity_id"] for p in parties]
    links = record["attribution"]
    found["source"] = [x["text"] for x in links]
    for key in ("country", "sector"):
        found[f"source_{key}"] = [x[key] for x in links]
    found["stance"] = [x["stance"] for x in links]
    for side, key in SIDES:
        for end in ("start", "end", "sha256"):
            found[f"{side}_{end}"] = [x.get(end) for x in record[key]]
    found |= {f"date_{key}": date[key] for key in ("start", "end", "precision", "basis")}
    found |= {"place": place.get("name"), "place_country": place.get("country"), "place_basis": place.get("basis")}
    found |= {"lat": place.get("lat"), "lon": place.get("lon")}
    for key in SPANS:
        span = record[key] or {}
        found[key] = span.get("text")
        for end in ("start", "end", "sha256"):
            found[f"{key}_{end}"] = span.get(end)
    return found
