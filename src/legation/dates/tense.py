"""Does a sentence look forward or back? Decides which Friday "on Friday" is."""

from __future__ import annotations

import re
from collections.abc import Callable

from legation.dates.context import Direction
from legation.model.parse import Parse, Token

_WORD = re.compile(r"[A-Za-z]+(?:['’]\w+)?")
_STOP = re.compile(r'[.!?;\n"“”]')


def by_words(text: str, future: frozenset[str], past: frozenset[str]) -> Callable[[int, int], Direction | None]:
    """Direction from the words near by: the nearest sign of tense in the sentence, one behind counting less than one before."""

    def direction(start: int, end: int) -> Direction | None:
        before = text[max(0, start - 160) : start]
        stops = list(_STOP.finditer(before))
        if stops:
            before = before[stops[-1].end() :]
        after = text[end : end + 160]
        stop = _STOP.search(after)
        if stop:
            after = after[: stop.start()]
        best: tuple[float, Direction] | None = None
        for side, words in ((1.0, list(reversed(_words(before)))), (0.9, _words(after))):
            for k, word in enumerate(words):
                found: Direction | None = None
                if word in future and not (word == "to" and side == 1.0 and k > 8):
                    found = "future"
                elif word in past or (word.endswith("ed") and len(word) > 4):
                    found = "past"
                if found is None:
                    continue
                weight = (k + 1) * (0.5 if word in ("will", "was", "were", "had") else 2.0 if word == "to" else 1.0) * side
                if best is None or weight < best[0]:
                    best = (weight, found)
        return best[1] if best else None

    return direction


def _words(text: str) -> list[str]:
    return [w.lower() for w in _WORD.findall(text)]


def by_parse(parse: Parse, future: frozenset[str], fallback: Callable[[int, int], Direction | None]) -> Callable[
    [int, int], Direction | None
]:
    """Direction from the verb that the expression hangs on, and from what governs an infinitive ("plans to meet")."""

    def direction(start: int, end: int) -> Direction | None:
        head = parse.head_of(start, end)
        if head is None:
            return fallback(start, end)
        chain = [parse.tokens[head], *parse.ancestors(head)]
        for token in chain:
            if token.pos in ("VERB", "AUX"):
                found = tense_of(parse, token, future)
                if found:
                    return found
        return fallback(start, end)

    return direction


def tense_of(parse: Parse, verb: Token, future: frozenset[str]) -> Direction | None:
    """Whether a verb speaks of the future or the past; None when its form does not tell."""
    helpers = parse.kids(verb.i, "aux", "auxpass")
    modals = {t.lower for t in helpers if t.tag == "MD"}
    if modals & {"will", "'ll", "’ll", "shall", "wo", "may", "might", "should", "must", "would", "could", "can"}:
        return "past" if any(t.lower == "have" for t in helpers) else "future"
    if any(t.lower == "to" for t in helpers):
        governor = parse.tokens[verb.head]
        if governor.lower in future or governor.lemma.lower() in future or governor.lemma == "be":
            return "future"
        return None
    if verb.tag in ("VBD", "VBN") or any(t.tag in ("VBD", "VBN") or t.lower in ("has", "have", "had") for t in helpers):
        if verb.tag == "VBN" and any(t.lower == "being" for t in helpers):
            return None
        return "past"
    if verb.tag == "VBG" and any(t.lower in ("is", "are", "'s", "’s", "am") for t in helpers):
        return "future"
    return None
