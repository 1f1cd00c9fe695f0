"""JSONL and JSON items: one object, one `RawDocument` or one `Problem`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from legation.model.text import RawDocument, Span
from legation.problems import DocumentError, Problem
from legation.read.columns import split_order
from legation.read.days import day_of
from legation.read.decode import is_binary
from legation.read.how import How, Source
from legation.read.limits import MAX_LINE_BYTES, megabytes

_ID = re.compile(r'"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)')


def _readable_id(line: str) -> str | None:
    """The id of a line that is not JSON as a whole, when its "id" can still be read."""
    match = _ID.search(line[:20_000])
    if not match:
        return None
    try:
        return str(json.loads(match.group(1))) or None
    except ValueError:
        return None


def _text(item: dict[str, Any], key: str) -> str | None:
    """A field that is text or absent; null and "" are absent. ValueError for anything else."""
    value = item.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError(f"its {key!r} is not text")
    return value


def _spans(item: dict[str, Any], length: int) -> tuple[Span, ...] | None:
    value = item.get("spans")
    if value is None:
        return None
    if not isinstance(value, list):
        raise ValueError("its 'spans' is not a list of [start, end]")
    spans = []
    for pair in value:
        numbers = isinstance(pair, list) and len(pair) == 2 and all(type(x) is int for x in pair)
        if not numbers or not 0 <= pair[0] <= pair[1] <= length:
            raise ValueError(f"its 'spans' hold {pair!r}, which is no [start, end] inside the text")
        spans.append(Span(pair[0], pair[1]))
    return tuple(spans)


def _pair(item: dict[str, Any]) -> tuple[str, str] | None:
    """Source and target of `legation classify`, when the item names both."""
    source, target = _text(item, "source"), _text(item, "target")
    return (source, target) if source and target else None


def language_code(value: str) -> str | None:
    """The ISO 639-1 code of a language tag ("en-GB" is "en"); None for anything else."""
    match = re.fullmatch(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]{1,20})?", value.strip())
    return match.group(1).lower() if match else None


def web_address(value: str | None) -> str | None:
    """A link that leads to a page; None for anything else."""
    value = (value or "").strip()
    return value if re.match(r"https?://[^\s/]", value, re.I) and not re.search(r"\s", value) else None


def _renamed(item: dict[str, Any], columns: Mapping[str, str]) -> tuple[dict[str, Any], str | None]:
    """The item under our own keys, and the order in which its days are written."""
    found, order = dict(item), None
    for field, key in columns.items():
        if field == "date":
            key, order = split_order(key, item)
        if key not in item:
            if field in ("text", "html"):
                raise ValueError(f"has no {key!r}; its keys are {', '.join(map(repr, list(item)[:40]))}")
            continue
        found[field] = item[key]
        if field in ("text", "html"):
            found.pop("html" if field == "text" else "text", None)
    return found, order


def document_of(item: object, name: str, default_id: str, how: How, order: str | None = None) -> RawDocument | Problem:
    """One item as a document. The item's own date comes before the caller's."""
    if not isinstance(item, dict):
        return Problem("bad-item", "is not a JSON object", name)
    id_: str | None = None
    try:
        if how.columns:
            item, order = _renamed(item, how.columns)
        given = item.get("id")
        id_ = str(given) if isinstance(given, int | str) and str(given) else default_id
        if given is not None and not isinstance(given, int | str):
            raise ValueError("its 'id' is neither text nor a number")
        return _document(item, name, id_, how, order)
    except ValueError as error:
        return Problem("bad-item", str(error), name, id_)


def _document(item: dict[str, Any], name: str, id_: str, how: How, order: str | None) -> RawDocument:
    text, html = _text(item, "text"), _text(item, "html")
    if text is None and html is None and not {"text", "html"} & item.keys():
        raise ValueError("has neither 'text' nor 'html'")
    own = _text(item, "date")
    day = day_of(own, order) if own else None
    if own and day is None:
        raise ValueError(f"its date {own!r} is no day that can be read surely (best is YYYY-MM-DD)")
    content = text if text is not None else html or ""
    page = text is None and html is not None
    return RawDocument(
        id=id_,
        content=content,
        kind="html" if page else "text",
        name=name,
        title=_text(item, "title"),
        date=day or how.date,
        url=_text(item, "url"),
        publication=_text(item, "publication"),
        already_clean=how.no_clean and not page,
        spans=_spans(item, len(content)),
        pair=_pair(item),
        author=_names(item),
        language=language_code(_text(item, "language") or ""),
    )


def _names(item: dict[str, Any]) -> str | None:
    """The author, or several, as one text."""
    value = item.get("author")
    if isinstance(value, list):
        return ", ".join(x.strip() for x in value if isinstance(x, str) and x.strip()) or None
    return _text(item, "author")


def lines_of(stream: BinaryIO, limit: int = MAX_LINE_BYTES) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) with constant memory; None in place of a line longer than the limit."""
    number = 0
    while True:
        line = stream.readline(limit + 1)
        if not line:
            return
        number += 1
        if len(line) > limit and not line.endswith(b"\n"):
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(1 << 20)
            yield number, None
        else:
            yield number, line


def read_jsonl(stream: BinaryIO, source: Source, how: How) -> Iterator[RawDocument | Problem]:
    """Every line of a JSONL file; blank lines are skipped; a broken line does not stop the others."""
    seen = False
    path = source.name
    for number, line in lines_of(stream):
        name = source.part("line", number)
        if line is None:
            seen = True
            yield Problem("too-large", f"is longer than {megabytes(MAX_LINE_BYTES)}", name)
            continue
        if number == 1 and not line.startswith((b"\xff\xfe", b"\xfe\xff")):
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        if not seen and is_binary(line[:4096]):
            yield Problem("binary", "is not a JSONL file but binary", path)
            return
        seen = True
        yield _line(line, name, source.id(number), how)
    if not seen:
        yield Problem("empty", "holds no item", path)


def _line(line: bytes, name: str, default_id: str, how: How) -> RawDocument | Problem:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        id_ = _readable_id(line.decode("utf-8", "replace"))
        return Problem("encoding", f"is not UTF-8 ({error.reason} at byte {error.start})", name, id_)
    try:
        item = json.loads(text)
    except ValueError as error:
        where = f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error)
        return Problem("bad-json", f"is not JSON ({where})", name, _readable_id(text))
    except RecursionError:
        return Problem("bad-json", "is nested too deeply", name, _readable_id(text))
    return document_of(item, name, default_id, how)


def read_json(text: str, source: Source, how: How) -> Iterator[RawDocument | Problem]:
    """A .json file: one item or a list of items."""
    path = source.name
    try:
        value = json.loads(text)
    except ValueError as error:
        where = f"{error.msg} at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise DocumentError(Problem("bad-json", f"is not JSON ({where})", path, path)) from error
    except RecursionError as error:
        raise DocumentError(Problem("bad-json", "is nested too deeply", path, path)) from error
    if isinstance(value, list):
        for k, item in enumerate(value, 1):
            yield document_of(item, source.part("item", k), source.id(k), how)
    else:
        yield document_of(value, path, path, how)
