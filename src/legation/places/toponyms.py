"""Find and resolve: the names of an article as `Toponym` values."""

from __future__ import annotations

from collections.abc import Sequence

from legation.model.actors import Mention
from legation.model.parse import Parse
from legation.model.text import Article, Span
from legation.model.when_where import Toponym
from legation.places.find import find_names, given_names, home_names
from legation.places.gazetteer import Gazetteer
from legation.places.judge import Found
from legation.places.resolve import Settled, resolve


def find_places(
    article: Article,
    parse: Parse,
    mentions: Sequence[Mention],
    gazetteer: Gazetteer,
    spans: Sequence[Span] | None = None,
) -> tuple[Toponym, ...]:
    """The place names of an article, in text order, each resolved as far as the gazetteer and the context allow.

    With `spans`: exactly these, one answer each, in their order; other names of the article still count as context.
    Names of peoples ("Kenyan") are given with basis "demonym" and `metonym`: they name a country, not a spot.
    A name that is not in the gazetteer has no coordinates (None) and keeps its words.
    """
    found = find_names(article, parse, mentions, gazetteer)
    home = home_names(article, gazetteer)
    if spans is None:
        settled = resolve(found, gazetteer, article.text, home)
        return tuple(_toponym(f, s, parse, mentions, gazetteer) for f, s in zip(found, settled, strict=True))
    wanted = given_names(article, parse, gazetteer, [(s.start, s.end) for s in spans])
    taken = {k for f in wanted for k in range(f.first, f.last + 1)}
    context = [f for f in found if not any(k in taken for k in range(f.first, f.last + 1))]
    order = sorted([*wanted, *context], key=lambda f: (f.start, f.end))
    answers = {(f.start, f.end): s for f, s in zip(order, resolve(order, gazetteer, article.text, home), strict=True)}
    return tuple(_toponym(f, answers[f.start, f.end], parse, mentions, gazetteer) for f in wanted)


def _toponym(
    found: Found, settled: Settled, parse: Parse, mentions: Sequence[Mention], gazetteer: Gazetteer
) -> Toponym:
    place = settled.place
    metonym = found.demonym or _stands_for_people(found, parse, mentions, gazetteer)
    if place is None:
        return Toponym(
            found.start, found.end, found.text, None, None, None, None, None, None, None, settled.basis, metonym
        )
    return Toponym(
        found.start,
        found.end,
        found.text,
        place.name,
        place.lat,
        place.lon,
        place.country,
        place.admin1,
        place.feature,
        place.id if not place.id.startswith("row:") else None,
        settled.basis,
        metonym,
    )


def _stands_for_people(found: Found, parse: Parse, mentions: Sequence[Mention], gazetteer: Gazetteer) -> bool:
    """Whether the name means a government, team or body: a metonym mention, part of an organisation's name, or the
    subject of a verb of saying or playing."""
    if any(m.kind == "metonym" and m.start <= found.start < m.end for m in mentions):
        return True
    for e in parse.entities:
        if e.start > found.start:
            break
        if e.label == "ORG" and e.end >= found.end and e.end - e.start > found.end - found.start + 4:
            return True
    if not parse.tokens:
        return False
    head = parse.head_of(found.start, found.end)
    if head is None or parse.tokens[head].dep != "nsubj":
        return False
    return parse.tokens[parse.tokens[head].head].lemma in gazetteer.words.speech
