"""Day and author from the small lines around a headline."""

from __future__ import annotations

import datetime
import re

from legation.clean.cleaner import Cleaner

LONGEST_BYLINE = 160  # characters; longer lines are prose, and their dates are no dates of publication
_YEAR = r"((?:19|20)\d\d)"
_AUTHOR = re.compile(r"^\W*by:?\s+(.{3,80})$", re.I)
_AUTHOR_END = re.compile(r"\s*(?:[|•·–—]|\s-\s|,\s|\bon\b|\bfor\b|\d|@|\bpublished\b|\bupdated\b).*$", re.I)


def date_forms(months: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of a full date with the order of its parts; months by their first three letters."""
    month = rf"({'|'.join(map(re.escape, months))})[a-z]*\.?"
    return (
        (re.compile(rf"\b{month}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}\b", re.I), "mdy"),
        (re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s.-]+{month},?[\s-]+{_YEAR}\b", re.I), "dmy"),
        (re.compile(rf"\b{_YEAR}-(\d\d)-(\d\d)\b"), "ymd"),
    )


def day_of(lines: list[str], cleaner: Cleaner) -> str | None:
    """The first full date (day, month, year) that a by-line names; None when there is none."""
    months = cleaner.language.months
    forms = date_forms(months)
    for line in lines:
        if len(line) > LONGEST_BYLINE:
            continue
        for pattern, order in forms:
            for match in pattern.finditer(line):
                a, b, c = match.groups()
                try:
                    if order == "mdy":
                        found = datetime.date(int(c), months.index(a.lower()) + 1, int(b))
                    elif order == "dmy":
                        found = datetime.date(int(c), months.index(b.lower()) + 1, int(a))
                    else:
                        found = datetime.date(int(a), int(b), int(c))
                except ValueError:
                    continue
                return found.isoformat()
    return None


def author_of(lines: list[str], cleaner: Cleaner) -> str | None:
    """The name after "By"; None when no line has one."""
    for line in lines:
        match = _AUTHOR.match(line)
        if match:
            name = _AUTHOR_END.sub("", match.group(1)).strip(" .,;|")
            if name and len(name.split()) <= 8 and name[0].isupper():
                return name
    return None
