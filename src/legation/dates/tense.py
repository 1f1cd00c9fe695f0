"""Does a sentence look forward or back? Decides which Friday "on Friday" is."""

from __future__ import annotations

import re
from collections.abc import Callable

from legation.dates.context import Direction
from legation.model.parse import Parse, Token

_WORD = re.compile(r"[A-Za-z]+(?:['’]\w+)?")
NAMES = ("May", "Will", "March")  # with a capital letter no signs of tense
BE = ("is", "are", "am", "'re")
REACH = 160  # characters to each side in which signs of tense are looked for
_STOP = re.compile(r'[.!?;\n"“”]')


def by_words(
    text: str, future: frozenset[str], past: frozenset[str], pairs: frozenset[str]
) -> Callable[[int, int], Direction | None]:
    """Direction from the words near by: the sign of tense nearest in the sentence; an auxiliary counts double."""

    def sign(words: list[str], k: int) -> tuple[Direction, float] | None:
        word = words[k] if words[k] in NAMES else words[k].lower()
        if word in future:
            return "future", 2.0 if word in ("will", "shall", "'ll") else 1.0
        if k and f"{words[k - 1].lower()} {word}" in pairs:
            return "future", 1.5
        if word.endswith("ing") and k and words[k - 1].lower() in BE:
            return "future", 1.0  # "is meeting on Monday"
        if word in past or (words[k].endswith("ed") and words[k].islower() and len(word) > 4):
            return "past", 2.0 if word in ("was", "were", "had", "did") else 1.0
        return None

    def direction(start: int, end: int) -> Direction | None:
        before = _STOP.split(text[max(0, start - REACH) : start])[-1]
        after = _STOP.split(text[end : end + REACH])[0]
        best: tuple[float, Direction] | None = None
        left, right = _WORD.findall(before), _WORD.findall(after)
        for words, ahead in ((left, False), (right, True)):
            for k in range(len(words)):
                found = sign(words, k)
                if found is None:
                    continue
                distance = (k + 1 if ahead else len(words) - k) / found[1]
                if best is None or distance < best[0]:
                    best = (distance, found[0])
        return best[1] if best else None

    return direction


def by_parse(
    parse: Parse, governors: frozenset[str], fallback: Callable[[int, int], Direction | None]
) -> Callable[[int, int], Direction | None]:
    """Direction from the verb that the expression hangs on, and from what governs an infinitive ("plans to meet")."""

    def direction(start: int, end: int) -> Direction | None:
        head = parse.head_of(start, end)
        if head is None:
            return fallback(start, end)
        chain = [parse.tokens[head], *parse.ancestors(head)]
        for token in chain:
            if token.pos in ("VERB", "AUX"):
                found = tense_of(parse, token, governors)
                if found:
                    return found
        return fallback(start, end)

    return direction


def tense_of(parse: Parse, verb: Token, governors: frozenset[str]) -> Direction | None:
    """Whether a verb speaks of the future or the past; None when its form does not tell."""
    helpers = parse.kids(verb.i, "aux", "auxpass")
    modals = {t.lower for t in helpers if t.tag == "MD"}
    if modals & {"will", "'ll", "’ll", "shall", "wo", "may", "might", "should", "must", "would", "could", "can"}:
        return "past" if any(t.lower == "have" for t in helpers) else "future"
    if any(t.lower == "to" for t in helpers):
        governor = parse.tokens[verb.head]
        if (
            governor.lower in governors
            or governor.lemma.lower() in governors
            or (governor.lemma == "be" and governor.tag in ("VBZ", "VBP"))
        ):
            return "future"
        return None
    if (
        verb.lemma == "be"
        and verb.tag in ("VBZ", "VBP")
        and any(t.lower == "to" for x in parse.kids(verb.i, "xcomp") for t in parse.kids(x.i, "aux"))
    ):
        return "future"  # "are to travel"
    if verb.tag in ("VBD", "VBN") or any(t.tag in ("VBD", "VBN") or t.lower in ("has", "have", "had") for t in helpers):
        if verb.tag == "VBN" and any(t.lower == "being" for t in helpers):
            return None
        return "past"
    if verb.tag == "VBG" and any(t.lower in ("is", "are", "'s", "’s", "am") for t in helpers):
        return "future"
    return None
