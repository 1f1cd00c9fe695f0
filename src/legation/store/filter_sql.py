"""A filter as SQL over `events`. Every value is bound, none is written into the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from legation.store.filter_words import ActorWords, actor_words

if TYPE_CHECKING:
    from legation.store.filter import Filter


class _Bound:
    """Names for values."""

    def __init__(self, prefix: str = "f") -> None:
        self.values: dict[str, Any] = {}
        self.prefix = prefix

    def __call__(self, value: Any) -> str:
        name = f"{self.prefix}{len(self.values)}"
        self.values[name] = value
        return f"${name}"


def condition(f: Filter) -> tuple[str, dict[str, Any]]:
    """The condition and its parameters; "true" for the empty filter."""
    bind = _Bound()
    parts: list[str] = []
    if f.actor or f.recipient:
        parts.append(_pair(f, bind))
    for column, values in (
        ("type", f.type),
        ("mode", f.mode),
        ("quad", f.quad),
        ("status", f.status),
        ("aux", f.aux),
        ("publication", f.publication),
    ):
        if values:
            parts.append(f"list_contains({bind(list(values))}, {column})")
    if f.context:
        parts.append(f"list_has_any(contexts, {bind(list(f.context))})")
    if f.source:
        parts.append(_any(_source(word, bind) for word in f.source))
    if f.place:
        parts.append(_any(_place(word, bind) for word in f.place))
    if f.since:
        parts.append(f"coalesce(date_end, day) >= {bind(f.since)}")
    if f.until:
        parts.append(f"day <= {bind(f.until)}")
    if f.confidence_min is not None:
        parts.append(f"confidence >= {bind(f.confidence_min)}")
    if f.text:
        words = bind(f.text.casefold())
        columns = ("sentence", "quote", "title")
        parts.append(_any(f"contains(lower({c}), {words})" for c in columns))
    for column, value in (("article_id", f.article), ("event_group", f.group), ("claim", f.claim)):
        if value:
            parts.append(f"{column} = {bind(value)}")
    if f.happened_only:
        parts.append("status = 'happened'")
    return " AND ".join(parts) or "true", bind.values


def pair_condition(f: Filter, values: dict[str, Any]) -> str:
    """The condition that the filter puts on the pair, over `dyads`; its parameters are added to `values`."""
    if not (f.actor or f.recipient):
        return "true"
    bind = _Bound("p")
    text = _dyad(f, bind)
    values.update(bind.values)
    return text


def _any(parts: Any) -> str:
    return "(" + " OR ".join(parts) + ")"


def _pair(f: Filter, bind: _Bound) -> str:
    return f"id IN (SELECT id FROM dyads WHERE {_dyad(f, bind)})"


def _dyad(f: Filter, bind: _Bound) -> str:
    """The ordered pair; in either direction where that is asked."""
    one = _direction(f.actor, f.recipient, bind)
    return f"({one} OR {_direction(f.recipient, f.actor, bind)})" if f.either else one


def _direction(actor: tuple[str, ...], recipient: tuple[str, ...], bind: _Bound) -> str:
    sides = [
        _any(_party(actor_words(word), side, bind) for word in words)
        for side, words in (("actor", actor), ("recipient", recipient))
        if words
    ]
    return "(" + " AND ".join(sides) + ")"


def _party(words: ActorWords, side: str, bind: _Bound) -> str:
    parts = []
    if words.country:
        parts.append(f"{side}_country = {bind(words.country)}")
    if words.sector:
        parts.append(f"{side}_sector = {bind(words.sector)}")
    if words.entity:
        parts.append(f"{side}_id = {bind(words.entity)}")
    if words.name:
        name = bind(words.name.casefold())
        parts.append(f"(lower({side}_name) = {name} OR lower({side}_text) = {name})")
    return "(" + " AND ".join(parts) + ")"


def _source(word: str, bind: _Bound) -> str:
    """The outermost source."""
    if word == "reporter":
        return "(stance IS NULL)"
    words = actor_words(word)
    if words.entity or words.name:
        return f"contains(lower(source), {bind((words.name or words.entity or '').casefold())})"
    parts = [f"source_country = {bind(words.country)}"] if words.country else []
    if words.sector:
        parts.append(f"source_sector = {bind(words.sector)}")
    return "(" + " AND ".join(parts) + ")"


def _place(word: str, bind: _Bound) -> str:
    if re.fullmatch(r"[A-Z]{3}", word):
        return f"place_country = {bind(word)}"
    return f"lower(place_name) = {bind(word.casefold())}"
