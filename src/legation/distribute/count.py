"""How many items there will be, for "time left": counted before the work where that is cheap, else not known."""

from __future__ import annotations

import glob
import os
import time
from collections.abc import Sequence
from pathlib import Path

from legation.read.kinds import readable, suffix_of

SECONDS = 3.0  # what counting may cost
ONE_EACH = ("", ".txt", ".text", ".html", ".htm", ".xhtml", ".md", ".markdown", ".eml", ".pdf")
LINES = (".jsonl", ".ndjson")


def count_items(paths: Sequence[str]) -> int | None:
    """Files and lines under the paths; None when there is a file whose items only reading can count, or too many."""
    until = time.monotonic() + SECONDS
    total = 0
    for path in paths:
        for file in _files(path):
            found = _in_file(file)
            if found is None or time.monotonic() > until:
                return None
            total += found
    return total


def _files(path: str) -> list[str]:
    if Path(path).is_dir():
        return [
            str(Path(folder) / name)
            for folder, _, names in os.walk(path)
            for name in names
            if readable(name) and "/." not in folder.removeprefix(path) and not name.startswith(".")
        ]
    if not Path(path).exists() and glob.has_magic(path):
        return [f for one in glob.glob(path, recursive=True) for f in _files(one)]  # noqa: PTH207
    return [path]


def _in_file(file: str) -> int | None:
    """Items of one file."""
    suffix = suffix_of(file)
    if not Path(file).is_file() or file.endswith(".gz"):
        return None
    if suffix in ONE_EACH:
        return 1
    if suffix not in LINES:
        return None
    with Path(file).open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
