"""Who says what, and how surely: attributions and the status facets of a predicate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from legation.model.text import Span

Stance = Literal["asserts", "denies", "doubts"]
Manner = Literal["direct", "indirect", "mixed", "according-to", "document", "unnamed"]
Polarity = Literal["affirmed", "negated"]
Actuality = Literal[
    "happened", "ongoing", "planned", "promised", "threatened", "demanded", "predicted", "conditional", "hypothetical"
]
Certainty = Literal["certain", "probable", "possible", "unstated"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source, the words that show that it speaks, and the words that are its content.

    `source` is None where nobody is named ("is alleged to have"), `cue` where a quotation runs on without a
    new cue. `content` is never empty; several spans where the cue stands inside the quote.
    `source_mention` is an index into the article's mentions or None. `document` marks a report or statement
    as source. `cue_id` is the id in `attribution/cues/`.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    stance: Stance
    manner: Manner
    source_mention: int | None
    cue_id: str


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that set a facet, with the id of the cue entry and the facet it set (`field`)."""

    start: int
    end: int
    text: str
    cue_id: str
    field: str


@dataclass(frozen=True, slots=True)
class Facets:
    """How one event-denoting predicate (a token) stands in the world as told.

    `historical` is true where the words put it outside the news window (background clauses, past perfect,
    "the 2003 invasion"). `generic` where no particular event is meant. `reported_future` is kept in
    `actuality` ("planned", "predicted"). `cues` holds one entry for every value other than the default
    (affirmed, happened, certain or unstated, no condition, not historical).
    `factuality` is the number -3..3 of the record contract.
    """

    token: int
    polarity: Polarity
    actuality: Actuality
    certainty: Certainty
    condition: Span | None
    historical: bool
    generic: bool
    factuality: float
    cues: tuple[Cue, ...]


def default_facets(token: int) -> Facets:
    """What holds when no cue says otherwise: it happened, certainly."""
    return Facets(token, "affirmed", "happened", "unstated", None, False, False, 3.0, ())
