"""A rule that fits a predicate, before it becomes a candidate."""

from __future__ import annotations

from dataclasses import dataclass

from legation.model.events import Participant


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fits a predicate, before it becomes a candidate. `used` are predicates it swallowed."""

    predicate: int
    anchor: tuple[int, ...]
    type: str
    mode: str | None
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    rule: str
    frame: str
    score: float
    reciprocal: bool = False
    speech: bool = False
    used: tuple[int, ...] = ()
    runner_up: tuple[str, float] | None = None
    why: tuple[str, ...] = ()
    dropped: str | None = None
