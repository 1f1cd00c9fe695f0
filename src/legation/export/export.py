"""One export from beginning to end: the data file, the sheet beside it, each whole or not there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from legation.export.datasheet import Made, datasheet, markdown
from legation.export.encoders import dumped
from legation.export.files import whole
from legation.export.layouts import Layout, Options, sink
from legation.export.parts import Record
from legation.export.safe import safe
from legation.export.tables import Tables
from legation.export.tally import Tally
from legation.model.run import Run


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported. `text_of` gives an article's text by its id, where it is known; only for `safe`.

    `current` gives the run of this installation; it is only asked when no row of `runs` tells about a record's run.
    `corrected`: how many records people corrected, None where that is not known.
    """

    layout: Layout
    options: Options
    version: str
    source: str
    filters: str = ""
    runs: Sequence[Mapping[str, Any]] = ()
    current: Callable[[], Run | None] | None = None
    corrected: int | None = None
    text_of: Callable[[str], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was written: the three files, rows, and the counts."""

    files: tuple[Path, Path, Path]
    rows: int
    tally: Tally


def sheet_paths(path: Path) -> tuple[Path, Path]:
    """Where the sheet of a data file stands: JSON and Markdown."""
    return path.with_name(f"{path.name}.datasheet.json"), path.with_name(f"{path.name}.datasheet.md")


def export(records: Iterable[Record], path: Path, tables: Tables, order: Order) -> Done:
    """Write the records to `path` and the sheet beside it.

    Memory grows only with the number of articles and publications, by a hash or a name for each.
    """
    tally = Tally()
    layout, options = order.layout, order.options
    columns = layout.columns(tables, options)
    with whole(path) as file:
        hashed = _Hashed(file)
        out = sink(layout, hashed, tables, options, {"legation": order.version, "filters": order.filters})  # type: ignore[arg-type]
        texts = _Texts(order.text_of)
        for record in records:
            if not layout.takes(record):
                tally.leave_out(record)
                continue
            tally.add(record)
            out.add(safe(record, texts.of(record["article"]["id"])) if options.safe else record)
        out.close()
    made = Made(
        version=order.version,
        file=path.name,
        file_sha256=hashed.sha256.hexdigest(),
        rows=out.rows,
        safe=options.safe,
        header=bool(columns) and (layout.name != "gdelt" if options.header is None else options.header),
        filters=order.filters,
        source=order.source,
        runs=order.runs,
        current=_current(order, tally),
        corrected=order.corrected,
    )
    sheet = datasheet(layout, columns, tally, made)
    as_json, as_markdown = sheet_paths(path)
    for target, text in ((as_json, dumped(sheet) + "\n"), (as_markdown, markdown(sheet))):
        with whole(target) as file:
            file.write(text.encode("utf8", "backslashreplace"))
    return Done((path, as_json, as_markdown), out.rows, tally)


def _current(order: Order, tally: Tally) -> Run | None:
    told = {row["run"] for row in order.runs}
    return order.current() if order.current is not None and set(tally.counts["run"]) - told else None


class _Texts:
    """The text of the last article asked for: records of one article stand together as a rule."""

    def __init__(self, text_of: Callable[[str], str | None] | None) -> None:
        self._text_of = text_of
        self._last: tuple[str, str | None] | None = None

    def of(self, article: str) -> str | None:
        if self._text_of is None:
            return None
        if self._last is None or self._last[0] != article:
            self._last = (article, self._text_of(article))
        return self._last[1]


class _Hashed:
    """A file that hashes what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write and hash."""
        self.sha256.update(data)
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
