"""The date of an event: the examples of event_time.yml, parsed and executed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from legation.dates import date_of, find_dates, load_patterns
from legation.dates.schema import EventTimeExample
from legation.model.claims import Facets, default_facets
from legation.model.text import Article
from legation.parse.parser import Parser, load_parser, parse

PATTERNS = load_patterns()
EXAMPLES = PATTERNS.event_time.examples


@cache
def parser() -> Parser:
    return load_parser()


def facets(kind: str, token: int) -> Facets:
    plain = default_facets(token)
    if kind == "historical":
        return replace(plain, historical=True)
    if kind == "negated":
        return replace(plain, polarity="negated", factuality=-3.0)
    if kind == "predicted":
        return replace(plain, actuality="predicted", factuality=0.0)
    return plain


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.text[:60] for e in EXAMPLES])
def test_event_date(example: EventTimeExample) -> None:
    offset = example.text.index("[")
    text = example.text.replace("[", "").replace("]", "")
    basis = "given" if example.published else "none"
    article = Article("x", text, None, 0, None, None, example.published, basis, None, "en", (), ())
    parsed = parse(article, parser())
    predicate = parsed.token_at(offset)
    assert predicate is not None
    timexes = find_dates(article, parsed, PATTERNS)
    found = date_of(article, parsed, timexes, predicate, facets(example.facets, predicate), PATTERNS)
    assert found.start == example.start
    if found.span is not None:
        assert text[found.span[0] : found.span[1]] == found.text
    if found.start is None:
        assert found.precision == "none"
        assert found.end is None
