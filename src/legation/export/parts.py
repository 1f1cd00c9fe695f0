"""What several layouts need of a record: its ordered pairs of actors, its place, its day, numbers for its ids."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]
Party = dict[str, Any]

PAIRS = 128  # numbers kept free for the pairs of one record
_CONTROL = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")


def pairs(record: Record) -> Iterator[tuple[Party | None, Party | None]]:
    """Every ordered pair of one actor and one recipient, for layouts that have room for one on each side.

    Reciprocal events (all parties in `actor`) give both directions, as ICEWS writes them. A side that is empty is None.
    """
    actors, recipients = record["actor"], record["recipient"]
    if not recipients and len(actors) > 1:
        yield from itertools.permutations(actors, 2)
        return
    yield from itertools.product(actors or [None], recipients or [None])


def pair_number(record_id: str, k: int) -> int:
    """A number for the k-th pair of a record: 46 bits of the record id, then k; below 2**53, so exact in R too.

    A given record and pair always get the same number. Ids that are no hexadecimal digits are hashed first.
    """
    return (_bits(record_id) >> 18) * PAIRS + k


def article_number(article_id: str) -> int:
    """A number below 2**53 for an article id, always the same."""
    return int(hashlib.sha256(article_id.encode("utf8", "surrogatepass")).hexdigest()[:13], 16)


def _bits(record_id: str) -> int:
    """64 bits."""
    if re.fullmatch("[0-9a-f]{16}", record_id):
        return int(record_id, 16)
    return int(hashlib.sha256(record_id.encode("utf8", "surrogatepass")).hexdigest()[:16], 16)


def day(record: Record) -> str | None:
    """The event's first day where the day is known; a month or a year is no day."""
    start: str | None = record["date"]["start"]
    return start if record["date"]["precision"] == "day" else None


def month(record: Record) -> str | None:
    """ "2024-05" where the month is known: first and last day lie in it."""
    return _common(record, 7)


def year(record: Record) -> str | None:
    """ "2024" where the year is known."""
    return _common(record, 4)


def _common(record: Record, length: int) -> str | None:
    start: str | None = record["date"]["start"]
    end: str | None = record["date"]["end"]
    if start is None:
        return None
    return start[:length] if end is None or end[:length] == start[:length] else None


def name(party: Party | None) -> str | None:
    """The name in the lexicon, else the words of the text."""
    if party is None:
        return None
    known: str | None = party["entity"] or party["text"]
    return known


def sectors(party: Party | None) -> list[str]:
    """All sectors, the first one first."""
    if party is None:
        return []
    return [s for s in (party["sector"], *party["other_sectors"]) if s]


def place_of_kind(record: Record, kind: str) -> str | None:
    """The name of the event's place when it is of this kind."""
    place: Party | None = record["place"]
    return place["name"] if place and place["feature"] == kind else None


def province(record: Record) -> str | None:
    """The first-level division that the event's place is or lies in."""
    place: Party | None = record["place"]
    if place is None:
        return None
    found: str | None = place["name"] if place["feature"] == "admin1" else place["province"]
    return found


def one_line(text: str) -> str:
    """Without line breaks, tabs and other control characters: each run of them becomes one blank."""
    return _CONTROL.sub(" ", text).strip()
