"""Names of claims: made of what is claimed, not of how often or in which order it was reported.

A claim that stands in a store keeps the name it has: new voices join it, they do not rename it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from legation.claims.item import Item, Party
from legation.claims.sources import same_state

Key = tuple[str, ...]


def claim_key(items: Sequence[Item]) -> Key:
    """What a claim's id is made of: family, told as past or not, actor, recipient, day (or month or year)."""
    return (
        items[0].family,
        "past" if items[0].real else "future",
        _party(i.actors for i in items),
        _party(i.recipients for i in items),
        _day(items),
    )


def name_claims(groups: Sequence[Sequence[Item]], ids: Mapping[str, str]) -> list[str]:
    """The id of every group. `ids` are the ids that records carry already.

    Of two groups with one key the one that was reported first has the plain id; the id of the other also holds its
    first record. Of two old claims that became one the id of more records stands, then the smaller.
    """
    kept = inherited([[i.id for i in items] for items in groups], ids)
    named: list[str | None] = [kept.get(k) for k in range(len(groups))]
    taken = set(kept.values())
    for k in sorted((k for k in range(len(groups)) if named[k] is None), key=lambda k: groups[k][0].order):
        key = claim_key(groups[k])
        name = _digest(key)
        if name in taken:
            name = _digest((*key, groups[k][0].id))
        named[k] = name
        taken.add(name)
    return [name or "" for name in named]


def inherited(groups: Sequence[Sequence[str]], ids: Mapping[str, str]) -> dict[int, str]:
    """Which groups keep an id that some of their records carry: the group with most of its records, then the first."""
    wishes: list[tuple[int, int, str]] = []
    for k, records in enumerate(groups):
        wishes += [(-n, k, name) for name, n in Counter(ids[r] for r in records if r in ids).items()]
    kept: dict[int, str] = {}
    taken: set[str] = set()
    for _, k, name in sorted(wishes):
        if k not in kept and name not in taken:
            kept[k] = name
            taken.add(name)
    return kept


def _party(sides: Iterable[tuple[Party, ...]]) -> str:
    """The actor most reports name, as country, else entity, else words; "" where none does."""
    counts = Counter(_name(p) for side in sides for p in side[:1])
    return min(counts, key=lambda n: (-counts[n], n), default="")


def _name(p: Party) -> str:
    if p.country:
        return p.country
    return same_state(p.entity_id) if p.entity_id else " ".join(sorted(p.words))


def _day(items: Sequence[Item]) -> str:
    exact = Counter(i.first for i in items if i.exact and i.first is not None)
    if exact:
        day = min(exact, key=lambda d: (-exact[d], d))
        return datetime.date.fromordinal(day).isoformat()
    spans = Counter((i.first, i.last) for i in items if i.first is not None and i.last is not None)
    if not spans:
        return ""
    first, last = min(spans, key=lambda s: (s[1] - s[0], -spans[s], s))
    return f"{datetime.date.fromordinal(first)}/{datetime.date.fromordinal(last)}"


def _digest(parts: Sequence[str]) -> str:
    return "c" + hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:12]
