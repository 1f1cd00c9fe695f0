"""The date of an event."""

from __future__ import annotations

from collections.abc import Sequence

from legation.dates.patterns import Patterns
from legation.model.claims import Facets
from legation.model.parse import Parse
from legation.model.text import Article
from legation.model.when_where import EventDate, Timex


def date_of(
    article: Article, parse: Parse, timexes: Sequence[Timex], predicate: int, facets: Facets | None, patterns: Patterns
) -> EventDate:
    """The event's own date."""
    return EventDate(None, None, "none", "none", None, None, "dates/none")
