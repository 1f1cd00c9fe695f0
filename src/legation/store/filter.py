"""Which events are meant: one value for the command line, for addresses of the web app and for saved conditions.

Values of one field are alternatives ("or"), fields narrow each other ("and"). How it is written for people is in
`filter_words.py`, how it becomes SQL in `filter_sql.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

LISTS = (
    *("actor", "recipient", "type", "mode", "quad", "status", "aux", "context", "source", "place"),
    "publication",
)
DAYS = ("since", "until")
TEXTS = ("text", "article", "group", "claim")
FLAGS = ("either", "happened_only")


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on events; the empty filter means all.

    `actor`, `recipient`: actor words ("RUS", "RUS GOV", "GOV", an entity id, or a name in quotes), which must hold for
    one ordered pair; with `either` for the pair in any direction, and an actor alone may stand on either side.
    `source`: actor words for the outermost source; "reporter" is the reporter's own voice. `place`: country or name.
    `since`/`until` are days of the event (else of publication), both included. `text`: words in the sentence, quote or
    title, whatever their case. `group` and `claim` are ids given by dedup and claims.
    """

    actor: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    either: bool = False
    type: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    quad: tuple[int, ...] = ()
    status: tuple[str, ...] = ()
    aux: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    publication: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    confidence_min: float | None = None
    text: str | None = None
    article: str | None = None
    group: str | None = None
    claim: str | None = None
    happened_only: bool = False

    @classmethod
    def parse(cls, words: str) -> Filter:
        """What somebody wrote: "RUS GOV -> USA GOV, SANCTION, happened or planned". ValueError says why not."""
        from legation.store.filter_words import parse

        return parse(words)

    def __str__(self) -> str:
        from legation.store.filter_words import write

        return write(self)

    def to_params(self) -> list[tuple[str, str]]:
        """As parameters of an address, a value each; defaults are left out."""
        params: list[tuple[str, str]] = []
        for name in (f.name for f in fields(self)):
            value = getattr(self, name)
            if isinstance(value, tuple):
                params += [(name, str(one)) for one in value]
            elif value is True:
                params.append((name, "1"))
            elif value is not None and value is not False:
                params.append((name, str(value)))
        return params

    @classmethod
    def from_params(cls, params: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Filter:
        """The filter of an address. Empty values and keys of others are passed over; ValueError for bad values."""
        from legation.store.filter_words import checked

        pairs = params.items() if isinstance(params, Mapping) else params
        given: dict[str, list[str]] = {}
        for key, value in pairs:
            for one in value if isinstance(value, list | tuple) else [value]:
                if str(one).strip():
                    given.setdefault(key, []).append(str(one).strip())
        values: dict[str, Any] = {name: tuple(given[name]) for name in LISTS if name in given}
        values |= {name: given[name][-1] for name in (*DAYS, *TEXTS, "confidence_min") if name in given}
        values |= {name: given[name][-1].lower() in ("1", "true", "on", "yes") for name in FLAGS if name in given}
        return checked(values)

    def where(self) -> tuple[str, dict[str, Any]]:
        """A condition over `events` ("true" for all) with its bound parameters."""
        from legation.store.filter_sql import condition

        return condition(self)
