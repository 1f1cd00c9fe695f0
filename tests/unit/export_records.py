"""Records for the tests of export/: whole by the record contract, made by hand, with characters that break files."""

from __future__ import annotations

import copy
from typing import Any

# tab, line break, quotes, comma, semicolon, bar, NUL, combining mark, emoji, right-to-left, formula, bell
ODD = 'Say "no",\tthen\nleave; a|b\x00 e\u0301 \U0001f30d \u05e9\u05dc\u05d5\u05dd =1+1 \x07'
TEXT = (
    "Grenzland shuts the river port\n\nGrenzland's police on Monday closed the port of Aldmouth to ships from the "
    f"Isles, the minister said. “{ODD}”\n"
)


def span(words: str, text: str = TEXT) -> dict[str, Any]:
    """Where words stand in the text."""
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def party(words: str, country: str | None, sector: str | None, **more: Any) -> dict[str, Any]:
    """An entity; `more` overrides its keys."""
    code = country + (sector or "") if country else None
    return {
        **span(words),
        "head": words.split()[-1],
        "code": code,
        "country": country,
        "sector": sector,
        "other_sectors": [],
        "entity": None,
        "entity_id": None,
        "office": None,
        "office_from": None,
        "office_to": None,
        "basis": "words",
        **more,
    }


def record(**changes: Any) -> dict[str, Any]:
    """A record with everything in it; `changes` replace whole keys."""
    police = {"other_sectors": ["GOV"], "entity": "Police of Grenzland", "entity_id": "x:1"}
    told = {"polarity": "affirmed", "actuality": "happened", "certainty": "unstated"}
    made: dict[str, Any] = {
        "id": "00c0ffee12345678",
        "content_key": "0123456789abcdef",
        "article": {
            "id": "news/1.txt",
            "title": "Grenzland shuts the river port",
            "url": "https://example.org/1?a=b&c=d",
            "publication": "The Aldmouth Post",
            "published": "2024-05-15",
            "language": "en",
        },
        "type": "SANCTION",
        "mode": "discontinue",
        "contexts": ["economic", "maritime"],
        "cameo": "163",
        "quad": 4,
        "score": -6.0,
        "goldstein": -8.0,
        "actor": [party("Grenzland's police", "DEU", "COP", **police)],
        "recipient": [party("ships from the Isles", "ISL", None)],
        "aux": "actual",
        "status": "alleged",
        "facets": {**told, "condition": None, "cues": []},
        "attribution": [
            {
                **span("the minister"),
                "code": "DEUGOV",
                "country": "DEU",
                "sector": "GOV",
                "cue": span("said"),
                "stance": "asserts",
                "manner": "indirect",
            }
        ],
        "date": {"start": "2024-05-13", "end": "2024-05-13", "precision": "day", "basis": "relative", "text": "Monday"},
        "place": {
            **span("Aldmouth"),
            "name": "Aldmouth",
            "lat": 54.25,
            "lon": -3.5,
            "province": "Westmark",
            "country": "DEU",
            "feature": "city",
            "place_id": "geonames:42",
            "basis": "in",
            "resolution": "only-reading",
        },
        "quote": span(ODD),
        "anchor": {**span("closed the port"), "raw_start": None, "raw_end": None},
        "sentence": {**span(TEXT[32:].split(" “")[0]), "raw_start": None, "raw_end": None},
        "evidence": [
            {"field": "type", **span("closed the port"), "by": "sanction.close", "prefix": "Monday ", "suffix": " of"},
            {"field": "date", **span("Monday"), "by": "dates/weekday"},
        ],
        "confidence": 0.87,
        "why": {"rule": "sanction.close", "notes": [], "score": 2.0},
        "run": "4f90b987325a71b8",
    }
    return copy.deepcopy({**made, **changes})


def meeting(**changes: Any) -> dict[str, Any]:
    """A reciprocal event of two parties."""
    sides = [party("Grenzland", "DEU", "GOV"), party("Isles", "ISL", "GOV")]
    same = {"type": "CONSULT", "mode": None, "cameo": "040", "quad": 1, "score": 2.5, "goldstein": 1.0}
    bare = {"status": "happened", "attribution": [], "quote": None}
    return record(**{"id": "00c0ffee99999999", "actor": sides, "recipient": [], **same, **bare, **changes})


def unknown(**changes: Any) -> dict[str, Any]:
    """A record of which as little is known as can be."""
    date = {"start": None, "end": None, "precision": "none", "basis": "none", "text": None}
    article = {"id": "n", "title": None, "url": None, "publication": None, "published": None, "language": None}
    nothing = {"mode": None, "contexts": [], "recipient": [], "place": None, "quote": None, "date": date}
    more = {"status": "happened", "attribution": [], "article": article, "confidence": None, "evidence": []}
    return record(**{"id": "00000000000000ff", "actor": [party("police", None, None)], **nothing, **more, **changes})
