"""What may be corrected, and how a value is written: checked before it is stored, against codebook and record."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from legation.problems import SettingsError
from legation.record.written import actor_code
from legation.store.corrected import codebook
from legation.store.filter_words import AUX, STATUSES, actor_words, day_range

STANCES = ("asserts", "denies", "doubts")
NONE = ("none", "null", "")


def checked_value(field: str, value: Any, record: Mapping[str, Any]) -> Any:
    """The value as it is stored. ValueError says what the field can hold."""
    name, _, number = field.partition(".")
    rule = _RULES.get(name)
    if rule is None or (number and name not in ("actor", "recipient")):
        raise ValueError(f"{field!r} cannot be corrected; what can is {', '.join(_RULES)}")
    if name in ("actor", "recipient"):
        parties = record[name]
        if number and not (number.isdigit() and int(number) < len(parties)):
            raise ValueError(f"{field}: the event has {len(parties)} of these ({name}.0 is the first)")
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    text = "" if value is None else str(value).strip()
    return rule(text, record)


def correction_id(record_id: str, field: str, value: Any, by: str, made_at: str) -> str:
    """12 hex digits."""
    said = json.dumps([record_id, field, value, by, made_at], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _one_of(text: str, known: tuple[str, ...], what: str) -> str:
    if text.lower() not in known:
        raise ValueError(f"{what}: {text!r} is not one of {', '.join(known)}")
    return text.lower()


def _type(text: str, _: Mapping[str, Any]) -> str:
    try:
        return codebook().type(text).name
    except SettingsError as error:
        raise ValueError(f"type: {error}") from None


def _mode(text: str, record: Mapping[str, Any]) -> str | None:
    if text.lower() in NONE:
        return None
    known = tuple(m.name for m in codebook().modes(record["type"]))
    if not known:
        raise ValueError(f"mode: {record['type']} has no modes")
    return _one_of(text, known, f"mode of {record['type']}")


def _contexts(text: str, _: Mapping[str, Any]) -> list[str]:
    if text.lower() in NONE:
        return []
    known = tuple(c.name for c in codebook().contexts)
    return sorted({_one_of(part, known, "contexts") for part in re.split(r"[,;\s]+", text) if part})


def _aux(text: str, _: Mapping[str, Any]) -> str:
    return _one_of(text, AUX, "aux")


def _status(text: str, _: Mapping[str, Any]) -> str:
    return _one_of(text, STATUSES, "status")


def _stance(text: str, record: Mapping[str, Any]) -> str:
    if not record["attribution"]:
        raise ValueError("stance: the event is told by the reporter, it has no source")
    return _one_of(text, STANCES, "stance")


def _party(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    """ "RUS GOV", "RUSGOV", "RUS" or "GOV"; "none" where nobody is known."""
    if text.lower() in NONE:
        return {"code": None, "country": None, "sector": None, "other_sectors": []}
    words = actor_words(text)
    if words.name or words.entity:
        raise ValueError(f"{text!r} is no code: write country and sector (RUS GOV), a country (RUS) or a sector (GOV)")
    code = actor_code(words.country, words.sector)
    return {"code": code, "country": words.country, "sector": words.sector, "other_sectors": []}


def _date(text: str, __: Mapping[str, Any]) -> dict[str, Any]:
    """A day, month or year, "DAY..DAY", or "none"."""
    if text.lower() in NONE:
        return {"start": None, "end": None, "precision": "none"}
    first, _, last = text.partition("..")
    start, end = day_range(first)[0], day_range(last or first)[1]
    if start > end:
        raise ValueError(f"date: {start} lies after {end}")
    days = (end - start).days
    precision = "day" if days == 0 else "week" if days < 8 else "month" if days < 32 else "year"
    return {"start": start.isoformat(), "end": end.isoformat(), "precision": precision}


def _place(text: str, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """ "none", a country ("NOR"), or name and country ("Oslo, NOR"); coordinates after a semicolon ("; 59.9 10.7")."""
    if text.lower() in NONE:
        return None
    match = re.fullmatch(r"(?:(?P<name>[^,;]+),\s*)?(?P<country>[A-Z]{3})(?:\s*;\s*(?P<lat>\S+)\s+(?P<lon>\S+))?", text)
    if not match:
        raise ValueError(f"place: {text!r} is neither a country (NOR), a name with it (Oslo, NOR), nor none")
    found: dict[str, Any] = {"name": match["name"], "country": match["country"], "lat": None, "lon": None}
    if match["lat"]:
        try:
            found |= {"lat": float(match["lat"]), "lon": float(match["lon"])}
        except ValueError:
            raise ValueError(f"place: {match['lat']} {match['lon']} are no coordinates") from None
        if not (-90 <= found["lat"] <= 90 and -180 <= found["lon"] <= 180):
            raise ValueError(f"place: {match['lat']} {match['lon']} lie outside the world")
    return {**found, "province": None, "feature": None, "place_id": None, "resolution": None}


def _rejected(text: str, _: Mapping[str, Any]) -> bool:
    return _one_of(text, ("true", "false"), "rejected") == "true"


_RULES: dict[str, Callable[[str, Mapping[str, Any]], Any]] = {
    "type": _type,
    "mode": _mode,
    "contexts": _contexts,
    "actor": _party,
    "recipient": _party,
    "aux": _aux,
    "status": _status,
    "stance": _stance,
    "date": _date,
    "place": _place,
    "rejected": _rejected,
}
FIELDS = tuple(_RULES)
