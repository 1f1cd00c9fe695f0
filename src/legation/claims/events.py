"""One event, many reports: which records tell of one event, how many reports it has, how many are independent."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from legation.claims.compare import Comparer
from legation.claims.group import Grouped, Known, Link, group
from legation.claims.identity import inherited
from legation.claims.item import Item, Record, item_of
from legation.claims.rules import LinkRules
from legation.claims.words import Stemmer, weights


@dataclass(frozen=True, slots=True)
class EventGroup:
    """One event. `records` in order of publication; `reports` counts articles, `independent` those that are no reprint.

    `publications` counts papers; articles whose paper is not known count as one each.
    """

    id: str
    records: tuple[str, ...]
    articles: tuple[str, ...]
    reports: int
    independent: int
    publications: int
    type: str
    actor: str
    recipient: str
    first: str | None
    last: str | None


@dataclass(frozen=True)
class Linked:
    """All groups (of one record too), the links that hold them together, and how many pairs were compared."""

    groups: tuple[EventGroup, ...]
    links: tuple[Link, ...]
    compared: int

    @property
    def of_record(self) -> dict[str, str]:
        """record id -> group id."""
        return {r: g.id for g in self.groups for r in g.records}


def link_events(
    records: Iterable[Record],
    rules: LinkRules,
    *,
    threshold: float | None = None,
    known: Known | None = None,
    ids: Mapping[str, str] | None = None,
    reprints: Mapping[str, str] | None = None,
) -> Linked:
    """Groups of records that report one event. The same set of records gives the same groups, whatever its order.

    `threshold`: instead of the profile's. `known` and `ids` (group id by record id): what stands in a store and is
    kept. `reprints`: article -> the article whose words it has.
    """
    stemmer = Stemmer(rules)
    shown: dict[str, tuple[str, str]] = {}
    made: list[Item] = []
    for record in records:
        if record["id"] not in shown:
            shown[record["id"]] = (_shown(record, "actor"), _shown(record, "recipient"))
            made.append(item_of(record, rules, stemmer))
    items = sorted(made, key=lambda i: i.order)
    comparer = Comparer(rules, "same_event", weights(i.words for i in items))
    grouped: Grouped = group(items, comparer, threshold=threshold, known=known)
    names = _names(grouped.groups, items, ids or {})
    groups = tuple(
        _event(name, [items[n] for n in members], shown, reprints or {})
        for name, members in zip(names, grouped.groups, strict=True)
    )
    return Linked(groups, grouped.links, grouped.compared)


def explain(a: Record, b: Record, everything: Iterable[Record], rules: LinkRules, profile: str) -> dict[str, Any]:
    """Why two records are linked or not: every part with its worth, the score, the threshold. Order does not matter."""
    stemmer = Stemmer(rules)
    loose = profile == "claim"
    one, two = sorted((item_of(r, rules, stemmer, loose=loose) for r in (a, b)), key=lambda i: i.order)
    comparer = Comparer(rules, profile, weights(item_of(r, rules, stemmer, loose=loose).words for r in everything))
    found = comparer.compare(one, two)
    least = comparer.threshold(one, two)
    return {
        "a": one.id,
        "b": two.id,
        "profile": profile,
        "score": round(found.score, 4),
        "threshold": round(least, 4),
        "veto": found.veto,
        "alike": found.veto is None and found.score >= least,
        "parts": comparer.reasons(one, two, found),
    }


def _names(groups: Sequence[Sequence[int]], items: Sequence[Item], ids: Mapping[str, str]) -> list[str]:
    """Ids: the one that most members carry already, else made of the first report."""
    kept = inherited([[items[n].id for n in members] for members in groups], ids)
    taken = set(kept.values())
    names: list[str] = []
    for k, members in enumerate(groups):
        digest = hashlib.sha256(items[members[0]].id.encode()).hexdigest()
        name = kept.get(k) or ("e" + digest[:12] if "e" + digest[:12] not in taken else "e" + digest[:20])
        taken.add(name)
        names.append(name)
    return names


def _event(
    name: str, items: Sequence[Item], shown: Mapping[str, tuple[str, str]], reprints: Mapping[str, str]
) -> EventGroup:
    articles = sorted({i.article for i in items})
    days = sorted(i.first for i in items if i.first is not None)
    best = max(items, key=lambda i: (bool(i.actors) + bool(i.recipients), -items.index(i)))
    return EventGroup(
        id=name,
        records=tuple(i.id for i in items),
        articles=tuple(articles),
        reports=len(articles),
        independent=len({reprints.get(a, a) for a in articles}),
        publications=len({i.publication for i in items}),
        type=best.type + (f"/{best.mode}" if best.mode else ""),
        actor=shown[best.id][0],
        recipient=shown[best.id][1],
        first=_iso(days[0]) if days else None,
        last=_iso(days[-1]) if days else None,
    )


def _shown(record: Record, side: str) -> str:
    return ", ".join(e["entity"] or " ".join(e["text"].split()) for e in record[side])


def _iso(day: int) -> str:
    return datetime.date.fromordinal(day).isoformat()
