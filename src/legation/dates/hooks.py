"""Where a time expression hangs in the sentence, and the date that it gives to what it hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from legation.dates.schema import EventTimeFile
from legation.model.parse import Parse
from legation.model.when_where import DateBasis, EventDate, Timex


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a time expression hangs: the verb above it, the nouns between, the prepositions on the way."""

    timex: Timex
    head: int
    verb: int | None
    nouns: tuple[int, ...]
    path: tuple[int, ...]
    before: bool  # "before", "in the run-up to": the event lies before the time
    until: Timex | None  # the other end of a range: "from 2004 to 2009"


def hooks_of(parse: Parse, timexes: Sequence[Timex], rules: EventTimeFile) -> list[Hook]:
    """The hooks of all expressions that can date something, in text order."""
    out: list[Hook] = []
    for k, timex in enumerate(timexes):
        following = timexes[k + 1] if k + 1 < len(timexes) else None
        until = None
        if following is not None and following.begin is not None:
            between = parse.text[timex.end : following.start].strip().lower()
            lead = parse.text[max(0, timex.start - 12) : timex.start].lower().split()
            if between in rules.range_words or (between == "and" and "between" in lead[-2:]):
                until = following
        hook = hook_of(parse, timex, until, rules)
        if hook is not None:
            out.append(hook)
    return out


def hook_of(parse: Parse, timex: Timex, until: Timex | None, rules: EventTimeFile) -> Hook | None:
    """None for durations, sets and words such as "former", which date nothing."""
    if timex.type in ("DURATION", "SET") or timex.value in ("PRESENT_REF", "FUTURE_REF"):
        return None
    head = parse.head_of(timex.start, timex.end)
    # "recently" says that the day is not known; "former" belongs to its noun
    if head is None or (timex.value == "PAST_REF" and parse.tokens[head].dep in ("amod", "nmod", "compound")):
        return None
    nouns: list[int] = []
    path: list[int] = [head]
    before = False
    verb: int | None = None
    for token in parse.ancestors(head):
        if timex.start <= token.start < timex.end:
            continue
        path.append(token.i)
        if token.pos == "VERB" or (token.pos == "AUX" and token.dep not in ("aux", "auxpass")):
            verb = token.i
            break
        if token.pos in ("NOUN", "PROPN", "ADJ"):
            nouns.append(token.i)
        elif token.pos in ("ADP", "SCONJ", "ADV"):
            before = before or token.lower in rules.before_prepositions
    between = parse.text[max(timex.start - 60, parse.tokens[verb].end if verb is not None else 0) : timex.start].lower()
    before = before or any(phrase in between for phrase in rules.before_phrases)
    return Hook(timex, head, verb, tuple(nouns), tuple(path), before, until)


def best(parse: Parse, predicate: int, hooks: list[Hook]) -> Hook | None:
    """The most precise of the times, then the nearest one."""
    order = {"day": 0, "week": 1, "month": 2, "year": 3, "none": 4}
    return min(
        hooks,
        key=lambda h: (h.timex.value is None, order[h.timex.precision], abs(h.head - predicate), h.timex.start),
        default=None,
    )


def dated(hook: Hook, level: str, basis: DateBasis | None = None) -> EventDate:
    timex = hook.timex
    if timex.begin is None:
        start, end, precision = None, None, timex.precision
    elif hook.before and timex.precision in ("day", "week", "month"):
        year = timex.begin[:4]
        start, end, precision = f"{year}-01-01", f"{year}-12-31", "year"
    else:
        start, end, precision = timex.begin, timex.finish, timex.precision
        if hook.until is not None and hook.until.finish is not None and hook.until.finish > timex.begin:
            end = hook.until.finish
    return EventDate(
        start, end, precision, (basis or timex.basis) if start or timex.value is None else "none",
        (timex.start, timex.end), timex.text, f"{timex.rule}@{level}" + (f"+{timex.anchor}" if timex.anchor else ""),
    )  # fmt: skip
