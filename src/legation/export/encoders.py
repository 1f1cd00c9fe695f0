"""From rows to text: delimited tables, lines of JSON, one JSON array, GeoJSON. Each works record by record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from legation.export.parts import Record, one_line
from legation.export.tables import Column, Tables

Rows = Callable[[Record, Tables], Iterator[list[Any]]]


class Encoder(Protocol):
    """Writes a layout as text. `rows` counts what was written; nothing of a record is kept."""

    rows: int

    def start(self) -> str:
        """What stands before the first record."""

    def add(self, record: Record) -> str:
        """One record."""

    def end(self) -> str:
        """What stands after the last record."""


class Delimited:
    """A table with one line a row.

    With tabs, line breaks and tabs inside a cell become blanks, because many readers of such files know no quoting;
    with commas, cells are quoted where they must be (RFC 4180) and keep their line breaks. A NUL character, which no
    reader takes, becomes U+FFFD. Cells of a list are joined by "; ".
    """

    def __init__(
        self,
        rows: Rows,
        columns: tuple[Column, ...],
        tables: Tables,
        *,
        tabs: bool = False,
        quoting: bool = True,
        header: bool = True,
    ) -> None:
        self.rows = 0
        self._rows, self._columns, self._tables = rows, columns, tables
        self._tabs, self._header = tabs, header
        self._quoting = quoting

    def start(self) -> str:
        """The names of the columns, where the layout has a header."""
        return self._written([c.name for c in self._columns]) if self._header else ""

    def add(self, record: Record) -> str:
        """The rows of one record."""
        lines = []
        for row in self._rows(record, self._tables):
            if len(row) != len(self._columns):
                raise ValueError(f"{len(row)} cells for {len(self._columns)} columns")
            self.rows += 1
            lines.append(self._written([self._cell(v, c) for v, c in zip(row, self._columns, strict=True)]))
        return "".join(lines)

    def end(self) -> str:
        """Nothing."""
        return ""

    def _cell(self, value: Any, column: Column) -> str:
        if isinstance(value, list):
            value = "; ".join("" if v is None else str(v) for v in value)
        if value is None or value == "":
            return column.unknown
        text = str(value)
        return one_line(text) if self._tabs else text.replace("\0", "\N{REPLACEMENT CHARACTER}")

    def _written(self, cells: list[str]) -> str:
        return line(cells, "\t" if self._tabs else ",", quoting=self._quoting)


def line(cells: Sequence[str], delimiter: str = ",", *, quoting: bool = True) -> str:
    """One line of a table. Cells with delimiters, quotes or line breaks are quoted, quotes in them doubled (RFC 4180).

    Our own, because Python's csv leaves a lone carriage return unquoted, at which readers break the line.
    """
    if quoting:
        special = (delimiter, '"', "\n", "\r")
        cells = ['"' + c.replace('"', '""') + '"' if any(s in c for s in special) else c for c in cells]
        if len(cells) == 1 and not cells[0]:
            cells = ['""']  # else the line would be empty, and readers pass over it
    return delimiter.join(cells) + "\n"


class JsonLines:
    """One object a line."""

    def __init__(self, shape: Callable[[Record], Any]) -> None:
        self.rows = 0
        self._shape = shape

    def start(self) -> str:
        """Nothing."""
        return ""

    def add(self, record: Record) -> str:
        """One line."""
        self.rows += 1
        return dumped(self._shape(record)) + "\n"

    def end(self) -> str:
        """Nothing."""
        return ""


class JsonArray:
    """One array, one element a line. `before` and `after` stand around it, so that it can be part of an object."""

    def __init__(self, shape: Callable[[Record], Any], before: str = "", after: str = "") -> None:
        self.rows = 0
        self._shape, self._before, self._after = shape, before, after

    def start(self) -> str:
        """Nothing: an empty array stands on one line."""
        return ""

    def add(self, record: Record) -> str:
        """One element."""
        self.rows += 1
        return ("," if self.rows > 1 else self._before + "[") + "\n" + dumped(self._shape(record))

    def end(self) -> str:
        """The end of the array."""
        return ("\n]" if self.rows else self._before + "[]") + self._after + "\n"


def dumped(value: object) -> str:
    """JSON on one line: keys sorted, characters as they are, no NaN."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)


def encoded(records: Iterable[Record], encoder: Encoder) -> Iterator[str]:
    """The whole text, piece by piece."""
    yield encoder.start()
    for record in records:
        yield encoder.add(record)
    yield encoder.end()
