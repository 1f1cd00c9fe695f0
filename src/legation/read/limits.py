"""How much of one document is accepted. A news page is far below; above it lies what would take minutes."""

from __future__ import annotations

MAX_TEXT_BYTES = 3_000_000  # one plain-text document (a long novel is about one million)
MAX_HTML_BYTES = 8_000_000  # one page; the heaviest news pages seen are about five million; above it takes minutes
MAX_LINE_BYTES = 25_000_000  # one line of a JSONL file, which may hold a page with escapes
MAX_JSON_BYTES = 100_000_000  # one .json file, which has to be read whole


def megabytes(count: int) -> str:
    """A size for people: "5 MB"."""
    return f"{count / 1_000_000:.0f} MB"
