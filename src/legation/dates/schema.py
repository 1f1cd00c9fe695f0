"""The form of this stage's data files. Unknown keys are errors, so that a typing slip in a rule is found at once."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from legation.datafiles import Schema


class WordClass(Schema):
    """Words with their values; `capital` keeps "may" the verb from being a month."""

    capital: bool = False
    words: dict[str, int | str]


class Holiday(Schema):
    """A named day: "MM-DD", [month, weekday, nth] (nth -1 = last), or "easter+N"."""

    id: str
    names: list[str]
    rule: str | list[int]


class TenseWords(Schema):
    """Words that show the direction of a sentence when there is no parse."""

    future: list[str]
    past: list[str]
    future_pairs: list[str]
    future_governors: list[str]


class WordsFile(Schema):
    """words.yml."""

    classes: dict[str, WordClass]
    holidays: list[Holiday]
    tense: TenseWords


class PatternEntry(Schema):
    """One pattern: `match` in the language of compile.py, `make` the way its value is worked out.

    `unit`, `shift`, `value` are fixed arguments of `make`. `after`/`not_after` look at the token before the
    match, `before`/`not_before` at the token behind it. `news_only`: not in a text that tells history;
    `story_only`: only there. `not_in_name`: not behind another capitalised word ("John Christmas").
    Examples: "text with [the expression] | day of publication or - | value"; several values are separated by
    ";", "?" is an unresolved one, "none" says that nothing may be found.
    """

    id: str
    match: str
    make: Literal[
        "calendar",
        "weekday",
        "deictic",
        "ago",
        "story",
        "story_span",
        "duration",
        "set",
        "fixed",
        "clock",
        "holiday",
        "part_of_unit",
        "age",
        "nothing",
    ]
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    unit: str | None = None
    shift: int | None = None
    value: str | None = None
    after: str | None = None
    not_after: str | None = None
    before: str | None = None
    not_before: str | None = None
    news_only: bool = False
    story_only: bool = False
    not_in_name: bool = False
    examples: list[str] = Field(min_length=1)


class PatternsFile(Schema):
    """One file of patterns/. `macros` are pieces that patterns of any file may use as <NAME>."""

    macros: dict[str, str] = Field(default_factory=dict)
    patterns: list[PatternEntry]


class EventTimeExample(Schema):
    """A sentence with its predicate in [brackets], the day of publication or null, and the event's start or null."""

    text: str
    published: str | None
    start: str | None
    facets: Literal["happened", "historical", "negated", "predicted"] = "happened"


class EventTimeFile(Schema):
    """event_time.yml: what ties a time expression to a predicate. The comments there explain each list."""

    time_giving_prepositions: frozenset[str]
    range_words: frozenset[str]
    same_time_marks: frozenset[str]
    aside_prepositions: frozenset[str]
    before_prepositions: frozenset[str]
    before_phrases: frozenset[str]
    own_time_nouns: frozenset[str]
    light_verbs: frozenset[str]
    electoral_nouns: frozenset[str]
    electoral_events: frozenset[str]
    report_nouns: frozenset[str]
    release_verbs: frozenset[str]
    background_labels: frozenset[str]
    speech_verbs: frozenset[str]
    background_words: frozenset[str]
    examples: list[EventTimeExample]
