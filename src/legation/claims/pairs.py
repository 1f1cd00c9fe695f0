"""Which reports are worth comparing: near-linear, so that a store of years can be linked.

Every report is filed under what it says (its dyad, its rarest words, its place) within its days, and is compared only
with the few that share most of that. Files are cut to the latest reports: of a hundred reports of one event a new
one needs to meet only some.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence

from legation.claims.item import Item, Party
from legation.claims.rules import Profile
from legation.claims.words import UNKNOWN

RAREST = 6  # words of a report that it is filed under
LATEST = 20  # reports kept in one file
NEAREST = 14  # reports that one is compared with
ANY_DAY = -1


def candidate_pairs(
    items: Sequence[Item],
    profile: Profile,
    worth: dict[str, int],
    *,
    any_day: bool,
    fresh: Sequence[bool] | None = None,
) -> Iterator[tuple[int, int]]:
    """Pairs of indices (smaller first) into `items`, which come in their order.

    `any_day`: also file reports without regard to the day, under their rarest words (claims live for years).
    `fresh`: where given, pairs of two reports that are both not fresh are left out: they were judged before.
    """
    # a drawer holds the reports of one family and time; strings as keys, because they keep their hashes
    drawers: dict[tuple[str, bool, int], dict[str, deque[int]]] = {}
    width = len(profile.days)
    by_article: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, item in enumerate(items):
        features = list(_features(item, worth))
        own = sorted({day // width for day in _days(item)})
        looked = sorted({b + k for b in own for k in (-1, 0, 1)})
        if any_day:
            own.append(ANY_DAY)
            looked.append(ANY_DAY)
        near: dict[int, float] = {}
        for bucket in looked:
            drawer = drawers.get((item.family, item.real, bucket))
            if drawer is None:
                continue
            for feature, weight in features:
                for m in drawer.get(feature, ()):
                    near[m] = near.get(m, 0.0) + weight
        best = heapq.nlargest(NEAREST, near, key=lambda m: (near[m], -m)) if len(near) > NEAREST else near
        same = by_article[item.article, item.family]
        for m in sorted({*best, *same}):
            if fresh is None or fresh[m] or fresh[n]:
                yield m, n
        for bucket in own:
            drawer = drawers.setdefault((item.family, item.real, bucket), {})
            for feature, _ in features:
                file = drawer.get(feature)
                if file is None:
                    file = drawer[feature] = deque(maxlen=LATEST)
                file.append(n)
        if len(same) < LATEST:
            same.append(n)


def _days(item: Item) -> set[int]:
    """The day under which a report is filed; a report of something long past also under its own."""
    days = {day for day in (item.first,) if day is not None}
    if not item.exact and item.published is not None:
        days.add(item.published)
    return days or {0}


def _features(item: Item, worth: dict[str, int]) -> Iterator[tuple[str, float]]:
    actors, recipients = _countries(item.actors), _countries(item.recipients)
    if item.among:
        yield "among " + " ".join(actors), 4.0
    else:
        for a in actors:
            for r in recipients:
                yield f"dyad {a} {r}", 4.0
        for r in recipients:
            if r:
                yield f"recipient {r}", 1.0
    for a in actors:
        if a:
            yield f"actor {a}", 1.0
    if item.place is not None:
        yield f"place {item.place.place_id}", 3.0
    rarest = heapq.nlargest(RAREST, item.words, key=lambda w: (worth.get(w, UNKNOWN), w))
    for word in rarest:
        yield word, worth.get(word, UNKNOWN) / 1000


def _countries(side: Iterable[Party]) -> tuple[str, ...]:
    return tuple(sorted({p.country or "" for p in side})[:3]) or ("",)
