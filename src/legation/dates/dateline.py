"""The day of writing: what the caller knows, or a day that the text itself states in its dateline."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from legation.dates.calendar import iso_day
from legation.model.text import Article

NEAR_THE_TOP = 1500  # characters in which a dateline is looked for
SAME_WEEK = 7  # days by which a dateline may differ from the day of publication

_LEAD_ALONE = re.compile(r"(?:(?:Published|Updated|Posted|Date)(?: on)?:?)?")
_LEAD_PLACE = re.compile(r"[A-Z][\w .,'’/()-]{0,58}[,(—–-]?")
_REST_AGENCY = re.compile(r"(?:\([\w /]+\)\s*)?[-—–]+|\([A-Z][\w /]+\)")


def day_of_writing(
    article: Article, explicit: Iterable[tuple[int, int, str | None]]
) -> tuple[datetime.date | None, str | None]:
    """(day, "dateline" | "publication") or (None, None).

    `explicit` are (start, end, value) of full dates in text order. One that stands alone on its line near the
    top, or between a place and a dash or an agency ("GENEVA, May 3, 2011 (Agency) -"), is a dateline. Within
    a week of the known day it is nearer to the words ("yesterday") than that day; farther off it is ignored.
    """
    text, published = article.text, iso_day(article.published)
    for start, end, value in explicit:
        if start > NEAR_THE_TOP:
            break
        day = iso_day(value)
        if day is None or (published and abs((day - published).days) > SAME_WEEK):
            continue
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        lead = text[line_start:start].strip()
        rest = text[end : line_end if line_end >= 0 else len(text)].strip()
        alone = not rest and _LEAD_ALONE.fullmatch(lead)
        if alone or (_LEAD_PLACE.fullmatch(lead) and _REST_AGENCY.match(rest)):
            return day, "dateline"
    return published, "publication" if published else None
