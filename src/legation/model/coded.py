"""All that the stages saw of one document, in the order in which they saw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from legation.model.actors import Mention
from legation.model.claims import Attribution, Facets
from legation.model.events import Candidate, EventRecord, Rejected
from legation.model.parse import Parse
from legation.model.text import Article, RawDocument
from legation.model.when_where import Timex, Toponym


@dataclass(frozen=True, slots=True)
class Coded:
    """One document with the value of every stage. `records` and `rejected` are empty before the last one.

    `facets` is by token index. `run` is the id of the run, never empty once records stand.
    """

    raw: RawDocument
    article: Article
    parse: Parse
    mentions: tuple[Mention, ...]
    candidates: tuple[Candidate, ...]
    attributions: tuple[Attribution, ...]
    facets: Mapping[int, Facets]
    timexes: tuple[Timex, ...]
    toponyms: tuple[Toponym, ...]
    records: tuple[EventRecord, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    run: str = ""
