"""PDF with a text layer: lines joined to paragraphs, hyphens at line ends undone, running heads and feet left out.

One file is one document. Where the lines stand on the page decides what belongs together; nothing is recognised in
pictures.
"""

from __future__ import annotations

import functools
import itertools
import re
import statistics
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from legation.datafiles import Schema, read_yaml
from legation.model.text import RawDocument
from legation.problems import DocumentError, Problem
from legation.read.how import How, Source
from legation.read.limits import MAX_PDF_BYTES, MAX_PDF_PAGES, MAX_TEXT_BYTES, megabytes
from legation.read.streams import bounded

_PASSWORD = 4  # the library's number for it
_SOFT = "\ufffe"  # what the library writes for a hyphen at the end of a line, whose break it takes out itself
_ENDS = re.compile(r"[.!?:;][\"'”’»)\]]*$")
_MARGIN = 0.12  # share of the page's height in which running heads and feet stand
_LEAST_LETTERS = 20
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
_MOST_ODD = 0.2
_ONE_AT_A_TIME = threading.Lock()  # the library must not be used by two threads at once


class HyphensFile(Schema):
    """hyphens.yml"""

    first: frozenset[str]
    second: frozenset[str]
    examples: tuple[tuple[str, str, str], ...]


@functools.cache
def hyphens_file() -> HyphensFile:
    """hyphens.yml, read once, when the first PDF is."""
    return read_yaml(Path(__file__).parent / "hyphens.yml", HyphensFile).value


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; the places are in points from the page's lower left corner, None where unknown."""

    text: str
    box: tuple[float, float, float, float] | None  # left, bottom, right, top
    page: int
    edge: bool  # in the upper or lower margin


def read_pdf(stream: BinaryIO, source: Source, how: How) -> Iterator[RawDocument | Problem]:
    """The file as one document. Its title and author only where they are printed too: the fields are often wrong."""
    data = bounded(stream, MAX_PDF_BYTES, source.name)
    if not data.strip():
        raise DocumentError(Problem("empty", "is empty", source.name, source.name))
    with _ONE_AT_A_TIME:
        lines, pages, about, broken = _lines(data, source.name)
    letters = sum(c.isalpha() for line in lines for c in line.text)
    name = source.name
    if letters < _LEAST_LETTERS:
        if broken == pages:
            raise DocumentError(Problem("damaged", f"none of its {pages} pages can be read", name, name))
        reason = f"has no text layer: its {pages} pages are pictures (a scan?); run text recognition on it first"
        raise DocumentError(Problem("no-text", reason, name, name))
    text = paragraphs(without_running(lines, pages))
    if len(_ODD.findall(text)) > _MOST_ODD * len(text):
        reason = "has a text layer without meaning (its fonts name no characters); run text recognition on it"
        raise DocumentError(Problem("no-text", reason, name, name))
    if len(text) > MAX_TEXT_BYTES:
        raise DocumentError(Problem("too-large", f"holds more than {megabytes(MAX_TEXT_BYTES)} of text", name, name))
    printed = _plain(" ".join(line.text for line in lines if line.page < 2))
    title, author = (about.get(key) or None for key in ("Title", "Author"))
    yield RawDocument(
        id=name,
        content=_ODD.sub("", text),
        kind="text",
        name=name,
        title=title if title and len(title.split()) >= 3 and _plain(title) in printed else None,
        date=how.date,
        url=source.url,
        already_clean=how.no_clean,
        author=author if author and len(author.split()) >= 2 and _plain(author) in printed else None,
        origin=(),
    )
    if broken:
        yield Problem("damaged", f"{broken} of its {pages} pages cannot be read; the others have been", name, name)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _lines(data: bytes, name: str) -> tuple[list[Line], int, dict[str, str], int]:
    """(lines in the order of the file, number of pages, the file's own fields, pages that cannot be read)."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise DocumentError(Problem("encrypted", "is locked with a password", name, name)) from error
        raise DocumentError(Problem("damaged", f"is no PDF that can be opened ({error})", name, name)) from error
    try:
        pages = len(document)
        if pages > MAX_PDF_PAGES:
            reason = f"has {pages:,} pages; the limit is {MAX_PDF_PAGES:,}"
            raise DocumentError(Problem("too-large", reason, name, name))
        found: list[Line] = []
        broken, size = 0, 0
        for number in range(pages):
            try:
                found.extend(_page(document[number], number))
            except pypdfium2.PdfiumError:
                broken += 1
            size += sum(len(line.text) for line in found if line.page == number)
            if size > MAX_TEXT_BYTES:
                reason = f"holds more than {megabytes(MAX_TEXT_BYTES)} of text"
                raise DocumentError(Problem("too-large", reason, name, name))
        about = {str(k): " ".join(str(v).split()) for k, v in document.get_metadata_dict().items()}
        return found, pages, about, broken
    finally:
        document.close()


def _page(page: Any, number: int) -> Iterator[Line]:
    """The printed lines of a page, with their boxes where the library's counting of characters is the text's."""
    words = page.get_textpage()
    try:
        height = page.get_height()
        text = words.get_text_range()
        exact = words.count_chars() == len(text)
        at = 0
        for raw in re.split(r"(\r\n|\n|\r)", text):
            # a line that the library joined to the next one at a hyphen is two printed lines
            start = at
            for part in re.split(f"(?<={_SOFT})", raw):
                shown = part.strip()
                box = None
                if exact and shown and part[0] != "\r":
                    first = start + part.index(shown[0])
                    last = start + len(part.rstrip(f"{_SOFT} \t")) - 1
                    left, bottom, _, top = words.get_charbox(first, loose=True)
                    box = (left, bottom, words.get_charbox(max(first, last), loose=True)[2], top)
                if shown:
                    edge = box is not None and not _MARGIN * height < (box[1] + box[3]) / 2 < (1 - _MARGIN) * height
                    yield Line(shown, box, number, edge)
                start += len(part)
            at += len(raw)
    finally:
        words.close()
        page.close()


def without_running(lines: list[Line], pages: int) -> list[Line]:
    """Without what stands in the margins of half the pages or more, page numbers apart the same."""
    seen = Counter(key for key in {(_running(x.text), x.page) for x in lines if x.edge})
    count = Counter(text for text, _ in seen)
    least = max(2, (pages + 1) // 2)
    return [x for x in lines if not (x.edge and (count[_running(x.text)] >= least or _number_only(x.text)))]


def _running(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.casefold().split()))


def _number_only(text: str) -> bool:
    return bool(re.fullmatch(r"[\W_]*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[\W_]*", text, re.I))


def paragraphs(lines: list[Line]) -> str:
    """The lines joined, paragraphs apart by a blank line."""
    if not lines:
        return ""
    pitch = _pitch(lines)
    right = _right_edges(lines)
    hyphens = hyphens_file()
    written = frozenset(w for line in lines for w in re.findall(r"[\w-]+", line.text.lower()))
    parts = [lines[0].text]
    for above, below in itertools.pairwise(lines):
        divided = re.search(rf"(\w+)[-\u00ad\u2010{_SOFT}]$", parts[-1])
        if not parts[-1].endswith(_SOFT) and _breaks(above, below, pitch, right):
            parts.append(below.text)
        elif divided and (following := re.match(r"[^\W\d_]+", below.text)):
            mark = "" if one_word(divided.group(1), following.group(), written, hyphens) else "-"
            parts[-1] = parts[-1][:-1] + mark + below.text
        elif parts[-1].endswith(_SOFT):  # a dash before a number or a quotation
            parts[-1] = parts[-1][:-1] + "-" + below.text
        else:
            parts[-1] += " " + below.text
    return "\n\n".join(" ".join(x.replace("\u00ad", "").replace(_SOFT, "").split()) for x in parts)


def one_word(first: str, second: str, written: frozenset[str], hyphens: HyphensFile) -> bool:
    """Whether a word was divided at a hyphen, and not a compound. What the document writes elsewhere decides first."""
    low, following = first.lower(), second.lower()
    if low + following in written:
        return True
    if f"{low}-{following}" in written or not second[0].islower():
        return False
    return low not in hyphens.first and following not in hyphens.second


def _pitch(lines: list[Line]) -> float:
    """The usual distance from one line to the next, in points."""
    steps = [
        a.box[3] - b.box[3]
        for a, b in itertools.pairwise(lines)
        if a.box and b.box and a.page == b.page and 0 < a.box[3] - b.box[3] < 60
    ]
    return statistics.median(steps) if steps else 14.0


def _right_edges(lines: list[Line]) -> dict[int, float]:
    """Where the column ends on the right, by its left edge in steps of 40 points."""
    edges: dict[int, list[float]] = {}
    for line in lines:
        if line.box:
            edges.setdefault(int(line.box[0] // 40), []).append(line.box[2])
    return {k: statistics.quantiles(v, n=10)[-1] if len(v) > 2 else max(v) for k, v in edges.items()}


def _breaks(above: Line, below: Line, pitch: float, right: dict[int, float]) -> bool:
    """Whether a new paragraph begins."""
    ended = bool(_ENDS.search(above.text))
    if above.box is None or below.box is None:
        return ended and len(above.text) < 60
    left, bottom, end, top = above.box
    edge = max(right.get(int(left // 40), end), end)
    short = end < edge - 0.15 * (edge - left)
    step = top - below.box[3]
    if above.page != below.page or step < 0 or step > 20 * pitch:  # another page or column
        return ended and short
    if step < 0.4 * pitch:  # the same printed line, in two pieces
        return False
    height, height_below = top - bottom, below.box[3] - below.box[1]
    if step > 1.45 * pitch or abs(height - height_below) > 0.2 * max(height, height_below):
        return True
    indented = below.box[0] > left + 0.7 * height and ended
    return indented or (short and (ended or not below.text[:1].islower()))
