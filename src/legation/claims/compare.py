"""How alike two reports are, part by part, with what each part was read from.

A part that neither of the two can answer does not count; a part that only one can answer counts a little. What
contradicts (other countries, other towns, other days) parts two reports whatever else they share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from legation.claims.item import Item, Party, Where
from legation.claims.rules import PARTS, LinkRules
from legation.claims.words import UNKNOWN

Parts = tuple[float | None, ...]  # in the order of rules.PARTS; None: neither can answer


@dataclass(frozen=True, slots=True)
class Likeness:
    """The outcome of a comparison. `veto` names the contradiction that keeps the two apart, or None.

    `score` is between 0 and 1 and counts only without a veto; `same_words`: two readings of the very same words.
    """

    score: float
    parts: Parts
    veto: str | None = None
    same_words: bool = False


LEAST = 4000  # worth of words below which a text says too little to agree with another by them
AREA = 4  # provinces are measured from their middle
SAME_WORDS = Likeness(1.0, (1.0,) * len(PARTS), None, True)


def _apart(veto: str) -> Likeness:
    return Likeness(0.0, (None,) * len(PARTS), veto)


class Comparer:
    """Compares items of one input under one profile. Remembers how alike parties are: they recur all the time."""

    def __init__(self, rules: LinkRules, profile: str, worth: dict[str, int]) -> None:
        self.rules, self.name = rules, profile
        self.profile = rules.profile(profile)
        self.worth = worth
        w = self.profile.weights
        self._weights = tuple(getattr(w, part) for part in PARTS)
        self._sides: dict[tuple[tuple[Party, ...], tuple[Party, ...]], tuple[float | None, bool]] = {}
        self._sizes: dict[str, float] = {}

    def threshold(self, a: Item, b: Item, base: float | None = None) -> float:
        """From which score on two reports are linked. One article seldom tells of two such things."""
        least = self.profile.threshold if base is None else base
        return least + (self.profile.rise if a.type in self.profile.frequent and a.article != b.article else 0.0)

    def compare(self, a: Item, b: Item) -> Likeness:
        """How alike two items are."""
        p = self.profile
        if a.article == b.article and a.anchor == b.anchor and a.family == b.family:
            return SAME_WORDS
        if a.real != b.real:
            return _apart("one happened, the other is still to come or only possible")
        if a.type != b.type and (a.family != b.family or not p.crossing):
            return _apart("other types of event")
        when, far = self._date(a, b)
        if far:
            return _apart("other days")
        where, elsewhere = self._place(a.place, b.place)
        if elsewhere:
            return _apart("other places")
        actor, recipient, others = self._parties(a, b)
        if others is not None:
            return _apart(others)
        words = self.words(a, b)
        if words is not None and words < p.bare and not (a.exact and b.exact) and a.article != b.article:
            return _apart("no day and no words in common")
        mode = self._mode(a, b)
        parts: Parts = (actor, recipient, when, words, where, mode)
        total = weight = 0.0
        for value, w in zip(parts, self._weights, strict=True):
            if value is not None:
                total += w * value
                weight += w
        return Likeness(total / weight if weight else 0.0, parts)

    def _date(self, a: Item, b: Item) -> tuple[float | None, bool]:
        """(worth, whether the dates contradict)."""
        p = self.profile
        if a.first is None or b.first is None or a.last is None or b.last is None:
            return self._undated(a, b), False
        if a.exact and b.exact:
            apart = max(0, max(a.first, b.first) - min(a.last, b.last))
            return (p.days[apart], False) if apart < len(p.days) else (0.0, True)
        inside = a.first <= b.last and b.first <= a.last
        if not inside:
            return 0.0, True
        if (a.first, a.last) == (b.first, b.last):
            return (1.0 + p.coarse) / 2, False
        return p.coarse, False

    def _undated(self, a: Item, b: Item) -> float | None:
        """The days of the event, where known, against the day of the other's article; else article against article."""
        u = self.profile.undated
        one = a.last if a.exact and a.last is not None else a.published
        two = b.last if b.exact and b.last is not None else b.published
        if one is None or two is None:
            return None
        return u.within if abs(one - two) <= u.near else u.beyond

    def _place(self, a: Where | None, b: Where | None) -> tuple[float | None, bool]:
        if a is None or b is None:
            return None if a is b else self.profile.unknown, False
        if a.place_id == b.place_id:
            return 1.0, False
        if a.country and b.country and a.country != b.country:
            return 0.0, True
        if "country" in (a.level, b.level):
            return 0.5, False  # a town and its country
        distance = kilometres(a, b)
        if distance is None:
            return self.profile.unknown, False
        towns = a.level == b.level == "town"
        if distance > self.profile.kilometres * (1 if towns else AREA):
            return 0.0, True
        return (0.8 if towns else 0.5), False

    def _parties(self, a: Item, b: Item) -> tuple[float | None, float | None, str | None]:
        """(worth of actors, of recipients, what contradicts)."""
        if a.among or b.among:
            everyone, against = self._side((*a.actors, *a.recipients), (*b.actors, *b.recipients))
            return everyone, everyone, "other parties" if against else None
        actor, against = self._side(a.actors, b.actors)
        if against:
            return None, None, "other actors"
        recipient, against = self._side(a.recipients, b.recipients)
        return actor, recipient, "other recipients" if against else None

    def _side(self, a: tuple[Party, ...], b: tuple[Party, ...]) -> tuple[float | None, bool]:
        """Every party of the shorter side with its best match on the other; (worth, whether all are others)."""
        if not a or not b:
            return (None if a == b else self.profile.unknown), False
        found = self._sides.get((a, b))
        if found is None:
            few, many = (a, b) if len(a) <= len(b) else (b, a)
            best = [max(self.alike(x, y) for y in many) for x in few]
            worth = sum(best) / len(best) * (1.0 if len(few) == len(many) else 0.9)
            # "talks of Chile and Peru" are not those of Chile and Bolivia: whoever is known must be there
            known = [b for x, b in zip(few, best, strict=True) if x.country and all(y.country for y in many)]
            against = max(best) < self.rules.parties.below or 0.0 in known
            found = self._sides[a, b] = self._sides[b, a] = (worth, against)
        return found

    def alike(self, a: Party, b: Party) -> float:
        """How alike two parties are, 0 where they are surely two."""
        s = self.rules.parties
        if a.entity_id is not None and a.entity_id == b.entity_id:
            return s.same_entity
        if a.country and b.country:
            if a.country != b.country:
                return 0.0
            return self._compatriots(a, b)
        shared = len(a.words & b.words)
        if shared:
            return s.same_words * shared / min(len(a.words), len(b.words))
        if a.sector and b.sector and not self._related(a.sector, b.sector):
            return 0.0
        return s.unknown if not (a.country or a.sector) or not (b.country or b.sector) else s.below

    def _compatriots(self, a: Party, b: Party) -> float:
        s = self.rules.parties
        if not a.sector or not b.sector:
            return s.state
        if a.sector == b.sector:
            if a.person and b.person:
                return s.two_persons
            if a.sector == "GOV" or a.words & b.words:
                return s.same_code
            return s.related_sector
        if self._related(a.sector, b.sector):
            return s.related_sector
        groups = self.rules.sector_groups
        sides = self.rules.opposed
        return 0.0 if groups.get(a.sector) in sides and groups.get(b.sector) in sides else s.other_sector

    def _related(self, a: str, b: str) -> bool:
        groups = self.rules.sector_groups
        return a == b or (a in groups and groups[a] == groups.get(b))

    def words(self, a: Item, b: Item) -> float | None:
        """Shared words by their worth: half against both texts, half against the one with less to say."""
        if not a.words or not b.words:
            return None
        if a.article == b.article and a.sentence == b.sentence:
            return 0.5  # two events of one sentence share its words without being one
        shared = a.words & b.words
        if not shared:
            return 0.0
        worth = self.worth
        common: float = sum([worth.get(w, UNKNOWN) for w in shared])
        less = 1.0 - self.profile.trigger
        for trigger in {a.trigger, b.trigger} & shared:
            common -= less * worth.get(trigger, UNKNOWN)
        one, two = self._size(a), self._size(b)
        return common / (one + two) + 0.5 * common / min(one, two)

    def _size(self, item: Item) -> float:
        """What all words of a text are worth."""
        size = self._sizes.get(item.id)
        if size is None:
            total: float = sum(self.worth.get(w, UNKNOWN) for w in item.words)
            if item.trigger in item.words:
                total -= (1.0 - self.profile.trigger) * self.worth.get(item.trigger, UNKNOWN)
            size = self._sizes[item.id] = max(total, LEAST)
        return size

    def _mode(self, a: Item, b: Item) -> float | None:
        m = self.profile.mode
        if a.type != b.type:
            return self.profile.crossing
        if a.mode == b.mode:
            return m.same if a.mode else None
        return m.different if a.mode and b.mode else m.untold

    def reasons(self, a: Item, b: Item, found: Likeness) -> list[dict[str, object]]:
        """The parts of a comparison as data: what was compared, what it is worth, what it counts for."""
        if found.same_words:
            return [{"part": "anchor", "worth": 1.0, "shared": "the same words of the same article"}]
        if found.veto:
            return [{"part": "veto", "because": found.veto}]
        shared = sorted(a.words & b.words, key=lambda w: (-self.worth.get(w, UNKNOWN), w))[:8]
        told: dict[str, object] = {
            "actor": _names(a.actors, b.actors),
            "recipient": _names(a.recipients, b.recipients),
            "date": None if a.first is None or b.first is None else b.first - a.first,
            "words": shared,
            "place": [x.place_id for x in (a.place, b.place) if x],
            "mode": [a.mode, b.mode],
        }
        return [
            {"part": part, "worth": round(worth, 3), "weight": weight, "shared": told[part]}
            for part, worth, weight in zip(PARTS, found.parts, self._weights, strict=True)
            if worth is not None
        ]


def _names(a: Sequence[Party], b: Sequence[Party]) -> list[list[str]]:
    return [[_name(p) for p in side] for side in (a, b)]


def _name(p: Party) -> str:
    return p.entity_id or (f"{p.country}{p.sector or ''}" if p.country else " ".join(sorted(p.words)))


def kilometres(a: Where, b: Where) -> float | None:
    """Distance on the globe; None where a place has no coordinates."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    x, y = math.radians(a.lat), math.radians(b.lat)
    h = math.sin((y - x) / 2) ** 2 + math.cos(x) * math.cos(y) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(h)))
