"""Which fields of a record can be corrected, with what form, and what the form's answer is in the store's words.

What a field can hold is checked by the store (store/corrections.py), so that desk, command line and API agree. One form
may write several fields: a type brings its mode.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from legation.codebook.book import Codebook
from legation.store.filter_words import AUX, STATUSES

Change = tuple[str, str]
NAMES = {
    "type": "type and mode",
    "status": "status",
    "aux": "how it stands in the world",
    "date": "date",
    "place": "place",
    "contexts": "contexts",
    "stance": "stance of the source",
    "rejected": "this event: it is none",
}
CHOICES = {"status": STATUSES, "aux": AUX, "stance": ("asserts", "denies", "doubts")}
_PARTY = re.compile(r"(actor|recipient)\.(\d{1,3})")


def known(field: str, record: Mapping[str, Any]) -> bool:
    """Whether there is a form for this field of this record."""
    match = _PARTY.fullmatch(field)
    if match:
        return int(match[2]) < max(1, len(record[match[1]]))
    return field in NAMES and (field != "stance" or bool(record["attribution"]))


def party(field: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The party that a field like "actor.0" means; an empty one where the side has nobody."""
    side, _, number = field.partition(".")
    parties: list[dict[str, Any]] = record[side]
    return parties[int(number)] if int(number) < len(parties) else {"text": None, "country": None, "sector": None}


def title_of(field: str, record: Mapping[str, Any]) -> str:
    """What the form is about, for its head."""
    if _PARTY.fullmatch(field):
        text = party(field, record)["text"]
        return field.split(".")[0] + (f" “{text}”" if text else "")
    return NAMES[field]


def form_of(field: str, record: Mapping[str, Any], book: Codebook, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows: its kind, the choices, and the present values or those that were `given` and refused."""
    form = _form(field, record, book)
    if not given:
        return form
    if form["kind"] in ("type", "choice"):
        form["now"] = given.get("type" if form["kind"] == "type" else field, form["now"])
    elif form["kind"] == "contexts":
        form["now"] = set(given.get("contexts") or ())
    elif form["kind"] in ("date", "place"):
        form["now"] = {
            **form["now"],
            **{k: given[k] for k in ("start", "end", "name", "country", "lat", "lon") if k in given},
        }
    elif form["kind"] == "party":
        form["party"] = {**form["party"], **{k: given[k] for k in ("country", "sector") if k in given}}
    return {**form, "note": given.get("note", "")}


def _form(field: str, record: Mapping[str, Any], book: Codebook) -> dict[str, Any]:
    if _PARTY.fullmatch(field):
        sectors = [(s.code, s.definition) for s in book.sectors]
        return {"kind": "party", "party": party(field, record), "sectors": sectors}
    if field == "type":
        types = [
            (t.name, t.definition, [(f"{t.name}/{m.name}", m.name, m.definition) for m in t.modes]) for t in book.types
        ]
        now = record["type"] + (f"/{record['mode']}" if record["mode"] else "")
        return {"kind": "type", "types": types, "now": now}
    if field in CHOICES:
        now = record["attribution"][0]["stance"] if field == "stance" else record[field]
        return {"kind": "choice", "name": field, "choices": CHOICES[field], "now": now}
    if field == "contexts":
        choices = [(c.name, c.definition) for c in book.contexts]
        return {"kind": "contexts", "choices": choices, "now": set(record["contexts"])}
    if field == "date":
        return {"kind": "date", "now": record["date"]}
    if field == "place":
        return {"kind": "place", "now": record["place"] or {}}
    return {"kind": "rejected"}


def changes(field: str, given: Mapping[str, Any], record: Mapping[str, Any]) -> list[Change]:
    """What an answered form writes, as (field, text for `Store.correct`); only what differs from the record."""

    def word(name: str) -> str:
        return str(given.get(name) or "").strip()

    if _PARTY.fullmatch(field):
        old = party(field, record)
        new = word("country").upper(), word("sector")
        return [] if new == (old["country"] or "", old["sector"] or "") else [(field, " ".join(new).strip() or "none")]
    if field == "type":
        name, _, mode = word("type").partition("/")
        pairs = [("type", name, record["type"]), ("mode", mode or "none", record["mode"] or "none")]
        return [(key, value) for key, value, old in pairs if value != old]
    if field in CHOICES:
        now = record["attribution"][0]["stance"] if field == "stance" else record[field]
        return [(field, word(field))] if word(field) != now else []
    if field == "contexts":
        chosen = sorted(set(given.get("contexts") or ()))
        return [("contexts", ", ".join(chosen) or "none")] if chosen != sorted(record["contexts"]) else []
    if field == "date":
        start, end = word("start"), word("end")
        if (start, end or start) == (record["date"]["start"] or "", record["date"]["end"] or ""):
            return []
        return [("date", f"{start}..{end}" if end and end != start else start or "none")]
    if field == "place":
        return _place(word, record["place"] or {})
    return [("rejected", "true")]


def _place(word: Any, old: Mapping[str, Any]) -> list[Change]:
    name, country, lat, lon = word("name"), word("country").upper(), word("lat"), word("lon")
    kept = tuple("" if old.get(k) is None else str(old[k]) for k in ("name", "country", "lat", "lon"))
    if (name, country, lat, lon) == kept:
        return []
    if not name and not country:
        return [("place", "none")]
    if not country:
        raise ValueError("a place needs the country it lies in, as three letters")
    return [("place", (f"{name}, " if name else "") + country + (f"; {lat} {lon}" if lat or lon else ""))]
