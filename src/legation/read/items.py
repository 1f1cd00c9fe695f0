"""JSONL and JSON items: one object, one `RawDocument` or one `Problem`."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from legation.model.text import RawDocument, Span
from legation.problems import DocumentError, Problem
from legation.read.decode import is_binary
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


def iso_day(value: str) -> str | None:
    """The ISO day of an ISO date, or date and time ("2021-03-17T08:00:00Z", "20210317"); None when it is none."""
    text = value.strip()
    match = re.match(r"(\d{4})-?(\d\d)-?(\d\d)(?:$|[T ]\d)", text)
    if not match:
        return None
    try:
        return datetime.date(*(int(x) for x in match.groups())).isoformat()
    except ValueError:
        return None


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


def document_of(item: object, name: str, default_id: str, date: str | None, no_clean: bool) -> RawDocument | Problem:
    """One item as a document. The item's own date comes before the caller's."""
    if not isinstance(item, dict):
        return Problem("bad-item", "is not a JSON object", name)
    given = item.get("id")
    id_ = str(given) if isinstance(given, int | str) and str(given) else default_id
    try:
        if given is not None and not isinstance(given, int | str):
            raise ValueError("its 'id' is neither text nor a number")
        text, html = _text(item, "text"), _text(item, "html")
        if text is None and html is None and not {"text", "html"} & item.keys():
            raise ValueError("has neither 'text' nor 'html'")
        own = _text(item, "date")
        day = iso_day(own) if own else None
        if own and day is None:
            raise ValueError(f"its date {own!r} is not an ISO day (YYYY-MM-DD)")
        content = text if text is not None else html or ""
        return RawDocument(
            id=id_,
            content=content,
            kind="html" if text is None and html is not None else "text",
            name=name,
            title=_text(item, "title"),
            date=day or date,
            url=_text(item, "url"),
            publication=_text(item, "publication"),
            already_clean=no_clean and not (text is None and html is not None),
            spans=_spans(item, len(content)),
            pair=_pair(item),
        )
    except ValueError as error:
        return Problem("bad-item", str(error), name, id_)


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


def read_jsonl(stream: BinaryIO, path: str, date: str | None, no_clean: bool) -> Iterator[RawDocument | Problem]:
    """Every line of a JSONL file; blank lines are skipped; a broken line does not stop the others."""
    seen = False
    for number, line in lines_of(stream):
        name = f"{path} line {number}"
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
        yield _line(line, name, f"{path}:{number}", date, no_clean)
    if not seen:
        yield Problem("empty", "holds no item", path)


def _line(line: bytes, name: str, default_id: str, date: str | None, no_clean: bool) -> RawDocument | Problem:
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
    return document_of(item, name, default_id, date, no_clean)


def read_json(text: str, path: str, date: str | None, no_clean: bool) -> Iterator[RawDocument | Problem]:
    """A .json file: one item or a list of items."""
    try:
        value = json.loads(text)
    except ValueError as error:
        where = f"{error.msg} at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise DocumentError(Problem("bad-json", f"is not JSON ({where})", path, path)) from error
    except RecursionError as error:
        raise DocumentError(Problem("bad-json", "is nested too deeply", path, path)) from error
    if isinstance(value, list):
        for k, item in enumerate(value, 1):
            yield document_of(item, f"{path} item {k}", f"{path}:{k}", date, no_clean)
    else:
        yield document_of(value, path, path, date, no_clean)
