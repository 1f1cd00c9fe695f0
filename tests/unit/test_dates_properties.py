"""What must hold for any text: no invented precision, no impossible or absurd date, no exception."""

from __future__ import annotations

import datetime
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from legation.dates import find_dates, load_patterns
from legation.dates.calendar import bounds, holiday, make_day
from legation.dates.compile import to_classes
from legation.dates.finder import _windows
from legation.model.text import Article
from legation.model.when_where import Timex

PATTERNS = load_patterns()
RULES = PATTERNS.rules
MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
LENGTH = {"day": 1, "week": 7, "month": 31, "year": 366}
DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2060, 12, 31))

words = sorted(
    {w for table in PATTERNS.lexicon.values.values() for w in table} | {"the", "of", "in", "on", "at", "and", "to", "-"}
)
numbers = st.integers(0, 2500).map(str)
pieces = st.one_of(
    st.sampled_from(words), st.sampled_from(words).map(str.capitalize), numbers, st.sampled_from(list(",.:;()/'\n"))
)
salad = st.lists(pieces, max_size=30).map(" ".join)


def find(text: str, published: datetime.date | None) -> tuple[Timex, ...]:
    day = published.isoformat() if published else None
    basis = "given" if day else "none"
    return find_dates(Article("x", text, None, 0, None, None, day, basis, None, "en", (), ()), None, PATTERNS)


def check(text: str, found: tuple[Timex, ...]) -> None:
    end = 0
    for t in found:
        assert t.start >= end
        assert t.text == text[t.start : t.end] != ""
        assert t.text.strip() == t.text
        end = t.end
        for edge in (t.begin, t.finish):
            assert edge is None or 1500 <= int(edge[:4]) <= 2100
        if t.begin is not None and t.finish is not None:
            first, last = datetime.date.fromisoformat(t.begin), datetime.date.fromisoformat(t.finish)
            assert first <= last
            if t.precision in LENGTH:
                assert (last - first).days < LENGTH[t.precision]
        assert t.value is None or bounds(t.value)[2] == t.precision
        assert t.value is None or t.offset is None


@given(st.text(max_size=200), st.none() | DAYS)
@settings(deadline=None, max_examples=150)
def test_any_text(text: str, published: datetime.date | None) -> None:
    check(text, find(text, published))


@given(salad, st.none() | DAYS)
@settings(deadline=None, max_examples=400)
def test_any_mixture_of_time_words(text: str, published: datetime.date | None) -> None:
    check(text, find(text, published))


FINER = re.compile(
    r"\d|day|morn|noon|even|night|dawn|sun|lunch|mon|tues|wednes|thurs|fri|satur|dusk|week|christmas|easter|halloween"
    r"|thanksgiving|labor|eve|o'clock|first|second|third|th\b|pentecost|juneteenth|fourth|overnight|tomorrow|yester",
    re.I,
)


@given(salad, DAYS)
@settings(deadline=None, max_examples=400)
def test_a_value_is_no_more_precise_than_its_words(text: str, published: datetime.date) -> None:
    for t in find(text, published):
        if t.precision == "day":
            assert FINER.search(t.text), (t.text, t.value)
        if t.precision == "month":
            named = any(m.lower()[:3] in t.text.lower() for m in MONTHS)
            assert named or re.search(r"month|now|later|earlier|ago|time|\d", t.text, re.I), (t.text, t.value)


@given(st.integers(1, 40), st.integers(0, 11), st.integers(1500, 2100), st.booleans())
@settings(deadline=None, max_examples=300)
def test_impossible_days_are_no_dates(day: int, month: int, year: int, british: bool) -> None:
    name = MONTHS[month]
    text = f"It began on {day} {name} {year}." if british else f"It began on {name} {day}, {year}."
    values = [t.value for t in find(text, None) if t.precision == "day"]
    real = make_day(year, month + 1, day)
    assert values == ([real.isoformat()] if real else [])
    if day > 31 or not real:
        assert not any(t.precision == "day" for t in find(text, None))


@given(DAYS, st.integers(1, 7))
@settings(deadline=None, max_examples=100)
def test_weekdays_lie_within_the_week_before(published: datetime.date, weekday: int) -> None:
    name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][weekday - 1]
    (past,) = find(f"The envoy resigned on {name}.", published)
    day = datetime.date.fromisoformat(past.value or "")
    assert day.isoweekday() == weekday
    assert 0 <= (published - day).days <= 6
    (future,) = find(f"The envoy will resign on {name}.", published)
    day = datetime.date.fromisoformat(future.value or "")
    assert day.isoweekday() == weekday
    assert 0 <= (day - published).days <= 6


@given(salad)
@settings(deadline=None, max_examples=150)
def test_without_a_day_of_writing_nothing_deictic_is_resolved(text: str) -> None:
    if len([y for y in re.findall(r"\d{4}", text) if 1500 <= int(y) <= 2100]) > 0:
        return
    for t in find(text, None):
        if t.rule.split("/")[1] in ("today", "weekday", "weekday-part", "last-night", "tonight", "rel-unit", "ago"):
            assert t.value is None or t.value.endswith("REF"), (t.text, t.value)
        if t.value is None:
            assert t.begin is None
            assert t.finish is None


def test_every_holiday_has_a_day_in_every_year() -> None:
    for name, entry in sorted(PATTERNS.holidays.items()):
        for year in range(1950, 2060):
            assert holiday(entry.rule, year).year == year, name


def test_windows_lose_no_match() -> None:
    """Searching only around the rare words finds what a search of the whole text finds: all examples in one text."""
    text = "\n".join(e.split("|")[0].strip().replace("[", "").replace("]", "") for r in RULES for e in r.entry.examples)
    codes = "\n" + to_classes(text, PATTERNS.lexicon)[0] + "\n"
    whole = {(r.entry.id, m.span()) for r in RULES for m in r.regex.finditer(codes)}
    windows = {(r.entry.id, m.span()) for r, a, b in _windows(codes, PATTERNS) for m in r.regex.finditer(codes, a, b)}
    assert whole - windows == set()
