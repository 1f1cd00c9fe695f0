"""Groups of reports out of pairs: the likest pairs first, no group with a contradiction in it.

What people said wins: pairs that they joined are joined before anything is compared, pairs that they parted are
never in one group, however alike they and their neighbours are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from legation.claims.compare import Comparer, Likeness
from legation.claims.item import Item
from legation.claims.pairs import candidate_pairs

SLACK = 0.1  # groups are joined when their members agree on the whole nearly as well as the pair that joins them


@dataclass(frozen=True, slots=True)
class Link:
    """Two records in one group, and what joined them (`by`: "linking" or "hand")."""

    a: str
    b: str
    score: float
    by: str
    reasons: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """Groups as lists of item indices in the items' order; `links` hold each group together (a tree)."""

    groups: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]
    compared: int = 0


@dataclass
class Known:
    """What stands already, by record id: groups found before, pairs that people joined and parted."""

    groups: Iterable[Sequence[str]] = ()
    joined: Iterable[tuple[str, str]] = ()
    parted: Iterable[tuple[str, str]] = ()


@dataclass
class _Forest:
    """Union-find that knows the members, the days and the enemies of every group."""

    items: Sequence[Item]
    span: int
    up: list[int] = field(default_factory=list)
    members: dict[int, list[int]] = field(default_factory=dict)
    parted: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_hand: set[int] = field(default_factory=set)  # items that people joined: their groups need not agree

    def __post_init__(self) -> None:
        self.up = list(range(len(self.items)))
        self.members = {n: [n] for n in self.up}

    def root(self, n: int) -> int:
        while self.up[n] != n:
            self.up[n] = self.up[self.up[n]]
            n = self.up[n]
        return n

    def join(self, a: int, b: int) -> bool:
        a, b = self.root(a), self.root(b)
        if a == b:
            return False
        a, b = min(a, b), max(a, b)
        self.up[b] = a
        self.members[a] = sorted((*self.members[a], *self.members.pop(b)))
        return True

    def enemies(self, a: int, b: int) -> bool:
        """Whether a person parted a member of one group from a member of the other."""
        if not self.parted:
            return False
        others = set(self.members[b])
        return any(m in self.parted and self.parted[m] & others for m in self.members[a])

    def stretched(self, a: int, b: int) -> bool:
        """Whether the joined group would reach over too many days."""
        exact = [i for m in (*self.members[a], *self.members[b]) if (i := self.items[m]).exact]
        if not exact:
            return False
        days = [i.first for i in exact if i.first is not None]
        ends = [i.last for i in exact if i.last is not None]
        return max(days) - min(ends) > self.span


def group(
    items: Sequence[Item],
    comparer: Comparer,
    *,
    threshold: float | None = None,
    any_day: bool = False,
    known: Known | None = None,
) -> Grouped:
    """Groups over `items`, which must come sorted by `Item.order`. Every item is in exactly one group."""
    known = known or Known()
    index = {item.id: n for n, item in enumerate(items)}
    forest = _Forest(items, comparer.profile.span)
    fresh = [True] * len(items)
    links: list[Link] = []
    for a, b in known.parted:
        if a in index and b in index:
            forest.parted[index[a]].add(index[b])
            forest.parted[index[b]].add(index[a])
    for a, b in sorted(known.joined):
        if a in index and b in index and forest.join(index[a], index[b]):
            links.append(Link(a, b, 1.0, "hand", ()))
            forest.by_hand |= {index[a], index[b]}
    for old in known.groups:
        here = [index[i] for i in old if i in index]
        for n in here:
            fresh[n] = False
        for n in here[1:]:
            first, other = forest.root(here[0]), forest.root(n)
            if first != other and not forest.enemies(first, other):
                forest.join(first, other)

    edges: list[tuple[float, str, str, int, int, Likeness]] = []
    compared = 0
    pairs = candidate_pairs(items, comparer.profile, comparer.worth, any_day=any_day, fresh=fresh)
    for m, n in pairs:
        compared += 1
        found = comparer.compare(items[m], items[n])
        if found.veto is None and found.score >= comparer.threshold(items[m], items[n], threshold):
            edges.append((-found.score, items[m].id, items[n].id, m, n, found))
    edges.sort(key=lambda e: e[:3])
    for _, a, b, m, n, found in edges:
        one, two = forest.root(m), forest.root(n)
        if one == two or forest.enemies(one, two):
            continue
        both = (*forest.members[one], *forest.members[two])
        free = found.same_words or not forest.by_hand.isdisjoint(both)
        if not free and forest.stretched(one, two):
            continue
        if not free and not _agree(forest.members[one], forest.members[two], items, comparer, threshold):
            continue
        forest.join(one, two)
        reasons = tuple(comparer.reasons(items[m], items[n], found))
        links.append(Link(a, b, round(found.score, 4), "linking", reasons))
    groups = sorted(tuple(members) for members in forest.members.values())
    return Grouped(tuple(groups), tuple(links), compared)


def _agree(
    one: Sequence[int], two: Sequence[int], items: Sequence[Item], comparer: Comparer, threshold: float | None
) -> bool:
    """Whether the first, middle and last reports of two groups agree: chains of neighbours make no event."""
    if len(one) == len(two) == 1:
        return True
    total = count = 0.0
    for a in _sample(one):
        for b in _sample(two):
            found = comparer.compare(items[a], items[b])
            if found.veto is not None:
                return False
            total += found.score
            count += 1
    return total / count >= comparer.threshold(items[one[0]], items[two[0]], threshold) - SLACK


def _sample(members: Sequence[int]) -> list[int]:
    return sorted({members[0], members[len(members) // 2], members[-1]})
