"""What was given (`RawDocument`) and what is left of it after cleaning (`Article`)."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "html"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `Article.text`: code points, half open. `start <= end` always."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two stretches share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether the other stretch lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document as it was given, before anything was decided about it.

    `id` is never empty. `date`, `title`, `url` are what the *caller* knows (a flag, a JSONL field), not
    what the page says. `date` is an ISO day ("2021-03-17"). `name` is the file and, for lines of a JSONL
    file, the line: it stands in messages. `language` is an ISO 639-1 code ("en").

    `origin` says where `content` stands in the text as it was given, when it is not that text itself (Markdown
    whose marks were taken out): sorted pieces that do not overlap. An empty tuple: nowhere (PDF, mail), so that
    raw offsets are null.
    """

    id: str
    content: str
    kind: Kind
    name: str
    title: str | None = None
    date: str | None = None
    url: str | None = None
    publication: str | None = None
    already_clean: bool = False
    spans: tuple[Span, ...] | None = None  # `show places`: resolve exactly these
    pair: tuple[str, str] | None = None  # `classify`: the words of source and target
    author: str | None = None
    language: str | None = None
    origin: tuple[Piece, ...] | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """`Article.text[start:end]` stands in the raw text at `raw_start`, character for character."""

    start: int
    end: int
    raw_start: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A line or block that was taken out as page chrome, with the reason (a fixed word, see clean/).

    `raw_start`/`raw_end` are null for HTML, where there is no raw text to point into. `at` is the offset in
    `Article.text` before which it stood, None where that is not known.
    """

    text: str
    reason: str
    raw_start: int | None
    raw_end: int | None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A document ready to be read: the title, a blank line and the body.

    `text[:title_end]` is the title (0 when there is none). `published` is an ISO day or None, with
    `published_basis`: "given" (by the caller), "page" (the page says so), or "none". `pieces` are sorted
    and do not overlap; text between them (joined quotes, blank lines) has no place in the raw text.
    For HTML, mail and PDF `pieces` is empty and every raw offset is None.
    """

    id: str
    text: str
    title: str | None
    title_end: int
    url: str | None
    publication: str | None
    published: str | None
    published_basis: str
    author: str | None
    language: str
    pieces: tuple[Piece, ...]
    removed: tuple[Removed, ...]

    def raw(self, start: int, end: int) -> tuple[int | None, int | None]:
        """Raw offsets of `text[start:end]`, or (None, None) when its ends have no place in the raw text."""
        first, last = self._raw_point(start), self._raw_point(max(start, end - 1))
        if first is None or last is None:
            return None, None
        return first, last + (1 if end > start else 0)

    def _raw_point(self, offset: int) -> int | None:
        k = bisect.bisect_right(self.pieces, offset, key=lambda p: p.start) - 1
        if k < 0 or offset >= self.pieces[k].end:
            return None
        return self.pieces[k].raw_start + offset - self.pieces[k].start
