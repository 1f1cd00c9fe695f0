"""A record as plain values for JSON: exactly the keys of the record contract (docs/event-record.md)."""

from __future__ import annotations

import json
from typing import Any

from legation.model.coded import Coded
from legation.model.events import ActorEntry, EventRecord, Evidence, SourceLink
from legation.model.text import Article
from legation.model.when_where import EventPlace


def to_dict(record: EventRecord, coded: Coded) -> dict[str, Any]:
    """One record; every key is always there, unknown values are None."""
    article = coded.article
    quote = record.quote
    return {
        "id": record.id,
        "content_key": record.content_key,
        "article": {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "publication": article.publication,
            "published": article.published,
            "language": article.language,
        },
        "type": record.type,
        "mode": record.mode,
        "contexts": list(record.contexts),
        "cameo": record.cameo,
        "quad": record.quad,
        "score": record.score,
        "goldstein": record.goldstein,
        "actor": [_entity(a, coded) for a in record.actor],
        "recipient": [_entity(a, coded) for a in record.recipient],
        "aux": record.aux,
        "status": record.status,
        "facets": _facets(record, article),
        "attribution": [_link(link, article) for link in record.attribution],
        "date": {
            "start": record.date.start,
            "end": record.date.end,
            "precision": record.date.precision,
            "basis": record.date.basis,
            "text": record.date.text,
        },
        "place": _place(record.place),
        "quote": None if quote is None else span(article, *quote),
        "anchor": raw_span(article, *record.anchor),
        "sentence": raw_span(article, *record.sentence),
        "evidence": [_evidence(e) for e in record.evidence],
        "confidence": record.confidence,
        "why": record.why,
        "run": coded.run,
    }


def dump(value: object) -> str:
    """JSON on one line: keys sorted, characters as they are, no NaN."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)


def span(article: Article, start: int, end: int) -> dict[str, Any]:
    """Offsets and the words that stand there."""
    return {"start": start, "end": end, "text": article.text[start:end]}


def raw_span(article: Article, start: int, end: int) -> dict[str, Any]:
    """The same with the offsets in the text as it was given (None for HTML)."""
    raw_start, raw_end = article.raw(start, end)
    return {**span(article, start, end), "raw_start": raw_start, "raw_end": raw_end}


def actor_code(country: str | None, sector: str | None) -> str | None:
    """Country and sector run together, as event data write them; None without a country."""
    return country + (sector or "") if country else None


def _entity(entry: ActorEntry, coded: Coded) -> dict[str, Any]:
    p, role = entry.participant, entry.role
    return {
        "text": p.text,
        "start": p.start,
        "end": p.end,
        "head": coded.parse.tokens[p.head].text,
        "code": actor_code(role.country, role.sector),
        "country": role.country,
        "sector": role.sector,
        "other_sectors": list(role.other_sectors),
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "office": role.office,
        "office_from": role.office_from,
        "office_to": role.office_to,
        "basis": role.basis,
    }


def _link(link: SourceLink, article: Article) -> dict[str, Any]:
    source, cue = link.attribution.source, link.attribution.cue
    shown = source or cue  # with nobody named, the words that show that somebody says it ("allegedly")
    return {
        "text": None if shown is None else article.text[shown.start : shown.end],
        "start": None if shown is None else shown.start,
        "end": None if shown is None else shown.end,
        "code": actor_code(link.role.country, link.role.sector),
        "country": link.role.country,
        "sector": link.role.sector,
        "cue": None if cue is None else span(article, cue.start, cue.end),
        "stance": link.attribution.stance,
        "manner": link.attribution.manner,
    }


def _facets(record: EventRecord, article: Article) -> dict[str, Any]:
    f = record.facets
    return {
        "polarity": f.polarity,
        "actuality": f.actuality,
        "certainty": f.certainty,
        "condition": None if f.condition is None else span(article, f.condition.start, f.condition.end),
        "cues": [{"start": c.start, "end": c.end, "text": c.text, "cue_id": c.cue_id} for c in f.cues],
    }


def _place(place: EventPlace | None) -> dict[str, Any] | None:
    """PLOVER's location object with the words and the basis."""
    if place is None:
        return None
    t = place.toponym
    return {
        "text": t.text,
        "start": t.start,
        "end": t.end,
        "name": t.name,
        "lat": t.lat,
        "lon": t.lon,
        "province": t.admin1,
        "country": t.country,
        "feature": t.feature,
        "place_id": t.place_id,
        "basis": place.basis,
        "resolution": t.basis,
    }


def _evidence(e: Evidence) -> dict[str, Any]:
    written: dict[str, Any] = {"field": e.field, "start": e.start, "end": e.end, "text": e.text, "by": e.by}
    if e.prefix is not None:
        written |= {"prefix": e.prefix, "suffix": e.suffix}
    return written
