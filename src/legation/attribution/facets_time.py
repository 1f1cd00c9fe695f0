"""Which events the text places before the news window: years, decades, "ten years ago", "during the war".

A simple reading of its own, so that the stage needs nothing from the dates stage. A year counts as past when its
middle lies more than `WINDOW` days before the text's date; where that is not known, when it is earlier than
the latest year the text names.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator

from legation.attribution.facets_data import StatusCues, Time
from legation.model.claims import Cue
from legation.model.parse import Parse
from legation.model.text import Article

WINDOW = 92  # days: the contract's "about three months"
CLIMB = 8  # steps up the tree from a time expression to its event

_YEAR = re.compile(r"(1[0-9]{3}|20[0-9]{2})$")
_DECADE = re.compile(r"'?(1[0-9]|20)?([0-9]0)s$")
_DAY = re.compile(r"([0-3]?[0-9])(?:st|nd|rd|th)?$")
_MONTHS = tuple(name.lower() for name in calendar.month_name[1:])
_ONGOING = ("since", "by", "until", "till", "from")


def past_marks(article: Article, parse: Parse, cues: StatusCues, predicates: frozenset[int]) -> dict[int, Cue]:
    """Token index of an event -> the cue that places it before the news window. Later cues do not replace earlier."""
    out: dict[int, Cue] = {}
    latest = _latest_year(parse) if article.published is None else None
    occasions: set[str] = set()
    for first, last, kind in _old_dates(article, parse, latest):
        target = _event_of(parse, first, predicates)
        cue = _cue(parse, first, last, "year")
        word = _occasion(parse, first, cues)
        if word is not None:
            occasions.add(word)
        if target is not None and not (kind == "year" and _ongoing(parse, first)):
            out.setdefault(target, cue)
            placed = _placed_by(parse, target, cues, predicates)
            if placed is not None:
                out.setdefault(placed, cue)
    for first, last, entry in _phrases(parse, cues):
        target = _target(parse, first, last, entry, predicates)
        if target is not None:
            out.setdefault(target, _cue(parse, first, last, entry.id))
    if occasions:
        for t in parse.tokens:
            if t.lemma in occasions and t.dep in ("compound", "pobj", "dobj", "nmod"):
                target = _dated_by_occasion(parse, t.i, predicates)
                if target is not None:
                    out.setdefault(target, _cue(parse, t.i, t.i, "occasion"))
    return out


def _cue(parse: Parse, first: int, last: int, cue_id: str) -> Cue:
    a, b = parse.tokens[first].start, parse.tokens[last].end
    return Cue(a, b, parse.text[a:b], cue_id, "historical")


def _latest_year(parse: Parse) -> int | None:
    years = [int(t.text) for t in parse.tokens if _YEAR.fullmatch(t.text) and _is_year(parse, t.i)]
    return max(years, default=None)


def _is_year(parse: Parse, i: int) -> bool:
    """A four-digit number that counts nothing ("1500 soldiers")."""
    t = parse.tokens[i]
    if not 1000 <= int(t.text) <= 2100:
        return False
    counts = t.dep == "nummod" and parse.tokens[t.head].tag == "NNS"
    return not counts and (i == 0 or parse.tokens[i - 1].text not in ("$", "€", "£", "#"))


def _old_dates(article: Article, parse: Parse, latest: int | None) -> Iterator[tuple[int, int, str]]:
    """(first token, last token, kind) of years, decades and days that lie before the window."""
    reference = datetime.date.fromisoformat(article.published[:10]) if article.published else None
    for t in parse.tokens:
        head = t.text[:1]
        if not (head.isdigit() or head in "'’" or (head.isupper() and t.lower in _MONTHS)):
            continue
        if _YEAR.fullmatch(t.text) and _is_year(parse, t.i):
            year = int(t.text)
            month = _month_before(parse, t.i)
            if _old(year, month, reference, latest):
                yield t.i, t.i, "year"
        elif (m := _DECADE.fullmatch(t.text.replace("’", "'"))) and (m[1] or t.text[0] in "'’" or int(m[2]) >= 30):
            decade = int((m[1] or ("20" if m[2] in ("00", "10") else "19")) + m[2])
            limit = reference.year if reference else latest
            if limit is None or decade + 10 <= limit:
                yield t.i, t.i, "decade"
        elif reference and t.lower in _MONTHS and t.i + 1 < len(parse.tokens):
            day = _DAY.fullmatch(parse.tokens[t.i + 1].text)
            near = parse.tokens[t.i + 2 : t.i + 4]
            if day and not any(_YEAR.fullmatch(x.text) for x in near) and _old_day(t.lower, int(day[1]), reference):
                yield t.i, t.i + 1, "day"


def _old(year: int, month: int | None, reference: datetime.date | None, latest: int | None) -> bool:
    if reference is None:
        return latest is not None and year < latest
    middle = datetime.date(year, month, 15) if month else datetime.date(year, 7, 1)
    return (reference - middle).days > WINDOW


def _old_day(month: str, day: int, reference: datetime.date) -> bool:
    """A day without a year: the last one before the text's date, if that is nearer than the next one to come."""
    number = _MONTHS.index(month) + 1
    try:
        this = datetime.date(reference.year, number, day)
    except ValueError:
        return False
    if this > reference:
        this = this.replace(year=reference.year - 1, day=min(day, 28))
    return WINDOW < (reference - this).days <= 183


def _month_before(parse: Parse, i: int) -> int | None:
    for k in range(max(0, i - 4), i):
        if parse.tokens[k].lower in _MONTHS:
            return _MONTHS.index(parse.tokens[k].lower) + 1
    return None


def _ongoing(parse: Parse, i: int) -> bool:
    """Whether the time is the beginning of something that goes on ("since 2019")."""
    return any(t.lower in _ONGOING[:4] for t in parse.tokens[max(0, i - 3) : i] if t.pos in ("ADP", "SCONJ"))


def _event_of(parse: Parse, i: int, predicates: frozenset[int]) -> int | None:
    """The event a time expression hangs on: the nearest one above it."""
    k = i
    for _ in range(CLIMB):
        head = parse.tokens[k].head
        if head == k:
            return None
        k = head
        if k in predicates and parse.tokens[k].ent not in ("DATE", "TIME"):
            return k
    return None


def _placed_by(parse: Parse, noun: int, cues: StatusCues, predicates: frozenset[int]) -> int | None:
    """The event that a dated occasion places in time ("fled after the 2016 vote"): the one above its preposition."""
    t = parse.tokens[noun]
    prep = parse.tokens[t.head]
    if t.dep != "pobj" or prep.lower not in cues.words["placing_prepositions"] or prep.head not in predicates:
        return None
    return prep.head


def _occasion(parse: Parse, i: int, cues: StatusCues) -> str | None:
    head = parse.tokens[parse.tokens[i].head]
    return head.lemma if head.lemma in cues.words["occasions"] else None


def _dated_by_occasion(parse: Parse, i: int, predicates: frozenset[int]) -> int | None:
    """The event noun that an occasion modifies ("election meddling", "meddling in the election").

    Also a non-finite verb that acts on it ("efforts to swing the election").
    """
    t = parse.tokens[i]
    head = parse.tokens[t.head]
    if t.dep in ("compound", "nmod"):
        return head.i if head.i in predicates and head.pos == "NOUN" else None
    if t.dep == "dobj":
        return head.i if head.tag in ("VB", "VBG") and head.dep in ("xcomp", "acl", "pcomp", "advcl") else None
    above = parse.tokens[head.head] if head.dep == "prep" and head.lower in ("in", "during", "before") else None
    return above.i if above is not None and above.i in predicates and above.pos == "NOUN" else None


def _phrases(parse: Parse, cues: StatusCues) -> Iterator[tuple[int, int, Time]]:
    """Time phrases by their words, the longest first."""
    tokens = parse.tokens
    lower = [t.lower for t in tokens]
    end = len(tokens)
    for i, word in enumerate(lower):
        for words, entry in cues.times.get(word, ()):
            if i + len(words) <= end and tuple(lower[i : i + len(words)]) == words:
                yield i, i + len(words) - 1, entry
                break


def _target(parse: Parse, first: int, last: int, entry: Time, predicates: frozenset[int]) -> int | None:
    if entry.as_of == "after":
        return next((k for k in range(last + 1, min(last + 8, len(parse.tokens))) if k in predicates), None)
    if entry.as_of == "object":
        head = parse.tokens[first]
        return next((c for c in parse.children[head.i] if parse.tokens[c].dep in ("dobj", "nsubjpass")), None)
    if entry.as_of == "noun":
        return _event_of(parse, last, predicates)
    inside = set(range(first, last + 1))
    top = last
    while parse.tokens[top].head in inside and parse.tokens[top].head != top:
        top = parse.tokens[top].head
    return _event_of(parse, top, predicates)
