"""Is this English? Script and small words decide: no trained model, and a short text passes when nothing is sure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from legation.clean.cleaner import Languages

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BEYOND_LATIN = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE = 20_000  # characters: some 3,000 words, far more than are needed
UNKNOWN = "und"  # ISO 639-2: undetermined


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is ISO 639-1 ("en"), or "und" for what is not English and not recognised. `sure` may change nothing:
    a text that shows too little is called English and not sure."""

    code: str
    sure: bool

    @property
    def english(self) -> bool:
        """Whether it can be coded."""
        return self.code == "en"


def language_of(text: str, data: Languages) -> tuple[str, bool]:
    """(code, is it English)."""
    found = judge(text, data)
    return found.code, found.english


def judge(text: str, data: Languages) -> Verdict:
    """The language of a text. The whole of a long text is not needed; the same words give the same answer."""
    sample = text[:_SAMPLE]
    other = _BEYOND_LATIN.findall(sample)
    settings = data.settings
    if len(other) >= settings.least_foreign_letters:
        letters = len(_LETTER.findall(sample))
        if len(other) > (1 - settings.least_letters) * letters:
            return Verdict(_by_script(sample, other, data), True)
    tokens = _WORD.findall(sample)
    words = Counter(w.lower() for w in tokens)
    count = sum(words.values())
    if count < settings.least_words:
        return _short(tokens, data)
    share = sum(words[w] for w in settings.english if w in words) / count
    best, most = _best(words, data, "latin")
    most /= count
    if (share >= settings.least_share and share >= most) or share >= 2 * settings.least_share:
        return Verdict("en", True)  # the second: English with many foreign names ("La Paz", "de la Cruz")
    if most >= settings.least_share and most > share:
        return Verdict(best, True)
    written_small = sum(w[0].islower() for w in tokens) > count / 2  # a list of names is in no language
    if share < settings.none_share and count >= 4 * settings.least_words and written_small:
        return Verdict(UNKNOWN, True)
    return Verdict("en", False)  # a list of names, or letters that a scanner has misread


def _best(words: Counter[str], data: Languages, script: str) -> tuple[str, float]:
    """The language of a script with the most small words, and how many; the first by code when several have."""
    hits: Counter[str] = Counter()
    for word, times in words.items():
        for code in data.by_word.get(word, ()):
            hits[code] += times
    found = [(-hits[p.code], p.code) for p in data.profiles if p.script == script and hits[p.code]]
    return (min(found)[1], -min(found)[0]) if found else (UNKNOWN, 0)


def _by_script(sample: str, letters: list[str], data: Languages) -> str:
    """The language of a text in another script."""
    counts = Counter(data.script_of(c) for c in letters)
    total = sum(counts.values())
    script = "kana" if counts["kana"] > total / 8 else min((-n, s) for s, n in counts.items())[1]
    known = [p.code for p in data.profiles if p.script == script]
    if len(known) == 1:
        return known[0]
    # vowel signs are no letters for the pattern of words: blanks divide here
    best, _ = _best(Counter(w.strip(".,;:!?()«»\"'“”،؛۔।") for w in sample.lower().split()), data, script)
    return best


def _times(words: Counter[str], known: frozenset[str]) -> int:
    return sum(times for word, times in words.items() if word in known)


def _short(tokens: list[str], data: Languages) -> Verdict:
    """A text of a few words. Names show nothing: words with a capital inside a sentence, and those of names."""
    settings = data.settings
    low = [w.lower() for w in tokens]
    if not tokens:
        return Verdict("en", False)
    shouted = sum(w.isupper() for w in tokens) > len(tokens) / 2
    plain = [w.lower() for k, w in enumerate(tokens) if k == 0 or shouted or w[0].islower()]
    foreign: dict[str, set[str]] = {}
    for word in plain:
        if word not in settings.english and word not in settings.in_names:
            for code in data.by_word.get(word, ()):
                foreign.setdefault(code, set()).add(word)
    every = Counter(low)
    # of languages with as many words of their own, the one that has more of the rest ("over" is Dutch, too)
    found = [(-len(seen), -_times(every, data.words_of[code]), code) for code, seen in foreign.items()]
    hits, code = (-min(found)[0], min(found)[2]) if found else (0, UNKNOWN)
    own = data.words_of.get(code, frozenset())
    # "in" and "die" are English and German: they speak for neither
    english = sum(w in settings.english and w not in own for w in low)
    share = sum(w in own and w not in settings.english for w in low) / len(low)
    alone = sum(w in own for w in plain) / len(low)
    if (hits >= settings.short_hits and share >= settings.short_share and hits > 2 * english) or (
        hits and not english and len(low) >= 4 and alone >= settings.alone_share
    ):
        return Verdict(_best(every, data, "latin")[0], True)
    accented = sum(not w.isascii() for w in plain)
    spoken = sum(w in settings.english and len(w) > 1 for w in low)
    if not spoken and len(plain) >= 3 and accented >= max(2, settings.accented_share * len(plain)):
        return Verdict(code if hits else UNKNOWN, True)
    shown = len({w for w in low if w in settings.english and w not in data.by_word})  # "for" and "at" are Danish, too
    return Verdict("en", shown >= 2 and spoken >= 0.2 * len(low))
