"""A record as one flat row of `events`, and as the ordered pairs of `dyads`.

Pure: record in, plain values out. Days stay ISO texts; the loader turns them into dates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Row = dict[str, Any]

# column of `events` -> kind of value (see `load.arrow`); the order is the table's
EVENT_COLUMNS: dict[str, str] = {
    **dict.fromkeys(("id", "run", "article_id", "content_key", "type", "mode"), "text"),
    "contexts": "texts",
    "cameo": "text",
    "quad": "whole",
    "score": "number",
    "goldstein": "number",
    **dict.fromkeys(("actor", "actor_text", "actor_name", "actor_id", "actor_country", "actor_sector"), "text"),
    **dict.fromkeys(("actors", "actor_countries"), "texts"),
    **dict.fromkeys(
        ("recipient", "recipient_text", "recipient_name", "recipient_id", "recipient_country", "recipient_sector"),
        "text",
    ),
    **dict.fromkeys(("recipients", "recipient_countries"), "texts"),
    **dict.fromkeys(("aux", "status"), "text"),
    **dict.fromkeys(("date_start", "date_end"), "day"),
    **dict.fromkeys(("date_precision", "date_basis"), "text"),
    "day": "day",
    **dict.fromkeys(("place_name", "place_country"), "text"),
    **dict.fromkeys(("latitude", "longitude"), "number"),
    **dict.fromkeys(
        (
            "place_basis",
            "source",
            "source_code",
            "source_country",
            "source_sector",
            "stance",
            "anchor",
            "sentence",
            "quote",
        ),
        "text",
    ),
    "confidence": "number",
    "published": "day",
    **dict.fromkeys(("publication", "title", "url"), "text"),
    "corrected": "flag",
    **dict.fromkeys(("event_group", "claim", "record"), "text"),
}

PARTY = ("", "country", "sector", "id", "name", "text")  # what `dyads` says of each side
DYAD_COLUMNS: dict[str, str] = dict.fromkeys(
    ("id", *(side + (f"_{key}" if key else "") for side in ("actor", "recipient") for key in PARTY)), "text"
)


def event_row(
    record: Mapping[str, Any],
    *,
    corrected: bool = False,
    group: str | None = None,
    claim: str | None = None,
    text: str | None = None,
) -> Row:
    """The row of one record. `group` and `claim` are what dedup and claims gave it, None before. `text` is the record
    as it was written, where that is known."""
    article, date, place = record["article"], record["date"], record["place"] or {}
    outermost = record["attribution"][0] if record["attribution"] else {}
    same = (
        *("id", "run", "content_key", "type", "mode", "contexts", "cameo", "quad", "score", "goldstein"),
        *("aux", "status", "confidence"),
    )
    return {
        **{key: record[key] for key in same},
        "article_id": article["id"],
        **_side("actor", "actors", record["actor"]),
        **_side("recipient", "recipients", record["recipient"]),
        "date_start": date["start"],
        "date_end": date["end"],
        "date_precision": date["precision"],
        "date_basis": date["basis"],
        "day": date["start"] or article["published"],
        "place_name": place.get("name"),
        "place_country": place.get("country"),
        "latitude": place.get("lat"),
        "longitude": place.get("lon"),
        "place_basis": place.get("basis"),
        "source": outermost.get("text"),
        "source_code": outermost.get("code"),
        "source_country": outermost.get("country"),
        "source_sector": outermost.get("sector"),
        "stance": outermost.get("stance"),
        "anchor": record["anchor"]["text"],
        "sentence": record["sentence"]["text"],
        "quote": (record["quote"] or {}).get("text"),
        "published": article["published"],
        "publication": article["publication"],
        "title": article["title"],
        "url": article["url"],
        "corrected": corrected,
        "event_group": group,
        "claim": claim,
        "record": text or written(record),
    }


def _side(name: str, plural: str, parties: list[dict[str, Any]]) -> Row:
    """The columns of one side: the first party in full, of all the codes and countries that are known."""
    first = parties[0] if parties else {}
    return {
        **{f"{name}_{key}" if key else name: value for key, value in _party(first).items()},
        plural: [p["code"] for p in parties if p["code"]],
        f"{name}_countries": sorted({p["country"] for p in parties if p["country"]}),
    }


def _party(party: Mapping[str, Any]) -> Row:
    """One party under the names of `PARTY`; without a country the sector stands for the code."""
    keys = ("code", "country", "sector", "entity_id", "entity", "text")
    return dict(zip(PARTY, (party.get(key) for key in keys), strict=True))


def pairs(record: Mapping[str, Any]) -> Iterator[tuple[Row, Row]]:
    """Who to whom, as parties. Among equals (all in `actor`) every ordered pair; {} for the side that is missing."""
    actors, recipients = record["actor"], record["recipient"]
    if not recipients and len(actors) > 1:
        yield from ((a, b) for a in actors for b in actors if a is not b)
    else:
        yield from ((a, b) for a in actors or [{}] for b in recipients or [{}])


def dyad_rows(record: Mapping[str, Any]) -> list[Row]:
    """The rows of `dyads` of one record; parties with the same name and role once."""
    rows = []
    for a, b in pairs(record):
        sides = (("actor", _party(a)), ("recipient", _party(b)))
        row = {side + (f"_{key}" if key else ""): value for side, party in sides for key, value in party.items()}
        if row not in rows:
            rows.append(row)
    return [{"id": record["id"], **row} for row in rows]


def written(record: Mapping[str, Any]) -> str:
    """A record as the JSON line of `legation code`."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, allow_nan=False)
