"""Markdown: the words without the marks, with every piece of them placed in the file.

The marks are taken out by rules on the file's own characters, nothing is rendered: what is kept stands in the file
as it is, so that its raw offsets are exact.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from legation.model.text import Piece, RawDocument
from legation.problems import DocumentError, Problem
from legation.read.days import day_of
from legation.read.decode import decode
from legation.read.how import How, Source
from legation.read.items import language_code, web_address
from legation.read.limits import MAX_TEXT_BYTES
from legation.read.streams import bounded

_FRONT = re.compile(r"(?:\ufeff)?(---|\+\+\+)[ \t]*\r?\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_MOST_FRONT = 20_000
_KEYS = {
    "title": ("title", "headline"),
    "date": ("date", "published", "pubdate", "publishdate", "publication_date", "created"),
    "author": ("author", "authors", "byline", "by"),
    "publication": ("publication", "outlet", "newspaper", "source", "publisher"),
    "language": ("language", "lang", "locale"),
    "url": ("url", "link", "canonical", "canonical_url", "permalink"),
}
# lines that are marks altogether
_LINES = re.compile(
    r"^[ \t]{0,3}(?:"
    r"(?:`{3,}|~{3,})[^\n]*"  # fences
    r"|(?:[-*_][ \t]*){3,}|=+[ \t]*"  # rules and the line under a heading
    r"|\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*"  # the line under a table's head
    r"|\[[^\]\n]{1,200}\]:[^\n]*"  # targets of links, foot notes
    r")$",
    re.M,
)
_START = re.compile(r"^(?:[ \t]{0,3}>[ \t]?)+|^[ \t]{0,3}#{1,6}(?:[ \t]+|$)", re.M)
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t][^\n]*$", re.M)
# every repetition below is bounded, or begins where it cannot begin again: no input takes quadratic time
_IMAGE = re.compile(
    r"!\[[^\[\]\n]{0,2000}\]"
    r"(?:\([^()\n]{0,3000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)|\[[^\[\]\n]{0,200}\])?"
)
_LINK = re.compile(
    r"\[((?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]|\n(?!\s{0,9}\n)){0,2000})\]"
    r"(?:\(\s{0,5}(?:<[^<>\n]{0,3000}>|[^()\s]{0,3000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?)"
    r"(?:\s{1,5}(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|\([^()\n]{0,500}\)))?\s{0,5}\)|\[[^\[\]\n]{0,200}\])"
)
_NOTE = re.compile(r"\[\^[^\[\]\n]{1,100}\]")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]{0,20}(?:\s[^<>]{0,1000})?/?>")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,2000}|[^<>\s@]{1,100}@[^<>\s]{1,100})>")
_RUN = re.compile(r"\*{1,3}|_{1,3}|~~|`{1,3}|\n[ \t]{0,20}\r?\n")
_ESCAPE = re.compile(r"\\(?=[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")
_BREAK = re.compile(r"\\$|(?<![ \t])[ \t]{2,}$", re.M)
# lines that begin something new: headings, lists, tables, rules, elements of HTML
_BLOCK = re.compile(
    r"[ \t]{0,3}(?:#{1,6}(?:[ \t]|$)|[-*+][ \t]|\d{1,9}[.)][ \t]|\||=+[ \t]*$|(?:[-*_][ \t]*){3,}$|<"
    r"|\[[^\]\n]{1,200}\]:)"
)
_WRAPPED = 45  # characters; a line that an editor has wrapped is longer
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31});", re.I)
_TITLE = re.compile(r"\s*^[ \t]{0,3}#[ \t]+(\S[^\n]*)$", re.M)
_TITLE_UNDERLINED = re.compile(r"\s*^(?![ \t]{0,3}[#>*+-])([^\n]*)\n=+[ \t]*\r?$", re.M)


def read_markdown(stream: BinaryIO, source: Source, how: How) -> Iterator[RawDocument | Problem]:
    """One Markdown file. Title, date, author, outlet, language and link from its front matter."""
    name = source.name
    data = bounded(stream, MAX_TEXT_BYTES, name)
    text = decode(data, name, html=False, id_=name)
    if not text.strip():
        raise DocumentError(Problem("empty", "is empty", name, name))
    front, start = _front(text, name)
    title = _text(front, "title")
    own = _first(front, "date")
    day = day_of(own) if own is not None else None
    if own is not None and day is None:
        reason = f"the date {str(own)[:80]!r} of its front matter is no day that can be read surely (best: YYYY-MM-DD)"
        raise DocumentError(Problem("bad-item", reason, name, name))
    if title is None:
        title, start = _heading(text, start)
    content, origin = strip_marks(text, start)
    if not content.strip():
        raise DocumentError(Problem("empty", "holds no text", name, name))
    yield RawDocument(
        id=name,
        content=content,
        kind="text",
        name=name,
        title=title,
        date=day or how.date,
        url=web_address(_text(front, "url")) or source.url,
        publication=_text(front, "publication"),
        already_clean=how.no_clean,
        author=_text(front, "author"),
        language=language_code(_text(front, "language") or ""),
        origin=origin,
    )


def _front(text: str, name: str) -> tuple[dict[str, Any], int]:
    """The front matter (YAML between ---, TOML between +++) and where the text begins behind it."""
    match = _FRONT.match(text[: _MOST_FRONT + 10])
    if not match:
        return {}, 0
    try:
        if match.group(1) == "+++":
            import tomllib

            found: Any = tomllib.loads(match.group(2).replace("\r\n", "\n"))
        else:
            import yaml

            found = yaml.safe_load(match.group(2))
    except (ValueError, RecursionError, yaml_error()) as error:
        reason = f"its front matter cannot be read ({' '.join(str(error).split())[:200]})"
        raise DocumentError(Problem("bad-item", reason, name, name)) from error
    if not isinstance(found, dict):
        return {}, 0  # a rule at the top and another one below, not front matter
    return {str(k).strip().lower().replace("-", "_"): v for k, v in found.items()}, match.end()


def yaml_error() -> type[Exception]:
    """The library's own error, looked up only when something went wrong."""
    import yaml

    return yaml.YAMLError


def _first(front: dict[str, Any], field: str) -> Any:
    return next((front[k] for k in _KEYS[field] if front.get(k) not in (None, "")), None)


def _text(front: dict[str, Any], field: str) -> str | None:
    value = _first(front, field)
    if isinstance(value, list):
        value = ", ".join(x.strip() for x in value if isinstance(x, str) and x.strip())
    if isinstance(value, str | int | float | datetime.date):
        return " ".join(str(value).split()) or None
    return None


def _heading(text: str, start: int) -> tuple[str | None, int]:
    """The heading at the very top as the title, and where the text goes on behind it."""
    for pattern in (_TITLE, _TITLE_UNDERLINED):
        match = pattern.match(text, start)
        if match:
            words, _ = strip_marks(match.group(1).rstrip().rstrip("#"), 0)
            return (" ".join(words.split()) or None), match.end()
    return None, start


def strip_marks(text: str, start: int) -> tuple[str, tuple[Piece, ...]]:
    """`text[start:]` without Markdown's marks, and where its pieces stand in `text`."""
    gone = bytearray(len(text))
    gone[:start] = b"\x01" * start

    def drop(first: int, past: int) -> None:
        gone[first:past] = b"\x01" * (past - first)

    for first, past in _comments(text, start):
        drop(first, past)
    for pattern in (_LINES, _START, _IMAGE, _NOTE, _BREAK):
        for match in pattern.finditer(text, start):
            drop(*match.span())
    for match in _HEADING.finditer(text, start):
        line = match.group().rstrip()
        words = line.rstrip("#")
        if words != line and words[-1:] in " \t":
            drop(match.start() + len(words.rstrip()), match.end())
    for match in _LINK.finditer(text, start):
        drop(match.start(), match.start(1))
        drop(match.end(1), match.end())
    for match in _AUTOLINK.finditer(text, start):
        drop(match.start(), match.start(1))
        drop(match.end(1), match.end())
    for match in _TAG.finditer(text, start):
        drop(*match.span())
    _emphasis(text, start, gone)
    for match in _ESCAPE.finditer(text, start):
        drop(match.start(), match.start() + 1)
    return _kept(text, start, gone)


def _comments(text: str, start: int) -> Iterator[tuple[int, int]]:
    while (first := text.find("<!--", start)) >= 0 and (past := text.find("-->", first)) >= 0:
        start = past + 3
        yield first, start


def _emphasis(text: str, start: int, gone: bytearray) -> None:
    """Drops marks around words: a mark that closes takes the nearest open ones of its kind in its paragraph."""
    open_: dict[str, list[list[int]]] = {}
    for match in _RUN.finditer(text, start):
        first, past = match.span()
        mark = match.group()[0]
        if mark == "\n":
            open_.clear()
            continue
        before, after = text[first - 1 : first], text[past : past + 1]
        if gone[first] or before == "\\":
            continue
        opens, closes = bool(after.strip()), bool(before.strip())
        if mark == "_":  # within a word it is a part of it
            opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
        stack = open_.setdefault(mark, [])
        while closes and stack and first < past:
            opener = stack[-1]
            length = min(past - first, opener[1] - opener[0])
            gone[opener[1] - length : opener[1]] = b"\x01" * length
            gone[first : first + length] = b"\x01" * length
            opener[1] -= length
            first += length
            if opener[0] == opener[1]:
                stack.pop()
        if opens and first < past:
            stack.append([first, past])


def _soft_breaks(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Line breaks inside a paragraph: in Markdown they are blanks. Short lines keep theirs: they may be a by-line."""
    fence = ""
    above: tuple[bool, bool] | None = None  # (may go on, is quoted)
    for match in re.compile(r"([^\n]*)(\n|\Z)").finditer(text, start):
        line = match.group(1).rstrip("\r")
        quoted = line.lstrip().startswith(">")
        bare = _START.sub("", line) if quoted else line
        mark = re.match(r"[ \t]{0,3}(`{3,}|~{3,})", bare)
        if mark and (not fence or mark.group(1).startswith(fence)):
            fence, above = "" if fence else mark.group(1), None
            continue
        plain = bool(bare.strip()) and not fence and not _BLOCK.match(bare)
        if plain and above is not None and above[0] and (not quoted or above[1]):
            yield match.start() - (2 if text[match.start() - 2 : match.start() - 1] == "\r" else 1), match.start()
        goes_on = len(bare.strip()) >= _WRAPPED and not fence and not _BREAK.search(line) and not _HEADING.match(bare)
        above = (goes_on and not bare.lstrip().startswith("|"), quoted)


def _kept(text: str, start: int, gone: bytearray) -> tuple[str, tuple[Piece, ...]]:
    """What is left; entities as the characters they stand for, soft breaks as blanks (neither has a place there)."""
    parts: list[str] = []
    pieces: list[Piece] = []
    at = 0

    def keep(first: int, past: int) -> None:
        nonlocal at
        while first < past:
            if gone[first]:
                following = gone.find(0, first, past)
                first = past if following < 0 else following
                continue
            end = gone.find(1, first, past)
            end = past if end < 0 else end
            parts.append(text[first:end])
            pieces.append(Piece(at, at + end - first, first))
            at += end - first
            first = end

    instead = [(m.start(), m.end(), html.unescape(m.group())) for m in _ENTITY.finditer(text, start)]
    instead = [x for x in instead if x[2] != text[x[0] : x[1]]]
    instead += [(first, past, " ") for first, past in _soft_breaks(text, start)]
    k = start
    for first, past, plain in sorted(instead):
        if any(gone[first:past]):
            continue
        keep(k, first)
        parts.append(plain)
        at += len(plain)
        k = past
    keep(k, len(text))
    return "".join(parts), tuple(pieces)
