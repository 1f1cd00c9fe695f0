"""Day and author from the small lines around a headline."""

from __future__ import annotations

import datetime
import re

from legation.clean.cleaner import Cleaner

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FORMS = (
    (re.compile(rf"\b{_NAME}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", re.I), "mdy"),
    (re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s.-]+{_NAME},?[\s-]+((?:19|20)\d\d)\b", re.I), "dmy"),
    (re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b"), "ymd"),
)
_AUTHOR = re.compile(r"^\W*by:?\s+(.{3,80})$", re.I)
_AUTHOR_END = re.compile(r"\s*(?:[|•·–—]|\s-\s|,\s|\bon\b|\bfor\b|\d|@|\bpublished\b|\bupdated\b).*$", re.I)


def day_of(lines: list[str], cleaner: Cleaner) -> str | None:
    """The first full date (day, month, year) that a by-line names; None when there is none."""
    for line in lines:
        if len(line) > 160:
            continue
        for pattern, order in _FORMS:
            for match in pattern.finditer(line):
                a, b, c = match.groups()
                try:
                    if order == "mdy":
                        found = datetime.date(int(c), _MONTHS.index(a.lower()) + 1, int(b))
                    elif order == "dmy":
                        found = datetime.date(int(c), _MONTHS.index(b.lower()) + 1, int(a))
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
