"""Records out of files: lines of `legation code --format jsonl`, or texts that are coded first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from legation.problems import Problem

NEEDED = ("id", "article", "type", "actor", "recipient", "attribution", "anchor", "sentence", "facets", "date")


def holds_records(path: Path) -> bool:
    """Whether a file looks like records: its first line that is not empty is a record."""
    if not path.is_file() or path.suffix.lower() not in (".jsonl", ".ndjson", ".json"):
        return False
    with path.open("r", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.strip() and line.strip() != "[":
                return _is_record(_parsed(line.strip().rstrip(",")))
    return False


def read_records(path: Path) -> Iterator[dict[str, Any] | Problem]:
    """The records of a file, one a line (or an array, one a line); a Problem for a line that is none."""
    with path.open("r", encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            text = line.strip().rstrip(",")
            if not text or text in ("[", "]"):
                continue
            record = _parsed(text)
            if record is None:
                yield Problem("bad-json", "is not JSON", f"{path}, line {number}")
            elif not _is_record(record):
                yield Problem("bad-item", "is no record of `legation code --format jsonl`", f"{path}, line {number}")
            else:
                yield record


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _is_record(value: Any) -> bool:
    return isinstance(value, dict) and all(key in value for key in NEEDED)
