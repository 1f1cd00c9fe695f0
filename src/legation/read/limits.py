"""How much of one document is accepted. A news page is far below; above it lies what would take minutes."""

from __future__ import annotations

MAX_TEXT_BYTES = 3_000_000  # one plain-text document (a long novel is about one million)
MAX_HTML_BYTES = 8_000_000  # one page; the heaviest news pages seen are about five million; above it takes minutes
MAX_LINE_BYTES = 25_000_000  # one line of a JSONL file, which may hold a page with escapes
MAX_JSON_BYTES = 100_000_000  # one .json file, which has to be read whole
MAX_FEED_BYTES = 20_000_000  # one feed, which has to be read whole
MAX_MAIL_BYTES = 40_000_000  # one mail with its attachments
MAX_PDF_BYTES = 100_000_000  # one PDF, which has to be read whole
MAX_PDF_PAGES = 3_000
MAX_SPOOL_BYTES = 2_000_000_000  # what has to be unpacked to disk before it can be read (Parquet in gzip)
MAX_UNPACKED_RATIO = 200  # text packs to a tenth, the same line again and again to a hundredth; bombs to a thousandth
FREE_UNPACKED_BYTES = 32_000_000  # below this the ratio does not count


def megabytes(count: int) -> str:
    """A size for people: "5 MB"."""
    return f"{count / 1_000_000:.0f} MB"
