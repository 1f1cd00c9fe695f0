"""Files, folders, standard input and JSONL items become `RawDocument`s, in order, one at a time."""

from legation.read.limits import MAX_HTML_BYTES, MAX_LINE_BYTES, MAX_TEXT_BYTES
from legation.read.paths import read_paths

__all__ = ["MAX_HTML_BYTES", "MAX_LINE_BYTES", "MAX_TEXT_BYTES", "read_paths"]
