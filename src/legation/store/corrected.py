"""The overlay: a record as people corrected it. The record itself is never changed.

What follows from a corrected field (CAMEO code, quad class, scores, status, content key) follows it, by the same
tables as in coding and under the schemes of the record's own run.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from legation.attribution.facets import status_of
from legation.codebook import Codebook, load_codebook
from legation.settings import Settings

OWN_PLAN = ("planned", "promised", "threatened")  # as in record/assemble.py
BY_PEOPLE = "corrected"  # the basis of a corrected value


@functools.cache
def codebook() -> Codebook:
    """The codebook, read when a correction first needs it."""
    return load_codebook()


def corrected(
    record: Mapping[str, Any], corrections: Sequence[tuple[str, Any]], settings: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """The record with the corrections laid over it, oldest first; None when it was rejected as no event.

    `settings` are those of the record's run, for the names of its schemes. A correction of something that this
    record no longer has (a second actor) changes nothing.
    """
    if not corrections:
        return dict(record)
    last = dict(corrections)  # of several corrections of one field the newest counts
    if last.pop("rejected", False):
        return None
    seen: dict[str, Any] = copy.deepcopy(dict(record))
    status = last.pop("status", None)
    for field, value in last.items():
        _lay_over(seen, field, value)
    if {"type", "mode"} & last.keys():
        _derive_codes(seen, settings or {})
    if {"aux", "stance"} & last.keys():
        seen["status"] = _derived_status(seen)
    if status is not None:
        seen["status"] = status
    seen["content_key"] = content_key(seen)
    return seen


def _lay_over(record: dict[str, Any], field: str, value: Any) -> None:
    """Set one field. `actor.1` is the second actor."""
    name, _, number = field.partition(".")
    if name in ("actor", "recipient"):
        k = int(number or 0)
        role = {**value, "basis": BY_PEOPLE, "office": None, "office_from": None, "office_to": None}
        if k < len(record[name]):
            party = record[name][k]
            moved = {} if value["country"] == party["country"] else {"entity": None, "entity_id": None}
            party |= {**role, **moved}
        elif k == 0:
            record[name] = [{**_NOBODY, **value, "basis": BY_PEOPLE}]
    elif name == "date":
        record["date"] = {**value, "basis": BY_PEOPLE, "text": record["date"]["text"]}
    elif name == "place":
        given = None if value is None else {**(record["place"] or _NOWHERE), **value}
        record["place"] = given and {**given, "basis": BY_PEOPLE}
    elif name == "stance":
        if record["attribution"]:
            record["attribution"][0]["stance"] = value
    else:
        record[name] = value
        if name == "type" and not _has_mode(value, record["mode"]):
            record["mode"] = None


# a party or place that no words of the text name: every key of the contract, all unknown
_NOBODY: dict[str, Any] = {
    **dict.fromkeys(("text", "start", "end", "head", "code", "country", "sector")),
    "other_sectors": [],
    **dict.fromkeys(("entity", "entity_id", "office", "office_from", "office_to", "basis")),
}
_NOWHERE: dict[str, Any] = dict.fromkeys(
    ("text", "start", "end", "name", "lat", "lon", "province", "country", "feature", "place_id", "basis", "resolution")
)


def _has_mode(type_name: str, mode: str | None) -> bool:
    return mode in {m.name for m in codebook().modes(type_name)}


def _derive_codes(record: dict[str, Any], settings: Mapping[str, str]) -> None:
    """CAMEO code, quad class and scores that belong to type and mode."""
    book, usual = codebook(), Settings()
    if not _has_mode(record["type"], record["mode"]):
        record["mode"] = None
    type_name, mode = record["type"], record["mode"]
    record["cameo"] = book.cameo(type_name, mode)
    record["quad"] = book.quad(type_name, settings.get("quad_scheme") or usual.quad_scheme, mode)
    record["score"] = book.score(type_name, mode)
    scheme = settings.get("goldstein_scheme") or usual.goldstein_scheme
    record["goldstein"] = book.goldstein(record["cameo"], scheme)


def _derived_status(record: Mapping[str, Any]) -> str:
    """The status word that `aux` and the sources' stances lead to (event-record.md)."""
    links = record["attribution"]
    own = bool(links) and any(_same(links[0], actor) for actor in record["actor"])
    own_plan = own or (not links and record["facets"]["actuality"] in OWN_PLAN)
    return status_of(record["aux"], tuple(link["stance"] for link in links), own_plan, own)


def _same(link: Mapping[str, Any], actor: Mapping[str, Any]) -> bool:
    """Whether the source is the event's own actor: the same words, or the same code."""
    if link["code"] and link["code"] == actor["code"]:
        return True
    places = (link["start"], link["end"], actor["start"], actor["end"])
    return None not in places and link["start"] < actor["end"] and actor["start"] < link["end"]


def content_key(record: Mapping[str, Any]) -> str:
    """As record/identity.py makes it: type, actors and date, whatever the words."""
    sides = [sorted(_what(party) for party in record[side]) for side in ("actor", "recipient")]
    said = [record["type"], *sides, record["date"]["start"], record["date"]["end"]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()[:16]


def _what(party: Mapping[str, Any]) -> str:
    return f"{party['country']}{party['sector'] or ''}" if party["country"] else (party["text"] or "").casefold()
