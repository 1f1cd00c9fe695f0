"""Two hashes: where a record stands (`id`) and what it says (`content_key`).

The id is made of quoted words and their occurrence number in the raw text, not of offsets, so that better cleaning
does not rename a record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from legation.model.coded import Coded
from legation.model.events import ActorEntry, SourceLink


def record_id(
    seen: Coded, anchor: tuple[int, int], event_type: str, actors: Sequence[ActorEntry], chain: Sequence[SourceLink]
) -> str:
    """16 hex digits. Equal for two runs over the same raw text that find the same event on the same word."""
    start, end = anchor
    words = seen.article.text[start:end]
    outermost = [_source(chain[0]), chain[0].attribution.stance] if chain else []
    return _digest(
        [seen.raw.id, words, _occurrence(seen, start, end), event_type, sorted(_who(a) for a in actors), outermost]
    )


def content_key(
    event_type: str, actors: Sequence[ActorEntry], recipients: Sequence[ActorEntry], start: str | None, end: str | None
) -> str:
    """16 hex digits: type, actors and date, whatever the words."""
    sides = [sorted(_what(a) for a in side) for side in (actors, recipients)]
    return _digest([event_type, *sides, start, end])


def _occurrence(seen: Coded, start: int, end: int) -> int:
    """How many times the same words stand before, in the raw text where there is one."""
    raw_start, _ = seen.article.raw(start, end)
    given = raw_start is not None and seen.raw.origin is None  # else `content` is not what raw offsets point into
    before = seen.raw.content[:raw_start] if given else seen.article.text[:start]
    return before.count(seen.article.text[start:end])


def _who(entry: ActorEntry) -> str:
    return entry.entity_id or entry.role.country or entry.participant.text.casefold()


def _what(entry: ActorEntry) -> str:
    role = entry.role
    return f"{role.country}{role.sector or ''}" if role.country else entry.participant.text.casefold()


def _source(link: SourceLink) -> str:
    return link.role.country or (link.text or "").casefold()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=True).encode()).hexdigest()[:16]
