"""How names are compared with text: accents and typography made plain without moving an offset."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not decompose, and typography. One character for one character, always.
_PLAIN = {
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "´": "'", "‑": "-", "‐": "-", "\u00a0": " ", "\u202f": " ",
    "ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "æ": "a", "Æ": "A",
    "œ": "o", "ß": "s", "þ": "t", "Þ": "T", "ə": "e", "Ə": "E",
}  # fmt: skip
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def _plain(match: re.Match[str]) -> str:
    char = match.group()
    return _PLAIN.get(char) or unicodedata.normalize("NFD", char)[0]


def fold(text: str) -> str:
    """The text with accents, typographic quotes and single line ends made plain; length unchanged.

    News writes "Erdoğan" and "Erdogan", "Côte d’Ivoire" and "Cote d'Ivoire": names and text are folded alike.
    """
    if not text.isascii():
        text = _NOT_ASCII.sub(_plain, text)
    return text.replace("\n", " ") if "\n" in text else text


def slug(name: str) -> str:
    """A name as the readable part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name).lower().replace("'", "")).strip("-")
