"""The words that every value of a record was read from, checked against the text.

Where there is no raw text to point into (HTML), an entry carries the words before and after it: the W3C Web
Annotation model's text-quote selector.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from legation.model.claims import Facets
from legation.model.events import ActorEntry, Candidate, Evidence, SourceLink
from legation.model.text import Article
from legation.model.when_where import EventDate, EventPlace

CONTEXT = 32  # code points before and after a quotation


def quote(article: Article, field: str, start: int, end: int, by: str) -> Evidence:
    """One entry; `text` is cut from the article here and nowhere else."""
    if article.pieces:
        return Evidence(field, start, end, article.text[start:end], by)
    before, after = article.text[max(0, start - CONTEXT) : start], article.text[end : end + CONTEXT]
    return Evidence(field, start, end, article.text[start:end], by, before, after)


def gather(
    article: Article,
    candidate: Candidate,
    actors: Sequence[ActorEntry],
    recipients: Sequence[ActorEntry],
    facets: Facets,
    chain: Sequence[SourceLink],
    date: EventDate,
    place: EventPlace | None,
) -> tuple[Evidence, ...]:
    """Every entry of a record: anchor, parties, cues, sources, time and place."""
    found = [quote(article, "type", candidate.start, candidate.end, candidate.rule)]
    for field, side in (("actor", actors), ("recipient", recipients)):
        for k, who in enumerate(side):
            p = who.participant
            found.append(quote(article, f"{field}.{k}", p.start, p.end, p.by))
    found.extend(quote(article, f"facets.{cue.field}", cue.start, cue.end, cue.cue_id) for cue in facets.cues)
    for k, link in enumerate(chain):
        found.extend(_link(article, k, link))
    if date.span is not None:
        found.append(quote(article, "date", *date.span, date.by))
    if place is not None:
        found.append(quote(article, "place", place.toponym.start, place.toponym.end, place.by))
    return tuple(found)


def _link(article: Article, number: int, link: SourceLink) -> Iterable[Evidence]:
    for name, span in (("source", link.attribution.source), ("cue", link.attribution.cue)):
        if span is not None:
            field = f"attribution.{number}.{name}"
            yield quote(article, field, span.start, span.end, link.attribution.cue_id)


def verified(evidence: Iterable[Evidence], article: Article) -> bool:
    """Whether every entry's text is what stands at its offsets, and is not empty."""
    return all(e.text and 0 <= e.start < e.end and article.text[e.start : e.end] == e.text for e in evidence)
