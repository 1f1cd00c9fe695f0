"""CSV and TSV: a row, a document. Rows are read one at a time; a broken one does not take its neighbours with it."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, cast

from legation.model.text import RawDocument
from legation.problems import DocumentError, Problem
from legation.read.columns import Columns, find_columns
from legation.read.decode import BOMS, decoded, is_binary
from legation.read.how import How, Source
from legation.read.items import document_of, lines_of
from legation.read.limits import MAX_HTML_BYTES, MAX_LINE_BYTES, megabytes
from legation.read.streams import head_of, peekable

_DELIMITERS = ",;\t|"
MOST_PROBLEMS_IN_A_ROW = 1_000  # a file in which nothing fits is no table


class _Lines:
    """Lines of a file for the csv module, which can be handed back to be read again in another way.

    Bytes are shown as Latin-1, one character for one byte: delimiters and quotes are ASCII in every encoding that is
    read, and each row is decoded by itself afterwards.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.lines = lines_of(stream)
        self.waiting: deque[tuple[int, bytes]] = deque()
        self.taken: list[tuple[int, bytes]] = []
        self.too_long: int | None = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.waiting:
            number, line = self.waiting.popleft()
        else:
            number, found = next(self.lines)
            if found is None:
                self.too_long = number
                raise csv.Error(f"is longer than {megabytes(MAX_LINE_BYTES)}")
            line = found
        self.taken.append((number, line))
        if b"\x00" in line:
            raise csv.Error("holds a NUL byte")
        return line.decode("latin-1")

    def begin(self) -> None:
        """A new row begins: what was taken before is done with."""
        self.taken.clear()
        self.too_long = None

    def hand_back(self) -> None:
        """All lines taken for this row, but its first, are to be read again."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def read_table(stream: BinaryIO, source: Source, how: How, delimiter: str | None) -> Iterator[RawDocument | Problem]:
    """Every row below the heading. `delimiter` None: the one that the heading shows."""
    name = source.name
    stream, charset = _as_bytes(stream, source)
    # the limit belongs to the whole process; nobody else here uses the module with another one
    csv.field_size_limit(MAX_HTML_BYTES)
    lines = _Lines(stream)
    header, delimiter = _header(lines, delimiter, name, charset)
    columns = find_columns(header, how.columns, name)
    wide, failed, seen = len(header), 0, False
    while True:
        lines.begin()
        try:
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except StopIteration:
            break
        except csv.Error as error:
            split = _plain_cells(lines, delimiter, wide)
            if split is None:
                seen = True
                failed += 1
                yield _bad(lines, source, error)
                if failed >= MOST_PROBLEMS_IN_A_ROW:
                    reason = f"{failed:,} rows one after the other cannot be read; the rest was left alone"
                    yield Problem("bad-row", reason, name, name)
                    return
                continue
            cells = split
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            continue
        seen = True
        found = _document(cells, lines, columns, wide, source, how, charset)
        failed = failed + 1 if isinstance(found, Problem) else 0
        yield found
    if not seen:
        yield Problem("empty", "holds a heading and no row", name, name)


def _as_bytes(stream: BinaryIO, source: Source) -> tuple[BinaryIO, str | None]:
    """The stream without a byte order mark, and the encoding when the mark or the server named one.

    UTF-16 and UTF-32 are turned into UTF-8 on the way, since their delimiters are no single bytes.
    """
    buffered = peekable(stream)
    head = head_of(buffered)
    for bom, encoding in BOMS:
        if head.startswith(bom):
            if encoding == "utf-8-sig":
                buffered.read(len(bom))
                return buffered, "utf-8"
            return peekable(cast(BinaryIO, _Recoded(buffered, encoding))), "utf-8"
    what = is_binary(head.split(b"\n", 1)[0])  # a row with a NUL byte is a row that is none, not a file that is none
    if what:
        raise DocumentError(Problem("binary", f"is not a table but {what}", source.name, source.name))
    return buffered, source.charset


class _Recoded(io.RawIOBase):
    """UTF-8 made of another encoding; what is no character becomes U+FFFD."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder(encoding)("replace")
        self.waiting = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self.waiting:
            block = self.stream.read(1 << 15)
            self.waiting = self.decoder.decode(block, final=not block).encode("utf-8", "replace")
            if not block:
                break
        count = min(len(buffer), len(self.waiting))
        buffer[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count


def _header(lines: _Lines, delimiter: str | None, name: str, charset: str | None) -> tuple[list[str], str]:
    """The heading and the delimiter. DocumentError when there is none."""
    try:
        first = next(lines)
        while not first.strip():
            lines.begin()
            first = next(lines)
    except StopIteration:
        raise DocumentError(Problem("empty", "is empty", name, name)) from None
    except csv.Error as error:
        raise DocumentError(Problem("bad-row", f"its first line {error}", name, name)) from None
    if delimiter is None:
        delimiter = max(_DELIMITERS, key=lambda d: (first.count(d), -_DELIMITERS.index(d)))
    lines.waiting.appendleft(lines.taken[-1])
    lines.begin()
    try:
        cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration) as error:
        raise DocumentError(Problem("bad-row", f"its heading cannot be read ({error})", name, name)) from None
    return [c.strip() for c in _decoded(cells, name, name, charset)], delimiter


def _decoded(cells: list[str], name: str, id_: str, charset: str | None) -> list[str]:
    """Cells that were shown as Latin-1 in the encoding of their row, which all of them together tell best."""
    given = [c.encode("latin-1") for c in cells]
    _, encoding = decoded(b"\n".join(given), name, html=False, id_=id_, charset=charset)
    try:
        return [c.decode(encoding) for c in given]
    except UnicodeDecodeError as error:  # bytes that begin like UTF-16, in a cell
        raise DocumentError(Problem("encoding", f"is not {encoding} throughout", name, id_)) from error


def _plain_cells(lines: _Lines, delimiter: str, wide: int) -> list[str] | None:
    """The cells of a tab-separated line that does not quote: its quotation marks are those of the text."""
    if delimiter != "\t" or not lines.taken or lines.too_long is not None:
        return None
    cells = lines.taken[0][1].decode("latin-1").rstrip("\r\n").split("\t")
    if len(cells) != wide or "\x00" in "".join(cells):
        return None
    lines.hand_back()
    return cells


def _bad(lines: _Lines, source: Source, error: csv.Error) -> Problem:
    """The Problem of a row that is none; the lines below its first are read again."""
    if lines.too_long is not None and not lines.taken:
        return Problem("too-large", str(error), source.part("line", lines.too_long))
    number = lines.taken[0][0]
    text = str(error)
    if "field larger" in text:
        text = f"has a cell of more than {megabytes(MAX_HTML_BYTES)}; is a quotation mark never closed?"
    elif "unexpected end" in text:
        text = "opens a quotation mark that is never closed"
    elif "expected after" in text:
        text = "has a quotation mark inside a quoted cell; it should be doubled"
    elif lines.too_long is not None:
        text = f"opens a quotation mark that is not closed before line {lines.too_long}, which {text}"
    lines.hand_back()
    return Problem("bad-row", text, source.part("line", number), source.id(number))


def _document(
    cells: list[str], lines: _Lines, columns: Columns, wide: int, source: Source, how: How, charset: str | None
) -> RawDocument | Problem:
    number = lines.taken[0][0] if lines.taken else 0
    name, id_ = source.part("line", number), source.id(number)
    if len(cells) != wide:
        quoting = "; is a delimiter not quoted, or a quotation mark not closed?" if len(lines.taken) > 1 else ""
        return Problem("bad-row", f"has {len(cells)} cells, the heading has {wide}{quoting}", name, id_)
    item: dict[str, object] = {}
    try:
        values = _decoded([cells[at] for at in columns.places.values()], name, id_, charset)
        for field, value in zip(columns.places, values, strict=True):
            item[field] = value if field in ("text", "html") else value.strip() or None
    except DocumentError as error:
        return error.problem
    return document_of(item, name, id_, _without_columns(how), columns.order)


def _without_columns(how: How) -> How:
    """The row's fields carry our names already."""
    return How(how.input_format, how.date, how.no_clean) if how.columns else how
