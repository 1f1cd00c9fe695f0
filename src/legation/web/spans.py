"""The text of an article cut into pieces that know which words of which events they are.

Pure: text, records, rejected candidates and what was taken out go in; blocks for the template come out. Offsets are
code points into the article's text (title, blank line, body), half open.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# the first of these that a word plays gives it its colour when no event is in focus
ROLES = ("trigger", "actor", "recipient", "source", "cue", "date", "place", "dropped")
PART = 40_000  # code points shown at once: a page of a megabyte and more makes browsers slow
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that play a role in an event (or in a rejected candidate: role "dropped")."""

    start: int
    end: int
    role: str
    event: str
    note: str = ""


@dataclass(slots=True)
class Piece:
    """A stretch of text with all the roles it plays: `roles` is ((event, role), ...)."""

    text: str
    roles: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def role(self) -> str:
        """The role that gives the colour, "" for plain text."""
        played = {role for _, role in self.roles}
        return next((role for role in ROLES if role in played), "")

    @property
    def data(self) -> str:
        """For the script: "event:role event:role"."""
        return " ".join(f"{event}:{role}" for event, role in self.roles)


@dataclass(slots=True)
class Block:
    """A title, a paragraph, or something that was taken out (with the reason)."""

    kind: str  # title, paragraph, gone
    pieces: list[Piece] = field(default_factory=list)
    reason: str = ""
    start: int = 0


def marks_of(record: Mapping[str, Any]) -> Iterator[Mark]:
    """All words that a record points at."""
    id_ = record["id"]

    def mark(span: Mapping[str, Any] | None, role: str, note: str) -> Iterator[Mark]:
        if span and span.get("start") is not None and span["end"] > span["start"]:
            yield Mark(span["start"], span["end"], role, id_, note)

    yield from mark(record["anchor"], "trigger", f"{record['type']}: the words that evoke the event")
    for side in ("actor", "recipient"):
        for party in record[side]:
            yield from mark(party, side, f"{side}: {party.get('code') or party.get('entity') or 'no code'}")
    for link in record["attribution"]:
        yield from mark(link, "source", f"source, {link['stance']}")
        yield from mark(link.get("cue"), "cue", f"says that the source {link['stance']}")
    for cue in record["facets"]["cues"]:
        yield from mark(cue, "cue", f"status: {cue['cue_id']}")
    yield from mark(record["facets"]["condition"], "cue", "condition")
    for evidence in record["evidence"]:
        if evidence["field"] == "date":
            yield from mark(evidence, "date", f"date: {record['date']['start'] or 'open'}")
    yield from mark(record["place"], "place", f"place: {(record['place'] or {}).get('name') or 'unresolved'}")


def dropped_marks(rejected: Sequence[Mapping[str, Any]]) -> Iterator[Mark]:
    """The words of candidates that became no record; their "event" is r0, r1, ..."""
    for k, one in enumerate(rejected):
        yield Mark(one["start"], one["end"], "dropped", f"r{k}", f"no event: {one['reason']}")


def pieces(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """`text[start:end]` cut where a mark begins or ends."""
    inside = [m for m in marks if m.start < end and m.end > start]
    edges = sorted({start, end, *(max(m.start, start) for m in inside), *(min(m.end, end) for m in inside)})
    out = []
    for a, b in itertools.pairwise(edges):
        here = [m for m in inside if m.start <= a and b <= m.end]
        roles = tuple(sorted({(m.event, m.role) for m in here}))
        out.append(Piece(text[a:b], roles, "; ".join(sorted({m.note for m in here}))))
    return out


def parts(text: str) -> list[tuple[int, int]]:
    """The stretches in which a long text is shown, cut between paragraphs where there are any."""
    found, at = [], 0
    while len(text) - at > PART:
        cut = max((m.end() for m in _PARAGRAPH.finditer(text, at + PART // 2, at + PART)), default=at + PART)
        found.append((at, cut))
        at = cut
    found.append((at, len(text)))
    return found


def blocks(
    text: str,
    title_end: int,
    marks: Sequence[Mark],
    removed: Sequence[Mapping[str, Any]],
    window: tuple[int, int],
) -> list[Block]:
    """What the reader shows of one part: paragraphs, and what was taken out at its place where that is known."""
    start, end = window
    near = sorted((m for m in marks if m.start < end and m.end > start), key=lambda m: (m.start, m.end))
    placed = sorted((r for r in removed if r.get("at") is not None), key=lambda r: r["at"])
    out: list[Block] = []

    def gone_before(offset: int) -> None:
        while placed and placed[0]["at"] <= offset:
            one = placed.pop(0)
            if one["at"] >= start:
                out.append(Block("gone", [Piece(one["text"])], one["reason"], one["at"]))

    if start < title_end:
        out.append(Block("title", pieces(text, start, title_end, near), start=start))
    at = max(start, title_end)
    while at < end:
        gap = _PARAGRAPH.search(text, at, end)
        stop = gap.start() if gap else end
        if text[at:stop].strip():
            gone_before(at)
            out.append(Block("paragraph", pieces(text, at, stop, near), start=at))
        at = gap.end() if gap else end
    if end == len(text):
        gone_before(end)
    return out
