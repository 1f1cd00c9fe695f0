"""Events: what a rule proposes (`Candidate`) and what is written (`EventRecord`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from legation.model.actors import Role
from legation.model.claims import Attribution, Facets
from legation.model.when_where import EventDate, EventPlace


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone on one side of an event: a mention where actors/ found one, else the bare noun phrase.

    `mention` is an index into the article's mentions or None. `head` is a token index.
    """

    start: int
    end: int
    text: str
    head: int
    mention: int | None
    by: str  # the frame slot that found it, e.g. "active:subject"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event that a rule proposes, before time, place and sources are known.

    `predicate` is the token that evokes the event; `start`/`end` span the anchor words. Which
    token's facets count for an act of speech is decided in `record/`, which knows the speaker. `dropped` names
    why the candidate is rejected, or None. `speech` marks types of saying (their actor is the speaker).
    `reciprocal` puts all parties into `actors`.
    """

    predicate: int
    start: int
    end: int
    type: str
    mode: str | None
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    rule: str
    frame: str
    score: float
    speech: bool = False
    reciprocal: bool = False
    reduced_from: str | None = None  # PLOVER's reductions: the type before it was reduced
    dropped: str | None = None
    why: tuple[str, ...] = ()
    runner_up: tuple[str, float] | None = None
    opinion: tuple[tuple[str, float], ...] = ()  # rules and encoder weighed: the likeliest types, where it was asked
    certainty: float | None = None  # probability of the type by that weighing; None where the encoder was not asked


@dataclass(frozen=True, slots=True)
class ActorEntry:
    """A participant as it is written into a record: the words, the entity and the role on the event's day."""

    participant: Participant
    entity: str | None
    entity_id: str | None
    role: Role


@dataclass(frozen=True, slots=True)
class SourceLink:
    """One link of a record's attribution chain with the speaker's role."""

    attribution: Attribution
    role: Role
    text: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that a field of the record was read from; `text` always equals `Article.text[start:end]`."""

    field: str
    start: int
    end: int
    text: str
    by: str
    prefix: str | None = None  # W3C text-quote selector, where there is no raw text to point into
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event on the word of one outermost source with one stance. The written form is made by `record/`."""

    id: str
    content_key: str
    candidate: Candidate
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    actor: tuple[ActorEntry, ...]
    recipient: tuple[ActorEntry, ...]
    aux: str
    status: str
    facets: Facets
    attribution: tuple[SourceLink, ...]
    date: EventDate
    place: EventPlace | None
    quote: tuple[int, int] | None
    anchor: tuple[int, int]
    sentence: tuple[int, int]
    evidence: tuple[Evidence, ...]
    confidence: float
    why: dict[str, Any] = field(default_factory=dict)
    cameo: str | None = None
    quad: int | None = None
    score: float | None = None
    goldstein: float | None = None
    reduced_from: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that became no record, and why: kept for `legation explain`. `reason` is a fixed word."""

    candidate: Candidate
    reason: str
