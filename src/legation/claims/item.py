"""A record cut down to what linking compares: parties, day, place, words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from legation.claims.rules import LinkRules
from legation.claims.words import Stemmer

FEW_DAYS = 6
Record = Mapping[str, Any]  # one line of `legation code --format jsonl`


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on one side, as far as is known. `words` are stems of the mention."""

    entity_id: str | None
    country: str | None
    sector: str | None
    words: frozenset[str]

    @property
    def person(self) -> bool:
        """Whether a person is meant, not a state or body."""
        return self.entity_id is not None and self.entity_id.startswith("person:")


@dataclass(frozen=True, slots=True)
class Where:
    """A place."""

    place_id: str
    country: str | None
    lat: float | None
    lon: float | None
    level: str  # town, area (province, region) or country


@dataclass(frozen=True, slots=True)
class Item:
    """What linking knows of one record. Days are ordinals; `first`/`last` None where the event is undated.

    `real` tells what happened (or is said not to have) from what is still to come or only possible. `among` marks
    events whose parties all stand on the actors' side. `trigger` is the anchor's first word: it says little more than
    the type. `exact`: the event has a day, or few of them.
    """

    id: str
    article: str
    publication: str
    published: int | None
    type: str
    family: str
    mode: str | None
    real: bool
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    among: bool
    first: int | None
    last: int | None
    place: Where | None
    anchor: tuple[int, int]
    sentence: int
    words: frozenset[str]
    trigger: str
    exact: bool

    @property
    def order(self) -> tuple[int, str, str]:
        """By publication, then by names: the same whatever the order of the input."""
        return (self.published if self.published is not None else 10**7, self.article, self.id)


def ordinal(day: str | None) -> int | None:
    """An ISO day as number; None for None and for what is no day."""
    try:
        return None if day is None else datetime.date.fromisoformat(day[:10]).toordinal()
    except ValueError:
        return None


def item_of(record: Record, rules: LinkRules, stemmer: Stemmer, *, loose: bool = False) -> Item:
    """The item of a record.

    `loose`: the day on which an article appeared is no date of what somebody in it says to have happened.
    """
    article, date, sentence, anchor = record["article"], record["date"], record["sentence"], record["anchor"]
    actors = tuple(_party(p, stemmer) for p in record["actor"])
    recipients = tuple(_party(p, stemmer) for p in record["recipient"])
    speakers = (stemmer.words(link["text"]) for link in record["attribution"] if link["text"])
    # "a railway" tells one agreement from another; "France" tells nothing that the sides do not tell already
    named = (p.words for p in (*actors, *(r for r in recipients if r.entity_id)))
    names = frozenset[str]().union(*named, *speakers)
    start = anchor["start"] - sentence["start"]
    first, last = ordinal(date["start"]), ordinal(date["end"])
    if loose and date["basis"] == "publication" and record["attribution"]:
        first = last = None
    last = first if last is None else last
    return Item(
        id=record["id"],
        article=article["id"],
        publication=article["publication"] or article["id"],
        published=ordinal(article["published"]),
        type=record["type"],
        family=rules.family.get(str(record["type"]), str(record["type"])),
        mode=record["mode"],
        real=is_real(record),
        actors=actors,
        recipients=recipients,
        among=len(actors) > 1 and not recipients,
        first=first,
        last=last,
        place=_where(record["place"]),
        anchor=(anchor["start"], anchor["end"]),
        sentence=sentence["start"],
        exact=first is not None and last is not None and last - first <= FEW_DAYS,
        trigger=stemmer.first(anchor["text"]),
        words=stemmer.near(sentence["text"], start, start + len(anchor["text"]), names),
    )


def is_real(record: Record) -> bool:
    """Whether a record tells of what happened (or did not), not of what is to come or possible.

    The status decides: it is what people correct. A denial tells by its `aux` what it denies.
    """
    if record["status"] == "denied":
        return record["aux"] not in ("future", "hypothetical")
    return record["status"] not in ("planned", "predicted", "hypothetical")


def is_negated(record: Record) -> bool:
    """Whether the thing is said not to have happened."""
    if record["status"] == "denied":
        return bool(record["facets"]["polarity"] == "negated")
    return bool(record["status"] == "negated")


def slim(record: Record) -> dict[str, Any]:
    """The record without what linking does not read, so that a store's records can be held at once."""
    article = {k: record["article"][k] for k in ("id", "published", "publication")}
    return {**{k: record[k] for k in _READ}, "article": article, "facets": {"polarity": record["facets"]["polarity"]}}


_READ = (
    *("id", "type", "mode", "actor", "recipient", "aux", "status", "attribution", "date", "place", "quote"),
    *("anchor", "sentence"),
)


def _party(entry: Mapping[str, Any], stemmer: Stemmer) -> Party:
    return Party(entity_id_of(entry), entry["country"], entry["sector"], stemmer.words(entry["text"]))


def entity_id_of(entry: Mapping[str, Any]) -> str | None:
    """The entity of a party; None where a correction says that it is of another country."""
    id_ = entry["entity_id"]
    if id_ is None:
        return None
    kind, _, rest = id_.partition(":")
    if kind in ("country", "metonym", "body") and rest[:3] != entry["country"]:
        return None
    return str(id_)


def _where(place: Mapping[str, Any] | None) -> Where | None:
    if place is None:
        return None
    feature = place.get("feature")
    if feature == "country" or not place["name"]:
        level = "country"
    else:
        level = "area" if feature in ("admin1", "admin2", "region", "water") else "town"
    name = place.get("place_id") or f"{place['country']}:{place['name'] or ''}"
    return Where(str(name), place["country"], place["lat"], place["lon"], level)
