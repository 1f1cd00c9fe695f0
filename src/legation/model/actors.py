"""Who is named in the text. The entity does not depend on time; the role (office, sector) does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MentionKind = Literal["name", "title", "description", "demonym", "metonym", "place", "pronoun"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One possible entity behind a mention, kept for `explain` and for the user who corrects."""

    entity_id: str
    name: str
    country: str | None
    sector: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase or pronoun that names a possible political actor.

    `start`/`end` cover the base noun phrase ("U.S. President Joe Biden", "the Russian Foreign Ministry",
    "Russian diplomats"), without relative clauses. `head` is the index of its head token. `cluster` numbers
    the actor inside the article: mentions with one cluster are one actor; never null. `country` is an ISO-3
    or PLOVER special code (UNO, EUR, IGO, NGO, MNC, IMG, KOS) or None when not known: never guessed.
    `sector` is the sector *as the words say or the entity has without regard to time*; the record replaces
    it by the role on the event's day. `kind` "place" is a country or city name that reads as a place here
    ("in Moscow"), "metonym" one that reads as its government ("Moscow said"). `modifier` is "former",
    "then", "acting", "elect", "candidate", "late" or None. `antecedent` is the index (in the list of
    mentions) that a pronoun or description was resolved to. `basis` says how it was resolved ("lexicon", "title",
    "demonym", "description", "coreference", "unknown" ...).
    """

    start: int
    end: int
    text: str
    head: int
    kind: MentionKind
    cluster: int
    country: str | None
    sector: str | None
    other_sectors: tuple[str, ...] = ()
    entity: str | None = None
    entity_id: str | None = None
    office: str | None = None
    modifier: str | None = None
    antecedent: int | None = None
    plural: bool = False
    basis: str = "unknown"
    by: str = ""  # id of the lexicon entry or rule
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What an entity was on a day. Every field but `basis` may be None: unknown stays unknown.

    `basis`: "term" (a dated term covers the day), "term-open" (an open term, day after its `as_of`),
    "words" (the text's own title), "former" (out of office: ELI), "candidate" (PTY), "static", "unknown".
    """

    country: str | None
    sector: str | None
    other_sectors: tuple[str, ...]
    office: str | None
    office_from: str | None
    office_to: str | None
    basis: str
