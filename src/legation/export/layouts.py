"""The layouts by name, and writing records in one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from legation.export import flat, gdelt, geojson, icews, plover, polecat
from legation.export.encoders import Delimited, Encoder, JsonArray, JsonLines
from legation.export.parquet import ParquetSink
from legation.export.parts import Record
from legation.export.tables import Column, Tables
from legation.problems import SettingsError

# POLECAT, ICEWS and GDELT have no column for the status: in them a row says that somebody did something. What did not
# happen, or is not said to have happened, would be read as if it had; PLOVER's manual leaves such events out too.
TOLD_AS_DONE = frozenset({"happened", "alleged", "historical"})


@dataclass(frozen=True, slots=True)
class Options:
    """How a layout is written. `header`: None = as the layout has it."""

    safe: bool = False
    header: bool | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A form of export. `columns_of` names its columns in columns.tsv (None: whole records as JSON).

    `statuses`: None = all; else records of any other status have no place in it. `encoder` is None for files that
    are no text.
    """

    name: str
    title: str
    suffix: str
    columns_of: str | None
    statuses: frozenset[str] | None
    encoder: Callable[[Tables, Options], Encoder] | None

    def columns(self, tables: Tables, options: Options) -> tuple[Column, ...]:
        """Its columns in their order; none for whole records."""
        if self.columns_of is None:
            return ()
        more = tables.columns["safe"] if options.safe and self.columns_of == "csv" else ()
        return (*tables.columns[self.columns_of], *more)

    def takes(self, record: Record) -> bool:
        """Whether a record of this status has a place in the layout."""
        return self.statuses is None or record["status"] in self.statuses


def _csv(tables: Tables, options: Options) -> Encoder:
    rows = flat.safe_rows if options.safe else flat.rows
    columns = tables.columns["csv"] + (tables.columns["safe"] if options.safe else ())
    return Delimited(rows, columns, tables, header=options.header is not False)


def _tabs(module: Any, name: str, *, header: bool, quoting: bool) -> Callable[[Tables, Options], Encoder]:
    def made(tables: Tables, options: Options) -> Encoder:
        shown = header if options.header is None else options.header
        return Delimited(module.rows, tables.columns[name], tables, tabs=True, quoting=quoting, header=shown)

    return made


def _geojson(tables: Tables, options: Options) -> Encoder:
    columns = tables.columns["csv"] + (tables.columns["safe"] if options.safe else ())
    return JsonArray(lambda r: geojson.feature(r, columns), '{"type": "FeatureCollection", "features": ', "}")


def _same(record: Record) -> Record:
    return record


ALL = (
    Layout("jsonl", "our records, one a line", "jsonl", None, None, lambda t, o: JsonLines(_same)),
    Layout("json", "our records, one array", "json", None, None, lambda t, o: JsonArray(_same)),
    Layout("csv", "our flat columns, CSV", "csv", "csv", None, _csv),
    Layout("parquet", "our flat columns, Parquet", "parquet", "csv", None, None),
    Layout("geojson", "points with our flat columns, GeoJSON", "geojson", "csv", None, _geojson),
    Layout(
        "plover", "PLOVER JSON, one event a line", "jsonl", "plover", None,
        lambda t, o: JsonLines(lambda r: plover.event(r, t)),
    ),
    Layout(
        "polecat", "POLECAT, tabs", "txt", "polecat", TOLD_AS_DONE, _tabs(polecat, "polecat", header=True, quoting=True)
    ),
    Layout("icews", "ICEWS, tabs", "tab", "icews", TOLD_AS_DONE, _tabs(icews, "icews", header=True, quoting=True)),
    Layout(
        "gdelt", "GDELT 2.0 events, tabs, no header", "export.CSV", "gdelt", TOLD_AS_DONE,
        _tabs(gdelt, "gdelt", header=False, quoting=False),
    ),
)  # fmt: skip
LAYOUTS = {layout.name: layout for layout in ALL}


def layout_named(name: str) -> Layout:
    """The layout of this name. SettingsError when there is none."""
    found = LAYOUTS.get(name)
    if found is None:
        raise SettingsError(f"there is no layout {name!r}; there are {', '.join(LAYOUTS)}")
    return found


class Sink(Protocol):
    """Where records go."""

    @property
    def rows(self) -> int:
        """Rows so far."""

    def add(self, record: Record) -> None:
        """One record."""

    def close(self) -> None:
        """The end."""


class TextSink:
    """Writes the text of an encoder to a file as UTF-8."""

    def __init__(self, file: BinaryIO, encoder: Encoder) -> None:
        self._file, self._encoder = file, encoder
        self._write(encoder.start())

    @property
    def rows(self) -> int:
        """Rows written."""
        return self._encoder.rows

    def add(self, record: Record) -> None:
        """One record."""
        self._write(self._encoder.add(record))

    def close(self) -> None:
        """The end."""
        self._write(self._encoder.end())

    def _write(self, text: str) -> None:
        self._file.write(text.encode("utf8", "backslashreplace"))


def sink(layout: Layout, file: BinaryIO, tables: Tables, options: Options, about: dict[str, str]) -> Sink:
    """Where to put records so that they stand in the file in this layout. `about` goes into files that hold notes."""
    if layout.encoder is None:
        return ParquetSink(file, tables, safe=options.safe, about=about)
    return TextSink(file, layout.encoder(tables, options))


def write(
    records: Iterable[Record], layout: Layout, file: BinaryIO, tables: Tables, options: Options = Options()
) -> tuple[int, int]:
    """Write all records that have a place in the layout: (rows written, records left out for their status)."""
    out = sink(layout, file, tables, options, {})
    left = 0
    for record in records:
        if layout.takes(record):
            out.add(record)
        else:
            left += 1
    out.close()
    return out.rows, left
