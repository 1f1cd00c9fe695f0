"""Records made by hand for tests of linking: only what linking reads, in the shape of the record contract."""

from __future__ import annotations

import hashlib
from typing import Any

PLACES = {
    "Lima": ("geonames:3936456", "PER", -12.05, -77.04, "city"),
    "Cusco": ("geonames:3941584", "PER", -13.52, -71.97, "city"),
    "Peru": ("PER", "PER", -9.2, -75.0, "country"),
}


def party(text: str, code: str | None = None, entity: str | None = None, start: int = 0) -> dict[str, Any]:
    """A party; "CHLGOV" is split into country and sector. A bare country is its government and an entity."""
    country, sector = (code[:3], code[3:] or None) if code else (None, None)
    if code and entity is None and sector == "GOV" and " " not in text:
        entity = f"country:{country}"
    name = text if entity else None
    return {
        "text": text,
        "start": start,
        "end": start + len(text),
        "head": text.split()[-1],
        "code": code,
        "country": country,
        "sector": sector,
        "other_sectors": [],
        "entity": name,
        "entity_id": entity,
    }


def link(text: str, code: str | None = None, stance: str = "asserts", manner: str = "indirect") -> dict[str, Any]:
    """One link of an attribution chain."""
    country, sector = (code[:3], code[3:] or None) if code else (None, None)
    cue = {"start": 900, "end": 904, "text": "said"}
    return {
        "text": text,
        "start": 800,
        "end": 800 + len(text),
        "code": code,
        "country": country,
        "sector": sector,
        "cue": cue,
        "stance": stance,
        "manner": manner,
    }


def record(
    article: str,
    kind: str,
    actor: list[dict[str, Any]],
    recipient: list[dict[str, Any]],
    sentence: str,
    anchor: str,
    *,
    said: list[dict[str, Any]] | None = None,
    published: str | None = "2024-03-05",
    publication: str | None = None,
    day: str | None = None,
    precision: str = "day",
    end: str | None = None,
    basis: str = "relative",
    aux: str = "actual",
    status: str | None = None,
    negated: bool = False,
    place: str | None = None,
    at: int = 0,
) -> dict[str, Any]:
    """One record. `kind` is "TYPE" or "TYPE mode"; the status follows from aux and chain unless it is given."""
    type_, _, mode = kind.partition(" ")
    said = said or []
    if status is None:
        status = "denied" if any(s["stance"] == "denies" for s in said) else "negated" if negated else ""
        status = status or {"future": "predicted", "hypothetical": "hypothetical"}.get(aux, "")
        status = status or ("alleged" if said else "historical" if aux == "historical" else "happened")
    start = at + sentence.index(anchor)
    key = repr((article, type_, [a["text"] for a in actor], sentence, anchor, [(s["text"], s["stance"]) for s in said]))
    where = PLACES.get(place or "")
    return {
        "id": hashlib.sha256(key.encode()).hexdigest()[:16],
        "article": {"id": article, "published": published, "publication": publication, "title": None, "url": None},
        "type": type_,
        "mode": mode or None,
        "actor": actor,
        "recipient": recipient,
        "aux": "negated" if negated and aux == "actual" else aux,
        "status": status,
        "facets": {"polarity": "negated" if negated else "affirmed"},
        "attribution": said,
        "date": {
            "start": day,
            "end": end or day,
            "precision": precision if day else "none",
            "basis": basis,
            "text": None,
        },
        "place": None
        if where is None
        else {
            "name": place,
            "place_id": where[0],
            "country": where[1],
            "lat": where[2],
            "lon": where[3],
            "feature": where[4],
        },
        "quote": None,
        "anchor": {"start": start, "end": start + len(anchor), "text": anchor},
        "sentence": {"start": at, "end": at + len(sentence), "text": sentence},
    }
