"""Finds time expressions: matches of all patterns, the longest that do not overlap, worked out in text order."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from legation.dates.calendar import bounds, plausible, point_of
from legation.dates.compile import Rule, to_classes
from legation.dates.context import REJECT, Context, Made
from legation.dates.dateline import day_of_writing
from legation.dates.patterns import Patterns
from legation.dates.tense import by_parse, by_words
from legation.dates.values import MAKERS
from legation.dates.words import Value, Words
from legation.model.parse import Parse
from legation.model.text import Article
from legation.model.when_where import DateBasis, Timex

SHARED = ("year", "month")  # what the expressions of one match lend each other ("3 to 5 May 1808")


@dataclass(frozen=True, slots=True)
class Found:
    """One expression before it is worked out: its pattern, its place and its words."""

    rule: Rule
    start: int
    end: int
    words: Words


def find_dates(article: Article, parse: Parse | None, patterns: Patterns) -> tuple[Timex, ...]:
    """All time expressions of an article in text order, without overlaps.

    `parse` only sharpens the tense; without it the words near by decide. Never raises on any text.
    """
    text = article.text
    found = list(_select(text, patterns))
    if not found:
        return ()
    direction = by_words(text, patterns.future, patterns.past, patterns.future_pairs)
    if parse is not None:
        direction = by_parse(parse, patterns.future_governors, direction)
    anchor, name = _anchor(article, found)
    narrative = name != "dateline" and _is_narrative(found, anchor)
    context = Context(anchor, name, narrative, direction, text, usual_years=_usual_years(found))
    if parse is not None:
        found = [item for item in found if not _is_person(item, parse)]
    out: list[Timex] = []
    for k, item in enumerate(found):
        entry = item.rule.entry
        if (entry.news_only and context.narrative) or (entry.story_only and not context.narrative):
            continue
        context.ahead = _day_behind(found, k, text, context) if item.rule.entry.make == "clock" else None
        made = MAKERS[item.rule.entry.make](item.words, item.rule.entry, context)
        if made is REJECT or (made.value and not plausible(made.value)):
            continue
        out.append(_timex(item, made, text))
        _move_on(context, item, made)
    return tuple(out)


def _select(text: str, patterns: Patterns) -> Iterator[Found]:
    """The matches that stand, in text order: the longest first; among equals the pattern that comes first."""
    codes, spans = to_classes(text, patterns.lexicon)
    codes = "\n" + codes + "\n"
    candidates: list[tuple[int, int, int, re.Match[str]]] = []
    for rule, low, high in _windows(codes, patterns):
        for match in rule.regex.finditer(codes, low, high):
            a, b = match.span()
            if b > a:
                candidates.append((a - b, rule.order, a, match))
    candidates.sort(key=lambda c: c[:3])
    taken = bytearray(len(codes))
    kept: list[Found] = []
    for length, order, a, match in candidates:
        b = a - length
        if any(taken[a:b]):
            continue
        rule = patterns.rules[order]
        items = _items(rule, match, text, spans, patterns)
        if items is None:
            continue
        taken[a:b] = b"\x01" * (b - a)
        kept.extend(items)
    kept.sort(key=lambda f: f.start)
    yield from kept


def _windows(codes: str, patterns: Patterns) -> Iterator[tuple[Rule, int, int]]:
    """Where each pattern could match: around the rarest of the words that it needs. Saves nine tenths of the search."""
    where: dict[str, list[int]] = {}
    for k, code in enumerate(codes):
        if code in where:
            where[code].append(k)
        else:
            where[code] = [k]
    present = frozenset(where)
    places: dict[frozenset[str], list[int]] = {}
    for rule in patterns.rules:
        best: list[int] | None = None
        for need in rule.needs:
            found = places.get(need)
            if found is None:
                found = sorted(k for code in need & present for k in where[code])
                places[need] = found
            if best is None or len(found) < len(best):
                best = found
            if not best:
                break
        low = high = -1
        for k in best or ():
            if k - rule.width > high:
                if high >= 0:
                    yield rule, low, high
                low = max(0, k - rule.width)
            high = k + rule.width + 1
        if high >= 0:
            yield rule, low, high


def _items(
    rule: Rule, match: re.Match[str], text: str, spans: list[tuple[int, int]], patterns: Patterns
) -> list[Found] | None:
    """The expressions of one match. The class string has one extra character in front, so token = index - 1."""
    by_part: dict[int, dict[str, list[Value]]] = {}
    for group, slot, cls, part in rule.groups:
        k = match.start(group)
        if k < 0:
            continue
        a, b = spans[k - 1]
        value = _value(text[a:b], cls, patterns)
        if value is None:
            return None
        by_part.setdefault(part, {}).setdefault(slot, []).append(value)
    out: list[Found] = []
    numbers = range(1, rule.parts + 1) if rule.parts else (0,)
    for number in numbers:
        a, b = match.span(f"span{number}") if number else match.span()
        slots = {slot: list(values) for slot, values in by_part.get(number, {}).items()}
        if rule.parts:
            for other in sorted(by_part):
                for slot in SHARED:
                    if slot not in slots and slot in by_part[other]:
                        slots[slot] = by_part[other][slot][:1]
        start, end = spans[a - 1][0], spans[b - 2][1]
        if rule.entry.not_in_name and _in_name(text, start, end, rule.entry.type == "SET"):
            return None
        frozen = {slot: tuple(values) for slot, values in slots.items()}
        out.append(Found(rule, start, end, Words(frozen, text[start:end], start, end, patterns.holidays)))
    return out


def _in_name(text: str, start: int, end: int, title: bool) -> bool:
    """ "John Christmas", "April Jones": a capitalised word before it, or one behind it where it begins the sentence."""
    before = text[max(0, start - 40) : start]
    if title and text[start].isupper() and re.search(r"\b(?:The|[A-Z][\w.]+) $", before):
        return True  # "The Daily Mirror", "City Weekly"
    if re.search(r"[a-z]['’]?\w* [A-Z][a-z]+ $", before):
        return True
    opens = not before.strip() or re.search(r"[.!?:;\n\"“”][\s\"“”]*$", before) is not None
    return opens and re.match(r" [A-Z][a-z]+ ", text[end : end + 30]) is not None


def _value(word: str, cls: str, patterns: Patterns) -> Value | None:
    table = patterns.lexicon.values.get(cls)
    if table is not None:
        return table.get(word.lower(), table.get(word))
    digits = re.match(r"\d+(?:,\d{3})*", word)
    if not digits:
        return None
    if cls == "number" and re.fullmatch(r"\d+\.\d+", word):
        return int(float(word))
    return int(digits[0].replace(",", "")[:9])


def _anchor(article: Article, found: list[Found]) -> tuple[datetime.date | None, str | None]:
    """The day of writing and how it is known."""
    silent = Context(None, None, False, lambda a, b: None)
    explicit = []
    for item in found[:12]:
        if item.rule.entry.id.startswith("date-") and item.words.has("year"):
            made = MAKERS["calendar"](item.words, item.rule.entry, silent)
            explicit.append((item.start, item.end, made.value))
    return day_of_writing(article, explicit)


def _is_person(item: Found, parse: Parse) -> bool:
    """A month that the parser takes for somebody's name: "Ms. May", "April"."""
    if not (item.rule.entry.not_in_name or item.rule.entry.id == "month-may-march"):
        return False
    inside = parse.tokens_in(item.start, item.end)
    return len(inside) > 0 and all(parse.tokens[k].ent == "PERSON" for k in inside)


def _day_behind(found: list[Found], k: int, text: str, context: Context) -> str | None:
    """The day named right behind a clock time: "9 a.m. on 3 May"."""
    if k + 1 >= len(found) or text[found[k].end : found[k + 1].start].strip(" ,") not in ("", "on"):
        return None
    item = found[k + 1]
    made = MAKERS[item.rule.entry.make](item.words, item.rule.entry, context)
    return made.value[:10] if made.value and bounds(made.value)[2] == "day" else None


def _is_narrative(found: list[Found], anchor: datetime.date | None) -> bool:
    """Whether the text tells history: many explicit years, most of them far from the day of writing, hardly a
    "yesterday" or weekday without a date."""
    years = [y for f in found if isinstance(y := f.words.number("year"), int)]
    deictic = sum(f.rule.entry.make in ("deictic", "weekday", "ago") for f in found)
    far = [y for y in years if anchor is None or abs(y - anchor.year) > 1]
    return len(years) >= (8 if deictic else 6) and len(far) >= 0.65 * len(years) and deictic <= 0.25 * len(years)


def _usual_years(found: list[Found]) -> tuple[int, int] | None:
    """The years between which the text moves: 15 years around the middle one. None where few are named."""
    years = sorted(y for f in found if isinstance(y := f.words.number("year"), int))
    if len(years) < 5:
        return None
    return years[len(years) // 2] - 15, years[len(years) // 2] + 15


def _timex(item: Found, made: Made, text: str) -> Timex:
    begin, finish, precision = bounds(made.value)
    basis: DateBasis = "explicit" if made.anchor is None and made.offset is None and made.value else "relative"
    kind = item.rule.entry.type
    if kind == "DATE" and made.value and re.search(r"T\w", made.value) and not made.value.endswith("REF"):
        kind = "TIME"
    return Timex(
        item.start, item.end, text[item.start : item.end], kind, made.value, begin, finish, precision, basis,
        f"dates/{item.rule.entry.id}", made.offset if made.value is None else None, made.anchor,
    )  # fmt: skip


def _move_on(context: Context, item: Found, made: Made) -> None:
    """Remember the point that the story has reached."""
    point = point_of(made.value) if made.point and made.value else None
    if point is None:
        return
    if re.search(r"-W\d", made.value or ""):
        return
    usual = context.usual_years
    if context.narrative and usual and not usual[0] <= point.year <= usual[1]:
        return  # an aside ("a law of 1614")
    context.last, context.last_end = point, item.end
    context.last_explicit_year = item.words.has("year")
