"""PLOVER JSON: one event an object, with the keys of the PLOVER manual; ours beyond them stand under "legation"."""

from __future__ import annotations

from typing import Any

from legation.export.parts import Party, Record, place_of_kind, province
from legation.export.tables import Tables

CODEBOOK = "PLOVER 2.0"


def event(record: Record, tables: Tables) -> dict[str, Any]:
    """The record as PLOVER writes it. Keys for what is not coded are there with null."""
    article, date, sentence = record["article"], record["date"], record["sentence"]
    return {
        "id": record["id"],
        "has_event": 1,
        "date": date["start"],
        "time": None,
        "enddate": date["end"],
        "endtime": None,
        "actor": [_entity(p) for p in record["actor"]],
        "recipient": [_entity(p) for p in record["recipient"]],
        "event": record["type"],
        "event_loc": _place(record, tables),
        "event_text": record["anchor"]["text"],
        "quad_code": record["quad"],
        "event_scale": record["score"],
        "mode": record["mode"],
        "context": record["contexts"],
        "link": None,
        "text": sentence["text"],
        "text_info": {
            "sequence": None,
            "start": sentence["start"],
            "end": sentence["end"],
            "text_story": article["id"],
        },
        "cite_info": {
            "corpus": None,
            "citation": None,
            "url": article["url"],
            "title": article["title"],
            "language": article["language"],
            "publication": article["publication"],
            "license": None,
            "copyright": None,
            "coder": "legation",
            "codebook": CODEBOOK,
            "version": record["run"],
        },
        "coder": "legation",
        "coded_date": None,
        "coded_time": None,
        "comment": None,
        "legation": {
            "published": article["published"],
            **{key: record[key] for key in ("aux", "status", "facets", "attribution", "confidence", "run")},
            **{key: record[key] for key in ("cameo", "goldstein", "content_key")},
            "date": date,
        },
    }


def _entity(party: Party) -> dict[str, Any]:
    return {
        "code": party["country"],
        "sector": party["sector"],
        "entity_text": party["text"],
        "identifier_id": party["entity_id"],
        "identifier_text": party["entity"],
        "religion": None,
        "ethnicity": None,
        "office": party["office"],
        "gender": None,
        "age": None,
    }


def _place(record: Record, tables: Tables) -> dict[str, Any] | None:
    place = record["place"]
    if place is None:
        return None
    country = tables.country(place["country"])
    return {
        "extracted_place": place["text"],
        "resolved_place": place["name"],
        "geonameid": place["place_id"],
        "lat": place["lat"],
        "lon": place["lon"],
        "city": place_of_kind(record, "city"),
        "district": place_of_kind(record, "admin2"),
        "province": province(record),
        "country": country.name if country else None,
        "country_code": place["country"],
        "feature_class": None,
        "feature_code": place["feature"],
        "resolution": place["resolution"],
    }
