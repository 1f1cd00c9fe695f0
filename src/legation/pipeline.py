"""The line: one article through all the stages, in one direction. Nothing is hidden elsewhere."""

from __future__ import annotations

from legation.actors import find_mentions
from legation.attribution import find_attributions, find_facets
from legation.clean import clean
from legation.dates import find_dates
from legation.events import find_candidates, second_opinion
from legation.model.coded import Coded
from legation.model.text import RawDocument
from legation.parse import parse
from legation.places import find_places
from legation.record import assemble
from legation.resources import Resources


def code_document(raw: RawDocument, resources: Resources) -> Coded:
    """Code one document. DocumentError when it holds nothing that can be coded."""
    article = clean(raw, resources.cleaner)
    parsed = parse(article, resources.parser)
    mentions = find_mentions(article, parsed, resources.lexicon)
    candidates = find_candidates(article, parsed, mentions, resources.rules)
    candidates = second_opinion(article, parsed, mentions, candidates, resources.rules, resources.encoder)
    attributions = find_attributions(article, parsed, mentions, resources.cues)
    facets = find_facets(article, parsed, resources.cues)
    timexes = find_dates(article, parsed, resources.patterns)
    toponyms = find_places(article, parsed, mentions, resources.gazetteer, raw.spans)
    seen = Coded(raw, article, parsed, mentions, candidates, attributions, facets, timexes, toponyms)
    return assemble(seen, resources)
