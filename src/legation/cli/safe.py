"""Text that others wrote, made safe for a terminal: it must not move the cursor, colour or reorder what we print."""

from __future__ import annotations

import re

# C0 and C1 controls, bidirectional marks and overrides, zero-width characters, line and paragraph separators
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_BREAKS = re.compile(r"\s*[\n\r\t]\s*")


def printable(text: str) -> str:
    """The text on one line; what a terminal would obey instead of print is shown as its number, "<U+202E>"."""
    return _UNSAFE.sub(lambda m: f"<U+{ord(m.group()):04X}>", _BREAKS.sub(" ", text))


def inline(text: str) -> str:
    """As `printable`, one character for one, so that offsets still hold: what is unsafe becomes U+FFFD."""
    return _UNSAFE.sub(lambda m: " " if m.group() in "\n\r\t" else "\N{REPLACEMENT CHARACTER}", text)
