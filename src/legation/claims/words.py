"""The words of a report that can tell it from others: stems without the words that every report has.

Records carry no lemmas, and a store must be linked without parsing it again: an ending is cut off instead, so that
"meddling", "meddled" and "meddle" are one word. What a word is worth is counted from the input itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from legation.claims.rules import LinkRules

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
UNKNOWN = 1000  # worth of a word that was not counted
REACH = 18  # words to each side of the anchor: what stands further off belongs to another event


class Stemmer:
    """Cuts endings off; remembers what it has cut."""

    def __init__(self, rules: LinkRules) -> None:
        self._rules = rules
        self.stem = lru_cache(maxsize=200_000)(self._stem)

    def _stem(self, word: str) -> str:
        """The word without its ending; numbers and short words as they are."""
        if len(word) < 5 or word[0].isdigit():
            return word
        for suffix, least, instead in self._rules.suffixes:
            if word.endswith(suffix) and len(word) - len(suffix) >= least:
                word = word[: -len(suffix)] + instead
                break
        if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "lsz":
            word = word[:-1]
        return word[:-1] if len(word) > 4 and word[-1] == "e" else word

    def words(self, text: str) -> frozenset[str]:
        """The stems of a text that are no stop words."""
        return frozenset(self._kept(text))

    def first(self, text: str) -> str:
        """The stem of the first word; "" where there is none."""
        found = _WORD.search(text.lower())
        return str(self.stem(found.group())) if found else ""

    def near(self, text: str, start: int, end: int, without: frozenset[str]) -> frozenset[str]:
        """The stems within REACH words of `text[start:end]`, the names of the parties left out."""
        before = _WORD.findall(text[:start])[-REACH:]
        after = _WORD.findall(text[end:])[:REACH]
        kept = frozenset(self._kept(" ".join((*before, text[start:end], *after))))
        return kept - without

    def _kept(self, text: str) -> Iterable[str]:
        stop, stem = self._rules.stop_words, self.stem
        for word in _WORD.findall(text.lower()):
            if word not in stop and (len(word) > 2 or word[0].isdigit()):
                yield stem(word)


def weights(texts: Iterable[frozenset[str]]) -> dict[str, int]:
    """What a word is worth in thousandths: the rarer among these texts, the more.

    Depends on the set of texts, not on their order; whole numbers, so that sums do not depend on the order either.
    """
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += 1
        counts.update(text)
    # + 10: among a handful of texts no word is much rarer than another
    return {word: round(1000 * math.log(1 + (total + 10) / (count + 1))) for word, count in counts.items()}
