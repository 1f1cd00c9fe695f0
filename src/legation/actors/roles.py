"""What an entity was on the day of the event: in office, a candidate, out of office, or not yet anything."""

from __future__ import annotations

from legation.actors.lexicon import Lexicon
from legation.model.actors import Mention, Role


def role_of(mention: Mention, day: str | None, lexicon: Lexicon) -> Role:
    """The mention's role on that ISO day (or without a day what its own words say)."""
    return Role(mention.country, mention.sector, mention.other_sectors, mention.office, None, None, "static")
