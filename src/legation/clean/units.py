"""Scraped text cut into the units that are judged: lines, or paragraphs where lines are wrapped."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n\r\x0b\x0c\u2028\u2029]+")
_BLANK = re.compile(r"\n[^\S\n]*\n")
_BULLET = re.compile(r"\s*(?:[*+•·▪●■►▸‣–-]|o(?=\s))(?:\s+|$)")
WRAP_MOST = 120  # columns: longer lines are not wrapped by an editor
WRAP_LEAST = 45


@dataclass(frozen=True, slots=True)
class Unit:
    """`raw[start:end]` is `text`: no white space at its ends. `bullet` tells that it began with a list mark."""

    start: int
    end: int
    text: str
    bullet: bool

    @property
    def body(self) -> str:
        """The text without its list mark."""
        return _BULLET.sub("", self.text, count=1) if self.bullet else self.text


def _unit(raw: str, start: int, end: int) -> Unit | None:
    piece = raw[start:end]
    text = piece.strip(" \t\r\n\u00a0\u200b\ufeff\u3000")
    if not text:
        return None
    start += piece.index(text)
    return Unit(start, start + len(text), text, bool(_BULLET.match(text)))


def _wrapped(lines: list[str]) -> bool:
    """Whether a block's line breaks are those of a fixed width: all lines but the last nearly equally long."""
    if len(lines) < 2:
        return False
    body = [len(x) for x in lines[:-1]]
    longest = max(body)
    return WRAP_LEAST < longest < WRAP_MOST and min(body) >= 0.75 * longest and len(lines[-1]) <= longest + 2


def split(raw: str) -> list[Unit]:
    """Units in order. A block between blank lines is one unit when its lines are wrapped, else a unit a line."""
    units: list[Unit] = []
    blocks = []
    at = 0
    for match in _BLANK.finditer(raw):
        blocks.append((at, match.start()))
        at = match.end()
    blocks.append((at, len(raw)))
    shown = [[m.group() for m in _LINE.finditer(raw, a, b)] for a, b in blocks]
    candidates = [x for x in shown if len(x) >= 3]
    # one wrapped-looking block may be a coincidence of three short lines; a wrapped text has nothing else
    whole = bool(candidates) and sum(map(_wrapped, candidates)) >= 0.7 * len(candidates)
    for (a, b), lines in zip(blocks, shown, strict=True):
        if whole and _wrapped(lines):
            spans = [(a, b)]
        else:
            spans = [m.span() for m in _LINE.finditer(raw, a, b)]
        for start, end in spans:
            unit = _unit(raw, start, end)
            if unit:
                units.append(unit)
    return units
