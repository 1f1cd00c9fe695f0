"""Offsets of an article whose text was not given as it stands: marks were taken out before, or it has no raw text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from legation.model.text import Article, Piece, Removed


def placed(article: Article, origin: Sequence[Piece]) -> Article:
    """The article with raw offsets in the text as it was given instead of in what the reader made of it.

    `origin` says where the reader's text stands there; what it does not cover has no place (raw offsets null).
    """
    return replace(
        article,
        pieces=tuple(_through(article.pieces, origin)),
        removed=tuple(_removed(r, origin) for r in article.removed),
    )


def _through(pieces: Sequence[Piece], origin: Sequence[Piece]) -> list[Piece]:
    """Both lists are sorted by the reader's text, so that one walk over each is enough."""
    found: list[Piece] = []
    k = 0
    for piece in pieces:
        first, past = piece.raw_start, piece.raw_start + piece.end - piece.start
        while k < len(origin) and origin[k].end <= first:
            k += 1
        i = k
        while i < len(origin) and origin[i].start < past:
            start, end = max(first, origin[i].start), min(past, origin[i].end)
            shift = piece.start - first
            found.append(Piece(start + shift, end + shift, origin[i].raw_start + start - origin[i].start))
            i += 1
    return found


def _removed(removed: Removed, origin: Sequence[Piece]) -> Removed:
    """The stretch from its first to its last character that has a place; null offsets when none has."""
    if removed.raw_start is None or removed.raw_end is None:
        return removed
    inside = _through([Piece(0, removed.raw_end - removed.raw_start, removed.raw_start)], origin)
    if not inside:
        return replace(removed, raw_start=None, raw_end=None)
    last = inside[-1]
    return replace(removed, raw_start=inside[0].raw_start, raw_end=last.raw_start + last.end - last.start)
