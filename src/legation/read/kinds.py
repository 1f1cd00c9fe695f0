"""What kind of file it is: by its name, else by its first bytes."""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from legation.read.decode import looks_like_html
from legation.read.feed_head import is_feed

SUFFIXES = {
    ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".md": "markdown", ".markdown": "markdown",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv",
    ".parquet": "parquet", ".pq": "parquet",
    ".rss": "feed", ".atom": "feed", ".xml": "feed",
    ".warc": "warc", ".wet": "warc",
    ".eml": "mail", ".mbox": "mbox",
    ".pdf": "pdf",
    ".urls": "urls",
    ".zip": "zip",
}  # fmt: skip
PACKED = ".gz"
_TYPES = {
    "text/html": "html", "application/xhtml+xml": "html",
    "text/plain": "text", "text/markdown": "markdown",
    "application/rss+xml": "feed", "application/atom+xml": "feed", "application/rdf+xml": "feed",
    "application/feed+json": "json", "application/json": "json",
    "application/x-ndjson": "jsonl", "application/jsonl": "jsonl",
    "text/csv": "csv", "text/tab-separated-values": "tsv",
    "application/pdf": "pdf",
    "application/warc": "warc",
    "message/rfc822": "mail", "application/mbox": "mbox",
}  # fmt: skip
_MBOX = re.compile(rb"From \S+.{0,100}\d\d:\d\d.{0,20}\d{4}[^\n]{0,20}\r?\n[!-9;-~]{1,60}:")
_ADDRESS = re.compile(r"https?://\S+", re.I)


def suffix_of(name: str) -> str:
    """The suffix that tells the kind: that below ".gz"."""
    path = PurePath(name)
    suffix = path.suffix.lower()
    return PurePath(path.stem).suffix.lower() if suffix == PACKED else suffix


def readable(name: str) -> bool:
    """Whether a file of a folder is one of those that are read."""
    return suffix_of(name) in SUFFIXES


def by_type(kind: str) -> str | None:
    """The kind that a server's Content-Type names."""
    return _TYPES.get(kind)


def by_content(head: bytes) -> str | None:
    """The kind that the first bytes show, None when they look like plain text (or like nothing)."""
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"WARC/"):
        return "warc"
    if _MBOX.match(head):
        return "mbox"
    if _is_item(head):
        return "jsonl"
    if is_feed(head):
        return "feed"
    if looks_like_html(head.decode("latin-1")):
        return "html"
    return None


def _is_item(head: bytes) -> bool:
    """Whether the first line is a JSON object with a text or a page (or, longer than what is seen, begins like one)."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if not head.startswith(b"{"):
        return False
    line, end, _ = head.partition(b"\n")
    if not end and len(head) >= 8000:
        return bool(re.match(rb'\{\s*"[^"\\]{1,60}"\s*:', line))
    try:
        item = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    return isinstance(item, dict) and bool({"text", "html"} & item.keys())


def is_address(text: str) -> bool:
    """Whether an argument is an address on the web."""
    return bool(re.match(r"https?://", text, re.I))


def only_addresses(text: str) -> bool:
    """Whether a text is a list of addresses and nothing else."""
    lines = [x.strip() for x in text[:8_000].splitlines()]
    lines = [x for x in lines if x and not x.startswith("#")][:50]
    return bool(lines) and all(_ADDRESS.fullmatch(x) for x in lines)
