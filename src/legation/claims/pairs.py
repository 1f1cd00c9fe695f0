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

RAREST = 6  # words of a report that it is filed under
LATEST = 20  # reports kept in one file
NEAREST = 14  # reports that one is compared with
ANY_DAY = -1

Key = tuple[object, ...]


def candidate_pairs(
    items: Sequence[Item],
    profile: Profile,
    worth: dict[str, float],
    *,
    any_day: bool,
    fresh: Sequence[bool] | None = None,
) -> Iterator[tuple[int, int]]:
    """Pairs of indices (smaller first) into `items`, which come in their order.

    `any_day`: also file reports without regard to the day, under their rarest words (claims live for years).
    `fresh`: where given, pairs of two reports that are both not fresh are left out: they were judged before.
    """
    files: dict[Key, deque[int]] = defaultdict(lambda: deque(maxlen=LATEST))
    width = len(profile.days)
    by_article: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, item in enumerate(items):
        features = list(_features(item, worth))
        head = (item.family, item.real)
        own = sorted({day // width for day in _days(item)})
        near: dict[int, float] = defaultdict(float)
        looked = sorted({b + k for b in own for k in (-1, 0, 1)})
        for bucket in looked:
            for feature, weight in features:
                for m in files.get((head, bucket, feature), ()):
                    near[m] += weight
        if any_day:
            for feature, weight in features:
                for m in files.get((head, ANY_DAY, feature), ()):
                    near[m] += weight
        best = heapq.nlargest(NEAREST, near.items(), key=lambda x: (x[1], -x[0]))
        chosen = {m for m, _ in best} | set(by_article[item.article, item.family])
        for m in sorted(chosen):
            if fresh is None or fresh[m] or fresh[n]:
                yield m, n
        for feature, _ in features:
            for bucket in own:
                files[head, bucket, feature].append(n)
            if any_day:
                files[head, ANY_DAY, feature].append(n)
        same = by_article[item.article, item.family]
        if len(same) < LATEST:
            same.append(n)


def _days(item: Item) -> set[int]:
    """The day under which a report is filed; a report of something long past also under its own."""
    days = {day for day in (item.first,) if day is not None}
    if not item.exact and item.published is not None:
        days.add(item.published)
    return days or {0}


def _features(item: Item, worth: dict[str, float]) -> Iterator[tuple[Key, float]]:
    actors, recipients = _countries(item.actors), _countries(item.recipients)
    if item.among:
        yield ("among", *actors), 4.0
    else:
        for a in actors:
            for r in recipients:
                yield ("dyad", a, r), 4.0
        for r in recipients:
            if r:
                yield ("recipient", r), 1.0
    for a in actors:
        if a:
            yield ("actor", a), 1.0
    if item.place is not None:
        yield ("place", item.place.place_id), 3.0
    rarest = heapq.nlargest(RAREST, item.words, key=lambda w: (worth.get(w, 1.0), w))
    for word in rarest:
        yield ("word", word), worth.get(word, 1.0)


def _countries(side: Iterable[Party]) -> tuple[str, ...]:
    return tuple(sorted({p.country or "" for p in side})[:3]) or ("",)
