"""A sentence with its parties marked, as the encoder reads it. Used alike when it is trained and when it is asked.

Why a module of its own: the training script and the package must cut and mark the same way to the last token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SIDES = ("source", "target", "trigger")
MARKS = {
    "source": ("[unused1]", "[unused2]"),
    "target": ("[unused3]", "[unused4]"),
    "trigger": ("[unused5]", "[unused6]"),
}
MAX_TOKENS = 96  # word pieces; a news sentence has about 35, and time grows with length
BEFORE, AFTER = 140, 120  # characters kept on either side of the marked stretch of a long sentence


def marked(text: str, spans: Mapping[str, tuple[int, int]]) -> str:
    """The text with marker words around the given spans (nested and equal spans are allowed)."""
    inserts: list[tuple[int, int, str]] = []
    for rank, (name, (start, end)) in enumerate(sorted(spans.items())):
        before, after = MARKS[name]
        inserts.append((start, 1 + rank, f" {before} "))
        inserts.append((end, -rank, f" {after} "))
    out, last = [], 0
    for at, _, token in sorted(inserts):
        out += [text[last:at], token]
        last = at
    return "".join([*out, text[last:]])


def cropped(text: str, spans: Mapping[str, tuple[int, int]]) -> tuple[str, dict[str, tuple[int, int]]]:
    """The stretch of a long text that holds the spans, cut at spaces, and the spans in it."""
    if not spans:
        return text[: BEFORE + AFTER], {}
    first, last = min(a for a, _ in spans.values()), max(b for _, b in spans.values())
    low, high = max(0, first - BEFORE), min(len(text), last + AFTER)
    if low:
        space = text.find(" ", low, first)
        low = space + 1 if space >= 0 else low
    if high < len(text):
        space = text.rfind(" ", last, high)
        high = space if space >= 0 else high
    return text[low:high], {name: (a - low, b - low) for name, (a, b) in spans.items()}


def encode(tokenizer: Any, text: str, spans: Mapping[str, tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Token ids and, for source, target and trigger, where its marker stands (0 where absent or cut off).

    `tokenizer` is a `tokenizers.Tokenizer` that knows the markers. What is longer than MAX_TOKENS is cut around
    the marked words, evenly on both sides.
    """
    text, spans = cropped(text, spans)
    ids = list(tokenizer.encode(marked(text, spans)).ids)
    known = {tokenizer.token_to_id(word) for pair in MARKS.values() for word in pair}
    if len(ids) > MAX_TOKENS:
        at = [k for k, i in enumerate(ids) if i in known] or [0]
        spare = max(0, MAX_TOKENS - 2 - (at[-1] - at[0] + 1))
        low = max(1, min(at[0] - spare // 2, len(ids) - 1 - (MAX_TOKENS - 2)))
        ids = [ids[0], *ids[low : low + MAX_TOKENS - 2], ids[-1]]
    marks = []
    for name in SIDES:
        token = tokenizer.token_to_id(MARKS[name][0])
        marks.append(ids.index(token) if name in spans and token in ids else 0)
    return ids, marks
