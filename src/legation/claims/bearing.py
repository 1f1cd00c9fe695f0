"""Accusations and denials that bear on a claim without a record of the thing itself.

"X denied the accusation" is a REJECT towards the accuser and no second record of the deed; "X accused Y over the raid"
is an ACCUSE. Both are somebody's stand on a claim that other words state: in the same article just before, or earlier
elsewhere in much the same words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from legation.claims.compare import Comparer
from legation.claims.item import Item, Party, Record
from legation.claims.words import Stemmer

LATEST = 200  # records about one country that a denial is compared with: keeps a large store near-linear


@dataclass(frozen=True, slots=True)
class Bearing:
    """One accusation or denial (a record) and how it bears on a claim: "accusation" or "rejection"."""

    record: str
    how: str
    score: float


def bearings(
    items: Sequence[Item], groups: Sequence[Sequence[int]], by_id: Mapping[str, Record], comparer: Comparer
) -> dict[int, tuple[Bearing, ...]]:
    """Bearings by the index of the group whose claim they bear on; each record bears on one claim at most."""
    of = {n: k for k, members in enumerate(groups) for n in members}
    by_article: dict[str, list[int]] = defaultdict(list)
    by_country: dict[str, list[int]] = defaultdict(list)
    for n, item in enumerate(items):
        if item.type in comparer.rules.bearing.speech or not item.actors:
            continue
        by_article[item.article].append(n)
        for country in sorted({p.country for p in item.actors if p.country}):
            by_country[country].append(n)
    stemmer = Stemmer(comparer.rules)
    denials = frozenset(stemmer.stem(word) for word in comparer.rules.bearing.denials)
    out: dict[int, list[Bearing]] = defaultdict(list)
    for item in items:
        record = by_id[item.id]
        how = _how(record, stemmer, denials)
        accused = item.actors if how == "rejection" else item.recipients
        if how is None or not accused or not item.actors:
            continue
        found = _here(item, accused, by_article[item.article], items, by_id, comparer, how)
        if found is None:
            countries = sorted({p.country for p in accused if p.country})
            found = _elsewhere(item, [n for c in countries for n in by_country[c]], items, comparer)
        if found is not None:
            n, score = found
            out[of[n]].append(Bearing(item.id, how, round(score, 3)))
    return {k: tuple(b) for k, b in out.items()}


def _how(record: Record, stemmer: Stemmer, denials: frozenset[str]) -> str | None:
    """Which stand a record takes, if any. Denials and accusations that did not happen themselves take none."""
    if record["status"] != "happened":
        return None
    if record["type"] == "REJECT" and record["mode"] is None:
        return "rejection" if stemmer.words(record["anchor"]["text"]) & denials else None
    return "accusation" if record["type"] == "ACCUSE" and record["mode"] == "allege" else None


def _here(
    item: Item,
    accused: tuple[Party, ...],
    near: Sequence[int],
    items: Sequence[Item],
    by_id: Mapping[str, Record],
    comparer: Comparer,
    how: str,
) -> tuple[int, float] | None:
    """The nearest claim about the accused in the same article that somebody made just before or around.

    An accusation in a sentence of its own must share words with the claim; a denial is often one word.
    """
    reach, like = comparer.rules.bearing.reach, comparer.rules.bearing.like
    best: tuple[int, float] | None = None
    for n in near:
        other = items[n]
        distance = abs(item.anchor[0] - other.anchor[0])
        same = item.sentence == other.sentence
        before = other.anchor[0] < item.anchor[0] and distance <= reach
        if not (same or before) or not by_id[other.id]["attribution"]:
            continue
        if not _about(accused, other.actors, comparer):
            continue
        if how == "rejection" and not same and not _answers(item, by_id[other.id]):
            continue
        if how == "accusation" and not same and (comparer.words(item, other) or 0.0) < like:
            continue
        score = (1.0 if same else 0.7) - 0.3 * distance / reach
        if best is None or score > best[1]:
            best = (n, score)
    return best


def _elsewhere(item: Item, near: Sequence[int], items: Sequence[Item], comparer: Comparer) -> tuple[int, float] | None:
    """A claim of an earlier article about the same country in much the same words."""
    if item.published is None:
        return None
    rules = comparer.rules.bearing
    best: tuple[int, float] | None = None
    for n in near[-LATEST:]:
        other = items[n]
        if other.article == item.article or other.published is None:
            continue
        if not 0 <= item.published - other.published <= rules.days:
            continue
        score = comparer.words(item, other)
        if score is not None and score >= rules.like and (best is None or score > best[1]):
            best = (n, score)
    return best


def _about(accused: Sequence[Party], actors: Sequence[Party], comparer: Comparer) -> bool:
    """Whether an accusation or denial is about the actor of a claim: the same one, or one that speaks for it."""
    return any(comparer.alike(a, b) >= comparer.rules.parties.related_sector for a in accused for b in actors)


def _answers(rejection: Item, claim: Record) -> bool:
    """Whether a denial goes towards somebody who made the claim or whom it harms; also where it names nobody known."""
    known = {p.country for p in rejection.recipients if p.country}
    concerned = {link["country"] for link in claim["attribution"]} | {p["country"] for p in claim["recipient"]}
    return not known or bool(known & concerned)
