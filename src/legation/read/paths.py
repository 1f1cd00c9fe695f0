"""What the user pointed at, in order: files, folders, globs, standard input."""

from __future__ import annotations

import glob
import io
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

from legation.model.text import Kind, RawDocument
from legation.problems import DocumentError, Problem
from legation.read.decode import decode, looks_like_html
from legation.read.items import read_json, read_jsonl
from legation.read.limits import MAX_HTML_BYTES, MAX_JSON_BYTES, MAX_TEXT_BYTES, megabytes

InputFormat = Literal["auto", "jsonl"]

_JSONL = {".jsonl", ".ndjson"}
_HTML = {".html", ".htm", ".xhtml"}
_MARKDOWN = {".md", ".markdown"}  # may hold tags and is still no page
READABLE = _JSONL | _HTML | _MARKDOWN | {".json", ".txt", ".text"}
STDIN = "-"


def read_paths(
    paths: Sequence[str],
    *,
    input_format: InputFormat = "auto",
    date: str | None = None,
    no_clean: bool = False,
    stdin: BinaryIO | None = None,
) -> Iterator[RawDocument | Problem]:
    """Every document under the paths, in their order, read one at a time.

    What cannot be read comes as a `Problem` in its place and the rest goes on. `date` (an ISO day) is given to
    documents that bring none of their own; `no_clean` marks plain text as already clean. `stdin` is what "-"
    means. Nothing is opened before its turn.
    """
    for path in paths:
        try:
            for one in _expand(path):
                if isinstance(one, Problem):
                    yield one
                else:
                    yield from _one(one, input_format, date, no_clean, stdin)
        except DocumentError as error:
            yield error.problem


def _expand(path: str) -> Iterator[str | Problem]:
    """The files that one argument stands for, sorted; a Problem when there is none."""
    if path == STDIN or Path(path).is_file():
        yield path
    elif Path(path).is_dir():
        yield from _folder(path)
    elif glob.has_magic(path):
        found = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 (Path.glob takes no absolute pattern)
        if not found:
            yield Problem("not-found", "no file matches this pattern", path, path)
        for one in found:
            yield from _folder(one) if Path(one).is_dir() else (one,)
    elif Path(path).exists():
        yield path  # a pipe or a device
    else:
        yield Problem("not-found", "there is no such file or folder", path, path)


def _folder(path: str) -> Iterator[str | Problem]:
    """All readable files below a folder, sorted by path; hidden ones are left alone."""
    found = False
    problems: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=problems.append):
        folders[:] = sorted(x for x in folders if not x.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in READABLE:
                found = True
                yield str(Path(folder) / name)
    for error in problems:
        yield Problem("unreadable", f"cannot be read ({error.strerror})", str(error.filename), str(error.filename))
    if not found and not problems:
        yield Problem("empty", f"the folder holds no file to read ({', '.join(sorted(READABLE))})", path, path)


def _one(
    path: str, input_format: InputFormat, date: str | None, no_clean: bool, stdin: BinaryIO | None
) -> Iterator[RawDocument | Problem]:
    """The documents of one file; a failure is a Problem about this file."""
    try:
        if path == STDIN:
            if stdin is None:
                yield Problem("not-found", "there is no standard input", path, path)
                return
            yield from _stream(stdin, path, "", input_format, date, no_clean)
        else:
            with Path(path).open("rb") as stream:
                yield from _stream(stream, path, Path(path).suffix.lower(), input_format, date, no_clean)
    except DocumentError as error:
        yield error.problem
    except OSError as error:
        yield Problem("unreadable", f"cannot be read ({error.strerror or error})", path, path)


def _stream(
    stream: BinaryIO, path: str, suffix: str, input_format: InputFormat, date: str | None, no_clean: bool
) -> Iterator[RawDocument | Problem]:
    if input_format == "jsonl" or suffix in _JSONL:
        yield from read_jsonl(stream, path, date, no_clean)
        return
    limit = MAX_JSON_BYTES if suffix == ".json" else MAX_HTML_BYTES
    data = _bounded(stream, limit, path)
    if suffix == ".json":
        yield from read_json(decode(data, path, html=False, id_=path), path, date, no_clean)
        return
    if not data.strip():
        raise DocumentError(Problem("empty", "is empty", path, path))
    if path == STDIN and _first_line_is_item(data):
        yield from read_jsonl(io.BytesIO(data), path, date, no_clean)
        return
    page = suffix in _HTML or looks_like_html(data[:20_000].decode("latin-1"))
    text = decode(data, path, html=page, id_=path)
    kind: Kind = "html" if suffix in _HTML or (suffix not in _MARKDOWN and looks_like_html(text)) else "text"
    if kind == "text" and len(data) > MAX_TEXT_BYTES:
        raise DocumentError(Problem("too-large", f"is longer than {megabytes(MAX_TEXT_BYTES)}", path, path))
    if not text.strip():
        raise DocumentError(Problem("empty", "is empty", path, path))
    yield RawDocument(path, text, kind, path, date=date, already_clean=no_clean and kind == "text")


def _bounded(stream: BinaryIO, limit: int, path: str) -> bytes:
    """The whole stream, or a Problem as soon as it is longer than the limit."""
    chunks: list[bytes] = []
    size = 0
    while chunk := stream.read(1 << 20):
        size += len(chunk)
        if size > limit:
            raise DocumentError(Problem("too-large", f"is longer than {megabytes(limit)}", path, path))
        chunks.append(chunk)
    return b"".join(chunks)


def _first_line_is_item(data: bytes) -> bool:
    """Whether standard input is JSONL: its first line is a JSON object with a text or a page."""
    if not data.startswith((b"{", b"\xef\xbb\xbf{")):
        return False
    try:
        item = json.loads(data.split(b"\n", 1)[0].decode("utf-8-sig"))
    except ValueError:
        return False
    return isinstance(item, dict) and bool({"text", "html"} & item.keys())
