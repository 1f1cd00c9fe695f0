"""What the user pointed at, in order: files, folders, globs, standard input, addresses on the web."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from legation.model.text import RawDocument
from legation.problems import DocumentError, Problem, SettingsError
from legation.read.columns import parse_columns
from legation.read.dispatch import Dispatch
from legation.read.how import FORMATS, How, InputFormat, Source
from legation.read.kinds import SUFFIXES, is_address, readable, suffix_of

STDIN = "-"


def read_paths(
    paths: Sequence[str],
    *,
    input_format: InputFormat = "auto",
    date: str | None = None,
    no_clean: bool = False,
    stdin: BinaryIO | None = None,
    columns: Sequence[str] | Mapping[str, str] = (),
    fetch: bool = False,
    allow_hosts: Sequence[str] = (),
) -> Iterator[RawDocument | Problem]:
    """Every document under the paths, in their order, read one at a time.

    What cannot be read comes as a `Problem` in its place and the rest goes on. `date` (an ISO day) is given to
    documents that bring none of their own; `no_clean` marks plain text as already clean. `stdin` is what "-"
    means. `columns` ("text=body") says which column of a table, or key of an item, holds what. Addresses are fetched
    only with `fetch`; `allow_hosts` may then be private. Nothing is opened before its turn. SettingsError at once
    when the arguments cannot be used.
    """
    if input_format not in FORMATS:
        raise SettingsError(f"there is no input format {input_format!r}; there are {', '.join(FORMATS)}")
    how = How(input_format, date, no_clean, parse_columns(columns), fetch, tuple(allow_hosts))
    return _read(paths, Dispatch(how), stdin)


def _read(paths: Sequence[str], dispatch: Dispatch, stdin: BinaryIO | None) -> Iterator[RawDocument | Problem]:
    for path in paths:
        try:
            if is_address(path):
                yield from dispatch.address(path)
                continue
            for one in _expand(path):
                if isinstance(one, Problem):
                    yield one
                else:
                    yield from _one(one, dispatch, stdin)
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
            if not name.startswith(".") and readable(name):
                found = True
                yield str(Path(folder) / name)
    for error in problems:
        yield Problem("unreadable", f"cannot be read ({error.strerror})", str(error.filename), str(error.filename))
    if not found and not problems:
        yield Problem("empty", f"the folder holds no file to read ({', '.join(sorted(SUFFIXES))})", path, path)


def _one(path: str, dispatch: Dispatch, stdin: BinaryIO | None) -> Iterator[RawDocument | Problem]:
    """The documents of one file; a failure is a Problem about this file."""
    try:
        if path == STDIN:
            if stdin is None:
                yield Problem("not-found", "there is no standard input", path, path)
                return
            yield from dispatch.read(stdin, Source(path), "")
        else:
            with Path(path).open("rb") as stream:
                yield from dispatch.read(stream, Source(path), suffix_of(path))
    except DocumentError as error:
        yield error.problem
    except OSError as error:
        yield Problem("unreadable", f"cannot be read ({error.strerror or error})", path, path)
    except Exception as error:  # a fault of ours, or of a library, must not take the rest of a long batch with it
        message = f"a fault in Legation ({type(error).__name__}: {error}); please report it"
        yield Problem("internal", message, path, path)
