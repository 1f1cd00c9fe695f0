"""How a feed begins."""

from __future__ import annotations

import re

_ROOT = re.compile(rb"<(?:[a-z]{1,20}:)?(?:rss|feed|rdf)[\s>:]", re.I)
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.I)


def is_page(head: bytes) -> bool:
    """Whether the first bytes are those of an HTML page."""
    return bool(_HTML.search(head[:4096]))


def is_feed(head: bytes) -> bool:
    """Whether the first bytes are those of a feed."""
    head = head[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\x00", b"")
    root, page = _ROOT.search(head), _HTML.search(head)
    return root is not None and (page is None or root.start() < page.start())
