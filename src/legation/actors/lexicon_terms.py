"""Terms of office: how they are written in the files and whether one covers a day."""

from __future__ import annotations

import functools
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One dated term of office.

    `start`/`end` are ISO dates, partial ("2014-05") where no more is known, or None. An open term is certain up
    to `as_of` (the last day on which the source showed it) and likely for a while after it.
    """

    office: str
    kind: str
    country: str | None
    sector: str | None
    start: str | None
    end: str | None
    as_of: str | None
    source: str


# How many years after `as_of` an open term is still likely, where no later holder is known.
_LIKELY_YEARS = {
    "head_of_state": 6,
    "head_of_government": 6,
    "royal": 30,
    "group": 50,
    "rebel_leader": 6,
    "party_leader": 4,
    "igo_head": 4,
    "foreign_minister": 4,
    "defence_minister": 3,
    "minister": 3,
}
_LIKELY_OTHERWISE = 2


def unpack(cell: str) -> tuple[Term, ...]:
    """The terms of a `terms` cell: "country;kind;sector;start;end;as_of;source;office" joined by "|"."""
    out = []
    for part in cell.split("|"):
        if part:
            country, kind, sector, start, end, as_of, source, office = part.split(";", 7)
            out.append(
                Term(office, kind, country or None, sector or None, start or None, end or None, as_of or None, source)
            )
    return tuple(out)


def pack(term: Term) -> str:
    """One term as it stands in a file."""
    office = term.office.replace("|", "/").replace(";", ",")
    return ";".join(
        (
            term.country or "",
            term.kind,
            term.sector or "",
            term.start or "",
            term.end or "",
            term.as_of or "",
            term.source,
            office,
        )
    )


@functools.lru_cache(maxsize=4096)
def day_bounds(date: str) -> tuple[str, str]:
    """First and last day that a full or partial ISO date can mean, as strings that compare."""
    if len(date) == 4:
        return date + "-01-01", date + "-12-31"
    if len(date) == 7:
        return date + "-01", date + "-31"
    return date, date


def coverage(start: str, end: str, as_of: str, kind: str, day: str) -> str | None:
    """ "term" if the day lies in the term, "term-open" if it lies after the last sight of an open one, else None.

    A term without start and end is one sight only (`as_of`): likely for a year around it.
    """
    if not start and not end:
        if not as_of:
            return None
        year = int(as_of[:4])
        if as_of[: len(as_of)] == day[: len(as_of)]:
            return "term"
        return "term-open" if f"{year - 1}{as_of[4:]}" <= day <= f"{year + 1}{as_of[4:]}~" else None
    if start and day < day_bounds(start)[0]:
        return None
    if end:
        return "term" if day <= day_bounds(end)[1] else None
    if as_of and day <= day_bounds(as_of)[1]:
        return "term"
    seen = day_bounds(as_of or start)[1]
    limit = f"{int(seen[:4]) + _LIKELY_YEARS.get(kind, _LIKELY_OTHERWISE)}{seen[4:]}"
    return "term-open" if day <= limit else None
