"""Reprints: articles that are another article's words, whole or shortened, as papers print what agencies send.

They are reports all the same, but no independent ones. Method: shingles of five words (Broder 1997), hashed; every
hash divisible by RATE stands for the text, so that a shortened copy holds a part of the same hashes. The share of
the shorter text's hashes that the longer one has decides.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
LENGTH = 5  # words of a shingle
RATE = 4
FEW = 32  # sampled hashes below which a text keeps all of its shingles
COMMON = 60  # texts: a shingle that more than these share is a paper's own boilerplate
LEAST = 12  # words: shorter texts are alike by chance
THRESHOLD = 0.6


@dataclass(frozen=True, slots=True)
class Reprint:
    """An article, the article whose words it has, and the share (0 to 1) of the shorter one that both have."""

    article: str
    original: str
    share: float


@dataclass(frozen=True, slots=True)
class Text:
    """An article's words. `published` is an ISO day or None."""

    article: str
    published: str | None
    text: str


def shingles(text: str) -> frozenset[int]:
    """All hashes of a text's runs of LENGTH words; empty for texts of less than LEAST words."""
    words = [w.encode() for w in _WORD.findall(text.casefold())]
    if len(words) < LEAST:
        return frozenset()
    return frozenset(zlib.crc32(b" ".join(words[k : k + LENGTH])) for k in range(len(words) - LENGTH + 1))


def find_reprints(texts: Iterable[Text], threshold: float = THRESHOLD) -> tuple[Reprint, ...]:
    """Every article whose words stand in an earlier one; the earliest (then first by name) is the original.

    The outcome depends on the set of texts alone. Near-linear: texts meet only where they share a sampled hash.
    """
    ordered = sorted(texts, key=lambda t: (t.published or "9999", t.article))
    files: dict[int, list[int]] = defaultdict(list)
    kept: list[frozenset[int]] = []
    original: dict[int, int] = {}
    found: list[Reprint] = []
    for n, text in enumerate(ordered):
        whole = shingles(text.text)
        sampled = frozenset(h for h in whole if h % RATE == 0)
        mine = sampled if len(sampled) >= FEW else whole
        kept.append(mine)
        shared: Counter[int] = Counter()
        for h in mine:
            there = files.get(h, ())
            if len(there) <= COMMON:
                shared.update(there)
        best: tuple[float, int] | None = None
        for m, _ in sorted(shared.items(), key=lambda x: (-x[1], x[0]))[:10]:
            share = _share(mine, kept[m])
            if share >= threshold and (best is None or share > best[0]):
                best = (share, m)
        if best is not None:
            source = original.get(best[1], best[1])
            original[n] = source
            found.append(Reprint(text.article, ordered[source].article, round(best[0], 3)))
        for h in mine:
            if len(files[h]) <= COMMON:
                files[h].append(n)
    return tuple(found)


def _share(a: frozenset[int], b: frozenset[int]) -> float:
    """Of the shorter text's hashes, the part that the longer one has; where one is sampled, both are."""
    if len(a) < FEW * RATE or len(b) < FEW * RATE:
        one, two = _sample(a), _sample(b)
        if min(len(one), len(two)) >= FEW // 4 and (one != a or two != b):
            a, b = one, two
    least = min(len(a), len(b))
    return len(a & b) / least if least else 0.0


def _sample(hashes: frozenset[int]) -> frozenset[int]:
    return frozenset(h for h in hashes if h % RATE == 0)


def originals(found: Iterable[Reprint]) -> Mapping[str, str]:
    """article -> the article whose words it has."""
    return {r.article: r.original for r in found}
