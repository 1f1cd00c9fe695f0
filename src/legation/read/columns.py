"""Which column of a table, or key of an item, holds the text, the date and so on."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from legation.datafiles import Schema, read_yaml
from legation.problems import DocumentError, Problem, SettingsError
from legation.read.days import ORDERS

FIELDS = ("id", "text", "html", "title", "date", "author", "publication", "language", "url")
MOST_NAMED = 40  # columns listed in a message


def parse_columns(given: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
    """ "text=body" and so on as a mapping from field to column. SettingsError when it is none."""
    if isinstance(given, Mapping):
        pairs = list(given.items())
    else:
        pairs = []
        for one in given:
            field, mark, column = one.partition("=")
            if not mark or not column:
                raise SettingsError(f"--column: {one!r} is not FIELD=COLUMN, such as text=body")
            pairs.append((field.strip(), column))
    found: dict[str, str] = {}
    for field, column in pairs:
        if field not in FIELDS:
            raise SettingsError(f"--column: there is no field {field!r}; the fields are {', '.join(FIELDS)}")
        if found.setdefault(field, column) != column:
            raise SettingsError(f"--column: {field} is given twice ({found[field]!r} and {column!r})")
    if "text" in found and "html" in found:
        raise SettingsError("--column: give either text or html, not both")
    return found


class Field(Schema):
    """One field and the headings under which people keep it."""

    field: str
    names: tuple[str, ...]


class Example(Schema):
    """A heading row and what is found in it."""

    header: tuple[str, ...]
    found: dict[str, str]


class ColumnsFile(Schema):
    """columns.yml"""

    fields: tuple[Field, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """`places` goes from field to the column's number; `order` is how days are written ("dmy"), None when unsaid."""

    places: Mapping[str, int]
    order: str | None


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-.]+", "", name).casefold()


@functools.cache
def columns_file() -> ColumnsFile:
    """columns.yml, read once, when the first table is."""
    return read_yaml(Path(__file__).parent / "columns.yml", ColumnsFile).value


def split_order(column: str, known: Iterable[str]) -> tuple[str, str | None]:
    """ "published:dmy" as (published, dmy), unless a column has the whole name."""
    name, mark, order = column.rpartition(":")
    if mark and order in ORDERS and column not in known:
        return name, order
    return column, None


def find_columns(header: Sequence[str], asked: Mapping[str, str], name: str) -> Columns:
    """Where the fields stand. DocumentError "columns" names the columns that exist when one is not there."""
    exact = {h.strip(): k for k, h in reversed(list(enumerate(header)))}
    plain = {_plain(h): k for k, h in reversed(list(enumerate(header)))}
    shown = ", ".join(repr(h) for h in header[:MOST_NAMED]) + (", ..." if len(header) > MOST_NAMED else "")
    places: dict[str, int] = {}
    order: str | None = None
    for field, column in asked.items():
        if field == "date":
            column, order = split_order(column, exact)
        at = exact.get(column.strip(), plain.get(_plain(column)))
        if at is None:
            reason = f"has no column {column!r} for {field}; its columns are {shown}"
            raise DocumentError(Problem("columns", reason, name, name))
        places[field] = at
    for usual in columns_file().fields:
        field = usual.field
        if field in places or (field in ("text", "html") and {"text", "html"} & places.keys()):
            continue
        free = [plain[_plain(n)] for n in usual.names if _plain(n) in plain and plain[_plain(n)] not in places.values()]
        if free:
            places[field] = free[0]
    if not {"text", "html"} & places.keys():
        reason = f"has no column for the text; its columns are {shown}; name one with --column text=COLUMN"
        raise DocumentError(Problem("columns", reason, name, name))
    return Columns(places, order)
