"""What one stage sees of a document, as plain values for JSON: for people and for scoring.

Only the stages that a layer needs are run, so that `legation show dates` loads no lexicon. What they are called
with is what `pipeline.py` calls them with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from legation.actors import find_mentions
from legation.attribution import find_attributions, find_facets
from legation.clean import clean
from legation.dates import find_dates
from legation.events import classify_pair
from legation.model.text import RawDocument, Span
from legation.parse import parse
from legation.pipeline import code_document
from legation.places import find_places
from legation.problems import DocumentError, Problem
from legation.record.written import raw_span, span, to_dict
from legation.resources import PARTS, Resources

Layer = list[dict[str, Any]] | dict[str, Any]


def show_clean(raw: RawDocument, resources: Resources) -> Layer:
    """The title, the body that is left and what was taken out, with the reason; in any language."""
    article = clean(raw, resources.cleaner, any_language=True)
    return {
        "title": article.title,
        "text": article.text[article.title_end :].strip(),
        "published": article.published,
        "published_basis": article.published_basis,
        "author": article.author,
        "url": article.url,
        "publication": article.publication,
        "language": article.language,
        "removed": [
            {"text": r.text, "reason": r.reason, "raw_start": r.raw_start, "raw_end": r.raw_end}
            for r in article.removed
        ],
    }


def show_sentences(raw: RawDocument, resources: Resources) -> Layer:
    """Sentences with their tokens, lemmas and dependencies."""
    article = clean(raw, resources.cleaner)
    parsed = parse(article, resources.parser)
    return [
        {
            **raw_span(article, s.start, s.end),
            "paragraph": s.paragraph,
            "in_title": s.in_title,
            "tokens": [
                {"i": t.i, "text": t.text, "lemma": t.lemma, "pos": t.pos, "tag": t.tag, "dep": t.dep, "head": t.head}
                for t in parsed.tokens[s.first : s.last + 1]
            ],
        }
        for s in parsed.sentences
    ]


def show_mentions(raw: RawDocument, resources: Resources) -> Layer:
    """Possible political actors; mentions with one `cluster` are one actor."""
    article = clean(raw, resources.cleaner)
    parsed = parse(article, resources.parser)
    return [
        {
            **raw_span(article, m.start, m.end),
            "kind": m.kind,
            "head": parsed.tokens[m.head].text,
            "cluster": m.cluster,
            "actor_id": m.entity_id,
            "entity": m.entity,
            "country": m.country,
            "sector": m.sector,
            "other_sectors": list(m.other_sectors),
            "office": m.office,
            "modifier": m.modifier,
            "antecedent": m.antecedent,
            "basis": m.basis,
            "by": m.by,
        }
        for m in find_mentions(article, parsed, resources.lexicon)
    ]


def show_attributions(raw: RawDocument, resources: Resources) -> Layer:
    """Who says what: source, cue, content, stance."""
    article = clean(raw, resources.cleaner)
    parsed = parse(article, resources.parser)
    mentions = find_mentions(article, parsed, resources.lexicon)

    def part(s: Span | None) -> dict[str, Any] | None:
        return None if s is None else span(article, s.start, s.end)

    return [
        {
            "source": part(a.source),
            "cue": part(a.cue),
            "content": [span(article, c.start, c.end) for c in a.content],
            "stance": a.stance,
            "manner": a.manner,
            "source_mention": a.source_mention,
            "by": a.cue_id,
        }
        for a in find_attributions(article, parsed, mentions, resources.cues)
    ]


def show_dates(raw: RawDocument, resources: Resources) -> Layer:
    """Time expressions with their TIMEX3 values."""
    article = clean(raw, resources.cleaner)
    parsed = parse(article, resources.parser)
    return [
        {
            **raw_span(article, t.start, t.end),
            "type": t.type,
            "value": t.value,
            "begin": t.begin,
            "finish": t.finish,
            "precision": t.precision,
            "basis": t.basis,
            "by": t.rule,
        }
        for t in find_dates(article, parsed, resources.patterns)
    ]


def show_places(raw: RawDocument, resources: Resources) -> Layer:
    """Place names with coordinates. Items that bring spans get exactly these, in order."""
    article = clean(raw, resources.cleaner)
    parsed = parse(article, resources.parser)
    mentions = find_mentions(article, parsed, resources.lexicon)
    return [
        {
            **raw_span(article, p.start, p.end),
            "name": p.name,
            "lat": p.lat,
            "lon": p.lon,
            "country": p.country,
            "admin1": p.admin1,
            "feature": p.feature,
            "place_id": p.place_id,
            "basis": p.basis,
            "metonym": p.metonym,
        }
        for p in find_places(article, parsed, mentions, resources.gazetteer, raw.spans)
    ]


def show_status(raw: RawDocument, resources: Resources) -> Layer:
    """How surely it happened, for every word that denotes an event, coded or not."""
    article = clean(raw, resources.cleaner)
    parsed = parse(article, resources.parser)
    facets = find_facets(article, parsed, resources.cues)
    return [
        {
            **raw_span(article, parsed.tokens[k].start, parsed.tokens[k].end),
            "factuality": f.factuality,
            "polarity": f.polarity,
            "actuality": f.actuality,
            "certainty": f.certainty,
            "condition": None if f.condition is None else span(article, f.condition.start, f.condition.end),
            "historical": f.historical,
            "generic": f.generic,
            "cues": [{"start": c.start, "end": c.end, "text": c.text, "cue_id": c.cue_id} for c in f.cues],
        }
        for k, f in sorted(facets.items())
    ]


def show_events(raw: RawDocument, resources: Resources) -> Layer:
    """The records of `legation code`."""
    coded = code_document(raw, resources)
    return [to_dict(record, coded) for record in coded.records]


def classify_pair_of(raw: RawDocument, resources: Resources) -> dict[str, Any]:
    """The type of the relation between the pair that an item names. DocumentError when it names none."""
    if raw.pair is None:
        raise DocumentError(Problem("bad-item", "has no 'source' and 'target'", raw.name, raw.id))
    article = clean(raw, resources.cleaner)
    parsed = parse(article, resources.parser)
    mentions = find_mentions(article, parsed, resources.lexicon)
    found = classify_pair(parsed, mentions, *raw.pair, resources.rules, resources.encoder)
    return {"type": found.type, "scores": found.scores, "rule": found.rule, "none": found.none}


# the function of each layer and the parts it needs
LAYERS: dict[str, tuple[Callable[[RawDocument, Resources], Layer], tuple[str, ...]]] = {
    "clean": (show_clean, ("cleaner",)),
    "sentences": (show_sentences, ("cleaner", "parser")),
    "mentions": (show_mentions, ("cleaner", "parser", "lexicon")),
    "attributions": (show_attributions, ("cleaner", "parser", "lexicon", "cues")),
    "dates": (show_dates, ("cleaner", "parser", "patterns")),
    "places": (show_places, ("cleaner", "parser", "lexicon", "gazetteer")),
    "status": (show_status, ("cleaner", "parser", "cues")),
    "events": (show_events, PARTS),
}


def empty(layer: str) -> Layer:
    """What stands in the line of an item that failed."""
    return {} if layer == "clean" else []
