"""Quotations and who speaks them, as far as "I" and "we" need it."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from legation.actors.mentions_draft import Draft
from legation.actors.mentions_scene import Scene
from legation.model.parse import Parse

_OPEN, _CLOSE = "“«", "”»"


@dataclass(frozen=True, slots=True)
class Quotations:
    """Stretches of direct speech, sorted; `starts` for look-up."""

    spans: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]

    def at(self, offset: int) -> tuple[int, int] | None:
        """The quotation that covers the offset."""
        k = bisect.bisect_right(self.starts, offset) - 1
        return self.spans[k] if k >= 0 and offset < self.spans[k][1] else None


def quotations(parse: Parse) -> Quotations:
    """Stretches between quotation marks; an unclosed quotation ends with its paragraph."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    text = parse.text
    for k, char in enumerate(text):
        if char == "\n" and start is not None and text[k + 1 : k + 2] in ("\n", ""):
            spans.append((start, k))
            start = None
        elif char in _OPEN or (char == '"' and start is None) or (char == "`" and text[k : k + 2] == "``"):
            if start is None:
                start = k + 1
        elif start is not None and (char in _CLOSE or char == '"' or text[k : k + 2] == "''"):
            spans.append((start, k))
            start = None
    if start is not None:
        spans.append((start, len(text)))
    return Quotations(tuple(spans), tuple(a for a, _ in spans))


def speaker_of(scene: Scene, drafts: list[Draft], heads: dict[int, int], k: int, quotes: Quotations) -> int | None:
    """Who says the quotation that draft k stands in: the subject of a speech verb beside it, else None."""
    span = quotes.at(drafts[k].start)
    if span is None:
        return None
    parse = scene.parse
    sentence = parse.sentence_of[drafts[k].head]
    for s in (sentence, sentence + 1, sentence - 1, sentence - 2):
        if not 0 <= s < len(parse.sentences):
            continue
        if s != sentence and abs(parse.sentences[s].paragraph - parse.sentences[sentence].paragraph) > 1:
            continue
        apart = parse.sentences[s].paragraph != parse.sentences[sentence].paragraph
        if apart and (s > sentence or parse.sentences[sentence].start < span[0] - 2):
            continue
        for i in range(parse.sentences[s].first, parse.sentences[s].last + 1):
            t = parse.tokens[i]
            if t.pos != "VERB" or t.lemma not in scene.words.speech or quotes.at(t.start) is not None:
                continue
            subject = parse.kid(i, "nsubj")
            if subject is not None and subject.i in heads and heads[subject.i] != k:
                return heads[subject.i]
    return None
