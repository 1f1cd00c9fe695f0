"""Dates: the time expressions of a text with their values, and the date of each event with its basis."""

from legation.dates.event_time import date_of
from legation.dates.finder import find_dates
from legation.dates.patterns import Patterns, load_patterns

__all__ = ["Patterns", "date_of", "find_dates", "load_patterns"]
