"""The day of publication as people and machines write it. What could be two days is none."""

from __future__ import annotations

import datetime
import email.utils
import re

ORDERS = ("dmy", "mdy", "ymd")
_ISO = re.compile(r"(\d{4})(?P<mark>[-/.]?)(\d\d?)(?P=mark)(\d\d?)(?=$|[T ,]\s*\d|Z$)")
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?=$|[ ,T])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+)?"
_DAY_FIRST = re.compile(rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(\d{{4}})\b", re.I)
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.I)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def day_of(value: object, order: str | None = None) -> str | None:
    """The ISO day of a date in any form that has one meaning; None for everything else.

    ISO dates with or without a time, mail dates, English month names. 03/04/2031 is read only with `order` ("dmy",
    "mdy"). A time with its zone keeps the day it had where it was written.
    """
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = " ".join(str(value).split())
    if match := _ISO.match(text):
        year, _, month, day = match.groups()
        if not match.group("mark") and len(month + day) != 4:
            return None
        return _day(int(year), int(month), int(day))
    if match := _NUMBERS.match(text):
        first, mark, second, year = match.groups()
        if order is None and mark == ".":
            order = "dmy"  # nobody writes month.day.year with full stops
        if order == "dmy":
            return _day(int(year), int(second), int(first))
        return _day(int(year), int(first), int(second)) if order == "mdy" else None
    if match := _DAY_FIRST.match(text):
        return _day(int(match.group(3)), _MONTHS.index(match.group(2).lower()) + 1, int(match.group(1)))
    if match := _MONTH_FIRST.match(text):
        return _day(int(match.group(3)), _MONTHS.index(match.group(1).lower()) + 1, int(match.group(2)))
    return None


def mail_day(value: str) -> str | None:
    """The day of a mail's or feed's date (RFC 5322) in the sender's own zone."""
    try:
        return email.utils.parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return day_of(value)
