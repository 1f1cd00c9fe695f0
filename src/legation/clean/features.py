"""What is measured on a line. The weights are data (lines.yml); here are only the measurements."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from legation.clean.units import Unit

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_END = re.compile(r"[.!?…。！？][\"”’'»)\]」]*\s*$|[\"”’»」]\s*$")
_BREAK = re.compile(r"[.!?。！？][\"”’')]*\s+[\"“‘'(]*[A-Z\u0410-\u042f\uac00-\ud7a3]")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Jr|Sr|Gen|Sen|Rep|Gov|No|vs|Inc|Co|Corp|Ltd)\.\s+$")
_SEPARATOR = re.compile(r"\s[|»›>/·•]\s|[|»›→]|\s::\s")
_CONTACT = re.compile(r"https?://|www\.|\b[\w.+-]+@[\w-]+\.\w|(?<!\w)@\w{2,}|pic\.twitter|\b[\w-]+\.(?:com|org|net)\b")
_TWEET = re.compile(r"pic\.twitter\.com/|https?://t\.co/|^[—–-]\s*.{2,80}\(@\w+\).{0,40}\d{4}$")
_TEASER = re.compile(r"[a-z?!’”\"][A-Z][\w'’]* [a-z]")
_GLUED = re.compile(r"[a-z][.!?]?[A-Z][a-z]")
_QUOTED = re.compile(r"[\"“”„«][^\"“”„«»]{10,}")


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with what the features need, counted once.

    `view` is its text, or beginning and end of a very long one; `hits` counts the soft entries of chrome.yml.
    """

    unit: Unit
    view: str
    words: tuple[str, ...]
    low: tuple[str, ...]
    copies: int
    hits: int
    english: bool
    function_share: float
    reader_share: float


def words_of(text: str) -> tuple[str, ...]:
    """The words of a line; a run of characters without spaces (Chinese, Japanese) counts by length."""
    words = tuple(_WORD.findall(text))
    if words and max(map(len, words)) > 30 and not any(c.isascii() for c in max(words, key=len)):
        out: list[str] = []
        for w in words:
            out.extend(w[k : k + 3] for k in range(0, len(w), 3))
        return tuple(out)
    return words


def _between(low: int, high: int) -> Callable[[Line], float]:
    return lambda line: float(low <= len(line.words) <= high)


def _ends_like_sentence(line: Line) -> float:
    return float(bool(_END.search(line.view)))


def _ends_with_colon(line: Line) -> float:
    return float(line.view.endswith(":"))


def _no_end_mark(line: Line) -> float:
    return float(not _END.search(line.view) and not line.view.endswith((":", ";", ",", "–", "—")))


def _several_sentences(line: Line) -> float:
    text = line.view
    breaks = [m for m in _BREAK.finditer(text) if not _ABBREVIATION.search(text[: m.end() - 1])]
    return float(bool(breaks))


def _title_case(line: Line) -> float:
    long = [w for w in line.words if len(w) > 3]
    return float(len(line.words) >= 4 and len(long) >= 3 and sum(w[0].isupper() for w in long) > 0.75 * len(long))


def _all_capitals(line: Line) -> float:
    letters = [c for c in line.view if c.isalpha()]
    return float(len(letters) > 2 and sum(c.isupper() for c in letters) > 0.8 * len(letters))


def _separators(line: Line) -> float:
    return float(bool(_SEPARATOR.search(line.view)))


def _digits(line: Line) -> float:
    text = line.view
    return float(sum(c.isdigit() for c in text) > 0.2 * len(text))


def _contact(line: Line) -> float:
    return float(bool(_CONTACT.search(line.view)))


def _cut_off(line: Line) -> float:
    return float(line.view.endswith(("...", "…", "..")))


def _glued_words(line: Line) -> float:
    return min(1.0, len(_GLUED.findall(line.view)) / max(1.0, len(line.words) / 8))


def _glued_teaser(line: Line) -> float:
    for match in _TEASER.finditer(line.view):
        head = [w for w in line.view[: match.start() + 1].split() if len(w) > 3]
        if len(head) >= 3 and sum(w[0].isupper() for w in head) >= 0.7 * len(head):
            return 1.0
    return 0.0


def _many_function_words(line: Line) -> float:
    return float(line.english and len(line.words) >= 6 and line.function_share >= 0.33)


def _few_function_words(line: Line) -> float:
    return float(line.english and len(line.words) >= 4 and line.function_share < 0.18)


def _addresses_reader(line: Line) -> float:
    return float(line.reader_share > 0.06)


FEATURES: dict[str, Callable[[Line], float]] = {
    "words_0_2": _between(0, 2),
    "words_3_5": _between(3, 5),
    "words_6_9": _between(6, 9),
    "words_10_15": _between(10, 15),
    "words_16_29": _between(16, 29),
    "words_30_59": _between(30, 59),
    "words_60_plus": _between(60, 10**9),
    "ends_like_sentence": _ends_like_sentence,
    "ends_with_colon": _ends_with_colon,
    "no_end_mark": _no_end_mark,
    "several_sentences": _several_sentences,
    "bullet": lambda line: float(line.unit.bullet),
    "title_case": _title_case,
    "all_capitals": _all_capitals,
    "separators": _separators,
    "digits": _digits,
    "contact": _contact,
    "cut_off": _cut_off,
    "tweet": lambda line: float(bool(_TWEET.search(line.view))),
    "repeated": lambda line: float(line.copies > 1),
    "glued_teaser": _glued_teaser,
    "glued_words": _glued_words,
    "many_function_words": _many_function_words,
    "few_function_words": _few_function_words,
    "quotation": lambda line: float(bool(_QUOTED.search(line.view))),
    "addresses_reader": _addresses_reader,
    "chrome_phrase": lambda line: float(min(3, line.hits)),
}


def score(line: Line, weights: dict[str, float]) -> float:
    """The line's own score in log-odds, without its surroundings."""
    return sum(weight * FEATURES[name](line) for name, weight in weights.items())
